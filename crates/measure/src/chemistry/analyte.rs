//! What was determined.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::{ChemistryError, Element, Formula};
use crate::named::serde_by_text;

/// What a result is a result of. Element, oxide and compound of one metal are three analytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Analyte {
    /// `Mn`.
    Element(Element),
    /// One element and oxygen: `SiO2`, `La2O3`.
    Oxide(Formula),
    /// Any other formula: `Li2CO3`, `SO4`, `H2O`.
    Compound(Formula),
    /// A named sum of oxides whose members a stored definition lists: `TREO`. See [`crate::rare_earth`].
    Group(String),
    /// One analyte relative to another: `La2O3/TREO`.
    Ratio {
        /// The part.
        part: Box<Analyte>,
        /// What it is related to.
        whole: Box<Analyte>,
    },
    /// Anything else, kept as written: `LOI`, `pH`, `D50`, `CO ppm?`.
    Other(String),
}

/// Names of sums of rare-earth oxides.
const GROUPS: &[&str] = &["TREO", "LREO", "MREO", "HREO", "REO", "CREO", "TREO+Y", "TREO+Y+Sc"];

/// Two elements one of which is oxygen, and yet no oxides but anions.
const ANIONS: &[&str] =
    &["SO4", "NO3", "NO2", "PO4", "CO3", "SiO3", "SiO4", "ClO3", "ClO4", "CrO4", "MnO4", "BO3", "OH"];

impl Analyte {
    /// Reads a symbol, a formula, a group or a ratio; what is none of these is kept as written. Case matters.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Some((part, whole)) = text.split_once('/') {
            let (part, whole) = (Self::single(part.trim()), Self::single(whole.trim()));
            return match (part, whole) {
                (Self::Other(_), _) | (_, Self::Other(_)) => Self::Other(text.to_owned()),
                (part, whole) => Self::Ratio { part: Box::new(part), whole: Box::new(whole) },
            };
        }
        Self::single(text)
    }

    fn single(text: &str) -> Self {
        if GROUPS.contains(&text) {
            return Self::Group(text.to_owned());
        }
        if let Ok(element) = Element::parse(text) {
            return Self::Element(element);
        }
        match Formula::parse(text) {
            Ok(formula) if is_oxide(&formula) => Self::Oxide(formula),
            Ok(formula) => Self::Compound(formula),
            Err(_) => Self::Other(text.to_owned()),
        }
    }

    /// The factor that turns a content of `self` into a content of `to`, where chemistry alone gives it:
    /// between an element and a compound of it, or two compounds that share one element besides O and H.
    ///
    /// # Errors
    /// Nothing, or more than one element, links the two; ratios, groups and others.
    pub fn factor_to(&self, to: &Self) -> Result<Decimal, ChemistryError> {
        let not_linked = || ChemistryError::NotLinked { from: self.to_string(), to: to.to_string() };
        if self == to {
            return Ok(Decimal::ONE);
        }
        match (self, to) {
            (Self::Element(element), Self::Oxide(compound) | Self::Compound(compound)) => {
                compound.factor_from(*element)
            }
            (Self::Oxide(compound) | Self::Compound(compound), Self::Element(element)) => {
                Ok(compound.percent_of(*element)? / Decimal::ONE_HUNDRED)
            }
            (Self::Oxide(one) | Self::Compound(one), Self::Oxide(two) | Self::Compound(two)) => {
                let link = shared_element(one, two).ok_or_else(not_linked)?;
                let content = one.percent_of(link)? / Decimal::ONE_HUNDRED;
                content.checked_mul(two.factor_from(link)?).ok_or_else(not_linked)
            }
            _ => Err(not_linked()),
        }
    }

    /// For display, with subscripts: `La₂O₃`.
    pub fn label(&self) -> String {
        match self {
            Self::Oxide(formula) | Self::Compound(formula) => formula.subscripted(),
            Self::Ratio { part, whole } => format!("{}/{}", part.label(), whole.label()),
            plain => plain.to_string(),
        }
    }
}

impl fmt::Display for Analyte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(element) => f.pad(element.symbol()),
            Self::Oxide(formula) | Self::Compound(formula) => formula.fmt(f),
            Self::Group(text) | Self::Other(text) => f.pad(text),
            Self::Ratio { part, whole } => f.pad(&format!("{part}/{whole}")),
        }
    }
}

impl FromStr for Analyte {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::parse(text))
    }
}

serde_by_text!(Analyte);

fn is_oxide(formula: &Formula) -> bool {
    let counts = formula.counts();
    let elements: Vec<&str> = counts.keys().map(|element| element.symbol()).collect();
    let written = formula.to_string();
    elements.len() == 2
        && elements.contains(&"O")
        && !elements.contains(&"H")
        && !written.contains('·')
        && !ANIONS.contains(&written.as_str())
}

fn shared_element(one: &Formula, two: &Formula) -> Option<Element> {
    let metal = |element: &&Element| !matches!(element.symbol(), "O" | "H");
    let mut shared = one.counts().keys().filter(metal).filter(|element| two.counts().contains_key(element));
    let first = shared.next().copied();
    if shared.next().is_some() { None } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_kinds_apart() {
        let kind = |text| match Analyte::parse(text) {
            Analyte::Element(_) => "element",
            Analyte::Oxide(_) => "oxide",
            Analyte::Compound(_) => "compound",
            Analyte::Group(_) => "group",
            Analyte::Ratio { .. } => "ratio",
            Analyte::Other(_) => "other",
        };
        let table = [
            ("Mn", "element"),
            ("MnO", "oxide"),
            ("MnSO4·H2O", "compound"),
            ("SO4", "compound"),
            ("H2O", "compound"),
            ("TREO", "group"),
            ("La2O3/TREO", "ratio"),
            ("LOI", "other"),
            ("pH", "other"),
            ("FE", "other"),
            ("Co", "element"),
            ("CO", "oxide"),
            ("D50", "other"),
            ("Mn 257.610", "other"),
            ("LOI/TREO", "other"),
            ("K2O", "oxide"),
            ("Fe/SiO2/x", "other"),
        ];
        for (text, expected) in table {
            assert_eq!(kind(text), expected, "{text}");
            assert_eq!(Analyte::parse(text).to_string(), text);
        }
        assert_eq!(Analyte::parse("La2O3/TREO").label(), "La₂O₃/TREO");
    }

    #[test]
    fn factors_go_both_ways() {
        let factor = |from, to| Analyte::parse(from).factor_to(&Analyte::parse(to));
        let there = factor("Mn", "MnO").unwrap();
        let back = factor("MnO", "Mn").unwrap();
        assert!((there * back - Decimal::ONE).abs() < Decimal::new(1, 20));
        assert_eq!(crate::rounding::shown(factor("MnO", "MnSO4·H2O").unwrap(), 4), "2.3825");
        assert_eq!(factor("Mn", "Mn").unwrap(), Decimal::ONE);
        assert!(factor("Mn", "FeO").is_err());
        assert!(factor("TREO", "La2O3").is_err());
        assert!(factor("SiO2", "K2O").is_err());
    }
}
