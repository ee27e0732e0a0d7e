//! What comes after a passed first factor.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::Outcome;
use zeroize::Zeroizing;

use crate::errors::{Problem, not_picklable};
use crate::proof::Proof;

/// The answer to a passed first factor. ``outcome`` says which of the rest is there.
///
/// ``"proof"``: no second factor is due. ``"challenge"``: a code has to be shown. ``"send"``: the same, and the host
/// delivers ``sent_code``. ``"trusted"``: a trusted device; ``proof``, and ``trust`` for its next sign-in.
/// ``"enroll"``: only ``enrollment``, a token that opens enrollment and nothing else.
#[pyclass(frozen, module = "twinlock")]
pub struct SignIn {
    #[pyo3(get)]
    outcome: &'static str,
    challenge: Option<core::Challenge>,
    #[pyo3(get)]
    proof: Option<Py<Proof>>,
    #[pyo3(get)]
    sent_code: Option<Py<SentCode>>,
    #[pyo3(get)]
    trust: Option<Py<TrustToken>>,
    #[pyo3(get)]
    enrollment: Option<Py<EnrollmentToken>>,
}

impl SignIn {
    pub(crate) fn new(py: Python<'_>, sign_in: core::SignIn) -> Result<Self, Problem> {
        let nothing = Self {
            outcome: "proof",
            challenge: None,
            proof: None,
            sent_code: None,
            trust: None,
            enrollment: None,
        };
        let proof = |proof| Ok::<_, Problem>(Some(Py::new(py, Proof::new(proof))?));
        Ok(match sign_in {
            core::SignIn::NotRequired(given) => Self { proof: proof(given)?, ..nothing },
            core::SignIn::Challenge(challenge) => {
                Self { outcome: "challenge", challenge: Some(challenge), ..nothing }
            }
            core::SignIn::Send(challenge, code) => {
                let sent_code = Some(Py::new(py, SentCode::from(code))?);
                Self { outcome: "send", challenge: Some(challenge), sent_code, ..nothing }
            }
            core::SignIn::Trusted(given, token) => {
                let trust = Some(Py::new(py, TrustToken::from(token))?);
                Self { outcome: "trusted", proof: proof(given)?, trust, ..nothing }
            }
            core::SignIn::EnrollOnly(token) => {
                let enrollment = Some(Py::new(py, EnrollmentToken::from(token))?);
                Self { outcome: "enroll", enrollment, ..nothing }
            }
            // The core may learn outcomes that this binding has no word for.
            _ => return Err(Problem::argument("sign_in")),
        })
    }
}

#[pymethods]
impl SignIn {
    /// The signed token, to come back with the answer; ``None`` where there is nothing to answer.
    #[getter]
    fn challenge(&self) -> Option<&str> {
        self.challenge.as_ref().map(|challenge| challenge.token.as_str())
    }

    /// What may answer it: ``"otp"``, ``"backup"``, ``"sent"``.
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

    /// What a right answer gives: ``"sign_in"`` by ``finish_sign_in``, ``"enrollment"`` by
    /// ``finish_for_enrollment``.
    #[getter]
    fn gives(&self) -> Option<&'static str> {
        self.challenge.as_ref().map(|challenge| match challenge.gives {
            Outcome::SignIn => "sign_in",
            Outcome::Enrollment => "enrollment",
        })
    }

    fn __repr__(&self) -> String {
        format!("SignIn(outcome='{}', methods={:?})", self.outcome, self.methods())
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("SignIn")
    }
}

/// A code for the host to deliver by mail or SMS, once.
#[pyclass(frozen, module = "twinlock")]
pub struct SentCode {
    code: Zeroizing<String>,
    #[pyo3(get)]
    expires_at: i64,
}

impl From<core::SentCode> for SentCode {
    fn from(sent: core::SentCode) -> Self {
        Self { code: sent.code, expires_at: sent.expires_at.to_i64() }
    }
}

#[pymethods]
impl SentCode {
    /// The code.
    #[getter]
    fn code(&self) -> &str {
        &self.code
    }

    fn __repr__(&self) -> String {
        format!("SentCode(expires_at={})", self.expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("SentCode")
    }
}

/// A token that a trusted device keeps, for instance in a cookie that scripts cannot read. ``id`` is the one by
/// which the device is listed and revoked.
#[pyclass(frozen, module = "twinlock")]
pub struct TrustToken {
    #[pyo3(get)]
    id: String,
    token: Zeroizing<String>,
    #[pyo3(get)]
    expires_at: i64,
}

impl From<core::TrustToken> for TrustToken {
    fn from(trust: core::TrustToken) -> Self {
        Self { id: trust.id, token: trust.token, expires_at: trust.expires_at.to_i64() }
    }
}

#[pymethods]
impl TrustToken {
    /// The signed token. Whoever has it and the first factor signs in.
    #[getter]
    fn token(&self) -> &str {
        &self.token
    }

    fn __repr__(&self) -> String {
        format!("TrustToken(id='{}', expires_at={})", self.id, self.expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("TrustToken")
    }
}

/// A token that opens enrollment and nothing else.
#[pyclass(frozen, get_all, module = "twinlock")]
pub struct EnrollmentToken {
    token: String,
    expires_at: i64,
}

impl From<core::EnrollmentToken> for EnrollmentToken {
    fn from(enrollment: core::EnrollmentToken) -> Self {
        Self { token: enrollment.token, expires_at: enrollment.expires_at.to_i64() }
    }
}

#[pymethods]
impl EnrollmentToken {
    fn __repr__(&self) -> String {
        format!("EnrollmentToken(expires_at={})", self.expires_at)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("EnrollmentToken")
    }
}
