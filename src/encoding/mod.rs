//! Text forms of bytes: hexadecimal, base64url, and base32 for secrets.

pub(crate) mod base32;

use base64::engine::general_purpose::{GeneralPurpose, URL_SAFE_NO_PAD};
use base64::{Engine as _, decoded_len_estimate};
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
///
/// The text may be a secret: what a bad one leads to is wiped.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    secret_from_base64(&URL_SAFE_NO_PAD, text.as_bytes()).map(|mut bytes| std::mem::take(&mut *bytes))
}

/// The bytes of a secret text, in either alphabet of base64. Whatever is wrong with the text, nothing of it is
/// left in memory that was given back, as it would be by the decoder's own buffer.
pub(crate) fn secret_from_base64(alphabet: &GeneralPurpose, text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; decoded_len_estimate(text.len())]);
    let length = alphabet.decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut digits = Vec::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        digits.extend_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 15)]);
    }
    String::from_utf8(digits).unwrap_or_default()
}

/// The lower-case digit for a number below 16, in ASCII.
pub(crate) const fn hex_digit(nibble: u8) -> u8 {
    let zero = if nibble < 10 { b'0' } else { b'a'.wrapping_sub(10) };
    nibble.wrapping_add(zero)
}
