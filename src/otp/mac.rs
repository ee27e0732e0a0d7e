//! The HMAC of a counter, and what RFC 4226 §5.3 makes of it.

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::{Algorithm, Code, Digits};
use crate::secret::Secret;

/// An HMAC keyed once, from which every candidate of a window starts.
pub(super) enum Keyed {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Keyed {
    pub(super) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(keyed(secret.expose())),
            Algorithm::Sha256 => Self::Sha256(keyed(secret.expose())),
            Algorithm::Sha512 => Self::Sha512(keyed(secret.expose())),
        }
    }

    /// The code at a counter value.
    pub(super) fn code(&self, counter: u64, digits: Digits) -> Code {
        let hash = match self {
            Self::Sha1(mac) => truncated(mac.clone(), counter),
            Self::Sha256(mac) => truncated(mac.clone(), counter),
            Self::Sha512(mac) => truncated(mac.clone(), counter),
        };
        Code::from_truncated(hash, digits)
    }
}

/// The key block that RFC 2104 §2 prescribes, made here because the crate's own way returns a
/// `Result` that can never be an error: a secret longer than a block is hashed, a shorter one filled
/// up with zeros.
fn keyed<D: EagerHash + Digest>(secret: &[u8]) -> Hmac<D> {
    let mut block = hmac::digest::Key::<Hmac<D>>::default();
    let hash;
    let key: &[u8] = if secret.len() > block.len() {
        hash = D::digest(secret);
        &hash
    } else {
        secret
    };
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    Hmac::new(&block)
}

/// Dynamic truncation: four bytes from where the last nibble points, without the sign bit.
fn truncated(mut mac: impl Mac, counter: u64) -> u32 {
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = hash.last().map_or(0, |last| usize::from(last & 0x0f));
    // The nibble is at most 15 and the shortest hash has 20 bytes: four are always there.
    let bytes = hash.get(offset..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
    u32::from_be_bytes(bytes) & 0x7fff_ffff
}
