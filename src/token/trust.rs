//! Trust tokens: "this device of the subject's showed a second factor and need not for a while".
//!
//! ```text
//! typ      twinlock-trust+jwt, at most 30 days
//! claims   those of all tokens of our own; the record lists the jti, and a token not on the list is void
//! ```

use super::own::{Kind, Payload};
use crate::error::Fault;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::{KeyRing, Purpose};

const KIND: Kind = Kind { typ: "twinlock-trust+jwt", purpose: Purpose::Trust, longest_life: 30 * 86_400 };

/// What a trust token says.
pub(crate) struct TrustClaims {
    /// Whose device it is.
    pub subject: Subject,
    /// When it was issued.
    pub issued_at: UnixTime,
    /// From when on it is dead.
    pub expires_at: UnixTime,
    /// Its own name, by which the record lists it.
    pub id: [u8; 16],
    /// The record's epoch when it was issued.
    pub epoch: u64,
}

impl TrustClaims {
    /// The token, signed with the ring's first key.
    pub(crate) fn sign(&self, ring: &KeyRing, audience: &str) -> Result<String, Fault> {
        let times = (self.issued_at, self.expires_at);
        KIND.sign(ring, &Payload::new(&self.subject, times, &self.id, self.epoch, audience))
    }

    /// What a living trust token of ours says; `None` for anything else.
    pub(crate) fn verify(token: &str, ring: &KeyRing, audience: &str, now: UnixTime) -> Option<Self> {
        let (_, payload) = KIND.open(token, ring)?;
        let shared = KIND.read(&Payload::of_json(&payload)?, audience, now)?;
        Some(Self {
            subject: shared.subject,
            issued_at: shared.issued_at,
            expires_at: shared.expires_at,
            id: shared.id,
            epoch: shared.epoch,
        })
    }
}
