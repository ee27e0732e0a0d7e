//! Tokens: only a proof mints them.

use serde_json::{Map, Value};

use super::Engine;
use super::proof::Proof;
use crate::error::{Error, ErrorCode, Fault};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::access::{Claims, TokenKind, Tokens};

impl Engine {
    /// Mints an access and a refresh token from a proof. `extra` claims go into both.
    ///
    /// # Errors
    /// `claim_invalid` when an extra claim has a reserved name; `random_unavailable`.
    pub fn mint(&self, _proof: Proof, _extra: &Map<String, Value>, _now: UnixTime) -> Result<Tokens, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Verifies a token of one kind: signature, `typ`, claims and their types, times, `iss` and `aud` where configured.
    ///
    /// # Errors
    /// `token_expired`; `token_invalid` for all else that is wrong with it.
    pub fn verify(&self, _token: &str, _kind: TokenKind, _now: UnixTime) -> Result<Claims, Error> {
        Err(Fault::new(ErrorCode::Panic).into())
    }

    /// Reads the subject out of a living refresh token, so that the host knows which record to load.
    ///
    /// # Errors
    /// As [`Engine::verify`].
    pub fn refresh_subject(&self, _token: &str, _now: UnixTime) -> Result<Subject, Error> {
        Err(Fault::new(ErrorCode::Panic).into())
    }

    /// A new access token for a refresh token whose epoch is still the record's. The refresh token stays
    /// as it is and its life is absolute. Returns access token and its end.
    ///
    /// # Errors
    /// `token_expired`, `token_invalid` (also when the epoch moved); the faults of opening a record.
    pub fn refresh(
        &self,
        _token: &str,
        _record: Option<&[u8]>,
        _now: UnixTime,
    ) -> Result<(String, UnixTime), Error> {
        Err(Fault::new(ErrorCode::Panic).into())
    }
}
