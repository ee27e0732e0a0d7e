//! The outer form of a token: three canonical base64url parts, JSON with unique members, 8 KiB.

use crate::forge::{
    self, base64url, engine, header, payload, token, token_of_parts, token_of_text, verdict, with,
};
use proptest::prelude::*;
use serde_json::json;
use twinlock::{Engine, ErrorCode, JwtAlgorithm, TokenKind};

const INVALID: Result<(), ErrorCode> = Err(ErrorCode::TokenInvalid);

fn hs256() -> Engine {
    engine(JwtAlgorithm::Hs256)
}

fn good() -> String {
    token(&header(), &payload())
}

#[test]
fn jwt_08_a_token_has_three_parts_and_nothing_around_them() {
    let (engine, good) = (hs256(), good());
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, signature] = parts[..] else { panic!("three parts") };
    let forms = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        head.to_owned(),
        format!("{head}.{body}"),
        format!("{head}.{body}."),
        format!("{head}..{signature}"),
        format!(".{body}.{signature}"),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{signature}"),
        format!("{head}.{body}.{body}.{signature}"),
        format!("{head}.{body}..{signature}"),
        format!("{head}.{body}.{signature}.{signature}.{signature}"),
        format!("Bearer {good}"),
        format!("\"{good}\""),
    ];
    for form in forms {
        assert_eq!(verdict(&engine, &form), INVALID, "{form}");
    }
    assert_eq!(verdict(&engine, &good), Ok(()));
}

#[test]
fn jwt_08_white_space_padding_and_foreign_characters_are_refused_wherever_they_stand() {
    let (engine, good) = (hs256(), good());
    for foreign in [" ", "\n", "\r\n", "\t", "=", "==", "+", "/", "%3D", "\0", "\u{feff}", "é", "．"] {
        for at in [0, 1, good.find('.').unwrap(), good.rfind('.').unwrap(), good.len() - 1, good.len()] {
            let mut spoiled = good.clone();
            spoiled.insert_str(at, foreign);
            assert_eq!(verdict(&engine, &spoiled), INVALID, "{foreign:?} at {at}");
        }
    }
}

#[test]
fn jwt_08_padding_and_white_space_are_refused_even_when_they_are_signed() {
    let engine = hs256();
    let (head, body) =
        (base64url(header().to_string().as_bytes()), base64url(payload().to_string().as_bytes()));
    for (head, body) in [
        (format!("{head}="), body.clone()),
        (head.clone(), format!("{body}=")),
        (head.clone(), format!("{body}==")),
        (format!("{head}\n"), body.clone()),
        (head.clone(), format!(" {body}")),
        (String::new(), body.clone()),
        (head.clone(), String::new()),
    ] {
        assert_eq!(verdict(&engine, &token_of_parts(&head, &body)), INVALID, "{head} {body}");
    }
    assert_eq!(verdict(&engine, &token_of_parts(&head, &body)), Ok(()));
}

#[test]
fn jwt_08_the_last_character_of_a_part_has_one_form() {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (engine, good) = (hs256(), good());
    let passing = ALPHABET.iter().filter(|last| {
        let other = format!("{}{}", &good[..good.len() - 1], char::from(**last));
        verdict(&engine, &other).is_ok()
    });
    assert_eq!(passing.count(), 1);
}

#[test]
fn jwt_01_every_bit_of_the_signature_counts() {
    let (engine, good) = (hs256(), good());
    let signed = &good[..good.rfind('.').unwrap()];
    let signature = forge::mac(JwtAlgorithm::Hs256, forge::SECRET, signed);
    assert_eq!(verdict(&engine, &format!("{signed}.{}", base64url(&signature))), Ok(()));
    for bit in 0..signature.len() * 8 {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(verdict(&engine, &format!("{signed}.{}", base64url(&flipped))), INVALID, "bit {bit}");
    }
    for length in 0..signature.len() {
        let cut = base64url(&signature[..length]);
        assert_eq!(verdict(&engine, &format!("{signed}.{cut}")), INVALID, "{length} bytes");
    }
    let longer = base64url(&[&signature[..], &[0]].concat());
    assert_eq!(verdict(&engine, &format!("{signed}.{longer}")), INVALID);
}

#[test]
fn jwt_01_every_character_of_a_token_counts() {
    let (engine, good) = (hs256(), good());
    for at in 0..good.len() {
        let cut = &good[..at];
        assert_eq!(verdict(&engine, cut), INVALID, "{at} characters");
        let other = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut changed = good.clone();
        changed.replace_range(at..=at, other);
        assert_eq!(verdict(&engine, &changed), INVALID, "character {at}");
    }
}

#[test]
fn jwt_08_members_are_unique_in_header_and_payload() {
    let engine = hs256();
    let (head, body) = (header().to_string(), payload().to_string());
    let doubled = |object: &str, member: &str| format!("{{{member},{}", &object[1..]);
    for member in
        [r#""alg":"none""#, r#""alg":"HS256""#, r#""typ":"JWT""#, r#""kid":"x""#, r#""\u0061lg":"none""#]
    {
        let token = token_of_text(doubled(&head, member).as_bytes(), body.as_bytes());
        assert_eq!(verdict(&engine, &token), INVALID, "{member}");
    }
    for member in
        [r#""sub":"1""#, r#""sub":"42""#, r#""\u0073ub":"1""#, r#""exp":9999999999"#, r#""x":{"y":1,"y":2}"#]
    {
        let token = token_of_text(head.as_bytes(), doubled(&body, member).as_bytes());
        assert_eq!(verdict(&engine, &token), INVALID, "{member}");
    }
    let single =
        token_of_text(doubled(&head, r#""x":1"#).as_bytes(), doubled(&body, r#""x":{"y":1}"#).as_bytes());
    assert_eq!(verdict(&engine, &single), Ok(()));
}

#[test]
fn jwt_08_header_and_payload_are_json_objects_in_utf_8() {
    let engine = hs256();
    let (head, body) = (header().to_string(), payload().to_string());
    let others: [&[u8]; 8] = [b"", b"null", b"[]", b"\"a\"", b"1", b"{", b"\xff\xfe", b"{\"sub\":\"\xff\"}"];
    for other in others {
        assert_eq!(verdict(&engine, &token_of_text(other, body.as_bytes())), INVALID, "{other:?}");
        assert_eq!(verdict(&engine, &token_of_text(head.as_bytes(), other)), INVALID, "{other:?}");
    }
    let latin1: Vec<u8> = body.bytes().flat_map(|b| if b == b'4' { vec![0xe9] } else { vec![b] }).collect();
    assert_eq!(verdict(&engine, &token_of_text(head.as_bytes(), &latin1)), INVALID);
    let trailing = [body.as_bytes(), b"{}"].concat();
    assert_eq!(verdict(&engine, &token_of_text(head.as_bytes(), &trailing)), INVALID);
}

#[test]
fn jwt_08_a_token_has_at_most_8_kib_and_a_megabyte_is_refused_at_once() {
    let engine = hs256();
    let filled = |filler: usize| token(&header(), &with(payload(), "x", json!("x".repeat(filler))));
    let of_length = |length: usize| {
        let missing = (length - filled(0).len()) * 3 / 4;
        (missing - 8..).map(filled).find(|token| token.len() >= length).unwrap()
    };
    let fits = of_length(8190);
    assert!((8190..=8192).contains(&fits.len()) && verdict(&engine, &fits) == Ok(()));
    assert_eq!(verdict(&engine, &of_length(8193)), INVALID);
    for filler in ["A", ".", "\0", "é", "{"] {
        assert_eq!(verdict(&engine, &filler.repeat(1 << 20)), INVALID);
        assert_eq!(verdict(&engine, &format!("{}{}", good(), filler.repeat(1 << 20))), INVALID);
    }
}

#[test]
fn jwt_08_nesting_ends_early() {
    let engine = hs256();
    for depth in [16, 100, 2500] {
        let body = payload().to_string();
        let nested = format!("{{\"x\":{}{},{}", "[".repeat(depth), "]".repeat(depth), &body[1..]);
        assert_eq!(
            verdict(&engine, &token_of_text(header().to_string().as_bytes(), nested.as_bytes())),
            INVALID
        );
    }
}

proptest! {
    #[test]
    fn chl_08_no_text_makes_a_verifier_panic_and_none_passes(
        text in prop_oneof![".{0,256}", "[A-Za-z0-9_.=-]{0,256}", "eyJ[A-Za-z0-9_-]{0,64}\\.[A-Za-z0-9_-]{0,64}\\.[A-Za-z0-9_-]{43}"]
    ) {
        let engine = hs256();
        for kind in [TokenKind::Access, TokenKind::Refresh] {
            let code = engine.verify(&text, kind, forge::now()).unwrap_err().code();
            prop_assert_eq!(code, ErrorCode::TokenInvalid);
        }
        let code = engine.challenge_subject(&text, forge::now()).unwrap_err().code();
        prop_assert_eq!(code, ErrorCode::ChallengeInvalid);
    }

    #[test]
    fn jwt_08_no_signed_bytes_make_a_verifier_panic(head: Vec<u8>, body: Vec<u8>) {
        let engine = hs256();
        let good_head = header().to_string();
        prop_assert_eq!(verdict(&engine, &token_of_text(&head, &body)), INVALID);
        prop_assert_eq!(verdict(&engine, &token_of_text(good_head.as_bytes(), &body)), INVALID);
    }

    #[test]
    fn jwt_08_a_spoiled_token_is_refused(at: prop::sample::Index, other in "[ -~]") {
        let (engine, good) = (hs256(), good());
        let at = at.index(good.len());
        let mut spoiled = good.clone();
        spoiled.replace_range(at..=at, &other);
        prop_assert_eq!(verdict(&engine, &spoiled).is_ok(), spoiled == good);
    }
}
