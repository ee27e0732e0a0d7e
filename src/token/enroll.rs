//! Enrollment tokens: "this subject passed the first factor and may set up an authenticator, nothing else".
//!
//! ```text
//! typ      twinlock-enroll+jwt, at most 900 seconds
//! claims   those of all tokens of our own; a confirmed enrollment moves the epoch and so ends them
//!          methods auth_time   what the first factor was (RFC 8176 names) and when it was passed
//! ```

use super::own::{Kind, Payload};
use crate::engine::first_factor::FirstFactor;
use crate::error::Fault;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::{KeyRing, Purpose};

const KIND: Kind = Kind { typ: "twinlock-enroll+jwt", purpose: Purpose::Enroll, longest_life: 900 };

/// What an enrollment token says.
pub(crate) struct EnrollClaims {
    /// Who may enroll.
    pub subject: Subject,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// From when on it is dead.
    pub expires_at: UnixTime,
    /// Its own name.
    pub id: [u8; 16],
    /// The record's epoch when it was issued.
    pub epoch: u64,
    /// What was passed before. It is bound to nothing.
    pub first_factor: FirstFactor,
}

impl EnrollClaims {
    /// The token, signed with the ring's first key.
    pub(crate) fn sign(&self, ring: &KeyRing, audience: &str) -> Result<String, Fault> {
        let times = (self.issued_at, self.expires_at);
        let payload = Payload::new(&self.subject, times, &self.id, self.epoch, audience);
        KIND.sign(ring, &payload.with_first_factor(&self.first_factor))
    }

    /// What a living enrollment token of ours says; `None` for anything else.
    pub(crate) fn verify(token: &str, ring: &KeyRing, audience: &str, now: UnixTime) -> Option<Self> {
        let (_, payload) = KIND.open(token, ring)?;
        let payload = Payload::of_json(&payload)?;
        let shared = KIND.read(&payload, audience, now)?;
        Some(Self {
            subject: shared.subject,
            issued_at: shared.issued_at,
            expires_at: shared.expires_at,
            id: shared.id,
            epoch: shared.epoch,
            first_factor: payload.first_factor()?,
        })
    }
}
