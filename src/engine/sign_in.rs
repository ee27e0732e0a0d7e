//! Sign-in: a challenge after the first factor, an answer, a proof.

use super::Engine;
use super::first_factor::FirstFactor;
use super::pending::Pending;
use super::proof::{Answer, Challenge, Method, PresentedChallenge, Proof, SignIn};
use crate::error::{Error, ErrorCode, Fault, Refusal};
use crate::record::Record;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::challenge::{ChallengeClaims, LeadsTo};

/// Seconds by which a host's first-factor time may be ahead of `now`: two servers' clocks.
const CLOCK_SKEW: u64 = 60;

impl Engine {
    /// Answers a passed first factor: a proof where the subject has no second factor, else a challenge.
    /// A lock does not show here: it is the second step's to tell.
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
        let opened = self.open(subject, record, now)?;
        let outcome = if opened.record.is_enrolled() {
            SignIn::Challenge(self.challenge(subject, &opened.record, first_factor, now)?)
        } else {
            SignIn::NotRequired(proof(subject, &opened.record, first_factor.clone(), None))
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
    /// `challenge_invalid`, `challenge_spent`.
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
        let invalid = Refusal::new(ErrorCode::ChallengeInvalid);
        let PresentedChallenge { token, binding } = challenge;
        let read = ChallengeClaims::verify(token, binding, &self.ring, &self.policy.issuer, now);
        let Some(claims) = read else { return Ok(Pending::nothing_to_store(Err(invalid))) };
        let subject = claims.subject.clone();
        let mut opened = self.open(&subject, record, now)?;
        let usable = opened
            .require_enrolled()
            .and_then(|()| (claims.epoch == opened.record.epoch).then_some(()).ok_or(invalid))
            .and_then(|()| {
                opened.record.challenges.check(&claims.id, claims.issued_at, self.policy.challenge_tries)
            })
            .and_then(|()| opened.record.guard.permit(&self.policy, now));
        let permit = match usable {
            Ok(permit) => permit,
            Err(refusal) => return self.refuse(&subject, &opened, refusal),
        };
        let outcome = match self.judge(&mut opened.record, permit, answer, now)? {
            Ok(method) => {
                opened.record.challenges.spend(claims.id, claims.issued_at);
                Ok(proof(&subject, &opened.record, claims.first_factor, Some(method)))
            }
            Err(refusal) => {
                opened.record.challenges.fail(claims.id, claims.issued_at);
                Err(refusal)
            }
        };
        self.store(&subject, &opened.record, outcome)
    }

    fn challenge(
        &self,
        subject: &Subject,
        record: &Record,
        first_factor: &FirstFactor,
        now: UnixTime,
    ) -> Result<Challenge, Fault> {
        let expires_at = now.plus(self.policy.challenge_life.into());
        let claims = ChallengeClaims {
            subject: subject.clone(),
            issued_at: now,
            expires_at,
            id: self.random_bytes()?,
            epoch: record.epoch,
            first_factor: first_factor.clone(),
            leads_to: LeadsTo::SignIn,
            key_id: self.ring.first().id(),
        };
        let has_codes = record.backup.as_ref().is_some_and(|set| set.left() > 0);
        let methods = std::iter::once(Method::Otp).chain(has_codes.then_some(Method::Backup)).collect();
        Ok(Challenge { token: claims.sign(&self.ring, &self.policy.issuer)?, methods, expires_at })
    }
}

fn proof(subject: &Subject, record: &Record, first_factor: FirstFactor, method: Option<Method>) -> Proof {
    Proof { subject: subject.clone(), epoch: record.epoch, first_factor, method, grant: None }
}
