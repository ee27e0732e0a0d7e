//! Keys change: sealing anew, counting what still needs an old key, keys from a host's own vault, and the
//! text form of envelopes.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::error::Error;
use std::fmt;

use twinlock::vault::{self, KeyProvider, KeyUsage, ProviderError};
use twinlock::{Cipher, ErrorCode, Fault, KeyRing, OsRandom, Subject};
use zeroize::Zeroizing;

fn alice() -> Subject {
    Subject::new("alice").unwrap()
}

fn ring() -> KeyRing {
    KeyRing::generate(&OsRandom).unwrap()
}

/// A new key in front of the ring's own.
fn rotated(old: &KeyRing) -> KeyRing {
    KeyRing::parse(&format!("{},{}", *ring().to_text(), *old.to_text())).unwrap()
}

fn code<T>(result: Result<T, Fault>) -> ErrorCode {
    result.err().unwrap().code
}

#[test]
fn sea_05_what_an_old_key_or_cipher_sealed_is_sealed_anew_once() {
    let old = ring();
    let envelope = vault::seal(&old, &alice(), b"a small secret", &OsRandom).unwrap();
    let (same, new) = (rotated(&old), rotated(&old));
    let other_cipher = KeyRing::parse(&old.to_text()).unwrap().with_cipher(Cipher::Aes256GcmMigrating);
    for ring in [same, new.with_cipher(Cipher::Aes256GcmMigrating), other_cipher] {
        let resealed = vault::reseal(&ring, &alice(), &envelope, &OsRandom).unwrap().unwrap();
        assert_eq!(vault::key_id(&resealed).unwrap(), ring.ids()[0]);
        assert_eq!(**vault::open(&ring, &alice(), &resealed).unwrap(), *b"a small secret");
        assert_eq!(vault::reseal(&ring, &alice(), &resealed, &OsRandom).unwrap(), None);
    }
    assert_eq!(vault::reseal(&old, &alice(), &envelope, &OsRandom).unwrap(), None);
}

#[test]
fn sea_05_nothing_is_sealed_anew_that_does_not_open() {
    let old = ring();
    let envelope = vault::seal(&old, &alice(), b"x", &OsRandom).unwrap();
    let new = rotated(&old);
    let reseal = |ring: &KeyRing, subject: &str, envelope: &[u8]| {
        code(vault::reseal(ring, &Subject::new(subject).unwrap(), envelope, &OsRandom))
    };
    assert_eq!(reseal(&new, "bob", &envelope), ErrorCode::EnvelopeRejected);
    assert_eq!(reseal(&ring(), "alice", &envelope), ErrorCode::KeyUnknown);
    assert_eq!(reseal(&new, "alice", b"plain text"), ErrorCode::EnvelopeMalformed);
    let strict = rotated(&old).with_cipher(Cipher::Aes256Gcm);
    assert_eq!(reseal(&strict, "alice", &envelope), ErrorCode::CipherRefused);
}

#[test]
fn sea_06_a_key_that_something_needs_is_not_droppable() {
    let (old, stranger) = (ring(), ring());
    let both = rotated(&old);
    let [new_id, old_id] = both.ids()[..] else { panic!("two keys") };
    let stranger_id = stranger.ids()[0];
    let mut usage = KeyUsage::new(&both);
    assert_eq!(usage.iter().collect::<Vec<_>>(), [(new_id, 0), (old_id, 0)]);
    assert!(usage.is_droppable(old_id));
    assert!(!usage.is_droppable(new_id), "it seals");

    for (ring, id) in [(&old, old_id), (&both, new_id), (&old, old_id), (&stranger, stranger_id)] {
        let envelope = vault::seal(ring, &alice(), b"x", &OsRandom).unwrap();
        assert_eq!(usage.add(&envelope).unwrap(), id);
    }
    assert_eq!(code(usage.add(b"plain text")), ErrorCode::EnvelopeMalformed);
    assert_eq!(usage.iter().collect::<Vec<_>>(), [(new_id, 1), (old_id, 2), (stranger_id, 1)]);
    assert_eq!(usage.of(old_id), 2);
    assert!(!usage.is_droppable(old_id));
    assert!(!usage.is_droppable(stranger_id));

    let mut usage = KeyUsage::new(&both);
    usage.add_id(old_id);
    assert!(!usage.is_droppable(old_id));
}

#[test]
fn an_envelope_goes_through_text_and_back() {
    for cipher in [Cipher::XChaCha20Poly1305, Cipher::Aes256Gcm] {
        let ring = ring().with_cipher(cipher);
        for length in 0..8 {
            let envelope = vault::seal(&ring, &alice(), &vec![7; length], &OsRandom).unwrap();
            let text = vault::to_text(&envelope);
            assert!(text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_'));
            assert_eq!(vault::from_text(&text).unwrap(), envelope);
        }
    }
}

#[test]
fn text_that_is_not_exactly_an_envelope_is_refused() {
    let envelope = vault::seal(&ring(), &alice(), b"x", &OsRandom).unwrap();
    let text = vault::to_text(&envelope);
    assert_eq!(text.len() % 4, 3, "the last character has two bits to spare");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (head, last) = text.split_at(text.len() - 1);
    let one_bit_more = &alphabet[alphabet.find(last).unwrap() + 1..][..1];
    let bad = [
        String::new(),
        format!("{text}="),
        format!("{text}\n"),
        format!(" {text}"),
        format!("{}+", &text[..text.len() - 1]),
        text[..text.len() - 2].to_owned(),
        text[..40].to_owned(),
        format!("{head}{one_bit_more}"),
        vault::to_text(b"plain text of some length that is no envelope"),
    ];
    for text in bad {
        assert_eq!(code(vault::from_text(&text)), ErrorCode::EnvelopeMalformed, "{text:?}");
    }
    assert_eq!(code(vault::from_text(&"A".repeat(1 << 20))), ErrorCode::InputTooLarge);
    assert_eq!(code(vault::key_id(&[0; 1 << 20])), ErrorCode::InputTooLarge);
}

/// A vault that holds these entries, or is down.
struct Entries(Result<Vec<String>, Down>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Down;

impl fmt::Display for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("down")
    }
}

impl Error for Down {}

impl KeyProvider for Entries {
    type Error = Down;

    fn fetch(&self) -> Result<Vec<Zeroizing<String>>, Down> {
        self.0.clone().map(|entries| entries.into_iter().map(Zeroizing::new).collect())
    }
}

#[test]
fn a_provider_s_entries_are_the_ring_in_their_order() {
    let keys: Vec<String> = (0..4).map(|_| ring().to_text().to_string()).collect();
    let entries = vec![format!("{}\n", keys[0]), format!("{}, {}", keys[1], keys[2]), keys[3].clone()];
    let fetched = KeyRing::fetch(&Entries(Ok(entries))).unwrap();
    assert_eq!(fetched.ids(), KeyRing::parse(&keys.join(",")).unwrap().ids());
}

#[test]
fn a_provider_that_is_down_or_gives_no_keys_gives_no_ring() {
    let down = KeyRing::fetch(&Entries(Err(Down))).err().unwrap();
    assert_eq!(down.code(), ErrorCode::KeyProviderFailed);
    assert_eq!(down.to_string(), ErrorCode::KeyProviderFailed.message());
    assert_eq!(down.source().unwrap().to_string(), "down");
    let good = ring().to_text().to_string();
    let bad = [
        (vec![], ErrorCode::KeyMissing),
        (vec![String::new()], ErrorCode::KeyMissing),
        (vec![good.clone(), "tlk1_".to_owned()], ErrorCode::KeyMalformed),
        // Two entries never join to one key.
        (vec![good[..20].to_owned(), good[20..].to_owned()], ErrorCode::KeyMalformed),
        (vec![good.clone(), good], ErrorCode::KeyDuplicate),
    ];
    for (entries, expected) in bad {
        let error = KeyRing::fetch(&Entries(Ok(entries))).err().unwrap();
        assert!(matches!(error, ProviderError::Fault(fault) if fault.code == expected));
        assert_eq!(error.code(), expected);
    }
}
