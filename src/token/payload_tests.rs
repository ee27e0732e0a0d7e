use super::*;
use crate::token::json;
use proptest::prelude::*;
use serde_json::{Map, Value};

const KNOWN: [&str; 16] = [
    "token_type",
    "iat",
    "exp",
    "nbf",
    "auth_time",
    "epoch",
    FAMILY_END,
    SLIDING_END,
    "jti",
    "sub",
    "iss",
    "aud",
    "amr",
    "fam",
    "purpose",
    "uid",
];

fn reads(text: &str) -> bool {
    Payload::read(text.as_bytes(), "uid").is_some()
}

fn good(name: &str) -> &'static str {
    match name {
        "amr" => r#"["pwd"]"#,
        "iat" | "exp" | "nbf" | "auth_time" | "epoch" | FAMILY_END | SLIDING_END => "1",
        _ => r#""text""#,
    }
}

#[test]
fn jwt_08_no_claim_occurs_twice_known_or_not_however_it_is_escaped() {
    for name in KNOWN.into_iter().chain(["other"]) {
        let (value, rest) = (good(name), &name[1..]);
        let escaped = format!(r"\u{:04x}{rest}", name.as_bytes()[0]);
        assert!(reads(&format!(r#"{{"{name}":{value},"x":1}}"#)), "{name}");
        assert!(reads(&format!(r#"{{"{escaped}":{value}}}"#)), "{escaped}");
        assert!(!reads(&format!(r#"{{"{name}":{value},"x":1,"{name}":{value}}}"#)), "{name}");
        assert!(!reads(&format!(r#"{{"{name}":{value},"{escaped}":{value}}}"#)), "{escaped}");
    }
    let many = |last: u32| (0..last).map(|n| format!(r#""n{n}":1,"#)).collect::<String>();
    assert!(reads(&format!(r#"{{{}"n40":1}}"#, many(40))));
    assert!(!reads(&format!(r#"{{{}"n3":1}}"#, many(40))));
    assert!(!reads(r#"{"other":{"a":1,"a":1}}"#) && !reads(r#"{"other":[{"a":1,"a":1}]}"#));
}

#[test]
fn jwt_06_a_known_claim_has_its_type_and_null_is_none() {
    for name in KNOWN {
        for value in ["null", "true", "-1", "1.0", "1e0", "{}", "[1]", r#"["a",null]"#, "[[]]"] {
            assert!(!reads(&format!(r#"{{"{name}":{value}}}"#)), "{name}: {value}");
        }
    }
    assert!(reads(r#"{"user_id":null,"other":[null,{"a":-1.5}]}"#), "another name than the host's");
}

#[test]
fn nesting_has_the_same_end_as_elsewhere() {
    let nested = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    for depth in [0, 1, 14, 15, 16, 17, 4000] {
        let text = if depth == 0 { r#"{"a":1}"#.to_owned() } else { nested(depth) };
        let elsewhere = json::object::<Map<String, Value>>(text.as_bytes()).is_some();
        assert_eq!(reads(&text), elsewhere, "{depth}");
    }
}

proptest! {
    #[test]
    fn what_is_read_can_be_read_by_the_other_reader(
        text in r#"\{("(exp|aud|sub|x|y|\\u0078)":(1|-1|"a"|\["a"\]|\{"a":1\}|null|1e9),?){0,4}\}?"#,
    ) {
        let other = json::object::<Map<String, Value>>(text.as_bytes());
        prop_assert!(!reads(&text) || other.is_some(), "{}", text);
    }

    #[test]
    fn what_has_no_known_claim_is_read_alike(
        text in r#"\{("(x|y|z|\\u0078)":(1|-1|"a"|\["a"\]|\{"a":1,"a":1\}|\{"a":1\}|null|1e9),?){0,4}\}?"#,
    ) {
        let other = json::object::<Map<String, Value>>(text.as_bytes());
        prop_assert_eq!(reads(&text), other.is_some(), "{}", text);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        let _ = Payload::read(&bytes, "uid");
    }
}
