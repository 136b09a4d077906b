//! Measurement uncertainty: what is stated, how it combines, how it is printed.
//!
//! Source: JCGM 100:2008 (GUM), clauses 5.1 (combination), 6.2 (expanded uncertainty), 7.2.6 (digits). The
//! formulae here are for uncorrelated inputs; correlated ones need the covariance and belong to the balance.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::Unit;
use crate::rounding::{Places, RoundedText, RoundingRule, round};

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
    /// A relative uncertainty of a zero value.
    #[error("a value of 0 has no relative uncertainty")]
    RelativeToZero,
    /// The number grows beyond 28 digits.
    #[error("the uncertainty is too large to be reckoned with")]
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

    /// `U = k·u` from a standard uncertainty.
    ///
    /// # Errors
    /// As [`Uncertainty::new`], or a product beyond 28 digits.
    pub fn from_standard(
        standard: Decimal,
        coverage_factor: Decimal,
        unit: Unit,
    ) -> Result<Self, UncertaintyError> {
        let expanded = standard.checked_mul(coverage_factor).ok_or(UncertaintyError::Overflow)?;
        Self::new(expanded, coverage_factor, unit)
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

/// Standard uncertainty of a product or quotient `value` of factors `(x, u(x))`: `|value|·√Σ(u/x)²`
/// (GUM 5.1.6). In the unit of `value`.
///
/// # Errors
/// A factor of zero, which has no relative uncertainty, or a negative uncertainty.
pub fn combine_product(value: Decimal, factors: &[(Decimal, Decimal)]) -> Result<Decimal, UncertaintyError> {
    let mut relative = Vec::with_capacity(factors.len());
    for (x, u) in factors {
        if x.is_zero() {
            return Err(UncertaintyError::RelativeToZero);
        }
        relative.push(u.checked_div(x.abs()).ok_or(UncertaintyError::Overflow)?);
    }
    value.abs().checked_mul(combine_sum(&relative)?).ok_or(UncertaintyError::Overflow)
}

/// Value and expanded uncertainty as printed: U to `digits` significant digits (GUM 7.2.6: at most two), the
/// value to the same decimal place. Both are rounded once, by the same rule.
pub fn printed(
    value: Decimal,
    expanded: Decimal,
    digits: u32,
    rule: RoundingRule,
) -> (RoundedText, RoundedText) {
    let uncertainty = round(expanded, rule, Places::Significant(digits.clamp(1, 2)));
    let decimals = uncertainty.clone().into_text().decimal_places();
    (round(value, rule, Places::Decimals(decimals)), uncertainty)
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
        let product =
            combine_product(dec("6"), &[(dec("2"), dec("0.06")), (dec("-3"), dec("0.12"))]).unwrap();
        assert_eq!(shown(product, 10), "0.3000000000");
        assert_eq!(combine_product(dec("0"), &[(dec("0"), dec("1"))]), Err(UncertaintyError::RelativeToZero));
        assert_eq!(combine_sum(&[dec("-1")]), Err(UncertaintyError::Negative(dec("-1"))));
    }

    #[test]
    fn expanded_and_standard() {
        let u = Uncertainty::from_standard(dec("0.05"), dec("2"), Unit::Percent).unwrap();
        assert_eq!((u.expanded(), u.standard()), (dec("0.10"), dec("0.05")));
        assert!(Uncertainty::new(dec("1"), dec("0"), Unit::Percent).is_err());
        let bad = r#"{"expanded":"-1","coverage_factor":"2","unit":"%"}"#;
        assert!(serde_json::from_str::<Uncertainty>(bad).is_err());
    }

    #[test]
    fn the_value_ends_where_its_uncertainty_ends() {
        let show = |value: &str, u: &str, digits| {
            let (value, u) = printed(dec(value), dec(u), digits, RoundingRule::Gb8170HalfEven);
            format!("{value} ± {u}")
        };
        // GUM 7.2.2 and 7.2.6.
        assert_eq!(show("100.02147", "0.00079", 2), "100.02147 ± 0.00079");
        assert_eq!(show("10.05762", "0.0271", 2), "10.058 ± 0.027");
        assert_eq!(show("31.7", "0.0996", 2), "31.70 ± 0.10");
        assert_eq!(show("12345", "678", 1), "12345 ± 700");
    }
}
