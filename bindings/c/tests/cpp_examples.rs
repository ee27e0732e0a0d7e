//! The C++ example and the C++ guide, as a user follows them.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::SystemTime;

use support::compile::{is_there, sanitized};
use support::cpp::{MODES, build_in, repository, run_in, source};
use support::{library, run, scratch};
use twinlock_core::otp::totp::{self, TotpParams};
use twinlock_core::{MinimumLength, Secret, UnixTime};

/// The example over a folder of its own.
struct Example {
    program: std::path::PathBuf,
    folder: std::path::PathBuf,
    keys: String,
}

impl Example {
    fn new() -> Self {
        let (mode, standard, options) = MODES[0];
        let program = build_in(mode, standard, options, &repository().join("examples/cpp/login.cpp"));
        let folder = scratch("cpp-example");
        std::fs::remove_dir_all(&folder).unwrap();
        let keys =
            String::from_utf8(run(sanitized(&program).arg("keygen")).stdout).unwrap().trim().to_owned();
        assert!(keys.starts_with("tlk1_"), "{keys}");
        Self { program, folder, keys }
    }

    fn start(&self, command: &str) -> (Child, BufReader<ChildStdout>) {
        let mut child = sanitized(&self.program)
            .args([command, "alice"])
            .env("TWINLOCK_KEYS", &self.keys)
            .env("TWINLOCK_FOLDER", &self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        (child, said)
    }

    /// Types the lines and gives what was said; asserts how it ended.
    fn says(&self, command: &str, lines: &str, ends: i32) -> String {
        let (child, said) = self.start(command);
        finish(child, said, lines, ends)
    }
}

fn finish(mut child: Child, mut said: BufReader<ChildStdout>, lines: &str, ends: i32) -> String {
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let mut text = String::new();
    said.read_to_string(&mut text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(ends), "{text}");
    text
}

/// What an app shows `ahead` seconds from now.
fn code(secret: &str, ahead: u64) -> String {
    let secret = Secret::from_base32(secret, MinimumLength::Rfc4226).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let at = UnixTime::new(i64::try_from(now).unwrap()).unwrap().plus(ahead);
    totp::generate(&secret, &TotpParams::default(), at).to_text() + "\n"
}

#[test]
fn the_cpp_example_walks_through_a_users_life() {
    if !is_there("c++") {
        return;
    }
    let example = Example::new();
    assert!(example.says("status", "", 0).contains("Second factor: off"));

    let (child, mut said) = example.start("enroll");
    let mut line = String::new();
    while !line.contains("type it in there: ") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0);
    }
    let secret = line.rsplit(' ').next().unwrap().trim().to_owned();
    let used = code(&secret, 0);
    let enrolled = finish(child, said, &format!("000000\n{used}"), 0);
    assert!(enrolled.contains("[wrong_code]") && enrolled.contains("The second factor is on."), "{enrolled}");
    let backup = enrolled.lines().find_map(|line| line.strip_prefix("    ")).unwrap().to_owned() + "\n";

    let said = example.says("sign-in", &(used + &code(&secret, 30)), 0);
    assert!(said.contains("[replayed]") && said.contains("Signed in, with otp."), "{said}");
    assert!(example.says("sign-in", &backup, 0).contains("Signed in, with backup."));
    let said = example.says("status", "", 0);
    assert!(said.contains("Device: ") && said.contains("Backup codes left: 9 of 10"), "{said}");
    assert!(example.says("sign-in", &backup, 1).contains("Given up."));
    let said = example.says("off", &"000000\n".repeat(9), 1);
    assert!(said.contains("[locked]") && said.contains("Try again in "), "{said}");
    let said = example.says("status", "", 0);
    assert!(said.contains("Locked for "), "{said}");
    assert!(example.says("enroll", "", 1).contains("[already_enrolled]"));
}

/// What a page shows is what a program does that runs.
#[test]
fn the_cpp_guide_shows_what_its_programs_do() {
    if !is_there("c++") {
        return;
    }
    let guides = [("guide.cpp", MODES[0]), ("guide_results.cpp", MODES[1])];
    for (name, (mode, standard, options)) in guides {
        let said = run_in(mode, standard, options, &source(name));
        assert!(said.contains("Signed in."), "{said}");
    }
    let lines = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let read = |path: &Path| lines(&std::fs::read_to_string(path).unwrap());
    let programs = guides.map(|(name, _)| read(&source(name)));
    let page = read(&repository().join("docs/cpp.md"));
    let snippets: Vec<&str> =
        page.split("```cpp\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
    assert!(snippets.len() >= 6, "{}", snippets.len());
    for snippet in snippets {
        assert!(programs.iter().any(|program| program.contains(snippet)), "in no program:\n{snippet}");
    }
}

/// The package still works after its folder was moved.
#[test]
#[cfg(target_os = "linux")]
fn a_cmake_project_finds_the_installed_package() {
    if !is_there("c++") || !is_there("cmake") {
        return;
    }
    let folder = scratch("cmake");
    std::fs::remove_dir_all(&folder).unwrap();
    let (package, example) = (folder.join("package"), folder.join("example"));
    let (installed, moved) = (folder.join("installed"), folder.join("moved"));
    let libraries = library::PLAIN.archive.parent().unwrap();
    run(cmake_project(&repository().join("bindings/cpp"), &package)
        .arg(format!("-DTWINLOCK_LIBRARY_DIR={}", libraries.display())));
    run(Command::new("cmake").arg("--install").arg(&package).arg("--prefix").arg(&installed));
    std::fs::rename(&installed, &moved).unwrap();
    run(cmake_project(&repository().join("examples/cpp"), &example)
        .arg(format!("-DCMAKE_PREFIX_PATH={}", moved.display())));
    run(Command::new("cmake").arg("--build").arg(&example));
    for program in ["login", "login-static"] {
        let said = String::from_utf8(run(Command::new(example.join(program)).arg("keygen")).stdout).unwrap();
        assert!(said.starts_with("tlk1_"), "{said}");
    }
}

fn cmake_project(source: &Path, build: &Path) -> Command {
    let mut command = Command::new("cmake");
    command.arg("-S").arg(source).arg("-B").arg(build);
    command
}
