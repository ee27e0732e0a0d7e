//! The proof of a passed sign-in or step-up, which Python holds until a token is minted of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use twinlock_core as core;

use crate::errors::{Problem, not_picklable};

/// The proof that the host's policy on second factors is met. The calls that mint use it up; what it says stays.
#[pyclass(frozen, module = "twinlock")]
pub struct Proof {
    state: Mutex<State>,
}

enum State {
    Fresh(core::Proof),
    Minted(Facts),
}

/// What a proof says.
struct Facts {
    subject: String,
    method: Option<&'static str>,
    device_id: Option<String>,
    purpose: Option<String>,
    amr: Vec<String>,
    auth_time: i64,
    epoch: u64,
}

impl Facts {
    fn of(proof: &core::Proof) -> Self {
        Self {
            subject: proof.subject().as_str().to_owned(),
            method: proof.method().map(core::Method::name),
            device_id: proof.device_id().map(str::to_owned),
            purpose: proof.purpose().map(str::to_owned),
            amr: proof.amr(),
            auth_time: proof.auth_time().to_i64(),
            epoch: proof.epoch(),
        }
    }
}

impl Proof {
    pub(crate) fn new(proof: core::Proof) -> Self {
        Self { state: Mutex::new(State::Fresh(proof)) }
    }

    /// Takes the proof out, once.
    pub(crate) fn take(&self) -> Result<core::Proof, Problem> {
        let mut state = self.state();
        let State::Fresh(proof) = &*state else { return Err(Problem::argument("proof")) };
        let facts = Facts::of(proof);
        match std::mem::replace(&mut *state, State::Minted(facts)) {
            State::Fresh(proof) => Ok(proof),
            State::Minted(_) => Err(Problem::argument("proof")),
        }
    }

    /// Looks at the proof, unless it was taken out.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&core::Proof) -> Result<T, Problem>) -> Result<T, Problem> {
        match &*self.state() {
            State::Fresh(proof) => see(proof),
            State::Minted(_) => Err(Problem::argument("proof")),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, fresh: impl FnOnce(&core::Proof) -> T, minted: impl FnOnce(&Facts) -> T) -> T {
        match &*self.state() {
            State::Fresh(proof) => fresh(proof),
            State::Minted(facts) => minted(facts),
        }
    }
}

#[pymethods]
impl Proof {
    /// Who signed in.
    #[getter]
    fn subject(&self) -> String {
        self.read(|proof| proof.subject().as_str().to_owned(), |facts| facts.subject.clone())
    }

    /// The second factor used: ``"otp"``, ``"backup"``, ``"sent"``, or ``None`` where none is set.
    #[getter]
    fn method(&self) -> Option<&'static str> {
        self.read(|proof| proof.method().map(core::Method::name), |facts| facts.method)
    }

    /// The id of the device whose code was accepted.
    #[getter]
    fn device_id(&self) -> Option<String> {
        self.read(|proof| proof.device_id().map(str::to_owned), |facts| facts.device_id.clone())
    }

    /// What a step-up was for; ``None`` for a sign-in.
    #[getter]
    fn purpose(&self) -> Option<String> {
        self.read(|proof| proof.purpose().map(str::to_owned), |facts| facts.purpose.clone())
    }

    /// The ``amr`` claim (RFC 8176).
    #[getter]
    fn amr(&self) -> Vec<String> {
        self.read(core::Proof::amr, |facts| facts.amr.clone())
    }

    /// When the first factor was passed; for an enrollment, when its code was.
    #[getter]
    fn auth_time(&self) -> i64 {
        self.read(|proof| proof.auth_time().to_i64(), |facts| facts.auth_time)
    }

    /// The record's epoch at that moment.
    #[getter]
    fn epoch(&self) -> u64 {
        self.read(core::Proof::epoch, |facts| facts.epoch)
    }

    fn __repr__(&self) -> &'static str {
        "Proof(…)"
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Proof")
    }
}
