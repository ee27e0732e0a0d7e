//! FFI-13: which branches and addresses depend on what is secret, told by valgrind over the built library. Each that
//! does stands in a list here with its reason; one more is an error.
//!
//! `TWINLOCK_ARCHIVE` names another library than the tests' own, with line tables: `make sanitize` takes the optimized one.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::compile::{build_plain, is_there, source};
use support::{library, run, scratch};

/// The end of a file's name, what stands in the line, and why it may.
const MAY: [(&str, &str, &str); 10] = [
    (
        "base32.rs",
        "is_separator(",
        "where a text has separators is public; valgrind does not see through the test of bits",
    ),
    ("base32ct", "if err == 0", "whether the text is base32 at all: asked once for 32 symbols"),
    ("base32.rs", "tail.ct_eq(&0)", "whether the bits after the last byte are zero"),
    ("mac.rs", "hash.get(offset..)", "RFC 4226, section 5.3, takes the bytes from where the hash says"),
    ("mac.rs", "u32::from_be_bytes(bytes)", "the same four bytes"),
    ("totp.rs", "if self.hits == 0", "the verdict over all steps of the window"),
    ("otp.rs", "ok_or(ErrorCode::WrongCode)", "the verdict over all counters of the look-ahead"),
    ("subtle", "debug_assert!", "not in an optimized library"),
    ("e_chacha20poly1305.c", "CRYPTO_memcmp(", "the verdict over a whole tag"),
    ("e_aes.c", "CRYPTO_memcmp(", "the verdict over a whole tag"),
];

/// Where valgrind saw something, with the line as it is in the source.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    phase: String,
    file: String,
    line: String,
}

impl Place {
    fn may(&self) -> bool {
        MAY.iter().any(|(file, line, _)| self.names(file) && self.line.contains(line))
    }

    fn names(&self, file: &str) -> bool {
        let is_file =
            |part: &str| part == file || part.strip_prefix(file).is_some_and(|rest| rest.starts_with('-'));
        self.file.split('/').any(is_file)
    }
}

/// Everything that depends on a secret, by the innermost line that is not of Rust's own library.
fn places(log: &str) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    let mut phase = "";
    let mut lines = log.lines();
    while let Some(line) = lines.next() {
        if let Some((_, name)) = line.split_once("** phase ") {
            phase = name;
        } else if line.contains("depends on uninitialised") || line.contains("Use of uninitialised value") {
            let frames = lines.by_ref().take_while(|line| line.contains(" at 0x") || line.contains(" by 0x"));
            let locations: Vec<&str> = frames.filter_map(location).collect();
            assert!(!locations.is_empty(), "a library without line tables: {log}");
            places.insert(place(phase, locations[0]));
        }
    }
    places
}

/// `file:line` of a frame, unless it is in Rust's own library or has none.
fn location(frame: &str) -> Option<&str> {
    let location = frame.rsplit_once('(')?.1.trim_end_matches(')');
    let is_other = ["/rustc/", "library/", "in "].iter().any(|start| location.starts_with(start));
    (!is_other).then_some(location)
}

fn place(phase: &str, location: &str) -> Place {
    let (file, number) = location.rsplit_once(':').unwrap();
    let text = std::fs::read_to_string(on_disk(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let line = text.lines().nth(number.parse::<usize>().unwrap() - 1).unwrap().trim();
    Place { phase: phase.to_owned(), file: file.to_owned(), line: line.to_owned() }
}

/// Optimized, aws-lc-sys names its files from its own folder on, which is beside those of the other crates.
fn on_disk(file: &str) -> PathBuf {
    if !file.starts_with("/aws-lc/") {
        return file.into();
    }
    let metadata =
        run(Command::new(env!("CARGO")).args(["metadata", "--locked", "--format-version=1"])).stdout;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let manifest =
        packages.iter().find(|package| package["name"] == "aws-lc-sys").unwrap()["manifest_path"].as_str();
    PathBuf::from(manifest.unwrap().replace("/Cargo.toml", file))
}

fn log_of(archive: &Path) -> String {
    let log = scratch("constant-time").join("log");
    run(Command::new("valgrind")
        .args([
            "--expensive-definedness-checks=yes",
            "--error-limit=no",
            "--num-callers=40",
            "--fullpath-after=",
        ])
        .arg(format!("--log-file={}", log.display()))
        .arg(build_plain(&source("constant_time.c"), archive)));
    std::fs::read_to_string(log).unwrap()
}

#[test]
fn ffi_13_no_branch_and_no_address_depends_on_a_secret_but_those_that_must() {
    if !is_there("valgrind") {
        return;
    }
    let chosen = std::env::var_os("TWINLOCK_ARCHIVE").map(PathBuf::from);
    let archive = chosen.unwrap_or_else(|| library::PLAIN.archive.clone());
    let (seen, others): (Vec<Place>, Vec<Place>) =
        places(&log_of(&archive)).into_iter().partition(|place| place.phase == "leak");
    assert!(
        seen.len() == 1 && seen[0].line.contains("secret[at] != SECRET[at]"),
        "the leak that is there: {seen:?}"
    );
    // What the list has of verdicts shows that the secrets arrived there.
    for (phase, file) in [("codes", "mac.rs"), ("tags", "e_chacha20poly1305.c"), ("tags", "e_aes.c")] {
        let is_verdict = |place: &Place| place.phase == phase && place.names(file);
        assert!(others.iter().any(is_verdict), "nothing of {file} in {others:#?}");
    }
    let wrong: Vec<&Place> = others.iter().filter(|place| !place.may()).collect();
    assert!(wrong.is_empty(), "these depend on a secret: {wrong:#?}");
}
