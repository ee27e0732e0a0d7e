//! `Engine`: the calls of the core's engine over Python's arguments.
//!
//! The interpreter's lock is released where PBKDF2 runs; everything else takes less time than releasing it
//! would cost other threads.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::otp::Digits;
use twinlock_core::otp::totp::{Period, TotpParams};
use twinlock_core::{NewDevice, PresentedChallenge};

use crate::answer::{Given, first_factor, token_kind};
use crate::convert::{Arg, Opt, opt_bytes, opt_text, params, subject, text, time};
use crate::errors::{Problem, guard, not_picklable};
use crate::json::{claims_to_python, object_from_python};
use crate::jwt::JwtConfig;
use crate::pending::Pending;
use crate::policy::Policy;
use crate::results::{AccessToken, Proof, Tokens};
use crate::secrets::KeyRing;
use crate::status::Status;

/// The rules of enrollment and sign-in, over a subject's sealed record. It holds the policy and the keys and
/// nothing per user: make one and share it between all threads.
#[pyclass(frozen, module = "twinlock")]
pub struct Engine {
    core: core::Engine,
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

    /// Make a secret and store it as the subject's one pending device.
    #[pyo3(signature = (
        subject, record, *, account, name=None, algorithm=None, digits=None, period=None, now=None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn begin_enrollment(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        account: Arg<'_, '_>,
        name: Opt<'_, '_>,
        algorithm: Opt<'_, '_>,
        digits: Opt<'_, '_>,
        period: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (account, name) = (text(account, "account")?, opt_text(name, "name")?);
            let own = algorithm.or(digits).or(period).is_some();
            let params = own.then(|| params(algorithm, digits, period, self.usual()?)).transpose()?;
            let params = params.map(core::DeviceParams::Totp);
            let device = NewDevice { account: &account, name: name.as_deref(), params };
            Ok(self.core.begin_enrollment(&subject, record.as_deref(), &device, time(now, "now")?)?.into())
        })
    }

    /// Confirm the pending device with a code of it. The code is spent by that; the epoch moves.
    #[pyo3(signature = (subject, record, code, *, now=None))]
    fn confirm_enrollment(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        code: Arg<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (code, now) = (text(code, "code")?, time(now, "now")?);
            let (record, code): (_, &str) = (record.as_deref(), &code);
            Ok(py.detach(|| self.core.confirm_enrollment(&subject, record, code, now))?.into())
        })
    }

    /// Answer a passed first factor: a proof where the subject has no second factor, else a challenge.
    ///
    /// ``methods`` says how the first factor was checked (RFC 8176), ``at`` when (default: now). ``binding`` is
    /// something that the host must show again with the answer, such as a digest of the password's hash.
    #[pyo3(
        signature = (subject, record, *, methods=None, at=None, binding=None, now=None),
        text_signature = "($self, subject, record, *, methods=..., at=None, binding=None, now=None)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn begin_sign_in(
        &self,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        methods: Opt<'_, '_>,
        at: Opt<'_, '_>,
        binding: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let now = time(now, "now")?;
            let at = at.map_or(Ok(now), |at| time(Some(at), "at"))?;
            let mut factor = first_factor(methods, at)?;
            if let Some(binding) = opt_text(binding, "binding")? {
                factor = factor.bound_to(&binding);
            }
            Ok(self.core.begin_sign_in(&subject, record.as_deref(), &factor, now)?.into())
        })
    }

    /// Read the subject out of a challenge, to know which record to load.
    #[pyo3(signature = (challenge, *, now=None))]
    fn challenge_subject(&self, challenge: Arg<'_, '_>, now: Opt<'_, '_>) -> PyResult<String> {
        guard(|| {
            let challenge = text(challenge, "challenge")?;
            Ok(self.core.challenge_subject(&challenge, time(now, "now")?)?.as_str().to_owned())
        })
    }

    /// Check the answer to a challenge: exactly one of ``otp``, ``backup`` and ``any``.
    #[pyo3(signature = (record, challenge, *, otp=None, backup=None, any=None, binding=None, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn finish_sign_in(
        &self,
        py: Python<'_>,
        record: Opt<'_, '_>,
        challenge: Arg<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        binding: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (record, now) = (opt_bytes(record, "record")?, time(now, "now")?);
            let (token, binding) = (text(challenge, "challenge")?, opt_text(binding, "binding")?);
            let presented = PresentedChallenge { token: &token, binding: binding.as_deref() };
            let (answer, record) = (Given::one(otp, backup, any)?, record.as_deref());
            let check = || self.core.finish_sign_in(record, presented, answer.as_answer(), now);
            Ok(answer.run(py, check)?.into())
        })
    }

    /// Turn the second factor off after a right answer.
    #[pyo3(signature = (subject, record, *, otp=None, backup=None, any=None, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn disable(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (answer, now) = (Given::one(otp, backup, any)?, time(now, "now")?);
            let record = record.as_deref();
            let check = || self.core.disable(&subject, record, answer.as_answer(), now);
            Ok(answer.run(py, check)?.into())
        })
    }

    /// Replace all backup codes after a right code of an authenticator.
    #[pyo3(signature = (subject, record, *, otp=None, backup=None, any=None, now=None))]
    #[allow(clippy::too_many_arguments)]
    fn regenerate_backup_codes(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        otp: Opt<'_, '_>,
        backup: Opt<'_, '_>,
        any: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (answer, now) = (Given::one(otp, backup, any)?, time(now, "now")?);
            let (record, answer) = (record.as_deref(), answer.as_answer());
            Ok(py.detach(|| self.core.regenerate_backup_codes(&subject, record, answer, now))?.into())
        })
    }

    /// The same without an answer. For operators only: the codes sign in.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn admin_regenerate_backup_codes(
        &self,
        py: Python<'_>,
        subject: Arg<'_, '_>,
        record: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            let (record, now) = (record.as_deref(), time(now, "now")?);
            Ok(py.detach(|| self.core.admin_regenerate_backup_codes(&subject, record, now))?.into())
        })
    }

    /// End every lock and clear the failure history. For operators.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn unlock(&self, subject: Arg<'_, '_>, record: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            Ok(self.core.unlock(&subject, record.as_deref(), time(now, "now")?)?.into())
        })
    }

    /// Turn the second factor off without an answer. For operators.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn admin_reset(&self, subject: Arg<'_, '_>, record: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            Ok(self.core.admin_reset(&subject, record.as_deref(), time(now, "now")?)?.into())
        })
    }

    /// End all challenges and tokens of the subject, for instance after a password change.
    #[pyo3(signature = (subject, record, *, now=None))]
    fn bump_epoch(&self, subject: Arg<'_, '_>, record: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Pending> {
        guard(|| {
            let (subject, record) = (self::subject(subject)?, opt_bytes(record, "record")?);
            Ok(self.core.bump_epoch(&subject, record.as_deref(), time(now, "now")?)?.into())
        })
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

    /// Mint an access and a refresh token. The proof is used up; ``claims`` go into both tokens.
    #[pyo3(signature = (proof, claims=None, *, now=None))]
    fn mint(&self, proof: &Bound<'_, Proof>, claims: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Tokens> {
        guard(|| {
            let claims = claims.map(object_from_python).transpose()?.unwrap_or_default();
            let now = time(now, "now")?;
            Ok(self.core.mint(proof.get().take()?, &claims, now)?.into())
        })
    }

    /// Verify a token of one kind (``"access"`` or ``"refresh"``) and return its claims.
    #[pyo3(
        signature = (token, kind=None, *, now=None),
        text_signature = "($self, token, kind='access', *, now=None)"
    )]
    fn verify(
        &self,
        py: Python<'_>,
        token: Arg<'_, '_>,
        kind: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Py<PyAny>> {
        guard(|| {
            let (token, kind) = (text(token, "token")?, token_kind(kind)?);
            let claims = self.core.verify(&token, kind, time(now, "now")?)?;
            Ok(claims_to_python(py, &claims)?.into_any().unbind())
        })
    }

    /// Read the subject out of a living refresh token, to know which record to load.
    #[pyo3(signature = (token, *, now=None))]
    fn refresh_subject(&self, token: Arg<'_, '_>, now: Opt<'_, '_>) -> PyResult<String> {
        guard(|| {
            let token = text(token, "token")?;
            Ok(self.core.refresh_subject(&token, time(now, "now")?)?.as_str().to_owned())
        })
    }

    /// Give a new access token for a refresh token whose epoch is still the record's.
    #[pyo3(signature = (token, record, *, now=None))]
    fn refresh(&self, token: Arg<'_, '_>, record: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<AccessToken> {
        guard(|| {
            let (token, record) = (text(token, "token")?, opt_bytes(record, "record")?);
            let (access, ends) = self.core.refresh(&token, record.as_deref(), time(now, "now")?)?;
            Ok(AccessToken { access, access_expires_at: ends.to_i64() })
        })
    }

    fn __repr__(&self) -> &'static str {
        "Engine(…)"
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("Engine")
    }
}

impl Engine {
    /// The policy's parameters of new devices.
    fn usual(&self) -> Result<TotpParams, Problem> {
        let policy = self.core.policy();
        let (digits, period) = (Digits::new(policy.digits)?, Period::new(policy.period)?);
        Ok(TotpParams { algorithm: policy.algorithm, digits, period })
    }
}
