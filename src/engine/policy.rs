//! The policy: every number that a host may set, with its bounds and its default, in one table.

use crate::error::{ErrorCode, Fault};
use crate::otp::totp::{Period, TotpParams, Window};
use crate::otp::{Algorithm, Digits};

macro_rules! policy {
    ($($(#[doc = $doc:literal])+ $name:ident: $default:literal, $min:literal..=$max:literal;)*) => {
        /// What a host may decide. Start from `Policy::default()` and set what differs; `issuer` has
        /// no default that would be right. Lives and times are seconds.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Policy {
            /// The service's name as it appears in authenticator apps and as the audience of our own
            /// tokens: 1–128 characters, no colon.
            pub issuer: String,
            /// The hash of new devices. Default SHA-1: some apps ignore any other silently.
            pub algorithm: Algorithm,
            $($(#[doc = $doc])+ pub $name: u32,)*
        }

        impl Default for Policy {
            fn default() -> Self {
                Self { issuer: String::new(), algorithm: Algorithm::default(), $($name: $default,)* }
            }
        }

        impl Policy {
            /// The table of numeric options, for documentation, bindings and checks.
            pub const OPTIONS: &'static [PolicyOption] = &[$(PolicyOption {
                name: stringify!($name), default: $default, min: $min, max: $max, doc: concat!($($doc),+),
            },)*];

            /// Sets a numeric option by name.
            ///
            /// # Errors
            /// `option_unknown`; `option_out_of_range`, with the option's name.
            pub fn set(&mut self, name: &str, value: i64) -> Result<(), Fault> {
                match name {
                    $(stringify!($name) => {
                        let out_of_range = Fault::about(ErrorCode::OptionOutOfRange, stringify!($name));
                        let value = u32::try_from(value).map_err(|_| out_of_range)?;
                        if !($min..=$max).contains(&value) { return Err(out_of_range); }
                        self.$name = value;
                        Ok(())
                    })*
                    _ => Err(Fault::new(ErrorCode::OptionUnknown)),
                }
            }

            fn numbers_in_bounds(&self) -> Result<(), Fault> {
                $(if !($min..=$max).contains(&self.$name) {
                    return Err(Fault::about(ErrorCode::OptionOutOfRange, stringify!($name)));
                })*
                Ok(())
            }
        }
    };
}

/// One row of the table of numeric options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyOption {
    /// The name, the same in every language.
    pub name: &'static str,
    /// The value where the host sets none.
    pub default: u32,
    /// The smallest allowed value.
    pub min: u32,
    /// The largest allowed value.
    pub max: u32,
    /// What it means.
    pub doc: &'static str,
}

policy! {
    /// Digits of the codes of new devices.
    digits: 6, 6..=8;
    /// Seconds per step of new devices.
    period: 30, 15..=120;
    /// Steps before and after the current one in which a code is accepted.
    window: 1, 0..=2;
    /// Seconds that a challenge lives between the first and the second factor.
    challenge_life: 120, 10..=300;
    /// Wrong answers after which a challenge is dead.
    challenge_tries: 5, 1..=5;
    /// Seconds in which a pending enrollment must be confirmed.
    enrollment_life: 900, 60..=3600;
    /// Wrong codes after which a pending enrollment is discarded.
    enrollment_tries: 10, 1..=20;
    /// Backup codes in a set; 0 means none are made.
    backup_codes: 10, 0..=20;
    /// Wrong answers in a row that lead to the first lock.
    failures_before_lock: 5, 1..=20;
    /// Seconds of the first lock; each further failure doubles it.
    lock_seconds: 30, 1..=3600;
    /// Seconds of the longest lock that doubling leads to.
    lock_seconds_max: 3600, 1..=86400;
    /// Wrong answers in 24 hours that lock the factor, whatever succeeded in between.
    failures_per_day: 10, 1..=100;
    /// Wrong answers in 30 days that lock the factor, whatever succeeded in between.
    failures_per_month: 50, 1..=100;
    /// Wrong answers in a row that block the factor until it is unlocked (NIST SP 800-63B: at most 100).
    failures_before_disable: 100, 1..=100;
}

impl Policy {
    /// Checks every field against its bounds.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        self.numbers_in_bounds()?;
        if self.lock_seconds_max < self.lock_seconds {
            return Err(Fault::about(ErrorCode::OptionOutOfRange, "lock_seconds_max"));
        }
        crate::otp::uri::check_name(&self.issuer).map_err(|_| Fault::about(ErrorCode::NameInvalid, "issuer"))
    }

    pub(crate) fn params(&self) -> Result<TotpParams, Fault> {
        Ok(TotpParams {
            algorithm: self.algorithm,
            digits: Digits::new(self.digits)?,
            period: Period::new(self.period)?,
        })
    }

    pub(crate) fn window(&self) -> Result<Window, Fault> {
        Window::new(self.window)
    }
}
