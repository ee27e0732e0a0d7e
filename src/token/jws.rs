//! Compact JWS (RFC 7515) as far as we need it, written plainly and read strictly.
//!
//! The caller parses a token of one `typ`, looks its `kid` up among its own keys, and only
//! [`Unverified::verify`] gives the payload out. The key fixes the algorithm; the header never does
//! (RFC 8725 §3.1). `jwk`, `jku`, `x5u` and `x5c` are never looked at.
//!
//! HMACs are computed by the `hmac` crate, all other signatures by aws-lc-rs, which signs ES256 ten times
//! faster than the Rust crates do and whose RSA has no known timing leak (RUSTSEC-2023-0071). Header and
//! claims are written and read here: the JWT crates read the system clock, take keys of any length and let
//! claims occur twice.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::algorithm::JwtAlgorithm;
use super::asymmetric::AsymmetricKey;
use super::json;
use super::mac::MacKey;
use crate::encoding::{from_base64url, push_base64url};
use crate::error::{ErrorCode, Fault};
use crate::vault::{Purpose, RingKey};

/// The longest token in bytes, checked before any work. Ours stay under it whatever a host adds.
pub(crate) const MAX_BYTES: usize = 8 * 1024;
/// Header and HMAC signature take less.
const USUAL_OVERHEAD: usize = 256;
/// The longest `kid` that is looked up, in bytes; ours have 16.
const MAX_KID_BYTES: usize = 64;

/// A key with its name and its one algorithm. Wiped on drop.
pub(crate) struct Key {
    id: String,
    algorithm: JwtAlgorithm,
    material: Material,
}

enum Material {
    Hmac(MacKey),
    /// Boxed as the other is, for the same reason: see [`MacKey`].
    Asymmetric(Box<AsymmetricKey>),
}

impl Key {
    /// An HMAC key.
    pub(crate) fn hmac(algorithm: JwtAlgorithm, id: String, secret: &[u8]) -> Result<Self, Fault> {
        let mac = MacKey::new(algorithm, secret).ok_or(Fault::new(ErrorCode::JwtAlgorithmUnknown))?;
        Ok(Self { id, algorithm, material: Material::Hmac(mac) })
    }

    /// The HS256 key of one purpose in a key ring's entry.
    pub(crate) fn of_ring(key: &RingKey, purpose: Purpose) -> Result<Self, Fault> {
        let material = Material::Hmac(MacKey::Sha256(Box::new(key.mac(purpose)?)));
        Ok(Self { id: key.id().to_text(), algorithm: JwtAlgorithm::Hs256, material })
    }

    /// A key in two halves.
    pub(super) fn asymmetric(key: AsymmetricKey) -> Self {
        Self {
            id: key.thumbprint(),
            algorithm: key.algorithm(),
            material: Material::Asymmetric(Box::new(key)),
        }
    }

    /// The `kid`.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(super) const fn algorithm(&self) -> JwtAlgorithm {
        self.algorithm
    }

    pub(super) fn can_sign(&self) -> bool {
        match &self.material {
            Material::Hmac(_) => true,
            Material::Asymmetric(key) => key.can_sign(),
        }
    }

    /// The public half as a JWK, if there is one.
    pub(super) fn to_jwk(&self) -> Option<String> {
        match &self.material {
            Material::Hmac(_) => None,
            Material::Asymmetric(key) => Some(key.to_jwk()),
        }
    }

    /// Adds the signature of a text to it.
    fn sign(&self, token: &mut String) -> Result<(), Fault> {
        let text = token.as_bytes();
        let signature = match &self.material {
            Material::Hmac(key) => key.sign(text),
            Material::Asymmetric(key) => key.sign(text).ok_or(Fault::new(ErrorCode::JwtKeyVerifyOnly))?,
        };
        token.push('.');
        push_base64url(&signature, token);
        Ok(())
    }

    fn verify(&self, signed: &str, signature: &[u8]) -> bool {
        match &self.material {
            Material::Hmac(key) => key.verify(signed.as_bytes(), signature),
            Material::Asymmetric(key) => key.verify(signed.as_bytes(), signature),
        }
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
    sign_json(key, typ, &to_json(claims)?)
}

/// Signs claims that are written already.
pub(crate) fn sign_json(key: &Key, typ: &str, claims: &[u8]) -> Result<String, Fault> {
    let mut token = String::with_capacity(claims.len().saturating_mul(2).saturating_add(USUAL_OVERHEAD));
    push_base64url(&to_json(&Header { alg: key.algorithm.name(), kid: &key.id, typ })?, &mut token);
    token.push('.');
    push_base64url(claims, &mut token);
    key.sign(&mut token)?;
    if token.len() > MAX_BYTES { Err(Fault::new(ErrorCode::ClaimInvalid)) } else { Ok(token) }
}

fn to_json<T: Serialize>(part: &T) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(part).map_err(|_| Fault::new(ErrorCode::ClaimInvalid))
}

/// What a header must say, and what it must not: members that change how the rest has to be read
/// (RFC 7515 §4.1.11, RFC 7797, RFC 7516 §4.1.3).
#[derive(Deserialize)]
struct ReadHeader<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    kid: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    typ: Option<Cow<'a, str>>,
    #[serde(default, rename = "crit")]
    _critical: json::Absent,
    #[serde(default, rename = "b64")]
    _plain_payload: json::Absent,
    #[serde(default, rename = "zip")]
    _compressed: json::Absent,
}

impl<'a> ReadHeader<'a> {
    fn read(json: &'a [u8]) -> Option<Self> {
        Self::of_our_form(json).or_else(|| json::object(json))
    }

    /// A header that is written just as we write it needs no JSON reader to say the same.
    fn of_our_form(json: &'a [u8]) -> Option<Self> {
        // Graphic ASCII without quotation marks and backslashes stands for itself in JSON.
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let (alg, rest) = str::from_utf8(json).ok()?.strip_prefix(r#"{"alg":""#)?.split_once('"')?;
        let (kid, rest) = rest.strip_prefix(r#","kid":""#)?.split_once('"')?;
        let (typ, rest) = rest.strip_prefix(r#","typ":""#)?.split_once('"')?;
        (rest == "}" && is_plain(alg) && is_plain(kid) && is_plain(typ)).then(|| Self {
            alg: alg.into(),
            kid: Some(kid.into()),
            typ: Some(typ.into()),
            _critical: json::Absent,
            _plain_payload: json::Absent,
            _compressed: json::Absent,
        })
    }
}

/// A compact JWS in its parts, of whatever type and by whatever key.
struct Parts<'a> {
    header: Vec<u8>,
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Option<Self> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        // A further dot would stay in the payload, where it is no base64url.
        let (header, payload) = signed.split_once('.')?;
        Some(Self { header: from_base64url(header)?, signed, payload, signature })
    }

    /// The payload, if that key signed it in the way that the header says.
    fn open(&self, algorithm: &str, key: &Key) -> Option<Vec<u8>> {
        let signature = from_base64url(self.signature)?;
        let signed = algorithm == key.algorithm.name() && key.verify(self.signed, &signature);
        if signed { from_base64url(self.payload) } else { None }
    }
}

/// A token whose form and header are right. Its payload stays closed until [`Unverified::verify`].
pub(crate) struct Unverified<'a> {
    parts: Parts<'a>,
    algorithm: JwtAlgorithm,
    key_id: String,
}

impl<'a> Unverified<'a> {
    /// Reads form and header of a token that must be of that `typ`.
    pub(crate) fn parse(token: &'a str, typ: &str) -> Option<Self> {
        let parts = Parts::split(token)?;
        let header = ReadHeader::read(&parts.header)?;
        let key_id = header.kid?;
        if header.typ? != typ || key_id.len() > MAX_KID_BYTES {
            return None;
        }
        let algorithm = JwtAlgorithm::from_name(&header.alg).ok()?;
        let key_id = key_id.into_owned();
        Some(Self { parts, algorithm, key_id })
    }

    /// The `kid`, for an exact look-up among the caller's keys.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Checks the signature with that key and gives the payload out, which is still to be read.
    pub(crate) fn verify(self, key: &Key) -> Option<Vec<u8>> {
        if self.key_id == key.id { self.parts.open(self.algorithm.name(), key) } else { None }
    }
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "wycheproof_tests.rs"]
mod wycheproof;
