//! The record: everything the second factor knows about one subject, sealed as one value.
//!
//! The host stores it as bytes beside a version number and never looks inside. [`codec`] fixes the
//! bytes; this module holds the state and the rules that need nothing but the state and the time.
//! Every list in it is bounded, so a record stays under 4 KB whatever is done to an account.

pub(crate) mod backup;
pub(crate) mod challenges;
pub(crate) mod codec;
pub(crate) mod device;
pub(crate) mod foreign;
pub(crate) mod guard;
pub(crate) mod sent;
pub(crate) mod steps;
pub(crate) mod trusted;

use zeroize::Zeroizing;

use crate::error::{ErrorCode, Fault};
use crate::random::Random;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::{KeyRing, Purpose, open_for, seal_for};
use backup::{BackupSet, Pepper};
use challenges::Challenges;
use codec::Unknown;
use device::{Device, PendingDevice};
use foreign::ForeignSet;
use guard::Guard;
use sent::SentCode;
use trusted::Trusted;

/// The encrypted bytes of a record, as a host stores them beside a version number.
pub struct SealedRecord(Vec<u8>);

impl SealedRecord {
    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// How a subject wants to be asked for the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// For a code of an authenticator.
    Otp,
    /// For a code that the host sends.
    Sent,
    /// Not at all; only without a device, and only where the policy lets subjects opt out.
    Off,
}

impl Preference {
    /// The name in every language: `otp`, `sent`, `off`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Sent => "sent",
            Self::Off => "off",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// `argument_unknown` for anything else.
    pub fn from_name(name: &str) -> Result<Self, Fault> {
        let all = [Self::Otp, Self::Sent, Self::Off];
        let known = all.into_iter().find(|preference| preference.name() == name);
        known.ok_or(Fault::about(ErrorCode::ArgumentUnknown, "method"))
    }
}

/// A subject's second factor, opened.
#[derive(Default)]
pub(crate) struct Record {
    /// Moves when factors or the first factor change; what carries an older one is dead.
    pub epoch: u64,
    pub devices: Vec<Device>,
    /// Devices of kinds that this version does not know. They count as enrolled, or an older program
    /// beside a newer one would let their owners in without a second factor.
    pub foreign_devices: Vec<Zeroizing<Vec<u8>>>,
    pub pending: Option<PendingDevice>,
    pub backup: Option<BackupSet>,
    pub foreign_codes: Option<ForeignSet>,
    pub guard: Guard,
    pub challenges: Challenges,
    pub preference: Option<Preference>,
    pub trusted: Vec<Trusted>,
    pub sent: Vec<SentCode>,
    pub unknown: Unknown,
}

impl Record {
    /// Opens a sealed record of the subject, or starts an empty one where there is none.
    pub fn open(ring: &KeyRing, subject: &Subject, sealed: Option<&[u8]>) -> Result<Self, Fault> {
        match sealed {
            Some(envelope) => codec::decode(&open_for(ring, Purpose::Record, subject, envelope)?),
            None => Ok(Self::default()),
        }
    }

    /// Seals the record for storing.
    pub fn seal(
        &self,
        ring: &KeyRing,
        subject: &Subject,
        random: &dyn Random,
    ) -> Result<SealedRecord, Fault> {
        seal_for(ring, Purpose::Record, subject, &codec::encode(self)?, random).map(SealedRecord)
    }

    /// Whether sign-in needs a second factor. A pending device or backup codes alone do not count.
    pub fn is_enrolled(&self) -> bool {
        !self.devices.is_empty() || !self.foreign_devices.is_empty()
    }

    /// Brings the state in line with the clock, drops what time has ended, and says whether it changed.
    ///
    /// If the clock was put back, failures from the future count as from now, and the open challenges
    /// die with the epoch, because some that were spent may already be forgotten.
    pub fn settle(&mut self, now: UnixTime) -> bool {
        let guard_changed = self.guard.settle(now);
        let clock_went_back = self.challenges.are_ahead_of(now);
        if clock_went_back {
            self.bump_epoch(now);
        }
        self.challenges.prune(now);
        self.sent.retain(|sent| now < sent.expires_at);
        self.trusted.retain(|trusted| now < trusted.expires_at);
        guard_changed || clock_went_back
    }

    /// Moves the epoch: every challenge, sent code, trusted device and token from before dies. The time is part of it so that a row
    /// which was deleted and made anew does not give life to tokens of the old one.
    pub fn bump_epoch(&mut self, now: UnixTime) {
        self.epoch = self.epoch.saturating_add(1).max(now.seconds());
        self.challenges = Challenges::default();
        self.sent.clear();
        self.trusted.clear();
    }

    /// Removes all factors and what hangs on them. The failure history stays: turning the factor off and
    /// on again is no way to a new budget.
    pub fn remove_factors(&mut self, now: UnixTime) {
        self.devices.clear();
        self.foreign_devices.clear();
        self.pending = None;
        self.backup = None;
        self.foreign_codes = None;
        self.preference = None;
        self.bump_epoch(now);
    }
}

/// Bytes that devices, trusted devices and imported codes may take together, so that with everything else at
/// its largest a record stays under 4 KB.
const ROOM: usize = 1_700;
/// The most that a device with a new secret takes: its name has up to 128 bytes.
const NEW_DEVICE: usize = 256;

impl Record {
    /// What peppers the hashes of backup codes.
    pub fn peppers(&self) -> impl Iterator<Item = &Pepper> {
        let own = self.backup.iter().map(|set| &set.pepper);
        own.chain(self.foreign_codes.iter().filter_map(ForeignSet::pepper))
    }

    /// The same, to be changed.
    pub fn peppers_mut(&mut self) -> impl Iterator<Item = &mut Pepper> {
        let own = self.backup.iter_mut().map(|set| &mut set.pepper);
        own.chain(self.foreign_codes.iter_mut().filter_map(ForeignSet::pepper_mut))
    }

    /// Whether what was added still fits.
    pub fn has_room(&self) -> Result<bool, Fault> {
        self.has_room_for(0)
    }

    /// Whether so many devices with new secrets fit, too.
    pub fn has_room_for(&self, devices: usize) -> Result<bool, Fault> {
        let more = devices.saturating_mul(NEW_DEVICE);
        Ok(codec::size_of_additions(self)?.saturating_add(more) <= ROOM)
    }

    /// The device of that id.
    pub fn device(&mut self, id: &str) -> Option<&mut Device> {
        self.devices.iter_mut().find(|device| device.id_text() == id)
    }
}

/// The epoch that a subject's tokens must carry: 0 where there is no record.
pub(crate) fn epoch_of(ring: &KeyRing, subject: &Subject, sealed: Option<&[u8]>) -> Result<u64, Fault> {
    Ok(Record::open(ring, subject, sealed)?.epoch)
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
