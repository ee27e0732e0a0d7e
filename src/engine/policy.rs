//! The policy: every number that a host may set, with its bounds and its default, in one table.

use crate::choice::choice;
use crate::error::{ErrorCode, Fault};
use crate::otp::hotp;
use crate::otp::totp::{Period, TotpParams, Window};
use crate::otp::{Algorithm, Digits};
use crate::record::device::Tolerance;
use crate::vault::Cipher;

choice! {
    /// What a subject without a confirmed second factor gets after the first factor.
    Fallback for "fallback" {
        /// Signed in.
        SignIn = "sign_in",
        /// A code that the host delivers; `sent_codes` says what that is good for.
        SentCode = "sent_code",
        /// Only a token to set up an authenticator with.
        Enroll = "enroll",
    }
}

choice! {
    /// What a code that the host delivers (by mail or SMS) is good for.
    SentCodes for "sent_codes" {
        /// Nothing: none are sent.
        Off = "off",
        /// Only a token to set up an authenticator with.
        Enroll = "enroll",
        /// Signing in.
        SignIn = "sign_in",
    }
}

choice! {
    /// What sent codes are made of.
    SentAlphabet for "sent_alphabet" {
        /// Decimal digits.
        Digits = "digits",
        /// Digits and letters that do not look alike (Crockford's base32).
        Letters = "letters",
    }
}

choice! {
    /// Whether a subject without a device may choose to have no second factor at all.
    OptOut for "opt_out" {
        /// No: the fallback holds.
        Refused = "refused",
        /// Yes, by [`Engine::set_method`](crate::Engine::set_method).
        Allowed = "allowed",
    }
}

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
            /// What a subject without a second factor gets. Default: signed in.
            pub fallback: Fallback,
            /// What a sent code is good for. Default: none are sent.
            pub sent_codes: SentCodes,
            /// What sent codes are made of. Default: digits.
            pub sent_alphabet: SentAlphabet,
            /// Whether a subject may do without the fallback. Default: no.
            pub opt_out: OptOut,
            /// How records are sealed and which are opened. Default: XChaCha20-Poly1305.
            pub cipher: Cipher,
            $($(#[doc = $doc])+ pub $name: u32,)*
        }

        impl Default for Policy {
            fn default() -> Self {
                Self {
                    issuer: String::new(),
                    algorithm: Algorithm::default(),
                    fallback: Fallback::default(),
                    sent_codes: SentCodes::default(),
                    sent_alphabet: SentAlphabet::default(),
                    opt_out: OptOut::default(),
                    cipher: Cipher::default(),
                    $($name: $default,)*
                }
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

/// One row of the table of options that are a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyChoice {
    /// The name, the same in every language.
    pub name: &'static str,
    /// The words, the default's first.
    pub words: &'static [&'static str],
    /// What it means.
    pub doc: &'static str,
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
    /// Devices that a subject may have.
    devices: 5, 1..=10;
    /// Counter values after the expected one in which a code of a counter device is accepted.
    look_ahead: 10, 0..=100;
    /// Counter values that a resynchronisation of a counter device searches.
    resync_window: 100, 10..=1000;
    /// Characters of a sent code.
    sent_length: 7, 6..=12;
    /// Seconds that a sent code and its challenge live.
    sent_life: 300, 60..=300;
    /// Codes sent for one challenge, the first among them.
    sends_per_challenge: 3, 1..=5;
    /// Seconds that an enrollment token lives.
    enrollment_token_life: 900, 60..=900;
    /// Trusted devices that a subject may have; 0 means there are none.
    trusted_devices: 0, 0..=10;
    /// Seconds that a trusted device is trusted.
    trust_life: 2592000, 3600..=2592000;
    /// Seconds for which an answered second factor is fresh enough for a sensitive action.
    step_up_age: 600, 30..=3600;
}

impl Policy {
    /// The table of options that are a word, for documentation, bindings and checks.
    pub const CHOICES: &'static [PolicyChoice] = &[
        PolicyChoice {
            name: "algorithm",
            words: &["SHA1", "SHA256", "SHA512"],
            doc: "The hash of new devices.",
        },
        PolicyChoice {
            name: "fallback",
            words: Fallback::WORDS,
            doc: "What a subject without a second factor gets.",
        },
        PolicyChoice { name: "sent_codes", words: SentCodes::WORDS, doc: "What a sent code is good for." },
        PolicyChoice {
            name: "sent_alphabet",
            words: SentAlphabet::WORDS,
            doc: "What sent codes are made of.",
        },
        PolicyChoice {
            name: "opt_out",
            words: OptOut::WORDS,
            doc: "Whether a subject without a device may choose to have no second factor.",
        },
        PolicyChoice {
            name: "cipher",
            words: Cipher::WORDS,
            doc: "How records are sealed and which are opened.",
        },
    ];

    /// Sets `issuer` or an option that is a word by its name.
    ///
    /// # Errors
    /// `option_unknown`; `option_out_of_range` or `algorithm_unknown` for a word that is none of the option's.
    pub fn set_text(&mut self, name: &str, value: &str) -> Result<(), Fault> {
        match name {
            "issuer" => self.issuer = value.to_owned(),
            "algorithm" => self.algorithm = Algorithm::from_name(value)?,
            "fallback" => self.fallback = Fallback::from_name(value)?,
            "sent_codes" => self.sent_codes = SentCodes::from_name(value)?,
            "sent_alphabet" => self.sent_alphabet = SentAlphabet::from_name(value)?,
            "opt_out" => self.opt_out = OptOut::from_name(value)?,
            "cipher" => self.cipher = Cipher::from_name(value)?,
            _ => return Err(Fault::new(ErrorCode::OptionUnknown)),
        }
        Ok(())
    }

    /// Checks every field against its bounds.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        self.numbers_in_bounds()?;
        if self.lock_seconds_max < self.lock_seconds {
            return Err(Fault::about(ErrorCode::OptionOutOfRange, "lock_seconds_max"));
        }
        if self.fallback == Fallback::SentCode && self.sent_codes == SentCodes::Off {
            return Err(Fault::about(ErrorCode::OptionOutOfRange, "sent_codes"));
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

    pub(crate) fn tolerance(&self) -> Result<Tolerance, Fault> {
        let look_ahead = u8::try_from(self.look_ahead).unwrap_or(hotp::MAX_LOOK_AHEAD);
        Ok(Tolerance { window: Window::new(self.window)?, look_ahead })
    }
}
