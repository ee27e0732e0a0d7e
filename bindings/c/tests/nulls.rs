//! FFI-01: a C program, generated from the header, that passes NULL in every pointer position of every function.
#![cfg(unix)]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fmt::Write as _;

use support::prototypes::{Parameter, Prototype};
use support::{compile, library, prototypes, scratch};

const START: &str = r#"#include "support.h"

#define STEAM_URI "otpauth://steam/Steam:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Steam"

/* Everything that is not NULL in a call is in here, and stays as it is. */
static struct {
    char text[64];
    uint8_t bytes[64];
    size_t length;
    int64_t number;
    uint64_t step;
    size_t count;
} io, before;

static void nothing_was_written(const char *call)
{
    if (memcmp(&io, &before, sizeof io) != 0) {
        fprintf(stderr, "%s wrote something\n", call);
        exit(1);
    }
}

int main(void)
{
    twinlock_config *config = NULL, *config_before;
    twinlock_engine *engine = new_engine();
    twinlock_pending *pending = NULL, *pending_before;
    twinlock_proof *proof = NULL, *proof_before;
    twinlock_tokens *tokens = NULL, *tokens_before;
    twinlock_otpauth *otpauth = NULL, *otpauth_before;
    memset(&io, '1', sizeof io);
    before = io;
    EXPECT(TWINLOCK_OK, twinlock_config_new(&config));
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, NONE, "pwd", 3, NOW, NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    EXPECT(TWINLOCK_OK, twinlock_engine_mint(engine, &proof, NONE, NOW, &tokens));
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, NONE, "pwd", 3, NOW, NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(STEAM_URI, sizeof STEAM_URI - 1, &otpauth));
    otpauth_before = otpauth;
    config_before = config, pending_before = pending, proof_before = proof, tokens_before = tokens;
"#;

const END: &str = r"
    CHECK(config == config_before && pending == pending_before);
    CHECK(proof == proof_before && tokens == tokens_before && otpauth == otpauth_before);
    twinlock_otpauth_free(otpauth);
    twinlock_tokens_free(tokens);
    twinlock_proof_free(proof);
    twinlock_pending_free(pending);
    twinlock_config_free(config);
    twinlock_engine_free(engine);
    return 0;
}
";

/// A living argument for a parameter.
fn living(parameter: &Parameter) -> String {
    let handle = parameter.kind.trim_start_matches("const ").trim_start_matches("twinlock_");
    match parameter.kind.as_str() {
        "const char *" | "char *" | "void *" => "io.text".to_owned(),
        "const uint8_t *" | "uint8_t *" => "io.bytes".to_owned(),
        "size_t *" if parameter.name == "length" => "&io.length".to_owned(),
        "size_t *" => "&io.count".to_owned(),
        "int64_t *" => "&io.number".to_owned(),
        "uint64_t *" => "&io.step".to_owned(),
        // One byte of input, one byte of room, one of the constants, and so on.
        number if !number.contains('*') => "1".to_owned(),
        _ if handle.ends_with(" **") => format!("&{}", handle.trim_end_matches(" **")),
        _ => handle.trim_end_matches(" *").to_owned(),
    }
}

fn call(prototype: &Prototype, null: usize) -> String {
    let argument = |(at, parameter)| if at == null { "NULL".to_owned() } else { living(parameter) };
    let arguments: Vec<String> = prototype.parameters.iter().enumerate().map(argument).collect();
    format!("{}({})", prototype.name, arguments.join(", "))
}

fn program(prototypes: &[Prototype]) -> (String, usize) {
    let (mut text, mut calls) = (START.to_owned(), 0);
    for prototype in prototypes {
        for at in (0..prototype.parameters.len()).filter(|&at| prototype.parameters[at].is_pointer()) {
            let call = call(prototype, at);
            let wrapped = if prototype.returns_status {
                format!("EXPECT(TWINLOCK_E_NULL_POINTER, {call});")
            } else {
                format!("{call};")
            };
            writeln!(text, "    {wrapped}\n    nothing_was_written(\"{}\");", prototype.name).unwrap();
            calls += 1;
        }
    }
    (text + END, calls)
}

#[test]
fn ffi_01_null_in_any_pointer_position_is_a_status_and_writes_nothing() {
    let prototypes = prototypes::all();
    let (text, calls) = program(&prototypes);
    assert!(prototypes.len() >= 90 && calls >= 280, "{} functions, {calls} calls", prototypes.len());
    let source = scratch("nulls").join("nulls.c");
    std::fs::write(&source, text).unwrap();
    compile::run_sanitized(&source, &library::PLAIN.archive);
}
