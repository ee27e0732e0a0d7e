//! Base32 (RFC 4648 §6) as authenticator apps and people write it.

use zeroize::Zeroizing;

use crate::error::{ErrorCode, Fault};

/// Upper case, no padding.
pub(crate) fn encode(_bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(String::new())
}

/// Either case, optional padding at the end, ASCII spaces and hyphens skipped.
pub(crate) fn decode(_text: &str) -> Result<Vec<u8>, Fault> {
    Err(Fault::new(ErrorCode::SecretMalformed))
}
