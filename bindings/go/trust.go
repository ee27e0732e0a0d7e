package twinlock

// #include <twinlock.h>
import "C"

import (
	"context"
	"errors"
	"time"
	"unsafe"
)

// Trust is what makes a device a trusted one.
type Trust struct {
	secretive
	// What the device keeps, for instance in a cookie that scripts cannot read.
	Token string
	// By what it is listed and revoked.
	ID string
	// When the trust ends.
	ExpiresAt time.Time
}

// TrustDevice trusts the device on which the second factor of a proof has just been shown: with the token, sign-in on it
// needs no second factor until the trust ends, tokens die or it is revoked. The proof is not used up.
//
// Refusals: [ErrMethodNotAllowed] where the policy has no trusted devices; [ErrSecondFactorRequired] where the proof is
// of an older epoch or without a second factor.
func (s SecondFactor) TrustDevice(ctx context.Context, proof *Proof, name string) (*Trust, error) {
	if proof == nil {
		return nil, &Fault{Code: ErrArgumentInvalid, About: "no proof"}
	}
	text, length := textIn(name)
	return bySubject(ctx, s, proof.Subject, func(u user, pending **C.twinlock_pending) (status C.int32_t) {
		err := proof.take(func(object *unsafe.Pointer) error {
			status = C.twinlock_engine_trust_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
				(*C.twinlock_proof)(*object), text, length, u.now, pending)
			return nil
		})
		if err != nil {
			return C.TWINLOCK_E_ARGUMENT_INVALID
		}
		return status
	}, readTrust)
}

// IsTrusted says whether a token is that of a trusted device of the subject. [SecondFactor.BeginSignIn] asks it
// itself.
func (s SecondFactor) IsTrusted(ctx context.Context, subject, token string) (bool, error) {
	if err := CheckSubject(subject); err != nil {
		return false, err
	}
	record, _, err := load(ctx, s.Store, subject)
	if err != nil {
		return false, err
	}
	shown, shownLength := textIn(typed(token))
	err = s.Engine.use(func(engine *C.twinlock_engine, now C.int64_t) error {
		u := userOf(engine, subject, record, now)
		return check(C.twinlock_engine_is_trusted(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			shown, shownLength, u.now))
	})
	if errors.Is(err, ErrSecondFactorRequired) {
		return false, nil
	}
	return err == nil, err
}

// RevokeTrustedDevice ends the trust in one device.
//
// Refusals: [ErrDeviceUnknown].
func (s SecondFactor) RevokeTrustedDevice(ctx context.Context, subject, trustID string) error {
	if trustID == "" {
		return &Refusal{Code: ErrDeviceUnknown} // to C an empty one is a mistake of the program
	}
	text, length := textIn(typed(trustID))
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_revoke_trusted_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			text, length, u.now, pending)
	})
}

// RevokeTrustedDevices ends the trust in all devices.
func (s SecondFactor) RevokeTrustedDevices(ctx context.Context, subject string) error {
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_revoke_all_trusted_devices(u.engine, u.subject, u.subjectLength, u.record,
			u.recordLength, u.now, pending)
	})
}

// StepUp asks a signed-in user for the second factor once more, for one purpose: 1 to 64 characters out of a-z 0-9 _ - . :
// The session's access or sliding token, which goes on in the new one, may be empty. The proof is for
// [Engine.MintAccess] and for nothing else.
//
// Refusals: those of [SecondFactor.Disable]; [ErrSecondFactorRequired] where the session is another subject's or over.
func (s SecondFactor) StepUp(
	ctx context.Context, subject, purpose, session string, answer Answer,
) (*Proof, error) {
	text, length := textIn(answer.text)
	aim, aimLength := textIn(purpose)
	token, tokenLength := textIn(typed(session))
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_step_up(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			answer.kind, text, length, aim, aimLength, token, tokenLength, u.now, pending)
	}, (*verdict).proof)
}

// RequireStepUp checks that an access or sliding token shows a second factor that is fresh enough for a sensitive action:
// not older than this, or than OptStepUpAge where it is 0, and for this purpose if the token names one.
//
// Refusals: [ErrSecondFactorRequired], and those of [Engine.Verify].
func (e *Engine) RequireStepUp(token, purpose string, maxAge time.Duration) error {
	shown, shownLength := textIn(typed(token))
	aim, aimLength := textIn(purpose)
	if maxAge < 0 || maxAge > 0 && maxAge < time.Second || maxAge/time.Second > 1<<31 {
		return &Fault{Code: ErrArgumentInvalid, About: "maxAge"}
	}
	return e.use(func(engine *C.twinlock_engine, now C.int64_t) error {
		return check(C.twinlock_engine_require_step_up(engine, shown, shownLength, aim, aimLength,
			C.uint32_t(maxAge/time.Second), now))
	})
}

func readTrust(v *verdict) *Trust {
	return &Trust{
		Token:     v.one(C.TWINLOCK_FIELD_TRUST_TOKEN),
		ID:        v.one(C.TWINLOCK_FIELD_TRUST_ID),
		ExpiresAt: v.time(C.TWINLOCK_FIELD_EXPIRES_AT),
	}
}
