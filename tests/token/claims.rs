//! What a signed payload must say, claim by claim.

use crate::forge::{
    NOW, SECRET, engine, engine_with, header, now, payload, token, token_of_text, verdict, with, without,
};
use serde_json::{Value, json};
use twinlock::{Engine, ErrorCode, JwtAlgorithm, JwtConfig, JwtKey, TokenKind, UnixTime};

const INVALID: Result<(), ErrorCode> = Err(ErrorCode::TokenInvalid);
const EXPIRED: Result<(), ErrorCode> = Err(ErrorCode::TokenExpired);

fn configured(change: impl FnOnce(&mut JwtConfig)) -> Engine {
    let keys = vec![JwtKey::hmac(JwtAlgorithm::Hs256, SECRET).unwrap()];
    let mut config = JwtConfig { keys, ..JwtConfig::default() };
    change(&mut config);
    engine_with(config)
}

fn says(engine: &Engine, name: &str, value: Value) -> Result<(), ErrorCode> {
    verdict(engine, &token(&header(), &with(payload(), name, value)))
}

#[test]
fn jwt_06_every_claim_of_the_engine_has_its_type_and_the_vital_ones_are_required() {
    let engine = engine(JwtAlgorithm::Hs256);
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(-1.5),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!("a\u{7}b"),
        json!("x".repeat(256)),
        json!([]),
        json!([1]),
        json!(["x", null]),
        json!(["x"]),
        json!({}),
        json!({"x": 1}),
        json!(NOW.to_string()),
        json!(f64::from(1_700_000_000)),
    ];
    // What a claim's own rule allows; all else in the matrix must be refused.
    let allowed = |name: &str, value: &Value| match name {
        "jti" => value.as_str().is_some_and(|text| !text.is_empty()),
        "epoch" => value.is_u64(),
        "amr" => value.as_array().is_some_and(|all| all.iter().all(Value::is_string)),
        "fam" | "iss" => value.is_string(),
        _ => false,
    };
    let claims =
        ["token_type", "exp", "iat", "nbf", "jti", "sub", "user_id", "auth_time", "amr", "epoch", "fam"];
    for name in claims.into_iter().chain(["iss", "aud"]) {
        for value in &values {
            let expected = if allowed(name, value) { Ok(()) } else { INVALID };
            assert_eq!(says(&engine, name, value.clone()), expected, "{name}: {value}");
        }
    }
    for name in ["token_type", "exp", "iat", "jti", "sub", "user_id", "epoch"] {
        assert_eq!(verdict(&engine, &token(&header(), &without(payload(), name))), INVALID, "no {name}");
    }
    for name in ["auth_time", "amr", "fam"] {
        assert_eq!(verdict(&engine, &token(&header(), &without(payload(), name))), Ok(()), "no {name}");
    }
}

#[test]
fn jwt_06_numbers_written_in_other_ways_are_no_times() {
    let engine = engine(JwtAlgorithm::Hs256);
    let body = payload().to_string();
    let exp = format!("\"exp\":{}", NOW + 300);
    assert!(body.contains(&exp));
    let writings =
        ["NaN", "Infinity", "1e300", "1E400", "1700000300.0", "17000003e2", "-1700000300", "+1700000300"];
    for writing in writings.into_iter().chain(["01700000300", "0x6553f22c", "1700000300e0", "1_700_000_300"])
    {
        let other = body.replace(&exp, &format!("\"exp\":{writing}"));
        let token = token_of_text(header().to_string().as_bytes(), other.as_bytes());
        assert_eq!(verdict(&engine, &token), INVALID, "{writing}");
    }
}

#[test]
fn jwt_06_times_are_in_order_and_within_the_life_of_a_token() {
    let engine = engine(JwtAlgorithm::Hs256);
    let lives = |iat: i64, exp: i64| {
        verdict(&engine, &token(&header(), &with(with(payload(), "iat", json!(iat)), "exp", json!(exp))))
    };
    assert_eq!(lives(NOW, NOW + 1), Ok(()));
    assert_eq!(lives(NOW, NOW), EXPIRED);
    assert_eq!(lives(NOW - 300, NOW), EXPIRED);
    assert_eq!(lives(NOW - 1, NOW - 1), EXPIRED);
    assert_eq!(lives(NOW, NOW + 900), Ok(()));
    assert_eq!(lives(NOW, NOW + 901), INVALID);
    assert_eq!(lives(NOW, NOW - 1), INVALID);
    assert_eq!(lives(NOW + 1, NOW + 300), INVALID);
    assert_eq!(lives(0, 900), EXPIRED);
    assert_eq!(lives(0, 0), EXPIRED);
}

#[test]
fn jwt_06_a_token_is_expired_only_if_it_is_right_in_all_else() {
    let engine = engine(JwtAlgorithm::Hs256);
    let old = with(with(payload(), "iat", json!(NOW - 600)), "exp", json!(NOW - 300));
    assert_eq!(verdict(&engine, &token(&header(), &old)), EXPIRED);
    assert_eq!(
        verdict(&engine, &token(&header(), &with(old.clone(), "token_type", json!("refresh")))),
        INVALID
    );
    assert_eq!(verdict(&engine, &token(&header(), &with(old.clone(), "sub", json!("43")))), INVALID);
    assert_eq!(verdict(&engine, &token(&with(header(), "typ", json!("JWT")), &old)), INVALID);
    let mut forged = token(&header(), &old);
    forged.replace_range(forged.len() - 8.., "AAAAAAAA");
    assert_eq!(verdict(&engine, &forged), INVALID);
}

#[test]
fn jwt_06_a_token_is_nothing_before_its_time() {
    let engine = engine(JwtAlgorithm::Hs256);
    for (not_before, expected) in [(0, Ok(())), (NOW - 1, Ok(())), (NOW, Ok(())), (NOW + 1, INVALID)] {
        assert_eq!(says(&engine, "nbf", json!(not_before)), expected, "{not_before}");
    }
}

#[test]
fn jwt_06_leeway_is_as_configured_on_both_ends_and_never_over_a_minute() {
    for leeway in [0, 1, 60] {
        let engine = configured(|config| config.leeway = leeway);
        let leeway = i64::from(leeway);
        let at = |iat: i64, exp: i64, nbf: i64| {
            let body = with(with(with(payload(), "iat", json!(iat)), "exp", json!(exp)), "nbf", json!(nbf));
            verdict(&engine, &token(&header(), &body))
        };
        let long_ago = NOW - 200;
        assert_eq!(at(long_ago, NOW - leeway + 1, long_ago), Ok(()));
        assert_eq!(at(long_ago, NOW - leeway, long_ago), EXPIRED);
        assert_eq!(at(long_ago, NOW + 100, NOW + leeway), Ok(()));
        assert_eq!(at(long_ago, NOW + 100, NOW + leeway + 1), INVALID);
        assert_eq!(at(NOW + leeway, NOW + 100, NOW), Ok(()));
        assert_eq!(at(NOW + leeway + 1, NOW + 100, NOW), INVALID);
    }
}

#[test]
fn jwt_05_the_subject_is_text_and_both_its_claims_agree() {
    let engine = engine(JwtAlgorithm::Hs256);
    for other in ["4", "420", "42 ", "４２", ""] {
        assert_eq!(says(&engine, "sub", json!(other)), INVALID, "{other}");
        assert_eq!(says(&engine, "user_id", json!(other)), INVALID, "{other}");
    }
    let both = |value: Value| {
        verdict(&engine, &token(&header(), &with(with(payload(), "sub", value.clone()), "user_id", value)))
    };
    assert_eq!(both(json!("6e0c1c52-8a54-4a6e-9b43-5a4cbb0a7a52")), Ok(()));
    assert_eq!(both(json!("ä".repeat(127))), Ok(()));
    for refused in [json!(42), json!(""), json!(null), json!("x".repeat(256)), json!("a\nb"), json!(["42"])] {
        assert_eq!(both(refused.clone()), INVALID, "{refused}");
    }
}

#[test]
fn jwt_05_the_issuer_is_exact_where_it_is_configured() {
    let engine = configured(|config| config.issuer = Some("https://acme.example".to_owned()));
    assert_eq!(says(&engine, "iss", json!("https://acme.example")), Ok(()));
    assert_eq!(verdict(&engine, &token(&header(), &payload())), INVALID);
    for other in ["https://acme.example/", "https://acme.exampl", "HTTPS://acme.example", "acme.example", ""]
    {
        assert_eq!(says(&engine, "iss", json!(other)), INVALID, "{other}");
    }
    for other in [json!(null), json!(1), json!(["https://acme.example"]), json!({"https://acme.example": 1})]
    {
        assert_eq!(says(&engine, "iss", other.clone()), INVALID, "{other}");
    }
}

#[test]
fn jwt_05_the_audience_is_an_exact_member_where_it_is_configured() {
    let engine = configured(|config| config.audience = Some("shop".to_owned()));
    for good in [json!("shop"), json!(["shop"]), json!(["blog", "shop"])] {
        assert_eq!(says(&engine, "aud", good.clone()), Ok(()), "{good}");
    }
    assert_eq!(verdict(&engine, &token(&header(), &payload())), INVALID);
    for other in [
        json!("Shop"),
        json!("shop2"),
        json!("sho"),
        json!("blog shop"),
        json!(""),
        json!([]),
        json!(["shops"]),
        json!(["shop", 1]),
        json!(["shop", null]),
        json!([["shop"]]),
        json!({"shop": 1}),
        json!(null),
        json!(1),
    ] {
        assert_eq!(says(&engine, "aud", other.clone()), INVALID, "{other}");
    }
}

#[test]
fn jwt_05_a_token_for_someone_is_not_for_a_verifier_without_a_name() {
    let engine = engine(JwtAlgorithm::Hs256);
    for audience in [json!("shop"), json!(["shop"]), json!([])] {
        assert_eq!(says(&engine, "aud", audience.clone()), INVALID, "{audience}");
    }
}

#[test]
fn jwt_04_each_kind_needs_its_type_in_the_header_and_in_the_claims() {
    let engine = engine(JwtAlgorithm::Hs256);
    let kinds =
        [(TokenKind::Access, "at+jwt", "access"), (TokenKind::Refresh, "twinlock-refresh+jwt", "refresh")];
    for typ in ["at+jwt", "twinlock-refresh+jwt", "twinlock-challenge+jwt", "JWT"] {
        for token_type in ["access", "refresh", "Access", "sliding", "challenge"] {
            let token =
                token(&with(header(), "typ", json!(typ)), &with(payload(), "token_type", json!(token_type)));
            for (kind, own_typ, own_type) in kinds {
                let expected = (typ, token_type) == (own_typ, own_type);
                let verdict = engine.verify(&token, kind, now());
                assert_eq!(verdict.is_ok(), expected, "{typ} {token_type} as {kind:?}");
            }
        }
    }
}

#[test]
fn jwt_09_no_refresh_token_lives_longer_than_thirty_days() {
    let engine = engine(JwtAlgorithm::Hs256);
    let refresh = |life: i64| {
        let body = with(with(payload(), "token_type", json!("refresh")), "exp", json!(NOW + life));
        let token = token(&with(header(), "typ", json!("twinlock-refresh+jwt")), &body);
        engine.verify(&token, TokenKind::Refresh, now()).is_ok()
    };
    assert!(refresh(30 * 86_400) && !refresh(30 * 86_400 + 1));
}

#[test]
fn the_verified_claims_are_all_members_of_the_payload() {
    let engine = engine(JwtAlgorithm::Hs256);
    let body = with(payload(), "tenant", json!({"id": 7, "tags": ["a"]}));
    let claims = engine.verify(&token(&header(), &body), TokenKind::Access, now()).unwrap();
    assert_eq!(claims.get("tenant"), Some(&json!({"id": 7, "tags": ["a"]})));
    assert_eq!(claims.get("absent"), None);
    assert_eq!(serde_json::from_str::<Value>(&claims.to_json()).unwrap(), body);
}

#[test]
fn times_at_the_end_of_all_time_do_not_overflow() {
    let engine = configured(|config| config.leeway = 60);
    let end = UnixTime::MAX.to_i64();
    let body = with(with(payload(), "iat", json!(end - 10)), "exp", json!(end));
    let token = token(&header(), &body);
    assert!(engine.verify(&token, TokenKind::Access, UnixTime::new(end - 1).unwrap()).is_ok());
    let error = engine.verify(&token, TokenKind::Access, UnixTime::MAX).unwrap_err();
    assert_eq!(error.code(), ErrorCode::TokenExpired);
}
