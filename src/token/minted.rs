//! The text of a token's claims: what it has for itself, then what all tokens of one sign-in share.

use serde::Serialize;
use serde_json::{Map, Value};

use super::claims::TokenKind;
use super::config::Jwt;
use super::jws;
use crate::error::{ErrorCode, Fault};
use crate::time::UnixTime;

/// What each token has for itself; the rest goes over from one token of a session to the next.
const OWN_CLAIMS: [&str; 6] = ["token_type", "exp", "iat", "jti", FAMILY_END, SLIDING_END];
/// In a refresh token that rotates: when its family ends.
pub(super) const FAMILY_END: &str = "fam_exp";
/// In a sliding token: until when it can be refreshed. The name is simplejwt's.
pub(super) const SLIDING_END: &str = "refresh_exp";
/// Most tokens have no more.
const USUAL_BYTES: usize = 512;

/// What a token has for itself.
#[derive(Clone, Copy)]
pub(super) struct Minted<'a> {
    pub kind: TokenKind,
    pub issued_at: UnixTime,
    pub expires_at: UnixTime,
    pub id: &'a str,
    /// When what it can be exchanged for ends, too: [`FAMILY_END`] or [`SLIDING_END`].
    pub absolute_end: Option<UnixTime>,
}

/// Claims as members of a JSON object, each with a comma in front.
pub(super) struct Members(Vec<u8>);

impl Members {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(USUAL_BYTES))
    }

    /// What a verified token goes on with.
    pub(super) fn of_session(claims: &Map<String, Value>) -> Result<Self, Fault> {
        let mut members = Self::new();
        members.extend(claims.iter().filter(|(name, _)| !OWN_CLAIMS.contains(&name.as_str())))?;
        Ok(members)
    }

    pub(super) fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Fault> {
        self.0.push(b',');
        self.write(name)?;
        self.0.push(b':');
        self.write(value)
    }

    pub(super) fn extend<'m>(
        &mut self,
        claims: impl IntoIterator<Item = (&'m String, &'m Value)>,
    ) -> Result<(), Fault> {
        claims.into_iter().try_for_each(|(name, value)| self.add(name, value))
    }

    fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        serde_json::to_writer(&mut self.0, value).map_err(|_| Fault::new(ErrorCode::ClaimInvalid))
    }
}

impl Jwt {
    pub(super) fn sign(&self, token: &Minted<'_>, shared: &Members) -> Result<String, Fault> {
        let mut claims = Members::new();
        claims.add("token_type", token.kind.token_type())?;
        claims.add("exp", &token.expires_at.seconds())?;
        claims.add("iat", &token.issued_at.seconds())?;
        claims.add("jti", token.id)?;
        if let Some(end) = token.absolute_end {
            let name = if token.kind == TokenKind::Sliding { SLIDING_END } else { FAMILY_END };
            claims.add(name, &end.seconds())?;
        }
        let mut json = claims.0;
        json.extend_from_slice(&shared.0);
        json.push(b'}');
        if let Some(comma) = json.first_mut() {
            *comma = b'{';
        }
        jws::sign_json(self.keys.first(), token.kind.typ(), &json)
    }
}
