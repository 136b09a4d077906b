//! Whether two findings agree when all that is known of one of them is an interval.
//!
//! A number is a point; `<0.001` is everything from 0 to 0.001; not detected is everything from 0 to the
//! limit of detection; `>10` is everything from 10 on. Of all pairs of values the two may have, the
//! difference `|a − b|` is compared with the tolerance `f + s·|a + b|/2` at that very pair: when every pair
//! is within, they agree; when none is, they do not; else nobody can tell. The tolerance is the linear model
//! of precision against concentration of Thompson and Howarth (Analyst 101, 1976, 690).
//!
//! `|a − b| − s·|a + b|/2 − f` is linear wherever neither `a − b` nor `a + b` changes its sign. Its extremes
//! over a rectangle therefore lie at the corners and where the lines `a = b` and `a = −b` cross the edges or
//! each other, and there alone it is evaluated: the answer is exact, in decimal arithmetic.

use rust_decimal::Decimal;

use crate::Qualifier;

/// Everything a finding may be, ends included. No upper end: it may be anything from the lower one on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Lower end.
    pub low: Decimal,
    /// Upper end.
    pub high: Option<Decimal>,
}

impl Interval {
    /// One value.
    pub fn point(value: Decimal) -> Self {
        Interval { low: value, high: Some(value) }
    }

    /// What is known of a finding; nothing when it was not measured or names no limit. `detection` is the
    /// limit of detection, in the same unit, for what was not detected without one being printed.
    pub fn of(qualifier: Qualifier, number: Option<Decimal>, detection: Option<Decimal>) -> Option<Self> {
        let below = |limit: Decimal| Interval { low: Decimal::ZERO.min(limit), high: Some(limit) };
        match (qualifier, number) {
            (Qualifier::Value, Some(value)) => Some(Interval::point(value)),
            (Qualifier::Below, Some(limit)) => Some(below(limit)),
            (Qualifier::NotDetected, limit) => limit.or(detection).map(below),
            (Qualifier::Above, Some(limit)) => Some(Interval { low: limit, high: None }),
            _ => None,
        }
    }

    /// Whether a value may be meant.
    pub fn holds(self, value: Decimal) -> bool {
        self.low <= value && self.high.is_none_or(|high| value <= high)
    }
}

/// How far two findings may be apart: `fixed + share·|a + b|/2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance {
    /// In the unit of the findings; not negative.
    pub fixed: Decimal,
    /// As a fraction of the mean; not negative.
    pub share: Decimal,
}

/// Whether two findings agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Whatever they are, they do.
    Within,
    /// Whatever they are, they do not.
    Apart,
    /// They may or may not.
    Undecidable,
}

/// Whether two findings agree within a tolerance. Where a number is too large to be reckoned with exactly,
/// nobody can tell.
pub fn agree(a: Interval, b: Interval, tolerance: Tolerance) -> Agreement {
    reckon(a, b, tolerance).unwrap_or(Agreement::Undecidable)
}

fn reckon(a: Interval, b: Interval, tolerance: Tolerance) -> Option<Agreement> {
    let (mut most, mut least) = (None::<Decimal>, None::<Decimal>);
    for (x, y) in corners(a, b) {
        let over = excess(x, y, tolerance)?;
        most = Some(most.map_or(over, |most| most.max(over)));
        least = Some(least.map_or(over, |least| least.min(over)));
    }
    let (mut any_apart, mut any_within) = (most? > Decimal::ZERO, least? <= Decimal::ZERO);
    for (x, y) in directions(a, b) {
        let slope = excess(x, y, Tolerance { fixed: Decimal::ZERO, ..tolerance })?;
        any_apart |= slope > Decimal::ZERO;
        any_within |= slope < Decimal::ZERO;
    }
    Some(match (any_within, any_apart) {
        (true, false) => Agreement::Within,
        (false, _) => Agreement::Apart,
        (true, true) => Agreement::Undecidable,
    })
}

/// By how much a pair is further apart than it may be.
fn excess(a: Decimal, b: Decimal, tolerance: Tolerance) -> Option<Decimal> {
    let apart = a.checked_sub(b)?.abs();
    let mean = a.checked_add(b)?.abs().checked_div(Decimal::TWO)?;
    apart.checked_sub(tolerance.share.checked_mul(mean)?)?.checked_sub(tolerance.fixed)
}

/// Where the excess can have an extreme: corners, and where `a = b` and `a = −b` cross edges or each other.
fn corners(a: Interval, b: Interval) -> Vec<(Decimal, Decimal)> {
    let ends = |of: Interval| [Some(of.low), of.high].into_iter().flatten();
    let mut all: Vec<(Decimal, Decimal)> = ends(a).flat_map(|x| ends(b).map(move |y| (x, y))).collect();
    all.extend(ends(a).flat_map(|x| [(x, x), (x, -x)]));
    all.extend(ends(b).flat_map(|y| [(y, y), (-y, y)]));
    all.push((Decimal::ZERO, Decimal::ZERO));
    all.retain(|(x, y)| a.holds(*x) && b.holds(*y));
    all
}

/// The ways in which an interval without an upper end goes on.
fn directions(a: Interval, b: Interval) -> Vec<(Decimal, Decimal)> {
    let (zero, one) = (Decimal::ZERO, Decimal::ONE);
    match (a.high, b.high) {
        (Some(_), Some(_)) => vec![],
        (None, Some(_)) => vec![(one, zero)],
        (Some(_), None) => vec![(zero, one)],
        (None, None) => vec![(one, zero), (zero, one), (one, one)],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// A finding as a laboratory writes it; the limit of detection is 0.001.
    fn found(cell: &str) -> Interval {
        let (qualifier, number) = match cell.chars().next() {
            Some('<') => (Qualifier::Below, Some(dec(&cell[1..]))),
            Some('>') => (Qualifier::Above, Some(dec(&cell[1..]))),
            Some('N') => (Qualifier::NotDetected, None),
            _ => (Qualifier::Value, Some(dec(cell))),
        };
        Interval::of(qualifier, number, Some(dec("0.001"))).unwrap()
    }

    #[test]
    fn every_pair_within_is_agreement_none_is_not_and_some_is_not_known() {
        use Agreement::{Apart, Undecidable, Within};
        let tolerance = Tolerance { fixed: dec("0.002"), share: dec("0.05") };
        for (a, b, expected) in [
            ("0.0005", "<0.001", Within),
            ("<0.001", "<0.001", Within),
            ("ND", "0.0015", Within),
            ("ND", "<0.002", Within),
            ("0.002", "<0.001", Within),
            ("0.0025", "<0.001", Undecidable),
            ("<0.001", "<0.005", Undecidable),
            ("0.0040", "<0.001", Apart),
            ("5", "<0.001", Apart),
            ("ND", "5", Apart),
            (">10", "<0.001", Apart),
            (">10", ">10", Undecidable),
            (">10", "9.9", Undecidable),
            (">10", "12", Undecidable),
            (">10", "5", Apart),
            ("-0.0005", "<0.001", Within),
            ("100", "103", Within),
            ("100", "106", Apart),
        ] {
            assert_eq!(agree(found(a), found(b), tolerance), expected, "{a} {b}");
            assert_eq!(agree(found(b), found(a), tolerance), expected, "{b} {a}");
        }
        assert_eq!(Interval::of(Qualifier::Missing, None, None), None);
        assert_eq!(Interval::of(Qualifier::NotDetected, None, None), None);
    }

    prop_compose! {
        fn interval()(low in -60i64..60, wide in prop_oneof![Just(Some(0i64)), (0i64..80).prop_map(Some),
            Just(None)]) -> Interval {
            let ten = Decimal::TEN;
            let high = wide.map(|wide| Decimal::from(low + wide) / ten);
            Interval { low: Decimal::from(low) / ten, high }
        }
    }

    proptest! {
        /// Against brute force: a fine grid over the rectangle, far beyond where it has no end.
        #[test]
        fn no_pair_contradicts_the_answer(
            (a, b) in (interval(), interval()), fixed in 0i64..40, share in 0i64..30,
        ) {
            let tolerance =
                Tolerance { fixed: Decimal::from(fixed) / Decimal::TEN, share: Decimal::new(share, 1) };
            let grid = |of: Interval| -> Vec<Decimal> {
                let far = of.high.unwrap_or(of.low + Decimal::from(400));
                let step = (far - of.low) / Decimal::from(80);
                (0..=80).map(|n| of.low + step * Decimal::from(n)).collect()
            };
            let (mut within, mut apart) = (false, false);
            for x in grid(a) {
                for y in grid(b) {
                    let over = excess(x, y, tolerance).unwrap();
                    within |= over <= Decimal::ZERO;
                    apart |= over > Decimal::ZERO;
                }
            }
            match agree(a, b, tolerance) {
                Agreement::Within => prop_assert!(!apart),
                Agreement::Apart => prop_assert!(!within),
                Agreement::Undecidable => {
                    // Both are possible; a grid may just miss one of them, never both.
                    prop_assert!(within || apart);
                }
            }
            prop_assert_eq!(agree(a, b, tolerance), agree(b, a, tolerance));
        }

        /// The other way round: what a fine grid shows to be open is called open.
        #[test]
        fn what_is_open_is_called_open((a, b) in (interval(), interval()), fixed in 0i64..40) {
            let tolerance = Tolerance { fixed: Decimal::from(fixed) / Decimal::TEN, share: Decimal::ZERO };
            // With a fixed tolerance the least and the greatest difference have closed forms.
            let overlap = a.high.is_none_or(|high| high >= b.low) && b.high.is_none_or(|high| high >= a.low);
            let gap = [a.high.map(|high| b.low - high), b.high.map(|high| a.low - high)];
            let gap = gap.into_iter().flatten().max().unwrap_or_default();
            let least = if overlap { Decimal::ZERO } else { gap };
            let most = a.high.zip(b.high).map(|(p, q)| (p - b.low).abs().max((q - a.low).abs()));
            let expected = match most {
                _ if least > tolerance.fixed => Agreement::Apart,
                Some(most) if most <= tolerance.fixed => Agreement::Within,
                _ => Agreement::Undecidable,
            };
            prop_assert_eq!(agree(a, b, tolerance), expected);
        }
    }
}
