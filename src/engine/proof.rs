//! Proofs, and the answers that lead to them.

use super::first_factor::FirstFactor;
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
    /// A code that the host sent.
    Sent,
}

impl Method {
    /// The name in every language: `otp`, `backup`, `sent`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Backup => "backup",
            Self::Sent => "sent",
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
    /// Only as the code that the host sent for this challenge.
    Sent(&'a str),
    /// No code, but the verified access token of a recent step-up for just this action.
    StepUp(&'a Claims),
    /// As whichever code it looks like.
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
    pub(crate) device: Option<String>,
    pub(crate) grant: Option<Grant>,
}

/// What makes a proof one of a step-up: it gets a fresh access token and nothing else.
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

    /// The id of the device whose code was accepted.
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device.as_deref()
    }

    /// What a step-up was for; `None` for a sign-in.
    #[must_use]
    pub fn purpose(&self) -> Option<&str> {
        self.grant.as_ref().map(|grant| grant.purpose.as_str())
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

    /// The `amr` claim (RFC 8176): the first factor's methods, then `otp`, `backup` or `sent`, then `mfa`.
    #[must_use]
    pub fn amr(&self) -> Vec<String> {
        let second = self.method.into_iter().flat_map(|method| [method.name(), "mfa"]).map(str::to_owned);
        self.first_factor.methods().iter().cloned().chain(second).collect()
    }
}
