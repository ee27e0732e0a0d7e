//! FFI-11: what `make fuzz` found worth keeping in `fuzz/corpus`, judged anew.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "../fuzz/judges.rs"]
mod judges;

use std::path::{Path, PathBuf};

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn ffi_11_every_corpus_is_judged_as_it_should() {
    for (name, judge) in judges::ALL {
        let files = corpus(name);
        assert!(files.len() >= 5, "{name} has {} files", files.len());
        for (path, data) in files {
            assert!(data.len() <= 4096, "{} is large", path.display());
            let judged = std::panic::catch_unwind(|| judge(&data));
            assert!(judged.is_ok(), "{}", path.display());
        }
    }
}

#[test]
fn ffi_11_every_target_is_built_and_has_a_corpus() {
    let manifest = include_str!("../fuzz/Cargo.toml");
    let built = manifest.lines().filter_map(|line| line.strip_prefix("path = \"targets/"));
    let mut built: Vec<&str> = built.filter_map(|line| line.strip_suffix(".rs\"")).collect();
    let mut known = judges::ALL.map(|(name, _)| name);
    built.sort_unstable();
    known.sort_unstable();
    assert_eq!(built, known);
}
