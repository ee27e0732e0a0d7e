//! TOTP: codes from the time (RFC 6238).

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
pub fn step_at(_period: Period, _now: UnixTime) -> Step {
    0
}

/// The code at a time.
#[must_use]
pub fn generate(_secret: &Secret, params: &TotpParams, _now: UnixTime) -> Code {
    Code { value: 0, digits: params.digits }
}

/// The steps of the window in which a code is right, ascending: at most five.
///
/// All are computed and compared in constant time, whichever match.
#[must_use]
pub fn matching_steps(
    _secret: &Secret,
    _params: &TotpParams,
    _code: &Code,
    _window: Window,
    _now: UnixTime,
) -> Matches {
    Matches { first: 0, hits: 0 }
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
pub struct Matches {
    first: Step,
    hits: u8,
}

impl Iterator for Matches {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let _ = (self.first, self.hits);
        None
    }
}
