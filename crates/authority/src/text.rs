//! Short texts that only this crate takes: login names, sentences, addresses of sites, time zones, languages.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A text that cannot be taken: what is wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(&'static str);

macro_rules! texts {
    ($( $(#[$doc:meta])* $name:ident by $check:ident like $example:literal; )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads it, without the blanks around it.
            pub fn parse(text: &str) -> Result<Self, Unfit> {
                $check(text.trim()).map($name)
            }
            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::str::FromStr for $name {
            type Err = Unfit;
            fn from_str(text: &str) -> Result<Self, Unfit> {
                $name::parse(text)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $name::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
            }
        }
        impl utoipa::ToSchema for $name {}
        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String);
                RefOr::T(Schema::Object(text.examples([serde_json::json!($example)]).build()))
            }
        }
    )* };
}

texts! {
    /// The name a person signs in with: 2 to 64 of `a–z 0–9 . _ - @`, taken in lower case.
    Login by login like "li.na";
    /// One or more sentences, at most 2,000 characters: a basis, a reason.
    Prose by prose like "Supervised run of 12 March 2026, assessed by the head of the laboratory";
    /// The address under which the institute's site answers, for codes on certificates.
    OriginUrl by origin_url like "https://lab.example.org";
    /// A time zone of the IANA database.
    ZoneName by zone_name like "Asia/Shanghai";
    /// A language of the pages: `en` or `zh`.
    LangCode by lang_code like "zh";
    /// A SHA-256 as 64 hexadecimal digits, lower case.
    Sha256Hex by sha256_hex like "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
}

fn login(text: &str) -> Result<String, Unfit> {
    let login = text.to_lowercase();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if (2..=64).contains(&login.len()) && login.chars().all(fits) {
        return Ok(login);
    }
    Err(Unfit("is no login name; take 2 to 64 of the letters a to z, digits, and . _ - @"))
}

fn prose(text: &str) -> Result<String, Unfit> {
    if text.is_empty() {
        return Err(Unfit("is empty; write at least a few words"));
    }
    if text.chars().count() > 2000 {
        return Err(Unfit("is longer than 2,000 characters"));
    }
    match text.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
        true => Err(Unfit("holds a control character; remove it")),
        false => Ok(text.replace("\r\n", "\n")),
    }
}

fn origin_url(text: &str) -> Result<String, Unfit> {
    let text = text.trim_end_matches('/');
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'));
    match !host.is_empty() && plain && text.len() <= 200 {
        true => Ok(text.to_owned()),
        false => Err(Unfit("is no address of a site; write it like https://lab.example.org")),
    }
}

fn zone_name(text: &str) -> Result<String, Unfit> {
    let zone = jiff::tz::TimeZone::get(text);
    let name = zone.as_ref().ok().and_then(|zone| zone.iana_name());
    name.map(str::to_owned).ok_or(Unfit("is no time zone; take a name like Asia/Shanghai"))
}

fn lang_code(text: &str) -> Result<String, Unfit> {
    match text {
        "en" | "zh" => Ok(text.to_owned()),
        _ => Err(Unfit("is no language of the pages; take en or zh")),
    }
}

fn sha256_hex(text: &str) -> Result<String, Unfit> {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    match text.len() == 64 && text.chars().all(digit) {
        true => Ok(text.to_owned()),
        false => Err(Unfit("is no SHA-256; give 64 hexadecimal digits in lower case")),
    }
}

impl ZoneName {
    /// The zone itself.
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.0).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_or_refused_with_what_to_do() {
        assert_eq!(Login::parse(" Li.Na ").unwrap().as_str(), "li.na");
        assert_eq!(OriginUrl::parse("https://lab.example.org/").unwrap().as_str(), "https://lab.example.org");
        assert_eq!(Prose::parse("a\r\nb").unwrap().as_str(), "a\nb");
        assert_eq!(ZoneName::parse("Asia/Shanghai").unwrap().as_str(), "Asia/Shanghai");
        for bad in ["a", "li na", "李娜", "x'--"] {
            assert!(Login::parse(bad).is_err(), "{bad}");
        }
        for bad in ["lab.example.org", "https://", "javascript:alert(1)", "https://a b", "https://a\"b"] {
            assert!(OriginUrl::parse(bad).is_err(), "{bad}");
        }
        assert!(Prose::parse("  ").is_err() && Prose::parse("a\u{7}b").is_err());
        assert!(ZoneName::parse("Mars/Olympus").is_err() && LangCode::parse("de").is_err());
        assert!(Sha256Hex::parse(&"A".repeat(64)).is_err() && Sha256Hex::parse(&"a".repeat(64)).is_ok());
    }
}
