//! How an answer is judged: the one budget and the one replay rule that every call shares.

use super::pending::Pending;
use super::proof::{Answer, Method};
use super::{Engine, Opened};
use crate::error::{ErrorCode, Fault, Refusal};
use crate::record::backup::BackupVerdict;
use crate::record::device::CodeVerdict;
use crate::record::guard::Permit;
use crate::record::{Record, sent};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::access::Claims;
use crate::token::challenge::ChallengeClaims;

/// What was accepted.
pub(super) struct Accepted {
    pub method: Method,
    /// The device whose code it was.
    pub device: Option<String>,
}

type Verdict = Result<Accepted, ErrorCode>;

/// An action of a signed-in user that needs a fresh second factor.
#[derive(Clone, Copy)]
pub(super) struct Action {
    /// What a step-up for it is called.
    pub purpose: &'static str,
    /// What answers it beside a code of an authenticator.
    pub accepts: Accepts,
}

/// What answers an action beside a code of an authenticator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepts {
    /// Nothing: a backup code is not enough.
    Nothing,
    /// A backup code.
    BackupCodes,
}

impl Engine {
    /// Judges a code against the devices, the backup codes and the code sent for the challenge, and writes into
    /// the record what follows: what was spent, or a counted failure. Malformed and replayed codes count as wrong
    /// ones. A step-up is no code: whoever takes one sees to it before.
    pub(super) fn judge(
        &self,
        record: &mut Record,
        _permit: Permit,
        answer: Answer<'_>,
        challenge: Option<&ChallengeClaims>,
        now: UnixTime,
    ) -> Result<Result<Accepted, Refusal>, Fault> {
        let verdict = match answer {
            Answer::Otp(text) => self.judge_otp(record, text, now)?,
            Answer::Backup(text) => self.judge_backup(record, text)?,
            Answer::Sent(text) => self.judge_sent(record, challenge, text, now)?,
            Answer::Any(text) => self.judge_any(record, challenge, text, now)?,
            Answer::StepUp(_) => return Ok(Err(Refusal::new(ErrorCode::MethodNotAllowed))),
        };
        Ok(match verdict {
            Ok(accepted) => {
                record.guard.succeed();
                Ok(accepted)
            }
            Err(code) => Err(self.fail(record, code, now)),
        })
    }

    /// Counts a wrong answer and says how long to wait if it led to a lock.
    pub(super) fn fail(&self, record: &mut Record, code: ErrorCode, now: UnixTime) -> Refusal {
        record.guard.fail(now);
        let wait = record.guard.locked_until(&self.policy, now).map(|end| end.since(now));
        Refusal { code, retry_after: wait }
    }

    /// Judges the answer of an enrolled subject to an action and, if it is right, changes the record. What makes
    /// the action impossible is asked first, so that no code is spent on it.
    pub(super) fn after_answer<T>(
        &self,
        (subject, record): (&Subject, Option<&[u8]>),
        action: Action,
        answer: Answer<'_>,
        now: UnixTime,
        possible: impl FnOnce(&mut Record) -> Result<(), Refusal>,
        change: impl FnOnce(&mut Record, Accepted) -> Result<T, Fault>,
    ) -> Result<Pending<T>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        let usable = opened
            .require_enrolled()
            .and_then(|()| may_answer(action, answer))
            .and_then(|()| possible(&mut opened.record))
            .and_then(|()| opened.record.guard.permit(&self.policy, now));
        let permit = match usable {
            Ok(permit) => permit,
            Err(refusal) => return self.refuse(subject, &opened, refusal),
        };
        let verdict = match answer {
            Answer::StepUp(claims) => match self.check_step_up(subject, &opened, action, claims, now) {
                Ok(accepted) => Ok(accepted),
                Err(refusal) => return self.refuse(subject, &opened, refusal),
            },
            // Where a backup code is not enough, the text is not tried as one either.
            Answer::Any(text) if action.accepts == Accepts::Nothing => {
                self.judge(&mut opened.record, permit, Answer::Otp(text), None, now)?
            }
            _ => self.judge(&mut opened.record, permit, answer, None, now)?,
        };
        let outcome = match verdict {
            Ok(accepted) => Ok(change(&mut opened.record, accepted)?),
            Err(refusal) => Err(refusal),
        };
        self.store(subject, &opened.record, outcome)
    }

    /// Whether an access token is the subject's, alive, fresh, for this action, and by a method that it accepts.
    fn check_step_up(
        &self,
        subject: &Subject,
        opened: &Opened,
        action: Action,
        claims: &Claims,
        now: UnixTime,
    ) -> Result<Accepted, Refusal> {
        let needed = Refusal::new(ErrorCode::SecondFactorRequired);
        self.session_is_current(subject, opened, claims, now)?;
        self.require_step_up(claims, action.purpose, None, now)?;
        let amr = claims.get("amr").and_then(|amr| amr.as_array()).ok_or(needed)?;
        let used = |method: Method| amr.iter().any(|name| name == method.name());
        let method = match action.accepts {
            _ if used(Method::Otp) => Method::Otp,
            Accepts::BackupCodes if used(Method::Backup) => Method::Backup,
            _ => return Err(needed),
        };
        Ok(Accepted { method, device: None })
    }

    /// Whether a verified access token belongs to the subject and to the present epoch, and is not over.
    pub(super) fn session_is_current(
        &self,
        subject: &Subject,
        opened: &Opened,
        claims: &Claims,
        now: UnixTime,
    ) -> Result<(), Refusal> {
        let its_own = claims.subject()? == *subject && claims.epoch() == Some(opened.record.epoch);
        let opens_apis = claims.get("token_type").is_some_and(|kind| kind == "access" || kind == "sliding");
        let alive = claims.expires_at().is_some_and(|end| now < end);
        if its_own && opens_apis && alive {
            Ok(())
        } else {
            Err(Refusal::new(ErrorCode::SecondFactorRequired))
        }
    }

    /// All devices are asked, whichever the code belongs to, so that the time does not tell which. What one of them
    /// has accepted before is a replay, even where another one shows the same digits now.
    fn judge_otp(&self, record: &mut Record, text: &str, now: UnixTime) -> Result<Verdict, Fault> {
        let tolerance = self.policy.tolerance()?;
        let (mut accepted, mut is_replay) = (None, false);
        for device in &mut record.devices {
            match device.accept(text, tolerance, now)? {
                CodeVerdict::Accepted if accepted.is_none() => accepted = Some(device),
                CodeVerdict::Replayed => is_replay = true,
                CodeVerdict::Accepted | CodeVerdict::Wrong => {}
            }
        }
        Ok(match accepted {
            _ if is_replay => Err(ErrorCode::Replayed),
            Some(device) => {
                device.last_used_at = now;
                Ok(Accepted { method: Method::Otp, device: Some(device.id_text()) })
            }
            None => Err(ErrorCode::WrongCode),
        })
    }

    fn judge_backup(&self, record: &mut Record, text: &str) -> Result<Verdict, Fault> {
        let mut verdict = BackupVerdict::Wrong;
        if let Some(set) = &mut record.backup {
            verdict = set.accept(text, &self.ring)?;
        }
        if let (BackupVerdict::Wrong, Some(imported)) = (verdict, &mut record.foreign_codes) {
            verdict = imported.accept(text, &self.ring)?;
        }
        Ok(match verdict {
            BackupVerdict::Accepted => Ok(Accepted { method: Method::Backup, device: None }),
            BackupVerdict::Used => Err(ErrorCode::Replayed),
            BackupVerdict::Wrong => Err(ErrorCode::WrongCode),
        })
    }

    fn judge_sent(
        &self,
        record: &mut Record,
        challenge: Option<&ChallengeClaims>,
        text: &str,
        now: UnixTime,
    ) -> Result<Verdict, Fault> {
        let Some(challenge) = challenge else { return Ok(Err(ErrorCode::WrongCode)) };
        let key = self.ring.find(challenge.key_id).ok_or(Fault::new(ErrorCode::KeyUnknown))?;
        let right = sent::accept(&mut record.sent, &challenge.id, text, key, now)?;
        Ok(if right {
            Ok(Accepted { method: Method::Sent, device: None })
        } else {
            Err(ErrorCode::WrongCode)
        })
    }

    fn judge_any(
        &self,
        record: &mut Record,
        challenge: Option<&ChallengeClaims>,
        text: &str,
        now: UnixTime,
    ) -> Result<Verdict, Fault> {
        let mut verdict = self.judge_otp(record, text, now)?;
        if matches!(verdict, Err(ErrorCode::WrongCode)) {
            verdict = self.judge_sent(record, challenge, text, now)?;
        }
        if matches!(verdict, Err(ErrorCode::WrongCode)) {
            verdict = self.judge_backup(record, text)?;
        }
        Ok(verdict)
    }
}

/// Whether the kind of answer can be right at all. Nothing is counted where it cannot.
fn may_answer(action: Action, answer: Answer<'_>) -> Result<(), Refusal> {
    let possible = match answer {
        Answer::Otp(_) | Answer::Any(_) | Answer::StepUp(_) => true,
        Answer::Backup(_) => action.accepts == Accepts::BackupCodes,
        Answer::Sent(_) => false,
    };
    if possible { Ok(()) } else { Err(Refusal::new(ErrorCode::MethodNotAllowed)) }
}
