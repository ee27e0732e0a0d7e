//! The engine: the rules of enrollment and sign-in, over a subject's sealed record.

mod enroll;
pub(crate) mod first_factor;
mod manage;
pub(crate) mod pending;
pub(crate) mod policy;
pub(crate) mod proof;
mod sign_in;
mod tokens;

use crate::error::Fault;
use crate::random::{OsRandom, Random};
use crate::token::access::JwtConfig;
use crate::vault::KeyRing;
use policy::Policy;

/// Holds the policy and the keys, and nothing per user. Share one between all threads.
pub struct Engine {
    policy: Policy,
    ring: KeyRing,
    jwt: JwtConfig,
    random: Box<dyn Random>,
}

impl Engine {
    /// Checks the policy and the JWT keys and builds an engine on the operating system's randomness.
    ///
    /// # Errors
    /// `option_out_of_range` or `name_invalid` with the option's name; `jwt_key_weak`.
    pub fn new(policy: Policy, ring: KeyRing, jwt: JwtConfig) -> Result<Self, Fault> {
        Self::with_random(policy, ring, jwt, Box::new(OsRandom))
    }

    /// As [`Engine::new`], with a source of randomness of the caller's. For tests that freeze formats.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub fn with_random(
        policy: Policy,
        ring: KeyRing,
        jwt: JwtConfig,
        random: Box<dyn Random>,
    ) -> Result<Self, Fault> {
        policy.check()?;
        Ok(Self { policy, ring, jwt, random })
    }

    /// The policy in force.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The key ring, for [`vault::seal`](crate::vault::seal) and [`vault::open`](crate::vault::open).
    #[must_use]
    pub const fn key_ring(&self) -> &KeyRing {
        &self.ring
    }
}
