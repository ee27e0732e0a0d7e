//! The libraries under test. Cargo does not build a cdylib or staticlib for its own integration tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex};

use super::{crate_directory, run, scratch};

/// The libraries as they are shipped.
pub static PLAIN: LazyLock<Library> = LazyLock::new(|| Library::build("plain", ""));

/// With detection of freed handles and an export that panics.
pub static HARDENED: LazyLock<Library> = LazyLock::new(|| Library::build("hardened", "hardened,test-hooks"));

pub struct Library {
    pub archive: PathBuf,
    pub shared: PathBuf,
}

/// Builds of one package with different features replace each other's files: one at a time, copies kept.
static BUILDING: Mutex<()> = Mutex::new(());

impl Library {
    fn build(name: &str, features: &str) -> Self {
        let building = BUILDING.lock().unwrap();
        let files = cargo_build(features);
        let keep = |file: &str| {
            let copy = scratch(name).join(file);
            std::fs::copy(files.join(file), &copy).unwrap();
            copy
        };
        let library = Self { archive: keep("libtwinlock.a"), shared: keep("libtwinlock.so") };
        if !features.is_empty() {
            // Nobody should find a library with test hooks in the target folder.
            cargo_build("");
        }
        drop(building);
        library
    }
}

/// Builds into the target folder of the running test, where the dependencies are built already.
fn cargo_build(features: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let (profile, folder) = if cfg!(debug_assertions) { ("dev", "debug") } else { ("release", "release") };
    run(Command::new(env!("CARGO"))
        .args(["build", "--lib", "-p", "twinlock-c", "--profile", profile, "--features", features])
        .arg("--target-dir")
        .arg(target)
        .current_dir(crate_directory()));
    target.join(folder)
}
