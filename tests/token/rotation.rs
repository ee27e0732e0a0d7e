//! Rotation of asymmetric keys: publish, sign, retire, and what a JWK set tells to whom.

use serde_json::{Map, Value};
use twinlock::{Engine, ErrorCode, FirstFactor, JwtAlgorithm, JwtConfig, JwtKey, SignIn, Subject, TokenKind};

use crate::forge::{engine_with, now};
use crate::key_files::{ED25519, ED25519_PUBLIC, P256, P256_PUBLIC, RSA};

/// A token of someone without a second factor.
pub fn access_token(engine: &Engine) -> String {
    let subject = Subject::new("42").unwrap();
    let pending = engine.begin_sign_in(&subject, None, &FirstFactor::password(now()), now()).unwrap();
    let Ok(SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor is set") };
    engine.mint(proof, &Map::new(), now()).unwrap().access
}

fn with_keys(keys: Vec<JwtKey>) -> Engine {
    engine_with(JwtConfig { keys, ..JwtConfig::default() })
}

fn es256(pem: &str) -> JwtKey {
    JwtKey::from_pem(JwtAlgorithm::Es256, pem).unwrap()
}

fn eddsa(pem: &str) -> JwtKey {
    JwtKey::from_pem(JwtAlgorithm::EdDsa, pem).unwrap()
}

fn passes(engine: &Engine, token: &str) -> bool {
    engine.verify(token, TokenKind::Access, now()).is_ok()
}

/// The keys of a JWK set as another service would hold them.
fn consumer(set: &str) -> Engine {
    let set: Value = serde_json::from_str(set).unwrap();
    let own = JwtKey::hmac(JwtAlgorithm::Hs256, &[1; 32]).unwrap();
    let theirs =
        set["keys"].as_array().unwrap().iter().map(|key| JwtKey::from_jwk(&key.to_string()).unwrap());
    with_keys(std::iter::once(own).chain(theirs).collect())
}

#[test]
fn jwt_16_a_key_is_published_then_signs_then_retires_and_no_token_fails_in_between() {
    let before = with_keys(vec![es256(P256)]);
    let published = with_keys(vec![es256(P256), eddsa(ED25519)]);
    let signing = with_keys(vec![eddsa(ED25519), es256(P256)]);
    let retiring = with_keys(vec![eddsa(ED25519), es256(P256_PUBLIC)]);
    let after = with_keys(vec![eddsa(ED25519)]);
    // Two neighbouring states are in service at once while a deployment rolls.
    let states = [&before, &published, &signing, &retiring, &after];
    for (index, state) in states.iter().enumerate() {
        let token = access_token(state);
        let neighbours = &states[index.saturating_sub(1)..=(index + 1).min(4)];
        assert!(neighbours.iter().all(|other| passes(other, &token)), "{index}");
        // A service that has fetched the set of one state before verifies what this state signs.
        assert!(passes(&consumer(&states[index.saturating_sub(1)].jwks()), &token), "{index}");
    }
    let old = access_token(&before);
    assert!(passes(&retiring, &old) && !passes(&after, &old));
    assert!(!passes(&before, &access_token(&signing)), "what was never published is not known");
}

#[test]
fn jwt_16_a_jwk_set_has_the_public_halves_and_nothing_else() {
    let rsa = JwtKey::from_pem(JwtAlgorithm::Ps256, RSA).unwrap();
    let hmac = JwtKey::hmac(JwtAlgorithm::Hs256, &[7; 32]).unwrap();
    let ids = [rsa.id().to_owned(), es256(P256).id().to_owned(), eddsa(ED25519).id().to_owned()];
    let engine = with_keys(vec![rsa, hmac, es256(P256), eddsa(ED25519_PUBLIC)]);
    let set: Value = serde_json::from_str(&engine.jwks()).unwrap();
    let keys = set["keys"].as_array().unwrap();
    let members: Vec<Vec<&str>> =
        keys.iter().map(|key| key.as_object().unwrap().keys().map(String::as_str).collect()).collect();
    assert_eq!(
        members,
        [
            vec!["alg", "e", "kid", "kty", "n", "use"],
            vec!["alg", "crv", "kid", "kty", "use", "x", "y"],
            vec!["alg", "crv", "kid", "kty", "use", "x"],
        ]
    );
    for (key, id) in keys.iter().zip(ids) {
        assert_eq!((&key["kid"], &key["use"]), (&Value::from(id), &Value::from("sig")));
    }
    assert_eq!(with_keys(Vec::new()).jwks(), r#"{"keys":[]}"#, "the ring's keys are nobody else's business");
}

#[test]
fn jwt_16_the_first_key_must_be_able_to_sign() {
    let policy = twinlock::Policy { issuer: "Acme".to_owned(), ..twinlock::Policy::default() };
    let ring = twinlock::KeyRing::generate(&twinlock::OsRandom).unwrap();
    let config = JwtConfig { keys: vec![es256(P256_PUBLIC), eddsa(ED25519)], ..JwtConfig::default() };
    let fault = Engine::new(policy, ring, config).err().unwrap();
    assert_eq!((fault.code, fault.about), (ErrorCode::JwtKeyVerifyOnly, Some("keys")));
}

#[test]
fn both_halves_of_one_key_are_the_same_key() {
    let policy = twinlock::Policy { issuer: "Acme".to_owned(), ..twinlock::Policy::default() };
    let ring = twinlock::KeyRing::generate(&twinlock::OsRandom).unwrap();
    let config = JwtConfig { keys: vec![es256(P256), es256(P256_PUBLIC)], ..JwtConfig::default() };
    assert_eq!(Engine::new(policy, ring, config).err().unwrap().code, ErrorCode::KeyDuplicate);
}

#[test]
fn jwt_01_a_signature_of_one_scheme_is_none_of_another_by_the_same_key() {
    use JwtAlgorithm::{Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    let rsa = |algorithm| with_keys(vec![JwtKey::from_pem(algorithm, RSA).unwrap()]);
    let schemes = [Rs256, Rs384, Rs512, Ps256, Ps384, Ps512];
    for signer in schemes {
        let token = access_token(&rsa(signer));
        for verifier in schemes {
            assert_eq!(passes(&rsa(verifier), &token), signer == verifier, "{signer:?} {verifier:?}");
        }
    }
}
