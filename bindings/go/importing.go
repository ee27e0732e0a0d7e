package twinlock

// #include <twinlock.h>
import "C"

import (
	"cmp"
	"context"
	"strings"
)

// ImportedDevice is a device that exists in another system.
type ImportedDevice struct {
	secretive
	// Its name in lists; may be empty.
	Name string
	// Base32 of 10 to 128 bytes.
	Secret string
	// DeviceTOTP, SHA1, 6 digits and 30 seconds where they are 0.
	Kind           DeviceKind
	Algorithm      Algorithm
	Digits, Period uint32
	// What a counter device shows next.
	Counter uint64
	// The last step that the other system accepted from a time device, so that its code is no good here; 0
	// where it is not known.
	LastStep int64
}

// ImportDevice stores a confirmed device of another system; nothing is asked. One with the same secret and kind
// stays as it is and gives its own id. Tokens from before die, and no backup codes are made.
//
// Refusals: [ErrTooManyDevices].
func (s SecondFactor) ImportDevice(ctx context.Context, subject string, device ImportedDevice) (id string, err error) {
	name, nameLength := textIn(device.Name)
	secret, secretLength := textIn(device.Secret)
	like := TOTP{Algorithm: device.Algorithm, Digits: device.Digits, Period: device.Period}.usual()
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_import_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			name, nameLength, secret, secretLength, C.int32_t(cmp.Or(device.Kind, DeviceTOTP)),
			C.int32_t(like.Algorithm), C.uint32_t(like.Digits), C.uint32_t(like.Period),
			C.uint64_t(device.Counter), C.int64_t(cmp.Or(device.LastStep, -1)), u.now, pending)
	}, readDeviceID)
}

// ImportDeviceURI does it with what an otpauth:// URI says.
//
// Refusals: [ErrTooManyDevices].
func (s SecondFactor) ImportDeviceURI(ctx context.Context, subject, name, uri string) (id string, err error) {
	called, calledLength := textIn(name)
	text, length := textIn(uri)
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_import_device_uri(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			called, calledLength, text, length, u.now, pending)
	}, readDeviceID)
}

// ImportBackupCodes takes over another system's 1 to 20 unused backup codes; each stays good until it is used or new ones
// are made. The scheme says how they are stored: "plain", "plain_loose", "sha256", "pbkdf2_sha256", "hmac_sha256" or
// "drf_totp"; the last two need a key.
//
// Refusals: [ErrNotEnrolled], and [ErrTooManyDevices] where the record has no room for the codes.
func (s SecondFactor) ImportBackupCodes(
	ctx context.Context, subject, scheme string, codes []string, key []byte,
) error {
	for _, code := range codes {
		if strings.ContainsRune(code, '\n') {
			return &Fault{Code: ErrSchemeUnknown}
		}
	}
	called, calledLength := textIn(scheme)
	lines, linesLength := textIn(strings.Join(codes, "\n"))
	secret, secretLength := bytesIn(key)
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_import_backup_codes(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			called, calledLength, lines, linesLength, secret, secretLength, u.now, pending)
	})
}

func readDeviceID(v *verdict) string {
	return v.one(C.TWINLOCK_FIELD_DEVICE_ID)
}
