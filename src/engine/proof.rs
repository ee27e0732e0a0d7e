//! What the engine gives out: proofs, challenges, enrollments, status.

use zeroize::Zeroizing;

use super::first_factor::FirstFactor;
use crate::otp::totp::TotpParams;
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::access::Claims;

/// A way to answer a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// A code of an authenticator.
    Otp,
    /// A backup code.
    Backup,
}

impl Method {
    /// The name in every language: `otp`, `backup`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Backup => "backup",
        }
    }
}

/// What the user typed, and as what it may count.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// Only as a code of an authenticator.
    Otp(&'a str),
    /// Only as a backup code.
    Backup(&'a str),
    /// As whichever it looks like.
    Any(&'a str),
}

/// The proof that the host's policy on second factors is met for a subject, at a time.
///
/// Only [`Pending::commit`](super::Pending::commit) gives one out, only [`Engine::mint`](super::Engine::mint)
/// turns it into tokens. It cannot be built, copied, printed or serialised:
///
/// ```
/// # use twinlock::{Engine, Pending, Proof, Tokens, UnixTime};
/// fn tokens(engine: &Engine, pending: Pending<Proof>, stored: bool, now: UnixTime) -> Option<Tokens> {
///     let proof = pending.commit(stored).ok()?;
///     engine.mint(proof, &Default::default(), now).ok()
/// }
/// ```
///
/// It mints once:
/// ```compile_fail,E0382
/// # fn f(engine: &twinlock::Engine, proof: twinlock::Proof, now: twinlock::UnixTime) {
/// let tokens = engine.mint(proof, &Default::default(), now);
/// let more = engine.mint(proof, &Default::default(), now);
/// # }
/// ```
/// Nothing but a verdict makes one, and its facts cannot be changed:
/// ```compile_fail,E0451
/// # fn f(proof: twinlock::Proof) {
/// let other = twinlock::Proof { epoch: 7, ..proof };
/// # }
/// ```
/// ```compile_fail,E0616
/// # fn f(mut proof: twinlock::Proof) {
/// proof.epoch = 7;
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let proof: twinlock::Proof = serde_json::from_str("{}")?;
/// # Ok(())
/// # }
/// ```
/// It cannot be copied, printed or written down:
/// ```compile_fail,E0599
/// # fn f(proof: twinlock::Proof) {
/// let copy: twinlock::Proof = proof.clone();
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn f(proof: twinlock::Proof) {
/// println!("{proof:?}");
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn f(proof: twinlock::Proof) {
/// println!("{proof}");
/// # }
/// ```
/// ```compile_fail,E0277
/// # fn f(proof: twinlock::Proof) {
/// let text = serde_json::to_string(&proof);
/// # }
/// ```
pub struct Proof {
    pub(crate) subject: Subject,
    pub(crate) epoch: u64,
    pub(crate) first_factor: FirstFactor,
    pub(crate) method: Option<Method>,
    pub(crate) grant: Option<Grant>,
}

/// What makes a proof one of a step-up: it gets a fresh access token and nothing else.
#[allow(dead_code)] // read by the step-up tokens
pub(crate) struct Grant {
    /// The one purpose that it is for.
    pub purpose: String,
    /// The verified access token of the session that goes on; what it says of the first factor, its family
    /// and the host's own claims go over into the new one.
    pub session: Option<Claims>,
}

impl Proof {
    /// Who signed in.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The second factor used; `None` when the subject has none.
    #[must_use]
    pub const fn method(&self) -> Option<Method> {
        self.method
    }

    /// The record's epoch at that moment; tokens carry it and die with it.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// When the first factor was passed; for an enrollment, when its code was.
    #[must_use]
    pub const fn auth_time(&self) -> UnixTime {
        self.first_factor.at()
    }

    /// The `amr` claim (RFC 8176): the first factor's methods, then `otp` or `backup`, then `mfa`.
    #[must_use]
    pub fn amr(&self) -> Vec<String> {
        let second = self.method.into_iter().flat_map(|method| [method.name(), "mfa"]).map(str::to_owned);
        self.first_factor.methods().iter().cloned().chain(second).collect()
    }
}

/// What to enroll.
#[derive(Clone, Debug, Default)]
pub struct NewDevice<'a> {
    /// The account's name as the authenticator app shows it, such as an e-mail address.
    pub account: &'a str,
    /// The device's name as the user sees it in lists; `None` gives `Authenticator`.
    pub name: Option<&'a str>,
    /// Other parameters than the policy's.
    pub params: Option<TotpParams>,
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

/// The state of a subject's second factor. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whether a confirmed device gates sign-in.
    pub enabled: bool,
    /// When the waiting enrollment ends, if there is one.
    pub pending_until: Option<UnixTime>,
    /// The confirmed devices.
    pub devices: Vec<DeviceStatus>,
    /// Backup codes not yet used.
    pub backup_codes_left: u32,
    /// Backup codes in the set.
    pub backup_codes_total: u32,
    /// When the present lock ends, if there is one.
    pub locked_until: Option<UnixTime>,
    /// Whether the factor is blocked until an unlock.
    pub disabled: bool,
    /// Wrong answers since the last right one.
    pub failures_in_a_row: u32,
    /// Wrong answers in the last 24 hours.
    pub failures_today: u32,
    /// The record's epoch; 0 where there is no record.
    pub epoch: u64,
}

/// One device in a [`Status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceStatus {
    /// The id: 24 hexadecimal digits, not guessable.
    pub id: String,
    /// The kind: `totp`.
    pub kind: &'static str,
    /// The name the user gave.
    pub name: String,
    /// The parameters.
    pub params: TotpParams,
    /// When it was confirmed.
    pub created_at: UnixTime,
    /// When a code of it was last accepted.
    pub last_used_at: UnixTime,
}
