//! Sign-in: a challenge after the first factor, an answer, a proof.

use super::Engine;
use super::first_factor::FirstFactor;
use super::pending::Pending;
use super::proof::{Answer, PresentedChallenge, Proof, SignIn};
use crate::error::{Error, ErrorCode, Fault};
use crate::subject::Subject;
use crate::time::UnixTime;

impl Engine {
    /// Answers a passed first factor: a proof where the subject has no second factor, else a challenge.
    ///
    /// # Errors
    /// `first_factor_invalid`; the faults of opening a record; `random_unavailable`.
    pub fn begin_sign_in(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _first_factor: &FirstFactor,
        _now: UnixTime,
    ) -> Result<Pending<SignIn>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Reads the subject out of a challenge, so that the host knows which record to load.
    ///
    /// # Errors
    /// `challenge_invalid` for anything that is not a living challenge of ours, whatever is wrong with it.
    pub fn challenge_subject(&self, _token: &str, _now: UnixTime) -> Result<Subject, Error> {
        Err(Fault::new(ErrorCode::Panic).into())
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
        _record: Option<&[u8]>,
        _challenge: PresentedChallenge<'_>,
        _answer: Answer<'_>,
        _now: UnixTime,
    ) -> Result<Pending<Proof>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }
}
