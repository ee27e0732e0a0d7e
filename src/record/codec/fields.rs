//! CBOR maps with integer keys of which some may be unknown.

use std::convert::Infallible;

use minicbor::Decoder;
use minicbor::encode::Error;
use zeroize::Zeroizing;

use super::{MALFORMED, Writer};
use crate::error::Fault;
use crate::time::UnixTime;

pub(crate) type WriteError = Error<Infallible>;

/// The entries of a map that this version does not know, as they were written.
#[derive(Default)]
pub(crate) struct Unknown(Vec<(u64, Zeroizing<Vec<u8>>)>);

impl Unknown {
    /// At most so many bytes when written.
    pub fn size(&self) -> usize {
        self.0.iter().fold(0, |sum, (_, value)| sum.saturating_add(value.len()).saturating_add(9))
    }
}

/// A map that was taken apart: each key with the bytes of its value.
pub(crate) struct Fields<'b>(Vec<(u64, &'b [u8])>);

impl<'b> Fields<'b> {
    /// Takes one map apart; nothing may follow it, and no key may stand in it twice.
    pub fn read(bytes: &'b [u8]) -> Result<Self, Fault> {
        let mut decoder = Decoder::new(bytes);
        let count = decoder.map().ok().flatten().ok_or(MALFORMED)?;
        let mut entries: Vec<(u64, &'b [u8])> = Vec::with_capacity(room(count));
        for _ in 0..count {
            let key = decoder.u64().map_err(|_| MALFORMED)?;
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(MALFORMED);
            }
            entries.push((key, raw_item(&mut decoder)?));
        }
        if decoder.position() == bytes.len() { Ok(Self(entries)) } else { Err(MALFORMED) }
    }

    /// Takes an entry out.
    pub fn take(&mut self, key: u64) -> Option<&'b [u8]> {
        let index = self.0.iter().position(|(known, _)| *known == key)?;
        Some(self.0.swap_remove(index).1)
    }

    /// Gives an entry back that says nothing to this version, so that it is kept.
    pub fn put_back(&mut self, key: u64, value: &'b [u8]) {
        self.0.push((key, value));
    }

    /// Takes out an entry that must be there.
    pub fn required(&mut self, key: u64) -> Result<&'b [u8], Fault> {
        self.take(key).ok_or(MALFORMED)
    }

    pub fn number(&mut self, key: u64) -> Result<u64, Fault> {
        number(self.required(key)?)
    }

    pub fn small(&mut self, key: u64) -> Result<u32, Fault> {
        u32::try_from(self.number(key)?).map_err(|_| MALFORMED)
    }

    pub fn time(&mut self, key: u64) -> Result<UnixTime, Fault> {
        self.number(key).map(UnixTime::from_stored)
    }

    pub fn bytes<const N: usize>(&mut self, key: u64) -> Result<[u8; N], Fault> {
        self.slice(key)?.try_into().map_err(|_| MALFORMED)
    }

    pub fn slice(&mut self, key: u64) -> Result<&'b [u8], Fault> {
        Decoder::new(self.required(key)?).bytes().map_err(|_| MALFORMED)
    }

    pub fn text(&mut self, key: u64) -> Result<&'b str, Fault> {
        Decoder::new(self.required(key)?).str().map_err(|_| MALFORMED)
    }

    pub fn items(&mut self, key: u64) -> Result<Vec<&'b [u8]>, Fault> {
        items(self.required(key)?)
    }

    /// What nobody took.
    pub fn rest(self) -> Unknown {
        Unknown(self.0.into_iter().map(|(key, value)| (key, Zeroizing::new(value.to_vec()))).collect())
    }
}

/// The bytes of each item of an array.
pub(crate) fn items(bytes: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let mut decoder = Decoder::new(bytes);
    let count = decoder.array().ok().flatten().ok_or(MALFORMED)?;
    let mut items = Vec::with_capacity(room(count));
    for _ in 0..count {
        items.push(raw_item(&mut decoder)?);
    }
    Ok(items)
}

/// Room for so many, as far as the number can be believed.
fn room(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX).min(32)
}

/// An unsigned integer.
pub(crate) fn number(bytes: &[u8]) -> Result<u64, Fault> {
    Decoder::new(bytes).u64().map_err(|_| MALFORMED)
}

/// Ascending numbers, of which each but the first is written as the difference to the one before.
pub(crate) fn ascending(bytes: &[u8]) -> Result<Vec<u64>, Fault> {
    let mut sum = 0_u64;
    let mut numbers = Vec::new();
    for item in items(bytes)? {
        sum = sum.checked_add(number(item)?).ok_or(MALFORMED)?;
        numbers.push(sum);
    }
    Ok(numbers)
}

pub(crate) fn write_ascending(
    numbers: impl ExactSizeIterator<Item = u64>,
    w: &mut Writer<'_>,
) -> Result<(), WriteError> {
    w.array(length(numbers.len()))?;
    let mut before = 0_u64;
    for number in numbers {
        w.u64(number.saturating_sub(before))?;
        before = number;
    }
    Ok(())
}

/// A length as CBOR writes it.
pub(crate) fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn raw_item<'b>(decoder: &mut Decoder<'b>) -> Result<&'b [u8], Fault> {
    let start = decoder.position();
    decoder.skip().map_err(|_| MALFORMED)?;
    decoder.input().get(start..decoder.position()).ok_or(MALFORMED)
}

/// A map while it is written: the known entries, then the unknown ones.
pub(crate) struct Entries<'w, 'b, 'u> {
    writer: &'w mut Writer<'b>,
    unknown: &'u Unknown,
}

impl<'w, 'b, 'u> Entries<'w, 'b, 'u> {
    /// Starts a map of `always` entries, one for each `true`, and the unknown ones.
    pub fn begin<const N: usize>(
        writer: &'w mut Writer<'b>,
        always: usize,
        present: [bool; N],
        unknown: &'u Unknown,
    ) -> Result<Self, WriteError> {
        let sometimes = present.iter().filter(|is_there| **is_there).count();
        writer.map(length(always.saturating_add(sometimes).saturating_add(unknown.0.len())))?;
        Ok(Self { writer, unknown })
    }

    /// Writes a key; its value has to follow.
    pub fn key(&mut self, key: u64) -> Result<&mut Writer<'b>, WriteError> {
        self.writer.u64(key)
    }

    /// Writes the unknown entries.
    pub fn end(self) -> Result<(), WriteError> {
        for (key, value) in &self.unknown.0 {
            self.writer.u64(*key)?.writer_mut().extend_from_slice(value);
        }
        Ok(())
    }
}
