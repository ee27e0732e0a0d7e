//! The HMAC (RFC 2104) of a counter, and what RFC 4226 §5.3 makes of it.
//!
//! Over the hash crates' compression functions, because a code is a special case that is asked for many times in
//! a row: the key is worked in once for all counters, and a counter takes one block of the inner and one of the
//! outer hash, with the same padding every time. Every other HMAC of the library is the `hmac` crate's.

use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use zeroize::{Zeroize, Zeroizing};

use super::{Algorithm, Code, Digits};
use crate::secret::Secret;

const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;

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

    pub(super) fn code(&self, counter: u64, digits: Digits) -> Code {
        Code::from_truncated(self.truncated(counter), digits)
    }

    /// The 31 bits of the hash that a code is made of (RFC 4226 §5.3).
    pub(super) fn truncated(&self, counter: u64) -> u32 {
        match self {
            Self::Sha1(state) => state.truncated(counter),
            Self::Sha256(state) => state.truncated(counter),
            Self::Sha512(state) => state.truncated(counter),
        }
    }
}

/// A hash by its compression function (FIPS 180-4).
pub(super) trait Compression: Digest {
    /// The chaining value.
    type Words: Copy + Zeroize;
    type Block: Copy + Zeroize + AsMut<[u8]>;
    type Hash: AsRef<[u8]>;
    /// The initial value (FIPS 180-4 §5.3).
    const START: Self::Words;
    const ZEROS: Self::Block;

    fn compress(words: &mut Self::Words, block: &Self::Block);
    /// The words in big-endian order.
    fn hash(words: &Self::Words) -> Self::Hash;
}

macro_rules! compression {
    ($hash:ty, $compress:path, [$word:ty; $words:literal], $block:literal, $bytes:literal, $start:expr) => {
        impl Compression for $hash {
            type Words = [$word; $words];
            type Block = [u8; $block];
            type Hash = [u8; $bytes];
            const START: Self::Words = $start;
            const ZEROS: Self::Block = [0; $block];

            fn compress(words: &mut Self::Words, block: &Self::Block) {
                $compress(words, std::slice::from_ref(block));
            }

            fn hash(words: &Self::Words) -> Self::Hash {
                let mut bytes = [0; $bytes];
                let places = bytes.chunks_exact_mut(size_of::<$word>());
                places.zip(words).for_each(|(place, word)| place.copy_from_slice(&word.to_be_bytes()));
                bytes
            }
        }
    };
}

compression!(
    Sha1,
    sha1::block_api::compress,
    [u32; 5],
    64,
    20,
    [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0,]
);
compression!(
    Sha256,
    sha2::block_api::compress256,
    [u32; 8],
    64,
    32,
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,]
);
compression!(
    Sha512,
    sha2::block_api::compress512,
    [u64; 8],
    128,
    64,
    [
        0x6a09_e667_f3bc_c908,
        0xbb67_ae85_84ca_a73b,
        0x3c6e_f372_fe94_f82b,
        0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1,
        0x9b05_688c_2b3e_6c1f,
        0x1f83_d9ab_fb41_bd6b,
        0x5be0_cd19_137e_2179,
    ]
);

/// The chaining values behind the two blocks that the key makes. They are as good as the key.
pub(super) struct State<D: Compression> {
    inner: Zeroizing<D::Words>,
    outer: Zeroizing<D::Words>,
}

impl<D: Compression> State<D> {
    /// Makes the key block that RFC 2104 §2 prescribes: a secret longer than a block is hashed, a
    /// shorter one filled up with zeros.
    fn new(secret: &[u8]) -> Self {
        let mut block = Zeroizing::new(D::ZEROS);
        let place = (*block).as_mut();
        let hash;
        let key: &[u8] = if secret.len() > place.len() {
            hash = D::digest(secret);
            &hash
        } else {
            secret
        };
        place.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        place.iter_mut().for_each(|byte| *byte ^= INNER);
        let mut state = Self { inner: Zeroizing::new(D::START), outer: Zeroizing::new(D::START) };
        D::compress(&mut state.inner, &block);
        (*block).as_mut().iter_mut().for_each(|byte| *byte ^= INNER ^ OUTER);
        D::compress(&mut state.outer, &block);
        state
    }

    fn truncated(&self, counter: u64) -> u32 {
        truncate(self.mac(&counter.to_be_bytes()).as_ref())
    }

    /// The HMAC of a message that fits into one block with its padding: of up to 55 bytes, 111 for SHA-512.
    fn mac(&self, message: &[u8]) -> D::Hash {
        #[cfg(test)]
        tests::count_mac();
        let mut inner = *self.inner;
        D::compress(&mut inner, &last_block::<D>(message));
        let mut outer = *self.outer;
        D::compress(&mut outer, &last_block::<D>(D::hash(&inner).as_ref()));
        D::hash(&outer)
    }
}

/// Dynamic truncation: four bytes from where the last nibble points, without the sign bit. One function for all
/// hashes: it is the one place where an address depends on a hash, and tests look for others.
#[inline(never)]
fn truncate(hash: &[u8]) -> u32 {
    let offset = hash.last().map_or(0, |last| usize::from(last & 0x0f));
    // The nibble is at most 15 and the shortest hash has 20 bytes: four are always there.
    let bytes = hash.get(offset..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
    u32::from_be_bytes(bytes) & 0x7fff_ffff
}

/// The block behind a key's, which ends the message: a one bit, zeros, and the length of both in bits
/// (FIPS 180-4 §5.1). The length is far below 64 bits, also where it has 128.
fn last_block<D: Compression>(message: &[u8]) -> D::Block {
    let mut block = D::ZEROS;
    let place = block.as_mut();
    let bytes = place.len().saturating_add(message.len());
    place.iter_mut().zip(message).for_each(|(to, from)| *to = *from);
    if let Some(end) = place.get_mut(message.len()) {
        *end = 0x80;
    }
    if let Some(length) = place.last_chunk_mut() {
        *length = u64::try_from(bytes.saturating_mul(8)).unwrap_or_default().to_be_bytes();
    }
    block
}

#[cfg(test)]
#[path = "mac_tests.rs"]
mod tests;
