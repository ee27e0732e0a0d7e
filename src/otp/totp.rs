//! TOTP: codes from the time (RFC 6238).

use std::iter::FusedIterator;

use subtle::{Choice, ConstantTimeEq as _};

use super::mac::Keyed;
use super::{Algorithm, Code, Digits};
use crate::error::{ErrorCode, Fault};
use crate::secret::Secret;
use crate::time::UnixTime;

/// Seconds for which one code stands: 15 to 120.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period(u8);

impl Period {
    /// Checks and wraps seconds.
    ///
    /// # Errors
    /// `period_invalid` below 15 and above 120 seconds.
    pub fn new(seconds: u32) -> Result<Self, Fault> {
        match u8::try_from(seconds) {
            Ok(value @ 15..=120) => Ok(Self(value)),
            _ => Err(Fault::new(ErrorCode::PeriodInvalid)),
        }
    }

    /// The seconds.
    #[must_use]
    pub const fn seconds(self) -> u8 {
        self.0
    }
}

impl Default for Period {
    fn default() -> Self {
        Self(30)
    }
}

/// How many steps before and after the current one are tried: 0, 1 (the default) or 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window(u8);

impl Window {
    /// Checks and wraps a number of steps.
    ///
    /// # Errors
    /// `window_invalid` above 2.
    pub fn new(steps: u32) -> Result<Self, Fault> {
        match u8::try_from(steps) {
            Ok(value @ 0..=2) => Ok(Self(value)),
            _ => Err(Fault::new(ErrorCode::WindowInvalid)),
        }
    }

    /// The steps to each side.
    #[must_use]
    pub const fn steps(self) -> u8 {
        self.0
    }
}

impl Default for Window {
    fn default() -> Self {
        Self(1)
    }
}

/// The number of a time step: Unix seconds divided by the period (RFC 6238 §4.2, T0 = 0).
pub type Step = u64;

/// The parameters of a time device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TotpParams {
    /// The hash.
    pub algorithm: Algorithm,
    /// The code's length.
    pub digits: Digits,
    /// Seconds per step.
    pub period: Period,
}

/// The step at a time.
#[must_use]
pub fn step_at(period: Period, now: UnixTime) -> Step {
    // A `Period` is never zero, so there always is a quotient.
    now.seconds().checked_div(period.0.into()).unwrap_or_default()
}

/// The code at a time.
#[must_use]
pub fn generate(secret: &Secret, params: &TotpParams, now: UnixTime) -> Code {
    Keyed::new(secret, params.algorithm).code(step_at(params.period, now), params.digits)
}

/// The steps of the window in which a code is right, ascending: at most five.
///
/// All are computed and compared in constant time, whichever match.
#[must_use]
pub fn matching_steps(
    secret: &Secret,
    params: &TotpParams,
    code: &Code,
    window: Window,
    now: UnixTime,
) -> Matches {
    let keyed = Keyed::new(secret, params.algorithm);
    matches_in(step_at(params.period, now), window, |step| keyed.code(step, params.digits).ct_eq(code))
}

/// Asks about every step of a window.
pub(super) fn matches_in(current: Step, window: Window, mut is_hit: impl FnMut(Step) -> Choice) -> Matches {
    let first = current.saturating_sub(window.0.into());
    let last = current.saturating_add(window.0.into());
    let mut hits: u8 = 0;
    for step in (first..=last).rev() {
        hits = hits.wrapping_shl(1) | is_hit(step).unwrap_u8();
    }
    Matches { first, hits }
}

/// Verifies a code and returns the step that it belongs to, so that the caller can refuse to
/// accept that step again: without that, a code can be used twice.
#[must_use]
pub fn verify(
    secret: &Secret,
    params: &TotpParams,
    code: &Code,
    window: Window,
    now: UnixTime,
) -> Option<Step> {
    matching_steps(secret, params, code, window, now).next()
}

/// Iterator over matched steps, ascending. No allocation.
#[derive(Clone, Debug)]
pub struct Matches {
    first: Step,
    /// Bit n stands for the step `first + n`.
    hits: u8,
}

impl Matches {
    /// Of what is no code.
    pub(super) const fn none() -> Self {
        Self { first: 0, hits: 0 }
    }
}

impl Iterator for Matches {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        if self.hits == 0 {
            return None;
        }
        let step = self.first.saturating_add(self.hits.trailing_zeros().into());
        self.hits &= self.hits.wrapping_sub(1);
        Some(step)
    }
}

impl FusedIterator for Matches {}
