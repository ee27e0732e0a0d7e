//! Challenge tokens: "this subject passed the first factor at that time; a second one is due".
//!
//! ```text
//! header   {"alg":"HS256","kid":<key id>,"typ":"twinlock-challenge+jwt"}
//! claims   sub        the subject
//!          iat exp    Unix seconds, at most 300 apart
//!          jti        base64url of 16 random bytes; the record burns it with the factor
//!          epoch      the record's epoch; the challenge dies when that moves
//!          aud        the policy's issuer
//!          methods    what the first factor was (RFC 8176 names)
//!          auth_time  when it was passed
//!          bind       only when bound: base64url of the first 16 bytes of
//!                     HMAC-SHA256(sub-key, "bind" ‖ binding)
//! key      the ring key's sub-key `challenge`: no other kind of token is signed with it
//! ```
//!
//! Nothing in it is secret: no code, no hash of one. A digest of the binding that anyone could compute
//! would let a thief of the token try out guesses at what was bound, hence the keyed one.

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::json;
use super::jws::{self, Key, Kind, Unverified};
use crate::encoding::{base64url, from_base64url};
use crate::engine::first_factor::FirstFactor;
use crate::error::{ErrorCode, Fault};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::{KeyRing, Purpose, RingKey};

const KIND: Kind = Kind { typ: "twinlock-challenge+jwt", purpose: Purpose::Challenge };
/// The longest life in seconds; the policy's option has the same bound.
const MAX_LIFE: u64 = 300;
/// How far ahead another node's clock may be.
const MAX_SKEW: u64 = 60;
const BINDING_BYTES: usize = 16;

/// What a challenge says.
pub(crate) struct ChallengeClaims {
    /// Who passed the first factor.
    pub subject: Subject,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// From when on it is dead.
    pub expires_at: UnixTime,
    /// Its own name, to be burned with the factor.
    pub id: [u8; 16],
    /// The record's epoch when it was issued.
    pub epoch: u64,
    /// What was passed, and what it is bound to.
    pub first_factor: FirstFactor,
}

/// The claims in the order in which they are written. Others are not looked at.
#[derive(Serialize, Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    sub: Cow<'a, str>,
    iat: u64,
    exp: u64,
    #[serde(borrow)]
    jti: Cow<'a, str>,
    epoch: u64,
    #[serde(borrow)]
    aud: Cow<'a, str>,
    methods: Cow<'a, [String]>,
    auth_time: u64,
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    bind: Option<String>,
}

impl ChallengeClaims {
    /// The token, signed with the ring's first key.
    pub(crate) fn sign(&self, ring: &KeyRing, audience: &str) -> Result<String, Fault> {
        let key = ring.first();
        let bind = match self.first_factor.binding() {
            Some(binding) => Some(base64url(&binding_digest(key, binding)?)),
            None => None,
        };
        let payload = Payload {
            sub: self.subject.as_str().into(),
            iat: self.issued_at.seconds(),
            exp: self.expires_at.seconds(),
            jti: base64url(&self.id).into(),
            epoch: self.epoch,
            aud: audience.into(),
            methods: self.first_factor.methods().into(),
            auth_time: self.first_factor.at().seconds(),
            bind,
        };
        jws::sign(&Key::of_ring(key, KIND.purpose), KIND.typ, &payload)
    }

    /// What a living challenge of ours says, if it is bound to just that binding, or to none when none is
    /// shown. Whatever else it may be, and whatever is wrong with it, is `None`.
    pub(crate) fn verify(
        token: &str,
        binding: Option<&str>,
        ring: &KeyRing,
        audience: &str,
        now: UnixTime,
    ) -> Option<Self> {
        let (key, payload) = open(token, ring)?;
        let payload = json::object(&payload)?;
        let mut claims = Self::read(&payload, audience, now)?;
        if !binding_matches(key, payload.bind.as_deref(), binding) {
            return None;
        }
        if let Some(binding) = binding {
            claims.first_factor = claims.first_factor.bound_to(binding);
        }
        Some(claims)
    }

    /// Whose living challenge it is, so that the record can be loaded. Proves nothing about the binding.
    pub(crate) fn subject_of(token: &str, ring: &KeyRing, audience: &str, now: UnixTime) -> Option<Subject> {
        let (_, payload) = open(token, ring)?;
        Self::read(&json::object(&payload)?, audience, now).map(|claims| claims.subject)
    }

    fn read(payload: &Payload<'_>, audience: &str, now: UnixTime) -> Option<Self> {
        let (issued_at, expires_at) = (json::to_time(payload.iat)?, json::to_time(payload.exp)?);
        let living = now < expires_at && issued_at <= now.plus(MAX_SKEW);
        let sound = issued_at <= expires_at && expires_at.since(issued_at) <= MAX_LIFE;
        if !living || !sound || payload.aud != audience {
            return None;
        }
        let methods: Vec<&str> = payload.methods.iter().map(String::as_str).collect();
        Some(Self {
            subject: Subject::new(&payload.sub).ok()?,
            issued_at,
            expires_at,
            id: from_base64url(&payload.jti)?.try_into().ok()?,
            epoch: payload.epoch,
            first_factor: FirstFactor::new(&methods, json::to_time(payload.auth_time)?).ok()?,
        })
    }
}

/// The payload of a token of this kind that a key of the ring signed, and the key.
fn open<'r>(token: &str, ring: &'r KeyRing) -> Option<(&'r RingKey, Vec<u8>)> {
    let unverified = Unverified::parse(token, KIND.typ)?;
    let key = ring.find_text(unverified.key_id())?;
    Some((key, unverified.verify(&Key::of_ring(key, KIND.purpose))?))
}

/// Whether the token is bound to exactly what is shown.
fn binding_matches(key: &RingKey, bound: Option<&str>, shown: Option<&str>) -> bool {
    match (bound.map(from_base64url), shown.map(|shown| binding_digest(key, shown))) {
        (None, None) => true,
        (Some(Some(bound)), Some(Ok(expected))) => bound.ct_eq(&expected).into(),
        _ => false,
    }
}

/// No signing input starts with `bind`, as every one starts with the base64url of `{"`; so the sub-key
/// may serve both.
fn binding_digest(key: &RingKey, binding: &str) -> Result<[u8; BINDING_BYTES], Fault> {
    let unusable = Fault::new(ErrorCode::KeyMalformed);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.sub_key(KIND.purpose)).map_err(|_| unusable)?;
    mac.update(b"bind");
    mac.update(binding.as_bytes());
    mac.finalize().into_bytes().first_chunk().copied().ok_or(unusable)
}

#[cfg(test)]
#[path = "challenge_tests.rs"]
mod tests;
