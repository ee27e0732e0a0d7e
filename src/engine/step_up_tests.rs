use serde_json::{Map, Value, json};

use super::*;
use crate::engine::first_factor::FirstFactor;
use crate::engine::policy::Policy;
use crate::engine::proof::{Grant, Method};
use crate::random::OsRandom;
use crate::token::access::JwtConfig;
use crate::vault::KeyRing;

const NOW: u64 = 1_800_000_000;

fn at(seconds: u64) -> UnixTime {
    UnixTime::from_stored(seconds)
}

fn engine(leeway: u32) -> Engine {
    let policy = Policy { issuer: "Acme".to_owned(), step_up_age: 600, ..Policy::default() };
    let jwt = JwtConfig { leeway, ..JwtConfig::default() };
    Engine::new(policy, KeyRing::generate(&OsRandom).unwrap(), jwt).unwrap()
}

fn proof(subject: &str, first_factor: FirstFactor, method: Option<Method>) -> Proof {
    Proof {
        subject: Subject::new(subject).unwrap(),
        epoch: 1,
        first_factor,
        method,
        device: None,
        grant: None,
    }
}

/// A session that began a minute before with a password and a backup code.
fn session(engine: &Engine, extra: Value) -> Claims {
    let began = at(NOW - 60);
    let first_factor = FirstFactor::new(&["pwd", "hwk"], began).unwrap();
    let proof = proof("42", first_factor, Some(Method::Backup));
    let tokens = engine.mint(proof, extra.as_object().unwrap(), began).unwrap();
    engine.verify(&tokens.access, TokenKind::Access, at(NOW)).unwrap()
}

fn step_up(subject: &str, session: Option<Claims>) -> Proof {
    let grant = Some(Grant { purpose: "payout".to_owned(), session });
    Proof { grant, ..proof(subject, FirstFactor::none(at(NOW)), Some(Method::Otp)) }
}

fn access(engine: &Engine, proof: Proof, extra: Value) -> Claims {
    let (token, _) = engine.mint_access(proof, extra.as_object().unwrap(), at(NOW)).unwrap();
    engine.verify(&token, TokenKind::Access, at(NOW)).unwrap()
}

#[test]
fn jwt_14_a_step_up_moves_auth_time_and_keeps_the_first_factor_the_family_and_the_hosts_claims() {
    let engine = engine(0);
    let session = session(&engine, json!({"tenant": 7, "role": "clerk"}));
    let stepped = access(&engine, step_up("42", Some(session.clone())), json!({"role": "payer"}));
    assert_eq!(stepped.get("amr"), Some(&json!(["pwd", "hwk", "otp", "mfa"])));
    assert_eq!(stepped.get("auth_time"), Some(&json!(NOW)));
    assert_eq!(stepped.get("purpose"), Some(&json!("payout")));
    assert_eq!(stepped.get("fam"), session.get("fam"));
    assert_eq!((stepped.get("tenant"), stepped.get("role")), (Some(&json!(7)), Some(&json!("payer"))));
    assert_ne!(stepped.get("jti"), session.get("jti"));
    assert_eq!(session.get("amr"), Some(&json!(["pwd", "hwk", "backup", "mfa"])));
    let alone = access(&engine, step_up("42", None), json!({}));
    assert_eq!(alone.get("amr"), Some(&json!(["otp", "mfa"])));
    assert_ne!(alone.get("fam"), session.get("fam"));
}

#[test]
fn jwt_14_an_access_token_alone_says_what_one_of_a_pair_says() {
    let engine = engine(0);
    let first_factor = || FirstFactor::new(&["pwd", "hwk"], at(NOW - 60)).unwrap();
    let plain = access(&engine, proof("42", first_factor(), Some(Method::Backup)), json!({"tenant": 7}));
    let mut plain = plain.members().clone();
    let mut of_pair = session(&engine, json!({"tenant": 7})).members().clone();
    for own in ["jti", "fam", "iat", "exp"] {
        assert!(plain.remove(own).is_some() && of_pair.remove(own).is_some());
    }
    assert_eq!(plain, of_pair);
    assert!(!plain.contains_key("purpose"));
}

#[test]
fn chl_07_a_step_up_gives_no_refresh_token_and_none_to_another_user() {
    let engine = engine(0);
    let refused = Some(Fault::about(ErrorCode::ArgumentInvalid, "proof"));
    let nothing = Map::new();
    assert_eq!(engine.mint(step_up("42", None), &nothing, at(NOW)).err(), refused);
    assert_eq!(engine.mint_sliding(step_up("42", None), &nothing, at(NOW)).err(), refused);
    assert_eq!(engine.begin_session(step_up("42", None), &nothing, at(NOW)).err(), refused);
    let session = session(&engine, json!({}));
    assert_eq!(engine.mint_access(step_up("43", Some(session)), &nothing, at(NOW)).err(), refused);
}

#[test]
fn jwt_14_only_the_engine_says_what_a_token_is_for() {
    let engine = engine(0);
    for name in ["purpose", "refresh_exp", "fam_exp"] {
        let extra = Map::from_iter([(name.to_owned(), json!("payout"))]);
        let fault = engine.mint_access(step_up("42", None), &extra, at(NOW)).err().unwrap();
        assert_eq!(fault.code, ErrorCode::ClaimInvalid, "{name}");
    }
}

#[test]
fn api_09_a_second_factor_is_fresh_up_to_its_age_and_for_its_purpose() {
    let engine = engine(0);
    let claims = access(&engine, step_up("42", None), json!({}));
    let fresh = |purpose: &str, max_age: Option<u32>, now: u64| {
        engine.require_step_up(&claims, purpose, max_age, at(now)).is_ok()
    };
    for (max_age, seconds, expected) in [
        (None, 0, true),
        (None, 600, true),
        (None, 601, false),
        (Some(30), 30, true),
        (Some(30), 31, false),
        (Some(0), 0, true),
        (Some(0), 1, false),
        (Some(3600), 3600, true),
    ] {
        assert_eq!(fresh("payout", max_age, NOW + seconds), expected, "{max_age:?} {seconds}");
    }
    for purpose in ["", "Payout", "payou", "delete"] {
        assert!(!fresh(purpose, None, NOW), "{purpose}");
    }
    let refusal = engine.require_step_up(&claims, "delete", None, at(NOW)).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::SecondFactorRequired);
}

#[test]
fn api_09_a_sign_in_with_a_second_factor_is_fresh_for_every_purpose_and_without_one_for_none() {
    let engine = engine(0);
    let required = |claims: &Claims| engine.require_step_up(claims, "payout", Some(60), at(NOW)).is_err();
    assert!(!required(&session(&engine, json!({}))));
    let password = access(&engine, proof("42", FirstFactor::password(at(NOW)), None), json!({}));
    assert!(required(&password));
    let tokens = engine
        .mint(proof("42", FirstFactor::password(at(NOW)), Some(Method::Otp)), &Map::new(), at(NOW))
        .unwrap();
    assert!(required(&engine.verify(&tokens.refresh, TokenKind::Refresh, at(NOW)).unwrap()));
}

#[test]
fn api_09_a_time_in_the_future_is_no_fresh_factor_beyond_the_leeway() {
    for (leeway, ahead, expected) in [(0, 1, false), (0, 0, true), (30, 30, true), (30, 31, false)] {
        let engine = engine(leeway);
        let first_factor = FirstFactor::password(at(NOW + ahead));
        let claims = access(&engine, proof("42", first_factor, Some(Method::Otp)), json!({}));
        let verdict = engine.require_step_up(&claims, "payout", None, at(NOW)).is_ok();
        assert_eq!(verdict, expected, "{leeway} {ahead}");
    }
}
