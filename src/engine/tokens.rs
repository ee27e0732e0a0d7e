//! Tokens: only a proof mints them.

use serde_json::{Map, Value};

use super::Engine;
use super::proof::Proof;
use crate::error::{Error, ErrorCode, Fault, Refusal};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::access::{Claims, TokenKind, Tokens};

impl Engine {
    /// Mints an access and a refresh token from a proof. `extra` claims, at most 2 KiB of JSON, go into both.
    ///
    /// # Errors
    /// `claim_invalid` when an extra claim has a reserved name or they are too large or too deep;
    /// `argument_invalid` about `proof` for the proof of a step-up; `random_unavailable`.
    pub fn mint(&self, proof: Proof, extra: &Map<String, Value>, now: UnixTime) -> Result<Tokens, Fault> {
        self.jwt.mint(&proof, extra, now, &*self.random)
    }

    /// Mints an access token alone. Returns it and its end.
    ///
    /// After a step-up it has the claim `purpose`, the step-up's moment as `auth_time`, and goes on with
    /// the session's family, its first factor in `amr`, and the host's own claims.
    ///
    /// # Errors
    /// `claim_invalid` and `random_unavailable` as [`Engine::mint`]; `argument_invalid` about `proof` when
    /// the session is another subject's.
    pub fn mint_access(
        &self,
        proof: Proof,
        extra: &Map<String, Value>,
        now: UnixTime,
    ) -> Result<(String, UnixTime), Fault> {
        self.jwt.mint_access(&proof, extra, now, &*self.random)
    }

    /// Mints a sliding token, as simplejwt has them: it opens APIs for the life of an access token and can
    /// be exchanged for its like ([`Engine::refresh_sliding`]) while it lives, until the life of a refresh
    /// token has passed since the sign-in. Returns it and its end.
    ///
    /// # Errors
    /// As [`Engine::mint`].
    pub fn mint_sliding(
        &self,
        proof: Proof,
        extra: &Map<String, Value>,
        now: UnixTime,
    ) -> Result<(String, UnixTime), Fault> {
        self.jwt.mint_sliding(&proof, extra, now, &*self.random)
    }

    /// Verifies a token of one kind: signature, `typ`, claims and their types, times, `iss` and `aud` where configured.
    ///
    /// # Errors
    /// `token_expired`; `token_invalid` for all else that is wrong with it.
    pub fn verify(&self, token: &str, kind: TokenKind, now: UnixTime) -> Result<Claims, Error> {
        Ok(self.jwt.verify(token, kind, now)?)
    }

    /// Whether the verified claims of an access or sliding token show a second factor that is fresh enough
    /// for a sensitive action: `amr` has `mfa`, `auth_time` is at most `max_age` seconds ago (the policy's
    /// `step_up_age` for `None`), and a `purpose`, where the token has one, is this one.
    ///
    /// # Errors
    /// `second_factor_required`.
    pub fn require_step_up(
        &self,
        claims: &Claims,
        purpose: &str,
        max_age: Option<u32>,
        now: UnixTime,
    ) -> Result<(), Refusal> {
        let max_age = max_age.unwrap_or(self.policy.step_up_age).into();
        if self.jwt.shows_step_up(claims, purpose, max_age, now) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::SecondFactorRequired))
    }

    /// The public halves of the asymmetric JWT keys as a JWK set (RFC 7517 §5), for other services to verify
    /// access tokens with. HMAC keys and private numbers are never in it; without asymmetric keys it is empty.
    #[must_use]
    pub fn jwks(&self) -> String {
        self.jwt.keys.to_jwks()
    }

    /// Reads the subject out of a living refresh token that does not rotate, so that the host knows which
    /// record to load.
    ///
    /// # Errors
    /// As [`Engine::verify`].
    pub fn refresh_subject(&self, token: &str, now: UnixTime) -> Result<Subject, Error> {
        Ok(self.plain_refresh(token, now)?.subject()?)
    }

    /// A new access token for a refresh token whose epoch is still the record's. The refresh token stays
    /// as it is and its life is absolute. Returns access token and its end. One that rotates is refused: it
    /// is for [`Engine::rotate`].
    ///
    /// # Errors
    /// `token_expired`, `token_invalid` (also when the epoch moved); the faults of opening a record.
    pub fn refresh(
        &self,
        token: &str,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<(String, UnixTime), Error> {
        let claims = self.plain_refresh(token, now)?;
        self.require_epoch(&claims, record)?;
        let end = before(claims.expires_at(), now)?;
        Ok(self.jwt.renew(&claims, end, now, &*self.random)?)
    }

    /// A new sliding token for a living one whose epoch is still the record's. It never lives past the
    /// moment that was fixed at the sign-in. Returns it and its end.
    ///
    /// # Errors
    /// As [`Engine::refresh`].
    pub fn refresh_sliding(
        &self,
        token: &str,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<(String, UnixTime), Error> {
        let claims = self.jwt.verify(token, TokenKind::Sliding, now)?;
        self.require_epoch(&claims, record)?;
        let last_moment = before(claims.sliding_end(), now)?;
        Ok(self.jwt.slide(&claims, last_moment, now, &*self.random)?)
    }

    fn plain_refresh(&self, token: &str, now: UnixTime) -> Result<Claims, Refusal> {
        let claims = self.jwt.verify(token, TokenKind::Refresh, now)?;
        if claims.family_end().is_some() {
            return Err(Refusal::new(ErrorCode::TokenInvalid));
        }
        Ok(claims)
    }
}

/// Leeway is for telling the time, not for minting what is dead at birth.
pub(super) fn before(end: Option<UnixTime>, now: UnixTime) -> Result<UnixTime, Refusal> {
    end.filter(|end| now < *end).ok_or(Refusal::new(ErrorCode::TokenExpired))
}

#[cfg(test)]
#[path = "step_up_tests.rs"]
mod tests;
