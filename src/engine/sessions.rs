//! Sessions: refresh tokens that rotate, over a state that the host stores.

use serde_json::{Map, Value};

use super::Engine;
use super::pending::{CommitError, Pending};
use super::proof::{Method, Proof};
use super::tokens::before;
use crate::error::{Error, ErrorCode, Fault, Refusal};
use crate::record;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::access::{Claims, TokenKind, Tokens};
use crate::token::family::RefreshFamily;

/// A rotation that is not yet one: a state to store, and tokens that only [`PendingRotation::commit`]
/// gives out.
///
/// Store [`PendingRotation::family`] with a write that takes effect only if the stored state is still the one
/// that was loaded, in a transaction of its own, then call `commit` with whether exactly one row changed.
#[must_use = "tokens count only after the family was stored and `commit` was called"]
pub struct PendingRotation {
    family: Option<RefreshFamily>,
    outcome: Result<Tokens, Refusal>,
}

/// What a sign-in with its session comes to, once both are stored.
pub struct SignedIn {
    /// The second factor used; `None` when the subject has none.
    pub method: Option<Method>,
    /// The session's first tokens.
    pub tokens: Tokens,
    /// The session's state, as it was stored.
    pub family: RefreshFamily,
}

impl Pending<SignedIn> {
    /// The session's state to store with the record; `None` when the answer is no.
    #[must_use]
    pub fn family(&self) -> Option<&RefreshFamily> {
        self.outcome().map(|signed_in| &signed_in.family)
    }
}

impl PendingRotation {
    /// The state to store; `None` when there is nothing to store.
    #[must_use]
    pub const fn family(&self) -> Option<&RefreshFamily> {
        self.family.as_ref()
    }

    /// Gives out the tokens. `stored` says whether the conditional write changed exactly one row; it does
    /// not matter when there was nothing to store.
    ///
    /// # Errors
    /// [`CommitError::Lost`] when it did not: load the state again and repeat the call.
    /// [`CommitError::Refused`] when the answer is no.
    pub fn commit(self, stored: bool) -> Result<Tokens, CommitError> {
        if self.family.is_some() && !stored {
            return Err(CommitError::Lost);
        }
        self.outcome.map_err(CommitError::Refused)
    }
}

impl Engine {
    /// Mints the first tokens of a session and its state, which the host inserts into its store before it
    /// gives the tokens out. `extra` as in [`Engine::mint`].
    ///
    /// # Errors
    /// As [`Engine::mint`].
    pub fn begin_session(
        &self,
        proof: Proof,
        extra: &Map<String, Value>,
        now: UnixTime,
    ) -> Result<(Tokens, RefreshFamily), Fault> {
        self.jwt.begin_session(&proof, extra, now, &*self.random)
    }

    /// As [`Engine::begin_session`], in one decision with the sign-in: store [`Pending::record`] and
    /// [`Pending::family`] in the same transaction, so that no code is used up for a session that is not there.
    ///
    /// # Errors
    /// As [`Engine::mint`].
    pub fn with_session(
        &self,
        pending: Pending<Proof>,
        extra: &Map<String, Value>,
        now: UnixTime,
    ) -> Result<Pending<SignedIn>, Fault> {
        pending.and_then(|proof| {
            let (tokens, family) = self.jwt.begin_session(&proof, extra, now, &*self.random)?;
            Ok(SignedIn { method: proof.method(), tokens, family })
        })
    }

    /// Reads subject and family id out of a living refresh token that rotates, so that the host knows which
    /// record and which state to load.
    ///
    /// # Errors
    /// `token_expired`; `token_invalid` for all else that is wrong with it.
    pub fn session_of(&self, token: &str, now: UnixTime) -> Result<(Subject, String), Error> {
        let claims = self.rotating(token, now)?;
        let family = claims.family().ok_or(Refusal::new(ErrorCode::TokenInvalid))?;
        Ok((claims.subject()?, family.to_owned()))
    }

    /// Exchanges a refresh token for a new pair. Each refresh token does that once. Within
    /// [`JwtConfig::reuse_grace`](crate::JwtConfig::reuse_grace) of the exchange it gets the same successor
    /// again, later it ends the session, for its thief and its owner alike (RFC 9700 §4.14.2). A session
    /// that is idle for the life of a refresh token ends, and none goes on past its absolute end.
    ///
    /// Refusals: `token_expired`, `token_invalid` (also when the epoch moved), `token_reused` (the revoked
    /// state has to be stored), `session_ended` when it was revoked before.
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn rotate(
        &self,
        token: &str,
        family: &RefreshFamily,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<PendingRotation, Fault> {
        let claims = match self.living_member(token, family, record, now) {
            Ok(claims) => claims,
            Err(Error::Fault(fault)) => return Err(fault),
            Err(Error::Refused(refusal)) => {
                return Ok(PendingRotation { family: None, outcome: Err(refusal) });
            }
        };
        let (family, outcome) = self.jwt.rotate(&claims, family, now, &*self.random)?;
        Ok(PendingRotation { family, outcome })
    }

    /// A refresh token that was given out in that session, which goes on.
    fn living_member(
        &self,
        token: &str,
        family: &RefreshFamily,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<Claims, Error> {
        let invalid = Refusal::new(ErrorCode::TokenInvalid);
        let claims = self.rotating(token, now)?;
        let is_member = claims.family() == Some(family.id())
            && claims.family_end() == Some(family.ends_at())
            && claims.subject()? == *family.subject();
        if !is_member {
            return Err(invalid.into());
        }
        if family.revoked_at().is_some() {
            return Err(Refusal::new(ErrorCode::SessionEnded).into());
        }
        self.require_epoch(&claims, record)?;
        Ok(claims)
    }

    fn rotating(&self, token: &str, now: UnixTime) -> Result<Claims, Error> {
        let claims = self.jwt.verify(token, TokenKind::Refresh, now)?;
        if claims.family_end().is_none() {
            return Err(Refusal::new(ErrorCode::TokenInvalid).into());
        }
        before(claims.expires_at(), now)?;
        Ok(claims)
    }

    /// Whether nothing happened since that ends all tokens of the subject.
    pub(super) fn require_epoch(&self, claims: &Claims, record: Option<&[u8]>) -> Result<(), Error> {
        let epoch = record::epoch_of(&self.ring, &claims.subject()?, record)?;
        if claims.epoch() == Some(epoch) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::TokenInvalid).into())
    }
}
