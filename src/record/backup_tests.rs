use super::*;
use crate::encoding::hex;
use crate::otp::totp::TotpParams;
use crate::random::OsRandom;
use crate::record::Record;
use crate::record::device::{Device, DeviceParams, Motion};
use crate::secret::Secret;
use crate::subject::Subject;

#[test]
fn bak_02_only_salted_peppered_hashes_are_kept() {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let (set, codes) = BackupSet::generate(10, &ring, UnixTime::default(), &OsRandom).unwrap();
    let code = canonical(&codes[0]).unwrap();
    let pepper = ring.first().sub_key(Purpose::Backup);
    assert_eq!(hash(&code, pepper, &set.salt).unwrap(), set.hashes[0]);
    assert_ne!(hash(&code, pepper, &[0; 16]).unwrap(), set.hashes[0], "the salt matters");
    assert_ne!(hash(&code, &[0; 32], &set.salt).unwrap(), set.hashes[0], "the pepper matters");
}

#[test]
fn a_set_whose_key_left_the_ring_is_a_fault_and_no_wrong_code() {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let other = KeyRing::generate(&OsRandom).unwrap();
    let (mut set, codes) = BackupSet::generate(1, &ring, UnixTime::default(), &OsRandom).unwrap();
    assert_eq!(set.accept(&codes[0], &other).err().unwrap().code, ErrorCode::KeyUnknown);
    assert_eq!(set.accept(&codes[0], &ring), Ok(BackupVerdict::Accepted));
    assert_eq!(set.accept(&codes[0], &ring), Ok(BackupVerdict::Used));
}

#[test]
fn the_canonical_form_has_sixteen_characters_of_the_alphabet() {
    assert_eq!(canonical("oil0-abcd-efgh-jkmn").unwrap().as_str(), "0110ABCDEFGHJKMN");
    for odd in
        ["", "U", "0110-ABCD-EFGH-JKM", "0110-ABCD-EFGH-JKMNP", "0110_ABCD_EFGH_JKMN", "é110ABCDEFGHJKMN"]
    {
        assert!(canonical(odd).is_none(), "{odd}");
    }
}

/// The bytes that freeze what is sealed.
struct Sevens;

impl Random for Sevens {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        buffer.fill(7);
        Ok(())
    }
}

/// A sealed record of somebody with a device, whose only backup code has that hash.
fn record_with(hash: [u8; 32], salt: [u8; 16], ring: &KeyRing, subject: &str, now: UnixTime) -> String {
    let motion = Motion::new(DeviceParams::Totp(TotpParams::default()));
    let device = Device::new(None, Secret::generate(&Sevens).unwrap(), motion, now, &Sevens).unwrap();
    let pepper = Pepper::OfKey(ring.first().id());
    let set =
        BackupSet { pepper, salt, hashes: vec![hash], used: 0, created_at: now, unknown: Unknown::default() };
    let record = Record { epoch: 1, devices: vec![device], backup: Some(set), ..Record::default() };
    hex(record.seal(ring, &Subject::new(subject).unwrap(), &Sevens).unwrap().as_bytes())
}

/// Freezes the hash. `TWINLOCK_BLESS=1 cargo test --lib frozen` writes the file anew, for a new format version.
#[test]
fn bak_02_the_hash_is_frozen() {
    let ring = KeyRing::parse("tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
    let (code, salt, now) = ("0123456789ABCDEF", *b"a salt of 16 byt", 1_800_000_000);
    let hash = hash(code, ring.first().sub_key(Purpose::Backup), &salt).unwrap();
    let made = serde_json::json!({
        "about": "a backup code and what is kept of it, described in src/record/backup.rs; and a sealed record with just this code",
        "keys": *ring.to_text(),
        "typed": "o123-4567-89ab cdef",
        "code": code,
        "salt": hex(&salt),
        "hash": hex(&hash),
        "subject": "alice",
        "now": now,
        "record": record_with(hash, salt, &ring, "alice", UnixTime::new(now).unwrap()),
    });
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/backup.json");
    if std::env::var_os("TWINLOCK_BLESS").is_some() {
        std::fs::write(&path, format!("{made:#}\n")).unwrap();
    }
    let known: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(known, made);
    assert_eq!(canonical(known["typed"].as_str().unwrap()).unwrap().as_str(), code);
}
