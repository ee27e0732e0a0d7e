//! `docs/reference.md` is made from the tables of the code: the policy's options and the codes of errors.
//!
//! `TWINLOCK_BLESS=1 cargo test --test reference` writes it anew.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::path::PathBuf;

use twinlock::{ErrorCode, Policy};

const HEAD: &str = "\
# Reference

Made from the tables in `src/engine/policy.rs` and `src/error.rs`; a test compares. The names are the same in
every language.

## Policy

Lives and times are seconds. `issuer`, the service's name in authenticator apps and the audience of
Twinlock's own tokens, has no default. A value out of its bounds is the fault `option_out_of_range` with the option's name.

| option | default | bounds | meaning |
| --- | --- | --- | --- |
";

const WORDS: &str = "
Options that are a word, the default first:

| option | words | meaning |
| --- | --- | --- |
";

const REFUSALS: &str = "
## Refusals

What the user did. A refusal comes out of `commit`, once what follows from it is stored. Some carry the seconds
after which to try again.

| number | name | meaning |
| --- | --- | --- |
";

const FAULTS: &str = "
## Faults

What the caller or the deployment did. Nothing is decided and nothing is stored. A fault may name the option or
the argument that it is about; it never carries a value.

| number | name | meaning |
| --- | --- | --- |
";

fn reference() -> String {
    let mut page = HEAD.to_owned();
    for option in Policy::OPTIONS {
        let (name, doc) = (option.name, option.doc.trim());
        page += &format!("| `{name}` | {} | {} to {} | {doc} |\n", option.default, option.min, option.max);
    }
    page += WORDS;
    for choice in Policy::CHOICES {
        let words: Vec<String> = choice.words.iter().map(|word| format!("`{word}`")).collect();
        page += &format!("| `{}` | {} | {} |\n", choice.name, words.join(", "), choice.doc);
    }
    let row = |code: &ErrorCode| format!("| {} | `{}` | {} |\n", code.number(), code.name(), code.message());
    page += REFUSALS;
    page.extend(ErrorCode::ALL.iter().filter(|code| code.is_refusal()).map(row));
    page += FAULTS;
    page.extend(ErrorCode::ALL.iter().filter(|code| !code.is_refusal()).map(row));
    page
}

#[test]
fn the_reference_is_what_the_tables_say() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    let made = reference();
    if std::env::var_os("TWINLOCK_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(known == made, "docs/reference.md is not what the tables say; bless it");
}
