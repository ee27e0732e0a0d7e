//! The maps inside a record.

use zeroize::Zeroizing;

use super::fields::{Entries, Fields, WriteError, ascending, items, length, number, write_ascending};
use super::{MALFORMED, Writer};
use crate::error::Fault;
use crate::otp::totp::{Period, TotpParams};
use crate::otp::{Algorithm, Digits};
use crate::record::Record;
use crate::record::backup::BackupSet;
use crate::record::challenges::{Challenges, MAX_CHALLENGES, Tried};
use crate::record::device::{Device, MAX_RECENT, PendingDevice, SpentSteps};
use crate::record::guard::{Guard, MAX_FAILURES};
use crate::secret::{MinimumLength, Secret};
use crate::time::UnixTime;
use crate::vault::KeyId;

const TOTP: u64 = 1;
const MAX_BACKUP_CODES: usize = 20;

/// A device of a known kind goes to `devices`, of another as it is to `foreign_devices`.
pub(crate) fn read_device_of_any_kind(bytes: &[u8], record: &mut Record) -> Result<(), Fault> {
    if Fields::read(bytes)?.number(0)? == TOTP {
        record.devices.push(read_device(bytes)?);
    } else {
        record.foreign_devices.push(Zeroizing::new(bytes.to_vec()));
    }
    Ok(())
}

fn read_device(bytes: &[u8]) -> Result<Device, Fault> {
    let mut fields = Fields::read(bytes)?;
    if fields.number(0)? != TOTP {
        return Err(MALFORMED);
    }
    Ok(Device {
        id: fields.bytes(1)?,
        name: fields.text(2)?.to_owned(),
        secret: Secret::from_bytes(fields.slice(3)?.to_vec(), MinimumLength::Legacy)
            .map_err(|_| MALFORMED)?,
        params: TotpParams {
            algorithm: read_algorithm(fields.number(4)?)?,
            digits: Digits::new(fields.small(5)?).map_err(|_| MALFORMED)?,
            period: Period::new(fields.small(6)?).map_err(|_| MALFORMED)?,
        },
        created_at: fields.time(7)?,
        last_used_at: fields.time(8)?,
        spent: SpentSteps {
            floor: fields.take(9).map(number).transpose()?,
            recent: at_most(MAX_RECENT, ascending(fields.required(10)?)?)?,
        },
        unknown: fields.rest(),
    })
}

pub(crate) fn write_device(device: &Device, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let mut entries = Entries::begin(w, 10, [device.spent.floor.is_some()], &device.unknown)?;
    entries.key(0)?.u64(TOTP)?;
    entries.key(1)?.bytes(&device.id)?;
    entries.key(2)?.str(&device.name)?;
    entries.key(3)?.bytes(device.secret.expose())?;
    entries.key(4)?.u64(algorithm_number(device.params.algorithm))?;
    entries.key(5)?.u8(device.params.digits.get())?;
    entries.key(6)?.u8(device.params.period.seconds())?;
    entries.key(7)?.u64(device.created_at.seconds())?;
    entries.key(8)?.u64(device.last_used_at.seconds())?;
    if let Some(floor) = device.spent.floor {
        entries.key(9)?.u64(floor)?;
    }
    write_ascending(device.spent.recent.iter().copied(), entries.key(10)?)?;
    entries.end()
}

fn read_algorithm(value: u64) -> Result<Algorithm, Fault> {
    [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]
        .into_iter()
        .find(|&algorithm| algorithm_number(algorithm) == value)
        .ok_or(MALFORMED)
}

const fn algorithm_number(algorithm: Algorithm) -> u64 {
    match algorithm {
        Algorithm::Sha1 => 1,
        Algorithm::Sha256 => 2,
        Algorithm::Sha512 => 3,
    }
}

pub(crate) fn read_pending(bytes: &[u8]) -> Result<PendingDevice, Fault> {
    let mut fields = Fields::read(bytes)?;
    Ok(PendingDevice {
        device: read_device(fields.required(0)?)?,
        expires_at: fields.time(1)?,
        tries: fields.small(2)?,
        unknown: fields.rest(),
    })
}

pub(crate) fn write_pending(pending: &PendingDevice, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let mut entries = Entries::begin(w, 3, [], &pending.unknown)?;
    write_device(&pending.device, entries.key(0)?)?;
    entries.key(1)?.u64(pending.expires_at.seconds())?;
    entries.key(2)?.u32(pending.tries)?;
    entries.end()
}

pub(crate) fn read_backup(bytes: &[u8]) -> Result<BackupSet, Fault> {
    let mut fields = Fields::read(bytes)?;
    let hashes = fields.items(2)?.into_iter().map(byte_array).collect::<Result<Vec<_>, Fault>>()?;
    Ok(BackupSet {
        key_id: KeyId(fields.bytes(0)?),
        salt: fields.bytes(1)?,
        hashes: at_most(MAX_BACKUP_CODES, hashes)?,
        used: fields.small(3)?,
        created_at: fields.time(4)?,
        unknown: fields.rest(),
    })
}

pub(crate) fn write_backup(backup: &BackupSet, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let mut entries = Entries::begin(w, 5, [], &backup.unknown)?;
    entries.key(0)?.bytes(&backup.key_id.0)?;
    entries.key(1)?.bytes(&backup.salt)?;
    let w = entries.key(2)?;
    w.array(length(backup.hashes.len()))?;
    for hash in &backup.hashes {
        w.bytes(hash)?;
    }
    entries.key(3)?.u32(backup.used)?;
    entries.key(4)?.u64(backup.created_at.seconds())?;
    entries.end()
}

pub(crate) fn read_guard(bytes: &[u8]) -> Result<Guard, Fault> {
    let mut fields = Fields::read(bytes)?;
    let failures = at_most(MAX_FAILURES, ascending(fields.required(1)?)?)?;
    Ok(Guard {
        in_a_row: fields.small(0)?,
        failures: failures.into_iter().map(UnixTime::from_stored).collect(),
        unknown: fields.rest(),
    })
}

pub(crate) fn write_guard(guard: &Guard, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let mut entries = Entries::begin(w, 2, [], &guard.unknown)?;
    entries.key(0)?.u32(guard.in_a_row)?;
    write_ascending(guard.failures.iter().map(|time| time.seconds()), entries.key(1)?)?;
    entries.end()
}

pub(crate) fn read_challenges(bytes: &[u8]) -> Result<Challenges, Fault> {
    let mut fields = Fields::read(bytes)?;
    let tried = fields.items(0)?.into_iter().map(read_tried).collect::<Result<Vec<_>, Fault>>()?;
    Ok(Challenges {
        tried: at_most(MAX_CHALLENGES, tried)?,
        floor: fields.take(1).map(number).transpose()?.map(UnixTime::from_stored),
        unknown: fields.rest(),
    })
}

fn read_tried(bytes: &[u8]) -> Result<Tried, Fault> {
    let [id, issued_at, tries, spent] = *items(bytes)? else { return Err(MALFORMED) };
    Ok(Tried {
        id: byte_array(id)?,
        issued_at: UnixTime::from_stored(number(issued_at)?),
        tries: u32::try_from(number(tries)?).map_err(|_| MALFORMED)?,
        spent: super::item(spent).bool().map_err(|_| MALFORMED)?,
    })
}

pub(crate) fn write_challenges(challenges: &Challenges, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let mut entries = Entries::begin(w, 1, [challenges.floor.is_some()], &challenges.unknown)?;
    let w = entries.key(0)?;
    w.array(length(challenges.tried.len()))?;
    for tried in &challenges.tried {
        w.array(4)?.bytes(&tried.id)?.u64(tried.issued_at.seconds())?.u32(tried.tries)?.bool(tried.spent)?;
    }
    if let Some(floor) = challenges.floor {
        entries.key(1)?.u64(floor.seconds())?;
    }
    entries.end()
}

pub(super) fn byte_array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Fault> {
    super::item(bytes).bytes().ok().and_then(|slice| slice.try_into().ok()).ok_or(MALFORMED)
}

pub(super) fn at_most<T>(limit: usize, list: Vec<T>) -> Result<Vec<T>, Fault> {
    if list.len() > limit { Err(MALFORMED) } else { Ok(list) }
}
