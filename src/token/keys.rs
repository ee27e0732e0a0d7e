//! The keys of access and refresh tokens.

use std::str;

use hkdf::Hkdf;
use serde::de::IgnoredAny;
use sha2::Sha256;

use super::algorithm::JwtAlgorithm;
use super::asymmetric::AsymmetricKey;
use super::jwk::{self, ReadJwk};
use super::jws::Key;
use super::pem::{self, PemKey};
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

/// A key that verifies JWTs and, unless it is only a public one, signs them. Wiped on drop; it cannot be
/// printed or copied.
///
/// Its `kid` is derived from it, so that it cannot be chosen or mixed up: for HMAC keys as a key ring's key
/// ids are, for all others the SHA-256 thumbprint of RFC 7638.
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
pub struct JwtKey(pub(super) Key);

impl JwtKey {
    /// A host's own HMAC key, for instance the one that simplejwt signs with.
    ///
    /// # Errors
    /// `jwt_algorithm_unknown` when the algorithm is no HMAC; `jwt_key_weak` when shorter than the hash (RFC 7518 §3.2), or when it is the text of a public
    /// or private key (PEM, JWK, SSH): whoever has the public text could sign with it.
    pub fn hmac(algorithm: JwtAlgorithm, secret: &[u8]) -> Result<Self, Fault> {
        let weak = Fault::new(ErrorCode::JwtKeyWeak);
        let shortest = shortest_secret(algorithm).ok_or(Fault::new(ErrorCode::JwtAlgorithmUnknown))?;
        if secret.len() < shortest || is_key_file(secret) {
            return Err(weak);
        }
        let mut id = [0; 8];
        Hkdf::<Sha256>::new(None, secret).expand(b"twinlock/v1/kid", &mut id).map_err(|_| weak)?;
        Key::hmac(algorithm, hex(&id), secret).map(Self)
    }

    /// A key out of PEM text: a private key (PKCS #8, PKCS #1 or SEC 1, not encrypted) signs and verifies, a
    /// public one (SPKI or PKCS #1) only verifies. RSA keys have 2048 to 8192 bits.
    ///
    /// # Errors
    /// `jwt_key_malformed` when there is not exactly one readable key; `jwt_key_weak` for an RSA key that is
    /// short or was made with ROCA's primes; `jwt_algorithm_unknown` when the algorithm needs another kind
    /// of key or curve.
    pub fn from_pem(algorithm: JwtAlgorithm, pem: &str) -> Result<Self, Fault> {
        let key = match pem::read(pem)? {
            PemKey::Private(private) => AsymmetricKey::of_private(algorithm, private)?,
            PemKey::Public(public) => AsymmetricKey::new(algorithm, public, None)?,
        };
        Ok(Self(Key::asymmetric(key)))
    }

    /// A key out of a JWK (RFC 7517): RSA, EC, OKP, and `oct` as an HMAC key. Without `d` it only verifies.
    ///
    /// `alg` is required, except where the curve leaves no choice; `use` must be `sig` and `key_ops` hold
    /// `sign` (for a public key `verify`), where given. A private RSA key brings all of its CRT numbers.
    ///
    /// # Errors
    /// `jwt_key_malformed` when it cannot be read, is not for signatures, or its halves do not belong
    /// together; `jwt_key_weak` as [`JwtKey::hmac`] and [`JwtKey::from_pem`]; `jwt_algorithm_unknown` when
    /// `alg` is missing, not known or does not fit the key.
    pub fn from_jwk(json: &str) -> Result<Self, Fault> {
        match jwk::read(json)? {
            ReadJwk::Hmac(algorithm, secret) => Self::hmac(algorithm, &secret),
            ReadJwk::Asymmetric(key) => Ok(Self(Key::asymmetric(key))),
        }
    }

    /// The `kid` that the headers of its tokens show.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// How it signs.
    #[must_use]
    pub const fn algorithm(&self) -> JwtAlgorithm {
        self.0.algorithm()
    }
}

/// As long as the hash's output (RFC 7518 §3.2); `None` for what is no HMAC.
const fn shortest_secret(algorithm: JwtAlgorithm) -> Option<usize> {
    match algorithm {
        JwtAlgorithm::Hs256 => Some(32),
        JwtAlgorithm::Hs384 => Some(48),
        JwtAlgorithm::Hs512 => Some(64),
        _ => None,
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
        let Some(first) = own.next() else { return Self::of_ring(ring) };
        if !first.can_sign() {
            return Err(Fault::about(ErrorCode::JwtKeyVerifyOnly, "keys"));
        }
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

    fn of_ring(ring: &KeyRing) -> Result<Self, Fault> {
        let others = ring.ids().into_iter().skip(1).filter_map(|id| ring.find(id));
        Ok(Self {
            first: Key::of_ring(ring.first(), Purpose::Jwt)?,
            others: others.map(|key| Key::of_ring(key, Purpose::Jwt)).collect::<Result<_, _>>()?,
        })
    }

    /// The key that signs.
    pub(crate) const fn first(&self) -> &Key {
        &self.first
    }

    /// The key of that `kid`.
    pub(crate) fn find(&self, id: &str) -> Option<&Key> {
        self.all().find(|key| key.id() == id)
    }

    /// The public halves as a JWK set (RFC 7517 §5).
    pub(crate) fn to_jwks(&self) -> String {
        let keys: Vec<String> = self.all().filter_map(Key::to_jwk).collect();
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.others)
    }
}
