//! Whole numbers as people and programs send them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A whole number as JSON or as a form sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u32);

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Number(u32),
            Text(String),
        }
        match Raw::deserialize(from)? {
            Raw::Number(number) => Ok(Count(number)),
            Raw::Text(text) => {
                let wrong = |_| serde::de::Error::custom(format!("`{text}` is no whole number"));
                text.trim().parse().map(Count).map_err(wrong)
            }
        }
    }
}

impl utoipa::ToSchema for Count {}
impl utoipa::PartialSchema for Count {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
        RefOr::T(Schema::Object(number.build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_and_a_program_mean_the_same_number() {
        assert_eq!(
            serde_json::from_str::<Count>("12").unwrap(),
            serde_json::from_str::<Count>("\" 12 \"").unwrap()
        );
        assert_eq!(serde_json::to_string(&Count(12)).unwrap(), "12");
        let wrong = serde_json::from_str::<Count>("\"a dozen\"").unwrap_err().to_string();
        assert!(wrong.contains("`a dozen` is no whole number"), "{wrong}");
    }
}
