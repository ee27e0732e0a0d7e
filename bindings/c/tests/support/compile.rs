//! C programs: compiled with every warning an error, run under the sanitizers.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::{crate_directory, include_directory, run, scratch};

const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-pedantic"];
pub const SYSTEM_LIBRARIES: [&str; 3] = ["-lpthread", "-ldl", "-lm"];

/// The compiler's options for sanitizing; empty where they do not work, which is an error in CI.
pub static SANITIZERS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let options = vec!["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"];
    let program = scratch("probe").join("probe");
    std::fs::write(program.with_extension("c"), "int main(void) { return 0; }\n").unwrap();
    let compiled = cc("cc").args(&options).arg(program.with_extension("c")).arg("-o").arg(&program).status();
    let works = compiled.is_ok_and(|status| status.success())
        && Command::new(&program).status().is_ok_and(|status| status.success());
    if works {
        return options;
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no AddressSanitizer for C programs");
    eprintln!("\n*** THE C PROGRAMS RUN WITHOUT ADDRESSSANITIZER: the compiler has none ***\n");
    Vec::new()
});

pub fn cc(compiler: &str) -> Command {
    let mut command = Command::new(compiler);
    command.args(WARNINGS).arg("-I").arg(include_directory());
    command
}

/// Whether a program can be run. Says loudly if not, which is an error in CI.
pub fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    found || left_out(program)
}

/// Whether programs over SQLite can be compiled. Says loudly if not, which is an error in CI.
pub fn has_sqlite() -> bool {
    let program = scratch("probe").join("sqlite.c");
    std::fs::write(&program, "#include <sqlite3.h>\n").unwrap();
    let found =
        cc("cc").arg("-fsyntax-only").arg(program).output().is_ok_and(|output| output.status.success());
    found || left_out("sqlite3.h")
}

fn left_out(missing: &str) -> bool {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no {missing}");
    eprintln!("\n*** MISSING: {missing}: what needs it is left out ***\n");
    false
}

/// A program of this folder.
pub fn source(name: &str) -> PathBuf {
    crate_directory().join("tests/c").join(name)
}

/// The names of all programs of this folder, in order.
pub fn sources() -> Vec<String> {
    let files =
        std::fs::read_dir(source("")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = files.filter_map(|file| Some(file.strip_suffix(".c")?.to_owned())).collect();
    names.sort();
    names
}

/// Checks that a source compiles in a language standard, without a trace of a warning.
pub fn check(compiler: &str, standard: &str, source: &Path) {
    run(cc(compiler).arg(format!("-std={standard}")).arg("-fsyntax-only").arg(source));
}

/// The programs that `threads.c` runs.
pub const IN_THREADS: [&str; 9] =
    ["flow", "devices", "kinds", "sent", "trust", "sessions", "sealing", "jwk", "primitives"];

/// Compiles the program of many threads and those that it runs, against the static library, and runs it under the
/// sanitizers.
pub fn run_threads(archive: &Path) {
    let folder = scratch("threads");
    let compiler = || {
        let mut command = cc("cc");
        command.args(["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-DSHARED_ENGINES"]).args(&*SANITIZERS);
        command
    };
    let object = |name: &&str| {
        let object = folder.join(name).with_extension("o");
        let main = format!("-Dmain={name}_main");
        run(compiler().arg(main).arg("-c").arg(source(name).with_extension("c")).arg("-o").arg(&object));
        object
    };
    let objects: Vec<PathBuf> = IN_THREADS.iter().map(object).collect();
    let program = folder.join("program");
    let sources = [source("threads.c"), archive.to_owned()];
    run(compiler().args(objects).args(sources).args(SYSTEM_LIBRARIES).arg("-o").arg(&program));
    run(&mut Command::new(&program));
}

/// Compiles a program against the static library and runs it under the sanitizers.
pub fn run_sanitized(source: &Path, archive: &Path) -> String {
    String::from_utf8(run(&mut sanitized(&build_sanitized(source, archive))).stdout).unwrap()
}

/// A program that was compiled with sanitizers, to be run.
pub fn sanitized(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("ASAN_OPTIONS", "detect_leaks=1:detect_stack_use_after_return=1")
        .env("UBSAN_OPTIONS", "print_stacktrace=1");
    command
}

/// Compiles a program against the static library, with sanitizers.
pub fn build_sanitized(source: &Path, archive: &Path) -> PathBuf {
    let program = scratch("programs").join(source.file_stem().unwrap());
    run(cc("cc")
        .arg("-std=c99")
        .args(&*SANITIZERS)
        .arg("-I")
        .arg(crate_directory().join("tests/c"))
        .arg(source)
        .arg(archive)
        .args(SYSTEM_LIBRARIES)
        .arg("-o")
        .arg(&program));
    program
}

/// Compiles a program against the static library and runs it under valgrind, which must find nothing.
pub fn run_valgrind(source: &Path, archive: &Path) {
    run(Command::new("valgrind")
        .args(["--quiet", "--error-exitcode=9", "--leak-check=full"])
        .arg("--errors-for-leak-kinds=definite,indirect,possible")
        .arg(build_plain(source, archive)));
}

/// Compiles a program against the static library, for valgrind.
pub fn build_plain(source: &Path, archive: &Path) -> PathBuf {
    let program = scratch("valgrind").join(source.file_stem().unwrap());
    run(cc("cc")
        .args(["-std=c99", "-g", "-I"])
        .arg(crate_directory().join("tests/c"))
        .arg(source)
        .arg(archive)
        .args(SYSTEM_LIBRARIES)
        .arg("-o")
        .arg(&program));
    program
}

/// Compiles a program against the shared library in a folder and runs it there.
pub fn run_shared(source: &Path, folder: &Path) -> String {
    let program = folder.join(source.file_stem().unwrap());
    run(cc("cc").arg("-std=c99").arg(source).arg("-L").arg(folder).arg("-ltwinlock").arg("-o").arg(&program));
    let output = run(Command::new(&program).env("LD_LIBRARY_PATH", folder));
    String::from_utf8(output.stdout).unwrap()
}
