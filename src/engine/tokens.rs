//! Tokens: only a proof mints them.

use serde_json::{Map, Value};

use super::Engine;
use super::proof::Proof;
use crate::error::{Error, ErrorCode, Fault, Refusal};
use crate::record;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::access::{Claims, TokenKind, Tokens};

impl Engine {
    /// Mints an access and a refresh token from a proof. `extra` claims, at most 2 KiB of JSON, go into both.
    ///
    /// # Errors
    /// `claim_invalid` when an extra claim has a reserved name or they are too large or too deep;
    /// `random_unavailable`.
    pub fn mint(&self, proof: Proof, extra: &Map<String, Value>, now: UnixTime) -> Result<Tokens, Fault> {
        self.jwt.mint(&proof, extra, now, &*self.random)
    }

    /// Verifies a token of one kind: signature, `typ`, claims and their types, times, `iss` and `aud` where configured.
    ///
    /// # Errors
    /// `token_expired`; `token_invalid` for all else that is wrong with it.
    pub fn verify(&self, token: &str, kind: TokenKind, now: UnixTime) -> Result<Claims, Error> {
        Ok(self.jwt.verify(token, kind, now)?)
    }

    /// The public halves of the asymmetric JWT keys as a JWK set (RFC 7517 §5), for other services to verify
    /// access tokens with. HMAC keys and private numbers are never in it; without asymmetric keys it is empty.
    #[must_use]
    pub fn jwks(&self) -> String {
        self.jwt.keys.to_jwks()
    }

    /// Reads the subject out of a living refresh token, so that the host knows which record to load.
    ///
    /// # Errors
    /// As [`Engine::verify`].
    pub fn refresh_subject(&self, token: &str, now: UnixTime) -> Result<Subject, Error> {
        Ok(self.jwt.verify(token, TokenKind::Refresh, now)?.subject()?)
    }

    /// A new access token for a refresh token whose epoch is still the record's. The refresh token stays
    /// as it is and its life is absolute. Returns access token and its end.
    ///
    /// # Errors
    /// `token_expired`, `token_invalid` (also when the epoch moved); the faults of opening a record.
    pub fn refresh(
        &self,
        token: &str,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<(String, UnixTime), Error> {
        let claims = self.jwt.verify(token, TokenKind::Refresh, now)?;
        let epoch = record::epoch_of(&self.ring, &claims.subject()?, record)?;
        if claims.epoch() != Some(epoch) {
            return Err(Refusal::new(ErrorCode::TokenInvalid).into());
        }
        // Leeway is for telling the time, not for minting what is dead at birth.
        let end = claims.expires_at().filter(|end| now < *end);
        let end = end.ok_or(Refusal::new(ErrorCode::TokenExpired))?;
        Ok(self.jwt.renew(&claims, end, now, &*self.random)?)
    }
}
