//! The codes of Steam Guard: five characters of an alphabet of 26 in place of decimal digits.
//!
//! They are TOTP (RFC 6238) with SHA-1 and 30 seconds up to the truncated hash, which is then written to
//! base 26, the last place first. There is no specification; this is what Steam's own app and, for
//! instance, KeePassXC, Aegis and Bitwarden show. About as hard to guess as seven digits.

use subtle::ConstantTimeEq as _;

use super::Algorithm;
use super::mac::Keyed;
use super::totp::{Matches, Period, Window, matches_in, step_at};
use crate::secret::Secret;
use crate::time::UnixTime;

/// No vowels, and none of 0, 1, I, L, O, S, Z.
const ALPHABET: &[u8; 26] = b"23456789BCDFGHJKMNPQRTVWXY";
/// How many characters a code has.
pub const LENGTH: u8 = 5;
/// How many codes there are: 26 to the power of five.
const CODES: u32 = 11_881_376;
/// Longer input is no code, however it is grouped; so input of any size costs the same.
const MAX_TEXT: usize = 64;

/// The code at a time.
#[must_use]
pub fn generate(secret: &Secret, now: UnixTime) -> String {
    let mut rest = Keyed::new(secret, Algorithm::Sha1).truncated(step_at(Period::default(), now));
    let mut next = || {
        let place = usize::try_from(rest % 26).unwrap_or_default();
        rest /= 26;
        ALPHABET.get(place).copied().map(char::from)
    };
    (0..LENGTH).filter_map(|_| next()).collect()
}

/// The steps of the window in which a code is right, ascending: at most five.
///
/// Case and ASCII spaces and hyphens do not count. What is not five characters of the alphabet matches
/// nowhere, and no cryptography runs on it; otherwise all steps are computed and compared in constant
/// time, whichever match. As with TOTP, the caller must not accept a step twice.
#[must_use]
pub fn matching_steps(secret: &Secret, text: &str, window: Window, now: UnixTime) -> Matches {
    let Some(value) = read(text) else { return Matches::none() };
    let keyed = Keyed::new(secret, Algorithm::Sha1);
    matches_in(step_at(Period::default(), now), window, |step| (keyed.truncated(step) % CODES).ct_eq(&value))
}

/// The number that a code writes.
fn read(text: &str) -> Option<u32> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let mut value: u32 = 0;
    let mut count: u8 = 0;
    for byte in text.bytes().rev().filter(|byte| !matches!(byte, b' ' | b'-')) {
        let place = ALPHABET.iter().position(|known| *known == byte.to_ascii_uppercase())?;
        count = count.checked_add(1).filter(|count| *count <= LENGTH)?;
        value = value.checked_mul(26)?.checked_add(u32::try_from(place).ok()?)?;
    }
    (count == LENGTH).then_some(value)
}
