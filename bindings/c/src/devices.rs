//! The devices of a subject that has some: adding, naming, removing, setting right.

use std::ffi::c_char;

use twinlock_core::NewDevice;

use crate::answer::answered;
use crate::buffer::{Slot, given, text};
use crate::device::Given;
use crate::engine::{Account, twinlock_engine};
use crate::guard::export;
use crate::pending::{give, twinlock_pending};

/// Begins the enrollment of one more device after a right answer; a step-up has the purpose `add_device`. The
/// device is described as in `twinlock_engine_begin_enrollment_with`, and is confirmed as the first one was.
///
/// Result: as `twinlock_engine_begin_enrollment`.
/// Refusals: as `twinlock_engine_disable`, and `TWINLOCK_R_TOO_MANY_DEVICES`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_add_device(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    answer_kind: i32,
    typed: *const c_char,
    typed_length: usize,
    account: *const c_char,
    account_length: usize,
    name: *const c_char,
    name_length: usize,
    kind: i32,
    algorithm: i32,
    digits: u32,
    period: u32,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        typed = text(typed, typed_length);
        account = text(account, account_length);
        name = text(name, name_length);
        out = Slot::new(pending);
        => {
            let params = Given { kind, algorithm, digits, period }.or_of(user.engine.policy()).params()?;
            let device = NewDevice { account, name: given(name), params: Some(params) };
            let verdict = answered(user.engine, (answer_kind, typed), user.now, |answer| {
                user.engine.add_device(&user.subject, user.record, answer, &device, user.now)
            });
            give(verdict, out)
        }
    }
}

/// Gives a device another name.
///
/// Refusals: `TWINLOCK_R_DEVICE_UNKNOWN`, and `_TOO_MANY_DEVICES` when the record has no room for so long a
/// name.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_rename_device(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    device_id: *const c_char,
    device_id_length: usize,
    name: *const c_char,
    name_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        device_id = text(device_id, device_id_length);
        name = text(name, name_length);
        out = Slot::new(pending);
        => give(user.engine.rename_device(&user.subject, user.record, device_id, name, user.now), out)
    }
}

/// Removes a device after a right answer, for which a code of the device itself will do; a step-up has the
/// purpose `remove_device`. Tokens from before die. Without its last device the subject has no second factor.
///
/// Result: `TWINLOCK_FIELD_LAST_DEVICE`.
/// Refusals: as `twinlock_engine_disable`, and `TWINLOCK_R_DEVICE_UNKNOWN`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_remove_device(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    device_id: *const c_char,
    device_id_length: usize,
    answer_kind: i32,
    typed: *const c_char,
    typed_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        device_id = text(device_id, device_id_length);
        typed = text(typed, typed_length);
        out = Slot::new(pending);
        => {
            let verdict = answered(user.engine, (answer_kind, typed), user.now, |answer| {
                user.engine.remove_device(&user.subject, user.record, device_id, answer, user.now)
            });
            give(verdict, out)
        }
    }
}

/// Finds the counter of a counter device again by two codes in a row (RFC 4226 section 7.4). Wrong codes
/// count like wrong answers; right ones give nothing but the counter.
///
/// Refusals: `TWINLOCK_R_DEVICE_UNKNOWN`, `_METHOD_NOT_ALLOWED` for a device without a counter,
/// `_WRONG_CODE`, `_LOCKED`, `_FACTOR_DISABLED`, `_NOT_ENROLLED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_resync_device(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    device_id: *const c_char,
    device_id_length: usize,
    first: *const c_char,
    first_length: usize,
    second: *const c_char,
    second_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        device_id = text(device_id, device_id_length);
        first = text(first, first_length);
        second = text(second, second_length);
        out = Slot::new(pending);
        => {
            let codes = [first, second];
            give(user.engine.resync_device(&user.subject, user.record, device_id, codes, user.now), out)
        }
    }
}
