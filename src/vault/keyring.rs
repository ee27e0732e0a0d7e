//! The key ring: 32-byte master keys, of which the first seals and signs and all open and verify.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::aead::{AesKey, Algorithm, SealingKey, aes_key};
use super::cipher::Cipher;
use crate::encoding::{base64url, from_base64url, hex, hex_digit};
use crate::error::{ErrorCode, Fault};
use crate::random::Random;

const PREFIX: &str = "tlk1_";
const KEY_BYTES: usize = 32;
const MAX_KEYS: usize = 16;

/// What a sub-key is for. Each purpose has its own, so that the output of one never passes in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Record,
    Secret,
    Backup,
    Challenge,
    Enroll,
    Trust,
    Jwt,
}

impl Purpose {
    const ALL: [Self; 7] =
        [Self::Record, Self::Secret, Self::Backup, Self::Challenge, Self::Enroll, Self::Trust, Self::Jwt];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Secret => "secret",
            Self::Backup => "backup",
            Self::Challenge => "challenge",
            Self::Enroll => "enroll",
            Self::Trust => "trust",
            Self::Jwt => "jwt",
        }
    }

    /// The one of a row of seven that belongs to this purpose.
    const fn of<T>(self, all: &[T; Self::ALL.len()]) -> &T {
        let [record, secret, backup, challenge, enroll, trust, jwt] = all;
        match self {
            Self::Record => record,
            Self::Secret => secret,
            Self::Backup => backup,
            Self::Challenge => challenge,
            Self::Enroll => enroll,
            Self::Trust => trust,
            Self::Jwt => jwt,
        }
    }
}

/// The public name of a key: 8 bytes derived from it, so that it cannot be chosen or mixed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub(crate) [u8; 8]);

impl KeyId {
    /// 16 hexadecimal digits, as token headers and operators' reports show it.
    #[must_use]
    pub fn to_text(self) -> String {
        hex(&self.0)
    }

    /// Whether that is its text, and not one like it.
    fn is_written(self, text: &str) -> bool {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit);
        text.bytes().eq(digits)
    }
}

/// One master key with its sub-keys, all wiped on drop.
///
/// Everything is made at once and what is large lies in boxes: a place that waits to be filled has room for
/// its value, and moving it around moves along what the stack held there before.
pub(crate) struct RingKey {
    id: KeyId,
    master: Zeroizing<[u8; KEY_BYTES]>,
    sub_keys: Zeroizing<[[u8; KEY_BYTES]; Purpose::ALL.len()]>,
    /// Sub-keys of their own for AES.
    aes: [Option<Box<AesKey>>; Purpose::ALL.len()],
    /// HMAC states of the sub-keys.
    macs: [Option<Box<Hmac<Sha256>>>; Purpose::ALL.len()],
}

impl RingKey {
    fn new(master: Zeroizing<[u8; KEY_BYTES]>) -> Result<Self, Fault> {
        let first = master.first().copied().unwrap_or_default();
        if bool::from(master.ct_eq(&[first; KEY_BYTES])) {
            return Err(Fault::new(ErrorCode::KeyWeak));
        }
        let mut id = [0; 8];
        derive(&master, ["kid", ""], &mut id)?;
        let sub_keys = Zeroizing::new([[0; KEY_BYTES]; Purpose::ALL.len()]);
        let mut key =
            Self { id: KeyId(id), master, sub_keys, aes: Default::default(), macs: Default::default() };
        let Self { master, sub_keys, aes, macs, .. } = &mut key;
        let cells = sub_keys.iter_mut().zip(aes).zip(macs);
        for (purpose, ((sub_key, aes), mac)) in Purpose::ALL.iter().zip(cells) {
            derive(master, [purpose.name(), ""], sub_key)?;
            let mut aes_sub_key = Zeroizing::new([0; KEY_BYTES]);
            derive(master, [purpose.name(), "/aes-256-gcm"], &mut *aes_sub_key)?;
            *aes = Some(Box::new(aes_key(&aes_sub_key)?));
            let keyed = Hmac::new_from_slice(&*sub_key).map_err(|_| Fault::new(ErrorCode::KeyMalformed))?;
            *mac = Some(Box::new(keyed));
        }
        Ok(key)
    }

    pub(crate) const fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn sub_key(&self, purpose: Purpose) -> &[u8; KEY_BYTES] {
        purpose.of(&self.sub_keys)
    }

    /// HMAC-SHA256 under the sub-key of a purpose, with nothing hashed.
    pub(crate) fn mac(&self, purpose: Purpose) -> Result<Hmac<Sha256>, Fault> {
        purpose.of(&self.macs).as_deref().cloned().ok_or(Fault::new(ErrorCode::KeyMalformed))
    }

    /// The key for envelopes of a purpose and an algorithm. No two algorithms share one.
    pub(super) fn sealing_key(
        &self,
        purpose: Purpose,
        algorithm: Algorithm,
    ) -> Result<SealingKey<'_>, Fault> {
        match algorithm {
            Algorithm::XChaCha20Poly1305 => Ok(SealingKey::XChaCha20Poly1305(self.sub_key(purpose))),
            Algorithm::Aes256Gcm => {
                let key = purpose.of(&self.aes).as_deref().ok_or(Fault::new(ErrorCode::KeyMalformed))?;
                Ok(SealingKey::Aes256Gcm(key))
            }
        }
    }
}

/// An output of HKDF-SHA256 with the info string `twinlock/v1/<label><suffix>`.
fn derive(master: &[u8; KEY_BYTES], [label, suffix]: [&str; 2], out: &mut [u8]) -> Result<(), Fault> {
    hkdf_sha256(master, &[], &[b"twinlock/v1/", label.as_bytes(), suffix.as_bytes()], out)
}

/// HKDF-SHA256 (RFC 5869); the parts of `info` are taken as one.
pub(super) fn hkdf_sha256(key: &[u8], salt: &[u8], info: &[&[u8]], out: &mut [u8]) -> Result<(), Fault> {
    Hkdf::<Sha256>::new(Some(salt), key)
        .expand_multi_info(info, out)
        .map_err(|_| Fault::new(ErrorCode::KeyMalformed))
}

/// An ordered list of 1 to 16 keys. The first seals and signs; all open and verify.
///
/// To rotate: put the new key first, keep the old one behind it until nothing refers to it.
/// It cannot be printed or copied; [`KeyRing::to_text`] shows the keys on purpose.
///
/// ```compile_fail,E0277
/// # fn f(ring: twinlock::KeyRing) {
/// println!("{ring:?}");
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn f(ring: twinlock::KeyRing) {
/// let copy: twinlock::KeyRing = ring.clone();
/// # }
/// ```
pub struct KeyRing {
    first: RingKey,
    others: Vec<RingKey>,
    cipher: Cipher,
}

impl KeyRing {
    /// A ring of one new random key.
    ///
    /// # Errors
    /// `random_unavailable`.
    pub fn generate(random: &dyn Random) -> Result<Self, Fault> {
        let mut master = Zeroizing::new([0; KEY_BYTES]);
        random.fill(&mut *master)?;
        Ok(Self { first: RingKey::new(master)?, others: Vec::new(), cipher: Cipher::default() })
    }

    /// Reads keys of the form `tlk1_` + 43 base64url characters, separated by commas or white space.
    ///
    /// # Errors
    /// `key_missing` when there is none, `key_malformed`, `key_weak` when all bytes are equal,
    /// `key_duplicate`, `key_ring_too_large` above 16 keys.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::from_words(words(text))
    }

    pub(super) fn from_words<'a>(mut words: impl Iterator<Item = &'a str>) -> Result<Self, Fault> {
        let first = words.next().ok_or(Fault::new(ErrorCode::KeyMissing))?;
        let mut ring = Self { first: parse_key(first)?, others: Vec::new(), cipher: Cipher::default() };
        for word in words {
            let key = parse_key(word)?;
            if ring.find(key.id()).is_some() {
                return Err(Fault::new(ErrorCode::KeyDuplicate));
            }
            if ring.others.is_empty() {
                // Room for all of them: a list that grows leaves its keys behind in the old memory.
                ring.others.reserve_exact(MAX_KEYS);
            }
            ring.others.push(key);
            if ring.others.len() >= MAX_KEYS {
                return Err(Fault::new(ErrorCode::KeyRingTooLarge));
            }
        }
        Ok(ring)
    }

    /// The keys as [`KeyRing::parse`] reads them, separated by commas. Wiped on drop.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let one = PREFIX.len().saturating_add(44);
        let mut text = Zeroizing::new(String::with_capacity(one.saturating_mul(MAX_KEYS)));
        for key in self.keys() {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(PREFIX);
            text.push_str(&Zeroizing::new(base64url(&*key.master)));
        }
        text
    }

    /// The same keys with a cipher. An [`Engine`](crate::Engine) gives its ring the one of its policy.
    #[must_use]
    pub fn with_cipher(self, cipher: Cipher) -> Self {
        Self { cipher, ..self }
    }

    /// How the ring seals, and what it opens. XChaCha20-Poly1305 unless told otherwise.
    #[must_use]
    pub const fn cipher(&self) -> Cipher {
        self.cipher
    }

    /// The ids, the first key's first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.keys().map(RingKey::id).collect()
    }

    fn keys(&self) -> impl Iterator<Item = &RingKey> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The key that seals and signs.
    pub(crate) const fn first(&self) -> &RingKey {
        &self.first
    }

    /// The key with that id.
    pub(crate) fn find(&self, id: KeyId) -> Option<&RingKey> {
        self.keys().find(|key| key.id() == id)
    }

    /// The key whose id is written like that.
    pub(crate) fn find_text(&self, id: &str) -> Option<&RingKey> {
        self.keys().find(|key| key.id().is_written(id))
    }
}

/// The keys of a text, which may be separated by commas or white space.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}

fn parse_key(word: &str) -> Result<RingKey, Fault> {
    let malformed = Fault::new(ErrorCode::KeyMalformed);
    let text = word.strip_prefix(PREFIX).ok_or(malformed)?;
    let bytes = Zeroizing::new(from_base64url(text).ok_or(malformed)?);
    let master = <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| malformed)?;
    RingKey::new(Zeroizing::new(master))
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
