//! The terminal example, run as its user would and killed where a test wants it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use twinlock_core::otp::totp::{self, TotpParams};
use twinlock_core::{MinimumLength, Secret, UnixTime};

use super::compile::SYSTEM_LIBRARIES;
use super::{crate_directory, library, run, scratch};

/// The example, with points at which it can be killed.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let (folder, examples) = (scratch("terminal"), crate_directory().join("../../examples/c"));
    let objects = ["second_factor", "store", "keys"].map(|name| {
        let object = folder.join(name).with_extension("o");
        let text = examples.join(name).with_extension("c");
        run(compiler().arg("-fsanitize-coverage=trace-pc").arg("-c").arg(text).arg("-o").arg(&object));
        object
    });
    let program = folder.join("second_factor");
    run(compiler()
        .args(&objects)
        .arg(crate_directory().join("tests/support/kill_points.c"))
        .arg(&library::PLAIN.archive)
        .arg("-lsqlite3")
        .args(SYSTEM_LIBRARIES)
        .arg("-o")
        .arg(&program));
    program
});

fn compiler() -> Command {
    let mut command = super::compile::cc("cc");
    command.arg("-std=c11");
    command
}

/// A folder with a database and keys, of one user.
pub struct Terminal {
    pub folder: PathBuf,
}

/// What a run said until it ended or was killed.
pub struct Told {
    pub text: String,
    pub complaint: String,
    /// What was typed meanwhile.
    pub typed: String,
    /// The exit status; `None` where the program was killed.
    pub status: Option<i32>,
}

impl Told {
    pub fn says(&self, part: &str) -> bool {
        self.text.contains(part)
    }

    /// The backup codes, or the secret, as they stand on lines of their own.
    pub fn shown(&self) -> Vec<String> {
        self.text.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
    }
}

impl Terminal {
    /// An empty folder.
    pub fn new(name: &str) -> Self {
        let folder = scratch("terminal").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// The same database and keys in a folder of their own.
    pub fn copy(&self) -> Self {
        let name = self.folder.file_name().unwrap().to_str().unwrap();
        let copy = Self::new(&format!("{name}-copy"));
        for file in std::fs::read_dir(&self.folder).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.folder.join(file.file_name())).unwrap();
        }
        copy
    }

    /// Runs a command of alice's to its end.
    pub fn run(&self, command: &str, typed: &str) -> Told {
        self.kill_at(0, command, |_| typed.to_owned())
    }

    /// Runs a command that is killed at a point, where it comes to so many. What is typed may depend on what the
    /// program showed on a line of its own before.
    pub fn kill_at(&self, point: u32, command: &str, typed: impl FnOnce(&str) -> String) -> Told {
        let mut child = Command::new(&*PROGRAM)
            .args([command, "alice"])
            .current_dir(&self.folder)
            .env_remove("TWINLOCK_KEYS")
            .env("KILL_AT", point.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (text, typed) = converse(&mut child, command == "enroll", typed);
        let output = child.wait_with_output().unwrap();
        assert!(matches!(output.status.signal(), None | Some(9)), "{}", output.status);
        let complaint = String::from_utf8(output.stderr).unwrap();
        Told { text, complaint, typed, status: output.status.code() }
    }
}

/// Types one line, after the program showed something where it does. Gives all that it said, and the line.
fn converse(child: &mut Child, shows: bool, typed: impl FnOnce(&str) -> String) -> (String, String) {
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let (mut text, mut shown) = (String::new(), String::new());
    while shows && shown.is_empty() && said.read_line(&mut text).unwrap() > 0 {
        let last = text.lines().last().unwrap();
        shown = last.strip_prefix("    ").unwrap_or_default().to_owned();
    }
    // A program that was killed reads nothing any more.
    let typed = typed(&shown);
    let _ = writeln!(child.stdin.take().unwrap(), "{typed}");
    said.read_to_string(&mut text).unwrap();
    (text, typed)
}

/// What an authenticator shows, so many steps from the current one. A code of the past is not given out in the last
/// seconds of a step, after which it would be too old.
pub fn code(secret: &str, steps: i64) -> String {
    let mut now = unix_now();
    if steps < 0 && now % 30 >= 22 {
        std::thread::sleep(Duration::from_secs(30 - now % 30));
        now = unix_now();
    }
    let time = UnixTime::new(i64::try_from(now).unwrap() + 30 * steps).unwrap();
    let secret = Secret::from_base32(secret, MinimumLength::Rfc4226).unwrap();
    totp::generate(&secret, &TotpParams::default(), time).to_text()
}

fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Whether SQLite left a transaction half done, which the next opening has to undo.
pub fn has_journal(folder: &Path) -> bool {
    std::fs::metadata(folder.join("second_factor.db-journal")).is_ok_and(|file| file.len() > 0)
}
