use super::*;
use crate::random::OsRandom;
use crate::token::enroll::EnrollClaims;
use crate::token::trust::TrustClaims;
use serde_json::{Value, json};

const AUDIENCE: &str = "Acme";
const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> UnixTime {
    UnixTime::from_stored(seconds)
}

fn ring() -> KeyRing {
    KeyRing::generate(&OsRandom).unwrap()
}

fn enroll() -> EnrollClaims {
    EnrollClaims {
        subject: Subject::new("42").unwrap(),
        issued_at: at(NOW),
        expires_at: at(NOW + 900),
        id: [7; 16],
        epoch: 3,
        first_factor: FirstFactor::new(&["pwd", "hwk"], at(NOW - 1)).unwrap(),
    }
}

fn trust() -> TrustClaims {
    TrustClaims {
        subject: Subject::new("42").unwrap(),
        issued_at: at(NOW),
        expires_at: at(NOW + 2_592_000),
        id: [7; 16],
        epoch: 3,
    }
}

/// A kind as these tests see it: its name in files, its longest life, and what opens it.
struct Tested {
    typ: &'static str,
    purpose: Purpose,
    life: u64,
    opens: fn(&str, &KeyRing, &str, u64) -> bool,
    payload: fn() -> Value,
}

const ENROLL: Tested = Tested {
    typ: "twinlock-enroll+jwt",
    purpose: Purpose::Enroll,
    life: 900,
    opens: |token, ring, audience, now| EnrollClaims::verify(token, ring, audience, at(now)).is_some(),
    payload: || {
        json!({
            "sub": "42", "iat": NOW, "exp": NOW + 900, "jti": base64url(&[7; 16]), "epoch": 3,
            "aud": AUDIENCE, "methods": ["pwd"], "auth_time": NOW - 1,
        })
    },
};
const TRUST: Tested = Tested {
    typ: "twinlock-trust+jwt",
    purpose: Purpose::Trust,
    life: 2_592_000,
    opens: |token, ring, audience, now| TrustClaims::verify(token, ring, audience, at(now)).is_some(),
    payload: || {
        json!({
            "sub": "42", "iat": NOW, "exp": NOW + 2_592_000, "jti": base64url(&[7; 16]), "epoch": 3,
            "aud": AUDIENCE,
        })
    },
};

fn signed(ring: &KeyRing, purpose: Purpose, typ: &str, payload: &Value) -> String {
    jws::sign(&Key::of_ring(ring.first(), purpose).unwrap(), typ, payload).unwrap()
}

#[test]
fn what_was_signed_comes_back() {
    let ring = ring();
    let token = enroll().sign(&ring, AUDIENCE).unwrap();
    let back = EnrollClaims::verify(&token, &ring, AUDIENCE, at(NOW)).unwrap();
    assert_eq!(back.first_factor, enroll().first_factor);
    assert_eq!((back.subject.as_str(), back.id, back.epoch), ("42", [7; 16], 3));
    assert_eq!((back.issued_at, back.expires_at), (at(NOW), at(NOW + 900)));
    let token = trust().sign(&ring, AUDIENCE).unwrap();
    let back = TrustClaims::verify(&token, &ring, AUDIENCE, at(NOW)).unwrap();
    assert_eq!((back.subject.as_str(), back.id, back.epoch), ("42", [7; 16], 3));
    assert_eq!((back.issued_at, back.expires_at), (at(NOW), at(NOW + 2_592_000)));
}

#[test]
fn chl_01_a_token_opens_with_its_key_its_type_and_its_service_while_it_lives() {
    let (ring, other) = (ring(), ring());
    for Tested { typ, purpose, life, opens, payload } in [ENROLL, TRUST] {
        let token = signed(&ring, purpose, typ, &payload());
        assert!(opens(&token, &ring, AUDIENCE, NOW) && !opens(&token, &other, AUDIENCE, NOW), "{typ}");
        assert!(!opens(&token, &ring, "acme", NOW) && !opens(&token, &ring, "", NOW), "{typ}");
        for (now, lives) in [(NOW - 61, false), (NOW - 60, true), (NOW + life - 1, true), (NOW + life, false)]
        {
            assert_eq!(opens(&token, &ring, AUDIENCE, now), lives, "{typ} {now}");
        }
        for wrong in ["JWT", "at+jwt", "twinlock-challenge+jwt", &typ.to_uppercase()] {
            assert!(!opens(&signed(&ring, purpose, wrong, &payload()), &ring, AUDIENCE, NOW), "{wrong}");
        }
    }
}

#[test]
fn sea_07_a_sub_key_of_another_purpose_opens_nothing() {
    let ring = ring();
    let purposes = [
        Purpose::Record,
        Purpose::Secret,
        Purpose::Backup,
        Purpose::Challenge,
        Purpose::Enroll,
        Purpose::Trust,
        Purpose::Jwt,
    ];
    for Tested { typ, purpose, opens, payload, .. } in [ENROLL, TRUST] {
        for signer in purposes {
            let token = signed(&ring, signer, typ, &payload());
            assert_eq!(opens(&token, &ring, AUDIENCE, NOW), signer == purpose, "{typ} {signer:?}");
        }
    }
}

#[test]
fn chl_08_every_claim_is_required_and_of_its_type() {
    let ring = ring();
    let wrong = [json!(null), json!(-1), json!(1.5), json!(""), json!([]), json!({}), json!(["mfa"])];
    for Tested { typ, purpose, opens, payload, .. } in [ENROLL, TRUST] {
        let names: Vec<String> = payload().as_object().unwrap().keys().cloned().collect();
        for name in names {
            let opens = |value: Option<&Value>| {
                let mut payload = payload();
                match value {
                    Some(value) => payload[&name] = value.clone(),
                    None => drop(payload.as_object_mut().unwrap().remove(&name)),
                }
                opens(&signed(&ring, purpose, typ, &payload), &ring, AUDIENCE, NOW)
            };
            assert!(!opens(None), "{typ} without {name}");
            for value in &wrong {
                assert!(!opens(Some(value)), "{typ} {name}: {value}");
            }
        }
    }
}

#[test]
fn no_token_lives_longer_than_its_kind_or_ends_before_its_start() {
    let ring = ring();
    for Tested { typ, purpose, life, opens, payload } in [ENROLL, TRUST] {
        let lives = |iat: u64, exp: u64| {
            let mut payload = payload();
            (payload["iat"], payload["exp"]) = (json!(iat), json!(exp));
            opens(&signed(&ring, purpose, typ, &payload), &ring, AUDIENCE, NOW)
        };
        assert!(lives(NOW, NOW + life) && !lives(NOW, NOW + life + 1), "{typ}");
        assert!(lives(NOW + 60, NOW + 60) && !lives(NOW + 60, NOW + 59), "{typ}");
    }
}

#[test]
fn the_formats_are_frozen_byte_for_byte() {
    let file: Value = serde_json::from_str(include_str!("../../tests/vectors/jwt_own.json")).unwrap();
    let ring = KeyRing::parse(file["key_ring"].as_str().unwrap()).unwrap();
    let token = |name: &str| file[name].as_str().unwrap();
    let read = EnrollClaims::verify(token("enroll"), &ring, AUDIENCE, at(NOW)).unwrap();
    assert_eq!(read.first_factor, enroll().first_factor);
    assert_eq!(read.sign(&ring, AUDIENCE).unwrap(), token("enroll"));
    assert_eq!(enroll().sign(&ring, AUDIENCE).unwrap(), token("enroll"));
    let read = TrustClaims::verify(token("trust"), &ring, AUDIENCE, at(NOW)).unwrap();
    assert_eq!(read.sign(&ring, AUDIENCE).unwrap(), token("trust"));
    assert_eq!(trust().sign(&ring, AUDIENCE).unwrap(), token("trust"));
}
