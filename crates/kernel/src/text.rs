//! Short texts that people type: codes and names in two languages.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A code or name that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("is empty; give at least one character")]
    Empty,
    /// Longer than the limit.
    #[error("has {length} characters; at most {limit} are taken")]
    Long {
        /// Characters given.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// A control character such as a tab or a line break.
    #[error("holds the control character U+{0:04X}; remove it")]
    Control(u32),
}

/// A short name that people give to a record and write on labels: `L-2026-014`.
/// 1 to 64 characters, outer blanks removed, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(String);

impl Code {
    /// Reads a code.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        checked(text, 64).map(Code)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Code::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl utoipa::ToSchema for Code {}
impl utoipa::PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        RefOr::T(Schema::Object(text.max_length(Some(64)).build()))
    }
}

/// A name in English and in Simplified Chinese. One of them may be missing; then the other stands for both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, utoipa::ToSchema)]
pub struct Names {
    /// English, at most 200 characters.
    pub en: String,
    /// Simplified Chinese, at most 200 characters.
    pub zh: String,
}

impl Names {
    /// Reads a pair; an empty one takes the other's text.
    pub fn parse(en: &str, zh: &str) -> Result<Self, TextError> {
        let (en, zh) = match (en.trim().is_empty(), zh.trim().is_empty()) {
            (true, true) => return Err(TextError::Empty),
            (true, false) => (zh, zh),
            (false, true) => (en, en),
            (false, false) => (en, zh),
        };
        Ok(Names { en: checked(en, 200)?, zh: checked(zh, 200)? })
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut names = to.serialize_struct("Names", 2)?;
        names.serialize_field("en", &self.en)?;
        names.serialize_field("zh", &self.zh)?;
        names.end()
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            #[serde(default)]
            en: String,
            #[serde(default)]
            zh: String,
        }
        let raw = Raw::deserialize(from)?;
        Names::parse(&raw.en, &raw.zh).map_err(serde::de::Error::custom)
    }
}

fn checked(text: &str, limit: usize) -> Result<String, TextError> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(TextError::Empty);
    }
    if length > limit {
        return Err(TextError::Long { length, limit });
    }
    match text.chars().find(|c| c.is_control()) {
        Some(control) => Err(TextError::Control(control as u32)),
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_trimmed_and_bounded() {
        assert_eq!(Code::parse(" L-1 ").unwrap().as_str(), "L-1");
        assert_eq!(Code::parse("  "), Err(TextError::Empty));
        assert_eq!(Code::parse("a\tb"), Err(TextError::Control(9)));
        assert!(matches!(Code::parse(&"x".repeat(65)), Err(TextError::Long { length: 65, limit: 64 })));
    }

    #[test]
    fn one_language_stands_for_both() {
        let names: Names = serde_json::from_str(r#"{"zh":"精矿"}"#).unwrap();
        assert_eq!((names.en.as_str(), names.zh.as_str()), ("精矿", "精矿"));
        assert!(serde_json::from_str::<Names>(r#"{"en":""}"#).is_err());
    }
}
