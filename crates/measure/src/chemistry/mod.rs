//! Elements, formulae and the factors between them, computed from atomic weights.
//!
//! No factor is typed in: La → La2O3 is `M(La2O3) / (2·Ar(La))`. The atomic weights and their source are in
//! [`element`](Element); what an analyte is (element, oxide, compound, ratio) is kept apart by [`Analyte`],
//! because a result for Mn and one for MnO are two results.

mod analyte;
mod element;
mod formula;

use rust_decimal::Decimal;

pub use analyte::Analyte;
pub use element::{ATOMIC_WEIGHTS_SOURCE, Element};
pub use formula::Formula;

/// Why a formula could not be read or a factor not be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChemistryError {
    /// No element of this symbol has a standard atomic weight.
    #[error("{0:?} is not the symbol of an element with a standard atomic weight")]
    UnknownElement(String),
    /// The text is not a formula.
    #[error("{formula:?} is not a formula: {reason}")]
    Syntax {
        /// The text as given.
        formula: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A point that may be a decimal point or join two parts.
    #[error("in {0:?} the point may be a decimal point or join two parts; write · between parts")]
    AmbiguousPoint(String),
    /// The compound does not contain the element.
    #[error("{compound} contains no {element}")]
    NotContained {
        /// The element.
        element: Element,
        /// The compound.
        compound: String,
    },
    /// No single element links the two.
    #[error("{from} cannot be expressed as {to}: not exactly one element besides O and H is in both")]
    NotLinked {
        /// What was given.
        from: String,
        /// What was asked for.
        to: String,
    },
    /// The number grows beyond 28 digits.
    #[error("the counts in {0:?} are too large to be reckoned with")]
    Overflow(String),
}

/// The factor from a content of an element to the content of a compound: La → La2O3 is 1.1728.
/// Dimensionless, 28 digits; round it only for display.
///
/// # Errors
/// A symbol or formula that cannot be read, or a compound without the element.
pub fn element_to_compound(element: &str, compound: &str) -> Result<Decimal, ChemistryError> {
    Formula::parse(compound)?.factor_from(Element::parse(element)?)
}

/// The stoichiometric ceiling: the most of an element, in percent by mass, that the pure compound contains.
/// Mn in MnSO4·H2O is 32.51 %.
///
/// # Errors
/// As [`element_to_compound`].
pub fn ceiling(element: &str, compound: &str) -> Result<Decimal, ChemistryError> {
    Formula::parse(compound)?.percent_of(Element::parse(element)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounding::shown;

    #[test]
    fn factors_of_the_published_tables() {
        let table = [
            ("La", "La2O3", "1.1728"),
            ("Ce", "CeO2", "1.2284"),
            ("Pr", "Pr6O11", "1.2082"),
            ("Nd", "Nd2O3", "1.1664"),
            ("Sm", "Sm2O3", "1.1596"),
            ("Eu", "Eu2O3", "1.1579"),
            ("Gd", "Gd2O3", "1.1526"),
            ("Tb", "Tb4O7", "1.1762"),
            ("Dy", "Dy2O3", "1.1477"),
            ("Ho", "Ho2O3", "1.1455"),
            ("Er", "Er2O3", "1.1435"),
            ("Tm", "Tm2O3", "1.1421"),
            ("Yb", "Yb2O3", "1.1387"),
            ("Lu", "Lu2O3", "1.1372"),
            ("Y", "Y2O3", "1.2699"),
            ("Sc", "Sc2O3", "1.5338"),
            ("Li", "Li2CO3", "5.3233"),
            ("Mn", "MnO", "1.2912"),
        ];
        for (element, compound, factor) in table {
            assert_eq!(shown(element_to_compound(element, compound).unwrap(), 4), factor, "{compound}");
        }
    }

    #[test]
    fn ceilings() {
        let table = [("Mn", "MnSO4·H2O", "32.51"), ("Mn", "MnSO4.H2O", "32.51"), ("Li", "Li2CO3", "18.79")];
        for (element, compound, percent) in table {
            assert_eq!(shown(ceiling(element, compound).unwrap(), 2), percent, "{compound}");
        }
        assert!(matches!(ceiling("Fe", "MnO"), Err(ChemistryError::NotContained { .. })));
        assert!(matches!(ceiling("Xx", "MnO"), Err(ChemistryError::UnknownElement(_))));
    }
}
