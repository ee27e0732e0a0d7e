//! The record's bytes: CBOR maps with integer keys (RFC 8949), version 1.
//!
//! ```text
//! record     0: version = 1      1: epoch           2: [device]       3: pending
//!            4: backup set       5: guard           6: challenges
//! device     0: kind (1 = TOTP)  1: id (12 bytes)   2: name           3: secret
//!            4: algorithm 1|2|3  5: digits          6: period         7: created at
//!            8: last used at     9: spent floor     10: [spent steps, each but the first a difference]
//! pending    0: device           1: expires at      2: tries
//! backup set 0: key id (8)       1: salt (16)       2: [hash (32)]    3: used, bit n = code n
//!            4: created at
//! guard      0: in a row         1: [failure times, each but the first a difference]
//! challenges 0: [[id (16), issued at, tries, spent]]   1: floor
//! ```
//!
//! Times are Unix seconds. Keys 9 of a device, 3 and 4 of a record and 1 of the challenges are left out when
//! there is nothing to say. A later minor version may add keys to every map and kinds to devices: what is
//! not known here is kept byte for byte and written back, so two versions can run beside each other.

mod fields;
#[cfg_attr(not(test), expect(dead_code, reason = "no record holds imported codes"))]
pub(crate) mod foreign;
mod parts;

pub(crate) use fields::Unknown;

use minicbor::{Decoder, Encoder};
use zeroize::Zeroizing;

use super::Record;
use crate::error::{ErrorCode, Fault};
use fields::{Entries, Fields};

const VERSION: u64 = 1;
/// Room for the largest record, so that no copy of a secret is left behind in a buffer that grew.
const CAPACITY: usize = 8 * 1024;

/// The buffer that records are written to; wiped on drop.
type Buffer = Zeroizing<Vec<u8>>;
type Writer<'a> = Encoder<&'a mut Vec<u8>>;

pub(crate) const MALFORMED: Fault = Fault::new(ErrorCode::RecordMalformed);

/// Writes a record.
pub(crate) fn encode(record: &Record) -> Result<Buffer, Fault> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(CAPACITY));
    write(record, &mut Encoder::new(&mut *buffer)).map_err(|_| MALFORMED)?;
    Ok(buffer)
}

/// Reads a record.
pub(crate) fn decode(bytes: &[u8]) -> Result<Record, Fault> {
    let mut fields = Fields::read(bytes)?;
    if fields.number(0)? != VERSION {
        return Err(Fault::about(ErrorCode::RecordMalformed, "version"));
    }
    let mut record = Record { epoch: fields.number(1)?, ..Record::default() };
    for item in fields.items(2)? {
        parts::read_device_of_any_kind(item, &mut record)?;
    }
    record.pending = fields.take(3).map(parts::read_pending).transpose()?;
    record.backup = fields.take(4).map(parts::read_backup).transpose()?;
    record.guard = parts::read_guard(fields.required(5)?)?;
    record.challenges = parts::read_challenges(fields.required(6)?)?;
    record.unknown = fields.rest();
    Ok(record)
}

fn write(record: &Record, w: &mut Writer<'_>) -> Result<(), fields::WriteError> {
    let mut entries =
        Entries::begin(w, 5, [record.pending.is_some(), record.backup.is_some()], &record.unknown)?;
    entries.key(0)?.u64(VERSION)?;
    entries.key(1)?.u64(record.epoch)?;
    let w = entries.key(2)?;
    let devices = record.devices.len().saturating_add(record.foreign_devices.len());
    w.array(fields::length(devices))?;
    for device in &record.devices {
        parts::write_device(device, w)?;
    }
    for foreign in &record.foreign_devices {
        w.writer_mut().extend_from_slice(foreign);
    }
    if let Some(pending) = &record.pending {
        parts::write_pending(pending, entries.key(3)?)?;
    }
    if let Some(backup) = &record.backup {
        parts::write_backup(backup, entries.key(4)?)?;
    }
    parts::write_guard(&record.guard, entries.key(5)?)?;
    parts::write_challenges(&record.challenges, entries.key(6)?)?;
    entries.end()
}

/// A decoder over exactly one item.
pub(crate) fn item(bytes: &[u8]) -> Decoder<'_> {
    Decoder::new(bytes)
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
