//! What can be said about a subject's second factor.

use super::{Engine, Opened};
use crate::error::Fault;
use crate::record::device::{Device, DeviceParams};
use crate::record::trusted::Trusted;
use crate::record::{Preference, Record};
use crate::subject::Subject;
use crate::time::UnixTime;

/// The state of a subject's second factor. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whether a confirmed device gates sign-in.
    pub enabled: bool,
    /// When the waiting enrollment ends, if there is one.
    pub pending_until: Option<UnixTime>,
    /// The confirmed devices.
    pub devices: Vec<DeviceStatus>,
    /// How the subject wants to be asked, if a wish was stored.
    pub preference: Option<Preference>,
    /// The trusted devices.
    pub trusted_devices: Vec<TrustedDevice>,
    /// Backup codes not yet used, imported ones among them.
    pub backup_codes_left: u32,
    /// Backup codes in the set, and imported ones.
    pub backup_codes_total: u32,
    /// When the present lock ends, if there is one.
    pub locked_until: Option<UnixTime>,
    /// Whether the factor is blocked until an unlock.
    pub disabled: bool,
    /// Wrong answers since the last right one.
    pub failures_in_a_row: u32,
    /// Wrong answers in the last 24 hours.
    pub failures_today: u32,
    /// The record's epoch; 0 where there is no record.
    pub epoch: u64,
}

/// One device in a [`Status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceStatus {
    /// The id: 24 hexadecimal digits, not guessable.
    pub id: String,
    /// The name the user gave.
    pub name: String,
    /// The kind and the parameters.
    pub params: DeviceParams,
    /// When it was confirmed.
    pub created_at: UnixTime,
    /// When a code of it was last accepted.
    pub last_used_at: UnixTime,
}

/// One trusted device in a [`Status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedDevice {
    /// The id: 16 hexadecimal digits.
    pub id: String,
    /// The name the host gave it.
    pub name: String,
    /// Since when it is trusted.
    pub created_at: UnixTime,
    /// When it last took the place of a second factor.
    pub last_used_at: UnixTime,
    /// When the trust ends.
    pub expires_at: UnixTime,
}

impl Engine {
    /// Describes the second factor of a subject. Nothing secret is in it.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn status(&self, subject: &Subject, record: Option<&[u8]>, now: UnixTime) -> Result<Status, Fault> {
        let Opened { record, .. } = self.open(subject, record, now)?;
        let pending = record.pending.as_ref().filter(|pending| pending.is_alive(&self.policy, now));
        let (left, total) = backup_codes(&record);
        Ok(Status {
            enabled: record.is_enrolled(),
            pending_until: pending.map(|pending| pending.expires_at),
            devices: record.devices.iter().map(device_status).collect(),
            preference: record.preference,
            trusted_devices: self.living_trust(&record, now).map(trusted_device).collect(),
            backup_codes_left: left,
            backup_codes_total: total,
            locked_until: record.guard.locked_until(&self.policy, now),
            disabled: record.guard.is_disabled(&self.policy),
            failures_in_a_row: record.guard.in_a_row,
            failures_today: u32::try_from(record.guard.failures_today(now)).unwrap_or(u32::MAX),
            epoch: record.epoch,
        })
    }
}

/// How many backup codes are left, and of how many.
pub(super) fn backup_codes(record: &Record) -> (u32, u32) {
    let own = record.backup.as_ref().map_or((0, 0), |set| (set.left(), set.total()));
    let imported = record.foreign_codes.as_ref().map_or((0, 0), |set| (set.left(), set.total()));
    (own.0.saturating_add(imported.0), own.1.saturating_add(imported.1))
}

fn device_status(device: &Device) -> DeviceStatus {
    DeviceStatus {
        id: device.id_text(),
        name: device.name.clone(),
        params: device.motion.params(),
        created_at: device.created_at,
        last_used_at: device.last_used_at,
    }
}

fn trusted_device(trusted: &Trusted) -> TrustedDevice {
    TrustedDevice {
        id: trusted.id_text(),
        name: trusted.name.clone(),
        created_at: trusted.created_at,
        last_used_at: trusted.last_used_at,
        expires_at: trusted.expires_at,
    }
}
