//! A site with one engine, one store and users with authenticators, for the tests of the flows.
// Each test file is a program of its own and uses a part of this; a test may panic.
#![allow(dead_code, clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::iter;
use std::sync::Mutex;

use twinlock::otp::totp::{self, TotpParams};
use twinlock::{
    Answer, Engine, ErrorCode, Fault, FirstFactor, HostError, JwtConfig, KeyRing, MemoryStore, MinimumLength,
    NewDevice, OsRandom, Policy, Proof, Random, SecondFactor, Secret, SignIn, Store, Subject, UnixTime,
};

/// A quiet moment: the first second of a step.
pub const START: i64 = 1_800_000_000;

pub fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

pub fn policy() -> Policy {
    Policy { issuer: "Acme".to_owned(), ..Policy::default() }
}

pub fn engine(policy: Policy) -> Engine {
    Engine::new(policy, KeyRing::generate(&OsRandom).unwrap(), JwtConfig::default()).unwrap()
}

/// Counts up: every draw differs and every run is the same.
pub struct Counting(pub Mutex<u8>);

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        let mut next = self.0.lock().unwrap();
        for byte in buffer {
            *byte = *next;
            *next = next.wrapping_add(1);
        }
        Ok(())
    }
}

pub struct Site<S = MemoryStore> {
    pub auth: SecondFactor<S>,
}

/// A user's authenticator app and paper.
pub struct Owner {
    pub subject: Subject,
    pub secret: Secret,
    pub backup_codes: Vec<String>,
}

impl Owner {
    pub fn code(&self, seconds: i64) -> String {
        totp::generate(&self.secret, &TotpParams::default(), at(seconds)).to_text()
    }

    /// Whether two steps near have one code, which would be a replay at the second.
    fn shows_twins(&self, seconds: i64) -> bool {
        let near = (-6..12).map(|step| seconds + 30 * step).filter(|then| *then >= 0);
        let mut seen = BTreeSet::new();
        !near.map(|then| self.code(then)).all(|code| seen.insert(code))
    }

    /// A code that is right at no time near.
    pub fn wrong_code(&self, seconds: i64) -> String {
        let near: Vec<String> = (-4..=4).map(|step| self.code(seconds + 30 * step)).collect();
        (0..).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).unwrap()
    }
}

impl Site {
    pub fn new() -> Self {
        Self::with_policy(policy())
    }

    pub fn with_policy(policy: Policy) -> Self {
        Self { auth: SecondFactor::new(engine(policy), MemoryStore::default()) }
    }
}

impl<S: Store<Error = std::convert::Infallible>> Site<S> {
    /// Enrolls a user with a code of the step at `now`.
    pub fn enroll(&self, name: &str, now: i64) -> Owner {
        let subject = Subject::new(name).unwrap();
        let device = NewDevice { account: name, ..NewDevice::default() };
        let begun = || {
            let setup = self.auth.begin_enrollment(&subject, &device, at(now)).unwrap();
            let secret = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
            Owner { subject: subject.clone(), secret, backup_codes: Vec::new() }
        };
        let mut owner = iter::repeat_with(begun).find(|owner| !owner.shows_twins(now)).unwrap();
        let enrolled = self.auth.confirm_enrollment(&owner.subject, &owner.code(now), at(now)).unwrap();
        owner.backup_codes = enrolled.backup_codes.iter().map(|code| code.to_string()).collect();
        owner
    }

    pub fn challenge(&self, owner: &Owner, now: i64) -> String {
        match self.auth.begin_sign_in(&owner.subject, &FirstFactor::password(at(now)), at(now)).unwrap() {
            SignIn::Challenge(challenge) => challenge.token,
            _ => panic!("a challenge was due"),
        }
    }

    pub fn answer(&self, challenge: &str, answer: Answer<'_>, now: i64) -> Result<Proof, Refused> {
        self.auth.finish_sign_in(challenge.into(), answer, at(now)).map_err(Refused::from)
    }

    /// Both steps at once.
    pub fn sign_in(&self, owner: &Owner, answer: Answer<'_>, now: i64) -> Result<Proof, Refused> {
        let challenge = self.challenge(owner, now);
        self.answer(&challenge, answer, now)
    }

    pub fn record(&self, owner: &Owner) -> Vec<u8> {
        self.auth.store().load(&owner.subject).unwrap().unwrap().0
    }
}

/// A refusal with its code and seconds to wait, comparable.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused(pub ErrorCode, pub Option<u64>);

impl<E: std::fmt::Debug> From<HostError<E>> for Refused {
    fn from(error: HostError<E>) -> Self {
        match error {
            HostError::Refused(refusal) => Self(refusal.code, refusal.retry_after),
            HostError::Fault(fault) => Self(fault.code, None),
            HostError::Store(error) => panic!("store: {error:?}"),
        }
    }
}

/// The code of a refusal, or a panic if there was none.
pub fn refused<T>(result: Result<T, Refused>) -> ErrorCode {
    match result {
        Ok(_) => panic!("it was accepted"),
        Err(Refused(code, _)) => code,
    }
}
