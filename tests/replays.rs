//! VER-01, VER-02: as long as the window reaches the step of an accepted code, its digits are not accepted again where
//! they stand for another step, counter value or device as well. A few secrets in a million have such digits at any
//! moment; those below were looked for.
#![allow(clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{Owner, Site, at, refused};
use twinlock::otp::hotp::{self, HotpParams};
use twinlock::otp::steam;
use twinlock::otp::totp::TotpParams;
use twinlock::{Answer, DeviceParams, ErrorCode, ImportedDevice, MinimumLength, Secret, Subject};

/// The secret of RFC 6238, Appendix B.
const RFC: [u8; 20] = *b"12345678901234567890";
/// Two steps, or counter values, in which it has one code.
const TWINS: [i64; 2] = [910_737, 910_738];

fn secret(bytes: [u8; 20]) -> Secret {
    Secret::from_bytes(bytes.to_vec(), MinimumLength::Rfc4226).unwrap()
}

/// A user with imported devices, the first of which is the owner's authenticator.
fn owner_of(site: &Site, devices: &[([u8; 20], DeviceParams, i64)], now: i64) -> Owner {
    let subject = Subject::new("alice").unwrap();
    for (bytes, params, counter) in devices {
        let counter = u64::try_from(*counter).unwrap();
        let device =
            ImportedDevice { name: None, secret: secret(*bytes), params: *params, counter, last_step: None };
        site.auth.import_device(&subject, &device, at(now)).unwrap();
    }
    Owner { subject, secret: secret(devices.first().unwrap().0), backup_codes: Vec::new() }
}

fn totp() -> DeviceParams {
    DeviceParams::Totp(TotpParams::default())
}

fn replayed(site: &Site, owner: &Owner, code: &str, now: i64) {
    let answer = site.sign_in(owner, Answer::Otp(code), now);
    assert_eq!(refused(answer), ErrorCode::Replayed, "at {now}");
}

#[test]
fn ver_02_one_code_of_two_steps_signs_in_once() {
    let [first, second] = TWINS.map(|step| step * 30);
    // The window reaches both steps at first; only the first; only the second.
    for (start, end) in [(first, second + 30), (first - 30, second), (second + 30, second + 30)] {
        let site = Site::new();
        let owner = owner_of(&site, &[(RFC, totp(), 0)], start);
        assert_eq!(owner.code(first), owner.code(second));
        assert!(site.sign_in(&owner, Answer::Otp(&owner.code(first)), start).is_ok());
        for now in (start..end + 30).step_by(10) {
            site.auth.unlock(&owner.subject, at(now)).unwrap();
            replayed(&site, &owner, &owner.code(first), now);
        }
        let next = second + 30;
        assert!(site.sign_in(&owner, Answer::Otp(&owner.code(next)), next).is_ok(), "the next one is good");
    }
}

#[test]
fn ver_02_one_code_of_two_steps_signs_in_once_with_steam() {
    let [first, second] = [58_370_649, 58_370_650].map(|step: i64| step * 30);
    let site = Site::new();
    let owner = owner_of(&site, &[(RFC, DeviceParams::Steam, 0)], first);
    let code = steam::generate(&owner.secret, at(first));
    assert_eq!(code, steam::generate(&owner.secret, at(second)));
    assert!(site.sign_in(&owner, Answer::Otp(&code), first).is_ok());
    replayed(&site, &owner, &code, first);
    replayed(&site, &owner, &code, second);
}

#[test]
fn ver_02_one_code_of_two_counter_values_signs_in_once() {
    let now = support::START;
    let params = HotpParams::default();
    let site = Site::new();
    let owner = owner_of(&site, &[(RFC, DeviceParams::Hotp(params), TWINS[0])], now);
    let code =
        |counter: i64| hotp::generate(&owner.secret, &params, u64::try_from(counter).unwrap()).to_text();
    assert_eq!(code(TWINS[0]), code(TWINS[1]));
    replayed(&site, &owner, &code(TWINS[0] - 1), now);
    assert!(site.sign_in(&owner, Answer::Otp(&code(TWINS[0])), now).is_ok());
    replayed(&site, &owner, &code(TWINS[1]), now);
    assert!(site.sign_in(&owner, Answer::Otp(&code(TWINS[1] + 1)), now).is_ok());
    replayed(&site, &owner, &code(TWINS[1] + 1), now);
}

#[test]
fn ver_02_ver_10_one_code_of_two_devices_signs_in_once() {
    // The second device has the first one's code two steps later.
    let (other, step) = ([7; 20], 60_053_121_i64);
    let now = step * 30;
    let site = Site::new();
    let owner = owner_of(&site, &[(RFC, totp(), 0), (other, totp(), 0)], now);
    let second = Owner { subject: owner.subject.clone(), secret: secret(other), backup_codes: Vec::new() };
    assert_eq!(owner.code(now), second.code(now + 60));
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(now)), now).is_ok());
    let later = now + 30;
    replayed(&site, &owner, &owner.code(now), later);
    let devices = site.auth.status(&owner.subject, at(later)).unwrap().devices;
    assert!(devices.iter().all(|device| device.last_used_at == at(now)), "a refused code is no use");
    assert!(
        site.sign_in(&owner, Answer::Otp(&second.code(now + 90)), now + 60).is_ok(),
        "the next one is good"
    );
}

#[test]
fn a_code_of_two_devices_at_once_is_the_first_ones_and_spent_at_both() {
    let (other, step) = ([7; 20], 60_053_121_i64);
    let now = (step + 1) * 30;
    let site = Site::new();
    let owner = owner_of(&site, &[(RFC, totp(), 0), (other, totp(), 0)], now - 60);
    let proof = site.sign_in(&owner, Answer::Otp(&owner.code(now - 30)), now).ok().unwrap();
    let [first, second] = &*site.auth.status(&owner.subject, at(now)).unwrap().devices else { panic!() };
    assert_eq!(proof.device_id(), Some(&*first.id));
    assert_eq!((first.last_used_at, second.last_used_at), (at(now), at(now - 60)));
    replayed(&site, &owner, &owner.code(now - 30), now + 60);
}
