//! Step-up and trusted devices.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use support::{Owner, Refused, START, Site, at, policy, refused};
use twinlock::{
    Answer, Claims, ErrorCode, FirstFactor, HostError, Method, Policy, Proof, SignIn, StepUp, TokenKind,
    TrustToken,
};

const NOW: i64 = START + 300;
const DAY: i64 = 86_400;

fn trusting() -> Policy {
    Policy { trusted_devices: 3, ..policy() }
}

fn code_of<T>(result: Result<T, HostError<std::convert::Infallible>>) -> ErrorCode {
    refused(result.map_err(Refused::from))
}

fn proof(site: &Site, owner: &Owner, now: i64) -> Proof {
    site.sign_in(owner, Answer::Otp(&owner.code(now)), now).unwrap()
}

fn trust(site: &Site, owner: &Owner, name: &str, now: i64) -> TrustToken {
    site.auth.trust_device(&owner.subject, &proof(site, owner, now), name, at(now)).unwrap()
}

fn begin(site: &Site, owner: &Owner, token: &str, now: i64) -> SignIn {
    let factor = FirstFactor::password(at(now)).on_trusted_device(token);
    site.auth.begin_sign_in(&owner.subject, &factor, at(now)).unwrap()
}

fn is_challenged(site: &Site, owner: &Owner, token: &str, now: i64) -> bool {
    matches!(begin(site, owner, token, now), SignIn::Challenge(_))
}

/// A verified access token of a sign-in.
fn session(site: &Site, proof: Proof, now: i64) -> Claims {
    let engine = site.auth.engine();
    let access = engine.mint(proof, &Default::default(), at(now)).unwrap().access;
    engine.verify(&access, TokenKind::Access, at(now)).unwrap()
}

fn stepped_up(site: &Site, owner: &Owner, answer: Answer<'_>, purpose: &str, now: i64) -> Claims {
    let step_up = StepUp { purpose, session: None };
    let proof = site.auth.step_up(&owner.subject, answer, step_up, at(now)).unwrap();
    let engine = site.auth.engine();
    let (access, _) = engine.mint_access(proof, &Default::default(), at(now)).unwrap();
    engine.verify(&access, TokenKind::Access, at(now)).unwrap()
}

#[test]
fn api_08_a_trusted_device_signs_in_without_a_second_factor_and_its_token_changes() {
    let site = Site::with_policy(trusting());
    let owner = site.enroll("alice", START);
    let first = trust(&site, &owner, "Laptop", NOW);
    assert_eq!(first.expires_at, at(NOW + 30 * DAY));
    assert!(site.auth.is_trusted(&owner.subject, &first.token, at(NOW)).unwrap());
    let SignIn::Trusted(proof, second) = begin(&site, &owner, &first.token, NOW + 1) else {
        panic!("trusted")
    };
    assert_eq!((proof.method(), proof.amr()), (None, vec!["pwd".to_owned()]), "it is no second factor");
    assert_eq!((&second.id, second.expires_at), (&first.id, first.expires_at), "the end does not move");
    assert!(is_challenged(&site, &owner, &first.token, NOW + 2), "the old token is dead");
    assert!(!is_challenged(&site, &owner, &second.token, NOW + 2));
}

#[test]
fn api_08_trust_is_listed_named_and_revoked() {
    let site = Site::with_policy(trusting());
    let owner = site.enroll("alice", START);
    let tokens = [trust(&site, &owner, "Laptop", NOW), trust(&site, &owner, "Phone", NOW + 60)];
    let listed = site.auth.status(&owner.subject, at(NOW + 60)).unwrap().trusted_devices;
    assert_eq!(listed.iter().map(|device| device.name.as_str()).collect::<Vec<_>>(), ["Laptop", "Phone"]);
    assert_eq!(listed[0].id, tokens[0].id);
    site.auth.revoke_trusted_devices(&owner.subject, Some(&tokens[0].id), at(NOW + 60)).unwrap();
    assert!(is_challenged(&site, &owner, &tokens[0].token, NOW + 61));
    assert!(site.auth.is_trusted(&owner.subject, &tokens[1].token, at(NOW + 61)).unwrap());
    let unknown = site.auth.revoke_trusted_devices(&owner.subject, Some(&tokens[0].id), at(NOW + 61));
    assert_eq!(code_of(unknown), ErrorCode::DeviceUnknown);
    site.auth.revoke_trusted_devices(&owner.subject, None, at(NOW + 61)).unwrap();
    assert!(is_challenged(&site, &owner, &tokens[1].token, NOW + 61));
}

#[test]
fn enr_09_trust_dies_with_every_change_of_the_factors_or_the_password() {
    type Change = fn(&Site, &Owner);
    let changes: [Change; 4] = [
        |site, owner| site.auth.bump_epoch(&owner.subject, at(NOW)).unwrap(),
        |site, owner| site.auth.admin_reset(&owner.subject, at(NOW)).unwrap(),
        |site, owner| {
            site.auth.disable(&owner.subject, Answer::Backup(&owner.backup_codes[0]), at(NOW)).unwrap()
        },
        |site, owner| {
            let code = owner.code(NOW + 30);
            let device = twinlock::NewDevice { account: "alice", ..Default::default() };
            let setup = site.auth.add_device(&owner.subject, Answer::Otp(&code), &device, at(NOW)).unwrap();
            let secret =
                twinlock::Secret::from_base32(&setup.secret, twinlock::MinimumLength::Rfc4226).unwrap();
            let code = twinlock::otp::totp::generate(&secret, &Default::default(), at(NOW)).to_text();
            site.auth.confirm_enrollment(&owner.subject, &code, at(NOW)).unwrap();
        },
    ];
    for (index, change) in changes.iter().enumerate() {
        let site = Site::with_policy(trusting());
        let owner = site.enroll("alice", START);
        let token = trust(&site, &owner, "Laptop", NOW);
        change(&site, &owner);
        assert!(!site.auth.is_trusted(&owner.subject, &token.token, at(NOW)).unwrap(), "change {index}");
        assert!(site.auth.status(&owner.subject, at(NOW)).unwrap().trusted_devices.is_empty());
    }
}

#[test]
fn a_trust_token_is_its_subjects_only_and_ends_in_time() {
    let site = Site::with_policy(trusting());
    let (alice, bob) = (site.enroll("alice", START), site.enroll("bob", START));
    let token = trust(&site, &alice, "Laptop", NOW);
    assert!(is_challenged(&site, &bob, &token.token, NOW));
    assert!(is_challenged(&site, &alice, &token.token, NOW + 30 * DAY));
    assert!(is_challenged(&site, &alice, "no token", NOW));
    assert!(is_challenged(&site, &alice, &"x".repeat(100_000), NOW));
}

#[test]
fn trust_needs_a_second_factor_and_a_policy_that_wants_it() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let shown = proof(&site, &owner, NOW);
    let trusted = site.auth.trust_device(&owner.subject, &shown, "Laptop", at(NOW));
    assert_eq!(code_of(trusted), ErrorCode::MethodNotAllowed, "off by default");

    let site = Site::with_policy(trusting());
    let (alice, bob) = (site.enroll("alice", START), site.enroll("bob", START));
    let by_trust = trust(&site, &alice, "Laptop", NOW);
    let SignIn::Trusted(weak, _) = begin(&site, &alice, &by_trust.token, NOW) else { panic!("trusted") };
    let bobs = proof(&site, &bob, NOW);
    let old = proof(&site, &alice, NOW + 60);
    for (case, proof) in [("no second factor", &weak), ("of another", &bobs)] {
        let trusted = site.auth.trust_device(&alice.subject, proof, "Laptop", at(NOW));
        assert_eq!(code_of(trusted), ErrorCode::SecondFactorRequired, "{case}");
    }
    site.auth.bump_epoch(&alice.subject, at(NOW + 60)).unwrap();
    let trusted = site.auth.trust_device(&alice.subject, &old, "Laptop", at(NOW + 60));
    assert_eq!(code_of(trusted), ErrorCode::SecondFactorRequired, "of an older epoch");
    let named = site.auth.trust_device(&alice.subject, &old, "a\nb", at(NOW + 60));
    assert_eq!(code_of(named), ErrorCode::NameInvalid);
}

#[test]
fn the_device_that_was_not_used_for_longest_makes_room() {
    let site = Site::with_policy(trusting());
    let owner = site.enroll("alice", START);
    let names = ["a", "b", "c"].map(|name| (name, START + 300 * (i64::from(name.as_bytes()[0]) - 96)));
    let tokens = names.map(|(name, now)| trust(&site, &owner, name, now));
    let SignIn::Trusted(..) = begin(&site, &owner, &tokens[0].token, NOW + 1000) else { panic!("trusted") };
    trust(&site, &owner, "d", NOW + 1200);
    let listed = site.auth.status(&owner.subject, at(NOW + 1200)).unwrap().trusted_devices;
    assert_eq!(listed.iter().map(|device| device.name.as_str()).collect::<Vec<_>>(), ["a", "c", "d"]);
}

#[test]
fn api_09_a_step_up_is_fresh_for_its_time_and_its_purpose() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let claims = stepped_up(&site, &owner, Answer::Otp(&owner.code(NOW)), "transfer", NOW);
    let fresh =
        |purpose, age: Option<u32>, now| site.auth.engine().require_step_up(&claims, purpose, age, at(now));
    assert!(fresh("transfer", None, NOW + 600).is_ok());
    assert_eq!(fresh("transfer", None, NOW + 601).unwrap_err().code, ErrorCode::SecondFactorRequired);
    assert_eq!(fresh("transfer", Some(60), NOW + 61).unwrap_err().code, ErrorCode::SecondFactorRequired);
    assert_eq!(fresh("disable", None, NOW).unwrap_err().code, ErrorCode::SecondFactorRequired);
    let without = site.enroll("bob", START);
    let weak = session(&site, weak_proof(&site), NOW);
    let refused = site.auth.engine().require_step_up(&weak, "transfer", None, at(NOW));
    assert_eq!(refused.unwrap_err().code, ErrorCode::SecondFactorRequired, "no second factor was shown");
    drop(without);
}

/// Of a subject without a second factor.
fn weak_proof(site: &Site) -> Proof {
    let nobody = twinlock::Subject::new("nobody").unwrap();
    match site.auth.begin_sign_in(&nobody, &FirstFactor::password(at(NOW)), at(NOW)).unwrap() {
        SignIn::NotRequired(proof) => proof,
        _ => panic!("no second factor is set"),
    }
}

#[test]
fn enr_05_sensitive_actions_take_a_step_up_for_just_them() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let other = stepped_up(&site, &owner, Answer::Otp(&owner.code(NOW)), "transfer", NOW);
    let disable = |claims: &Claims, now| site.auth.disable(&owner.subject, Answer::StepUp(claims), at(now));
    assert_eq!(code_of(disable(&other, NOW)), ErrorCode::SecondFactorRequired);
    let old = session(&site, proof(&site, &owner, NOW + 60), NOW + 60);
    assert_eq!(code_of(disable(&old, NOW + 60 + 601)), ErrorCode::SecondFactorRequired, "signed in long ago");
    assert!(site.auth.status(&owner.subject, at(NOW)).unwrap().enabled);
    let right = stepped_up(&site, &owner, Answer::Otp(&owner.code(NOW + 120)), "disable", NOW + 120);
    disable(&right, NOW + 121).unwrap();
    assert!(!site.auth.status(&owner.subject, at(NOW)).unwrap().enabled);
}

#[test]
fn chl_07_a_step_up_is_its_subjects_and_its_epochs() {
    let site = Site::new();
    let (alice, bob) = (site.enroll("alice", START), site.enroll("bob", START));
    let bobs = stepped_up(&site, &bob, Answer::Otp(&bob.code(NOW)), "disable", NOW);
    let crossed = site.auth.disable(&alice.subject, Answer::StepUp(&bobs), at(NOW));
    assert_eq!(code_of(crossed), ErrorCode::SecondFactorRequired);
    site.auth.bump_epoch(&bob.subject, at(NOW)).unwrap();
    let dead = site.auth.disable(&bob.subject, Answer::StepUp(&bobs), at(NOW));
    assert_eq!(code_of(dead), ErrorCode::SecondFactorRequired);
}

#[test]
fn bak_06_new_backup_codes_need_a_device_even_by_step_up() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let purpose = "regenerate_backup_codes";
    let by_backup = stepped_up(&site, &owner, Answer::Backup(&owner.backup_codes[0]), purpose, NOW);
    let regenerate =
        |claims: &Claims| site.auth.regenerate_backup_codes(&owner.subject, Answer::StepUp(claims), at(NOW));
    assert_eq!(code_of(regenerate(&by_backup)), ErrorCode::SecondFactorRequired);
    let by_device = stepped_up(&site, &owner, Answer::Otp(&owner.code(NOW)), purpose, NOW);
    assert_eq!(regenerate(&by_device).unwrap().len(), 10);
}

#[test]
fn ver_10_a_step_up_shares_budget_and_replay_rule_with_sign_in() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let code = owner.code(NOW);
    drop(proof(&site, &owner, NOW));
    let step = |answer: Answer<'_>| {
        let step_up = StepUp { purpose: "transfer", session: None };
        code_of(site.auth.step_up(&owner.subject, answer, step_up, at(NOW)))
    };
    assert_eq!(step(Answer::Otp(&code)), ErrorCode::Replayed);
    for _ in 0..4 {
        assert_eq!(step(Answer::Otp("000000")), ErrorCode::WrongCode);
    }
    assert_eq!(step(Answer::Otp(&owner.code(NOW + 30))), ErrorCode::Locked);
    assert_eq!(step(Answer::Sent("1234567")), ErrorCode::MethodNotAllowed);
}

#[test]
fn jwt_14_a_step_up_goes_on_with_the_session_and_moves_auth_time() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let claims = session(&site, proof(&site, &owner, NOW), NOW);
    let later = NOW + 120;
    let step_up = StepUp { purpose: "transfer", session: Some(&claims) };
    let code = owner.code(later);
    let proof = site.auth.step_up(&owner.subject, Answer::Otp(&code), step_up, at(later)).unwrap();
    assert_eq!((proof.purpose(), proof.method()), (Some("transfer"), Some(Method::Otp)));
    let engine = site.auth.engine();
    let (access, _) = engine.mint_access(proof, &Default::default(), at(later)).unwrap();
    let fresh = engine.verify(&access, TokenKind::Access, at(later)).unwrap();
    assert_eq!(fresh.get("auth_time").unwrap(), later);
    assert_eq!(fresh.get("amr").unwrap(), &serde_json::json!(["pwd", "otp", "mfa"]));
    assert_eq!(fresh.get("fam"), claims.get("fam"));
}

#[test]
fn a_step_up_proof_gives_no_refresh_token_and_purposes_have_a_form() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let code = owner.code(NOW);
    for purpose in ["", "A", "a b", &"x".repeat(65), "é", "a\0"] {
        let step_up = StepUp { purpose, session: None };
        let result = site.auth.step_up(&owner.subject, Answer::Otp(&code), step_up, at(NOW));
        assert_eq!(code_of(result), ErrorCode::ArgumentInvalid, "{purpose:?}");
    }
    let step_up = StepUp { purpose: "transfer", session: None };
    let proof = site.auth.step_up(&owner.subject, Answer::Otp(&code), step_up, at(NOW)).unwrap();
    let minted = site.auth.engine().mint(proof, &Default::default(), at(NOW));
    assert_eq!(minted.err().unwrap().code, ErrorCode::ArgumentInvalid);
}
