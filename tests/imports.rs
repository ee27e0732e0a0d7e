//! Devices and backup codes of other systems, and sealing records anew under another key.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{Owner, Refused, START, Site, at, policy, refused};
use twinlock::otp::hotp::HotpParams;
use twinlock::otp::totp::{self, TotpParams};
use twinlock::otp::uri;
use twinlock::{
    Answer, Cipher, DeviceParams, Engine, ErrorCode, Folding, ForeignCodes, HostError, ImportedDevice,
    JwtConfig, KeyRing, MemoryStore, MinimumLength, OsRandom, Policy, SecondFactor, Secret, Store, Subject,
};

const NOW: i64 = START + 300;

fn code_of<T>(result: Result<T, HostError<std::convert::Infallible>>) -> ErrorCode {
    refused(result.map_err(Refused::from))
}

fn secret(byte: u8) -> Secret {
    Secret::from_bytes(vec![byte; 20], MinimumLength::Rfc4226).unwrap()
}

fn device(byte: u8, params: DeviceParams) -> ImportedDevice<'static> {
    ImportedDevice { name: Some("Imported"), secret: secret(byte), params, counter: 0, last_step: None }
}

fn totp_device(byte: u8) -> ImportedDevice<'static> {
    device(byte, DeviceParams::Totp(TotpParams::default()))
}

fn import(site: &Site, subject: &Subject, device: &ImportedDevice<'_>) -> Result<String, Refused> {
    Ok(site.auth.import_device(subject, device, at(NOW))?)
}

fn owner(byte: u8) -> Owner {
    Owner { subject: Subject::new("alice").unwrap(), secret: secret(byte), backup_codes: Vec::new() }
}

#[test]
fn sto_05_an_imported_device_signs_in_with_the_codes_it_had_and_importing_again_changes_nothing() {
    let site = Site::new();
    let owner = owner(7);
    let id = import(&site, &owner.subject, &totp_device(7)).unwrap();
    let record = site.record(&owner);
    assert_eq!(import(&site, &owner.subject, &totp_device(7)).unwrap(), id);
    assert_eq!(site.record(&owner), record, "nothing was written");
    let proof = site.sign_in(&owner, Answer::Otp(&owner.code(NOW)), NOW).unwrap();
    assert_eq!(proof.device_id(), Some(id.as_str()));
    assert_eq!(site.auth.status(&owner.subject, at(NOW)).unwrap().backup_codes_total, 0);
}

#[test]
fn a_code_that_the_other_system_accepted_is_spent_here() {
    let site = Site::new();
    let owner = owner(7);
    let step = totp::step_at(Default::default(), at(NOW));
    import(&site, &owner.subject, &ImportedDevice { last_step: Some(step), ..totp_device(7) }).unwrap();
    assert_eq!(refused(site.sign_in(&owner, Answer::Otp(&owner.code(NOW)), NOW)), ErrorCode::Replayed);
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(NOW + 30)), NOW + 30).is_ok());
}

#[test]
fn what_makes_no_sense_is_not_imported() {
    let site = Site::new();
    let subject = owner(7).subject;
    let step = totp::step_at(Default::default(), at(NOW));
    let ahead = ImportedDevice { last_step: Some(step + 2), ..totp_device(7) };
    assert_eq!(refused(import(&site, &subject, &ahead)), ErrorCode::TimeInvalid);
    let hotp = device(7, DeviceParams::Hotp(HotpParams::default()));
    let counter = ImportedDevice { counter: u64::MAX - 5, ..hotp };
    assert_eq!(refused(import(&site, &subject, &counter)), ErrorCode::CounterOverflow);
    for byte in 0..5 {
        import(&site, &subject, &totp_device(byte)).unwrap();
    }
    assert_eq!(refused(import(&site, &subject, &totp_device(9))), ErrorCode::TooManyDevices);
}

#[test]
fn a_device_comes_from_its_uri_or_from_an_apps_export() {
    let site = Site::new();
    let (subject, text) = (owner(7).subject, secret(7).to_base32());
    let plain = format!("otpauth://hotp/Acme:alice?secret={}&counter=41&digits=8&issuer=Acme", *text);
    let parsed = uri::parse(&plain, MinimumLength::Rfc4226).unwrap();
    import(&site, &subject, &ImportedDevice::from_uri(parsed)).unwrap();
    let listed = site.auth.status(&subject, at(NOW)).unwrap().devices[0].params;
    assert_eq!((listed.kind(), listed.digits(), listed.period()), ("hotp", 8, None));
    let params = HotpParams { digits: twinlock::otp::Digits::Eight, ..HotpParams::default() };
    let owner = owner(7);
    for (counter, right) in [(40, false), (41, true), (41, false), (42, true)] {
        let code = twinlock::otp::hotp::generate(&secret(7), &params, counter).to_text();
        assert_eq!(site.sign_in(&owner, Answer::Otp(&code), NOW).is_ok(), right, "counter {counter}");
    }
}

#[test]
fn sto_05_imported_backup_codes_work_until_each_is_used_or_new_ones_are_made() {
    let site = Site::new();
    let owner = owner(7);
    let codes = ForeignCodes::plain(&["KSZkPtk3dSO59HfO", "d-_VkPtk3dSO59Hf"], Folding::Exact).unwrap();
    let early = site.auth.import_backup_codes(&owner.subject, &codes, at(NOW));
    assert_eq!(code_of(early), ErrorCode::NotEnrolled);
    import(&site, &owner.subject, &totp_device(7)).unwrap();
    site.auth.import_backup_codes(&owner.subject, &codes, at(NOW)).unwrap();
    let left = || site.auth.status(&owner.subject, at(NOW)).unwrap().backup_codes_left;
    assert_eq!(left(), 2);
    assert!(site.sign_in(&owner, Answer::Backup("d-_VkPtk3dSO59Hf"), NOW).is_ok());
    assert_eq!(refused(site.sign_in(&owner, Answer::Any("d-_VkPtk3dSO59Hf"), NOW)), ErrorCode::Replayed);
    assert_eq!(left(), 1);
    let code = owner.code(NOW);
    site.auth.regenerate_backup_codes(&owner.subject, Answer::Otp(&code), at(NOW)).unwrap();
    assert_eq!(refused(site.sign_in(&owner, Answer::Backup("KSZkPtk3dSO59HfO"), NOW)), ErrorCode::WrongCode);
}

#[test]
fn enr_09_imported_codes_go_with_the_factor() {
    type End = fn(&Site, &Owner);
    let ends: [End; 2] = [
        |site, owner| site.auth.disable(&owner.subject, Answer::Backup("87654321"), at(NOW)).unwrap(),
        |site, owner| site.auth.admin_reset(&owner.subject, at(NOW)).unwrap(),
    ];
    for end in ends {
        let site = Site::new();
        let owner = owner(7);
        import(&site, &owner.subject, &totp_device(7)).unwrap();
        let codes = ForeignCodes::plain(&["12345678", "87654321"], Folding::Exact).unwrap();
        site.auth.import_backup_codes(&owner.subject, &codes, at(NOW)).unwrap();
        end(&site, &owner);
        import(&site, &owner.subject, &totp_device(8)).unwrap();
        assert_eq!(site.auth.status(&owner.subject, at(NOW)).unwrap().backup_codes_total, 0);
        assert_eq!(refused(site.sign_in(&owner, Answer::Backup("12345678"), NOW)), ErrorCode::WrongCode);
    }
}

fn with_ring(keys: &str, policy: Policy) -> Engine {
    Engine::new(policy, KeyRing::parse(keys).unwrap(), JwtConfig::default()).unwrap()
}

/// A site, and the same records under another ring.
fn under(site: Site, keys: &str, policy: Policy) -> Site {
    let store = MemoryStore::default();
    for subject in ["alice"].map(|name| Subject::new(name).unwrap()) {
        let (record, _) = site.auth.store().load(&subject).unwrap().unwrap();
        assert!(store.save(&subject, &record, 0).unwrap());
    }
    Site { auth: SecondFactor::new(with_ring(keys, policy), store) }
}

#[test]
fn sea_05_a_record_that_was_sealed_anew_needs_the_new_key_only() {
    let (old, new) = (new_key(), new_key());
    let first = Site { auth: SecondFactor::new(with_ring(&old, policy()), MemoryStore::default()) };
    let owner = first.enroll("alice", START);
    let site = under(first, &format!("{new},{old}"), policy());
    let needed = |site: &Site| {
        let keys = site.auth.engine().keys_needed(&owner.subject, &site.record(&owner)).unwrap();
        keys.into_iter().map(|key| key.to_text()).collect::<Vec<_>>()
    };
    let id = |key: &str| KeyRing::parse(key).unwrap().ids()[0].to_text();
    assert_eq!(needed(&site), [id(&old)]);
    // A sign-in writes the record under the new key, but the hashes of the backup codes still need the old one.
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(NOW)), NOW).is_ok());
    assert_eq!(needed(&site), [id(&new), id(&old)]);
    assert!(site.auth.reseal(&owner.subject).unwrap());
    assert_eq!(needed(&site), [id(&new)]);
    let before = site.record(&owner);
    assert!(!site.auth.reseal(&owner.subject).unwrap(), "there is nothing left to do");
    assert_eq!(site.record(&owner), before);
    let site = under(site, &new, policy());
    assert!(site.sign_in(&owner, Answer::Backup(&owner.backup_codes[3]), NOW).is_ok());
    assert_eq!(
        refused(site.sign_in(&owner, Answer::Backup(&owner.backup_codes[3]), NOW)),
        ErrorCode::Replayed
    );
}

fn new_key() -> String {
    KeyRing::generate(&OsRandom).unwrap().to_text().to_string()
}

#[test]
fn sea_05_imported_codes_keep_their_pepper_too() {
    let (old, new) = (new_key(), new_key());
    let first = Site { auth: SecondFactor::new(with_ring(&old, policy()), MemoryStore::default()) };
    let owner = owner(7);
    import(&first, &owner.subject, &totp_device(7)).unwrap();
    let codes = ForeignCodes::plain(&["12345678"], Folding::Loose).unwrap();
    first.auth.import_backup_codes(&owner.subject, &codes, at(NOW)).unwrap();
    let site = under(first, &format!("{new} {old}"), policy());
    assert!(site.auth.reseal(&owner.subject).unwrap());
    let site = under(site, &new, policy());
    assert!(site.sign_in(&owner, Answer::Backup("1234-5678"), NOW).is_ok());
}

#[test]
fn sea_12_records_move_to_the_fips_cipher_and_do_not_come_back() {
    let key = new_key();
    let first = Site { auth: SecondFactor::new(with_ring(&key, policy()), MemoryStore::default()) };
    let owner = first.enroll("alice", START);
    let strict = Policy { cipher: Cipher::Aes256Gcm, ..policy() };
    let plain = first.record(&owner);
    let site = under(first, &key, Policy { cipher: Cipher::Aes256GcmMigrating, ..policy() });
    assert!(site.auth.reseal(&owner.subject).unwrap());
    assert_eq!(site.record(&owner)[3], 2);
    let site = under(site, &key, strict);
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(NOW)), NOW).is_ok());
    let (_, version) = site.auth.store().load(&owner.subject).unwrap().unwrap();
    assert!(
        site.auth.store().save(&owner.subject, &plain, version).unwrap(),
        "somebody puts the old row back"
    );
    let status = site.auth.status(&owner.subject, at(NOW));
    assert_eq!(code_of(status), ErrorCode::CipherRefused);
}
