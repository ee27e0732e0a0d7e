//! Enrollment: a pending device, then a first code that confirms it.

use std::ffi::c_char;

use twinlock_core::NewDevice;

use crate::buffer::{Slot, given, text};
use crate::engine::{Account, twinlock_engine};
use crate::guard::guard;
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, account, name, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                text(account, account_length)?,
                text(name, name_length)?,
                Slot::new(pending)?,
            )
        };
        let device = NewDevice { account, name: given(name), params: None };
        give(engine.begin_enrollment(&user.subject, user.record, &device, user.now)?, out);
        Ok(())
    })
}

/// Confirms the pending device with a code of it. The code is spent by that, and tokens and challenges
/// from before die.
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, code, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                text(code, code_length)?,
                Slot::new(pending)?,
            )
        };
        give(engine.confirm_enrollment(&user.subject, user.record, code, user.now)?, out);
        Ok(())
    })
}
