//! Arguments as Python gives them: text, bytes, numbers, times. Names go into the errors, values never.

use std::ops::Deref;
use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyMemoryView, PyString};
use twinlock_core::otp::totp::{Period, TotpParams, Window};
use twinlock_core::otp::{Algorithm, Digits};
use twinlock_core::{ErrorCode, Fault, MinimumLength, Subject, UnixTime};
use zeroize::Zeroizing;

use crate::errors::Problem;

/// An argument that was given.
pub type Arg<'a, 'py> = &'a Bound<'py, PyAny>;
/// An argument that may be left out; Python's `None` counts as left out.
pub type Opt<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// Bytes of an argument: borrowed where Python's object cannot change meanwhile, else copied and wiped.
pub enum Bytes<'a> {
    /// Those of `bytes` and `str`.
    Borrowed(&'a [u8]),
    /// A copy.
    Owned(Zeroizing<Vec<u8>>),
}

impl Deref for Bytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// Text of an argument, as [`Bytes`].
pub enum Text<'a> {
    /// That of `bytes` and `str`.
    Borrowed(&'a str),
    /// A copy.
    Owned(Zeroizing<String>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

/// `bytes`, `bytearray` or `memoryview`.
pub fn bytes<'a>(value: Arg<'a, '_>, name: &'static str) -> Result<Bytes<'a>, Problem> {
    like_bytes(value)?.ok_or_else(|| Problem::wrong_type(name, "bytes", value))
}

/// As [`bytes`], or left out.
pub fn opt_bytes<'a>(value: Opt<'a, '_>, name: &'static str) -> Result<Option<Bytes<'a>>, Problem> {
    value.map(|value| bytes(value, name)).transpose()
}

/// `str`, or UTF-8 in what [`bytes`] takes.
pub fn text<'a>(value: Arg<'a, '_>, name: &'static str) -> Result<Text<'a>, Problem> {
    let not_utf8 = || Fault::about(ErrorCode::TextNotUtf8, name);
    if let Ok(text) = value.cast::<PyString>() {
        // Fails for a lone surrogate, which no UTF-8 has.
        return Ok(Text::Borrowed(text.to_str().map_err(|_| not_utf8())?));
    }
    match like_bytes(value)? {
        Some(Bytes::Borrowed(bytes)) => Ok(Text::Borrowed(str::from_utf8(bytes).map_err(|_| not_utf8())?)),
        Some(Bytes::Owned(bytes)) => {
            let text = str::from_utf8(&bytes).map_err(|_| not_utf8())?;
            Ok(Text::Owned(Zeroizing::new(text.to_owned())))
        }
        None => Err(Problem::wrong_type(name, "str or UTF-8 bytes", value)),
    }
}

/// As [`text`], or left out.
pub fn opt_text<'a>(value: Opt<'a, '_>, name: &'static str) -> Result<Option<Text<'a>>, Problem> {
    value.map(|value| text(value, name)).transpose()
}

/// Several texts, as a list, a tuple or any other iterable that is no text itself.
pub struct Texts<'py> {
    items: Vec<Bound<'py, PyAny>>,
    name: &'static str,
}

impl<'py> Texts<'py> {
    /// The items. One word is refused: it would be read letter by letter.
    pub fn of(value: Arg<'_, 'py>, name: &'static str) -> Result<Self, Problem> {
        if value.is_instance_of::<PyString>() || like_bytes(value)?.is_some() {
            return Err(Problem::wrong_type(name, "a list or tuple of texts", value));
        }
        Ok(Self { items: value.try_iter()?.collect::<PyResult<_>>()?, name })
    }

    /// Each as it is.
    pub fn items(&self) -> &[Bound<'py, PyAny>] {
        &self.items
    }

    /// Each as text.
    pub fn read(&self) -> Result<Vec<Text<'_>>, Problem> {
        self.items.iter().map(|item| text(item, self.name)).collect()
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        self
    }
}

fn like_bytes<'a>(value: Arg<'a, '_>) -> Result<Option<Bytes<'a>>, Problem> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(Bytes::Borrowed(bytes.as_bytes())));
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(Some(Bytes::Owned(Zeroizing::new(bytes.to_vec()))));
    }
    if value.cast::<PyMemoryView>().is_ok() {
        let bytes = value.call_method0("tobytes")?;
        return Ok(Some(Bytes::Owned(Zeroizing::new(bytes.extract()?))));
    }
    Ok(None)
}

/// An integer of any size; one past 64 bits comes as a number that is out of every range. A `bool` is none.
pub fn int(value: Arg<'_, '_>, name: &'static str) -> Result<i128, Problem> {
    let wrong_type = || Problem::wrong_type(name, "int", value);
    if value.is_instance_of::<PyBool>() {
        return Err(wrong_type());
    }
    match value.extract::<i64>() {
        Ok(number) => Ok(number.into()),
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => {
            Ok(value.extract::<u64>().map_or(i128::MAX, i128::from))
        }
        Err(_) => Err(wrong_type()),
    }
}

/// An integer that fits, or the fault of one that does not.
pub fn fitting<T: TryFrom<i128>>(
    value: Arg<'_, '_>,
    name: &'static str,
    code: ErrorCode,
) -> Result<T, Problem> {
    T::try_from(int(value, name)?).map_err(|_| Fault::about(code, name).into())
}

/// Unix seconds, or the system's clock where they are left out.
pub fn time(value: Opt<'_, '_>, name: &'static str) -> Result<UnixTime, Problem> {
    let invalid = || Problem::from(Fault::about(ErrorCode::TimeInvalid, name));
    let seconds = match value {
        Some(value) => fitting(value, name, ErrorCode::TimeInvalid)?,
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .ok_or_else(invalid)?,
    };
    UnixTime::new(seconds).map_err(|_| invalid())
}

/// The host's id of a user.
pub fn subject(value: Arg<'_, '_>) -> Result<Subject, Problem> {
    Ok(Subject::new(&text(value, "subject")?)?)
}

/// How short a secret may be: `rfc4226` or `legacy`.
pub fn minimum(value: Opt<'_, '_>) -> Result<MinimumLength, Problem> {
    match opt_text(value, "minimum")?.as_deref() {
        None | Some("rfc4226") => Ok(MinimumLength::Rfc4226),
        Some("legacy") => Ok(MinimumLength::Legacy),
        Some(_) => Err(Problem::unknown("minimum")),
    }
}

/// Steps before and after the current one.
pub fn window(value: Opt<'_, '_>) -> Result<Window, Problem> {
    match value {
        Some(value) => Ok(Window::new(fitting(value, "window", ErrorCode::WindowInvalid)?)?),
        None => Ok(Window::default()),
    }
}

/// The parameters of a device, each falling back to that of `fallback`.
pub fn params(
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
    period: Opt<'_, '_>,
    fallback: TotpParams,
) -> Result<TotpParams, Problem> {
    let mut params = fallback;
    if let Some(name) = opt_text(algorithm, "algorithm")? {
        params.algorithm = Algorithm::from_name(&name)?;
    }
    if let Some(value) = digits {
        params.digits = Digits::new(fitting(value, "digits", ErrorCode::DigitsInvalid)?)?;
    }
    if let Some(value) = period {
        params.period = Period::new(fitting(value, "period", ErrorCode::PeriodInvalid)?)?;
    }
    Ok(params)
}
