//! The prototypes of the committed header, read just well enough to call each function.

use super::include_directory;

/// One function of the header.
#[derive(Debug)]
pub struct Prototype {
    pub name: String,
    pub returns_status: bool,
    pub parameters: Vec<Parameter>,
}

/// One parameter: `const char *` `subject`.
#[derive(Debug)]
pub struct Parameter {
    pub kind: String,
    pub name: String,
}

impl Parameter {
    pub fn is_pointer(&self) -> bool {
        self.kind.contains('*')
    }

    /// Which kind of handle it is or points to, such as `engine`; empty where it is none.
    pub fn handle(&self) -> &str {
        let kind = self.kind.trim_start_matches("const ").trim_end_matches([' ', '*']);
        kind.strip_prefix("twinlock_").unwrap_or_default()
    }
}

pub fn header() -> String {
    std::fs::read_to_string(include_directory().join("twinlock.h")).unwrap()
}

/// All functions, in the order of the header.
pub fn all() -> Vec<Prototype> {
    let header = header();
    let code: String = header
        .lines()
        .skip_while(|line| !line.starts_with("extern \"C\""))
        .filter(|line| !line.starts_with("//") && !line.starts_with('#') && !line.starts_with("extern"))
        .map(|line| format!("{} ", line.replace("TWINLOCK_MUST_USE", "")))
        .collect();
    code.split(';').filter(|part| part.contains('(')).map(prototype).collect()
}

fn prototype(text: &str) -> Prototype {
    let (head, parameters) = text.trim().split_once('(').unwrap();
    let (result, name) = head.rsplit_once(' ').unwrap();
    let parameters = parameters.trim().trim_end_matches(')');
    Prototype {
        name: name.to_owned(),
        returns_status: result.trim().ends_with("int32_t"),
        parameters: parameters.split(',').map(str::trim).filter(|p| *p != "void").map(parameter).collect(),
    }
}

fn parameter(text: &str) -> Parameter {
    let at = text.rfind([' ', '*']).unwrap() + 1;
    let (kind, name) = text.split_at(at);
    Parameter { kind: kind.split_whitespace().collect::<Vec<_>>().join(" "), name: name.to_owned() }
}
