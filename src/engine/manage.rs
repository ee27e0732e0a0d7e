//! What a signed-in user and an operator may do with a second factor.

use zeroize::Zeroizing;

use super::pending::Pending;
use super::proof::{Answer, DeviceStatus, Status};
use super::{Engine, Opened};
use crate::error::{ErrorCode, Fault, Refusal};
use crate::record::Record;
use crate::record::device::Device;
use crate::subject::Subject;
use crate::time::UnixTime;

impl Engine {
    /// Turns the second factor off after a right answer. All that hangs on it dies: devices, backup codes,
    /// pending enrollment, open challenges, and tokens by the epoch. The failure history stays.
    ///
    /// Refusals: as [`Engine::finish_sign_in`], without those of the challenge.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn disable(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        answer: Answer<'_>,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        self.after_answer(subject, record, answer, now, |record| {
            record.remove_factors(now);
            Ok(())
        })
    }

    /// Replaces the whole set of backup codes after a right code of an authenticator; a backup code is
    /// not enough (`method_not_allowed`), and [`Answer::Any`] counts as a code of an authenticator.
    ///
    /// Refusals: as [`Engine::disable`].
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn regenerate_backup_codes(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        answer: Answer<'_>,
        now: UnixTime,
    ) -> Result<Pending<Vec<Zeroizing<String>>>, Fault> {
        let answer = match answer {
            Answer::Backup(_) => {
                return Ok(Pending::nothing_to_store(Err(Refusal::new(ErrorCode::MethodNotAllowed))));
            }
            Answer::Otp(text) | Answer::Any(text) => Answer::Otp(text),
        };
        self.after_answer(subject, record, answer, now, |record| self.new_backup_codes(record, now))
    }

    /// Ends every lock and clears the failure history. For operators.
    ///
    /// Refusals: `not_enrolled`.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn unlock(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        self.if_enrolled(subject, record, now, |record| {
            record.guard.unlock();
            Ok(())
        })
    }

    /// As [`Engine::regenerate_backup_codes`], without an answer. For operators only: whoever can reach it
    /// can sign in with what it returns.
    ///
    /// Refusals: `not_enrolled`.
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn admin_regenerate_backup_codes(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<Pending<Vec<Zeroizing<String>>>, Fault> {
        self.if_enrolled(subject, record, now, |record| self.new_backup_codes(record, now))
    }

    /// Turns the second factor off without an answer. For operators and for recovery after other checks.
    /// The same dies as with [`Engine::disable`], and a pending enrollment is enough to have something to
    /// reset. It works during a lock; a record that cannot be opened has to be deleted instead.
    ///
    /// Refusals: `not_enrolled`.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn admin_reset(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        if !opened.record.is_enrolled() && opened.record.pending.is_none() {
            return self.refuse(subject, &opened, Refusal::new(ErrorCode::NotEnrolled));
        }
        opened.record.remove_factors(now);
        opened.record.guard.unlock();
        self.store(subject, &opened.record, Ok(()))
    }

    /// Moves the epoch, so that all challenges and tokens of the subject die: after a password change or
    /// for signing out everywhere. Works with and without a second factor.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn bump_epoch(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        opened.record.bump_epoch(now);
        self.store(subject, &opened.record, Ok(()))
    }

    /// Describes the second factor of a subject. Nothing secret is in it.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn status(&self, subject: &Subject, record: Option<&[u8]>, now: UnixTime) -> Result<Status, Fault> {
        let Opened { record, .. } = self.open(subject, record, now)?;
        let pending = record.pending.as_ref().filter(|pending| pending.is_alive(&self.policy, now));
        Ok(Status {
            enabled: record.is_enrolled(),
            pending_until: pending.map(|pending| pending.expires_at),
            devices: record.devices.iter().map(device_status).collect(),
            backup_codes_left: record.backup.as_ref().map_or(0, |set| set.left()),
            backup_codes_total: record.backup.as_ref().map_or(0, |set| set.total()),
            locked_until: record.guard.locked_until(&self.policy, now),
            disabled: record.guard.is_disabled(&self.policy),
            failures_in_a_row: record.guard.in_a_row,
            failures_today: u32::try_from(record.guard.failures_today(now)).unwrap_or(u32::MAX),
            epoch: record.epoch,
        })
    }

    /// Judges an answer of an enrolled subject and, if it is right, changes the record.
    fn after_answer<T>(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        answer: Answer<'_>,
        now: UnixTime,
        change: impl FnOnce(&mut Record) -> Result<T, Fault>,
    ) -> Result<Pending<T>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        let usable = opened.require_enrolled().and_then(|()| opened.record.guard.permit(&self.policy, now));
        let permit = match usable {
            Ok(permit) => permit,
            Err(refusal) => return self.refuse(subject, &opened, refusal),
        };
        let outcome = match self.judge(&mut opened.record, permit, answer, now)? {
            Ok(_) => Ok(change(&mut opened.record)?),
            Err(refusal) => Err(refusal),
        };
        self.store(subject, &opened.record, outcome)
    }

    fn if_enrolled<T>(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        now: UnixTime,
        change: impl FnOnce(&mut Record) -> Result<T, Fault>,
    ) -> Result<Pending<T>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        if let Err(refusal) = opened.require_enrolled() {
            return self.refuse(subject, &opened, refusal);
        }
        let value = change(&mut opened.record)?;
        self.store(subject, &opened.record, Ok(value))
    }
}

fn device_status(device: &Device) -> DeviceStatus {
    DeviceStatus {
        id: device.id_text(),
        kind: "totp",
        name: device.name.clone(),
        params: device.params,
        created_at: device.created_at,
        last_used_at: device.last_used_at,
    }
}
