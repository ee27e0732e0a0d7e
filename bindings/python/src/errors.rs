//! From the core's refusals, faults and panics to the exceptions of `twinlock/errors.py`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use twinlock_core::{CommitError, Error, ErrorCode, Fault, Refusal};

pyo3::import_exception!(twinlock.errors, ArgumentFault);
pyo3::import_exception!(twinlock.errors, CommitLost);
pyo3::import_exception!(twinlock.errors, InternalFault);
pyo3::import_exception!(twinlock.errors, KeyFault);
pyo3::import_exception!(twinlock.errors, RecordFault);
pyo3::import_exception!(twinlock.errors, Refused);

/// Whatever ends a call other than well.
pub enum Problem {
    /// The user's answer was not accepted.
    Refused(Refusal),
    /// The caller or the deployment did something that cannot work.
    Fault(Fault),
    /// The conditional write lost its race.
    Lost,
    /// An exception that Python code raised, or one that only this binding knows.
    Python(PyErr),
}

impl Problem {
    /// The arguments do not fit together, or an object is used a second time.
    pub const fn argument(name: &'static str) -> Self {
        Self::Fault(Fault::about(ErrorCode::ArgumentInvalid, name))
    }

    /// A word that is none of those to choose from.
    pub const fn unknown(name: &'static str) -> Self {
        Self::Fault(Fault::about(ErrorCode::ArgumentUnknown, name))
    }

    /// An argument is of a type that does not count.
    pub fn wrong_type(name: &str, wanted: &str, value: &Bound<'_, PyAny>) -> Self {
        let kind =
            value.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string());
        Self::Python(PyTypeError::new_err(format!("{name} must be {wanted}, not {kind}")))
    }
}

impl From<Problem> for PyErr {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Refused(refusal) => Refused::new_err((refusal.code.name(), refusal.retry_after)),
            Problem::Fault(fault) => raise(fault),
            Problem::Lost => CommitLost::new_err(()),
            Problem::Python(error) => error,
        }
    }
}

/// Picks the class by whose fault it is: the key ring's, the stored bytes' or the caller's.
fn raise(fault: Fault) -> PyErr {
    let told = (fault.code.name(), fault.about);
    match fault.code {
        ErrorCode::Panic => InternalFault::new_err(()),
        ErrorCode::KeyMissing
        | ErrorCode::KeyMalformed
        | ErrorCode::KeyWeak
        | ErrorCode::KeyDuplicate
        | ErrorCode::KeyUnknown
        | ErrorCode::KeyRingTooLarge
        | ErrorCode::KeyProviderFailed => KeyFault::new_err(told),
        ErrorCode::EnvelopeMalformed
        | ErrorCode::EnvelopeRejected
        | ErrorCode::CipherRefused
        | ErrorCode::RecordMalformed
        | ErrorCode::FamilyMalformed => RecordFault::new_err(told),
        ErrorCode::RandomUnavailable => base::Fault::new_err(told),
        _ => ArgumentFault::new_err(told),
    }
}

/// The base class, which has the name of the core's own type.
mod base {
    pyo3::import_exception!(twinlock.errors, Fault);
}

/// Runs a call. A panic becomes `InternalFault`, an ordinary `Exception`: PyO3's own is none, and would
/// pass by `except Exception` and end a worker. What the panic said may hold input and is not passed on.
pub fn guard<T>(call: impl FnOnce() -> Result<T, Problem>) -> PyResult<T> {
    let guarded = || {
        #[cfg(feature = "test-hooks")]
        hooks::panic_if_asked();
        call()
    };
    match catch_unwind(AssertUnwindSafe(guarded)) {
        Ok(result) => result.map_err(PyErr::from),
        Err(_) => Err(InternalFault::new_err(())),
    }
}

/// Refuses pickling, and with it copying: a copy of a secret or of a verdict is one too many.
pub fn not_picklable<T>(class: &str) -> PyResult<T> {
    Err(PyTypeError::new_err(format!("{class} objects can be neither pickled nor copied")))
}

macro_rules! from {
    ($($kind:ty: $value:ident => $problem:expr;)*) => {
        $(impl From<$kind> for Problem { fn from($value: $kind) -> Self { $problem } })*
    };
}

from! {
    Fault: fault => Self::Fault(fault);
    Refusal: refusal => Self::Refused(refusal);
    PyErr: error => Self::Python(error);
    Error: error => match error { Error::Refused(refusal) => refusal.into(), Error::Fault(fault) => fault.into() };
    CommitError: error => match error { CommitError::Lost => Self::Lost, CommitError::Refused(refusal) => refusal.into() };
}

/// A way for a test to make every call panic.
#[cfg(feature = "test-hooks")]
pub mod hooks {
    use std::sync::atomic::{AtomicBool, Ordering};

    use pyo3::prelude::*;

    static ASKED: AtomicBool = AtomicBool::new(false);

    /// Makes every later call panic, or no more.
    #[pyfunction]
    pub fn panic_everywhere(asked: bool) {
        ASKED.store(asked, Ordering::SeqCst);
    }

    #[allow(clippy::panic)]
    pub(super) fn panic_if_asked() {
        if ASKED.load(Ordering::SeqCst) {
            panic!("asked for by a test");
        }
    }
}
