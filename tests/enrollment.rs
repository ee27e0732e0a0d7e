//! Enrollment: what a pending device is and is not, and how it becomes a device.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{Refused, START, Site, at, refused};
use twinlock::{Answer, ErrorCode, FirstFactor, MinimumLength, NewDevice, Policy, Secret, SignIn, Subject};

fn alice() -> Subject {
    Subject::new("alice").unwrap()
}

fn device() -> NewDevice<'static> {
    NewDevice { account: "alice@example.com", ..NewDevice::default() }
}

#[test]
fn enr_01_each_enrollment_gets_a_fresh_secret_of_160_bits() {
    let site = Site::new();
    let first = site.auth.begin_enrollment(&alice(), &device(), at(START)).unwrap();
    let second = site.auth.begin_enrollment(&alice(), &device(), at(START)).unwrap();
    assert_ne!(*first.secret, *second.secret);
    assert_eq!(Secret::from_base32(&first.secret, MinimumLength::Rfc4226).unwrap().expose().len(), 20);
    assert!(first.uri.contains(&*first.secret));
    assert_ne!(first.device_id, second.device_id);
}

#[test]
fn enr_02_a_live_device_is_neither_replaced_nor_confirmed_again() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let again = site.auth.begin_enrollment(&alice(), &device(), at(START + 60)).map_err(Refused::from);
    assert_eq!(refused(again), ErrorCode::AlreadyEnrolled);
    let code = owner.code(START + 60);
    let confirm = site.auth.confirm_enrollment(&alice(), &code, at(START + 60)).map_err(Refused::from);
    assert_eq!(refused(confirm), ErrorCode::AlreadyEnrolled);
    assert!(site.sign_in(&owner, Answer::Otp(&code), START + 60).is_ok());
}

#[test]
fn enr_02_a_new_setup_ends_the_one_before() {
    let site = Site::new();
    let first = site.auth.begin_enrollment(&alice(), &device(), at(START)).unwrap();
    site.auth.begin_enrollment(&alice(), &device(), at(START)).unwrap();
    let secret = Secret::from_base32(&first.secret, MinimumLength::Rfc4226).unwrap();
    let code = twinlock::otp::totp::generate(&secret, &Default::default(), at(START)).to_text();
    let confirm = site.auth.confirm_enrollment(&alice(), &code, at(START)).map_err(Refused::from);
    assert_eq!(refused(confirm), ErrorCode::WrongCode);
}

#[test]
fn enr_03_a_pending_device_neither_gates_nor_satisfies_sign_in() {
    let site = Site::new();
    site.auth.begin_enrollment(&alice(), &device(), at(START)).unwrap();
    let first_factor = FirstFactor::password(at(START));
    let sign_in = site.auth.begin_sign_in(&alice(), &first_factor, at(START)).unwrap();
    let SignIn::NotRequired(proof) = sign_in else { panic!("a pending device must not gate") };
    assert_eq!(proof.method(), None);
    assert_eq!(proof.amr(), ["pwd"]);
    let status = site.auth.status(&alice(), at(START)).unwrap();
    assert!(!status.enabled);
    assert_eq!(status.pending_until, Some(at(START + 900)));
    let codes = site.auth.regenerate_backup_codes(&alice(), Answer::Otp("000000"), at(START));
    assert_eq!(refused(codes.map_err(Refused::from)), ErrorCode::NotEnrolled);
}

#[test]
fn enr_04_the_code_that_confirmed_is_no_login_code() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let result = site.sign_in(&owner, Answer::Otp(&owner.code(START)), START + 1);
    assert_eq!(refused(result), ErrorCode::Replayed);
}

#[test]
fn enr_08_a_pending_enrollment_ends_with_its_time() {
    let site = Site::new();
    let setup = site.auth.begin_enrollment(&alice(), &device(), at(START)).unwrap();
    let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    let late = at(START + 900);
    let code = twinlock::otp::totp::generate(&secret, &Default::default(), late).to_text();
    let result = site.auth.confirm_enrollment(&alice(), &code, late).map_err(Refused::from);
    assert_eq!(refused(result), ErrorCode::EnrollmentExpired);
    let result = site.auth.confirm_enrollment(&alice(), &code, late).map_err(Refused::from);
    assert_eq!(refused(result), ErrorCode::NoPendingEnrollment);
}

#[test]
fn enr_08_ten_wrong_codes_discard_a_pending_enrollment() {
    let site = Site::new();
    let setup = site.auth.begin_enrollment(&alice(), &device(), at(START)).unwrap();
    let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    let right = twinlock::otp::totp::generate(&secret, &Default::default(), at(START)).to_text();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        let result = site.auth.confirm_enrollment(&alice(), wrong, at(START)).map_err(Refused::from);
        assert_eq!(refused(result), ErrorCode::WrongCode);
    }
    let result = site.auth.confirm_enrollment(&alice(), &right, at(START)).map_err(Refused::from);
    assert_eq!(refused(result), ErrorCode::NoPendingEnrollment);
}

#[test]
fn enr_09_turning_it_off_ends_all_that_hung_on_it() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, START + 30);
    let code = owner.code(START + 30);
    site.auth.disable(&owner.subject, Answer::Otp(&code), at(START + 30)).unwrap();
    let status = site.auth.status(&owner.subject, at(START + 30)).unwrap();
    assert!(!status.enabled && status.devices.is_empty() && status.backup_codes_total == 0);
    let backup = Answer::Backup(&owner.backup_codes[0]);
    assert_eq!(refused(site.answer(&challenge, backup, START + 31)), ErrorCode::NotEnrolled);
    site.enroll("alice", START + 60);
    assert_eq!(refused(site.answer(&challenge, backup, START + 61)), ErrorCode::ChallengeInvalid);
}

#[test]
fn enr_10_enrolling_moves_the_epoch_and_proves() {
    let site = Site::new();
    let subject = alice();
    let first_factor = FirstFactor::password(at(START));
    let SignIn::NotRequired(before) = site.auth.begin_sign_in(&subject, &first_factor, at(START)).unwrap()
    else {
        panic!("no second factor is enrolled")
    };
    site.enroll("alice", START);
    let after = site.auth.status(&subject, at(START)).unwrap().epoch;
    assert!(after > before.epoch());
}

#[test]
fn enr_12_names_are_checked_and_ids_differ() {
    let site = Site::new();
    let long = "x".repeat(65);
    for name in ["", "a\u{7}b", "a:b", long.as_str()] {
        let device = NewDevice { account: "alice", name: Some(name), ..NewDevice::default() };
        let result = site.auth.begin_enrollment(&alice(), &device, at(START)).map_err(Refused::from);
        assert_eq!(refused(result), ErrorCode::NameInvalid);
    }
    assert!(site.auth.store_is_empty(&alice()));
}

#[test]
fn no_backup_codes_is_a_policy_and_leaves_the_factor_on() {
    let policy = Policy { backup_codes: 0, ..support::policy() };
    let site = Site::with_policy(policy);
    let owner = site.enroll("alice", START);
    assert!(owner.backup_codes.is_empty());
    assert!(site.auth.status(&owner.subject, at(START)).unwrap().enabled);
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(START + 30)), START + 30).is_ok());
}

trait Emptiness {
    fn store_is_empty(&self, subject: &Subject) -> bool;
}

impl Emptiness for twinlock::SecondFactor<twinlock::MemoryStore> {
    fn store_is_empty(&self, subject: &Subject) -> bool {
        use twinlock::Store;
        self.store().load(subject).unwrap().is_none()
    }
}
