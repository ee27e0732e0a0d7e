//! The lives of `tests/vectors/life.json` in C and C++, by the actors of `tests/languages`, under the sanitizers.
#![cfg(unix)]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

extern crate twinlock_core as twinlock;

#[path = "../../../tests/languages/rust/life.rs"]
mod life;
mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;
use support::compile::{build_sanitized, is_there, sanitized};
use support::cpp::{MODES, build_in};
use support::{crate_directory, library};

/// An actor that runs.
struct Program {
    process: Child,
    lines: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Program {
    fn start(program: &Path) -> Self {
        let mut process = sanitized(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (lines, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { process, lines, answers: BufReader::new(answers) }
    }

    /// Plays every life. What leaked is told at the end.
    fn play(mut self) {
        assert!(life::play(&mut self) > 100);
        let Self { mut process, lines, .. } = self;
        drop(lines);
        assert!(process.wait().unwrap().success());
    }
}

impl life::Actor for Program {
    fn configure(&mut self, line: &str) {
        writeln!(self.lines, "{line}").unwrap();
    }

    fn play(&mut self, line: &str) -> Value {
        writeln!(self.lines, "{line}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{line}\ngave {answer:?}"))
    }
}

#[test]
fn every_life_ends_as_the_script_says_in_c() {
    let source = crate_directory().join("../../tests/languages/c/actor.c");
    Program::start(&build_sanitized(&source, &library::PLAIN.archive)).play();
}

#[test]
fn every_life_ends_as_the_script_says_in_cpp() {
    if !is_there("c++") {
        return;
    }
    let source = crate_directory().join("../../tests/languages/cpp/actor.cpp");
    let (mode, standard, options) = MODES[0];
    Program::start(&build_in(mode, standard, options, &source)).play();
}
