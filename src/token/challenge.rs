//! Challenge tokens: "this subject passed the first factor at that time; a second one is due".
//!
//! ```text
//! typ      twinlock-challenge+jwt, at most 300 seconds
//! claims   those of all tokens of our own; the record burns the jti with the factor
//!          methods    what the first factor was (RFC 8176 names)
//!          auth_time  when it was passed
//!          bind       only when bound: base64url of the first 16 bytes of
//!                     HMAC-SHA256(sub-key, "bind" ‖ binding)
//!          then       only where the answer leads to an enrollment and not to a sign-in: "enroll"
//! ```
//!
//! Nothing in it is secret: no code, no hash of one. A digest of the binding that anyone could compute
//! would let a thief of the token try out guesses at what was bound, hence the keyed one.

use hmac::Mac;
use subtle::ConstantTimeEq;

use super::own::{Kind, Payload};
use crate::encoding::{base64url, from_base64url};
use crate::engine::first_factor::FirstFactor;
use crate::error::{ErrorCode, Fault};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::{KeyId, KeyRing, Purpose, RingKey};

const KIND: Kind = Kind { typ: "twinlock-challenge+jwt", purpose: Purpose::Challenge, longest_life: 300 };
const BINDING_BYTES: usize = 16;
/// The value of `then`.
const ENROLL: &str = "enroll";

/// What the right answer to a challenge gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeadsTo {
    /// A proof.
    SignIn,
    /// Only an enrollment token.
    Enroll,
}

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
    /// What the answer is good for.
    pub leads_to: LeadsTo,
    /// The ring key that signed it; signing takes the ring's first, whatever is said here.
    pub key_id: KeyId,
}

impl ChallengeClaims {
    /// The token, signed with the ring's first key.
    pub(crate) fn sign(&self, ring: &KeyRing, audience: &str) -> Result<String, Fault> {
        let times = (self.issued_at, self.expires_at);
        let mut payload = Payload::new(&self.subject, times, &self.id, self.epoch, audience)
            .with_first_factor(&self.first_factor);
        if let Some(binding) = self.first_factor.binding() {
            payload.bind = Some(base64url(&binding_digest(ring.first(), binding)?).into());
        }
        payload.then = (self.leads_to == LeadsTo::Enroll).then_some(ENROLL.into());
        KIND.sign(ring, &payload)
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
        let (key, payload) = KIND.open(token, ring)?;
        let payload = Payload::of_json(&payload)?;
        let mut claims = Self::read(&payload, key.id(), audience, now)?;
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
        let (key, payload) = KIND.open(token, ring)?;
        Self::read(&Payload::of_json(&payload)?, key.id(), audience, now).map(|claims| claims.subject)
    }

    fn read(payload: &Payload<'_>, key_id: KeyId, audience: &str, now: UnixTime) -> Option<Self> {
        let shared = KIND.read(payload, audience, now)?;
        let leads_to = match payload.then.as_deref() {
            None => LeadsTo::SignIn,
            Some(ENROLL) => LeadsTo::Enroll,
            Some(_) => return None,
        };
        Some(Self {
            subject: shared.subject,
            issued_at: shared.issued_at,
            expires_at: shared.expires_at,
            id: shared.id,
            epoch: shared.epoch,
            first_factor: payload.first_factor()?,
            leads_to,
            key_id,
        })
    }
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
    let mac = key.mac(KIND.purpose)?.chain_update(b"bind").chain_update(binding).finalize();
    mac.into_bytes().first_chunk().copied().ok_or(Fault::new(ErrorCode::KeyMalformed))
}

#[cfg(test)]
#[path = "challenge_tests.rs"]
mod tests;
