//! The terminal example is killed everywhere, and what it told its user stays true.
#![cfg(target_os = "linux")]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

mod support;

use support::compile::{check, has_sqlite, is_there};
use support::crate_directory;
use support::terminal::{Terminal, Told, code, has_journal};

/// A user whose first code was that of the last step, with secret and backup codes.
fn enrolled(name: &str) -> (Terminal, String, Vec<String>) {
    let terminal = Terminal::new(name);
    let told = enroll(&terminal);
    let shown = told.shown();
    assert_eq!(shown.len(), 11, "{}{}", told.text, told.complaint);
    (terminal, shown[0].clone(), shown[1..].to_vec())
}

fn enroll(terminal: &Terminal) -> Told {
    terminal.kill_at(0, "enroll", first_code)
}

/// The code of the last step, so that a later one is left to sign in with.
fn first_code(secret: &str) -> String {
    if secret.is_empty() { String::new() } else { code(secret, -1) }
}

/// Runs a command over a fresh copy until it comes to its end, killed one point later each time, and looks at what was
/// told and what is there.
fn killed_everywhere(
    base: &Terminal,
    command: &str,
    typed: impl Fn(&str) -> String,
    look: impl Fn(&Terminal, &Told, u32),
) {
    let (mut point, mut journals) = (0, 0);
    loop {
        point += 1;
        let terminal = base.copy();
        let told = terminal.kill_at(point, command, &typed);
        journals += u32::from(has_journal(&terminal.folder));
        look(&terminal, &told, point);
        if let Some(status) = told.status {
            assert_eq!(status, 0, "{}{}", told.text, told.complaint);
            break;
        }
    }
    assert!(journals > 0, "of {point} kills none fell into a transaction");
}

fn is_enabled(terminal: &Terminal) -> bool {
    let told = terminal.run("status", "");
    assert_eq!(told.status, Some(0), "{}", told.complaint);
    told.says("\"enabled\":true")
}

fn signs_in(terminal: &Terminal, typed: &str) -> bool {
    let told = terminal.run("sign-in", typed);
    assert!(matches!(told.status, Some(0 | 1)), "{}", told.complaint);
    told.says("Signed in: pwd ")
}

#[test]
fn the_example_compiles_without_a_warning() {
    if !has_sqlite() {
        return;
    }
    for compiler in ["cc", "clang"].into_iter().filter(|compiler| is_there(compiler)) {
        for name in ["second_factor.c", "store.c", "keys.c"] {
            check(compiler, "c11", &crate_directory().join("../../examples/c").join(name));
        }
    }
}

#[test]
fn a_user_enrolls_signs_in_and_turns_the_factor_off_in_the_terminal() {
    if !has_sqlite() {
        return;
    }
    let (terminal, secret, codes) = enrolled("life");
    let shown = terminal.run("sign-in", &code(&secret, 0));
    assert!(shown.says("Signed in: pwd otp"), "{}{}", shown.text, shown.complaint);
    assert!(!signs_in(&terminal, &code(&secret, 0)));
    assert!(signs_in(&terminal, &codes[0]));
    assert!(!signs_in(&terminal, &codes[0]));
    let again = terminal.run("codes", &code(&secret, 1));
    assert_eq!(again.shown().len(), 10);
    assert!(!signs_in(&terminal, &codes[1]));
    assert_eq!(terminal.run("enroll", "").status, Some(1));
    assert_eq!(terminal.run("disable", &again.shown()[0]).status, Some(0));
    assert!(!is_enabled(&terminal));
    assert_eq!(terminal.run("sign-in", "").text, "Signed in: pwd\n");
}

#[test]
fn a_code_is_accepted_once_wherever_the_program_is_killed() {
    if !has_sqlite() {
        return;
    }
    let (base, secret, codes) = enrolled("sign-in");
    for backup in [false, true] {
        let typed = |_: &str| if backup { codes[3].clone() } else { code(&secret, 0) };
        killed_everywhere(&base, "sign-in", typed, |terminal, told, point| {
            let later = [signs_in(terminal, &told.typed), signs_in(terminal, &told.typed)];
            let first = told.says("Signed in: pwd ");
            assert!(!(first && later[0] || later[1]), "point {point}: a code was accepted twice");
            assert!(signs_in(terminal, &codes[4]), "point {point}: the next code is refused");
        });
    }
}

#[test]
fn an_enrollment_that_was_confirmed_stays_wherever_the_program_is_killed() {
    if !has_sqlite() {
        return;
    }
    let base = Terminal::new("enroll");
    killed_everywhere(&base, "enroll", first_code, |terminal, told, point| {
        let enabled = is_enabled(terminal);
        assert!(enabled || !told.says("The second factor is on."), "point {point}");
        if enabled {
            assert!(signs_in(terminal, &code(&told.shown()[0], 0)), "point {point}");
        } else {
            assert!(enroll(terminal).says("The second factor is on."), "point {point}");
        }
    });
}

#[test]
fn backup_codes_that_were_shown_are_good_wherever_the_program_is_killed() {
    if !has_sqlite() {
        return;
    }
    let (base, secret, old) = enrolled("codes");
    killed_everywhere(
        &base,
        "codes",
        |_| code(&secret, 0),
        |terminal, told, point| {
            if let Some(new) = told.shown().last() {
                assert!(signs_in(terminal, new), "point {point}: a code that was shown is refused");
                assert!(!signs_in(terminal, &old[0]), "point {point}: an old code is accepted");
            }
            assert_eq!(terminal.run("codes", &code(&secret, 1)).shown().len(), 10, "point {point}");
        },
    );
}

#[test]
fn a_factor_that_was_turned_off_stays_off_wherever_the_program_is_killed() {
    if !has_sqlite() {
        return;
    }
    let (base, secret, codes) = enrolled("disable");
    killed_everywhere(
        &base,
        "disable",
        |_| code(&secret, 0),
        |terminal, told, point| {
            let enabled = is_enabled(terminal);
            assert!(!(enabled && told.says("The second factor is off.")), "point {point}");
            assert!(!enabled || signs_in(terminal, &codes[0]), "point {point}");
        },
    );
}

#[test]
fn of_programs_that_start_together_one_makes_the_keys() {
    if !has_sqlite() {
        return;
    }
    let terminal = Terminal::new("together");
    let statuses = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| terminal.run("status", "").status)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(statuses, [Some(0); 8]);
    assert!(enroll(&terminal).says("The second factor is on."));
    assert!(is_enabled(&terminal));
}

#[test]
fn keys_that_others_may_read_are_refused() {
    if !has_sqlite() {
        return;
    }
    use std::os::unix::fs::PermissionsExt as _;
    let (terminal, ..) = enrolled("keys");
    let file = terminal.folder.join("second_factor.keys");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let refused = terminal.run("status", "");
    assert!(refused.status == Some(2) && refused.complaint.contains("chmod 600"), "{}", refused.complaint);
}
