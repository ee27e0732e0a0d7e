//! Which ciphers a ring seals and opens with.

use crate::choice::choice;

choice! {
    /// How envelopes are sealed, and which are opened.
    Cipher for "cipher" {
        /// XChaCha20-Poly1305 (envelope algorithm 1).
        XChaCha20Poly1305 = "xchacha20-poly1305",
        /// AES-256-GCM (envelope algorithm 2), for sites that need a FIPS cipher; nothing else is opened, so
        /// nobody who can write to the database can bring the other one back.
        Aes256Gcm = "aes-256-gcm",
        /// Seals with AES-256-GCM and opens both: while envelopes of the other kind are sealed anew.
        Aes256GcmMigrating = "aes-256-gcm-migrating",
    }
}
