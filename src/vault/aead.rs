//! The two ciphers over raw keys, nonces and bytes: the one place where they are called.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Key, Tag, XChaCha20Poly1305, XNonce};

use crate::error::{ErrorCode, Fault};

/// Both append a tag of that many bytes.
pub(super) const TAG: usize = 16;
/// The longer of the two nonces.
pub(super) const MAX_NONCE: usize = 24;

/// The algorithm byte of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    XChaCha20Poly1305,
    Aes256Gcm,
}

impl Algorithm {
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::XChaCha20Poly1305 => 1,
            Self::Aes256Gcm => 2,
        }
    }

    pub(super) const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::XChaCha20Poly1305),
            2 => Some(Self::Aes256Gcm),
            _ => None,
        }
    }

    pub(super) const fn nonce_bytes(self) -> usize {
        match self {
            Self::XChaCha20Poly1305 => 24,
            Self::Aes256Gcm => 12,
        }
    }
}

/// AES with its key expanded. The memory below it is the C library's, which wipes what it frees.
pub(super) type AesKey = LessSafeKey;

pub(super) fn aes_key(key: &[u8; 32]) -> Result<AesKey, Fault> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| Fault::new(ErrorCode::KeyMalformed))
}

/// A key for one of the algorithms.
#[derive(Clone, Copy)]
pub(super) enum SealingKey<'a> {
    XChaCha20Poly1305(&'a [u8; 32]),
    Aes256Gcm(&'a AesKey),
}

impl SealingKey<'_> {
    /// Encrypts in place and returns the tag.
    ///
    /// # Errors
    /// `input_too_large`, which no input of a size that this crate lets through leads to.
    pub(super) fn seal(self, nonce: &[u8], data: &[u8], in_out: &mut [u8]) -> Result<[u8; TAG], Fault> {
        let refused = Fault::new(ErrorCode::InputTooLarge);
        match self {
            Self::XChaCha20Poly1305(key) => {
                let nonce = XNonce::try_from(nonce).map_err(|_| refused)?;
                let cipher = XChaCha20Poly1305::new(&Key::from(*key));
                let tag = cipher.encrypt_inout_detached(&nonce, data, in_out.into()).map_err(|_| refused)?;
                Ok(tag.into())
            }
            Self::Aes256Gcm(key) => {
                let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| refused)?;
                let tag = key.seal_in_place_separate_tag(nonce, Aad::from(data), in_out);
                tag.ok().and_then(|tag| tag.as_ref().try_into().ok()).ok_or(refused)
            }
        }
    }

    /// Decrypts ciphertext and tag in place; what is left is the plaintext.
    ///
    /// # Errors
    /// `envelope_rejected`. The buffer is then to be thrown away.
    pub(super) fn open(self, nonce: &[u8], data: &[u8], buffer: &mut Vec<u8>) -> Result<(), Fault> {
        let rejected = Fault::new(ErrorCode::EnvelopeRejected);
        let length = match self {
            Self::XChaCha20Poly1305(key) => {
                let nonce = XNonce::try_from(nonce).map_err(|_| rejected)?;
                let (text, tag) = buffer.split_last_chunk_mut::<TAG>().ok_or(rejected)?;
                let (length, tag) = (text.len(), Tag::from(*tag));
                let cipher = XChaCha20Poly1305::new(&Key::from(*key));
                cipher.decrypt_inout_detached(&nonce, data, text.into(), &tag).map_err(|_| rejected)?;
                length
            }
            Self::Aes256Gcm(key) => {
                let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| rejected)?;
                key.open_in_place(nonce, Aad::from(data), buffer).map_err(|_| rejected)?.len()
            }
        };
        buffer.truncate(length);
        Ok(())
    }
}
