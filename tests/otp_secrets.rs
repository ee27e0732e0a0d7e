//! Secrets: how they are made, and how they are read from base32.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::Value;
use twinlock::{ErrorCode, MinimumLength, OsRandom, Secret};

#[test]
fn otp_05_base32_equals_rfc_4648_section_10() {
    // The RFC's texts are shorter than any secret, so each stands behind ten bytes that fill whole
    // groups.
    let file: Value = serde_json::from_str(include_str!("vectors/rfc4648.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        let base32 = vector["base32"].as_str().unwrap();
        let text = format!("{PREFIX}{base32}");
        let bytes = [&[0; 10], vector["text"].as_str().unwrap().as_bytes()].concat();
        assert_eq!(read(&text).unwrap(), bytes);
        assert_eq!(read(text.trim_end_matches('=')).unwrap(), bytes, "padding is optional");
        let secret = Secret::from_bytes(bytes, MinimumLength::Legacy).unwrap();
        assert_eq!(secret.to_base32().as_str(), text.trim_end_matches('='));
    }
}

#[test]
fn otp_05_case_spaces_and_hyphens_do_not_matter() {
    let plain = "GEZDGNBVGY3TQOJQGEZDGNBVGY";
    let spellings = [
        "gezdgnbvgy3tqojqgezdgnbvgy",
        "GezdGNBVgy3tQOJQgezdGNBVgy",
        "GEZD GNBV GY3T QOJQ GEZD GNBV GY",
        "gezd-gnbv-gy3t-qojq-gezd-gnbv-gy",
        " -GEZDGNBVGY3TQOJQGEZDGNBVGY- ",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY======",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY == == ==",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY======-",
    ];
    for text in spellings {
        assert_eq!(read(text), read(plain), "{text}");
    }
    assert_eq!(read(plain).unwrap(), b"1234567890123456");
}

#[test]
fn otp_05_what_is_not_base32_is_refused() {
    let tails = [
        // Lengths that no bytes have.
        "A",
        "AAA",
        "AAAAAA", //
        // Digits that base32 leaves out, and other characters.
        "MZXW6YT0",
        "MZXW6YT1",
        "MZXW6YT8",
        "MZXW6YT9",
        "MZXW6YT+",
        "MZXW6YT/",
        "MZXW6YT_",
        "MZXW6YT@",
        "MZXW6YT[",
        "MZXW6YT`",
        "MZXW6YT{",
        "MZXW6YTé",
        "ＭＺＸＷ６ＹＴＢ",
        "MZXW6Y\0B",
        "MZXW\t6YTB",
        "MZXW6YTB\n",
        "MZXW\u{a0}6YTB",
        "MZXW6YT🔐",
        "MZXW6YTı",
        "MZXW6YTſ", //
        // Bits behind the last byte that are not zero.
        "MZ",
        "MB",
        "MZXR",
        "MZXW7",
        "MZXW6YR",
        //
        // Padding in the middle, too little of it and too much.
        "M=ZXW6YT",
        "=MZXW6YT",
        "MY=",
        "MY=====",
        "MY=======",
        "MZXW6YTB=",
        "MZXW6YTB========",
        "========",
        "MY======MY",
    ];
    for tail in tails {
        let found = read(&format!("{PREFIX}{tail}"));
        assert_eq!(found, Err(ErrorCode::SecretMalformed), "{tail:?}");
    }
}

#[test]
fn otp_05_endless_text_is_refused_unread() {
    for piece in ["A", " ", "-", "=", "é", "1"] {
        assert_eq!(read(&piece.repeat(1_000_000)), Err(ErrorCode::SecretLength));
    }
    assert_eq!(read(&"A".repeat(208)), Err(ErrorCode::SecretLength), "130 bytes");
    assert_eq!(read(&"A".repeat(205)).unwrap(), [0; 128]);
    assert_eq!(read(&"A ".repeat(205)).unwrap(), [0; 128]);
    assert_eq!(read(""), Err(ErrorCode::SecretLength));
}

proptest! {
    #[test]
    fn otp_05_decoding_undoes_encoding(bytes in prop::collection::vec(any::<u8>(), 10..=128)) {
        let secret = Secret::from_bytes(bytes.clone(), MinimumLength::Legacy).unwrap();
        let text = secret.to_base32();
        prop_assert_eq!(read(&text), Ok(bytes.clone()));
        prop_assert_eq!(read(&text.to_lowercase()), Ok(bytes));
    }

    #[test]
    fn otp_05_separators_may_stand_anywhere(
        bytes in prop::collection::vec(any::<u8>(), 10..=128),
        gaps in prop::collection::vec("[ -]{0,3}", 206),
    ) {
        let secret = Secret::from_bytes(bytes.clone(), MinimumLength::Legacy).unwrap();
        let symbols = secret.to_base32();
        let text: String = gaps.iter().zip(symbols.chars()).map(|(gap, symbol)| format!("{gap}{symbol}")).collect();
        prop_assert_eq!(read(&text), Ok(bytes));
    }

    #[test]
    fn otp_05_what_decodes_is_the_one_spelling_of_its_bytes(text in "[A-Z2-7]{16,40}") {
        if let Ok(bytes) = read(&text) {
            let secret = Secret::from_bytes(bytes, MinimumLength::Legacy).unwrap();
            prop_assert_eq!(secret.to_base32().to_string(), text);
        }
    }

    #[test]
    fn otp_05_no_text_makes_the_decoder_panic(text in any::<String>()) {
        let _ = read(&text);
    }
}

#[test]
fn otp_04_a_secret_of_80_bits_is_read_only_on_request() {
    let short = "AEBAGBAFAYDQQCIK";
    assert_eq!(read_with(short, MinimumLength::Rfc4226), Err(ErrorCode::SecretLength));
    assert_eq!(read_with(short, MinimumLength::Legacy).unwrap(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (length, minimum, fits) in [
        (9, MinimumLength::Legacy, false),
        (15, MinimumLength::Rfc4226, false),
        (16, MinimumLength::Rfc4226, true),
        (128, MinimumLength::Rfc4226, true),
        (129, MinimumLength::Legacy, false),
    ] {
        assert_eq!(Secret::from_bytes(vec![7; length], minimum).is_ok(), fits, "{length} bytes");
    }
}

#[test]
fn otp_04_a_hundred_thousand_secrets_are_long_different_and_evenly_spread() {
    const COUNT: u32 = 100_000;
    let mut seen = HashSet::new();
    let mut counts = [0_u32; 256];
    for _ in 0..COUNT {
        let secret = Secret::generate(&OsRandom).unwrap();
        assert_eq!(secret.expose().len(), 20);
        secret.expose().iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        assert!(seen.insert(secret.expose().to_vec()), "a secret came twice");
    }
    let expected = f64::from(COUNT) * 20.0 / 256.0;
    let chi_square: f64 = counts.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
    // 255 degrees of freedom: an even spread stays inside this range but once in ten million times.
    assert!((150.0..390.0).contains(&chi_square), "chi-square {chi_square}");
}

/// Ten zero bytes.
const PREFIX: &str = "AAAAAAAAAAAAAAAA";

fn read(text: &str) -> Result<Vec<u8>, ErrorCode> {
    read_with(text, MinimumLength::Legacy)
}

fn read_with(text: &str, minimum: MinimumLength) -> Result<Vec<u8>, ErrorCode> {
    Secret::from_base32(text, minimum).map(|secret| secret.expose().to_vec()).map_err(|fault| fault.code)
}
