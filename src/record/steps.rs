//! Which time steps of a device are spent.

use crate::otp::totp::Step;

/// How many accepted steps are kept one by one.
pub(crate) const MAX_RECENT: usize = 16;

/// The steps whose codes were accepted: each once, and never one older than another accepted at about
/// that time (RFC 6238 §5.2).
///
/// The youngest sixteen are kept one by one, so that a clock that ran ahead and was put right does not
/// shut its users out until the time comes round; all older ones are covered by the floor.
#[derive(Default)]
pub(crate) struct SpentSteps {
    /// Steps up to this one are spent, used or not.
    pub floor: Option<Step>,
    /// Single spent steps, ascending.
    pub recent: Vec<Step>,
}

impl SpentSteps {
    /// With everything up to a step spent: for a device whose last step another system has accepted.
    pub fn up_to(step: Step) -> Self {
        Self { floor: Some(step), recent: Vec::new() }
    }

    /// Whether a step is spent. `latest` is the youngest step that the present time allows, and `step` is not
    /// younger: spent steps beyond it come from a clock that was ahead and do not make older ones stale.
    pub fn has(&self, step: Step, latest: Step) -> bool {
        let newest = self.recent.iter().copied().filter(|&spent| spent <= latest).max();
        newest.max(self.floor).is_some_and(|limit| step <= limit)
    }

    /// Spends a step, unless it is spent; with it all before it. `latest` is as for [`Self::has`].
    pub fn spend(&mut self, step: Step, latest: Step) -> bool {
        if self.has(step, latest) {
            return false;
        }
        let place = self.recent.partition_point(|&spent| spent < step);
        self.recent.insert(place, step);
        if self.recent.len() > MAX_RECENT {
            self.floor = self.floor.max(Some(self.recent.remove(0)));
        }
        true
    }
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;
