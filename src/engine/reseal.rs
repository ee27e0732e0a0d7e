//! Key rotation: sealing a record anew under the ring's first key.

use super::Engine;
use crate::error::Fault;
use crate::record::{Record, SealedRecord};
use crate::subject::Subject;
use crate::vault::{self, KeyId};

impl Engine {
    /// Seals a record anew under the first key of the ring and the policy's cipher; `None` where it needs no
    /// other key already. Store the result with a conditional write, as every record: if the write is lost,
    /// somebody else has written the record, under the first key.
    ///
    /// Nothing in the record changes but where the pepper of the backup codes is kept, so it may run at any
    /// time and any number of times. When no record needs a key any more, the key can go
    /// ([`Engine::keys_needed`]).
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn reseal(&self, subject: &Subject, record: &[u8]) -> Result<Option<SealedRecord>, Fault> {
        let mut opened = Record::open(&self.ring, subject, Some(record))?;
        let peppers_need_keys = opened.peppers().any(|pepper| pepper.other_key(&self.ring).is_some());
        if !vault::needs_reseal(&self.ring, record)? && !peppers_need_keys {
            return Ok(None);
        }
        for pepper in opened.peppers_mut() {
            pepper.keep(&self.ring)?;
        }
        opened.seal(&self.ring, subject, self.random.as_ref()).map(Some)
    }

    /// The keys that a record cannot do without: the one that sealed it, and those that its backup codes were
    /// made with. A key that no record needs can leave the ring once the tokens that it signed have ended.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn keys_needed(&self, subject: &Subject, record: &[u8]) -> Result<Vec<KeyId>, Fault> {
        let opened = Record::open(&self.ring, subject, Some(record))?;
        let mut keys = vec![vault::key_id(record)?];
        for id in opened.peppers().filter_map(|pepper| pepper.other_key(&self.ring)) {
            if !keys.contains(&id) {
                keys.push(id);
            }
        }
        Ok(keys)
    }
}
