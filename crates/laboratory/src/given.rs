//! Small types that the rim parses: answers of yes or no, reasons, decimals as people type them.

pub use kernel::Count;
pub(crate) use kernel::vocabulary as words;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// Yes or no, from a form (`yes`, `no`, ticked), JSON (`true`, `false`) or the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No; what an unticked box says.
    #[default]
    No,
}

impl YesNo {
    /// Whether it is yes.
    pub fn is_yes(self) -> bool {
        self == YesNo::Yes
    }
}

impl From<bool> for YesNo {
    fn from(yes: bool) -> Self {
        if yes { YesNo::Yes } else { YesNo::No }
    }
}

impl Serialize for YesNo {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(if self.is_yes() { "yes" } else { "no" })
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
            Raw::Bool(yes) => Ok(yes.into()),
            Raw::Text(text) => match text.trim() {
                "yes" | "true" | "on" | "1" => Ok(YesNo::Yes),
                "no" | "false" | "" | "0" => Ok(YesNo::No),
                other => Err(serde::de::Error::custom(format!("`{other}` is neither yes nor no"))),
            },
        }
    }
}

impl utoipa::ToSchema for YesNo {}
impl utoipa::PartialSchema for YesNo {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["yes", "no"]));
        RefOr::T(Schema::Object(text.build()))
    }
}

/// Words that must be given: a reason, 1 to 1000 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Reason(String);

impl Reason {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?.trim().to_owned();
        match text.chars().count() {
            0 => Err(serde::de::Error::custom("is empty; say why")),
            1..=1000 => Ok(Reason(text)),
            n => Err(serde::de::Error::custom(format!("has {n} characters; at most 1000 are taken"))),
        }
    }
}

impl utoipa::ToSchema for Reason {}
impl utoipa::PartialSchema for Reason {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        RefOr::T(Schema::Object(text.max_length(Some(1000)).build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_read_from_forms_and_json() {
        for (text, expected) in [("true", true), ("\"yes\"", true), ("\"no\"", false), ("\"\"", false)] {
            assert_eq!(serde_json::from_str::<YesNo>(text).unwrap().is_yes(), expected, "{text}");
        }
        assert!(serde_json::from_str::<YesNo>("\"perhaps\"").is_err());
        assert_eq!(serde_json::from_str::<Count>("\"3\"").unwrap(), Count(3));
        assert!(serde_json::from_str::<Reason>("\"  \"").is_err());
    }
}
