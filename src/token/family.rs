//! Families of rotating refresh tokens (RFC 9700 §4.14.2): one state per session, driven by any store.
//!
//! The host stores the state under [`RefreshFamily::id`], loads it for each rotation, and writes the new one
//! with a condition on the one it loaded (a version, or the old text itself). Each refresh token is good for
//! one rotation; whoever comes with it a second time within the grace gets what the first got, and later
//! ends the session, because then two parties have the token and nobody knows which one is the thief.
//!
//! ```text
//! {"v":1,"id":<fam>,"sub":<subject>,"jti":<the one that rotates>,"iat":…,"exp":…,
//!  "prev":<the one before, from the first rotation on>,"created":…,"end":…,"revoked":<once it is>}
//! ```

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::access::{Claims, Jwt, RefreshPart, Tokens, random_ids};
use super::claims::LONGEST_SESSION;
use super::json;
use super::minted::Members;
use crate::engine::proof::Proof;
use crate::error::{ErrorCode, Fault, Refusal};
use crate::random::Random;
use crate::subject::Subject;
use crate::time::UnixTime;

const VERSION: u32 = 1;
/// A subject of 255 bytes takes at most six times as many in JSON.
const MAX_BYTES: usize = 2048;

/// The state of one session. Nothing in it is secret: without the signed token its names are worth nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshFamily {
    id: String,
    subject: Subject,
    current: Generation,
    previous: Option<String>,
    created_at: UnixTime,
    ends_at: UnixTime,
    revoked_at: Option<UnixTime>,
}

/// The refresh token that can rotate.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Generation {
    id: String,
    issued_at: UnixTime,
    expires_at: UnixTime,
}

/// What a refresh token is to its family.
enum Standing {
    /// The one that rotates.
    Current,
    /// The one before, shown again while that may be a coincidence.
    InGrace,
    /// One that was used before.
    Reused,
}

impl RefreshFamily {
    /// Its name: 32 hexadecimal digits, the `fam` claim of all tokens of the session.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whose session it is.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// When the session began.
    #[must_use]
    pub const fn created_at(&self) -> UnixTime {
        self.created_at
    }

    /// When it was last rotated, or began.
    #[must_use]
    pub const fn rotated_at(&self) -> UnixTime {
        self.current.issued_at
    }

    /// When it ends unless it is rotated before: after that the state can be deleted.
    #[must_use]
    pub const fn expires_at(&self) -> UnixTime {
        self.current.expires_at
    }

    /// When it ends for good.
    #[must_use]
    pub const fn ends_at(&self) -> UnixTime {
        self.ends_at
    }

    /// When it was revoked, by [`RefreshFamily::revoke`] or because a token was used twice.
    #[must_use]
    pub const fn revoked_at(&self) -> Option<UnixTime> {
        self.revoked_at
    }

    /// Ends the session: a logout. Access tokens that are out live on until their own end. The first time
    /// is kept.
    pub fn revoke(&mut self, now: UnixTime) {
        self.revoked_at.get_or_insert(now);
    }

    /// The state as JSON text, to be stored. The form is stable.
    #[must_use]
    pub fn to_json(&self) -> String {
        let stored = Stored {
            v: VERSION,
            id: self.id.clone(),
            sub: self.subject.as_str().to_owned(),
            jti: self.current.id.clone(),
            iat: self.current.issued_at.seconds(),
            exp: self.current.expires_at.seconds(),
            prev: self.previous.clone(),
            created: self.created_at.seconds(),
            end: self.ends_at.seconds(),
            revoked: self.revoked_at.map(UnixTime::seconds),
        };
        // Numbers and texts: there is nothing in it that could not be written.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Reads a stored state.
    ///
    /// # Errors
    /// `family_malformed` unless it is what [`RefreshFamily::to_json`] may have written.
    pub fn from_json(text: &str) -> Result<Self, Fault> {
        Self::read(text).ok_or(Fault::new(ErrorCode::FamilyMalformed))
    }

    fn read(text: &str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let stored: Stored = json::object(text.as_bytes())?;
        let family = Self {
            subject: Subject::new(&stored.sub).ok()?,
            current: Generation {
                id: stored.jti,
                issued_at: json::to_time(stored.iat)?,
                expires_at: json::to_time(stored.exp)?,
            },
            id: stored.id,
            previous: stored.prev,
            created_at: json::to_time(stored.created)?,
            ends_at: json::to_time(stored.end)?,
            revoked_at: match stored.revoked {
                Some(seconds) => Some(json::to_time(seconds)?),
                None => None,
            },
        };
        let Generation { id: current, issued_at, expires_at } = &family.current;
        let named = [&family.id, current].into_iter().chain(&family.previous).all(|name| is_name(name));
        let in_order = issued_at <= expires_at && *expires_at <= family.ends_at;
        let lives_as_ours =
            family.created_at <= family.ends_at && family.ends_at.since(family.created_at) <= LONGEST_SESSION;
        let sound = stored.v == VERSION && named && in_order && lives_as_ours;
        (sound && family.previous.as_ref() != Some(current)).then_some(family)
    }

    fn standing(&self, id: &str, grace: u64, now: UnixTime) -> Standing {
        if id == self.current.id {
            return Standing::Current;
        }
        let in_time = now.since(self.current.issued_at) < grace;
        if in_time && self.previous.as_deref() == Some(id) { Standing::InGrace } else { Standing::Reused }
    }

    /// The state after a rotation.
    fn rotated(&self, id: String, idle_life: u64, now: UnixTime) -> Self {
        let expires_at = now.plus(idle_life).min(self.ends_at);
        Self {
            current: Generation { id, issued_at: now, expires_at },
            previous: Some(self.current.id.clone()),
            ..self.clone()
        }
    }

    fn refresh_part(&self) -> RefreshPart<'_> {
        let Generation { id, issued_at, expires_at } = &self.current;
        RefreshPart { id, issued_at: *issued_at, expires_at: *expires_at, family_end: Some(self.ends_at) }
    }
}

/// What a rotation comes to: a state to store, if it changed, and the answer.
pub(crate) type Rotation = (Option<RefreshFamily>, Result<Tokens, Refusal>);

impl Jwt {
    /// The first tokens of a session, and its state.
    pub(crate) fn begin_session(
        &self,
        proof: &Proof,
        extra: &Map<String, Value>,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<(Tokens, RefreshFamily), Fault> {
        let [family_id, access_id, refresh_id] = random_ids(random)?;
        let members = self.members_of_sign_in(proof, &family_id, extra)?;
        let ends_at = now.plus(self.family_life);
        let expires_at = now.plus(self.refresh_life).min(ends_at);
        let family = RefreshFamily {
            id: family_id,
            subject: proof.subject().clone(),
            current: Generation { id: refresh_id, issued_at: now, expires_at },
            previous: None,
            created_at: now,
            ends_at,
            revoked_at: None,
        };
        Ok((self.pair(&members, &access_id, &family.refresh_part(), now)?, family))
    }

    /// Judges a verified refresh token of a living family.
    pub(crate) fn rotate(
        &self,
        claims: &Claims,
        family: &RefreshFamily,
        now: UnixTime,
        random: &dyn Random,
    ) -> Result<Rotation, Fault> {
        let id = claims.id().unwrap_or_default();
        let [access_id, refresh_id] = random_ids(random)?;
        let members = Members::of_session(claims.members())?;
        let answer = |family: &RefreshFamily| self.pair(&members, &access_id, &family.refresh_part(), now);
        match family.standing(id, self.reuse_grace, now) {
            Standing::Current => {
                let next = family.rotated(refresh_id, self.refresh_life, now);
                let tokens = answer(&next)?;
                Ok((Some(next), Ok(tokens)))
            }
            Standing::InGrace => Ok((None, Ok(answer(family)?))),
            Standing::Reused => {
                let mut revoked = family.clone();
                revoked.revoke(now);
                Ok((Some(revoked), Err(Refusal::new(ErrorCode::TokenReused))))
            }
        }
    }
}

fn is_name(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The state as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    v: u32,
    id: String,
    sub: String,
    jti: String,
    iat: u64,
    exp: u64,
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
    created: u64,
    end: u64,
    #[serde(default, deserialize_with = "json::present", skip_serializing_if = "Option::is_none")]
    revoked: Option<u64>,
}
