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

/// What the macros of a file begin with, by which `tests/vector_readers.rs` sees who reads it.
fn prefix(file: &str) -> String {
    file.trim_end_matches(".json").to_uppercase()
}

/// Each text and number of a file as a macro, such as `SESSION_ACCESS`.
fn macros(file: &str) -> String {
    let (mut lines, prefix) = (String::new(), prefix(file));
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
    format!("#define ENVELOPE_VECTORS {}\n", rows.collect::<Vec<_>>().join(", "))
}

/// Each entry of a list as a row of an array: the texts and numbers under `names`, quoted; "" where there is none.
fn rows(list: &Value, name: &str, names: &[&str]) -> String {
    let cell = |case: &Value, name: &&str| match &case[*name] {
        Value::Number(number) => literal(&number.to_string()),
        value => literal(value.as_str().unwrap_or_default()),
    };
    let row = |case: &Value| names.iter().map(|name| cell(case, name)).collect::<Vec<_>>().join(", ");
    let rows: Vec<String> =
        list.as_array().unwrap().iter().map(|case| format!("{{{}}}", row(case))).collect();
    format!("#define {name} {}\n", rows.join(", "))
}

/// The codes of RFC 4226 and RFC 6238.
fn codes() -> String {
    let (hotp, totp) = (read("rfc4226.json"), read("rfc6238.json"));
    [
        macros("rfc4226.json"),
        rows(&hotp["vectors"], "RFC4226_VECTORS", &["counter", "code"]),
        rows(&totp["secrets"], "RFC6238_SECRETS", &["algorithm", "secret_base32", "secret_hex"]),
        rows(&totp["vectors"], "RFC6238_VECTORS", &["algorithm", "time", "step", "code"]),
    ]
    .concat()
}

/// Challenges with the subject that they are for, or why they are rejected.
fn challenges() -> String {
    let mut file = read("jwt_challenge.json");
    for case in file["accepted"].as_array_mut().unwrap() {
        case["sub"] = case["claims"]["sub"].clone();
    }
    // In C an empty binding is none.
    let bound_to_nothing = |case: &Value| case["binding"].as_str() == Some("");
    file["rejected"].as_array_mut().unwrap().retain(|case| !bound_to_nothing(case));
    [
        macros("jwt_challenge.json"),
        rows(&file["accepted"], "JWT_CHALLENGE_ACCEPTED", &["name", "token", "sub"]),
        rows(&file["rejected"], "JWT_CHALLENGE_REJECTED", &["name", "token", "binding", "now"]),
    ]
    .concat()
}

/// The texts of RFC 4648, in hexadecimal and in base32.
fn base32() -> String {
    rows(&read("rfc4648.json")["vectors"], "RFC4648_VECTORS", &["hex", "base32"])
}

/// Key files with what an engine says to them.
fn keys() -> String {
    let mut cases = read("keys.json")["vectors"].take();
    for case in cases.as_array_mut().unwrap() {
        let file = folder().join(case["file"].as_str().unwrap());
        case["pem"] = std::fs::read_to_string(file).unwrap().into();
    }
    rows(&cases, "KEYS_VECTORS", &["file", "algorithm", "outcome", "pem"])
}

fn key(name: &str) -> String {
    let pem = std::fs::read_to_string(folder().join("keys").join(format!("{name}.pem"))).unwrap();
    format!("#define {} {}\n", name.to_uppercase(), literal(&pem))
}

/// The whole header.
pub fn header() -> String {
    [
        codes(),
        challenges(),
        base32(),
        keys(),
        macros("backup.json"),
        macros("jwt_own.json"),
        macros("record.json"),
        macros("record_full.json"),
        macros("session.json"),
        macros("envelope.json"),
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
