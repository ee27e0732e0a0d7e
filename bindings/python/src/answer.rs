//! First factors and answers as Python gives them.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::{Answer, FirstFactor, TokenKind};

use crate::convert::{Opt, Text, opt_text, text};
use crate::errors::Problem;

/// How and when the host checked the first factor.
pub fn first_factor(methods: Opt<'_, '_>, at: core::UnixTime) -> Result<FirstFactor, Problem> {
    let Some(methods) = methods else { return Ok(FirstFactor::password(at)) };
    if text(methods, "methods").is_ok() {
        // One word would be read letter by letter.
        return Err(Problem::wrong_type("methods", "a list or tuple of names", methods));
    }
    let items = methods.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    let names = items.iter().map(|item| text(item, "methods")).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    Ok(FirstFactor::new(&names, at)?)
}

/// The kind of token by its name.
pub fn token_kind(kind: Opt<'_, '_>) -> Result<TokenKind, Problem> {
    match opt_text(kind, "kind")?.as_deref() {
        None | Some("access") => Ok(TokenKind::Access),
        Some("refresh") => Ok(TokenKind::Refresh),
        Some(_) => Err(Problem::unknown("kind")),
    }
}

/// What the user typed, and as what it may count.
pub enum Given<'a> {
    /// Only as a code of an authenticator.
    Otp(Text<'a>),
    /// Only as a backup code.
    Backup(Text<'a>),
    /// As whichever it looks like.
    Any(Text<'a>),
}

impl<'a> Given<'a> {
    /// Exactly one of three.
    pub fn one(otp: Opt<'a, '_>, backup: Opt<'a, '_>, any: Opt<'a, '_>) -> Result<Self, Problem> {
        match (otp, backup, any) {
            (Some(otp), None, None) => Ok(Self::Otp(text(otp, "otp")?)),
            (None, Some(backup), None) => Ok(Self::Backup(text(backup, "backup")?)),
            (None, None, Some(any)) => Ok(Self::Any(text(any, "any")?)),
            _ => Err(Problem::argument("exactly one of otp, backup and any")),
        }
    }

    /// As the core takes it.
    pub fn as_answer(&self) -> Answer<'_> {
        match self {
            Self::Otp(text) => Answer::Otp(text),
            Self::Backup(text) => Answer::Backup(text),
            Self::Any(text) => Answer::Any(text),
        }
    }

    /// Runs the check; with the interpreter's lock released unless PBKDF2 cannot be in it.
    pub fn run<T: Send>(&self, py: Python<'_>, check: impl FnOnce() -> T + Send) -> T {
        match self {
            Self::Otp(_) => check(),
            Self::Backup(_) | Self::Any(_) => py.detach(check),
        }
    }
}
