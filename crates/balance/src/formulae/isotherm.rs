//! Extraction isotherms: what the organic phase holds beside an aqueous phase at equilibrium.
//!
//! Written as an equation, `"y=7.5x/(0.9+x)"`, or as an object:
//! `{"type": "saturating", "max": 7.5, "half": 0.9}`, `{"type": "langmuir", "max": 7.5, "k": 1.11}`,
//! `{"type": "linear", "d": 4}`, `{"type": "power", "a": 2.1, "b": 0.6}` (Freundlich) or
//! `{"points": [[0, 0], [0.5, 2.2], [2.5, 5.4]]}`, which are joined by straight lines.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::check;
use super::measured::number;
use super::problem::{Fault, Problem};

/// Organic concentration `y` at equilibrium with aqueous concentration `x`, both in one unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Isotherm {
    /// `y = max · x/(half + x)`.
    Saturating {
        /// What the organic can hold.
        max: f64,
        /// Where it holds half of it.
        half: f64,
    },
    /// `y = d · x`.
    Linear {
        /// The distribution coefficient.
        d: f64,
    },
    /// `y = a · x^b`.
    Power {
        /// At x = 1.
        a: f64,
        /// The exponent.
        b: f64,
    },
    /// Straight lines between points, from the origin.
    Points(Vec<[f64; 2]>),
}

impl Isotherm {
    /// Organic concentration beside an aqueous one.
    pub fn organic(&self, x: f64) -> f64 {
        match self {
            Isotherm::Saturating { max, half } => max * x / (half + x),
            Isotherm::Linear { d } => d * x,
            Isotherm::Power { a, b } => a * x.powf(*b),
            Isotherm::Points(points) => {
                between(points, x, 0, 1).unwrap_or_else(|| points[points.len() - 1][1])
            }
        }
    }

    /// Aqueous concentration beside an organic one; none above what the organic can hold.
    pub fn aqueous(&self, y: f64) -> Option<f64> {
        match self {
            Isotherm::Saturating { max, half } => (y < *max).then(|| half * y / (max - y)),
            Isotherm::Linear { d } => Some(y / d),
            Isotherm::Power { a, b } => Some((y / a).powf(1.0 / b)),
            Isotherm::Points(points) => between(points, y, 1, 0),
        }
    }

    /// Whether its figures can be an isotherm.
    pub fn check(&self, field: &str) -> Result<(), Problem> {
        let positive = |name: &str, value: f64| check::positive(format!("{field}.{name}"), value).map(drop);
        match self {
            Isotherm::Saturating { max, half } => {
                positive("max", *max).and_then(|()| positive("half", *half))
            }
            Isotherm::Linear { d } => positive("d", *d),
            Isotherm::Power { a, b } => positive("a", *a).and_then(|()| positive("b", *b)),
            Isotherm::Points(points) => {
                check::at_least(&format!("{field}.points"), points.len(), 2, "points beside the origin's")?;
                for (name, at) in [("x", 0), ("y", 1)] {
                    let column: Vec<f64> = points.iter().map(|point| point[at]).collect();
                    let field = format!("{field}.points.{name}");
                    check::each(&field, &column, check::not_negative)?;
                    check::rising(&field, &column)?;
                }
                if points[0] != [0.0, 0.0] {
                    let what = format!("the points do not begin at the origin but at {:?}", points[0]);
                    return Err(Problem::impossible(format!("{field}.points"), what, "add [0, 0]"));
                }
                Ok(())
            }
        }
    }
}

/// Linear interpolation from one coordinate to the other; none outside.
fn between(points: &[[f64; 2]], at: f64, from: usize, to: usize) -> Option<f64> {
    let pair = points.windows(2).find(|pair| (pair[0][from]..=pair[1][from]).contains(&at))?;
    let along = (at - pair[0][from]) / (pair[1][from] - pair[0][from]);
    Some(pair[0][to] + along * (pair[1][to] - pair[0][to]))
}

impl<'de> Deserialize<'de> for Isotherm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let read = match &value {
            Value::String(text) => equation(text),
            Value::Array(_) => points(&value),
            Value::Object(_) => object(&value),
            _ => Err(unreadable("is neither an equation nor an object")),
        };
        read.map_err(serde::de::Error::custom)
    }
}

const FORMS: &str = "write y=7.5x/(0.9+x), y=8x/(1+1.1x), y=4x or y=2.1x^0.6, or give an object with points";

fn unreadable(why: impl std::fmt::Display) -> Fault {
    Fault::Unreadable(format!("{why}; {FORMS}"))
}

fn object(value: &Value) -> Result<Isotherm, Fault> {
    if value.get("points").is_some() {
        return points(&value["points"]);
    }
    if let (Some(x), Some(y)) = (value.get("x").or(value.get("aq")), value.get("y").or(value.get("org"))) {
        let column = |list: &Value| -> Result<Vec<f64>, Fault> {
            list.as_array().ok_or_else(|| unreadable("x and y must be lists"))?.iter().map(number).collect()
        };
        let (x, y) = (column(x)?, column(y)?);
        if x.len() != y.len() {
            return Err(unreadable(format!("has {} values of x and {} of y", x.len(), y.len())));
        }
        return Ok(from_origin(x.into_iter().zip(y).map(|(x, y)| [x, y]).collect()));
    }
    let figure = |names: &[&str]| -> Result<f64, Fault> {
        let found = names.iter().find_map(|name| value.get(*name));
        number(found.ok_or_else(|| unreadable(format!("`{}` is missing", names[0])))?)
    };
    match value.get("type").and_then(Value::as_str).unwrap_or_default() {
        "saturating" | "michaelis" | "hyperbolic" => Ok(Isotherm::Saturating {
            max: figure(&["max", "a", "ymax"])?,
            half: figure(&["half", "b", "k"])?,
        }),
        "langmuir" => {
            Ok(Isotherm::Saturating { max: figure(&["max", "a", "ymax"])?, half: 1.0 / figure(&["k", "b"])? })
        }
        "linear" => Ok(Isotherm::Linear { d: figure(&["d", "D", "slope", "k"])? }),
        "power" | "freundlich" => {
            Ok(Isotherm::Power { a: figure(&["a", "k"])?, b: figure(&["b", "n", "exponent"])? })
        }
        other => Err(unreadable(format!("`{other}` is no type of isotherm"))),
    }
}

fn points(value: &Value) -> Result<Isotherm, Fault> {
    let rows = value.as_array().ok_or_else(|| unreadable("points must be a list of [x, y]"))?;
    let pair = |row: &Value| match row.as_array().map(Vec::as_slice) {
        Some([x, y]) => Ok([number(x)?, number(y)?]),
        _ => Err(unreadable("each point must be [x, y]")),
    };
    Ok(from_origin(rows.iter().map(pair).collect::<Result<_, _>>()?))
}

/// Nothing in the water, nothing in the organic: the origin belongs to every isotherm.
fn from_origin(mut points: Vec<[f64; 2]>) -> Isotherm {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    if points.first().is_some_and(|first| first[0] > 0.0 && first[1] > 0.0) {
        points.insert(0, [0.0, 0.0]);
    }
    Isotherm::Points(points)
}

fn equation(text: &str) -> Result<Isotherm, Fault> {
    let plain: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '*').collect();
    let plain = plain.replace("**", "^");
    let wrong = || unreadable(format!("`{text}` is no equation that is read here"));
    let right = plain.strip_prefix("y=").ok_or_else(wrong)?;
    let figure = |text: &str| if text.is_empty() { Some(1.0) } else { text.parse::<f64>().ok() };
    let (before, after) = right.split_once('x').ok_or_else(wrong)?;
    let scale = figure(before).ok_or_else(wrong)?;
    if after.is_empty() {
        return Ok(Isotherm::Linear { d: scale });
    }
    if let Some(power) = after.strip_prefix('^') {
        let power = power.trim_matches(['(', ')']).parse().map_err(|_| wrong())?;
        return Ok(Isotherm::Power { a: scale, b: power });
    }
    let under = after.strip_prefix("/(").and_then(|rest| rest.strip_suffix(')')).ok_or_else(wrong)?;
    let (left, right) = under.split_once('+').ok_or_else(wrong)?;
    let (free, slope) = match (left.strip_suffix('x'), right.strip_suffix('x')) {
        (None, Some(slope)) => (left.parse().ok(), figure(slope)),
        (Some(slope), None) => (right.parse().ok(), figure(slope)),
        _ => (None, None),
    };
    let (free, slope): (f64, f64) = free.zip(slope).ok_or_else(wrong)?;
    // a x/(b + c x) is saturating at a/c with its half at b/c.
    Ok(Isotherm::Saturating { max: scale / slope, half: free / slope })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> Result<Isotherm, serde_json::Error> {
        serde_json::from_value(value)
    }

    #[test]
    fn equations_and_objects_say_the_same() {
        let same = Isotherm::Saturating { max: 7.5, half: 0.9 };
        for text in ["y=7.5x/(0.9+x)", "y = 7.5 * x / (x + 0.9)", "Y=15x/(1.8+2x)"] {
            assert_eq!(read(Value::from(text)).unwrap(), same, "{text}");
        }
        assert_eq!(read(serde_json::json!({"type": "saturating", "max": 7.5, "half": 0.9})).unwrap(), same);
        assert_eq!(read(Value::from("y=4x")).unwrap(), Isotherm::Linear { d: 4.0 });
        assert_eq!(read(Value::from("y=2.1x^0.6")).unwrap(), Isotherm::Power { a: 2.1, b: 0.6 });
        for text in ["", "y", "y=ax", "7.5x", "y=7.5x/(0.9-x)", "y=x/(x+x)"] {
            assert!(read(Value::from(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn there_and_back() {
        let points = Isotherm::Points(vec![[0.0, 0.0], [0.5, 2.2], [2.5, 5.4]]);
        let all = [
            Isotherm::Saturating { max: 7.5, half: 0.9 },
            Isotherm::Linear { d: 4.0 },
            Isotherm::Power { a: 2.1, b: 0.6 },
            points,
        ];
        for isotherm in all {
            for x in [0.01, 0.3, 0.5, 1.9] {
                assert!((isotherm.aqueous(isotherm.organic(x)).unwrap() - x).abs() < 1e-12, "{isotherm:?}");
            }
        }
    }
}
