//! What the engine takes and gives out: enrollments, challenges, tokens of its own.

use zeroize::Zeroizing;

use super::proof::{Method, Proof};
use crate::record::device::DeviceParams;
use crate::time::UnixTime;
use crate::token::access::Claims;

/// What to enroll.
#[derive(Clone, Debug, Default)]
pub struct NewDevice<'a> {
    /// The account's name as the authenticator app shows it, such as an e-mail address.
    pub account: &'a str,
    /// The device's name as the user sees it in lists; `None` gives `Authenticator`.
    pub name: Option<&'a str>,
    /// Another kind or other parameters than the policy's.
    pub params: Option<DeviceParams>,
}

/// What the user needs to set up an authenticator. Shown once.
pub struct Provisioning {
    /// The pending device's id.
    pub device_id: String,
    /// The secret in base32, for typing in.
    pub secret: Zeroizing<String>,
    /// The `otpauth://` URI, for scanning as a QR code.
    pub uri: Zeroizing<String>,
    /// When the enrollment must be confirmed.
    pub expires_at: UnixTime,
}

/// A confirmed enrollment.
pub struct Enrolled {
    /// The device's id.
    pub device_id: String,
    /// The backup codes, to be shown once.
    pub backup_codes: Vec<Zeroizing<String>>,
    /// The code that confirmed is a proof like any other: the epoch moved, so tokens from before are
    /// dead, and this mints the next ones.
    pub proof: Proof,
}

/// The answer to a passed first factor.
#[non_exhaustive]
pub enum SignIn {
    /// The subject has no second factor.
    NotRequired(Proof),
    /// A second factor has to be shown.
    Challenge(Challenge),
    /// A code has to be delivered by the host; it answers the challenge.
    Send(Challenge, SentCode),
    /// The subject is on a trusted device. The token takes the place of the one that was shown.
    Trusted(Proof, TrustToken),
    /// The subject must set up an authenticator first, and can do nothing else.
    EnrollOnly(EnrollmentToken),
}

/// A token that opens enrollment and nothing else.
#[derive(Clone)]
pub struct EnrollmentToken {
    /// The signed token.
    pub token: String,
    /// When it ends; it also ends with the enrollment.
    pub expires_at: UnixTime,
}

/// A token that a trusted device keeps. Whoever has it and the first factor signs in.
pub struct TrustToken {
    /// The id by which the device is listed and revoked: 16 hexadecimal digits.
    pub id: String,
    /// The signed token, for instance for a cookie that scripts cannot read.
    pub token: Zeroizing<String>,
    /// When the trust ends.
    pub expires_at: UnixTime,
}

/// A code for the host to deliver by mail or SMS, once.
pub struct SentCode {
    /// The code.
    pub code: Zeroizing<String>,
    /// When it ends.
    pub expires_at: UnixTime,
}

/// What a step-up is for.
#[derive(Clone, Copy)]
pub struct StepUp<'a> {
    /// The one purpose, 1 to 64 characters out of `a-z 0-9 _ - . :`.
    pub purpose: &'a str,
    /// The session's verified access token, if it goes on in the new one.
    pub session: Option<&'a Claims>,
}

/// A challenge to hand to the client.
#[derive(Clone)]
pub struct Challenge {
    /// The signed token, to come back with the answer.
    pub token: String,
    /// What may answer it.
    pub methods: Vec<Method>,
    /// When it ends.
    pub expires_at: UnixTime,
    /// What a right answer gives.
    pub gives: Outcome,
}

/// What a right answer to a challenge gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A proof, by [`Engine::finish_sign_in`](crate::Engine::finish_sign_in).
    SignIn,
    /// An enrollment token, by [`Engine::finish_for_enrollment`](crate::Engine::finish_for_enrollment).
    Enrollment,
}

/// A challenge as it came back.
#[derive(Clone, Copy)]
pub struct PresentedChallenge<'a> {
    /// The token.
    pub token: &'a str,
    /// What the first factor was bound to ([`FirstFactor::bound_to`]), computed anew by the host.
    pub binding: Option<&'a str>,
}

impl<'a> From<&'a str> for PresentedChallenge<'a> {
    fn from(token: &'a str) -> Self {
        Self { token, binding: None }
    }
}
