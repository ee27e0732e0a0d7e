package twinlock

// #include <twinlock.h>
import "C"

import "context"

// Disable turns the second factor off after a right answer. All that hangs on it dies: devices, backup codes,
// open challenges and tokens. The failure history stays.
//
// Refusals: those of [SecondFactor.FinishSignIn] without the challenge's.
func (s SecondFactor) Disable(ctx context.Context, subject string, answer Answer) error {
	text, length := textIn(answer.text)
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_disable(u.engine, u.subject, u.subjectLength, u.record, u.recordLength,
			answer.kind, text, length, u.now, pending)
	})
}

// RegenerateBackupCodes replaces the whole set of backup codes after a right code of an authenticator. The codes
// are to be shown once.
//
// Refusals: those of [SecondFactor.Disable], and [ErrMethodNotAllowed] for a backup code.
func (s SecondFactor) RegenerateBackupCodes(ctx context.Context, subject string, answer Answer) ([]string, error) {
	text, length := textIn(answer.text)
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_regenerate_backup_codes(u.engine, u.subject, u.subjectLength, u.record,
			u.recordLength, answer.kind, text, length, u.now, pending)
	}, readBackupCodes)
}

// AdminRegenerateBackupCodes does it without an answer. For operators only: whoever can reach it can sign in
// with what it returns.
//
// Refusals: [ErrNotEnrolled].
func (s SecondFactor) AdminRegenerateBackupCodes(ctx context.Context, subject string) ([]string, error) {
	return bySubject(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_admin_regenerate_backup_codes(u.engine, u.subject, u.subjectLength, u.record,
			u.recordLength, u.now, pending)
	}, readBackupCodes)
}

// Unlock ends every lock and clears the failure history. For operators.
//
// Refusals: [ErrNotEnrolled].
func (s SecondFactor) Unlock(ctx context.Context, subject string) error {
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_unlock(u.engine, u.subject, u.subjectLength, u.record, u.recordLength, u.now, pending)
	})
}

// AdminReset turns the second factor off without an answer. For operators, and for recovery after other checks.
//
// Refusals: [ErrNotEnrolled].
func (s SecondFactor) AdminReset(ctx context.Context, subject string) error {
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_admin_reset(u.engine, u.subject, u.subjectLength, u.record, u.recordLength, u.now,
			pending)
	})
}

// BumpEpoch lets all challenges and tokens of the subject die: after a password change, or to sign out
// everywhere. It works with and without a second factor.
func (s SecondFactor) BumpEpoch(ctx context.Context, subject string) error {
	return change(ctx, s, subject, func(u user, pending **C.twinlock_pending) C.int32_t {
		return C.twinlock_engine_bump_epoch(u.engine, u.subject, u.subjectLength, u.record, u.recordLength, u.now,
			pending)
	})
}

func readBackupCodes(v *verdict) []string {
	return v.all(C.TWINLOCK_FIELD_BACKUP_CODE)
}
