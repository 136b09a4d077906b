//! Sums and ratios of results of which some are only bounds.
//!
//! The method names the treatment; the sum carries the interval in which it lies whatever the treatment, and
//! how many terms were censored, so that nobody takes the figure for more than it is.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Basis, Qualifier, Reported, Unit};

/// How a result below or above its limit enters a computation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Below the limit counts as 0, above it as the limit.
    LowerBound,
    /// Below the limit counts as the limit; above it there is no upper bound.
    UpperBound,
    /// Below the limit counts as this fraction of it, from 0 to 1, named in the method; above is refused.
    Substitution(Decimal),
}

/// A computed figure with the interval it may lie in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Censored {
    /// The figure by the treatment, unrounded.
    pub value: Decimal,
    /// The least it can be; `None` when nothing bounds it.
    pub low: Option<Decimal>,
    /// The most it can be; `None` when nothing bounds it.
    pub high: Option<Decimal>,
    /// Whether `low` itself cannot be: it is above what is `>10`.
    pub low_open: bool,
    /// Whether `high` itself cannot be: it is below what is `<0.01`.
    pub high_open: bool,
    /// The unit.
    pub unit: Unit,
    /// The treatment used.
    pub treatment: Treatment,
    /// How many inputs were censored.
    pub censored: usize,
}

/// Why no figure was computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CensoredError {
    /// A substitution outside 0 to 1.
    #[error("a substitution by {0} of the limit cannot be; it must lie from 0 to 1")]
    Fraction(Decimal),
    /// Nothing to compute from.
    #[error("there is no result to compute from")]
    Nothing,
    /// A result that is no measurement, or whose limit is not known.
    #[error("{name} is {figure}, which cannot be counted")]
    NotCountable {
        /// Which result.
        name: String,
        /// What it says.
        figure: String,
    },
    /// A result above its range, which has no such bound.
    #[error("{name} is {figure}; nothing bounds it from above")]
    Unbounded {
        /// Which result.
        name: String,
        /// What it says.
        figure: String,
    },
    /// A result that cannot be brought to the unit.
    #[error("{name}: {error}")]
    Unit {
        /// Which result.
        name: String,
        /// Why not.
        error: crate::UnitError,
    },
    /// Results on different bases.
    #[error("{name} is {found}, others are {expected}; convert to one basis first")]
    Basis {
        /// Which result.
        name: String,
        /// Its basis.
        found: Basis,
        /// The basis of the first.
        expected: Basis,
    },
    /// Division by something that is not above zero.
    #[error("{0} is not above 0 and cannot be divided by")]
    Divisor(String),
    /// Limits only, between which everything is possible.
    #[error("its results are only limits; nothing bounds it")]
    Undetermined,
    /// The number grows beyond 28 digits.
    #[error("the numbers are too large to be reckoned with")]
    Overflow,
}

/// The sum of named results in `unit`. Negative values are values and are summed as they are.
///
/// # Errors
/// A result that cannot be counted by this treatment; it is named. Nothing is left out silently.
pub fn sum<'a>(
    terms: impl IntoIterator<Item = (&'a str, &'a Reported)>,
    unit: Unit,
    treatment: &Treatment,
) -> Result<Censored, CensoredError> {
    let mut basis = None;
    let mut total: Option<Censored> = None;
    for (name, reported) in terms {
        let expected = *basis.get_or_insert(reported.basis());
        if reported.basis() != expected {
            return Err(CensoredError::Basis { name: name.to_owned(), found: reported.basis(), expected });
        }
        let one = single(name, reported, unit, treatment)?;
        total = Some(match total {
            None => one,
            Some(sum) => Censored {
                value: sum.value.checked_add(one.value).ok_or(CensoredError::Overflow)?,
                low: add(sum.low, one.low)?,
                high: add(sum.high, one.high)?,
                low_open: sum.low_open || one.low_open,
                high_open: sum.high_open || one.high_open,
                censored: sum.censored + one.censored,
                ..sum
            },
        });
    }
    total.ok_or(CensoredError::Nothing)
}

/// The mean of named results with weights that are not negative, `Σ w·x / Σ w`, in `unit`; by weights of 1
/// the arithmetic mean. As in [`sum`], the interval does not depend on the treatment.
///
/// # Errors
/// As [`sum`]; weights that are negative or add up to nothing.
pub fn weighted<'a>(
    terms: impl IntoIterator<Item = (&'a str, &'a Reported, Decimal)>,
    divisor: Decimal,
    unit: Unit,
    treatment: &Treatment,
) -> Result<Censored, CensoredError> {
    if divisor <= Decimal::ZERO {
        return Err(CensoredError::Divisor(divisor.to_string()));
    }
    let mut scaled = Vec::new();
    for (name, reported, weight) in terms {
        if weight < Decimal::ZERO {
            return Err(CensoredError::Divisor(weight.to_string()));
        }
        let text = match reported.text() {
            Some(text) => Some(text.decimal().checked_mul(weight).ok_or(CensoredError::Overflow)?),
            None => None,
        };
        let text = text.map(crate::DecimalText::from_decimal);
        let made = Reported::new(reported.qualifier(), text, reported.unit(), reported.basis(), None);
        let made = made
            .map_err(|_| CensoredError::NotCountable { name: name.to_owned(), figure: reported.figure() })?;
        scaled.push((name, made));
    }
    let total = sum(scaled.iter().map(|(name, reported)| (*name, reported)), unit, treatment)?;
    let divide = |value: Decimal| value.checked_div(divisor).ok_or(CensoredError::Overflow);
    Ok(Censored {
        value: divide(total.value)?,
        low: total.low.map(divide).transpose()?,
        high: total.high.map(divide).transpose()?,
        ..total
    })
}

/// `part / whole` as a plain ratio (unit 1), both by the same treatment.
///
/// # Errors
/// As [`sum`], and a whole whose figure is not above zero.
pub fn ratio(
    part: (&str, &Reported),
    whole: (&str, &Reported),
    treatment: &Treatment,
) -> Result<Censored, CensoredError> {
    if part.1.basis() != whole.1.basis() {
        let (found, expected) = (part.1.basis(), whole.1.basis());
        return Err(CensoredError::Basis { name: part.0.to_owned(), found, expected });
    }
    let unit = whole.1.unit();
    let (above, below) =
        (single(part.0, part.1, unit, treatment)?, single(whole.0, whole.1, unit, treatment)?);
    quotient(&above, &below).map_err(|error| match error {
        CensoredError::Divisor(_) => CensoredError::Divisor(format!("{} ({})", whole.0, whole.1)),
        other => other,
    })
}

/// The quotient of two computed figures in the same unit, with its interval; a plain ratio. The two have no
/// result in common: see [`share`].
///
/// # Errors
/// A divisor that is not above zero.
pub fn quotient(part: &Censored, whole: &Censored) -> Result<Censored, CensoredError> {
    let divisor = Divisor {
        value: whole.value,
        at_least: (whole.high, whole.high_open),
        at_most: (whole.low, whole.low_open),
        censored: whole.censored,
    };
    divided(part, &divisor)
}

/// The share of a part in the whole of which it is a member: `part / (own + rest)`, where `own` is the part
/// as it counts in the whole. It is the largest where the part is, for `x / (x + rest)` grows with x while
/// the rest is not negative; so it never exceeds what the rest leaves: `<5` beside 2 is at most 5/7.
///
/// # Errors
/// A divisor that is not above zero.
pub fn share(part: &Censored, own: &Censored, rest: Option<&Censored>) -> Result<Censored, CensoredError> {
    let none = Censored {
        value: Decimal::ZERO,
        low: Some(Decimal::ZERO),
        high: Some(Decimal::ZERO),
        censored: 0,
        low_open: false,
        high_open: false,
        ..own.clone()
    };
    let rest = rest.unwrap_or(&none);
    let divisor = Divisor {
        value: own.value.checked_add(rest.value).ok_or(CensoredError::Overflow)?,
        at_least: (add(own.low, rest.high)?, own.low_open || rest.high_open),
        at_most: (add(own.high, rest.low)?, own.high_open || rest.low_open),
        censored: own.censored + rest.censored,
    };
    divided(part, &divisor)
}

/// What is divided by: as it is, and where the quotient is the least and the most, with whether that end
/// itself cannot be.
struct Divisor {
    value: Decimal,
    at_least: (Option<Decimal>, bool),
    at_most: (Option<Decimal>, bool),
    censored: usize,
}

fn divided(part: &Censored, whole: &Divisor) -> Result<Censored, CensoredError> {
    if whole.value <= Decimal::ZERO {
        return Err(CensoredError::Divisor(whole.value.to_string()));
    }
    let divide = |a: Decimal, b: Decimal| a.checked_div(b).ok_or(CensoredError::Overflow);
    // A divisor that may be as small as zero bounds the quotient on neither side but by sign.
    let smallest = whole.at_most.0.filter(|low| *low > Decimal::ZERO);
    let largest = whole.at_least.0.filter(|high| *high > Decimal::ZERO);
    let end = |numerator: Option<Decimal>, towards_high: bool| -> Result<Option<Decimal>, CensoredError> {
        let Some(numerator) = numerator else { return Ok(None) };
        let shrinks = (numerator >= Decimal::ZERO) != towards_high;
        match (shrinks, largest, smallest) {
            (true, Some(largest), _) => divide(numerator, largest).map(Some),
            (true, None, _) => Ok(Some(Decimal::ZERO)),
            (false, _, Some(smallest)) => divide(numerator, smallest).map(Some),
            (false, _, None) if numerator.is_zero() => Ok(Some(Decimal::ZERO)),
            (false, _, None) => Ok(None),
        }
    };
    let zero = |end: Option<Decimal>| end.is_some_and(|end| end.is_zero());
    Ok(Censored {
        value: divide(part.value, whole.value)?,
        low: end(part.low, false)?,
        high: end(part.high, true)?,
        low_open: part.low_open || (whole.at_least.1 && !zero(part.low)),
        high_open: part.high_open || (whole.at_most.1 && !zero(part.high)),
        unit: Unit::One,
        treatment: part.treatment.clone(),
        censored: part.censored + whole.censored,
    })
}

fn single(
    name: &str,
    reported: &Reported,
    unit: Unit,
    treatment: &Treatment,
) -> Result<Censored, CensoredError> {
    let fraction = match treatment {
        Treatment::LowerBound => Decimal::ZERO,
        Treatment::UpperBound => Decimal::ONE,
        Treatment::Substitution(fraction) if (Decimal::ZERO..=Decimal::ONE).contains(fraction) => *fraction,
        Treatment::Substitution(fraction) => return Err(CensoredError::Fraction(*fraction)),
    };
    let named = || (name.to_owned(), reported.figure());
    let not_countable = || {
        let (name, figure) = named();
        CensoredError::NotCountable { name, figure }
    };
    let number = reported.text().ok_or_else(not_countable)?.decimal();
    let number = Unit::convert(number, reported.unit(), unit)
        .map_err(|error| CensoredError::Unit { name: name.to_owned(), error })?;
    let (value, low, high) = match reported.qualifier() {
        Qualifier::Value => (number, Some(number), Some(number)),
        Qualifier::Below | Qualifier::NotDetected => (number * fraction, Some(Decimal::ZERO), Some(number)),
        Qualifier::Above if *treatment == Treatment::LowerBound => (number, Some(number), None),
        Qualifier::Above => {
            let (name, figure) = named();
            return Err(CensoredError::Unbounded { name, figure });
        }
        _ => return Err(not_countable()),
    };
    let censored = usize::from(reported.qualifier() != Qualifier::Value);
    let (low_open, high_open) = match reported.qualifier() {
        Qualifier::Below | Qualifier::NotDetected => (false, !number.is_zero()),
        Qualifier::Above => (true, false),
        _ => (false, false),
    };
    Ok(Censored { value, low, high, low_open, high_open, unit, treatment: treatment.clone(), censored })
}

fn add(one: Option<Decimal>, two: Option<Decimal>) -> Result<Option<Decimal>, CensoredError> {
    match (one, two) {
        (Some(one), Some(two)) => one.checked_add(two).map(Some).ok_or(CensoredError::Overflow),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DecimalText;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn value(text: &str, unit: Unit) -> Reported {
        Reported::value(text.parse().unwrap(), unit, Basis::Dry)
    }

    fn below(text: &str) -> Reported {
        Reported::below(text.parse().unwrap(), Unit::Percent, Basis::Dry).unwrap()
    }

    #[test]
    fn sums_say_how_they_treated_what() {
        let (a, b, c) = (value("10.5", Unit::Percent), below("0.2"), value("-100", Unit::Ppm));
        let by = |treatment| sum([("A", &a), ("B", &b), ("C", &c)], Unit::Percent, &treatment).unwrap();
        let lower = by(Treatment::LowerBound);
        assert_eq!(
            (lower.value, lower.low, lower.high),
            (dec("10.49"), Some(dec("10.49")), Some(dec("10.69")))
        );
        assert_eq!(by(Treatment::UpperBound).value, dec("10.69"));
        let half = by(Treatment::Substitution(dec("0.5")));
        assert_eq!((half.value, half.censored), (dec("10.59"), 1));
        assert_eq!(half.high, Some(dec("10.69")), "the interval does not depend on the treatment");
    }

    #[test]
    fn what_cannot_be_counted_is_named() {
        let unit = Unit::Percent;
        let over = Reported::above("10".parse::<DecimalText>().unwrap(), unit, Basis::Dry).unwrap();
        let missing = Reported::new(Qualifier::Missing, None, unit, Basis::Dry, None).unwrap();
        let nd = Reported::not_detected(None, unit, Basis::Dry).unwrap();
        let count = |one: &Reported, treatment| sum([("Fe", one)], unit, &treatment);
        assert!(matches!(count(&missing, Treatment::LowerBound), Err(CensoredError::NotCountable { .. })));
        assert!(matches!(count(&nd, Treatment::LowerBound), Err(CensoredError::NotCountable { .. })));
        assert!(matches!(count(&over, Treatment::UpperBound), Err(CensoredError::Unbounded { .. })));
        let at_least = count(&over, Treatment::LowerBound).unwrap();
        assert_eq!((at_least.value, at_least.high), (dec("10"), None));
        assert_eq!(count(&over, Treatment::Substitution(dec("2"))), Err(CensoredError::Fraction(dec("2"))));
        let wet = Reported::value("1".parse().unwrap(), unit, Basis::AsReceived);
        let mixed = sum([("A", &value("1", unit)), ("B", &wet)], unit, &Treatment::LowerBound);
        assert!(matches!(mixed, Err(CensoredError::Basis { .. })));
        assert_eq!(sum([], unit, &Treatment::LowerBound), Err(CensoredError::Nothing));
        let solution = value("1", Unit::GramPerLitre);
        assert!(matches!(count(&solution, Treatment::LowerBound), Err(CensoredError::Unit { .. })));
    }

    #[test]
    fn means_carry_their_interval_too() {
        let (a, b, c) = (value("0.020", Unit::Percent), below("0.01"), value("300", Unit::Ppm));
        let mean = |weights: [i64; 3], treatment| {
            let terms = [("A", &a, weights[0]), ("B", &b, weights[1]), ("C", &c, weights[2])];
            let terms = terms.map(|(name, of, weight)| (name, of, Decimal::from(weight)));
            weighted(terms, Decimal::from(weights.iter().sum::<i64>()), Unit::Percent, &treatment).unwrap()
        };
        let plain = mean([1, 1, 1], Treatment::UpperBound);
        assert_eq!((plain.value, plain.high), (dec("0.02"), Some(dec("0.02"))));
        let low = plain.low.unwrap();
        assert!((low - dec("0.016667")).abs() < dec("0.000001") && plain.censored == 1, "{low}");
        let by_mass = mean([1, 2, 1], Treatment::LowerBound);
        assert_eq!((by_mass.value, by_mass.high), (dec("0.0125"), Some(dec("0.0175"))));
        let none = weighted([("A", &a, dec("1"))], dec("0"), Unit::Percent, &Treatment::LowerBound);
        assert!(none.is_err());
    }

    proptest::proptest! {
        /// Whatever the censored members truly were, the sum, the mean and the ratio lie in their interval.
        #[test]
        fn the_interval_contains_the_truth(
            members in proptest::collection::vec(
                (1i64..10_000, proptest::bool::ANY, 0i64..=100, 1i64..50), 1..8),
            whole in proptest::collection::vec((1i64..10_000, proptest::bool::ANY, 1i64..=100), 1..5),
            fraction in 0i64..=100
        ) {
            let treatment = Treatment::Substitution(Decimal::new(fraction, 2));
            let report = |number: i64, censored: bool| {
                let text = DecimalText::from_decimal(Decimal::new(number, 4));
                if censored { Reported::below(text, Unit::Percent, Basis::Dry).unwrap() }
                else { Reported::value(text, Unit::Percent, Basis::Dry) }
            };
            let true_value = |number: i64, censored: bool, percent: i64| {
                Decimal::new(number, 4) * if censored { Decimal::new(percent, 2) } else { Decimal::ONE }
            };
            let holds = |found: &Censored, truth: Decimal| {
                let slack = Decimal::new(1, 18);
                found.low.is_none_or(|low| low - slack <= truth)
                    && found.high.is_none_or(|high| truth <= high + slack)
            };
            let all: Vec<Reported> = members.iter().map(|(n, c, _, _)| report(*n, *c)).collect();
            let truth: Vec<Decimal> = members.iter().map(|(n, c, p, _)| true_value(*n, *c, *p)).collect();
            let total = sum(all.iter().map(|one| ("x", one)), Unit::Percent, &treatment).unwrap();
            let part: Decimal = truth.iter().sum();
            proptest::prop_assert!(holds(&total, part), "{:?} {}", total, part);
            proptest::prop_assert!(holds(&total, total.value));
            let weights: Vec<Decimal> = members.iter().map(|(_, _, _, w)| Decimal::from(*w)).collect();
            let mass: Decimal = weights.iter().sum();
            let terms = all.iter().zip(&weights).map(|(one, weight)| ("x", one, *weight));
            let mean = weighted(terms, mass, Unit::Percent, &treatment).unwrap();
            let true_mean = truth.iter().zip(&weights).map(|(x, w)| x * w).sum::<Decimal>() / mass;
            proptest::prop_assert!(holds(&mean, true_mean), "{:?} {}", mean, true_mean);
            let below: Vec<Reported> = whole.iter().map(|(n, c, _)| report(*n, *c)).collect();
            let true_whole: Decimal = whole.iter().map(|(n, c, p)| true_value(*n, *c, *p)).sum();
            let divisor = sum(below.iter().map(|one| ("y", one)), Unit::Percent, &treatment).unwrap();
            if let Ok(ratio) = quotient(&total, &divisor) {
                proptest::prop_assert!(holds(&ratio, part / true_whole), "{:?}", ratio);
            }
        }
    }

    #[test]
    fn a_share_of_its_own_whole_never_exceeds_what_the_rest_leaves() {
        let of = |one: &Reported| sum([("x", one)], Unit::Percent, &Treatment::UpperBound).unwrap();
        let percent = |text: &str| value(text, Unit::Percent);
        // Part, rest, least and most in parts of one.
        let table = [
            (below("5"), Some(percent("2")), Some("0"), Some("0.7142857")),
            (percent("5"), Some(below("2")), Some("0.7142857"), Some("1")),
            (percent("5"), Some(percent("5")), Some("0.5"), Some("0.5")),
            (below("5"), Some(below("2")), Some("0"), Some("1")),
            (percent("5"), None, Some("1"), Some("1")),
        ];
        for (part, rest, low, high) in table {
            let own = of(&part);
            let found = share(&own, &own, rest.as_ref().map(of).as_ref()).unwrap();
            let near = |end: Option<Decimal>, expected: Option<&str>| match (end, expected) {
                (Some(end), Some(expected)) => (end - dec(expected)).abs() < dec("0.000001"),
                (end, expected) => end.is_none() && expected.is_none(),
            };
            assert!(near(found.low, low) && near(found.high, high), "{part} beside {rest:?}: {found:?}");
        }
        let open = share(&of(&below("5")), &of(&below("5")), Some(&of(&percent("2")))).unwrap();
        assert!(open.high_open && !open.low_open, "5/7 itself cannot be");
    }

    #[test]
    fn ratios_carry_their_interval() {
        let half = Treatment::Substitution(dec("0.5"));
        let exact =
            ratio(("a", &value("1", Unit::Percent)), ("b", &value("20000", Unit::Ppm)), &half).unwrap();
        assert_eq!((exact.value, exact.low, exact.high), (dec("0.5"), Some(dec("0.5")), Some(dec("0.5"))));
        let part = ratio(("a", &below("1")), ("b", &value("4", Unit::Percent)), &half).unwrap();
        assert_eq!((part.value, part.low, part.high), (dec("0.125"), Some(dec("0")), Some(dec("0.25"))));
        let whole = ratio(("a", &value("1", Unit::Percent)), ("b", &below("4")), &half).unwrap();
        assert_eq!((whole.value, whole.low, whole.high), (dec("0.5"), Some(dec("0.25")), None));
        let negative = ratio(("a", &value("-1", Unit::Percent)), ("b", &below("4")), &half).unwrap();
        assert_eq!((negative.low, negative.high), (None, Some(dec("-0.25"))));
        let zero = ratio(("a", &value("1", Unit::Percent)), ("b", &below("4")), &Treatment::LowerBound);
        assert!(matches!(zero, Err(CensoredError::Divisor(_))));
    }
}
