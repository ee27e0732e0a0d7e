//! Every call of the engine, one user after another.

use serde_json::Map;
use twinlock::otp::totp::{self, TotpParams};
use twinlock::{
    Answer, Cipher, Engine, Enrolled, FirstFactor, JwtAlgorithm, JwtConfig, JwtKey, KeyRing, MinimumLength,
    NewDevice, Pending, Policy, PresentedChallenge, Proof, Random, Secret, SignIn, Subject, TokenKind,
    UnixTime, Zeroizing,
};

use crate::primitives::{note_keys, note_secret};
use crate::support::{START, at, policy};
use crate::{Notes, Repeatable};

/// One user and the row that holds the record.
pub struct User {
    pub engine: Engine,
    pub subject: Subject,
    pub record: Option<Vec<u8>>,
    pub codes: Vec<Zeroizing<String>>,
    pub now: UnixTime,
    phone: Option<Secret>,
}

impl User {
    fn new(notes: &mut Notes, policy: Policy, jwt: JwtConfig) -> Self {
        let ring = KeyRing::generate(&Repeatable::new(1)).unwrap();
        note_keys(notes, &ring);
        let engine = Engine::with_random(policy, ring, jwt, Box::new(Repeatable::new(2))).unwrap();
        let subject = Subject::new("alice").unwrap();
        Self { engine, subject, record: None, phone: None, codes: Vec::new(), now: at(START) }
    }

    pub fn with_policy(notes: &mut Notes, policy: Policy) -> Self {
        Self::new(notes, policy, JwtConfig::default())
    }

    pub fn enrolled(notes: &mut Notes, cipher: Cipher, jwt: JwtConfig) -> Self {
        let mut user = Self::new(notes, Policy { cipher, ..policy() }, jwt);
        user.enroll(notes);
        user
    }

    /// Stores what a call gives to store, and lets half a minute go by.
    pub fn store<T>(&mut self, pending: Pending<T>) -> T {
        self.try_store(pending).unwrap_or_else(|| panic!("it was refused"))
    }

    pub fn try_store<T>(&mut self, pending: Pending<T>) -> Option<T> {
        if let Some(record) = pending.record() {
            self.record = Some(record.to_vec());
        }
        self.now = self.now.plus(30);
        pending.commit(true).ok()
    }

    pub fn code(&self) -> String {
        self.code_of(self.phone.as_ref().unwrap())
    }

    pub fn code_of(&self, phone: &Secret) -> String {
        totp::generate(phone, &TotpParams::default(), self.now).to_text()
    }

    pub fn enroll(&mut self, notes: &mut Notes) {
        let device = NewDevice { account: "alice@example.com", ..NewDevice::default() };
        let begun = self.engine.begin_enrollment(&self.subject, self.record(), &device, self.now).unwrap();
        let setup = self.store(begun);
        let phone = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226).unwrap();
        note_secret(notes, &phone);
        self.phone = Some(phone);
        let code = self.code();
        let wrong = self.engine.confirm_enrollment(&self.subject, self.record(), "000", self.now).unwrap();
        assert!(self.try_store(wrong).is_none());
        self.now = at(i64::try_from(self.now.seconds()).unwrap() - 30);
        let right = self.engine.confirm_enrollment(&self.subject, self.record(), &code, self.now).unwrap();
        let Enrolled { backup_codes, proof, .. } = self.store(right);
        self.keep(notes, backup_codes);
        assert!(self.engine.mint(proof, &Map::new(), self.now).is_ok());
    }

    fn keep(&mut self, notes: &mut Notes, codes: Vec<Zeroizing<String>>) {
        self.codes = codes;
        if notes.is_taking() {
            for code in &self.codes {
                notes.secret("a backup code", code.as_bytes());
                notes.secret("a backup code without hyphens", code.replace('-', ""));
            }
        }
    }

    pub fn record(&self) -> Option<&[u8]> {
        self.record.as_deref()
    }

    fn challenge(&mut self) -> String {
        let first_factor = FirstFactor::password(self.now).bound_to("a digest");
        let begun = self.engine.begin_sign_in(&self.subject, self.record(), &first_factor, self.now).unwrap();
        match begun.commit(true).unwrap() {
            SignIn::Challenge(challenge) => challenge.token,
            _ => panic!("a challenge was due"),
        }
    }

    fn try_proof(&mut self, answer: Answer<'_>) -> Option<Proof> {
        let token = self.challenge();
        assert_eq!(self.engine.challenge_subject(&token, self.now).unwrap(), self.subject);
        let presented = PresentedChallenge { token: &token, binding: Some("a digest") };
        let pending = self.engine.finish_sign_in(self.record(), presented, answer, self.now).unwrap();
        self.try_store(pending)
    }

    pub fn proof(&mut self, answer: Answer<'_>) -> Proof {
        self.try_proof(answer).unwrap_or_else(|| panic!("it was refused"))
    }

    /// Signs in, mints and uses the tokens; says whether the answer was right.
    pub fn answer(&mut self, answer: Answer<'_>) -> bool {
        let Some(proof) = self.try_proof(answer) else { return false };
        let tokens = self.engine.mint(proof, &Map::new(), self.now).unwrap();
        assert!(self.engine.verify(&tokens.access, TokenKind::Access, self.now).is_ok());
        assert!(self.engine.refresh_subject(&tokens.refresh, self.now).is_ok());
        assert!(self.engine.refresh(&tokens.refresh, self.record(), self.now).is_ok());
        true
    }
}

pub fn enrollment(notes: &mut Notes) {
    for cipher in [Cipher::XChaCha20Poly1305, Cipher::Aes256Gcm] {
        let mut user = User::with_policy(notes, Policy { cipher, ..policy() });
        let first_factor = FirstFactor::password(user.now);
        let begun = user.engine.begin_sign_in(&user.subject, None, &first_factor, user.now).unwrap();
        assert!(matches!(begun.commit(true), Ok(SignIn::NotRequired(_))));
        user.enroll(notes);
        let device = NewDevice::default();
        let again = user.engine.begin_enrollment(&user.subject, user.record(), &device, user.now).unwrap();
        assert!(user.try_store(again).is_none());
        assert!(user.engine.status(&user.subject, user.record(), user.now).unwrap().enabled);
    }
}

pub fn sign_in(notes: &mut Notes) {
    let mut user = User::enrolled(notes, Cipher::XChaCha20Poly1305, JwtConfig::default());
    let code = user.code();
    assert!(user.answer(Answer::Otp(&code)));
    assert!(!user.answer(Answer::Otp(&code)), "replayed");
    let backup = user.codes.pop().unwrap();
    assert!(user.answer(Answer::Any(&backup)));
    assert!(!user.answer(Answer::Backup(&backup)), "used");
    assert!(!user.answer(Answer::Any("0000-0000-0000-0000")));
    assert!(!user.answer(Answer::Any("nonsense")));
    let stranger = Subject::new("bob").unwrap();
    assert!(user.engine.status(&stranger, user.record(), user.now).is_err());
}

pub fn management(notes: &mut Notes) {
    let mut user = User::enrolled(notes, Cipher::XChaCha20Poly1305, JwtConfig::default());
    let (subject, code) = (user.subject.clone(), user.code());
    let pending =
        user.engine.regenerate_backup_codes(&subject, user.record(), Answer::Otp(&code), user.now).unwrap();
    let codes = user.store(pending);
    user.keep(notes, codes);
    let pending = user.engine.admin_regenerate_backup_codes(&subject, user.record(), user.now).unwrap();
    let codes = user.store(pending);
    user.keep(notes, codes);
    let pending = user.engine.unlock(&subject, user.record(), user.now).unwrap();
    user.store(pending);
    let pending = user.engine.bump_epoch(&subject, user.record(), user.now).unwrap();
    user.store(pending);
    let code = user.code();
    let pending = user.engine.disable(&subject, user.record(), Answer::Otp(&code), user.now).unwrap();
    user.store(pending);
    user.enroll(notes);
    let pending = user.engine.admin_reset(&subject, user.record(), user.now).unwrap();
    user.store(pending);
}

pub fn own_jwt_key(notes: &mut Notes) {
    let mut bytes = Zeroizing::new([0; 64]);
    Repeatable::new(3).fill(&mut *bytes).unwrap();
    notes.secret("a JWT key", *bytes);
    for algorithm in [JwtAlgorithm::Hs256, JwtAlgorithm::Hs384, JwtAlgorithm::Hs512] {
        let keys = vec![JwtKey::hmac(algorithm, &*bytes).unwrap()];
        let mut user =
            User::enrolled(notes, Cipher::XChaCha20Poly1305, JwtConfig { keys, ..JwtConfig::default() });
        let code = user.code();
        assert!(user.answer(Answer::Otp(&code)));
    }
}
