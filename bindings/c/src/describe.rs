//! What can be said about a subject's second factor.

use std::ffi::c_char;

use serde_json::{Value, json};
use twinlock_core::{DeviceStatus, Preference, Status, Subject, TrustedDevice};

use crate::buffer::{Out, bytes, text};
use crate::engine::{Account, twinlock_engine};
use crate::guard::export;
use crate::handle;

/// Writes the state of a subject's second factor as a JSON object. Nothing secret is in it. Members:
/// `enabled`, `pending_until`, `devices` (each with `id`, `kind`, `name`, `algorithm`, `digits`, `period`,
/// `created_at`, `last_used_at`), `preference`, `trusted_devices` (each with `id`, `name`, `created_at`,
/// `last_used_at`, `expires_at`), `backup_codes_left`, `backup_codes_total`, `locked_until`, `disabled`,
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
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        out = Out::text(out, capacity, length);
        => {
            let status = user.engine.status(&user.subject, user.record, user.now)?;
            out.write(status_json(&status).to_string().as_bytes())
        }
    }
}

/// Writes everything that a record holds but its secrets as a JSON object, as it is stored and whatever the
/// time is: for operators who look into a case. The form is for people and may grow.
/// `TWINLOCK_E_ENVELOPE_MALFORMED` without a record.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_inspect(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        engine = handle::get(engine);
        subject = text(subject, subject_length);
        record = bytes(record, record_length);
        out = Out::text(out, capacity, length);
        => {
            let facts = engine.inspect(&Subject::new(subject)?, record)?;
            out.write(Value::Object(facts).to_string().as_bytes())
        }
    }
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
