//! No kind of token passes for another: sub-key, header type and claims all have to be one kind's own.

use hkdf::Hkdf;
use serde_json::{Value, json};
use sha2::Sha256;
use twinlock::{
    Engine, ErrorCode, FirstFactor, JwtAlgorithm, JwtConfig, JwtKey, KeyRing, Subject, TokenKind,
};

use crate::forge::{self, NOW, base64url, now, with};
use crate::support;

const RING: &str = "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const PURPOSES: [&str; 7] = ["record", "secret", "backup", "challenge", "enroll", "trust", "jwt"];
const TYPES: [&str; 7] = [
    "at+jwt",
    "twinlock-refresh+jwt",
    "twinlock-challenge+jwt",
    "twinlock-enroll+jwt",
    "twinlock-trust+jwt",
    "JWT",
    "id+jwt",
];

fn engine(jwt: JwtConfig) -> Engine {
    Engine::new(support::policy(), KeyRing::parse(RING).unwrap(), jwt).unwrap()
}

/// What HKDF makes of the ring's key, as documented.
fn derived(label: &str, length: usize) -> Vec<u8> {
    let master: Vec<u8> = (0..32).collect();
    let mut out = vec![0; length];
    Hkdf::<Sha256>::new(None, &master).expand(format!("twinlock/v1/{label}").as_bytes(), &mut out).unwrap();
    out
}

/// A payload that would do for every kind, but for `token_type`.
fn payload(token_type: &str) -> Value {
    let mut payload = with(forge::payload(), "token_type", json!(token_type));
    payload["jti"] = json!(base64url(&[7; 16]));
    payload["aud"] = json!("Acme");
    payload["methods"] = json!(["pwd"]);
    payload
}

fn token(purpose: &str, typ: &str, token_type: &str) -> String {
    let kid: String = derived("kid", 8).iter().map(|byte| format!("{byte:02x}")).collect();
    let header = json!({"alg": "HS256", "kid": kid, "typ": typ});
    let part = |part: Value| base64url(part.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(payload(token_type)));
    let signature = forge::mac(JwtAlgorithm::Hs256, &derived(purpose, 32), &signed);
    format!("{signed}.{}", base64url(&signature))
}

#[test]
fn chl_01_each_verifier_takes_one_sub_key_one_type_and_one_set_of_claims() {
    let engine = engine(JwtConfig { audience: Some("Acme".to_owned()), ..JwtConfig::default() });
    let mut passed = Vec::new();
    for purpose in PURPOSES {
        for typ in TYPES {
            for token_type in ["access", "refresh", "challenge"] {
                let token = token(purpose, typ, token_type);
                let combination = (purpose, typ, token_type);
                for (verifier, verdict) in [
                    ("access", engine.verify(&token, TokenKind::Access, now()).is_ok()),
                    ("refresh", engine.verify(&token, TokenKind::Refresh, now()).is_ok()),
                    ("refresh", engine.refresh_subject(&token, now()).is_ok()),
                    ("challenge", engine.challenge_subject(&token, now()).is_ok()),
                ] {
                    if verdict {
                        passed.push((verifier, combination));
                    }
                }
            }
        }
    }
    passed.sort_unstable();
    // A challenge has no `token_type`; the claim is ignored there like any other that it does not know.
    let challenge = |token_type| ("challenge", ("challenge", "twinlock-challenge+jwt", token_type));
    let refresh = ("refresh", ("jwt", "twinlock-refresh+jwt", "refresh"));
    let access = ("access", ("jwt", "at+jwt", "access"));
    assert_eq!(
        passed,
        [access, challenge("access"), challenge("challenge"), challenge("refresh"), refresh, refresh]
    );
}

#[test]
fn chl_01_what_the_engine_makes_passes_only_as_what_it_is() {
    let site = support::Site::new();
    let owner = site.enroll("alice", support::START);
    let later = support::START + 30;
    let challenge = site.challenge(&owner, later);
    let proof = site
        .answer(&challenge, twinlock::Answer::Otp(&owner.code(later)), later)
        .unwrap_or_else(|_| panic!());
    let engine = site.auth.engine();
    let now = support::at(later);
    let tokens = engine.mint(proof, &Default::default(), now).unwrap();
    let tokens = [&challenge, &tokens.access, &tokens.refresh];
    let passes = |check: &dyn Fn(&str) -> bool| tokens.map(|token| check(token));
    assert_eq!(passes(&|token| engine.challenge_subject(token, now).is_ok()), [true, false, false]);
    assert_eq!(passes(&|token| engine.verify(token, TokenKind::Access, now).is_ok()), [false, true, false]);
    assert_eq!(passes(&|token| engine.verify(token, TokenKind::Refresh, now).is_ok()), [false, false, true]);
    assert_eq!(passes(&|token| engine.refresh_subject(token, now).is_ok()), [false, false, true]);
    assert_eq!(passes(&|token| site.auth.refresh(token, now).is_ok()), [false, false, true]);
}

#[test]
fn chl_01_a_host_key_equal_to_a_sub_key_still_makes_no_challenge_of_an_access_token() {
    let keys = vec![JwtKey::hmac(JwtAlgorithm::Hs256, &derived("challenge", 32)).unwrap()];
    let engine = engine(JwtConfig { keys, ..JwtConfig::default() });
    let tokens = support_tokens(&engine);
    assert!(engine.challenge_subject(&tokens.access, now()).is_err());
    assert!(engine.challenge_subject(&tokens.refresh, now()).is_err());
}

fn support_tokens(engine: &Engine) -> twinlock::Tokens {
    let subject = Subject::new("42").unwrap();
    let pending = engine.begin_sign_in(&subject, None, &FirstFactor::password(now()), now()).unwrap();
    let Ok(twinlock::SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor is set") };
    engine.mint(proof, &Default::default(), now()).unwrap()
}

#[test]
fn chl_08_a_bad_challenge_is_refused_like_an_expired_one() {
    let engine = engine(JwtConfig::default());
    let good = token("challenge", "twinlock-challenge+jwt", "challenge");
    assert!(engine.challenge_subject(&good, now()).is_ok());
    let late = support::at(NOW + 300);
    let expired = engine.challenge_subject(&good, late).unwrap_err();
    assert_eq!(expired.code(), ErrorCode::ChallengeInvalid);
    let body = good.split('.').nth(1).unwrap();
    let none = base64url(br#"{"alg":"none","typ":"twinlock-challenge+jwt"}"#);
    let bad = [
        String::new(),
        "x".repeat(1 << 20),
        good[..good.len() - 1].to_owned(),
        format!("{good}="),
        format!("{none}.{body}."),
        "\u{ff10}\u{0}\u{1f511}".to_owned(),
        "null".to_owned(),
    ];
    for text in bad {
        assert_eq!(engine.challenge_subject(&text, now()).unwrap_err(), expired);
    }
}
