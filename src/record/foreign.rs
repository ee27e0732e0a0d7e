//! Backup codes that another system issued, kept so that its users need no new ones at once.
//!
//! They come in clear ([`ForeignCodes::plain`]) and are hashed before anything is stored, or as the other
//! system's hashes, which are verified as that system did. Either way a code is accepted once, and all
//! candidates are compared, in constant time, whichever is right.
//!
//! What one answer costs, for planning: 1 000 rounds of PBKDF2 for `plain`, one HMAC for each key
//! of `hmac_sha256`, one SHA-256 for `sha256`, and for `pbkdf2_sha256` the rounds of every different salt,
//! [`MAX_ROUNDS`] at most, which may take seconds. Ask users of the last to make new codes soon, and run the
//! calls that take a backup code where seconds do not hurt.
//!
//! Hashes that are not salted, and codes shorter than our own, are as weak here as they were there, but
//! for the sealing of the record around them.

use hmac::{Hmac, KeyInit, Mac};
use pbkdf2::pbkdf2_hmac;
use sha2::{Digest, Sha256};
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use super::backup::{self, BackupVerdict, Pepper};
use crate::error::Fault;
use crate::random::{self, Random};
use crate::record::codec::Unknown;
use crate::time::UnixTime;
use crate::vault::{KeyRing, Purpose};
use import::Given;

mod import;

pub use import::{ForeignCodes, HmacKey};
pub(crate) use import::{MAX_CODES, MAX_KEYS};

/// The most rounds of PBKDF2 that one answer may cost, all salts together.
pub const MAX_ROUNDS: u32 = 15_000_000;

/// The longest text that is looked at and the longest code that is imported, in bytes.
const MAX_TYPED: usize = 64;

/// Which differences between what was issued and what is typed do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folding {
    /// Only ASCII white space around the code. For codes in which case and hyphens mean something.
    Exact,
    /// Case of ASCII letters, spaces and hyphens.
    Loose,
}

/// Imported codes, as they stand in a record.
pub(crate) struct ForeignSet {
    pub scheme: Scheme,
    pub hashes: Vec<[u8; 32]>,
    /// Bit n: code n is used.
    pub used: u32,
    pub created_at: UnixTime,
    pub unknown: Unknown,
}

/// How a typed text becomes what `hashes` holds.
pub(crate) enum Scheme {
    /// As our own backup codes.
    Plain {
        pepper: Pepper,
        salt: [u8; 16],
        folding: Folding,
    },
    /// Under each of the keys in turn.
    HmacSha256 {
        keys: Vec<HmacKey>,
    },
    Sha256,
    /// One salt for each hash, equal ones side by side.
    Pbkdf2Sha256 {
        salts: Vec<Salt>,
    },
    /// What only a later version can verify, kept as it was written.
    Later(Zeroizing<Vec<u8>>),
}

/// The salt and the rounds of one PBKDF2 hash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Salt {
    pub rounds: u32,
    pub bytes: Vec<u8>,
}

impl ForeignSet {
    /// Takes codes over. Those in clear are hashed here.
    pub fn new(
        codes: &ForeignCodes,
        ring: &KeyRing,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Self, Fault> {
        let (scheme, hashes) = match codes.given() {
            Given::Plain { codes, folding } => {
                let key = ring.first();
                let salt = random::bytes(random)?;
                let hash = |code: &Zeroizing<String>| backup::hash(code, key.sub_key(Purpose::Backup), &salt);
                let hashes = codes.iter().map(hash).collect::<Result<_, _>>()?;
                (Scheme::Plain { pepper: Pepper::OfKey(key.id()), salt, folding: *folding }, hashes)
            }
            Given::HmacSha256 { keys, hashes } => {
                (Scheme::HmacSha256 { keys: keys.iter().map(HmacKey::copy).collect() }, hashes.clone())
            }
            Given::Sha256 { hashes } => (Scheme::Sha256, hashes.clone()),
            Given::Pbkdf2Sha256 { salted } => {
                let (salts, hashes) = salted.iter().cloned().unzip();
                (Scheme::Pbkdf2Sha256 { salts }, hashes)
            }
        };
        Ok(Self { scheme, hashes, used: 0, created_at: now, unknown: Unknown::default() })
    }

    /// Judges what was typed, and uses the code up if it is right. All hashes are compared.
    ///
    /// # Errors
    /// `key_unknown` when the key that peppers the codes has left the ring.
    pub fn accept(&mut self, text: &str, ring: &KeyRing) -> Result<BackupVerdict, Fault> {
        if text.len() > MAX_TYPED {
            return Ok(BackupVerdict::Wrong);
        }
        let mask = self.matches(text, ring)?;
        if mask == 0 {
            return Ok(BackupVerdict::Wrong);
        }
        if self.used & mask != 0 {
            return Ok(BackupVerdict::Used);
        }
        self.used |= mask;
        Ok(BackupVerdict::Accepted)
    }

    /// How many codes there are.
    pub fn total(&self) -> u32 {
        u32::try_from(self.hashes.len()).unwrap_or(u32::MAX)
    }

    /// How many are not used.
    pub fn left(&self) -> u32 {
        self.total().saturating_sub(self.used.count_ones())
    }

    /// What peppers the hashes, where something does.
    pub fn pepper(&self) -> Option<&Pepper> {
        match &self.scheme {
            Scheme::Plain { pepper, .. } => Some(pepper),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub fn pepper_mut(&mut self) -> Option<&mut Pepper> {
        match &mut self.scheme {
            Scheme::Plain { pepper, .. } => Some(pepper),
            _ => None,
        }
    }

    /// Bit n: the text is code n.
    fn matches(&self, text: &str, ring: &KeyRing) -> Result<u32, Fault> {
        Ok(match &self.scheme {
            Scheme::Plain { pepper, salt, folding } => {
                let code = fold(text, *folding);
                self.compare(&backup::hash(&code, pepper.find(ring)?, salt)?)
            }
            Scheme::HmacSha256 { keys } => {
                let code = fold(text, Folding::Loose);
                keys.iter().fold(0, |mask, key| mask | self.compare(&hmac_sha256(key, &code)))
            }
            Scheme::Sha256 => self.compare(&Sha256::digest(fold(text, Folding::Exact).as_bytes()).into()),
            Scheme::Pbkdf2Sha256 { salts } => self.compare_salted(&fold(text, Folding::Exact), salts),
            Scheme::Later(_) => 0,
        })
    }

    fn compare(&self, hash: &[u8; 32]) -> u32 {
        mask(self.hashes.iter().map(|known| hash.ct_eq(known)))
    }

    /// Derives once for each different salt and compares each hash with its own salt's.
    fn compare_salted(&self, code: &str, salts: &[Salt]) -> u32 {
        let mut derived = [0; 32];
        let mut before = None;
        mask(self.hashes.iter().zip(salts).map(|(known, salt)| {
            if before.replace(salt) != Some(salt) {
                pbkdf2_hmac::<Sha256>(code.as_bytes(), &salt.bytes, salt.rounds, &mut derived);
            }
            derived.ct_eq(known)
        }))
    }
}

/// Bit n is what the n-th comparison said.
fn mask(comparisons: impl Iterator<Item = subtle::Choice>) -> u32 {
    let mut mask = 0_u32;
    for (bit, is_equal) in (0..u32::BITS).map(|n| 1_u32.rotate_left(n)).zip(comparisons) {
        mask.conditional_assign(&(mask | bit), is_equal);
    }
    mask
}

/// The one form of a code that is hashed and compared.
fn fold(text: &str, folding: Folding) -> Zeroizing<String> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let mut code = Zeroizing::new(String::with_capacity(text.len()));
    match folding {
        Folding::Exact => code.push_str(text),
        Folding::Loose => code.extend(
            text.chars().filter(|c| !c.is_ascii_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()),
        ),
    }
    code
}

fn hmac_sha256(key: &HmacKey, code: &str) -> [u8; 32] {
    // HMAC takes keys of every length, so there is no error to hand on.
    let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose());
    mac.map(|mac| mac.chain_update(code).finalize().into_bytes().into()).unwrap_or_default()
}

#[cfg(test)]
#[path = "foreign_tests.rs"]
mod tests;
