//! The first factor, as the host says that it was passed.

use crate::error::{ErrorCode, Fault};
use crate::time::UnixTime;

/// How and when the host checked the first factor: 1–8 method names (RFC 8176, such as `pwd`) and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstFactor {
    methods: Vec<String>,
    at: UnixTime,
    binding: Option<String>,
}

impl FirstFactor {
    /// Checks and wraps.
    ///
    /// # Errors
    /// `first_factor_invalid` unless there are 1 to 8 names of 1 to 32 characters out of `a-z 0-9 _ -`
    /// and none is `mfa`, `otp` or `backup`, which only this engine may claim.
    pub fn new(methods: &[&str], at: UnixTime) -> Result<Self, Fault> {
        let named = |name: &&str| {
            (1..=32).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
                && !["mfa", "otp", "backup"].contains(name)
        };
        if !(1..=8).contains(&methods.len()) || !methods.iter().all(named) {
            return Err(Fault::new(ErrorCode::FirstFactorInvalid));
        }
        Ok(Self { methods: methods.iter().map(|&m| m.to_owned()).collect(), at, binding: None })
    }

    /// A password, checked at that time.
    #[must_use]
    pub fn password(at: UnixTime) -> Self {
        Self { methods: vec!["pwd".to_owned()], at, binding: None }
    }

    /// Binds the challenge to something that the host must show again with the answer, such as a digest
    /// of the password's hash, a client's nonce or cookie. The token carries only a keyed digest of it.
    #[must_use]
    pub fn bound_to(mut self, binding: &str) -> Self {
        self.binding = Some(binding.to_owned());
        self
    }

    /// No first factor in this call: the user was signed in and showed a code.
    pub(crate) const fn none(at: UnixTime) -> Self {
        Self { methods: Vec::new(), at, binding: None }
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

    /// When.
    #[must_use]
    pub const fn at(&self) -> UnixTime {
        self.at
    }
}
