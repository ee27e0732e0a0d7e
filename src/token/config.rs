//! How a host wants its access and refresh tokens.

use std::ops::RangeInclusive;

use super::claims::{LONGEST_SESSION, TokenKind, is_reserved};
use super::keys::{JwtKey, JwtKeys};
use crate::error::{ErrorCode, Fault};
use crate::vault::KeyRing;

/// Issuer and audience in bytes; both stand in every token, which may have 8 KiB.
const LABEL_BYTES: RangeInclusive<usize> = 1..=255;
const CLAIM_NAME_CHARACTERS: RangeInclusive<usize> = 1..=32;
const SHORTEST_ACCESS: u32 = 30;
const SHORTEST_REFRESH: u32 = 60;
const LONGEST_LEEWAY: u32 = 60;
const LONGEST_GRACE: u32 = 60;

/// How access and refresh tokens are made and checked.
pub struct JwtConfig {
    /// The keys: the first signs, all verify. Empty: HS256 with the key ring's `jwt` sub-keys.
    pub keys: Vec<JwtKey>,
    /// The `iss` claim, 1 to 255 bytes: minted and then required, when set.
    pub issuer: Option<String>,
    /// The `aud` claim, 1 to 255 bytes: minted and then required, when set. When not set, a token with
    /// an `aud` claim is for someone else (RFC 7519 §4.1.3).
    pub audience: Option<String>,
    /// Life of an access token in seconds, 30 to 900. Default 300.
    pub access_life: u32,
    /// Life of a refresh token in seconds, 60 to 30 days. Default one day. For one that rotates this is how
    /// long a session may be idle.
    pub refresh_life: u32,
    /// Life of a session of rotating refresh tokens in seconds, 60 to 30 days, however busy it is. Default
    /// 30 days.
    pub family_life: u32,
    /// Seconds in which a rotated refresh token still gets the answer that its first use got, 0 to 60, so
    /// that two tabs do not end a session. 0: no second use. Default 10.
    pub reuse_grace: u32,
    /// Seconds by which `exp`, `nbf` and `iat` may be off, 0 to 60. Default 0.
    pub leeway: u32,
    /// The name of the claim with the subject beside `sub`, 1 to 32 characters and none of the names
    /// that have a meaning of their own. Default `user_id`.
    pub user_id_claim: String,
}

impl Default for JwtConfig {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            issuer: None,
            audience: None,
            access_life: 300,
            refresh_life: 86_400,
            family_life: 30 * 86_400,
            reuse_grace: 10,
            leeway: 0,
            user_id_claim: "user_id".to_owned(),
        }
    }
}

/// A checked [`JwtConfig`] with its keys at hand.
pub(crate) struct Jwt {
    pub keys: JwtKeys,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub access_life: u64,
    pub refresh_life: u64,
    pub family_life: u64,
    pub reuse_grace: u64,
    pub leeway: u64,
    pub user_id_claim: String,
}

impl JwtConfig {
    /// Checks every bound and takes the keys out of the ring where the host has none of its own.
    pub(crate) fn resolve(self, ring: &KeyRing) -> Result<Jwt, Fault> {
        let within = |fits: bool, name| {
            if fits { Ok(()) } else { Err(Fault::about(ErrorCode::OptionOutOfRange, name)) }
        };
        let [access_life, refresh_life, family_life] =
            [self.access_life, self.refresh_life, self.family_life].map(u64::from);
        let sessions = SHORTEST_REFRESH.into()..=LONGEST_SESSION;
        let accesses = SHORTEST_ACCESS.into()..=TokenKind::Access.longest_life();
        within(accesses.contains(&access_life), "access_life")?;
        within(sessions.contains(&refresh_life), "refresh_life")?;
        within(sessions.contains(&family_life), "family_life")?;
        within(self.reuse_grace <= LONGEST_GRACE, "reuse_grace")?;
        within(self.leeway <= LONGEST_LEEWAY, "leeway")?;
        within(is_label(self.issuer.as_deref()), "issuer")?;
        within(is_label(self.audience.as_deref()), "audience")?;
        within(is_claim_name(&self.user_id_claim), "user_id_claim")?;
        Ok(Jwt {
            keys: JwtKeys::new(self.keys, ring)?,
            issuer: self.issuer,
            audience: self.audience,
            access_life,
            refresh_life,
            family_life,
            reuse_grace: self.reuse_grace.into(),
            leeway: self.leeway.into(),
            user_id_claim: self.user_id_claim,
        })
    }
}

fn is_label(label: Option<&str>) -> bool {
    label.is_none_or(|text| LABEL_BYTES.contains(&text.len()) && !text.chars().any(char::is_control))
}

fn is_claim_name(name: &str) -> bool {
    CLAIM_NAME_CHARACTERS.contains(&name.chars().count())
        && !name.chars().any(char::is_control)
        && !is_reserved(name)
}
