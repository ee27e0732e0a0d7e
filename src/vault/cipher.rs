//! Which ciphers a ring seals and opens with.

use super::aead::Algorithm;
use crate::choice::choice;

choice! {
    /// How envelopes are sealed, and which are opened.
    Cipher for "cipher" {
        /// Seals with XChaCha20-Poly1305 (envelope algorithm 1). Opens both, so that a site can come back
        /// from the other one.
        XChaCha20Poly1305 = "xchacha20-poly1305",
        /// AES-256-GCM (envelope algorithm 2), for sites that need a FIPS cipher; nothing else is opened, so
        /// nobody who can write to the database can bring the other one back.
        Aes256Gcm = "aes-256-gcm",
        /// Seals with AES-256-GCM and opens both: while envelopes of the other kind are sealed anew.
        Aes256GcmMigrating = "aes-256-gcm-migrating",
    }
}

impl Cipher {
    /// What new envelopes are sealed with.
    pub(super) const fn seals(self) -> Algorithm {
        match self {
            Self::XChaCha20Poly1305 => Algorithm::XChaCha20Poly1305,
            Self::Aes256Gcm | Self::Aes256GcmMigrating => Algorithm::Aes256Gcm,
        }
    }

    /// Whether an envelope of that algorithm is opened.
    pub(super) const fn opens(self, algorithm: Algorithm) -> bool {
        match self {
            Self::XChaCha20Poly1305 | Self::Aes256GcmMigrating => true,
            Self::Aes256Gcm => matches!(algorithm, Algorithm::Aes256Gcm),
        }
    }
}
