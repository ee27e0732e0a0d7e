//! Codes as functions, for those who want only them. `twinlock/totp.py` and its siblings give them their short
//! names.

use pyo3::prelude::*;
use twinlock_core::ErrorCode;
use twinlock_core::otp::hotp::{self, HotpParams};
use twinlock_core::otp::totp::{self, TotpParams};
use twinlock_core::otp::{Code, steam};

use crate::convert::{Arg, Opt, fitting, params, subject, text, time, window};
use crate::errors::{Problem, guard};
use crate::secrets::with_secret;

/// Check a subject (1 to 255 bytes of UTF-8 without control characters) and return it as text.
#[pyfunction]
pub fn check_subject(subject: Arg<'_, '_>) -> PyResult<String> {
    guard(|| Ok(self::subject(subject)?.as_str().to_owned()))
}

/// The code at a time. ``secret`` is a Secret, or base32 of at least 16 bytes.
#[pyfunction]
#[pyo3(
    signature = (secret, *, algorithm=None, digits=None, period=None, now=None),
    text_signature = "(secret, *, algorithm='SHA1', digits=6, period=30, now=None)"
)]
pub fn totp_generate(
    secret: Arg<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
    period: Opt<'_, '_>,
    now: Opt<'_, '_>,
) -> PyResult<String> {
    guard(|| {
        let (params, now) = (params(algorithm, digits, period, TotpParams::default())?, time(now, "now")?);
        with_secret(secret, |secret| Ok(totp::generate(secret, &params, now).to_text()))
    })
}

/// Verify a code and return the step it belongs to, or None. ``window`` is steps before and after (0 to 2).
///
/// Refuse that step and every earlier one from then on: without that, a code can be used twice.
#[pyfunction]
#[pyo3(
    signature = (secret, code, *, window=None, algorithm=None, digits=None, period=None, now=None),
    text_signature = "(secret, code, *, window=1, algorithm='SHA1', digits=6, period=30, now=None)"
)]
pub fn totp_verify(
    secret: Arg<'_, '_>,
    code: Arg<'_, '_>,
    window: Opt<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
    period: Opt<'_, '_>,
    now: Opt<'_, '_>,
) -> PyResult<Option<u64>> {
    guard(|| {
        let params = params(algorithm, digits, period, TotpParams::default())?;
        let (window, now) = (self::window(window)?, time(now, "now")?);
        let code = Code::parse(&text(code, "code")?, params.digits);
        with_secret(secret, |secret| {
            Ok(code.and_then(|code| totp::verify(secret, &params, &code, window, now)))
        })
    })
}

/// The code at a counter value.
#[pyfunction]
#[pyo3(
    signature = (secret, counter, *, algorithm=None, digits=None),
    text_signature = "(secret, counter, *, algorithm='SHA1', digits=6)"
)]
pub fn hotp_generate(
    secret: Arg<'_, '_>,
    counter: Arg<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
) -> PyResult<String> {
    guard(|| {
        let (params, counter) = (hotp_params(algorithm, digits)?, self::counter(counter)?);
        with_secret(secret, |secret| Ok(hotp::generate(secret, &params, counter).to_text()))
    })
}

/// Look for a code at ``counter`` and up to ``look_ahead`` (0 to 100) values after it; return the match or None.
///
/// The next counter to expect is the matched one plus one.
#[pyfunction]
#[pyo3(
    signature = (secret, code, counter, *, look_ahead=None, algorithm=None, digits=None),
    text_signature = "(secret, code, counter, *, look_ahead=10, algorithm='SHA1', digits=6)"
)]
pub fn hotp_verify(
    secret: Arg<'_, '_>,
    code: Arg<'_, '_>,
    counter: Arg<'_, '_>,
    look_ahead: Opt<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
) -> PyResult<Option<u64>> {
    guard(|| {
        let (params, counter) = (hotp_params(algorithm, digits)?, self::counter(counter)?);
        let look_ahead =
            look_ahead.map_or(Ok(10), |value| fitting(value, "look_ahead", ErrorCode::WindowInvalid))?;
        let code = Code::parse(&text(code, "code")?, params.digits);
        with_secret(secret, |secret| match code {
            Some(code) => Ok(hotp::verify(secret, &params, &code, counter, look_ahead)?),
            None => Ok(None),
        })
    })
}

/// Find a counter that ran far ahead by two codes that the device showed one after the other (RFC 4226 §7.4): the
/// first at ``counter`` or up to ``window`` (0 to 1000) values after it. Returns the second one's counter or None.
#[pyfunction]
#[pyo3(
    signature = (secret, first, second, counter, *, window=None, algorithm=None, digits=None),
    text_signature = "(secret, first, second, counter, *, window=100, algorithm='SHA1', digits=6)"
)]
pub fn hotp_resync(
    secret: Arg<'_, '_>,
    first: Arg<'_, '_>,
    second: Arg<'_, '_>,
    counter: Arg<'_, '_>,
    window: Opt<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
) -> PyResult<Option<u64>> {
    guard(|| {
        let (params, counter) = (hotp_params(algorithm, digits)?, self::counter(counter)?);
        let window = window.map_or(Ok(100), |value| fitting(value, "window", ErrorCode::WindowInvalid))?;
        let first = Code::parse(&text(first, "first")?, params.digits);
        let second = Code::parse(&text(second, "second")?, params.digits);
        with_secret(secret, |secret| match (first, second) {
            (Some(first), Some(second)) => {
                Ok(hotp::resync(secret, &params, &first, &second, counter, window)?)
            }
            _ => Ok(None),
        })
    })
}

/// The five characters that Steam Guard shows at a time.
#[pyfunction]
#[pyo3(signature = (secret, *, now=None))]
pub fn steam_generate(secret: Arg<'_, '_>, now: Opt<'_, '_>) -> PyResult<String> {
    guard(|| {
        let now = time(now, "now")?;
        with_secret(secret, |secret| Ok(steam::generate(secret, now)))
    })
}

/// Verify a code of Steam Guard and return the step it belongs to, or None. ``window`` is steps before and after
/// (0 to 2).
///
/// Refuse that step and every earlier one from then on: without that, a code can be used twice.
#[pyfunction]
#[pyo3(
    signature = (secret, code, *, window=None, now=None),
    text_signature = "(secret, code, *, window=1, now=None)"
)]
pub fn steam_verify(
    secret: Arg<'_, '_>,
    code: Arg<'_, '_>,
    window: Opt<'_, '_>,
    now: Opt<'_, '_>,
) -> PyResult<Option<u64>> {
    guard(|| {
        let (window, now) = (self::window(window)?, time(now, "now")?);
        let code = text(code, "code")?;
        with_secret(secret, |secret| Ok(steam::matching_steps(secret, &code, window, now).next()))
    })
}

fn hotp_params(algorithm: Opt<'_, '_>, digits: Opt<'_, '_>) -> Result<HotpParams, Problem> {
    let params = params(algorithm, digits, None, TotpParams::default())?;
    Ok(HotpParams { algorithm: params.algorithm, digits: params.digits })
}

/// A counter of 64 bits.
pub fn counter(value: Arg<'_, '_>) -> Result<u64, Problem> {
    fitting(value, "counter", ErrorCode::CounterOverflow)
}
