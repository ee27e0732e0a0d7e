//! Access and refresh JWTs, in the claims that djangorestframework-simplejwt understands.

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::error::Fault;
use crate::time::UnixTime;

/// The hash of an HMAC-signed JWT. The key fixes it; a token's header never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JwtAlgorithm {
    /// HMAC-SHA-256; the key has at least 32 bytes.
    #[default]
    Hs256,
    /// HMAC-SHA-384; at least 48 bytes.
    Hs384,
    /// HMAC-SHA-512; at least 64 bytes.
    Hs512,
}

/// A key that signs and verifies JWTs.
pub struct JwtKey {
    _algorithm: JwtAlgorithm,
    _secret: Zeroizing<Vec<u8>>,
}

impl JwtKey {
    /// A host's own HMAC key, for instance the one that simplejwt signs with.
    ///
    /// # Errors
    /// `jwt_key_weak` when shorter than the hash (RFC 7518 §3.2), or when it is the text of a public
    /// or private key (PEM, JWK, SSH).
    pub fn hmac(algorithm: JwtAlgorithm, secret: &[u8]) -> Result<Self, Fault> {
        Ok(Self { _algorithm: algorithm, _secret: Zeroizing::new(secret.to_vec()) })
    }
}

/// How access and refresh tokens are made and checked.
pub struct JwtConfig {
    /// The keys: the first signs, all verify. Empty: HS256 with the key ring's `jwt` sub-keys.
    pub keys: Vec<JwtKey>,
    /// The `iss` claim: minted and then required, when set.
    pub issuer: Option<String>,
    /// The `aud` claim: minted and then required, when set.
    pub audience: Option<String>,
    /// Life of an access token in seconds, 30 to 900. Default 300.
    pub access_life: u32,
    /// Life of a refresh token in seconds, 60 to 30 days. Default one day.
    pub refresh_life: u32,
    /// Seconds by which `exp`, `nbf` and `iat` may be off, 0 to 60. Default 0.
    pub leeway: u32,
    /// The name of the claim with the subject beside `sub`. Default `user_id`.
    pub user_id_claim: String,
}

impl Default for JwtConfig {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            issuer: None,
            audience: None,
            access_life: 300,
            refresh_life: 86_400,
            leeway: 0,
            user_id_claim: "user_id".to_owned(),
        }
    }
}

/// The kinds of JWT. A token of one kind is nothing to a verifier of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenKind {
    /// Opens APIs: `typ` `at+jwt`, `token_type` `access`.
    Access,
    /// Gets new access tokens: `typ` `twinlock-refresh+jwt`, `token_type` `refresh`.
    Refresh,
}

/// A minted pair.
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// When the access token ends.
    pub access_expires_at: UnixTime,
    /// When the refresh token ends.
    pub refresh_expires_at: UnixTime,
}

/// The verified claims of a token: all members of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(pub(crate) Map<String, Value>);

impl Claims {
    /// One claim.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All claims as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}
