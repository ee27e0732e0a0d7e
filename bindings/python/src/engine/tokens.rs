//! Access, refresh and sliding tokens. Only a proof mints them.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use twinlock_core::ErrorCode;

use super::Engine;
use crate::answer::{session_claims, token_kind};
use crate::convert::{Arg, Opt, fitting, opt_bytes, text, time};
use crate::errors::guard;
use crate::json::{claims_to_python, object_from_python, text_to_python};
use crate::proof::Proof;
use crate::tokens::{AccessToken, SlidingToken, Tokens};

#[pymethods]
impl Engine {
    /// Mint an access and a refresh token. The proof is used up; ``claims`` go into both tokens.
    #[pyo3(signature = (proof, claims=None, *, now=None))]
    fn mint(&self, proof: &Bound<'_, Proof>, claims: Opt<'_, '_>, now: Opt<'_, '_>) -> PyResult<Tokens> {
        guard(|| {
            let claims = claims.map(object_from_python).transpose()?.unwrap_or_default();
            let now = time(now, "now")?;
            Ok(self.core.mint(proof.get().take()?, &claims, now)?.into())
        })
    }

    /// Mint an access token alone, after a step-up or for a sign-in that must not be refreshed. The proof is
    /// used up.
    #[pyo3(signature = (proof, claims=None, *, now=None))]
    fn mint_access(
        &self,
        proof: &Bound<'_, Proof>,
        claims: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<AccessToken> {
        guard(|| {
            let claims = claims.map(object_from_python).transpose()?.unwrap_or_default();
            let now = time(now, "now")?;
            Ok(self.core.mint_access(proof.get().take()?, &claims, now)?.into())
        })
    }

    /// Mint a sliding token: it opens APIs, and ``refresh_sliding`` exchanges it for its like while it lives. The
    /// proof is used up.
    #[pyo3(signature = (proof, claims=None, *, now=None))]
    fn mint_sliding(
        &self,
        proof: &Bound<'_, Proof>,
        claims: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<SlidingToken> {
        guard(|| {
            let claims = claims.map(object_from_python).transpose()?.unwrap_or_default();
            let now = time(now, "now")?;
            Ok(self.core.mint_sliding(proof.get().take()?, &claims, now)?.into())
        })
    }

    /// Verify a token of one kind (``"access"``, ``"refresh"`` or ``"sliding"``) and return its claims.
    #[pyo3(
        signature = (token, kind=None, *, now=None),
        text_signature = "($self, token, kind='access', *, now=None)"
    )]
    fn verify<'py>(
        &self,
        py: Python<'py>,
        token: Arg<'_, 'py>,
        kind: Opt<'_, 'py>,
        now: Opt<'_, 'py>,
    ) -> PyResult<Bound<'py, PyDict>> {
        guard(|| {
            let (token, kind) = (text(token, "token")?, token_kind(kind)?);
            claims_to_python(py, &self.core.verify(&token, kind, time(now, "now")?)?)
        })
    }

    /// Verify an access or sliding token and make sure that its second factor is fresh enough for ``purpose``: at
    /// most ``max_age`` seconds old (default: the policy's ``step_up_age``). Returns its claims.
    #[pyo3(signature = (token, purpose, *, max_age=None, now=None))]
    fn require_step_up<'py>(
        &self,
        py: Python<'py>,
        token: Arg<'_, 'py>,
        purpose: Arg<'_, 'py>,
        max_age: Opt<'_, 'py>,
        now: Opt<'_, 'py>,
    ) -> PyResult<Bound<'py, PyDict>> {
        guard(|| {
            let (token, purpose) = (text(token, "token")?, text(purpose, "purpose")?);
            let now = time(now, "now")?;
            let max_age = max_age.map(|value| fitting(value, "max_age", ErrorCode::OptionOutOfRange));
            let max_age = max_age.transpose()?;
            let claims = session_claims(&self.core, &token, now)?;
            self.core.require_step_up(&claims, &purpose, max_age, now)?;
            claims_to_python(py, &claims)
        })
    }

    /// The public halves of the asymmetric JWT keys as a JWK set (RFC 7517), for other services to verify access
    /// tokens with.
    fn jwks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        guard(|| text_to_python(py, &self.core.jwks()))
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
            Ok(self.core.refresh(&token, record.as_deref(), time(now, "now")?)?.into())
        })
    }

    /// Give a new sliding token for a living one whose epoch is still the record's.
    #[pyo3(signature = (token, record, *, now=None))]
    fn refresh_sliding(
        &self,
        token: Arg<'_, '_>,
        record: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<SlidingToken> {
        guard(|| {
            let (token, record) = (text(token, "token")?, opt_bytes(record, "record")?);
            Ok(self.core.refresh_sliding(&token, record.as_deref(), time(now, "now")?)?.into())
        })
    }
}
