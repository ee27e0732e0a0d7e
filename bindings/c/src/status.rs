//! Status codes: the core's table of errors as constants of the C interface.
//!
//! Each number is written out, since the header's generator cannot follow a constant into another crate,
//! and pinned to the core's at compile time.

use std::ffi::c_char;

use twinlock_core::{Error, ErrorCode, Fault, Refusal};

use crate::buffer::Out;
use crate::guard::export;

/// Success.
pub const TWINLOCK_OK: i32 = 0;

/// The code is wrong.
pub const TWINLOCK_R_WRONG_CODE: i32 = 1;
/// The code was used before; wait for a new one.
pub const TWINLOCK_R_REPLAYED: i32 = 2;
/// Too many wrong codes; try again later.
pub const TWINLOCK_R_LOCKED: i32 = 3;
/// Too many wrong codes; the second factor is blocked until it is unlocked.
pub const TWINLOCK_R_FACTOR_DISABLED: i32 = 4;
/// Two-factor authentication is not enabled.
pub const TWINLOCK_R_NOT_ENROLLED: i32 = 5;
/// Two-factor authentication is already enabled.
pub const TWINLOCK_R_ALREADY_ENROLLED: i32 = 6;
/// No enrollment is waiting to be confirmed.
pub const TWINLOCK_R_NO_PENDING_ENROLLMENT: i32 = 7;
/// The enrollment has expired; start again.
pub const TWINLOCK_R_ENROLLMENT_EXPIRED: i32 = 8;
/// The challenge is invalid or has expired.
pub const TWINLOCK_R_CHALLENGE_INVALID: i32 = 9;
/// The challenge is used up; sign in again.
pub const TWINLOCK_R_CHALLENGE_SPENT: i32 = 10;
/// The token is invalid.
pub const TWINLOCK_R_TOKEN_INVALID: i32 = 11;
/// The token has expired.
pub const TWINLOCK_R_TOKEN_EXPIRED: i32 = 12;
/// Too many requests for this account at once; try again.
pub const TWINLOCK_R_CONTENDED: i32 = 13;
/// This kind of code is not accepted here.
pub const TWINLOCK_R_METHOD_NOT_ALLOWED: i32 = 14;
/// A fresh second factor is needed for this.
pub const TWINLOCK_R_SECOND_FACTOR_REQUIRED: i32 = 15;
/// An authenticator must be set up before signing in.
pub const TWINLOCK_R_ENROLLMENT_REQUIRED: i32 = 16;
/// Too many codes were sent; use the last one or wait.
pub const TWINLOCK_R_TOO_MANY_CODES: i32 = 17;
/// There is no such device.
pub const TWINLOCK_R_DEVICE_UNKNOWN: i32 = 18;
/// There is no room for another device.
pub const TWINLOCK_R_TOO_MANY_DEVICES: i32 = 19;
/// The refresh token was used before; its session has ended.
pub const TWINLOCK_R_TOKEN_REUSED: i32 = 20;
/// The session has ended; sign in again.
pub const TWINLOCK_R_SESSION_ENDED: i32 = 21;
/// An internal error was caught; nothing was decided.
pub const TWINLOCK_E_PANIC: i32 = -1;
/// A required pointer is NULL.
pub const TWINLOCK_E_NULL_POINTER: i32 = -2;
/// The text is not UTF-8.
pub const TWINLOCK_E_TEXT_NOT_UTF8: i32 = -3;
/// The buffer is too small; the needed length was written.
pub const TWINLOCK_E_BUFFER_TOO_SMALL: i32 = -4;
/// The record changed meanwhile; load it again and repeat the call.
pub const TWINLOCK_E_COMMIT_LOST: i32 = -5;
/// The result can be read only after a successful commit.
pub const TWINLOCK_E_NOT_COMMITTED: i32 = -6;
/// The result has no such field.
pub const TWINLOCK_E_FIELD_UNKNOWN: i32 = -7;
/// There is no option of that name.
pub const TWINLOCK_E_OPTION_UNKNOWN: i32 = -8;
/// The option's value is out of its bounds.
pub const TWINLOCK_E_OPTION_OUT_OF_RANGE: i32 = -9;
/// The key ring is empty.
pub const TWINLOCK_E_KEY_MISSING: i32 = -10;
/// A key is not of the form tlk1_ and 43 base64url characters.
pub const TWINLOCK_E_KEY_MALFORMED: i32 = -11;
/// A key has all bytes equal.
pub const TWINLOCK_E_KEY_WEAK: i32 = -12;
/// The key ring holds the same key twice.
pub const TWINLOCK_E_KEY_DUPLICATE: i32 = -13;
/// The key that sealed this is not in the key ring.
pub const TWINLOCK_E_KEY_UNKNOWN: i32 = -14;
/// The key ring holds more than 16 keys.
pub const TWINLOCK_E_KEY_RING_TOO_LARGE: i32 = -15;
/// The bytes are not a sealed envelope of a known version.
pub const TWINLOCK_E_ENVELOPE_MALFORMED: i32 = -20;
/// The envelope was altered, or sealed for another purpose or subject.
pub const TWINLOCK_E_ENVELOPE_REJECTED: i32 = -21;
/// The record's content cannot be read.
pub const TWINLOCK_E_RECORD_MALFORMED: i32 = -22;
/// The input is larger than the limit.
pub const TWINLOCK_E_INPUT_TOO_LARGE: i32 = -23;
/// The subject must be 1 to 255 bytes of UTF-8 without control characters.
pub const TWINLOCK_E_SUBJECT_INVALID: i32 = -30;
/// The time must be Unix seconds from 0 to the end of the year 9999.
pub const TWINLOCK_E_TIME_INVALID: i32 = -31;
/// The secret is too short or too long.
pub const TWINLOCK_E_SECRET_LENGTH: i32 = -32;
/// The secret is not base32.
pub const TWINLOCK_E_SECRET_MALFORMED: i32 = -33;
/// A code has 6, 7 or 8 digits.
pub const TWINLOCK_E_DIGITS_INVALID: i32 = -34;
/// The period must be 15 to 120 seconds.
pub const TWINLOCK_E_PERIOD_INVALID: i32 = -35;
/// The algorithm must be SHA1, SHA256 or SHA512.
pub const TWINLOCK_E_ALGORITHM_UNKNOWN: i32 = -36;
/// The window must be 0, 1 or 2 steps.
pub const TWINLOCK_E_WINDOW_INVALID: i32 = -37;
/// The counter is too close to its end.
pub const TWINLOCK_E_COUNTER_OVERFLOW: i32 = -38;
/// The name must be 1 to 128 characters without control characters, a colon or a space in front.
pub const TWINLOCK_E_NAME_INVALID: i32 = -39;
/// The otpauth URI is malformed.
pub const TWINLOCK_E_URI_MALFORMED: i32 = -40;
/// The text is too long for a QR code.
pub const TWINLOCK_E_QR_TOO_LONG: i32 = -41;
/// The JWT key is shorter than its hash, or is public text.
pub const TWINLOCK_E_JWT_KEY_WEAK: i32 = -42;
/// The JWT algorithm is not known or does not fit the key.
pub const TWINLOCK_E_JWT_ALGORITHM_UNKNOWN: i32 = -43;
/// A claim has a reserved name or a value that cannot be signed.
pub const TWINLOCK_E_CLAIM_INVALID: i32 = -44;
/// The first factor needs 1 to 8 short method names and a time that is not in the future.
pub const TWINLOCK_E_FIRST_FACTOR_INVALID: i32 = -45;
/// The operating system gave no random bytes.
pub const TWINLOCK_E_RANDOM_UNAVAILABLE: i32 = -46;
/// The store could not be read or written.
pub const TWINLOCK_E_STORE_FAILED: i32 = -47;
/// A verdict must not be made inside an open transaction: a rollback would undo it.
pub const TWINLOCK_E_TRANSACTION_OPEN: i32 = -48;
/// The arguments do not fit together, or an object is used a second time.
pub const TWINLOCK_E_ARGUMENT_INVALID: i32 = -49;
/// The handle was freed, or is of another kind.
pub const TWINLOCK_E_HANDLE_INVALID: i32 = -50;
/// An argument is not one of the documented constants.
pub const TWINLOCK_E_ARGUMENT_UNKNOWN: i32 = -51;
/// The envelope's cipher is not allowed by the policy.
pub const TWINLOCK_E_CIPHER_REFUSED: i32 = -52;
/// The key provider gave no keys.
pub const TWINLOCK_E_KEY_PROVIDER_FAILED: i32 = -53;
/// The authenticator's export is malformed.
pub const TWINLOCK_E_MIGRATION_MALFORMED: i32 = -54;
/// The scheme of the imported backup codes is not known, or a code does not fit it.
pub const TWINLOCK_E_SCHEME_UNKNOWN: i32 = -55;
/// The JWT key cannot be read.
pub const TWINLOCK_E_JWT_KEY_MALFORMED: i32 = -56;
/// The first JWT key must be able to sign.
pub const TWINLOCK_E_JWT_KEY_VERIFY_ONLY: i32 = -57;
/// The stored state of a session cannot be read.
pub const TWINLOCK_E_FAMILY_MALFORMED: i32 = -58;

/// Every constant above with its entry of the core's table.
const PINNED: &[(i32, ErrorCode)] = &[
    (TWINLOCK_R_WRONG_CODE, ErrorCode::WrongCode),
    (TWINLOCK_R_REPLAYED, ErrorCode::Replayed),
    (TWINLOCK_R_LOCKED, ErrorCode::Locked),
    (TWINLOCK_R_FACTOR_DISABLED, ErrorCode::FactorDisabled),
    (TWINLOCK_R_NOT_ENROLLED, ErrorCode::NotEnrolled),
    (TWINLOCK_R_ALREADY_ENROLLED, ErrorCode::AlreadyEnrolled),
    (TWINLOCK_R_NO_PENDING_ENROLLMENT, ErrorCode::NoPendingEnrollment),
    (TWINLOCK_R_ENROLLMENT_EXPIRED, ErrorCode::EnrollmentExpired),
    (TWINLOCK_R_CHALLENGE_INVALID, ErrorCode::ChallengeInvalid),
    (TWINLOCK_R_CHALLENGE_SPENT, ErrorCode::ChallengeSpent),
    (TWINLOCK_R_TOKEN_INVALID, ErrorCode::TokenInvalid),
    (TWINLOCK_R_TOKEN_EXPIRED, ErrorCode::TokenExpired),
    (TWINLOCK_R_CONTENDED, ErrorCode::Contended),
    (TWINLOCK_R_METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed),
    (TWINLOCK_R_SECOND_FACTOR_REQUIRED, ErrorCode::SecondFactorRequired),
    (TWINLOCK_R_ENROLLMENT_REQUIRED, ErrorCode::EnrollmentRequired),
    (TWINLOCK_R_TOO_MANY_CODES, ErrorCode::TooManyCodes),
    (TWINLOCK_R_DEVICE_UNKNOWN, ErrorCode::DeviceUnknown),
    (TWINLOCK_R_TOO_MANY_DEVICES, ErrorCode::TooManyDevices),
    (TWINLOCK_R_TOKEN_REUSED, ErrorCode::TokenReused),
    (TWINLOCK_R_SESSION_ENDED, ErrorCode::SessionEnded),
    (TWINLOCK_E_PANIC, ErrorCode::Panic),
    (TWINLOCK_E_NULL_POINTER, ErrorCode::NullPointer),
    (TWINLOCK_E_TEXT_NOT_UTF8, ErrorCode::TextNotUtf8),
    (TWINLOCK_E_BUFFER_TOO_SMALL, ErrorCode::BufferTooSmall),
    (TWINLOCK_E_COMMIT_LOST, ErrorCode::CommitLost),
    (TWINLOCK_E_NOT_COMMITTED, ErrorCode::NotCommitted),
    (TWINLOCK_E_FIELD_UNKNOWN, ErrorCode::FieldUnknown),
    (TWINLOCK_E_OPTION_UNKNOWN, ErrorCode::OptionUnknown),
    (TWINLOCK_E_OPTION_OUT_OF_RANGE, ErrorCode::OptionOutOfRange),
    (TWINLOCK_E_KEY_MISSING, ErrorCode::KeyMissing),
    (TWINLOCK_E_KEY_MALFORMED, ErrorCode::KeyMalformed),
    (TWINLOCK_E_KEY_WEAK, ErrorCode::KeyWeak),
    (TWINLOCK_E_KEY_DUPLICATE, ErrorCode::KeyDuplicate),
    (TWINLOCK_E_KEY_UNKNOWN, ErrorCode::KeyUnknown),
    (TWINLOCK_E_KEY_RING_TOO_LARGE, ErrorCode::KeyRingTooLarge),
    (TWINLOCK_E_ENVELOPE_MALFORMED, ErrorCode::EnvelopeMalformed),
    (TWINLOCK_E_ENVELOPE_REJECTED, ErrorCode::EnvelopeRejected),
    (TWINLOCK_E_RECORD_MALFORMED, ErrorCode::RecordMalformed),
    (TWINLOCK_E_INPUT_TOO_LARGE, ErrorCode::InputTooLarge),
    (TWINLOCK_E_SUBJECT_INVALID, ErrorCode::SubjectInvalid),
    (TWINLOCK_E_TIME_INVALID, ErrorCode::TimeInvalid),
    (TWINLOCK_E_SECRET_LENGTH, ErrorCode::SecretLength),
    (TWINLOCK_E_SECRET_MALFORMED, ErrorCode::SecretMalformed),
    (TWINLOCK_E_DIGITS_INVALID, ErrorCode::DigitsInvalid),
    (TWINLOCK_E_PERIOD_INVALID, ErrorCode::PeriodInvalid),
    (TWINLOCK_E_ALGORITHM_UNKNOWN, ErrorCode::AlgorithmUnknown),
    (TWINLOCK_E_WINDOW_INVALID, ErrorCode::WindowInvalid),
    (TWINLOCK_E_COUNTER_OVERFLOW, ErrorCode::CounterOverflow),
    (TWINLOCK_E_NAME_INVALID, ErrorCode::NameInvalid),
    (TWINLOCK_E_URI_MALFORMED, ErrorCode::UriMalformed),
    (TWINLOCK_E_QR_TOO_LONG, ErrorCode::QrTooLong),
    (TWINLOCK_E_JWT_KEY_WEAK, ErrorCode::JwtKeyWeak),
    (TWINLOCK_E_JWT_ALGORITHM_UNKNOWN, ErrorCode::JwtAlgorithmUnknown),
    (TWINLOCK_E_CLAIM_INVALID, ErrorCode::ClaimInvalid),
    (TWINLOCK_E_FIRST_FACTOR_INVALID, ErrorCode::FirstFactorInvalid),
    (TWINLOCK_E_RANDOM_UNAVAILABLE, ErrorCode::RandomUnavailable),
    (TWINLOCK_E_STORE_FAILED, ErrorCode::StoreFailed),
    (TWINLOCK_E_TRANSACTION_OPEN, ErrorCode::TransactionOpen),
    (TWINLOCK_E_ARGUMENT_INVALID, ErrorCode::ArgumentInvalid),
    (TWINLOCK_E_HANDLE_INVALID, ErrorCode::HandleInvalid),
    (TWINLOCK_E_ARGUMENT_UNKNOWN, ErrorCode::ArgumentUnknown),
    (TWINLOCK_E_CIPHER_REFUSED, ErrorCode::CipherRefused),
    (TWINLOCK_E_KEY_PROVIDER_FAILED, ErrorCode::KeyProviderFailed),
    (TWINLOCK_E_MIGRATION_MALFORMED, ErrorCode::MigrationMalformed),
    (TWINLOCK_E_SCHEME_UNKNOWN, ErrorCode::SchemeUnknown),
    (TWINLOCK_E_JWT_KEY_MALFORMED, ErrorCode::JwtKeyMalformed),
    (TWINLOCK_E_JWT_KEY_VERIFY_ONLY, ErrorCode::JwtKeyVerifyOnly),
    (TWINLOCK_E_FAMILY_MALFORMED, ErrorCode::FamilyMalformed),
];

const _: () = {
    let mut rest = PINNED;
    while let [(number, code), tail @ ..] = rest {
        assert!(*number == code.number(), "a status constant differs from the core's table");
        rest = tail;
    }
};

/// Why a call did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure(ErrorCode);

impl Failure {
    pub(crate) const fn number(self) -> i32 {
        self.0.number()
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self(code)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self(fault.code)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.code)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error.code())
    }
}

/// The stable machine-readable name of a status, such as `wrong_code`; `ok` for 0. For logs and HTTP bodies.
/// `TWINLOCK_E_ARGUMENT_UNKNOWN` for a number that is no status.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_status_name(
    status: i32,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        out = Out::text(out, capacity, length);
        => out.write(describe(status, "ok", ErrorCode::name)?)
    }
}

/// One English sentence on a status, for people. It never holds a secret, a code, a token or user input.
/// `TWINLOCK_E_ARGUMENT_UNKNOWN` for a number that is no status.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_status_message(
    status: i32,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        out = Out::text(out, capacity, length);
        => out.write(describe(status, "Success.", ErrorCode::message)?)
    }
}

fn describe(
    status: i32,
    success: &'static str,
    of: impl FnOnce(ErrorCode) -> &'static str,
) -> Result<&'static [u8], Failure> {
    if status == TWINLOCK_OK {
        return Ok(success.as_bytes());
    }
    let code = ErrorCode::from_number(status).ok_or(ErrorCode::ArgumentUnknown)?;
    Ok(of(code).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ffi_14_every_code_of_the_core_has_a_constant() {
        let pinned: Vec<ErrorCode> = PINNED.iter().map(|&(_, code)| code).collect();
        assert_eq!(pinned, ErrorCode::ALL);
    }
}
