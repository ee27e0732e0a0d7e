use super::*;
use proptest::prelude::*;
use serde_json::json;

const SECRET: &[u8] = &[7; 64];

fn key(id: &str) -> Key {
    Key::hmac(JwtAlgorithm::Hs256, id.to_owned(), SECRET).unwrap()
}

fn signed(key: &Key) -> String {
    sign(key, "typ", &json!({"sub": "42"})).unwrap()
}

#[test]
fn jwt_07_a_key_id_of_more_than_64_bytes_is_not_looked_up() {
    for (length, passes) in [(0, true), (64, true), (65, false), (4000, false)] {
        let key = key(&"k".repeat(length));
        let token = signed(&key);
        assert_eq!(Unverified::parse(&token, "typ").is_some(), passes, "{length}");
    }
}

#[test]
fn jwt_07_a_key_verifies_only_what_names_it() {
    let token = signed(&key("one"));
    assert!(Unverified::parse(&token, "typ").unwrap().verify(&key("two")).is_none());
    assert!(Unverified::parse(&token, "typ").unwrap().verify(&key("One")).is_none());
    assert!(Unverified::parse(&token, "typ").unwrap().verify(&key("one")).is_some());
}

#[test]
fn header_and_claims_are_written_in_one_order() {
    let token = sign(&key("id"), "typ", &json!({"sub": "42"})).unwrap();
    let parts: Vec<Vec<u8>> = token.split('.').map(|part| from_base64url(part).unwrap()).collect();
    assert_eq!(parts[0], br#"{"alg":"HS256","kid":"id","typ":"typ"}"#);
    assert_eq!(parts[1], br#"{"sub":"42"}"#);
    assert_eq!(parts[2].len(), 32);
}

#[test]
fn jwt_08_what_would_be_too_large_to_verify_is_not_signed() {
    let of_size = |size: usize| sign(&key("id"), "typ", &json!({"x": "x".repeat(size)}));
    let longest = (0..).map_while(|step| of_size(6000 + step).ok()).last().unwrap();
    assert!((MAX_BYTES - 2..=MAX_BYTES).contains(&longest.len()));
    assert!(Unverified::parse(&longest, "typ").is_some());
    assert_eq!(of_size(10_000), Err(Fault::new(ErrorCode::ClaimInvalid)));
}

#[test]
fn jwt_01_keys_of_all_hashes_sign_with_their_own() {
    let (hs256, hs384, hs512) = (JwtAlgorithm::Hs256, JwtAlgorithm::Hs384, JwtAlgorithm::Hs512);
    for (algorithm, length) in [(hs256, 32), (hs384, 48), (hs512, 64)] {
        let key = Key::hmac(algorithm, "id".to_owned(), SECRET).unwrap();
        let token = signed(&key);
        assert_eq!(from_base64url(token.rsplit_once('.').unwrap().1).unwrap().len(), length);
        for other in [hs256, hs384, hs512] {
            let verifier = Key::hmac(other, "id".to_owned(), SECRET).unwrap();
            let verified = Unverified::parse(&token, "typ").unwrap().verify(&verifier);
            assert_eq!(verified.is_some(), other == algorithm);
        }
    }
}

proptest! {
    #[test]
    fn jwt_08_a_header_of_our_form_says_what_the_json_reader_reads(
        text in r#"\{"alg":"[HS25 "]{0,6}","kid":"[a-f0-9é\\u"]{0,8}(","kid":"x)?","typ":"[a-z+",:]{0,8}"\}?"#,
    ) {
        let facts = |header: ReadHeader<'_>| {
            (header.alg.into_owned(), header.kid.map(Cow::into_owned), header.typ.map(Cow::into_owned))
        };
        if let Some(ours) = ReadHeader::of_our_form(text.as_bytes()) {
            prop_assert_eq!(Some(facts(ours)), json::object(text.as_bytes()).map(facts), "{}", text);
        }
    }
}

#[test]
fn the_header_that_we_write_is_of_our_form() {
    let token = signed(&key("0c96b7654975785b"));
    let header = from_base64url(token.split('.').next().unwrap()).unwrap();
    let read = ReadHeader::of_our_form(&header).unwrap();
    assert_eq!(
        (&*read.alg, read.kid.as_deref(), read.typ.as_deref()),
        ("HS256", Some("0c96b7654975785b"), Some("typ"))
    );
}
