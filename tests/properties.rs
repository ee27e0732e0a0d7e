//! Properties that hold for whatever goes in: sealing binds everything, no text panics a parser, and a code
//! is accepted exactly where a model of a few lines says so.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use support::{START, Site, at, policy, refused};
use twinlock::otp::totp::{self, Period, TotpParams, Window};
use twinlock::otp::{Algorithm, Code, Digits, hotp, uri};
use twinlock::vault::{self, KeyUsage};
use twinlock::{
    Answer, Cipher, ErrorCode, FirstFactor, KeyRing, MinimumLength, OsRandom, Policy, Secret, Subject,
    TokenKind,
};

fn ciphers() -> impl Strategy<Value = Cipher> {
    select(vec![Cipher::XChaCha20Poly1305, Cipher::Aes256Gcm, Cipher::Aes256GcmMigrating])
}

fn subjects() -> impl Strategy<Value = Subject> {
    "[^\\p{Cc}]{1,60}".prop_filter_map("too long", |text| Subject::new(&text).ok())
}

fn plaintexts() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..400)
}

fn ring() -> KeyRing {
    KeyRing::generate(&OsRandom).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn sea_01_what_is_sealed_is_opened(
        cipher in ciphers(), subject in subjects(), plaintext in plaintexts(),
    ) {
        let ring = ring().with_cipher(cipher);
        let envelope = vault::seal(&ring, &subject, &plaintext, &OsRandom).unwrap();
        prop_assert_eq!(&**vault::open(&ring, &subject, &envelope).unwrap(), &plaintext[..]);
        prop_assert_eq!(vault::key_id(&envelope).unwrap(), ring.ids()[0]);
        prop_assert_eq!(vault::from_text(&vault::to_text(&envelope)).unwrap(), envelope);
    }

    #[test]
    fn sea_01_an_altered_envelope_does_not_open(
        cipher in ciphers(), plaintext in plaintexts(), place in any::<Index>(), change in 1..=255_u8,
    ) {
        let (ring, alice) = (ring().with_cipher(cipher), Subject::new("alice").unwrap());
        let mut envelope = vault::seal(&ring, &alice, &plaintext, &OsRandom).unwrap();
        let place = place.index(envelope.len());
        envelope[place] ^= change;
        prop_assert!(vault::open(&ring, &alice, &envelope).is_err());
    }

    #[test]
    fn sea_01_a_cut_or_longer_envelope_does_not_open(
        cipher in ciphers(), plaintext in plaintexts(), cut in any::<Index>(),
        more in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let (ring, alice) = (ring().with_cipher(cipher), Subject::new("alice").unwrap());
        let envelope = vault::seal(&ring, &alice, &plaintext, &OsRandom).unwrap();
        let cut = cut.index(envelope.len());
        let changed = [
            envelope[..cut].to_vec(),
            [&envelope[..], &more].concat(),
            [&envelope[..cut], &more, &envelope[cut..]].concat(),
        ];
        for changed in changed {
            prop_assert!(vault::open(&ring, &alice, &changed).is_err());
        }
    }

    #[test]
    fn sea_02_an_envelope_opens_for_its_subject_only(
        cipher in ciphers(), subject in subjects(), other in subjects(), plaintext in plaintexts(),
    ) {
        prop_assume!(subject != other);
        let ring = ring().with_cipher(cipher);
        let envelope = vault::seal(&ring, &subject, &plaintext, &OsRandom).unwrap();
        let refused = vault::open(&ring, &other, &envelope).err().unwrap();
        prop_assert_eq!(refused.code, ErrorCode::EnvelopeRejected);
    }

    #[test]
    fn sea_05_sealing_anew_keeps_what_was_sealed(
        from in ciphers(), to in ciphers(), plaintext in plaintexts(),
    ) {
        prop_assume!(to != Cipher::Aes256Gcm || from != Cipher::XChaCha20Poly1305);
        let (old, alice) = (ring().with_cipher(from), Subject::new("alice").unwrap());
        let keys = format!("{},{}", *ring().to_text(), *old.to_text());
        let new = KeyRing::parse(&keys).unwrap().with_cipher(to);
        let envelope = vault::seal(&old, &alice, &plaintext, &OsRandom).unwrap();
        let resealed = vault::reseal(&new, &alice, &envelope, &OsRandom).unwrap().unwrap();
        prop_assert_eq!(&**vault::open(&new, &alice, &resealed).unwrap(), &plaintext[..]);
        prop_assert!(vault::reseal(&new, &alice, &resealed, &OsRandom).unwrap().is_none());
    }

    #[test]
    fn no_bytes_panic_a_reader_of_envelopes(
        bytes in prop::collection::vec(any::<u8>(), 0..200), tagged in any::<bool>(),
    ) {
        let (ring, alice) = (ring(), Subject::new("alice").unwrap());
        let bytes = if tagged { [b"TL\x01\x02", &bytes[..]].concat() } else { bytes };
        prop_assert!(vault::open(&ring, &alice, &bytes).is_err());
        let known = vault::key_id(&bytes).is_ok();
        prop_assert!(vault::reseal(&ring, &alice, &bytes, &OsRandom).is_err());
        prop_assert_eq!(KeyUsage::new(&ring).add(&bytes).is_ok(), known);
    }
}

/// A site, and one good example of each text that somebody can hand in.
static SITE: LazyLock<(Site, Vec<String>)> = LazyLock::new(|| {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, START + 60);
    let proof = site.answer(&challenge, Answer::Otp(&owner.code(START + 60)), START + 60).unwrap();
    let tokens = site.auth.engine().mint(proof, &Default::default(), at(START + 60)).unwrap();
    let envelope = vault::to_text(&site.record(&owner));
    let keys = site.auth.engine().key_ring().to_text().to_string();
    let base32 = owner.secret.to_base32().to_string();
    let totp = uri::build("Acme", "alice", &owner.secret, &TotpParams::default()).unwrap().to_string();
    let code = "123 456".to_owned();
    let samples = vec![challenge, tokens.access, tokens.refresh, envelope, keys, base32, totp, code];
    (site, samples)
});

/// Anything, or something good with a piece replaced.
fn texts() -> impl Strategy<Value = String> {
    let spoilt = (any::<Index>(), any::<Index>(), 0..6_usize, "\\PC{0,6}|[-_.:,=%&?/ +0A]{0,3}").prop_map(
        |(sample, place, length, piece)| {
            let sample: Vec<char> = sample.get(&SITE.1).chars().collect();
            let start = place.index(sample.len() + 1);
            let end = (start + length).min(sample.len());
            sample[..start]
                .iter()
                .copied()
                .chain(piece.chars())
                .chain(sample[end..].iter().copied())
                .collect()
        },
    );
    prop_oneof![any::<String>(), spoilt]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_text_panics_a_parser(text in texts()) {
        let (site, now) = (&SITE.0, at(START + 60));
        let engine = site.auth.engine();
        let _ = KeyRing::parse(&text).map(|ring| ring.ids());
        for minimum in [MinimumLength::Rfc4226, MinimumLength::Legacy] {
            let _ = Secret::from_base32(&text, minimum);
            let _ = uri::parse(&text, minimum);
        }
        for digits in [Digits::Six, Digits::Seven, Digits::Eight] {
            let _ = Code::parse(&text, digits).map(|code| code.to_text());
        }
        let _ = Algorithm::from_name(&text);
        let _ = Cipher::from_name(&text);
        let _ = vault::from_text(&text);
        let _ = FirstFactor::new(&[&text], now);
        for kind in [TokenKind::Access, TokenKind::Refresh] {
            let _ = engine.verify(&text, kind, now);
        }
        let _ = engine.refresh_subject(&text, now);
        let _ = engine.challenge_subject(&text, now);
        let _ = Subject::new(&text).map(|subject| {
            let first_factor = FirstFactor::password(now).bound_to(&text);
            engine.status(&subject, Some(text.as_bytes()), now).is_err()
                && engine.begin_sign_in(&subject, None, &first_factor, now).is_ok()
        });
        for name in ["issuer", "algorithm", "fallback", "cipher", &text] {
            let _ = Policy::default().set_text(name, &text);
        }
        let _ = engine.finish_sign_in(None, text.as_str().into(), Answer::Any(&text), now);
    }
}

fn params() -> impl Strategy<Value = TotpParams> {
    let algorithms = select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
    let digits = select(vec![Digits::Six, Digits::Seven, Digits::Eight]);
    (algorithms, digits, 15..=120_u32).prop_map(|(algorithm, digits, period)| TotpParams {
        algorithm,
        digits,
        period: Period::new(period).unwrap(),
    })
}

fn secret(bytes: Vec<u8>) -> Secret {
    Secret::from_bytes(bytes, MinimumLength::Rfc4226).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_code_matches_exactly_the_steps_of_the_window_that_have_it(
        bytes in prop::collection::vec(any::<u8>(), 16..=128), params in params(), steps in 0..=2_u32,
        offset in -4..=4_i64, now in 1_000..10_000_000_000_i64,
    ) {
        let (secret, period, reach) = (secret(bytes), i64::from(params.period.seconds()), i64::from(steps));
        let code = totp::generate(&secret, &params, at(now + offset * period));
        let expected: Vec<u64> = (-reach..=reach)
            .map(|offset| at(now + offset * period))
            .filter(|then| totp::generate(&secret, &params, *then) == code)
            .map(|then| totp::step_at(params.period, then))
            .collect();
        let window = Window::new(steps).unwrap();
        let matches = totp::matching_steps(&secret, &params, &code, window, at(now));
        prop_assert_eq!(matches.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_counter_code_matches_the_first_counter_ahead_that_has_it(
        bytes in prop::collection::vec(any::<u8>(), 16..=128), params in params(),
        counter in 0..u64::MAX - 200, ahead in 0..=20_u8, at in 0..=25_u64,
    ) {
        let secret = secret(bytes);
        let params = hotp::HotpParams { algorithm: params.algorithm, digits: params.digits };
        let code = hotp::generate(&secret, &params, counter + at);
        let mut candidates = counter..=counter + u64::from(ahead);
        let expected = candidates.find(|&c| hotp::generate(&secret, &params, c) == code);
        prop_assert_eq!(hotp::verify(&secret, &params, &code, counter, ahead).unwrap(), expected);
    }

    #[test]
    fn a_secret_and_its_uri_come_back_from_text(
        bytes in prop::collection::vec(any::<u8>(), 16..=128), params in params(),
        account in "[^\\p{Cc}: ][^\\p{Cc}:]{0,40}",
    ) {
        let secret = secret(bytes);
        let again = Secret::from_base32(&secret.to_base32(), MinimumLength::Rfc4226).unwrap();
        prop_assert_eq!(again.expose(), secret.expose());
        let text = uri::build("Acme", &account, &secret, &params).unwrap();
        let read = uri::parse(&text, MinimumLength::Rfc4226).unwrap();
        prop_assert_eq!(read.secret.expose(), secret.expose());
        prop_assert_eq!(read.account, account);
    }
}

/// What a user does: so many seconds later, the code of so many steps away.
fn attempts() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0..=70_i64, -4..=4_i64), 1..15)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn ver_01_a_sign_in_succeeds_exactly_with_a_step_in_the_window_after_the_last_one(
        window in 0..=2_u32, attempts in attempts(),
    ) {
        // The budgets are as wide as they go: no lock comes into it.
        let generous = Policy { failures_before_lock: 20, failures_per_day: 100, ..policy() };
        let site = Site::with_policy(Policy { backup_codes: 0, window, ..generous });
        let owner = site.enroll("alice", START);
        let step = |now: i64| now / 30;
        let (mut now, mut last) = (START, step(START));
        for (later, offset) in attempts {
            now += later;
            let code = owner.code(now + 30 * offset);
            let reach = i64::from(window);
            let has_it = |steps: &i64| owner.code(now + 30 * steps) == code;
            let found: Vec<i64> = (-reach..=reach).filter(has_it).map(|steps| step(now) + steps).collect();
            let fresh = found.iter().copied().find(|found| *found > last);
            let outcome = site.sign_in(&owner, Answer::Otp(&code), now);
            if let Some(fresh) = fresh {
                prop_assert!(outcome.is_ok());
                last = fresh;
            } else {
                let expected = if found.is_empty() { ErrorCode::WrongCode } else { ErrorCode::Replayed };
                prop_assert_eq!(refused(outcome), expected);
            }
        }
    }
}
