//! The failure guard over the whole flow: budgets, locks, and what does and does not clear them.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{Owner, Refused, START, Site, at, policy, refused};
use twinlock::{Answer, ErrorCode, Policy};

const DAY: i64 = 86_400;

fn guess(site: &Site, owner: &Owner, now: i64) -> Refused {
    site.sign_in(owner, Answer::Otp(&owner.wrong_code(now)), now).err().unwrap()
}

fn failures(site: &Site, owner: &Owner, now: i64) -> u32 {
    site.auth.status(&owner.subject, at(now)).unwrap().failures_in_a_row
}

#[test]
fn ver_07_each_failure_after_a_lock_locks_twice_as_long() {
    let site = Site::with_policy(Policy { failures_per_day: 100, failures_per_month: 100, ..policy() });
    let owner = site.enroll("alice", START);
    let mut now = START + 30;
    for _ in 0..4 {
        assert_eq!(guess(&site, &owner, now), Refused(ErrorCode::WrongCode, None));
    }
    for seconds in [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600_u64] {
        assert_eq!(guess(&site, &owner, now), Refused(ErrorCode::WrongCode, Some(seconds)));
        let end = now + i64::try_from(seconds).unwrap();
        assert_eq!(guess(&site, &owner, end - 1), Refused(ErrorCode::Locked, Some(1)));
        now = end;
    }
}

#[test]
fn ver_06_the_right_code_during_a_lock_is_refused_and_clears_nothing() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let now = START + 30;
    for _ in 0..5 {
        guess(&site, &owner, now);
    }
    let before = site.record(&owner);
    for answer in [Answer::Otp(&owner.code(now)), Answer::Backup(&owner.backup_codes[0])] {
        assert_eq!(site.sign_in(&owner, answer, now).err().unwrap(), guess(&site, &owner, now));
    }
    assert_eq!(site.record(&owner), before, "nothing was written");
    assert_eq!(failures(&site, &owner, now), 5);
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(now + 30)), now + 30).is_ok());
    assert_eq!(failures(&site, &owner, now + 30), 0);
}

#[test]
fn ver_09_ten_failures_a_day_lock_whatever_succeeds_in_between() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    for hour in 1..=5 {
        let now = START + hour * 3600;
        guess(&site, &owner, now);
        guess(&site, &owner, now);
        if hour < 5 {
            assert!(site.sign_in(&owner, Answer::Otp(&owner.code(now)), now).is_ok());
        }
    }
    let last = START + 5 * 3600;
    let result = site.sign_in(&owner, Answer::Otp(&owner.code(last)), last);
    assert_eq!(refused(result), ErrorCode::Locked);
    let free = START + 3600 + DAY;
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(free)), free).is_ok());
}

#[test]
fn ver_09_fifty_failures_in_thirty_days_lock_for_weeks() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let mut counted = 0;
    for day in 1..=29 {
        for minute in 0..9 {
            let now = START + day * DAY + minute * 60;
            if guess(&site, &owner, now).0 == ErrorCode::WrongCode {
                counted += 1;
            }
            let _ = site.sign_in(&owner, Answer::Otp(&owner.code(now + 30)), now + 30);
        }
    }
    assert_eq!(counted, 50);
    let month = START + DAY * 31;
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(month + 600)), month + 600).is_ok());
}

#[test]
fn ver_08_a_hundred_in_a_row_block_the_factor_until_an_unlock() {
    let site = Site::with_policy(Policy { failures_per_day: 100, failures_per_month: 100, ..policy() });
    let owner = site.enroll("alice", START);
    let mut now = START + 30;
    let mut evaluated = 0;
    while evaluated < 100 {
        now += 40 * 3600;
        assert_eq!(guess(&site, &owner, now).0, ErrorCode::WrongCode);
        evaluated += 1;
    }
    now += 400 * DAY;
    let blocked = site.sign_in(&owner, Answer::Otp(&owner.code(now)), now).err().unwrap();
    assert_eq!(blocked, Refused(ErrorCode::FactorDisabled, None));
    assert!(site.auth.status(&owner.subject, at(now)).unwrap().disabled);
    site.auth.unlock(&owner.subject, at(now)).unwrap();
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(now)), now).is_ok());
}

#[test]
fn ver_10_every_call_that_takes_a_code_shares_one_budget() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let now = START + 30;
    let wrong = owner.wrong_code(now);
    let subject = &owner.subject;
    guess(&site, &owner, now);
    let _ = site.sign_in(&owner, Answer::Backup("0000-0000-0000-0000"), now);
    let _ = site.auth.disable(subject, Answer::Otp(&wrong), at(now));
    let _ = site.auth.disable(subject, Answer::Backup("x"), at(now));
    let _ = site.auth.regenerate_backup_codes(subject, Answer::Otp(&wrong), at(now));
    assert_eq!(failures(&site, &owner, now), 5);
    let right = owner.code(now);
    assert_eq!(refused(site.sign_in(&owner, Answer::Otp(&right), now)), ErrorCode::Locked);
    let disable = site.auth.disable(subject, Answer::Otp(&right), at(now)).map_err(Refused::from);
    assert_eq!(refused(disable), ErrorCode::Locked);
    let renew =
        site.auth.regenerate_backup_codes(subject, Answer::Otp(&right), at(now)).map_err(Refused::from);
    assert_eq!(refused(renew), ErrorCode::Locked);
}

#[test]
fn ver_11_an_unlock_ends_the_lock_and_turning_the_factor_off_and_on_does_not_clear_history() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let now = START + 30;
    for _ in 0..4 {
        guess(&site, &owner, now);
    }
    site.auth.disable(&owner.subject, Answer::Otp(&owner.code(now)), at(now)).unwrap();
    let owner = site.enroll("alice", now + 30);
    assert_eq!(site.auth.status(&owner.subject, at(now + 30)).unwrap().failures_today, 4);
    for _ in 0..5 {
        guess(&site, &owner, now + 60);
    }
    site.auth.unlock(&owner.subject, at(now + 60)).unwrap();
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(now + 60)), now + 60).is_ok());
}

#[test]
fn sto_06_a_record_stays_under_four_kilobytes_whatever_is_done_to_the_account() {
    let policy = Policy { failures_per_day: 100, failures_per_month: 100, backup_codes: 20, ..policy() };
    let site = Site::with_policy(policy);
    let owner = site.enroll("alice", START);
    let mut now = START;
    for round in 0..400 {
        now += if round % 50 == 49 { 86_400 } else { 31 };
        let _ = site.sign_in(&owner, Answer::Otp(&owner.code(now)), now);
        let _ = guess(&site, &owner, now);
        assert!(site.record(&owner).len() < 4096, "round {round}: {} bytes", site.record(&owner).len());
    }
}

/// THR-08: an attacker who knows the password guesses as often as the defaults let him, for 30 days.
#[test]
fn thr_08_thirty_days_of_guessing_are_at_most_fifty_guesses() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let mut evaluated = 0_u32;
    let mut now = START + 30;
    while now < START + 30 * DAY {
        let Refused(code, wait) = guess(&site, &owner, now);
        evaluated += u32::from(code == ErrorCode::WrongCode);
        assert!(evaluated <= 50, "guess {evaluated} was looked at");
        now += wait.map_or(1, |seconds| i64::try_from(seconds).unwrap());
    }
    let chance = f64::from(evaluated) * 3.0 / 1e6;
    assert!(chance <= 0.0005, "{chance}");
}
