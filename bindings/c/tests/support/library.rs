//! The libraries under test. Cargo does not build a cdylib or staticlib for its own integration tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::{crate_directory, run, scratch};

/// The libraries as they are shipped.
pub static PLAIN: LazyLock<Library> = LazyLock::new(|| Library::build("plain", ""));

/// With detection of freed handles and an export that panics.
pub static HARDENED: LazyLock<Library> = LazyLock::new(|| Library::build("hardened", "hardened,test-hooks"));

pub struct Library {
    pub archive: PathBuf,
    pub shared: PathBuf,
}

impl Library {
    /// Builds into the target folder of the running test, where the dependencies are built already,
    /// and copies the result, since the next build with other features replaces it.
    fn build(name: &str, features: &str) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let (profile, folder) =
            if cfg!(debug_assertions) { ("dev", "debug") } else { ("release", "release") };
        run(Command::new(env!("CARGO"))
            .args(["build", "--lib", "-p", "twinlock-c", "--profile", profile, "--features", features])
            .arg("--target-dir")
            .arg(target)
            .current_dir(crate_directory()));
        let keep = |file: &str| {
            let copy = scratch(name).join(file);
            std::fs::copy(target.join(folder).join(file), &copy).unwrap();
            copy
        };
        Self { archive: keep("libtwinlock.a"), shared: keep("libtwinlock.so") }
    }
}
