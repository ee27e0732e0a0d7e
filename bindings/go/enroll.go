package twinlock

// #include <twinlock.h>
import "C"

import (
	"cmp"
	"context"
	"time"
)

// DeviceKind says what a device makes codes from.
type DeviceKind int32

// The kinds of devices.
const (
	DeviceTOTP  DeviceKind = C.TWINLOCK_DEVICE_TOTP  // from the time (RFC 6238)
	DeviceHOTP  DeviceKind = C.TWINLOCK_DEVICE_HOTP  // from a counter (RFC 4226)
	DeviceSteam DeviceKind = C.TWINLOCK_DEVICE_STEAM // Steam's five characters from the time
)

// NewDevice is an authenticator to be enrolled.
type NewDevice struct {
	// What the authenticator app shows beside the issuer, such as an e-mail address.
	Account string
	// The device's name in lists; may be empty.
	Name string
	// DeviceTOTP where it is 0.
	Kind DeviceKind
	// The policy's where they are 0. What the kind does not have is not looked at.
	Algorithm      Algorithm
	Digits, Period uint32
}

// Setup is what a user needs to set an authenticator up, shown once.
type Setup struct {
	secretive
	DeviceID string
	// The shared secret in base32, for typing.
	Secret string
	// The otpauth:// URI, to be shown as a QR code: see [QRCode].
	URI string
	// When the enrollment has to be confirmed.
	ExpiresAt time.Time
}

// Enrolled is what comes of a confirmed enrollment.
type Enrolled struct {
	secretive
	DeviceID string
	// Shown once; they come with the first device.
	BackupCodes []string
	Proof       *Proof
}

// BeginEnrollment makes a secret that waits for its first code, in place of one that waited before. Where a
// device is there already: [SecondFactor.AddDevice].
//
// Refusals: [ErrAlreadyEnrolled].
func (s SecondFactor) BeginEnrollment(ctx context.Context, subject string, device NewDevice) (*Setup, error) {
	account, accountLength := textIn(device.Account)
	name, nameLength := textIn(device.Name)
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_begin_enrollment_with(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			account, accountLength, name, nameLength, device.kind(), C.int32_t(device.Algorithm),
			C.uint32_t(device.Digits), C.uint32_t(device.Period), u.now, pending)
	}, readSetup)
}

// ConfirmEnrollment confirms the device that waits with a code of it, which is spent by that. Tokens
// and challenges from before die.
//
// Refusals: [ErrWrongCode], [ErrNoPendingEnrollment], [ErrEnrollmentExpired], [ErrAlreadyEnrolled].
func (s SecondFactor) ConfirmEnrollment(ctx context.Context, subject, code string) (*Enrolled, error) {
	text, length := textIn(typed(code))
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_confirm_enrollment(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			text, length, u.now, pending)
	}, func(v *verdict) *Enrolled {
		return &Enrolled{
			DeviceID:    v.one(C.TWINLOCK_FIELD_DEVICE_ID),
			BackupCodes: v.all(C.TWINLOCK_FIELD_BACKUP_CODE),
			Proof:       v.proof(),
		}
	})
}

// CheckEnrollment checks that an enrollment token opens enrollment, and gives its subject. Call it before each
// of the two calls of an enrollment that begins with such a token.
//
// Refusals: [ErrTokenInvalid], [ErrAlreadyEnrolled].
func (s SecondFactor) CheckEnrollment(ctx context.Context, token string) (subject string, err error) {
	subject, err = s.Engine.EnrollmentSubject(token)
	if err != nil {
		return "", err
	}
	record, _, err := load(ctx, s.Store, subject)
	if err != nil {
		return "", err
	}
	shown, shownLength := textIn(typed(token))
	stored, storedLength := bytesIn(record)
	return s.Engine.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_check_enrollment(engine, shown, shownLength, stored, storedLength, now,
			o.data, o.capacity, o.length)
	})
}

// EnrollmentSubject gives whose enrollment a token opens, without a look at the record: [SecondFactor.CheckEnrollment]
// says whether it still does.
//
// Refusals: [ErrTokenInvalid].
func (e *Engine) EnrollmentSubject(token string) (string, error) {
	text, length := textIn(typed(token))
	return e.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_enrollment_subject(engine, text, length, now, o.data, o.capacity, o.length)
	})
}

func (d NewDevice) kind() C.int32_t {
	return C.int32_t(cmp.Or(d.Kind, DeviceTOTP))
}

func readSetup(v *verdict) *Setup {
	return &Setup{
		DeviceID:  v.one(C.TWINLOCK_FIELD_DEVICE_ID),
		Secret:    v.one(C.TWINLOCK_FIELD_SECRET),
		URI:       v.one(C.TWINLOCK_FIELD_URI),
		ExpiresAt: v.time(C.TWINLOCK_FIELD_EXPIRES_AT),
	}
}
