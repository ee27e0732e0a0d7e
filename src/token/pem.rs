//! Keys out of PEM text (RFC 7468): PKCS #8, PKCS #1 and SEC 1 private keys, and public keys.
//!
//! The text may have other lines around its one key block, as key files have, and the parameters that
//! OpenSSL writes before an EC key. Encrypted keys and certificates are refused: to decrypt a key and to
//! judge a certificate is the host's business.

use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::asymmetric::{Curve, Private, Public, malformed, rejected};
use crate::encoding::secret_from_base64;
use crate::error::Fault;

/// What stands before the bytes of a public key of each kind (RFC 5480, RFC 8410).
const P256_HEAD: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
const P384_HEAD: &[u8] =
    b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00";
const ED25519_HEAD: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
const UNCOMPRESSED: u8 = 4;

/// What a PEM text holds.
pub(super) enum PemKey {
    Private(Private),
    Public(Public),
}

/// Reads the one key of a PEM text.
pub(super) fn read(text: &str) -> Result<PemKey, Fault> {
    let mut blocks = Blocks(text).filter(|block| !matches!(block, Ok(("EC PARAMETERS", _))));
    let (label, der) = blocks.next().ok_or(malformed())??;
    if blocks.next().is_some() {
        return Err(malformed());
    }
    match label {
        "PRIVATE KEY" => of_pkcs8(&der).map(PemKey::Private),
        "RSA PRIVATE KEY" => of_rsa(RsaKeyPair::from_der(&der)).map(PemKey::Private),
        "EC PRIVATE KEY" => ec(|curve| EcdsaKeyPair::from_private_key_der(curve.signing(), &der).ok())
            .map(PemKey::Private)
            .ok_or(malformed()),
        "PUBLIC KEY" => of_spki(&der).map(PemKey::Public),
        "RSA PUBLIC KEY" => {
            rsa::PublicKey::from_der(&der).map(Public::Rsa).map(PemKey::Public).map_err(rejected)
        }
        _ => Err(malformed()),
    }
}

fn of_pkcs8(der: &[u8]) -> Result<Private, Fault> {
    if let Ok(pair) = Ed25519KeyPair::from_pkcs8(der) {
        return Ok(Private::Ed25519(pair));
    }
    if let Some(pair) = ec(|curve| EcdsaKeyPair::from_pkcs8(curve.signing(), der).ok()) {
        return Ok(pair);
    }
    of_rsa(RsaKeyPair::from_pkcs8(der))
}

fn of_rsa(read: Result<RsaKeyPair, KeyRejected>) -> Result<Private, Fault> {
    read.map(Private::Rsa).map_err(rejected)
}

fn ec(read: impl Fn(Curve) -> Option<EcdsaKeyPair>) -> Option<Private> {
    Curve::ALL.into_iter().find_map(|curve| Some(Private::Ec(curve, read(curve)?)))
}

fn of_spki(der: &[u8]) -> Result<Public, Fault> {
    let point = |head, curve: Curve| {
        let point = der.strip_prefix(head)?;
        (point.first() == Some(&UNCOMPRESSED)).then(|| Public::Ec(curve, point.to_vec()))
    };
    point(P256_HEAD, Curve::P256)
        .or_else(|| point(P384_HEAD, Curve::P384))
        .or_else(|| der.strip_prefix(ED25519_HEAD).map(|key| Public::Ed25519(key.to_vec())))
        .map_or_else(|| rsa::PublicKey::from_der(der).map(Public::Rsa).map_err(rejected), Ok)
}

/// The blocks of a text: each label with its bytes.
struct Blocks<'a>(&'a str);

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<(&'a str, Zeroizing<Vec<u8>>), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let (_, rest) = self.0.split_once("-----BEGIN ")?;
        let block = block(rest);
        self.0 = block.as_ref().map_or("", |(_, _, rest)| rest);
        Some(block.map(|(label, der, _)| (label, der)).ok_or(malformed()))
    }
}

fn block(text: &str) -> Option<(&str, Zeroizing<Vec<u8>>, &str)> {
    let (label, rest) = text.split_once("-----")?;
    let (body, rest) = rest.split_once("-----END ")?;
    let rest = rest.strip_prefix(label)?.strip_prefix("-----")?;
    // One allocation of enough room, so that no part of a key stays behind in a smaller one.
    let mut digits = Zeroizing::new(Vec::with_capacity(body.len()));
    digits.extend(body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    Some((label, secret_from_base64(&STANDARD, &digits)?, rest))
}
