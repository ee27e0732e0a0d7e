//! How large a record can be when written, so that its buffer never grows: a buffer that grew would leave
//! a copy of its secrets behind. Closer than a bound for all records, because the buffer is wiped whole.

use super::Unknown;
use crate::record::Record;
use crate::record::device::{Device, Motion};
use crate::record::foreign::{ForeignSet, Scheme};

/// The most that a CBOR number or the head of an item takes.
const NUMBER: usize = 9;
/// A key of one byte and a number.
const ENTRY: usize = 1 + NUMBER;
/// A key of one byte and 32 bytes with their head.
const HASH: usize = 36;

/// At least as many bytes as `encode` writes.
pub(super) fn of_record(record: &Record) -> usize {
    let sets = record
        .backup
        .as_ref()
        .map_or(0, |set| sum([4 * HASH, HASH.saturating_mul(set.hashes.len()), set.unknown.size()]));
    sum([
        ENTRY * 16,
        each(&record.devices, of_device),
        each(&record.foreign_devices, |device| device.len()),
        record
            .pending
            .as_ref()
            .map_or(0, |pending| sum([ENTRY * 4, of_device(&pending.device), pending.unknown.size()])),
        sets,
        sum([ENTRY * 3, NUMBER.saturating_mul(record.guard.failures.len()), record.guard.unknown.size()]),
        sum([
            ENTRY * 3,
            record.challenges.tried.len().saturating_mul(HASH),
            record.challenges.unknown.size(),
        ]),
        each(&record.trusted, |trusted| sum([ENTRY * 7 + HASH, trusted.name.len(), trusted.unknown.size()])),
        each(&record.sent, |sent| sum([ENTRY * 3 + HASH * 2, sent.unknown.size()])),
        record.foreign_codes.as_ref().map_or(0, of_foreign),
        Unknown::size(&record.unknown),
    ])
}

fn of_device(device: &Device) -> usize {
    let recent = match &device.motion {
        Motion::Totp(_, spent) | Motion::Steam(spent) => spent.recent.len(),
        Motion::Hotp(..) => 0,
    };
    sum([
        ENTRY * 14,
        device.id.len(),
        device.name.len(),
        device.secret.expose().len(),
        NUMBER.saturating_mul(recent),
        device.unknown.size(),
    ])
}

fn of_foreign(set: &ForeignSet) -> usize {
    let scheme = match &set.scheme {
        Scheme::Plain { .. } => HASH * 3,
        Scheme::HmacSha256 { keys } => each(keys, |key| sum([NUMBER, key.expose().len()])),
        Scheme::Sha256 => 0,
        Scheme::Pbkdf2Sha256 { salts } => each(salts, |salt| sum([NUMBER * 3, salt.bytes.len()])),
        Scheme::Later(bytes) => bytes.len(),
    };
    sum([ENTRY * 6, HASH.saturating_mul(set.hashes.len()), scheme, set.unknown.size()])
}

fn each<T>(list: &[T], size: impl Fn(&T) -> usize) -> usize {
    list.iter().fold(0, |sum, item| sum.saturating_add(size(item)))
}

fn sum<const N: usize>(parts: [usize; N]) -> usize {
    each(&parts, |part| *part)
}
