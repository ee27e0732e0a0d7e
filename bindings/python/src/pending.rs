//! `Pending`: the record to store, and what `commit` gives out once it is stored.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyList};
use twinlock_core as core;
use zeroize::Zeroizing;

use crate::convert::Arg;
use crate::errors::{Problem, guard, not_picklable};
use crate::results::{Enrolled, Proof, Setup, SignIn};
use crate::secrets::reveal;

/// A decision that counts only after ``record`` was stored and ``commit`` was called. Usable once.
///
/// Store ``record`` with a conditional write in a transaction of its own, then call ``commit`` with whether
/// exactly one row changed. A refusal comes out of ``commit``, too: a guess is answered after it was counted.
#[pyclass(frozen, generic, module = "twinlock")]
pub struct Pending {
    held: Mutex<Option<Held>>,
}

/// The core's `Pending<T>` for each T there is.
enum Held {
    Setup(core::Pending<core::Provisioning>),
    Enrolled(core::Pending<core::Enrolled>),
    SignIn(core::Pending<core::SignIn>),
    Proof(core::Pending<core::Proof>),
    BackupCodes(core::Pending<Vec<Zeroizing<String>>>),
    Nothing(core::Pending<()>),
}

macro_rules! from {
    ($($kind:ty => $variant:ident)*) => {
        $(impl From<core::Pending<$kind>> for Pending {
            fn from(pending: core::Pending<$kind>) -> Self {
                Self { held: Mutex::new(Some(Held::$variant(pending))) }
            }
        })*
    };
}

from! {
    core::Provisioning => Setup
    core::Enrolled => Enrolled
    core::SignIn => SignIn
    core::Proof => Proof
    Vec<Zeroizing<String>> => BackupCodes
    () => Nothing
}

impl Held {
    fn record(&self) -> Option<&[u8]> {
        match self {
            Self::Setup(pending) => pending.record(),
            Self::Enrolled(pending) => pending.record(),
            Self::SignIn(pending) => pending.record(),
            Self::Proof(pending) => pending.record(),
            Self::BackupCodes(pending) => pending.record(),
            Self::Nothing(pending) => pending.record(),
        }
    }

    fn commit(self, py: Python<'_>, stored: bool) -> Result<Py<PyAny>, Problem> {
        Ok(match self {
            Self::Setup(pending) => Py::new(py, Setup::new(pending.commit(stored)?))?.into_any(),
            Self::Enrolled(pending) => Py::new(py, Enrolled::new(py, pending.commit(stored)?)?)?.into_any(),
            Self::SignIn(pending) => Py::new(py, SignIn::new(py, pending.commit(stored)?)?)?.into_any(),
            Self::Proof(pending) => Py::new(py, Proof::new(pending.commit(stored)?))?.into_any(),
            Self::BackupCodes(pending) => {
                let codes = pending.commit(stored)?.into_iter().map(reveal);
                PyList::new(py, codes.collect::<Vec<_>>())?.into_any().unbind()
            }
            Self::Nothing(pending) => {
                pending.commit(stored)?;
                py.None()
            }
        })
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
