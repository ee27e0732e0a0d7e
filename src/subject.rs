//! The subject: the host's id of a user, to which every record and token is bound.

use crate::error::{ErrorCode, Fault};

/// 1–255 bytes of UTF-8 without control characters: a primary key as text, a UUID, a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject(String);

impl Subject {
    /// The longest subject in bytes; one length byte stands before it in the associated data.
    pub const MAX_BYTES: usize = 255;

    /// Checks and wraps a subject.
    ///
    /// # Errors
    /// `subject_invalid` when empty, longer than 255 bytes, or with a control character.
    pub fn new(text: &str) -> Result<Self, Fault> {
        if text.is_empty() || text.len() > Self::MAX_BYTES || text.chars().any(char::is_control) {
            return Err(Fault::new(ErrorCode::SubjectInvalid));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text as the host gave it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
