//! Tokens of the engine's own: what is in them, how long they live, what a refresh does.

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use twinlock::{
    Answer, Claims, Engine, ErrorCode, FirstFactor, JwtAlgorithm, JwtConfig, JwtKey, Proof, SignIn, Subject,
    TokenKind, Tokens, UnixTime,
};

use crate::forge::{self, NOW, SECRET, engine, engine_with, now};
use crate::support;

fn after(seconds: i64) -> UnixTime {
    support::at(NOW + seconds)
}

fn proof(engine: &Engine, subject: &str) -> Proof {
    let subject = Subject::new(subject).unwrap();
    let first_factor = FirstFactor::new(&["pwd", "hwk"], after(-5)).unwrap();
    let pending = engine.begin_sign_in(&subject, None, &first_factor, now()).unwrap();
    let Ok(SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor is set") };
    proof
}

fn mint(engine: &Engine, extra: &Value) -> Tokens {
    engine.mint(proof(engine, "42"), extra.as_object().unwrap(), now()).unwrap()
}

fn access(engine: &Engine, token: &str, at: UnixTime) -> Result<Claims, ErrorCode> {
    engine.verify(token, TokenKind::Access, at).map_err(|error| error.code())
}

fn refresh(engine: &Engine, token: &str, at: UnixTime) -> Result<(String, UnixTime), ErrorCode> {
    engine.refresh(token, None, at).map_err(|error| error.code())
}

fn configured(change: impl FnOnce(&mut JwtConfig)) -> Engine {
    let mut config = JwtConfig::default();
    change(&mut config);
    engine_with(config)
}

fn json_part(token: &str, index: usize) -> Map<String, Value> {
    use base64::Engine as _;
    let part = token.split('.').nth(index).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn is_id(value: &Value) -> bool {
    let lower_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    value.as_str().is_some_and(|text| text.len() == 32 && text.chars().all(lower_hex))
}

#[test]
fn a_pair_says_who_when_how_and_until_when() {
    let engine = configured(|config| {
        (config.issuer, config.audience) = (Some("https://acme.example".to_owned()), Some("shop".to_owned()));
    });
    let tokens = mint(&engine, &json!({}));
    assert_eq!((tokens.access_expires_at, tokens.refresh_expires_at), (after(300), after(86_400)));
    for (token, typ, token_type, end) in [
        (&tokens.access, "at+jwt", "access", 300),
        (&tokens.refresh, "twinlock-refresh+jwt", "refresh", 86_400),
    ] {
        let mut claims = json_part(token, 1);
        assert!(is_id(&claims.remove("jti").unwrap()) && is_id(&claims.remove("fam").unwrap()));
        let expected = json!({
            "token_type": token_type, "iat": NOW, "exp": NOW + end, "sub": "42", "user_id": "42",
            "auth_time": NOW - 5, "amr": ["pwd", "hwk"], "epoch": 0, "iss": "https://acme.example", "aud": "shop",
        });
        assert_eq!(Value::Object(claims), expected);
        let kid = engine.key_ring().ids()[0].to_text();
        assert_eq!(Value::Object(json_part(token, 0)), json!({"alg": "HS256", "kid": kid, "typ": typ}));
    }
    assert_eq!(access(&engine, &tokens.access, now()).unwrap().get("sub"), Some(&json!("42")));
    assert_eq!(engine.refresh_subject(&tokens.refresh, now()).unwrap().as_str(), "42");
}

#[test]
fn the_amr_claim_names_a_second_factor_only_after_one() {
    let site = support::Site::new();
    let owner = site.enroll("alice", support::START);
    let later = support::START + 30;
    let amr = |answer: Answer<'_>, now: i64| {
        let proof = site.sign_in(&owner, answer, now).unwrap_or_else(|_| panic!("a right answer"));
        let tokens = site.auth.engine().mint(proof, &Map::new(), support::at(now)).unwrap();
        json_part(&tokens.access, 1).remove("amr").unwrap()
    };
    assert_eq!(amr(Answer::Otp(&owner.code(later)), later), json!(["pwd", "otp", "mfa"]));
    assert_eq!(amr(Answer::Backup(&owner.backup_codes[0]), later), json!(["pwd", "backup", "mfa"]));
    let without = json_part(&mint(&engine(JwtAlgorithm::Hs256), &json!({})).access, 1);
    assert_eq!(without["amr"], json!(["pwd", "hwk"]));
}

#[test]
fn a_pair_has_one_family_and_every_token_an_id_of_its_own() {
    let engine = configured(|_| ());
    let (mut ids, mut families) = (HashSet::new(), HashSet::new());
    for _ in 0..50 {
        let tokens = mint(&engine, &json!({}));
        let [one, other] = [json_part(&tokens.access, 1), json_part(&tokens.refresh, 1)];
        assert_eq!(one["fam"], other["fam"]);
        families.insert(one["fam"].to_string());
        ids.insert(one["jti"].to_string());
        ids.insert(other["jti"].to_string());
    }
    assert_eq!((ids.len(), families.len()), (100, 50));
    assert!(ids.is_disjoint(&families));
}

#[test]
fn the_hash_is_the_keys_and_an_independent_hmac_agrees() {
    for algorithm in [JwtAlgorithm::Hs256, JwtAlgorithm::Hs384, JwtAlgorithm::Hs512] {
        let tokens = mint(&engine(algorithm), &json!({}));
        for token in [tokens.access, tokens.refresh] {
            let (signed, signature) = token.rsplit_once('.').unwrap();
            assert_eq!(signature, forge::base64url(&forge::mac(algorithm, SECRET, signed)));
            let header = json_part(&token, 0);
            assert_eq!(
                (&header["alg"], &header["kid"]),
                (&json!(algorithm.name()), &json!(forge::kid(SECRET)))
            );
        }
    }
}

#[test]
fn the_hosts_own_claims_are_in_both_tokens_and_stay_in_renewed_ones() {
    let engine = configured(|_| ());
    let extra = json!({"tenant": {"id": 7, "roles": ["a", "b"]}, "hash_password": "D41D8", "half": 0.5, "none": null});
    let tokens = mint(&engine, &extra);
    let (renewed, _) = refresh(&engine, &tokens.refresh, after(10)).unwrap();
    for token in [&tokens.access, &tokens.refresh, &renewed] {
        let claims = json_part(token, 1);
        for (name, value) in extra.as_object().unwrap() {
            assert_eq!(claims.get(name), Some(value), "{name}");
        }
    }
}

#[test]
fn a_reserved_name_is_no_claim_of_the_host() {
    let engine = configured(|config| config.user_id_claim = "uid".to_owned());
    let reserved =
        ["sub", "exp", "iat", "nbf", "jti", "token_type", "iss", "aud", "amr", "acr", "auth_time", "epoch"];
    for name in reserved.into_iter().chain(["fam", "typ", "uid"]) {
        let extra = Map::from_iter([(name.to_owned(), json!("42"))]);
        let fault = engine.mint(proof(&engine, "42"), &extra, now()).err().unwrap();
        assert_eq!(fault.code, ErrorCode::ClaimInvalid, "{name}");
    }
    let tokens = mint(&engine, &json!({"user_id": "not reserved here", "Sub": "x"}));
    assert_eq!(access(&engine, &tokens.access, now()).unwrap().get("uid"), Some(&json!("42")));
}

#[test]
fn claims_that_no_verifier_would_read_are_not_signed() {
    let engine = configured(|_| ());
    let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let fault = |extra: Value| engine.mint(proof(&engine, "42"), extra.as_object().unwrap(), now()).err();
    let refused = |extra: Value| fault(extra).map(|fault| fault.code) == Some(ErrorCode::ClaimInvalid);
    assert!(refused(json!({"x": nested(16)})) && refused(json!({"x": nested(100)})));
    assert!(!refused(json!({"x": nested(15)})));
    assert!(refused(json!({"x": "x".repeat(2041)})) && !refused(json!({"x": "x".repeat(2040)})));
}

#[test]
fn jwt_08_the_largest_token_that_can_be_minted_is_one_that_verifies() {
    let label = "\"".repeat(255);
    let keys = vec![JwtKey::hmac(JwtAlgorithm::Hs512, SECRET).unwrap()];
    let engine = configured(|config| {
        config.keys = keys;
        (config.issuer, config.audience) = (Some(label.clone()), Some(label.clone()));
        config.user_id_claim = "\"".repeat(32);
    });
    let extra = json!({"x": "x".repeat(2040)});
    let methods = ["a_name_of_thirty-two_characters_"; 8];
    let first_factor = FirstFactor::new(&methods, now()).unwrap();
    let pending = engine.begin_sign_in(&Subject::new(&label).unwrap(), None, &first_factor, now()).unwrap();
    let Ok(SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor is set") };
    let tokens = engine.mint(proof, extra.as_object().unwrap(), now()).unwrap();
    assert!(tokens.refresh.len() > 6000);
    assert!(access(&engine, &tokens.access, now()).is_ok());
    assert!(refresh(&engine, &tokens.refresh, now()).is_ok());
}

#[test]
fn jwt_09_an_access_token_lives_five_minutes_by_default_and_ends_on_the_second() {
    let engine = configured(|_| ());
    let tokens = mint(&engine, &json!({}));
    assert!(access(&engine, &tokens.access, after(299)).is_ok());
    assert_eq!(access(&engine, &tokens.access, after(300)), Err(ErrorCode::TokenExpired));
    assert_eq!(access(&engine, &tokens.access, after(-1)), Err(ErrorCode::TokenInvalid));
}

#[test]
fn jwt_09_a_refresh_keeps_what_the_sign_in_said_and_never_moves_the_end() {
    let engine = configured(|config| (config.access_life, config.refresh_life) = (300, 1000));
    let tokens = mint(&engine, &json!({"tenant": 7}));
    let original = json_part(&tokens.refresh, 1);
    for (seconds, end) in [(0, 300), (700, 1000), (701, 1000), (999, 1000)] {
        let (renewed, expires_at) = refresh(&engine, &tokens.refresh, after(seconds)).unwrap();
        assert_eq!(expires_at, after(end), "{seconds}");
        let mut claims = json_part(&renewed, 1);
        assert!(access(&engine, &renewed, after(end - 1)).is_ok());
        assert_eq!(access(&engine, &renewed, after(end)), Err(ErrorCode::TokenExpired));
        assert!(is_id(&claims["jti"]) && claims["jti"] != original["jti"]);
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(NOW + seconds), &json!(NOW + end)));
        assert_eq!(claims["token_type"], "access");
        for own in ["jti", "iat", "exp", "token_type"] {
            claims[own] = original[own].clone();
        }
        assert_eq!(claims, original);
    }
    assert_eq!(refresh(&engine, &tokens.refresh, after(1000)), Err(ErrorCode::TokenExpired));
}

#[test]
fn jwt_09_an_access_token_never_outlives_its_refresh_token() {
    let engine = configured(|config| (config.access_life, config.refresh_life) = (900, 60));
    let tokens = mint(&engine, &json!({}));
    assert_eq!((tokens.access_expires_at, tokens.refresh_expires_at), (after(60), after(60)));
    assert_eq!(access(&engine, &tokens.access, after(60)), Err(ErrorCode::TokenExpired));
}

#[test]
fn jwt_09_leeway_reads_an_ended_refresh_token_but_mints_nothing_from_it() {
    let engine = configured(|config| (config.refresh_life, config.leeway) = (60, 30));
    let tokens = mint(&engine, &json!({}));
    assert!(engine.verify(&tokens.refresh, TokenKind::Refresh, after(89)).is_ok());
    assert!(refresh(&engine, &tokens.refresh, after(59)).is_ok());
    assert_eq!(refresh(&engine, &tokens.refresh, after(60)), Err(ErrorCode::TokenExpired));
}

#[test]
fn a_refresh_dies_when_the_epoch_moves() {
    let site = support::Site::new();
    let owner = site.enroll("alice", support::START);
    let later = support::START + 30;
    let now = support::at(later);
    let proof = site.sign_in(&owner, Answer::Otp(&owner.code(later)), later).unwrap_or_else(|_| panic!());
    let tokens = site.auth.engine().mint(proof, &Map::new(), now).unwrap();
    assert!(site.auth.refresh(&tokens.refresh, now).is_ok());
    let engine = site.auth.engine();
    let moved = engine.bump_epoch(&owner.subject, Some(&site.record(&owner)), now).unwrap();
    let error = engine.refresh(&tokens.refresh, moved.record(), now).unwrap_err();
    assert_eq!(error.code(), ErrorCode::TokenInvalid);
    let error = engine.refresh(&tokens.refresh, None, now).unwrap_err();
    assert_eq!(error.code(), ErrorCode::TokenInvalid, "a record that is gone has epoch 0");
}

#[test]
fn a_refresh_with_another_subjects_record_is_a_fault_and_gives_nothing() {
    let site = support::Site::new();
    let (alice, bob) = (site.enroll("alice", support::START), site.enroll("bob", support::START));
    let later = support::START + 30;
    let proof = site.sign_in(&alice, Answer::Otp(&alice.code(later)), later).unwrap_or_else(|_| panic!());
    let engine = site.auth.engine();
    let tokens = engine.mint(proof, &Map::new(), support::at(later)).unwrap();
    let error = engine.refresh(&tokens.refresh, Some(&site.record(&bob)), support::at(later)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::EnvelopeRejected);
}

#[test]
fn without_random_bytes_nothing_is_minted() {
    struct Dry;
    impl twinlock::Random for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), twinlock::Fault> {
            Err(twinlock::Fault::new(ErrorCode::RandomUnavailable))
        }
    }
    let ring = twinlock::KeyRing::generate(&twinlock::OsRandom).unwrap();
    let engine = Engine::with_random(support::policy(), ring, JwtConfig::default(), Box::new(Dry)).unwrap();
    let fault = engine.mint(proof(&engine, "42"), &Map::new(), now()).err().unwrap();
    assert_eq!(fault.code, ErrorCode::RandomUnavailable);
}
