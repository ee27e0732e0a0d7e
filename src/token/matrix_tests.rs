use serde_json::Map;

use super::access::{JwtConfig, TokenKind};
use super::challenge::{ChallengeClaims, LeadsTo};
use super::enroll::EnrollClaims;
use super::trust::TrustClaims;
use crate::engine::first_factor::FirstFactor;
use crate::engine::policy::Policy;
use crate::engine::proof::{Grant, Method, Proof};
use crate::random::OsRandom;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::KeyRing;
use crate::{Engine, RefreshFamily};

const NOW: u64 = 1_800_000_000;
const AUDIENCE: &str = "Acme";

fn now() -> UnixTime {
    UnixTime::from_stored(NOW)
}

fn subject() -> Subject {
    Subject::new("42").unwrap()
}

/// The record is missing, so its epoch is 0; issuer of challenges and audience of JWTs are the same text.
fn engine() -> Engine {
    let policy = Policy { issuer: AUDIENCE.to_owned(), ..Policy::default() };
    let jwt = JwtConfig { audience: Some(AUDIENCE.to_owned()), ..JwtConfig::default() };
    Engine::new(policy, KeyRing::generate(&OsRandom).unwrap(), jwt).unwrap()
}

fn proof(grant: Option<Grant>) -> Proof {
    let first_factor = FirstFactor::password(now());
    Proof { subject: subject(), epoch: 0, first_factor, method: Some(Method::Otp), device: None, grant }
}

fn challenge(ring: &KeyRing, leads_to: LeadsTo) -> String {
    let claims = ChallengeClaims {
        subject: subject(),
        issued_at: now(),
        expires_at: now().plus(120),
        id: [7; 16],
        epoch: 0,
        first_factor: FirstFactor::password(now()),
        leads_to,
        key_id: ring.first().id(),
    };
    claims.sign(ring, AUDIENCE).unwrap()
}

fn enroll(ring: &KeyRing) -> String {
    let claims = EnrollClaims {
        subject: subject(),
        issued_at: now(),
        expires_at: now().plus(120),
        id: [7; 16],
        epoch: 0,
        first_factor: FirstFactor::password(now()),
    };
    claims.sign(ring, AUDIENCE).unwrap()
}

fn trust(ring: &KeyRing) -> String {
    let claims = TrustClaims {
        subject: subject(),
        issued_at: now(),
        expires_at: now().plus(120),
        id: [7; 16],
        epoch: 0,
    };
    claims.sign(ring, AUDIENCE).unwrap()
}

/// One token of each kind, and the state of the one that rotates.
fn tokens(engine: &Engine) -> (Vec<(&'static str, String)>, RefreshFamily) {
    let (ring, nothing) = (engine.key_ring(), Map::new());
    let pair = engine.mint(proof(None), &nothing, now()).unwrap();
    let (session, family) = engine.begin_session(proof(None), &nothing, now()).unwrap();
    let claims = engine.verify(&session.access, TokenKind::Access, now()).unwrap();
    let grant = Grant { purpose: "payout".to_owned(), session: Some(claims) };
    let tokens = vec![
        ("challenge", challenge(ring, LeadsTo::SignIn)),
        ("challenge to enroll", challenge(ring, LeadsTo::Enroll)),
        ("enroll", enroll(ring)),
        ("trust", trust(ring)),
        ("access", pair.access),
        ("access of a session", session.access),
        ("access after a step-up", engine.mint_access(proof(Some(grant)), &nothing, now()).unwrap().0),
        ("refresh", pair.refresh),
        ("rotating refresh", session.refresh),
        ("sliding", engine.mint_sliding(proof(None), &nothing, now()).unwrap().0),
    ];
    (tokens, family)
}

/// Everything that takes a token, and what it takes.
const OPENERS: [(&str, &[&str]); 12] = [
    ("finish_sign_in", &["challenge"]),
    ("finish_sign_in to enroll", &["challenge to enroll"]),
    ("challenge_subject", &["challenge", "challenge to enroll"]),
    ("enroll", &["enroll"]),
    ("trust", &["trust"]),
    ("verify access", &["access", "access of a session", "access after a step-up"]),
    ("verify refresh", &["refresh", "rotating refresh"]),
    ("verify sliding", &["sliding"]),
    ("refresh", &["refresh"]),
    ("refresh_subject", &["refresh"]),
    ("rotate", &["rotating refresh"]),
    ("refresh_sliding", &["sliding"]),
];

fn opens(opener: &str, token: &str, engine: &Engine, family: &RefreshFamily) -> bool {
    let (ring, now) = (engine.key_ring(), now());
    let leads_to = || ChallengeClaims::verify(token, None, ring, AUDIENCE, now).map(|claims| claims.leads_to);
    match opener {
        "finish_sign_in" => leads_to() == Some(LeadsTo::SignIn),
        "finish_sign_in to enroll" => leads_to() == Some(LeadsTo::Enroll),
        "challenge_subject" => engine.challenge_subject(token, now).is_ok(),
        "enroll" => EnrollClaims::verify(token, ring, AUDIENCE, now).is_some(),
        "trust" => TrustClaims::verify(token, ring, AUDIENCE, now).is_some(),
        "verify access" => engine.verify(token, TokenKind::Access, now).is_ok(),
        "verify refresh" => engine.verify(token, TokenKind::Refresh, now).is_ok(),
        "verify sliding" => engine.verify(token, TokenKind::Sliding, now).is_ok(),
        "refresh" => engine.refresh(token, None, now).is_ok(),
        "refresh_subject" => engine.refresh_subject(token, now).is_ok(),
        "rotate" => {
            let rotated = engine.rotate(token, family, None, now).unwrap().commit(true).is_ok();
            assert_eq!(rotated, engine.session_of(token, now).is_ok());
            rotated
        }
        "refresh_sliding" => engine.refresh_sliding(token, None, now).is_ok(),
        other => panic!("{other}"),
    }
}

#[test]
fn chl_01_sea_07_every_opener_takes_its_own_kind_of_token_and_no_other() {
    let engine = engine();
    let (tokens, family) = tokens(&engine);
    for (opener, own) in OPENERS {
        for (kind, token) in &tokens {
            assert_eq!(opens(opener, token, &engine, &family), own.contains(kind), "{opener}: {kind}");
        }
    }
}

#[test]
fn chl_01_no_opener_takes_a_token_of_another_engine() {
    let (engine, other) = (engine(), engine());
    let (_, family) = tokens(&engine);
    for (opener, _) in OPENERS {
        for (kind, token) in tokens(&other).0 {
            assert!(!opens(opener, &token, &engine, &family), "{opener}: {kind}");
        }
    }
}
