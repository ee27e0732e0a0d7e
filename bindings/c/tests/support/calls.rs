//! Calls of every function of the header as C, with one argument or a few of them not as they should be.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::prototypes::{Parameter, Prototype};
use super::scratch;

/// A call with an argument in place of what [`living`] gives, for the positions that `other` has one for.
pub fn call(prototype: &Prototype, other: impl Fn(usize) -> Option<String>) -> String {
    let argument = |(at, parameter)| other(at).unwrap_or_else(|| living(parameter));
    let arguments: Vec<String> = prototype.parameters.iter().enumerate().map(argument).collect();
    format!("{}({})", prototype.name, arguments.join(", "))
}

/// The arguments of one input, which are two: pointer and length.
pub fn input(at: usize, pointer: &str, length: &str) -> impl Fn(usize) -> Option<String> {
    let (pointer, length) = (pointer.to_owned(), length.to_owned());
    move |position| match position.checked_sub(at) {
        Some(0) => Some(pointer.clone()),
        Some(1) => Some(length.clone()),
        _ => None,
    }
}

/// An argument out of `misuse_world.h`.
pub fn living(parameter: &Parameter) -> String {
    match parameter.kind.as_str() {
        "const char *" | "char *" | "void *" => "io.text".to_owned(),
        "const uint8_t *" | "uint8_t *" => "io.bytes".to_owned(),
        "size_t *" if parameter.name == "length" => "&io.length".to_owned(),
        "size_t *" => "&io.count".to_owned(),
        "int64_t *" => "&io.number".to_owned(),
        "uint64_t *" => "&io.step".to_owned(),
        // One byte of input, one byte of room, one of the constants, and so on.
        number if !number.contains('*') => "1".to_owned(),
        kind if kind.ends_with("**") => format!("&living.{}", parameter.handle()),
        _ => format!("living.{}", parameter.handle()),
    }
}

/// Where the inputs of a function begin: a pointer to constant data that a length follows.
pub fn inputs(prototype: &Prototype) -> Vec<usize> {
    let is_input = |at: &usize| {
        let (pointer, length) = (&prototype.parameters[*at], prototype.parameters.get(at + 1));
        matches!(pointer.kind.as_str(), "const char *" | "const uint8_t *")
            && length.is_some_and(|length| length.name == format!("{}_length", pointer.name))
    };
    (0..prototype.parameters.len()).filter(is_input).collect()
}

/// Writes a program of statements.
pub fn program(name: &str, header: &str, functions: &str, statements: &[String]) -> PathBuf {
    let mut text = format!("#include \"{header}\"\n\n{functions}\nint main(void)\n{{\n    begin();\n");
    for statement in statements {
        writeln!(text, "    {statement}").unwrap();
    }
    text.push_str("    end();\n    return 0;\n}\n");
    let source = scratch("generated").join(name);
    std::fs::write(&source, text).unwrap();
    source
}
