//! Access, refresh and sliding JWTs, in the claims that djangorestframework-simplejwt understands.
//!
//! ```text
//! header   {"alg":<the key's>,"kid":<key id>,"typ":"at+jwt", "twinlock-refresh+jwt" or "twinlock-sliding+jwt"}
//! claims   token_type       access, refresh or sliding
//!          exp iat          Unix seconds
//!          jti              32 hexadecimal digits, each token's own
//!          fam_exp          only in a refresh token that rotates: when its family ends
//!          refresh_exp      only in a sliding token: until when it can be refreshed
//!          sub, user_id     the subject; the second name is the host's choice
//!          auth_time amr    when and how the user signed in (RFC 8176)
//!          epoch            the record's epoch; a refresh dies when that moves
//!          purpose          only after a step-up: what it was for
//!          iss aud          where the host sets them
//!          fam              32 hexadecimal digits, the same in all tokens of one sign-in
//! ```
//!
//! All kinds are signed with one key, as simplejwt's are, so that simplejwt accepts the access token; they
//! differ in `typ` and `token_type`, and both are demanded. Claims of the host's own follow, under names
//! that are not reserved.

use serde_json::{Map, Value};

use super::json;
use super::jws::Unverified;
use super::minted::{Members, Minted};
use crate::encoding::hex;
use crate::engine::proof::{Grant, Proof};
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
/// What `amr` says of a second factor; all else in it is the first.
const SECOND_FACTORS: [&str; 4] = ["otp", "backup", "sent", "mfa"];

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

/// The refresh token of a pair that is to be minted.
pub(super) struct RefreshPart<'a> {
    pub id: &'a str,
    pub issued_at: UnixTime,
    pub expires_at: UnixTime,
    /// When the family ends, if it rotates.
    pub family_end: Option<UnixTime>,
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
        let [family, access_id, refresh_id] = random_ids(random)?;
        let members = self.members_of_sign_in(proof, &family, extra)?;
        let refresh = RefreshPart {
            id: &refresh_id,
            issued_at: now,
            expires_at: now.plus(self.refresh_life),
            family_end: None,
        };
        self.pair(&members, &access_id, &refresh, now)
    }

    /// A pair with that refresh token; the access token never outlives it.
    pub(super) fn pair(
        &self,
        members: &Members,
        access_id: &str,
        refresh: &RefreshPart<'_>,
        now: UnixTime,
    ) -> Result<Tokens, Fault> {
        let refresh_token = Minted {
            kind: TokenKind::Refresh,
            issued_at: refresh.issued_at,
            expires_at: refresh.expires_at,
            id: refresh.id,
            absolute_end: refresh.family_end,
        };
        let (access, access_expires_at) = self.access(members, access_id, refresh.expires_at, now)?;
        Ok(Tokens {
            access,
            refresh: self.sign(&refresh_token, members)?,
            access_expires_at,
            refresh_expires_at: refresh.expires_at,
        })
    }

    /// An access token alone. After a step-up it goes on with what the session's token says.
    pub(crate) fn mint_access(
        &self,
        proof: &Proof,
        extra: &Map<String, Value>,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<(String, UnixTime), Fault> {
        let [family, id] = random_ids(random)?;
        let members = match &proof.grant {
            None => self.members_of_sign_in(proof, &family, extra)?,
            Some(grant) => self.members_of_step_up(proof, grant, &family, extra)?,
        };
        self.access(&members, &id, UnixTime::MAX, now)
    }

    /// A sliding token for a proof.
    pub(crate) fn mint_sliding(
        &self,
        proof: &Proof,
        extra: &Map<String, Value>,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<(String, UnixTime), Fault> {
        let [family, id] = random_ids(random)?;
        let members = self.members_of_sign_in(proof, &family, extra)?;
        self.sliding(&members, &id, now.plus(self.refresh_life), now)
    }

    /// The claims of a token of that kind.
    pub(crate) fn verify(&self, token: &str, kind: TokenKind, now: UnixTime) -> Result<Claims, Refusal> {
        let payload = self.open(token, kind).ok_or(Refusal::new(ErrorCode::TokenInvalid))?;
        self.believe(payload, kind, now)
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
        self.access(&Members::of_session(refresh.members())?, &id, refresh_expires_at, now)
    }

    /// A sliding token that goes on with what a verified one says, and never beyond its last moment.
    pub(crate) fn slide(
        &self,
        sliding: &Claims,
        last_moment: UnixTime,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<(String, UnixTime), Fault> {
        let [id] = random_ids(random)?;
        self.sliding(&Members::of_session(sliding.members())?, &id, last_moment, now)
    }

    fn access(
        &self,
        members: &Members,
        id: &str,
        latest_end: UnixTime,
        now: UnixTime,
    ) -> Result<(String, UnixTime), Fault> {
        let expires_at = now.plus(self.access_life).min(latest_end);
        let token = Minted { kind: TokenKind::Access, issued_at: now, expires_at, id, absolute_end: None };
        Ok((self.sign(&token, members)?, expires_at))
    }

    fn sliding(
        &self,
        members: &Members,
        id: &str,
        last_moment: UnixTime,
        now: UnixTime,
    ) -> Result<(String, UnixTime), Fault> {
        let expires_at = now.plus(self.access_life).min(last_moment);
        let absolute_end = Some(last_moment);
        let token = Minted { kind: TokenKind::Sliding, issued_at: now, expires_at, id, absolute_end };
        Ok((self.sign(&token, members)?, expires_at))
    }

    fn open(&self, token: &str, kind: TokenKind) -> Option<Vec<u8>> {
        let unverified = Unverified::parse(token, kind.typ())?;
        let key = self.keys.find(unverified.key_id())?;
        unverified.verify(key)
    }

    /// What host and engine know about a sign-in, without what each token has for itself.
    pub(super) fn members_of_sign_in(
        &self,
        proof: &Proof,
        family: &str,
        extra: &Map<String, Value>,
    ) -> Result<Members, Fault> {
        if proof.grant.is_some() {
            return Err(Fault::about(ErrorCode::ArgumentInvalid, "proof"));
        }
        self.check_extra(extra)?;
        let mut members = self.members_of_proof(proof, &proof.amr(), None)?;
        members.add("fam", family)?;
        members.extend(extra)?;
        Ok(members)
    }

    /// The session goes on: its family and the host's claims stay, and how the user signed in at first.
    fn members_of_step_up(
        &self,
        proof: &Proof,
        grant: &Grant,
        new_family: &str,
        extra: &Map<String, Value>,
    ) -> Result<Members, Fault> {
        self.check_extra(extra)?;
        let nothing = Map::new();
        let session = grant.session.as_ref().map_or(&nothing, Claims::members);
        let is_of_subject = |subject| subject == proof.subject().as_str();
        if !json::text_of(session, "sub").is_none_or(is_of_subject) {
            return Err(Fault::about(ErrorCode::ArgumentInvalid, "proof"));
        }
        let shown = proof.amr();
        let mut amr = json::texts(session, "amr").unwrap_or_default();
        amr.retain(|method| !SECOND_FACTORS.contains(method) && !shown.iter().any(|other| other == method));
        amr.extend(shown.iter().map(String::as_str));
        let mut members = self.members_of_proof(proof, &amr, Some(&grant.purpose))?;
        members.add("fam", json::text_of(session, "fam").unwrap_or(new_family))?;
        members
            .extend(session.iter().filter(|(name, _)| self.is_free(name) && !extra.contains_key(*name)))?;
        members.extend(extra)?;
        Ok(members)
    }

    fn members_of_proof<M: AsRef<str>>(
        &self,
        proof: &Proof,
        amr: &[M],
        purpose: Option<&str>,
    ) -> Result<Members, Fault> {
        let subject = proof.subject().as_str();
        let amr: Vec<&str> = amr.iter().map(AsRef::as_ref).collect();
        let mut members = Members::new();
        members.add("sub", subject)?;
        members.add(&self.user_id_claim, subject)?;
        members.add("auth_time", &proof.auth_time().seconds())?;
        members.add("amr", &amr)?;
        members.add("epoch", &proof.epoch())?;
        for (name, label) in
            [("purpose", purpose), ("iss", self.issuer.as_deref()), ("aud", self.audience.as_deref())]
        {
            if let Some(label) = label {
                members.add(name, label)?;
            }
        }
        Ok(members)
    }

    /// Refuses what would pass for a claim of ours, and what the verifier could not read.
    fn check_extra(&self, extra: &Map<String, Value>) -> Result<(), Fault> {
        if extra.is_empty() {
            return Ok(());
        }
        let readable = serde_json::to_vec(extra).is_ok_and(|text| {
            text.len() <= MAX_EXTRA_BYTES && json::object::<Map<String, Value>>(&text).is_some()
        });
        if extra.keys().all(|name| self.is_free(name)) && readable {
            Ok(())
        } else {
            Err(Fault::new(ErrorCode::ClaimInvalid))
        }
    }

    /// Whether a claim of that name is the host's own.
    fn is_free(&self, name: &str) -> bool {
        !super::claims::is_reserved(name) && name != self.user_id_claim
    }
}

pub(super) fn random_ids<const N: usize>(random: &dyn Random) -> Result<[String; N], Fault> {
    let mut ids = [[0; 16]; N];
    random.fill(ids.as_flattened_mut())?;
    Ok(ids.map(|id| hex(&id)))
}
