use super::*;
use crate::token::access::JwtKey;
use serde_json::Value;
use sha2::{Digest, Sha256};

const SIGNATURES: &str = include_str!("../../tests/vectors/wycheproof/json_web_signature_test.json");
const KEYS: &str = include_str!("../../tests/vectors/wycheproof/json_web_key_test.json");

/// Where our verdict is not the file's, and why.
fn differs(case: u64) -> Option<&'static str> {
    match case {
        346 | 350 => Some("a token of PS384 for a key whose alg is PS256: here a key has one algorithm"),
        347 | 351 => Some("ES512 by a key of ES521, which the engine does not have"),
        367 | 370 => {
            Some("the padding that is meant to be wrong is missing: the token is case 357, a valid one")
        }
        372 | 373 => Some("valid for decoders that skip characters that are no base64url"),
        _ => None,
    }
}

/// Whether form and signature are right: all that does not depend on what the engine puts into tokens.
fn passes(key: &Value, jws: &str) -> bool {
    let Ok(key) = JwtKey::from_jwk(&key.to_string()) else { return false };
    let Some(parts) = Parts::split(jws) else { return false };
    ReadHeader::read(&parts.header).is_some_and(|header| parts.open(&header.alg, &key.0).is_some())
}

fn read(text: &str, digest: &str) -> Value {
    assert_eq!(crate::encoding::hex(&Sha256::digest(text)), digest, "the file is the published one");
    serde_json::from_str(text).unwrap()
}

#[test]
fn jwt_01_every_json_web_signature_of_wycheproof_is_judged_rightly() {
    let file = read(SIGNATURES, "8e687a06fe8359f4ec51480f1a9f73c8faebd6f4c01b818b843b44eee54fd5d9");
    let (mut cases, mut valid) = (0, 0);
    for group in file["testGroups"].as_array().unwrap() {
        let key = group.get("public").unwrap_or(&group["private"]);
        for case in group["tests"].as_array().unwrap() {
            let number = case["tcId"].as_u64().unwrap();
            let expected = (case["result"] == "valid") != differs(number).is_some();
            assert_eq!(passes(key, case["jws"].as_str().unwrap()), expected, "{number}: {}", case["comment"]);
            cases += 1;
            valid += u32::from(expected);
        }
    }
    assert_eq!((cases, valid), (401, 42));
}

#[test]
fn jwt_07_the_private_keys_of_wycheproof_sign_what_their_public_ones_verify() {
    let file = read(SIGNATURES, "8e687a06fe8359f4ec51480f1a9f73c8faebd6f4c01b818b843b44eee54fd5d9");
    let mut signed = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let Some(public) = group.get("public") else { continue };
        let [private, public] = [&group["private"], public].map(|key| JwtKey::from_jwk(&key.to_string()));
        let (Ok(private), Ok(public)) = (private, public) else { continue };
        assert_eq!(private.id(), public.id());
        let token = sign(&private.0, "typ", &serde_json::json!({"sub": "42"})).unwrap();
        assert!(Unverified::parse(&token, "typ").unwrap().verify(&public.0).is_some());
        assert_eq!(sign(&public.0, "typ", &1).unwrap_err().code, ErrorCode::JwtKeyVerifyOnly);
        signed += 1;
    }
    assert_eq!(signed, 12);
}

#[test]
fn jwt_03_every_json_web_key_of_wycheproof_is_judged_rightly() {
    let file = read(KEYS, "be983255bce26406f97020ec5458b33930a90d5f868e604fcd569c300aba2862");
    let mut cases = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let keys = group.get("public").unwrap_or(&group["private"]);
        for case in group["tests"].as_array().unwrap() {
            let number = case["tcId"].as_u64().unwrap();
            // Sets with HMAC and other keys, and sets with one kid twice: here a key gets its kid from what
            // it is, and a token that names it must be signed with it.
            let about_sets = [1, 4].contains(&number);
            let keys = keys["keys"].as_array().unwrap();
            let expected = about_sets || case["result"] == "valid";
            let verdict = keys.iter().any(|key| passes(key, case["jws"].as_str().unwrap()));
            assert_eq!(verdict, expected, "{number}: {}", case["comment"]);
            cases += 1;
        }
    }
    assert_eq!(cases, 26);
}
