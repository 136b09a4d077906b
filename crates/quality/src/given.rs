//! Small types that the rim parses: what people type into forms, as types that cannot be wrong.

pub use kernel::Count;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// Yes or no, from a form (`yes`, `on`), JSON (`true`) or the command line. Stored as JSON `true` or `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct YesNo(pub bool);

impl Serialize for YesNo {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bool(self.0)
    }
}

impl<'de> Deserialize<'de> for YesNo {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Bool(bool),
            Text(String),
        }
        match Raw::deserialize(from)? {
            Raw::Bool(yes) => Ok(YesNo(yes)),
            Raw::Text(text) => match text.trim() {
                "yes" | "true" | "on" | "1" => Ok(YesNo(true)),
                "no" | "false" | "" | "0" => Ok(YesNo(false)),
                other => Err(serde::de::Error::custom(format!("`{other}` is neither yes nor no"))),
            },
        }
    }
}

impl utoipa::ToSchema for YesNo {}
impl utoipa::PartialSchema for YesNo {
    fn schema() -> RefOr<Schema> {
        RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(Type::Boolean).build()))
    }
}

/// Words that must be given: a reason, a reference; 1 to 1000 characters, outer blanks removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Words(String);

impl Words {
    /// Reads words.
    ///
    /// # Errors
    /// Nothing but blanks, or more than 1000 characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().to_owned();
        match text.chars().count() {
            0 => Err("is empty; say it in words".to_owned()),
            1..=1000 => Ok(Words(text)),
            n => Err(format!("has {n} characters; at most 1000 are taken")),
        }
    }

    /// Their text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Words::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl utoipa::ToSchema for Words {}
impl utoipa::PartialSchema for Words {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        RefOr::T(Schema::Object(text.max_length(Some(1000)).build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_json_read_alike() {
        for (text, expected) in [("true", true), ("\"on\"", true), ("\"\"", false), ("false", false)] {
            assert_eq!(serde_json::from_str::<YesNo>(text).unwrap().0, expected, "{text}");
        }
        assert!(serde_json::from_str::<YesNo>("\"perhaps\"").is_err());
        assert_eq!(serde_json::from_str::<Count>("\"3\"").unwrap(), Count(3));
        assert!(serde_json::from_str::<Words>("\"  \"").is_err());
    }
}
