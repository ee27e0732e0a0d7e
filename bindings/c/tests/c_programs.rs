//! C programs over the header and the libraries: the whole flow, buffers, misuse, the README's program.
#![cfg(unix)]

mod support;

use support::compile::{check, is_there, run_sanitized, run_shared, run_valgrind, source};
use support::{library, scratch, vectors};

#[test]
fn ffi_08_the_header_compiles_in_every_standard_of_c() {
    for standard in ["c99", "c11", "c17"] {
        check("cc", standard, &source("header.c"));
        check("cc", standard, &source("flow.c"));
    }
}

#[test]
fn ffi_08_the_header_compiles_in_every_standard_of_cpp() {
    if !is_there("c++") {
        return;
    }
    let cpp = scratch("cpp").join("header.cpp");
    std::fs::copy(source("header.c"), &cpp).unwrap();
    for standard in ["c++11", "c++14", "c++17", "c++20"] {
        check("c++", standard, &cpp);
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
fn ffi_02_ffi_03_lengths_are_limits_and_buffers_get_all_or_nothing() {
    run_sanitized(&source("buffers.c"), &library::PLAIN.archive);
}

#[test]
fn ffi_04_ffi_05_panics_and_wrong_handles_are_statuses() {
    run_sanitized(&source("misuse.c"), &library::HARDENED.archive);
}

#[test]
fn ffi_10_valgrind_finds_nothing_in_the_programs() {
    if !is_there("valgrind") {
        return;
    }
    for name in ["flow", "devices", "sent", "trust", "sessions", "sealing", "primitives"] {
        run_valgrind(&source(&format!("{name}.c")), &library::PLAIN.archive);
    }
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
