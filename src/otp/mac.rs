//! The HMAC of a counter, and what RFC 4226 §5.3 makes of it.

use hmac::block_api::HmacCore;
use hmac::digest::KeyInit;
use hmac::digest::block_api::{Buffer, EagerHash, FixedOutputCore, UpdateCore};
use hmac::digest::common::{Key, Output};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};

use super::{Algorithm, Code, Digits};
use crate::secret::Secret;

/// An HMAC that is keyed once and then gives the code at one counter value after another.
pub(super) enum Keyed {
    Sha1(State<Sha1>),
    Sha256(State<Sha256>),
    Sha512(State<Sha512>),
}

impl Keyed {
    pub(super) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(State::new(secret.expose())),
            Algorithm::Sha256 => Self::Sha256(State::new(secret.expose())),
            Algorithm::Sha512 => Self::Sha512(State::new(secret.expose())),
        }
    }

    pub(super) fn code(&mut self, counter: u64, digits: Digits) -> Code {
        Code::from_truncated(self.truncated(counter), digits)
    }

    /// The 31 bits of the hash that a code is made of (RFC 4226 §5.3).
    pub(super) fn truncated(&mut self, counter: u64) -> u32 {
        match self {
            Self::Sha1(state) => state.truncated(counter),
            Self::Sha256(state) => state.truncated(counter),
            Self::Sha512(state) => state.truncated(counter),
        }
    }
}

/// The keyed hash states, copied for every counter, and one buffer that all counters use in turn:
/// with `hmac::Hmac` each copy would bring, fill and wipe a buffer of its own.
pub(super) struct State<D: EagerHash> {
    mac: HmacCore<D>,
    buffer: Buffer<HmacCore<D>>,
}

impl<D: EagerHash + Digest> State<D> {
    /// Makes the key block that RFC 2104 §2 prescribes: a secret longer than a block is hashed, a
    /// shorter one filled up with zeros. Done here because the crate's own way returns a `Result`
    /// that can never be an error.
    fn new(secret: &[u8]) -> Self {
        let mut block = Key::<HmacCore<D>>::default();
        let hash;
        let key: &[u8] = if secret.len() > block.len() {
            hash = D::digest(secret);
            &hash
        } else {
            secret
        };
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        Self { mac: HmacCore::new(&block), buffer: Buffer::<HmacCore<D>>::default() }
    }

    /// Dynamic truncation: four bytes from where the last nibble points, without the sign bit.
    fn truncated(&mut self, counter: u64) -> u32 {
        let hash = self.hash(&counter.to_be_bytes());
        let offset = hash.last().map_or(0, |last| usize::from(last & 0x0f));
        // The nibble is at most 15 and the shortest hash has 20 bytes: four are always there.
        let bytes = hash.get(offset..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
        u32::from_be_bytes(bytes) & 0x7fff_ffff
    }

    fn hash(&mut self, message: &[u8]) -> Output<HmacCore<D>> {
        let mut mac = self.mac.clone();
        self.buffer.digest_blocks(message, |blocks| mac.update_blocks(blocks));
        let mut hash = Default::default();
        // This leaves the buffer empty for the next counter.
        mac.finalize_fixed_core(&mut self.buffer, &mut hash);
        #[cfg(test)]
        tests::count_hash();
        hash
    }
}

#[cfg(test)]
#[path = "mac_tests.rs"]
mod tests;
