//! Devices: an authenticator's secret, its parameters, and the steps that it has already used.

use crate::encoding::hex;
use crate::engine::policy::Policy;
use crate::error::{ErrorCode, Fault};
use crate::otp::Code;
use crate::otp::totp::{self, Step, TotpParams, Window};
use crate::otp::uri::check_name;
use crate::random::{self, Random};
use crate::record::codec::Unknown;
use crate::secret::Secret;
use crate::time::UnixTime;

/// The longest device name in characters: ten of them still leave a record under 4 KB.
const MAX_NAME: usize = 64;
const DEFAULT_NAME: &str = "Authenticator";

/// A confirmed time-based authenticator.
pub(crate) struct Device {
    pub id: [u8; 12],
    pub name: String,
    pub secret: Secret,
    pub params: TotpParams,
    pub created_at: UnixTime,
    pub last_used_at: UnixTime,
    pub spent: SpentSteps,
    pub unknown: Unknown,
}

/// A device that waits for its first code.
pub(crate) struct PendingDevice {
    pub device: Device,
    pub expires_at: UnixTime,
    /// Wrong codes so far.
    pub tries: u32,
    pub unknown: Unknown,
}

/// What a code is to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeVerdict {
    Accepted,
    Replayed,
    Wrong,
}

impl Device {
    /// A device with a new secret.
    pub fn generate(
        name: Option<&str>,
        params: TotpParams,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Self, Fault> {
        let name = name.unwrap_or(DEFAULT_NAME);
        check_name(name)?;
        if name.chars().count() > MAX_NAME {
            return Err(Fault::about(ErrorCode::NameInvalid, "name"));
        }
        Ok(Self {
            id: random::bytes(random)?,
            name: name.to_owned(),
            secret: Secret::generate(random)?,
            params,
            created_at: now,
            last_used_at: now,
            spent: SpentSteps::default(),
            unknown: Unknown::default(),
        })
    }

    /// The id as hosts and users see it: 24 hexadecimal digits.
    pub fn id_text(&self) -> String {
        hex(&self.id)
    }

    /// Judges what was typed, and spends the step if it is right.
    pub fn accept(&mut self, text: &str, window: Window, now: UnixTime) -> CodeVerdict {
        let Some(code) = Code::parse(text, self.params.digits) else { return CodeVerdict::Wrong };
        let latest = totp::step_at(self.params.period, now).saturating_add(window.steps().into());
        let mut verdict = CodeVerdict::Wrong;
        for step in totp::matching_steps(&self.secret, &self.params, &code, window, now) {
            if self.spent.spend(step, latest) {
                self.last_used_at = now;
                return CodeVerdict::Accepted;
            }
            verdict = CodeVerdict::Replayed;
        }
        verdict
    }
}

impl PendingDevice {
    pub fn new(device: Device, expires_at: UnixTime) -> Self {
        Self { device, expires_at, tries: 0, unknown: Unknown::default() }
    }

    /// Whether it can still be confirmed. A time of expiry further ahead than the policy allows comes
    /// from a clock that was wrong, and ends the enrollment, too.
    pub fn is_alive(&self, policy: &Policy, now: UnixTime) -> bool {
        now < self.expires_at && self.expires_at <= now.plus(policy.enrollment_life.into())
    }
}

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

/// How many accepted steps are kept one by one.
pub(crate) const MAX_RECENT: usize = 16;

impl SpentSteps {
    /// Spends a step, unless it is spent. `latest` is the youngest step that the present time allows, and `step`
    /// is not younger: spent steps beyond it come from a clock that was ahead and do not make older ones stale.
    pub fn spend(&mut self, step: Step, latest: Step) -> bool {
        let newest = self.recent.iter().copied().filter(|&spent| spent <= latest).max();
        let spent_up_to = newest.max(self.floor);
        if spent_up_to.is_some_and(|limit| step <= limit) {
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
#[path = "device_tests.rs"]
mod tests;
