use super::*;
use crate::random::OsRandom;
use crate::vault::KeyRing;

fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

#[test]
fn a_code_has_the_length_and_the_alphabet_that_were_asked_for() {
    for length in 6..=12 {
        let digits = generate(SentAlphabet::Digits, length, &OsRandom).unwrap();
        let letters = generate(SentAlphabet::Letters, length, &OsRandom).unwrap();
        assert_eq!([digits.len(), letters.len()], [usize::try_from(length).unwrap(); 2]);
        assert!(digits.bytes().all(|c| c.is_ascii_digit()));
        assert!(letters.bytes().all(|c| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&c)));
    }
}

/// χ² over ten digits, 9 degrees of freedom: above 33.7 once in ten thousand runs. Bytes taken modulo ten
/// without dropping 250 to 255 would give about 590.
#[test]
fn no_digit_is_favoured() {
    let mut counts = [0_u32; 10];
    for _ in 0..20_000 {
        let code = generate(SentAlphabet::Digits, 12, &OsRandom).unwrap();
        code.bytes().for_each(|c| counts[usize::from(c - b'0')] += 1);
    }
    let expected = f64::from(counts.iter().sum::<u32>()) / 10.0;
    let chi: f64 = counts.iter().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
    assert!(chi < 45.0, "χ² = {chi}");
}

#[test]
fn a_code_belongs_to_one_challenge_and_is_used_up() {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let (now, end) = (at(100), at(400));
    let mut list = Vec::new();
    send(&mut list, ([1; 16], end), "1234567", ring.first(), 3, now).unwrap().unwrap();
    send(&mut list, ([2; 16], end), "7654321", ring.first(), 3, now).unwrap().unwrap();
    let mut accept =
        |id: u8, text: &str, when| super::accept(&mut list, &[id; 16], text, ring.first(), when).unwrap();
    assert!(!accept(2, "1234567", now), "the other challenge's");
    assert!(!accept(1, "1234567", end), "over");
    assert!(accept(1, " 123-4567 ", now));
    assert!(!accept(1, "1234567", now), "used");
    for text in ["", "7654321\0", "７６５４３２１", "76543210000000000", "x".repeat(1_000_000).as_str()]
    {
        assert!(!accept(2, text, now), "{} bytes", text.len());
    }
    assert!(accept(2, "7654321", now));
}

#[test]
fn thr_07_another_code_takes_the_place_of_the_first_and_their_number_is_bounded() {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let (now, end) = (at(100), at(400));
    let mut list = Vec::new();
    for code in ["1111111", "2222222"] {
        send(&mut list, ([1; 16], end), code, ring.first(), 2, now).unwrap().unwrap();
    }
    let refusal = send(&mut list, ([1; 16], end), "3333333", ring.first(), 2, now).unwrap().unwrap_err();
    assert_eq!(refusal, Refusal::after(ErrorCode::TooManyCodes, 300));
    assert!(!accept(&mut list, &[1; 16], "1111111", ring.first(), now).unwrap());
    assert!(!accept(&mut list, &[1; 16], "3333333", ring.first(), now).unwrap());
    assert!(accept(&mut list, &[1; 16], "2222222", ring.first(), now).unwrap(), "the last that was sent");
}

#[test]
fn only_so_many_challenges_have_a_code_at_once() {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let mut list = Vec::new();
    for (id, end) in [(1, 400), (2, 410), (3, 420)] {
        send(&mut list, ([id; 16], at(end)), "1234567", ring.first(), 3, at(100)).unwrap().unwrap();
    }
    let refusal =
        send(&mut list, ([4; 16], at(430)), "1234567", ring.first(), 3, at(130)).unwrap().unwrap_err();
    assert_eq!(refusal, Refusal::after(ErrorCode::TooManyCodes, 270));
    assert!(send(&mut list, ([4; 16], at(430)), "1234567", ring.first(), 3, at(400)).unwrap().is_ok());
    assert_eq!(list.len(), MAX_SENT);
}

/// The hash is keyed: without the ring's key nothing can be tried on a stolen record.
#[test]
fn chl_06_the_same_code_has_another_hash_under_another_key_and_for_another_challenge() {
    let rings = [KeyRing::generate(&OsRandom).unwrap(), KeyRing::generate(&OsRandom).unwrap()];
    let hashes = [
        hash(rings[0].first(), &[1; 16], "1234567").unwrap(),
        hash(rings[0].first(), &[2; 16], "1234567").unwrap(),
        hash(rings[1].first(), &[1; 16], "1234567").unwrap(),
    ];
    assert!(hashes[0] != hashes[1] && hashes[0] != hashes[2] && hashes[1] != hashes[2]);
}
