//! Devices: an authenticator's secret, its parameters, and what of it was already used.

use super::steps::SpentSteps;
use crate::encoding::hex;
use crate::engine::policy::Policy;
use crate::error::{ErrorCode, Fault};
use crate::otp::hotp::{self, HotpParams};
use crate::otp::steam;
use crate::otp::totp::{self, Matches, Period, TotpParams, Window};
use crate::otp::uri::check_name;
use crate::otp::{Algorithm, Code};
use crate::random::{self, Random};
use crate::record::codec::Unknown;
use crate::secret::Secret;
use crate::time::UnixTime;

/// The longest name of a device: many of them still leave a record under 4 KB.
const MAX_NAME_CHARACTERS: usize = 64;
const MAX_NAME_BYTES: usize = 128;
const DEFAULT_NAME: &str = "Authenticator";

/// What a device is, and with which parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceParams {
    /// Codes from the time (RFC 6238).
    Totp(TotpParams),
    /// Codes from a counter (RFC 4226).
    Hotp(HotpParams),
    /// Steam's five characters from the time.
    Steam,
}

impl Default for DeviceParams {
    fn default() -> Self {
        Self::Totp(TotpParams::default())
    }
}

impl DeviceParams {
    /// The name in every language: `totp`, `hotp`, `steam`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Totp(_) => "totp",
            Self::Hotp(_) => "hotp",
            Self::Steam => "steam",
        }
    }

    /// The hash.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Totp(params) => params.algorithm,
            Self::Hotp(params) => params.algorithm,
            Self::Steam => Algorithm::Sha1,
        }
    }

    /// Characters of a code.
    #[must_use]
    pub const fn digits(&self) -> u8 {
        match self {
            Self::Totp(params) => params.digits.get(),
            Self::Hotp(params) => params.digits.get(),
            Self::Steam => steam::LENGTH,
        }
    }

    /// Seconds per step; `None` for a counter device.
    #[must_use]
    pub const fn period(&self) -> Option<u8> {
        match self {
            Self::Totp(params) => Some(params.period.seconds()),
            Self::Hotp(_) => None,
            Self::Steam => Some(30),
        }
    }
}

/// What moves the codes of a device on, and how far they have moved.
pub(crate) enum Motion {
    Totp(TotpParams, SpentSteps),
    /// The counter is the one to expect next.
    Hotp(HotpParams, u64),
    Steam(SpentSteps),
}

impl Motion {
    /// That of a device of which no code was used.
    pub fn new(params: DeviceParams) -> Self {
        match params {
            DeviceParams::Totp(params) => Self::Totp(params, SpentSteps::default()),
            DeviceParams::Hotp(params) => Self::Hotp(params, 0),
            DeviceParams::Steam => Self::Steam(SpentSteps::default()),
        }
    }

    /// Without what was used.
    pub const fn params(&self) -> DeviceParams {
        match self {
            Self::Totp(params, _) => DeviceParams::Totp(*params),
            Self::Hotp(params, _) => DeviceParams::Hotp(*params),
            Self::Steam(_) => DeviceParams::Steam,
        }
    }
}

/// An authenticator.
pub(crate) struct Device {
    pub id: [u8; 12],
    pub name: String,
    pub secret: Secret,
    pub motion: Motion,
    pub created_at: UnixTime,
    pub last_used_at: UnixTime,
    pub unknown: Unknown,
}

/// What a code is to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeVerdict {
    Accepted,
    Replayed,
    Wrong,
}

/// How far from the expected one a code may be.
#[derive(Clone, Copy)]
pub(crate) struct Tolerance {
    pub window: Window,
    pub look_ahead: u8,
}

impl Device {
    /// A device with a new secret.
    pub fn generate(
        name: Option<&str>,
        params: DeviceParams,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Self, Fault> {
        let id = random::bytes(random)?;
        Self::with_id(id, name, Secret::generate(random)?, Motion::new(params), now)
    }

    /// A device with a secret that exists.
    pub fn new(
        name: Option<&str>,
        secret: Secret,
        motion: Motion,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Self, Fault> {
        Self::with_id(random::bytes(random)?, name, secret, motion, now)
    }

    fn with_id(
        id: [u8; 12],
        name: Option<&str>,
        secret: Secret,
        motion: Motion,
        now: UnixTime,
    ) -> Result<Self, Fault> {
        let name = name.unwrap_or(DEFAULT_NAME);
        check_device_name(name)?;
        Ok(Self {
            id,
            name: name.to_owned(),
            secret,
            motion,
            created_at: now,
            last_used_at: now,
            unknown: Unknown::default(),
        })
    }

    /// The id as hosts and users see it: 24 hexadecimal digits.
    pub fn id_text(&self) -> String {
        hex(&self.id)
    }

    /// Judges what was typed, and spends the steps or the counter value that it stands for if it is right.
    pub fn accept(&mut self, text: &str, tolerance: Tolerance, now: UnixTime) -> Result<CodeVerdict, Fault> {
        Ok(match &mut self.motion {
            Motion::Totp(params, spent) => match Code::parse(text, params.digits) {
                Some(code) => {
                    let hits = totp::matching_steps(&self.secret, params, &code, tolerance.window, now);
                    spend(spent, hits, params.period, tolerance.window, now)
                }
                None => CodeVerdict::Wrong,
            },
            Motion::Steam(spent) => {
                let hits = steam::matching_steps(&self.secret, text, tolerance.window, now);
                spend(spent, hits, Period::default(), tolerance.window, now)
            }
            Motion::Hotp(params, counter) => match Code::parse(text, params.digits) {
                Some(code) => {
                    let last = counter.checked_sub(1).map(|last| hotp::generate(&self.secret, params, last));
                    match hotp::verify(&self.secret, params, &code, *counter, tolerance.look_ahead)? {
                        _ if last == Some(code) => CodeVerdict::Replayed,
                        Some(matched) => advance(counter, matched)?,
                        None => CodeVerdict::Wrong,
                    }
                }
                None => CodeVerdict::Wrong,
            },
        })
    }

    /// Finds a counter device's counter again by two codes in a row (RFC 4226 §7.4); `None` for other kinds.
    pub fn resync(&mut self, codes: [&str; 2], window: u16) -> Result<Option<CodeVerdict>, Fault> {
        let Motion::Hotp(params, counter) = &mut self.motion else { return Ok(None) };
        let [Some(first), Some(second)] = codes.map(|text| Code::parse(text, params.digits)) else {
            return Ok(Some(CodeVerdict::Wrong));
        };
        match hotp::resync(&self.secret, params, &first, &second, *counter, window)? {
            Some(matched) => advance(counter, matched).map(Some),
            None => Ok(Some(CodeVerdict::Wrong)),
        }
    }
}

fn advance(counter: &mut u64, matched: u64) -> Result<CodeVerdict, Fault> {
    *counter = matched.checked_add(1).ok_or(Fault::new(ErrorCode::CounterOverflow))?;
    Ok(CodeVerdict::Accepted)
}

/// Two steps of a window can have the same digits. They are one code, which is accepted once (RFC 6238 §5.2): all
/// its steps are spent together, and one that is spent makes it a replay.
fn spend(
    spent: &mut SpentSteps,
    mut hits: Matches,
    period: Period,
    window: Window,
    now: UnixTime,
) -> CodeVerdict {
    let latest = totp::step_at(period, now).saturating_add(window.steps().into());
    let Some(first) = hits.next() else { return CodeVerdict::Wrong };
    let last = hits.last().unwrap_or(first);
    if !spent.has(first, latest) && spent.spend(last, latest) {
        CodeVerdict::Accepted
    } else {
        CodeVerdict::Replayed
    }
}

/// The rule for device names: 1 to 64 characters in at most 128 bytes, none of them a control character.
pub(crate) fn check_device_name(name: &str) -> Result<(), Fault> {
    let about_name = |fault: Fault| Fault::about(fault.code, "name");
    check_name(name).map_err(about_name)?;
    if name.chars().count() > MAX_NAME_CHARACTERS || name.len() > MAX_NAME_BYTES {
        return Err(Fault::about(ErrorCode::NameInvalid, "name"));
    }
    Ok(())
}

/// A device that waits for its first code.
pub(crate) struct PendingDevice {
    pub device: Device,
    pub expires_at: UnixTime,
    /// Wrong codes so far.
    pub tries: u32,
    pub unknown: Unknown,
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
