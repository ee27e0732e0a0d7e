//! Enrollment: a pending device, then a first code that confirms it and is spent by that.

use zeroize::Zeroizing;

use super::first_factor::FirstFactor;
use super::pending::Pending;
use super::proof::{Enrolled, Method, NewDevice, Proof, Provisioning};
use super::{Engine, Opened};
use crate::error::{ErrorCode, Fault, Refusal};
use crate::otp::uri;
use crate::record::Record;
use crate::record::backup::BackupSet;
use crate::record::device::{CodeVerdict, Device, PendingDevice};
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
        subject: &Subject,
        record: Option<&[u8]>,
        device: &NewDevice<'_>,
        now: UnixTime,
    ) -> Result<Pending<Provisioning>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        if opened.record.is_enrolled() {
            return self.refuse(subject, &opened, Refusal::new(ErrorCode::AlreadyEnrolled));
        }
        let params = device.params.map_or_else(|| self.policy.params(), Ok)?;
        let made = Device::generate(device.name, params, now, self.random.as_ref())?;
        let provisioning = Provisioning {
            device_id: made.id_text(),
            secret: made.secret.to_base32(),
            uri: uri::build(&self.policy.issuer, device.account, &made.secret, &params)?,
            expires_at: now.plus(self.policy.enrollment_life.into()),
        };
        opened.record.pending = Some(PendingDevice::new(made, provisioning.expires_at));
        self.store(subject, &opened.record, Ok(provisioning))
    }

    /// Confirms the pending device with a code of it. The code is spent by that; the epoch moves, so
    /// tokens from before the enrollment are dead.
    ///
    /// Refusals: `wrong_code`, `no_pending_enrollment`, `enrollment_expired`, `already_enrolled`.
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn confirm_enrollment(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        code: &str,
        now: UnixTime,
    ) -> Result<Pending<Enrolled>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        let mut pending = match self.take_pending(&mut opened, now) {
            Ok(pending) => pending,
            Err(refusal) => return self.refuse(subject, &opened, refusal),
        };
        if pending.device.accept(code, self.policy.window()?, now) != CodeVerdict::Accepted {
            pending.tries = pending.tries.saturating_add(1);
            if pending.tries < self.policy.enrollment_tries {
                opened.record.pending = Some(pending);
            }
            return self.store(subject, &opened.record, Err(Refusal::new(ErrorCode::WrongCode)));
        }
        let (device_id, backup_codes) = self.enroll(&mut opened.record, pending.device, now)?;
        let proof = Proof {
            subject: subject.clone(),
            epoch: opened.record.epoch,
            first_factor: FirstFactor::none(now),
            method: Some(Method::Otp),
            grant: None,
        };
        self.store(subject, &opened.record, Ok(Enrolled { device_id, backup_codes, proof }))
    }

    /// Takes a living pending device out of the record; one that has ended is dropped for good.
    fn take_pending(&self, opened: &mut Opened, now: UnixTime) -> Result<PendingDevice, Refusal> {
        if opened.record.is_enrolled() {
            return Err(Refusal::new(ErrorCode::AlreadyEnrolled));
        }
        let pending = opened.record.pending.take().ok_or(Refusal::new(ErrorCode::NoPendingEnrollment))?;
        if pending.is_alive(&self.policy, now) {
            return Ok(pending);
        }
        opened.moved = true;
        Err(Refusal::new(ErrorCode::EnrollmentExpired))
    }

    fn enroll(
        &self,
        record: &mut Record,
        mut device: Device,
        now: UnixTime,
    ) -> Result<(String, Vec<Zeroizing<String>>), Fault> {
        let codes = self.new_backup_codes(record, now)?;
        device.created_at = now;
        let id = device.id_text();
        record.devices.push(device);
        record.bump_epoch(now);
        Ok((id, codes))
    }

    /// Replaces the whole set of backup codes.
    pub(super) fn new_backup_codes(
        &self,
        record: &mut Record,
        now: UnixTime,
    ) -> Result<Vec<Zeroizing<String>>, Fault> {
        let count = self.policy.backup_codes;
        let (set, codes) = BackupSet::generate(count, &self.ring, now, self.random.as_ref())?;
        record.backup = Some(set);
        Ok(codes)
    }
}
