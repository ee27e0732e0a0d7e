//! `Engine`: the calls of the core's engine over Python's arguments.
//!
//! The files are those of the core's engine; each adds its calls to the one class. The interpreter's lock is
//! released where PBKDF2 runs; everything else takes less time than releasing it would cost other threads.

mod devices;
mod enroll;
mod import;
mod manage;
mod methods;
mod sealing;
mod sessions;
mod sign_in;
mod tokens;
mod trust;

use pyo3::prelude::*;
use twinlock_core as core;

use crate::convert::{Arg, Opt, opt_bytes, subject, time};
use crate::errors::{guard, not_picklable};
use crate::jwt::JwtConfig;
use crate::policy::Policy;
use crate::secrets::KeyRing;
use crate::status::Status;

/// What answers an action of a signed-in user.
const TO_ACTION: &str = "exactly one of otp, backup, any and step_up";
/// What answers a challenge.
const TO_CHALLENGE: &str = "exactly one of otp, backup, sent and any";

/// The rules of enrollment and sign-in, over a subject's sealed record. It holds the policy and the keys and
/// nothing per user: make one and share it between all threads.
#[pyclass(frozen, module = "twinlock")]
pub struct Engine {
    pub(crate) core: core::Engine,
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (keys, policy, *, jwt=None))]
    fn new(
        keys: &Bound<'_, KeyRing>,
        policy: &Bound<'_, Policy>,
        jwt: Option<&Bound<'_, JwtConfig>>,
    ) -> PyResult<Self> {
        guard(|| {
            let jwt = jwt.map_or_else(|| Ok(core::JwtConfig::default()), |jwt| jwt.get().to_core())?;
            Ok(Self { core: core::Engine::new(policy.get().core.clone(), keys.get().copy()?, jwt)? })
        })
    }

    /// The policy in force.
    #[getter]
    fn policy(&self) -> PyResult<Policy> {
        guard(|| Ok(Policy { core: self.core.policy().clone() }))
    }

    /// Describe the second factor of a subject.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn status(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Status> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            Ok(Status::new(py, self.core.status(&subject, record.as_deref(), time(now, "now")?)?)?)
        })
    }

    fn __repr__(&self) -> &'static str {
        "Engine(…)"
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Engine")
    }
}
