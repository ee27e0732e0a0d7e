//! HMAC signatures (RFC 7518 §3.2): each key is hashed once, when it is made.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use super::algorithm::JwtAlgorithm;

/// The state of one key, wiped on drop. Each is in a place of its own and of its own size: a key that is moved
/// leaves no copy behind, and no room is left over in which the stack's garbage would move along.
pub(super) enum MacKey {
    Sha256(Box<Hmac<Sha256>>),
    Sha384(Box<Hmac<Sha384>>),
    Sha512(Box<Hmac<Sha512>>),
}

impl MacKey {
    /// The state for a secret; `None` when the algorithm is no HMAC.
    pub(super) fn new(algorithm: JwtAlgorithm, secret: &[u8]) -> Option<Self> {
        match algorithm {
            JwtAlgorithm::Hs256 => Hmac::new_from_slice(secret).ok().map(Box::new).map(Self::Sha256),
            JwtAlgorithm::Hs384 => Hmac::new_from_slice(secret).ok().map(Box::new).map(Self::Sha384),
            JwtAlgorithm::Hs512 => Hmac::new_from_slice(secret).ok().map(Box::new).map(Self::Sha512),
            _ => None,
        }
    }

    pub(super) fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256(state) => Hmac::clone(state).chain_update(text).finalize().into_bytes().to_vec(),
            Self::Sha384(state) => Hmac::clone(state).chain_update(text).finalize().into_bytes().to_vec(),
            Self::Sha512(state) => Hmac::clone(state).chain_update(text).finalize().into_bytes().to_vec(),
        }
    }

    /// Whether that is the signature, in constant time.
    pub(super) fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Sha256(state) => Hmac::clone(state).chain_update(text).verify_slice(signature).is_ok(),
            Self::Sha384(state) => Hmac::clone(state).chain_update(text).verify_slice(signature).is_ok(),
            Self::Sha512(state) => Hmac::clone(state).chain_update(text).verify_slice(signature).is_ok(),
        }
    }
}
