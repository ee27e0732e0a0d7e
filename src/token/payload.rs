//! The claims of a JWT, read in one pass: known ones into their types, all others only for their form.
//!
//! It refuses what [`json::object`] refuses: more than one object, equal names, too many levels. A claim of
//! another type than its own, `null` among them, makes the whole payload unreadable.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::json::{Name, Names, UniqueMembers};
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
    pub(super) fn read(json: &'a [u8], user_id_claim: &str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let payload = deserializer.deserialize_map(PayloadVisitor { user_id_claim }).ok()?;
        deserializer.end().ok()?;
        Some(payload)
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
        let (mut methods, mut family, mut purpose) = (None::<Texts>, None::<Name<'_>>, None::<Name<'_>>);
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

const TWICE: &str = "a member occurs twice";

fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<(), A::Error> {
    match slot.replace(map.next_value()?) {
        None => Ok(()),
        Some(_) => Err(A::Error::custom(TWICE)),
    }
}

fn text<'de, A: MapAccess<'de>>(slot: &mut Option<Cow<'de, str>>, map: &mut A) -> Result<(), A::Error> {
    let mut name = slot.take().map(Name);
    once(&mut name, map)?;
    *slot = name.map(|Name(text)| text);
    Ok(())
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

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(Name(text)) = items.next_element()? {
            texts.push(text);
        }
        Ok(Audience(texts))
    }
}

/// An array of nothing but texts.
struct Texts;

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while let Some(Name(_)) = items.next_element()? {}
        Ok(Texts)
    }
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
