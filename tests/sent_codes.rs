//! Codes that the host delivers, the preferred method, and subjects who must enroll first.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{Refused, START, Site, at, policy, refused};
use twinlock::otp::totp::{self, TotpParams};
use twinlock::{
    Answer, Challenge, EnrollmentToken, ErrorCode, Fallback, FirstFactor, HostError, Method, MinimumLength,
    NewDevice, OptOut, Outcome, Policy, Preference, Secret, SentAlphabet, SentCode, SentCodes, SignIn,
    Subject,
};

const NOW: i64 = START + 60;

fn sending() -> Policy {
    Policy { fallback: Fallback::SentCode, sent_codes: SentCodes::SignIn, ..policy() }
}

fn bootstrap() -> Policy {
    Policy { fallback: Fallback::SentCode, sent_codes: SentCodes::Enroll, ..policy() }
}

fn alice() -> Subject {
    Subject::new("alice").unwrap()
}

fn begin(site: &Site, subject: &Subject, now: i64) -> Result<SignIn, Refused> {
    Ok(site.auth.begin_sign_in(subject, &FirstFactor::password(at(now)), at(now))?)
}

fn send(site: &Site, subject: &Subject, now: i64) -> (Challenge, SentCode) {
    match begin(site, subject, now).unwrap() {
        SignIn::Send(challenge, code) => (challenge, code),
        _ => panic!("a code was to be sent"),
    }
}

fn wrong(code: &str) -> String {
    if code == "0000000" { "1111111".to_owned() } else { "0000000".to_owned() }
}

fn code_of<T>(result: Result<T, HostError<std::convert::Infallible>>) -> ErrorCode {
    refused(result.map_err(Refused::from))
}

#[test]
fn a_sent_code_signs_in_once() {
    let site = Site::with_policy(sending());
    let (challenge, sent) = send(&site, &alice(), NOW);
    assert_eq!((sent.code.len(), sent.expires_at), (7, at(NOW + 300)));
    assert_eq!((challenge.expires_at, challenge.gives), (at(NOW + 300), Outcome::SignIn));
    assert_eq!(challenge.methods, [Method::Sent]);
    let proof = site.answer(&challenge.token, Answer::Sent(&sent.code), NOW + 299).unwrap();
    assert_eq!(proof.method(), Some(Method::Sent));
    assert_eq!(proof.amr(), ["pwd", "sent", "mfa"]);
    let again = site.answer(&challenge.token, Answer::Sent(&sent.code), NOW + 299);
    assert_eq!(refused(again), ErrorCode::ChallengeSpent);
}

#[test]
fn a_sent_code_is_for_its_challenge_its_subject_and_its_time() {
    let site = Site::with_policy(sending());
    let (first, code) = send(&site, &alice(), NOW);
    let (second, _) = send(&site, &alice(), NOW);
    let (bobs, _) = send(&site, &Subject::new("bob").unwrap(), NOW);
    for challenge in [&second, &bobs] {
        let result = site.answer(&challenge.token, Answer::Sent(&code.code), NOW);
        assert_eq!(refused(result), ErrorCode::WrongCode);
    }
    let late = site.answer(&first.token, Answer::Sent(&code.code), NOW + 300);
    assert_eq!(refused(late), ErrorCode::ChallengeInvalid);
}

#[test]
fn chl_06_neither_token_nor_record_shows_the_code() {
    let site = Site::with_policy(sending());
    let (challenge, sent) = send(&site, &alice(), NOW);
    assert!(!challenge.token.contains(sent.code.as_str()));
    let record = twinlock::Store::load(site.auth.store(), &alice()).unwrap().unwrap().0;
    assert!(!record.windows(7).any(|window| window == sent.code.as_bytes()));
}

#[test]
fn thr_07_another_code_brings_no_new_tries() {
    let site = Site::with_policy(sending());
    let (challenge, first) = send(&site, &alice(), NOW);
    let guess = |code: &str| refused(site.answer(&challenge.token, Answer::Sent(code), NOW));
    assert_eq!([guess(&wrong(&first.code)), guess(&wrong(&first.code))], [ErrorCode::WrongCode; 2]);
    let second = site.auth.send_code(challenge.token.as_str().into(), at(NOW)).unwrap();
    if first.code != second.code {
        assert_eq!(guess(&first.code), ErrorCode::WrongCode, "the first code is dead");
    }
    assert_eq!(guess(&wrong(&second.code)), ErrorCode::WrongCode);
    assert_eq!(guess(&wrong(&second.code)), ErrorCode::WrongCode);
    let fifth = site.answer(&challenge.token, Answer::Sent(&second.code), NOW);
    assert!(matches!(refused(fifth), ErrorCode::ChallengeSpent | ErrorCode::Locked));
}

#[test]
fn thr_07_codes_for_one_challenge_and_for_one_account_are_bounded() {
    let site = Site::with_policy(sending());
    let (challenge, _) = send(&site, &alice(), NOW);
    let again = || site.auth.send_code(challenge.token.as_str().into(), at(NOW)).map_err(Refused::from);
    assert!(again().is_ok() && again().is_ok());
    assert_eq!(again().err().unwrap(), Refused(ErrorCode::TooManyCodes, Some(300)));
    send(&site, &alice(), NOW + 10);
    send(&site, &alice(), NOW + 20);
    let fourth = begin(&site, &alice(), NOW + 30).err().unwrap();
    assert_eq!(fourth, Refused(ErrorCode::TooManyCodes, Some(270)));
    send(&site, &alice(), NOW + 300);
}

#[test]
fn ver_10_sent_codes_share_the_budget_of_the_account() {
    let site = Site::with_policy(sending());
    let owner = site.enroll("alice", START);
    let code = owner.code(NOW);
    site.auth.set_method(&owner.subject, Some(Answer::Otp(&code)), Preference::Sent, at(NOW)).unwrap();
    let now = NOW + 60;
    for n in 0..5 {
        let (challenge, sent) = send(&site, &owner.subject, now + 301 * n);
        assert!(site.answer(&challenge.token, Answer::Sent(&wrong(&sent.code)), now + 301 * n).is_err());
    }
    let (challenge, _) = send(&site, &owner.subject, now + 301 * 4);
    let right = owner.code(now + 301 * 4);
    assert_eq!(refused(site.answer(&challenge.token, Answer::Otp(&right), now + 301 * 4)), ErrorCode::Locked);
}

#[test]
fn a_mailbox_is_no_way_around_a_device() {
    let site = Site::with_policy(sending());
    let owner = site.enroll("alice", START);
    let challenge = site.challenge(&owner, NOW);
    let sent = site.auth.send_code(challenge.as_str().into(), at(NOW));
    assert_eq!(code_of(sent), ErrorCode::MethodNotAllowed);
}

#[test]
fn who_prefers_sent_codes_gets_them_and_may_still_use_the_device() {
    let site = Site::with_policy(sending());
    let owner = site.enroll("alice", START);
    let set = |answer, preference, now| site.auth.set_method(&owner.subject, answer, preference, at(now));
    assert_eq!(code_of(set(None, Preference::Sent, NOW)), ErrorCode::SecondFactorRequired);
    assert_eq!(code_of(set(Some(Answer::Otp("000000")), Preference::Sent, NOW)), ErrorCode::WrongCode);
    let code = owner.code(NOW);
    set(Some(Answer::Otp(&code)), Preference::Sent, NOW).unwrap();
    let (challenge, _) = send(&site, &owner.subject, NOW + 60);
    assert_eq!(challenge.methods, [Method::Sent, Method::Otp, Method::Backup]);
    assert!(site.answer(&challenge.token, Answer::Any(&owner.code(NOW + 60)), NOW + 60).is_ok());
    let code = owner.code(NOW + 120);
    set(Some(Answer::Otp(&code)), Preference::Otp, NOW + 120).unwrap();
    site.challenge(&owner, NOW + 120);
    assert_eq!(site.auth.status(&owner.subject, at(NOW)).unwrap().preference, Some(Preference::Otp));
}

#[test]
fn a_method_that_the_policy_does_not_trust_is_refused() {
    let site = Site::with_policy(bootstrap());
    let owner = site.enroll("alice", START);
    let code = owner.code(NOW);
    for preference in [Preference::Sent, Preference::Off] {
        let set = site.auth.set_method(&owner.subject, Some(Answer::Otp(&code)), preference, at(NOW));
        assert_eq!(code_of(set), ErrorCode::MethodNotAllowed, "{}", preference.name());
    }
    let nobody = site.auth.set_method(&alice_two(), None, Preference::Otp, at(NOW));
    assert_eq!(code_of(nobody), ErrorCode::NotEnrolled);
}

fn alice_two() -> Subject {
    Subject::new("alice-2").unwrap()
}

#[test]
fn opting_out_is_the_policys_to_allow_and_only_without_a_device() {
    let site = Site::with_policy(sending());
    assert_eq!(
        code_of(site.auth.set_method(&alice(), None, Preference::Off, at(NOW))),
        ErrorCode::MethodNotAllowed
    );
    let site = Site::with_policy(Policy { opt_out: OptOut::Allowed, ..sending() });
    send(&site, &alice(), NOW);
    site.auth.set_method(&alice(), None, Preference::Off, at(NOW)).unwrap();
    assert!(matches!(begin(&site, &alice(), NOW), Ok(SignIn::NotRequired(_))));
    let owner = site.enroll("bob", START);
    let code = owner.code(NOW);
    let off = site.auth.set_method(&owner.subject, Some(Answer::Otp(&code)), Preference::Off, at(NOW));
    assert_eq!(code_of(off), ErrorCode::MethodNotAllowed);
}

/// Enrolls with an enrollment token, as a host would, and says what the first sign-in then is.
fn enroll_with(site: &Site, token: &EnrollmentToken, now: i64) -> SignIn {
    let subject = site.auth.check_enrollment(&token.token, at(now)).unwrap();
    let device = NewDevice { account: "alice", ..NewDevice::default() };
    let setup = site.auth.begin_enrollment(&subject, &device, at(now)).unwrap();
    let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
    let code = totp::generate(&secret, &TotpParams::default(), at(now)).to_text();
    site.auth.confirm_enrollment(&subject, &code, at(now)).unwrap();
    begin(site, &subject, now).unwrap()
}

#[test]
fn enr_11_a_sent_code_that_only_bootstraps_gives_an_enrollment_token_and_no_proof() {
    let site = Site::with_policy(bootstrap());
    let (challenge, sent) = send(&site, &alice(), NOW);
    assert_eq!(challenge.gives, Outcome::Enrollment);
    let as_sign_in = site.answer(&challenge.token, Answer::Sent(&sent.code), NOW);
    assert_eq!(refused(as_sign_in), ErrorCode::EnrollmentRequired);
    let finish = |answer: Answer<'_>| {
        site.auth.finish_for_enrollment(challenge.token.as_str().into(), answer, at(NOW))
    };
    assert_eq!(code_of(finish(Answer::Sent(&wrong(&sent.code)))), ErrorCode::WrongCode);
    let token = finish(Answer::Sent(&sent.code)).unwrap();
    assert_eq!(token.expires_at, at(NOW + 900));
    assert!(matches!(enroll_with(&site, &token, NOW), SignIn::Challenge(_)));
    let again = site.auth.check_enrollment(&token.token, at(NOW));
    assert_eq!(code_of(again), ErrorCode::TokenInvalid, "the enrollment ended it");
}

#[test]
fn a_challenge_for_signing_in_gives_no_enrollment_token() {
    let site = Site::with_policy(sending());
    let (challenge, sent) = send(&site, &alice(), NOW);
    let wrong_way =
        site.auth.finish_for_enrollment(challenge.token.as_str().into(), Answer::Sent(&sent.code), at(NOW));
    assert_eq!(code_of(wrong_way), ErrorCode::ChallengeInvalid);
}

#[test]
fn enr_11_who_must_enroll_gets_nothing_else_and_only_for_a_quarter_of_an_hour() {
    let site = Site::with_policy(Policy { fallback: Fallback::Enroll, ..policy() });
    let Ok(SignIn::EnrollOnly(token)) = begin(&site, &alice(), NOW) else { panic!("enrollment was due") };
    assert_eq!(code_of(site.auth.check_enrollment(&token.token, at(NOW + 900))), ErrorCode::TokenInvalid);
    assert!(site.auth.engine().challenge_subject(&token.token, at(NOW)).is_err());
    site.auth.bump_epoch(&alice(), at(NOW)).unwrap();
    let dead = site.auth.check_enrollment(&token.token, at(NOW));
    assert_eq!(code_of(dead), ErrorCode::TokenInvalid, "a password change ends it");
    let Ok(SignIn::EnrollOnly(token)) = begin(&site, &alice(), NOW) else { panic!("enrollment was due") };
    assert!(matches!(enroll_with(&site, &token, NOW), SignIn::Challenge(_)));
}

#[test]
fn letters_are_read_as_people_type_them() {
    let site =
        Site::with_policy(Policy { sent_alphabet: SentAlphabet::Letters, sent_length: 12, ..sending() });
    let (challenge, sent) = send(&site, &alice(), NOW);
    let typed = format!(" {} ", sent.code.to_lowercase().replace('0', "o").replace('1', "l"));
    assert!(site.answer(&challenge.token, Answer::Any(&typed), NOW).is_ok());
}

#[test]
fn chl_04_codes_on_their_way_die_with_the_epoch() {
    let site = Site::with_policy(sending());
    let (challenge, sent) = send(&site, &alice(), NOW);
    site.auth.bump_epoch(&alice(), at(NOW)).unwrap();
    assert!(site.answer(&challenge.token, Answer::Sent(&sent.code), NOW).is_err());
}

#[test]
fn a_fallback_needs_codes_to_fall_back_on() {
    let policy = Policy { fallback: Fallback::SentCode, ..policy() };
    let ring = twinlock::KeyRing::generate(&twinlock::OsRandom).unwrap();
    let fault = twinlock::Engine::new(policy, ring, Default::default()).err().unwrap();
    assert_eq!((fault.code, fault.about), (ErrorCode::OptionOutOfRange, Some("sent_codes")));
}
