//! A result as a laboratory reports it.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Basis, DecimalText, Qualifier, Uncertainty, Unit};

/// Qualifier, digits, unit, basis and perhaps uncertainty. Built only by constructors that refuse nonsense,
/// also when read back from storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Reported {
    qualifier: Qualifier,
    text: Option<DecimalText>,
    unit: Unit,
    basis: Basis,
    uncertainty: Option<Uncertainty>,
}

/// Why the parts do not make a reported value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportedError {
    /// A value has no number.
    #[error("a value needs its number")]
    NoNumber,
    /// Not analysed, invalid, missing and so on carry no number.
    #[error("{qualifier} cannot carry the number {text}")]
    UnexpectedNumber {
        /// What was reported.
        qualifier: Qualifier,
        /// The number beside it.
        text: DecimalText,
    },
    /// A limit of detection or quantification below zero.
    #[error("a limit cannot be negative: {0}")]
    NegativeLimit(DecimalText),
    /// Only a value has an uncertainty.
    #[error("{0} cannot carry an uncertainty")]
    UnexpectedUncertainty(Qualifier),
    /// The uncertainty measures something else than the value.
    #[error("an uncertainty in {uncertainty} does not fit a value in {value}")]
    UncertaintyUnit {
        /// Unit of the value.
        value: Unit,
        /// Unit of the uncertainty.
        uncertainty: Unit,
    },
}

impl Reported {
    /// A measured value.
    pub fn value(text: DecimalText, unit: Unit, basis: Basis) -> Self {
        Self { qualifier: Qualifier::Value, text: Some(text), unit, basis, uncertainty: None }
    }

    /// Below a printed limit: `<0.001`.
    ///
    /// # Errors
    /// A negative limit.
    pub fn below(limit: DecimalText, unit: Unit, basis: Basis) -> Result<Self, ReportedError> {
        Self::new(Qualifier::Below, Some(limit), unit, basis, None)
    }

    /// Above a printed limit: `>10`.
    ///
    /// # Errors
    /// A negative limit.
    pub fn above(limit: DecimalText, unit: Unit, basis: Basis) -> Result<Self, ReportedError> {
        Self::new(Qualifier::Above, Some(limit), unit, basis, None)
    }

    /// Not detected, with the limit of detection where it is known.
    ///
    /// # Errors
    /// A negative limit.
    pub fn not_detected(lod: Option<DecimalText>, unit: Unit, basis: Basis) -> Result<Self, ReportedError> {
        Self::new(Qualifier::NotDetected, lod, unit, basis, None)
    }

    /// Any of the above from its parts, as a reader of files has them.
    ///
    /// # Errors
    /// Parts that do not belong together; see [`ReportedError`].
    pub fn new(
        qualifier: Qualifier,
        text: Option<DecimalText>,
        unit: Unit,
        basis: Basis,
        uncertainty: Option<Uncertainty>,
    ) -> Result<Self, ReportedError> {
        match (qualifier, &text) {
            (Qualifier::Value, None) => return Err(ReportedError::NoNumber),
            (Qualifier::Value, Some(_)) | (_, None) => {}
            (Qualifier::Below | Qualifier::Above | Qualifier::NotDetected, Some(limit)) => {
                if limit.decimal() < Decimal::ZERO {
                    return Err(ReportedError::NegativeLimit(limit.clone()));
                }
            }
            (_, Some(text)) => {
                return Err(ReportedError::UnexpectedNumber { qualifier, text: text.clone() });
            }
        }
        let plain = Self { qualifier, text, unit, basis, uncertainty: None };
        match uncertainty {
            Some(uncertainty) => plain.with_uncertainty(uncertainty),
            None => Ok(plain),
        }
    }

    /// The value with its uncertainty.
    ///
    /// # Errors
    /// Not a value, or an uncertainty of another dimension.
    pub fn with_uncertainty(mut self, uncertainty: Uncertainty) -> Result<Self, ReportedError> {
        if self.qualifier != Qualifier::Value {
            return Err(ReportedError::UnexpectedUncertainty(self.qualifier));
        }
        if uncertainty.unit().dimension() != self.unit.dimension() {
            return Err(ReportedError::UncertaintyUnit { value: self.unit, uncertainty: uncertainty.unit() });
        }
        self.uncertainty = Some(uncertainty);
        Ok(self)
    }

    /// What the number means.
    pub fn qualifier(&self) -> Qualifier {
        self.qualifier
    }

    /// The digits as reported: of the value, or of the limit of a censored one.
    pub fn text(&self) -> Option<&DecimalText> {
        self.text.as_ref()
    }

    /// The unit.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The basis.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// The uncertainty, if stated.
    pub fn uncertainty(&self) -> Option<&Uncertainty> {
        self.uncertainty.as_ref()
    }

    /// The number of a plain value; `None` for everything censored or absent, which is no number.
    pub fn number(&self) -> Option<Decimal> {
        match self.qualifier {
            Qualifier::Value => self.text.as_ref().map(DecimalText::decimal),
            _ => None,
        }
    }

    /// What is printed before the unit, in the plain spelling: `28.80`, `<0.001`, `>10`, `ND (<0.001)`, `/`.
    pub fn figure(&self) -> String {
        let digits = self.text.as_ref().map(DecimalText::plain);
        match (self.qualifier, digits) {
            (Qualifier::Value, digits) => digits.unwrap_or_default(),
            (Qualifier::Below, Some(limit)) => format!("<{limit}"),
            (Qualifier::Below, None) => "<LOQ".to_owned(),
            (Qualifier::Above, Some(limit)) => format!(">{limit}"),
            (Qualifier::Above, None) => "OVER".to_owned(),
            (Qualifier::NotDetected, Some(limit)) => format!("ND (<{limit})"),
            (Qualifier::NotDetected, None) => "ND".to_owned(),
            (Qualifier::NotAnalysed, _) => "/".to_owned(),
            (other, _) => other.as_str().replace('_', " "),
        }
    }
}

/// The figure and, where something was measured, its unit: `<0.001 %`.
impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.qualifier.is_measured() && self.unit != Unit::One {
            write!(f, "{} {}", self.figure(), self.unit)
        } else {
            f.write_str(&self.figure())
        }
    }
}

/// The stored shape; read back through [`Reported::new`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    qualifier: Qualifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<DecimalText>,
    unit: Unit,
    basis: Basis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uncertainty: Option<Uncertainty>,
}

impl TryFrom<Parts> for Reported {
    type Error = ReportedError;
    fn try_from(parts: Parts) -> Result<Self, ReportedError> {
        Self::new(parts.qualifier, parts.text, parts.unit, parts.basis, parts.uncertainty)
    }
}

impl From<Reported> for Parts {
    fn from(from: Reported) -> Self {
        let Reported { qualifier, text, unit, basis, uncertainty } = from;
        Self { qualifier, text, unit, basis, uncertainty }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> DecimalText {
        text.parse().unwrap()
    }

    #[test]
    fn prints_as_laboratories_do() {
        let percent = |qualifier, text: Option<&str>| {
            Reported::new(qualifier, text.map(digits), Unit::Percent, Basis::Dry, None).unwrap().to_string()
        };
        assert_eq!(percent(Qualifier::Value, Some("28.80")), "28.80 %");
        assert_eq!(percent(Qualifier::Value, Some("-0.000")), "0.000 %");
        assert_eq!(percent(Qualifier::Below, Some("1.2e-005")), "<0.000012 %");
        assert_eq!(percent(Qualifier::Below, Some("0.001")), "<0.001 %");
        assert_eq!(percent(Qualifier::Above, Some("10")), ">10 %");
        assert_eq!(percent(Qualifier::Above, None), "OVER %");
        assert_eq!(percent(Qualifier::NotDetected, Some("0.05")), "ND (<0.05) %");
        assert_eq!(percent(Qualifier::NotAnalysed, None), "/");
        assert_eq!(percent(Qualifier::InsufficientSample, None), "insufficient sample");
        let ratio = Reported::value(digits("1.10"), Unit::One, Basis::NotStated);
        assert_eq!((ratio.to_string(), ratio.number()), ("1.10".to_owned(), Some(Decimal::new(110, 2))));
    }

    #[test]
    fn nonsense_cannot_be_built_or_read() {
        use ReportedError as E;
        let build = |qualifier, text: Option<&str>| {
            Reported::new(qualifier, text.map(digits), Unit::Ppm, Basis::Dry, None)
        };
        assert_eq!(build(Qualifier::Value, None), Err(E::NoNumber));
        assert!(matches!(build(Qualifier::Missing, Some("0")), Err(E::UnexpectedNumber { .. })));
        assert!(matches!(build(Qualifier::Invalid, Some("1")), Err(E::UnexpectedNumber { .. })));
        assert_eq!(build(Qualifier::Below, Some("-1")), Err(E::NegativeLimit(digits("-1"))));
        let u = |unit| Uncertainty::new("0.1".parse().unwrap(), Decimal::TWO, unit).unwrap();
        let censored = build(Qualifier::Below, Some("1")).unwrap();
        assert_eq!(censored.number(), None, "a limit is not a value");
        assert_eq!(censored.with_uncertainty(u(Unit::Ppm)), Err(E::UnexpectedUncertainty(Qualifier::Below)));
        let value = build(Qualifier::Value, Some("1")).unwrap();
        assert!(value.clone().with_uncertainty(u(Unit::Percent)).is_ok());
        assert!(matches!(value.with_uncertainty(u(Unit::MilligramPerLitre)), Err(E::UncertaintyUnit { .. })));
        let bad = r#"{"qualifier":"missing","text":"0","unit":"%","basis":"dry"}"#;
        assert!(serde_json::from_str::<Reported>(bad).unwrap_err().to_string().contains("cannot carry"));
    }

    #[test]
    fn the_stored_shape_is_pinned() {
        let value = Reported::value(digits("0.0010"), Unit::Percent, Basis::AsReceived)
            .with_uncertainty(
                Uncertainty::new("0.0002".parse().unwrap(), Decimal::TWO, Unit::Percent).unwrap(),
            )
            .unwrap();
        let json = serde_json::to_string(&value).unwrap();
        let golden = r#"{"qualifier":"value","text":"0.0010","unit":"%","basis":"as_received","#.to_owned()
            + r#""uncertainty":{"expanded":"0.0002","coverage_factor":"2","unit":"%"}}"#;
        assert_eq!(json, golden);
        assert_eq!(serde_json::from_str::<Reported>(&json).unwrap(), value);
    }
}
