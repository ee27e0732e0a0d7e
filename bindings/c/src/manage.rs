//! What a signed-in user and an operator may do with a second factor.

use std::ffi::c_char;

use serde_json::{Value, json};
use twinlock_core::{DeviceStatus, Preference, Status, TrustedDevice};

use crate::buffer::{Out, Slot, text};
use crate::engine::{Account, answer, twinlock_engine};
use crate::guard::guard;
use crate::handle;
use crate::pending::{give, twinlock_pending};

/// Turns the second factor off after a right answer. All that hangs on it dies: devices, backup codes,
/// pending enrollment, open challenges and tokens. The failure history stays.
///
/// Refusals: as `twinlock_engine_finish_sign_in`, without those of the challenge.
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, typed, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                text(typed, typed_length)?,
                Slot::new(pending)?,
            )
        };
        let answer = answer(answer_kind, typed)?;
        give(engine.disable(&user.subject, user.record, answer, user.now)?, out);
        Ok(())
    })
}

/// Replaces the whole set of backup codes after a right code of an authenticator; a backup code is not enough.
///
/// Result: `TWINLOCK_FIELD_BACKUP_CODE`.
/// Refusals: as `twinlock_engine_disable`, and `TWINLOCK_R_METHOD_NOT_ALLOWED`.
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, typed, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                text(typed, typed_length)?,
                Slot::new(pending)?,
            )
        };
        let answer = answer(answer_kind, typed)?;
        give(engine.regenerate_backup_codes(&user.subject, user.record, answer, user.now)?, out);
        Ok(())
    })
}

/// Replaces the whole set of backup codes without an answer. For operators only: whoever can reach it can sign
/// in with what it returns.
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                Slot::new(pending)?,
            )
        };
        give(engine.admin_regenerate_backup_codes(&user.subject, user.record, user.now)?, out);
        Ok(())
    })
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                Slot::new(pending)?,
            )
        };
        give(engine.unlock(&user.subject, user.record, user.now)?, out);
        Ok(())
    })
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                Slot::new(pending)?,
            )
        };
        give(engine.admin_reset(&user.subject, user.record, user.now)?, out);
        Ok(())
    })
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
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                Slot::new(pending)?,
            )
        };
        give(engine.bump_epoch(&user.subject, user.record, user.now)?, out);
        Ok(())
    })
}

/// Writes the state of a subject's second factor as a JSON object. Nothing secret is in it. Members:
/// `enabled`, `pending_until`, `devices` (each with `id`, `kind`, `name`, `algorithm`, `digits`, `period`,
/// `created_at`, `last_used_at`), `backup_codes_left`, `backup_codes_total`, `locked_until`, `disabled`,
/// `failures_in_a_row`, `failures_today`, `epoch`. Times are Unix seconds, or null where there is none.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_status(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (engine, user, out) = unsafe {
            (
                handle::get(engine)?,
                Account::read((subject, subject_length), (record, record_length), now)?,
                Out::text(out, capacity, length)?,
            )
        };
        let status = engine.status(&user.subject, user.record, user.now)?;
        out.write(status_json(&status).to_string().as_bytes())
    })
}

fn status_json(status: &Status) -> Value {
    json!({
        "enabled": status.enabled,
        "pending_until": status.pending_until.map(|time| time.seconds()),
        "devices": status.devices.iter().map(device_json).collect::<Vec<_>>(),
        "preference": status.preference.map(Preference::name),
        "trusted_devices": status.trusted_devices.iter().map(trusted_json).collect::<Vec<_>>(),
        "backup_codes_left": status.backup_codes_left,
        "backup_codes_total": status.backup_codes_total,
        "locked_until": status.locked_until.map(|time| time.seconds()),
        "disabled": status.disabled,
        "failures_in_a_row": status.failures_in_a_row,
        "failures_today": status.failures_today,
        "epoch": status.epoch,
    })
}

fn device_json(device: &DeviceStatus) -> Value {
    json!({
        "id": device.id,
        "kind": device.params.kind(),
        "name": device.name,
        "algorithm": device.params.algorithm().name(),
        "digits": device.params.digits(),
        "period": device.params.period(),
        "created_at": device.created_at.seconds(),
        "last_used_at": device.last_used_at.seconds(),
    })
}

fn trusted_json(device: &TrustedDevice) -> Value {
    json!({
        "id": device.id,
        "name": device.name,
        "created_at": device.created_at.seconds(),
        "last_used_at": device.last_used_at.seconds(),
        "expires_at": device.expires_at.seconds(),
    })
}
