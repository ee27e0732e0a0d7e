//! Keys out of JWKs (RFC 7517, RFC 7518 §6, RFC 8037).
//!
//! `alg` is required, but for EC and OKP keys, whose curve leaves no choice. `use` and `key_ops`, where given,
//! must say that the key signs (a private or symmetric one) or verifies (a public one). `kid` is not looked
//! at: the engine names keys itself.

use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::algorithm::{Family, JwtAlgorithm};
use super::asymmetric::{AsymmetricKey, Curve, Private, Public, malformed, rejected};
use super::json;
use crate::encoding::secret_from_base64;
use crate::error::{ErrorCode, Fault};

/// What a JWK holds.
pub(super) enum ReadJwk {
    Hmac(JwtAlgorithm, Zeroizing<Vec<u8>>),
    Asymmetric(AsymmetricKey),
}

/// The members. They are borrowed, which refuses escapes: none of these values needs one, and no copy of a
/// private number is left behind.
#[derive(Deserialize)]
struct Jwk<'a> {
    kty: &'a str,
    #[serde(borrow, default, deserialize_with = "json::present")]
    alg: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present", rename = "use")]
    usage: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    key_ops: Option<Vec<&'a str>>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    crv: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    x: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    y: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    n: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    e: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    d: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    p: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    q: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    dp: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    dq: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    qi: Option<&'a str>,
    #[serde(borrow, default, deserialize_with = "json::present")]
    k: Option<&'a str>,
    /// More than two primes.
    #[serde(default, rename = "oth")]
    _more_primes: json::Absent,
}

/// Reads a JWK.
pub(super) fn read(text: &str) -> Result<ReadJwk, Fault> {
    let jwk: Jwk<'_> = json::object(text.as_bytes()).ok_or(malformed())?;
    let signs = jwk.d.is_some() || jwk.k.is_some();
    let operation = if signs { "sign" } else { "verify" };
    let for_signatures = jwk.usage.is_none_or(|usage| usage == "sig")
        && jwk.key_ops.as_ref().is_none_or(|all| all.contains(&operation));
    if !for_signatures {
        return Err(malformed());
    }
    let algorithm = jwk.algorithm()?;
    if jwk.kty == "oct" {
        return Ok(ReadJwk::Hmac(algorithm, bytes(jwk.k)?));
    }
    let public = jwk.public()?;
    let private = if signs { Some(jwk.private(&public)?) } else { None };
    AsymmetricKey::new(algorithm, public, private).map(ReadJwk::Asymmetric)
}

impl Jwk<'_> {
    /// What `alg` says, if it goes with `kty`; else what the curve leaves open, which is nothing.
    fn algorithm(&self) -> Result<JwtAlgorithm, Fault> {
        let unknown = Fault::new(ErrorCode::JwtAlgorithmUnknown);
        let algorithm = match (self.alg, self.kty, self.crv) {
            (Some(name), ..) => JwtAlgorithm::from_name(name)?,
            (None, "EC", Some("P-256")) => JwtAlgorithm::Es256,
            (None, "EC", Some("P-384")) => JwtAlgorithm::Es384,
            (None, "OKP", Some("Ed25519")) => JwtAlgorithm::EdDsa,
            _ => return Err(unknown),
        };
        let is_symmetric = algorithm.family() == Family::Hmac;
        if is_symmetric == (self.kty == "oct") { Ok(algorithm) } else { Err(unknown) }
    }

    fn public(&self) -> Result<Public, Fault> {
        match (self.kty, self.crv) {
            ("RSA", None) => Public::of_rsa(&bytes(self.n)?, &bytes(self.e)?),
            ("EC", Some(name)) => {
                let curve = Curve::ALL.into_iter().find(|curve| curve.name() == name).ok_or(malformed())?;
                let size = curve.coordinate_bytes();
                let (x, y) = (bytes(self.x)?, bytes(self.y)?);
                if x.len() != size || y.len() != size {
                    return Err(malformed());
                }
                Ok(Public::Ec(curve, [&[4], x.as_slice(), y.as_slice()].concat()))
            }
            ("OKP", Some("Ed25519")) => Ok(Public::Ed25519(bytes(self.x)?.to_vec())),
            _ => Err(malformed()),
        }
    }

    /// The private half, which has to belong to the public one.
    fn private(&self, public: &Public) -> Result<Private, Fault> {
        let d = bytes(self.d)?;
        match public {
            Public::Rsa(_) => self.rsa_pair(&d),
            Public::Ec(curve, point) => {
                EcdsaKeyPair::from_private_key_and_public_key(curve.signing(), &d, point)
                    .map(|pair| Private::Ec(*curve, pair))
                    .map_err(|_| malformed())
            }
            Public::Ed25519(key) => Ed25519KeyPair::from_seed_and_public_key(&d, key)
                .map(Private::Ed25519)
                .map_err(|_| malformed()),
        }
    }

    fn rsa_pair(&self, d: &[u8]) -> Result<Private, Fault> {
        let (n, e, p, q) = (bytes(self.n)?, bytes(self.e)?, bytes(self.p)?, bytes(self.q)?);
        let (dp, dq, qi) = (bytes(self.dp)?, bytes(self.dq)?, bytes(self.qi)?);
        let components = KeyPairComponents {
            public_key: RsaPublicKeyComponents { n: n.as_slice(), e: e.as_slice() },
            d,
            p: p.as_slice(),
            q: q.as_slice(),
            dP: dp.as_slice(),
            dQ: dq.as_slice(),
            qInv: qi.as_slice(),
        };
        RsaKeyPair::from_components(&components).map(Private::Rsa).map_err(rejected)
    }
}

fn bytes(member: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Fault> {
    member.and_then(|text| secret_from_base64(&URL_SAFE_NO_PAD, text.as_bytes())).ok_or(malformed())
}
