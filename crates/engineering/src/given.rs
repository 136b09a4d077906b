//! Small types that the rim parses: answers of yes or no, reasons, figures with their qualifier.

use kernel::Code;
use measure::{Decimal, DecimalText};
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

/// Names in a row: a list in JSON, `a, b` in a form or a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct NameList(pub Vec<Code>);

impl NameList {
    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Code::as_str)
    }
}

impl std::fmt::Display for NameList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.iter().collect::<Vec<&str>>().join(", "))
    }
}

impl<'de> Deserialize<'de> for NameList {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            List(Vec<Code>),
            Text(String),
        }
        match Raw::deserialize(from)? {
            Raw::List(list) => Ok(NameList(list)),
            Raw::Text(text) => {
                let parts = text.split([',', ';', '，', '；', '、']).map(str::trim);
                let names = parts.filter(|part| !part.is_empty()).map(Code::parse);
                Ok(NameList(names.collect::<Result<_, _>>().map_err(serde::de::Error::custom)?))
            }
        }
    }
}

impl utoipa::ToSchema for NameList {}
impl utoipa::PartialSchema for NameList {
    fn schema() -> RefOr<Schema> {
        <Vec<String> as utoipa::PartialSchema>::schema()
    }
}

/// Words that must be given: a reason; 1 to 1000 characters, outer blanks removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Reason(String);

impl Reason {
    /// Reads words.
    ///
    /// # Errors
    /// Nothing but blanks, or more than 1000 characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim().to_owned();
        match text.chars().count() {
            0 => Err("is empty; say it in words".to_owned()),
            1..=1000 => Ok(Reason(text)),
            n => Err(format!("has {n} characters; at most 1000 are taken")),
        }
    }

    /// Their text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Reason::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

impl utoipa::ToSchema for Reason {}
impl utoipa::PartialSchema for Reason {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        RefOr::T(Schema::Object(text.max_length(Some(1000)).build()))
    }
}

/// What a figure says of the quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// It is this.
    Equal,
    /// It is less: an interval from nothing to the limit.
    Below,
    /// It is more: an interval from the limit upwards.
    Above,
}

/// A decimal with its digits, or a limit: `12.50`, `<0.05`, `>30`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Whether it is the value or a limit of it.
    pub sign: Sign,
    /// The value or the limit.
    pub number: DecimalText,
}

impl Figure {
    /// The value or the limit as a number.
    pub fn decimal(&self) -> Decimal {
        self.number.decimal()
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.sign {
            Sign::Equal => f.write_str(self.number.as_str()),
            Sign::Below => write!(f, "<{}", self.number.as_str()),
            Sign::Above => write!(f, ">{}", self.number.as_str()),
        }
    }
}

impl std::str::FromStr for Figure {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (sign, rest) = match text.chars().next() {
            Some('<' | '＜') => (Sign::Below, text.trim_start_matches(['<', '＜'])),
            Some('>' | '＞') => (Sign::Above, text.trim_start_matches(['>', '＞'])),
            _ => (Sign::Equal, text),
        };
        let wrong = |why| format!("`{text}` is neither a number nor a limit such as <0.05: {why}");
        let number = DecimalText::parse(rest.trim()).map_err(wrong)?;
        if sign == Sign::Below && number.decimal() <= Decimal::ZERO {
            return Err(format!("`{text}`: a limit of detection is above zero"));
        }
        Ok(Figure { sign, number })
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::ToSchema for Figure {}
impl utoipa::PartialSchema for Figure {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
        RefOr::T(Schema::Object(text.examples([serde_json::json!("12.50")]).build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_a_list_or_in_one_text() {
        let read = |text: &str| serde_json::from_str::<NameList>(text).map(|names| names.to_string());
        for text in [r#""a, b；c""#, r#"["a","b","c"]"#] {
            assert_eq!(read(text).unwrap(), "a, b, c");
        }
        assert_eq!(read(r#"" ""#).unwrap(), "");
        assert!(read("[1]").is_err());
    }

    #[test]
    fn a_limit_is_never_a_value() {
        for (text, sign, shown) in
            [("12.50", Sign::Equal, "12.50"), (" < 0.05", Sign::Below, "<0.05"), ("＞30", Sign::Above, ">30")]
        {
            let figure: Figure = text.parse().unwrap();
            assert_eq!((figure.sign, figure.to_string().as_str()), (sign, shown));
        }
        assert!("ND".parse::<Figure>().is_err());
        assert!("<0".parse::<Figure>().is_err());
    }
}
