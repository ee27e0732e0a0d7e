//! The `otpauth://` URI: what is built, what is read, and what is refused.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use twinlock::otp::hotp::HotpParams;
use twinlock::otp::totp::{Period, TotpParams};
use twinlock::otp::uri::{self, Kind, ParsedUri};
use twinlock::otp::{Algorithm, Digits};
use twinlock::{ErrorCode, Fault, MinimumLength, Secret};

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

#[test]
fn otp_10_a_default_device_needs_only_secret_and_issuer() {
    let built = build("Acme", "alice", &TotpParams::default()).unwrap();
    assert_eq!(built, format!("otpauth://totp/Acme:alice?secret={SECRET}&issuer=Acme"));
}

#[test]
fn otp_10_names_are_percent_encoded_and_the_issuer_equals_the_prefix() {
    let table = [
        ("Acme Co", "alice@example.com", "Acme%20Co", "alice%40example.com"),
        ("A&B+C%D#E/F?G=H", "a b", "A%26B%2BC%25D%23E%2FF%3FG%3DH", "a%20b"),
        ("Café 日本", "😀", "Caf%C3%A9%20%E6%97%A5%E6%9C%AC", "%F0%9F%98%80"),
        ("\"><script>", "'a'", "%22%3E%3Cscript%3E", "%27a%27"),
        ("a-b.c_d~e", "f", "a-b.c_d~e", "f"),
    ];
    for (issuer, account, encoded_issuer, encoded_account) in table {
        let built = build(issuer, account, &TotpParams::default()).unwrap();
        assert_eq!(
            built,
            format!(
                "otpauth://totp/{encoded_issuer}:{encoded_account}?secret={SECRET}&issuer={encoded_issuer}"
            )
        );
    }
}

#[test]
fn otp_11_whatever_is_not_the_default_is_written() {
    let params = |algorithm, digits, period| TotpParams {
        algorithm,
        digits: Digits::new(digits).unwrap(),
        period: Period::new(period).unwrap(),
    };
    let table = [
        (params(Algorithm::Sha256, 6, 30), "&algorithm=SHA256"),
        (params(Algorithm::Sha1, 7, 30), "&digits=7"),
        (params(Algorithm::Sha1, 6, 60), "&period=60"),
        (params(Algorithm::Sha512, 8, 15), "&algorithm=SHA512&digits=8&period=15"),
    ];
    for (params, options) in table {
        let built = build("Acme", "alice", &params).unwrap();
        assert_eq!(built, format!("otpauth://totp/Acme:alice?secret={SECRET}&issuer=Acme{options}"));
        assert!(parse(&built).unwrap().kind == Kind::Totp(params));
    }
    let params = HotpParams { algorithm: Algorithm::Sha256, digits: Digits::Eight };
    let built = uri::build_hotp("Acme", "alice", &secret(), &params, u64::MAX).unwrap();
    assert_eq!(
        built.as_str(),
        format!(
            "otpauth://hotp/Acme:alice?secret={SECRET}&issuer=Acme&algorithm=SHA256&digits=8&counter={}",
            u64::MAX
        )
    );
    assert!(parse(&built).unwrap().kind == Kind::Hotp { params, counter: u64::MAX });
}

#[test]
fn otp_10_every_kind_of_device_is_named_alike() {
    let (issuer, account) = ("Big & Co/日", "é 😀?#%+");
    let label = "Big%20%26%20Co%2F%E6%97%A5:%C3%A9%20%F0%9F%98%80%3F%23%25%2B";
    let tail = format!("?secret={SECRET}&issuer=Big%20%26%20Co%2F%E6%97%A5");
    let hotp = uri::build_hotp(issuer, account, &secret(), &HotpParams::default(), 0).unwrap();
    assert_eq!(*hotp, format!("otpauth://hotp/{label}{tail}&counter=0"), "a counter of 0 is written too");
    let totp = uri::build(issuer, account, &secret(), &TotpParams::default()).unwrap();
    assert_eq!(*totp, format!("otpauth://totp/{label}{tail}"));
    let steam = uri::build_steam(issuer, account, &secret()).unwrap();
    assert_eq!(*steam, format!("otpauth://steam/{label}{tail}&encoder=steam"));
    for text in [hotp, totp, steam] {
        let parsed = parse(&text).unwrap();
        assert_eq!((parsed.issuer.as_deref(), parsed.account.as_str()), (Some(issuer), account));
    }
}

#[test]
fn otp_10_a_counter_device_obeys_the_rule_for_names() {
    let build = |issuer, account| uri::build_hotp(issuer, account, &secret(), &HotpParams::default(), 0);
    for (issuer, account, about) in [("", "a", "issuer"), ("A:B", "a", "issuer"), ("A", " a", "account")] {
        let fault = build(issuer, account).err().unwrap();
        assert_eq!(fault, Fault::about(ErrorCode::NameInvalid, about));
    }
    let long = "日".repeat(128);
    assert!(build(&long, "a").is_ok());
    let longer = "日".repeat(129);
    assert_eq!(build(&long, &longer).err().unwrap().code, ErrorCode::NameInvalid);
    let wide = "👩".repeat(128);
    assert_eq!(build(&wide, &wide).err().unwrap().code, ErrorCode::InputTooLarge);
}

#[test]
fn otp_10_names_that_would_not_come_back_are_refused() {
    let long = "a".repeat(129);
    for name in ["", " ", " alice", "a:b", ":", "a\nb", "a\0", "\u{7f}", "a\u{85}", &long] {
        let issuer = build(name, "alice", &TotpParams::default()).unwrap_err();
        assert_eq!((issuer.code, issuer.about), (ErrorCode::NameInvalid, Some("issuer")), "{name:?}");
        let account = build("Acme", name, &TotpParams::default()).unwrap_err();
        assert_eq!((account.code, account.about), (ErrorCode::NameInvalid, Some("account")), "{name:?}");
    }
    for name in ["a", "a b ", "é", "：", &"a".repeat(128), &"é".repeat(128)] {
        let parsed = parse(&build(name, name, &TotpParams::default()).unwrap()).unwrap();
        assert_eq!((parsed.issuer.as_deref(), parsed.account.as_str()), (Some(name), name));
    }
    let emoji = "😀".repeat(128);
    let fault = build(&emoji, &emoji, &TotpParams::default()).unwrap_err();
    assert_eq!(fault.code, ErrorCode::InputTooLarge, "what could not be read is not built");
}

proptest! {
    #[test]
    fn otp_11_parse_undoes_build(
        issuer in name(),
        account in name(),
        bytes in prop::collection::vec(any::<u8>(), 16..=128),
        algorithm in algorithm(),
        digits in 6_u32..=8,
        period in 15_u32..=120,
    ) {
        let params = TotpParams {
            algorithm,
            digits: Digits::new(digits).unwrap(),
            period: Period::new(period).unwrap(),
        };
        let secret = Secret::from_bytes(bytes.clone(), MinimumLength::Rfc4226).unwrap();
        let parsed = parse(&uri::build(&issuer, &account, &secret, &params).unwrap()).unwrap();
        prop_assert_eq!(parsed.issuer, Some(issuer));
        prop_assert_eq!(parsed.account, account);
        prop_assert_eq!(parsed.secret.expose(), bytes);
        prop_assert_eq!(parsed.kind, Kind::Totp(params));
    }

    #[test]
    fn otp_11_parse_undoes_build_for_counters(
        issuer in name(),
        account in name(),
        algorithm in algorithm(),
        digits in 6_u32..=8,
        counter in any::<u64>(),
    ) {
        let params = HotpParams { algorithm, digits: Digits::new(digits).unwrap() };
        let built = uri::build_hotp(&issuer, &account, &secret(), &params, counter).unwrap();
        let parsed = parse(&built).unwrap();
        prop_assert_eq!(parsed.issuer, Some(issuer));
        prop_assert_eq!(parsed.account, account);
        prop_assert_eq!(parsed.kind, Kind::Hotp { params, counter });
    }

    #[test]
    fn otp_11_no_text_makes_the_parser_panic(text in "(otpauth://([th]otp|steam)/)?\\PC{0,40}(\\?\\PC{0,60})?") {
        let _ = parse(&text);
    }
}

#[test]
fn otp_11_uris_of_other_software_are_read() {
    let spaced = format!("otpauth://totp/Big%20Corp%3A%20alice%40example.com?secret={SECRET}");
    let table = [
        // Case of scheme and type, separators and case in the secret, unknown parameters.
        format!("OTPAUTH://TOTP/Big%20Corp:alice%40example.com?secret={SECRET}&issuer=Big%20Corp"),
        spaced,
        format!("otpauth://totp/Big%20Corp:%20%20alice@example.com?issuer=Big%20Corp&secret={SECRET}"),
        format!("otpauth://totp/alice@example.com?issuer=%20Big%20Corp&secret={}", SECRET.to_lowercase()),
        "otpauth://totp/Big%20Corp:alice@example.com?secret=GEZD-GNBV%20GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ".into(),
        format!("otpauth://totp/Big Corp:alice@example.com?secret={SECRET}&image=https://a/b.png&lock=1"),
        format!("otpauth://totp/bigcorp:alice@example.com?secret={SECRET}&issuer=Big%20Corp&digits=6"),
        format!(
            "otpauth://totp/Big%20Corp:alice@example.com?secret={SECRET}&issuer=&algorithm=sha1&period=30"
        ),
        format!("otpauth://totp/:alice@example.com?secret={SECRET}&%69ssuer=Big%20Corp"),
    ];
    for text in table {
        let parsed = parse(&text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(parsed.issuer.as_deref(), Some("Big Corp"), "{text}");
        assert_eq!(parsed.account, "alice@example.com", "{text}");
        assert_eq!(parsed.secret.expose(), b"12345678901234567890");
        assert_eq!(parsed.kind, Kind::Totp(TotpParams::default()));
    }
    assert_eq!(parse(&format!("otpauth://totp/alice?secret={SECRET}")).unwrap().issuer, None);
    let padded = "otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY%3D%3D%3D%3D%3D%3D";
    assert_eq!(parse(padded).unwrap().secret.expose(), b"1234567890123456");
}

#[test]
fn otp_11_bad_uris_are_refused_with_the_part_they_are_about() {
    use ErrorCode::*;
    let table: &[(&str, ErrorCode, Option<&str>)] = &[
        ("", UriMalformed, Some("query")),
        ("otpauth://totp/alice", UriMalformed, Some("query")),
        ("otpauth://totp/alice?", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret=S&", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret=S&&issuer=A", UriMalformed, Some("query")),
        ("otpauth://totp/alice?issuer=A", UriMalformed, Some("secret")),
        ("otpauth://totp/alice?Secret=S", UriMalformed, Some("secret")),
        ("otpauth://totp/alice?secret=S&secret=S", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret=S&s%65cret=S", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret=S&issuer=A&issuer=A", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret=S&x=1&x=2", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret=S&%zz=1", UriMalformed, Some("query")),
        ("otpauth://totp/alice?secret=S#fragment", UriMalformed, Some("fragment")),
        ("https://totp/alice?secret=S", UriMalformed, Some("scheme")),
        ("otpauth:/totp/alice?secret=S", UriMalformed, Some("scheme")),
        (" otpauth://totp/alice?secret=S", UriMalformed, Some("scheme")),
        ("otpauth-migration://offline?data=S", UriMalformed, Some("scheme")),
        ("otpauth://totp?secret=S", UriMalformed, Some("label")),
        ("otpauth://motp/alice?secret=S", UriMalformed, Some("type")),
        ("otpauth:///alice?secret=S", UriMalformed, Some("type")),
        ("otpauth://totp/al%ice?secret=S", UriMalformed, Some("label")),
        ("otpauth://totp/al%2?secret=S", UriMalformed, Some("label")),
        ("otpauth://totp/%FF?secret=S", UriMalformed, Some("label")),
        ("otpauth://totp/%C3%28?secret=S", UriMalformed, Some("label")),
        ("otpauth://totp/%ED%A0%80?secret=S", UriMalformed, Some("label")),
        ("otpauth://totp/alice?secret=S&issuer=%", UriMalformed, Some("issuer")),
        ("otpauth://totp/alice?secret=S&issuer=%+1", UriMalformed, Some("issuer")),
        ("otpauth://totp/alice?secret=%FF", UriMalformed, Some("secret")),
        ("otpauth://totp/?secret=S", NameInvalid, Some("account")),
        ("otpauth://totp/A:?secret=S", NameInvalid, Some("account")),
        ("otpauth://totp/A:b:c?secret=S", NameInvalid, Some("account")),
        ("otpauth://totp/alice%00?secret=S", NameInvalid, Some("account")),
        ("otpauth://totp/alice?secret=S&issuer=A%3AB", NameInvalid, Some("issuer")),
        ("otpauth://totp/alice?secret=S&algorithm=MD5", AlgorithmUnknown, None),
        ("otpauth://totp/alice?secret=S&algorithm=", AlgorithmUnknown, None),
        ("otpauth://totp/alice?secret=S&digits=5", DigitsInvalid, None),
        ("otpauth://totp/alice?secret=S&digits=%2B6", DigitsInvalid, None),
        ("otpauth://totp/alice?secret=S&digits=", DigitsInvalid, None),
        ("otpauth://totp/alice?secret=S&digits=6.0", DigitsInvalid, None),
        ("otpauth://totp/alice?secret=S&digits=%D9%A6", DigitsInvalid, None),
        ("otpauth://totp/alice?secret=S&digits=99999999999999999999", DigitsInvalid, None),
        ("otpauth://totp/alice?secret=S&period=14", PeriodInvalid, None),
        ("otpauth://totp/alice?secret=S&period=0", PeriodInvalid, None),
        ("otpauth://totp/alice?secret=S&period=-30", PeriodInvalid, None),
        ("otpauth://hotp/alice?secret=S", UriMalformed, Some("counter")),
        ("otpauth://hotp/alice?secret=S&counter=", UriMalformed, Some("counter")),
        ("otpauth://hotp/alice?secret=S&counter=-1", UriMalformed, Some("counter")),
        ("otpauth://hotp/alice?secret=S&counter=18446744073709551616", UriMalformed, Some("counter")),
    ];
    for (text, code, about) in table {
        let fault = parse(&text.replace("=S", &format!("={SECRET}"))).err().expect(text);
        assert_eq!((fault.code, fault.about), (*code, *about), "{text}");
    }
}

#[test]
fn otp_11_secrets_in_uris_obey_the_rules_of_secrets() {
    for (text, code) in [
        ("AEBAGBAFAYDQQCIK", ErrorCode::SecretLength),
        ("", ErrorCode::SecretLength),
        ("GEZDGNBVGY3TQOJQGEZDGNBVG1", ErrorCode::SecretMalformed),
        ("GEZDGNBVGY3TQOJQGEZDGNBVGZ", ErrorCode::SecretMalformed),
        ("GEZDGNBVGY3TQOJQGEZDGNBV+Y", ErrorCode::SecretMalformed),
    ] {
        let fault = parse(&format!("otpauth://totp/alice?secret={text}")).err().expect(text);
        assert_eq!(fault.code, code, "{text}");
    }
    let short = "otpauth://totp/alice?secret=AEBAGBAFAYDQQCIK";
    assert!(uri::parse(short, MinimumLength::Legacy).is_ok(), "80 bits on request");
}

#[test]
fn otp_11_more_than_four_kibibytes_are_refused_unread() {
    let start = format!("otpauth://totp/alice?secret={SECRET}&x=");
    let fill = |length: usize| format!("{start}{}", "a".repeat(length - start.len()));
    assert!(parse(&fill(4096)).is_ok());
    assert_eq!(parse(&fill(4097)).err().unwrap().code, ErrorCode::InputTooLarge);
    assert_eq!(parse(&fill(1_000_000)).err().unwrap().code, ErrorCode::InputTooLarge);
}

#[test]
fn otp_11_no_error_tells_the_secret() {
    // Broken at every place in turn, by a character that is allowed nowhere.
    let whole = format!("otpauth://totp/Acme:alice?secret={SECRET}&issuer=Acme&digits=6&period=30");
    for place in 0..whole.len() {
        let broken = format!("{}%{}", &whole[..place], &whole[place..]);
        if let Err(fault) = parse(&broken) {
            for text in [fault.to_string(), format!("{fault:?}")] {
                assert!(!text.contains(&SECRET[..4]) && !text.contains("alice"), "{text}");
            }
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    // 34 characters of up to 12 bytes each, three times, stay below the limit with the longest secret.
    prop::collection::vec(any::<char>().prop_filter("allowed", |c| !c.is_control() && *c != ':'), 1..=34)
        .prop_map(String::from_iter)
        .prop_filter("no space first", |name| !name.starts_with(' '))
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop_oneof![Just(Algorithm::Sha1), Just(Algorithm::Sha256), Just(Algorithm::Sha512)]
}

fn secret() -> Secret {
    Secret::from_base32(SECRET, MinimumLength::Rfc4226).unwrap()
}

fn build(issuer: &str, account: &str, params: &TotpParams) -> Result<String, Fault> {
    uri::build(issuer, account, &secret(), params).map(|uri| uri.to_string())
}

fn parse(text: &str) -> Result<ParsedUri, Fault> {
    uri::parse(text, MinimumLength::Rfc4226)
}
