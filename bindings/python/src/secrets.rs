//! What must never be printed, pickled or copied by accident: key rings and device secrets.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::OsRandom;
use zeroize::Zeroizing;

use crate::convert::{Arg, Opt, minimum, text};
use crate::errors::{Problem, guard, not_picklable};

/// An ordered list of 1 to 16 master keys. The first seals and signs, all open and verify.
#[pyclass(frozen, module = "twinlock")]
pub struct KeyRing {
    pub(crate) core: core::vault::KeyRing,
}

impl KeyRing {
    /// The core has no way to copy a ring; its text form, wiped at once, is one.
    pub(crate) fn copy(&self) -> Result<core::vault::KeyRing, Problem> {
        Ok(core::vault::KeyRing::parse(&self.core.to_text())?)
    }
}

#[pymethods]
impl KeyRing {
    /// Read keys as ``python -m twinlock keygen`` prints them, separated by commas or white space.
    #[staticmethod]
    #[pyo3(name = "parse")]
    fn from_text(text: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| {
            let text = crate::convert::text(text, "keys")?;
            Ok(Self { core: core::vault::KeyRing::parse(&text)? })
        })
    }

    /// Make a ring of one new random key.
    #[staticmethod]
    fn generate() -> PyResult<Self> {
        guard(|| Ok(Self { core: core::vault::KeyRing::generate(&OsRandom)? }))
    }

    /// The keys as ``parse`` reads them. Whoever sees this text can open every record.
    fn to_text(&self) -> PyResult<String> {
        guard(|| Ok(reveal(self.core.to_text())))
    }

    /// The public ids, the first key's first.
    #[getter]
    fn ids(&self) -> PyResult<Vec<String>> {
        guard(|| Ok(self.core.ids().into_iter().map(core::vault::KeyId::to_text).collect()))
    }

    fn __repr__(&self) -> PyResult<String> {
        Ok(format!("KeyRing(ids={:?})", self.ids()?))
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("KeyRing")
    }
}

/// The shared secret of a device. ``to_base32`` shows it on purpose, nothing else does.
#[pyclass(frozen, module = "twinlock")]
pub struct Secret {
    pub(crate) core: core::Secret,
}

#[pymethods]
impl Secret {
    /// Make a secret of 20 random bytes.
    #[staticmethod]
    fn generate() -> PyResult<Self> {
        guard(|| Ok(Self { core: core::Secret::generate(&OsRandom)? }))
    }

    /// Read base32 in either case; padding is optional, spaces and hyphens are skipped.
    ///
    /// The secret must have 16 bytes or more (RFC 4226), or 10 with ``minimum="legacy"``.
    #[staticmethod]
    #[pyo3(signature = (text, minimum=None), text_signature = "(text, minimum='rfc4226')")]
    fn from_base32(text: Arg<'_, '_>, minimum: Opt<'_, '_>) -> PyResult<Self> {
        guard(|| {
            let text = crate::convert::text(text, "text")?;
            Ok(Self { core: core::Secret::from_base32(&text, crate::convert::minimum(minimum)?)? })
        })
    }

    /// Upper-case base32 without padding, to be shown to the user once.
    fn to_base32(&self) -> PyResult<String> {
        guard(|| Ok(reveal(self.core.to_base32())))
    }

    fn __repr__(&self) -> &'static str {
        "Secret(…)"
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Secret")
    }
}

/// Copies secret text into what Python will hold; our own copy is wiped. Python's cannot be.
pub fn reveal(text: Zeroizing<String>) -> String {
    text.as_str().to_owned()
}

/// Gives a secret to `work`: that of a [`Secret`], or base32 text of at least 16 bytes.
pub fn with_secret<T>(
    value: Arg<'_, '_>,
    work: impl FnOnce(&core::Secret) -> Result<T, Problem>,
) -> Result<T, Problem> {
    if let Ok(secret) = value.cast::<Secret>() {
        return work(&secret.get().core);
    }
    let text = text(value, "secret")?;
    work(&core::Secret::from_base32(&text, minimum(None)?)?)
}
