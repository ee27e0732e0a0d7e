//! Enrollment: a pending device, then a first code that confirms it and is spent by that.

use zeroize::Zeroizing;

use super::first_factor::FirstFactor;
use super::pending::Pending;
use super::proof::{Method, Proof};
use super::results::{Enrolled, EnrollmentToken, NewDevice, Provisioning};
use super::{Engine, Opened};
use crate::error::{Error, ErrorCode, Fault, Refusal};
use crate::otp::uri;
use crate::record::Record;
use crate::record::backup::BackupSet;
use crate::record::device::{CodeVerdict, Device, DeviceParams, PendingDevice};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::enroll::EnrollClaims;

impl Engine {
    /// Makes a secret and stores it as the subject's one pending device, replacing an earlier pending one.
    /// It neither gates nor satisfies sign-in until [`Engine::confirm_enrollment`]. For a subject that has a
    /// device there is [`Engine::add_device`].
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
        let (pending, provisioning) = self.new_pending_device(device, now)?;
        opened.record.pending = Some(pending);
        self.store(subject, &opened.record, Ok(provisioning))
    }

    /// Confirms the pending device with a code of it. The code is spent by that; the epoch moves, so
    /// tokens from before the enrollment are dead. Backup codes come with the first device only.
    ///
    /// Refusals: `wrong_code`, `no_pending_enrollment`, `enrollment_expired`, `already_enrolled` where a device
    /// is there and none is pending.
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
        if pending.device.accept(code, self.policy.tolerance()?, now)? != CodeVerdict::Accepted {
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
            device: Some(device_id.clone()),
            grant: None,
        };
        self.store(subject, &opened.record, Ok(Enrolled { device_id, backup_codes, proof }))
    }

    /// Reads the subject out of a living enrollment token, so that the host knows which record to load.
    ///
    /// # Errors
    /// `token_invalid` for anything else.
    pub fn enrollment_subject(&self, token: &str, now: UnixTime) -> Result<Subject, Error> {
        Ok(self.enroll_claims(token, now)?.subject)
    }

    /// Whether an enrollment token opens enrollment for the subject of this record: it does until a device is
    /// confirmed or the epoch moves for another reason. Check it before each of the two calls of enrollment.
    ///
    /// # Errors
    /// `token_invalid`, `already_enrolled`; the faults of opening a record.
    pub fn check_enrollment(
        &self,
        token: &str,
        record: Option<&[u8]>,
        now: UnixTime,
    ) -> Result<Subject, Error> {
        let claims = self.enroll_claims(token, now)?;
        let opened = self.open(&claims.subject, record, now)?;
        if claims.epoch != opened.record.epoch {
            return Err(Refusal::new(ErrorCode::TokenInvalid).into());
        }
        if opened.record.is_enrolled() {
            return Err(Refusal::new(ErrorCode::AlreadyEnrolled).into());
        }
        Ok(claims.subject)
    }

    /// The token that opens enrollment and nothing else.
    pub(super) fn enrollment_token(
        &self,
        subject: &Subject,
        record: &Record,
        first_factor: &FirstFactor,
        now: UnixTime,
    ) -> Result<EnrollmentToken, Fault> {
        let expires_at = now.plus(self.policy.enrollment_token_life.into());
        let claims = EnrollClaims {
            subject: subject.clone(),
            issued_at: now,
            expires_at,
            id: self.random_bytes()?,
            epoch: record.epoch,
            first_factor: first_factor.clone(),
        };
        Ok(EnrollmentToken { token: claims.sign(&self.ring, &self.policy.issuer)?, expires_at })
    }

    /// A device that waits for its first code, and what the user needs to set it up.
    pub(super) fn new_pending_device(
        &self,
        device: &NewDevice<'_>,
        now: UnixTime,
    ) -> Result<(PendingDevice, Provisioning), Fault> {
        let params = match device.params {
            Some(params) => params,
            None => DeviceParams::Totp(self.policy.params()?),
        };
        let made = Device::generate(device.name, params, now, self.random.as_ref())?;
        let (issuer, account) = (self.policy.issuer.as_str(), device.account);
        let uri = match &params {
            DeviceParams::Totp(params) => uri::build(issuer, account, &made.secret, params)?,
            DeviceParams::Hotp(params) => uri::build_hotp(issuer, account, &made.secret, params, 0)?,
            DeviceParams::Steam => uri::build_steam(issuer, account, &made.secret)?,
        };
        let expires_at = now.plus(self.policy.enrollment_life.into());
        let provisioning =
            Provisioning { device_id: made.id_text(), secret: made.secret.to_base32(), uri, expires_at };
        Ok((PendingDevice::new(made, expires_at), provisioning))
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

    fn enroll_claims(&self, token: &str, now: UnixTime) -> Result<EnrollClaims, Refusal> {
        EnrollClaims::verify(token, &self.ring, &self.policy.issuer, now)
            .ok_or(Refusal::new(ErrorCode::TokenInvalid))
    }

    /// Takes a living pending device out of the record; one that has ended is dropped for good. On a subject
    /// that has a device, only an answered [`Engine::add_device`] puts one there.
    fn take_pending(&self, opened: &mut Opened, now: UnixTime) -> Result<PendingDevice, Refusal> {
        let Some(pending) = opened.record.pending.take() else {
            let enrolled = opened.record.is_enrolled();
            let code = if enrolled { ErrorCode::AlreadyEnrolled } else { ErrorCode::NoPendingEnrollment };
            return Err(Refusal::new(code));
        };
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
        let first = !record.is_enrolled();
        let codes = if first { self.new_backup_codes(record, now)? } else { Vec::new() };
        (device.created_at, device.last_used_at) = (now, now);
        let id = device.id_text();
        record.devices.push(device);
        record.bump_epoch(now);
        Ok((id, codes))
    }
}
