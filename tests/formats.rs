//! The formats that are stored, frozen: what this version writes must be what `tests/vectors` holds, and what
//! they hold must open. A change here breaks every database out there.
//!
//! `TWINLOCK_BLESS=1 cargo test --test formats` writes the files anew, for a new format version.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::path::PathBuf;
use std::sync::Mutex;

use serde_json::{Value, json};
use support::{Counting, START, at, policy};
use twinlock::otp::hotp::HotpParams;
use twinlock::otp::totp::{self, TotpParams};
use twinlock::{
    Answer, Cipher, DeviceParams, Engine, FirstFactor, Folding, ForeignCodes, ImportedDevice, JwtConfig,
    KeyRing, MemoryStore, MinimumLength, NewDevice, Policy, Preference, Proof, RefreshFamily, SecondFactor,
    Secret, SentCodes, SignIn, Store, Subject, TokenKind, UnixTime, vault,
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Compares with the committed file, or writes it.
fn frozen(name: &str, made: &Value) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    if std::env::var_os("TWINLOCK_BLESS").is_some() {
        std::fs::write(&path, format!("{made:#}\n")).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let known: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(&known, made, "{name} is not what this version writes");
    known
}

/// Keys of counted bytes: 0…31 and 32…63.
fn ring() -> KeyRing {
    let counting = Counting(Mutex::new(0));
    let first = KeyRing::generate(&counting).unwrap();
    let second = KeyRing::generate(&counting).unwrap();
    KeyRing::parse(&format!("{},{}", *first.to_text(), *second.to_text())).unwrap()
}

#[test]
fn the_envelope_is_frozen() {
    let random = Counting(Mutex::new(100));
    let sealed = |cipher: Cipher| {
        let (ring, random) = (ring().with_cipher(cipher), &random);
        [("alice", ""), ("alice", "a small secret"), ("日本", "\u{1F511}")].map(|(subject, plaintext)| {
            let name = Subject::new(subject).unwrap();
            let envelope = vault::seal(&ring, &name, plaintext.as_bytes(), random).unwrap();
            json!({"subject": subject, "purpose": "secret", "plaintext": plaintext, "envelope": hex(&envelope)})
        })
    };
    let cases = [sealed(Cipher::XChaCha20Poly1305), sealed(Cipher::Aes256Gcm)].concat();
    let ring = ring();
    let made = json!({
        "about": "sealed values; the algorithm is byte 3 of an envelope, the nonce begins at byte 12",
        "keys": *ring.to_text(),
        "key_ids": ring.ids().iter().map(|id| id.to_text()).collect::<Vec<_>>(),
        "envelopes": cases,
    });
    let known = frozen("envelope.json", &made);
    for case in known["envelopes"].as_array().unwrap() {
        let name = Subject::new(case["subject"].as_str().unwrap()).unwrap();
        let opened = vault::open(&ring, &name, &unhex(&case["envelope"])).unwrap();
        assert_eq!(**opened, *case["plaintext"].as_str().unwrap().as_bytes());
    }
}

#[test]
fn the_record_and_the_backup_codes_are_frozen() {
    let engine =
        Engine::with_random(policy(), ring(), JwtConfig::default(), Box::new(Counting(Mutex::new(0))))
            .unwrap();
    let alice = Subject::new("alice").unwrap();
    let now = at(START);
    let device = NewDevice { account: "alice@example.com", ..NewDevice::default() };
    let pending = engine.begin_enrollment(&alice, None, &device, now).unwrap();
    let pending_record = pending.record().unwrap().to_vec();
    let setup = pending.commit(true).unwrap();
    let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    let code = totp::generate(&secret, &TotpParams::default(), now).to_text();
    let confirmed = engine.confirm_enrollment(&alice, Some(&pending_record), &code, now).unwrap();
    let enrolled_record = confirmed.record().unwrap().to_vec();
    let codes: Vec<String> =
        confirmed.commit(true).unwrap().backup_codes.iter().map(|c| c.to_string()).collect();
    let made = json!({
        "about": "sealed records of one user; the CBOR in them is described in src/record/codec",
        "keys": *engine.key_ring().to_text(),
        "policy": {"issuer": "Acme"},
        "subject": "alice",
        "now": START,
        "secret": *setup.secret,
        "uri": *setup.uri,
        "code": code,
        "backup_codes": codes,
        "pending_record": hex(&pending_record),
        "enrolled_record": hex(&enrolled_record),
    });
    let known = frozen("record.json", &made);
    opens_and_signs_in(&engine, &known);
}

/// The frozen record opens, a code of its device and each of its backup codes sign in.
fn opens_and_signs_in(engine: &Engine, known: &Value) {
    let alice = Subject::new("alice").unwrap();
    let record = unhex(&known["enrolled_record"]);
    let now = at(START + 30);
    let first_factor = FirstFactor::password(now);
    let sign_in =
        engine.begin_sign_in(&alice, Some(&record), &first_factor, now).unwrap().commit(true).unwrap();
    let SignIn::Challenge(challenge) = sign_in else { panic!("the frozen record is enrolled") };
    let secret = Secret::from_base32(known["secret"].as_str().unwrap(), MinimumLength::Rfc4226).unwrap();
    let code = totp::generate(&secret, &TotpParams::default(), now).to_text();
    let backup = known["backup_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap());
    for answer in std::iter::once(Answer::Otp(&code)).chain(backup.map(Answer::Backup)) {
        let token = challenge.token.as_str().into();
        assert!(engine.finish_sign_in(Some(&record), token, answer, now).unwrap().commit(true).is_ok());
    }
}

/// A record in which every part holds something, by the calls that put it there.
#[test]
fn a_record_with_everything_in_it_is_frozen() {
    let policy = Policy { trusted_devices: 3, sent_codes: SentCodes::SignIn, ..policy() };
    let made_by = |ring, seed| {
        let random = Box::new(Counting(Mutex::new(seed)));
        Engine::with_random(policy.clone(), ring, JwtConfig::default(), random).unwrap()
    };
    let (first, now) = (Engine::key_ring(&made_by(ring(), 0)).to_text(), at(START));
    let [old, new] = *first.split(',').collect::<Vec<_>>() else { panic!("two keys") };
    let engine = made_by(KeyRing::parse(old).unwrap(), 0);
    let alice = Subject::new("alice").unwrap();
    let auth = SecondFactor::new(engine, MemoryStore::default());
    let secret = |byte| Secret::from_bytes(vec![byte; 20], MinimumLength::Rfc4226).unwrap();
    let kinds = [
        DeviceParams::Totp(TotpParams::default()),
        DeviceParams::Hotp(HotpParams::default()),
        DeviceParams::Steam,
    ];
    for (byte, params) in (1..).zip(kinds) {
        let device =
            ImportedDevice { name: None, secret: secret(byte), params, counter: 41, last_step: None };
        auth.import_device(&alice, &device, now).unwrap();
    }
    auth.admin_regenerate_backup_codes(&alice, now).unwrap();
    let codes = ForeignCodes::plain(&["12345678", "87654321"], Folding::Loose).unwrap();
    auth.import_backup_codes(&alice, &codes, now).unwrap();
    let code = totp::generate(&secret(1), &TotpParams::default(), now).to_text();
    let proof = sign_in(&auth, &alice, Answer::Otp(&code), now);
    let trust = auth.trust_device(&alice, &proof, "Laptop", now).unwrap();
    let code = totp::generate(&secret(1), &TotpParams::default(), now.plus(30)).to_text();
    auth.set_method(&alice, Some(Answer::Otp(&code)), Preference::Sent, now).unwrap();
    let SignIn::Send(challenge, sent) = auth.begin_sign_in(&alice, &FirstFactor::password(now), now).unwrap()
    else {
        panic!("a code was to be sent")
    };
    let engine = made_by(KeyRing::parse(&format!("{new} {old}")).unwrap(), 50);
    let record = auth.store().load(&alice).unwrap().unwrap().0;
    let record = engine.reseal(&alice, &record).unwrap().unwrap();
    let made = json!({
        "about": "a sealed record with devices of all kinds, used and imported backup codes whose pepper it \
                  keeps, a trusted device, a sent code and a preference",
        "keys": new,
        "old_keys": old,
        "subject": "alice",
        "now": START,
        "challenge": challenge.token,
        "sent_code": *sent.code,
        "trust_token": *trust.token,
        "record": hex(record.as_bytes()),
    });
    let known = frozen("record_full.json", &made);
    let text = |name: &str| known[name].as_str().unwrap();
    let record = unhex(&known["record"]);
    assert!(engine.is_trusted(&alice, Some(&record), text("trust_token"), now).unwrap());
    for answer in [Answer::Sent(text("sent_code")), Answer::Backup("1234-5678")] {
        let pending = engine.finish_sign_in(Some(&record), text("challenge").into(), answer, now).unwrap();
        assert!(pending.commit(true).is_ok());
    }
    let alone = made_by(KeyRing::parse(new).unwrap(), 0);
    let status = alone.status(&alice, Some(&record), now).unwrap();
    assert_eq!(
        status.devices.iter().map(|device| device.params.kind()).collect::<Vec<_>>(),
        ["totp", "hotp", "steam"]
    );
    assert_eq!((status.backup_codes_left, status.preference), (12, Some(Preference::Sent)));
}

fn sign_in(auth: &SecondFactor<MemoryStore>, subject: &Subject, answer: Answer<'_>, now: UnixTime) -> Proof {
    let SignIn::Challenge(challenge) = auth.begin_sign_in(subject, &FirstFactor::password(now), now).unwrap()
    else {
        panic!("a challenge was due")
    };
    auth.finish_sign_in(challenge.token.as_str().into(), answer, now).unwrap()
}

/// One proof of the frozen user: no record, so the epoch is 0.
fn proof(engine: &Engine) -> Proof {
    let alice = Subject::new("alice").unwrap();
    let pending = engine.begin_sign_in(&alice, None, &FirstFactor::password(at(START)), at(START)).unwrap();
    let Ok(SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor is set") };
    proof
}

#[test]
fn the_tokens_and_the_state_of_a_session_are_frozen() {
    let random = Box::new(Counting(Mutex::new(0)));
    let jwt = JwtConfig { issuer: Some("https://acme.example".into()), ..JwtConfig::default() };
    let engine = Engine::with_random(policy(), ring(), jwt, random).unwrap();
    let (now, later) = (at(START), at(START + 60));
    let claims = json!({"tenant": {"id": 7}});
    let extra = claims.as_object().unwrap();
    let pair = engine.mint(proof(&engine), extra, now).unwrap();
    let (sliding, _) = engine.mint_sliding(proof(&engine), extra, now).unwrap();
    let (session, family) = engine.begin_session(proof(&engine), extra, now).unwrap();
    let pending = engine.rotate(&session.refresh, &family, None, later).unwrap();
    let rotated_family = pending.family().unwrap().to_json();
    let rotated = pending.commit(true).unwrap();
    let made = json!({
        "about": "tokens of one user without a record, and the state of the session, which is stored",
        "keys": *engine.key_ring().to_text(),
        "now": START,
        "access": pair.access,
        "refresh": pair.refresh,
        "sliding": sliding,
        "session_refresh": session.refresh,
        "family": family.to_json(),
        "rotated_at": START + 60,
        "rotated_refresh": rotated.refresh,
        "rotated_family": rotated_family,
    });
    let known = frozen("session.json", &made);
    let text = |name: &str| known[name].as_str().unwrap();
    for (name, kind) in
        [("access", TokenKind::Access), ("refresh", TokenKind::Refresh), ("sliding", TokenKind::Sliding)]
    {
        let claims = engine.verify(text(name), kind, now).unwrap();
        assert_eq!(claims.get("tenant"), Some(&json!({"id": 7})));
    }
    let family = RefreshFamily::from_json(text("rotated_family")).unwrap();
    let pending = engine.rotate(text("rotated_refresh"), &family, None, later).unwrap();
    assert!(pending.commit(true).is_ok());
}
