//! Time as the caller tells it: Unix seconds in UTC. The core never reads a clock.

use crate::error::{ErrorCode, Fault};

/// Seconds since 1970-01-01T00:00:00Z, from 0 to the end of the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixTime(u64);

impl UnixTime {
    /// 9999-12-31T23:59:59Z, the last second that every database and language can write.
    pub const MAX: Self = Self(253_402_300_799);

    /// Checks and wraps Unix seconds.
    ///
    /// # Errors
    /// `time_invalid` below zero and after the year 9999.
    pub fn new(seconds: i64) -> Result<Self, Fault> {
        match u64::try_from(seconds) {
            Ok(value) if value <= Self::MAX.0 => Ok(Self(value)),
            _ => Err(Fault::new(ErrorCode::TimeInvalid)),
        }
    }

    /// The seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// The seconds as the signed number that databases and C use.
    #[must_use]
    pub fn to_i64(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    /// Later by so many seconds, at most [`UnixTime::MAX`].
    #[must_use]
    pub fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds).min(Self::MAX.0))
    }

    /// Seconds from `earlier` to this time; 0 if `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// A time that was read back from a sealed record or a signed token.
    pub(crate) fn from_stored(seconds: u64) -> Self {
        Self(seconds.min(Self::MAX.0))
    }
}
