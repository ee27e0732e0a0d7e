//! Trusted devices: browsers and phones from which a subject need not show the second factor for a while.
//!
//! The client holds a signed token; the record lists what it stands for. The token changes with every use,
//! so a copied one is dead as soon as the owner signs in again, and all die with the epoch.

use crate::encoding::hex;
use crate::engine::policy::Policy;
use crate::error::Fault;
use crate::random::{self, Random};
use crate::record::codec::Unknown;
use crate::time::UnixTime;

/// The most that is kept; the policy's option has the same bound.
pub(crate) const MAX_TRUSTED: usize = 10;

/// One trusted device.
pub(crate) struct Trusted {
    /// What it is listed and revoked by.
    pub id: [u8; 8],
    /// The `jti` of its one living token.
    pub ticket: [u8; 16],
    pub name: String,
    pub created_at: UnixTime,
    pub last_used_at: UnixTime,
    /// Never moved: using a trusted device does not prolong the trust.
    pub expires_at: UnixTime,
    pub unknown: Unknown,
}

impl Trusted {
    /// A device that is trusted from now on.
    pub fn new(name: &str, life: u64, now: UnixTime, random: &dyn Random) -> Result<Self, Fault> {
        Ok(Self {
            id: random::bytes(random)?,
            ticket: random::bytes(random)?,
            name: name.to_owned(),
            created_at: now,
            last_used_at: now,
            expires_at: now.plus(life),
            unknown: Unknown::default(),
        })
    }

    /// 16 hexadecimal digits.
    pub fn id_text(&self) -> String {
        hex(&self.id)
    }

    /// Whether the trust lasts. An end further ahead than the policy allows comes from a clock that was wrong
    /// or from a policy that was milder, and counts as over.
    pub fn is_alive(&self, policy: &Policy, now: UnixTime) -> bool {
        now < self.expires_at && self.expires_at <= now.plus(policy.trust_life.into())
    }
}

/// Adds a device; where there are as many as allowed, the one that was not used for longest makes room.
pub(crate) fn add(list: &mut Vec<Trusted>, device: Trusted, allowed: usize) {
    while list.len() >= allowed.clamp(1, MAX_TRUSTED) {
        let oldest = list.iter().enumerate().min_by_key(|(_, trusted)| trusted.last_used_at);
        let Some((index, _)) = oldest else { break };
        list.remove(index);
    }
    list.push(device);
}
