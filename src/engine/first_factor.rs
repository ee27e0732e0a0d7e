//! The first factor, as the host says that it was passed.

use crate::error::{ErrorCode, Fault};
use crate::time::UnixTime;

/// How and when the host checked the first factor: 1–8 method names (RFC 8176, such as `pwd`) and a time.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstFactor {
    methods: Vec<String>,
    at: UnixTime,
    binding: Option<String>,
    trust_token: Option<String>,
}

impl FirstFactor {
    /// Checks and wraps.
    ///
    /// # Errors
    /// `first_factor_invalid` unless there are 1 to 8 names of 1 to 32 characters out of `a-z 0-9 _ -`
    /// and none is `mfa`, `otp`, `backup` or `sent`, which only this engine may claim.
    pub fn new(methods: &[&str], at: UnixTime) -> Result<Self, Fault> {
        let named = |name: &&str| {
            (1..=32).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
                && !["mfa", "otp", "backup", "sent"].contains(name)
        };
        if !(1..=8).contains(&methods.len()) || !methods.iter().all(named) {
            return Err(Fault::new(ErrorCode::FirstFactorInvalid));
        }
        Ok(Self::of(methods.iter().map(|&m| m.to_owned()).collect(), at))
    }

    /// A password, checked at that time.
    #[must_use]
    pub fn password(at: UnixTime) -> Self {
        Self::of(vec!["pwd".to_owned()], at)
    }

    /// Binds the challenge to something that the host must show again with the answer, such as a digest
    /// of the password's hash, a client's nonce or cookie. The token carries only a keyed digest of it.
    #[must_use]
    pub fn bound_to(mut self, binding: &str) -> Self {
        self.binding = Some(binding.to_owned());
        self
    }

    /// Shows the token of a trusted device, which may take the place of the second factor. Any text may be
    /// given: one that is no such token changes nothing.
    #[must_use]
    pub fn on_trusted_device(mut self, token: &str) -> Self {
        self.trust_token = Some(token.to_owned());
        self
    }

    /// No first factor in this call: the user was signed in and showed a code.
    pub(crate) const fn none(at: UnixTime) -> Self {
        Self::of(Vec::new(), at)
    }

    const fn of(methods: Vec<String>, at: UnixTime) -> Self {
        Self { methods, at, binding: None, trust_token: None }
    }

    /// What was checked.
    #[must_use]
    pub fn methods(&self) -> &[String] {
        &self.methods
    }

    /// What the challenge is bound to.
    #[must_use]
    pub fn binding(&self) -> Option<&str> {
        self.binding.as_deref()
    }

    /// The trusted device's token.
    pub(crate) fn trust_token(&self) -> Option<&str> {
        self.trust_token.as_deref()
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> UnixTime {
        self.at
    }
}

/// Without the binding and the trusted device's token, which are the client's.
impl std::fmt::Debug for FirstFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirstFactor")
            .field("methods", &self.methods)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}
