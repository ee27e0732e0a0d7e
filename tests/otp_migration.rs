//! Google Authenticator's export.
#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use twinlock::otp::hotp::HotpParams;
use twinlock::otp::migration::{self, Export};
use twinlock::otp::totp::TotpParams;
use twinlock::otp::uri::{Kind, ParsedUri};
use twinlock::otp::{Algorithm, Digits};
use twinlock::{ErrorCode, Fault, MinimumLength};

const START: &str = "otpauth-migration://offline?data=";
const SECRET: &[u8] = b"12345678901234567890";

type Bytes = Vec<u8>;

#[test]
fn the_example_of_dim13_otpauth_is_read() {
    let export = parse(
        "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC",
    );
    let export = export.unwrap();
    assert_eq!((export.batch_id, export.batch_index, export.batch_size), (0, 0, 1));
    let [account] = &export.accounts[..] else { panic!("one account") };
    assert_eq!((account.issuer.as_deref(), account.account.as_str()), (Some("Example"), "alice@google.com"));
    assert_eq!(*account.secret.to_base32(), "JBSWY3DPEHPK3PXP");
    assert_eq!(account.kind, Kind::Totp(TotpParams::default()));
}

#[test]
fn the_example_of_privacyidea_authenticator_is_read() {
    let export = parse(
        "otpauth-migration://offline?data=ChkKCpklNznImSU3OcgSBVRlc3QxIAEoATACChsKCpklNznamSU3OdoSBVRlc3QyIAEoATABOAAQARgBIAAo8enF1vr%2F%2F%2F%2F%2FAQ%3D%3D",
    )
    .unwrap();
    assert_eq!((export.batch_id, export.batch_index, export.batch_size), (-1_429_113_615, 0, 1));
    let [first, second] = &export.accounts[..] else { panic!("two accounts") };
    assert_eq!((first.issuer.as_deref(), first.account.as_str()), (None, "Test1"));
    assert_eq!(first.secret.expose(), b"\x99%79\xc8\x99%79\xc8");
    assert_eq!(first.kind, Kind::Totp(TotpParams::default()));
    assert_eq!(second.account, "Test2");
    assert_eq!(second.kind, Kind::Hotp { params: HotpParams::default(), counter: 0 });
}

#[test]
fn otp_04_short_secrets_need_the_caller_s_word() {
    let uri = format!("{START}CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC");
    let fault = migration::parse(&uri, MinimumLength::Rfc4226).err().unwrap();
    assert_eq!(fault.code, ErrorCode::SecretLength);
}

#[test]
fn every_algorithm_number_of_digits_and_type_is_read() {
    for (number, algorithm) in
        [(0, Algorithm::Sha1), (1, Algorithm::Sha1), (2, Algorithm::Sha256), (3, Algorithm::Sha512)]
    {
        for (count, digits) in [(0, Digits::Six), (1, Digits::Six), (2, Digits::Eight)] {
            let fields = [numbers(&[(4, number), (5, count)]), numbers(&[(6, 1), (7, 1 << 62)])];
            let params = HotpParams { algorithm, digits };
            assert_eq!(one(&fields).unwrap().kind, Kind::Hotp { params, counter: 1 << 62 });
            let params = TotpParams { algorithm, digits, ..TotpParams::default() };
            assert_eq!(one(&[fields[0].clone(), numbers(&[(6, 2)])]).unwrap().kind, Kind::Totp(params));
            assert_eq!(one(&fields[..1]).unwrap().kind, Kind::Totp(params), "the type is missing");
        }
    }
}

#[test]
fn what_the_engine_does_not_support_is_refused_by_its_part() {
    for (fields, about) in [
        (numbers(&[(4, 4)]), "algorithm"),
        (numbers(&[(4, u64::MAX)]), "algorithm"),
        (numbers(&[(5, 3)]), "digits"),
        (numbers(&[(6, 3)]), "type"),
        (numbers(&[(6, 1), (7, u64::MAX)]), "counter"),
        (numbers(&[(4, 1), (4, 1)]), "algorithm"),
        (field(4, b"1"), "algorithm"),
        (field(7, b"1").into_iter().chain(numbers(&[(6, 1)])).collect(), "counter"),
        (field(3, b"\xff"), "issuer"),
        (field(2, b"twice"), "name"),
    ] {
        let fault = one(std::slice::from_ref(&fields)).err().unwrap();
        assert_eq!(fault, Fault::about(ErrorCode::MigrationMalformed, about), "{fields:?}");
    }
}

#[test]
fn names_are_read_as_those_of_a_uri() {
    let read = |name: &str, issuer: &str| {
        let account = [field(1, SECRET), field(2, name.as_bytes()), field(3, issuer.as_bytes())].concat();
        parse(&uri(&[account], &[])).map(|export| {
            let account = export.accounts.into_iter().next().unwrap();
            (account.issuer, account.account)
        })
    };
    let names = |issuer: &str| Ok((Some(issuer.to_owned()), "alice".to_owned()));
    assert_eq!(read("alice", "Acme"), names("Acme"));
    assert_eq!(read("Acme:alice", "Acme"), names("Acme"));
    assert_eq!(read("Old: alice", " Acme"), names("Acme"));
    assert_eq!(read("Old:  alice", ""), names("Old"));
    assert_eq!(read("alice", ""), Ok((None, "alice".to_owned())));
    for (name, issuer, about) in [
        ("", "Acme", "account"),
        ("a:b:c", "", "account"),
        ("a\u{0}", "", "account"),
        ("alice", "A:b", "issuer"),
    ] {
        assert_eq!(read(name, issuer), Err(Fault::about(ErrorCode::NameInvalid, about)));
    }
}

#[test]
fn batches_are_told_apart() {
    let accounts = [account(), account()];
    let export = parse(&uri(&accounts, &[(2, 1), (3, 3), (4, 2), (5, 7)])).unwrap();
    assert_eq!((export.accounts.len(), export.batch_id, export.batch_index, export.batch_size), (2, 7, 2, 3));
    for (fields, about) in [
        (vec![(3, 3), (4, 3)], "batch_index"),
        (vec![(4, 1)], "batch_index"),
        (vec![(3, 1 << 32)], "batch_size"),
        (vec![(3, u64::MAX)], "batch_size"),
        (vec![(5, 1 << 31)], "batch_id"),
        (vec![(5, 1), (5, 1)], "batch_id"),
    ] {
        let fault = parse(&uri(&accounts, &fields)).err().unwrap();
        assert_eq!(fault, Fault::about(ErrorCode::MigrationMalformed, about), "{fields:?}");
    }
}

#[test]
fn a_hundred_accounts_are_read_and_none_or_more_refused() {
    assert_eq!(parse(&uri(&vec![account(); 100], &[])).unwrap().accounts.len(), 100);
    for count in [0, 101] {
        let fault = parse(&uri(&vec![account(); count], &[(2, 1)])).err().unwrap();
        assert_eq!(fault, Fault::about(ErrorCode::MigrationMalformed, "accounts"), "{count}");
    }
}

#[test]
fn unknown_fields_are_skipped_and_broken_ones_refused() {
    let whole = [field(1, &account()), numbers(&[(9, 1)]), field(8, b"id"), vec![0x5d, 1, 2, 3, 4]].concat();
    let eight = [vec![0x59], vec![0; 8]].concat();
    assert_eq!(parse_bytes(&[&whole[..], &eight].concat()).unwrap().accounts.len(), 1);
    for tail in [
        &[0x0a_u8][..],                                          // no length
        &[0x0a, 0x05, 1],                                        // too short
        &[0x0a, 0x80],                                           // a length without an end
        &[0x5d, 1, 2, 3],                                        // half of four bytes
        &[0x59, 1, 2, 3, 4],                                     // half of eight
        &[0x5b],                                                 // a group
        &[0x5f],                                                 // no kind at all
        &[0x00, 0x00],                                           // field 0
        &[0x18, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2], // above 64 bits
        &[0x18, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0],
        &[0x0a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], // longer than memory
        &[0x08, 1],                                              // an account that is a number
    ] {
        let fault = parse_bytes(&[&whole[..], tail].concat()).err().unwrap();
        assert_eq!(fault, Fault::about(ErrorCode::MigrationMalformed, "data"), "{tail:?}");
    }
}

#[test]
fn base64_may_come_raw_percent_encoded_and_without_padding() {
    let bytes = [field(1, &account()), field(8, &[0xfb, 0xff, 0xfe, 0xff])].concat();
    let text = STANDARD.encode(&bytes);
    assert!(text.contains('/') && text.contains('+') && text.ends_with('='), "{text}");
    let encoded = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
    for data in [text.as_str(), text.trim_end_matches('='), &encoded] {
        assert!(parse(&format!("{START}{data}")).is_ok(), "{data}");
        assert!(parse(&format!("OTPAUTH-migration://offline/?data={data}&x=1")).is_ok(), "{data}");
    }
}

#[test]
fn what_is_no_export_is_refused_by_its_part() {
    let data = STANDARD.encode(field(1, &account()));
    for (text, about) in [
        (String::new(), "scheme"),
        (format!("otpauth://offline?data={data}"), "scheme"),
        (format!("otpauth-migration://online?data={data}"), "scheme"),
        (format!("é{START}{data}"), "scheme"),
        ("otpauth-migration://offline".into(), "query"),
        (format!("otpauth-migration://offline&data={data}"), "query"),
        (format!("{START}{data}&data={data}"), "query"),
        (format!("{START}{data}%"), "query"),
        ("otpauth-migration://offline?x=1".into(), "data"),
        (format!("{START}!!!"), "data"),
        (format!("{START}{}", data.replace('A', " ")), "data"),
        (START.into(), "accounts"),
    ] {
        let fault = parse(&text).err().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(fault, Fault::about(ErrorCode::MigrationMalformed, about), "{text}");
    }
    let long = format!("{START}{}", "A".repeat(64 * 1024));
    assert_eq!(parse(&long).err().unwrap().code, ErrorCode::InputTooLarge);
}

#[test]
fn otp_11_no_error_tells_the_secret() {
    let whole = uri(&[account()], &[]);
    for place in 0..whole.len() {
        let broken = format!("{}~{}", &whole[..place], &whole[place..]);
        let fault = parse(&broken).err().unwrap();
        let text = format!("{fault} {fault:?}");
        assert!(!text.contains("1234") && !text.contains("MTIz") && !text.contains("alice"), "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_bytes(&bytes);
    }

    #[test]
    fn no_changed_byte_panics(place in any::<prop::sample::Index>(), value in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = [field(1, &account()), field(1, &account()), numbers(&[(2, 1), (3, 2), (4, 1), (5, 9)])].concat();
        let place = place.index(bytes.len());
        bytes[place] = value;
        let _ = parse_bytes(&bytes);
        let _ = parse_bytes(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn no_text_panics(text in "(otpauth-migration://offline\\?data=)?[\\PC%&=]{0,80}") {
        let _ = parse(&text);
    }

    #[test]
    fn what_was_written_is_read(
        names in prop::collection::vec(("[^:\\p{C} ][^:\\p{C}]{0,20}", "[^:\\p{C} ][^:\\p{C}]{0,20}"), 1..12),
        secret in prop::collection::vec(any::<u8>(), 10..=128),
        counter in 0_u64..1 << 63,
        batch_id in any::<i32>(),
    ) {
        let accounts: Vec<_> = names
            .iter()
            .map(|(issuer, name)| {
                let texts = [field(3, issuer.as_bytes()), field(1, &secret), field(2, name.as_bytes())];
                [texts.concat(), numbers(&[(7, counter), (6, 1), (5, 2), (4, 3)])].concat()
            })
            .collect();
        let export = parse(&uri(&accounts, &[(5, i64::from(batch_id).cast_unsigned())])).unwrap();
        prop_assert_eq!(export.batch_id, batch_id);
        prop_assert_eq!(export.accounts.len(), names.len());
        for (read, (issuer, name)) in export.accounts.iter().zip(&names) {
            prop_assert_eq!((read.issuer.as_deref(), &read.account), (Some(issuer.as_str()), name));
            prop_assert_eq!(read.secret.expose(), &secret);
            let params = HotpParams { algorithm: Algorithm::Sha512, digits: Digits::Eight };
            prop_assert_eq!(read.kind, Kind::Hotp { params, counter });
        }
    }
}

/// The one account with these fields beside secret and name.
fn one(fields: &[Bytes]) -> Result<ParsedUri, Fault> {
    let account = [&account()[..], &fields.concat()].concat();
    parse(&uri(&[account], &[])).map(|export| export.accounts.into_iter().next().unwrap())
}

fn account() -> Bytes {
    [field(1, SECRET), field(2, b"alice")].concat()
}

fn uri(accounts: &[Bytes], fields: &[(u8, u64)]) -> String {
    let accounts: Bytes = accounts.iter().flat_map(|account| field(1, account)).collect();
    let data = STANDARD.encode([accounts, numbers(fields)].concat());
    format!("{START}{}", utf8_percent_encode(&data, NON_ALPHANUMERIC))
}

fn field(number: u8, bytes: &[u8]) -> Bytes {
    [vec![number << 3 | 2], varint(bytes.len().try_into().unwrap()), bytes.to_vec()].concat()
}

fn numbers(fields: &[(u8, u64)]) -> Bytes {
    fields.iter().flat_map(|(number, value)| [vec![number << 3], varint(*value)].concat()).collect()
}

fn varint(mut value: u64) -> Bytes {
    let mut bytes = Bytes::new();
    while value > 0x7f {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

fn parse_bytes(bytes: &[u8]) -> Result<Export, Fault> {
    parse(&format!("{START}{}", STANDARD.encode(bytes)))
}

fn parse(uri: &str) -> Result<Export, Fault> {
    migration::parse(uri, MinimumLength::Legacy)
}
