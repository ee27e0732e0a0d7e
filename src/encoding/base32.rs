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
    let (body, padding) = split_padding(text);
    let symbols = text
        .bytes()
        .take(body)
        .filter(|byte| !matches!(byte, b' ' | b'-'))
        .map(|byte| byte.to_ascii_uppercase());
    // Room for all from the start: no part of the secret stays behind in a buffer that was outgrown.
    let mut bytes = Zeroizing::new(Vec::with_capacity(body.div_ceil(SYMBOLS).saturating_mul(BYTES)));
    let count = decode_groups(symbols, &mut bytes)?;
    if padding > 0 && count.saturating_add(padding) != count.next_multiple_of(SYMBOLS) {
        return Err(malformed());
    }
    cut_tail(&mut bytes, byte_count(count)?)?;
    Ok(std::mem::take(&mut *bytes))
}

/// How long the text is without the `=` at its end, and how many there were. Nothing is compared but the end.
fn split_padding(text: &str) -> (usize, usize) {
    let end = text.bytes().rev().take_while(|byte| matches!(byte, b'=' | b' ' | b'-'));
    let padding = end.clone().filter(|byte| *byte == b'=').count();
    (text.len().saturating_sub(end.count()), padding)
}

/// Decodes group by group, the last one filled up, and returns how many symbols there were.
fn decode_groups(mut symbols: impl Iterator<Item = u8>, bytes: &mut Vec<u8>) -> Result<usize, Fault> {
    let mut count: usize = 0;
    let mut group = Zeroizing::new([0; SYMBOLS]);
    let mut decoded = Zeroizing::new([0; BYTES]);
    loop {
        // Symbol `A` is five zero bits: a group filled up with it decodes like any other.
        *group = [b'A'; SYMBOLS];
        let read = group.iter_mut().zip(&mut symbols).map(|(place, symbol)| *place = symbol).count();
        if read == 0 {
            return Ok(count);
        }
        count = count.saturating_add(read);
        Base32UpperUnpadded::decode(*group, decoded.as_mut_slice()).map_err(|_| malformed())?;
        bytes.extend_from_slice(decoded.as_slice());
    }
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
