//! Sessions: refresh tokens that rotate, over a state that the host stores.

use pyo3::prelude::*;

use super::Engine;
use crate::convert::{Arg, Opt, opt_bytes, text, time};
use crate::errors::guard;
use crate::json::object_from_python;
use crate::pending::Pending;
use crate::proof::Proof;
use crate::session::{PendingRotation, RefreshFamily};
use crate::tokens::Tokens;

#[pymethods]
impl Engine {
    /// Mint the first tokens of a session whose refresh tokens rotate, and its state, which the host inserts into
    /// its store before it gives the tokens out. The proof is used up; ``claims`` go into all tokens.
    #[pyo3(signature = (proof, claims=None, *, now=None))]
    fn begin_session(
        &self,
        proof: &Bound<'_, Proof>,
        claims: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<(Tokens, RefreshFamily)> {
        guard(|| {
            let claims = claims.map(object_from_python).transpose()?.unwrap_or_default();
            let now = time(now, "now")?;
            let (tokens, family) = self.core.begin_session(proof.get().take()?, &claims, now)?;
            Ok((tokens.into(), family.into()))
        })
    }

    /// As ``begin_session``, in one decision with the sign-in: store ``Pending.record`` and ``Pending.family`` in
    /// the same transaction. Takes what ``finish_sign_in`` or another call decided, which is used up.
    #[pyo3(signature = (pending, claims=None, *, now=None))]
    fn with_session(
        &self,
        pending: &Bound<'_, Pending>,
        claims: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<Pending> {
        guard(|| {
            let claims = claims.map(object_from_python).transpose()?.unwrap_or_default();
            let now = time(now, "now")?;
            Ok(self.core.with_session(pending.get().take_proof()?, &claims, now)?.into())
        })
    }

    /// Read the subject and the family's id out of a living refresh token that rotates, to know which record and
    /// which state to load.
    #[pyo3(signature = (token, *, now=None))]
    fn session_of(&self, token: Arg<'_, '_>, now: Opt<'_, '_>) -> PyResult<(String, String)> {
        guard(|| {
            let token = text(token, "token")?;
            let (subject, family) = self.core.session_of(&token, time(now, "now")?)?;
            Ok((subject.as_str().to_owned(), family))
        })
    }

    /// Exchange a refresh token for a new pair. A second use within the grace gets the same successor, a later
    /// one ends the session.
    #[pyo3(signature = (token, family, record, *, now=None))]
    fn rotate(
        &self,
        token: Arg<'_, '_>,
        family: &Bound<'_, RefreshFamily>,
        record: Opt<'_, '_>,
        now: Opt<'_, '_>,
    ) -> PyResult<PendingRotation> {
        guard(|| {
            let (token, record) = (text(token, "token")?, opt_bytes(record, "record")?);
            let now = time(now, "now")?;
            Ok(self.core.rotate(&token, &family.get().core, record.as_deref(), now)?.into())
        })
    }
}
