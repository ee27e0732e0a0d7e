//! Families of refresh tokens: one use each, a grace for coincidence, an end for theft, and an absolute end.

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::{Map, Value, json};
use twinlock::{
    Answer, CommitError, Engine, ErrorCode, FirstFactor, JwtConfig, Proof, RefreshFamily, SignIn, Subject,
    TokenKind, Tokens, UnixTime,
};

use crate::forge::{NOW, engine_with, now};
use crate::support;

fn after(seconds: i64) -> UnixTime {
    support::at(NOW + seconds)
}

fn engine(change: impl FnOnce(&mut JwtConfig)) -> Engine {
    let mut config = JwtConfig::default();
    change(&mut config);
    engine_with(config)
}

fn proof(engine: &Engine) -> Proof {
    let subject = Subject::new("42").unwrap();
    let pending = engine.begin_sign_in(&subject, None, &FirstFactor::password(now()), now()).unwrap();
    let Ok(SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor is set") };
    proof
}

/// A store of one session that compares and sets.
struct Session<'e> {
    engine: &'e Engine,
    stored: Mutex<String>,
}

impl<'e> Session<'e> {
    fn begin(engine: &'e Engine, extra: Value) -> (Self, Tokens) {
        let (tokens, family) =
            engine.begin_session(proof(engine), extra.as_object().unwrap(), now()).unwrap();
        (Self { engine, stored: Mutex::new(family.to_json()) }, tokens)
    }

    fn family(&self) -> RefreshFamily {
        RefreshFamily::from_json(&self.stored.lock().unwrap()).unwrap()
    }

    /// One exchange, repeated while others are faster.
    fn rotate(&self, token: &str, at: UnixTime) -> Result<Tokens, ErrorCode> {
        loop {
            let loaded = self.stored.lock().unwrap().clone();
            let family = RefreshFamily::from_json(&loaded).unwrap();
            let pending = self.engine.rotate(token, &family, None, at).unwrap();
            let stored =
                pending.family().is_some_and(|family| self.compare_and_set(&loaded, &family.to_json()));
            match pending.commit(stored) {
                Ok(tokens) => return Ok(tokens),
                Err(CommitError::Refused(refusal)) => return Err(refusal.code),
                Err(CommitError::Lost) => (),
            }
        }
    }

    fn compare_and_set(&self, loaded: &str, new: &str) -> bool {
        let mut stored = self.stored.lock().unwrap();
        let same = *stored == loaded;
        if same {
            new.clone_into(&mut stored);
        }
        same
    }
}

fn claim(engine: &Engine, token: &str, at: UnixTime, name: &str) -> Value {
    engine.verify(token, TokenKind::Refresh, at).unwrap().get(name).cloned().unwrap_or_default()
}

#[test]
fn jwt_10_each_refresh_token_gives_one_successor_that_goes_on_with_the_session() {
    let engine = engine(|config| config.reuse_grace = 0);
    let (session, first) = Session::begin(&engine, json!({"tenant": 7}));
    let (subject, family) = engine.session_of(&first.refresh, now()).unwrap();
    assert_eq!((subject.as_str(), &*family), ("42", session.family().id()));
    let second = session.rotate(&first.refresh, after(60)).unwrap();
    let third = session.rotate(&second.refresh, after(120)).unwrap();
    let ids: HashSet<String> = [&first, &second, &third]
        .map(|tokens| claim(&engine, &tokens.refresh, after(120), "jti").to_string())
        .into();
    assert_eq!(ids.len(), 3);
    for name in ["fam", "fam_exp", "sub", "auth_time", "amr", "epoch", "tenant"] {
        let value = claim(&engine, &first.refresh, now(), name);
        assert_eq!(claim(&engine, &third.refresh, after(120), name), value, "{name}");
        let access = engine.verify(&third.access, TokenKind::Access, after(120)).unwrap();
        let expected = if name == "fam_exp" { None } else { Some(&value) };
        assert_eq!(access.get(name), expected, "{name}");
    }
    assert_eq!(third.refresh_expires_at, after(120 + 86_400));
    assert_eq!(session.family().rotated_at(), after(120));
}

#[test]
fn jwt_11_a_token_used_again_after_the_grace_ends_the_session_for_everyone() {
    let engine = engine(|_| ());
    let (session, first) = Session::begin(&engine, json!({}));
    let second = session.rotate(&first.refresh, after(60)).unwrap();
    assert_eq!(session.rotate(&first.refresh, after(70)).err(), Some(ErrorCode::TokenReused));
    assert_eq!(session.family().revoked_at(), Some(after(70)));
    for token in [&first.refresh, &second.refresh] {
        assert_eq!(session.rotate(token, after(71)).err(), Some(ErrorCode::SessionEnded));
    }
    assert_eq!(session.family().revoked_at(), Some(after(70)));
}

#[test]
fn jwt_11_a_token_older_than_the_previous_one_has_no_grace() {
    let engine = engine(|_| ());
    let (session, first) = Session::begin(&engine, json!({}));
    let second = session.rotate(&first.refresh, after(1)).unwrap();
    assert!(session.rotate(&second.refresh, after(2)).is_ok());
    assert_eq!(session.rotate(&first.refresh, after(2)).err(), Some(ErrorCode::TokenReused));
}

#[test]
fn jwt_12_within_the_grace_the_late_caller_gets_the_one_successor_again() {
    for (grace, seconds, answered) in
        [(10, 0, true), (10, 9, true), (10, 10, false), (60, 59, true), (0, 0, false)]
    {
        let engine = engine(|config| config.reuse_grace = grace);
        let (session, first) = Session::begin(&engine, json!({"tenant": 7}));
        let second = session.rotate(&first.refresh, after(60)).unwrap();
        let state = session.family();
        let late = session.rotate(&first.refresh, after(60 + seconds));
        assert_eq!(late.is_ok(), answered, "{grace} {seconds}");
        let Ok(late) = late else { continue };
        assert_eq!(late.refresh, second.refresh, "the same token, not another one");
        assert_ne!(late.access, second.access);
        assert!(engine.verify(&late.access, TokenKind::Access, after(60 + seconds)).is_ok());
        assert_eq!(session.family(), state);
        assert!(session.rotate(&late.refresh, after(120)).is_ok());
    }
}

#[test]
fn jwt_09_idle_and_absolute_life_end_a_session_and_no_rotation_extends_the_second() {
    let engine = engine(|config| (config.refresh_life, config.family_life) = (100, 250));
    let (session, tokens) = Session::begin(&engine, json!({}));
    assert_eq!(tokens.refresh_expires_at, after(100));
    assert_eq!(session.rotate(&tokens.refresh, after(100)).err(), Some(ErrorCode::TokenExpired));
    let mut tokens = tokens;
    for (seconds, end) in [(99, 199), (198, 250), (249, 250)] {
        tokens = session.rotate(&tokens.refresh, after(seconds)).unwrap();
        assert_eq!(tokens.refresh_expires_at, after(end), "{seconds}");
        assert!(tokens.access_expires_at <= after(end));
        assert_eq!((session.family().expires_at(), session.family().ends_at()), (after(end), after(250)));
    }
    assert_eq!(session.rotate(&tokens.refresh, after(250)).err(), Some(ErrorCode::TokenExpired));
}

#[test]
fn jwt_09_leeway_rotates_nothing_that_has_ended() {
    let engine = engine(|config| (config.refresh_life, config.leeway) = (60, 30));
    let (session, first) = Session::begin(&engine, json!({}));
    assert!(engine.verify(&first.refresh, TokenKind::Refresh, after(89)).is_ok());
    assert_eq!(session.rotate(&first.refresh, after(60)).err(), Some(ErrorCode::TokenExpired));
    assert!(session.rotate(&first.refresh, after(59)).is_ok());
}

#[test]
fn jwt_13_a_session_dies_when_the_epoch_moves() {
    let site = support::Site::new();
    let owner = site.enroll("alice", support::START);
    let later = support::START + 30;
    let now = support::at(later);
    let proof = site.sign_in(&owner, Answer::Otp(&owner.code(later)), later).unwrap_or_else(|_| panic!());
    let engine = site.auth.engine();
    let (tokens, family) = engine.begin_session(proof, &Map::new(), now).unwrap();
    let record = site.record(&owner);
    let rotate = |record: Option<&[u8]>| engine.rotate(&tokens.refresh, &family, record, now).unwrap();
    assert!(rotate(Some(&record)).commit(true).is_ok());
    let moved = engine.bump_epoch(&owner.subject, Some(&record), now).unwrap();
    for record in [moved.record(), None] {
        let pending = rotate(record);
        assert!(pending.family().is_none());
        assert_eq!(pending.commit(true).err().unwrap(), refused(ErrorCode::TokenInvalid));
    }
}

fn refused(code: ErrorCode) -> CommitError {
    CommitError::Refused(twinlock::Refusal::new(code))
}

#[test]
fn jwt_15_a_logout_ends_the_session_at_once() {
    let engine = engine(|_| ());
    let (session, first) = Session::begin(&engine, json!({}));
    let mut family = session.family();
    family.revoke(after(5));
    family.revoke(after(6));
    assert_eq!(family.revoked_at(), Some(after(5)));
    *session.stored.lock().unwrap() = family.to_json();
    assert_eq!(session.rotate(&first.refresh, after(7)).err(), Some(ErrorCode::SessionEnded));
}

#[test]
fn jwt_11_a_lost_write_gives_nothing_out_not_even_the_refusal() {
    let engine = engine(|config| config.reuse_grace = 0);
    let (session, first) = Session::begin(&engine, json!({}));
    let family = session.family();
    let pending = engine.rotate(&first.refresh, &family, None, after(1)).unwrap();
    assert!(pending.family().is_some());
    assert_eq!(pending.commit(false).err(), Some(CommitError::Lost));
    session.rotate(&first.refresh, after(1)).unwrap();
    let pending = engine.rotate(&first.refresh, &session.family(), None, after(2)).unwrap();
    assert!(pending.family().unwrap().revoked_at().is_some());
    assert_eq!(pending.commit(false).err(), Some(CommitError::Lost));
}

#[test]
fn jwt_13_a_state_of_another_session_opens_nothing_and_is_left_alone() {
    let engine = engine(|_| ());
    let (one, first) = Session::begin(&engine, json!({}));
    let (other, _) = Session::begin(&engine, json!({}));
    assert_eq!(other.rotate(&first.refresh, after(1)).err(), Some(ErrorCode::TokenInvalid));
    assert_eq!(other.family().revoked_at(), None);
    let mut of_another_subject: Value = serde_json::from_str(&one.family().to_json()).unwrap();
    of_another_subject["sub"] = json!("43");
    let family = RefreshFamily::from_json(&of_another_subject.to_string()).unwrap();
    let pending = engine.rotate(&first.refresh, &family, None, after(1)).unwrap();
    assert_eq!(pending.commit(true).err(), Some(refused(ErrorCode::TokenInvalid)));
}

#[test]
fn chl_01_plain_and_rotating_refresh_tokens_open_nothing_of_each_other() {
    let engine = engine(|_| ());
    let (session, rotating) = Session::begin(&engine, json!({}));
    let plain = engine.mint(proof(&engine), &Map::new(), now()).unwrap();
    let code = |result: Result<(), twinlock::Error>| result.map_err(|error| error.code());
    assert_eq!(code(engine.refresh(&rotating.refresh, None, now()).map(drop)), Err(ErrorCode::TokenInvalid));
    assert_eq!(
        code(engine.refresh_subject(&rotating.refresh, now()).map(drop)),
        Err(ErrorCode::TokenInvalid)
    );
    assert_eq!(code(engine.session_of(&plain.refresh, now()).map(drop)), Err(ErrorCode::TokenInvalid));
    assert_eq!(session.rotate(&plain.refresh, now()).err(), Some(ErrorCode::TokenInvalid));
    assert!(engine.refresh(&plain.refresh, None, now()).is_ok());
}

#[test]
fn jwt_10_fifty_at_once_make_one_new_head_and_everyone_gets_it() {
    let engine = engine(|_| ());
    let (session, first) = Session::begin(&engine, json!({}));
    let answers: Vec<Tokens> = std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..50).map(|_| scope.spawn(|| session.rotate(&first.refresh, after(1)).unwrap())).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let heads: HashSet<&str> = answers.iter().map(|tokens| &*tokens.refresh).collect();
    let accesses: HashSet<&str> = answers.iter().map(|tokens| &*tokens.access).collect();
    assert_eq!((heads.len(), accesses.len()), (1, 50));
    let head = claim(&engine, &answers[0].refresh, after(1), "jti");
    let state: Value = serde_json::from_str(&session.family().to_json()).unwrap();
    assert_eq!(state["jti"], head);
}

#[test]
fn jwt_10_fifty_at_once_without_a_grace_make_at_most_one_pair() {
    let engine = engine(|config| config.reuse_grace = 0);
    let (session, first) = Session::begin(&engine, json!({}));
    let answers: Vec<Result<Tokens, ErrorCode>> = std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..50).map(|_| scope.spawn(|| session.rotate(&first.refresh, after(1)))).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(
        answers.iter().filter(|answer| answer.as_ref().err() == Some(&ErrorCode::TokenReused)).count(),
        1
    );
    assert!(session.family().revoked_at().is_some());
}
