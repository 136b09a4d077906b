//! Floats as decimal text with stated digits.

use measure::{Decimal, Places, RoundedText, RoundingRule};
use rust_decimal::prelude::ToPrimitive;

/// A float as plain decimal text with so many significant digits; what is too small for a decimal is 0.
pub fn significant(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return String::new();
    }
    let scientific = format!("{:.*e}", digits.saturating_sub(1), number);
    Decimal::from_scientific(&scientific).map_or_else(|_| "0".to_owned(), |decimal| decimal.to_string())
}

/// A decimal to so many places, rounded once by GB/T 8170.
pub fn rounded(number: Decimal, places: u32) -> RoundedText {
    measure::round(number, RoundingRule::default(), Places::Decimals(places))
}

/// A decimal to so many significant digits, rounded once by GB/T 8170.
pub fn to_digits(number: Decimal, digits: u32) -> RoundedText {
    measure::round(number, RoundingRule::default(), Places::Significant(digits))
}

/// A decimal as a float, for the solver and for drawing.
pub fn float(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or_default()
}

/// Decimal text as a float, for drawing; nothing when it is no number.
pub fn drawn(text: &str) -> Option<f64> {
    text.parse::<Decimal>().ok().map(float)
}

/// A decimal holds no more places than these with room for its digits.
const MOST_DECIMALS: f64 = 20.0;

/// How many decimals show a number with so many significant digits.
pub fn decimals_for(number: f64, digits: u32) -> u32 {
    let size = number.abs();
    if !size.is_finite() || size == 0.0 {
        return 0;
    }
    (f64::from(digits) - 1.0 - size.log10().floor()).clamp(0.0, MOST_DECIMALS) as u32
}

/// How many decimals show a deviation with two significant digits (JCGM 100:2008, 7.2.6).
pub fn decimals_of(sd: f64) -> u32 {
    let sd = sd.abs();
    if !sd.is_finite() || sd == 0.0 {
        return 3;
    }
    let place = 1.0 - sd.log10().floor();
    place.clamp(0.0, MOST_DECIMALS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_number_and_not_its_unit() {
        assert_eq!([decimals_for(1_300.0, 4), decimals_for(1.3, 4), decimals_for(1.3e-6, 4)], [0, 3, 9]);
        assert_eq!((decimals_for(0.0, 4), decimals_of(3.4e-12)), (0, 13));
    }

    #[test]
    fn digits_are_as_stated() {
        assert_eq!(significant(1_204.468_213_77, 12), "1204.46821377");
        assert_eq!(significant(0.000_123_456, 4), "0.0001235");
        assert_eq!(significant(-12.0, 4), "-12.00");
        assert_eq!(significant(1e-40, 4), "0");
        assert_eq!(
            [decimals_of(0.034), decimals_of(1.2), decimals_of(25.0), decimals_of(140.0)],
            [3, 1, 0, 0]
        );
    }
}
