//! The failure guard: wrong answers lead to locks, in three windows. Pure: state, policy and time in, verdict out.
//!
//! * in a row: after `failures_before_lock` a lock of `lock_seconds`, doubling with each further failure
//!   up to `lock_seconds_max`; after `failures_before_disable` the factor is blocked until an unlock;
//! * in 24 hours and in 30 days: a lock until the window holds fewer than allowed. Successes do not
//!   clear these, or an attacker could guess between the owner's own sign-ins.
//!
//! Only the times of failures are kept; locks follow from them, so that history outlives every lock.

use crate::engine::policy::Policy;
use crate::error::{ErrorCode, Refusal};
use crate::record::codec::Unknown;
use crate::time::UnixTime;

const DAY: u64 = 86_400;
const MONTH: u64 = 30 * DAY;
/// Remembered failures. `failures_per_month` is at most this, and a locked account adds none.
pub(crate) const MAX_FAILURES: usize = 100;

/// What is remembered of wrong answers.
#[derive(Default)]
pub(crate) struct Guard {
    /// Wrong answers since the last right one.
    pub in_a_row: u32,
    /// When wrong answers were given, ascending, within the last 30 days.
    pub failures: Vec<UnixTime>,
    pub unknown: Unknown,
}

/// No lock was in force when this was given out: an answer may be judged.
pub(crate) struct Permit(());

impl Guard {
    /// Takes times from the future as now (the clock was put back: nobody is blocked for the jump) and
    /// forgets what is older than the longest window. Says whether times were moved.
    pub fn settle(&mut self, now: UnixTime) -> bool {
        let mut moved = false;
        for time in self.failures.iter_mut().filter(|time| **time > now) {
            *time = now;
            moved = true;
        }
        self.failures.retain(|&time| now.since(time) < MONTH);
        moved
    }

    /// Refuses while a lock is in force. Nobody can look at an answer without the permit.
    pub fn permit(&self, policy: &Policy, now: UnixTime) -> Result<Permit, Refusal> {
        if self.is_disabled(policy) {
            return Err(Refusal::new(ErrorCode::FactorDisabled));
        }
        match self.locked_until(policy, now) {
            Some(end) => Err(Refusal::after(ErrorCode::Locked, end.since(now))),
            None => Ok(Permit(())),
        }
    }

    /// Whether only an unlock helps.
    pub fn is_disabled(&self, policy: &Policy) -> bool {
        self.in_a_row >= policy.failures_before_disable
    }

    /// When the longest of the present locks ends.
    pub fn locked_until(&self, policy: &Policy, now: UnixTime) -> Option<UnixTime> {
        let row = self.failures.last().map(|last| last.plus(self.row_lock_seconds(policy)));
        let day = self.window_end(policy.failures_per_day, DAY);
        let month = self.window_end(policy.failures_per_month, MONTH);
        row.into_iter().chain(day).chain(month).filter(|end| *end > now).max()
    }

    /// Wrong answers in the last 24 hours.
    pub fn failures_today(&self, now: UnixTime) -> usize {
        self.failures.iter().filter(|&&time| now.since(time) < DAY).count()
    }

    /// Counts a wrong answer.
    pub fn fail(&mut self, now: UnixTime) {
        self.in_a_row = self.in_a_row.saturating_add(1);
        if self.failures.len() >= MAX_FAILURES {
            self.failures.remove(0);
        }
        self.failures.push(now);
    }

    /// A right answer ends the row and nothing else.
    pub fn succeed(&mut self) {
        self.in_a_row = 0;
    }

    /// An operator's unlock forgets everything.
    pub fn unlock(&mut self) {
        self.in_a_row = 0;
        self.failures.clear();
    }

    /// `lock_seconds`, doubled for each failure after the one that first locked.
    fn row_lock_seconds(&self, policy: &Policy) -> u64 {
        let Some(doublings) = self.in_a_row.checked_sub(policy.failures_before_lock) else { return 0 };
        let factor = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
        u64::from(policy.lock_seconds).saturating_mul(factor).min(policy.lock_seconds_max.into())
    }

    /// When the `allowed`-th youngest failure leaves the window.
    fn window_end(&self, allowed: u32, window: u64) -> Option<UnixTime> {
        let back = usize::try_from(allowed).ok()?;
        let start = self.failures.len().checked_sub(back)?;
        self.failures.get(start).map(|time| time.plus(window))
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
