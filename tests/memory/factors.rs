//! The calls of the engine beside the main road: more devices, imports, sent codes, step-up, trust, resealing.

use serde_json::Map;
use twinlock::otp::hotp::{self, HotpParams};
use twinlock::otp::uri;
use twinlock::{
    Answer, Cipher, DeviceParams, Engine, Fallback, FirstFactor, Folding, ForeignCodes, HmacKey,
    ImportedDevice, JwtConfig, KeyRing, MinimumLength, NewDevice, Policy, Preference, Random, Secret,
    SentCodes, SignIn, StepUp, TokenKind, Zeroizing,
};

use crate::engine::User;
use crate::primitives::{note_keys, note_secret};
use crate::support::policy;
use crate::{Notes, Repeatable};

pub fn devices(notes: &mut Notes) {
    let mut user = User::enrolled(notes, Cipher::XChaCha20Poly1305, JwtConfig::default());
    let (subject, code, device) =
        (user.subject.clone(), user.code(), NewDevice { account: "alice", ..NewDevice::default() });
    let added = user.engine.add_device(&subject, user.record(), Answer::Otp(&code), &device, user.now);
    let setup = user.store(added.unwrap());
    let phone = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    note_secret(notes, &phone);
    let code = user.code_of(&phone);
    let confirmed = user.engine.confirm_enrollment(&subject, user.record(), &code, user.now).unwrap();
    let id = user.store(confirmed).device_id;
    let renamed = user.engine.rename_device(&subject, user.record(), &id, "Tablet", user.now).unwrap();
    user.store(renamed);
    let code = user.code_of(&phone);
    let answer = Answer::Otp(&code);
    let removed = user.engine.remove_device(&subject, user.record(), &id, answer, user.now).unwrap();
    user.store(removed);
}

pub fn imports(notes: &mut Notes) {
    let random = Repeatable::new(4);
    let mut user = User::enrolled(notes, Cipher::XChaCha20Poly1305, JwtConfig::default());
    let subject = user.subject.clone();
    let token = Secret::generate(&random).unwrap();
    note_secret(notes, &token);
    let text = uri::build_hotp("Acme", "alice", &token, &HotpParams::default(), 5).unwrap();
    let mut device = ImportedDevice::from_uri(uri::parse(&text, MinimumLength::Rfc4226).unwrap());
    device.name = Some("Token");
    let imported = user.engine.import_device(&subject, user.record(), &device, user.now).unwrap();
    let id = user.store(imported);
    let again = user.engine.import_device(&subject, user.record(), &device, user.now).unwrap();
    assert_eq!(user.store(again), id);
    let code = |counter| hotp::generate(&token, &HotpParams::default(), counter).to_text();
    let codes = [&*code(40), &*code(41)];
    let resynced = user.engine.resync_device(&subject, user.record(), &id, codes, user.now).unwrap();
    user.store(resynced);
    assert!(user.answer(Answer::Otp(&code(42))));
    let steam = Secret::generate(&random).unwrap();
    note_secret(notes, &steam);
    let params = DeviceParams::Steam;
    let steam = ImportedDevice { name: None, secret: steam, params, counter: 0, last_step: None };
    let imported = user.engine.import_device(&subject, user.record(), &steam, user.now).unwrap();
    user.store(imported);

    let mut key = Zeroizing::new(vec![0; 32]);
    random.fill(&mut key).unwrap();
    notes.secret("another system's key", &*key);
    let foreign_key = HmacKey::from_bytes(key.to_vec()).unwrap();
    let hash = "ab".repeat(32);
    let (plain, hashed) = ("Wy7-Kp2mQ9xT", format!("hmac_sha256${hash}"));
    notes.secret("another system's backup code", plain);
    for codes in [
        ForeignCodes::plain(&[plain], Folding::Exact).unwrap(),
        ForeignCodes::plain(&[plain], Folding::Loose).unwrap(),
        ForeignCodes::hmac_sha256(vec![foreign_key], &[&hashed]).unwrap(),
    ] {
        let imported = user.engine.import_backup_codes(&subject, user.record(), &codes, user.now).unwrap();
        user.store(imported);
        let _ = user.answer(Answer::Any(plain));
        let _ = user.answer(Answer::Backup(&plain.to_ascii_lowercase()));
    }
}

pub fn sent_codes(notes: &mut Notes) {
    let sent = Policy { sent_codes: SentCodes::SignIn, sent_length: 12, ..policy() };
    let mut user = User::with_policy(notes, Policy { fallback: Fallback::SentCode, ..sent });
    let subject = user.subject.clone();
    let first_factor = FirstFactor::password(user.now);
    let begun = user.engine.begin_sign_in(&subject, user.record(), &first_factor, user.now).unwrap();
    let SignIn::Send(challenge, first) = user.store(begun) else { panic!("a code was to be sent") };
    let resent = user.engine.send_code(user.record(), challenge.token.as_str().into(), user.now).unwrap();
    let code = user.store(resent);
    for sent in [&first, &code] {
        notes.secret("a sent code", sent.code.as_bytes());
    }
    for text in ["000000000000", &*code.code, &*code.code] {
        let (token, answer) = (challenge.token.as_str().into(), Answer::Sent(text));
        let answered = user.engine.finish_sign_in(user.record(), token, answer, user.now).unwrap();
        let _ = user.try_store(answered);
    }
    user.enroll(notes);
    let code = user.code();
    let (answer, preference) = (Some(Answer::Otp(&code)), Preference::Sent);
    let set = user.engine.set_method(&subject, user.record(), answer, preference, user.now).unwrap();
    user.store(set);
}

pub fn step_up_and_trust(notes: &mut Notes) {
    let mut user = User::with_policy(notes, Policy { trusted_devices: 2, ..policy() });
    user.enroll(notes);
    let (subject, code) = (user.subject.clone(), user.code());
    let step_up = StepUp { purpose: "transfer", session: None };
    let answer = Answer::Otp(&code);
    let pending = user.engine.step_up(&subject, user.record(), answer, step_up, user.now).unwrap();
    let proof = user.store(pending);
    let (access, _) = user.engine.mint_access(proof, &Map::new(), user.now).unwrap();
    let claims = user.engine.verify(&access, TokenKind::Access, user.now).unwrap();
    let _ = user.engine.require_step_up(&claims, "transfer", None, user.now);

    let proof = user.proof(Answer::Otp(&user.code()));
    let trusted = user.engine.trust_device(&subject, user.record(), &proof, "Laptop", user.now).unwrap();
    let trust = user.store(trusted);
    assert!(user.engine.is_trusted(&subject, user.record(), &trust.token, user.now).unwrap());
    let first_factor = FirstFactor::password(user.now).on_trusted_device(&trust.token);
    let begun = user.engine.begin_sign_in(&subject, user.record(), &first_factor, user.now).unwrap();
    user.store(begun);
    let revoked = user.engine.revoke_trusted_devices(&subject, user.record(), None, user.now).unwrap();
    user.store(revoked);

    let proof = user.proof(Answer::Otp(&user.code()));
    let (tokens, family) = user.engine.begin_session(proof, &Map::new(), user.now).unwrap();
    let rotation = user.engine.rotate(&tokens.refresh, &family, user.record(), user.now).unwrap();
    assert!(rotation.commit(true).is_ok());
}

pub fn resealing(notes: &mut Notes) {
    let mut user = User::enrolled(notes, Cipher::XChaCha20Poly1305, JwtConfig::default());
    let mut keys = Zeroizing::new(String::with_capacity(200));
    let new = KeyRing::generate(&Repeatable::new(5)).unwrap();
    keys.extend([new.to_text().as_str(), ",", user.engine.key_ring().to_text().as_str()]);
    for cipher in [Cipher::XChaCha20Poly1305, Cipher::Aes256GcmMigrating] {
        let ring = KeyRing::parse(&keys).unwrap();
        note_keys(notes, &ring);
        let random = Box::new(Repeatable::new(6));
        let policy = Policy { cipher, ..policy() };
        user.engine = Engine::with_random(policy, ring, JwtConfig::default(), random).unwrap();
        let record = user.record.take().unwrap();
        let resealed = user.engine.reseal(&user.subject, &record).unwrap().unwrap();
        assert!(!user.engine.keys_needed(&user.subject, resealed.as_bytes()).unwrap().is_empty());
        user.record = Some(resealed.as_bytes().to_vec());
    }
    let code = user.codes.pop().unwrap();
    assert!(user.answer(Answer::Backup(&code)));
}
