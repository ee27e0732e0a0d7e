use super::*;
use crate::random::OsRandom;
use crate::token::jws::{self, Key};
use serde_json::{Map, Value, json};

const AUDIENCE: &str = "Acme";
const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> UnixTime {
    UnixTime::from_stored(seconds)
}

fn ring() -> KeyRing {
    KeyRing::generate(&OsRandom).unwrap()
}

fn claims(first_factor: FirstFactor) -> ChallengeClaims {
    ChallengeClaims {
        subject: Subject::new("42").unwrap(),
        issued_at: at(NOW),
        expires_at: at(NOW + 120),
        id: [7; 16],
        epoch: 3,
        first_factor,
        leads_to: LeadsTo::SignIn,
        key_id: KeyId([0; 8]),
    }
}

fn password() -> FirstFactor {
    FirstFactor::password(at(NOW - 1))
}

fn verify(token: &str, binding: Option<&str>, ring: &KeyRing, now: u64) -> Option<ChallengeClaims> {
    ChallengeClaims::verify(token, binding, ring, AUDIENCE, at(now))
}

/// A token of any payload, rightly signed.
fn signed(ring: &KeyRing, typ: &str, payload: &Value) -> String {
    jws::sign(&Key::of_ring(ring.first(), KIND.purpose).unwrap(), typ, payload).unwrap()
}

fn good_payload() -> Value {
    json!({
        "sub": "42", "iat": NOW, "exp": NOW + 120, "jti": base64url(&[7; 16]), "epoch": 3,
        "aud": AUDIENCE, "methods": ["pwd"], "auth_time": NOW - 1,
    })
}

#[test]
fn chl_05_what_was_signed_comes_back() {
    let ring = ring();
    let first_factor = FirstFactor::new(&["pwd", "hwk"], at(NOW - 1)).unwrap();
    let token = claims(first_factor).sign(&ring, AUDIENCE).unwrap();
    let back = verify(&token, None, &ring, NOW).unwrap();
    assert_eq!(back.subject.as_str(), "42");
    assert_eq!((back.issued_at, back.expires_at), (at(NOW), at(NOW + 120)));
    assert_eq!((back.id, back.epoch), ([7; 16], 3));
    assert_eq!(back.first_factor.methods(), ["pwd", "hwk"]);
    assert_eq!(back.first_factor.at(), at(NOW - 1));
    let subject = ChallengeClaims::subject_of(&token, &ring, AUDIENCE, at(NOW)).unwrap();
    assert_eq!(subject.as_str(), "42");
}

#[test]
fn chl_02_a_challenge_lives_from_its_issue_to_just_before_its_end() {
    let ring = ring();
    let token = claims(password()).sign(&ring, AUDIENCE).unwrap();
    for (now, lives) in [(NOW - 61, false), (NOW - 60, true), (NOW + 119, true), (NOW + 120, false)] {
        assert_eq!(verify(&token, None, &ring, now).is_some(), lives, "{now}");
        let subject = ChallengeClaims::subject_of(&token, &ring, AUDIENCE, at(now));
        assert_eq!(subject.is_some(), lives, "{now}");
    }
}

#[test]
fn chl_05_a_bound_challenge_opens_with_its_binding_and_an_unbound_one_with_none() {
    let ring = ring();
    let bound = claims(password().bound_to("cookie")).sign(&ring, AUDIENCE).unwrap();
    let unbound = claims(password()).sign(&ring, AUDIENCE).unwrap();
    let empty = claims(password().bound_to("")).sign(&ring, AUDIENCE).unwrap();
    let opens = |token: &str, binding| verify(token, binding, &ring, NOW).is_some();
    assert_eq!(verify(&bound, Some("cookie"), &ring, NOW).unwrap().first_factor.binding(), Some("cookie"));
    for wrong in [None, Some(""), Some("cookie "), Some("Cookie"), Some("cooki")] {
        assert!(!opens(&bound, wrong), "{wrong:?}");
    }
    assert!(opens(&unbound, None) && !opens(&unbound, Some("")) && !opens(&unbound, Some("cookie")));
    assert!(opens(&empty, Some("")) && !opens(&empty, None) && !opens(&empty, Some("cookie")));
    let subject = ChallengeClaims::subject_of(&bound, &ring, AUDIENCE, at(NOW));
    assert_eq!(subject.unwrap().as_str(), "42");
}

#[test]
fn chl_05_a_malformed_binding_is_not_no_binding() {
    let ring = ring();
    for bind in [json!(null), json!(""), json!(1), json!([]), json!("AAAA"), json!("*")] {
        let mut payload = good_payload();
        payload["bind"] = bind.clone();
        let token = signed(&ring, KIND.typ, &payload);
        assert!(verify(&token, None, &ring, NOW).is_none(), "{bind}");
        assert!(verify(&token, Some(""), &ring, NOW).is_none(), "{bind}");
    }
}

#[test]
fn chl_01_a_challenge_of_another_key_or_service_is_none() {
    let (ring, other) = (ring(), ring());
    let token = claims(password()).sign(&ring, AUDIENCE).unwrap();
    assert!(verify(&token, None, &other, NOW).is_none());
    for audience in ["", "Acm", "acme", "Acme2"] {
        assert!(ChallengeClaims::verify(&token, None, &ring, audience, at(NOW)).is_none(), "{audience}");
    }
}

#[test]
fn a_challenge_of_an_older_key_of_the_ring_still_opens() {
    let old = ring();
    let token = claims(password().bound_to("b")).sign(&old, AUDIENCE).unwrap();
    let rotated = KeyRing::parse(&format!("{} {}", *ring().to_text(), *old.to_text())).unwrap();
    assert!(verify(&token, Some("b"), &rotated, NOW).is_some());
    let fresh = claims(password()).sign(&rotated, AUDIENCE).unwrap();
    assert!(verify(&fresh, None, &old, NOW).is_none());
}

#[test]
fn chl_01_the_sub_keys_of_other_purposes_and_other_types_make_no_challenge() {
    let ring = ring();
    assert!(verify(&signed(&ring, KIND.typ, &good_payload()), None, &ring, NOW).is_some());
    for purpose in
        [Purpose::Record, Purpose::Secret, Purpose::Backup, Purpose::Enroll, Purpose::Trust, Purpose::Jwt]
    {
        let token =
            jws::sign(&Key::of_ring(ring.first(), purpose).unwrap(), KIND.typ, &good_payload()).unwrap();
        assert!(verify(&token, None, &ring, NOW).is_none(), "{purpose:?}");
    }
    for typ in ["", "JWT", "at+jwt", "twinlock-refresh+jwt", "twinlock-enroll+jwt", "Twinlock-Challenge+JWT"]
    {
        assert!(verify(&signed(&ring, typ, &good_payload()), None, &ring, NOW).is_none(), "{typ}");
    }
}

#[test]
fn chl_08_every_claim_is_required_and_of_its_type() {
    let ring = ring();
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(1.0),
        json!(u64::MAX),
        json!(""),
        json!("1"),
        json!("a\u{7}"),
        json!([]),
        json!([1]),
        json!(["pwd", null]),
        json!(["mfa"]),
        json!(["PWD"]),
        json!({}),
    ];
    // What the claim's own rule allows; all else in the matrix must be refused.
    let allowed = |name: &str, value: &Value| match name {
        "sub" => value == "1",
        "epoch" => value == u64::MAX,
        _ => false,
    };
    for name in ["sub", "iat", "exp", "jti", "epoch", "aud", "methods", "auth_time"] {
        let mut payload = good_payload();
        payload.as_object_mut().unwrap().remove(name);
        assert!(verify(&signed(&ring, KIND.typ, &payload), None, &ring, NOW).is_none(), "no {name}");
        for value in &values {
            payload[name] = value.clone();
            let verdict = verify(&signed(&ring, KIND.typ, &payload), None, &ring, NOW);
            assert_eq!(verdict.is_some(), allowed(name, value), "{name}: {value}");
        }
    }
    let mut payload = good_payload();
    payload["unknown"] = json!({"what": "ever"});
    assert!(verify(&signed(&ring, KIND.typ, &payload), None, &ring, NOW).is_some());
}

#[test]
fn chl_07_a_challenge_leads_to_a_sign_in_or_says_that_it_leads_to_an_enrollment() {
    let ring = ring();
    let sign_in = claims(password());
    let enroll = ChallengeClaims { leads_to: LeadsTo::Enroll, ..claims(password()) };
    let leads_to = |token: &str| verify(token, None, &ring, NOW).map(|claims| claims.leads_to);
    assert_eq!(leads_to(&sign_in.sign(&ring, AUDIENCE).unwrap()), Some(LeadsTo::SignIn));
    assert_eq!(leads_to(&enroll.sign(&ring, AUDIENCE).unwrap()), Some(LeadsTo::Enroll));
    for then in [json!(null), json!(""), json!("sign_in"), json!("Enroll"), json!(1), json!(["enroll"])] {
        let mut payload = good_payload();
        payload["then"] = then.clone();
        assert_eq!(leads_to(&signed(&ring, KIND.typ, &payload)), None, "{then}");
    }
}

#[test]
fn chl_07_the_challenge_that_leads_to_an_enrollment_is_frozen() {
    let file: Value = serde_json::from_str(include_str!("../../tests/vectors/jwt_own.json")).unwrap();
    let ring = KeyRing::parse(text(&file, "key_ring").unwrap()).unwrap();
    let enroll = ChallengeClaims { leads_to: LeadsTo::Enroll, ..claims(password()) };
    assert_eq!(enroll.sign(&ring, AUDIENCE).unwrap(), file["challenge_to_enroll"]);
}

#[test]
fn a_challenge_names_the_ring_key_that_signed_it() {
    let old = ring();
    let token = claims(password()).sign(&old, AUDIENCE).unwrap();
    let rotated = KeyRing::parse(&format!("{} {}", *ring().to_text(), *old.to_text())).unwrap();
    assert_eq!(verify(&token, None, &rotated, NOW).unwrap().key_id, old.first().id());
}

#[test]
fn chl_02_no_challenge_lives_longer_than_five_minutes_or_ends_before_its_start() {
    let ring = ring();
    let lives = |iat: u64, exp: u64| {
        let mut payload = good_payload();
        (payload["iat"], payload["exp"]) = (json!(iat), json!(exp));
        verify(&signed(&ring, KIND.typ, &payload), None, &ring, NOW).is_some()
    };
    assert!(lives(NOW, NOW + 300) && !lives(NOW, NOW + 301));
    assert!(lives(NOW + 60, NOW + 60) && !lives(NOW + 60, NOW + 59));
}

#[test]
fn chl_06_a_challenge_carries_no_code_no_hash_and_no_binding_in_clear() {
    let ring = ring();
    let token = claims(password().bound_to("session-cookie")).sign(&ring, AUDIENCE).unwrap();
    let payload = from_base64url(token.split('.').nth(1).unwrap()).unwrap();
    let payload: Map<String, Value> = serde_json::from_slice(&payload).unwrap();
    let names: Vec<&str> = payload.keys().map(String::as_str).collect();
    assert_eq!(names, ["aud", "auth_time", "bind", "epoch", "exp", "iat", "jti", "methods", "sub"]);
    assert!(!Value::Object(payload).to_string().contains("session-cookie"));
}

/// The frozen format, written by other code than this.
fn vectors() -> Value {
    serde_json::from_str(include_str!("../../tests/vectors/jwt_challenge.json")).unwrap()
}

fn text<'v>(vector: &'v Value, name: &str) -> Option<&'v str> {
    vector[name].as_str()
}

#[test]
fn chl_06_the_format_is_frozen_byte_for_byte() {
    let file = vectors();
    let words: Vec<&str> = file["key_ring"].as_str().unwrap().split(',').collect();
    let whole = KeyRing::parse(&words.join(",")).unwrap();
    let audience = text(&file, "audience").unwrap();
    let now = at(file["now"].as_u64().unwrap());
    let accepted = file["accepted"].as_array().unwrap();
    assert_eq!(accepted.len(), 6);
    for vector in accepted {
        let (name, token, said) = (&vector["name"], text(vector, "token").unwrap(), &vector["claims"]);
        let number = vector["ring_key"].as_u64().unwrap();
        let signer = KeyRing::parse(words[usize::try_from(number).unwrap()]).unwrap();
        assert_eq!(signer.first().id().to_text(), text(&vector["header"], "kid").unwrap());
        let read = ChallengeClaims::verify(token, text(vector, "binding"), &whole, audience, now).unwrap();
        assert_eq!(read.sign(&signer, audience).unwrap(), token, "{name}");
        assert_eq!(read.subject.as_str(), said["sub"], "{name}");
        assert_eq!(read.issued_at.seconds(), said["iat"], "{name}");
        assert_eq!(read.expires_at.seconds(), said["exp"], "{name}");
        assert_eq!(base64url(&read.id), said["jti"], "{name}");
        assert_eq!(read.epoch, said["epoch"], "{name}");
        assert_eq!(json!(read.first_factor.methods()), said["methods"], "{name}");
        assert_eq!(read.first_factor.at().seconds(), said["auth_time"], "{name}");
    }
}

#[test]
fn chl_08_every_rejected_vector_is_refused() {
    let file = vectors();
    let ring = KeyRing::parse(text(&file, "key_ring").unwrap()).unwrap();
    let audience = text(&file, "audience").unwrap();
    let rejected = file["rejected"].as_array().unwrap();
    assert_eq!(rejected.len(), 100);
    for vector in rejected {
        let now = at(vector["now"].as_u64().unwrap());
        let token = text(vector, "token").unwrap();
        let read = ChallengeClaims::verify(token, text(vector, "binding"), &ring, audience, now);
        assert!(read.is_none(), "{}", vector["name"]);
    }
}
