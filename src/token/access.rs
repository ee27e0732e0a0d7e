//! Access and refresh JWTs, in the claims that djangorestframework-simplejwt understands.
//!
//! ```text
//! header   {"alg":"HS256","kid":<key id>,"typ":"at+jwt" or "twinlock-refresh+jwt"}
//! claims   token_type       access or refresh
//!          exp iat          Unix seconds
//!          jti              32 hexadecimal digits, each token's own
//!          sub, user_id     the subject; the second name is the host's choice
//!          auth_time amr    when and how the user signed in (RFC 8176)
//!          epoch            the record's epoch; a refresh dies when that moves
//!          fam              32 hexadecimal digits, the same in all tokens of one sign-in
//!          iss aud          where the host sets them
//! ```
//!
//! Both kinds are signed with one key, as simplejwt's are, so that simplejwt accepts the access token; they
//! differ in `typ` and `token_type`, and both are demanded. Claims of the host's own follow, under names
//! that are not reserved.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::json;
use super::jws::{self, Unverified};
use crate::encoding::hex;
use crate::engine::proof::Proof;
use crate::error::{ErrorCode, Fault, Refusal};
use crate::random::Random;
use crate::time::UnixTime;

pub use super::algorithm::JwtAlgorithm;
pub use super::claims::{Claims, TokenKind};
pub(crate) use super::config::Jwt;
pub use super::config::JwtConfig;
pub use super::keys::JwtKey;

/// The most that a host's own claims may take, as JSON.
const MAX_EXTRA_BYTES: usize = 2048;
/// What each token has for itself; the rest an access token takes over from its refresh token.
const OWN_CLAIMS: [&str; 4] = ["token_type", "exp", "iat", "jti"];

/// A minted pair.
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// When the access token ends.
    pub access_expires_at: UnixTime,
    /// When the refresh token ends.
    pub refresh_expires_at: UnixTime,
}

impl Jwt {
    /// A pair of tokens for a proof, with the host's own claims in both.
    pub(crate) fn mint(
        &self,
        proof: &Proof,
        extra: &Map<String, Value>,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Tokens, Fault> {
        self.check_extra(extra)?;
        let [family, access_id, refresh_id] = random_ids(random)?;
        let mut shared = self.sign_in_claims(proof);
        shared.insert("fam".to_owned(), family.into());
        shared.extend(extra.iter().map(|(name, value)| (name.clone(), value.clone())));
        let refresh_expires_at = now.plus(self.refresh_life);
        let access_expires_at = now.plus(self.access_life).min(refresh_expires_at);
        let access =
            Minted { kind: TokenKind::Access, expires_at: access_expires_at, issued_at: now, id: access_id };
        let refresh = Minted {
            kind: TokenKind::Refresh,
            expires_at: refresh_expires_at,
            issued_at: now,
            id: refresh_id,
        };
        Ok(Tokens {
            access: self.sign(&access, &shared)?,
            refresh: self.sign(&refresh, &shared)?,
            access_expires_at,
            refresh_expires_at,
        })
    }

    /// The claims of a token of that kind.
    pub(crate) fn verify(&self, token: &str, kind: TokenKind, now: UnixTime) -> Result<Claims, Refusal> {
        let claims = self.open(token, kind).ok_or(Refusal::new(ErrorCode::TokenInvalid))?;
        self.believe(claims, kind, now)
    }

    /// An access token that goes on with what a verified refresh token says, and never outlives it.
    pub(crate) fn renew(
        &self,
        refresh: &Claims,
        refresh_expires_at: UnixTime,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<(String, UnixTime), Fault> {
        let [id] = random_ids(random)?;
        let expires_at = now.plus(self.access_life).min(refresh_expires_at);
        let access = Minted { kind: TokenKind::Access, expires_at, issued_at: now, id };
        Ok((self.sign(&access, &refresh.0)?, expires_at))
    }

    fn open(&self, token: &str, kind: TokenKind) -> Option<Map<String, Value>> {
        let unverified = Unverified::parse(token, kind.typ())?;
        let key = self.keys.find(unverified.key_id())?;
        json::object(&unverified.verify(key)?)
    }

    fn sign(&self, token: &Minted, shared: &Map<String, Value>) -> Result<String, Fault> {
        jws::sign(self.keys.first(), token.kind.typ(), &Payload { token, shared })
    }

    /// What host and engine know about the sign-in, without what each token has for itself.
    fn sign_in_claims(&self, proof: &Proof) -> Map<String, Value> {
        let subject = proof.subject().as_str();
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), subject.into());
        claims.insert(self.user_id_claim.clone(), subject.into());
        claims.insert("auth_time".to_owned(), proof.auth_time().seconds().into());
        claims.insert("amr".to_owned(), proof.amr().into());
        claims.insert("epoch".to_owned(), proof.epoch().into());
        for (name, label) in [("iss", &self.issuer), ("aud", &self.audience)] {
            if let Some(label) = label {
                claims.insert(name.to_owned(), label.as_str().into());
            }
        }
        claims
    }

    /// Refuses what would pass for a claim of ours, and what the verifier could not read.
    fn check_extra(&self, extra: &Map<String, Value>) -> Result<(), Fault> {
        if extra.is_empty() {
            return Ok(());
        }
        let free = |name: &String| !super::claims::is_reserved(name) && *name != self.user_id_claim;
        let readable = serde_json::to_vec(extra).is_ok_and(|text| {
            text.len() <= MAX_EXTRA_BYTES && json::object::<Map<String, Value>>(&text).is_some()
        });
        if extra.keys().all(free) && readable { Ok(()) } else { Err(Fault::new(ErrorCode::ClaimInvalid)) }
    }
}

fn random_ids<const N: usize>(random: &dyn Random) -> Result<[String; N], Fault> {
    let mut ids = [[0; 16]; N];
    random.fill(ids.as_flattened_mut())?;
    Ok(ids.map(|id| hex(&id)))
}

/// What a token has for itself.
struct Minted {
    kind: TokenKind,
    expires_at: UnixTime,
    issued_at: UnixTime,
    id: String,
}

/// A token's claims: its own in the order of [`OWN_CLAIMS`], then those it shares.
struct Payload<'a> {
    token: &'a Minted,
    shared: &'a Map<String, Value>,
}

impl Serialize for Payload<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [token_type, exp, iat, jti] = OWN_CLAIMS;
        let mut claims = serializer.serialize_map(None)?;
        claims.serialize_entry(token_type, self.token.kind.token_type())?;
        claims.serialize_entry(exp, &self.token.expires_at.seconds())?;
        claims.serialize_entry(iat, &self.token.issued_at.seconds())?;
        claims.serialize_entry(jti, &self.token.id)?;
        for (name, value) in self.shared.iter().filter(|(name, _)| !OWN_CLAIMS.contains(&name.as_str())) {
            claims.serialize_entry(name, value)?;
        }
        claims.end()
    }
}
