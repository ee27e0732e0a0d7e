//! The installed library: what is laid down, found, linked, moved and taken away again.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::compile::{has_sqlite, is_there, source};
use support::{crate_directory, include_directory, library, run, scratch};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The script, asked to do something with the libraries under test.
fn script(task: &str, prefix: &str) -> Command {
    let mut command = Command::new(crate_directory().join("../../scripts/install.sh"));
    command.arg(task).env("PREFIX", prefix).env_remove("DESTDIR").env_remove("LIBDIR");
    command.env("LIBRARIES", library::PLAIN.archive.parent().unwrap());
    command
}

/// A folder that is not there, in one of this test's own.
fn fresh(name: &str) -> PathBuf {
    let folder = scratch(name);
    std::fs::remove_dir_all(&folder).unwrap();
    folder
}

fn installed(name: &str) -> PathBuf {
    let prefix = fresh(name);
    run(&mut script("install", prefix.to_str().unwrap()));
    prefix
}

/// All files and links below a folder, by their names in it, sorted.
fn files(folder: &Path) -> Vec<String> {
    let found = run(Command::new("find").args([".", "!", "-type", "d"]).current_dir(folder));
    let mut names: Vec<String> = said(&found).lines().map(|name| name[2..].to_owned()).collect();
    names.sort();
    names
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn pkg_config(prefix: &Path, options: &[&str]) -> Vec<String> {
    let output = run(Command::new("pkg-config")
        .args(options)
        .arg("twinlock")
        .env("PKG_CONFIG_LIBDIR", prefix.join("lib/pkgconfig")));
    said(&output).split_whitespace().map(str::to_owned).collect()
}

/// Compiles the README's program with what pkg-config says, and gives what it prints.
fn run_readme(prefix: &Path, options: &[&str], paths: &str) -> String {
    let program = prefix.join("readme");
    run(Command::new("cc")
        .arg("-std=c11")
        .arg(source("readme.c"))
        .args(pkg_config(prefix, options))
        .arg("-o")
        .arg(&program));
    said(&run(Command::new(&program).env("LD_LIBRARY_PATH", paths)))
}

#[test]
fn a_program_finds_the_installed_library_through_pkg_config() {
    if !is_there("pkg-config") {
        return;
    }
    let prefix = installed("install-shared");
    assert_eq!(pkg_config(&prefix, &["--modversion"]), [VERSION]);
    let libraries = prefix.join("lib");
    let told = run_readme(&prefix, &["--cflags", "--libs"], libraries.to_str().unwrap());
    assert!(told.starts_with("Signed in."), "{told}");

    // The archive alone, with all that --static names: nothing of ours is looked for when the program starts.
    for name in files(&libraries).iter().filter(|name| name.contains(".so")) {
        std::fs::remove_file(libraries.join(name)).unwrap();
    }
    let told = run_readme(&prefix, &["--cflags", "--libs", "--static"], "");
    assert!(told.starts_with("Signed in."), "{told}");
}

#[test]
fn the_shared_library_has_one_file_its_version_and_the_soname_of_its_interface() {
    let libraries = installed("install-soname").join("lib");
    let header = std::fs::read_to_string(include_directory().join("twinlock.h")).unwrap();
    let abi =
        header.split("#define TWINLOCK_ABI_VERSION ").nth(1).unwrap().split_whitespace().next().unwrap();
    let soname = format!("libtwinlock.so.{abi}");
    let dynamic = said(&run(Command::new("readelf").arg("-d").arg(libraries.join("libtwinlock.so"))));
    assert!(dynamic.contains(&format!("soname: [{soname}]")), "{dynamic}");
    for link in ["libtwinlock.so", &soname] {
        let target = std::fs::read_link(libraries.join(link)).unwrap();
        assert_eq!(target, Path::new(&format!("libtwinlock.so.{VERSION}")));
    }
}

/// A package is made in a folder of its own and knows where it will live.
#[test]
fn a_package_is_laid_below_destdir_and_names_its_prefix_only() {
    let root = fresh("install destdir");
    run(script("install", "/opt/twinlock/").env("DESTDIR", &root).env("LIBDIR", "lib/x86_64"));
    let names = files(&root.join("opt/twinlock"));
    assert_eq!(files(&root).len(), names.len());
    assert!(names.contains(&"include/twinlock.h".to_owned()), "{names:?}");
    let described =
        std::fs::read_to_string(root.join("opt/twinlock/lib/x86_64/pkgconfig/twinlock.pc")).unwrap();
    assert!(described.contains("prefix=/opt/twinlock\n"), "{described}");
    assert!(described.contains("libdir=${prefix}/lib/x86_64\n"), "{described}");
    for name in names.iter().filter(|name| !name.starts_with("lib/x86_64/libtwinlock")) {
        let text = std::fs::read_to_string(root.join("opt/twinlock").join(name)).unwrap();
        assert!(!text.contains(root.to_str().unwrap()), "{name}");
        let unfilled = text.split('@').nth(1).is_some_and(|word| word == "version" || word == "libdir");
        assert!(!unfilled, "{name}");
    }
}

/// Both ways to install lay down the same files with the same content.
#[test]
fn cmake_installs_what_the_script_installs() {
    if !is_there("cmake") {
        return;
    }
    let (ours, build) = (installed("install-tree"), scratch("install-cmake"));
    let theirs = fresh("install-tree-cmake");
    run(Command::new("cmake")
        .arg("-S")
        .arg(crate_directory().join("../cpp"))
        .arg("-B")
        .arg(&build)
        .arg("-DCMAKE_INSTALL_LIBDIR=lib")
        .arg(format!("-DTWINLOCK_LIBRARY_DIR={}", library::PLAIN.archive.parent().unwrap().display())));
    run(Command::new("cmake").arg("--install").arg(&build).arg("--prefix").arg(&theirs));
    assert_eq!(files(&ours), files(&theirs));
    let described = theirs.join("lib/pkgconfig/twinlock.pc");
    let moved = std::fs::read_to_string(&described).unwrap();
    let moved = moved.replace(theirs.to_str().unwrap(), ours.to_str().unwrap());
    std::fs::write(described, moved).unwrap();
    run(Command::new("diff").arg("--recursive").arg(&ours).arg(&theirs));
}

/// Of a project in C, shared and static.
const PROJECT: &str = "cmake_minimum_required(VERSION 3.14)
project(readme LANGUAGES C)
find_package(twinlock 0.1 REQUIRED)
foreach(kind twinlock static)
  add_executable(with-${kind} \"${SOURCE}\")
  target_link_libraries(with-${kind} PRIVATE twinlock::${kind})
endforeach()
";

/// The package still works after its folder was moved, however deep the libraries are in it.
#[test]
fn a_cmake_project_in_c_finds_the_package_where_it_was_moved_to() {
    if !is_there("cmake") {
        return;
    }
    let (prefix, moved, build) = (fresh("install-here"), fresh("install-there"), scratch("install-project"));
    run(script("install", prefix.to_str().unwrap()).env("LIBDIR", prefix.join("lib/x86_64-linux-gnu")));
    std::fs::rename(&prefix, &moved).unwrap();
    std::fs::write(build.join("CMakeLists.txt"), PROJECT).unwrap();
    run(Command::new("cmake")
        .arg("-S")
        .arg(&build)
        .arg("-B")
        .arg(build.join("build"))
        .arg(format!("-DSOURCE={}", source("readme.c").display()))
        .arg(format!("-Dtwinlock_DIR={}", moved.join("lib/x86_64-linux-gnu/cmake/twinlock").display())));
    run(Command::new("cmake").arg("--build").arg(build.join("build")));
    for kind in ["twinlock", "static"] {
        let told = said(&run(&mut Command::new(build.join("build").join(format!("with-{kind}")))));
        assert!(told.starts_with("Signed in."), "{told}");
    }
}

/// The C example's own makefile, over the installed library.
#[test]
fn the_c_example_is_made_over_the_installed_library() {
    if !is_there("pkg-config") || !has_sqlite() {
        return;
    }
    let (prefix, example) = (installed("install-example-c"), scratch("install-example-c-sources"));
    for file in std::fs::read_dir(crate_directory().join("../../examples/c")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), example.join(file.file_name())).unwrap();
    }
    run(Command::new("make")
        .args(["--silent", "--always-make"])
        .current_dir(&example)
        .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")));
    let help = run(Command::new(example.join("second_factor"))
        .arg("--help")
        .env("LD_LIBRARY_PATH", prefix.join("lib")));
    assert!(said(&help).starts_with("usage: second_factor"));
}

#[test]
fn a_second_installation_replaces_the_first_and_uninstalling_leaves_nothing() {
    let prefix = installed("install-twice");
    let other = prefix.join("lib/pkgconfig/other.pc");
    std::fs::write(&other, "").unwrap();
    let first = files(&prefix);
    run(&mut script("install", prefix.to_str().unwrap()));
    assert_eq!(files(&prefix), first);
    run(&mut script("uninstall", prefix.to_str().unwrap()));
    assert_eq!(files(&prefix), ["lib/pkgconfig/other.pc"]);
    std::fs::remove_file(other).unwrap();
    run(&mut script("uninstall", prefix.to_str().unwrap()));
    assert!(!prefix.join("lib/cmake").exists() && !prefix.join("lib/pkgconfig").exists());
}

/// A program that runs keeps the library that it started with.
#[test]
fn a_library_in_use_is_replaced_and_not_overwritten() {
    use std::os::unix::fs::MetadataExt as _;
    let prefix = installed("install-in-use");
    let shared = prefix.join("lib/libtwinlock.so");
    let before = std::fs::metadata(&shared).unwrap().ino();
    let held = std::fs::File::open(&shared).unwrap();
    run(&mut script("install", prefix.to_str().unwrap()));
    assert_ne!(std::fs::metadata(&shared).unwrap().ino(), before);
    assert_eq!(held.metadata().unwrap().ino(), before);
}

#[test]
fn what_cannot_be_installed_is_said_before_anything_is_written() {
    let folder = scratch("install-refused");
    let file = folder.join("file");
    std::fs::write(&file, "").unwrap();
    let (file, spaced) = (file.to_str().unwrap(), format!("{}/a b", folder.display()));
    for (prefix, complaint) in [
        ("usr/local", "PREFIX must be an absolute path, not 'usr/local'"),
        (file, "cannot write to"),
        (spaced.as_str(), "free of white space"),
    ] {
        let output = script("install", prefix).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains("error: ") && told.contains(complaint), "{told}");
    }
    let output = script("install", folder.to_str().unwrap()).env("LIBRARIES", "/nowhere").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("no libtwinlock.a in /nowhere: run 'make library' first"), "{told}");
    assert_eq!(files(&folder), ["file"]);
}

/// What a program of the archive links beside it is named once for pkg-config and once for these tests.
#[test]
fn the_description_names_the_system_libraries_that_the_tests_link() {
    let described = std::fs::read_to_string(crate_directory().join("twinlock.pc.in")).unwrap();
    let private = described.lines().find_map(|line| line.strip_prefix("Libs.private: ")).unwrap();
    assert_eq!(private.split_whitespace().collect::<Vec<_>>(), support::compile::SYSTEM_LIBRARIES);
}
