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
        if !Self::is_valid(text) {
            return Err(Fault::new(ErrorCode::SubjectInvalid));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether a text can be a subject.
    pub(crate) fn is_valid(text: &str) -> bool {
        (1..=Self::MAX_BYTES).contains(&text.len()) && !text.chars().any(char::is_control)
    }

    /// The text as the host gave it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
