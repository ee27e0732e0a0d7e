//! Backup codes: single-use recovery codes, kept as hashes only.
//!
//! A code is 16 characters of Crockford's base32 alphabet (no I, L, O, U), 80 bits from the generator,
//! shown in four groups of four. Kept is
//! `PBKDF2-HMAC-SHA256(HMAC-SHA256(backup sub-key, code), salt, 1 000 rounds)`, 32 bytes, with one salt
//! of 16 bytes per set: so an answer costs one derivation however many codes there are. The rounds add
//! little to 80 random bits and a key that is not in the database, which is why they are few.

use hmac::{Hmac, KeyInit, Mac};
use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::error::{ErrorCode, Fault};
use crate::random::{self, Random};
use crate::record::codec::Unknown;
use crate::time::UnixTime;
use crate::vault::{KeyId, KeyRing, Purpose};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;
const GROUP: usize = 4;
const ROUNDS: u32 = 1_000;
/// The longest text that is looked at: a code with a space after every character, and some.
const MAX_TYPED: usize = 64;

/// A set of backup codes.
pub(crate) struct BackupSet {
    /// What peppers the hashes.
    pub pepper: Pepper,
    pub salt: [u8; 16],
    pub hashes: Vec<[u8; 32]>,
    /// Bit n: code n is used.
    pub used: u32,
    pub created_at: UnixTime,
    pub unknown: Unknown,
}

/// The key that must be known to try out codes on hashes.
pub(crate) enum Pepper {
    /// The `backup` sub-key of that key of the ring.
    OfKey(KeyId),
    /// The sub-key itself. A record that is sealed anew takes it along, because hashes cannot be made anew
    /// without the codes and the old key has to be able to go.
    Kept(Zeroizing<[u8; 32]>),
}

impl Pepper {
    /// The sub-key.
    pub fn find<'a>(&'a self, ring: &'a KeyRing) -> Result<&'a [u8; 32], Fault> {
        match self {
            Self::OfKey(id) => {
                let key = ring.find(*id).ok_or(Fault::new(ErrorCode::KeyUnknown))?;
                Ok(key.sub_key(Purpose::Backup))
            }
            Self::Kept(sub_key) => Ok(sub_key),
        }
    }

    /// Makes it independent of every key of the ring but the first.
    pub fn keep(&mut self, ring: &KeyRing) -> Result<(), Fault> {
        if self.other_key(ring).is_some() {
            *self = Self::Kept(Zeroizing::new(*self.find(ring)?));
        }
        Ok(())
    }

    /// The key other than the ring's first that it needs.
    pub fn other_key(&self, ring: &KeyRing) -> Option<KeyId> {
        match self {
            Self::OfKey(id) if *id != ring.first().id() => Some(*id),
            _ => None,
        }
    }
}

/// What a text is to a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BackupVerdict {
    Accepted,
    Used,
    Wrong,
}

impl BackupSet {
    /// Makes a set and the codes to show once.
    pub fn generate(
        count: u32,
        ring: &KeyRing,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<(Self, Vec<Zeroizing<String>>), Fault> {
        let key = ring.first();
        let salt = random::bytes(random)?;
        let mut hashes = Vec::new();
        let mut shown = Vec::new();
        for _ in 0..count {
            let code = generate_code(random)?;
            hashes.push(hash(&code, key.sub_key(Purpose::Backup), &salt)?);
            shown.push(in_groups(&code));
        }
        let pepper = Pepper::OfKey(key.id());
        let set = Self { pepper, salt, hashes, used: 0, created_at: now, unknown: Unknown::default() };
        Ok((set, shown))
    }

    /// Judges what was typed, and uses the code up if it is right. All hashes are compared.
    pub fn accept(&mut self, text: &str, ring: &KeyRing) -> Result<BackupVerdict, Fault> {
        let Some(code) = canonical(text) else { return Ok(BackupVerdict::Wrong) };
        let hash = hash(&code, self.pepper.find(ring)?, &self.salt)?;
        let mut mask = 0_u32;
        for (bit, known) in (0..u32::BITS).map(|n| 1_u32.rotate_left(n)).zip(&self.hashes) {
            mask.conditional_assign(&bit, hash.ct_eq(known));
        }
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
}

/// 16 characters out of random bytes.
fn generate_code(random: &dyn Random) -> Result<Zeroizing<String>, Fault> {
    let bytes = Zeroizing::new(random::bytes::<LENGTH>(random)?);
    let mut code = Zeroizing::new(String::with_capacity(LENGTH));
    code.extend(bytes.iter().filter_map(|&byte| crockford_character(byte)));
    Ok(code)
}

/// 5 bits of a random byte pick one of 32 characters, so none is favoured.
pub(crate) fn crockford_character(byte: u8) -> Option<char> {
    ALPHABET.get(usize::from(byte & 31)).map(|&c| char::from(c))
}

fn in_groups(code: &str) -> Zeroizing<String> {
    let mut shown = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
    for (index, c) in code.chars().enumerate() {
        if index > 0 && index.is_multiple_of(GROUP) {
            shown.push('-');
        }
        shown.push(c);
    }
    shown
}

/// The one form that is hashed.
fn canonical(text: &str) -> Option<Zeroizing<String>> {
    crockford(text, LENGTH).filter(|code| code.len() == LENGTH)
}

/// At most `longest` characters of the alphabet as people type them: in either case, with spaces and hyphens
/// anywhere, O for 0, I and L for 1. `None` for all else.
pub(crate) fn crockford(text: &str, longest: usize) -> Option<Zeroizing<String>> {
    if text.len() > MAX_TYPED {
        return None;
    }
    let mut code = Zeroizing::new(String::with_capacity(longest));
    for c in text.bytes().filter(|c| !matches!(c, b' ' | b'-')) {
        let c = match c.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        };
        if code.len() == longest || !ALPHABET.contains(&c) {
            return None;
        }
        code.push(char::from(c));
    }
    Some(code)
}

/// What is kept of a code in its canonical form.
pub(super) fn hash(code: &str, pepper: &[u8; 32], salt: &[u8; 16]) -> Result<[u8; 32], Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(pepper).map_err(|_| Fault::new(ErrorCode::KeyMalformed))?;
    mac.update(code.as_bytes());
    let peppered = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
    let mut out = [0; 32];
    pbkdf2_hmac::<Sha256>(&*peppered, salt, ROUNDS, &mut out);
    Ok(out)
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod tests;
