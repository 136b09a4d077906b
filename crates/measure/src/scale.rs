//! Powers of ten on decimals without losing the sense of what was cut.
//!
//! A [`Decimal`] holds 28 digits. What does not fit is cut by ROUND_05UP (M. Cowlishaw, General Decimal
//! Arithmetic, "round for reround"): truncated, and a last digit of 0 or 5 is raised by one. A later rounding
//! to fewer digits then comes out as if made from the full value, and nothing non-zero becomes zero.

use rust_decimal::Decimal;

/// Decimal places a [`Decimal`] can hold.
pub(crate) const MAX_SCALE: u32 = 28;
const MAX_DIGITS: usize = 28;

/// The decimal `digits × 10^exponent` and whether it is exact; `None` when it is too large for 28 digits.
pub(crate) fn from_digits(negative: bool, digits: &str, exponent: i64) -> Option<(Decimal, bool)> {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        let scale = (-exponent).clamp(0, i64::from(MAX_SCALE)) as u32;
        return Some((Decimal::new(0, scale), true));
    }
    let integer_digits = digits.len() as i64 + exponent;
    if integer_digits > MAX_DIGITS as i64 {
        return None;
    }
    if exponent >= 0 {
        let whole = format!("{digits}{}", "0".repeat(exponent as usize));
        return Some((build(negative, &whole, 0), true));
    }
    let places = exponent.unsigned_abs() as usize;
    let excess = digits.len().saturating_sub(MAX_DIGITS).max(places.saturating_sub(MAX_SCALE as usize));
    if excess == 0 {
        return Some((build(negative, digits, places as u32), true));
    }
    // Keep what fits; everything cut may still be zeros, and then nothing is lost.
    let kept = digits.len().saturating_sub(excess);
    let exact = digits[kept..].bytes().all(|digit| digit == b'0');
    let mut head = digits[..kept].to_owned();
    if !exact {
        raise_sticky(&mut head);
    }
    Some((build(negative, if head.is_empty() { "0" } else { &head }, (places - excess) as u32), exact))
}

/// `value × 10^power`, exact where 28 digits allow, else cut by ROUND_05UP; `None` on overflow.
pub(crate) fn shift(value: Decimal, power: i32) -> Option<Decimal> {
    let digits = value.mantissa().unsigned_abs().to_string();
    let exponent = i64::from(power) - i64::from(value.scale());
    from_digits(value.is_sign_negative(), &digits, exponent).map(|(decimal, _)| decimal)
}

fn raise_sticky(head: &mut String) {
    match head.pop() {
        None => head.push('1'),
        Some('0') => head.push('1'),
        Some('5') => head.push('6'),
        Some(other) => head.push(other),
    }
}

fn build(negative: bool, digits: &str, scale: u32) -> Decimal {
    let mantissa: i128 = digits.parse().expect("at most 28 decimal digits fit an i128");
    let signed = if negative { -mantissa } else { mantissa };
    Decimal::from_i128_with_scale(signed, scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounding::shown;

    #[test]
    fn cuts_for_a_later_rounding() {
        let (half_and_a_bit, exact) = from_digits(false, &format!("125{}1", "0".repeat(29)), -33).unwrap();
        assert!(!exact);
        assert_eq!(shown(half_and_a_bit, 2), "0.13", "just above the midpoint rounds up");
        let (tiny, exact) = from_digits(false, "1", -40).unwrap();
        assert!(!exact && !tiny.is_zero(), "a value that is not zero never becomes zero");
        assert!(from_digits(false, "1", 28).is_none());
        assert_eq!(from_digits(false, "1", 27).unwrap().0.to_string(), format!("1{}", "0".repeat(27)));
    }

    #[test]
    fn shifts_keep_the_digits() {
        let value: Decimal = "0.0010".parse().unwrap();
        assert_eq!(shift(value, 4).unwrap().to_string(), "10");
        assert_eq!(shift(value, 2).unwrap().to_string(), "0.10");
        assert_eq!(shift(value, -2).unwrap().to_string(), "0.000010");
        assert_eq!(shift(Decimal::new(-5, 0), 3).unwrap().to_string(), "-5000");
    }
}
