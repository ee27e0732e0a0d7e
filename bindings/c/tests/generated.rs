//! FFI-01, FFI-02, FFI-03, FFI-05: C programs, generated from the header, that call every function with what it must
//! survive.
#![cfg(unix)]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::path::Path;

use support::calls::{call, input, inputs, program};
use support::prototypes::{self, Parameter, Prototype};
use support::{compile, library};

const MISUSE: &str = "misuse_world.h";

/// Runs a program under the sanitizers and, where it is there, under valgrind.
fn run_checked(source: &Path, archive: &Path) {
    compile::run_sanitized(source, archive);
    if compile::is_there("valgrind") {
        compile::run_valgrind(source, archive);
    }
}

/// What a call comes to: a status and nothing written, or just nothing written.
fn refused(prototype: &Prototype, status: &str, call: &str) -> String {
    if prototype.returns_status {
        return format!("REFUSED({status}, {call});");
    }
    format!("{call}; nothing_was_written(\"{}\");", prototype.name)
}

#[test]
fn ffi_01_null_in_any_pointer_position_is_a_status_and_writes_nothing() {
    let (prototypes, mut statements) = (prototypes::all(), Vec::new());
    for prototype in &prototypes {
        for at in (0..prototype.parameters.len()).filter(|&at| prototype.parameters[at].is_pointer()) {
            let null = call(prototype, |position| (position == at).then(|| "NULL".to_owned()));
            statements.push(refused(prototype, "TWINLOCK_E_NULL_POINTER", &null));
        }
    }
    assert!(prototypes.len() >= 100 && statements.len() >= 300, "{} calls", statements.len());
    run_checked(&program("nulls.c", MISUSE, "", &statements), &library::PLAIN.archive);
}

#[test]
fn ffi_02_a_length_over_the_limit_in_any_position_is_a_status_and_nothing_is_read() {
    let mut statements = Vec::new();
    for prototype in &prototypes::all() {
        for at in inputs(prototype) {
            for length in ["TWINLOCK_INPUT_MAX + 1", "(size_t)1 << 30", "SIZE_MAX"] {
                // One readable byte: a sanitizer finds whoever reads on.
                let long = call(prototype, input(at, "(const void *)io.text", length));
                statements.push(refused(prototype, "TWINLOCK_E_INPUT_TOO_LARGE", &long));
            }
        }
    }
    assert!(statements.len() >= 3 * 120, "{} calls", statements.len());
    statements.push("twinlock_wipe(io.text, SIZE_MAX); nothing_was_written(\"twinlock_wipe\");".to_owned());
    run_checked(&program("lengths.c", MISUSE, "", &statements), &library::PLAIN.archive);
}

#[test]
fn ffi_02_text_that_is_not_utf_8_in_any_position_is_a_status() {
    let mut statements = Vec::new();
    for prototype in &prototypes::all() {
        for at in inputs(prototype).into_iter().filter(|&at| prototype.parameters[at].kind == "const char *")
        {
            for (text, length) in [("\"\\xff\"", "1"), ("\"\\xed\\xa0\\x80\"", "3"), ("\"\\xc3\\xa9\"", "1")]
            {
                let bad = call(prototype, input(at, text, length));
                statements.push(refused(prototype, "TWINLOCK_E_TEXT_NOT_UTF8", &bad));
            }
        }
    }
    assert!(statements.len() >= 3 * 80, "{} calls", statements.len());
    run_checked(&program("utf8.c", MISUSE, "", &statements), &library::PLAIN.archive);
}

#[test]
fn ffi_02_null_and_a_pointer_are_the_same_empty_input_in_any_position() {
    let mut statements = Vec::new();
    for prototype in &prototypes::all() {
        let inputs = inputs(prototype);
        for &at in &inputs {
            let one = call(prototype, input(at, "(const void *)io.text", "0"));
            let other = call(prototype, input(at, "NULL", "0"));
            statements.push(format!("SAME({one}, {other});"));
        }
        if !inputs.is_empty() {
            let all = |pointer: &str| {
                call(prototype, |position| inputs.iter().find_map(|&at| input(at, pointer, "0")(position)))
            };
            statements.push(format!("SAME({}, {});", all("(const void *)io.text"), all("NULL")));
        }
    }
    assert!(statements.len() >= 180, "{} calls", statements.len());
    run_checked(&program("empty.c", MISUSE, "", &statements), &library::PLAIN.archive);
}

/// Whether a parameter is the variable of a handle that the call consumes.
fn is_consumed(prototype: &Prototype, parameter: &Parameter) -> bool {
    let by_engine_new = prototype.name == "twinlock_engine_new" && parameter.name == "config";
    parameter.kind.ends_with("**") && (parameter.name == "proof" || by_engine_new)
}

fn wrong_handle(prototype: &Prototype, at: usize, wrong: &str) -> String {
    let parameter = &prototype.parameters[at];
    let kind = format!("twinlock_{} *", parameter.handle());
    if is_consumed(prototype, parameter) {
        let call = call(prototype, |position| (position == at).then(|| "&wrong".to_owned()));
        let refused = refused(prototype, "TWINLOCK_E_HANDLE_INVALID", &call);
        return format!("{{ {kind}wrong = ({kind}){wrong}; {refused} CHECK(wrong == ({kind}){wrong}); }}");
    }
    let call = call(prototype, |position| (position == at).then(|| format!("({kind}){wrong}")));
    refused(prototype, "TWINLOCK_E_HANDLE_INVALID", &call)
}

#[test]
fn ffi_05_a_dead_and_a_foreign_handle_in_any_position_is_a_status_and_stays_as_it_is() {
    let mut statements = Vec::new();
    for prototype in &prototypes::all() {
        for (at, parameter) in prototype.parameters.iter().enumerate() {
            let handle = parameter.handle();
            let is_read = !parameter.kind.ends_with("**") || is_consumed(prototype, parameter);
            if handle.is_empty() || !is_read {
                continue;
            }
            let foreign = if handle == "engine" { "living.config" } else { "living.engine" };
            let crooked = format!("((char *)living.{handle} + 1)");
            for wrong in [&format!("dead.{handle}"), foreign, &crooked] {
                statements.push(wrong_handle(prototype, at, wrong));
            }
        }
    }
    assert!(statements.len() >= 3 * 75, "{} calls", statements.len());
    run_checked(&program("handles.c", MISUSE, "", &statements), &library::HARDENED.archive);
}

/// An argument out of `output_world.h` with which the function succeeds.
fn good(prototype: &Prototype, parameter: &Parameter) -> String {
    let function = prototype.name.trim_start_matches("twinlock_");
    let name = parameter.name.as_str();
    let input = name.strip_suffix("_length").filter(|_| parameter.kind == "size_t");
    let of = match (function, input.unwrap_or(name)) {
        ("engine_check_enrollment", "record") => "no_record",
        ("vault_from_text", "envelope") => "envelope_text",
        ("engine_enrollment_subject" | "engine_check_enrollment", "token") => "enrollment_token",
        ("engine_refresh_subject", "token") => "refresh_token",
        (_, "token") => "access_token",
        (_, "challenge") => "challenge_token",
        (_, same) => same,
    };
    match (function, name) {
        _ if input.is_some() => format!("{of}.length"),
        (_, "out") => format!("({})out", parameter.kind),
        (_, "capacity" | "length" | "engine" | "proof" | "tokens" | "otpauth") => name.to_owned(),
        ("pending_record", "pending") => "undecided".to_owned(),
        ("pending_session", "pending") => "signed_in".to_owned(),
        ("pending_session", "field") => "TWINLOCK_FIELD_SESSION".to_owned(),
        (_, "pending") => name.to_owned(),
        (_, "record") if of == "record" => "record.record".to_owned(),
        (_, _) if parameter.is_pointer() => format!("({}){of}.data", parameter.kind),
        ("pending_text", "field") => "TWINLOCK_FIELD_ENROLLMENT_TOKEN".to_owned(),
        ("proof_text", "field") => "TWINLOCK_FIELD_SUBJECT".to_owned(),
        ("tokens_text", "field") => "TWINLOCK_FIELD_ACCESS".to_owned(),
        ("otpauth_text", "field") => "TWINLOCK_FIELD_ACCOUNT".to_owned(),
        (_, "now") => "NOW".to_owned(),
        (_, "index") => "0".to_owned(),
        (_, "digits") => "6".to_owned(),
        (_, "period") => "30".to_owned(),
        // The first of the constants, a counter, a scale.
        _ => "1".to_owned(),
    }
}

/// The names and numbers of the header's constants of a kind, such as `R` or `OPT`, and the comments on them.
fn constants(kind: &str) -> Vec<(String, String)> {
    let (header, prefix) = (prototypes::header(), format!("#define TWINLOCK_{kind}_"));
    let defined = header.split("\n\n").filter(|part| part.contains(&prefix));
    let read = |part: &str| {
        let (comment, define) = part.split_once("#define ").unwrap();
        (define.split(' ').next().unwrap().to_owned(), comment.to_owned())
    };
    defined.map(read).collect()
}

#[test]
fn ffi_14_every_status_of_the_header_has_its_name_and_a_sentence_in_the_library() {
    let mut statements = Vec::new();
    for (constant, comment) in [constants("R"), constants("E")].concat() {
        let name = constant[11..].to_lowercase();
        let sentence = comment.trim_start_matches("// ").trim_end();
        statements.push(format!("says({constant}, \"{name}\", \"{sentence}\");"));
    }
    assert_eq!(statements.len(), twinlock_core::ErrorCode::ALL.len());
    compile::run_sanitized(&program("statuses.c", "constants.h", "", &statements), &library::PLAIN.archive);
}

#[test]
fn every_numeric_option_has_the_bounds_that_the_header_tells() {
    let mut statements = Vec::new();
    for (constant, comment) in constants("OPT") {
        let Some((_, bounds)) = comment.split_once("From ") else { continue };
        let numbers: Vec<&str> =
            bounds.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
        statements.push(format!("has_bounds({constant}, {}, {});", numbers[0], numbers[1]));
    }
    assert!(statements.len() >= 29, "{} options", statements.len());
    compile::run_sanitized(&program("options.c", "constants.h", "", &statements), &library::PLAIN.archive);
}

#[test]
fn ffi_03_every_function_fills_a_buffer_exactly_or_gives_its_size_and_no_byte() {
    let (mut functions, mut statements) = (String::new(), Vec::new());
    let fills_buffer = |prototype: &&Prototype| prototype.parameters.iter().any(|p| p.name == "capacity");
    for prototype in prototypes::all().iter().filter(fills_buffer) {
        let name = &prototype.name;
        let arguments: Vec<String> = prototype.parameters.iter().map(|p| good(prototype, p)).collect();
        functions += &format!(
            "static int32_t call_{name}(uint8_t *out, size_t capacity, size_t *length)\n{{\n    return {name}({});\n}}\n",
            arguments.join(", ")
        );
        statements.push(format!("fills_exactly(call_{name}, \"{name}\");"));
    }
    assert!(statements.len() >= 41, "{} functions", statements.len());
    let source = program("outputs.c", "output_world.h", &functions, &statements);
    run_checked(&source, &library::PLAIN.archive);
}
