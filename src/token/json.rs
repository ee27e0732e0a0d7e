//! JSON objects out of tokens, read strictly: UTF-8, unique member names on every level, few levels.
//!
//! Two parsers that disagree on which of two equal members counts can be played off against each other
//! (RFC 8725 §2.6, RFC 8259 §4), so an object with two is refused as a whole. [`object`] reads
//! the text twice, once for the names and once for the values; [`members`] reads it once, with a visitor
//! that sees to both. Neither depends on `serde_json`'s number features, which a host's other dependencies
//! may switch on.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::time::UnixTime;

/// Levels of nesting. Our own tokens have two; a host's extra claims may bring some.
const MAX_DEPTH: u8 = 16;
/// More members than our own tokens have.
const USUAL_MEMBERS: usize = 16;
pub(crate) const TWICE: &str = "a member occurs twice";

/// Reads one JSON object that is the whole text.
pub(crate) fn object<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Option<T> {
    serde_json::Deserializer::from_slice(text)
        .deserialize_map(UniqueMembers { levels_left: MAX_DEPTH })
        .and_then(|()| serde_json::from_slice(text))
        .ok()
}

/// Reads one JSON object that is the whole text with a visitor, which has to see to it that names are unique.
pub(crate) fn members<'t, V: Visitor<'t>>(text: &'t [u8], visitor: V) -> Option<V::Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = deserializer.deserialize_map(visitor).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

/// A member of its type, for such a visitor.
pub(crate) fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    map: &mut A,
) -> Result<(), A::Error> {
    match slot.replace(map.next_value()?) {
        None => Ok(()),
        Some(_) => Err(A::Error::custom(TWICE)),
    }
}

/// A member that is a text.
pub(crate) fn text<'de, A: MapAccess<'de>>(
    slot: &mut Option<Cow<'de, str>>,
    map: &mut A,
) -> Result<(), A::Error> {
    let mut name = slot.take().map(Name);
    once(&mut name, map)?;
    *slot = name.map(|Name(text)| text);
    Ok(())
}

/// A member that may be missing but not `null`, for `deserialize_with` beside `default`.
pub(crate) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

/// A member that must not be there, whatever its value; with `default`.
#[derive(Default)]
pub(crate) struct Absent;

impl<'de> Deserialize<'de> for Absent {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("a refused member"))
    }
}

/// Seconds of a token as a time of ours.
pub(crate) fn to_time(seconds: u64) -> Option<UnixTime> {
    UnixTime::new(i64::try_from(seconds).ok()?).ok()
}

/// A member that is a string.
pub(crate) fn text_of<'m>(object: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    object.get(name)?.as_str()
}

/// A member that is an unsigned integer, written without sign, fraction and exponent.
pub(crate) fn unsigned(object: &Map<String, Value>, name: &str) -> Option<u64> {
    object.get(name)?.as_u64()
}

/// A member that is a time of ours.
pub(crate) fn time(object: &Map<String, Value>, name: &str) -> Option<UnixTime> {
    to_time(unsigned(object, name)?)
}

/// A member that is an array of nothing but strings.
pub(crate) fn texts<'m>(object: &'m Map<String, Value>, name: &str) -> Option<Vec<&'m str>> {
    object.get(name)?.as_array()?.iter().map(Value::as_str).collect()
}

/// Walks over a value and refuses equal member names and too many levels.
#[derive(Clone, Copy)]
pub(crate) struct UniqueMembers {
    levels_left: u8,
}

impl UniqueMembers {
    /// For the values of an object's members.
    pub(crate) const fn below_the_top() -> Self {
        Self { levels_left: MAX_DEPTH.saturating_sub(1) }
    }

    fn inner<E: Error>(self) -> Result<Self, E> {
        let levels_left = self.levels_left.checked_sub(1).ok_or_else(|| E::custom("too many levels"))?;
        Ok(Self { levels_left })
    }
}

impl<'de> DeserializeSeed<'de> for UniqueMembers {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueMembers {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON with unique member names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        let mut names = Names::default();
        while let Some(Name(name)) = map.next_key()? {
            names.push(name);
            map.next_value_seed(inner)?;
        }
        if !names.are_unique() {
            return Err(A::Error::custom(TWICE));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The names of one object.
#[derive(Default)]
pub(crate) struct Names<'a>(Vec<Cow<'a, str>>);

impl<'a> Names<'a> {
    pub(crate) fn push(&mut self, name: Cow<'a, str>) {
        if self.0.is_empty() {
            self.0.reserve(USUAL_MEMBERS);
        }
        self.0.push(name);
    }

    /// Whether no two are equal. A few are compared with each other, which needs no order; for many that
    /// would take too long.
    pub(crate) fn are_unique(&mut self) -> bool {
        if self.0.len() > USUAL_MEMBERS {
            self.0.sort_unstable();
            return self.0.iter().zip(self.0.iter().skip(1)).all(|(one, next)| one != next);
        }
        let later = |index: usize| self.0.iter().skip(index.saturating_add(1));
        self.0.iter().enumerate().all(|(index, name)| later(index).all(|other| other != name))
    }
}

/// An array of nothing but texts.
#[derive(Default, serde::Serialize)]
pub(crate) struct Texts<'a>(pub(crate) Vec<Cow<'a, str>>);

impl<'a> Texts<'a> {
    pub(crate) fn collect<A: SeqAccess<'a>>(mut items: A) -> Result<Self, A::Error> {
        let mut texts = Vec::new();
        while let Some(Name(text)) = items.next_element()? {
            texts.push(text);
        }
        Ok(Self(texts))
    }
}

impl<'de> Deserialize<'de> for Texts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        Texts::collect(items)
    }
}

/// A member's name, borrowed from the text unless it has escapes.
#[derive(serde::Deserialize)]
pub(crate) struct Name<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
