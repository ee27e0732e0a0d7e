//! Every file of `tests/vectors` has a reader in every language, and a line in their README.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

/// Where the tests of a language are, and what stands in one that reads the file.
struct Language {
    name: &'static str,
    folders: &'static [&'static str],
    ending: &'static str,
    reads: fn(source: &str, file: &str) -> bool,
}

const LANGUAGES: [Language; 5] = [
    Language {
        name: "Rust",
        folders: &["src", "tests"],
        ending: ".rs",
        reads: |source, file| {
            source.contains(&format!("vectors/{file}\")")) || source.contains(&format!("frozen(\"{file}\""))
        },
    },
    Language { name: "C", folders: &["bindings/c/tests/c", LIFE], ending: ".c", reads: includes },
    Language { name: "C++", folders: &["bindings/cpp/tests", LIFE], ending: ".cpp", reads: includes },
    Language {
        name: "Go",
        folders: &["bindings/go"],
        ending: "_test.go",
        reads: |source, file| source.contains(&format!("\"{file}\")")),
    },
    Language {
        name: "Python",
        folders: &["python/tests"],
        ending: ".py",
        reads: |source, file| source.contains(&format!("vectors(\"{}\")", stem(file))),
    },
];

/// The actors in C and C++, which `bindings/c/tests/life.rs` lets play `life.json`.
const LIFE: &str = "tests/languages";

fn stem(file: &str) -> &str {
    file.trim_end_matches(".json")
}

/// C and C++ read macros, which `bindings/c/tests/support/vectors.rs` names after the file: `RECORD_KEYS`.
fn includes(source: &str, file: &str) -> bool {
    let is_actor = file == "life.json" && source.contains("cast.py");
    let prefixes: Vec<String> = files().iter().map(|file| stem(file).to_uppercase() + "_").collect();
    let own = stem(file).to_uppercase() + "_";
    // Of several, such as RECORD_ and RECORD_FULL_, it is the longest.
    let prefix_of =
        |word: &str| prefixes.iter().filter(|prefix| word.starts_with(*prefix)).max_by_key(|p| p.len());
    let mut words = source.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    is_actor || words.any(|word| prefix_of(word) == Some(&own))
}

fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn files() -> Vec<String> {
    let entries = std::fs::read_dir(repository("tests/vectors")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".json")).collect()
}

/// The texts of all files below a folder with the ending, but this one.
fn sources(folder: &Path, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) && !path.ends_with("vector_readers.rs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    found
}

#[test]
fn every_shared_vector_has_a_reader_in_every_language() {
    let (files, mut missing) = (files(), Vec::new());
    assert!(files.len() >= 12, "{files:?}");
    for language in LANGUAGES {
        let folders = language.folders.iter().map(|folder| repository(folder));
        let sources: Vec<String> = folders.flat_map(|folder| sources(&folder, language.ending)).collect();
        let unread = files.iter().filter(|file| !sources.iter().any(|source| (language.reads)(source, file)));
        missing.extend(unread.map(|file| format!("{file} in {}", language.name)));
    }
    assert!(missing.is_empty(), "nobody reads {missing:#?}");
}

#[test]
fn every_shared_vector_is_in_the_table() {
    let table = std::fs::read_to_string(repository("tests/vectors/README.md")).unwrap();
    let missing: Vec<String> =
        files().into_iter().filter(|file| !table.contains(&format!("`{file}`"))).collect();
    assert!(missing.is_empty(), "not in tests/vectors/README.md: {missing:?}");
}
