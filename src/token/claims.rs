//! The claims of access and refresh tokens, and the rules by which they are believed.

use std::fmt;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::config::Jwt;
use super::json;
use super::minted::{FAMILY_END, SLIDING_END};
use super::payload::Payload;
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
#[derive(Clone)]
pub struct Claims {
    json: String,
    /// Made when somebody asks for one of them: most tokens are verified for their subject alone.
    members: OnceLock<Map<String, Value>>,
}

impl Claims {
    /// One claim.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members().get(name)
    }

    /// All claims.
    #[must_use]
    pub fn members(&self) -> &Map<String, Value> {
        // Verifying has read the text already, so that there is nothing in it that cannot be read.
        self.members.get_or_init(|| serde_json::from_str(&self.json).unwrap_or_default())
    }

    /// All claims as a JSON object, as they stand in the token.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.json.clone()
    }

    /// The subject, which verifying made sure of.
    pub(crate) fn subject(&self) -> Result<Subject, Refusal> {
        let subject = json::text_of(self.members(), "sub").and_then(|text| Subject::new(text).ok());
        subject.ok_or(Refusal::new(ErrorCode::TokenInvalid))
    }

    /// The record's epoch when the token was minted.
    pub(crate) fn epoch(&self) -> Option<u64> {
        json::unsigned(self.members(), "epoch")
    }

    /// The name of the token itself.
    pub(crate) fn id(&self) -> Option<&str> {
        json::text_of(self.members(), "jti")
    }

    /// The name of its sign-in.
    pub(crate) fn family(&self) -> Option<&str> {
        json::text_of(self.members(), "fam")
    }

    /// When its family ends, if it is a refresh token that rotates.
    pub(crate) fn family_end(&self) -> Option<UnixTime> {
        json::time(self.members(), FAMILY_END)
    }

    /// The last moment in which a sliding token can be refreshed.
    pub(crate) fn sliding_end(&self) -> Option<UnixTime> {
        json::time(self.members(), SLIDING_END)
    }

    /// When the token ends.
    pub(crate) fn expires_at(&self) -> Option<UnixTime> {
        json::time(self.members(), "exp")
    }
}

impl PartialEq for Claims {
    fn eq(&self, other: &Self) -> bool {
        self.members() == other.members()
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Claims").field(self.members()).finish()
    }
}

impl Jwt {
    /// Checks signed claims. Only a token that is right in all else is called expired.
    pub(super) fn believe(&self, json: Vec<u8>, kind: TokenKind, now: UnixTime) -> Result<Claims, Refusal> {
        let invalid = Refusal::new(ErrorCode::TokenInvalid);
        let claims = Payload::read(&json, &self.user_id_claim).ok_or(invalid)?;
        let expires_at = self.life(&claims, kind, now).ok_or(invalid)?;
        let sound = claims.token_type.as_deref() == Some(kind.token_type())
            && self.has_identity(&claims)
            && self.issuer_is_ours(&claims)
            && self.audience_is_ours(&claims)
            && claims.auth_time.is_none_or(|at| json::to_time(at).is_some())
            && absolute_end_is_sound(&claims, kind);
        if !sound {
            return Err(invalid);
        }
        if now >= expires_at.plus(self.leeway) {
            return Err(Refusal::new(ErrorCode::TokenExpired));
        }
        let json = String::from_utf8(json).map_err(|_| invalid)?;
        Ok(Claims { json, members: OnceLock::new() })
    }

    /// Whether verified claims show a second factor of at most that age in seconds, for that purpose or any.
    pub(crate) fn shows_step_up(&self, claims: &Claims, purpose: &str, max_age: u64, now: UnixTime) -> bool {
        let opens_apis = [TokenKind::Access, TokenKind::Sliding]
            .iter()
            .any(|kind| json::text_of(claims.members(), "token_type") == Some(kind.token_type()));
        let has_factor = json::texts(claims.members(), "amr").is_some_and(|amr| amr.contains(&"mfa"));
        let is_fresh = json::time(claims.members(), "auth_time")
            .is_some_and(|at| at <= now.plus(self.leeway) && now.since(at) <= max_age);
        let fits = claims.get("purpose").is_none_or(|theirs| theirs.as_str() == Some(purpose));
        opens_apis && has_factor && is_fresh && fits
    }

    /// The end of a token that has begun.
    fn life(&self, claims: &Payload<'_>, kind: TokenKind, now: UnixTime) -> Option<UnixTime> {
        let (issued_at, expires_at) = (json::to_time(claims.issued_at?)?, json::to_time(claims.expires_at?)?);
        let not_before = match claims.not_before {
            Some(seconds) => json::to_time(seconds)?,
            None => issued_at,
        };
        let begun = issued_at.max(not_before) <= now.plus(self.leeway);
        let lives_as_ours = issued_at <= expires_at && expires_at.since(issued_at) <= kind.longest_life();
        (begun && lives_as_ours).then_some(expires_at)
    }

    fn has_identity(&self, claims: &Payload<'_>) -> bool {
        let named = claims.id.as_ref().is_some_and(|id| !id.is_empty());
        let subject = claims.subject.as_deref().filter(|subject| Subject::is_valid(subject));
        named && claims.epoch.is_some() && subject.is_some() && claims.user_id.as_deref() == subject
    }

    fn issuer_is_ours(&self, claims: &Payload<'_>) -> bool {
        self.issuer.is_none() || claims.issuer.as_deref() == self.issuer.as_deref()
    }

    fn audience_is_ours(&self, claims: &Payload<'_>) -> bool {
        match (&self.audience, &claims.audience) {
            (Some(ours), Some(theirs)) => theirs.contains(ours),
            (None, None) => true,
            _ => false,
        }
    }
}

/// A sliding token has a last moment, a refresh token may have one, and neither outlives it.
fn absolute_end_is_sound(claims: &Payload<'_>, kind: TokenKind) -> bool {
    let (end, required) = match kind {
        TokenKind::Access => return true,
        TokenKind::Refresh => (claims.family_end, false),
        TokenKind::Sliding => (claims.sliding_end, true),
    };
    let Some(end) = end else { return !required };
    let (Some(issued_at), Some(expires_at)) = (claims.issued_at, claims.expires_at) else { return false };
    let is_time = json::to_time(end).is_some();
    is_time && expires_at <= end && end.saturating_sub(issued_at) <= LONGEST_SESSION
}
