//! FFI-11: sequences of calls that `make fuzz` found worth keeping, and short ones of every function, under the
//! sanitizers. The program is generated from the header.
#![cfg(unix)]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::path::PathBuf;

use support::compile::{build_sanitized, sanitized};
use support::{crate_directory, library, prototypes, run, scratch, sequences};

/// Sequences of calls of each function, three times, with what a small generator makes of its number.
fn short_ones() -> Vec<PathBuf> {
    let folder = scratch("sequences");
    let sequence = |function: usize| {
        let mut state = u32::try_from(function).unwrap() + 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        };
        let path = folder.join(format!("{function}.tape"));
        let bytes: Vec<u8> =
            (0..192).map(|at| if at % 24 == 0 { u8::try_from(function).unwrap() } else { next() }).collect();
        std::fs::write(&path, bytes).unwrap();
        path
    };
    (0..prototypes::all().len()).map(sequence).collect()
}

fn corpus() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(crate_directory().join("../../fuzz/corpus/c_calls")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn ffi_11_any_calls_in_any_order_end_in_a_status_and_leave_nothing_behind() {
    let tapes = [short_ones(), corpus()].concat();
    assert!(tapes.len() > 110, "{} sequences", tapes.len());
    let program = build_sanitized(&sequences::program(), &library::PLAIN.archive);
    let said = String::from_utf8(run(sanitized(&program).args(&tapes)).stdout).unwrap();
    assert_eq!(said.lines().count(), tapes.len());
}
