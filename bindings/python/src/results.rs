//! What the engine gives out: set-ups, challenges, proofs, tokens, status.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::otp::qr;
use zeroize::Zeroizing;

use crate::errors::{Problem, guard, not_picklable};
use crate::secrets::reveal;

/// What the user needs to set up an authenticator. Show it once.
#[pyclass(frozen, module = "twinlock")]
pub struct Setup {
    #[pyo3(get)]
    device_id: String,
    secret: Zeroizing<String>,
    uri: Zeroizing<String>,
    #[pyo3(get)]
    expires_at: i64,
}

impl Setup {
    pub(crate) fn new(setup: core::Provisioning) -> Self {
        let core::Provisioning { device_id, secret, uri, expires_at } = setup;
        Self { device_id, secret, uri, expires_at: expires_at.to_i64() }
    }
}

#[pymethods]
impl Setup {
    /// The secret in base32, for typing in.
    #[getter]
    fn secret(&self) -> &str {
        &self.secret
    }

    /// The ``otpauth://`` URI.
    #[getter]
    fn uri(&self) -> &str {
        &self.uri
    }

    /// The URI as a QR code in SVG, drawn when asked for.
    #[getter]
    fn qr_svg(&self, py: Python<'_>) -> PyResult<String> {
        guard(|| Ok(py.detach(|| qr::svg(&self.uri))?))
    }

    /// The same as a ``data:`` URI for an ``<img>``.
    #[getter]
    fn qr_svg_data_uri(&self, py: Python<'_>) -> PyResult<String> {
        guard(|| Ok(py.detach(|| qr::svg_data_uri(&self.uri))?))
    }

    fn __repr__(&self) -> String {
        format!("Setup(device_id='{}', expires_at={})", self.device_id, self.expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Setup")
    }
}

/// A confirmed enrollment. Show the backup codes once.
#[pyclass(frozen, module = "twinlock")]
pub struct Enrolled {
    #[pyo3(get)]
    device_id: String,
    backup_codes: Vec<Zeroizing<String>>,
    proof: Py<Proof>,
}

impl Enrolled {
    pub(crate) fn new(py: Python<'_>, enrolled: core::Enrolled) -> PyResult<Self> {
        let core::Enrolled { device_id, backup_codes, proof } = enrolled;
        Ok(Self { device_id, backup_codes, proof: Py::new(py, Proof::new(proof))? })
    }
}

#[pymethods]
impl Enrolled {
    /// The backup codes.
    #[getter]
    fn backup_codes(&self) -> Vec<String> {
        self.backup_codes.iter().cloned().map(reveal).collect()
    }

    /// The proof that the confirming code is.
    #[getter]
    fn proof(&self, py: Python<'_>) -> Py<Proof> {
        self.proof.clone_ref(py)
    }

    fn __repr__(&self) -> String {
        format!("Enrolled(device_id='{}')", self.device_id)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Enrolled")
    }
}

/// The answer to a passed first factor: a challenge, or a proof where no second factor is set.
#[pyclass(frozen, module = "twinlock")]
pub struct SignIn {
    challenge: Option<core::Challenge>,
    proof: Option<Py<Proof>>,
}

impl SignIn {
    pub(crate) fn new(py: Python<'_>, sign_in: core::SignIn) -> Result<Self, Problem> {
        match sign_in {
            core::SignIn::NotRequired(proof) => {
                Ok(Self { challenge: None, proof: Some(Py::new(py, Proof::new(proof))?) })
            }
            core::SignIn::Challenge(challenge) => Ok(Self { challenge: Some(challenge), proof: None }),
            _ => Err(Problem::argument("sign_in")),
        }
    }
}

#[pymethods]
impl SignIn {
    /// The signed token, to come back with the answer; ``None`` where no second factor is set.
    #[getter]
    fn challenge(&self) -> Option<&str> {
        self.challenge.as_ref().map(|challenge| challenge.token.as_str())
    }

    /// What may answer it.
    #[getter]
    fn methods(&self) -> Vec<&'static str> {
        let methods = self.challenge.iter().flat_map(|challenge| &challenge.methods);
        methods.map(|method| method.name()).collect()
    }

    /// When the challenge ends.
    #[getter]
    fn expires_at(&self) -> Option<i64> {
        self.challenge.as_ref().map(|challenge| challenge.expires_at.to_i64())
    }

    /// The proof where no second factor is set.
    #[getter]
    fn proof(&self, py: Python<'_>) -> Option<Py<Proof>> {
        self.proof.as_ref().map(|proof| proof.clone_ref(py))
    }

    fn __repr__(&self) -> String {
        format!("SignIn(methods={:?})", self.methods())
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("SignIn")
    }
}

/// The proof that the host's policy on second factors is met. ``Engine.mint`` uses it up; what it says stays.
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
    amr: Vec<String>,
    auth_time: i64,
    epoch: u64,
}

impl Facts {
    fn of(proof: &core::Proof) -> Self {
        Self {
            subject: proof.subject().as_str().to_owned(),
            method: proof.method().map(core::Method::name),
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

    /// The second factor used: ``"otp"``, ``"backup"``, or ``None`` where none is set.
    #[getter]
    fn method(&self) -> Option<&'static str> {
        self.read(|proof| proof.method().map(core::Method::name), |facts| facts.method)
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

/// A minted pair of tokens.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct Tokens {
    access: String,
    refresh: String,
    access_expires_at: i64,
    refresh_expires_at: i64,
}

impl From<core::Tokens> for Tokens {
    fn from(tokens: core::Tokens) -> Self {
        Self {
            access: tokens.access,
            refresh: tokens.refresh,
            access_expires_at: tokens.access_expires_at.to_i64(),
            refresh_expires_at: tokens.refresh_expires_at.to_i64(),
        }
    }
}

#[pymethods]
impl Tokens {
    fn __repr__(&self) -> String {
        let (access, refresh) = (self.access_expires_at, self.refresh_expires_at);
        format!("Tokens(access_expires_at={access}, refresh_expires_at={refresh})")
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Tokens")
    }
}

/// A new access token.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct AccessToken {
    pub(crate) access: String,
    pub(crate) access_expires_at: i64,
}

#[pymethods]
impl AccessToken {
    fn __repr__(&self) -> String {
        format!("AccessToken(access_expires_at={})", self.access_expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("AccessToken")
    }
}
