//! One-time codes: HOTP (RFC 4226) and TOTP (RFC 6238), the `otpauth://` URI and its QR code.
//!
//! Primitives for those who want only them; the engine is built on the same functions. Whoever uses
//! them alone must do what the engine does: remember the last step or counter that was accepted and
//! accept only later ones, count and limit wrong codes, and store the secret sealed
//! ([`vault::seal`](crate::vault::seal)).
//!
//! ```
//! use twinlock::otp::totp::{self, TotpParams, Window};
//! use twinlock::otp::{Code, qr, uri};
//! use twinlock::{MinimumLength, Secret, UnixTime};
//!
//! # fn main() -> Result<(), twinlock::Fault> {
//! let secret = Secret::from_base32("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", MinimumLength::Rfc4226)?;
//! let params = TotpParams::default();
//! let svg = qr::svg(&uri::build("Acme", "alice@example.com", &secret, &params)?)?; // show it once
//! assert!(svg.starts_with("<svg "));
//!
//! let now = UnixTime::new(1_111_111_109)?;
//! let typed = Code::parse("081 804", params.digits).expect("six digits");
//! let step = totp::verify(&secret, &params, &typed, Window::default(), now);
//! assert_eq!(step, Some(37_037_036)); // the next code must be of a later step
//! # Ok(())
//! # }
//! ```

mod code;
pub mod hotp;
mod mac;
pub mod migration;
pub mod qr;
pub mod steam;
pub mod totp;
pub mod uri;

pub use code::Code;

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
        [(Self::Sha1, "SHA-1"), (Self::Sha256, "SHA-256"), (Self::Sha512, "SHA-512")]
            .into_iter()
            .find(|(algorithm, hyphenated)| {
                name.eq_ignore_ascii_case(algorithm.name()) || name.eq_ignore_ascii_case(hyphenated)
            })
            .map(|(algorithm, _)| algorithm)
            .ok_or(Fault::new(ErrorCode::AlgorithmUnknown))
    }
}

/// How many decimal digits a code has (RFC 4226 §5.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Digits {
    /// 6, the default.
    #[default]
    Six,
    /// 7.
    Seven,
    /// 8.
    Eight,
}

impl Digits {
    /// Reads a number.
    ///
    /// # Errors
    /// `digits_invalid` unless 6, 7 or 8.
    pub const fn new(digits: u32) -> Result<Self, Fault> {
        match digits {
            6 => Ok(Self::Six),
            7 => Ok(Self::Seven),
            8 => Ok(Self::Eight),
            _ => Err(Fault::new(ErrorCode::DigitsInvalid)),
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        match self {
            Self::Six => 6,
            Self::Seven => 7,
            Self::Eight => 8,
        }
    }
}
