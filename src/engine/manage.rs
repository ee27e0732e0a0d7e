//! What a signed-in user and an operator may do with a second factor.

use zeroize::Zeroizing;

use super::Engine;
use super::answer::{Accepts, Action};
use super::pending::Pending;
use super::proof::Answer;
use crate::error::{ErrorCode, Fault, Refusal};
use crate::record::Record;
use crate::subject::Subject;
use crate::time::UnixTime;

impl Engine {
    /// Turns the second factor off after a right answer. All that hangs on it dies: devices, backup codes,
    /// pending enrollment, open challenges, and tokens by the epoch. The failure history stays.
    ///
    /// Refusals: `wrong_code`, `replayed`, `locked` (with `retry_after`), `factor_disabled`, `not_enrolled`,
    /// `method_not_allowed`; `second_factor_required` for a step-up that is not this subject's, not recent or
    /// for another purpose than `disable`.
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
        let action = Action { purpose: "disable", accepts: Accepts::BackupCodes };
        self.after_answer(
            (subject, record),
            action,
            answer,
            now,
            |_| Ok(()),
            |record, _| {
                record.remove_factors(now);
                Ok(())
            },
        )
    }

    /// Replaces the whole set of backup codes after a right code of an authenticator; a backup code is
    /// not enough (`method_not_allowed`), and [`Answer::Any`] counts as a code of an authenticator. The purpose
    /// of a step-up is `regenerate_backup_codes`.
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
        let action = Action { purpose: "regenerate_backup_codes", accepts: Accepts::Nothing };
        self.after_answer(
            (subject, record),
            action,
            answer,
            now,
            |_| Ok(()),
            |record, _| self.replace_backup_codes(record, now),
        )
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
        self.if_enrolled(subject, record, now, |record| self.replace_backup_codes(record, now))
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

    /// The new set takes the place of the old one and of imported codes.
    fn replace_backup_codes(
        &self,
        record: &mut Record,
        now: UnixTime,
    ) -> Result<Vec<Zeroizing<String>>, Fault> {
        record.foreign_codes = None;
        self.new_backup_codes(record, now)
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
