//! The policy: what can be set, and that nothing that can be set opens a way around the code.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{START, Site, policy, refused};
use twinlock::{Answer, ErrorCode, Fallback, Policy, SentCodes, SignIn};

#[test]
fn every_option_can_be_set_by_name_within_its_bounds_only() {
    for option in Policy::OPTIONS {
        let mut policy = Policy::default();
        for (value, fits) in [
            (i64::from(option.min), true),
            (i64::from(option.max), true),
            (i64::from(option.default), true),
            (i64::from(option.max) + 1, false),
            (i64::from(option.min) - 1, false),
            (i64::MAX, false),
        ] {
            assert_eq!(policy.set(option.name, value).is_ok(), fits, "{} = {value}", option.name);
        }
    }
    for choice in Policy::CHOICES {
        let mut policy = Policy::default();
        for word in choice.words {
            policy.set_text(choice.name, word).unwrap();
        }
        assert_eq!(choice.words.iter().filter(|word| word.is_empty()).count(), 0);
        assert!(policy.set_text(choice.name, "no such word").is_err(), "{}", choice.name);
        assert!(policy.set(choice.name, 0).is_err() && policy.set_text("digits", "6").is_err());
    }
}

/// Every option at each of its ends, every word, one at a time.
fn all_policies() -> Vec<(String, Policy)> {
    let mut all = Vec::new();
    for option in Policy::OPTIONS {
        for value in [option.min, option.max] {
            let mut changed = policy();
            changed.set(option.name, value.into()).unwrap();
            changed.lock_seconds_max = changed.lock_seconds_max.max(changed.lock_seconds);
            all.push((format!("{} = {value}", option.name), changed));
        }
    }
    for choice in Policy::CHOICES {
        for word in choice.words {
            let mut changed = policy();
            changed.set_text(choice.name, word).unwrap();
            if changed.fallback == Fallback::SentCode {
                changed.sent_codes = SentCodes::SignIn;
            }
            all.push((format!("{} = {word}", choice.name), changed));
        }
    }
    all
}

#[test]
fn ver_14_no_option_lets_a_subject_with_a_device_in_without_a_code() {
    let now = START + 300;
    for (name, policy) in all_policies() {
        let default_device = policy.digits == 6 && policy.period == 30 && policy.algorithm.name() == "SHA1";
        if !default_device {
            continue;
        }
        let site = Site::with_policy(policy);
        let owner = site.enroll("alice", START);
        let wrong = owner.wrong_code(now);
        for answer in ["", "000000", "0000000", "bypass", "0000-0000-0000-0000", wrong.as_str()] {
            let challenge = site.challenge(&owner, now);
            for answer in
                [Answer::Otp(answer), Answer::Backup(answer), Answer::Sent(answer), Answer::Any(answer)]
            {
                let code = refused(site.answer(&challenge, answer, now));
                assert_ne!(code, ErrorCode::Panic, "{name}");
            }
        }
        let factor = twinlock::FirstFactor::password(support::at(now)).on_trusted_device("anything");
        let begun = site.auth.begin_sign_in(&owner.subject, &factor, support::at(now)).unwrap();
        assert!(matches!(begun, SignIn::Challenge(_)), "{name}");
    }
}
