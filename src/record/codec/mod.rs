//! The record's bytes: CBOR maps with integer keys (RFC 8949), version 1.
//!
//! ```text
//! record     0: version = 1      1: epoch           2: [device]       3: pending
//!            4: backup set       5: guard           6: challenges     7: [trusted device]
//!            8: [sent code]      9: preference (1 = otp, 2 = sent, 3 = off)             10: imported codes
//! device     0: kind (1 = TOTP, 2 = HOTP, 3 = Steam)
//!            1: id (12 bytes)    2: name            3: secret
//!            4: algorithm 1|2|3  5: digits          6: period         7: created at
//!            8: last used at     9: spent floor     10: [spent steps, each but the first a difference]
//!            11: counter to expect next
//! pending    0: device           1: expires at      2: tries
//! backup set 0: key id (8)       1: salt (16)       2: [hash (32)]    3: used, bit n = code n
//!            4: created at       5: pepper (32), in place of 0
//! guard      0: in a row         1: [failure times, each but the first a difference]
//! challenges 0: [[id (16), issued at, tries, spent]]   1: floor
//! trusted    0: id (8)           1: ticket (16)     2: name           3: created at
//!            4: last used at     5: expires at
//! sent code  0: challenge (16)   1: hash (32)       2: expires at     3: sends
//! ```
//!
//! Times are Unix seconds. A TOTP device has the keys 0 to 10, an HOTP device 0 to 5, 7, 8 and 11, a Steam
//! device 0 to 3 and 7 to 10. Keys 9 of a device, 3, 4 and 7 to 10 of a record and 1 of the challenges are left
//! out when there is nothing to say. A later minor version may add keys to every map and kinds to devices: what is
//! not known here is kept byte for byte and written back, so two versions can run beside each other.

mod devices;
mod fields;
pub(crate) mod foreign;
mod parts;
mod size;

pub(crate) use fields::Unknown;

use minicbor::{Decoder, Encoder};
use zeroize::Zeroizing;

use super::Record;
use crate::error::{ErrorCode, Fault};
use fields::{Entries, Fields};

const VERSION: u64 = 1;

/// The buffer that records are written to; wiped on drop.
type Buffer = Zeroizing<Vec<u8>>;
type Writer<'a> = Encoder<&'a mut Vec<u8>>;

pub(crate) const MALFORMED: Fault = Fault::new(ErrorCode::RecordMalformed);

/// Writes a record.
pub(crate) fn encode(record: &Record) -> Result<Buffer, Fault> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(size::of_record(record)));
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
        devices::read_device_of_any_kind(item, &mut record)?;
    }
    record.pending = fields.take(3).map(devices::read_pending).transpose()?;
    record.backup = fields.take(4).map(parts::read_backup).transpose()?;
    record.guard = parts::read_guard(fields.required(5)?)?;
    record.challenges = parts::read_challenges(fields.required(6)?)?;
    if let Some(bytes) = fields.take(7) {
        record.trusted = parts::read_trusted(bytes)?;
    }
    if let Some(bytes) = fields.take(8) {
        record.sent = parts::read_sent(bytes)?;
    }
    record.preference = parts::read_preference(&mut fields, 9)?;
    record.foreign_codes = fields.take(10).map(foreign::read_foreign).transpose()?;
    record.unknown = fields.rest();
    Ok(record)
}

fn write(record: &Record, w: &mut Writer<'_>) -> Result<(), fields::WriteError> {
    let mut entries = Entries::begin(w, 5, present(record), &record.unknown)?;
    entries.key(0)?.u64(VERSION)?;
    entries.key(1)?.u64(record.epoch)?;
    let w = entries.key(2)?;
    let devices = record.devices.len().saturating_add(record.foreign_devices.len());
    w.array(fields::length(devices))?;
    for device in &record.devices {
        devices::write_device(device, w)?;
    }
    for foreign in &record.foreign_devices {
        w.writer_mut().extend_from_slice(foreign);
    }
    if let Some(pending) = &record.pending {
        devices::write_pending(pending, entries.key(3)?)?;
    }
    if let Some(backup) = &record.backup {
        parts::write_backup(backup, entries.key(4)?)?;
    }
    parts::write_guard(&record.guard, entries.key(5)?)?;
    parts::write_challenges(&record.challenges, entries.key(6)?)?;
    if !record.trusted.is_empty() {
        parts::write_trusted(&record.trusted, entries.key(7)?)?;
    }
    if !record.sent.is_empty() {
        parts::write_sent(&record.sent, entries.key(8)?)?;
    }
    if let Some(preference) = record.preference {
        parts::write_preference(preference, entries.key(9)?)?;
    }
    if let Some(codes) = &record.foreign_codes {
        foreign::write_foreign(codes, entries.key(10)?)?;
    }
    entries.end()
}

/// Which of the entries that may be left out are there.
fn present(record: &Record) -> [bool; 6] {
    [
        record.pending.is_some(),
        record.backup.is_some(),
        !record.trusted.is_empty(),
        !record.sent.is_empty(),
        record.preference.is_some(),
        record.foreign_codes.is_some(),
    ]
}

/// How many bytes the parts take that a subject or an import can add to.
pub(crate) fn size_of_additions(record: &Record) -> Result<usize, Fault> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(size::of_record(record)));
    let mut w = Encoder::new(&mut *buffer);
    let mut write = || -> Result<(), fields::WriteError> {
        for device in &record.devices {
            devices::write_device(device, &mut w)?;
        }
        if let Some(pending) = &record.pending {
            devices::write_pending(pending, &mut w)?;
        }
        if let Some(codes) = &record.foreign_codes {
            foreign::write_foreign(codes, &mut w)?;
        }
        parts::write_trusted(&record.trusted, &mut w)
    };
    write().map_err(|_| MALFORMED)?;
    Ok(buffer.len())
}

/// A decoder over exactly one item.
pub(crate) fn item(bytes: &[u8]) -> Decoder<'_> {
    Decoder::new(bytes)
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
