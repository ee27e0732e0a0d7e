//! `twinlock_otpauth`: the URIs that authenticator apps scan, built and read.

use std::ffi::c_char;

use twinlock_core::otp::migration::{self, Export};
use twinlock_core::otp::uri;
use twinlock_core::{DeviceParams, ErrorCode, MinimumLength, Secret};

use crate::buffer::{Out, Slot, text};
use crate::device::Given;
use crate::fields::{Fields, TWINLOCK_FIELD_BATCH_ID, TWINLOCK_FIELD_BATCH_INDEX, TWINLOCK_FIELD_BATCH_SIZE};
use crate::guard::{export, guard_void};
use crate::handle::{self, Kind};
use crate::status::Failure;

/// The accounts that a URI describes. One thread at a time.
#[allow(non_camel_case_types, reason = "the name in the header")]
pub struct twinlock_otpauth {
    _opaque: [u8; 0],
}

impl Kind for twinlock_otpauth {
    type Value = Vec<Fields>;
    const TAG: &'static [u8; 8] = b"tl-uries";
}

/// Writes the `otpauth://` URI of a device, for a QR code. It holds the secret, which is base32 of at least
/// 16 bytes. `kind` is one of `TWINLOCK_DEVICE_*`; what it does not have is not looked at. `counter` is what
/// a counter device shows next.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_otpauth_build(
    issuer: *const c_char,
    issuer_length: usize,
    account: *const c_char,
    account_length: usize,
    secret: *const c_char,
    secret_length: usize,
    kind: i32,
    algorithm: i32,
    digits: u32,
    period: u32,
    counter: u64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        issuer = text(issuer, issuer_length);
        account = text(account, account_length);
        secret = text(secret, secret_length);
        out = Out::text(out, capacity, length);
        => {
            let secret = Secret::from_base32(secret, MinimumLength::Rfc4226)?;
            let uri = match (Given { kind, algorithm, digits, period }).params()? {
                DeviceParams::Totp(params) => uri::build(issuer, account, &secret, &params),
                DeviceParams::Hotp(params) => uri::build_hotp(issuer, account, &secret, &params, counter),
                DeviceParams::Steam => uri::build_steam(issuer, account, &secret),
            };
            out.write(uri?.as_bytes())
        }
    }
}

/// Reads an `otpauth://` URI, which describes one account, or an `otpauth-migration://` URI, which an app
/// exports and which may describe several.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_otpauth_parse(
    uri: *const c_char,
    uri_length: usize,
    otpauth: *mut *mut twinlock_otpauth,
) -> i32 {
    export! {
        uri = text(uri, uri_length);
        out = Slot::new(otpauth);
        => handle::give(accounts(uri)?, out)
    }
}

const EXPORT: &str = "otpauth-migration:";

fn accounts(uri: &str) -> Result<Vec<Fields>, Failure> {
    let is_export = uri.get(..EXPORT.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(EXPORT));
    if !is_export {
        return Ok(vec![uri::parse(uri, MinimumLength::Legacy)?.into()]);
    }
    let Export { accounts, batch_id, batch_index, batch_size } =
        migration::parse(uri, MinimumLength::Legacy)?;
    let in_batch = |account| {
        Fields::from(account)
            .with_number(TWINLOCK_FIELD_BATCH_ID, batch_id.into())
            .with_number(TWINLOCK_FIELD_BATCH_INDEX, batch_index.into())
            .with_number(TWINLOCK_FIELD_BATCH_SIZE, batch_size.into())
    };
    Ok(accounts.into_iter().map(in_batch).collect())
}

/// Writes how many accounts there are.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_otpauth_count(otpauth: *const twinlock_otpauth, count: *mut usize) -> i32 {
    export! {
        accounts = handle::get(otpauth);
        out = Slot::new(count);
        => {
            out.put(accounts.len());
            Ok(())
        }
    }
}

/// Writes one text of an account, which are counted from 0: `TWINLOCK_FIELD_ISSUER`
/// (`TWINLOCK_E_FIELD_UNKNOWN` where there is none), `_ACCOUNT`, `_SECRET`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_otpauth_text(
    otpauth: *const twinlock_otpauth,
    index: usize,
    field: i32,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        accounts = handle::get(otpauth);
        out = Out::text(out, capacity, length);
        => account(accounts, index)?.write_text(field, 0, out)
    }
}

/// Writes one number of an account: `TWINLOCK_FIELD_KIND`, `_ALGORITHM`, `_DIGITS`, `_PERIOD` and
/// `_COUNTER`, the last two only where the kind has them; of an app's export also `_BATCH_ID`, `_BATCH_INDEX`
/// and `_BATCH_SIZE`, since an export of many accounts is several QR codes.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_otpauth_int(
    otpauth: *const twinlock_otpauth,
    index: usize,
    field: i32,
    out: *mut i64,
) -> i32 {
    export! {
        accounts = handle::get(otpauth);
        out = Slot::new(out);
        => account(accounts, index)?.write_number(field, out)
    }
}

fn account(accounts: &[Fields], index: usize) -> Result<&Fields, Failure> {
    accounts.get(index).ok_or(ErrorCode::FieldUnknown.into())
}

/// Frees accounts and wipes their secrets. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_otpauth_free(otpauth: *mut twinlock_otpauth) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(otpauth) });
}
