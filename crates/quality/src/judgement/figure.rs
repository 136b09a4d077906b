//! How a number is printed so that the print never says another thing than the verdict.

use measure::rounding::{decimals_of, round_at, round_down, round_up};
use measure::{Comparison, Decimal, DecimalText, Limit, Qualifier, uncertainty};

use super::line::{Cut, RoundedTo};
use crate::specification::Item;

/// The number at these decimals, or at as many more as it takes for the print to lie on the same side of the
/// limits as the number that was compared (GB/T 8170—2008, 4.3): 0.00052 against 0.0005 is not printed as
/// 0.0005.
pub(super) fn agreeing(
    number: Decimal,
    decimals: i32,
    cut: Cut,
    item: &Item,
    limit: Option<&Limit>,
) -> (DecimalText, RoundedTo) {
    let to = |places: i32| RoundedTo { places, rule: item.rounding, cut };
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

/// `± 0.2 (k = 2)`, ending where the figure ends (GUM 7.2.6).
pub(super) fn beside(expanded: Decimal, coverage: Decimal, decimals: i32) -> String {
    format!("± {} (k = {})", uncertainty::printed(expanded, decimals).plain(), coverage.normalize())
}

/// The decimals of a figure with this uncertainty, at most so many.
pub(super) fn decimals_with(expanded: Option<Decimal>, most: i32) -> i32 {
    expanded.map_or(most, |expanded| decimals_of(expanded, 2).min(most))
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

/// `0.004–0.009`, `≥0.004`: where censored members leave a figure.
pub(super) fn range(low: Option<Decimal>, high: Option<Decimal>) -> String {
    let text = |value: Decimal| value.normalize().to_string();
    match (low, high) {
        (Some(low), Some(high)) if low.is_zero() => format!("<{}", text(high)),
        (Some(low), Some(high)) => format!("{}–{}", text(low), text(high)),
        (Some(low), None) => format!("≥{}", text(low)),
        (None, Some(high)) => format!("≤{}", text(high)),
        (None, None) => String::new(),
    }
}

/// How much room a printed figure leaves to the limits, on the side where it leaves least; negative beyond
/// them. What is `<L` may be as little as 0, what is `>L` has no end.
pub(super) fn margin(figure: &str, limit: &Limit) -> Decimal {
    let digits =
        figure.trim_start_matches("ND (").trim_start_matches(['<', '>', '≤', '≥']).trim_end_matches(')');
    let Ok(number) = digits.parse::<Decimal>() else { return Decimal::MIN };
    let (low, high) = match figure.chars().next() {
        Some('<' | '≤' | 'N') => (Decimal::ZERO, Some(number)),
        Some('>' | '≥') => (number, None),
        _ => (number, Some(number)),
    };
    let above = limit.upper().map(|bound| high.map_or(Decimal::MIN, |high| bound.value.decimal() - high));
    let below = limit.lower().map(|bound| low - bound.value.decimal());
    above.into_iter().chain(below).min().unwrap_or(Decimal::MAX)
}
