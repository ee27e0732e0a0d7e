//! Enrollment: a pending device, then a first code that confirms it and is spent by that.

use super::Engine;
use super::pending::Pending;
use super::proof::{Enrolled, NewDevice, Provisioning};
use crate::error::{ErrorCode, Fault};
use crate::subject::Subject;
use crate::time::UnixTime;

impl Engine {
    /// Makes a secret and stores it as the subject's one pending device, replacing an earlier pending one.
    /// It neither gates nor satisfies sign-in until [`Engine::confirm_enrollment`].
    ///
    /// Refusals: `already_enrolled`.
    ///
    /// # Errors
    /// `name_invalid`; the faults of opening a record; `random_unavailable`.
    pub fn begin_enrollment(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _device: &NewDevice<'_>,
        _now: UnixTime,
    ) -> Result<Pending<Provisioning>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }

    /// Confirms the pending device with a code of it. The code is spent by that; the epoch moves.
    ///
    /// Refusals: `wrong_code`, `no_pending_enrollment`, `enrollment_expired`, `already_enrolled`.
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn confirm_enrollment(
        &self,
        _subject: &Subject,
        _record: Option<&[u8]>,
        _code: &str,
        _now: UnixTime,
    ) -> Result<Pending<Enrolled>, Fault> {
        Err(Fault::new(ErrorCode::Panic))
    }
}
