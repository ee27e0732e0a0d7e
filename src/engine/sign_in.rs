//! Sign-in: a challenge after the first factor, an answer, a proof.

use super::Engine;
use super::answer::Accepted;
use super::first_factor::FirstFactor;
use super::pending::Pending;
use super::policy::{Fallback, OptOut, SentCodes};
use super::proof::{Answer, Method, Proof};
use super::results::{Challenge, EnrollmentToken, Outcome, PresentedChallenge, SignIn};
use crate::error::{Error, ErrorCode, Fault, Refusal};
use crate::record::{Preference, Record};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::challenge::{ChallengeClaims, LeadsTo};

/// Seconds by which a host's first-factor time may be ahead of `now`: two servers' clocks.
const CLOCK_SKEW: u64 = 60;

/// What comes after the first factor.
enum Next {
    Nothing,
    Code,
    SentCode(LeadsTo),
    Enrollment,
}

impl Engine {
    /// Answers a passed first factor: a proof where no second factor is due, else a challenge, a code to deliver
    /// or a token that only opens enrollment, as the policy and the subject's preference say.
    /// A lock does not show here: it is the second step's to tell.
    ///
    /// Refusals: `too_many_codes` (with `retry_after`).
    ///
    /// # Errors
    /// `first_factor_invalid` when its time is in the future; the faults of opening a record;
    /// `random_unavailable`.
    pub fn begin_sign_in(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        first_factor: &FirstFactor,
        now: UnixTime,
    ) -> Result<Pending<SignIn>, Fault> {
        if first_factor.at() > now.plus(CLOCK_SKEW) {
            return Err(Fault::new(ErrorCode::FirstFactorInvalid));
        }
        let mut opened = self.open(subject, record, now)?;
        let next = self.next(&opened.record);
        if !matches!(next, Next::Nothing)
            && let Some(token) = first_factor.trust_token()
            && let Some(trust) = self.use_trust(subject, &mut opened.record, token, now)?
        {
            let proof = proof(subject, &opened.record, first_factor.clone(), None);
            return self.store(subject, &opened.record, Ok(SignIn::Trusted(proof, trust)));
        }
        let outcome = match next {
            Next::Nothing => SignIn::NotRequired(proof(subject, &opened.record, first_factor.clone(), None)),
            Next::Code => {
                let claims = self.challenge(subject, &opened.record, first_factor, LeadsTo::SignIn, now)?;
                SignIn::Challenge(self.sign_challenge(&claims, ways(&opened.record))?)
            }
            Next::SentCode(leads_to) => {
                let mut claims = self.challenge(subject, &opened.record, first_factor, leads_to, now)?;
                claims.expires_at = now.plus(self.policy.sent_life.into());
                let sent = match self.new_sent_code(&mut opened.record, &claims, now)? {
                    Ok(sent) => sent,
                    Err(refusal) => return self.refuse(subject, &opened, refusal),
                };
                let mut methods = vec![Method::Sent];
                methods.extend(if leads_to == LeadsTo::SignIn { ways(&opened.record) } else { Vec::new() });
                opened.moved = true;
                SignIn::Send(self.sign_challenge(&claims, methods)?, sent)
            }
            Next::Enrollment => {
                SignIn::EnrollOnly(self.enrollment_token(subject, &opened.record, first_factor, now)?)
            }
        };
        if opened.moved {
            return self.store(subject, &opened.record, Ok(outcome));
        }
        Ok(Pending::nothing_to_store(Ok(outcome)))
    }

    /// Reads the subject out of a challenge, so that the host knows which record to load. It says nothing
    /// about whether the challenge will be accepted.
    ///
    /// # Errors
    /// `challenge_invalid` for anything that is not a living challenge of ours, whatever is wrong with it.
    pub fn challenge_subject(&self, token: &str, now: UnixTime) -> Result<Subject, Error> {
        ChallengeClaims::subject_of(token, &self.ring, &self.policy.issuer, now)
            .ok_or(Refusal::new(ErrorCode::ChallengeInvalid).into())
    }

    /// Checks the answer to a challenge. On success the code, the challenge and the failures in a row are
    /// done with in the record to store.
    ///
    /// Refusals: `wrong_code`, `replayed`, `locked` (with `retry_after`), `factor_disabled`, `not_enrolled`,
    /// `challenge_invalid`, `challenge_spent`; `enrollment_required` for a challenge that leads to an enrollment.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn finish_sign_in(
        &self,
        record: Option<&[u8]>,
        challenge: PresentedChallenge<'_>,
        answer: Answer<'_>,
        now: UnixTime,
    ) -> Result<Pending<Proof>, Fault> {
        let other = Refusal::new(ErrorCode::EnrollmentRequired);
        self.answer_challenge(
            record,
            challenge,
            answer,
            (LeadsTo::SignIn, other),
            now,
            |claims, record, accepted| {
                Ok(proof(&claims.subject, record, claims.first_factor.clone(), Some(accepted)))
            },
        )
    }

    /// Checks the answer to a challenge that leads to an enrollment ([`Outcome::Enrollment`]) and gives the token
    /// that opens it.
    ///
    /// Refusals: as [`Engine::finish_sign_in`]; `challenge_invalid` for a challenge that leads to a sign-in.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn finish_for_enrollment(
        &self,
        record: Option<&[u8]>,
        challenge: PresentedChallenge<'_>,
        answer: Answer<'_>,
        now: UnixTime,
    ) -> Result<Pending<EnrollmentToken>, Fault> {
        let other = Refusal::new(ErrorCode::ChallengeInvalid);
        self.answer_challenge(
            record,
            challenge,
            answer,
            (LeadsTo::Enroll, other),
            now,
            |claims, record, _| self.enrollment_token(&claims.subject, record, &claims.first_factor, now),
        )
    }

    /// The living challenge that a token is, if it is bound to what is shown.
    pub(super) fn read_challenge(
        &self,
        challenge: PresentedChallenge<'_>,
        now: UnixTime,
    ) -> Result<ChallengeClaims, Refusal> {
        let PresentedChallenge { token, binding } = challenge;
        ChallengeClaims::verify(token, binding, &self.ring, &self.policy.issuer, now)
            .ok_or(Refusal::new(ErrorCode::ChallengeInvalid))
    }

    /// Whether a challenge can be answered at all: it is of this epoch and neither spent nor tried too often.
    pub(super) fn challenge_is_open(&self, record: &Record, claims: &ChallengeClaims) -> Result<(), Refusal> {
        if !record.is_enrolled() && record.sent.is_empty() && record.challenges.tried.is_empty() {
            return Err(Refusal::new(ErrorCode::NotEnrolled));
        }
        if claims.epoch != record.epoch {
            return Err(Refusal::new(ErrorCode::ChallengeInvalid));
        }
        record.challenges.check(&claims.id, claims.issued_at, self.policy.challenge_tries)
    }

    fn answer_challenge<T>(
        &self,
        record: Option<&[u8]>,
        challenge: PresentedChallenge<'_>,
        answer: Answer<'_>,
        (leads_to, other): (LeadsTo, Refusal),
        now: UnixTime,
        give: impl FnOnce(&ChallengeClaims, &Record, Accepted) -> Result<T, Fault>,
    ) -> Result<Pending<T>, Fault> {
        let claims = match self.read_challenge(challenge, now) {
            Ok(claims) if claims.leads_to == leads_to => claims,
            Ok(_) => return Ok(Pending::nothing_to_store(Err(other))),
            Err(refusal) => return Ok(Pending::nothing_to_store(Err(refusal))),
        };
        if matches!(answer, Answer::StepUp(_)) {
            return Ok(Pending::nothing_to_store(Err(Refusal::new(ErrorCode::MethodNotAllowed))));
        }
        let mut opened = self.open(&claims.subject, record, now)?;
        let usable = self
            .challenge_is_open(&opened.record, &claims)
            .and_then(|()| opened.record.guard.permit(&self.policy, now));
        let permit = match usable {
            Ok(permit) => permit,
            Err(refusal) => return self.refuse(&claims.subject, &opened, refusal),
        };
        let outcome = match self.judge(&mut opened.record, permit, answer, Some(&claims), now)? {
            Ok(accepted) => {
                opened.record.challenges.spend(claims.id, claims.issued_at);
                Ok(give(&claims, &opened.record, accepted)?)
            }
            Err(refusal) => {
                opened.record.challenges.fail(claims.id, claims.issued_at);
                Err(refusal)
            }
        };
        self.store(&claims.subject, &opened.record, outcome)
    }

    /// A device always asks; without one, the subject's wish and the policy decide.
    fn next(&self, record: &Record) -> Next {
        let sent = match self.policy.sent_codes {
            SentCodes::Off => None,
            SentCodes::Enroll => Some(LeadsTo::Enroll),
            SentCodes::SignIn => Some(LeadsTo::SignIn),
        };
        match (record.is_enrolled(), record.preference, sent) {
            (true, Some(Preference::Sent), Some(LeadsTo::SignIn)) => Next::SentCode(LeadsTo::SignIn),
            (true, _, _) => Next::Code,
            (false, Some(Preference::Off), _) if self.policy.opt_out == OptOut::Allowed => Next::Nothing,
            (false, Some(Preference::Sent), Some(leads_to)) => Next::SentCode(leads_to),
            (false, _, _) => match (self.policy.fallback, sent) {
                (Fallback::SignIn, _) => Next::Nothing,
                (Fallback::SentCode, Some(leads_to)) => Next::SentCode(leads_to),
                (Fallback::SentCode, None) | (Fallback::Enroll, _) => Next::Enrollment,
            },
        }
    }

    fn challenge(
        &self,
        subject: &Subject,
        record: &Record,
        first_factor: &FirstFactor,
        leads_to: LeadsTo,
        now: UnixTime,
    ) -> Result<ChallengeClaims, Fault> {
        Ok(ChallengeClaims {
            subject: subject.clone(),
            issued_at: now,
            expires_at: now.plus(self.policy.challenge_life.into()),
            id: self.random_bytes()?,
            epoch: record.epoch,
            first_factor: first_factor.clone(),
            leads_to,
            key_id: self.ring.first().id(),
        })
    }

    fn sign_challenge(&self, claims: &ChallengeClaims, methods: Vec<Method>) -> Result<Challenge, Fault> {
        let gives = match claims.leads_to {
            LeadsTo::SignIn => Outcome::SignIn,
            LeadsTo::Enroll => Outcome::Enrollment,
        };
        let token = claims.sign(&self.ring, &self.policy.issuer)?;
        Ok(Challenge { token, methods, expires_at: claims.expires_at, gives })
    }
}

/// What the subject can answer with, beside a sent code.
fn ways(record: &Record) -> Vec<Method> {
    let has_codes = super::status::backup_codes(record).0 > 0;
    let otp = record.is_enrolled().then_some(Method::Otp);
    otp.into_iter().chain(has_codes.then_some(Method::Backup)).collect()
}

fn proof(subject: &Subject, record: &Record, first_factor: FirstFactor, accepted: Option<Accepted>) -> Proof {
    let (method, device) = accepted.map_or((None, None), |given| (Some(given.method), given.device));
    Proof { subject: subject.clone(), epoch: record.epoch, first_factor, method, device, grant: None }
}
