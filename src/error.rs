//! The one table of everything that can go wrong: number, name, sentence, and whose fault it is.
//!
//! A **refusal** (number above zero) is the user's: a wrong code, a spent challenge, a lock. It is
//! an answer, it may have to be stored, and it comes out of [`Pending::commit`](crate::Pending).
//! A **fault** (number below zero) is the caller's or the deployment's: a missing key, an altered
//! record, an argument out of range. Every binding takes its numbers and names from here, and a
//! test in each language compares. Numbers are never reused; sentences never carry user input.

use std::fmt;

macro_rules! table {
    ($($number:literal $variant:ident $name:literal $message:literal)*) => {
        /// Every way in which a call can end other than well. Zero is success and is not in here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode { $(#[doc = $message] $variant,)* }

        impl ErrorCode {
            /// All codes, in the order of the table.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// The stable number: above zero a refusal, below zero a fault.
            #[must_use]
            pub const fn number(self) -> i32 { match self { $(Self::$variant => $number,)* } }

            /// The stable machine-readable name, as it appears in HTTP bodies and logs.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// One English sentence for people. It holds no secret, code, token or user input.
            #[must_use]
            pub const fn message(self) -> &'static str { match self { $(Self::$variant => $message,)* } }
        }
    };
}

table! {
    1 WrongCode "wrong_code" "The code is wrong."
    2 Replayed "replayed" "The code was used before; wait for a new one."
    3 Locked "locked" "Too many wrong codes; try again later."
    4 FactorDisabled "factor_disabled" "Too many wrong codes; the second factor is blocked until it is unlocked."
    5 NotEnrolled "not_enrolled" "Two-factor authentication is not enabled."
    6 AlreadyEnrolled "already_enrolled" "Two-factor authentication is already enabled."
    7 NoPendingEnrollment "no_pending_enrollment" "No enrollment is waiting to be confirmed."
    8 EnrollmentExpired "enrollment_expired" "The enrollment has expired; start again."
    9 ChallengeInvalid "challenge_invalid" "The challenge is invalid or has expired."
    10 ChallengeSpent "challenge_spent" "The challenge is used up; sign in again."
    11 TokenInvalid "token_invalid" "The token is invalid."
    12 TokenExpired "token_expired" "The token has expired."
    13 Contended "contended" "Too many requests for this account at once; try again."
    14 MethodNotAllowed "method_not_allowed" "This kind of code is not accepted here."
    15 SecondFactorRequired "second_factor_required" "A fresh second factor is needed for this."
    16 EnrollmentRequired "enrollment_required" "An authenticator must be set up before signing in."
    17 TooManyCodes "too_many_codes" "Too many codes were sent; use the last one or wait."
    18 DeviceUnknown "device_unknown" "There is no such device."
    19 TooManyDevices "too_many_devices" "There is no room for another device."
    20 TokenReused "token_reused" "The refresh token was used before; its session has ended."
    21 SessionEnded "session_ended" "The session has ended; sign in again."

    -1 Panic "panic" "An internal error was caught; nothing was decided."
    -2 NullPointer "null_pointer" "A required pointer is NULL."
    -3 TextNotUtf8 "text_not_utf8" "The text is not UTF-8."
    -4 BufferTooSmall "buffer_too_small" "The buffer is too small; the needed length was written."
    -5 CommitLost "commit_lost" "The record changed meanwhile; load it again and repeat the call."
    -6 NotCommitted "not_committed" "The result can be read only after a successful commit."
    -7 FieldUnknown "field_unknown" "The result has no such field."
    -8 OptionUnknown "option_unknown" "There is no option of that name."
    -9 OptionOutOfRange "option_out_of_range" "The option's value is out of its bounds."
    -10 KeyMissing "key_missing" "The key ring is empty."
    -11 KeyMalformed "key_malformed" "A key is not of the form tlk1_ and 43 base64url characters."
    -12 KeyWeak "key_weak" "A key has all bytes equal."
    -13 KeyDuplicate "key_duplicate" "The key ring holds the same key twice."
    -14 KeyUnknown "key_unknown" "The key that sealed this is not in the key ring."
    -15 KeyRingTooLarge "key_ring_too_large" "The key ring holds more than 16 keys."
    -20 EnvelopeMalformed "envelope_malformed" "The bytes are not a sealed envelope of a known version."
    -21 EnvelopeRejected "envelope_rejected" "The envelope was altered, or sealed for another purpose or subject."
    -22 RecordMalformed "record_malformed" "The record's content cannot be read."
    -23 InputTooLarge "input_too_large" "The input is larger than the limit."
    -30 SubjectInvalid "subject_invalid" "The subject must be 1 to 255 bytes of UTF-8 without control characters."
    -31 TimeInvalid "time_invalid" "The time must be Unix seconds from 0 to the end of the year 9999."
    -32 SecretLength "secret_length" "The secret is too short or too long."
    -33 SecretMalformed "secret_malformed" "The secret is not base32."
    -34 DigitsInvalid "digits_invalid" "A code has 6, 7 or 8 digits."
    -35 PeriodInvalid "period_invalid" "The period must be 15 to 120 seconds."
    -36 AlgorithmUnknown "algorithm_unknown" "The algorithm must be SHA1, SHA256 or SHA512."
    -37 WindowInvalid "window_invalid" "The window must be 0, 1 or 2 steps."
    -38 CounterOverflow "counter_overflow" "The counter is too close to its end."
    -39 NameInvalid "name_invalid" "The name must be 1 to 128 characters without control characters, a colon or a space in front."
    -40 UriMalformed "uri_malformed" "The otpauth URI is malformed."
    -41 QrTooLong "qr_too_long" "The text is too long for a QR code."
    -42 JwtKeyWeak "jwt_key_weak" "The JWT key is shorter than its hash, or is public text."
    -43 JwtAlgorithmUnknown "jwt_algorithm_unknown" "The JWT algorithm is not known or does not fit the key."
    -44 ClaimInvalid "claim_invalid" "A claim has a reserved name or a value that cannot be signed."
    -45 FirstFactorInvalid "first_factor_invalid" "The first factor needs 1 to 8 short method names and a time that is not in the future."
    -46 RandomUnavailable "random_unavailable" "The operating system gave no random bytes."
    -47 StoreFailed "store_failed" "The store could not be read or written."
    -48 TransactionOpen "transaction_open" "A verdict must not be made inside an open transaction: a rollback would undo it."
    -49 ArgumentInvalid "argument_invalid" "The arguments do not fit together, or an object is used a second time."
    -50 HandleInvalid "handle_invalid" "The handle was freed, or is of another kind."
    -51 ArgumentUnknown "argument_unknown" "An argument is not one of the documented constants."
    -52 CipherRefused "cipher_refused" "The envelope's cipher is not allowed by the policy."
    -53 KeyProviderFailed "key_provider_failed" "The key provider gave no keys."
    -54 MigrationMalformed "migration_malformed" "The authenticator's export is malformed."
    -55 SchemeUnknown "scheme_unknown" "The scheme of the imported backup codes is not known, or a code does not fit it."
    -56 JwtKeyMalformed "jwt_key_malformed" "The JWT key cannot be read."
    -57 JwtKeyVerifyOnly "jwt_key_verify_only" "The first JWT key must be able to sign."
    -58 FamilyMalformed "family_malformed" "The stored state of a session cannot be read."
}

impl ErrorCode {
    /// The code with that number, for bindings.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// True for what the user did (number above zero).
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        self.number() > 0
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

/// The user's answer was not accepted. Not an error of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct Refusal {
    /// Which refusal; its number is above zero.
    pub code: ErrorCode,
    /// Seconds until it makes sense to try again, where a lock is the reason.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal without a time to wait for.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, retry_after: None }
    }

    /// A refusal that ends by itself after so many seconds.
    #[must_use]
    pub const fn after(code: ErrorCode, seconds: u64) -> Self {
        Self { code, retry_after: Some(seconds) }
    }
}

/// The caller or the deployment did something that cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// Which fault; its number is below zero.
    pub code: ErrorCode,
    /// The name of the option or argument it is about, where there is one.
    pub about: Option<&'static str>,
}

impl Fault {
    /// A fault that its code explains fully.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, about: None }
    }

    /// A fault about one option or argument.
    #[must_use]
    pub const fn about(code: ErrorCode, name: &'static str) -> Self {
        Self { code, about: Some(name) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.about {
            Some(name) => write!(f, "{name}: {}", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

/// What a call that stores nothing can end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The user's fault.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The caller's fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Error {
    /// The entry of the table.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Refused(refusal) => refusal.code,
            Self::Fault(fault) => fault.code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ffi_14_numbers_and_names_are_unique_and_stable_in_sign() {
        let numbers: HashSet<i32> = ErrorCode::ALL.iter().map(|c| c.number()).collect();
        let names: HashSet<&str> = ErrorCode::ALL.iter().map(|c| c.name()).collect();
        assert_eq!(numbers.len(), ErrorCode::ALL.len());
        assert_eq!(names.len(), ErrorCode::ALL.len());
        assert!(!numbers.contains(&0));
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_number(code.number()), Some(*code));
            assert_eq!(code.is_refusal(), code.number() > 0);
            assert!(code.message().ends_with('.'));
        }
    }
}
