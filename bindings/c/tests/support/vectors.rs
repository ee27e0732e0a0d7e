//! The shared vectors as a C header, since a C test reads no JSON.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use super::compile::source;
use super::{crate_directory, scratch};

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

/// The members of each case of a list as the rows of an array: `#define HOTP_CASES {0, "755224"}, …`.
fn cases(file: &str, list: &str, members: &[&str], name: &str) -> String {
    let file = read(file);
    let row = |case: &Value| {
        let values =
            members.iter().map(|path| match path.split('.').fold(case, |value, member| &value[member]) {
                Value::String(text) => literal(text),
                Value::Null => "NULL".to_owned(),
                number => format!("INT64_C({number})"),
            });
        format!("{{{}}}", values.collect::<Vec<_>>().join(", "))
    };
    let rows: Vec<String> = file[list].as_array().unwrap().iter().map(row).collect();
    format!("#define {name} {}\n", rows.join(", "))
}

fn key(name: &str) -> String {
    let pem = std::fs::read_to_string(folder().join("keys").join(format!("{name}.pem"))).unwrap();
    format!("#define {} {}\n", name.to_uppercase(), literal(&pem))
}

/// The whole header.
pub fn header() -> String {
    [
        macros("rfc4226.json", "HOTP"),
        cases("rfc4226.json", "vectors", &["counter", "code"], "HOTP_CASES"),
        cases("rfc6238.json", "secrets", &["algorithm", "secret_base32"], "TOTP_SECRETS"),
        cases("rfc6238.json", "vectors", &["algorithm", "time", "code"], "TOTP_CASES"),
        macros("jwt_challenge.json", "CHALLENGE"),
        cases("jwt_challenge.json", "accepted", &["token", "claims.sub"], "CHALLENGES_ACCEPTED"),
        cases("jwt_challenge.json", "rejected", &["name", "token", "binding", "now"], "CHALLENGES_REJECTED"),
        macros("jwt_own.json", "OWN"),
        macros("record.json", "RECORD"),
        macros("record_full.json", "RECORD_FULL"),
        macros("session.json", "SESSION"),
        macros("envelope.json", "ENVELOPE"),
        envelopes(),
        key("p256_pkcs8"),
        key("p256_public"),
    ]
    .concat()
}

/// A program that includes the header, in a folder with it.
pub fn beside(name: &str) -> PathBuf {
    let program = scratch(name).join(name);
    std::fs::write(program.with_file_name("vectors.h"), header()).unwrap();
    std::fs::copy(source(name), &program).unwrap();
    program
}
