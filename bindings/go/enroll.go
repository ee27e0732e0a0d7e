package twinlock

// #include <twinlock.h>
import "C"

import (
	"context"
	"time"
)

// NewDevice is an authenticator to be enrolled.
type NewDevice struct {
	// What the authenticator app shows beside the issuer, such as an e-mail address.
	Account string
	// The device's name in lists; may be empty.
	Name string
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

// BeginEnrollment makes a secret that waits for its first code, in place of one that waited before.
//
// Refusals: [ErrAlreadyEnrolled].
func (s SecondFactor) BeginEnrollment(ctx context.Context, subject string, device NewDevice) (*Setup, error) {
	account, accountLength := textIn(device.Account)
	name, nameLength := textIn(device.Name)
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_begin_enrollment(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			account, accountLength, name, nameLength, u.now, pending)
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

func readSetup(v *verdict) *Setup {
	return &Setup{
		DeviceID:  v.one(C.TWINLOCK_FIELD_DEVICE_ID),
		Secret:    v.one(C.TWINLOCK_FIELD_SECRET),
		URI:       v.one(C.TWINLOCK_FIELD_URI),
		ExpiresAt: v.time(C.TWINLOCK_FIELD_EXPIRES_AT),
	}
}
