//! Primitives for those who want only them: secrets, time-based codes, QR codes.

use std::ffi::c_char;

use twinlock_core::otp::totp::{self, Period, TotpParams, Window};
use twinlock_core::otp::{Algorithm, Code, Digits, qr};
use twinlock_core::{ErrorCode, MinimumLength, OsRandom, Secret, UnixTime};

use crate::buffer::{Out, Slot, text};
use crate::guard::guard;
use crate::status::Failure;

/// HMAC-SHA-1, which every authenticator app understands.
pub const TWINLOCK_ALGORITHM_SHA1: i32 = 1;
/// HMAC-SHA-256.
pub const TWINLOCK_ALGORITHM_SHA256: i32 = 2;
/// HMAC-SHA-512.
pub const TWINLOCK_ALGORITHM_SHA512: i32 = 3;

/// Writes a new secret of 160 bits in base32.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_secret_generate(
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let out = unsafe { Out::text(out, capacity, length)? };
        out.write(Secret::generate(&OsRandom)?.to_base32().as_bytes())
    })
}

/// Writes the time-based code (RFC 6238) at a time. `secret` is base32, `algorithm` one of
/// `TWINLOCK_ALGORITHM_*`, `digits` 6 to 8, `period` 15 to 120 seconds.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_totp_generate(
    secret: *const c_char,
    secret_length: usize,
    algorithm: i32,
    digits: u32,
    period: u32,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (secret, out) = unsafe { (text(secret, secret_length)?, Out::text(out, capacity, length)?) };
        let secret = Secret::from_base32(secret, MinimumLength::Rfc4226)?;
        let code = totp::generate(&secret, &params(algorithm, digits, period)?, UnixTime::new(now)?);
        out.write(code.to_text().as_bytes())
    })
}

/// Looks for a code in the steps around a time, `window` (0 to 2) to each side, and writes the number of
/// the step it belongs to. Keep that number and refuse the same or a lower one from then on: without
/// that, a code can be used twice. `TWINLOCK_R_WRONG_CODE` where the code is none of these.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_totp_verify(
    secret: *const c_char,
    secret_length: usize,
    algorithm: i32,
    digits: u32,
    period: u32,
    code: *const c_char,
    code_length: usize,
    window: u32,
    now: i64,
    step: *mut u64,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (secret, typed, out) =
            unsafe { (text(secret, secret_length)?, text(code, code_length)?, Slot::new(step)?) };
        let secret = Secret::from_base32(secret, MinimumLength::Rfc4226)?;
        let (params, window, now) =
            (params(algorithm, digits, period)?, Window::new(window)?, UnixTime::new(now)?);
        let code = Code::parse(typed, params.digits).ok_or(ErrorCode::WrongCode)?;
        out.put(totp::verify(&secret, &params, &code, window, now).ok_or(ErrorCode::WrongCode)?);
        Ok(())
    })
}

fn params(algorithm: i32, digits: u32, period: u32) -> Result<TotpParams, Failure> {
    let algorithm = match algorithm {
        TWINLOCK_ALGORITHM_SHA1 => Algorithm::Sha1,
        TWINLOCK_ALGORITHM_SHA256 => Algorithm::Sha256,
        TWINLOCK_ALGORITHM_SHA512 => Algorithm::Sha512,
        _ => return Err(ErrorCode::AlgorithmUnknown.into()),
    };
    Ok(TotpParams { algorithm, digits: Digits::new(digits)?, period: Period::new(period)? })
}

/// Draws a text, such as the URI of an enrollment, as a QR code in a self-contained SVG. Draw it here and
/// never through a remote service: the URI holds the secret.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_qr_svg(
    content: *const c_char,
    content_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (content, out) = unsafe { (text(content, content_length)?, Out::text(out, capacity, length)?) };
        out.write(qr::svg(content)?.as_bytes())
    })
}
