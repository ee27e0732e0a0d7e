//! What a user answers with, by number of kind; and the tokens that stand for an answer.

use twinlock_core::{Answer, Claims, Engine, Error, ErrorCode, Fault, TokenKind, UnixTime};

/// No answer, where a call can do without.
pub const TWINLOCK_ANSWER_NONE: i32 = 0;
/// As a code of an authenticator only.
pub const TWINLOCK_ANSWER_OTP: i32 = 1;
/// As a backup code only.
pub const TWINLOCK_ANSWER_BACKUP: i32 = 2;
/// As whichever code it looks like.
pub const TWINLOCK_ANSWER_ANY: i32 = 3;
/// As the code only that you sent for this challenge.
pub const TWINLOCK_ANSWER_SENT: i32 = 4;
/// No code, but the access token of a step-up for just this action, which each call names. It is verified
/// here; one that does not hold is refused as `twinlock_engine_verify` refuses it.
pub const TWINLOCK_ANSWER_STEP_UP: i32 = 5;

/// What was typed, or the claims of the step-up that was shown.
enum Given<'a> {
    Otp(&'a str),
    Backup(&'a str),
    Any(&'a str),
    Sent(&'a str),
    StepUp(Claims),
}

impl<'a> Given<'a> {
    fn read(engine: &Engine, (kind, typed): (i32, &'a str), now: UnixTime) -> Result<Self, Error> {
        Ok(match kind {
            TWINLOCK_ANSWER_OTP => Self::Otp(typed),
            TWINLOCK_ANSWER_BACKUP => Self::Backup(typed),
            TWINLOCK_ANSWER_ANY => Self::Any(typed),
            TWINLOCK_ANSWER_SENT => Self::Sent(typed),
            TWINLOCK_ANSWER_STEP_UP => Self::StepUp(session_claims(engine, typed, now)?),
            _ => return Err(Fault::new(ErrorCode::ArgumentUnknown).into()),
        })
    }

    fn as_answer(&self) -> Answer<'_> {
        match self {
            Self::Otp(typed) => Answer::Otp(typed),
            Self::Backup(typed) => Answer::Backup(typed),
            Self::Any(typed) => Answer::Any(typed),
            Self::Sent(typed) => Answer::Sent(typed),
            Self::StepUp(claims) => Answer::StepUp(claims),
        }
    }
}

/// Makes a call of the core with what the user typed, as `kind` says.
pub(crate) fn answered<T>(
    engine: &Engine,
    typed_as_kind: (i32, &str),
    now: UnixTime,
    call: impl FnOnce(Answer<'_>) -> Result<T, Fault>,
) -> Result<T, Error> {
    let given = Given::read(engine, typed_as_kind, now)?;
    Ok(call(given.as_answer())?)
}

/// The claims of a session's token, from its signed text: a C caller has no other way to make some.
pub(crate) fn session_claims(engine: &Engine, token: &str, now: UnixTime) -> Result<Claims, Error> {
    match engine.verify(token, TokenKind::Access, now) {
        Err(error) if error.code() == ErrorCode::TokenInvalid => {
            engine.verify(token, TokenKind::Sliding, now)
        }
        verified => verified,
    }
}
