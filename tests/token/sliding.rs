//! Sliding tokens: they open APIs, get their like while they live, and end for good at a fixed moment.

use serde_json::{Map, Value, json};
use twinlock::{
    Answer, Engine, ErrorCode, FirstFactor, JwtConfig, Proof, SignIn, Subject, TokenKind, UnixTime,
};

use crate::forge::{NOW, engine_with, now};
use crate::support;

fn after(seconds: i64) -> UnixTime {
    support::at(NOW + seconds)
}

fn proof(engine: &Engine) -> Proof {
    let subject = Subject::new("42").unwrap();
    let pending = engine.begin_sign_in(&subject, None, &FirstFactor::password(now()), now()).unwrap();
    let Ok(SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor is set") };
    proof
}

fn engine(access_life: u32, refresh_life: u32, leeway: u32) -> Engine {
    engine_with(JwtConfig { access_life, refresh_life, leeway, ..JwtConfig::default() })
}

fn claims(engine: &Engine, token: &str, at: UnixTime) -> Map<String, Value> {
    engine.verify(token, TokenKind::Sliding, at).unwrap().members().clone()
}

fn slide(engine: &Engine, token: &str, at: UnixTime) -> Result<(String, UnixTime), ErrorCode> {
    engine.refresh_sliding(token, None, at).map_err(|error| error.code())
}

#[test]
fn a_sliding_token_says_what_simplejwt_reads() {
    let engine = engine(300, 86_400, 0);
    let (token, end) = engine.mint_sliding(proof(&engine), &Map::new(), now()).unwrap();
    assert_eq!(end, after(300));
    let mut claims = claims(&engine, &token, now());
    assert!(claims.remove("jti").is_some() && claims.remove("fam").is_some());
    let expected = json!({
        "token_type": "sliding", "iat": NOW, "exp": NOW + 300, "refresh_exp": NOW + 86_400, "sub": "42",
        "user_id": "42", "auth_time": NOW, "amr": ["pwd"], "epoch": 0,
    });
    assert_eq!(Value::Object(claims), expected);
}

#[test]
fn jwt_09_a_sliding_token_slides_while_it_lives_and_never_past_its_last_moment() {
    let engine = engine(300, 1000, 0);
    let extra = json!({"tenant": 7});
    let (mut token, mut end) =
        engine.mint_sliding(proof(&engine), extra.as_object().unwrap(), now()).unwrap();
    assert_eq!(slide(&engine, &token, after(300)).unwrap_err(), ErrorCode::TokenExpired);
    let first = claims(&engine, &token, now());
    for (seconds, expected) in [(200, 500), (499, 799), (798, 1000), (999, 1000)] {
        (token, end) = slide(&engine, &token, after(seconds)).unwrap();
        assert_eq!(end, after(expected), "{seconds}");
        let mut claims = claims(&engine, &token, after(seconds));
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(NOW + seconds), &json!(NOW + expected)));
        assert_ne!(claims["jti"], first["jti"]);
        for own in ["jti", "iat", "exp"] {
            claims[own] = first[own].clone();
        }
        assert_eq!(claims, first);
    }
    assert_eq!(end, after(1000));
    assert_eq!(slide(&engine, &token, after(1000)).unwrap_err(), ErrorCode::TokenExpired);
}

#[test]
fn jwt_09_a_sliding_token_has_a_last_moment_that_is_a_time_within_thirty_days() {
    use crate::forge::{header, payload, token, with};
    let keys = vec![twinlock::JwtKey::hmac(twinlock::JwtAlgorithm::Hs256, crate::forge::SECRET).unwrap()];
    let engine = engine_with(JwtConfig { keys, ..JwtConfig::default() });
    let header = with(header(), "typ", json!("twinlock-sliding+jwt"));
    let sliding = with(payload(), "token_type", json!("sliding"));
    let passes = |refresh_exp: Option<Value>| {
        let body = refresh_exp.map_or(sliding.clone(), |end| with(sliding.clone(), "refresh_exp", end));
        engine.verify(&token(&header, &body), TokenKind::Sliding, now()).is_ok()
    };
    assert!(passes(Some(json!(NOW + 300))) && passes(Some(json!(NOW + 2_592_000))));
    assert!(!passes(None) && !passes(Some(json!(NOW + 299))) && !passes(Some(json!(NOW + 2_592_001))));
    for wrong in [json!(null), json!("x"), json!(-1), json!(1e300), json!([]), json!((NOW + 300).to_string())]
    {
        assert!(!passes(Some(wrong.clone())), "{wrong}");
    }
}

#[test]
fn jwt_09_leeway_reads_an_ended_sliding_token_but_mints_nothing_past_its_last_moment() {
    let engine = engine(60, 60, 30);
    let (token, _) = engine.mint_sliding(proof(&engine), &Map::new(), now()).unwrap();
    assert!(engine.verify(&token, TokenKind::Sliding, after(89)).is_ok());
    assert!(slide(&engine, &token, after(59)).is_ok());
    assert_eq!(slide(&engine, &token, after(60)).unwrap_err(), ErrorCode::TokenExpired);
}

#[test]
fn jwt_13_a_sliding_token_dies_when_the_epoch_moves() {
    let site = support::Site::new();
    let owner = site.enroll("alice", support::START);
    let later = support::START + 30;
    let now = support::at(later);
    let proof = site.sign_in(&owner, Answer::Otp(&owner.code(later)), later).unwrap_or_else(|_| panic!());
    let engine = site.auth.engine();
    let (token, _) = engine.mint_sliding(proof, &Map::new(), now).unwrap();
    let record = site.record(&owner);
    assert!(engine.refresh_sliding(&token, Some(&record), now).is_ok());
    let moved = engine.bump_epoch(&owner.subject, Some(&record), now).unwrap();
    let error = engine.refresh_sliding(&token, moved.record(), now).unwrap_err();
    assert_eq!(error.code(), ErrorCode::TokenInvalid);
}
