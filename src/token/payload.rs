//! The claims of a JWT, read in one pass: known ones into their types, all others only for their form.
//!
//! It refuses what [`json::object`] refuses: more than one object, equal names, too many levels. A claim of
//! another type than its own, `null` among them, makes the whole payload unreadable.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::json::{self, Name, Names, TWICE, Texts, UniqueMembers, once, text};
use super::minted::{FAMILY_END, SLIDING_END};

/// What the rules of the engine are about.
#[derive(Default)]
pub(super) struct Payload<'a> {
    pub token_type: Option<Cow<'a, str>>,
    pub issued_at: Option<u64>,
    pub expires_at: Option<u64>,
    pub not_before: Option<u64>,
    pub auth_time: Option<u64>,
    pub epoch: Option<u64>,
    pub family_end: Option<u64>,
    pub sliding_end: Option<u64>,
    pub id: Option<Cow<'a, str>>,
    pub subject: Option<Cow<'a, str>>,
    /// The subject under the host's name for it.
    pub user_id: Option<Cow<'a, str>>,
    pub issuer: Option<Cow<'a, str>>,
    pub audience: Option<Audience<'a>>,
}

impl<'a> Payload<'a> {
    /// Reads the whole text as claims.
    pub(super) fn read(text: &'a [u8], user_id_claim: &str) -> Option<Self> {
        json::members(text, PayloadVisitor { user_id_claim })
    }
}

/// One audience or several (RFC 7519 §4.1.3).
pub(super) struct Audience<'a>(Vec<Cow<'a, str>>);

impl Audience<'_> {
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|audience| audience == name)
    }
}

struct PayloadVisitor<'c> {
    user_id_claim: &'c str,
}

impl<'de> Visitor<'de> for PayloadVisitor<'_> {
    type Value = Payload<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut claims, mut others) = (Payload::default(), Names::default());
        // Typed, though not kept: who and how is told by the claims as a whole.
        let (mut methods, mut family, mut purpose) = (None::<Texts<'_>>, None::<Name<'_>>, None::<Name<'_>>);
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                "token_type" => text(&mut claims.token_type, &mut map)?,
                "iat" => once(&mut claims.issued_at, &mut map)?,
                "exp" => once(&mut claims.expires_at, &mut map)?,
                "nbf" => once(&mut claims.not_before, &mut map)?,
                "auth_time" => once(&mut claims.auth_time, &mut map)?,
                "epoch" => once(&mut claims.epoch, &mut map)?,
                FAMILY_END => once(&mut claims.family_end, &mut map)?,
                SLIDING_END => once(&mut claims.sliding_end, &mut map)?,
                "jti" => text(&mut claims.id, &mut map)?,
                "sub" => text(&mut claims.subject, &mut map)?,
                "iss" => text(&mut claims.issuer, &mut map)?,
                "aud" => once(&mut claims.audience, &mut map)?,
                "amr" => once(&mut methods, &mut map)?,
                "fam" => once(&mut family, &mut map)?,
                "purpose" => once(&mut purpose, &mut map)?,
                other if other == self.user_id_claim => text(&mut claims.user_id, &mut map)?,
                _ => {
                    others.push(name);
                    map.next_value_seed(UniqueMembers::below_the_top())?;
                }
            }
        }
        if others.are_unique() { Ok(claims) } else { Err(A::Error::custom(TWICE)) }
    }
}

impl<'de> Deserialize<'de> for Audience<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AudienceVisitor)
    }
}

struct AudienceVisitor;

impl<'de> Visitor<'de> for AudienceVisitor {
    type Value = Audience<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or texts")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Audience(vec![text.into()]))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Audience(vec![text.to_owned().into()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        Texts::collect(items).map(|texts| Audience(texts.0))
    }
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
