use super::*;
use crate::random::OsRandom;

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
