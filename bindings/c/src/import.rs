//! Devices and backup codes that come from another system. For operators and migrations.

use std::ffi::c_char;

use twinlock_core::otp::uri;
use twinlock_core::{ErrorCode, Folding, ForeignCodes, HmacKey, ImportedDevice, MinimumLength, Secret};

use crate::buffer::{Slot, bytes, given, text};
use crate::device::Given;
use crate::engine::{Account, twinlock_engine};
use crate::guard::export;
use crate::pending::{give, twinlock_pending};
use crate::status::Failure;

/// Stores a confirmed device that exists elsewhere; nothing is asked. A device with the same secret and kind
/// stays as it is and gives its own id. Tokens from before die, and no backup codes are made. `secret` is
/// base32 of 10 to 128 bytes, `name` optional, `counter` what a counter device shows next. `last_step` is
/// the last step that the other system accepted from a time device, so that its code is no good here; -1
/// where it is not known.
///
/// Result: `TWINLOCK_FIELD_DEVICE_ID`.
/// Refusals: `TWINLOCK_R_TOO_MANY_DEVICES`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_import_device(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    name: *const c_char,
    name_length: usize,
    secret: *const c_char,
    secret_length: usize,
    kind: i32,
    algorithm: i32,
    digits: u32,
    period: u32,
    counter: u64,
    last_step: i64,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        name = text(name, name_length);
        secret = text(secret, secret_length);
        out = Slot::new(pending);
        => {
            let device = ImportedDevice {
                name: given(name),
                secret: Secret::from_base32(secret, MinimumLength::Legacy)?,
                params: Given { kind, algorithm, digits, period }.params()?,
                counter,
                last_step: u64::try_from(last_step).ok(),
            };
            give(user.engine.import_device(&user.subject, user.record, &device, user.now), out)
        }
    }
}

/// As `twinlock_engine_import_device`, with what an `otpauth://` URI says.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_import_device_uri(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    name: *const c_char,
    name_length: usize,
    uri: *const c_char,
    uri_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        name = text(name, name_length);
        uri = text(uri, uri_length);
        out = Slot::new(pending);
        => {
            let parsed = uri::parse(uri, MinimumLength::Legacy)?;
            let device = ImportedDevice { name: given(name), ..ImportedDevice::from_uri(parsed) };
            give(user.engine.import_device(&user.subject, user.record, &device, user.now), out)
        }
    }
}

/// Takes over another system's 1 to 20 unused backup codes, one a line; each stays good until it is used or
/// new ones are made. Codes that were imported before are replaced. `scheme` says what a line is:
///
///     plain           the code, of which case, spaces and hyphens count
///     plain_loose     the code, of which they do not
///     sha256          hexadecimal SHA-256 of the code
///     pbkdf2_sha256   as Django's make_password writes it
///     hmac_sha256     hmac_sha256$ and the hexadecimal HMAC of the code, under `key`, 1 to 512 bytes
///     drf_totp        the same as drf-totp stores it; `key` is the site's SECRET_KEY, and each fallback on
///                     a line of its own
///
/// Refusals: `TWINLOCK_R_NOT_ENROLLED`, and `_TOO_MANY_DEVICES` when the record has no room for the codes.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_engine_import_backup_codes(
    engine: *const twinlock_engine,
    subject: *const c_char,
    subject_length: usize,
    record: *const u8,
    record_length: usize,
    scheme: *const c_char,
    scheme_length: usize,
    codes: *const c_char,
    codes_length: usize,
    key: *const u8,
    key_length: usize,
    now: i64,
    pending: *mut *mut twinlock_pending,
) -> i32 {
    export! {
        user = Account::read(engine, (subject, subject_length), (record, record_length), now);
        scheme = text(scheme, scheme_length);
        codes = text(codes, codes_length);
        key = bytes(key, key_length);
        out = Slot::new(pending);
        => {
            let codes = foreign_codes(scheme, codes, key)?;
            give(user.engine.import_backup_codes(&user.subject, user.record, &codes, user.now), out)
        }
    }
}

fn foreign_codes(scheme: &str, codes: &str, key: &[u8]) -> Result<ForeignCodes, Failure> {
    let codes = lines(codes);
    Ok(match scheme {
        "hmac_sha256" => ForeignCodes::hmac_sha256(vec![HmacKey::from_bytes(key.to_vec())?], &codes)?,
        "drf_totp" => ForeignCodes::hmac_sha256(drf_totp_keys(key)?, &codes)?,
        _ if !key.is_empty() => return Err(ErrorCode::ArgumentInvalid.into()),
        "plain" => ForeignCodes::plain(&codes, Folding::Exact)?,
        "plain_loose" => ForeignCodes::plain(&codes, Folding::Loose)?,
        "sha256" => ForeignCodes::sha256(&codes)?,
        "pbkdf2_sha256" => ForeignCodes::pbkdf2_sha256(&codes)?,
        _ => return Err(ErrorCode::SchemeUnknown.into()),
    })
}

fn drf_totp_keys(keys: &[u8]) -> Result<Vec<HmacKey>, Failure> {
    let keys = std::str::from_utf8(keys).map_err(|_| ErrorCode::TextNotUtf8)?;
    Ok(lines(keys).into_iter().map(HmacKey::of_drf_totp).collect::<Result<_, _>>()?)
}

/// More lines than any list may have are not even collected.
const LINES_MAX: usize = 32;

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.is_empty()).take(LINES_MAX).collect()
}
