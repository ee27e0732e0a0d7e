//! A program of any calls in any order, generated from the header: a byte chooses the function, more bytes what is
//! passed. libFuzzer drives it, or its own `main` with files.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::prototypes::{self, Parameter, Prototype};
use super::{scratch, vectors};

/// Writes it, beside its headers.
pub fn program() -> PathBuf {
    let prototypes = prototypes::all();
    let mut text = "#include \"vectors.h\"\n#include \"sequence_world.h\"\n\n".to_owned();
    for prototype in &prototypes {
        text += &function(prototype);
    }
    writeln!(text, "#define CALLS {}\n", prototypes.len()).unwrap();
    text += "static void (*const calls[CALLS])(void) = {\n";
    for prototype in &prototypes {
        writeln!(text, "    any_{},", prototype.name).unwrap();
    }
    text += MAIN;
    let source = scratch("sequences").join("sequences.c");
    std::fs::write(source.with_file_name("vectors.h"), vectors::header()).unwrap();
    std::fs::write(&source, text).unwrap();
    source
}

const MAIN: &str = r#"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin(data, size);
    while (left > 0) calls[draw() % CALLS]();
    end();
    return 0;
}

#ifndef FUZZING
int main(int count, char **names)
{
    int at;
    for (at = 1; at < count; at++) {
        static uint8_t data[4096];
        FILE *file = fopen(names[at], "rb");
        CHECK(file != NULL);
        LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof data, file));
        fclose(file);
        printf("%s\n", names[at]);
    }
    return 0;
}
#endif
"#;

/// The function that makes one call.
fn function(prototype: &Prototype) -> String {
    let mut call = Call::default();
    let mut parameters = prototype.parameters.iter().enumerate().peekable();
    while let Some((at, parameter)) = parameters.next() {
        let is_last = at + 1 == prototype.parameters.len();
        let follows = |name: &str| prototype.parameters.get(at + 1).is_some_and(|next| next.name == name);
        if parameter.kind.ends_with("**") {
            call.handle_address(at, parameter, is_last);
        } else if !parameter.handle().is_empty() {
            call.handle(at, parameter, prototype.name.ends_with("_free"));
        } else if follows(&format!("{}_length", parameter.name)) || follows("length") {
            call.input(at, parameter);
            parameters.next();
        } else if follows("capacity") {
            call.output(at, parameter);
            parameters.nth(1);
        } else if let Some(kind) = parameter.kind.strip_suffix(" *") {
            writeln!(call.before, "    {kind} p{at} = 0;").unwrap();
            call.arguments.push(format!("&p{at}"));
        } else {
            writeln!(call.before, "    {0} p{at} = ({0})number();", parameter.kind).unwrap();
            call.arguments.push(format!("p{at}"));
        }
    }
    let (status, made) = if prototype.returns_status {
        ("status", format!("status = {}({});", prototype.name, call.arguments.join(", ")))
    } else {
        ("TWINLOCK_OK", format!("{}({});", prototype.name, call.arguments.join(", ")))
    };
    let declared = if prototype.returns_status { "    int32_t status;\n" } else { "" };
    format!(
        "static void any_{}(void)\n{{\n{}{declared}    {made}\n{}    end_call({status});\n}}\n\n",
        prototype.name, call.before, call.after
    )
}

/// The parts of a call: what stands before it, its arguments, what stands after it.
#[derive(Default)]
struct Call {
    before: String,
    arguments: Vec<String>,
    after: String,
}

impl Call {
    fn input(&mut self, at: usize, parameter: &Parameter) {
        writeln!(self.before, "    block_t *p{at} = input();").unwrap();
        self.arguments.push(format!("({})p{at}->data", parameter.kind));
        self.arguments.push(format!("p{at}->length"));
    }

    fn output(&mut self, at: usize, parameter: &Parameter) {
        writeln!(self.before, "    block_t *p{at} = output();").unwrap();
        self.arguments.push(format!("({})p{at}->data", parameter.kind));
        self.arguments.push(format!("p{at}->capacity"));
        self.arguments.push(format!("&p{at}->length"));
        writeln!(self.after, "    keep(p{at}, status);").unwrap();
    }

    fn handle(&mut self, at: usize, parameter: &Parameter, is_freed: bool) {
        let handle = parameter.handle();
        writeln!(self.before, "    size_t p{at} = slot();").unwrap();
        self.arguments.push(format!("handles.{handle}[p{at}]"));
        if is_freed {
            writeln!(self.after, "    handles.{handle}[p{at}] = NULL;").unwrap();
        }
    }

    /// The last is made by the call and takes a slot; another is used up by it.
    fn handle_address(&mut self, at: usize, parameter: &Parameter, is_made: bool) {
        let handle = parameter.handle();
        writeln!(self.before, "    size_t p{at} = slot();").unwrap();
        if is_made {
            writeln!(self.before, "    twinlock_{handle} *made = NULL;").unwrap();
            self.arguments.push("&made".to_owned());
            writeln!(self.after, "    CHECK((made != NULL) == (status == TWINLOCK_OK));").unwrap();
            writeln!(self.after, "    if (made != NULL) {{").unwrap();
            writeln!(self.after, "        twinlock_{handle}_free(handles.{handle}[p{at}]);").unwrap();
            writeln!(self.after, "        handles.{handle}[p{at}] = made;\n    }}").unwrap();
        } else {
            self.arguments.push(format!("&handles.{handle}[p{at}]"));
        }
    }
}
