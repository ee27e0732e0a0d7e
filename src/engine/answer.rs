//! How a code is judged: the one budget and the one replay rule that every call shares.

use super::Engine;
use super::proof::{Answer, Method};
use crate::error::{ErrorCode, Fault, Refusal};
use crate::record::Record;
use crate::record::backup::BackupVerdict;
use crate::record::device::CodeVerdict;
use crate::record::guard::Permit;
use crate::time::UnixTime;

impl Engine {
    /// Judges an answer against the devices and the backup codes, and writes into the record what follows:
    /// a spent step or code, or a counted failure. Malformed and replayed answers count as wrong ones.
    pub(super) fn judge(
        &self,
        record: &mut Record,
        _permit: Permit,
        answer: Answer<'_>,
        now: UnixTime,
    ) -> Result<Result<Method, Refusal>, Fault> {
        let verdict = match answer {
            Answer::Otp(text) => self.judge_otp(record, text, now)?,
            Answer::Backup(text) => self.judge_backup(record, text)?,
            Answer::Any(text) => match self.judge_otp(record, text, now)? {
                Err(ErrorCode::WrongCode) => self.judge_backup(record, text)?,
                verdict => verdict,
            },
        };
        Ok(match verdict {
            Ok(method) => {
                record.guard.succeed();
                Ok(method)
            }
            Err(code) => {
                record.guard.fail(now);
                let wait = record.guard.locked_until(&self.policy, now).map(|end| end.since(now));
                Err(Refusal { code, retry_after: wait })
            }
        })
    }

    fn judge_otp(
        &self,
        record: &mut Record,
        text: &str,
        now: UnixTime,
    ) -> Result<Result<Method, ErrorCode>, Fault> {
        let window = self.policy.window()?;
        let mut verdict = Err(ErrorCode::WrongCode);
        for device in &mut record.devices {
            match device.accept(text, window, now) {
                CodeVerdict::Accepted => return Ok(Ok(Method::Otp)),
                CodeVerdict::Replayed => verdict = Err(ErrorCode::Replayed),
                CodeVerdict::Wrong => {}
            }
        }
        Ok(verdict)
    }

    fn judge_backup(&self, record: &mut Record, text: &str) -> Result<Result<Method, ErrorCode>, Fault> {
        let Some(set) = &mut record.backup else { return Ok(Err(ErrorCode::WrongCode)) };
        Ok(match set.accept(text, &self.ring)? {
            BackupVerdict::Accepted => Ok(Method::Backup),
            BackupVerdict::Used => Err(ErrorCode::Replayed),
            BackupVerdict::Wrong => Err(ErrorCode::WrongCode),
        })
    }
}
