//! Text forms of bytes: hexadecimal, base64url, and base32 for secrets.

pub(crate) mod base32;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
/// The text may be a secret: what a bad one leads to is wiped, which the decoder's own buffer is not.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Zeroizing::new(vec![0; decoded_len_estimate(text.len())]);
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    Some(std::mem::take(&mut *bytes))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        text.push(hex_digit(byte >> 4));
        text.push(hex_digit(byte & 15));
    }
    text
}

fn hex_digit(nibble: u8) -> char {
    let zero = if nibble < 10 { b'0' } else { b'a'.wrapping_sub(10) };
    char::from(nibble.wrapping_add(zero))
}
