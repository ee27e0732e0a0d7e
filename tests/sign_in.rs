//! Sign-in: codes and challenges are accepted once, by their owner, at their time.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{START, Site, at, refused};
use twinlock::{
    Answer, CommitError, ErrorCode, FirstFactor, Method, PresentedChallenge, SignIn, Status, Subject,
    TokenKind,
};

const SECOND: i64 = START + 30;

#[test]
fn a_right_code_gives_a_proof_that_mints_tokens() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let proof = site.sign_in(&owner, Answer::Otp(&owner.code(SECOND)), SECOND).ok().unwrap();
    assert_eq!(proof.subject().as_str(), "alice");
    assert_eq!(proof.method(), Some(Method::Otp));
    assert_eq!(proof.amr(), ["pwd", "otp", "mfa"]);
    assert_eq!(proof.auth_time(), at(SECOND));
    let tokens = site.auth.engine().mint(proof, &Default::default(), at(SECOND)).unwrap();
    let claims = site.auth.engine().verify(&tokens.access, TokenKind::Access, at(SECOND)).unwrap();
    assert_eq!(claims.get("sub").unwrap(), "alice");
    let (access, _) = site.auth.refresh(&tokens.refresh, at(SECOND + 1)).unwrap();
    assert!(site.auth.engine().verify(&access, TokenKind::Access, at(SECOND + 1)).is_ok());
}

#[test]
fn ver_01_a_step_is_accepted_once_and_never_an_older_one() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let next = owner.code(SECOND + 30);
    assert!(site.sign_in(&owner, Answer::Otp(&next), SECOND).is_ok());
    for seconds in (0..90).step_by(10) {
        let now = SECOND + seconds;
        site.auth.unlock(&owner.subject, at(now)).unwrap();
        let again = site.sign_in(&owner, Answer::Otp(&next), now);
        assert_eq!(refused(again), ErrorCode::Replayed, "{seconds} s later");
        let older = site.sign_in(&owner, Answer::Otp(&owner.code(SECOND)), now);
        assert!(matches!(refused(older), ErrorCode::Replayed | ErrorCode::WrongCode));
    }
}

#[test]
fn sto_02_a_code_and_the_session_it_begins_are_stored_together_or_not_at_all() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let (engine, now, extra) = (site.auth.engine(), at(SECOND), Default::default());
    let challenge = site.challenge(&owner, SECOND);
    let record = site.record(&owner);
    let answered = |code: &str| {
        let pending =
            engine.finish_sign_in(Some(&record), challenge.as_str().into(), Answer::Otp(code), now).unwrap();
        engine.with_session(pending, &extra, now).unwrap()
    };
    let wrong = answered(&owner.wrong_code(SECOND));
    assert!(wrong.family().is_none() && wrong.record().is_some());
    let refusal = wrong.commit(true).err().unwrap();
    assert!(matches!(refusal, CommitError::Refused(refusal) if refusal.code == ErrorCode::WrongCode));
    let right = answered(&owner.code(SECOND));
    assert!(right.family().is_some() && right.record().is_some());
    assert_eq!(right.commit(false).err(), Some(CommitError::Lost));
    let right = answered(&owner.code(SECOND));
    let family = right.family().unwrap().to_json();
    let signed_in = right.commit(true).ok().unwrap();
    assert_eq!(signed_in.method, Some(Method::Otp));
    assert_eq!(signed_in.family.to_json(), family);
    let (_, session) = engine.session_of(&signed_in.tokens.refresh, now).unwrap();
    assert_eq!(session, signed_in.family.id());
}

#[test]
fn ver_03_the_window_is_one_step_to_each_side() {
    for offset in -3..=3 {
        let site = Site::new();
        let owner = site.enroll("alice", START);
        let now = START + 300;
        let result = site.sign_in(&owner, Answer::Otp(&owner.code(now + 30 * offset)), now);
        assert_eq!(result.is_ok(), (-1..=1).contains(&offset), "offset {offset}");
    }
}

#[test]
fn otp_07_a_code_is_one_whatever_stands_around_its_digits() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let code = owner.code(SECOND);
    let spaced = format!(" {}-{} ", &code[..3], &code[3..]);
    assert!(site.sign_in(&owner, Answer::Otp(&spaced), SECOND).is_ok());
    let failures = |site: &Site| site.auth.status(&owner.subject, at(SECOND)).unwrap().failures_in_a_row;
    for (count, text) in [code.clone(), spaced, format!("x{code}"), format!("{code}\n")].iter().enumerate() {
        let result = site.sign_in(&owner, Answer::Otp(text), SECOND);
        assert!(matches!(refused(result), ErrorCode::Replayed | ErrorCode::WrongCode));
        assert_eq!(failures(&site), u32::try_from(count).unwrap() + 1);
    }
}

#[test]
fn ver_10_any_takes_both_kinds_and_counts_one_failure() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    assert!(site.sign_in(&owner, Answer::Any(&owner.code(SECOND)), SECOND).is_ok());
    assert!(site.sign_in(&owner, Answer::Any(&owner.backup_codes[0]), SECOND).is_ok());
    assert_eq!(refused(site.sign_in(&owner, Answer::Any("nonsense"), SECOND)), ErrorCode::WrongCode);
    assert_eq!(site.auth.status(&owner.subject, at(SECOND)).unwrap().failures_in_a_row, 1);
    let kinds = [Answer::Otp(&owner.backup_codes[1]), Answer::Backup("123456")];
    for answer in kinds {
        assert_eq!(refused(site.sign_in(&owner, answer, SECOND)), ErrorCode::WrongCode);
    }
}

#[test]
fn chl_02_a_challenge_leads_to_one_success() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, SECOND);
    assert!(site.answer(&challenge, Answer::Otp(&owner.code(SECOND)), SECOND).is_ok());
    let other = Answer::Backup(&owner.backup_codes[0]);
    assert_eq!(refused(site.answer(&challenge, other, SECOND)), ErrorCode::ChallengeSpent);
    assert!(site.sign_in(&owner, other, SECOND).is_ok(), "the refused answer was not used up");
}

#[test]
fn chl_02_a_challenge_lives_two_minutes() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, SECOND);
    let late = SECOND + 120;
    let result = site.answer(&challenge, Answer::Otp(&owner.code(late)), late);
    assert_eq!(refused(result), ErrorCode::ChallengeInvalid);
    let result = site.answer(&challenge, Answer::Otp(&owner.code(late - 1)), late - 1);
    assert!(result.is_ok());
}

#[test]
fn chl_03_five_wrong_answers_end_a_challenge_and_a_new_one_brings_no_new_budget() {
    let policy = twinlock::Policy { failures_before_lock: 20, ..support::policy() };
    let site = Site::with_policy(policy);
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, SECOND);
    let wrong = owner.wrong_code(SECOND);
    for _ in 0..5 {
        assert_eq!(refused(site.answer(&challenge, Answer::Otp(&wrong), SECOND)), ErrorCode::WrongCode);
    }
    let right = owner.code(SECOND);
    assert_eq!(refused(site.answer(&challenge, Answer::Otp(&right), SECOND)), ErrorCode::ChallengeSpent);
    assert_eq!(site.auth.status(&owner.subject, at(SECOND)).unwrap().failures_in_a_row, 5);
    for _ in 0..5 {
        assert_eq!(refused(site.sign_in(&owner, Answer::Otp(&wrong), SECOND)), ErrorCode::WrongCode);
    }
    assert_eq!(refused(site.sign_in(&owner, Answer::Otp(&right), SECOND)), ErrorCode::Locked);
}

#[test]
fn chl_04_a_challenge_dies_with_the_epoch() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, SECOND);
    site.auth.bump_epoch(&owner.subject, at(SECOND)).unwrap();
    let answer = Answer::Backup(&owner.backup_codes[0]);
    assert_eq!(refused(site.answer(&challenge, answer, SECOND)), ErrorCode::ChallengeInvalid);
}

#[test]
fn chl_05_a_bound_challenge_needs_its_binding() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let first_factor = FirstFactor::password(at(SECOND)).bound_to("cookie-1");
    let sign_in = site.auth.begin_sign_in(&owner.subject, &first_factor, at(SECOND)).unwrap();
    let SignIn::Challenge(challenge) = sign_in else { panic!("a challenge was due") };
    let code = owner.code(SECOND);
    for binding in [None, Some("cookie-2"), Some("")] {
        let presented = PresentedChallenge { token: &challenge.token, binding };
        let result = site.auth.finish_sign_in(presented, Answer::Otp(&code), at(SECOND));
        assert_eq!(refused(result.map_err(Into::into)), ErrorCode::ChallengeInvalid);
    }
    let presented = PresentedChallenge { token: &challenge.token, binding: Some("cookie-1") };
    assert!(site.auth.finish_sign_in(presented, Answer::Otp(&code), at(SECOND)).is_ok());
}

#[test]
fn chl_08_whatever_is_wrong_with_a_challenge_the_answer_is_one() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let good = site.challenge(&owner, SECOND);
    let huge = "x".repeat(1_000_000);
    let truncated = &good[..good.len() - 1];
    for token in ["", ".", "..", "a.b.c", "é", "\0", huge.as_str(), truncated] {
        let result = site.answer(token, Answer::Otp("123456"), SECOND);
        assert_eq!(refused(result), ErrorCode::ChallengeInvalid);
    }
    assert_eq!(site.auth.status(&owner.subject, at(SECOND)).unwrap().failures_in_a_row, 0);
}

#[test]
fn a_challenge_of_another_user_opens_only_that_users_record() {
    let site = Site::new();
    let alice = site.enroll("alice", START);
    let bob = site.enroll("bob", START);
    let challenge = site.challenge(&bob, SECOND);
    let result = site.answer(&challenge, Answer::Otp(&alice.code(SECOND)), SECOND);
    assert_eq!(refused(result), ErrorCode::WrongCode);
    let result = site.answer(&challenge, Answer::Backup(&alice.backup_codes[0]), SECOND);
    assert_eq!(refused(result), ErrorCode::WrongCode);
}

#[test]
fn ver_12_putting_the_clock_back_replays_nothing_and_blocks_nobody_for_the_jump() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let ahead = SECOND + 86_400 * 365;
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(ahead)), ahead).is_ok(), "the clock ran ahead");
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(SECOND)), SECOND).is_ok(), "and was put right");
    assert_eq!(refused(site.sign_in(&owner, Answer::Otp(&owner.code(SECOND)), SECOND)), ErrorCode::Replayed);
    assert_eq!(
        refused(site.sign_in(&owner, Answer::Otp(&owner.code(ahead)), ahead)),
        ErrorCode::Replayed,
        "the code used early is used when its time comes"
    );
}

#[test]
fn ver_12_a_year_of_wrong_clock_is_forgotten_by_locks_and_revives_no_challenge() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let spent = site.challenge(&owner, SECOND);
    assert!(site.answer(&spent, Answer::Otp(&owner.code(SECOND)), SECOND).is_ok());
    let ahead = START + 86_400 * 365;
    for _ in 0..5 {
        let wrong = owner.wrong_code(ahead);
        assert_eq!(refused(site.sign_in(&owner, Answer::Otp(&wrong), ahead)), ErrorCode::WrongCode);
    }
    let later = ahead + 1_000;
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(later)), later).is_ok());
    let _ = site.sign_in(&owner, Answer::Otp(&owner.wrong_code(later + 1_000)), later + 1_000);
    let back = SECOND + 60;
    let again = site.answer(&spent, Answer::Backup(&owner.backup_codes[0]), back);
    assert!(matches!(refused(again), ErrorCode::ChallengeSpent | ErrorCode::ChallengeInvalid));
    assert!(site.sign_in(&owner, Answer::Otp(&owner.code(back)), back).is_ok());
}

#[test]
fn ver_13_a_record_that_cannot_be_opened_is_a_fault_and_no_wrong_code() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, SECOND);
    let mut record = site.record(&owner);
    *record.last_mut().unwrap() ^= 1;
    let result = site.auth.engine().finish_sign_in(
        Some(&record),
        challenge.as_str().into(),
        Answer::Otp(&owner.code(SECOND)),
        at(SECOND),
    );
    assert_eq!(result.err().unwrap().code, ErrorCode::EnvelopeRejected);
}

#[test]
fn otp_14_only_the_given_time_counts() {
    let site = Site::new();
    let owner = site.enroll("alice", 59);
    for now in [i64::from(i32::MAX), i64::from(u32::MAX), 20_000_000_000, YEAR_9999] {
        assert!(site.sign_in(&owner, Answer::Otp(&owner.code(now)), now).is_ok(), "{now}");
    }
}

/// Just before the last second that the core accepts.
const YEAR_9999: i64 = 253_402_300_799 - 300;

#[test]
fn a_first_factor_from_the_future_is_refused() {
    let site = Site::new();
    let subject = Subject::new("alice").unwrap();
    let result = site.auth.begin_sign_in(&subject, &FirstFactor::password(at(START + 61)), at(START));
    assert_eq!(refused(result.map_err(Into::into)), ErrorCode::FirstFactorInvalid);
}

#[test]
fn status_of_nobody_is_all_empty() {
    let site = Site::new();
    let status = site.auth.status(&Subject::new("nobody").unwrap(), at(START)).unwrap();
    let Status { enabled, devices, backup_codes_total, locked_until, epoch, .. } = status;
    assert!(!enabled && devices.is_empty() && locked_until.is_none());
    assert_eq!((backup_codes_total, epoch), (0, 0));
}
