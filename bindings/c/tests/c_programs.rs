//! C programs over the header and the libraries: the whole flow, buffers, misuse, the README's program.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use support::compile::{
    IN_THREADS, check, is_there, run_sanitized, run_shared, run_threads, run_valgrind, source, sources,
};
use support::prototypes::{self, Prototype};
use support::{library, scratch, vectors};

/// The programs that need nothing but the library as it is shipped.
const PROGRAMS: [&str; 10] =
    ["flow", "devices", "kinds", "sent", "trust", "sessions", "sealing", "jwk", "primitives", "inputs"];

#[test]
fn ffi_08_the_header_compiles_in_every_standard_of_c() {
    for compiler in ["cc", "clang"].into_iter().filter(|compiler| is_there(compiler)) {
        for standard in ["c99", "c11", "c17"] {
            check(compiler, standard, &source("header.c"));
            check(compiler, standard, &source("flow.c"));
        }
    }
}

#[test]
fn ffi_08_the_header_compiles_in_every_standard_of_cpp() {
    let cpp = scratch("cpp").join("header.cpp");
    std::fs::copy(source("header.c"), &cpp).unwrap();
    for compiler in ["c++", "clang++"].into_iter().filter(|compiler| is_there(compiler)) {
        for standard in ["c++11", "c++14", "c++17", "c++20"] {
            check(compiler, standard, &cpp);
        }
    }
}

#[test]
fn the_main_job_runs_from_enrollment_to_tokens_in_c() {
    run_sanitized(&source("flow.c"), &library::PLAIN.archive);
}

#[test]
fn the_devices_of_a_user_come_go_and_are_set_right_in_c() {
    run_sanitized(&source("devices.c"), &library::PLAIN.archive);
}

#[test]
fn a_device_of_each_kind_is_enrolled_in_c() {
    run_sanitized(&source("kinds.c"), &library::PLAIN.archive);
}

#[test]
fn keys_for_tokens_come_as_jwks_in_c() {
    run_sanitized(&source("jwk.c"), &library::PLAIN.archive);
}

#[test]
fn codes_are_sent_and_enrollment_demanded_in_c() {
    run_sanitized(&source("sent.c"), &library::PLAIN.archive);
}

#[test]
fn devices_are_trusted_and_nobody_makes_up_a_step_up_in_c() {
    run_sanitized(&source("trust.c"), &library::PLAIN.archive);
}

#[test]
fn sessions_rotate_in_c() {
    run_sanitized(&source("sessions.c"), &library::PLAIN.archive);
}

#[test]
fn keys_change_and_secrets_are_sealed_in_c() {
    run_sanitized(&source("sealing.c"), &library::PLAIN.archive);
}

#[test]
fn the_primitives_work_without_an_engine_in_c() {
    run_sanitized(&source("primitives.c"), &library::PLAIN.archive);
}

#[test]
fn what_other_languages_wrote_opens_in_c() {
    run_sanitized(&vectors::beside("vectors.c"), &library::PLAIN.archive);
}

#[test]
fn otp_01_codes_challenges_and_records_are_those_of_all_languages_in_c() {
    run_sanitized(&vectors::beside("known_answers.c"), &library::PLAIN.archive);
}

#[test]
fn ffi_02_text_is_what_its_length_says_and_times_have_bounds() {
    run_sanitized(&source("inputs.c"), &library::PLAIN.archive);
}

#[test]
fn ffi_04_ffi_05_panics_and_wrong_handles_are_statuses() {
    run_sanitized(&source("misuse.c"), &library::HARDENED.archive);
}

#[test]
fn ffi_06_sixteen_threads_run_every_call_on_shared_engines() {
    let read = |name: &&str| std::fs::read_to_string(source(&format!("{name}.c"))).unwrap();
    let sources: String = IN_THREADS.iter().chain(&["threads"]).map(read).collect();
    let helpers = std::fs::read_to_string(source("support.h")).unwrap();
    let is_called = |name: &str| [&sources, &helpers].iter().any(|text| text.contains(&format!("{name}(")));
    let engine =
        |function: &Prototype| function.parameters.iter().any(|p| p.kind == "const twinlock_engine *");
    let forgotten: Vec<_> =
        prototypes::all().into_iter().filter(|f| engine(f) && !is_called(&f.name)).collect();
    assert!(forgotten.is_empty(), "no thread calls {forgotten:#?}");
    run_threads(&library::PLAIN.archive);
}

/// `threads` is left out: under valgrind, which runs one thread at a time, it is the other programs again. What
/// `constant_time` is for, valgrind has to find: `constant_time.rs`.
#[test]
fn ffi_10_valgrind_finds_nothing_in_any_program() {
    let with_vectors = ["known_answers.c", "vectors.c"];
    let other = ["constant_time", "header", "known_answers", "misuse", "readme", "threads", "vectors"];
    let mut known: Vec<String> = [&PROGRAMS[..], &other].concat().into_iter().map(str::to_owned).collect();
    known.sort();
    assert_eq!(known, sources(), "each program is in a list of this file");
    if !is_there("valgrind") {
        return;
    }
    for name in PROGRAMS.iter().chain(&["readme"]) {
        run_valgrind(&source(&format!("{name}.c")), &library::PLAIN.archive);
    }
    for name in with_vectors {
        run_valgrind(&vectors::beside(name), &library::PLAIN.archive);
    }
    run_valgrind(&source("misuse.c"), &library::HARDENED.archive);
}

#[test]
fn the_readme_program_runs_with_the_static_library() {
    let said = run_sanitized(&source("readme.c"), &library::PLAIN.archive);
    assert!(said.starts_with("Signed in. Access token: ey"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn the_readme_program_runs_with_the_shared_library_by_its_soname() {
    let folder = scratch("shared");
    std::fs::copy(&library::PLAIN.shared, folder.join("libtwinlock.so.0")).unwrap();
    let link = folder.join("libtwinlock.so");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink("libtwinlock.so.0", &link).unwrap();
    let said = run_shared(&source("readme.c"), &folder);
    // Without the unversioned name, which only the compiler needs, the program must still start.
    std::fs::remove_file(&link).unwrap();
    let program = folder.join("readme");
    support::run(std::process::Command::new(program).env("LD_LIBRARY_PATH", &folder));
    assert!(said.starts_with("Signed in. Access token: ey"), "{said}");
}
