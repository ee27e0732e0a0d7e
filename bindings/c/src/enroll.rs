//! Enrollment: a pending device, then a first code that confirms it.

use std::ffi::c_char;

use twinlock_core::{NewDevice, UnixTime};

use crate::buffer::{Out, Slot, given, text};
use crate::device::Given;
use crate::engine::{Account, stored_record, twinlock_engine};
use crate::guard::export;
use crate::handle;
use crate::pending::{give, twinlock_pending};

/// Makes a secret and stores it as the subject's one pending device, replacing an earlier pending one. It
/// neither gates nor satisfies sign-in until it is confirmed. `account` is what the authenticator app
/// shows, such as an e-mail address; `name` is the device's name in lists, optional.
///
/// Result: `TWINLOCK_FIELD_DEVICE_ID`, `_SECRET`, `_URI`, `_EXPIRES_AT`.
/// Refusals: `TWINLOCK_R_ALREADY_ENROLLED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_begin_enrollment(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    account: *const c_char,
    account_length: usize,
    name: *const c_char,
    name_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        account = text(account, account_length);
        name = text(name, name_length);
        out = Slot::new(pending);
        => {
            let device = NewDevice { account, name: given(name), params: None };
            give(user.engine.begin_enrollment(&user.subject, user.record, &device, user.now), out)
        }
    }
}

/// As `twinlock_engine_begin_enrollment`, with a device of another kind (`TWINLOCK_DEVICE_*`) or with other
/// parameters than the policy's. 0 takes the policy's algorithm (`TWINLOCK_ALGORITHM_*`), digits or period;
/// what the kind does not have is not looked at.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_begin_enrollment_with(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
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
        account = text(account, account_length);
        name = text(name, name_length);
        out = Slot::new(pending);
        => {
            let params = Given { kind, algorithm, digits, period }.or_of(user.engine.policy()).params()?;
            let device = NewDevice { account, name: given(name), params: Some(params) };
            give(user.engine.begin_enrollment(&user.subject, user.record, &device, user.now), out)
        }
    }
}

/// Confirms the pending device with a code of it. The code is spent by that, and tokens and challenges
/// from before die. Backup codes come with the first device only.
///
/// Result: `TWINLOCK_FIELD_DEVICE_ID`, `_BACKUP_CODE`, and a proof.
/// Refusals: `TWINLOCK_R_WRONG_CODE`, `_NO_PENDING_ENROLLMENT`, `_ENROLLMENT_EXPIRED`, `_ALREADY_ENROLLED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_confirm_enrollment(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    code: *const c_char,
    code_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        code = text(code, code_length);
        out = Slot::new(pending);
        => give(user.engine.confirm_enrollment(&user.subject, user.record, code, user.now), out)
    }
}

/// Writes the subject of a living enrollment token, so that you know which record to load.
///
/// Refusals: `TWINLOCK_R_TOKEN_INVALID`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_enrollment_subject(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        out = Out::text(out, capacity, length);
        => {
            let subject = engine.enrollment_subject(token, UnixTime::new(now)?)?;
            out.write(subject.as_str().as_bytes())
        }
    }
}

/// Checks that an enrollment token opens enrollment for the subject of this record, and writes that subject.
/// It does until a device is confirmed or tokens die for another reason. Call it before each of the two
/// calls of an enrollment that begins with such a token.
///
/// Refusals: `TWINLOCK_R_TOKEN_INVALID`, `_ALREADY_ENROLLED`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_check_enrollment(
    engine: *const twinlock_engine,
    token: *const c_char,
    token_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        token = text(token, token_length);
        record = stored_record(record, record_length);
        out = Out::text(out, capacity, length);
        => {
            let subject = engine.check_enrollment(token, record, UnixTime::new(now)?)?;
            out.write(subject.as_str().as_bytes())
        }
    }
}
