//! C++ programs over `twinlock.hpp` and the library, with exceptions and without.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::process::Command;

use support::compile::{SYSTEM_LIBRARIES, is_there};
use support::cpp::{MODES, cpp, headers, run_in, source};
use support::{include_directory, library, run, scratch, vectors};

fn run_in_both_modes(name: &str) {
    if !is_there("c++") {
        return;
    }
    for (mode, standard, options) in MODES {
        run_in(mode, standard, options, &source(name));
    }
}

#[test]
fn the_cpp_header_compiles_in_both_modes_and_every_standard_from_17_on() {
    if !is_there("c++") {
        return;
    }
    for (_, _, options) in MODES {
        for standard in ["c++17", "c++20"] {
            for name in ["header.cpp", "flow.cpp"] {
                run(cpp(standard, options).arg("-fsyntax-only").arg(source(name)));
            }
        }
    }
}

#[test]
fn each_part_of_the_cpp_header_compiles_alone_and_twice() {
    if !is_there("c++") {
        return;
    }
    let source = scratch("cpp-parts").join("part.cpp");
    for header in headers() {
        std::fs::write(&source, format!("#include <{header}>\n#include <{header}>\n")).unwrap();
        for (_, standard, options) in MODES {
            run(cpp(standard, options).arg("-fsyntax-only").arg(&source));
        }
    }
}

#[test]
fn the_main_job_runs_from_enrollment_to_tokens_in_cpp() {
    run_in_both_modes("flow.cpp");
}

#[test]
fn the_devices_of_a_user_come_go_and_are_set_right_in_cpp() {
    run_in_both_modes("devices.cpp");
}

#[test]
fn the_status_tells_how_the_factor_stands_in_cpp() {
    run_in_both_modes("status.cpp");
}

#[test]
fn codes_are_sent_devices_trusted_and_step_ups_shown_in_cpp() {
    run_in_both_modes("trust.cpp");
}

#[test]
fn sessions_rotate_and_keys_change_in_cpp() {
    run_in_both_modes("sessions.cpp");
}

#[test]
fn many_threads_on_one_account_get_what_one_would_get_in_cpp() {
    run_in_both_modes("threads.cpp");
}

#[test]
fn the_primitives_work_without_an_engine_in_cpp() {
    run_in_both_modes("primitives.cpp");
}

#[test]
fn handles_move_and_secrets_are_wiped_in_cpp() {
    run_in_both_modes("handles.cpp");
}

#[test]
fn what_other_languages_wrote_opens_in_cpp() {
    std::fs::write(scratch("cpp-vectors").join("vectors.h"), vectors::header()).unwrap();
    run_in_both_modes("vectors.cpp");
}

/// Both modes in one program: the names that the linker sees differ.
#[test]
fn translation_units_of_both_modes_link_into_one_program() {
    if !is_there("c++") {
        return;
    }
    let folder = scratch("cpp-linked");
    let objects = MODES.map(|(mode, standard, options)| {
        let object = folder.join(mode).with_extension("o");
        run(cpp(standard, options).args(["-c", "-o"]).arg(&object).arg(source("linked.cpp")));
        object
    });
    let program = folder.join("linked");
    run(Command::new("c++")
        .args(&objects)
        .arg(&library::PLAIN.archive)
        .args(SYSTEM_LIBRARIES)
        .arg("-o")
        .arg(&program));
    run(&mut Command::new(&program));
}

/// Every function of the C header is called by the C++ one.
#[test]
fn the_cpp_header_leaves_no_function_out() {
    let read = |header: &String| std::fs::read_to_string(include_directory().join(header)).unwrap();
    let text: String = headers().iter().map(read).collect();
    let words: std::collections::HashSet<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let missing: Vec<String> = support::prototypes::all()
        .into_iter()
        .map(|prototype| prototype.name)
        .filter(|name| !words.contains(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
