//! `twinlock_config`: options by number, so that a new option needs no new function.

use std::ffi::c_char;

use twinlock_core::vault::KeyRing;
use twinlock_core::{Engine, ErrorCode, Fault, JwtAlgorithm, JwtConfig, JwtKey, Policy};
use zeroize::Zeroizing;

use crate::buffer::{Slot, bytes, given, text};
use crate::guard::{export, guard_void};
use crate::handle::{self, Kind};
use crate::options::*;
use crate::status::Failure;

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
    jwt_keys: Vec<KeySource>,
}

/// What a JWT key is read from, again for every engine that is built.
enum KeySource {
    Hmac(JwtAlgorithm, Zeroizing<Vec<u8>>),
    Pem(JwtAlgorithm, Zeroizing<String>),
    Jwk(Zeroizing<String>),
}

impl KeySource {
    fn key(&self) -> Result<JwtKey, Fault> {
        match self {
            Self::Hmac(algorithm, secret) => JwtKey::hmac(*algorithm, secret),
            Self::Pem(algorithm, pem) => JwtKey::from_pem(*algorithm, pem),
            Self::Jwk(json) => JwtKey::from_jwk(json),
        }
    }
}

impl Config {
    /// Builds an engine and leaves the options as they are.
    pub(crate) fn engine(&self) -> Result<Engine, Failure> {
        let jwt = JwtConfig {
            keys: self.jwt_keys.iter().map(KeySource::key).collect::<Result<_, _>>()?,
            issuer: self.jwt.issuer.clone(),
            audience: self.jwt.audience.clone(),
            access_life: self.jwt.access_life,
            refresh_life: self.jwt.refresh_life,
            family_life: self.jwt.family_life,
            reuse_grace: self.jwt.reuse_grace,
            leeway: self.jwt.leeway,
            user_id_claim: self.jwt.user_id_claim.clone(),
        };
        Ok(Engine::new(self.policy.clone(), KeyRing::parse(&self.keys)?, jwt)?)
    }

    fn set_text(&mut self, option: i32, value: &str) -> Result<(), Failure> {
        if let Some(name) = named(CHOICES, option) {
            return Ok(self.policy.set_text(name, value)?);
        }
        match option {
            TWINLOCK_OPT_ISSUER => value.clone_into(&mut self.policy.issuer),
            TWINLOCK_OPT_KEYS => {
                KeyRing::parse(value)?;
                self.keys = Zeroizing::new(value.to_owned());
            }
            TWINLOCK_OPT_JWT_KEY => self.set_bytes(option, value.as_bytes())?,
            TWINLOCK_OPT_JWT_KEY_PEM => {
                self.add(KeySource::Pem(self.jwt_algorithm, value.to_owned().into()))?
            }
            TWINLOCK_OPT_JWT_KEY_JWK => self.add(KeySource::Jwk(value.to_owned().into()))?,
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
        self.add(KeySource::Hmac(self.jwt_algorithm, value.to_vec().into()))
    }

    /// A key that cannot be read is told here, and not only when the engine is built.
    fn add(&mut self, source: KeySource) -> Result<(), Failure> {
        source.key()?;
        self.jwt_keys.push(source);
        Ok(())
    }

    fn set_int(&mut self, option: i32, value: i64) -> Result<(), Failure> {
        if let Some(name) = named(NUMBERS, option) {
            return Ok(self.policy.set(name, value)?);
        }
        let place = match option {
            TWINLOCK_OPT_JWT_ACCESS_LIFE => &mut self.jwt.access_life,
            TWINLOCK_OPT_JWT_REFRESH_LIFE => &mut self.jwt.refresh_life,
            TWINLOCK_OPT_JWT_LEEWAY => &mut self.jwt.leeway,
            TWINLOCK_OPT_JWT_FAMILY_LIFE => &mut self.jwt.family_life,
            TWINLOCK_OPT_JWT_REUSE_GRACE => &mut self.jwt.reuse_grace,
            _ => return Err(ErrorCode::OptionUnknown.into()),
        };
        *place = u32::try_from(value).map_err(|_| ErrorCode::OptionOutOfRange)?;
        Ok(())
    }
}

fn named(options: &[(i32, &'static str)], option: i32) -> Option<&'static str> {
    options.iter().find(|(number, _)| *number == option).map(|(_, name)| *name)
}

/// Makes a set of options, all at their defaults. Set `TWINLOCK_OPT_ISSUER` and `TWINLOCK_OPT_KEYS` at least.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_config_new(config: *mut *mut twinlock_config) -> i32 {
    export! {
        out = Slot::new(config);
        => handle::give(Config::default(), out)
    }
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
    export! {
        config = handle::get_mut(config);
        value = text(value, value_length);
        => config.set_text(option, value)
    }
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
    export! {
        config = handle::get_mut(config);
        value = bytes(value, value_length);
        => config.set_bytes(option, value)
    }
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
    export! {
        config = handle::get_mut(config);
        => config.set_int(option, value)
    }
}

/// Frees options and wipes the keys in them. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_config_free(config: *mut twinlock_config) {
    // SAFETY: the header's rules on pointers bind the caller.
    guard_void(|| unsafe { handle::free(config) });
}
