//! Base32 (RFC 4648 §6) as authenticator apps and people write it.
//!
//! The symbols are decoded and checked without branches or tables (`base32ct`), because the text is
//! a secret. Of a well-formed text only its length and where separators stand show in the time.

use base32ct::{Base32UpperUnpadded, Encoding as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::error::{ErrorCode, Fault};

/// No text longer than this is looked at: the longest secret has 205 symbols, the rest is room for
/// separators.
const MAX_TEXT: usize = 1024;

/// A group of eight symbols stands for five bytes.
const SYMBOLS: usize = 8;
const BYTES: usize = 5;
/// Symbols that are decoded at once, whole groups: a secret of 20 bytes, the usual one, has as many.
const AT_ONCE: usize = 32;
/// Five zero bits: a group that is filled up with them decodes like any other.
const FILLING: u8 = b'A';

/// Upper case, no padding.
pub(crate) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(Base32UpperUnpadded::encode_string(bytes))
}

/// Either case, optional padding at the end, ASCII spaces and hyphens skipped.
///
/// # Errors
/// `secret_malformed` for any other character, for padding that does not fill the last group, for a
/// length that no bytes have, and for non-zero tail bits; `secret_length` for more than 1024 bytes
/// of text.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Fault> {
    if text.len() > MAX_TEXT {
        return Err(Fault::new(ErrorCode::SecretLength));
    }
    let (body, padding) = split_padding(text.as_bytes());
    let stripped;
    let symbols = if body.iter().fold(false, |any, byte| any | is_separator(*byte)) {
        stripped = strip(body);
        &stripped
    } else {
        body
    };
    let count = symbols.len();
    // Room for all from the start: no part of the secret stays behind in a buffer that was outgrown.
    let mut bytes = Zeroizing::new(Vec::with_capacity(count.div_ceil(SYMBOLS).saturating_mul(BYTES)));
    decode_groups(symbols, &mut bytes)?;
    if padding > 0 && count.saturating_add(padding) != count.next_multiple_of(SYMBOLS) {
        return Err(malformed());
    }
    cut_tail(&mut bytes, byte_count(count)?)?;
    Ok(std::mem::take(&mut *bytes))
}

/// The text without the `=` at its end, and how many there were. Nothing is compared but the end.
fn split_padding(text: &[u8]) -> (&[u8], usize) {
    let end = text.iter().rev().take_while(|byte| **byte == b'=' || is_separator(**byte));
    let padding = end.clone().filter(|byte| **byte == b'=').count();
    let body = text.len().saturating_sub(end.count());
    (text.get(..body).unwrap_or(text), padding)
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-')
}

/// The text without separators.
fn strip(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    symbols.extend(text.iter().filter(|byte| !is_separator(**byte)));
    symbols
}

/// Decodes symbols of either case, the last group filled up.
fn decode_groups(symbols: &[u8], bytes: &mut Vec<u8>) -> Result<(), Fault> {
    let mut upper = Zeroizing::new([FILLING; AT_ONCE]);
    for part in symbols.chunks(AT_ONCE) {
        *upper = [FILLING; AT_ONCE];
        upper.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        upper.make_ascii_uppercase();
        let groups = part.len().div_ceil(SYMBOLS);
        let text = upper.get(..groups.saturating_mul(SYMBOLS)).ok_or_else(malformed)?;
        let known = bytes.len();
        bytes.resize(known.saturating_add(groups.saturating_mul(BYTES)), 0);
        let room = bytes.get_mut(known..).ok_or_else(malformed)?;
        Base32UpperUnpadded::decode(text, room).map_err(|_| malformed())?;
    }
    Ok(())
}

/// How many bytes so many symbols hold; one, three and six symbols over whole groups are impossible.
fn byte_count(symbols: usize) -> Result<usize, Fault> {
    match symbols % SYMBOLS {
        1 | 3 | 6 => Err(malformed()),
        _ => symbols.checked_mul(BYTES).map(|bits| bits / SYMBOLS).ok_or_else(malformed),
    }
}

/// Drops the bytes that came of filling up the last group. Any bit that is set in them was a bit at
/// the end of the last symbol, where RFC 4648 §3.5 wants zeros.
fn cut_tail(bytes: &mut Vec<u8>, count: usize) -> Result<(), Fault> {
    let tail = bytes.iter().skip(count).fold(0, |all, byte| all | byte);
    if !bool::from(tail.ct_eq(&0)) {
        return Err(malformed());
    }
    bytes.truncate(count);
    Ok(())
}

fn malformed() -> Fault {
    Fault::new(ErrorCode::SecretMalformed)
}
