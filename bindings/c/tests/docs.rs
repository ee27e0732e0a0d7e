//! What docs/c.md shows is compiled: programs as they stand, parts of programs word for word in the example.
#![cfg(unix)]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::compile::run_sanitized;
use support::{crate_directory, library, scratch};

/// The fenced blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let opening = format!("\n```{language}\n");
    page.split(&opening).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

/// Without indentation and breaks: a part stands inside a function.
fn plain(code: &str) -> String {
    code.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn repository_file(name: &str) -> String {
    let path = crate_directory().join("../..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_programs_of_the_page_for_c_run() {
    let page = repository_file("docs/c.md");
    let programs: Vec<String> =
        blocks(&page, "c").into_iter().filter(|block| block.contains("int main(")).collect();
    assert_eq!(programs.len(), 1);
    let file = scratch("docs").join("first.c");
    std::fs::write(&file, format!("{}\n", programs[0])).unwrap();
    let said = run_sanitized(&file, &library::PLAIN.archive);
    assert!(said.ends_with(" is right.\n") && said.len() == "123456 is right.\n".len(), "{said}");
}

#[test]
fn the_parts_of_the_page_for_c_are_in_the_example() {
    let example: String = ["second_factor.c", "store.c"]
        .map(|name| plain(&repository_file(&format!("examples/c/{name}"))))
        .join(" ");
    let page = repository_file("docs/c.md");
    let parts: Vec<String> =
        blocks(&page, "c").into_iter().filter(|block| !block.contains("int main(")).collect();
    assert!(parts.len() >= 4);
    for part in parts {
        assert!(example.contains(&plain(&part)), "not in examples/c:\n{part}");
    }
    // The table, which C writes in pieces.
    let tables = blocks(&page, "sql");
    let example = example.replace("IF NOT EXISTS ", "").replace("\" \"", "");
    assert!(tables.len() == 1 && example.contains(&plain(&tables[0])), "{tables:?}");
}
