//! The shared secret of a device: bytes that are wiped when dropped and cannot be printed.

use zeroize::Zeroizing;

use crate::error::{ErrorCode, Fault};
use crate::random::Random;

/// A device's shared secret, 10 to 128 bytes.
///
/// It has no `Debug`, `Display`, `Clone`, `PartialEq` or `Serialize`: it can be used, and shown once
/// on purpose with [`Secret::to_base32`]. The bytes are wiped on drop.
///
/// ```compile_fail,E0277
/// # fn f(secret: twinlock::Secret) {
/// println!("{secret:?}");
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn f(secret: twinlock::Secret) {
/// let copy: twinlock::Secret = secret.clone();
/// # }
/// ```
/// ```compile_fail,E0369
/// # fn f(secret: twinlock::Secret, guess: twinlock::Secret) {
/// let leaks_by_its_time = secret == guess;
/// # }
/// ```
pub struct Secret(Zeroizing<Vec<u8>>);

/// How short an imported secret may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinimumLength {
    /// 16 bytes, what RFC 4226 R6 demands.
    Rfc4226,
    /// 10 bytes, for secrets of systems that never followed the RFC (some issue 80 bits).
    Legacy,
}

impl MinimumLength {
    const fn bytes(self) -> usize {
        match self {
            Self::Rfc4226 => 16,
            Self::Legacy => 10,
        }
    }
}

impl Secret {
    /// The length of a generated secret: 160 bits, as RFC 4226 R6 recommends.
    pub const GENERATED_BYTES: usize = 20;
    /// The longest secret that can be imported, in bytes: one block of SHA-512.
    pub const MAX_BYTES: usize = 128;

    /// A new secret of 20 random bytes.
    ///
    /// # Errors
    /// `random_unavailable`.
    pub fn generate(random: &dyn Random) -> Result<Self, Fault> {
        let mut bytes = Zeroizing::new(vec![0; Self::GENERATED_BYTES]);
        random.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Takes over raw bytes.
    ///
    /// # Errors
    /// `secret_length` below the minimum and above 128 bytes.
    pub fn from_bytes(bytes: Vec<u8>, minimum: MinimumLength) -> Result<Self, Fault> {
        let bytes = Zeroizing::new(bytes);
        if bytes.len() < minimum.bytes() || bytes.len() > Self::MAX_BYTES {
            return Err(Fault::new(ErrorCode::SecretLength));
        }
        Ok(Self(bytes))
    }

    /// Reads base32 (RFC 4648 §6): either case, padding optional, ASCII spaces and hyphens skipped.
    ///
    /// # Errors
    /// `secret_malformed` for other characters, impossible lengths and non-zero tail bits;
    /// `secret_length` as [`Secret::from_bytes`].
    pub fn from_base32(text: &str, minimum: MinimumLength) -> Result<Self, Fault> {
        crate::encoding::base32::decode(text).and_then(|bytes| Self::from_bytes(bytes, minimum))
    }

    /// Upper-case base32 without padding, to be shown to the user once. Wiped on drop.
    #[must_use]
    pub fn to_base32(&self) -> Zeroizing<String> {
        crate::encoding::base32::encode(&self.0)
    }

    /// The raw bytes, for computing codes and for storing inside a sealed record.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}
