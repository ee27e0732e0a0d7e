//! Primitives for those who want only them: secrets and codes.

use std::ffi::c_char;

use twinlock_core::otp::hotp::{self, HotpParams};
use twinlock_core::otp::totp::{self, Period, TotpParams, Window};
use twinlock_core::otp::{Code, Digits, steam};
use twinlock_core::{ErrorCode, MinimumLength, OsRandom, Secret, UnixTime};

use crate::buffer::{Out, Slot, bytes, text};
use crate::device::algorithm;
use crate::guard::export;
use crate::status::Failure;

/// Writes a new secret of 160 bits in base32.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_secret_generate(
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        out = Out::text(out, capacity, length);
        => out.write(Secret::generate(&OsRandom)?.to_base32().as_bytes())
    }
}

/// Writes a secret of 10 to 128 raw bytes in base32, as every other call takes it. Less than 16 bytes are
/// too few (RFC 4226 section 4) for all but `twinlock_engine_import_device`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_secret_from_bytes(
    secret: *const u8,
    secret_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        secret = bytes(secret, secret_length);
        out = Out::text(out, capacity, length);
        => out.write(Secret::from_bytes(secret.to_vec(), MinimumLength::Legacy)?.to_base32().as_bytes())
    }
}

/// Writes the time-based code (RFC 6238) at a time. `secret` is base32 of at least 16 bytes, `algorithm` one
/// of `TWINLOCK_ALGORITHM_*`, `digits` 6 to 8, `period` 15 to 120 seconds.
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
    export! {
        secret = text(secret, secret_length);
        out = Out::text(out, capacity, length);
        => {
            let params = totp_params(algorithm, digits, period)?;
            let code = totp::generate(&read_secret(secret)?, &params, UnixTime::new(now)?);
            out.write(code.to_text().as_bytes())
        }
    }
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
    export! {
        secret = text(secret, secret_length);
        code = text(code, code_length);
        out = Slot::new(step);
        => {
            let params = totp_params(algorithm, digits, period)?;
            let (secret, window, now) = (read_secret(secret)?, Window::new(window)?, UnixTime::new(now)?);
            let code = read_code(code, params.digits)?;
            found(totp::verify(&secret, &params, &code, window, now), out)
        }
    }
}

/// Writes the code at a counter (RFC 4226). `secret`, `algorithm` and `digits` are as in
/// `twinlock_totp_generate`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_hotp_generate(
    secret: *const c_char,
    secret_length: usize,
    algorithm: i32,
    digits: u32,
    counter: u64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        secret = text(secret, secret_length);
        out = Out::text(out, capacity, length);
        => {
            let code = hotp::generate(&read_secret(secret)?, &hotp_params(algorithm, digits)?, counter);
            out.write(code.to_text().as_bytes())
        }
    }
}

/// Looks for a code at a counter and up to `look_ahead` (0 to 100) values after it, and writes the counter
/// that it belongs to. Keep one more than that as the next to expect. `TWINLOCK_R_WRONG_CODE` where the code
/// is none of these.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_hotp_verify(
    secret: *const c_char,
    secret_length: usize,
    algorithm: i32,
    digits: u32,
    code: *const c_char,
    code_length: usize,
    counter: u64,
    look_ahead: u32,
    matched: *mut u64,
) -> i32 {
    export! {
        secret = text(secret, secret_length);
        code = text(code, code_length);
        out = Slot::new(matched);
        => {
            let params = hotp_params(algorithm, digits)?;
            let (secret, code) = (read_secret(secret)?, read_code(code, params.digits)?);
            let look_ahead = u8::try_from(look_ahead).map_err(|_| ErrorCode::WindowInvalid)?;
            found(hotp::verify(&secret, &params, &code, counter, look_ahead)?, out)
        }
    }
}

/// Finds a counter that ran far ahead by two codes shown one after the other (RFC 4226 section 7.4), the
/// first at `counter` or up to `window` (0 to 1000) values after it, and writes the counter of the second.
/// Keep one more than that as the next to expect. `TWINLOCK_R_WRONG_CODE` where they are not found.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_hotp_resync(
    secret: *const c_char,
    secret_length: usize,
    algorithm: i32,
    digits: u32,
    first: *const c_char,
    first_length: usize,
    second: *const c_char,
    second_length: usize,
    counter: u64,
    window: u32,
    matched: *mut u64,
) -> i32 {
    export! {
        secret = text(secret, secret_length);
        first = text(first, first_length);
        second = text(second, second_length);
        out = Slot::new(matched);
        => {
            let params = hotp_params(algorithm, digits)?;
            let (first, second) = (read_code(first, params.digits)?, read_code(second, params.digits)?);
            let window = u16::try_from(window).map_err(|_| ErrorCode::WindowInvalid)?;
            found(hotp::resync(&read_secret(secret)?, &params, &first, &second, counter, window)?, out)
        }
    }
}

/// Writes the code of Steam Guard at a time: five characters.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_steam_generate(
    secret: *const c_char,
    secret_length: usize,
    now: i64,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        secret = text(secret, secret_length);
        out = Out::text(out, capacity, length);
        => out.write(steam::generate(&read_secret(secret)?, UnixTime::new(now)?).as_bytes())
    }
}

/// As `twinlock_totp_verify`, for a code of Steam Guard.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_steam_verify(
    secret: *const c_char,
    secret_length: usize,
    code: *const c_char,
    code_length: usize,
    window: u32,
    now: i64,
    step: *mut u64,
) -> i32 {
    export! {
        secret = text(secret, secret_length);
        code = text(code, code_length);
        out = Slot::new(step);
        => {
            let (window, now) = (Window::new(window)?, UnixTime::new(now)?);
            found(steam::matching_steps(&read_secret(secret)?, code, window, now).next(), out)
        }
    }
}

fn totp_params(algorithm: i32, digits: u32, period: u32) -> Result<TotpParams, Failure> {
    let HotpParams { algorithm, digits } = hotp_params(algorithm, digits)?;
    Ok(TotpParams { algorithm, digits, period: Period::new(period)? })
}

fn hotp_params(number: i32, digits: u32) -> Result<HotpParams, Failure> {
    Ok(HotpParams { algorithm: algorithm(number)?, digits: Digits::new(digits)? })
}

fn read_secret(base32: &str) -> Result<Secret, Failure> {
    Ok(Secret::from_base32(base32, MinimumLength::Rfc4226)?)
}

fn read_code(typed: &str, digits: Digits) -> Result<Code, Failure> {
    Code::parse(typed, digits).ok_or(ErrorCode::WrongCode.into())
}

fn found(matched: Option<u64>, out: Slot<u64>) -> Result<(), Failure> {
    out.put(matched.ok_or(ErrorCode::WrongCode)?);
    Ok(())
}
