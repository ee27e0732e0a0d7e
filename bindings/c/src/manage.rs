//! What a signed-in user and an operator may do with a second factor.

use std::ffi::c_char;

use twinlock_core::{Answer, Preference};

use crate::answer::{TWINLOCK_ANSWER_NONE, answered};
use crate::buffer::{Slot, text};
use crate::engine::{Account, twinlock_engine};
use crate::guard::export;
use crate::pending::{give, twinlock_pending};

/// Turns the second factor off after a right answer; a step-up has the purpose `disable`. All that hangs on
/// the factor dies: devices, backup codes, pending enrollment, open challenges and tokens. The failure
/// history stays.
///
/// Refusals: `TWINLOCK_R_WRONG_CODE`, `_REPLAYED`, `_LOCKED` (with `twinlock_pending_retry_after`),
/// `_FACTOR_DISABLED`, `_NOT_ENROLLED`, `_METHOD_NOT_ALLOWED`; for a step-up `_SECOND_FACTOR_REQUIRED` and
/// those of `twinlock_engine_verify`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_disable(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    answer_kind: i32,
    typed: *const c_char,
    typed_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        typed = text(typed, typed_length);
        out = Slot::new(pending);
        => {
            let verdict = answered(user.engine, (answer_kind, typed), user.now, |answer| {
                user.engine.disable(&user.subject, user.record, answer, user.now)
            });
            give(verdict, out)
        }
    }
}

/// Stores how the subject wants to be asked: `otp`, `sent`, or `off` where the policy lets subjects opt out.
/// With a device this needs a right answer; a step-up has the purpose `set_method`. Without one the answer
/// may be `TWINLOCK_ANSWER_NONE` and is not looked at.
///
/// Refusals: as `twinlock_engine_disable`; `TWINLOCK_R_METHOD_NOT_ALLOWED` where the policy does not let
/// that way in, `_NOT_ENROLLED` for `otp` without a device, `_SECOND_FACTOR_REQUIRED` for a missing answer.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_set_method(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    answer_kind: i32,
    typed: *const c_char,
    typed_length: usize,
    method: *const c_char,
    method_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        typed = text(typed, typed_length);
        method = text(method, method_length);
        out = Slot::new(pending);
        => {
            let preference = Preference::from_name(method)?;
            let set = |answer: Option<Answer<'_>>| {
                user.engine.set_method(&user.subject, user.record, answer, preference, user.now)
            };
            if answer_kind == TWINLOCK_ANSWER_NONE {
                return give(set(None), out);
            }
            give(answered(user.engine, (answer_kind, typed), user.now, |answer| set(Some(answer))), out)
        }
    }
}

/// Replaces the whole set of backup codes after a right code of an authenticator; a backup code is not
/// enough. A step-up has the purpose `regenerate_backup_codes`.
///
/// Result: `TWINLOCK_FIELD_BACKUP_CODE`.
/// Refusals: as `twinlock_engine_disable`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_regenerate_backup_codes(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    answer_kind: i32,
    typed: *const c_char,
    typed_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        typed = text(typed, typed_length);
        out = Slot::new(pending);
        => {
            let verdict = answered(user.engine, (answer_kind, typed), user.now, |answer| {
                user.engine.regenerate_backup_codes(&user.subject, user.record, answer, user.now)
            });
            give(verdict, out)
        }
    }
}

/// Replaces the whole set of backup codes without an answer. For operators only: whoever can reach it can
/// sign in with what it returns.
///
/// Result: `TWINLOCK_FIELD_BACKUP_CODE`.
/// Refusals: `TWINLOCK_R_NOT_ENROLLED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_admin_regenerate_backup_codes(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        out = Slot::new(pending);
        => give(user.engine.admin_regenerate_backup_codes(&user.subject, user.record, user.now), out)
    }
}

/// Ends every lock and clears the failure history. For operators.
///
/// Refusals: `TWINLOCK_R_NOT_ENROLLED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_unlock(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        out = Slot::new(pending);
        => give(user.engine.unlock(&user.subject, user.record, user.now), out)
    }
}

/// Turns the second factor off without an answer. For operators, and for recovery after other checks.
/// A record that cannot be opened has to be deleted instead.
///
/// Refusals: `TWINLOCK_R_NOT_ENROLLED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_admin_reset(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        out = Slot::new(pending);
        => give(user.engine.admin_reset(&user.subject, user.record, user.now), out)
    }
}

/// Lets all challenges and tokens of the subject die: after a password change, or to sign out everywhere.
/// Works with and without a second factor.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_bump_epoch(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        out = Slot::new(pending);
        => give(user.engine.bump_epoch(&user.subject, user.record, user.now), out)
    }
}
