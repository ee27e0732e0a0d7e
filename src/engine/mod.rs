//! The engine: the rules of enrollment and sign-in, over a subject's sealed record.
//!
//! Every call takes the time and the record as the store has it, and returns either facts or a
//! [`Pending`]. The files follow the life of a factor: `enroll`, `devices`, `import`, `sign_in`, `methods`,
//! `trust`, `manage`, `reseal`, `inspect`; `answer` holds the one rule that all of them share, how a code is judged.

mod answer;
pub(crate) mod devices;
mod enroll;
pub(crate) mod first_factor;
pub(crate) mod import;
mod inspect;
mod manage;
mod methods;
pub(crate) mod pending;
pub(crate) mod policy;
pub(crate) mod proof;
mod reseal;
pub(crate) mod results;
pub(crate) mod sessions;
mod sign_in;
pub(crate) mod status;
mod tokens;
mod trust;

use crate::error::{ErrorCode, Fault, Refusal};
use crate::random::{self, OsRandom, Random};
use crate::record::Record;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::access::{Jwt, JwtConfig};
use crate::vault::KeyRing;
use pending::Pending;
use policy::Policy;

/// Holds the policy and the keys, and nothing per user. Share one between all threads.
pub struct Engine {
    policy: Policy,
    ring: KeyRing,
    jwt: Jwt,
    random: Box<dyn Random>,
}

impl Engine {
    /// Checks the policy and the JWT keys and builds an engine on the operating system's randomness.
    ///
    /// # Errors
    /// `option_out_of_range` or `name_invalid` with the option's name; for more JWT keys than 16 or the
    /// same one twice `key_ring_too_large` and `key_duplicate`.
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
        let jwt = jwt.resolve(&ring)?;
        let ring = ring.with_cipher(policy.cipher);
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

    /// Bytes of the engine's source of randomness.
    pub(crate) fn random_bytes<const N: usize>(&self) -> Result<[u8; N], Fault> {
        random::bytes(self.random.as_ref())
    }

    /// Opens a record and brings it in line with the time.
    fn open(&self, subject: &Subject, sealed: Option<&[u8]>, now: UnixTime) -> Result<Opened, Fault> {
        let mut record = Record::open(&self.ring, subject, sealed)?;
        let moved = record.settle(now);
        Ok(Opened { record, moved })
    }

    /// A verdict together with the record that has to be stored for it.
    fn store<T>(
        &self,
        subject: &Subject,
        record: &Record,
        outcome: Result<T, Refusal>,
    ) -> Result<Pending<T>, Fault> {
        let sealed = record.seal(&self.ring, subject, self.random.as_ref())?;
        Ok(Pending::store(sealed, outcome))
    }

    /// As `store`, after something was added to the record; where it has no room for that, nothing is stored.
    fn store_if_it_fits<T>(&self, subject: &Subject, record: &Record, value: T) -> Result<Pending<T>, Fault> {
        if record.has_room()? {
            return self.store(subject, record, Ok(value));
        }
        Ok(Pending::nothing_to_store(Err(Refusal::new(ErrorCode::TooManyDevices))))
    }

    /// A refusal that changes nothing but what the time changed.
    fn refuse<T>(&self, subject: &Subject, opened: &Opened, refusal: Refusal) -> Result<Pending<T>, Fault> {
        if opened.moved {
            return self.store(subject, &opened.record, Err(refusal));
        }
        Ok(Pending::nothing_to_store(Err(refusal)))
    }
}

/// A record, and whether the time alone has changed it.
struct Opened {
    record: Record,
    moved: bool,
}

impl Opened {
    fn require_enrolled(&self) -> Result<(), Refusal> {
        if self.record.is_enrolled() { Ok(()) } else { Err(Refusal::new(ErrorCode::NotEnrolled)) }
    }
}
