//! Keys out of PEM files and JWKs: what is read, what is refused and how, and what they are called.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use twinlock::{Engine, ErrorCode, JwtAlgorithm, JwtConfig, JwtKey, KeyRing, OsRandom, TokenKind};

use crate::forge::{engine_with, now};
use crate::rotation::access_token;
use crate::support::policy;

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("../vectors/keys/", $name, ".pem"))
    };
}

pub const RSA: &str = pem!("rsa_pkcs8");
pub const RSA_PUBLIC: &str = pem!("rsa_public");
pub const P256: &str = pem!("p256_pkcs8");
pub const P256_PUBLIC: &str = pem!("p256_public");
pub const ED25519: &str = pem!("ed25519_pkcs8");
pub const ED25519_PUBLIC: &str = pem!("ed25519_public");

fn fault(algorithm: JwtAlgorithm, pem: &str) -> Option<ErrorCode> {
    JwtKey::from_pem(algorithm, pem).err().map(|fault| fault.code)
}

fn jwk_fault(jwk: &Value) -> Option<ErrorCode> {
    JwtKey::from_jwk(&jwk.to_string()).err().map(|fault| fault.code)
}

/// The public half as the engine publishes it.
fn published(algorithm: JwtAlgorithm, pem: &str) -> Value {
    let keys = vec![JwtKey::from_pem(algorithm, pem).unwrap()];
    let engine = engine_with(JwtConfig { keys, ..JwtConfig::default() });
    let mut set: Value = serde_json::from_str(&engine.jwks()).unwrap();
    set["keys"][0].take()
}

#[test]
fn keys_of_every_file_form_sign_and_their_public_halves_verify() {
    use JwtAlgorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    let rsa: [&[&str]; 2] =
        [&[RSA, pem!("rsa_pkcs1")], &[RSA_PUBLIC, pem!("rsa_public_pkcs1"), RSA, pem!("rsa_pkcs1")]];
    let p256: [&[&str]; 2] = [&[P256, pem!("p256_sec1")], &[P256_PUBLIC]];
    let p384: [&[&str]; 2] = [&[pem!("p384_pkcs8"), pem!("p384_sec1")], &[pem!("p384_public")]];
    let ed25519: [&[&str]; 2] = [&[ED25519], &[ED25519_PUBLIC]];
    let rsa_algorithms = [Rs256, Rs384, Rs512, Ps256, Ps384, Ps512].map(|algorithm| (algorithm, rsa));
    for (algorithm, [private, public]) in
        rsa_algorithms.into_iter().chain([(Es256, p256), (Es384, p384), (EdDsa, ed25519)])
    {
        for signer in private {
            let keys = vec![JwtKey::from_pem(algorithm, signer).unwrap()];
            let token = access_token(&engine_with(JwtConfig { keys, ..JwtConfig::default() }));
            for verifier in public {
                let own = JwtKey::hmac(JwtAlgorithm::Hs256, &[7; 32]).unwrap();
                let keys = vec![own, JwtKey::from_pem(algorithm, verifier).unwrap()];
                let engine = engine_with(JwtConfig { keys, ..JwtConfig::default() });
                assert!(engine.verify(&token, TokenKind::Access, now()).is_ok(), "{algorithm:?}");
            }
        }
    }
}

#[test]
fn jwt_01_every_key_file_is_taken_or_refused_as_in_every_language() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/keys.json")).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    for vector in vectors {
        let [file, algorithm, expected] =
            ["file", "algorithm", "outcome"].map(|name| vector[name].as_str().unwrap());
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/");
        let pem = std::fs::read_to_string(format!("{folder}{file}")).unwrap();
        let key = JwtKey::from_pem(JwtAlgorithm::from_name(algorithm).unwrap(), &pem);
        let engine = key.and_then(|key| {
            let jwt = JwtConfig { keys: vec![key], ..JwtConfig::default() };
            Engine::new(policy(), KeyRing::generate(&OsRandom)?, jwt)
        });
        let outcome = engine.map_or_else(|fault| fault.code.name(), |_| "ok");
        assert_eq!(outcome, expected, "{file} for {algorithm}");
    }
    let mut seen: Vec<&str> = vectors.iter().map(|vector| vector["file"].as_str().unwrap()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 18, "every file of the folder");
}

#[test]
fn jwt_01_a_key_fits_its_algorithm_or_is_none() {
    let unfit = Some(ErrorCode::JwtAlgorithmUnknown);
    let families: [(&[JwtAlgorithm], [&str; 2]); 4] = [
        (
            &[
                JwtAlgorithm::Rs256,
                JwtAlgorithm::Rs384,
                JwtAlgorithm::Rs512,
                JwtAlgorithm::Ps256,
                JwtAlgorithm::Ps384,
                JwtAlgorithm::Ps512,
            ],
            [RSA, RSA_PUBLIC],
        ),
        (&[JwtAlgorithm::Es256], [P256, P256_PUBLIC]),
        (&[JwtAlgorithm::Es384], [pem!("p384_pkcs8"), pem!("p384_public")]),
        (&[JwtAlgorithm::EdDsa], [ED25519, ED25519_PUBLIC]),
    ];
    for (own, files) in families {
        for file in files {
            for algorithm in JwtAlgorithm::ALL {
                let expected = if own.contains(algorithm) { None } else { unfit };
                assert_eq!(fault(*algorithm, file), expected, "{algorithm:?}");
            }
        }
    }
}

#[test]
fn jwt_02_hmac_and_asymmetric_keys_are_different_things() {
    for algorithm in JwtAlgorithm::ALL.iter().filter(|algorithm| !algorithm.name().starts_with("HS")) {
        let refused = JwtKey::hmac(*algorithm, &[7; 64]).err().map(|fault| fault.code);
        assert_eq!(refused, Some(ErrorCode::JwtAlgorithmUnknown), "{algorithm:?}");
    }
    for name in ["HS256", "HS384", "HS512"] {
        let algorithm = JwtAlgorithm::from_name(name).unwrap();
        for text in [RSA, RSA_PUBLIC, P256, P256_PUBLIC, ED25519, ED25519_PUBLIC] {
            let refused = JwtKey::hmac(algorithm, text.as_bytes()).err().map(|fault| fault.code);
            assert_eq!(refused, Some(ErrorCode::JwtKeyWeak));
            assert_eq!(fault(algorithm, text), Some(ErrorCode::JwtAlgorithmUnknown));
        }
        for (algorithm, file) in [(JwtAlgorithm::Rs256, RSA), (JwtAlgorithm::Es256, P256)] {
            let mut public = published(algorithm, file);
            public["alg"] = json!(name);
            assert_eq!(jwk_fault(&public), Some(ErrorCode::JwtAlgorithmUnknown));
        }
    }
    let secret = json!({"kty": "oct", "k": "AAAA", "alg": "RS256"});
    assert_eq!(jwk_fault(&secret), Some(ErrorCode::JwtAlgorithmUnknown));
}

#[test]
fn jwt_03_short_rsa_keys_are_weak() {
    for file in [pem!("rsa_1024_pkcs8"), pem!("rsa_1024_public")] {
        assert_eq!(fault(JwtAlgorithm::Rs256, file), Some(ErrorCode::JwtKeyWeak));
    }
    let odd = |bytes: usize| URL_SAFE_NO_PAD.encode([&vec![0xf1; bytes - 1][..], &[0xff]].concat());
    let rsa = |n: String| json!({"kty": "RSA", "alg": "RS256", "n": n, "e": "AQAB"});
    assert_eq!(jwk_fault(&rsa(odd(255))), Some(ErrorCode::JwtKeyWeak));
    assert_eq!(jwk_fault(&rsa(odd(256))), None);
    assert_eq!(jwk_fault(&rsa(odd(1024))), None);
    assert_eq!(jwk_fault(&rsa(odd(1025))), Some(ErrorCode::JwtKeyMalformed));
}

#[test]
fn what_is_not_one_readable_key_is_malformed() {
    let malformed = Some(ErrorCode::JwtKeyMalformed);
    let refused = [
        String::new(),
        "secret".to_owned(),
        pem!("p256_encrypted").to_owned(),
        pem!("rsa_pkcs1_encrypted").to_owned(),
        pem!("p256_certificate").to_owned(),
        pem!("p521_pkcs8").to_owned(),
        format!("{P256}{P256}"),
        format!("{P256}{RSA_PUBLIC}"),
        P256.replace("END PRIVATE", "END PUBLIC"),
        P256.replace("BEGIN PRIVATE", "BEGIN PUBLIC").replace("END PRIVATE", "END PUBLIC"),
        P256.replace("M", "*"),
        P256.replacen("MIG", "AAA", 1),
        P256[..P256.len() / 2].to_owned(),
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----".to_owned(),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----".to_owned(),
    ];
    for text in refused {
        for algorithm in JwtAlgorithm::ALL {
            assert_eq!(fault(*algorithm, &text), malformed, "{text}");
        }
    }
    assert_eq!(fault(JwtAlgorithm::Es256, &format!("a key:\n{}\nof ours", P256.replace('\n', "\r\n"))), None);
}

#[test]
fn jwks_of_every_kind_are_read_and_say_what_they_are_for() {
    for (algorithm, file) in
        [(JwtAlgorithm::Ps384, RSA), (JwtAlgorithm::Es256, P256), (JwtAlgorithm::EdDsa, ED25519)]
    {
        let public = published(algorithm, file);
        let read = JwtKey::from_jwk(&public.to_string()).unwrap();
        assert_eq!((read.algorithm(), read.id()), (algorithm, public["kid"].as_str().unwrap()));
        let changed = |name: &str, value: Option<Value>| {
            let mut jwk = public.clone();
            match value {
                Some(value) => jwk[name] = value,
                None => drop(jwk.as_object_mut().unwrap().remove(name)),
            }
            jwk_fault(&jwk)
        };
        let (malformed, unknown) = (Some(ErrorCode::JwtKeyMalformed), Some(ErrorCode::JwtAlgorithmUnknown));
        assert_eq!(changed("use", None), None);
        assert_eq!(changed("use", Some(json!("enc"))), malformed);
        assert_eq!(changed("key_ops", Some(json!(["verify"]))), None);
        assert_eq!(changed("key_ops", Some(json!(["sign"]))), malformed);
        assert_eq!(changed("kid", Some(json!("chosen"))), None);
        let needed = if algorithm == JwtAlgorithm::Ps384 { unknown } else { None };
        assert_eq!(changed("alg", None), needed, "only RSA leaves a choice");
        for alg in ["none", "ES384", "HS256", "RSA-OAEP", ""] {
            assert_eq!(changed("alg", Some(json!(alg))), unknown, "{alg}");
        }
        for (name, value) in [("kty", json!("oct")), ("kty", json!("ec")), ("kty", json!(null))] {
            assert!(changed(name, Some(value)).is_some());
        }
        let number = if algorithm == JwtAlgorithm::Ps384 { "n" } else { "x" };
        for value in [json!(null), json!(""), json!("AA=="), json!(1), json!("AAAA")] {
            assert!(changed(number, Some(value)).is_some());
        }
        assert_eq!(changed(number, None), malformed);
        assert_eq!(changed("d", Some(json!("AAAA"))), malformed, "a private half of something else");
    }
    let twice =
        r#"{"kty":"OKP","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!(JwtKey::from_jwk(twice).err().unwrap().code, ErrorCode::JwtKeyMalformed);
}

#[test]
fn jwt_03_a_symmetric_jwk_is_an_hmac_key_with_its_rules() {
    let oct = |bytes: usize, alg: Option<&str>| {
        let mut jwk = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode(vec![7; bytes])});
        if let Some(alg) = alg {
            jwk["alg"] = json!(alg);
        }
        jwk
    };
    for (alg, floor) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        assert_eq!(jwk_fault(&oct(floor - 1, Some(alg))), Some(ErrorCode::JwtKeyWeak));
        let read = JwtKey::from_jwk(&oct(floor, Some(alg)).to_string()).unwrap();
        let same = JwtKey::hmac(JwtAlgorithm::from_name(alg).unwrap(), &vec![7; floor]).unwrap();
        assert_eq!((read.id(), read.algorithm()), (same.id(), same.algorithm()));
    }
    assert_eq!(jwk_fault(&oct(64, None)), Some(ErrorCode::JwtAlgorithmUnknown), "which hash is not guessed");
}

#[test]
fn the_kid_is_the_thumbprint_of_rfc_7638() {
    // RFC 7638 §3.1 and RFC 8037 appendix A.3.
    let rsa = json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    });
    let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    for (jwk, kid) in [
        (rsa, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
        (ed25519, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
    ] {
        assert_eq!(JwtKey::from_jwk(&jwk.to_string()).unwrap().id(), kid);
    }
    let ec = published(JwtAlgorithm::Es256, P256);
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, ec["x"], ec["y"]);
    assert_eq!(ec["kid"], json!(URL_SAFE_NO_PAD.encode(Sha256::digest(members))));
}
