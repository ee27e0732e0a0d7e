//! Which keys are still needed.

use super::envelope;
use super::keyring::{KeyId, KeyRing};
use crate::error::Fault;

/// Counts what each key sealed, so that no key is dropped from the ring while something still needs it.
///
/// Show it every envelope of the deployment: all records, and all secrets of the host's own. Tokens are not
/// counted: keep an old key for as long as the longest of them lives.
///
/// ```
/// use twinlock::vault::{self, KeyUsage};
/// use twinlock::{KeyRing, OsRandom, Subject};
///
/// # fn main() -> Result<(), twinlock::Fault> {
/// let old = KeyRing::generate(&OsRandom)?;
/// let rotated = KeyRing::parse(&format!("{},{}", *KeyRing::generate(&OsRandom)?.to_text(), *old.to_text()))?;
/// let alice = Subject::new("alice")?;
/// let mut row = vault::seal(&old, &alice, b"a small secret", &OsRandom)?;
///
/// let mut usage = KeyUsage::new(&rotated);
/// usage.add(&row)?;
/// let old_key = rotated.ids()[1];
/// assert!(!usage.is_droppable(old_key));
///
/// if let Some(resealed) = vault::reseal(&rotated, &alice, &row, &OsRandom)? {
///     row = resealed; // stored with a conditional write
/// }
/// let mut usage = KeyUsage::new(&rotated);
/// usage.add(&row)?;
/// assert!(usage.is_droppable(old_key));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    first: KeyId,
    counts: Vec<(KeyId, u64)>,
}

impl KeyUsage {
    /// Nothing counted, for all keys of a ring.
    #[must_use]
    pub fn new(ring: &KeyRing) -> Self {
        Self { first: ring.first().id(), counts: ring.ids().into_iter().map(|id| (id, 0)).collect() }
    }

    /// Counts an envelope and returns the key that it needs, which may be one that is not in the ring.
    ///
    /// # Errors
    /// `envelope_malformed` when it is none; `input_too_large`. Nothing is counted then.
    pub fn add(&mut self, envelope: &[u8]) -> Result<KeyId, Fault> {
        let id = envelope::key_id(envelope)?;
        self.add_id(id);
        Ok(id)
    }

    /// Counts something that is no envelope but needs a key as well, such as the hashes of backup codes in a
    /// record, which stay with the key that they were made with.
    pub fn add_id(&mut self, id: KeyId) {
        match self.counts.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.counts.push((id, 1)),
        }
    }

    /// How many were counted that need this key.
    #[must_use]
    pub fn of(&self, id: KeyId) -> u64 {
        self.iter().find(|(known, _)| *known == id).map_or(0, |(_, count)| count)
    }

    /// All keys with their counts: those of the ring in its order, then those that it lacks.
    pub fn iter(&self) -> impl Iterator<Item = (KeyId, u64)> + '_ {
        self.counts.iter().copied()
    }

    /// Whether the ring can do without this key, if everything was counted: nothing needs it, and it is not the
    /// one that seals.
    #[must_use]
    pub fn is_droppable(&self, id: KeyId) -> bool {
        id != self.first && self.of(id) == 0
    }
}
