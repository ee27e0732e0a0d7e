//! `twinlock_config`: options by number, so that a new option needs no new function.

use std::ffi::c_char;

use twinlock_core::otp::Algorithm;
use twinlock_core::vault::KeyRing;
use twinlock_core::{Engine, ErrorCode, Fault, JwtAlgorithm, JwtConfig, JwtKey, Policy};
use zeroize::Zeroizing;

use crate::buffer::{Slot, bytes, given, text};
use crate::guard::{guard, guard_void};
use crate::handle::{self, Kind};
use crate::status::Failure;

/// Text, required: the service's name as authenticator apps show it.
pub const TWINLOCK_OPT_ISSUER: i32 = 1;
/// Text, required, secret: the key ring. Keys are separated by commas or white space; the first seals
/// and signs, the others only open and verify. `twinlock_keyring_generate` makes one.
pub const TWINLOCK_OPT_KEYS: i32 = 2;
/// Text: the hash of new devices, `SHA1` (the default), `SHA256` or `SHA512`.
pub const TWINLOCK_OPT_ALGORITHM: i32 = 3;
/// Text or bytes, secret: adds a JWT key. The first signs, all verify; without any, keys of the ring do it.
pub const TWINLOCK_OPT_JWT_KEY: i32 = 10;
/// Text: the algorithm of the JWT keys that are added after it, `HS256` (the default), `HS384` or `HS512`.
pub const TWINLOCK_OPT_JWT_ALGORITHM: i32 = 11;
/// Text: the claim `iss`, minted and then required.
pub const TWINLOCK_OPT_JWT_ISSUER: i32 = 12;
/// Text: the claim `aud`, minted and then required.
pub const TWINLOCK_OPT_JWT_AUDIENCE: i32 = 13;
/// Text: the name of the claim with the subject beside `sub`. Default `user_id`.
pub const TWINLOCK_OPT_JWT_USER_ID_CLAIM: i32 = 14;

/// Number: digits of the codes of new devices.
/// From 6 to 8, default 6.
pub const TWINLOCK_OPT_DIGITS: i32 = 100;
/// Number: seconds per step of new devices.
/// From 15 to 120, default 30.
pub const TWINLOCK_OPT_PERIOD: i32 = 101;
/// Number: steps before and after the current one in which a code is accepted.
/// From 0 to 2, default 1.
pub const TWINLOCK_OPT_WINDOW: i32 = 102;
/// Number: seconds that a challenge lives between the first and the second factor.
/// From 10 to 300, default 120.
pub const TWINLOCK_OPT_CHALLENGE_LIFE: i32 = 103;
/// Number: wrong answers after which a challenge is dead.
/// From 1 to 5, default 5.
pub const TWINLOCK_OPT_CHALLENGE_TRIES: i32 = 104;
/// Number: seconds in which a pending enrollment must be confirmed.
/// From 60 to 3600, default 900.
pub const TWINLOCK_OPT_ENROLLMENT_LIFE: i32 = 105;
/// Number: wrong codes after which a pending enrollment is discarded.
/// From 1 to 20, default 10.
pub const TWINLOCK_OPT_ENROLLMENT_TRIES: i32 = 106;
/// Number: backup codes in a set; 0 means none are made.
/// From 0 to 20, default 10.
pub const TWINLOCK_OPT_BACKUP_CODES: i32 = 107;
/// Number: wrong answers in a row that lead to the first lock.
/// From 1 to 20, default 5.
pub const TWINLOCK_OPT_FAILURES_BEFORE_LOCK: i32 = 108;
/// Number: seconds of the first lock; each further failure doubles it.
/// From 1 to 3600, default 30.
pub const TWINLOCK_OPT_LOCK_SECONDS: i32 = 109;
/// Number: seconds of the longest lock that doubling leads to.
/// From 1 to 86400, default 3600.
pub const TWINLOCK_OPT_LOCK_SECONDS_MAX: i32 = 110;
/// Number: wrong answers in 24 hours that lock the factor, whatever succeeded in between.
/// From 1 to 100, default 10.
pub const TWINLOCK_OPT_FAILURES_PER_DAY: i32 = 111;
/// Number: wrong answers in 30 days that lock the factor, whatever succeeded in between.
/// From 1 to 100, default 50.
pub const TWINLOCK_OPT_FAILURES_PER_MONTH: i32 = 112;
/// Number: wrong answers in a row that block the factor until it is unlocked (NIST SP 800-63B: at most 100).
/// From 1 to 100, default 100.
pub const TWINLOCK_OPT_FAILURES_BEFORE_DISABLE: i32 = 113;
/// Number: seconds that an access token lives.
/// From 30 to 900, default 300.
pub const TWINLOCK_OPT_JWT_ACCESS_LIFE: i32 = 200;
/// Number: seconds that a refresh token lives.
/// From 60 to 2592000 (30 days), default 86400.
pub const TWINLOCK_OPT_JWT_REFRESH_LIFE: i32 = 201;
/// Number: seconds by which the times of a token may be off.
/// From 0 to 60, default 0.
pub const TWINLOCK_OPT_JWT_LEEWAY: i32 = 202;

/// The numeric options of the core's policy, under their names there.
const POLICY: &[(i32, &str)] = &[
    (TWINLOCK_OPT_DIGITS, "digits"),
    (TWINLOCK_OPT_PERIOD, "period"),
    (TWINLOCK_OPT_WINDOW, "window"),
    (TWINLOCK_OPT_CHALLENGE_LIFE, "challenge_life"),
    (TWINLOCK_OPT_CHALLENGE_TRIES, "challenge_tries"),
    (TWINLOCK_OPT_ENROLLMENT_LIFE, "enrollment_life"),
    (TWINLOCK_OPT_ENROLLMENT_TRIES, "enrollment_tries"),
    (TWINLOCK_OPT_BACKUP_CODES, "backup_codes"),
    (TWINLOCK_OPT_FAILURES_BEFORE_LOCK, "failures_before_lock"),
    (TWINLOCK_OPT_LOCK_SECONDS, "lock_seconds"),
    (TWINLOCK_OPT_LOCK_SECONDS_MAX, "lock_seconds_max"),
    (TWINLOCK_OPT_FAILURES_PER_DAY, "failures_per_day"),
    (TWINLOCK_OPT_FAILURES_PER_MONTH, "failures_per_month"),
    (TWINLOCK_OPT_FAILURES_BEFORE_DISABLE, "failures_before_disable"),
];

/// Options on their way to an engine. One thread at a time.
#[allow(non_camel_case_types, reason = "the name in the header")]
pub struct twinlock_config {
    _opaque: [u8; 0],
}

impl Kind for twinlock_config {
    type Value = Config;
    const TAG: &'static [u8; 8] = b"tl-confg";
}

#[derive(Default)]
pub(crate) struct Config {
    policy: Policy,
    keys: Zeroizing<String>,
    /// Everything but the keys.
    jwt: JwtConfig,
    jwt_algorithm: JwtAlgorithm,
    jwt_keys: Vec<(JwtAlgorithm, Zeroizing<Vec<u8>>)>,
}

impl Config {
    /// Builds an engine and leaves the options as they are.
    pub(crate) fn engine(&self) -> Result<Engine, Failure> {
        let jwt = JwtConfig {
            keys: self.jwt_keys.iter().map(|(a, key)| JwtKey::hmac(*a, key)).collect::<Result<_, Fault>>()?,
            issuer: self.jwt.issuer.clone(),
            audience: self.jwt.audience.clone(),
            access_life: self.jwt.access_life,
            refresh_life: self.jwt.refresh_life,
            leeway: self.jwt.leeway,
            user_id_claim: self.jwt.user_id_claim.clone(),
            ..JwtConfig::default()
        };
        Ok(Engine::new(self.policy.clone(), KeyRing::parse(&self.keys)?, jwt)?)
    }

    fn set_text(&mut self, option: i32, value: &str) -> Result<(), Failure> {
        match option {
            TWINLOCK_OPT_ISSUER => value.clone_into(&mut self.policy.issuer),
            TWINLOCK_OPT_KEYS => {
                KeyRing::parse(value)?;
                self.keys = Zeroizing::new(value.to_owned());
            }
            TWINLOCK_OPT_ALGORITHM => self.policy.algorithm = Algorithm::from_name(value)?,
            TWINLOCK_OPT_JWT_KEY => self.set_bytes(option, value.as_bytes())?,
            TWINLOCK_OPT_JWT_ALGORITHM => self.jwt_algorithm = JwtAlgorithm::from_name(value)?,
            TWINLOCK_OPT_JWT_ISSUER => self.jwt.issuer = given(value).map(str::to_owned),
            TWINLOCK_OPT_JWT_AUDIENCE => self.jwt.audience = given(value).map(str::to_owned),
            TWINLOCK_OPT_JWT_USER_ID_CLAIM => value.clone_into(&mut self.jwt.user_id_claim),
            _ => return Err(ErrorCode::OptionUnknown.into()),
        }
        Ok(())
    }

    fn set_bytes(&mut self, option: i32, value: &[u8]) -> Result<(), Failure> {
        if option != TWINLOCK_OPT_JWT_KEY {
            return Err(ErrorCode::OptionUnknown.into());
        }
        JwtKey::hmac(self.jwt_algorithm, value)?;
        self.jwt_keys.push((self.jwt_algorithm, Zeroizing::new(value.to_vec())));
        Ok(())
    }

    fn set_int(&mut self, option: i32, value: i64) -> Result<(), Failure> {
        if let Some((_, name)) = POLICY.iter().find(|(number, _)| *number == option) {
            return Ok(self.policy.set(name, value)?);
        }
        let place = match option {
            TWINLOCK_OPT_JWT_ACCESS_LIFE => &mut self.jwt.access_life,
            TWINLOCK_OPT_JWT_REFRESH_LIFE => &mut self.jwt.refresh_life,
            TWINLOCK_OPT_JWT_LEEWAY => &mut self.jwt.leeway,
            _ => return Err(ErrorCode::OptionUnknown.into()),
        };
        *place = u32::try_from(value).map_err(|_| ErrorCode::OptionOutOfRange)?;
        Ok(())
    }
}

/// Makes a set of options, all at their defaults. Set `TWINLOCK_OPT_ISSUER` and `TWINLOCK_OPT_KEYS` at least.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_config_new(config: *mut *mut twinlock_config) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let out = unsafe { Slot::new(config)? };
        out.put(handle::new(Config::default()));
        Ok(())
    })
}

/// Sets a text option. `TWINLOCK_E_OPTION_UNKNOWN` where there is no text option of that number.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_config_set_text(
    config: *mut twinlock_config,
    option: i32,
    value: *const c_char,
    value_length: usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (config, value) = unsafe { (handle::get_mut(config)?, text(value, value_length)?) };
        config.set_text(option, value)
    })
}

/// Sets an option whose value is bytes: `TWINLOCK_OPT_JWT_KEY`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_config_set_bytes(
    config: *mut twinlock_config,
    option: i32,
    value: *const u8,
    value_length: usize,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let (config, value) = unsafe { (handle::get_mut(config)?, bytes(value, value_length)?) };
        config.set_bytes(option, value)
    })
}

/// Sets a numeric option. `TWINLOCK_E_OPTION_OUT_OF_RANGE` outside its bounds, here or from
/// `twinlock_engine_new` where the bounds hang on other options.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_config_set_int(
    config: *mut twinlock_config,
    option: i32,
    value: i64,
) -> i32 {
    guard(|| {
        // SAFETY: the header's rules on pointers bind the caller.
        let config = unsafe { handle::get_mut(config)? };
        config.set_int(option, value)
    })
}

/// Frees options and wipes the keys in them. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_config_free(config: *mut twinlock_config) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(config) });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_numeric_option_of_the_policy_has_a_constant() {
        let names: Vec<&str> = POLICY.iter().map(|(_, name)| *name).collect();
        let rows: Vec<&str> = Policy::OPTIONS.iter().map(|row| row.name).collect();
        assert_eq!(names, rows);
        let numbers: std::collections::HashSet<i32> = POLICY.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers.len(), POLICY.len());
    }
}
