//! FFI-09: the shared library exports the functions of the header and nothing else.
#![cfg(target_os = "linux")]
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

mod support;

use std::process::Command;

use support::{crate_directory, library, prototypes, run};

const RENEW: &str = "TWINLOCK_BLESS=1 cargo test -p twinlock-c --test symbols";

fn exported() -> Vec<String> {
    let listing = run(Command::new("nm").args(["-D", "--defined-only"]).arg(&library::PLAIN.shared));
    let listing = String::from_utf8(listing.stdout).unwrap();
    let mut names: Vec<String> =
        listing.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn ffi_09_the_exported_symbols_are_the_listed_ones() {
    let (file, found) = (crate_directory().join("symbols.txt"), exported().join("\n") + "\n");
    if std::env::var_os("TWINLOCK_BLESS").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let listed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(listed == found, "symbols.txt is not what the library exports; to renew it:\n    {RENEW}\n");
}

#[test]
fn ffi_09_every_function_of_the_header_is_exported_and_nothing_else() {
    let mut declared: Vec<String> = prototypes::all().into_iter().map(|prototype| prototype.name).collect();
    declared.sort();
    assert_eq!(exported(), declared);
    assert!(declared.iter().all(|name| name.starts_with("twinlock_")));
}

#[test]
fn ffi_09_the_name_of_the_shared_library_holds_the_version_of_the_interface() {
    let header = prototypes::header();
    let version = header.lines().find_map(|line| line.strip_prefix("#define TWINLOCK_ABI_VERSION ")).unwrap();
    let listing = run(Command::new("readelf").arg("--dynamic").arg(&library::PLAIN.shared));
    let listing = String::from_utf8(listing.stdout).unwrap();
    assert!(listing.contains(&format!("soname: [libtwinlock.so.{version}]")), "{listing}");
}

/// What a release is built with. Foreign word sizes and byte orders: `make test-foreign`.
#[test]
fn ffi_12_overflow_is_checked_in_releases() {
    let manifest = std::fs::read_to_string(crate_directory().join("../../Cargo.toml")).unwrap();
    let profiles: Vec<&str> =
        manifest.split("\n[").filter(|part| part.starts_with("profile.release")).collect();
    let release = profiles.iter().find(|part| part.starts_with("profile.release]")).unwrap();
    assert!(release.lines().any(|line| line == "overflow-checks = true"));
    assert!(!profiles.concat().contains("overflow-checks = false"), "{profiles:?}");
}
