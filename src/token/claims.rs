//! The claims of access and refresh tokens, and the rules by which they are believed.

use serde_json::{Map, Value};

use super::config::Jwt;
use super::json;
use super::minted::{FAMILY_END, SLIDING_END};
use crate::error::{ErrorCode, Refusal};
use crate::subject::Subject;
use crate::time::UnixTime;

/// The longest time in seconds for which a session can go on without a new sign-in.
pub(super) const LONGEST_SESSION: u64 = 30 * 86_400;
/// Names that have a meaning here or in the standards: only the engine writes them.
const RESERVED: [&str; 17] = [
    "acr",
    "amr",
    "aud",
    "auth_time",
    "epoch",
    "exp",
    "fam",
    FAMILY_END,
    "iat",
    "iss",
    "jti",
    "nbf",
    "purpose",
    SLIDING_END,
    "sub",
    "token_type",
    "typ",
];

/// Whether only the engine may write a claim of that name.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// The kinds of JWT. A token of one kind is nothing to a verifier of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenKind {
    /// Opens APIs: `typ` `at+jwt`, `token_type` `access`.
    Access,
    /// Gets new access tokens: `typ` `twinlock-refresh+jwt`, `token_type` `refresh`.
    Refresh,
    /// Opens APIs and gets its own successor: `typ` `twinlock-sliding+jwt`, `token_type` `sliding`.
    Sliding,
}

impl TokenKind {
    /// The header's `typ`.
    pub(super) const fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "twinlock-refresh+jwt",
            Self::Sliding => "twinlock-sliding+jwt",
        }
    }

    /// The claim by which simplejwt tells the kinds apart.
    pub(super) const fn token_type(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Sliding => "sliding",
        }
    }

    /// In seconds. A token that claims to live longer was not minted here.
    pub(super) const fn longest_life(self) -> u64 {
        match self {
            Self::Access | Self::Sliding => 900,
            Self::Refresh => LONGEST_SESSION,
        }
    }
}

/// The verified claims of a token: all members of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(pub(crate) Map<String, Value>);

impl Claims {
    /// One claim.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All claims.
    #[must_use]
    pub const fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All claims as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    /// The subject, which verifying made sure of.
    pub(crate) fn subject(&self) -> Result<Subject, Refusal> {
        let subject = json::text(&self.0, "sub").and_then(|text| Subject::new(text).ok());
        subject.ok_or(Refusal::new(ErrorCode::TokenInvalid))
    }

    /// The record's epoch when the token was minted.
    pub(crate) fn epoch(&self) -> Option<u64> {
        json::unsigned(&self.0, "epoch")
    }

    /// The name of the token itself.
    pub(crate) fn id(&self) -> Option<&str> {
        json::text(&self.0, "jti")
    }

    /// The name of its sign-in.
    pub(crate) fn family(&self) -> Option<&str> {
        json::text(&self.0, "fam")
    }

    /// When its family ends, if it is a refresh token that rotates.
    pub(crate) fn family_end(&self) -> Option<UnixTime> {
        json::time(&self.0, FAMILY_END)
    }

    /// The last moment in which a sliding token can be refreshed.
    pub(crate) fn sliding_end(&self) -> Option<UnixTime> {
        json::time(&self.0, SLIDING_END)
    }

    /// When the token ends.
    pub(crate) fn expires_at(&self) -> Option<UnixTime> {
        json::time(&self.0, "exp")
    }
}

impl Jwt {
    /// Checks signed claims. Only a token that is right in all else is called expired.
    pub(super) fn believe(
        &self,
        claims: Map<String, Value>,
        kind: TokenKind,
        now: UnixTime,
    ) -> Result<Claims, Refusal> {
        let invalid = Refusal::new(ErrorCode::TokenInvalid);
        let expires_at = self.life(&claims, kind, now).ok_or(invalid)?;
        let sound = json::text(&claims, "token_type") == Some(kind.token_type())
            && self.identity(&claims).is_some()
            && self.issuer_is_ours(&claims)
            && self.audience_is_ours(&claims)
            && history_is_typed(&claims)
            && absolute_end_is_sound(&claims, kind);
        if !sound {
            return Err(invalid);
        }
        if now >= expires_at.plus(self.leeway) {
            return Err(Refusal::new(ErrorCode::TokenExpired));
        }
        Ok(Claims(claims))
    }

    /// Whether verified claims show a second factor of at most that age in seconds, for that purpose or any.
    pub(crate) fn shows_step_up(&self, claims: &Claims, purpose: &str, max_age: u64, now: UnixTime) -> bool {
        let opens_apis = [TokenKind::Access, TokenKind::Sliding]
            .iter()
            .any(|kind| json::text(&claims.0, "token_type") == Some(kind.token_type()));
        let has_factor = json::texts(&claims.0, "amr").is_some_and(|amr| amr.contains(&"mfa"));
        let is_fresh = json::time(&claims.0, "auth_time")
            .is_some_and(|at| at <= now.plus(self.leeway) && now.since(at) <= max_age);
        let fits = claims.get("purpose").is_none_or(|theirs| theirs.as_str() == Some(purpose));
        opens_apis && has_factor && is_fresh && fits
    }

    /// The end of a token that has begun.
    fn life(&self, claims: &Map<String, Value>, kind: TokenKind, now: UnixTime) -> Option<UnixTime> {
        let (issued_at, expires_at) = (json::time(claims, "iat")?, json::time(claims, "exp")?);
        let not_before = match claims.get("nbf") {
            Some(_) => json::time(claims, "nbf")?,
            None => issued_at,
        };
        let begun = issued_at.max(not_before) <= now.plus(self.leeway);
        let lives_as_ours = issued_at <= expires_at && expires_at.since(issued_at) <= kind.longest_life();
        (begun && lives_as_ours).then_some(expires_at)
    }

    fn identity(&self, claims: &Map<String, Value>) -> Option<()> {
        let subject = json::text(claims, "sub")?;
        Subject::new(subject).ok()?;
        json::unsigned(claims, "epoch")?;
        let named = !json::text(claims, "jti")?.is_empty();
        (named && json::text(claims, &self.user_id_claim)? == subject).then_some(())
    }

    fn issuer_is_ours(&self, claims: &Map<String, Value>) -> bool {
        match (&self.issuer, claims.get("iss")) {
            (Some(ours), Some(Value::String(theirs))) => ours == theirs,
            (None, None | Some(Value::String(_))) => true,
            _ => false,
        }
    }

    fn audience_is_ours(&self, claims: &Map<String, Value>) -> bool {
        match (&self.audience, claims.get("aud")) {
            (Some(ours), Some(Value::String(theirs))) => ours == theirs,
            (Some(ours), Some(Value::Array(_))) => {
                json::texts(claims, "aud").is_some_and(|all| all.contains(&ours.as_str()))
            }
            (None, None) => true,
            _ => false,
        }
    }
}

/// Whether what is said about the sign-in has its types, as far as it is said.
fn history_is_typed(claims: &Map<String, Value>) -> bool {
    let absent = |name| !claims.contains_key(name);
    (absent("auth_time") || json::time(claims, "auth_time").is_some())
        && (absent("amr") || json::texts(claims, "amr").is_some())
        && (absent("fam") || json::text(claims, "fam").is_some())
        && (absent("purpose") || json::text(claims, "purpose").is_some())
}

/// A sliding token has a last moment, a refresh token may have one, and neither outlives it.
fn absolute_end_is_sound(claims: &Map<String, Value>, kind: TokenKind) -> bool {
    let (name, required) = match kind {
        TokenKind::Access => return true,
        TokenKind::Refresh => (FAMILY_END, false),
        TokenKind::Sliding => (SLIDING_END, true),
    };
    if !claims.contains_key(name) {
        return !required;
    }
    let times = [json::time(claims, "iat"), json::time(claims, "exp"), json::time(claims, name)];
    let [Some(issued_at), Some(expires_at), Some(end)] = times else { return false };
    expires_at <= end && end.since(issued_at) <= LONGEST_SESSION
}
