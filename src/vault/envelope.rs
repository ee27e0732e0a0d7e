//! The envelope as bytes and as text, without opening it.

use super::aead::{Algorithm, TAG};
use super::keyring::KeyId;
use crate::encoding::{base64url, from_base64url};
use crate::error::{ErrorCode, Fault};

const MAGIC: [u8; 2] = [0x54, 0x4C];
const VERSION: u8 = 1;
pub(super) const HEADER: usize = 12;
/// The largest plaintext: records stay under 4 KB, a host's own secrets are small.
pub(super) const MAX_PLAINTEXT: usize = 64 * 1024;
/// With the longer nonce; the four bytes more of plaintext that the other one leaves room for do no harm.
const MAX_ENVELOPE: usize = HEADER + super::aead::MAX_NONCE + MAX_PLAINTEXT + TAG;
const MAX_TEXT: usize = MAX_ENVELOPE.div_ceil(3) * 4;

/// An envelope taken apart.
pub(super) struct Envelope<'a> {
    pub header: &'a [u8; HEADER],
    pub algorithm: Algorithm,
    pub key_id: KeyId,
    pub nonce: &'a [u8],
    /// Ciphertext and tag.
    pub sealed: &'a [u8],
}

impl<'a> Envelope<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let malformed = Fault::new(ErrorCode::EnvelopeMalformed);
        if bytes.len() > MAX_ENVELOPE {
            return Err(Fault::new(ErrorCode::InputTooLarge));
        }
        let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or(malformed)?;
        let [m0, m1, version, algorithm, id @ ..] = *header;
        if [m0, m1] != MAGIC || version != VERSION {
            return Err(malformed);
        }
        let algorithm = Algorithm::from_number(algorithm).ok_or(malformed)?;
        let (nonce, sealed) = rest.split_at_checked(algorithm.nonce_bytes()).ok_or(malformed)?;
        if sealed.len() < TAG {
            return Err(malformed);
        }
        Ok(Self { header, algorithm, key_id: KeyId(id), nonce, sealed })
    }
}

/// The first bytes of a new envelope.
pub(super) fn header(algorithm: Algorithm, key_id: KeyId) -> [u8; HEADER] {
    let ([m0, m1], [a, b, c, d, e, f, g, h]) = (MAGIC, key_id.0);
    [m0, m1, VERSION, algorithm.number(), a, b, c, d, e, f, g, h]
}

/// The key that sealed an envelope, read from its header: it is not opened, so nothing says that it is right.
///
/// # Errors
/// `envelope_malformed` when it is none; `input_too_large`.
pub fn key_id(envelope: &[u8]) -> Result<KeyId, Fault> {
    Envelope::parse(envelope).map(|envelope| envelope.key_id)
}

/// An envelope as base64url without padding (RFC 4648 §5), for a column of text.
#[must_use]
pub fn to_text(envelope: &[u8]) -> String {
    base64url(envelope)
}

/// Reads what [`to_text`] made: no padding, no white space, no bits set after the last byte.
///
/// # Errors
/// `envelope_malformed` when it is no such text or what it stands for is no envelope; `input_too_large`.
pub fn from_text(text: &str) -> Result<Vec<u8>, Fault> {
    if text.len() > MAX_TEXT {
        return Err(Fault::new(ErrorCode::InputTooLarge));
    }
    let envelope = from_base64url(text).ok_or(Fault::new(ErrorCode::EnvelopeMalformed))?;
    Envelope::parse(&envelope)?;
    Ok(envelope)
}
