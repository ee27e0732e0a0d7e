package twinlock

// #include <twinlock.h>
import "C"

import (
	"context"
	"errors"
	"time"
)

// JointStore is a [Store] that can keep the first state of a session in the commit of a record, so that a sign-in waits
// for the disk once.
type JointStore interface {
	Store

	// SaveWithSession saves the record as Save does and, where that took, the session in the same commit.
	SaveWithSession(ctx context.Context, subject string, record []byte, expected int64, session NewSession) (bool, error)
}

// NewSession is a session that is to be stored.
type NewSession struct {
	// Under what Sessions keeps it.
	ID    string
	State []byte
	// When its refresh token ends, and with it the session, unless it goes on.
	ExpiresAt time.Time
	// What it begins with, minted from already.
	Proof *Proof
}

// FinishSignInToSession is [SecondFactor.FinishSignIn] and [SecondFactor.BeginSession] in one: in one commit where the
// Store is a [JointStore], else in two. The proof is minted from already; it tells how the second factor was passed.
//
// Refusals: those of [SecondFactor.FinishSignIn].
func (s SecondFactor) FinishSignInToSession(
	ctx context.Context, presented Presented, answer Answer, claims map[string]any,
) (proof *Proof, tokens *Tokens, err error) {
	store, isJoint := s.Store.(JointStore)
	if !isJoint {
		if proof, err = s.FinishSignIn(ctx, presented, answer); err == nil {
			tokens, err = s.BeginSession(ctx, proof, claims)
		}
		return proof, tokens, err
	}
	subject, err := s.Engine.ChallengeSubject(presented.Challenge)
	if err != nil {
		return nil, nil, err
	}
	begin := func(verdict *verdict) (NewSession, error) {
		var session NewSession
		if proof = verdict.proof(); verdict.err != nil {
			return session, verdict.err
		}
		tokens, session, err = s.Engine.beginSession(proof, claims)
		return session, err
	}
	err = s.repeat(ctx, func() (bool, error) {
		return s.onceJoint(ctx, store, subject, finishing(presented, answer), begin)
	})
	if err != nil {
		return nil, nil, err
	}
	return proof, tokens, nil
}

// onceJoint is one round, and says whether it was won. The verdict is opened before it is stored, since the session is
// made of it: what came out of a round that was lost is told to nobody.
func (s SecondFactor) onceJoint(
	ctx context.Context, store JointStore, subject string, decide decide,
	begin func(verdict *verdict) (NewSession, error),
) (bool, error) {
	record, version, err := load(ctx, store, subject)
	if err != nil {
		return false, err
	}
	verdict, err := s.Engine.judge(subject, record, decide)
	if err != nil {
		return false, err
	}
	defer verdict.free()
	anew, err := verdict.record()
	if err != nil {
		return false, err
	}
	told := verdict.commit(true)
	var refusal *Refusal
	switch {
	case told == nil:
		session, err := begin(verdict)
		if err != nil {
			return false, err
		}
		stored, err := store.SaveWithSession(ctx, subject, anew, version, session)
		return stored, storeFault(err)
	case errors.As(told, &refusal) && len(anew) > 0:
		if stored, err := save(ctx, store, subject, anew, version); err != nil || !stored {
			return false, err
		}
	}
	return false, told
}
