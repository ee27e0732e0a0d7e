package twinlock

// #include <twinlock.h>
import "C"

import "context"

// BeginSession makes an access token and a refresh token that rotates, of a proof, which is used up by that. Its state
// is in Sessions before the tokens come out.
func (s SecondFactor) BeginSession(ctx context.Context, proof *Proof, claims map[string]any) (*Tokens, error) {
	tokens, session, err := s.Engine.beginSession(proof, claims)
	if err != nil {
		return nil, err
	}
	stored, err := save(ctx, s.Sessions, session.ID, session.State, 0)
	if err != nil {
		return nil, err
	}
	if !stored {
		return nil, &Fault{Code: ErrStoreFailed, About: "a new session's id is taken"}
	}
	return tokens, nil
}

// beginSession makes tokens of a proof, and the session that they count only with.
func (e *Engine) beginSession(
	proof *Proof, claims map[string]any,
) (tokens *Tokens, session NewSession, err error) {
	session.Proof = proof
	err = e.minted(proof, claims, func(m minting) C.int32_t {
		return C.twinlock_engine_begin_session(m.engine, m.proof, m.claims, m.claimsLength, m.now, m.tokens)
	}, func(fields *fields) (err error) {
		session.ID, session.State = fields.one(C.TWINLOCK_FIELD_SESSION), []byte(fields.one(C.TWINLOCK_FIELD_SESSION_STATE))
		if tokens, err = readTokens(fields); err == nil {
			session.ExpiresAt = tokens.RefreshExpiresAt
		}
		return err
	})
	return tokens, session, err
}

// Rotate exchanges a refresh token for a new pair. Each does that once: within OptJWTReuseGrace it gets the same
// successor again, later it ends the session.
//
// Refusals: [ErrTokenExpired], [ErrTokenInvalid], [ErrSessionEnded], [ErrTokenReused].
func (s SecondFactor) Rotate(ctx context.Context, token string) (tokens *Tokens, err error) {
	subject, session, err := s.Engine.sessionOf(token)
	if err != nil {
		return nil, err
	}
	shown, shownLength := textIn(token)
	judge := func(ctx context.Context, state []byte) (*verdict, error) {
		if len(state) == 0 {
			return nil, &Refusal{Code: ErrSessionEnded}
		}
		record, _, err := load(ctx, s.Store, subject)
		if err != nil {
			return nil, err
		}
		text, length := textIn(string(state))
		return s.Engine.judge(subject, record, func(u user, pending **C.twinlock_pending) C.int32_t {
			return C.twinlock_engine_rotate(u.engine, shown, shownLength, text, length, u.record, u.recordLength,
				u.now, pending)
		})
	}
	err = s.repeat(ctx, func() (bool, error) {
		return once(ctx, s.Sessions, session, judge, func(verdict *verdict) {
			tokens, verdict.err = readTokens(&verdict.fields)
		})
	})
	if err != nil {
		return nil, err
	}
	return tokens, nil
}

// EndSession ends the session of a refresh token that rotates: a logout. Access tokens that are out live on until
// their own end. A session that is not there has ended already.
//
// Refusals: [ErrTokenExpired], [ErrTokenInvalid].
func (s SecondFactor) EndSession(ctx context.Context, token string) error {
	_, session, err := s.Engine.sessionOf(token)
	if err != nil {
		return err
	}
	return s.repeat(ctx, func() (bool, error) {
		state, version, err := load(ctx, s.Sessions, session)
		if err != nil || version == 0 {
			return err == nil, err
		}
		text, length := textIn(string(state))
		ended, err := s.Engine.tell(func(_ *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
			return C.twinlock_session_revoke(text, length, now, o.data, o.capacity, o.length)
		})
		if err != nil {
			return false, err
		}
		return save(ctx, s.Sessions, session, []byte(ended), version)
	})
}

// sessionOf reads out of a refresh token which record and which state to load.
func (e *Engine) sessionOf(token string) (subject, session string, err error) {
	shown, length := textIn(typed(token))
	var native *C.twinlock_tokens
	defer func() { C.twinlock_tokens_free(native) }()
	err = e.use(func(engine *C.twinlock_engine, now C.int64_t) error {
		return check(C.twinlock_engine_session_of(engine, shown, length, now, &native))
	})
	if err != nil {
		return "", "", err
	}
	fields := tokensOf(native)
	subject, session = fields.one(C.TWINLOCK_FIELD_SUBJECT), fields.one(C.TWINLOCK_FIELD_SESSION)
	return subject, session, fields.err
}
