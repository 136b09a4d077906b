//! A figure with its standard deviation, in the ways that people write it.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::check;
use super::problem::{Fault, Problem};

/// A value and, where it is known, its standard deviation in the same unit.
///
/// Written as `5.2`, `[5.2, 0.1]`, `{"value": 5.2, "sd": 0.1}` or `{"value": 5.2, "rel_sd_pct": 2}`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The value.
    pub value: f64,
    /// Its standard deviation.
    pub sd: Option<f64>,
}

impl Measured {
    /// A value of which the standard deviation is not known.
    pub fn of(value: f64) -> Measured {
        Measured { value, sd: None }
    }

    /// A value with its standard deviation.
    pub fn with_sd(value: f64, sd: f64) -> Measured {
        Measured { value, sd: Some(sd) }
    }

    /// Its variance; none when the standard deviation is not known.
    pub fn variance(&self) -> Option<f64> {
        self.sd.map(|sd| sd * sd)
    }

    /// Checks the value by a condition, and that the standard deviation is zero or more.
    pub fn check(
        &self,
        field: &str,
        condition: fn(String, f64) -> Result<f64, Problem>,
    ) -> Result<(), Problem> {
        condition(field.to_owned(), self.value)?;
        self.sd.map_or(Ok(()), |sd| check::not_negative(format!("{field}.sd"), sd).map(drop))
    }
}

impl<'de> Deserialize<'de> for Measured {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn read(value: &Value) -> Result<Measured, Fault> {
    match value {
        Value::Array(pair) if pair.len() == 2 => Ok(Measured::with_sd(number(&pair[0])?, number(&pair[1])?)),
        Value::Object(map) => {
            let known = |key: &str| matches!(key, "value" | "sd" | "rel_sd_pct" | "name");
            if let Some(key) = map.keys().find(|key| !known(key.as_str())) {
                return Err(Fault::Unreadable(format!(
                    "`{key}` is not read here; give value, sd, rel_sd_pct"
                )));
            }
            let value = number(map.get("value").ok_or(Fault::Missing("`value`"))?)?;
            let sd = match (map.get("sd"), map.get("rel_sd_pct")) {
                (Some(_), Some(_)) => {
                    return Err(Fault::Unreadable("has `sd` and `rel_sd_pct`; give one of them".to_owned()));
                }
                (Some(sd), None) => Some(number(sd)?),
                (None, Some(percent)) => Some(number(percent)? / 100.0 * value.abs()),
                (None, None) => None,
            };
            Ok(Measured { value, sd })
        }
        Value::Array(_) => Err(Fault::Unreadable(
            "is a list that is not [value, sd]; give one number, or a number and its sd".to_owned(),
        )),
        plain => number(plain).map(Measured::of),
    }
}

/// A number, or what the value is instead.
pub(super) fn number(value: &Value) -> Result<f64, Fault> {
    match value {
        Value::Number(number) => number.as_f64().ok_or(Fault::NotANumber(number.to_string())),
        Value::Null => Err(Fault::Blank),
        Value::String(text) => Err(word(text)),
        Value::Bool(flag) => Err(Fault::NotANumber(flag.to_string())),
        Value::Array(_) => Err(Fault::Unreadable("is a list where one number belongs".to_owned())),
        Value::Object(_) => Err(Fault::Unreadable("is an object where one number belongs".to_owned())),
    }
}

/// What a text in the place of a number is.
pub(super) fn word(text: &str) -> Fault {
    match text.trim().chars().next() {
        None => Fault::Blank,
        Some('<' | '>' | '≤' | '≥' | '＜' | '＞') => Fault::Censored(text.to_owned()),
        Some(_) => Fault::NotANumber(text.to_owned()),
    }
}
