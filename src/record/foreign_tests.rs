use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minicbor::Encoder;
use proptest::prelude::*;

use super::*;
use crate::error::ErrorCode;
use crate::random::OsRandom;
use crate::record::codec::foreign::{read_foreign, write_foreign};

/// `ABCDEFGHJK` under the `SECRET_KEY` "secret", as drf-totp 0.2.0 stores it.
const DRF_TOTP: &str = "hmac_sha256$26f24703c14b336de0ec78df19cc525e914390f689b382f5621e84395ab1b593";
/// SHA-256 of `ab-CD 12`.
const SHA256: &str = "c549a607244580e6b4612536a8d37ff678264524477e413360390a2da92d406b";
/// `abCD-1234`, and with one salt `ffee-0011` and `12345-abcde`, by Django's hasher.
const DJANGO: [&str; 3] = [
    "pbkdf2_sha256$1000$saltOne$l+0cjUMTbP2z/kTwpFEiXbU8dkZcwbwgKvm694QDxiA=",
    "pbkdf2_sha256$2000$saltTwo$KhgPDnXQY5dVADgWAq9Kb14TbCKOdPlW8KAKeUvhz20=",
    "pbkdf2_sha256$2000$saltTwo$vslwO6MSA3QexeSFH25r3kjDXLc5GHY5AThOafsL5KY=",
];

fn ring() -> KeyRing {
    KeyRing::generate(&OsRandom).unwrap()
}

fn set(codes: Result<ForeignCodes, Fault>, ring: &KeyRing) -> ForeignSet {
    ForeignSet::new(&codes.unwrap(), ring, UnixTime::new(1_800_000_000).unwrap(), &OsRandom).unwrap()
}

fn drf_key(secret_key: &str) -> HmacKey {
    HmacKey::of_drf_totp(secret_key).unwrap()
}

fn bytes_of(set: &ForeignSet) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_foreign(set, &mut Encoder::new(&mut bytes)).unwrap();
    bytes
}

/// One set of each scheme and a code of it.
fn one_of_each(ring: &KeyRing) -> [(ForeignSet, &'static str); 5] {
    [
        (set(ForeignCodes::plain(&["KSZ-Ptk3", "other-code"], Folding::Exact), ring), "KSZ-Ptk3"),
        (set(ForeignCodes::plain(&["40017382", "93474438"], Folding::Loose), ring), "9347-4438"),
        (
            set(
                ForeignCodes::hmac_sha256(
                    vec![drf_key("new"), drf_key("secret"), drf_key("old")],
                    &[DRF_TOTP],
                ),
                ring,
            ),
            "abcde-fghjk",
        ),
        (set(ForeignCodes::sha256(&[SHA256]), ring), "ab-CD 12"),
        (set(ForeignCodes::pbkdf2_sha256(&DJANGO), ring), "ffee-0011"),
    ]
}

#[test]
fn bak_04_an_imported_code_of_every_scheme_is_accepted_once() {
    let ring = ring();
    for (mut set, code) in one_of_each(&ring) {
        let total = set.total();
        assert_eq!(set.accept("KSZ-Ptk4", &ring), Ok(BackupVerdict::Wrong));
        assert_eq!(set.left(), total);
        assert_eq!(set.accept(&format!(" {code}\n"), &ring), Ok(BackupVerdict::Accepted), "{code}");
        assert_eq!(set.left(), total - 1);
        assert_eq!(set.accept(code, &ring), Ok(BackupVerdict::Used), "{code}");
        assert_eq!((set.left(), set.total()), (total - 1, total));
    }
}

#[test]
fn every_code_of_a_set_is_accepted_whatever_its_place_and_salt() {
    let ring = ring();
    let mut set = set(ForeignCodes::pbkdf2_sha256(&DJANGO), &ring);
    for code in ["12345-abcde", "abCD-1234", "ffee-0011"] {
        assert_eq!(set.accept(code, &ring), Ok(BackupVerdict::Accepted), "{code}");
    }
    assert_eq!(set.left(), 0);
}

#[test]
fn exact_codes_keep_case_and_hyphens_and_loose_ones_do_not() {
    let ring = ring();
    let verdict = |folding, typed: &str| {
        set(ForeignCodes::plain(&["aB-_cD12"], folding), &ring).accept(typed, &ring).unwrap()
    };
    assert_eq!(verdict(Folding::Exact, "\taB-_cD12 "), BackupVerdict::Accepted);
    for typed in ["ab-_cd12", "aB_cD12", "aB- _cD12"] {
        assert_eq!(verdict(Folding::Exact, typed), BackupVerdict::Wrong, "{typed}");
        assert_eq!(verdict(Folding::Loose, typed), BackupVerdict::Accepted, "{typed}");
    }
    assert_eq!(verdict(Folding::Loose, "ab-cd12"), BackupVerdict::Wrong);
}

#[test]
fn an_hmac_needs_the_key_it_was_made_with() {
    let ring = ring();
    let mut other = set(ForeignCodes::hmac_sha256(vec![drf_key("other")], &[DRF_TOTP]), &ring);
    assert_eq!(other.accept("ABCDEFGHJK", &ring), Ok(BackupVerdict::Wrong));
    let raw = Sha256::digest(b"drf_totp.backup_codesecret").to_vec();
    let raw = HmacKey::from_bytes(raw).unwrap();
    let mut raw = set(ForeignCodes::hmac_sha256(vec![raw], &[DRF_TOTP]), &ring);
    assert_eq!(raw.accept("ABCDE FGHJK", &ring), Ok(BackupVerdict::Accepted));
}

#[test]
fn bak_02_of_codes_in_clear_only_salted_peppered_hashes_are_kept() {
    let ring = ring();
    let mut first = set(ForeignCodes::plain(&["KSZkPtk3"], Folding::Exact), &ring);
    let second = set(ForeignCodes::plain(&["KSZkPtk3"], Folding::Exact), &ring);
    assert_ne!(first.hashes, second.hashes, "the salt matters");
    assert!(!bytes_of(&first).windows(8).any(|part| part == b"KSZkPtk3"));
    assert!(first.pepper().unwrap().other_key(&ring).is_none());
    let fault = first.accept("KSZkPtk3", &self::ring()).err().unwrap();
    assert_eq!(fault.code, ErrorCode::KeyUnknown, "the pepper's key left the ring");
}

#[test]
fn what_is_written_is_read_back_with_what_a_later_version_added() {
    let ring = ring();
    for (mut set, code) in one_of_each(&ring) {
        assert_eq!(set.accept(code, &ring), Ok(BackupVerdict::Accepted));
        let mut bytes = bytes_of(&set);
        // A map of fewer than 23 entries has its count in its first byte.
        bytes[0] += 1;
        Encoder::new(&mut bytes).u64(99).unwrap().str("future").unwrap();
        let mut read = read_foreign(&bytes).unwrap();
        assert_eq!(bytes_of(&read), bytes);
        assert_eq!((read.left(), read.total()), (set.left(), set.total()));
        assert_eq!(read.created_at, set.created_at);
        assert_eq!(read.accept(code, &ring), Ok(BackupVerdict::Used));
    }
}

#[test]
fn a_scheme_of_a_later_version_is_kept_and_accepts_nothing() {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes)
        .map(2)
        .unwrap()
        .u64(0)
        .unwrap()
        .u64(9)
        .unwrap()
        .u64(1)
        .unwrap()
        .str("x")
        .unwrap();
    let mut set = read_foreign(&bytes).unwrap();
    assert_eq!(set.accept("whatever", &ring()), Ok(BackupVerdict::Wrong));
    assert_eq!((set.left(), set.total()), (0, 0));
    assert!(set.pepper().is_none());
    assert_eq!(bytes_of(&set), bytes);
}

#[test]
fn a_set_that_does_not_fit_together_is_malformed() {
    let ring = ring();
    let mut uneven = set(ForeignCodes::pbkdf2_sha256(&DJANGO), &ring);
    uneven.hashes.pop();
    let mut crowded = set(ForeignCodes::sha256(&[SHA256]), &ring);
    crowded.hashes = vec![[1; 32]; 21];
    for bytes in [bytes_of(&uneven), bytes_of(&crowded), vec![], vec![0xa0]] {
        assert_eq!(read_foreign(&bytes).err().unwrap().code, ErrorCode::RecordMalformed);
    }
}

#[test]
fn a_code_that_is_there_twice_counts_once() {
    let ring = ring();
    assert_eq!(set(ForeignCodes::plain(&["abc-def", "ABCDEF"], Folding::Loose), &ring).total(), 1);
    assert_eq!(set(ForeignCodes::plain(&["abc-def", "ABCDEF"], Folding::Exact), &ring).total(), 2);
    assert_eq!(set(ForeignCodes::sha256(&[SHA256, &SHA256.to_uppercase()]), &ring).total(), 1);
}

#[test]
fn what_is_not_of_the_scheme_is_refused_without_saying_what_it_was() {
    let refused = |codes: Result<ForeignCodes, Fault>, about| {
        assert_eq!(codes.err(), Some(Fault::about(ErrorCode::SchemeUnknown, about)));
    };
    for odd in ["", "short", "a-b-c-d-e", "  12345  ", "with\u{7}bell", &"x".repeat(65)] {
        refused(ForeignCodes::plain(&[odd], Folding::Loose), "codes");
    }
    let no_codes: [&str; 0] = [];
    refused(ForeignCodes::plain(&no_codes, Folding::Exact), "codes");
    refused(ForeignCodes::plain(&vec!["12345678"; 21], Folding::Exact), "codes");
    for odd in [SHA256, "hmac_sha256$26f2", &DRF_TOTP.replace("26f", "+6f"), &DRF_TOTP.to_uppercase()] {
        refused(ForeignCodes::hmac_sha256(vec![drf_key("k")], &[odd]), "codes");
    }
    refused(ForeignCodes::hmac_sha256(vec![], &[DRF_TOTP]), "keys");
    refused(ForeignCodes::hmac_sha256((0..5).map(|_| drf_key("k")).collect(), &[DRF_TOTP]), "keys");
    assert_eq!(HmacKey::of_drf_totp("").err().unwrap().about, Some("keys"));
    assert_eq!(HmacKey::from_bytes(vec![]).err().unwrap().about, Some("keys"));
    for odd in [DRF_TOTP, "", "é", &SHA256[1..]] {
        refused(ForeignCodes::sha256(&[odd]), "codes");
    }
    let hash = "KhgPDnXQY5dVADgWAq9Kb14TbCKOdPlW8KAKeUvhz20=";
    for odd in ["0$s", "+9$s", "1500001$s", "99999999999$s", "$s", "9$", &format!("9${}", "s".repeat(65))] {
        refused(ForeignCodes::pbkdf2_sha256(&[format!("pbkdf2_sha256${odd}${hash}")]), "codes");
    }
    for odd in ["pbkdf2_sha1$9$s$", "pbkdf2_sha256$9$s", "pbkdf2_sha256$9$s$KhgP", "argon2$9$s$"] {
        refused(ForeignCodes::pbkdf2_sha256(&[odd]), "codes");
    }
}

#[test]
fn bak_08_the_rounds_that_one_answer_costs_are_bounded() {
    let hashes = |salts: u32, rounds: u32| -> Vec<String> {
        let line = |n| {
            let hash = STANDARD.encode([u8::try_from(n).unwrap(); 32]);
            format!("pbkdf2_sha256${rounds}${}${hash}", n % salts)
        };
        (0..20).map(line).collect()
    };
    assert!(ForeignCodes::pbkdf2_sha256(&hashes(10, 1_500_000)).is_ok(), "a salt that is shared counts once");
    let fault = ForeignCodes::pbkdf2_sha256(&hashes(11, 1_500_000)).err().unwrap();
    assert_eq!(fault, Fault::about(ErrorCode::SchemeUnknown, "rounds"));
    assert!(ForeignCodes::pbkdf2_sha256(&hashes(20, 750_000)).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bak_07_no_text_is_more_than_a_wrong_code(text in "\\PC{0,80}|[\\s\\-a-z\u{0}]{0,70}") {
        let ring = KeyRing::parse("tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8").unwrap();
        for (mut set, _) in one_of_each(&ring) {
            prop_assert_eq!(set.accept(&text, &ring), Ok(BackupVerdict::Wrong));
        }
    }

    #[test]
    fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(set) = read_foreign(&bytes) {
            prop_assert!(set.total() <= 20);
        }
    }
}
