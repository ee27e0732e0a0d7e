//! Codes as people type them, the bounds of parameters, and the ends of time and counters.
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

use twinlock::otp::hotp::{self, HotpParams};
use twinlock::otp::totp::{self, Period, TotpParams, Window};
use twinlock::otp::{Algorithm, Code, Digits};
use twinlock::{ErrorCode, MinimumLength, Secret, UnixTime};

const EIGHT: HotpParams = HotpParams { algorithm: Algorithm::Sha1, digits: Digits::Eight };

#[test]
fn otp_02_codes_at_the_edges_of_time_equal_those_of_oathtool() {
    let table = [
        (0, "84755224"),
        (1, "84755224"),
        (29, "84755224"),
        (30, "94287082"),
        (2_147_483_647, "24703886"),
        (2_147_483_649, "24703886"),
        (4_294_967_295, "59791428"),
        (4_294_967_297, "59791428"),
        (20_000_000_000, "65353130"),
        (UnixTime::MAX.to_i64(), "60099568"),
    ];
    let params = TotpParams { digits: Digits::Eight, ..TotpParams::default() };
    for (seconds, text) in table {
        let now = time(seconds);
        assert_eq!(totp::generate(&rfc_secret(), &params, now).to_text(), text, "at {seconds}");
        for window in 0..=2 {
            let matched =
                totp::verify(&rfc_secret(), &params, &code(text), Window::new(window).unwrap(), now);
            assert_eq!(matched, Some(now.seconds() / 30), "at {seconds}, window {window}");
        }
    }
}

#[test]
fn otp_02_the_window_at_step_zero_does_not_reach_round_to_the_other_end() {
    let params = TotpParams { digits: Digits::Eight, ..TotpParams::default() };
    let two = Window::new(2).unwrap();
    for counter in [u64::MAX, u64::MAX - 1] {
        let far = hotp::generate(&rfc_secret(), &EIGHT, counter);
        assert_eq!(totp::verify(&rfc_secret(), &params, &far, two, time(0)), None);
    }
    for step in 0..=2 {
        let near = hotp::generate(&rfc_secret(), &EIGHT, step);
        assert_eq!(totp::verify(&rfc_secret(), &params, &near, two, time(0)), Some(step));
    }
    let third = hotp::generate(&rfc_secret(), &EIGHT, 3);
    assert_eq!(totp::verify(&rfc_secret(), &params, &third, two, time(0)), None);
}

#[test]
fn otp_02_counters_up_to_the_last_give_codes_and_none_wraps() {
    for (counter, text) in [(u64::MAX, "63094451"), (u64::MAX - 1, "89488204"), (1 << 63, "17959616")] {
        assert_eq!(hotp::generate(&rfc_secret(), &EIGHT, counter).to_text(), text);
    }
    let verify = |counter, look_ahead| {
        hotp::verify(&rfc_secret(), &EIGHT, &code("84755224"), counter, look_ahead).map_err(|f| f.code)
    };
    assert_eq!(verify(u64::MAX, 5), Err(ErrorCode::CounterOverflow));
    assert_eq!(verify(u64::MAX - 5, 5), Err(ErrorCode::CounterOverflow));
    assert_eq!(verify(u64::MAX, 0), Err(ErrorCode::CounterOverflow), "no counter could come next");
    assert_eq!(verify(u64::MAX - 6, 5), Ok(None));
    assert_eq!(verify(0, 100), Ok(Some(0)));
    assert_eq!(verify(0, 101), Err(ErrorCode::WindowInvalid));
}

#[test]
fn otp_03_digits_period_window_and_algorithm_have_bounds() {
    for digits in [0, 1, 5, 9, 10, 262, u32::MAX] {
        assert_eq!(Digits::new(digits).map_err(|f| f.code), Err(ErrorCode::DigitsInvalid));
    }
    for seconds in [0, 1, 14, 121, 271, 286, u32::MAX] {
        assert_eq!(Period::new(seconds).map_err(|f| f.code), Err(ErrorCode::PeriodInvalid));
    }
    for steps in [3, 256, u32::MAX] {
        assert_eq!(Window::new(steps).map_err(|f| f.code), Err(ErrorCode::WindowInvalid));
    }
    for name in ["", "SHA", "MD5", "SHA3-256", "SHA224", "S-H-A-1", "SHA--1", "sha 1", "SHA1 ", "ＳＨＡ１"]
    {
        assert_eq!(Algorithm::from_name(name).map_err(|f| f.code), Err(ErrorCode::AlgorithmUnknown));
    }
    for seconds in [15, 30, 120] {
        assert_eq!(u32::from(Period::new(seconds).unwrap().seconds()), seconds);
    }
    for (name, algorithm) in [
        ("SHA1", Algorithm::Sha1),
        ("sha-1", Algorithm::Sha1),
        ("Sha256", Algorithm::Sha256),
        ("SHA-256", Algorithm::Sha256),
        ("sha512", Algorithm::Sha512),
    ] {
        assert_eq!(Algorithm::from_name(name).unwrap(), algorithm);
    }
    let TotpParams { algorithm, digits, period } = TotpParams::default();
    assert_eq!((algorithm.name(), digits.get(), period.seconds()), ("SHA1", 6, 30));
}

#[test]
fn otp_06_spaces_and_hyphens_are_removed_and_zeros_kept() {
    for typed in ["000039", "000 039", "000-039", " 0 0 0 0 3 9 ", "--000039--", "0-0 0-0 3-9"] {
        assert_eq!(Code::parse(typed, Digits::Six).unwrap().to_text(), "000039");
    }
    for (digits, text) in [(Digits::Six, "000039"), (Digits::Seven, "4000039"), (Digits::Eight, "24000039")] {
        let params = HotpParams { digits, ..HotpParams::default() };
        assert_eq!(hotp::generate(&rfc_secret(), &params, 25_193).to_text(), text);
    }
}

#[test]
fn otp_06_whatever_else_is_typed_is_no_code() {
    let table = [
        "",
        " ",
        "-",
        "12345",
        "1234567",
        "00123456",
        "+123456",
        "+12345",
        "-12345",
        "1_2_3_4_5_6",
        "123,456",
        "123.456",
        "12345.",
        "1e5000",
        "0x1234",
        "12345a",
        "１２３４５６",
        "٠١٢٣٤٥",
        "०१२३४५",
        "12345\u{0661}",
        "123456\0",
        "\x00123456",
        "123456\n",
        "123456\r\n",
        "123\t456",
        "123\u{a0}456",
        "123\u{2011}456",
        "123\u{200b}456",
        "\u{feff}123456",
        "🔐🔐🔐🔐🔐🔐",
        "①②③④⑤⑥",
        "12345６",
    ];
    for typed in table {
        assert!(Code::parse(typed, Digits::Six).is_none(), "{typed:?}");
    }
}

#[test]
fn otp_06_a_code_has_exactly_as_many_digits_as_the_device() {
    for digits in [Digits::Six, Digits::Seven, Digits::Eight] {
        for length in 0..64 {
            let fits = length == usize::from(digits.get());
            for digit in ["0", "9"] {
                assert_eq!(Code::parse(&digit.repeat(length), digits).is_some(), fits, "{length}");
            }
        }
    }
}

#[test]
fn otp_06_a_million_characters_are_no_code_at_once() {
    let inputs = ["1", " ", "-", "٣", "🔐", "\0"].map(|piece| piece.repeat(1_000_000));
    let padded = format!("123456{}", " ".repeat(1_000_000));
    let start = std::time::Instant::now();
    for _ in 0..10_000 {
        for typed in inputs.iter().chain([&padded]) {
            assert!(Code::parse(typed, Digits::Six).is_none());
        }
    }
    // Reading them once through would take minutes.
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn otp_07_one_code_in_all_its_spellings_is_one_value() {
    let plain = Code::parse("123456", Digits::Six).unwrap();
    assert!(Code::parse("123 456", Digits::Six).unwrap() == plain);
    assert!(Code::parse("123457", Digits::Six).unwrap() != plain);
    assert!(Code::parse("0123456", Digits::Seven).unwrap() != plain, "other digits, other code");
}

#[test]
fn otp_08_every_step_in_which_a_code_is_right_comes_ascending() {
    // This secret has the same code at these pairs of steps.
    let adjacent = matching("911617", 910_738, 1);
    assert_eq!(adjacent, [910_737, 910_738]);
    assert_eq!(matching("911617", 910_736, 2), [910_737, 910_738]);
    assert_eq!(matching("468457", 153_568, 1), [153_567, 153_569]);
    assert_eq!(matching("468457", 153_567, 1), [153_567]);
    assert_eq!(matching("468457", 153_567, 0), [153_567]);
    assert!(matching("468458", 153_568, 2).is_empty());
}

#[test]
fn otp_09_verify_returns_the_step_that_matched() {
    let params = TotpParams { period: Period::new(60).unwrap(), ..TotpParams::default() };
    let now = time(1_700_000_000);
    let current = 1_700_000_000 / 60;
    for (window, reach) in [(0, 0), (1, 1), (2, 2)] {
        for offset in -3_i64..=3 {
            let typed = totp::generate(&rfc_secret(), &params, time(1_700_000_000 + offset * 60));
            let matched = totp::verify(&rfc_secret(), &params, &typed, Window::new(window).unwrap(), now);
            let expected = (offset.abs() <= reach).then(|| u64::try_from(current + offset).unwrap());
            assert_eq!(matched, expected, "window {window}, offset {offset}");
        }
    }
}

#[test]
fn a_code_of_another_length_never_matches() {
    let now = time(25_193 * 30);
    let eight = Code::parse("00000039", Digits::Eight).unwrap();
    let matched = totp::verify(&rfc_secret(), &TotpParams::default(), &eight, Window::default(), now);
    assert_eq!(matched, None);
}

#[test]
fn secrets_longer_than_a_block_are_hashed_as_hmac_demands() {
    let table = [
        (Algorithm::Sha1, 64, "60056793"),
        (Algorithm::Sha1, 65, "97060404"),
        (Algorithm::Sha1, 128, "19516290"),
        (Algorithm::Sha256, 65, "95285997"),
        (Algorithm::Sha256, 128, "69987855"),
        (Algorithm::Sha512, 128, "93476076"),
    ];
    for (algorithm, length, text) in table {
        let secret = Secret::from_bytes((0..length).collect(), MinimumLength::Rfc4226).unwrap();
        let params = HotpParams { algorithm, digits: Digits::Eight };
        assert_eq!(hotp::generate(&secret, &params, 7).to_text(), text, "{algorithm:?} {length}");
    }
}

#[test]
fn otp_14_steps_count_utc_seconds_without_a_gap_where_clocks_change() {
    // 2024-03-31T01:00:00Z and 2024-10-27T01:00:00Z, when clocks in Europe were moved.
    for change in [1_711_846_800_i64, 1_729_990_800] {
        let steps: Vec<u64> =
            (-4..4).map(|n| totp::step_at(Period::default(), time(change + n * 30))).collect();
        assert!(steps.windows(2).all(|pair| pair[1] == pair[0] + 1));
        assert_eq!(steps[4], u64::try_from(change).unwrap() / 30);
    }
}

fn matching(typed: &str, step: i64, window: u32) -> Vec<u64> {
    let typed = Code::parse(typed, Digits::Six).unwrap();
    let window = Window::new(window).unwrap();
    let now = time(step * 30 + 29);
    totp::matching_steps(&rfc_secret(), &TotpParams::default(), &typed, window, now).collect()
}

fn rfc_secret() -> Secret {
    Secret::from_bytes(b"12345678901234567890".to_vec(), MinimumLength::Rfc4226).unwrap()
}

fn time(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

fn code(text: &str) -> Code {
    Code::parse(text, Digits::Eight).unwrap()
}
