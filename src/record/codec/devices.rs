//! The maps of devices.

use zeroize::Zeroizing;

use super::fields::{Entries, Fields, WriteError, ascending, number, write_ascending};
use super::parts::at_most;
use super::{MALFORMED, Writer};
use crate::error::Fault;
use crate::otp::hotp::HotpParams;
use crate::otp::totp::{Period, TotpParams};
use crate::otp::{Algorithm, Digits};
use crate::record::Record;
use crate::record::device::{Device, Motion, PendingDevice};
use crate::record::steps::{MAX_RECENT, SpentSteps};
use crate::secret::{MinimumLength, Secret};

const TOTP: u64 = 1;
const HOTP: u64 = 2;
const STEAM: u64 = 3;

/// A device of a known kind goes to `devices`, of another as it is to `foreign_devices`.
pub(crate) fn read_device_of_any_kind(bytes: &[u8], record: &mut Record) -> Result<(), Fault> {
    let mut fields = Fields::read(bytes)?;
    match fields.number(0)? {
        kind @ (TOTP | HOTP | STEAM) => record.devices.push(read_device(kind, fields)?),
        _ => record.foreign_devices.push(Zeroizing::new(bytes.to_vec())),
    }
    Ok(())
}

fn read_device(kind: u64, mut fields: Fields<'_>) -> Result<Device, Fault> {
    Ok(Device {
        motion: read_motion(kind, &mut fields)?,
        id: fields.bytes(1)?,
        name: fields.text(2)?.to_owned(),
        secret: Secret::from_bytes(fields.slice(3)?.to_vec(), MinimumLength::Legacy)
            .map_err(|_| MALFORMED)?,
        created_at: fields.time(7)?,
        last_used_at: fields.time(8)?,
        unknown: fields.rest(),
    })
}

fn read_motion(kind: u64, fields: &mut Fields<'_>) -> Result<Motion, Fault> {
    match kind {
        TOTP => {
            let (algorithm, digits) = (read_algorithm(fields.number(4)?)?, read_digits(fields)?);
            let period = Period::new(fields.small(6)?).map_err(|_| MALFORMED)?;
            Ok(Motion::Totp(TotpParams { algorithm, digits, period }, read_spent(fields)?))
        }
        HOTP => {
            let (algorithm, digits) = (read_algorithm(fields.number(4)?)?, read_digits(fields)?);
            Ok(Motion::Hotp(HotpParams { algorithm, digits }, fields.number(11)?))
        }
        STEAM => Ok(Motion::Steam(read_spent(fields)?)),
        _ => Err(MALFORMED),
    }
}

fn read_digits(fields: &mut Fields<'_>) -> Result<Digits, Fault> {
    Digits::new(fields.small(5)?).map_err(|_| MALFORMED)
}

fn read_spent(fields: &mut Fields<'_>) -> Result<SpentSteps, Fault> {
    Ok(SpentSteps {
        floor: fields.take(9).map(number).transpose()?,
        recent: at_most(MAX_RECENT, ascending(fields.required(10)?)?)?,
    })
}

pub(crate) fn write_device(device: &Device, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let (kind, always, floor) = match &device.motion {
        Motion::Totp(_, spent) => (TOTP, 10, spent.floor),
        Motion::Hotp(..) => (HOTP, 9, None),
        Motion::Steam(spent) => (STEAM, 7, spent.floor),
    };
    let mut entries = Entries::begin(w, always, [floor.is_some()], &device.unknown)?;
    entries.key(0)?.u64(kind)?;
    entries.key(1)?.bytes(&device.id)?;
    entries.key(2)?.str(&device.name)?;
    entries.key(3)?.bytes(device.secret.expose())?;
    if let Some((algorithm, digits)) = named_hash(&device.motion) {
        entries.key(4)?.u64(algorithm_number(algorithm))?;
        entries.key(5)?.u8(digits.get())?;
    }
    if let Motion::Totp(params, _) = &device.motion {
        entries.key(6)?.u8(params.period.seconds())?;
    }
    entries.key(7)?.u64(device.created_at.seconds())?;
    entries.key(8)?.u64(device.last_used_at.seconds())?;
    match &device.motion {
        Motion::Totp(_, spent) | Motion::Steam(spent) => write_spent(spent, &mut entries)?,
        Motion::Hotp(_, counter) => {
            entries.key(11)?.u64(*counter)?;
        }
    }
    entries.end()
}

/// Steam's hash and length are not written: they are what makes it Steam.
const fn named_hash(motion: &Motion) -> Option<(Algorithm, Digits)> {
    match motion {
        Motion::Totp(params, _) => Some((params.algorithm, params.digits)),
        Motion::Hotp(params, _) => Some((params.algorithm, params.digits)),
        Motion::Steam(_) => None,
    }
}

fn write_spent(spent: &SpentSteps, entries: &mut Entries<'_, '_, '_>) -> Result<(), WriteError> {
    if let Some(floor) = spent.floor {
        entries.key(9)?.u64(floor)?;
    }
    write_ascending(spent.recent.iter().copied(), entries.key(10)?)
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
    let mut device = Fields::read(fields.required(0)?)?;
    Ok(PendingDevice {
        device: read_device(device.number(0)?, device)?,
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
