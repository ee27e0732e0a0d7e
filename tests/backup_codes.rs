//! Backup codes: strong, shown once, hashed, used once, replaced as a set.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::{HashMap, HashSet};

use support::{Refused, START, Site, at, refused};
use twinlock::{Answer, ErrorCode, Method, Subject};

const NOW: i64 = START + 30;
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[test]
fn bak_01_codes_are_eighty_bits_of_an_alphabet_without_look_alikes() {
    let site = Site::new();
    let mut counts: HashMap<char, u32> = HashMap::new();
    let mut seen = HashSet::new();
    for user in 0..60 {
        for code in site.enroll(&format!("user-{user}"), START).backup_codes {
            assert_eq!(code.len(), 19);
            assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
            for c in code.chars().filter(|c| *c != '-') {
                assert!(ALPHABET.contains(c));
                *counts.entry(c).or_default() += 1;
            }
            assert!(seen.insert(code));
        }
    }
    let expected = 600.0 * 16.0 / 32.0;
    let chi2: f64 = ALPHABET
        .chars()
        .map(|c| (f64::from(counts.get(&c).copied().unwrap_or(0)) - expected).powi(2) / expected)
        .sum();
    assert!(chi2 < 80.0, "31 degrees of freedom, chi² {chi2}");
}

#[test]
fn bak_04_a_code_is_used_once_and_never_again() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let code = &owner.backup_codes[3];
    let proof = site.sign_in(&owner, Answer::Backup(code), NOW).ok().unwrap();
    assert_eq!(proof.method(), Some(Method::Backup));
    assert_eq!(proof.amr(), ["pwd", "backup", "mfa"]);
    assert_eq!(refused(site.sign_in(&owner, Answer::Backup(code), NOW)), ErrorCode::Replayed);
    assert_eq!(refused(site.sign_in(&owner, Answer::Backup(code), NOW + 9_999)), ErrorCode::Replayed);
    assert_eq!(site.auth.status(&owner.subject, at(NOW)).unwrap().backup_codes_left, 9);
}

#[test]
fn bak_05_a_code_is_its_owners() {
    let site = Site::new();
    let alice = site.enroll("alice", START);
    let bob = site.enroll("bob", START);
    let result = site.sign_in(&bob, Answer::Backup(&alice.backup_codes[0]), NOW);
    assert_eq!(refused(result), ErrorCode::WrongCode);
}

#[test]
fn bak_06_a_new_set_needs_a_code_of_the_authenticator_and_ends_the_old_one() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let backup = Answer::Backup(&owner.backup_codes[0]);
    let result = site.auth.regenerate_backup_codes(&owner.subject, backup, at(NOW)).map_err(Refused::from);
    assert_eq!(refused(result), ErrorCode::MethodNotAllowed);
    let any = Answer::Any(&owner.backup_codes[0]);
    let result = site.auth.regenerate_backup_codes(&owner.subject, any, at(NOW)).map_err(Refused::from);
    assert_eq!(refused(result), ErrorCode::WrongCode);
    let otp = owner.code(NOW);
    let new = site.auth.regenerate_backup_codes(&owner.subject, Answer::Otp(&otp), at(NOW)).unwrap();
    assert_eq!(refused(site.sign_in(&owner, backup, NOW)), ErrorCode::WrongCode);
    assert!(site.sign_in(&owner, Answer::Backup(&new[0]), NOW).is_ok());
}

#[test]
fn bak_07_case_spaces_hyphens_and_look_alikes_do_not_matter() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let written = [
        owner.backup_codes[0].to_lowercase(),
        owner.backup_codes[1].replace('-', ""),
        owner.backup_codes[2].replace('-', " "),
        owner.backup_codes[3].replace('0', "o").replace('1', "l"),
        format!("  {}  ", owner.backup_codes[4].replace('1', "I")),
    ];
    for text in &written {
        assert!(site.sign_in(&owner, Answer::Backup(text), NOW).is_ok(), "{text}");
    }
}

#[test]
fn bak_07_odd_input_is_a_wrong_code_and_no_error() {
    let huge = "A".repeat(1_000_000);
    let odd =
        ["", " ", "é", "\0", "🔑", "0000-0000-0000-000", "0000-0000-0000-0000-0", "UUUU-UUUU-UUUU-UUUU"];
    for text in odd.into_iter().chain([huge.as_str()]) {
        let site = Site::new();
        let owner = site.enroll("alice", START);
        assert_eq!(refused(site.sign_in(&owner, Answer::Backup(text), NOW)), ErrorCode::WrongCode);
    }
}

#[test]
fn bak_09_the_status_tells_how_many_are_left() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    for (used, code) in owner.backup_codes.iter().enumerate() {
        let status = site.auth.status(&owner.subject, at(NOW)).unwrap();
        assert_eq!(status.backup_codes_left, 10 - u32::try_from(used).unwrap());
        assert!(site.sign_in(&owner, Answer::Backup(code), NOW).is_ok());
    }
    assert_eq!(site.auth.status(&owner.subject, at(NOW)).unwrap().backup_codes_left, 0);
    let first_factor = twinlock::FirstFactor::password(at(NOW));
    let sign_in = site.auth.begin_sign_in(&owner.subject, &first_factor, at(NOW)).unwrap();
    let twinlock::SignIn::Challenge(challenge) = sign_in else { panic!("a challenge was due") };
    assert_eq!(challenge.methods, [Method::Otp]);
}

#[test]
fn operators_can_replace_the_codes_without_one() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let new = site.auth.admin_regenerate_backup_codes(&owner.subject, at(NOW)).unwrap();
    assert!(site.sign_in(&owner, Answer::Backup(&new[9]), NOW).is_ok());
    let nobody = Subject::new("nobody").unwrap();
    let none = site.auth.admin_regenerate_backup_codes(&nobody, at(NOW)).map_err(Refused::from);
    assert_eq!(refused(none), ErrorCode::NotEnrolled);
}
