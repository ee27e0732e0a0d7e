//! Base32 (RFC 4648 §6) as authenticator apps and people write it.
//!
//! The symbols are decoded and checked without branches or tables (`base32ct`), because the text is
//! a secret. Only its length and where separators stand show in the time it takes.

use base32ct::{Base32UpperUnpadded, Encoding as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::error::{ErrorCode, Fault};

/// No text longer than this is looked at: the longest secret has 205 symbols, the rest is room for
/// separators.
const MAX_TEXT: usize = 1024;

/// Symbols in a group of five bytes.
const GROUP: usize = 8;

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
    let mut symbols = symbols(text)?;
    let count = symbols.len();
    let kept = byte_count(count)?;
    // Whole groups let the tail bits come out as bytes of their own: symbol `A` is five zero bits,
    // so every byte after the last real one must be zero.
    symbols.resize(count.next_multiple_of(GROUP), b'A');
    let mut bytes = Zeroizing::new(vec![0; symbols.len()]);
    let length = Base32UpperUnpadded::decode(symbols.as_slice(), &mut bytes).map_err(|_| malformed())?.len();
    bytes.truncate(length);
    let tail_is_zero = bytes.iter().skip(kept).fold(0, |all, byte| all | byte).ct_eq(&0);
    if !bool::from(tail_is_zero) {
        return Err(malformed());
    }
    bytes.truncate(kept);
    Ok(std::mem::take(&mut *bytes))
}

/// The text in upper case without separators and padding.
fn symbols(text: &str) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len().next_multiple_of(GROUP)));
    symbols.extend(text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')).map(|b| b.to_ascii_uppercase()));
    let total = symbols.len();
    let count = symbols.iter().rposition(|symbol| *symbol != b'=').map_or(0, |last| last.saturating_add(1));
    if total > count && total != count.next_multiple_of(GROUP) {
        return Err(malformed());
    }
    symbols.truncate(count);
    Ok(symbols)
}

/// How many bytes so many symbols hold; one, three and six symbols over whole groups are impossible.
fn byte_count(symbols: usize) -> Result<usize, Fault> {
    match symbols % GROUP {
        1 | 3 | 6 => Err(malformed()),
        _ => symbols.checked_mul(5).map(|bits| bits / GROUP).ok_or_else(malformed),
    }
}

fn malformed() -> Fault {
    Fault::new(ErrorCode::SecretMalformed)
}
