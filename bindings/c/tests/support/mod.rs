//! What the tests of the C interface share: the libraries, the compiler, the prototypes of the header.
// Each test file is a program of its own and uses a part of this; a test may panic.
#![allow(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod calls;
pub mod compile;
pub mod cpp;
pub mod library;
pub mod prototypes;
pub mod sequences;
pub mod terminal;
pub mod vectors;

use std::path::PathBuf;
use std::process::{Command, Output};

/// This crate's folder.
pub fn crate_directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the public header.
pub fn include_directory() -> PathBuf {
    crate_directory().join("../../include")
}

/// A folder of this test run's own.
pub fn scratch(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("twinlock-c").join(name);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

/// Runs a command and shows what it said when it fails.
pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    assert!(output.status.success(), "{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&said));
    output
}
