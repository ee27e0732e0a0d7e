//! What a host hands over: codes of a named scheme, checked for their form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Folding, MAX_ROUNDS, MAX_TYPED, Salt, fold};
use crate::error::{ErrorCode, Fault};

/// The most codes that are imported: as many as a set of our own may have.
pub(crate) const MAX_CODES: usize = 20;
/// The most keys: the current one and those that it replaced.
pub(crate) const MAX_KEYS: usize = 4;
/// What is shorter can be guessed.
const MIN_PLAIN: usize = 6;
/// The most rounds of one hash.
const MAX_ROUNDS_EACH: u32 = 1_500_000;
const MAX_SALT: usize = 64;
const MAX_KEY: usize = 512;

/// Backup codes that another system issued and whose owner has not used yet: 1 to 20 of one scheme.
///
/// A code or hash that is there twice counts once. Every constructor returns the fault
/// `scheme_unknown`, with what it is about, when something does not have the scheme's form.
///
/// ```
/// use twinlock::{Folding, ForeignCodes, HmacKey};
///
/// # fn main() -> Result<(), twinlock::Fault> {
/// let from_django_totp = ForeignCodes::plain(&["KSZkPtk3dSO59HfO", "d-_VkPtk3dSO59Hf"], Folding::Exact)?;
///
/// let key = HmacKey::of_drf_totp("the site's SECRET_KEY")?;
/// let hash = "hmac_sha256$26f24703c14b336de0ec78df19cc525e914390f689b382f5621e84395ab1b593";
/// let from_drf_totp = ForeignCodes::hmac_sha256(vec![key], &[hash])?;
/// # Ok(())
/// # }
/// ```
pub struct ForeignCodes(Given);

/// The codes by scheme.
pub(crate) enum Given {
    Plain { codes: Vec<Zeroizing<String>>, folding: Folding },
    HmacSha256 { keys: Vec<HmacKey>, hashes: Vec<[u8; 32]> },
    Sha256 { hashes: Vec<[u8; 32]> },
    Pbkdf2Sha256 { salted: Vec<(Salt, [u8; 32])> },
}

impl ForeignCodes {
    /// Codes in clear, each 6 to 64 bytes of what `folding` leaves of it. They are hashed when they are
    /// imported, as our own are, and stored as those hashes only.
    ///
    /// # Errors
    /// `scheme_unknown` about `codes`.
    pub fn plain(codes: &[impl AsRef<str>], folding: Folding) -> Result<Self, Fault> {
        let codes = distinct(codes, |code| {
            let fits = code.len() <= MAX_TYPED && !code.chars().any(char::is_control);
            Some(fold(code, folding)).filter(|code| fits && code.len() >= MIN_PLAIN)
        })?;
        Ok(Self(Given::Plain { codes, folding }))
    }

    /// `hmac_sha256$` and the hexadecimal HMAC-SHA256 of the code in upper case without white space and
    /// hyphens, as drf-totp 0.2 stores it. Each of up to 4 keys is tried, as that package tries the
    /// `SECRET_KEY_FALLBACKS`. The keys are kept in the sealed record.
    ///
    /// # Errors
    /// `scheme_unknown` about `keys` or `codes`.
    pub fn hmac_sha256(keys: Vec<HmacKey>, hashes: &[impl AsRef<str>]) -> Result<Self, Fault> {
        if keys.is_empty() || keys.len() > MAX_KEYS {
            return Err(Fault::about(ErrorCode::SchemeUnknown, "keys"));
        }
        let hashes = distinct(hashes, |text| hex_hash(text.strip_prefix("hmac_sha256$")?))?;
        Ok(Self(Given::HmacSha256 { keys, hashes }))
    }

    /// The hexadecimal SHA-256 of the code as it was shown: only white space around what is typed does
    /// not count.
    ///
    /// # Errors
    /// `scheme_unknown` about `codes`.
    pub fn sha256(hashes: &[impl AsRef<str>]) -> Result<Self, Fault> {
        Ok(Self(Given::Sha256 { hashes: distinct(hashes, hex_hash)? }))
    }

    /// `pbkdf2_sha256$<rounds>$<salt>$<base64>`, as Django's `make_password` writes it, of the code as it
    /// was shown. Of at most 1 500 000 rounds each and 15 000 000 together, where a salt that several
    /// hashes share counts once.
    ///
    /// # Errors
    /// `scheme_unknown` about `codes`, or about `rounds` when there are too many together.
    pub fn pbkdf2_sha256(hashes: &[impl AsRef<str>]) -> Result<Self, Fault> {
        let mut salted = distinct(hashes, django_hash)?;
        salted.sort_unstable();
        let mut salts: Vec<&Salt> = salted.iter().map(|(salt, _)| salt).collect();
        salts.dedup();
        let rounds = salts.iter().fold(0_u32, |sum, salt| sum.saturating_add(salt.rounds));
        if rounds > MAX_ROUNDS {
            return Err(Fault::about(ErrorCode::SchemeUnknown, "rounds"));
        }
        Ok(Self(Given::Pbkdf2Sha256 { salted }))
    }

    pub(crate) const fn given(&self) -> &Given {
        &self.0
    }
}

/// The key of an HMAC scheme. Wiped on drop; without `Debug` and `Clone`.
pub struct HmacKey(Zeroizing<Vec<u8>>);

impl HmacKey {
    /// The bytes themselves, 1 to 512.
    ///
    /// # Errors
    /// `scheme_unknown` about `keys`.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Fault> {
        let bytes = Zeroizing::new(bytes);
        if bytes.is_empty() || bytes.len() > MAX_KEY {
            return Err(Fault::about(ErrorCode::SchemeUnknown, "keys"));
        }
        Ok(Self(bytes))
    }

    /// The key that drf-totp 0.2 makes of Django's `SECRET_KEY`, with `salted_hmac`: the SHA-256 of the
    /// package's salt and the secret.
    ///
    /// # Errors
    /// `scheme_unknown` about `keys` when the secret is empty.
    pub fn of_drf_totp(secret_key: &str) -> Result<Self, Fault> {
        if secret_key.is_empty() {
            return Err(Fault::about(ErrorCode::SchemeUnknown, "keys"));
        }
        let hash = Sha256::new_with_prefix("drf_totp.backup_code").chain_update(secret_key);
        Self::from_bytes(hash.finalize().to_vec())
    }

    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn copy(&self) -> Self {
        Self(self.0.clone())
    }
}

/// 1 to 20 texts read in one form, each result once.
fn distinct<T: PartialEq>(
    texts: &[impl AsRef<str>],
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Fault> {
    let malformed = Fault::about(ErrorCode::SchemeUnknown, "codes");
    if texts.is_empty() || texts.len() > MAX_CODES {
        return Err(malformed);
    }
    let mut values = Vec::with_capacity(texts.len());
    for text in texts {
        let value = read(text.as_ref()).ok_or(malformed)?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(values)
}

/// 64 hexadecimal digits.
fn hex_hash(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if text.len() != hash.len().checked_mul(2)? || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        let at = index.checked_mul(2)?;
        *byte = u8::from_str_radix(text.get(at..at.checked_add(2)?)?, 16).ok()?;
    }
    Some(hash)
}

fn django_hash(text: &str) -> Option<(Salt, [u8; 32])> {
    let mut parts = text.strip_prefix("pbkdf2_sha256$")?.splitn(3, '$');
    let (rounds, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let is_plain_number = rounds.bytes().all(|c| c.is_ascii_digit());
    let rounds = rounds.parse().ok().filter(|n| is_plain_number && (1..=MAX_ROUNDS_EACH).contains(n))?;
    if salt.is_empty() || salt.len() > MAX_SALT {
        return None;
    }
    let hash = STANDARD.decode(hash).ok()?.try_into().ok()?;
    Some((Salt { rounds, bytes: salt.as_bytes().to_vec() }, hash))
}
