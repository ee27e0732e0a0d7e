use super::{object as read, *};
use proptest::prelude::*;

fn object(text: &[u8]) -> Option<Map<String, Value>> {
    read(text)
}

#[test]
fn jwt_08_members_are_unique_on_every_level_and_however_they_are_escaped() {
    for text in [
        r#"{"sub":"1","sub":"1"}"#,
        r#"{"sub":"1","other":2,"sub":"2"}"#,
        r#"{"sub":"1","\u0073ub":"2"}"#,
        r#"{"a":{"b":1,"b":1}}"#,
        r#"{"a":[{"b":1},{"b":1,"c":2,"b":3}]}"#,
    ] {
        assert_eq!(object(text.as_bytes()), None, "{text}");
    }
    assert!(object(br#"{"a":{"b":1},"b":{"a":1},"c":[{"a":1},{"a":1}],"A":1}"#).is_some());
}

#[test]
fn jwt_08_the_whole_text_is_one_object_in_utf_8() {
    let refused: [&[u8]; 16] = [
        b"",
        b"null",
        b"1",
        b"[]",
        b"\"text\"",
        b"{",
        b"{}x",
        b"{}{}",
        b"{\"a\":1,}",
        b"{'a':1}",
        b"{\"a\":NaN}",
        b"{\"a\":1e999}",
        b"\xEF\xBB\xBF{}",
        b"{\"a\":\"\xFF\"}",
        b"{\"a\":\"\\ud800\"}",
        b"{\"a\":\"\0\"}",
    ];
    for text in refused {
        assert_eq!(object(text), None, "{text:?}");
    }
    assert!(object(b"{}").is_some());
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(object(nested(15).as_bytes()).is_some());
    assert_eq!(object(nested(16).as_bytes()), None);
    assert_eq!(object(nested(4000).as_bytes()), None);
}

#[test]
fn jwt_06_numbers_are_unsigned_integers_and_times_end_with_the_year_9999() {
    for number in
        ["-1", "-0", "1.0", "1e2", "1E300", "18446744073709551616", "\"1\"", "true", "null", "[1]", "{}"]
    {
        let found = object(format!("{{\"n\":{number}}}").as_bytes()).unwrap();
        assert_eq!(unsigned(&found, "n"), None, "{number}");
        assert_eq!(time(&found, "n"), None, "{number}");
    }
    let found =
        object(br#"{"zero":0,"last":253402300799,"late":253402300800,"max":18446744073709551615}"#).unwrap();
    assert_eq!(time(&found, "zero"), Some(UnixTime::default()));
    assert_eq!(time(&found, "last"), Some(UnixTime::MAX));
    assert_eq!(time(&found, "late"), None);
    assert_eq!(time(&found, "max"), None);
    assert_eq!(unsigned(&found, "max"), Some(u64::MAX));
    assert_eq!(unsigned(&found, "absent"), None);
}

#[derive(serde::Deserialize)]
struct Typed<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(default, deserialize_with = "present")]
    number: Option<u64>,
    #[serde(default, rename = "refused")]
    _refused: Absent,
}

#[test]
fn jwt_06_typed_objects_take_their_types_and_nothing_near_them() {
    let typed =
        |text: &'static str| read::<Typed<'_>>(text.as_bytes()).map(|typed| (typed.text, typed.number));
    assert_eq!(typed(r#"{"text":"a"}"#), Some(("a".into(), None)));
    assert_eq!(typed(r#"{"text":"\u0061","number":1,"other":[{}]}"#), Some(("a".into(), Some(1))));
    for text in [
        r#"["a",1]"#,
        r#"{"text":null}"#,
        r#"{"text":1}"#,
        r#"{"text":["a"]}"#,
        r#"{"number":1}"#,
        r#"{"text":"a","number":null}"#,
        r#"{"text":"a","number":-1}"#,
        r#"{"text":"a","number":1.0}"#,
        r#"{"text":"a","number":1e0}"#,
        r#"{"text":"a","number":"1"}"#,
        r#"{"text":"a","number":18446744073709551616}"#,
        r#"{"text":"a","refused":null}"#,
        r#"{"text":"a","refused":[]}"#,
        r#"{"text":"a","other":1,"other":1}"#,
    ] {
        assert_eq!(typed(text), None, "{text}");
    }
}

#[test]
fn arrays_of_strings_hold_nothing_else() {
    let found = object(br#"{"good":["a","b"],"empty":[],"mixed":["a",1],"text":"a"}"#).unwrap();
    assert_eq!(texts(&found, "good"), Some(vec!["a", "b"]));
    assert_eq!(texts(&found, "empty"), Some(vec![]));
    for name in ["mixed", "text", "absent"] {
        assert_eq!(texts(&found, name), None, "{name}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, text in r#"[{}\[\]",:a0-9.eE\\u-]{0,64}"#) {
        let _ = object(&bytes);
        let _ = object(text.as_bytes());
    }

    #[test]
    fn what_is_read_is_what_serde_json_reads(names in prop::collection::hash_set(".{0,8}", 0..12)) {
        let value: Map<String, Value> = names.into_iter().map(|name| (name, Value::from(1))).collect();
        let text = serde_json::to_vec(&value).unwrap();
        prop_assert_eq!(object(&text), Some(value));
    }
}
