//! Whole steps of the engine, without a store.

use std::error::Error;
use std::hint::black_box;

use pbkdf2::pbkdf2_hmac;
use serde_json::Map;
use sha2::Sha256;
use twinlock_bench::{Outcome, Row};
use twinlock_core::otp::totp::{self, TotpParams};
use twinlock_core::{
    Answer, Engine, FirstFactor, JwtConfig, KeyRing, MinimumLength, NewDevice, OsRandom, Policy, Proof,
    Secret, SignIn, Subject, UnixTime,
};

use crate::want;

pub const NOW: i64 = 1_800_000_000;

/// A user with an authenticator and ten backup codes, a minute after enrolling.
pub struct Site {
    pub engine: Engine,
    pub subject: Subject,
    pub record: Vec<u8>,
    pub now: UnixTime,
    secret: Secret,
    last_backup_code: String,
}

impl Site {
    pub fn new() -> Result<Self, Box<dyn Error>> {
        let policy = Policy { issuer: "Acme".into(), ..Policy::default() };
        let engine = Engine::new(policy, KeyRing::generate(&OsRandom)?, JwtConfig::default())?;
        let subject = Subject::new("42")?;
        let now = UnixTime::new(NOW)?;
        let device = NewDevice { account: "alice@example.com", ..NewDevice::default() };
        let begun = engine.begin_enrollment(&subject, None, &device, now)?;
        let record = begun.record().ok_or("nothing to store")?.to_vec();
        let secret = Secret::from_base32(&begun.commit(true)?.secret, MinimumLength::Rfc4226)?;
        let code = totp::generate(&secret, &TotpParams::default(), now).to_text();
        let confirmed = engine.confirm_enrollment(&subject, Some(&record), &code, now)?;
        let record = confirmed.record().ok_or("nothing to store")?.to_vec();
        let codes = confirmed.commit(true)?.backup_codes;
        let last_backup_code = codes.last().ok_or("no backup codes")?.to_string();
        Ok(Self { engine, subject, record, now: now.plus(60), secret, last_backup_code })
    }

    pub fn challenge(&self) -> Result<String, Box<dyn Error>> {
        let first = FirstFactor::password(self.now);
        let begun = self.engine.begin_sign_in(&self.subject, Some(&self.record), &first, self.now)?;
        match begun.commit(true)? {
            SignIn::Challenge(challenge) => Ok(challenge.token),
            _ => Err("no challenge".into()),
        }
    }

    /// The proof of a user without a second factor.
    pub fn proof(&self) -> Result<Proof, Box<dyn Error>> {
        let first = FirstFactor::password(self.now);
        match self.engine.begin_sign_in(&self.subject, None, &first, self.now)?.commit(true)? {
            SignIn::NotRequired(proof) => Ok(proof),
            _ => Err("no proof".into()),
        }
    }

    /// Check the challenge, open the record, verify, seal, commit, mint.
    fn second_step(&self, challenge: &str, answer: Answer<'_>) -> Outcome {
        let record = Some(black_box(&self.record[..]));
        let pending = self.engine.finish_sign_in(record, challenge.into(), answer, self.now)?;
        want(pending.record().is_some(), "nothing to store")?;
        let tokens = self.engine.mint(pending.commit(true)?, &Map::new(), self.now)?;
        want(!tokens.access.is_empty(), "no token")
    }
}

pub fn run() -> Outcome {
    let site = Site::new()?;
    let challenge = site.challenge()?;
    let code = totp::generate(&site.secret, &TotpParams::default(), site.now).to_text();
    Row::new("whole second step with TOTP, no I/O", || site.second_step(&challenge, Answer::Otp(&code)))
        .run()?;

    let rounds = || {
        let mut out = [0; 32];
        pbkdf2_hmac::<Sha256>(black_box(b"peppered and of thirty-two bytes"), &[7; 16], 1_000, &mut out);
        want(black_box(out) != [0; 32], "nothing")
    };
    let backup = || site.second_step(&challenge, Answer::Backup(&site.last_backup_code));
    // One derivation however many codes there are, and what a TOTP step costs.
    Row::new("whole second step, backup code 10 of 10", backup).beside("1 000 rounds of PBKDF2", rounds).run()
}
