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

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_json::{Map, Value};
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

/// The claims in the order in which they are written.
#[derive(Serialize)]
struct Payload<'a> {
    sub: &'a str,
    iat: u64,
    exp: u64,
    jti: String,
    epoch: u64,
    aud: &'a str,
    methods: &'a [String],
    auth_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
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
            sub: self.subject.as_str(),
            iat: self.issued_at.seconds(),
            exp: self.expires_at.seconds(),
            jti: base64url(&self.id),
            epoch: self.epoch,
            aud: audience,
            methods: self.first_factor.methods(),
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
        let (key, payload) = open(token, ring, audience)?;
        if !binding_matches(key, &payload, binding)? {
            return None;
        }
        let mut claims = Self::read(&payload, now)?;
        if let Some(binding) = binding {
            claims.first_factor = claims.first_factor.bound_to(binding);
        }
        Some(claims)
    }

    /// Whose living challenge it is, so that the record can be loaded. Proves nothing about the binding.
    pub(crate) fn subject_of(token: &str, ring: &KeyRing, audience: &str, now: UnixTime) -> Option<Subject> {
        let (_, payload) = open(token, ring, audience)?;
        Self::read(&payload, now).map(|claims| claims.subject)
    }

    fn read(payload: &Map<String, Value>, now: UnixTime) -> Option<Self> {
        let (issued_at, expires_at) = (json::time(payload, "iat")?, json::time(payload, "exp")?);
        let living = now < expires_at && issued_at <= now.plus(MAX_SKEW);
        let sound = issued_at <= expires_at && expires_at.since(issued_at) <= MAX_LIFE;
        if !living || !sound {
            return None;
        }
        let methods = json::texts(payload, "methods")?;
        Some(Self {
            subject: Subject::new(json::text(payload, "sub")?).ok()?,
            issued_at,
            expires_at,
            id: from_base64url(json::text(payload, "jti")?)?.try_into().ok()?,
            epoch: json::unsigned(payload, "epoch")?,
            first_factor: FirstFactor::new(&methods, json::time(payload, "auth_time")?).ok()?,
        })
    }
}

/// The payload of a token of this kind, signed by a key of the ring for that audience.
fn open<'r>(token: &str, ring: &'r KeyRing, audience: &str) -> Option<(&'r RingKey, Map<String, Value>)> {
    let unverified = Unverified::parse(token, KIND.typ)?;
    let key = ring.find_text(unverified.key_id()?)?;
    let payload = unverified.verify(&Key::of_ring(key, KIND.purpose))?;
    (json::text(&payload, "aud")? == audience).then_some((key, payload))
}

/// Whether the token is bound to exactly what is shown; `None` when its claim is malformed.
fn binding_matches(key: &RingKey, payload: &Map<String, Value>, shown: Option<&str>) -> Option<bool> {
    match (payload.get("bind"), shown) {
        (None, None) => Some(true),
        (Some(bound), Some(shown)) => {
            let expected = binding_digest(key, shown).ok()?;
            Some(from_base64url(bound.as_str()?)?.ct_eq(&expected).into())
        }
        _ => Some(false),
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
