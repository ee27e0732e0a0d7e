//! As much of Protocol Buffers as the export needs: numbers and byte strings by field number.
//!
//! Strict where two readers could see different things: a field that must stand once and stands twice
//! has no value. Fields that nobody asks for are skipped, whatever is in them.

/// The fields of one message in their order.
pub(super) struct Message<'a>(Vec<(u64, Value<'a>)>);

#[derive(Clone, Copy)]
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Eight or four bytes, which no field of the export is.
    Fixed,
}

impl<'a> Message<'a> {
    /// Takes a message apart. `None` if it is none.
    pub(super) fn read(mut bytes: &'a [u8]) -> Option<Self> {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let tag = varint(&mut bytes)?;
            let value = match tag & 7 {
                0 => Value::Number(varint(&mut bytes)?),
                1 => cut(&mut bytes, 8).map(|_| Value::Fixed)?,
                2 => {
                    let length = varint(&mut bytes)?;
                    Value::Bytes(cut(&mut bytes, length)?)
                }
                5 => cut(&mut bytes, 4).map(|_| Value::Fixed)?,
                _ => return None,
            };
            fields.push((Some(tag >> 3).filter(|number| *number > 0)?, value));
        }
        Some(Self(fields))
    }

    /// A number, 0 where it is missing. `None` for a field of another kind.
    pub(super) fn number(&self, field: u64) -> Option<u64> {
        match self.only(field)? {
            None => Some(0),
            Some(Value::Number(number)) => Some(number),
            Some(_) => None,
        }
    }

    /// A byte string, empty where it is missing. `None` for a field of another kind.
    pub(super) fn bytes(&self, field: u64) -> Option<&'a [u8]> {
        match self.only(field)? {
            None => Some(&[]),
            Some(Value::Bytes(bytes)) => Some(bytes),
            Some(_) => None,
        }
    }

    /// All byte strings of a repeated field. `None` if one of them is of another kind.
    pub(super) fn all_bytes(&self, field: u64) -> Option<Vec<&'a [u8]>> {
        let values = self.0.iter().filter(|(number, _)| *number == field);
        values
            .map(|(_, value)| match value {
                Value::Bytes(bytes) => Some(*bytes),
                _ => None,
            })
            .collect()
    }

    /// The only value of a field. `None` if there are several.
    fn only(&self, field: u64) -> Option<Option<Value<'a>>> {
        let mut values = self.0.iter().filter(|(number, _)| *number == field);
        let value = values.next().map(|(_, value)| *value);
        values.next().is_none().then_some(value)
    }
}

/// A byte string that is text.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// Seven bits of each byte, the low ones first, until one without its highest bit; 64 bits at most.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value: u64 = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = u64::from(*cut(bytes, 1)?.first()?);
        let bits = byte & 0x7f;
        let shifted = bits.checked_shl(shift)?;
        if shifted.checked_shr(shift)? != bits {
            return None;
        }
        value |= shifted;
        if byte == bits {
            return Some(value);
        }
    }
    None
}

fn cut<'a>(bytes: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = rest;
    Some(head)
}
