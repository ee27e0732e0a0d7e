//! The HMAC of a counter (RFC 2104), and what RFC 4226 §5.3 makes of it.
//!
//! The message always has eight bytes, so each of the two hashes below an HMAC ends with one block whose
//! padding is known, and the compression function is all that is needed. Counters that are tried together
//! go through it side by side: their blocks are all written before the first is read, because a block that
//! is read right after its bytes were written makes the processor wait for a third of a compression. A
//! check of three steps takes two thirds of what it takes with `hmac::Hmac`.

use sha1::block_api::compress as compress160;
use sha2::block_api::{compress256, compress512};
use sha2::digest::Digest;
use zeroize::Zeroizing;

use super::{Algorithm, Code, Digits};
use crate::secret::Secret;

/// How many counters go through the hash side by side: a window of one step to each side has three.
const LANES: usize = 3;

/// An HMAC that is keyed once and then gives the code at one counter value after another.
pub(super) enum Keyed {
    Sha1(State160),
    Sha256(State256),
    Sha512(State512),
}

impl Keyed {
    pub(super) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(State160::new(secret.expose())),
            Algorithm::Sha256 => Self::Sha256(State256::new(secret.expose())),
            Algorithm::Sha512 => Self::Sha512(State512::new(secret.expose())),
        }
    }

    pub(super) fn code(&self, counter: u64, digits: Digits) -> Code {
        Code::from_truncated(self.truncated(counter), digits)
    }

    /// The 31 bits of the HMAC that a code is made of.
    pub(super) fn truncated(&self, counter: u64) -> u32 {
        let [truncated] = self.lanes([counter]);
        truncated
    }

    /// Hands out every counter from `last` down to `first` with the 31 bits of its HMAC.
    pub(super) fn backwards(&self, first: u64, last: u64, mut each: impl FnMut(u64, u32)) {
        let mut left = (first..=last).rev();
        while let Some(counter) = left.next() {
            let mut counters = [counter; LANES];
            let mut filled: usize = 1;
            for (lane, counter) in counters.iter_mut().skip(1).zip(&mut left) {
                *lane = counter;
                filled = filled.saturating_add(1);
            }
            let lanes = counters.into_iter().zip(self.lanes(counters));
            lanes.take(filled).for_each(|(counter, truncated)| each(counter, truncated));
        }
    }

    fn lanes<const N: usize>(&self, counters: [u64; N]) -> [u32; N] {
        match self {
            Self::Sha1(state) => state.lanes(counters),
            Self::Sha256(state) => state.lanes(counters),
            Self::Sha512(state) => state.lanes(counters),
        }
    }
}

/// Dynamic truncation: four bytes from where the last nibble points, without the sign bit.
fn truncate(hash: &[u8]) -> u32 {
    let offset = hash.last().map_or(0, |last| usize::from(last & 0x0f));
    // The nibble is at most 15 and the shortest hash has 20 bytes: four are always there.
    let bytes = hash.get(offset..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
    u32::from_be_bytes(bytes) & 0x7fff_ffff
}

/// A block with the padding of a message of so many bytes that follows the block of the key.
fn padded<const BLOCK: usize>(length: usize) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    if let Some(end) = block.get_mut(length) {
        *end = 0x80;
    }
    if let Some(bits) = block.last_chunk_mut() {
        *bits = length.saturating_add(BLOCK).saturating_mul(8).to_be_bytes();
    }
    block
}

/// Makes the two hash states after the blocks that the key makes, for one hash.
macro_rules! state {
    ($name:ident of $hash:ty, $word:ty, $words:literal, $bytes:literal, $block:literal, $compress:ident, $start:expr) => {
        pub(super) struct $name {
            inner: Zeroizing<[$word; $words]>,
            outer: Zeroizing<[$word; $words]>,
        }

        impl $name {
            const START: [$word; $words] = $start;

            /// A secret longer than a block is hashed, a shorter one filled up with zeros.
            fn new(secret: &[u8]) -> Self {
                let hash;
                let key: &[u8] = if secret.len() > $block {
                    hash = <$hash>::digest(secret);
                    &hash
                } else {
                    secret
                };
                let mut blocks = Zeroizing::new([[0x36; $block], [0x5c; $block]]);
                for block in &mut *blocks {
                    block.iter_mut().zip(key).for_each(|(to, from)| *to ^= from);
                }
                let [mut inner, mut outer] = [Zeroizing::new(Self::START), Zeroizing::new(Self::START)];
                let [inner_block, outer_block] = &*blocks;
                $compress(&mut inner, std::slice::from_ref(inner_block));
                $compress(&mut outer, std::slice::from_ref(outer_block));
                Self { inner, outer }
            }

            fn lanes<const N: usize>(&self, counters: [u64; N]) -> [u32; N] {
                let mut blocks = [padded::<$block>(8); N];
                for (block, counter) in blocks.iter_mut().zip(counters) {
                    write(block, &[counter.to_be_bytes()]);
                }
                let inner = Self::hash(&self.inner, &blocks);
                let mut blocks = [padded::<$block>($bytes); N];
                for (block, hash) in blocks.iter_mut().zip(inner) {
                    write(block, &hash.map(<$word>::to_be_bytes));
                }
                Self::hash(&self.outer, &blocks)
                    .map(|hash| truncate(hash.map(<$word>::to_be_bytes).as_flattened()))
            }

            fn hash<const N: usize>(
                state: &[$word; $words],
                blocks: &[[u8; $block]; N],
            ) -> [[$word; $words]; N] {
                let mut states = [*state; N];
                for (state, block) in states.iter_mut().zip(blocks) {
                    $compress(state, std::slice::from_ref(block));
                }
                states
            }
        }
    };
}

/// Writes words to the start of a block.
fn write<const WORD: usize>(block: &mut [u8], words: &[[u8; WORD]]) {
    block.as_chunks_mut().0.iter_mut().zip(words).for_each(|(to, from)| *to = *from);
}

state!(State160 of sha1::Sha1, u32, 5, 20, 64, compress160, [
    0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0
]);
state!(State256 of sha2::Sha256, u32, 8, 32, 64, compress256, [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
]);
state!(State512 of sha2::Sha512, u64, 8, 64, 128, compress512, [
    0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179
]);
