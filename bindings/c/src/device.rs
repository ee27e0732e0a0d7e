//! What a device is, as numbers.

use twinlock_core::otp::hotp::HotpParams;
use twinlock_core::otp::totp::{Period, TotpParams};
use twinlock_core::otp::{Algorithm, Digits};
use twinlock_core::{DeviceParams, ErrorCode, Policy};

use crate::status::Failure;

/// HMAC-SHA-1, which every authenticator app understands.
pub const TWINLOCK_ALGORITHM_SHA1: i32 = 1;
/// HMAC-SHA-256.
pub const TWINLOCK_ALGORITHM_SHA256: i32 = 2;
/// HMAC-SHA-512.
pub const TWINLOCK_ALGORITHM_SHA512: i32 = 3;

/// Codes from the time (RFC 6238), with an algorithm, digits and a period.
pub const TWINLOCK_DEVICE_TOTP: i32 = 1;
/// Codes from a counter (RFC 4226), with an algorithm and digits.
pub const TWINLOCK_DEVICE_HOTP: i32 = 2;
/// Steam's five characters from the time, without parameters.
pub const TWINLOCK_DEVICE_STEAM: i32 = 3;

/// A device as it comes in. What its kind does not have is not looked at.
#[derive(Clone, Copy)]
pub(crate) struct Given {
    pub(crate) kind: i32,
    pub(crate) algorithm: i32,
    pub(crate) digits: u32,
    pub(crate) period: u32,
}

impl Given {
    pub(crate) fn params(self) -> Result<DeviceParams, Failure> {
        let digits = || Digits::new(self.digits);
        Ok(match self.kind {
            TWINLOCK_DEVICE_TOTP => {
                let (algorithm, period) = (algorithm(self.algorithm)?, Period::new(self.period)?);
                DeviceParams::Totp(TotpParams { algorithm, digits: digits()?, period })
            }
            TWINLOCK_DEVICE_HOTP => {
                DeviceParams::Hotp(HotpParams { algorithm: algorithm(self.algorithm)?, digits: digits()? })
            }
            TWINLOCK_DEVICE_STEAM => DeviceParams::Steam,
            _ => return Err(ErrorCode::ArgumentUnknown.into()),
        })
    }

    /// The same with the policy's parameters in place of zeros.
    pub(crate) fn or_of(self, policy: &Policy) -> Self {
        let or = |given: u32, usual: u32| if given == 0 { usual } else { given };
        let algorithm = if self.algorithm == 0 { number_of(policy.algorithm) } else { self.algorithm };
        Self {
            algorithm,
            digits: or(self.digits, policy.digits),
            period: or(self.period, policy.period),
            ..self
        }
    }
}

pub(crate) fn algorithm(number: i32) -> Result<Algorithm, Failure> {
    Ok(match number {
        TWINLOCK_ALGORITHM_SHA1 => Algorithm::Sha1,
        TWINLOCK_ALGORITHM_SHA256 => Algorithm::Sha256,
        TWINLOCK_ALGORITHM_SHA512 => Algorithm::Sha512,
        _ => return Err(ErrorCode::AlgorithmUnknown.into()),
    })
}

pub(crate) const fn number_of(algorithm: Algorithm) -> i32 {
    match algorithm {
        Algorithm::Sha1 => TWINLOCK_ALGORITHM_SHA1,
        Algorithm::Sha256 => TWINLOCK_ALGORITHM_SHA256,
        Algorithm::Sha512 => TWINLOCK_ALGORITHM_SHA512,
    }
}

pub(crate) const fn kind_of(params: &DeviceParams) -> i32 {
    match params {
        DeviceParams::Totp(_) => TWINLOCK_DEVICE_TOTP,
        DeviceParams::Hotp(_) => TWINLOCK_DEVICE_HOTP,
        DeviceParams::Steam => TWINLOCK_DEVICE_STEAM,
    }
}
