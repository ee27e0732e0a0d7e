//! HOTP: codes from a counter (RFC 4226).

use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

use super::mac::Keyed;
use super::{Algorithm, Code, Digits};
use crate::error::{ErrorCode, Fault};
use crate::secret::Secret;

/// The parameters of a counter device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HotpParams {
    /// The hash.
    pub algorithm: Algorithm,
    /// The code's length.
    pub digits: Digits,
}

/// The furthest that [`verify`] looks ahead: each further candidate is one more code that a guess
/// may hit.
pub const MAX_LOOK_AHEAD: u8 = 100;

/// The furthest that [`resync`] looks ahead: two codes at once are hit by a guess so much more rarely.
pub const MAX_RESYNC_WINDOW: u16 = 1000;

/// The code at one counter value.
#[must_use]
pub fn generate(secret: &Secret, params: &HotpParams, counter: u64) -> Code {
    Keyed::new(secret, params.algorithm).code(counter, params.digits)
}

/// Looks for the code at `counter` and up to `look_ahead` values after it, never before it.
/// Returns the matched counter; the next one to expect is one more (RFC 4226 §7.2).
/// Every candidate is computed and compared, whichever matches.
///
/// # Errors
/// `counter_overflow` when a match could leave no next counter in 64 bits; `window_invalid` for a
/// look-ahead above 100.
pub fn verify(
    secret: &Secret,
    params: &HotpParams,
    code: &Code,
    counter: u64,
    look_ahead: u8,
) -> Result<Option<u64>, Fault> {
    if look_ahead > MAX_LOOK_AHEAD {
        return Err(Fault::about(ErrorCode::WindowInvalid, "look_ahead"));
    }
    let last = counter.checked_add(look_ahead.into()).filter(|last| *last < u64::MAX);
    let last = last.ok_or(Fault::new(ErrorCode::CounterOverflow))?;
    let keyed = Keyed::new(secret, params.algorithm);
    // `u64::MAX` is no candidate, so it can stand for "none". Backwards, so that of two candidates
    // with the same code the nearer one is left.
    let mut matched = u64::MAX;
    for candidate in (counter..=last).rev() {
        let hit = keyed.code(candidate, params.digits).ct_eq(code);
        matched.conditional_assign(&candidate, hit);
    }
    Ok((matched != u64::MAX).then_some(matched))
}

/// Finds a counter that ran far ahead, by two codes that the device showed one after the other
/// (RFC 4226 §7.4): the first at `counter` or up to `window` values after it, the second right behind.
/// Returns the counter of the second; the next one to expect is one more.
/// Every candidate is computed and compared, whichever matches.
///
/// # Errors
/// `counter_overflow` when a match could leave no next counter in 64 bits; `window_invalid` for a
/// window above 1000.
pub fn resync(
    secret: &Secret,
    params: &HotpParams,
    first: &Code,
    second: &Code,
    counter: u64,
    window: u16,
) -> Result<Option<u64>, Fault> {
    if window > MAX_RESYNC_WINDOW {
        return Err(Fault::about(ErrorCode::WindowInvalid, "window"));
    }
    let last = counter.checked_add(window.into()).and_then(|last| last.checked_add(1));
    let last = last.filter(|last| *last < u64::MAX).ok_or(Fault::new(ErrorCode::CounterOverflow))?;
    let keyed = Keyed::new(secret, params.algorithm);
    // As in `verify`: backwards, and `u64::MAX` is no candidate.
    let mut matched = u64::MAX;
    let mut behind = u64::MAX;
    let mut is_second_behind = Choice::from(0);
    for candidate in (counter..=last).rev() {
        let code = keyed.code(candidate, params.digits);
        matched.conditional_assign(&behind, code.ct_eq(first) & is_second_behind);
        is_second_behind = code.ct_eq(second);
        behind = candidate;
    }
    Ok((matched != u64::MAX).then_some(matched))
}
