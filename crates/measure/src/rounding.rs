//! Rounding, once, from the unrounded value.
//!
//! All rules work on the absolute value, so `-8.5` and `8.5` round alike. A [`RoundedText`] carries the value
//! it was rounded from and gives no number back: to have other places, it is rounded again from the unrounded
//! value ([`RoundedText::unrounded`]). That is how 8.53459 never becomes 8.54 by way of 8.535.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::DecimalText;
use crate::named::named;
use crate::scale::MAX_SCALE;

/// How a digit 5 followed by nothing is decided. All other cases are the same in every rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoundingRule {
    /// GB/T 8170—2008 clause 3: half to even, by absolute value. The default.
    Gb8170HalfEven,
    /// ISO 80000-1:2009 annex B, rule B: half away from zero. Some customers' specifications ask for it.
    HalfUp,
    /// ASTM E29, the rounding method: half to even, as GB/T 8170; kept apart because specifications cite it.
    AstmE29,
}

named!(RoundingRule, "rounding rule", {
    Gb8170HalfEven = "gb8170_half_even",
    HalfUp = "half_up",
    AstmE29 = "astm_e29",
});

impl Default for RoundingRule {
    /// GB/T 8170, unless the specification says otherwise.
    fn default() -> Self {
        Self::Gb8170HalfEven
    }
}

/// How many digits are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Places {
    /// Digits after the decimal point; zeros are padded. More than 28 are taken as 28.
    Decimals(u32),
    /// Digits from the first that is not zero; 0 is taken as 1.
    Significant(u32),
}

/// A rounded figure, with what it was rounded from. Prints its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundedText {
    text: DecimalText,
    unrounded: Decimal,
    rule: RoundingRule,
    places: Places,
}

/// Rounds an unrounded value once. Give the value as measured or computed, never one that was rounded before.
/// What rounds to zero loses its sign.
pub fn round(value: Decimal, rule: RoundingRule, places: Places) -> RoundedText {
    let digits = match places {
        Places::Decimals(count) => to_decimals(value, rule, i64::from(count)),
        Places::Significant(count) => to_significant(value, rule, count.max(1)),
    };
    RoundedText { text: DecimalText::from_decimal(digits), unrounded: value, rule, places }
}

/// Rounds as [`round`] does, to decimal places that may be negative: -1 keeps tens.
pub fn round_at(value: Decimal, rule: RoundingRule, decimals: i32) -> RoundedText {
    let places = Places::Decimals(decimals.max(0) as u32);
    let text = DecimalText::from_decimal(to_decimals(value, rule, i64::from(decimals)));
    RoundedText { text, unrounded: value, rule, places }
}

/// The least number of this many decimals (negative: tens) that is not below the value: how a limit is
/// printed, so that `<` stays true.
pub fn round_up(value: Decimal, decimals: i32) -> DecimalText {
    let nearest = to_decimals(value, RoundingRule::HalfUp, i64::from(decimals));
    let up = if nearest < value { nearest.checked_add(unit(decimals)).unwrap_or(nearest) } else { nearest };
    DecimalText::from_decimal(up)
}

/// The greatest number of this many decimals (negative: tens) that is not above the value.
pub fn round_down(value: Decimal, decimals: i32) -> DecimalText {
    let nearest = to_decimals(value, RoundingRule::HalfUp, i64::from(decimals));
    let down = if nearest > value { nearest.checked_sub(unit(decimals)).unwrap_or(nearest) } else { nearest };
    DecimalText::from_decimal(down)
}

/// A value cut to so many significant digits for a later rounding: to fewer digits it rounds as the uncut
/// value does (ROUND_05UP of the General Decimal Arithmetic Specification 1.70: cut towards zero, and where
/// that left something out behind a 0 or a 5, one more). No trailing zeros are kept.
pub fn guarded(value: Decimal, significant: u32) -> Decimal {
    let decimals = i64::from(significant.max(1)) - 1 - leading_power(value);
    if value.is_zero() || decimals > i64::from(MAX_SCALE) {
        return value.normalize();
    }
    let unit = unit(decimals as i32);
    let Some(count) = value.checked_div(unit).map(|count| count.trunc()) else { return value.normalize() };
    let Some(cut) = count.checked_mul(unit) else { return value.normalize() };
    if cut == value || !(count % Decimal::from(5)).is_zero() {
        return cut.normalize();
    }
    let sign = if value.is_sign_negative() { -unit } else { unit };
    cut.checked_add(sign).unwrap_or(cut).normalize()
}

/// The decimal places (negative: tens) at which a value has so many significant digits after rounding.
pub fn decimals_of(value: Decimal, significant: u32) -> i32 {
    let count = i64::from(significant.max(1));
    if value.is_zero() {
        return (count - 1) as i32;
    }
    let decimals = count - 1 - leading_power(value);
    let grown = leading_power(to_decimals(value, RoundingRule::HalfUp, decimals)) > leading_power(value);
    (decimals - i64::from(grown)) as i32
}

/// One unit of the last of so many decimal places.
fn unit(decimals: i32) -> Decimal {
    match u32::try_from(decimals) {
        Ok(places) => Decimal::from_i128_with_scale(1, places.min(MAX_SCALE)),
        Err(_) => Decimal::from_i128_with_scale(10i128.pow(decimals.unsigned_abs().min(28)), 0),
    }
}

impl RoundedText {
    /// The printed digits, padded: 8.5 to two decimals is `8.50`.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The digits for a report. They are the end of the arithmetic: what is computed further is computed from
    /// [`unrounded`](Self::unrounded).
    pub fn into_text(self) -> DecimalText {
        self.text
    }

    /// The value this was rounded from.
    pub fn unrounded(&self) -> Decimal {
        self.unrounded
    }

    /// The rule used.
    pub fn rule(&self) -> RoundingRule {
        self.rule
    }

    /// The places kept.
    pub fn places(&self) -> Places {
        self.places
    }

    /// The rounded number, for comparison with a limit inside this crate only.
    pub(crate) fn for_comparison(&self) -> Decimal {
        self.text.decimal()
    }
}

impl fmt::Display for RoundedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Rounds to `decimals` places after the point; negative counts round tens, hundreds and so on.
fn to_decimals(value: Decimal, rule: RoundingRule, decimals: i64) -> Decimal {
    let strategy = match rule {
        RoundingRule::Gb8170HalfEven | RoundingRule::AstmE29 => RoundingStrategy::MidpointNearestEven,
        RoundingRule::HalfUp => RoundingStrategy::MidpointAwayFromZero,
    };
    if decimals >= 0 {
        let places = (decimals as u32).min(MAX_SCALE);
        let mut rounded = value.round_dp_with_strategy(places, strategy);
        rounded.rescale(places);
        return rounded;
    }
    let unit = Decimal::from_i128_with_scale(10i128.pow((-decimals).min(28) as u32), 0);
    // Dividing by a power of ten only moves the point; where 28 digits would not hold it, nothing is above.
    (value / unit).round_dp_with_strategy(0, strategy).checked_mul(unit).unwrap_or(value)
}

fn to_significant(value: Decimal, rule: RoundingRule, count: u32) -> Decimal {
    if value.is_zero() {
        return to_decimals(value, rule, i64::from(count) - 1);
    }
    let decimals = i64::from(count) - 1 - leading_power(value);
    let rounded = to_decimals(value, rule, decimals);
    // 9.996 to three digits is 10.0, not 10.00; the same rounding with one place fewer says so.
    if leading_power(rounded) > leading_power(value) {
        to_decimals(value, rule, decimals - 1)
    } else {
        rounded
    }
}

/// The power of ten of the first digit that is not zero; 0 for 5.2, -3 for 0.0052.
fn leading_power(value: Decimal) -> i64 {
    let digits = value.mantissa().unsigned_abs().to_string().len() as i64;
    digits - 1 - i64::from(value.scale())
}

/// A computed figure to some places, for the tests of this crate.
#[cfg(test)]
pub(crate) fn shown(value: Decimal, decimals: u32) -> String {
    round(value, RoundingRule::default(), Places::Decimals(decimals)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rounded(value: &str, rule: RoundingRule, places: Places) -> String {
        round(value.parse().unwrap(), rule, places).to_string()
    }

    #[test]
    fn what_is_cut_for_a_later_rounding_rounds_as_the_whole() {
        for (value, significant, cut) in [
            ("13.42794759825327510917030567", 6, "13.4279"),
            ("0.1450000001", 6, "0.145001"),
            ("0.14498", 3, "0.144"),
            ("0.14500001", 3, "0.146"),
            ("-0.1450000001", 6, "-0.145001"),
            ("123456789", 4, "123400000"),
            ("120001", 3, "121000"),
            ("0.00500", 6, "0.005"),
            ("0", 3, "0"),
        ] {
            let value: Decimal = value.parse().unwrap();
            assert_eq!(guarded(value, significant).to_string(), cut, "{value} {significant}");
        }
    }

    #[test]
    fn follows_the_examples_of_gb_8170() {
        use Places::{Decimals, Significant};
        // GB/T 8170-2008, 3.2 and 3.3: examples of the clause, and of rounding once only.
        let table = [
            ("12.1498", Decimals(1), "12.1"),
            ("12.1498", Decimals(0), "12"),
            ("10.5002", Decimals(0), "11"),
            ("1.050", Decimals(1), "1.0"),
            ("0.35", Decimals(1), "0.4"),
            ("0.0325", Significant(2), "0.032"),
            ("32500", Significant(2), "32000"),
            ("-0.0365", Decimals(3), "-0.036"),
            ("-355", Significant(2), "-360"),
            ("-325", Significant(2), "-320"),
            ("15.4546", Decimals(0), "15"),
            ("8.53459", Decimals(2), "8.53"),
            ("8.5", Decimals(2), "8.50"),
            ("9.996", Significant(3), "10.0"),
            ("0.00099996", Significant(3), "0.00100"),
            ("0", Significant(3), "0.00"),
            ("-0.004", Decimals(2), "0.00"),
            ("0.004", Decimals(2), "0.00"),
        ];
        for (value, places, expected) in table {
            let got = rounded(value, RoundingRule::Gb8170HalfEven, places);
            assert_eq!(got, expected, "{value} to {places:?}");
        }
    }

    #[test]
    fn bounds_are_rounded_to_the_side_on_which_they_stay_true() {
        let table = [
            ("0.00038736", 5, "0.00039", "0.00038"),
            ("0.0003", 4, "0.0003", "0.0003"),
            ("0.03", 1, "0.1", "0.0"),
            ("-0.03", 1, "0.0", "-0.1"),
            ("1234", -2, "1300", "1200"),
            ("12", 2, "12.00", "12.00"),
        ];
        for (value, decimals, up, down) in table {
            let value: Decimal = value.parse().unwrap();
            assert_eq!(round_up(value, decimals).plain(), up, "{value}");
            assert_eq!(round_down(value, decimals).plain(), down, "{value}");
        }
        let counted = [("0.192", 2), ("0.0996", 2), ("678", -1), ("1.5", 1), ("0", 1)];
        for (value, decimals) in counted {
            assert_eq!(decimals_of(value.parse().unwrap(), 2), decimals, "{value}");
        }
        assert_eq!(round_at("12345".parse().unwrap(), RoundingRule::HalfUp, -1).as_str(), "12350");
    }

    #[test]
    fn rules_differ_only_at_the_half() {
        let two = Places::Decimals(2);
        assert_eq!(rounded("2.345", RoundingRule::Gb8170HalfEven, two), "2.34");
        assert_eq!(rounded("2.345", RoundingRule::AstmE29, two), "2.34");
        assert_eq!(rounded("2.345", RoundingRule::HalfUp, two), "2.35");
        assert_eq!(rounded("-2.345", RoundingRule::HalfUp, two), "-2.35");
        assert_eq!(rounded("2.3450000001", RoundingRule::Gb8170HalfEven, two), "2.35");
    }

    #[test]
    fn other_places_start_from_the_unrounded_value() {
        let three = round("8.53459".parse().unwrap(), RoundingRule::HalfUp, Places::Decimals(3));
        assert_eq!(three.as_str(), "8.535");
        assert_eq!(round(three.unrounded(), three.rule(), Places::Decimals(2)).as_str(), "8.53");
    }

    #[test]
    fn a_cut_text_still_rounds_as_the_full_one() {
        let long: DecimalText = "0.125000000000000000000000000000000001".parse().unwrap();
        assert_eq!(round(long.decimal(), RoundingRule::Gb8170HalfEven, Places::Decimals(2)).as_str(), "0.13");
    }

    proptest! {
        #[test]
        fn rounding_is_idempotent_and_within_half_a_unit(
            mantissa in -10_000_000_000i64..10_000_000_000, scale in 0u32..10, kept in 0u32..8,
            rule in proptest::sample::select(RoundingRule::ALL)
        ) {
            let value = Decimal::new(mantissa, scale);
            let once = round(value, rule, Places::Decimals(kept));
            let again = round(once.for_comparison(), rule, Places::Decimals(kept));
            prop_assert_eq!(once.as_str(), again.as_str());
            prop_assert!((once.for_comparison() - value).abs() <= Decimal::new(5, kept + 1));
            prop_assert_eq!(once.clone().into_text().decimal_places(), kept);
            let mirrored = round(-value, rule, Places::Decimals(kept));
            prop_assert_eq!(mirrored.for_comparison(), -once.for_comparison());
        }

        #[test]
        fn significant_digits_are_counted(
            mantissa in 1i64..10_000_000_000, scale in 0u32..12, kept in 1u32..7
        ) {
            let value = Decimal::new(mantissa, scale);
            let rounded = round(value, RoundingRule::Gb8170HalfEven, Places::Significant(kept));
            let unit = Decimal::from_i128_with_scale(1, 0);
            let relative = ((rounded.for_comparison() - value) / value).abs();
            prop_assert!(relative <= unit / Decimal::from(2 * 10i64.pow(kept - 1)));
            let digits = rounded.clone().into_text().significant_digits();
            prop_assert!(digits == kept || (digits > kept && rounded.as_str().ends_with('0')));
        }
    }
}
