//! Compact JWS (RFC 7515) as far as we need it, written plainly and read strictly.
//!
//! The caller parses a token of one `typ`, looks its `kid` up among its own keys, and only
//! [`Unverified::verify`] gives the payload out. The key fixes the algorithm; the header never does
//! (RFC 8725 §3.1). `jwk`, `jku`, `x5u` and `x5c` are never looked at.
//!
//! `jsonwebtoken` computes the signatures, through its aws-lc-rs functions called directly: its usual entry
//! points use a process-wide provider that panics when a host's tree enables no or two backends, and that
//! belongs to the host. The backend is aws-lc-rs because the other one brings the `rsa` crate with its
//! timing leak (RUSTSEC-2023-0071) and a second generation of the RustCrypto crates, and signs ES256 ten
//! times slower. Header and claims are written and read here: that crate reads the system clock, takes keys
//! of any length and lets claims occur twice.

use std::borrow::Cow;

use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::{Deserialize, Serialize};

use super::json;
use super::keys::JwtAlgorithm;
use crate::encoding::{base64url, from_base64url};
use crate::error::{ErrorCode, Fault};
use crate::vault::{Purpose, RingKey};

/// The longest token in bytes, checked before any work. Ours stay under it whatever a host adds.
pub(crate) const MAX_BYTES: usize = 8 * 1024;
/// The longest `kid` that is looked up, in bytes; ours have 16.
const MAX_KID_BYTES: usize = 64;

/// A key with its name and its one algorithm. Wiped on drop, both halves wipe themselves.
pub(crate) struct Key {
    id: String,
    algorithm: JwtAlgorithm,
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl Key {
    /// An HMAC key.
    pub(crate) fn hmac(algorithm: JwtAlgorithm, id: String, secret: &[u8]) -> Self {
        let (signing, verifying) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Self { id, algorithm, signing, verifying }
    }

    /// The HS256 key of one purpose in a key ring's entry.
    pub(crate) fn of_ring(key: &RingKey, purpose: Purpose) -> Self {
        Self::hmac(JwtAlgorithm::Hs256, key.id().to_text(), key.sub_key(purpose))
    }

    /// The `kid`.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

/// The header, in the order in which it is written.
#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

/// Signs claims.
pub(crate) fn sign<T: Serialize>(key: &Key, typ: &str, claims: &T) -> Result<String, Fault> {
    let unsignable = Fault::new(ErrorCode::ClaimInvalid);
    let header = Header { alg: key.algorithm.name(), kid: &key.id, typ };
    let mut token = encode(&header)?;
    token.push('.');
    token.push_str(&encode(claims)?);
    let signature = (DEFAULT_PROVIDER.signer_factory)(&backend(key.algorithm), &key.signing)
        .map_err(|_| unsignable)?
        .try_sign(token.as_bytes())
        .map_err(|_| unsignable)?;
    token.push('.');
    token.push_str(&base64url(&signature));
    if token.len() > MAX_BYTES { Err(unsignable) } else { Ok(token) }
}

fn encode<T: Serialize>(part: &T) -> Result<String, Fault> {
    serde_json::to_vec(part).map(|json| base64url(&json)).map_err(|_| Fault::new(ErrorCode::ClaimInvalid))
}

/// What a header must say, and what it must not: members that change how the rest has to be read
/// (RFC 7515 §4.1.11, RFC 7797, RFC 7516 §4.1.3).
#[derive(Deserialize)]
struct ReadHeader<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow)]
    kid: Cow<'a, str>,
    #[serde(borrow)]
    typ: Cow<'a, str>,
    #[serde(default, rename = "crit")]
    _critical: json::Absent,
    #[serde(default, rename = "b64")]
    _plain_payload: json::Absent,
    #[serde(default, rename = "zip")]
    _compressed: json::Absent,
}

/// A token whose form and header are right. Its payload stays closed until [`Unverified::verify`].
pub(crate) struct Unverified<'a> {
    algorithm: JwtAlgorithm,
    key_id: String,
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Reads form and header of a token that must be of that `typ`.
    pub(crate) fn parse(token: &'a str, typ: &str) -> Option<Self> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        // A further dot would stay in the payload, where it is no base64url.
        let (header, payload) = signed.split_once('.')?;
        let header = from_base64url(header)?;
        let ReadHeader { alg, kid, typ: its_typ, .. } = json::object(&header)?;
        if its_typ != typ || kid.len() > MAX_KID_BYTES {
            return None;
        }
        let algorithm = JwtAlgorithm::from_name(&alg).ok()?;
        let signature = from_base64url(signature)?;
        Some(Self { algorithm, key_id: kid.into_owned(), signed, payload, signature })
    }

    /// The `kid`, for an exact look-up among the caller's keys.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Checks the signature with that key and gives the payload out, which is still to be read.
    pub(crate) fn verify(self, key: &Key) -> Option<Vec<u8>> {
        if self.algorithm != key.algorithm || self.key_id != key.id {
            return None;
        }
        (DEFAULT_PROVIDER.verifier_factory)(&backend(key.algorithm), &key.verifying)
            .ok()?
            .verify(self.signed.as_bytes(), &self.signature)
            .ok()?;
        from_base64url(self.payload)
    }
}

const fn backend(algorithm: JwtAlgorithm) -> Algorithm {
    match algorithm {
        JwtAlgorithm::Hs256 => Algorithm::HS256,
        JwtAlgorithm::Hs384 => Algorithm::HS384,
        JwtAlgorithm::Hs512 => Algorithm::HS512,
    }
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;
