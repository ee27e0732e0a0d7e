//! Devices and backup codes that come from another system. For operators and migrations: the caller says that
//! they are the subject's, nothing is asked.

use subtle::ConstantTimeEq;

use super::Engine;
use super::pending::Pending;
use crate::error::{ErrorCode, Fault};
use crate::otp::totp::{self, Period, Step};
use crate::otp::uri::{Kind, ParsedUri};
use crate::record::device::{Device, DeviceParams, Motion};
use crate::record::foreign::{ForeignCodes, ForeignSet};
use crate::record::steps::SpentSteps;
use crate::secret::{MinimumLength, Secret};
use crate::subject::Subject;
use crate::time::UnixTime;

/// The highest counter that can be imported: far enough from the end of 64 bits for any look-ahead.
const MAX_COUNTER: u64 = u64::MAX >> 1;

/// A device that exists elsewhere.
pub struct ImportedDevice<'a> {
    /// The device's name in lists; `None` gives `Authenticator`.
    pub name: Option<&'a str>,
    /// Its secret.
    pub secret: Secret,
    /// Its kind and parameters.
    pub params: DeviceParams,
    /// For a counter device: the counter to expect next.
    pub counter: u64,
    /// For a time device: the last step that the other system accepted, so that its code is no good here.
    pub last_step: Option<Step>,
}

impl ImportedDevice<'_> {
    /// What an `otpauth://` URI or one account of an authenticator's export says.
    #[must_use]
    pub fn from_uri(uri: ParsedUri) -> Self {
        let (params, counter) = match uri.kind {
            Kind::Totp(params) => (DeviceParams::Totp(params), 0),
            Kind::Hotp { params, counter } => (DeviceParams::Hotp(params), counter),
            Kind::Steam => (DeviceParams::Steam, 0),
        };
        Self { name: None, secret: uri.secret, params, counter, last_step: None }
    }
}

impl Engine {
    /// Stores a confirmed device and gives its id; a device with the same secret and kind stays as it is and
    /// gives its own. The epoch moves, and a pending enrollment ends. No backup codes are made.
    ///
    /// Refusals: `too_many_devices`.
    ///
    /// # Errors
    /// `name_invalid`; `counter_overflow` for a counter in the upper half of 64 bits; `time_invalid` about
    /// `last_step` for a step beyond the present window; the faults of opening a record; `random_unavailable`.
    pub fn import_device(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        device: &ImportedDevice<'_>,
        now: UnixTime,
    ) -> Result<Pending<String>, Fault> {
        let motion = self.motion(device, now)?;
        let secret = Secret::from_bytes(device.secret.expose().to_vec(), MinimumLength::Legacy)?;
        let made = Device::new(device.name, secret, motion, now, self.random.as_ref())?;
        let mut opened = self.open(subject, record, now)?;
        let same = |known: &&Device| {
            let same_secret: bool = known.secret.expose().ct_eq(made.secret.expose()).into();
            same_secret && known.motion.params().kind() == device.params.kind()
        };
        if let Some(known) = opened.record.devices.iter().find(same) {
            return Ok(Pending::nothing_to_store(Ok(known.id_text())));
        }
        if let Err(refusal) = self.room_for(&opened.record, 1) {
            return self.refuse(subject, &opened, refusal);
        }
        let id = made.id_text();
        opened.record.devices.push(made);
        opened.record.pending = None;
        opened.record.bump_epoch(now);
        self.store_if_it_fits(subject, &opened.record, id)
    }

    /// Takes over another system's backup codes, which stay valid until each is used or new ones are made.
    /// Codes that were imported before are replaced.
    ///
    /// Refusals: `not_enrolled`: without a device backup codes mean nothing; `too_many_devices` when the
    /// record has no room for them.
    ///
    /// # Errors
    /// The faults of opening a record; `random_unavailable`.
    pub fn import_backup_codes(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        codes: &ForeignCodes,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        if let Err(refusal) = opened.require_enrolled() {
            return self.refuse(subject, &opened, refusal);
        }
        opened.record.foreign_codes = Some(ForeignSet::new(codes, &self.ring, now, self.random.as_ref())?);
        self.store_if_it_fits(subject, &opened.record, ())
    }

    fn motion(&self, device: &ImportedDevice<'_>, now: UnixTime) -> Result<Motion, Fault> {
        let spent = |period: Period| match device.last_step {
            None => Ok(SpentSteps::default()),
            Some(step) => {
                let latest = totp::step_at(period, now).saturating_add(self.policy.window.into());
                let known = step <= latest;
                known
                    .then(|| SpentSteps::up_to(step))
                    .ok_or(Fault::about(ErrorCode::TimeInvalid, "last_step"))
            }
        };
        Ok(match device.params {
            DeviceParams::Totp(params) => Motion::Totp(params, spent(params.period)?),
            DeviceParams::Steam => Motion::Steam(spent(Period::default())?),
            DeviceParams::Hotp(params) if device.counter <= MAX_COUNTER => {
                Motion::Hotp(params, device.counter)
            }
            DeviceParams::Hotp(_) => return Err(Fault::new(ErrorCode::CounterOverflow)),
        })
    }
}
