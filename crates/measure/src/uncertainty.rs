//! Measurement uncertainty: what is stated, how it combines, how it is printed.
//!
//! Source: JCGM 100:2008 (GUM), clauses 5.1 (combination), 6.2 (expanded uncertainty), 7.2.6 (digits). The
//! formulae here are for uncorrelated inputs; correlated ones need the covariance and belong to the balance.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::rounding::{RoundedText, RoundingRule, decimals_of, round_at, round_up};
use crate::{DecimalText, Unit};

/// An expanded uncertainty `U = k·u`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Uncertainty {
    expanded: Decimal,
    coverage_factor: Decimal,
    unit: Unit,
}

/// Why an uncertainty could not be stated or combined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UncertaintyError {
    /// Uncertainties are not negative.
    #[error("an uncertainty of {0} cannot be; it must not be negative")]
    Negative(Decimal),
    /// A coverage factor is positive, usually 2.
    #[error("a coverage factor of {0} cannot be; it must be above 0")]
    CoverageFactor(Decimal),
    /// The number grows beyond 28 digits.
    #[error("the uncertainty exceeds the supported range")]
    Overflow,
}

impl Uncertainty {
    /// The uncertainty as a certificate states it.
    ///
    /// # Errors
    /// A negative uncertainty or a coverage factor that is not positive.
    pub fn new(expanded: Decimal, coverage_factor: Decimal, unit: Unit) -> Result<Self, UncertaintyError> {
        if expanded < Decimal::ZERO {
            return Err(UncertaintyError::Negative(expanded));
        }
        if coverage_factor <= Decimal::ZERO {
            return Err(UncertaintyError::CoverageFactor(coverage_factor));
        }
        Ok(Self { expanded, coverage_factor, unit })
    }

    /// Expanded uncertainty U.
    pub fn expanded(&self) -> Decimal {
        self.expanded
    }

    /// Coverage factor k.
    pub fn coverage_factor(&self) -> Decimal {
        self.coverage_factor
    }

    /// Unit of U.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Standard uncertainty `u = U / k`.
    pub fn standard(&self) -> Decimal {
        self.expanded.checked_div(self.coverage_factor).unwrap_or(self.expanded)
    }
}

/// Standard uncertainty of a sum or difference: `√Σu²` (GUM 5.1.3). All in one unit; 0 for no terms.
///
/// # Errors
/// A negative term.
pub fn combine_sum(standard: &[Decimal]) -> Result<Decimal, UncertaintyError> {
    if let Some(negative) = standard.iter().find(|term| **term < Decimal::ZERO) {
        return Err(UncertaintyError::Negative(*negative));
    }
    let largest = standard.iter().copied().max().unwrap_or_default();
    if largest.is_zero() {
        return Ok(Decimal::ZERO);
    }
    // Relative to the largest term, so that squares of tiny terms do not vanish.
    let mut sum = Decimal::ZERO;
    for term in standard {
        let share = term.checked_div(largest).ok_or(UncertaintyError::Overflow)?;
        sum += share * share;
    }
    largest.checked_mul(square_root(sum)).ok_or(UncertaintyError::Overflow)
}

/// Value and expanded uncertainty as printed: U to two significant digits, the value to the same decimal
/// place (GUM 7.2.6), both rounded once from the unrounded numbers. `most` is the most decimals that may be
/// printed, those of the specification or of the measured text; where it is coarser than U's second digit, U
/// ends there too.
///
/// U is rounded to the nearest, but up where the nearest would be more than 5 % less (EA-4/02 M:2022, 6.3),
/// so it is never printed as zero; and since it is at least one unit of the last place, of which the value is
/// at most half a unit away, the printed interval contains the measured value.
pub fn statement(
    value: Decimal,
    expanded: Decimal,
    most: Option<u32>,
    rule: RoundingRule,
) -> (RoundedText, DecimalText) {
    let own = decimals_of(expanded, 2);
    let decimals = most.map_or(own, |most| own.min(most as i32));
    (round_at(value, rule, decimals), printed(expanded, decimals))
}

/// An expanded uncertainty to so many decimals (negative: tens); see [`statement`].
pub fn printed(expanded: Decimal, decimals: i32) -> DecimalText {
    let nearest = round_at(expanded, RoundingRule::HalfUp, decimals);
    let least = expanded.checked_mul(Decimal::new(95, 2)).unwrap_or(expanded);
    if nearest.for_comparison() < least { round_up(expanded, decimals) } else { nearest.into_text() }
}

/// Square root by Newton's method, to about 27 digits. `value` must not be negative.
fn square_root(value: Decimal) -> Decimal {
    if value <= Decimal::ZERO {
        return Decimal::ZERO;
    }
    let seed = value.to_f64().map(f64::sqrt).and_then(|root| Decimal::try_from(root).ok());
    let mut root = seed.filter(|root| *root > Decimal::ZERO).unwrap_or(Decimal::ONE);
    for _ in 0..6 {
        root = (root + value / root) / Decimal::TWO;
    }
    root
}

/// The stored shape; read back through [`Uncertainty::new`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    expanded: Decimal,
    coverage_factor: Decimal,
    unit: Unit,
}

impl TryFrom<Parts> for Uncertainty {
    type Error = UncertaintyError;
    fn try_from(parts: Parts) -> Result<Self, UncertaintyError> {
        Self::new(parts.expanded, parts.coverage_factor, parts.unit)
    }
}

impl From<Uncertainty> for Parts {
    fn from(from: Uncertainty) -> Self {
        let Uncertainty { expanded, coverage_factor, unit } = from;
        Self { expanded, coverage_factor, unit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounding::shown;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn combines_as_the_gum_does() {
        assert_eq!(shown(combine_sum(&[dec("3"), dec("4")]).unwrap(), 9), "5.000000000");
        assert_eq!(combine_sum(&[]).unwrap(), dec("0"));
        let tiny = combine_sum(&[dec("0.0000000000000000003"), dec("0.0000000000000000004")]).unwrap();
        assert_eq!(shown(tiny, 24), "0.000000000000000000500000");
        // GUM H.1.7, table H.1: contributions in nm, combined 32 nm (31.7 before rounding).
        let end_gauge: Vec<Decimal> = ["25", "9.7", "2.9", "16.6"].iter().map(|term| dec(term)).collect();
        assert_eq!(shown(combine_sum(&end_gauge).unwrap(), 1), "31.7");
        assert_eq!(combine_sum(&[dec("-1")]), Err(UncertaintyError::Negative(dec("-1"))));
    }

    #[test]
    fn expanded_and_standard() {
        let u = Uncertainty::new(dec("0.10"), dec("2"), Unit::Percent).unwrap();
        assert_eq!((u.expanded(), u.standard()), (dec("0.10"), dec("0.05")));
        assert!(Uncertainty::new(dec("1"), dec("0"), Unit::Percent).is_err());
        let bad = r#"{"expanded":"-1","coverage_factor":"2","unit":"%"}"#;
        assert!(serde_json::from_str::<Uncertainty>(bad).is_err());
    }

    #[test]
    fn the_value_ends_where_its_uncertainty_ends() {
        let show = |value: &str, u: &str, most: Option<u32>| {
            let (value, u) = statement(dec(value), dec(u), most, RoundingRule::Gb8170HalfEven);
            format!("{value} ± {u}")
        };
        let table = [
            // GUM 7.2.2 and 7.2.6.
            ("100.02147", "0.00079", None, "100.02147 ± 0.00079"),
            ("10.05762", "0.0271", None, "10.058 ± 0.027"),
            ("31.7", "0.0996", None, "31.70 ± 0.10"),
            ("12345", "678", None, "12340 ± 680"),
            // The places of the specification are the most that is printed.
            ("9.6", "0.192", Some(1), "9.6 ± 0.2"),
            ("27.6", "0.552", Some(0), "28 ± 1"),
            ("4.5", "0.09", Some(1), "4.5 ± 0.1"),
            ("0.25", "0.005", Some(1), "0.2 ± 0.1"),
            ("9.63", "0.14", Some(1), "9.6 ± 0.2"),
            ("9.63", "0.104", Some(1), "9.6 ± 0.1"),
            ("32.1437", "0.6429", Some(4), "32.14 ± 0.64"),
            ("9.63", "1.92", Some(2), "9.6 ± 1.9"),
            ("8.53459", "0.01", Some(2), "8.53 ± 0.01"),
        ];
        for (value, u, most, expected) in table {
            assert_eq!(show(value, u, most), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn the_printed_interval_contains_the_measured_value(
            value in -9_999_999i64..9_999_999, scale in 0u32..8, u in 1i64..999_999, fine in 0u32..9,
            most in proptest::option::of(0u32..6), rule in proptest::sample::select(RoundingRule::ALL)
        ) {
            let (value, u) = (Decimal::new(value, scale), Decimal::new(u, fine));
            let (shown, width) = statement(value, u, most, rule);
            let (shown, width) = (shown.into_text(), width);
            proptest::prop_assert!(width.decimal() > Decimal::ZERO);
            proptest::prop_assert!((shown.decimal() - value).abs() <= width.decimal());
            proptest::prop_assert_eq!(shown.decimal_places(), width.decimal_places());
            proptest::prop_assert!(width.decimal() >= u * Decimal::new(95, 2));
            let digits = width.plain().replace('.', "").trim_start_matches('0').trim_end_matches('0').len();
            proptest::prop_assert!(digits <= 2, "{}", width);
        }
    }
}
