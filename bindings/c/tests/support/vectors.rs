//! The shared vectors as a C header, since a C test reads no JSON.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use super::crate_directory;

fn folder() -> PathBuf {
    crate_directory().join("../../tests/vectors")
}

fn read(file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder().join(file)).unwrap()).unwrap()
}

/// A string literal of C. What is not ASCII is in octal, which ends after three digits.
fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => write!(quoted, "\\{}", char::from(byte)).unwrap(),
            b' '..=b'~' => quoted.push(char::from(byte)),
            _ => write!(quoted, "\\{byte:03o}").unwrap(),
        }
    }
    quoted + "\""
}

/// Each text and number of a file as a macro, such as `SESSION_ACCESS`.
fn macros(file: &str, prefix: &str) -> String {
    let mut lines = String::new();
    for (name, value) in read(file).as_object().unwrap() {
        let value = match value {
            Value::String(text) => literal(text),
            Value::Number(number) => format!("INT64_C({number})"),
            Value::Array(words) if words.iter().all(Value::is_string) => {
                literal(&words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
            }
            _ => continue,
        };
        writeln!(lines, "#define {prefix}_{} {value}", name.to_uppercase()).unwrap();
    }
    lines
}

fn envelopes() -> String {
    let text = |case: &Value, name: &str| literal(case[name].as_str().unwrap());
    let cases = read("envelope.json");
    let rows = cases["envelopes"].as_array().unwrap().iter().map(|case| {
        format!("{{{}, {}, {}}}", text(case, "subject"), text(case, "plaintext"), text(case, "envelope"))
    });
    format!("#define ENVELOPES {}\n", rows.collect::<Vec<_>>().join(", "))
}

fn key(name: &str) -> String {
    let pem = std::fs::read_to_string(folder().join("keys").join(format!("{name}.pem"))).unwrap();
    format!("#define {} {}\n", name.to_uppercase(), literal(&pem))
}

/// The whole header.
pub fn header() -> String {
    [
        macros("record_full.json", "RECORD_FULL"),
        macros("session.json", "SESSION"),
        macros("envelope.json", "ENVELOPE"),
        envelopes(),
        key("p256_pkcs8"),
        key("p256_public"),
    ]
    .concat()
}
