//! Several devices, devices of other kinds, and what may be done with them.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{Owner, Refused, START, Site, at, policy, refused};
use twinlock::otp::hotp::{self, HotpParams};
use twinlock::otp::steam;
use twinlock::otp::totp::{self, TotpParams};
use twinlock::{
    Answer, DeviceParams, ErrorCode, HostError, Method, MinimumLength, NewDevice, Policy, Removed, Secret,
    Subject, UnixTime,
};

const NOW: i64 = START + 300;

/// One more device: its id and its secret.
struct Added {
    id: String,
    secret: Secret,
}

fn add(site: &Site, owner: &Owner, name: &str, params: Option<DeviceParams>, now: i64) -> Added {
    let device = NewDevice { account: "alice", name: Some(name), params };
    let code = owner.code(now);
    let setup = site.auth.add_device(&owner.subject, Answer::Otp(&code), &device, at(now)).unwrap();
    let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    let first = match params {
        None | Some(DeviceParams::Totp(_)) => totp_code(&secret, now),
        Some(DeviceParams::Hotp(params)) => hotp::generate(&secret, &params, 0).to_text(),
        Some(DeviceParams::Steam) => steam::generate(&secret, at(now)),
    };
    let enrolled = site.auth.confirm_enrollment(&owner.subject, &first, at(now)).unwrap();
    assert!(enrolled.backup_codes.is_empty(), "backup codes come once");
    assert_eq!(enrolled.device_id, setup.device_id);
    Added { id: enrolled.device_id, secret }
}

fn totp_code(secret: &Secret, now: i64) -> String {
    totp::generate(secret, &TotpParams::default(), at(now)).to_text()
}

fn code_of<T>(result: Result<T, HostError<std::convert::Infallible>>) -> ErrorCode {
    refused(result.map_err(Refused::from))
}

#[test]
fn enr_12_several_devices_each_with_its_name_and_id_sign_in() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let tablet = add(&site, &owner, "Tablet", None, NOW);
    let status = site.auth.status(&owner.subject, at(NOW)).unwrap();
    assert_eq!(
        status.devices.iter().map(|device| device.name.as_str()).collect::<Vec<_>>(),
        ["Authenticator", "Tablet"]
    );
    assert!(status.devices[0].id != status.devices[1].id && status.devices[1].id == tablet.id);
    assert_eq!((tablet.id.len(), status.backup_codes_left), (24, 10));
    let later = NOW + 60;
    let proof = site.sign_in(&owner, Answer::Otp(&totp_code(&tablet.secret, later)), later).unwrap();
    assert_eq!(proof.device_id(), Some(tablet.id.as_str()));
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(later)), later).is_ok());
}

#[test]
fn enr_05_a_device_is_added_only_after_a_right_answer() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let device = NewDevice { account: "alice", ..NewDevice::default() };
    let wrong = owner.wrong_code(NOW);
    assert_eq!(
        code_of(site.auth.begin_enrollment(&owner.subject, &device, at(NOW))),
        ErrorCode::AlreadyEnrolled
    );
    assert_eq!(
        code_of(site.auth.add_device(&owner.subject, Answer::Otp(&wrong), &device, at(NOW))),
        ErrorCode::WrongCode
    );
    assert_eq!(
        code_of(site.auth.confirm_enrollment(&owner.subject, &wrong, at(NOW))),
        ErrorCode::AlreadyEnrolled
    );
    assert_eq!(site.auth.status(&owner.subject, at(NOW)).unwrap().failures_in_a_row, 1);
}

#[test]
fn an_enrollment_that_began_before_the_first_device_adds_none_after_it() {
    let site = Site::new();
    let subject = Subject::new("alice").unwrap();
    let device = NewDevice { account: "alice", ..NewDevice::default() };
    let setup = site.auth.begin_enrollment(&subject, &device, at(START)).unwrap();
    let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    let imported = twinlock::ImportedDevice {
        name: None,
        secret: Secret::from_bytes(vec![7; 20], MinimumLength::Rfc4226).unwrap(),
        params: DeviceParams::Totp(TotpParams::default()),
        counter: 0,
        last_step: None,
    };
    site.auth.import_device(&subject, &imported, at(START)).unwrap();
    let code = totp_code(&secret, START);
    assert_eq!(code_of(site.auth.confirm_enrollment(&subject, &code, at(START))), ErrorCode::AlreadyEnrolled);
}

#[test]
fn ver_10_a_code_for_one_device_never_counts_against_another_and_both_share_one_budget() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let tablet = add(&site, &owner, "Tablet", None, NOW);
    for n in 1..=50 {
        let now = NOW + 60 * n;
        let code = if n % 2 == 0 { owner.code(now) } else { totp_code(&tablet.secret, now) };
        assert!(site.sign_in(&owner, Answer::Any(&code), now).is_ok(), "{n}");
    }
    let status = site.auth.status(&owner.subject, at(NOW + 3000)).unwrap();
    assert_eq!((status.failures_in_a_row, status.failures_today), (0, 0));
    let now = NOW + 4000;
    for _ in 0..5 {
        assert!(site.sign_in(&owner, Answer::Otp("000000"), now).is_err());
    }
    let locked = site.sign_in(&owner, Answer::Otp(&totp_code(&tablet.secret, now)), now);
    assert_eq!(refused(locked), ErrorCode::Locked, "one lock for both devices");
}

#[test]
fn the_number_of_devices_is_bounded_before_a_code_is_spent() {
    let site = Site::with_policy(Policy { devices: 2, ..policy() });
    let owner = site.enroll("alice", START);
    add(&site, &owner, "Tablet", None, NOW);
    let (later, device) = (NOW + 60, NewDevice { account: "alice", ..NewDevice::default() });
    let answer = owner.code(later);
    let full = site.auth.add_device(&owner.subject, Answer::Otp(&answer), &device, at(later));
    assert_eq!(code_of(full), ErrorCode::TooManyDevices);
    assert!(site.sign_in(&owner, Answer::Otp(&answer), later).is_ok(), "the code is still good");
}

#[test]
fn enr_12_names_are_checked_and_ids_of_others_are_unknown() {
    let site = Site::new();
    let (alice, bob) = (site.enroll("alice", START), site.enroll("bob", START));
    let id = site.auth.status(&alice.subject, at(NOW)).unwrap().devices[0].id.clone();
    site.auth.rename_device(&alice.subject, &id, "日本 phone", at(NOW)).unwrap();
    assert_eq!(site.auth.status(&alice.subject, at(NOW)).unwrap().devices[0].name, "日本 phone");
    for name in ["", " a", "a\nb", "a\u{1b}[31m", "a:b", &"x".repeat(65), &"日".repeat(43)] {
        let renamed = site.auth.rename_device(&alice.subject, &id, name, at(NOW));
        assert_eq!(code_of(renamed), ErrorCode::NameInvalid, "{name:?}");
    }
    let code = bob.code(NOW);
    assert_eq!(code_of(site.auth.rename_device(&bob.subject, &id, "x", at(NOW))), ErrorCode::DeviceUnknown);
    let removed = site.auth.remove_device(&bob.subject, &id, Answer::Otp(&code), at(NOW));
    assert_eq!(code_of(removed), ErrorCode::DeviceUnknown);
    assert!(site.sign_in(&bob, Answer::Otp(&code), NOW).is_ok(), "bob's code was not spent");
}

#[test]
fn removing_the_last_device_turns_the_factor_off_and_removing_another_does_not() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let tablet = add(&site, &owner, "Tablet", None, NOW);
    let epoch = || site.auth.status(&owner.subject, at(NOW)).unwrap().epoch;
    let before = epoch();
    let own = totp_code(&tablet.secret, NOW + 30);
    let removed =
        site.auth.remove_device(&owner.subject, &tablet.id, Answer::Otp(&own), at(NOW + 30)).unwrap();
    assert_eq!(removed, Removed::One);
    assert!(epoch() > before, "tokens from before are dead");
    let gone = site.sign_in(&owner, Answer::Otp(&totp_code(&tablet.secret, NOW + 90)), NOW + 90);
    assert_eq!(refused(gone), ErrorCode::WrongCode);
    let id = site.auth.status(&owner.subject, at(NOW)).unwrap().devices[0].id.clone();
    let backup = Answer::Backup(&owner.backup_codes[0]);
    assert_eq!(site.auth.remove_device(&owner.subject, &id, backup, at(NOW + 90)).unwrap(), Removed::Last);
    let status = site.auth.status(&owner.subject, at(NOW + 90)).unwrap();
    assert!(!status.enabled && status.backup_codes_left == 0);
}

/// A subject with a counter device beside the first one.
fn with_counter(site: &Site) -> (Owner, Added, impl Fn(u64) -> String + use<>) {
    let owner = site.enroll("alice", START);
    let token = add(site, &owner, "Token", Some(DeviceParams::Hotp(HotpParams::default())), NOW);
    let secret = Secret::from_bytes(token.secret.expose().to_vec(), MinimumLength::Rfc4226).unwrap();
    (owner, token, move |counter| hotp::generate(&secret, &HotpParams::default(), counter).to_text())
}

fn signs_in(site: &Site, owner: &Owner, code: &str, now: UnixTime) -> bool {
    site.sign_in(owner, Answer::Otp(code), now.to_i64()).is_ok()
}

#[test]
fn otp_13_a_counter_device_looks_forward_only_and_not_too_far() {
    let site = Site::with_policy(Policy { failures_before_lock: 20, failures_per_day: 100, ..policy() });
    let (owner, _, code) = with_counter(&site);
    let now = at(NOW + 60);
    assert!(!signs_in(&site, &owner, &code(0), now), "the code that confirmed is spent");
    assert!(signs_in(&site, &owner, &code(1), now));
    assert!(!signs_in(&site, &owner, &code(1), now), "spent");
    assert!(!signs_in(&site, &owner, &code(13), now), "eleven ahead");
    assert!(signs_in(&site, &owner, &code(12), now), "ten ahead");
    assert!(!signs_in(&site, &owner, &code(5), now), "behind");
    assert!(signs_in(&site, &owner, &code(13), now));
}

#[test]
fn otp_13_two_codes_in_a_row_find_the_counter_again() {
    let site = Site::new();
    let (owner, token, code) = with_counter(&site);
    let now = at(NOW + 60);
    let resync = |codes: [&str; 2]| site.auth.resync_device(&owner.subject, &token.id, codes, now);
    assert_eq!(code_of(resync([&code(60), &code(62)])), ErrorCode::WrongCode, "not in a row");
    assert_eq!(code_of(resync([&code(60), "000000"])), ErrorCode::WrongCode, "one right, one wrong");
    assert_eq!(code_of(resync(["six", &code(60)])), ErrorCode::WrongCode);
    assert_eq!(site.auth.status(&owner.subject, now).unwrap().failures_in_a_row, 3, "guesses count");
    resync([&code(60), &code(61)]).unwrap();
    assert!(!signs_in(&site, &owner, &code(61), now), "both are spent");
    assert!(signs_in(&site, &owner, &code(62), now));
    let first = site.auth.status(&owner.subject, now).unwrap().devices[0].id.clone();
    let other = site.auth.resync_device(&owner.subject, &first, ["111111", "222222"], now);
    assert_eq!(code_of(other), ErrorCode::MethodNotAllowed, "a time device has no counter");
    let unknown = site.auth.resync_device(&owner.subject, "none", ["111111", "222222"], now);
    assert_eq!(code_of(unknown), ErrorCode::DeviceUnknown);
}

#[test]
fn ver_06_a_lock_stops_resynchronising_too() {
    let site = Site::new();
    let (owner, token, code) = with_counter(&site);
    let now = at(NOW + 60);
    for _ in 0..5 {
        let _ = site.auth.resync_device(&owner.subject, &token.id, ["000000", "000001"], now);
    }
    let right = [&*code(20), &*code(21)];
    assert_eq!(code_of(site.auth.resync_device(&owner.subject, &token.id, right, now)), ErrorCode::Locked);
}

#[test]
fn steam_codes_sign_in_once() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let device = add(&site, &owner, "Steam", Some(DeviceParams::Steam), NOW);
    let now = NOW + 60;
    let code = steam::generate(&device.secret, at(now));
    let proof = site.sign_in(&owner, Answer::Any(&code), now).unwrap();
    assert_eq!((proof.method(), proof.device_id()), (Some(Method::Otp), Some(device.id.as_str())));
    assert_eq!(refused(site.sign_in(&owner, Answer::Otp(&code), now)), ErrorCode::Replayed);
    let listed = site.auth.status(&owner.subject, at(now)).unwrap().devices[1].params;
    assert_eq!((listed.kind(), listed.digits(), listed.period()), ("steam", 5, Some(30)));
}

#[test]
fn devices_have_parameters_of_their_own() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let params = TotpParams {
        algorithm: twinlock::otp::Algorithm::Sha512,
        digits: twinlock::otp::Digits::Eight,
        period: twinlock::otp::totp::Period::new(60).unwrap(),
    };
    let device = NewDevice { account: "alice", name: None, params: Some(DeviceParams::Totp(params)) };
    let answer = owner.code(NOW);
    let setup = site.auth.add_device(&owner.subject, Answer::Otp(&answer), &device, at(NOW)).unwrap();
    assert!(setup.uri.contains("&algorithm=SHA512&digits=8&period=60"));
    let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    let code = |now| totp::generate(&secret, &params, at(now)).to_text();
    site.auth.confirm_enrollment(&owner.subject, &code(NOW), at(NOW)).unwrap();
    assert!(site.sign_in(&owner, Answer::Otp(&code(NOW + 120)), NOW + 120).is_ok());
}
