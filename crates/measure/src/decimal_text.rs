//! A number with the digits it was reported with.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::named::serde_by_text;
use crate::scale::{MAX_SCALE, from_digits};

/// Longest number text read; longer ones are no measurement.
const MAX_LENGTH: usize = 64;
/// Largest exponent read, either sign.
const MAX_EXPONENT: i64 = 999;

/// A decimal number as text: `0.0010`, `-0.000`, `6.80272E-5`, `.5`.
///
/// The text is kept exactly; equality compares the text, so `0.0010` differs from `0.001`. Compare
/// [`decimal`](Self::decimal) to compare numbers. Only ASCII digits, a decimal point and `E` are read here;
/// commas, full-width digits and `×10⁻⁶` are the business of [`crate::text`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DecimalText {
    text: String,
    decimal: Decimal,
    exact: bool,
    exponent: i64,
}

/// Why a text is not a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not of the form `-12.34E-5`.
    #[error(
        "{0:?} is not a number; expected digits with at most one decimal point, such as 0.0010 or 6.8E-5"
    )]
    NotANumber(String),
    /// More than 28 digits before the decimal point, or an exponent or text of absurd length.
    #[error("the number {0:?} is too large to be reckoned with (28 digits)")]
    TooLarge(String),
}

impl DecimalText {
    /// Reads `[+-] digits [. digits] [E [+-] digits]`; either side of the point may be missing, not both.
    ///
    /// # Errors
    /// Anything else, or a number beyond 28 integer digits.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let not_a_number = || DecimalError::NotANumber(clip(text));
        if text.len() > MAX_LENGTH {
            return Err(DecimalError::TooLarge(clip(text)));
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, read_power(power).ok_or_else(not_a_number)?),
            None => (unsigned, 0),
        };
        if power.abs() > MAX_EXPONENT {
            return Err(DecimalError::TooLarge(clip(text)));
        }
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(not_a_number());
        }
        let exponent = power - fraction.len() as i64;
        let (decimal, exact) =
            from_digits(negative, &digits, exponent).ok_or_else(|| DecimalError::TooLarge(clip(text)))?;
        Ok(Self { text: text.to_owned(), decimal, exact, exponent })
    }

    /// The digits of a computed decimal; trailing zeros of its scale are kept.
    pub fn from_decimal(decimal: Decimal) -> Self {
        Self { text: decimal.to_string(), decimal, exact: true, exponent: -i64::from(decimal.scale()) }
    }

    /// The number times a power of ten with the digits it has, none dropped and none made but the zeros
    /// before the point: `10.00` × 0.0001 is `0.001000`, `0.10` × 10000 is `1000`. `None` for another factor,
    /// or for a number beyond 28 digits.
    pub fn shifted(&self, factor: Decimal) -> Option<Self> {
        let bare = factor.normalize();
        let digits = bare.mantissa().unsigned_abs().to_string();
        if factor <= Decimal::ZERO || digits.trim_end_matches('0') != "1" {
            return None;
        }
        let power = digits.len() as i64 - 1 - i64::from(bare.scale());
        let places = (-(self.exponent + power)).clamp(0, i64::from(MAX_SCALE)) as u32;
        let mut number = self.decimal.checked_mul(bare)?;
        number.rescale(places);
        Some(Self::from_decimal(number))
    }

    /// The text exactly as reported.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number as people read it: no exponent, no plus, no zero too many before the point and one at
    /// least, no point without digits behind it, no sign on a zero. `1.2e-005` is `0.000012`, `.5` is `0.5`,
    /// `1.0E1` is
    /// `10` (ISO 80000-1:2009, 7.3.2). Digits behind the point are kept, trailing zeros included.
    pub fn plain(&self) -> String {
        let mantissa = self.text.split(['e', 'E']).next().unwrap_or_default();
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let significant = digits.trim_start_matches('0');
        let sign = if significant.is_empty() || !self.text.starts_with('-') { "" } else { "-" };
        let zeros = if significant.is_empty() { 0 } else { self.exponent.max(0) as usize };
        let places = self.decimal_places() as usize;
        let digits = format!("{significant}{}", "0".repeat(zeros));
        let digits = format!("{digits:0>width$}", width = places + 1);
        match digits.split_at(digits.len() - places) {
            (whole, "") => format!("{sign}{whole}"),
            (whole, fraction) => format!("{sign}{whole}.{fraction}"),
        }
    }

    /// The same number in its plain spelling.
    #[must_use]
    pub fn into_plain(self) -> Self {
        Self { text: self.plain(), exponent: self.exponent.min(0), ..self }
    }

    /// The number. Exact when [`is_exact`](Self::is_exact); otherwise cut to 28 digits so that rounding it
    /// further gives what rounding the full text would give, and so that it is zero only if the text is.
    pub fn decimal(&self) -> Decimal {
        self.decimal
    }

    /// Whether [`decimal`](Self::decimal) holds every digit of the text.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Decimal places of the number written out: 4 for `0.0010`, 10 for `6.80272E-5`, 0 for `1.2E3`.
    pub fn decimal_places(&self) -> u32 {
        (-self.exponent).max(0) as u32
    }

    /// Digits from the first that is not zero; trailing zeros count, also those of an integer. 0 for a zero.
    pub fn significant_digits(&self) -> u32 {
        let mantissa = self.text.split(['e', 'E']).next().unwrap_or_default();
        let digits = mantissa.bytes().filter(u8::is_ascii_digit);
        digits.skip_while(|digit| *digit == b'0').count() as u32
    }

    /// Half a unit of the last reported digit: how far the number may be from what was measured by rounding
    /// alone. `None` where that is finer than 28 decimal places or larger than any decimal.
    pub fn half_unit(&self) -> Option<Decimal> {
        if self.exponent < 1 - i64::from(MAX_SCALE) {
            return None;
        }
        from_digits(false, "5", self.exponent - 1).map(|(half, _)| half)
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl FromStr for DecimalText {
    type Err = DecimalError;
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::parse(text)
    }
}

serde_by_text!(DecimalText);

fn read_power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A power too long for i64 is absurd rather than malformed; the caller refuses it as too large.
    let size = digits.parse::<i64>().unwrap_or(i64::MAX);
    Some(if text.starts_with('-') { -size } else { size })
}

fn clip(text: &str) -> String {
    text.chars().take(MAX_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_the_numbers_of_real_files() {
        let table = [
            ("0.0010", "0.0010", 4, 2),
            ("-0.000", "0.000", 3, 0),
            ("6.80272E-5", "0.0000680272", 10, 6),
            ("-2.83538E-5", "-0.0000283538", 10, 6),
            ("1e-003", "0.001", 3, 1),
            ("1.5E6", "1500000", 0, 2),
            ("+7.50", "7.50", 2, 3),
            (".5", "0.5", 1, 1),
            ("1.", "1", 0, 1),
            ("0.10931925301288605", "0.10931925301288605", 17, 17),
        ];
        for (text, number, places, significant) in table {
            let read = DecimalText::parse(text).unwrap();
            assert_eq!(read.as_str(), text);
            assert_eq!(read.decimal().to_string(), number, "{text}");
            assert_eq!((read.decimal_places(), read.significant_digits()), (places, significant), "{text}");
            assert!(read.is_exact(), "{text}");
        }
    }

    #[test]
    fn the_plain_spelling_is_one() {
        let table = [
            ("1.2e-005", "0.000012"),
            ("1.0E1", "10"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("5.", "5"),
            ("+5", "5"),
            ("007", "7"),
            ("00.70", "0.70"),
            ("1.50E1", "15.0"),
            ("1.2E3", "1200"),
            ("-0.000", "0.000"),
            ("-1E-3", "-0.001"),
            ("0E-3", "0.000"),
            ("0E5", "0"),
            ("000", "0"),
            ("0.0010", "0.0010"),
            ("32.14", "32.14"),
        ];
        for (text, plain) in table {
            let read = DecimalText::parse(text).unwrap();
            assert_eq!(read.plain(), plain, "{text}");
            let again = read.clone().into_plain();
            assert_eq!((again.as_str(), again.decimal()), (plain, read.decimal()), "{text}");
        }
    }

    #[test]
    fn a_power_of_ten_moves_the_point_and_keeps_the_digits() {
        let table = [
            ("10.00", "0.0001", "0.001000"),
            ("2200", "0.0001", "0.2200"),
            ("0.10", "10000", "1000"),
            ("0.0003", "10000", "3"),
            ("0.123456", "10000.0", "1234.56"),
            ("0.00", "0.0001", "0.000000"),
            ("-0.0021", "10000", "-21"),
            ("1.2E3", "0.001", "1.2"),
        ];
        for (text, factor, moved) in table {
            let read = DecimalText::parse(text).unwrap().shifted(factor.parse().unwrap()).unwrap();
            assert_eq!(read.plain(), moved, "{text} × {factor}");
        }
        assert!(DecimalText::parse("1").unwrap().shifted("60".parse().unwrap()).is_none());
        assert!(DecimalText::parse("1").unwrap().shifted("2".parse().unwrap()).is_none());
    }

    #[test]
    fn residues_are_kept_and_said_to_be_inexact() {
        let residue = DecimalText::parse("1.3055753502354716E-14").unwrap();
        assert_eq!(residue.as_str(), "1.3055753502354716E-14");
        assert_eq!(residue.decimal().to_string(), "0.0000000000000130557535023547");
        assert!(!residue.is_exact());
        assert!(DecimalText::parse("0E-40").unwrap().is_exact());
    }

    #[test]
    fn refuses_what_is_not_a_number() {
        for text in
            ["", ".", "-", "+-1", "1.2.3", "1,2", "1E", "E5", "1E5.0", "0x1F", "NaN", "inf", " 1", "１"]
        {
            assert!(matches!(DecimalText::parse(text), Err(DecimalError::NotANumber(_))), "{text}");
        }
        for text in ["1E28", "1E99999999999999999999", &"9".repeat(29), &"0".repeat(65)] {
            assert!(matches!(DecimalText::parse(text), Err(DecimalError::TooLarge(_))), "{text}");
        }
    }

    #[test]
    fn equality_is_of_digits_and_half_units_follow_them() {
        let parse = |text| DecimalText::parse(text).unwrap();
        assert_ne!(parse("0.0010"), parse("0.001"));
        assert_eq!(parse("0.0010").decimal(), parse("0.001").decimal());
        assert_eq!(parse("32.51").half_unit().unwrap().to_string(), "0.005");
        assert_eq!(parse("1.2E3").half_unit().unwrap().to_string(), "50");
    }

    proptest! {
        #[test]
        fn prints_what_it_read(text in "[+-]?[0-9]{1,12}(\\.[0-9]{0,12})?([eE][+-]?[0-9]{1,2})?") {
            if let Ok(read) = DecimalText::parse(&text) {
                prop_assert_eq!(read.to_string(), text.clone());
                let json = serde_json::to_string(&read).unwrap();
                prop_assert_eq!(serde_json::from_str::<DecimalText>(&json).unwrap(), read);
            }
        }

        #[test]
        fn every_spelling_of_a_number_is_printed_alike(
            mantissa in -99_999_999i64..99_999_999, scale in 0u32..12,
            point in 0usize..12, zeros in 0usize..4,
            plus in any::<bool>(), upper in any::<bool>(), padded in any::<bool>()
        ) {
            let expected = DecimalText::from_decimal(Decimal::new(mantissa, scale)).plain();
            let digits = format!("{}{}", "0".repeat(zeros), mantissa.unsigned_abs());
            let point = point.min(digits.len());
            let power = (digits.len() - point) as i64 - i64::from(scale);
            let sign = if mantissa < 0 { "-" } else if plus { "+" } else { "" };
            let power = match (power < 0, padded) {
                (true, true) => format!("-{:03}", -power),
                (false, true) => format!("+{power:02}"),
                _ => power.to_string(),
            };
            let e = if upper { 'E' } else { 'e' };
            let text = format!("{sign}{}.{}{e}{power}", &digits[..point], &digits[point..]);
            let read = DecimalText::parse(&text).unwrap();
            prop_assert_eq!(read.plain(), expected, "{}", text);
            let plain = read.plain();
            prop_assert_eq!(DecimalText::parse(&plain).unwrap().decimal(), read.decimal());
            prop_assert!(!plain.contains(['e', 'E', '+']));
            prop_assert!(!plain.starts_with(['.', ' ']) && !plain.ends_with('.'));
            prop_assert!(!plain.trim_start_matches('-').starts_with("00"));
        }

        #[test]
        fn decimals_read_back(mantissa in any::<i64>(), scale in 0u32..=28) {
            let decimal = Decimal::new(mantissa, scale);
            let read = DecimalText::parse(DecimalText::from_decimal(decimal).as_str()).unwrap();
            prop_assert_eq!(read.decimal(), decimal);
            prop_assert_eq!(read.decimal_places(), scale);
        }
    }
}
