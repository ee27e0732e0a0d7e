//! The record: everything the second factor knows about one subject, sealed as one value.

/// The encrypted bytes of a record, as a host stores them beside a version number.
pub struct SealedRecord(Vec<u8>);

impl SealedRecord {
    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
