//! Sessions of rotating refresh tokens: the state that the host stores, and a rotation of it.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBool;
use twinlock_core as core;
use twinlock_core::UnixTime;

use crate::convert::{Arg, Opt, text, time};
use crate::errors::{Problem, guard, not_picklable};
use crate::tokens::Tokens;

/// The state of one session. Nothing in it is secret: without the signed token its names are worth nothing.
#[pyclass(frozen, module = "twinlock")]
pub struct RefreshFamily {
    pub(crate) core: core::RefreshFamily,
}

impl From<core::RefreshFamily> for RefreshFamily {
    fn from(core: core::RefreshFamily) -> Self {
        Self { core }
    }
}

#[pymethods]
impl RefreshFamily {
    /// Read a stored state.
    #[staticmethod]
    fn from_json(text: Arg<'_, '_>) -> PyResult<Self> {
        guard(|| Ok(core::RefreshFamily::from_json(&self::text(text, "text")?)?.into()))
    }

    /// The state as JSON text, to be stored under ``id``. The form is stable.
    fn to_json(&self) -> PyResult<String> {
        guard(|| Ok(self.core.to_json()))
    }

    /// The state of the ended session: a logout. Access tokens that are out live on until their own end.
    #[pyo3(signature = (*, now=None))]
    fn revoke(&self, now: Opt<'_, '_>) -> PyResult<Self> {
        guard(|| {
            let mut core = self.core.clone();
            core.revoke(time(now, "now")?);
            Ok(core.into())
        })
    }

    /// Its name: the ``fam`` claim of all tokens of the session.
    #[getter]
    fn id(&self) -> &str {
        self.core.id()
    }

    /// Whose session it is.
    #[getter]
    fn subject(&self) -> &str {
        self.core.subject().as_str()
    }

    /// When the session began.
    #[getter]
    fn created_at(&self) -> i64 {
        self.core.created_at().to_i64()
    }

    /// When it was last rotated, or began.
    #[getter]
    fn rotated_at(&self) -> i64 {
        self.core.rotated_at().to_i64()
    }

    /// When it ends unless it is rotated before: after that the state can be deleted.
    #[getter]
    fn expires_at(&self) -> i64 {
        self.core.expires_at().to_i64()
    }

    /// When it ends for good.
    #[getter]
    fn ends_at(&self) -> i64 {
        self.core.ends_at().to_i64()
    }

    /// When it was revoked, by ``revoke`` or because a token was used twice.
    #[getter]
    fn revoked_at(&self) -> Option<i64> {
        self.core.revoked_at().map(UnixTime::to_i64)
    }

    fn __repr__(&self) -> String {
        format!("RefreshFamily(id='{}', expires_at={})", self.id(), self.expires_at())
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("RefreshFamily")
    }
}

/// What a sign-in with its session comes to: ``method`` (``None`` where no second factor was due), ``tokens`` and
/// the state that was stored, ``family``.
#[pyclass(frozen, module = "twinlock")]
pub struct SignedIn {
    #[pyo3(get)]
    method: Option<&'static str>,
    #[pyo3(get)]
    tokens: Py<Tokens>,
    #[pyo3(get)]
    family: Py<RefreshFamily>,
}

impl SignedIn {
    pub(crate) fn new(py: Python<'_>, made: core::SignedIn) -> PyResult<Self> {
        Ok(Self {
            method: made.method.map(core::Method::name),
            tokens: Py::new(py, Tokens::from(made.tokens))?,
            family: Py::new(py, RefreshFamily::from(made.family))?,
        })
    }
}

#[pymethods]
impl SignedIn {
    fn __repr__(&self) -> &'static str {
        "SignedIn(…)"
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("SignedIn")
    }
}

/// A rotation that counts only after ``family`` was stored and ``commit`` was called. Usable once.
///
/// Store ``family`` with a write that takes effect only if the stored state is still the one that was loaded, in a
/// transaction of its own, then call ``commit`` with whether exactly one row changed.
#[pyclass(frozen, module = "twinlock")]
pub struct PendingRotation {
    held: Mutex<Option<core::PendingRotation>>,
}

impl From<core::PendingRotation> for PendingRotation {
    fn from(pending: core::PendingRotation) -> Self {
        Self { held: Mutex::new(Some(pending)) }
    }
}

#[pymethods]
impl PendingRotation {
    /// The state to store; ``None`` when there is nothing to store.
    #[getter]
    fn family(&self) -> PyResult<Option<RefreshFamily>> {
        guard(|| {
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let held = held.as_ref().ok_or(Problem::argument("pending"))?;
            Ok(held.family().cloned().map(RefreshFamily::from))
        })
    }

    /// Give out the tokens. ``stored`` says whether the conditional write changed exactly one row. Raises
    /// ``CommitLost`` when it did not, ``Refused`` when the answer is no.
    fn commit(&self, stored: Arg<'_, '_>) -> PyResult<Tokens> {
        guard(|| {
            let stored =
                stored.cast::<PyBool>().map_err(|_| Problem::wrong_type("stored", "bool", stored))?;
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok(held.ok_or(Problem::argument("pending"))?.commit(stored.is_true())?.into())
        })
    }

    fn __repr__(&self) -> &'static str {
        "PendingRotation(…)"
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("PendingRotation")
    }
}
