//! Text forms of bytes: hexadecimal, base64url, and base32 for secrets.

pub(crate) mod base32;

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// base64url without padding (RFC 4648 §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Adds bytes in base64url to a text.
pub(crate) fn push_base64url(bytes: &[u8], text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// Strict base64url: no padding, no white space, no non-zero tail bits.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// As [`from_base64url`], for secrets: nothing is left in memory that was given back, whatever is wrong with the
/// text. `None` too unless it stands for exactly `N` bytes.
pub(crate) fn secret_from_base64url<const N: usize>(text: &str) -> Option<Zeroizing<[u8; N]>> {
    // The decoder wants room for the last group of characters as if it were full.
    let mut room = Zeroizing::new([0; 64]);
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut *room).ok()?;
    let bytes = room.get(..length)?;
    bytes.try_into().ok().map(Zeroizing::new)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut digits = Vec::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        digits.extend_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 15)]);
    }
    String::from_utf8(digits).unwrap_or_default()
}

/// As [`secret_from_base64url`], for secrets of any length, in either alphabet of base64.
pub(crate) fn secret_from_base64(alphabet: &GeneralPurpose, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut room = Zeroizing::new(vec![0; text.len().saturating_add(3)]);
    let length = alphabet.decode_slice(text, &mut room).ok()?;
    room.truncate(length);
    Some(room)
}

/// The lower-case digit for a number below 16, in ASCII.
pub(crate) const fn hex_digit(nibble: u8) -> u8 {
    let zero = if nibble < 10 { b'0' } else { b'a'.wrapping_sub(10) };
    nibble.wrapping_add(zero)
}
