//! First factors and answers as Python gives them.

use pyo3::prelude::*;
use twinlock_core as core;
use twinlock_core::{Answer, Claims, ErrorCode, FirstFactor, TokenKind, UnixTime};

use crate::convert::{Opt, Text, Texts, opt_text, text};
use crate::errors::Problem;

/// How and when the host checked the first factor, and what else it knows of the client.
pub fn first_factor(
    methods: Opt<'_, '_>,
    at: UnixTime,
    binding: Opt<'_, '_>,
    trust_token: Opt<'_, '_>,
) -> Result<FirstFactor, Problem> {
    let mut factor = match methods {
        Some(methods) => {
            let names = Texts::of(methods, "methods")?;
            let names = names.read()?;
            FirstFactor::new(&names.iter().map(|name| &**name).collect::<Vec<_>>(), at)?
        }
        None => FirstFactor::password(at),
    };
    if let Some(binding) = opt_text(binding, "binding")? {
        factor = factor.bound_to(&binding);
    }
    if let Some(token) = opt_text(trust_token, "trust_token")? {
        factor = factor.on_trusted_device(&token);
    }
    Ok(factor)
}

/// The kind of token by its name.
pub fn token_kind(kind: Opt<'_, '_>) -> Result<TokenKind, Problem> {
    match opt_text(kind, "kind")?.as_deref() {
        None | Some("access") => Ok(TokenKind::Access),
        Some("refresh") => Ok(TokenKind::Refresh),
        Some("sliding") => Ok(TokenKind::Sliding),
        Some(_) => Err(Problem::unknown("kind")),
    }
}

/// The claims of a session's access or sliding token. They come from the token's text and never from a `dict`,
/// which anybody could have put together.
pub fn session_claims(engine: &core::Engine, token: &str, now: UnixTime) -> Result<Claims, Problem> {
    match engine.verify(token, TokenKind::Access, now) {
        Err(error) if error.code() == ErrorCode::TokenInvalid => {
            Ok(engine.verify(token, TokenKind::Sliding, now)?)
        }
        verified => Ok(verified?),
    }
}

/// What a call may be answered with, as its arguments have it. A call leaves `None` where it takes none.
#[derive(Clone, Copy, Default)]
pub struct Answers<'a, 'py> {
    pub otp: Opt<'a, 'py>,
    pub backup: Opt<'a, 'py>,
    pub sent: Opt<'a, 'py>,
    pub any: Opt<'a, 'py>,
    /// The access token of a step-up.
    pub step_up: Opt<'a, 'py>,
}

impl<'a> Answers<'a, '_> {
    /// The one that is given. `choice` says in the error what there is to choose from.
    pub fn one(
        self,
        engine: &core::Engine,
        now: UnixTime,
        choice: &'static str,
    ) -> Result<Given<'a>, Problem> {
        self.at_most_one(engine, now, choice)?.ok_or(Problem::argument(choice))
    }

    /// The one that is given, if any is.
    pub fn at_most_one(
        self,
        engine: &core::Engine,
        now: UnixTime,
        choice: &'static str,
    ) -> Result<Option<Given<'a>>, Problem> {
        let Self { otp, backup, sent, any, step_up } = self;
        if [otp, backup, sent, any, step_up].into_iter().flatten().count() > 1 {
            return Err(Problem::argument(choice));
        }
        if let Some(token) = opt_text(step_up, "step_up")? {
            return Ok(Some(Given::StepUp(session_claims(engine, &token, now)?)));
        }
        let otp = opt_text(otp, "otp")?.map(Given::Otp);
        let backup = opt_text(backup, "backup")?.map(Given::Backup);
        let sent = opt_text(sent, "sent")?.map(Given::Sent);
        let any = any.map(|any| text(any, "any")).transpose()?.map(Given::Any);
        Ok(otp.or(backup).or(sent).or(any))
    }
}

/// What the user typed, and as what it may count.
pub enum Given<'a> {
    /// Only as a code of an authenticator.
    Otp(Text<'a>),
    /// Only as a backup code.
    Backup(Text<'a>),
    /// Only as the code that the host sent.
    Sent(Text<'a>),
    /// As whichever code it looks like.
    Any(Text<'a>),
    /// Nothing was typed: a step-up is recent enough.
    StepUp(Claims),
}

impl Given<'_> {
    /// As the core takes it.
    pub fn as_answer(&self) -> Answer<'_> {
        match self {
            Self::Otp(text) => Answer::Otp(text),
            Self::Backup(text) => Answer::Backup(text),
            Self::Sent(text) => Answer::Sent(text),
            Self::Any(text) => Answer::Any(text),
            Self::StepUp(claims) => Answer::StepUp(claims),
        }
    }

    /// Runs the check; with the interpreter's lock released unless PBKDF2 cannot be in it.
    pub fn run<T: Send>(&self, py: Python<'_>, check: impl FnOnce() -> T + Send) -> T {
        match self {
            Self::Otp(_) | Self::Sent(_) | Self::StepUp(_) => check(),
            Self::Backup(_) | Self::Any(_) => py.detach(check),
        }
    }
}
