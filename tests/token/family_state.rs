//! The stored state of a session: a stable form, read strictly.

use serde_json::{Value, json};
use twinlock::{ErrorCode, RefreshFamily};

fn state() -> Value {
    json!({
        "v": 1, "id": "0123456789abcdef0123456789abcdef", "sub": "42", "jti": "1".repeat(32),
        "iat": 1_700_000_100, "exp": 1_700_086_500, "prev": "2".repeat(32), "created": 1_700_000_000,
        "end": 1_702_592_000, "revoked": 1_700_000_200,
    })
}

fn reads(state: &Value) -> bool {
    match RefreshFamily::from_json(&state.to_string()) {
        Ok(family) => serde_json::from_str::<Value>(&family.to_json()).unwrap() == *state,
        Err(fault) => {
            assert_eq!(fault.code, ErrorCode::FamilyMalformed);
            false
        }
    }
}

fn changed(name: &str, value: Value) -> Value {
    let mut state = state();
    state[name] = value;
    state
}

#[test]
fn what_is_stored_comes_back_and_says_what_it_said() {
    assert!(reads(&state()));
    let family = RefreshFamily::from_json(&state().to_string()).unwrap();
    assert_eq!((family.id(), family.subject().as_str()), ("0123456789abcdef0123456789abcdef", "42"));
    let seconds = [family.created_at(), family.rotated_at(), family.expires_at(), family.ends_at()]
        .map(|time| time.seconds());
    assert_eq!(seconds, [1_700_000_000, 1_700_000_100, 1_700_086_500, 1_702_592_000]);
    assert_eq!(family.revoked_at().unwrap().seconds(), 1_700_000_200);
    for optional in ["prev", "revoked"] {
        let mut state = state();
        state.as_object_mut().unwrap().remove(optional);
        assert!(reads(&state), "{optional}");
    }
    assert!(reads(&changed("sub", json!("\"".repeat(255)))));
}

#[test]
fn every_member_is_checked() {
    for name in ["v", "id", "sub", "jti", "iat", "exp", "created", "end"] {
        let mut state = state();
        state.as_object_mut().unwrap().remove(name);
        assert!(!reads(&state), "without {name}");
    }
    let wrong =
        [json!(null), json!(-1), json!(1.5), json!(""), json!("x"), json!([]), json!({}), json!(u64::MAX)];
    for name in state().as_object().unwrap().keys() {
        for value in &wrong {
            let is_allowed = name == "sub" && value == "x";
            assert_eq!(reads(&changed(name, value.clone())), is_allowed, "{name}: {value}");
        }
    }
    for name in ["id", "jti", "prev"] {
        for value in ["1".repeat(31), "1".repeat(33), "G".repeat(32), "A".repeat(32), " ".repeat(32)] {
            assert!(!reads(&changed(name, json!(value))), "{name} {value}");
        }
    }
    assert!(!reads(&changed("v", json!(2))) && !reads(&changed("jti", json!("2".repeat(32)))));
    assert!(!reads(&changed("other", json!(1))), "a state of a later version is not half understood");
}

#[test]
fn times_are_in_order_and_no_session_is_longer_than_thirty_days() {
    assert!(reads(&changed("exp", json!(1_702_592_000))) && !reads(&changed("exp", json!(1_702_592_001))));
    assert!(reads(&changed("iat", json!(1_700_086_500))) && !reads(&changed("iat", json!(1_700_086_501))));
    assert!(!reads(&changed("end", json!(1_702_592_001))));
    assert!(!reads(&changed("created", json!(1_699_999_999))));
}

#[test]
fn what_is_no_state_is_refused_whole() {
    let twice = state().to_string().replacen('{', r#"{"v":1,"#, 1);
    let long = state().to_string() + &" ".repeat(2048);
    for text in ["", "null", "[]", "{}", "1", "\u{0}", &twice, &long, &state().to_string()[1..]] {
        assert_eq!(RefreshFamily::from_json(text).unwrap_err().code, ErrorCode::FamilyMalformed);
    }
}
