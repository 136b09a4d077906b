//! Instants and days. They are given, never asked for: only a [`Clock`] knows the time.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// A text that is no instant or day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {wanted}")]
pub struct TimeError {
    text: String,
    wanted: &'static str,
}

/// An instant in UTC, to the microsecond. Prints as `2026-03-14T09:26:53.589793Z`, always of this length,
/// so that text order is time order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// From microseconds since 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Instant(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant and `seconds` more.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Instant(self.0 + seconds * 1_000_000)
    }

    /// The same instant for `jiff`, to show it in a time zone.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

impl FromStr for Instant {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wanted = "instant; write it like 2026-03-14T09:26:53Z";
        let read: jiff::Timestamp =
            text.trim().parse().map_err(|_| TimeError { text: text.to_owned(), wanted })?;
        Ok(Instant(read.as_microsecond()))
    }
}

/// A calendar day, `2026-03-14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

impl Day {
    /// The day as `jiff` has it.
    pub fn date(self) -> jiff::civil::Date {
        self.0
    }
}

impl From<jiff::civil::Date> for Day {
    fn from(date: jiff::civil::Date) -> Self {
        Day(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Day {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wanted = "day; write it like 2026-03-14";
        let wrong = || TimeError { text: text.to_owned(), wanted };
        if text.trim().len() != 10 {
            return Err(wrong());
        }
        Ok(Day(text.trim().parse().map_err(|_| wrong())?))
    }
}

macro_rules! as_text {
    ($name:ident, $format:ident, $example:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
        impl utoipa::ToSchema for $name {}
        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let format = Some(SchemaFormat::KnownFormat(KnownFormat::$format));
                let text = ObjectBuilder::new().schema_type(Type::String).format(format);
                RefOr::T(Schema::Object(text.examples([serde_json::json!($example)]).build()))
            }
        }
    };
}

as_text!(Instant, DateTime, "2026-03-14T09:26:53Z");
as_text!(Day, Date, "2026-03-14");

/// Knows what time it is. The binary has a real one; tests and the simulator have one they turn themselves.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_print_at_one_length_and_sort_as_text() {
        let a: Instant = "2026-03-14T09:26:53Z".parse().unwrap();
        let b: Instant = "2026-03-14T17:26:53.5+08:00".parse().unwrap();
        assert_eq!(a.to_string(), "2026-03-14T09:26:53.000000Z");
        assert_eq!(b.to_string(), "2026-03-14T09:26:53.500000Z");
        assert!(a < b && a.to_string() < b.to_string());
        assert!("14.03.2026".parse::<Instant>().is_err());
    }
}
