//! The two ciphers over raw keys, nonces and bytes: the one place where they are called.
//!
//! Both run in AWS-LC. It has no XChaCha20, so the step that makes it from ChaCha20 is done here:
//! HChaCha20 turns the key and 16 bytes of the nonce into a key of its own, and the other 8 bytes are the
//! nonce (draft-irtf-cfrg-xchacha-03 §2.3).

use aws_lc_rs::aead::{AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use chacha20::{R20, hchacha};
use zeroize::Zeroizing;

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
    /// `input_too_large`, to which no input leads that this crate lets through.
    pub(super) fn seal(self, nonce: &[u8], data: &[u8], in_out: &mut [u8]) -> Result<[u8; TAG], Fault> {
        let tag = self.with(nonce, |key, nonce| {
            key.seal_in_place_separate_tag(nonce, Aad::from(data), in_out).ok()?.as_ref().try_into().ok()
        });
        tag.ok_or(Fault::new(ErrorCode::InputTooLarge))
    }

    /// Decrypts ciphertext and tag in place; what is left is the plaintext.
    ///
    /// # Errors
    /// `envelope_rejected`. The buffer is then to be thrown away.
    pub(super) fn open(self, nonce: &[u8], data: &[u8], buffer: &mut Vec<u8>) -> Result<(), Fault> {
        let length = self.with(nonce, |key, nonce| {
            key.open_in_place(nonce, Aad::from(data), buffer).ok().map(|plaintext| plaintext.len())
        });
        buffer.truncate(length.ok_or(Fault::new(ErrorCode::EnvelopeRejected))?);
        Ok(())
    }

    /// Runs AWS-LC with its form of key and nonce, both of which are for this one call with XChaCha20.
    /// `None` too for a nonce that has not the algorithm's length.
    fn with<T>(self, nonce: &[u8], run: impl FnOnce(&LessSafeKey, Nonce) -> Option<T>) -> Option<T> {
        match self {
            Self::XChaCha20Poly1305(key) => {
                let (for_key, rest) = nonce.split_first_chunk::<16>()?;
                let [a, b, c, d, e, f, g, h] = *<&[u8; 8]>::try_from(rest).ok()?;
                let nonce = Nonce::assume_unique_for_key([0, 0, 0, 0, a, b, c, d, e, f, g, h]);
                let key = Zeroizing::new(<[u8; 32]>::from(hchacha::<R20>(key.into(), for_key.into())));
                run(&LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &*key).ok()?), nonce)
            }
            Self::Aes256Gcm(key) => run(key, Nonce::try_assume_unique_for_key(nonce).ok()?),
        }
    }
}

#[cfg(test)]
#[path = "aead_tests.rs"]
mod tests;
