//! C++ programs: compiled in both modes with every warning an error, run under the sanitizers.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::compile::{SANITIZERS, SYSTEM_LIBRARIES, cc, sanitized};
use super::{crate_directory, include_directory, library, run, scratch};

/// The two ways to report errors, each run in one standard and checked in both.
pub const MODES: [(&str, &str, &[&str]); 2] =
    [("exceptions", "c++17", &[]), ("results", "c++20", &["-DTWINLOCK_NO_EXCEPTIONS", "-fno-exceptions"])];

pub fn repository() -> PathBuf {
    crate_directory().join("../..")
}

pub fn source(name: &str) -> PathBuf {
    repository().join("bindings/cpp/tests").join(name)
}

/// The public headers, without their folder: the one that users include and its parts.
pub fn headers() -> Vec<String> {
    let parts = std::fs::read_dir(include_directory().join("twinlock")).unwrap();
    let parts = parts.map(|entry| format!("twinlock/{}", entry.unwrap().file_name().to_str().unwrap()));
    std::iter::once("twinlock.hpp".to_owned()).chain(parts).collect()
}

pub fn cpp(standard: &str, options: &[&str]) -> Command {
    let mut command = cc("c++");
    command.args(["-Wshadow", "-Wconversion"]).arg(format!("-std={standard}")).args(options);
    command
}

/// Compiles a program in a mode, runs it under the sanitizers and gives what it said.
pub fn run_in(mode: &str, standard: &str, options: &[&str], source: &Path) -> String {
    let program = build_in(mode, standard, options, source);
    String::from_utf8(run(&mut sanitized(&program)).stdout).unwrap()
}

/// Compiles a program in a mode, with sanitizers.
pub fn build_in(mode: &str, standard: &str, options: &[&str], source: &Path) -> PathBuf {
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
    program
}
