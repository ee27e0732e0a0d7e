//! Steam Guard's codes and URIs.
#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha1::Sha1;

use twinlock::otp::steam;
use twinlock::otp::totp::{TotpParams, Window};
use twinlock::otp::uri::{self, Kind, ParsedUri};
use twinlock::{ErrorCode, Fault, MinimumLength, Secret, UnixTime};

/// The secret and the first two codes are those of KeePassXC's tests, the third is of Bitwarden's.
const SECRET: &str = "63BEDWCQZKTQWPESARIERL5DTTQFCJTK";
const KNOWN: [(&str, i64, &str); 3] = [
    (SECRET, 1_511_200_518, "FR8RV"),
    (SECRET, 1_511_200_714, "9P3VP"),
    ("HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ", 1_672_531_200, "7W6CJ"),
];

#[test]
fn otp_01_codes_are_those_of_keepassxc_and_bitwarden() {
    for (secret, seconds, code) in KNOWN {
        let (secret, now) = (read(secret), at(seconds));
        assert_eq!(steam::generate(&secret, now), code);
        let matches: Vec<_> = steam::matching_steps(&secret, code, Window::default(), now).collect();
        assert_eq!(matches, [now.seconds() / 30]);
    }
}

#[test]
fn otp_07_case_spaces_and_hyphens_do_not_count() {
    let now = at(1_511_200_518);
    for typed in ["fr8rv", "FR8 rv", " f-r-8-r-v ", "FR8RV "] {
        assert_eq!(steam::matching_steps(&read(SECRET), typed, Window::default(), now).count(), 1, "{typed}");
    }
}

#[test]
fn otp_06_whatever_else_is_typed_is_no_code() {
    let now = at(1_511_200_518);
    let long = "FR8RV".repeat(200_000);
    let spaced = format!("FR8RV{}", " ".repeat(60));
    for typed in
        ["", "FR8R", "FR8RVV", "0R8RV", "FR8R\u{0}", "FR8RV\n", "FR8RＶ", "F.R8RV", "222222", &long, &spaced]
    {
        assert_eq!(steam::matching_steps(&read(SECRET), typed, Window::default(), now).count(), 0);
    }
}

#[test]
fn ver_03_a_code_is_right_in_its_window_only() {
    let code = steam::generate(&read(SECRET), at(1_511_200_500));
    for (window, reach) in [(0, 0), (1, 1), (2, 2)] {
        for offset in -3_i64..=3 {
            let now = at(1_511_200_500 + 30 * offset);
            let window = Window::new(window).unwrap();
            let found = steam::matching_steps(&read(SECRET), &code, window, now).next();
            assert_eq!(found, (offset.abs() <= reach).then_some(50_373_350), "{offset} of {reach}");
        }
    }
    assert_eq!(steam::matching_steps(&read(SECRET), &code, Window::default(), at(0)).count(), 0);
}

#[test]
fn otp_11_both_ways_of_writing_a_steam_uri_are_read() {
    for text in [
        "otpauth://steam/Steam:alice?secret=S&issuer=Steam",
        "OTPAUTH://Steam/Steam:alice?secret=S",
        "otpauth://steam/Steam%3Aalice?period=30&digits=5&algorithm=SHA1&secret=S&issuer=Steam",
        "otpauth://totp/Steam:alice?secret=S&period=30&digits=5&issuer=Steam&encoder=steam",
        "otpauth://totp/Steam:alice?secret=S&encoder=STEAM",
    ] {
        let parsed = parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(parsed.kind, Kind::Steam, "{text}");
        assert_eq!((parsed.issuer.as_deref(), parsed.account.as_str()), (Some("Steam"), "alice"));
        assert_eq!(*parsed.secret.to_base32(), SECRET);
    }
    let other = parse("otpauth://totp/Steam:alice?secret=S&encoder=other").unwrap();
    assert_eq!(other.kind, Kind::Totp(TotpParams::default()), "what is not known is ignored");
}

#[test]
fn otp_11_a_steam_uri_with_other_parameters_is_refused() {
    for (text, code) in [
        ("otpauth://steam/a?secret=S&digits=6", ErrorCode::DigitsInvalid),
        ("otpauth://steam/a?secret=S&digits=five", ErrorCode::DigitsInvalid),
        ("otpauth://steam/a?secret=S&period=60", ErrorCode::PeriodInvalid),
        ("otpauth://steam/a?secret=S&period=1", ErrorCode::PeriodInvalid),
        ("otpauth://steam/a?secret=S&algorithm=SHA256", ErrorCode::AlgorithmUnknown),
        ("otpauth://totp/a?secret=S&encoder=steam&digits=8", ErrorCode::DigitsInvalid),
        ("otpauth://totp/a?secret=S&digits=5", ErrorCode::DigitsInvalid),
        ("otpauth://hotp/a?secret=S&encoder=steam&counter=0&digits=5", ErrorCode::DigitsInvalid),
    ] {
        assert_eq!(parse(text).err().unwrap().code, code, "{text}");
    }
}

#[test]
fn otp_10_a_steam_uri_is_of_a_type_of_its_own() {
    let built = uri::build_steam("Steam", "alice", &read(SECRET)).unwrap();
    assert_eq!(*built, format!("otpauth://steam/Steam:alice?secret={SECRET}&issuer=Steam&encoder=steam"));
    assert_eq!(uri::build_steam("", "alice", &read(SECRET)).err().unwrap().code, ErrorCode::NameInvalid);
}

proptest! {
    #[test]
    fn otp_11_parse_undoes_build_for_steam(issuer in "[^:\\p{C} ][^:\\p{C}]{0,30}", account in "[a-z@ é日]{1,9}x") {
        let account = account.trim_start();
        let parsed = uri::parse(
            &uri::build_steam(&issuer, account, &read(SECRET)).unwrap(),
            MinimumLength::Rfc4226,
        ).unwrap();
        prop_assert_eq!(parsed.kind, Kind::Steam);
        prop_assert_eq!((parsed.issuer, parsed.account.as_str()), (Some(issuer), account));
        prop_assert_eq!(&*parsed.secret.to_base32(), SECRET);
    }

    #[test]
    fn a_code_is_the_truncated_hash_to_base_26(seconds in 0_i64..4_000_000_000) {
        let mut mac = Hmac::<Sha1>::new_from_slice(read(SECRET).expose()).unwrap();
        mac.update(&(seconds / 30).to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let start = usize::from(hash[19] % 16);
        let mut rest = u32::from_be_bytes(hash[start..start + 4].try_into().unwrap()) % (1 << 31);
        for c in steam::generate(&read(SECRET), at(seconds)).chars() {
            prop_assert_eq!("23456789BCDFGHJKMNPQRTVWXY".chars().nth((rest % 26).try_into().unwrap()), Some(c));
            rest /= 26;
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,20}|[2-9B-Z -]{0,9}") {
        let _ = steam::matching_steps(&read(SECRET), &text, Window::default(), at(59)).count();
    }
}

fn parse(text: &str) -> Result<ParsedUri, Fault> {
    uri::parse(&text.replace("secret=S", &format!("secret={SECRET}")), MinimumLength::Rfc4226)
}

fn read(secret: &str) -> Secret {
    Secret::from_base32(secret, MinimumLength::Rfc4226).unwrap()
}

fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}
