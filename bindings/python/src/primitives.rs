//! What stands beside the engine: codes, URIs, QR codes and the vault, as functions.
//!
//! `twinlock/totp.py` and its siblings give them their short names.

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use twinlock_core as core;
use twinlock_core::otp::hotp::{self, HotpParams};
use twinlock_core::otp::totp::{self, Period, TotpParams};
use twinlock_core::otp::{Algorithm, Code, qr, steam, uri};
use twinlock_core::{ErrorCode, OsRandom};

use crate::convert::{Arg, Opt, bytes, fitting, minimum, params, subject, text, time, window};
use crate::errors::{Problem, guard, not_picklable};
use crate::secrets::{KeyRing, Secret, reveal, with_secret};

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

fn hotp_params(algorithm: Opt<'_, '_>, digits: Opt<'_, '_>) -> Result<HotpParams, Problem> {
    let params = params(algorithm, digits, None, TotpParams::default())?;
    Ok(HotpParams { algorithm: params.algorithm, digits: params.digits })
}

fn counter(value: Arg<'_, '_>) -> Result<u64, Problem> {
    fitting(value, "counter", ErrorCode::CounterOverflow)
}

/// Build an ``otpauth://`` URI: of a time device, or of a counter device where ``counter`` is given.
#[pyfunction]
#[pyo3(
    signature = (issuer, account, secret, *, algorithm=None, digits=None, period=None, counter=None),
    text_signature = "(issuer, account, secret, *, algorithm='SHA1', digits=6, period=30, counter=None)"
)]
pub fn otpauth_build(
    issuer: Arg<'_, '_>,
    account: Arg<'_, '_>,
    secret: Arg<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
    period: Opt<'_, '_>,
    counter: Opt<'_, '_>,
) -> PyResult<String> {
    guard(|| {
        let (issuer, account) = (text(issuer, "issuer")?, text(account, "account")?);
        let params = params(algorithm, digits, period, TotpParams::default())?;
        let counter = counter.map(self::counter).transpose()?;
        with_secret(secret, |secret| {
            let uri = match counter {
                None => uri::build(&issuer, &account, secret, &params),
                Some(counter) => {
                    let params = HotpParams { algorithm: params.algorithm, digits: params.digits };
                    uri::build_hotp(&issuer, &account, secret, &params, counter)
                }
            };
            Ok(reveal(uri?))
        })
    })
}

/// Read an ``otpauth://`` URI, for importing a device from elsewhere.
#[pyfunction]
#[pyo3(signature = (uri, *, minimum=None), text_signature = "(uri, *, minimum='rfc4226')")]
pub fn otpauth_parse(py: Python<'_>, uri: Arg<'_, '_>, minimum: Opt<'_, '_>) -> PyResult<OtpauthUri> {
    guard(|| {
        let parsed = uri::parse(&text(uri, "uri")?, self::minimum(minimum)?)?;
        let secret = Py::new(py, Secret { core: parsed.secret })?;
        Ok(OtpauthUri { issuer: parsed.issuer, account: parsed.account, secret, kind: parsed.kind })
    })
}

/// What an ``otpauth://`` URI says.
#[pyclass(frozen, module = "twinlock")]
pub struct OtpauthUri {
    #[pyo3(get)]
    issuer: Option<String>,
    #[pyo3(get)]
    account: String,
    #[pyo3(get)]
    secret: Py<Secret>,
    kind: uri::Kind,
}

#[pymethods]
impl OtpauthUri {
    /// What moves the code on: ``totp`` or ``hotp``; ``steam`` for the codes of Steam Guard.
    #[getter]
    fn kind(&self) -> &'static str {
        match self.kind {
            uri::Kind::Totp(_) => "totp",
            uri::Kind::Hotp { .. } => "hotp",
            uri::Kind::Steam => "steam",
        }
    }

    #[getter]
    fn algorithm(&self) -> &'static str {
        match self.kind {
            uri::Kind::Totp(params) => params.algorithm,
            uri::Kind::Hotp { params, .. } => params.algorithm,
            uri::Kind::Steam => Algorithm::Sha1,
        }
        .name()
    }

    #[getter]
    fn digits(&self) -> u8 {
        match self.kind {
            uri::Kind::Totp(params) => params.digits.get(),
            uri::Kind::Hotp { params, .. } => params.digits.get(),
            uri::Kind::Steam => steam::LENGTH,
        }
    }

    /// Seconds per step of a time device.
    #[getter]
    fn period(&self) -> Option<u8> {
        match self.kind {
            uri::Kind::Totp(params) => Some(params.period.seconds()),
            uri::Kind::Hotp { .. } => None,
            uri::Kind::Steam => Some(Period::default().seconds()),
        }
    }

    /// The counter that comes next of a counter device.
    #[getter]
    fn counter(&self) -> Option<u64> {
        match self.kind {
            uri::Kind::Totp(_) | uri::Kind::Steam => None,
            uri::Kind::Hotp { counter, .. } => Some(counter),
        }
    }

    fn __repr__(&self) -> String {
        format!("OtpauthUri(kind='{}', issuer={:?}, account={:?})", self.kind(), self.issuer, self.account)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("OtpauthUri")
    }
}

/// A self-contained SVG.
#[pyfunction]
pub fn qr_svg(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::svg)
}

/// The SVG as a ``data:`` URI for an ``<img>``.
#[pyfunction]
pub fn qr_svg_data_uri(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::svg_data_uri)
}

/// Lines of block characters for a terminal with light text on a dark ground.
#[pyfunction]
pub fn qr_terminal(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::terminal)
}

/// The same with control sequences that set the colors, right on light terminals, too.
#[pyfunction]
pub fn qr_terminal_colored(py: Python<'_>, text: Arg<'_, '_>) -> PyResult<String> {
    draw(py, text, qr::terminal_colored)
}

/// A PNG with so many pixels per module.
#[pyfunction]
#[pyo3(signature = (text, scale=None), text_signature = "(text, scale=8)")]
pub fn qr_png<'py>(py: Python<'py>, text: Arg<'_, 'py>, scale: Opt<'_, '_>) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let scale = scale.map_or(Ok(8), |value| fitting(value, "scale", ErrorCode::OptionOutOfRange))?;
        let text = crate::convert::text(text, "text")?;
        let text: &str = &text;
        Ok(PyBytes::new(py, &py.detach(|| qr::png(text, scale))?))
    })
}

fn draw(
    py: Python<'_>,
    text: Arg<'_, '_>,
    drawing: fn(&str) -> Result<String, core::Fault>,
) -> PyResult<String> {
    guard(|| {
        let text = crate::convert::text(text, "text")?;
        let text: &str = &text;
        Ok(py.detach(|| drawing(text))?)
    })
}

/// Seal a small secret of the host's own (up to 64 KiB) for a subject.
#[pyfunction]
pub fn vault_seal<'py>(
    py: Python<'py>,
    ring: &Bound<'py, KeyRing>,
    subject: Arg<'_, 'py>,
    data: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let (subject, data) = (self::subject(subject)?, bytes(data, "data")?);
        Ok(PyBytes::new(py, &core::vault::seal(&ring.get().core, &subject, &data, &OsRandom)?))
    })
}

/// Open what ``seal`` made for the same subject with a key of the ring.
#[pyfunction]
pub fn vault_open<'py>(
    py: Python<'py>,
    ring: &Bound<'py, KeyRing>,
    subject: Arg<'_, 'py>,
    data: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyBytes>> {
    guard(|| {
        let (subject, data) = (self::subject(subject)?, bytes(data, "data")?);
        Ok(PyBytes::new(py, &core::vault::open(&ring.get().core, &subject, &data)?))
    })
}
