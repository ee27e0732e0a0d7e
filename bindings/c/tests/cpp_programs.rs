//! C++ programs over `twinlock.hpp` and the library, with exceptions and without.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::compile::{SANITIZERS, SYSTEM_LIBRARIES, cc, is_there};
use support::{crate_directory, include_directory, library, run, scratch, vectors};

/// The two ways to report errors, each run in one standard and checked in both.
const MODES: [(&str, &str, &[&str]); 2] =
    [("exceptions", "c++17", &[]), ("results", "c++20", &["-DTWINLOCK_NO_EXCEPTIONS", "-fno-exceptions"])];

fn repository() -> PathBuf {
    crate_directory().join("../..")
}

fn source(name: &str) -> PathBuf {
    repository().join("bindings/cpp/tests").join(name)
}

/// The public headers, without their folder: the one that users include and its parts.
fn headers() -> Vec<String> {
    let parts = std::fs::read_dir(include_directory().join("twinlock")).unwrap();
    let parts = parts.map(|entry| format!("twinlock/{}", entry.unwrap().file_name().to_str().unwrap()));
    std::iter::once("twinlock.hpp".to_owned()).chain(parts).collect()
}

fn cpp(standard: &str, options: &[&str]) -> Command {
    let mut command = cc("c++");
    command.args(["-Wshadow", "-Wconversion"]).arg(format!("-std={standard}")).args(options);
    command
}

/// Compiles a program in a mode, runs it under the sanitizers and gives what it said.
fn run_in(mode: &str, standard: &str, options: &[&str], source: &Path) -> String {
    let program = scratch(&format!("cpp-{mode}")).join(source.file_stem().unwrap());
    run(cpp(standard, options)
        .args(&*SANITIZERS)
        .arg("-I")
        .arg(scratch("cpp-vectors"))
        .arg(source)
        .arg(&library::PLAIN.archive)
        .args(SYSTEM_LIBRARIES)
        .arg("-o")
        .arg(&program));
    let output = run(Command::new(&program)
        .env("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1")
        .env("UBSAN_OPTIONS", "print_stacktrace=1"));
    String::from_utf8(output.stdout).unwrap()
}

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

#[test]
fn the_cpp_example_walks_through_a_users_life() {
    if !is_there("c++") {
        return;
    }
    let (mode, standard, options) = MODES[0];
    let said = run_in(mode, standard, options, &repository().join("examples/cpp/login.cpp"));
    for part in ["Scan this", "Signed in.", "Refused, replayed: ", "Backup codes left: 9"] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

/// The package still works after its folder was moved.
#[test]
#[cfg(target_os = "linux")]
fn a_cmake_project_finds_the_installed_package() {
    if !is_there("c++") || !is_there("cmake") {
        return;
    }
    let folder = scratch("cmake");
    std::fs::remove_dir_all(&folder).unwrap();
    let (package, example) = (folder.join("package"), folder.join("example"));
    let (installed, moved) = (folder.join("installed"), folder.join("moved"));
    let libraries = library::PLAIN.archive.parent().unwrap();
    run(cmake_project(&repository().join("bindings/cpp"), &package)
        .arg(format!("-DTWINLOCK_LIBRARY_DIR={}", libraries.display())));
    run(Command::new("cmake").arg("--install").arg(&package).arg("--prefix").arg(&installed));
    std::fs::rename(&installed, &moved).unwrap();
    run(cmake_project(&repository().join("examples/cpp"), &example)
        .arg(format!("-DCMAKE_PREFIX_PATH={}", moved.display())));
    run(Command::new("cmake").arg("--build").arg(&example));
    for program in ["login", "login-static"] {
        let said = String::from_utf8(run(&mut Command::new(example.join(program))).stdout).unwrap();
        assert!(said.contains("Signed in."), "{said}");
    }
}

fn cmake_project(source: &Path, build: &Path) -> Command {
    let mut command = Command::new("cmake");
    command.arg("-S").arg(source).arg("-B").arg(build);
    command
}
