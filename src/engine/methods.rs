//! How a subject is asked: the preferred method, and codes that the host sends.

use super::Engine;
use super::answer::{Accepts, Action};
use super::pending::Pending;
use super::policy::{OptOut, SentCodes};
use super::proof::Answer;
use super::results::{PresentedChallenge, SentCode};
use crate::error::{ErrorCode, Fault, Refusal};
use crate::record::{Preference, Record, sent};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::challenge::{ChallengeClaims, LeadsTo};

impl Engine {
    /// Stores how the subject wants to be asked. With a device this needs an answer (purpose `set_method`);
    /// without one there is no factor to ask for, and `answer` is not looked at.
    ///
    /// Refusals: `method_not_allowed` where the policy does not let that way in, `not_enrolled` for
    /// [`Preference::Otp`] without a device, `second_factor_required` for a missing answer, and those of
    /// [`Engine::disable`].
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn set_method(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        answer: Option<Answer<'_>>,
        preference: Preference,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        let usable = self.preference_is_possible(&opened.record, preference);
        if let Err(refusal) = usable {
            return self.refuse(subject, &opened, refusal);
        }
        if !opened.record.is_enrolled() {
            set(&mut opened.record, preference);
            return self.store(subject, &opened.record, Ok(()));
        }
        let Some(answer) = answer else {
            return self.refuse(subject, &opened, Refusal::new(ErrorCode::SecondFactorRequired));
        };
        let action = Action { purpose: "set_method", accepts: Accepts::BackupCodes };
        self.after_answer(
            (subject, record),
            action,
            answer,
            now,
            |_| Ok(()),
            |record, _| {
                set(record, preference);
                Ok(())
            },
        )
    }

    /// Makes a code for a challenge, the first one or another in its place. The wrong answers given so far
    /// still count.
    ///
    /// Refusals: `challenge_invalid`, `challenge_spent`, `not_enrolled`, `too_many_codes` (with `retry_after`),
    /// `locked` and `factor_disabled` as with an answer; `method_not_allowed` where the policy sends no codes,
    /// or for a subject that has a device and does not prefer sent codes: a mailbox is no way around a device.
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn send_code(
        &self,
        record: Option<&[u8]>,
        challenge: PresentedChallenge<'_>,
        now: UnixTime,
    ) -> Result<Pending<SentCode>, Fault> {
        let claims = match self.read_challenge(challenge, now) {
            Ok(claims) => claims,
            Err(refusal) => return Ok(Pending::nothing_to_store(Err(refusal))),
        };
        let mut opened = self.open(&claims.subject, record, now)?;
        let usable = self
            .challenge_is_open(&opened.record, &claims)
            .and_then(|()| self.may_send(&opened.record, &claims))
            .and_then(|()| opened.record.guard.permit(&self.policy, now).map(drop));
        if let Err(refusal) = usable {
            return self.refuse(&claims.subject, &opened, refusal);
        }
        match self.new_sent_code(&mut opened.record, &claims, now)? {
            Ok(code) => self.store(&claims.subject, &opened.record, Ok(code)),
            Err(refusal) => self.refuse(&claims.subject, &opened, refusal),
        }
    }

    /// Makes a code for a challenge and remembers its hash.
    pub(super) fn new_sent_code(
        &self,
        record: &mut Record,
        claims: &ChallengeClaims,
        now: UnixTime,
    ) -> Result<Result<SentCode, Refusal>, Fault> {
        let key = self.ring.find(claims.key_id).ok_or(Fault::new(ErrorCode::KeyUnknown))?;
        let code = sent::generate(self.policy.sent_alphabet, self.policy.sent_length, self.random.as_ref())?;
        let expires_at = claims.expires_at;
        let allowed = self.policy.sends_per_challenge;
        let sent = sent::send(&mut record.sent, (claims.id, expires_at), &code, key, allowed, now)?;
        Ok(sent.map(|()| SentCode { code, expires_at }))
    }

    fn may_send(&self, record: &Record, claims: &ChallengeClaims) -> Result<(), Refusal> {
        let prefers = record.preference == Some(Preference::Sent);
        let allowed = match (self.policy.sent_codes, claims.leads_to) {
            (SentCodes::Off, _) | (SentCodes::Enroll, LeadsTo::SignIn) => false,
            (SentCodes::Enroll, LeadsTo::Enroll) => !record.is_enrolled(),
            (SentCodes::SignIn, _) => !record.is_enrolled() || prefers,
        };
        if allowed { Ok(()) } else { Err(Refusal::new(ErrorCode::MethodNotAllowed)) }
    }

    fn preference_is_possible(&self, record: &Record, preference: Preference) -> Result<(), Refusal> {
        let enrolled = record.is_enrolled();
        let allowed = match (preference, self.policy.sent_codes) {
            (Preference::Otp, _) if !enrolled => return Err(Refusal::new(ErrorCode::NotEnrolled)),
            (Preference::Otp, _) => true,
            (Preference::Sent, SentCodes::SignIn) => true,
            (Preference::Sent, SentCodes::Enroll) => !enrolled,
            (Preference::Sent, SentCodes::Off) => false,
            (Preference::Off, _) => !enrolled && self.policy.opt_out == OptOut::Allowed,
        };
        if allowed { Ok(()) } else { Err(Refusal::new(ErrorCode::MethodNotAllowed)) }
    }
}

/// Codes that are on their way belong to the old way.
fn set(record: &mut Record, preference: Preference) {
    record.preference = Some(preference);
    record.sent.clear();
}
