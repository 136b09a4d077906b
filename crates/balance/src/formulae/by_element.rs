//! Figures of one element, or of several by name; and names themselves.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::measured::Measured;

/// `[26.9, 0.072]`, or `{"Cu": [26.9, 0.072], "Fe": [30.1, 4.2]}`.
#[derive(Debug, Clone, PartialEq)]
pub enum ByElement<T> {
    /// Of the one element that was followed.
    One(T),
    /// By name.
    Several(BTreeMap<String, T>),
}

impl<T> ByElement<T> {
    /// All of them with the place where each stands in the input: `assays_pct`, `assays_pct.Cu`.
    pub fn places<'a>(&'a self, field: &str) -> Vec<(String, &'a T)> {
        match self {
            ByElement::One(one) => vec![(field.to_owned(), one)],
            ByElement::Several(all) => {
                all.iter().map(|(name, one)| (format!("{field}.{name}"), one)).collect()
            }
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByElement<Vec<T>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListOrMap(std::marker::PhantomData))
    }
}

struct ListOrMap<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListOrMap<T> {
    type Value = ByElement<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of assays, or such a list for each element")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(ByElement::One)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(ByElement::Several)
    }
}

impl<'de> Deserialize<'de> for ByElement<Measured> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let several = value.as_object().is_some_and(|map| !map.contains_key("value"));
        let read = if several {
            serde_json::from_value(value).map(ByElement::Several)
        } else {
            serde_json::from_value(value).map(ByElement::One)
        };
        read.map_err(serde::de::Error::custom)
    }
}

/// A name. A number is taken as its digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "LabelText")]
pub struct Label(pub String);

#[derive(Deserialize)]
#[serde(untagged)]
enum LabelText {
    Words(String),
    Number(serde_json::Number),
}

impl From<LabelText> for Label {
    fn from(text: LabelText) -> Self {
        Label(match text {
            LabelText::Words(words) => words,
            LabelText::Number(number) => number.to_string(),
        })
    }
}

/// The names that were given, or numbers from 1.
pub fn names(given: &[Label], count: usize) -> Vec<String> {
    if given.is_empty() {
        return (1..=count).map(|at| at.to_string()).collect();
    }
    given.iter().map(|label| label.0.clone()).collect()
}
