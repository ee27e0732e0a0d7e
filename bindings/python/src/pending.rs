//! `Pending`: the record to store, and what `commit` gives out once it is stored.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyList, PyString};
use twinlock_core as core;
use zeroize::Zeroizing;

use crate::convert::Arg;
use crate::errors::{Problem, guard, not_picklable};
use crate::proof::Proof;
use crate::secrets::reveal;
use crate::session::{RefreshFamily, SignedIn};
use crate::setup::{Enrolled, Setup};
use crate::sign_in::{EnrollmentToken, SentCode, SignIn, TrustToken};

/// A decision that counts only after ``record`` was stored and ``commit`` was called. Usable once.
///
/// Store ``record`` with a conditional write in a transaction of its own, then call ``commit`` with whether
/// exactly one row changed. A refusal comes out of ``commit``, too: a guess is answered after it was counted.
#[pyclass(frozen, generic, module = "twinlock")]
pub struct Pending {
    held: Mutex<Option<Held>>,
}

macro_rules! held {
    ($($variant:ident($kind:ty): |$py:ident, $value:ident| $given:expr;)*) => {
        /// The core's `Pending<T>` for each T there is.
        enum Held { $($variant(core::Pending<$kind>),)* }

        impl Held {
            fn record(&self) -> Option<&[u8]> {
                match self { $(Self::$variant(pending) => pending.record(),)* }
            }

            fn commit(self, py: Python<'_>, stored: bool) -> Result<Py<PyAny>, Problem> {
                match self {
                    $(Self::$variant(pending) => {
                        let ($py, $value) = (py, pending.commit(stored)?);
                        Ok($given)
                    })*
                }
            }
        }

        $(impl From<core::Pending<$kind>> for Pending {
            fn from(pending: core::Pending<$kind>) -> Self {
                Self { held: Mutex::new(Some(Held::$variant(pending))) }
            }
        })*
    };
}

held! {
    Setup(core::Provisioning): |py, setup| Py::new(py, Setup::new(setup))?.into_any();
    Enrolled(core::Enrolled): |py, enrolled| Py::new(py, Enrolled::new(py, enrolled)?)?.into_any();
    SignIn(core::SignIn): |py, sign_in| Py::new(py, SignIn::new(py, sign_in)?)?.into_any();
    Proof(core::Proof): |py, proof| Py::new(py, Proof::new(proof))?.into_any();
    SentCode(core::SentCode): |py, code| Py::new(py, SentCode::from(code))?.into_any();
    TrustToken(core::TrustToken): |py, token| Py::new(py, TrustToken::from(token))?.into_any();
    Enrollment(core::EnrollmentToken): |py, token| Py::new(py, EnrollmentToken::from(token))?.into_any();
    BackupCodes(Vec<Zeroizing<String>>): |py, codes| {
        PyList::new(py, codes.into_iter().map(reveal).collect::<Vec<_>>())?.into_any().unbind()
    };
    SignedIn(core::SignedIn): |py, signed_in| Py::new(py, SignedIn::new(py, signed_in)?)?.into_any();
    DeviceId(String): |py, id| PyString::new(py, &id).into_any().unbind();
    Removed(core::Removed): |py, removed| PyString::new(py, word(removed)).into_any().unbind();
    Nothing(()): |py, _nothing| py.None();
}

const fn word(removed: core::Removed) -> &'static str {
    match removed {
        core::Removed::One => "one",
        core::Removed::Last => "last",
    }
}

impl Pending {
    /// The decision about a sign-in, which is used up.
    pub(crate) fn take_proof(&self) -> Result<core::Pending<core::Proof>, Problem> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.take() {
            Some(Held::Proof(pending)) => Ok(pending),
            other => {
                *held = other;
                Err(Problem::argument("pending"))
            }
        }
    }
}

#[pymethods]
impl Pending {
    /// The sealed record to store; ``None`` when there is nothing to store.
    #[getter]
    fn record<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        guard(|| {
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let held = held.as_ref().ok_or(Problem::argument("pending"))?;
            Ok(held.record().map(|record| PyBytes::new(py, record)))
        })
    }

    /// The state of the session that ``Engine.with_session`` began, to store with the record; ``None`` when the
    /// answer is no, and for every other decision.
    #[getter]
    fn family(&self) -> PyResult<Option<RefreshFamily>> {
        guard(|| {
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            match held.as_ref().ok_or(Problem::argument("pending"))? {
                Held::SignedIn(pending) => Ok(pending.family().cloned().map(RefreshFamily::from)),
                _ => Ok(None),
            }
        })
    }

    /// Give out the value. ``stored`` says whether the conditional write changed exactly one row; it does not
    /// matter when there was nothing to store. Raises ``CommitLost`` when it did not, ``Refused`` when the
    /// answer is no.
    #[pyo3(text_signature = "($self, stored)")]
    fn commit(&self, py: Python<'_>, stored: Arg<'_, '_>) -> PyResult<Py<PyAny>> {
        guard(|| {
            let stored =
                stored.cast::<PyBool>().map_err(|_| Problem::wrong_type("stored", "bool", stored))?;
            let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
            held.ok_or(Problem::argument("pending"))?.commit(py, stored.is_true())
        })
    }

    fn __repr__(&self) -> &'static str {
        "Pending(…)"
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Pending")
    }
}
