//! The maps inside a record, but for devices.

use zeroize::Zeroizing;

use super::fields::{Entries, Fields, WriteError, ascending, items, length, number, write_ascending};
use super::{MALFORMED, Writer};
use crate::error::Fault;
use crate::record::Preference;
use crate::record::backup::{BackupSet, Pepper};
use crate::record::challenges::{Challenges, MAX_CHALLENGES, Tried};
use crate::record::guard::{Guard, MAX_FAILURES};
use crate::record::sent::{MAX_SENT, SentCode};
use crate::record::trusted::{MAX_TRUSTED, Trusted};
use crate::time::UnixTime;
use crate::vault::KeyId;

const MAX_BACKUP_CODES: usize = 20;

pub(crate) fn read_backup(bytes: &[u8]) -> Result<BackupSet, Fault> {
    let mut fields = Fields::read(bytes)?;
    let hashes = fields.items(2)?.into_iter().map(byte_array).collect::<Result<Vec<_>, Fault>>()?;
    Ok(BackupSet {
        pepper: read_pepper(&mut fields, [0, 5])?,
        salt: fields.bytes(1)?,
        hashes: at_most(MAX_BACKUP_CODES, hashes)?,
        used: fields.small(3)?,
        created_at: fields.time(4)?,
        unknown: fields.rest(),
    })
}

pub(crate) fn write_backup(backup: &BackupSet, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let mut entries = Entries::begin(w, 5, [], &backup.unknown)?;
    write_pepper(&backup.pepper, [0, 5], &mut entries)?;
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

/// The first of two entries is a key id, the second, in its place, the sub-key itself.
pub(super) fn read_pepper(fields: &mut Fields<'_>, [id, kept]: [u64; 2]) -> Result<Pepper, Fault> {
    match fields.take(kept) {
        Some(sub_key) => Ok(Pepper::Kept(Zeroizing::new(byte_array(sub_key)?))),
        None => Ok(Pepper::OfKey(KeyId(fields.bytes(id)?))),
    }
}

pub(super) fn write_pepper(
    pepper: &Pepper,
    [id, kept]: [u64; 2],
    entries: &mut Entries<'_, '_, '_>,
) -> Result<(), WriteError> {
    match pepper {
        Pepper::OfKey(key) => entries.key(id)?.bytes(&key.0)?,
        Pepper::Kept(sub_key) => entries.key(kept)?.bytes(&**sub_key)?,
    };
    Ok(())
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

const PREFERENCES: [(u64, Preference); 3] =
    [(1, Preference::Otp), (2, Preference::Sent), (3, Preference::Off)];

/// A value of a later version is no preference of ours, but is kept: the policy's way is taken meanwhile.
pub(crate) fn read_preference(fields: &mut Fields<'_>, key: u64) -> Result<Option<Preference>, Fault> {
    let Some(bytes) = fields.take(key) else { return Ok(None) };
    let value = number(bytes)?;
    let known = PREFERENCES.iter().find(|(known, _)| *known == value).map(|(_, preference)| *preference);
    if known.is_none() {
        fields.put_back(key, bytes);
    }
    Ok(known)
}

pub(crate) fn write_preference(preference: Preference, w: &mut Writer<'_>) -> Result<(), WriteError> {
    let value = PREFERENCES.iter().find(|(_, known)| *known == preference).map_or(1, |(value, _)| *value);
    w.u64(value)?;
    Ok(())
}

pub(crate) fn read_trusted(bytes: &[u8]) -> Result<Vec<Trusted>, Fault> {
    let list = items(bytes)?.into_iter().map(|item| {
        let mut fields = Fields::read(item)?;
        Ok(Trusted {
            id: fields.bytes(0)?,
            ticket: fields.bytes(1)?,
            name: fields.text(2)?.to_owned(),
            created_at: fields.time(3)?,
            last_used_at: fields.time(4)?,
            expires_at: fields.time(5)?,
            unknown: fields.rest(),
        })
    });
    at_most(MAX_TRUSTED, list.collect::<Result<Vec<_>, Fault>>()?)
}

pub(crate) fn write_trusted(list: &[Trusted], w: &mut Writer<'_>) -> Result<(), WriteError> {
    w.array(length(list.len()))?;
    for trusted in list {
        let mut entries = Entries::begin(w, 6, [], &trusted.unknown)?;
        entries.key(0)?.bytes(&trusted.id)?;
        entries.key(1)?.bytes(&trusted.ticket)?;
        entries.key(2)?.str(&trusted.name)?;
        entries.key(3)?.u64(trusted.created_at.seconds())?;
        entries.key(4)?.u64(trusted.last_used_at.seconds())?;
        entries.key(5)?.u64(trusted.expires_at.seconds())?;
        entries.end()?;
    }
    Ok(())
}

pub(crate) fn read_sent(bytes: &[u8]) -> Result<Vec<SentCode>, Fault> {
    let list = items(bytes)?.into_iter().map(|item| {
        let mut fields = Fields::read(item)?;
        Ok(SentCode {
            challenge: fields.bytes(0)?,
            hash: fields.bytes(1)?,
            expires_at: fields.time(2)?,
            sends: fields.small(3)?,
            unknown: fields.rest(),
        })
    });
    at_most(MAX_SENT, list.collect::<Result<Vec<_>, Fault>>()?)
}

pub(crate) fn write_sent(list: &[SentCode], w: &mut Writer<'_>) -> Result<(), WriteError> {
    w.array(length(list.len()))?;
    for sent in list {
        let mut entries = Entries::begin(w, 4, [], &sent.unknown)?;
        entries.key(0)?.bytes(&sent.challenge)?;
        entries.key(1)?.bytes(&sent.hash)?;
        entries.key(2)?.u64(sent.expires_at.seconds())?;
        entries.key(3)?.u32(sent.sends)?;
        entries.end()?;
    }
    Ok(())
}

pub(super) fn byte_array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Fault> {
    super::item(bytes).bytes().ok().and_then(|slice| slice.try_into().ok()).ok_or(MALFORMED)
}

pub(super) fn at_most<T>(limit: usize, list: Vec<T>) -> Result<Vec<T>, Fault> {
    if list.len() > limit { Err(MALFORMED) } else { Ok(list) }
}
