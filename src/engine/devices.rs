//! The devices of a subject that has some: adding, naming, removing, setting right.

use super::Engine;
use super::answer::{Accepts, Action};
use super::pending::Pending;
use super::proof::Answer;
use super::results::{NewDevice, Provisioning};
use crate::error::{ErrorCode, Fault, Refusal};
use crate::record::Record;
use crate::record::device::{CodeVerdict, check_device_name};
use crate::subject::Subject;
use crate::time::UnixTime;

/// The removal of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// Others are left.
    One,
    /// It was the last: the second factor is off, as after [`Engine::disable`].
    Last,
}

impl Engine {
    /// Begins the enrollment of one more device, after a right answer (purpose `add_device`). As with the first
    /// one, [`Engine::confirm_enrollment`] has to follow.
    ///
    /// Refusals: `too_many_devices`, and those of [`Engine::disable`].
    ///
    /// # Errors
    /// `name_invalid`; the faults of opening a record; `random_unavailable`.
    pub fn add_device(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        answer: Answer<'_>,
        device: &NewDevice<'_>,
        now: UnixTime,
    ) -> Result<Pending<Provisioning>, Fault> {
        let (pending, provisioning) = self.new_pending_device(device, now)?;
        let action = Action { purpose: "add_device", accepts: Accepts::BackupCodes };
        let room = |record: &mut Record| self.room_for(record, 1);
        self.after_answer((subject, record), action, answer, now, room, |record, _| {
            record.pending = Some(pending);
            Ok(provisioning)
        })
    }

    /// Gives a device another name.
    ///
    /// Refusals: `device_unknown`, `too_many_devices` when the record has no room for so long a name.
    ///
    /// # Errors
    /// `name_invalid`; the faults of opening a record.
    pub fn rename_device(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        id: &str,
        name: &str,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        check_device_name(name)?;
        let mut opened = self.open(subject, record, now)?;
        match opened.record.device(id) {
            Some(device) => name.clone_into(&mut device.name),
            None => return self.refuse(subject, &opened, Refusal::new(ErrorCode::DeviceUnknown)),
        }
        self.store_if_it_fits(subject, &opened.record, ())
    }

    /// Removes a device after a right answer (purpose `remove_device`); a code of the device itself will do.
    /// The epoch moves. Without its last device the subject has no second factor.
    ///
    /// Refusals: `device_unknown`, and those of [`Engine::disable`].
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn remove_device(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        id: &str,
        answer: Answer<'_>,
        now: UnixTime,
    ) -> Result<Pending<Removed>, Fault> {
        let action = Action { purpose: "remove_device", accepts: Accepts::BackupCodes };
        self.after_answer(
            (subject, record),
            action,
            answer,
            now,
            |record| known(record, id),
            |record, _| {
                record.devices.retain(|device| device.id_text() != id);
                if record.is_enrolled() {
                    record.bump_epoch(now);
                    return Ok(Removed::One);
                }
                record.remove_factors(now);
                Ok(Removed::Last)
            },
        )
    }

    /// Finds the counter of a counter device again by two codes in a row (RFC 4226 §7.4), within
    /// `resync_window` values. Wrong codes count like wrong answers; right ones give nothing but the counter.
    ///
    /// Refusals: `device_unknown`, `method_not_allowed` for a device without a counter, `wrong_code`, `locked`,
    /// `factor_disabled`, `not_enrolled`.
    ///
    /// # Errors
    /// The faults of opening a record; `counter_overflow`.
    pub fn resync_device(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        id: &str,
        codes: [&str; 2],
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        let usable = opened
            .require_enrolled()
            .and_then(|()| known(&mut opened.record, id))
            .and_then(|()| opened.record.guard.permit(&self.policy, now).map(drop));
        if let Err(refusal) = usable {
            return self.refuse(subject, &opened, refusal);
        }
        let window = u16::try_from(self.policy.resync_window).unwrap_or(u16::MAX);
        let device = opened.record.device(id).ok_or(Fault::new(ErrorCode::RecordMalformed))?;
        let outcome = match device.resync(codes, window)? {
            None => return self.refuse(subject, &opened, Refusal::new(ErrorCode::MethodNotAllowed)),
            Some(CodeVerdict::Accepted) => Ok(()),
            Some(_) => Err(self.fail(&mut opened.record, ErrorCode::WrongCode, now)),
        };
        self.store(subject, &opened.record, outcome)
    }

    /// Whether so many more devices are allowed and fit.
    pub(super) fn room_for(&self, record: &Record, more: usize) -> Result<(), Refusal> {
        let have = record.devices.len().saturating_add(record.foreign_devices.len());
        let allowed = usize::try_from(self.policy.devices).unwrap_or(usize::MAX);
        let fits = have.saturating_add(more) <= allowed && record.has_room_for(more).unwrap_or(false);
        if fits { Ok(()) } else { Err(Refusal::new(ErrorCode::TooManyDevices)) }
    }
}

fn known(record: &mut Record, id: &str) -> Result<(), Refusal> {
    if record.device(id).is_some() { Ok(()) } else { Err(Refusal::new(ErrorCode::DeviceUnknown)) }
}
