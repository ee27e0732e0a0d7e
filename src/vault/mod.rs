//! Sealing: the key ring, its sub-keys and the envelope (format v1).
//!
//! ```text
//! envelope  0x54 0x4C | version 0x01 | algorithm | key id[8] | nonce | ciphertext | tag[16]
//! algorithm 1 = XChaCha20-Poly1305 (nonce 24 bytes), 2 = AES-256-GCM (nonce 12 bytes); nonces are random
//! data      the 12 header bytes | purpose in ASCII | length of subject, 1 byte | subject in UTF-8
//! sub-key   HKDF-SHA256(key, salt empty, info "twinlock/v1/<purpose>"), 32 bytes;
//!           for algorithm 2 the info is "twinlock/v1/<purpose>/aes-256-gcm"
//! key id    HKDF-SHA256(key, salt empty, info "twinlock/v1/kid"), the first 8 bytes
//! key text  "tlk1_" | base64url(32 random bytes), 43 characters without padding
//! text      base64url(envelope) without padding
//! ```
//!
//! The key id picks the key; nothing is tried. Purpose and subject are bound by the associated data,
//! so a row copied to another user, or a host's own secret passed off as a record, does not open.
//! The algorithm is bound as well, and each has sub-keys of its own.
//!
//! # FIPS
//!
//! [`Cipher`] says what a ring seals and opens with. AES-256-GCM runs in AWS-LC; its build that is
//! validated under FIPS 140-3 is the `fips` feature of the crate `aws-lc-rs`, which a host turns on in its
//! own `Cargo.toml`. Twinlock itself is no validated module: nonces are drawn from [`Random`](crate::Random)
//! outside of AWS-LC, and sub-keys and the hashes of codes come from other crates.
//!
//! With random nonces of 96 bits one key may seal at most 2³² times (NIST SP 800-38D §8.3): put a new key
//! first before that. At a hundred sign-ins a second that is more than a year. XChaCha20-Poly1305 has no such
//! limit.

mod aead;
mod cipher;
mod envelope;
mod keyring;
mod provider;
mod seal;
mod usage;

pub use cipher::Cipher;
pub use envelope::{from_text, key_id, to_text};
pub use keyring::{KeyId, KeyRing};
pub(crate) use keyring::{Purpose, RingKey};
pub use provider::{KeyProvider, ProviderError};
pub(crate) use seal::{needs_reseal, open_for, seal_for};
pub use seal::{open, reseal, seal};
pub use usage::KeyUsage;
