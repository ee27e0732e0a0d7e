//! What must never be printed, pickled or copied by accident: key rings and device secrets.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::{Cipher, ErrorCode, Fault, KeyProvider, MinimumLength, OsRandom, ProviderError};
use zeroize::Zeroizing;

use crate::convert::{Arg, Opt, Texts, minimum, text};
use crate::errors::{Problem, guard, not_picklable};

/// An ordered list of 1 to 16 master keys. The first seals and signs, all open and verify.
#[pyclass(frozen, module = "twinlock")]
pub struct KeyRing {
    pub(crate) core: core::KeyRing,
}

impl KeyRing {
    /// The core has no way to copy a ring; its text form, wiped at once, is one.
    pub(crate) fn copy(&self) -> Result<core::KeyRing, Problem> {
        Ok(core::KeyRing::parse(&self.core.to_text())?.with_cipher(self.core.cipher()))
    }
}

/// A callable of the host's as the core's provider.
struct Provider<'a, 'py>(Arg<'a, 'py>);

impl KeyProvider for Provider<'_, '_> {
    type Error = Problem;

    fn fetch(&self) -> Result<Vec<Zeroizing<String>>, Problem> {
        let given = self.0.call0().map_err(|error| provider_failed(self.0.py(), error))?;
        if let Ok(one) = text(&given, "keys") {
            return Ok(vec![Zeroizing::new(one.to_owned())]);
        }
        let entries = Texts::of(&given, "keys")?;
        Ok(entries.read()?.iter().map(|entry| Zeroizing::new(entry.to_string())).collect())
    }
}

/// What the provider raised goes along as the cause. What is no `Exception`, such as an interrupt, is not its
/// failure.
fn provider_failed(py: Python<'_>, error: PyErr) -> Problem {
    if !error.is_instance_of::<PyException>(py) {
        return Problem::Python(error);
    }
    let fault = PyErr::from(Problem::Fault(Fault::new(ErrorCode::KeyProviderFailed)));
    fault.set_cause(py, Some(error));
    Problem::Python(fault)
}

#[pymethods]
impl KeyRing {
    /// Read keys as ``python -m twinlock keygen`` prints them, separated by commas or white space.
    #[staticmethod]
    #[pyo3(name = "parse")]
    fn from_text(text: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| {
            let text = crate::convert::text(text, "keys")?;
            Ok(Self { core: core::KeyRing::parse(&text)? })
        })
    }

    /// Make a ring of what a callable gives, which fetches the keys from where the host keeps them: one text, or
    /// several in the order of the ring, each as ``parse`` reads it.
    ///
    /// What the callable raises is the ``__cause__`` of a ``KeyFault``.
    #[staticmethod]
    #[pyo3(name = "fetch")]
    fn from_provider(provider: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| {
            if !provider.is_callable() {
                return Err(Problem::wrong_type("provider", "callable", provider));
            }
            match core::KeyRing::fetch(&Provider(provider)) {
                Ok(core) => Ok(Self { core }),
                Err(ProviderError::Provider(problem)) => Err(problem),
                Err(ProviderError::Fault(fault)) => Err(fault.into()),
            }
        })
    }

    /// Make a ring of one new random key.
    #[staticmethod]
    fn generate() -> PyResult<Self> {
        guard(|| Ok(Self { core: core::KeyRing::generate(&OsRandom)? }))
    }

    /// The keys as ``parse`` reads them. Whoever sees this text can open every record.
    fn to_text(&self) -> PyResult<String> {
        guard(|| Ok(reveal(self.core.to_text())))
    }

    /// The same keys with a cipher for ``vault``; an ``Engine`` gives its ring that of its policy.
    fn with_cipher(&self, cipher: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| {
            let cipher = Cipher::from_name(&text(cipher, "cipher")?)?;
            Ok(Self { core: self.copy()?.with_cipher(cipher) })
        })
    }

    /// How ``vault`` seals with this ring, and what it opens.
    #[getter]
    fn cipher(&self) -> &'static str {
        self.core.cipher().name()
    }

    /// The public ids, the first key's first.
    #[getter]
    fn ids(&self) -> PyResult<Vec<String>> {
        guard(|| Ok(self.core.ids().into_iter().map(core::KeyId::to_text).collect()))
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

impl Secret {
    /// The core's secrets are not copied by accident; a device that is imported needs one of its own.
    pub(crate) fn copy(&self) -> Result<core::Secret, Problem> {
        Ok(core::Secret::from_bytes(self.core.expose().to_vec(), MinimumLength::Legacy)?)
    }
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
