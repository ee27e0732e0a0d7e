//! What the tokens of our own have in common: challenges, enrollment and trust tokens.
//!
//! ```text
//! header   {"alg":"HS256","kid":<key id>,"typ":<the kind's>}
//! claims   sub        the subject
//!          iat exp    Unix seconds, at most the kind's life apart
//!          jti        base64url of 16 random bytes
//!          epoch      the record's epoch; the token dies when that moves
//!          aud        the policy's issuer
//! key      the ring key's sub-key of the kind: no other kind of token is signed with it
//! ```
//!
//! A kind may add claims, which follow in the order of [`Payload`]; others are not looked at.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::json;
use super::jws::{self, Key, Unverified};
use crate::encoding::{base64url, from_base64url};
use crate::engine::first_factor::FirstFactor;
use crate::error::Fault;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::{KeyRing, Purpose, RingKey};

/// How far ahead another node's clock may be.
const MAX_SKEW: u64 = 60;

/// A kind of token of our own.
pub(super) struct Kind {
    /// The header's `typ`.
    pub typ: &'static str,
    /// The sub-key.
    pub purpose: Purpose,
    /// The longest life in seconds; the policy's option has the same bound.
    pub longest_life: u64,
}

/// What every one of them says.
pub(super) struct Shared {
    pub subject: Subject,
    pub issued_at: UnixTime,
    pub expires_at: UnixTime,
    pub id: [u8; 16],
    pub epoch: u64,
}

/// The claims in the order in which they are written.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Payload<'a> {
    #[serde(borrow)]
    sub: Cow<'a, str>,
    iat: u64,
    exp: u64,
    #[serde(borrow)]
    jti: Cow<'a, str>,
    epoch: u64,
    #[serde(borrow)]
    aud: Cow<'a, str>,
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    methods: Option<Cow<'a, [String]>>,
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    auth_time: Option<u64>,
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    pub bind: Option<String>,
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

impl Kind {
    /// The token, signed with the ring's first key.
    pub(super) fn sign(&self, ring: &KeyRing, payload: &Payload<'_>) -> Result<String, Fault> {
        jws::sign(&Key::of_ring(ring.first(), self.purpose)?, self.typ, payload)
    }

    /// The payload of a token of this kind that a key of the ring signed, and the key.
    pub(super) fn open<'r>(&self, token: &str, ring: &'r KeyRing) -> Option<(&'r RingKey, Vec<u8>)> {
        let unverified = Unverified::parse(token, self.typ)?;
        let key = ring.find_text(unverified.key_id())?;
        Some((key, unverified.verify(&Key::of_ring(key, self.purpose).ok()?)?))
    }

    /// What a living token for that audience says.
    pub(super) fn read(&self, payload: &Payload<'_>, audience: &str, now: UnixTime) -> Option<Shared> {
        let (issued_at, expires_at) = (json::to_time(payload.iat)?, json::to_time(payload.exp)?);
        let living = now < expires_at && issued_at <= now.plus(MAX_SKEW);
        let sound = issued_at <= expires_at && expires_at.since(issued_at) <= self.longest_life;
        if !living || !sound || payload.aud != audience {
            return None;
        }
        Some(Shared {
            subject: Subject::new(&payload.sub).ok()?,
            issued_at,
            expires_at,
            id: from_base64url(&payload.jti)?.try_into().ok()?,
            epoch: payload.epoch,
        })
    }
}

impl<'a> Payload<'a> {
    /// The claims that every kind has.
    pub(super) fn new(
        subject: &'a Subject,
        (issued_at, expires_at): (UnixTime, UnixTime),
        id: &[u8; 16],
        epoch: u64,
        audience: &'a str,
    ) -> Self {
        Self {
            sub: subject.as_str().into(),
            iat: issued_at.seconds(),
            exp: expires_at.seconds(),
            jti: base64url(id).into(),
            epoch,
            aud: audience.into(),
            ..Self::default()
        }
    }

    /// Adds `methods` (RFC 8176 names) and `auth_time`: what the first factor was and when it was passed.
    pub(super) fn with_first_factor(mut self, first_factor: &'a FirstFactor) -> Self {
        self.methods = Some(first_factor.methods().into());
        self.auth_time = Some(first_factor.at().seconds());
        self
    }

    /// The first factor, which a kind that has one demands.
    pub(super) fn first_factor(&self) -> Option<FirstFactor> {
        let methods: Vec<&str> = self.methods.as_ref()?.iter().map(String::as_str).collect();
        FirstFactor::new(&methods, json::to_time(self.auth_time?)?).ok()
    }
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
