//! The keys of access and refresh tokens.

use std::str;

use hkdf::Hkdf;
use serde::de::IgnoredAny;
use sha2::Sha256;

use super::jws::Key;
use crate::encoding::hex;
use crate::error::{ErrorCode, Fault};
use crate::vault::{KeyRing, Purpose};

/// The most keys that a verifier holds.
const MAX_KEYS: usize = 16;
/// Marks of key files that are public, or that belong to another kind of signature. None of them turns up
/// in random bytes, hexadecimal or base64.
const KEY_FILE_MARKS: [&str; 9] = [
    "-----BEGIN ",
    "---- BEGIN ",
    "PuTTY-User-Key-File",
    "ssh-rsa ",
    "ssh-dss ",
    "ssh-ed25519 ",
    "ecdsa-sha2-nistp",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp",
];

/// The hash of an HMAC-signed JWT. The key fixes it; a token's header never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JwtAlgorithm {
    /// HMAC-SHA-256; the key has at least 32 bytes.
    #[default]
    Hs256,
    /// HMAC-SHA-384; at least 48 bytes.
    Hs384,
    /// HMAC-SHA-512; at least 64 bytes.
    Hs512,
}

impl JwtAlgorithm {
    /// The name as the `alg` member of a header has it: `HS256`, `HS384`, `HS512`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// Reads a name, written exactly so.
    ///
    /// # Errors
    /// `jwt_algorithm_unknown` for anything else.
    pub fn from_name(name: &str) -> Result<Self, Fault> {
        [Self::Hs256, Self::Hs384, Self::Hs512]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or(Fault::new(ErrorCode::JwtAlgorithmUnknown))
    }

    /// As long as the hash's output (RFC 7518 §3.2).
    const fn shortest_key(self) -> usize {
        match self {
            Self::Hs256 => 32,
            Self::Hs384 => 48,
            Self::Hs512 => 64,
        }
    }
}

/// A key that signs and verifies JWTs. Wiped on drop; it cannot be printed or copied.
///
/// ```compile_fail,E0277
/// # fn f(key: twinlock::JwtKey) {
/// println!("{key:?}");
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn f(key: twinlock::JwtKey) {
/// let copy: twinlock::JwtKey = key.clone();
/// # }
/// ```
pub struct JwtKey(Key);

impl JwtKey {
    /// A host's own HMAC key, for instance the one that simplejwt signs with.
    ///
    /// The `kid` of its tokens is derived from it as a key ring's key ids are, so that it cannot be
    /// chosen or mixed up.
    ///
    /// # Errors
    /// `jwt_key_weak` when shorter than the hash (RFC 7518 §3.2), or when it is the text of a public
    /// or private key (PEM, JWK, SSH): whoever has the public text could sign with it.
    pub fn hmac(algorithm: JwtAlgorithm, secret: &[u8]) -> Result<Self, Fault> {
        let weak = Fault::new(ErrorCode::JwtKeyWeak);
        if secret.len() < algorithm.shortest_key() || is_key_file(secret) {
            return Err(weak);
        }
        let mut id = [0; 8];
        Hkdf::<Sha256>::new(None, secret).expand(b"twinlock/v1/kid", &mut id).map_err(|_| weak)?;
        Ok(Self(Key::hmac(algorithm, hex(&id), secret)))
    }
}

/// Whether this is the text of a key file or a JSON document, as a JWK or a set of them is.
fn is_key_file(secret: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(secret) else { return false };
    let text = text.trim_start_matches('\u{feff}').trim();
    let is_json = text.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok();
    is_json || KEY_FILE_MARKS.iter().any(|mark| text.contains(mark))
}

/// The keys of a verifier: the first signs, all verify.
pub(crate) struct JwtKeys {
    first: Key,
    others: Vec<Key>,
}

impl JwtKeys {
    /// The host's own keys or, where there are none, the ring's `jwt` sub-keys.
    pub(crate) fn new(own: Vec<JwtKey>, ring: &KeyRing) -> Result<Self, Fault> {
        let mut own = own.into_iter().map(|key| key.0);
        let Some(first) = own.next() else { return Ok(Self::of_ring(ring)) };
        let mut keys = Self { first, others: Vec::new() };
        for key in own {
            if keys.find(key.id()).is_some() {
                return Err(Fault::about(ErrorCode::KeyDuplicate, "keys"));
            }
            keys.others.push(key);
            if keys.others.len() >= MAX_KEYS {
                return Err(Fault::about(ErrorCode::KeyRingTooLarge, "keys"));
            }
        }
        Ok(keys)
    }

    fn of_ring(ring: &KeyRing) -> Self {
        let others = ring.ids().into_iter().skip(1).filter_map(|id| ring.find(id));
        Self {
            first: Key::of_ring(ring.first(), Purpose::Jwt),
            others: others.map(|key| Key::of_ring(key, Purpose::Jwt)).collect(),
        }
    }

    /// The key that signs.
    pub(crate) const fn first(&self) -> &Key {
        &self.first
    }

    /// The key of that `kid`.
    pub(crate) fn find(&self, id: &str) -> Option<&Key> {
        std::iter::once(&self.first).chain(&self.others).find(|key| key.id() == id)
    }
}
