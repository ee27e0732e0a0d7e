//! Keys in two halves: RSA, ECDSA and Ed25519 (RFC 7518 §3.3–3.5, RFC 8037).
//!
//! aws-lc-rs computes the signatures and checks what it is given: points are on their curve, moduli odd, both
//! halves belong together. What it leaves to its callers is decided here: the size of RSA keys, their weak
//! primes (ROCA), and that a key fits its algorithm.

use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, ParsedPublicKey, RsaEncoding,
    RsaKeyPair, RsaPublicKeyComponents, VerificationAlgorithm,
};
use sha2::{Digest, Sha256};

use super::algorithm::{Family, JwtAlgorithm};
use crate::encoding::base64url;
use crate::error::{ErrorCode, Fault};

/// The fewest and the most bits of an RSA modulus (RFC 7518 §3.3).
const RSA_BITS: (usize, usize) = (2048, 8192);

/// The half that verifies.
pub(super) enum Public {
    Rsa(rsa::PublicKey),
    /// The point, uncompressed: `4`, x, y.
    Ec(Curve, Vec<u8>),
    Ed25519(Vec<u8>),
}

/// The half that signs. Wiped on drop.
pub(super) enum Private {
    Rsa(RsaKeyPair),
    Ec(Curve, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
}

/// A key of one algorithm.
pub(super) struct AsymmetricKey {
    algorithm: JwtAlgorithm,
    public: Public,
    verifier: ParsedPublicKey,
    private: Option<Private>,
}

impl AsymmetricKey {
    /// A key that verifies and, with its private half, signs.
    pub(super) fn new(
        algorithm: JwtAlgorithm,
        public: Public,
        private: Option<Private>,
    ) -> Result<Self, Fault> {
        let unfit = Fault::new(ErrorCode::JwtAlgorithmUnknown);
        if public.family() != algorithm.family() {
            return Err(unfit);
        }
        public.check_strength()?;
        let scheme = verification(algorithm).ok_or(unfit)?;
        let verifier = ParsedPublicKey::new(scheme, public.bytes()).map_err(|_| malformed())?;
        Ok(Self { algorithm, public, verifier, private })
    }

    /// A key that signs and verifies.
    pub(super) fn of_private(algorithm: JwtAlgorithm, private: Private) -> Result<Self, Fault> {
        let public = private.public()?;
        Self::new(algorithm, public, Some(private))
    }

    pub(super) const fn algorithm(&self) -> JwtAlgorithm {
        self.algorithm
    }

    pub(super) const fn can_sign(&self) -> bool {
        self.private.is_some()
    }

    /// The signature; `None` when there is no private half.
    pub(super) fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self.private.as_ref()? {
            Private::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(rsa_encoding(self.algorithm)?, &random, text, &mut signature).ok()?;
                Some(signature)
            }
            Private::Ec(_, pair) => Some(pair.sign(&random, text).ok()?.as_ref().to_vec()),
            Private::Ed25519(pair) => Some(pair.try_sign(text).ok()?.as_ref().to_vec()),
        }
    }

    pub(super) fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        self.verifier.verify_sig(text, signature).is_ok()
    }

    /// The `kid`: the SHA-256 thumbprint of the public half (RFC 7638), in base64url.
    pub(super) fn thumbprint(&self) -> String {
        base64url(&Sha256::digest(format!("{{{}}}", self.public.members())))
    }

    /// The public half as a JWK (RFC 7517).
    pub(super) fn to_jwk(&self) -> String {
        let (members, alg) = (self.public.members(), self.algorithm.name());
        format!(r#"{{{members},"use":"sig","alg":"{alg}","kid":"{}"}}"#, self.thumbprint())
    }
}

impl Public {
    /// An RSA key by its numbers, big-endian and without leading zeros.
    pub(super) fn of_rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, Fault> {
        let unchecked = RsaPublicKeyComponents { n: modulus, e: exponent }
            .to_parsed_public_key(&signature::RSA_PKCS1_2048_8192_SHA256)
            .map_err(|_| malformed())?;
        // Only reading them as DER checks the numbers, such as an exponent of one.
        rsa::PublicKey::from_der(unchecked.as_ref()).map(Self::Rsa).map_err(rejected)
    }

    const fn family(&self) -> Family {
        match self {
            Self::Rsa(_) => Family::Rsa,
            Self::Ec(Curve::P256, _) => Family::P256,
            Self::Ec(Curve::P384, _) => Family::P384,
            Self::Ed25519(_) => Family::Ed25519,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Rsa(key) => key.as_ref(),
            Self::Ec(_, bytes) | Self::Ed25519(bytes) => bytes,
        }
    }

    fn check_strength(&self) -> Result<(), Fault> {
        let Self::Rsa(key) = self else { return Ok(()) };
        let modulus = key.modulus();
        let modulus = modulus.big_endian_without_leading_zero();
        let spare = modulus.first().map_or(0, |byte| byte.leading_zeros());
        let bits = modulus.len().saturating_mul(8).saturating_sub(usize::try_from(spare).unwrap_or(0));
        if bits < RSA_BITS.0 || is_roca(modulus) {
            return Err(Fault::new(ErrorCode::JwtKeyWeak));
        }
        if bits > RSA_BITS.1 { Err(malformed()) } else { Ok(()) }
    }

    /// The members that a thumbprint is made of, in its order (RFC 7638 §3.2, RFC 8037 §2).
    fn members(&self) -> String {
        match self {
            Self::Rsa(key) => {
                let (modulus, exponent) = (key.modulus(), key.exponent());
                let modulus = base64url(modulus.big_endian_without_leading_zero());
                let exponent = base64url(exponent.big_endian_without_leading_zero());
                format!(r#""e":"{exponent}","kty":"RSA","n":"{modulus}""#)
            }
            Self::Ec(curve, point) => {
                let (_, coordinates) = point.split_at_checked(1).unwrap_or_default();
                let (x, y) = coordinates.split_at_checked(curve.coordinate_bytes()).unwrap_or_default();
                let crv = curve.name();
                format!(r#""crv":"{crv}","kty":"EC","x":"{}","y":"{}""#, base64url(x), base64url(y))
            }
            Self::Ed25519(key) => format!(r#""crv":"Ed25519","kty":"OKP","x":"{}""#, base64url(key)),
        }
    }
}

impl Private {
    fn public(&self) -> Result<Public, Fault> {
        Ok(match self {
            Self::Rsa(pair) => Public::Rsa(pair.public_key().clone()),
            Self::Ec(curve, pair) => Public::Ec(*curve, pair.public_key().as_ref().to_vec()),
            Self::Ed25519(pair) => Public::Ed25519(pair.public_key().as_ref().to_vec()),
        })
    }
}

impl Curve {
    pub(super) const ALL: [Self; 2] = [Self::P256, Self::P384];

    /// The name in JWKs (RFC 7518 §6.2.1.1).
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    pub(super) const fn coordinate_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    pub(super) const fn signing(self) -> &'static EcdsaSigningAlgorithm {
        match self {
            Self::P256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
            Self::P384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        }
    }
}

fn verification(algorithm: JwtAlgorithm) -> Option<&'static dyn VerificationAlgorithm> {
    Some(match algorithm {
        JwtAlgorithm::Hs256 | JwtAlgorithm::Hs384 | JwtAlgorithm::Hs512 => return None,
        JwtAlgorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        JwtAlgorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        JwtAlgorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        JwtAlgorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        JwtAlgorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        JwtAlgorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        JwtAlgorithm::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
        JwtAlgorithm::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
        JwtAlgorithm::EdDsa => &signature::ED25519,
    })
}

fn rsa_encoding(algorithm: JwtAlgorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match algorithm {
        JwtAlgorithm::Rs256 => &signature::RSA_PKCS1_SHA256,
        JwtAlgorithm::Rs384 => &signature::RSA_PKCS1_SHA384,
        JwtAlgorithm::Rs512 => &signature::RSA_PKCS1_SHA512,
        JwtAlgorithm::Ps256 => &signature::RSA_PSS_SHA256,
        JwtAlgorithm::Ps384 => &signature::RSA_PSS_SHA384,
        JwtAlgorithm::Ps512 => &signature::RSA_PSS_SHA512,
        _ => return None,
    })
}

/// Whether a modulus has the form of the keys that certain smart cards made and that can be factored
/// (CVE-2017-15361): modulo each of these primes it is a power of 65537.
fn is_roca(modulus: &[u8]) -> bool {
    const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];
    PRIMES.into_iter().all(|prime| {
        let reduce = |value: u32| value.checked_rem(prime).unwrap_or(0);
        let step = |rest: u32, byte: &u8| reduce(rest.wrapping_mul(256).wrapping_add(u32::from(*byte)));
        let rest = modulus.iter().fold(0, step);
        let mut power: u32 = 1;
        (0..prime).any(|_| {
            power = reduce(power.wrapping_mul(65_537));
            power == rest
        })
    })
}

/// Why aws-lc-rs takes no key.
pub(super) fn rejected(reason: KeyRejected) -> Fault {
    match reason.description_() {
        "TooSmall" => Fault::new(ErrorCode::JwtKeyWeak),
        _ => malformed(),
    }
}

pub(super) const fn malformed() -> Fault {
    Fault::new(ErrorCode::JwtKeyMalformed)
}
