//! Counter devices: how far a counter is looked for, and how one that ran away is found again.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

use proptest::prelude::*;

use twinlock::otp::hotp::{self, HotpParams, MAX_LOOK_AHEAD, MAX_RESYNC_WINDOW};
use twinlock::otp::{Algorithm, Code, Digits};
use twinlock::{ErrorCode, Fault, MinimumLength, Secret};

const SIX: HotpParams = HotpParams { algorithm: Algorithm::Sha1, digits: Digits::Six };

#[test]
fn otp_13_a_counter_is_looked_for_forward_only_and_the_nearest_match_taken() {
    let verify = |code: &Code| hotp::verify(&secret(), &SIX, code, 1000, 10).unwrap();
    assert_eq!(verify(&at(999)), None);
    assert_eq!(verify(&at(1000)), Some(1000));
    assert_eq!(verify(&at(1001)), Some(1001));
    assert_eq!(verify(&at(1010)), Some(1010));
    assert_eq!(verify(&at(1011)), None);
    // The code of 910 737 and of 910 738.
    let twice = Code::parse("911617", Digits::Six).unwrap();
    assert_eq!(hotp::verify(&secret(), &SIX, &twice, 910_730, 100).unwrap(), Some(910_737));
}

#[test]
fn otp_13_the_look_ahead_is_bounded() {
    let verify = |code: &Code, ahead| hotp::verify(&secret(), &SIX, code, 0, ahead);
    assert_eq!(verify(&at(100), MAX_LOOK_AHEAD), Ok(Some(100)));
    assert_eq!(verify(&at(0), 101), Err(Fault::about(ErrorCode::WindowInvalid, "look_ahead")));
}

#[test]
fn otp_13_resync_finds_two_codes_that_follow_each_other() {
    let resync = |first, second| hotp::resync(&secret(), &SIX, &first, &second, 1000, 50).unwrap();
    assert_eq!(resync(at(1000), at(1001)), Some(1001), "the nearest");
    assert_eq!(resync(at(1050), at(1051)), Some(1051), "the furthest");
    assert_eq!(resync(at(1051), at(1052)), None, "one too far");
    assert_eq!(resync(at(999), at(1000)), None, "one that is past");
}

#[test]
fn otp_13_resync_wants_both_codes_and_in_their_order() {
    let resync = |first, second| hotp::resync(&secret(), &SIX, &first, &second, 1000, 50).unwrap();
    assert_eq!(resync(at(1020), at(1022)), None, "one between them");
    assert_eq!(resync(at(1021), at(1020)), None, "the wrong way round");
    assert_eq!(resync(at(1020), at(1020)), None, "one code twice");
    assert_eq!(resync(at(1020), at(7)), None, "only the first right");
    assert_eq!(resync(at(7), at(1021)), None, "only the second right");
}

#[test]
fn otp_13_a_code_that_stands_at_two_counters_is_told_apart_by_its_neighbor() {
    // 910 737 and 910 738 have one code.
    assert!(at(910_737) == at(910_738));
    let resync = |first, second| hotp::resync(&secret(), &SIX, &first, &second, 910_700, 100).unwrap();
    assert_eq!(resync(at(910_736), at(910_737)), Some(910_737));
    assert_eq!(resync(at(910_737), at(910_738)), Some(910_738));
    assert_eq!(resync(at(910_738), at(910_739)), Some(910_739));
}

#[test]
fn otp_13_the_resync_window_is_bounded() {
    let resync = |first, window| hotp::resync(&secret(), &SIX, &at(first), &at(first + 1), 0, window);
    assert_eq!(resync(0, 0), Ok(Some(1)));
    assert_eq!(resync(1, 0), Ok(None));
    assert_eq!(resync(1000, MAX_RESYNC_WINDOW), Ok(Some(1001)));
    assert_eq!(resync(0, 1001), Err(Fault::about(ErrorCode::WindowInvalid, "window")));
}

#[test]
fn otp_02_resync_never_wraps_a_counter() {
    let last = u64::MAX - 1;
    let resync = |counter, window| {
        hotp::resync(&secret(), &SIX, &at(last - 1), &at(last), counter, window).map_err(|fault| fault.code)
    };
    assert_eq!(resync(last - 1, 0), Ok(Some(last)), "a next counter is left");
    assert_eq!(resync(last - 11, 10), Ok(Some(last)));
    assert_eq!(resync(last - 10, 10), Err(ErrorCode::CounterOverflow));
    assert_eq!(resync(u64::MAX, 0), Err(ErrorCode::CounterOverflow));
    assert_eq!(resync(u64::MAX, 1000), Err(ErrorCode::CounterOverflow));
}

#[test]
fn otp_13_codes_of_another_length_never_match() {
    let eight = HotpParams { digits: Digits::Eight, ..SIX };
    let long = |counter| hotp::generate(&secret(), &eight, counter);
    assert_eq!(hotp::resync(&secret(), &SIX, &long(5), &long(6), 0, 50), Ok(None));
    assert_eq!(hotp::resync(&secret(), &eight, &long(5), &long(6), 0, 50), Ok(Some(6)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn otp_13_resync_finds_a_counter_exactly_in_its_window(
        counter in any::<u32>(),
        ahead in -20_i64..140,
        window in 0_u16..120,
    ) {
        let first = u64::try_from(i64::from(counter) + 100 + ahead).unwrap();
        let counter = u64::from(counter) + 100;
        let found = hotp::resync(&secret(), &SIX, &at(first), &at(first + 1), counter, window).unwrap();
        let is_inside = (counter..=counter + u64::from(window)).contains(&first);
        prop_assert_eq!(found, is_inside.then_some(first + 1));
    }
}

fn at(counter: u64) -> Code {
    hotp::generate(&secret(), &SIX, counter)
}

fn secret() -> Secret {
    Secret::from_bytes(b"12345678901234567890".to_vec(), MinimumLength::Rfc4226).unwrap()
}
