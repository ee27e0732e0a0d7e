//! Sealing: the key ring, its sub-keys and the envelope (format v1).
//!
//! ```text
//! envelope  0x54 0x4C | version 0x01 | algorithm | key id[8] | nonce[24] | ciphertext | tag[16]
//! algorithm 1 = XChaCha20-Poly1305 (nonce 24 bytes)
//! data      the 12 header bytes | purpose in ASCII | length of subject, 1 byte | subject in UTF-8
//! sub-key   HKDF-SHA256(key, salt empty, info "twinlock/v1/<purpose>"), 32 bytes
//! key id    HKDF-SHA256(key, salt empty, info "twinlock/v1/kid"), the first 8 bytes
//! key text  "tlk1_" | base64url(32 random bytes), 43 characters without padding
//! ```
//!
//! The key id picks the key; nothing is tried. Purpose and subject are bound by the associated data,
//! so a row copied to another user, or a host's own secret passed off as a record, does not open.

mod cipher;
mod keyring;
mod seal;

pub use cipher::Cipher;
pub use keyring::{KeyId, KeyRing};
pub(crate) use keyring::{Purpose, RingKey};
pub use seal::{open, seal};
pub(crate) use seal::{open_for, seal_for};
