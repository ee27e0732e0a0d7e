//! What a signed-in user and an operator may do with a second factor.

use zeroize::Zeroizing;

use super::Engine;
use super::pending::Pending;
use super::proof::{Answer, Status};
use crate::error::{ErrorCode, Fault};
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
        _subject: &Subject,
        _record: Option<&[u8]>,
        _answer: Answer<'_>,
        _now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Replaces the whole set of backup codes after a right code of an authenticator; a backup code is
    /// not enough (`method_not_allowed`).
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn regenerate_backup_codes(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _answer: Answer<'_>,
        _now: UnixTime,
    ) -> Result<Pending<Vec<Zeroizing<String>>>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Ends every lock and clears the failure history. For operators.
    ///
    /// Refusals: `not_enrolled` when there is no record.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn unlock(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Turns the second factor off without an answer. For operators and for recovery after other checks.
    /// The same dies as with [`Engine::disable`]; works on a record that is locked, not on one that cannot be opened.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn admin_reset(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
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
        _subject: &Subject,
        _record: Option<&[u8]>,
        _now: UnixTime,
    ) -> Result<Pending<Vec<Zeroizing<String>>>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Moves the epoch, so that all challenges and tokens of the subject die: after a password change, for instance.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn bump_epoch(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Describes the second factor of a subject. Nothing secret is in it.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn status(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _now: UnixTime,
    ) -> Result<Status, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }
}
