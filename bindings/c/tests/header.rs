//! The committed header is what the sources say.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

const RENEW: &str = "TWINLOCK_BLESS=1 cargo test -p twinlock-c --test header";

fn crate_directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn committed() -> PathBuf {
    crate_directory().join("../../include/twinlock.h")
}

static GENERATED: LazyLock<String> = LazyLock::new(generate);

fn generate() -> String {
    let directory = crate_directory();
    let mut config = cbindgen::Config::from_file(directory.join("cbindgen.toml")).unwrap();
    config.header = Some(conventions(&directory.join("src/lib.rs")));
    config.after_includes = Some(after_includes());
    let mut header = Vec::new();
    cbindgen::generate_with_config(directory, config).unwrap().write(&mut header);
    String::from_utf8(header).unwrap()
}

/// The documentation of the crate, as the comment on top.
fn conventions(lib: &Path) -> String {
    let source = std::fs::read_to_string(lib).unwrap();
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let comment: String = lines.map(|line| format!(" *{line}\n")).collect();
    format!("/*\n{comment} *\n * Generated. To renew it: {RENEW}\n */")
}

fn after_includes() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut parts = version.split('.');
    let numbers: String = ["MAJOR", "MINOR", "PATCH"]
        .map(|name| format!("#define TWINLOCK_VERSION_{name} {}\n", parts.next().unwrap()))
        .concat();
    format!(
        "
// The version of this header, the same as the library's.
#define TWINLOCK_VERSION \"{version}\"
{numbers}
// On every call whose status must not be ignored.
#if defined(__GNUC__) || defined(__clang__)
#define TWINLOCK_MUST_USE __attribute__((warn_unused_result))
#elif defined(_MSC_VER)
#define TWINLOCK_MUST_USE _Check_return_
#else
#define TWINLOCK_MUST_USE
#endif"
    )
}

#[test]
fn ffi_08_the_header_is_what_the_sources_say() {
    let header = &*GENERATED;
    if std::env::var_os("TWINLOCK_BLESS").is_some() {
        std::fs::write(committed(), header).unwrap();
    }
    let on_disk = std::fs::read_to_string(committed()).unwrap_or_default();
    assert!(
        on_disk == *header,
        "include/twinlock.h is not what the sources say; to renew it:\n    {RENEW}\n"
    );
}

#[test]
fn ffi_14_the_header_has_every_code_of_the_core_under_its_number() {
    let header = &*GENERATED;
    for code in twinlock_core::ErrorCode::ALL {
        let kind = if code.is_refusal() { "R" } else { "E" };
        let line = format!("#define TWINLOCK_{kind}_{} {}", code.name().to_uppercase(), code.number());
        assert!(header.lines().any(|found| found == line), "the header lacks: {line}");
    }
    let constants = |kind: &str| {
        let prefix = format!("#define TWINLOCK_{kind}_");
        header.lines().filter(|line| line.starts_with(&prefix)).count()
    };
    assert_eq!(constants("R") + constants("E"), twinlock_core::ErrorCode::ALL.len());
}

#[test]
fn the_header_has_every_numeric_option_of_the_policy_with_its_bounds() {
    let header = &*GENERATED;
    for row in twinlock_core::Policy::OPTIONS {
        let define = format!("#define TWINLOCK_OPT_{} ", row.name.to_uppercase());
        let (before, _) = header.split_once(&define).unwrap_or_else(|| panic!("the header lacks: {define}"));
        let bounds = format!("{} to {}, default {}.", row.min, row.max, row.default);
        assert!(before.trim_end().ends_with(&bounds), "{} should say: {bounds}", row.name);
    }
}

#[test]
fn the_header_has_every_word_of_the_policys_other_options() {
    let header = &*GENERATED;
    for row in twinlock_core::Policy::CHOICES {
        let define = format!("#define TWINLOCK_OPT_{} ", row.name.to_uppercase());
        let (before, _) = header.split_once(&define).unwrap_or_else(|| panic!("the header lacks: {define}"));
        let (_, comment) = before.trim_end().rsplit_once("\n\n").unwrap();
        for word in row.words {
            assert!(comment.contains(&format!("`{word}`")), "{} should say: {word}", row.name);
        }
    }
}

#[test]
fn the_header_is_plain_ascii_with_lines_that_fit() {
    let header = &*GENERATED;
    assert!(header.is_ascii());
    let long: Vec<&str> = header.lines().filter(|line| line.len() > 120).collect();
    assert!(long.is_empty(), "{long:#?}");
}
