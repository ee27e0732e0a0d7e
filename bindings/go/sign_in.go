package twinlock

// #include <twinlock.h>
import "C"

import (
	"context"
	"strings"
	"time"
)

// FirstFactor says how the first factor was passed. The zero value is a password, right now.
type FirstFactor struct {
	// 1 to 8 names of methods (RFC 8176); "pwd" where there is none.
	Methods []string
	// When it was; now where it is zero.
	At time.Time
	// Something that has to be shown again with the answer, such as a digest of the password's hash or a
	// cookie's value; may be empty.
	Binding string
}

// SignIn is what a first factor leads to: a proof, or a challenge where a second factor is due.
type SignIn struct {
	secretive
	// The way in where the subject has no second factor; else nil.
	Proof *Proof
	// What the client gets, and sends back with the answer.
	Challenge string
	// What may answer the challenge: "otp", "backup".
	Methods []string
	// When the challenge ends.
	ExpiresAt time.Time
}

// Presented is a challenge that came back from a client.
type Presented struct {
	secretive
	Challenge string
	// What FirstFactor had, computed anew.
	Binding string
}

// BeginSignIn answers a passed first factor.
func (s SecondFactor) BeginSignIn(ctx context.Context, subject string, first FirstFactor) (*SignIn, error) {
	methods, methodsLength := textIn("pwd")
	if len(first.Methods) > 0 {
		methods, methodsLength = textIn(strings.Join(first.Methods, " "))
	}
	binding, bindingLength := textIn(first.Binding)
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		at := u.now
		if !first.At.IsZero() {
			at = C.int64_t(first.At.Unix())
		}
		return C.twinlock_engine_begin_sign_in(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			methods, methodsLength, at, binding, bindingLength, u.now, pending)
	}, readSignIn)
}

// FinishSignIn checks the answer to a challenge.
//
// Refusals: [ErrWrongCode], [ErrReplayed], [ErrLocked] with RetryAfter, [ErrFactorDisabled], [ErrNotEnrolled],
// [ErrChallengeInvalid], [ErrChallengeSpent].
func (s SecondFactor) FinishSignIn(ctx context.Context, presented Presented, answer Answer) (*Proof, error) {
	subject, err := s.Engine.ChallengeSubject(presented.Challenge)
	if err != nil {
		return nil, err
	}
	challenge, challengeLength := textIn(presented.Challenge)
	binding, bindingLength := textIn(typed(presented.Binding))
	text, length := textIn(answer.text)
	return settle(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_finish_sign_in(u.engine, u.record, u.recordLength, challenge, challengeLength,
			binding, bindingLength, answer.kind, text, length, u.now, pending)
	}, (*verdict).proof)
}

// ChallengeSubject is the subject of a challenge, before its answer is judged: for a look at whether the user
// is still there and allowed in.
//
// Refusals: [ErrChallengeInvalid].
func (e *Engine) ChallengeSubject(challenge string) (string, error) {
	text, textLength := textIn(typed(challenge))
	return e.tell(func(engine *C.twinlock_engine, now C.int64_t, out *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.twinlock_engine_challenge_subject(engine, text, textLength, now, out, capacity, length)
	})
}

func readSignIn(v *verdict) *SignIn {
	if v.integer(C.TWINLOCK_FIELD_SIGN_IN) == C.TWINLOCK_SIGN_IN_NOT_REQUIRED {
		return &SignIn{Proof: v.proof()}
	}
	return &SignIn{
		Challenge: v.one(C.TWINLOCK_FIELD_CHALLENGE),
		Methods:   v.all(C.TWINLOCK_FIELD_METHOD),
		ExpiresAt: v.time(C.TWINLOCK_FIELD_EXPIRES_AT),
	}
}
