package twinlock

// #include <twinlock.h>
import "C"

import "context"

// AddDevice begins the enrollment of one more device after a right answer; a step-up has the purpose "add_device".
// [SecondFactor.ConfirmEnrollment] confirms it.
//
// Refusals: those of [SecondFactor.Disable], and [ErrTooManyDevices].
func (s SecondFactor) AddDevice(
	ctx context.Context, subject string, device NewDevice, answer Answer,
) (*Setup, error) {
	account, accountLength := textIn(device.Account)
	name, nameLength := textIn(device.Name)
	text, length := textIn(answer.text)
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_add_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			answer.kind, text, length, account, accountLength, name, nameLength, device.kind(),
			C.int32_t(device.Algorithm), C.uint32_t(device.Digits), C.uint32_t(device.Period), u.now, pending)
	}, readSetup)
}

// RenameDevice gives a device another name.
//
// Refusals: [ErrDeviceUnknown], and [ErrTooManyDevices] where the record has no room for so long a name.
func (s SecondFactor) RenameDevice(ctx context.Context, subject, deviceID, name string) error {
	device, deviceLength := textIn(typed(deviceID))
	text, length := textIn(name)
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_rename_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			device, deviceLength, text, length, u.now, pending)
	})
}

// RemoveDevice removes a device after a right answer, for which a code of the device itself will do; a step-up has the
// purpose "remove_device". Tokens from before die. It says whether it was the last one, without which the subject has
// no second factor.
//
// Refusals: those of [SecondFactor.Disable], and [ErrDeviceUnknown].
func (s SecondFactor) RemoveDevice(
	ctx context.Context, subject, deviceID string, answer Answer,
) (last bool, err error) {
	device, deviceLength := textIn(typed(deviceID))
	text, length := textIn(answer.text)
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_remove_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			device, deviceLength, answer.kind, text, length, u.now, pending)
	}, func(v *verdict) bool { return v.integer(C.TWINLOCK_FIELD_LAST_DEVICE) != 0 })
}

// ResyncDevice finds the counter of a counter device again by two codes in a row. Wrong codes count like wrong answers;
// right ones give nothing but the counter.
//
// Refusals: those of [SecondFactor.Disable], and [ErrDeviceUnknown].
func (s SecondFactor) ResyncDevice(ctx context.Context, subject, deviceID, first, second string) error {
	device, deviceLength := textIn(typed(deviceID))
	one, oneLength := textIn(typed(first))
	two, twoLength := textIn(typed(second))
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_resync_device(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			device, deviceLength, one, oneLength, two, twoLength, u.now, pending)
	})
}

// SetMethod stores how the subject wants to be asked: "otp", "sent", or "off" where the policy lets subjects opt out.
// With a device this needs a right answer; a step-up has the purpose "set_method". Without one the zero Answer will do.
//
// Refusals: those of [SecondFactor.Disable]; [ErrMethodNotAllowed] where the policy does not let that way in,
// [ErrNotEnrolled] for "otp" without a device, [ErrSecondFactorRequired] for a missing answer.
func (s SecondFactor) SetMethod(ctx context.Context, subject, method string, answer Answer) error {
	name, nameLength := textIn(typed(method))
	text, length := textIn(answer.text)
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_set_method(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			answer.kind, text, length, name, nameLength, u.now, pending)
	})
}
