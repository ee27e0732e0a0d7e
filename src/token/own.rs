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
use std::fmt;

use serde::Serialize;
use serde::de::{Error, MapAccess, Visitor};

use super::json::{self, Name, Names, TWICE, Texts, UniqueMembers};
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
#[derive(Default, Serialize)]
pub(super) struct Payload<'a> {
    sub: Option<Cow<'a, str>>,
    iat: Option<u64>,
    exp: Option<u64>,
    jti: Option<Cow<'a, str>>,
    epoch: Option<u64>,
    aud: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    methods: Option<Texts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<Cow<'a, str>>,
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
        let (issued_at, expires_at) = (json::to_time(payload.iat?)?, json::to_time(payload.exp?)?);
        let living = now < expires_at && issued_at <= now.plus(MAX_SKEW);
        let sound = issued_at <= expires_at && expires_at.since(issued_at) <= self.longest_life;
        if !living || !sound || payload.aud.as_deref() != Some(audience) {
            return None;
        }
        Some(Shared {
            subject: Subject::new(payload.sub.as_ref()?).ok()?,
            issued_at,
            expires_at,
            id: from_base64url(payload.jti.as_ref()?)?.try_into().ok()?,
            epoch: payload.epoch?,
        })
    }
}

impl<'a> Payload<'a> {
    /// Reads claims: those that are known into their types, all others only for their form.
    pub(super) fn of_json(text: &'a [u8]) -> Option<Self> {
        json::members(text, PayloadVisitor)
    }

    /// The claims that every kind has.
    pub(super) fn new(
        subject: &'a Subject,
        (issued_at, expires_at): (UnixTime, UnixTime),
        id: &[u8; 16],
        epoch: u64,
        audience: &'a str,
    ) -> Self {
        Self {
            sub: Some(subject.as_str().into()),
            iat: Some(issued_at.seconds()),
            exp: Some(expires_at.seconds()),
            jti: Some(base64url(id).into()),
            epoch: Some(epoch),
            aud: Some(audience.into()),
            ..Self::default()
        }
    }

    /// Adds `methods` (RFC 8176 names) and `auth_time`: what the first factor was and when it was passed.
    pub(super) fn with_first_factor(mut self, first_factor: &'a FirstFactor) -> Self {
        self.methods = Some(Texts(first_factor.methods().iter().map(Cow::from).collect()));
        self.auth_time = Some(first_factor.at().seconds());
        self
    }

    /// The first factor, which a kind that has one demands.
    pub(super) fn first_factor(&self) -> Option<FirstFactor> {
        let methods: Vec<&str> = self.methods.as_ref()?.0.iter().map(AsRef::as_ref).collect();
        FirstFactor::new(&methods, json::to_time(self.auth_time?)?).ok()
    }
}

struct PayloadVisitor;

impl<'de> Visitor<'de> for PayloadVisitor {
    type Value = Payload<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut claims, mut others) = (Payload::default(), Names::default());
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                "sub" => json::text(&mut claims.sub, &mut map)?,
                "iat" => json::once(&mut claims.iat, &mut map)?,
                "exp" => json::once(&mut claims.exp, &mut map)?,
                "jti" => json::text(&mut claims.jti, &mut map)?,
                "epoch" => json::once(&mut claims.epoch, &mut map)?,
                "aud" => json::text(&mut claims.aud, &mut map)?,
                "methods" => json::once(&mut claims.methods, &mut map)?,
                "auth_time" => json::once(&mut claims.auth_time, &mut map)?,
                "bind" => json::text(&mut claims.bind, &mut map)?,
                "then" => json::text(&mut claims.then, &mut map)?,
                _ => {
                    others.push(name);
                    map.next_value_seed(UniqueMembers::below_the_top())?;
                }
            }
        }
        if others.are_unique() { Ok(claims) } else { Err(A::Error::custom(TWICE)) }
    }
}

#[cfg(test)]
#[path = "own_tests.rs"]
mod tests;
