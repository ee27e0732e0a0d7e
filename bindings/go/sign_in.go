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
	secretive
	// 1 to 8 names of methods (RFC 8176); "pwd" where there is none.
	Methods []string
	// When it was; now where it is zero.
	At time.Time
	// Something that has to be shown again with the answer, such as a digest of the password's hash or a
	// cookie's value; may be empty.
	Binding string
	// What a trusted device keeps; text that is no such token changes nothing.
	TrustToken string
}

// SignInOutcome says what a first factor leads to.
type SignInOutcome int32

// What comes next.
const (
	// No second factor is due: take the proof.
	SignInNotRequired SignInOutcome = C.TWINLOCK_SIGN_IN_NOT_REQUIRED
	// A second factor has to be shown: hand out the challenge.
	SignInChallenge SignInOutcome = C.TWINLOCK_SIGN_IN_CHALLENGE
	// Deliver the code, and hand out the challenge that it answers.
	SignInSend SignInOutcome = C.TWINLOCK_SIGN_IN_SEND
	// The subject is on a trusted device: take the proof, and hand out the new trust token.
	SignInTrusted SignInOutcome = C.TWINLOCK_SIGN_IN_TRUSTED
	// An authenticator has to be set up first: hand out the enrollment token, and nothing else.
	SignInEnrollOnly SignInOutcome = C.TWINLOCK_SIGN_IN_ENROLL_ONLY
)

// SignIn is what a first factor leads to.
type SignIn struct {
	secretive
	Outcome SignInOutcome
	// The way in where no second factor is due; else nil.
	Proof *Proof
	// What the client gets, and sends back with the answer.
	Challenge string
	// What may answer the challenge: "otp", "backup", "sent".
	Methods []string
	// Whether the answer goes to [SecondFactor.FinishForEnrollment] instead of [SecondFactor.FinishSignIn].
	ForEnrollment bool
	// When the challenge or the enrollment token ends.
	ExpiresAt time.Time
	// The code to deliver by mail or SMS.
	SentCode string
	// What takes the place of the trust that was shown.
	Trust *Trust
	// What opens enrollment and nothing else.
	EnrollmentToken string
}

// Presented is a challenge that came back from a client.
type Presented struct {
	secretive
	Challenge string
	// What FirstFactor had, computed anew.
	Binding string
}

// EnrollmentToken opens enrollment and nothing else: see [SecondFactor.CheckEnrollment].
type EnrollmentToken struct {
	secretive
	Token     string
	ExpiresAt time.Time
}

// SentCode is a code to deliver by mail or SMS.
type SentCode struct {
	secretive
	Code      string
	ExpiresAt time.Time
}

// BeginSignIn answers a passed first factor.
//
// Refusals: [ErrTooManyCodes] with RetryAfter.
func (s SecondFactor) BeginSignIn(ctx context.Context, subject string, first FirstFactor) (*SignIn, error) {
	methods, methodsLength := textIn("pwd")
	if len(first.Methods) > 0 {
		methods, methodsLength = textIn(strings.Join(first.Methods, " "))
	}
	binding, bindingLength := textIn(first.Binding)
	trust, trustLength := textIn(typed(first.TrustToken))
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		at := u.now
		if !first.At.IsZero() {
			at = C.int64_t(first.At.Unix())
		}
		return C.twinlock_engine_begin_sign_in_on_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			methods, methodsLength, at, binding, bindingLength, trust, trustLength, u.now, pending)
	}, readSignIn)
}

// FinishSignIn checks the answer to a challenge.
//
// Refusals: [ErrWrongCode], [ErrReplayed], [ErrLocked] with RetryAfter, [ErrFactorDisabled], [ErrNotEnrolled],
// [ErrChallengeInvalid], [ErrChallengeSpent], [ErrMethodNotAllowed], [ErrEnrollmentRequired].
func (s SecondFactor) FinishSignIn(ctx context.Context, presented Presented, answer Answer) (*Proof, error) {
	return byChallenge(ctx, s, presented, finishing(presented, answer), (*verdict).proof)
}

// finishing is the native call that checks the answer to a challenge.
func finishing(presented Presented, answer Answer) decide {
	text, length := textIn(answer.text)
	c := presented.shown()
	return func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_finish_sign_in(u.engine, u.record, u.recordLength, c.challenge, c.challengeLength,
			c.binding, c.bindingLength, answer.kind, text, length, u.now, pending)
	}
}

// FinishForEnrollment checks the answer to a challenge whose SignIn is ForEnrollment.
//
// Refusals: those of [SecondFactor.FinishSignIn].
func (s SecondFactor) FinishForEnrollment(
	ctx context.Context, presented Presented, answer Answer,
) (*EnrollmentToken, error) {
	text, length := textIn(answer.text)
	c := presented.shown()
	return byChallenge(ctx, s, presented, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_finish_for_enrollment(u.engine, u.record, u.recordLength, c.challenge,
			c.challengeLength, c.binding, c.bindingLength, answer.kind, text, length, u.now, pending)
	}, func(v *verdict) *EnrollmentToken {
		return &EnrollmentToken{
			Token: v.one(C.TWINLOCK_FIELD_ENROLLMENT_TOKEN), ExpiresAt: v.time(C.TWINLOCK_FIELD_EXPIRES_AT),
		}
	})
}

// SendCode makes a code for a challenge, the first one or another in its place, for you to deliver. The wrong answers
// given so far still count.
//
// Refusals: [ErrTooManyCodes] with RetryAfter, [ErrMethodNotAllowed], and those of [SecondFactor.FinishSignIn].
func (s SecondFactor) SendCode(ctx context.Context, presented Presented) (*SentCode, error) {
	c := presented.shown()
	return byChallenge(ctx, s, presented, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_send_code(u.engine, u.record, u.recordLength, c.challenge, c.challengeLength,
			c.binding, c.bindingLength, u.now, pending)
	}, func(v *verdict) *SentCode {
		return &SentCode{Code: v.one(C.TWINLOCK_FIELD_SENT_CODE), ExpiresAt: v.time(C.TWINLOCK_FIELD_EXPIRES_AT)}
	})
}

// ChallengeSubject is the subject of a challenge, before its answer is judged: for a look at whether the user
// is still there and allowed in.
//
// Refusals: [ErrChallengeInvalid].
func (e *Engine) ChallengeSubject(challenge string) (string, error) {
	text, length := textIn(typed(challenge))
	return e.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_challenge_subject(engine, text, length, now, o.data, o.capacity, o.length)
	})
}

// shown is a challenge that came back, as C takes it.
type shown struct {
	challenge, binding             *C.char
	challengeLength, bindingLength C.size_t
}

func (p Presented) shown() (c shown) {
	c.challenge, c.challengeLength = textIn(typed(p.Challenge))
	c.binding, c.bindingLength = textIn(typed(p.Binding))
	return c
}

// byChallenge settles a call for the subject of a challenge.
func byChallenge[T any](
	ctx context.Context, s SecondFactor, presented Presented, decide decide, read func(verdict *verdict) T,
) (result T, err error) {
	subject, err := s.Engine.ChallengeSubject(presented.Challenge)
	if err != nil {
		return result, err
	}
	return settle(ctx, s, subject, decide, read)
}

func readSignIn(v *verdict) *SignIn {
	login := &SignIn{Outcome: SignInOutcome(v.integer(C.TWINLOCK_FIELD_SIGN_IN))}
	switch login.Outcome {
	case SignInNotRequired:
		login.Proof = v.proof()
	case SignInTrusted:
		login.Proof, login.Trust = v.proof(), readTrust(v)
		login.ExpiresAt = login.Trust.ExpiresAt
	case SignInEnrollOnly:
		login.EnrollmentToken = v.one(C.TWINLOCK_FIELD_ENROLLMENT_TOKEN)
		login.ExpiresAt = v.time(C.TWINLOCK_FIELD_EXPIRES_AT)
	case SignInSend:
		login.SentCode = v.one(C.TWINLOCK_FIELD_SENT_CODE)
		readChallenge(v, login)
	default:
		readChallenge(v, login)
	}
	return login
}

func readChallenge(v *verdict, login *SignIn) {
	login.Challenge = v.one(C.TWINLOCK_FIELD_CHALLENGE)
	login.Methods = v.all(C.TWINLOCK_FIELD_METHOD)
	login.ForEnrollment = v.integer(C.TWINLOCK_FIELD_GIVES) == C.TWINLOCK_GIVES_ENROLLMENT
	login.ExpiresAt = v.time(C.TWINLOCK_FIELD_EXPIRES_AT)
}
