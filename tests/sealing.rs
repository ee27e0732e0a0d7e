//! Keys and envelopes: bound to key, purpose and subject, broken by any changed bit.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::HashSet;

use support::{START, Site, at, refused};
use twinlock::{
    Answer, Cipher, Engine, ErrorCode, JwtConfig, KeyRing, NewDevice, OsRandom, Policy, Subject, vault,
};

fn subject(name: &str) -> Subject {
    Subject::new(name).unwrap()
}

fn ring() -> KeyRing {
    KeyRing::generate(&OsRandom).unwrap()
}

fn code<T>(result: Result<T, twinlock::Fault>) -> ErrorCode {
    result.err().unwrap().code
}

const CIPHERS: [Cipher; 3] = [Cipher::XChaCha20Poly1305, Cipher::Aes256Gcm, Cipher::Aes256GcmMigrating];

#[test]
fn sea_01_any_flipped_bit_anywhere_is_refused() {
    let alice = subject("alice");
    for cipher in CIPHERS {
        let ring = ring().with_cipher(cipher);
        let envelope = vault::seal(&ring, &alice, b"a small secret", &OsRandom).unwrap();
        assert_eq!(**vault::open(&ring, &alice, &envelope).unwrap(), *b"a small secret");
        for bit in 0..envelope.len() * 8 {
            let mut altered = envelope.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(vault::open(&ring, &alice, &altered).is_err(), "{cipher:?}, bit {bit}");
        }
        for length in 0..envelope.len() {
            assert!(vault::open(&ring, &alice, &envelope[..length]).is_err(), "{cipher:?}, cut at {length}");
        }
    }
}

#[test]
fn sea_01_a_hundred_thousand_nonces_differ() {
    let ring = ring();
    let alice = subject("alice");
    let mut nonces = HashSet::new();
    for _ in 0..100_000 {
        let envelope = vault::seal(&ring, &alice, b"", &OsRandom).unwrap();
        assert!(nonces.insert(envelope[12..36].to_vec()));
    }
}

#[test]
fn sea_02_an_envelope_opens_for_its_subject_and_purpose_only() {
    let site = Site::new();
    let alice = site.enroll("alice", START);
    let bob = site.enroll("bob", START);
    let record = site.record(&alice);
    let engine = site.auth.engine();
    assert_eq!(code(engine.status(&bob.subject, Some(&record), at(START))), ErrorCode::EnvelopeRejected);
    assert_eq!(code(vault::open(engine.key_ring(), &alice.subject, &record)), ErrorCode::EnvelopeRejected);
    let secret = vault::seal(engine.key_ring(), &alice.subject, &record, &OsRandom).unwrap();
    let result = engine.status(&alice.subject, Some(&secret), at(START));
    assert_eq!(code(result), ErrorCode::EnvelopeRejected);
}

#[test]
fn sea_02_lengths_keep_purpose_and_subject_apart() {
    let ring = ring();
    let envelope = vault::seal(&ring, &subject("ab"), b"x", &OsRandom).unwrap();
    for other in ["a", "abc", "b", "ba"] {
        assert_eq!(code(vault::open(&ring, &subject(other), &envelope)), ErrorCode::EnvelopeRejected);
    }
}

#[test]
fn sea_03_the_key_id_picks_the_key_and_nothing_is_tried() {
    let (first, second) = (ring(), ring());
    let alice = subject("alice");
    let envelope = vault::seal(&first, &alice, b"x", &OsRandom).unwrap();
    assert_eq!(code(vault::open(&second, &alice, &envelope)), ErrorCode::KeyUnknown);
    let both = KeyRing::parse(&format!("{},{}", *second.to_text(), *first.to_text())).unwrap();
    assert!(vault::open(&both, &alice, &envelope).is_ok());
    let mut relabelled = envelope;
    let id = &vault::seal(&second, &alice, b"x", &OsRandom).unwrap()[4..12];
    relabelled[4..12].copy_from_slice(id);
    assert_eq!(code(vault::open(&both, &alice, &relabelled)), ErrorCode::EnvelopeRejected);
}

#[test]
fn sea_04_old_and_new_keys_run_side_by_side() {
    let (old, new) = (ring().to_text().to_string(), ring().to_text().to_string());
    let engine = |keys: &str| {
        Engine::new(support::policy(), KeyRing::parse(keys).unwrap(), JwtConfig::default()).unwrap()
    };
    let (before, during) = (engine(&format!("{old},{new}")), engine(&format!("{new} {old}")));
    let site = Site { auth: twinlock::SecondFactor::new(before, twinlock::MemoryStore::default()) };
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, START + 30);
    let record = site.record(&owner);
    let otp = owner.code(START + 30);
    let pending = during
        .finish_sign_in(Some(&record), challenge.as_str().into(), Answer::Otp(&otp), at(START + 30))
        .unwrap();
    let resealed = pending.record().unwrap().to_vec();
    assert!(pending.commit(true).is_ok());
    assert_ne!(resealed[4..12], record[4..12], "sealed with the new first key");
    let status = site.auth.engine().status(&owner.subject, Some(&resealed), at(START + 30)).unwrap();
    assert!(status.enabled);
}

#[test]
fn sea_09_keys_are_checked_when_they_are_read() {
    let good = ring().to_text().to_string();
    let weak = format!("tlk1_{}", "A".repeat(43));
    let bad = [
        ("", ErrorCode::KeyMissing),
        (" ,\n", ErrorCode::KeyMissing),
        ("tlk1_", ErrorCode::KeyMalformed),
        ("tlk2_AAAA", ErrorCode::KeyMalformed),
        (&good[..good.len() - 1], ErrorCode::KeyMalformed),
        (weak.as_str(), ErrorCode::KeyWeak),
    ];
    for (text, expected) in bad {
        assert_eq!(code(KeyRing::parse(text)), expected, "{text:?}");
    }
    assert_eq!(code(KeyRing::parse(&format!("{good},{good}"))), ErrorCode::KeyDuplicate);
    assert_eq!(code(KeyRing::parse(&format!("{good}="))), ErrorCode::KeyMalformed);
    let many: Vec<String> = (0..17).map(|_| ring().to_text().to_string()).collect();
    assert_eq!(code(KeyRing::parse(&many.join(" "))), ErrorCode::KeyRingTooLarge);
    assert_eq!(KeyRing::parse(&many[..16].join(" ")).unwrap().ids().len(), 16);
}

#[test]
fn sea_10_what_is_no_envelope_of_ours_is_refused() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let engine = site.auth.engine();
    for foreign in
        [b"".as_slice(), b"JBSWY3DPEHPK3PXP", b"gAAAAABk", b"TL\x02\x01", &[0; 64], b"TL\x01\x02aaaaaaaa"]
    {
        let result = engine.status(&owner.subject, Some(foreign), at(START));
        assert_eq!(code(result), ErrorCode::EnvelopeMalformed);
    }
    let challenge = site.challenge(&owner, START + 30);
    let plain =
        engine.finish_sign_in(Some(b"{}"), challenge.as_str().into(), Answer::Otp("000000"), at(START + 30));
    assert_eq!(code(plain), ErrorCode::EnvelopeMalformed);
    assert!(refused(site.answer(&challenge, Answer::Otp("x"), START + 30)) == ErrorCode::WrongCode);
}

#[test]
fn sea_12_a_ring_seals_with_its_cipher_and_opens_what_it_allows() {
    let (keys, alice) = (ring().to_text(), subject("alice"));
    let ring = |cipher| KeyRing::parse(&keys).unwrap().with_cipher(cipher);
    assert_eq!(KeyRing::parse(&keys).unwrap().cipher(), Cipher::XChaCha20Poly1305);
    for sealing in CIPHERS {
        let envelope = vault::seal(&ring(sealing), &alice, b"x", &OsRandom).unwrap();
        let is_xchacha = sealing == Cipher::XChaCha20Poly1305;
        assert_eq!(envelope[3], if is_xchacha { 1 } else { 2 });
        assert_eq!(envelope.len(), 12 + if is_xchacha { 24 } else { 12 } + 1 + 16);
        for opening in CIPHERS {
            let opened = vault::open(&ring(opening), &alice, &envelope);
            if opening == Cipher::Aes256Gcm && is_xchacha {
                assert_eq!(code(opened), ErrorCode::CipherRefused);
            } else {
                assert_eq!(**opened.unwrap(), *b"x");
            }
        }
    }
}

#[test]
fn sea_12_another_algorithm_byte_never_opens() {
    let alice = subject("alice");
    for cipher in [Cipher::XChaCha20Poly1305, Cipher::Aes256GcmMigrating] {
        let ring = ring().with_cipher(cipher);
        // Long enough to be cut anew as an envelope of the other algorithm.
        let mut envelope = vault::seal(&ring, &alice, &[0; 40], &OsRandom).unwrap();
        envelope[3] = 3 - envelope[3];
        assert_eq!(code(vault::open(&ring, &alice, &envelope)), ErrorCode::EnvelopeRejected);
        envelope[3] = 3;
        assert_eq!(code(vault::open(&ring, &alice, &envelope)), ErrorCode::EnvelopeMalformed);
    }
}

#[test]
fn sea_12_the_policy_s_cipher_is_the_records_and_refuses_a_downgrade() {
    let (keys, alice) = (ring().to_text(), subject("alice"));
    let device = NewDevice { account: "alice", ..NewDevice::default() };
    let engine = |cipher| {
        let policy = Policy { cipher, ..support::policy() };
        Engine::new(policy, KeyRing::parse(&keys).unwrap(), JwtConfig::default()).unwrap()
    };
    let record = |cipher| {
        let pending = engine(cipher).begin_enrollment(&alice, None, &device, at(START)).unwrap();
        pending.record().unwrap().to_vec()
    };
    let (old, new) = (record(Cipher::XChaCha20Poly1305), record(Cipher::Aes256Gcm));
    assert_eq!((old[3], new[3]), (1, 2));
    let strict = engine(Cipher::Aes256Gcm);
    assert!(strict.status(&alice, Some(&new), at(START)).is_ok());
    assert_eq!(code(strict.status(&alice, Some(&old), at(START))), ErrorCode::CipherRefused);
    assert_eq!(strict.key_ring().cipher(), Cipher::Aes256Gcm);
    assert!(engine(Cipher::Aes256GcmMigrating).status(&alice, Some(&old), at(START)).is_ok());
}

#[test]
fn an_envelope_has_an_upper_size() {
    let ring = ring();
    let alice = subject("alice");
    let result = vault::seal(&ring, &alice, &vec![0; 64 * 1024 + 1], &OsRandom);
    assert_eq!(code(result), ErrorCode::InputTooLarge);
    let huge = vault::open(&ring, &alice, &vec![0; 1 << 20]);
    assert_eq!(code(huge), ErrorCode::InputTooLarge);
    let largest = vault::seal(&ring, &alice, &vec![7; 64 * 1024], &OsRandom).unwrap();
    assert_eq!(vault::open(&ring, &alice, &largest).unwrap().len(), 64 * 1024);
}

#[test]
fn subjects_are_one_to_255_bytes_without_control_characters() {
    for text in ["", "a\0b", "a\nb", &"x".repeat(256)] {
        assert_eq!(code(Subject::new(text)), ErrorCode::SubjectInvalid);
    }
    assert!(Subject::new(&"é".repeat(127)).is_ok());
}
