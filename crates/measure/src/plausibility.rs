//! Warnings: figures that cannot be, or that contradict each other. They never change a value.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Analyte, DecimalText, Formula, Qualifier, Reported, Unit};

/// Something that cannot be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
pub enum Warning {
    /// More of an element than the pure material could contain, beyond the rounding of the last digit.
    AboveCeiling {
        /// What was determined.
        analyte: Analyte,
        /// The result in percent.
        percent: Decimal,
        /// The most there can be, in percent.
        ceiling_percent: Decimal,
        /// The pure material.
        material: Formula,
    },
    /// A content above 100 %.
    AboveHundred {
        /// What was determined.
        analyte: Analyte,
        /// The result in percent.
        percent: Decimal,
    },
    /// An element and its compound in one sample that do not fit.
    Contradiction {
        /// The one, such as Mn.
        analyte: Analyte,
        /// The other, such as MnO.
        other: Analyte,
        /// What the first makes the second, in percent.
        expected_percent: Decimal,
        /// What was found, in percent.
        found_percent: Decimal,
    },
    /// The parts of a full analysis do not add up to 100 %.
    SumFarFromHundred {
        /// The sum in percent.
        percent: Decimal,
    },
}

/// How far figures may disagree before a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerances {
    /// Element against compound, in percent of the expected figure.
    pub contradiction_percent: Decimal,
    /// Sum of a full analysis against 100, in percent absolute; `None` when the analysis is not a full one.
    pub sum_percent: Option<Decimal>,
    /// How far the oxides of one sample may add up above 100, in percent absolute: no sample holds more
    /// oxides than itself, whether the analysis is a full one or not.
    pub over_percent: Decimal,
}

impl Default for Tolerances {
    /// 5 % of the figure; no check of a full sum; oxides up to 101 %, as totals of fused beads are usually
    /// accepted
    ///.
    fn default() -> Self {
        Self { contradiction_percent: Decimal::new(5, 0), sum_percent: None, over_percent: Decimal::ONE }
    }
}

/// Checks the results of one sample, on one basis. `material` is the pure compound it is sold as, if any.
/// Only mass fractions are looked at; censored results speak only where their bound alone is impossible.
pub fn check(
    results: &BTreeMap<Analyte, Reported>,
    material: Option<&Formula>,
    tolerances: &Tolerances,
) -> Vec<Warning> {
    let contents: BTreeMap<&Analyte, Content> =
        results.iter().filter_map(|(analyte, reported)| Some((analyte, content(reported)?))).collect();
    let mut warnings = Vec::new();
    for (analyte, content) in &contents {
        warnings.extend(impossible(analyte, content, material));
    }
    warnings.extend(contradictions(&contents, tolerances));
    warnings.extend(sum_warning(&contents, tolerances));
    warnings
}

/// A mass fraction in percent.
struct Content {
    percent: Decimal,
    /// Half a unit of its last digit, in percent.
    rounding: Decimal,
    /// A plain value, not a bound.
    exact: bool,
}

fn content(reported: &Reported) -> Option<Content> {
    if !matches!(reported.qualifier(), Qualifier::Value | Qualifier::Above) {
        return None;
    }
    let text = reported.text()?;
    let percent = |value| Unit::convert(value, reported.unit(), Unit::Percent).ok();
    let rounding = text.half_unit().and_then(percent).unwrap_or_default();
    let exact = reported.qualifier() == Qualifier::Value;
    Some(Content { percent: percent(DecimalText::decimal(text))?, rounding, exact })
}

fn impossible(analyte: &Analyte, content: &Content, material: Option<&Formula>) -> Option<Warning> {
    let surely = content.percent - content.rounding;
    if let (Analyte::Element(element), Some(material)) = (analyte, material)
        && let Ok(ceiling_percent) = material.percent_of(*element)
        && surely > ceiling_percent
    {
        return Some(Warning::AboveCeiling {
            analyte: analyte.clone(),
            percent: content.percent,
            ceiling_percent,
            material: material.clone(),
        });
    }
    // A ratio such as C/S may well exceed 100 %; a content may not.
    let is_content = !matches!(analyte, Analyte::Ratio { .. } | Analyte::Other(_));
    (is_content && surely > Decimal::ONE_HUNDRED)
        .then(|| Warning::AboveHundred { analyte: analyte.clone(), percent: content.percent })
}

/// Every element against every oxide of it.
fn contradictions(contents: &BTreeMap<&Analyte, Content>, tolerances: &Tolerances) -> Vec<Warning> {
    let mut warnings = Vec::new();
    // Far above 100 % is warned of by itself, and would only overflow here.
    let comparable = |content: &Content| content.exact && content.percent.abs() <= Decimal::ONE_THOUSAND;
    let elements = contents.iter().filter(|(analyte, _)| matches!(analyte, Analyte::Element(_)));
    for (analyte, element) in elements.filter(|(_, content)| comparable(content)) {
        for (other, oxide) in contents
            .iter()
            .filter(|(other, content)| matches!(other, Analyte::Oxide(_)) && comparable(content))
        {
            let Some(factor) = metal_factor(analyte, other) else { continue };
            let expected_percent = element.percent * factor;
            let allowed = expected_percent.abs() * tolerances.contradiction_percent / Decimal::ONE_HUNDRED
                + element.rounding * factor
                + oxide.rounding;
            if (expected_percent - oxide.percent).abs() > allowed {
                warnings.push(Warning::Contradiction {
                    analyte: (*analyte).clone(),
                    other: (*other).clone(),
                    expected_percent,
                    found_percent: oxide.percent,
                });
            }
        }
    }
    warnings
}

/// The factor from element to oxide; `None` for oxygen, which is in all of them.
fn metal_factor(element: &Analyte, oxide: &Analyte) -> Option<Decimal> {
    match element {
        Analyte::Element(one) if one.symbol() == "O" => None,
        _ => element.factor_to(oxide).ok(),
    }
}

/// Sums everything but elements whose oxide is listed too, ratios and groups, which would count twice.
fn sum_warning(contents: &BTreeMap<&Analyte, Content>, tolerances: &Tolerances) -> Option<Warning> {
    if let Some(percent) =
        oxides(contents).filter(|sum| *sum > Decimal::ONE_HUNDRED + tolerances.over_percent)
    {
        return Some(Warning::SumFarFromHundred { percent });
    }
    let allowed = tolerances.sum_percent?;
    let counts = |analyte: &Analyte| match analyte {
        Analyte::Element(_) => !contents
            .keys()
            .any(|other| matches!(other, Analyte::Oxide(_)) && metal_factor(analyte, other).is_some()),
        Analyte::Oxide(_) | Analyte::Compound(_) | Analyte::Other(_) => true,
        Analyte::Group(_) | Analyte::Ratio { .. } => false,
    };
    let counted: Vec<&Content> =
        contents.iter().filter(|(analyte, _)| counts(analyte)).map(|(_, content)| content).collect();
    let percent = counted.iter().try_fold(Decimal::ZERO, |sum, content| sum.checked_add(content.percent))?;
    let far = !counted.is_empty() && (percent - Decimal::ONE_HUNDRED).abs() > allowed;
    far.then_some(Warning::SumFarFromHundred { percent })
}

/// The sum of two oxides or more, in percent. One alone above 100 % is warned of by itself.
fn oxides(contents: &BTreeMap<&Analyte, Content>) -> Option<Decimal> {
    let all: Vec<Decimal> = contents
        .iter()
        .filter(|(analyte, content)| matches!(analyte, Analyte::Oxide(_)) && content.exact)
        .map(|(_, content)| content.percent)
        .collect();
    let sane = all.iter().all(|percent| *percent <= Decimal::ONE_HUNDRED);
    (all.len() > 1 && sane).then(|| all.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Basis;

    fn results(rows: &[(&str, &str, Unit)]) -> BTreeMap<Analyte, Reported> {
        rows.iter()
            .map(|(analyte, text, unit)| {
                let value = match text.strip_prefix('<') {
                    Some(limit) => Reported::below(limit.parse().unwrap(), *unit, Basis::Dry).unwrap(),
                    None => Reported::value(text.parse().unwrap(), *unit, Basis::Dry),
                };
                (Analyte::parse(analyte), value)
            })
            .collect()
    }

    fn kinds(
        rows: &[(&str, &str, Unit)],
        material: Option<&str>,
        tolerances: &Tolerances,
    ) -> Vec<&'static str> {
        let material = material.map(|formula| Formula::parse(formula).unwrap());
        check(&results(rows), material.as_ref(), tolerances)
            .into_iter()
            .map(|warning| match warning {
                Warning::AboveCeiling { .. } => "ceiling",
                Warning::AboveHundred { .. } => "hundred",
                Warning::Contradiction { .. } => "contradiction",
                Warning::SumFarFromHundred { .. } => "sum",
            })
            .collect()
    }

    #[test]
    fn nothing_exceeds_its_ceiling() {
        let plain = Tolerances::default();
        let salt = Some("MnSO4·H2O");
        assert_eq!(
            kinds(&[("Mn", "32.51", Unit::Percent)], salt, &plain),
            [""; 0],
            "32.506 rounded is 32.51"
        );
        assert_eq!(kinds(&[("Mn", "32.52", Unit::Percent)], salt, &plain), ["ceiling"]);
        assert_eq!(kinds(&[("Mn", "325200", Unit::Ppm)], salt, &plain), ["ceiling"]);
        assert_eq!(kinds(&[("Mn", "<50", Unit::Percent)], salt, &plain), [""; 0]);
        assert_eq!(kinds(&[("Al", "222.8", Unit::Percent)], None, &plain), ["hundred"]);
        assert_eq!(kinds(&[("Al", "222.8", Unit::GramPerLitre)], None, &plain), [""; 0]);
        let absurd = [("Mn", "9999999999999999999999999999", Unit::Percent), ("MnO", "1", Unit::Percent)];
        assert_eq!(kinds(&absurd, None, &plain), ["hundred"]);
        assert_eq!(kinds(&[("C/S", "150", Unit::Percent)], None, &plain), [""; 0]);
    }

    #[test]
    fn element_and_oxide_must_fit() {
        let plain = Tolerances::default();
        let percent = Unit::Percent;
        assert_eq!(kinds(&[("Mn", "10.0", percent), ("MnO", "12.9", percent)], None, &plain), [""; 0]);
        assert_eq!(
            kinds(&[("Mn", "10.0", percent), ("MnO", "11.0", percent)], None, &plain),
            ["contradiction"]
        );
        assert_eq!(kinds(&[("O", "10.0", percent), ("MnO", "11.0", percent)], None, &plain), [""; 0]);
    }

    #[test]
    fn a_full_analysis_adds_up() {
        let full = Tolerances { sum_percent: Some(Decimal::TWO), ..Tolerances::default() };
        let percent = Unit::Percent;
        let rows = [
            ("SiO2", "60.0", percent),
            ("Al2O3", "38.5", percent),
            ("Si", "28.05", percent),
            ("LOI", "1.2", percent),
        ];
        assert_eq!(kinds(&rows, None, &full), [""; 0], "Si is in SiO2 already");
        assert_eq!(kinds(&rows[..1], None, &full), ["sum"]);
        assert_eq!(kinds(&[], None, &full), [""; 0]);
    }

    #[test]
    fn no_sample_holds_more_oxides_than_itself() {
        let plain = Tolerances::default();
        let percent = Unit::Percent;
        let of = |nd, pr| [("Nd2O3", nd, percent), ("Pr6O11", pr, percent), ("F", "9.0", percent)];
        assert_eq!(kinds(&of("75.9", "25.0"), None, &plain), [""; 0], "within the scatter of totals");
        assert_eq!(kinds(&of("76.8", "25.2"), None, &plain), ["sum"]);
        assert_eq!(kinds(&of("768000", "25.2"), None, &plain), ["hundred"], "one alone says so itself");
        let both = [("Nd2O3", "768000", Unit::Ppm), ("Pr6O11", "25.2", percent)];
        assert_eq!(kinds(&both, None, &plain), ["sum"], "whatever the unit");
    }
}
