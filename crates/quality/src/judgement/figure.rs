//! How a number is printed so that the print never says another thing than the verdict.

use std::cmp::Reverse;

use measure::rounding::{decimals_of, round_at, round_down, round_up};
use measure::{Comparison, Decimal, DecimalText, Limit, Qualifier, uncertainty};

use super::line::{Cut, RoundedTo};
use crate::specification::Item;

/// The number at these decimals, or at as many more as it takes for the print to lie on the same side of the
/// limits as the number that was compared (GB/T 8170—2008, 4.3): 0.00052 against 0.0005 is not printed as
/// 0.0005. What is not zero is not printed as zero, but with its first digit.
pub(super) fn agreeing(
    number: Decimal,
    decimals: i32,
    cut: Cut,
    item: &Item,
    limit: Option<&Limit>,
) -> (DecimalText, RoundedTo) {
    let to = |places: i32| RoundedTo { places, rule: item.rounding, cut };
    let vanishes = !number.is_zero() && rounded(number, to(decimals)).decimal().is_zero();
    let decimals = if vanishes { decimals.max(decimals_of(number, 1)) } else { decimals };
    let Some(limit) = limit else { return (rounded(number, to(decimals)), to(decimals)) };
    let wanted = match cut {
        Cut::Nearest => limit.keeps_compared(number, &item.rule()),
        Cut::Up | Cut::Down => limit.keeps(number),
    };
    let bounds = [limit.lower(), limit.upper()].into_iter().flatten();
    let places_of_limits: Vec<i32> = match (item.comparison, cut) {
        (Comparison::RoundedValue, Cut::Nearest) => {
            bounds.map(|bound| bound.value.decimal_places() as i32).collect()
        }
        _ => Vec::new(),
    };
    let finer = decimals + 1..=(number.scale() as i32).max(decimals + 1);
    let tried = std::iter::once(decimals).chain(places_of_limits).chain(finer);
    let mut last = to(decimals);
    for places in tried {
        last = to(places);
        let text = rounded(number, last);
        if limit.keeps(text.decimal()) == wanted {
            return (text, last);
        }
    }
    (rounded(number, last), last)
}

/// A number rounded once.
pub(crate) fn rounded(number: Decimal, to: RoundedTo) -> DecimalText {
    match to.cut {
        Cut::Nearest => round_at(number, to.rule, to.places).into_text(),
        Cut::Up => round_up(number, to.places),
        Cut::Down => round_down(number, to.places),
    }
}

/// `± 0.2 (k = 2)`, ending where the figure ends, but with two significant digits at most (GUM 7.2.6): a
/// figure that has more digits than that, to show on which side of its limit it lies, lends none of them to
/// U.
pub(super) fn beside(expanded: Decimal, coverage: Decimal, decimals: i32) -> String {
    let decimals = decimals.min(decimals_of(expanded, 2));
    format!("± {} (k = {})", uncertainty::printed(expanded, decimals).plain(), coverage.normalize())
}

/// The decimals of a figure with this uncertainty: so many as were agreed, or as it was read with, at most;
/// but where U would vanish in the last place that was read, it has its own digits and the figure ends with
/// it (GUM 7.2.6): 1 with a U of 0.05 is `1.00 ± 0.05`. What was agreed stays.
pub(super) fn decimals_with(expanded: Option<Decimal>, most: i32, agreed: bool) -> i32 {
    let Some(expanded) = expanded else { return most };
    let own = decimals_of(expanded, 2);
    if !agreed && decimals_of(expanded, 1) > most {
        return own.min((expanded.normalize().scale() as i32).max(most));
    }
    own.min(most)
}

/// A limit as it is printed: with its sign, of what it is a limit.
pub(super) fn signed(qualifier: Qualifier, text: &str) -> String {
    match qualifier {
        Qualifier::Below => format!("<{text}"),
        Qualifier::Above => format!(">{text}"),
        Qualifier::NotDetected => format!("ND (<{text})"),
        _ => text.to_owned(),
    }
}

/// `0.004–0.009`, `≥0.004`: where censored members leave a figure. The ends are rounded outwards where
/// arithmetic made more digits than anything is measured to and no limit lies between.
pub(super) fn range(low: Option<Decimal>, high: Option<Decimal>, limit: &Limit) -> String {
    const MEASURED: u32 = 17;
    let text = |value: Decimal, out: fn(Decimal, i32) -> DecimalText| {
        let bare = value.normalize();
        if DecimalText::from_decimal(bare).significant_digits() <= MEASURED {
            return bare.to_string();
        }
        let shorter = out(value, decimals_of(value, 6)).decimal().normalize();
        if limit.keeps(shorter) == limit.keeps(value) { shorter.to_string() } else { bare.to_string() }
    };
    let (low, high) = (low.map(|low| (low, text(low, round_down))), high.map(|high| text(high, round_up)));
    match (low, high) {
        (Some((low, _)), Some(high)) if low.is_zero() => format!("<{high}"),
        (Some((_, low)), Some(high)) => format!("{low}–{high}"),
        (Some((_, low)), None) => format!("≥{low}"),
        (None, Some(high)) => format!("≤{high}"),
        (None, None) => String::new(),
    }
}

/// Least and most, unrounded; an end that nothing bounds is absent.
pub(super) type Ends = (Option<Decimal>, Option<Decimal>);

/// How bad an unrounded figure is against its limits: first whether all it may be lies beyond them, or some,
/// or none; then how much room it leaves, on the side where it leaves least, negative beyond them. Greater is
/// worse.
pub(super) fn badness((low, high): Ends, limit: &Limit) -> (u8, Reverse<Decimal>) {
    let bound = |bound: Option<&measure::Bound>| bound.map(|bound| bound.value.decimal());
    let (lower, upper) = (bound(limit.lower()), bound(limit.upper()));
    let above = |end: Option<Decimal>, open: Decimal| {
        upper.map(|upper| end.and_then(|end| upper.checked_sub(end)).unwrap_or(open))
    };
    let below = |end: Option<Decimal>, open: Decimal| {
        lower.map(|lower| end.and_then(|end| end.checked_sub(lower)).unwrap_or(open))
    };
    let least = |one: Option<Decimal>, two: Option<Decimal>| one.into_iter().chain(two).min();
    let room = least(above(high, Decimal::MIN), below(low, Decimal::MIN)).unwrap_or(Decimal::MAX);
    let best = least(above(low, Decimal::MAX), below(high, Decimal::MAX)).unwrap_or(Decimal::MAX);
    let beyond = u8::from(room < Decimal::ZERO) + u8::from(best < Decimal::ZERO);
    (beyond, Reverse(room))
}
