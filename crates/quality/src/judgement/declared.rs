//! What is said of a sum, ratio or mean of which some members are only bounds.

use measure::censored::{Censored, Treatment};
use measure::rounding::decimals_of;
use measure::{Decimal, Qualifier};

use super::Scene;
use super::figure::{agreeing, beside, decimals_with, rounded};
use super::line::{Cut, RoundedTo};
use super::ways::Combo;

/// A computed figure by the rule that the item declares.
pub(super) struct Declared {
    pub figure: String,
    pub qualifier: Qualifier,
    pub rounded: RoundedTo,
    pub uncertainty: Option<String>,
    /// As which fraction of its limit a censored member counts.
    pub censored: Decimal,
    /// The members for which that fraction was put in.
    pub substituted: Vec<String>,
}

/// A figure where nothing is censored or the censored does not show; else a bound or a named substitution.
pub(super) fn declared(scene: &Scene<'_>, total: &Censored, combo: &Combo<'_>) -> Declared {
    let censored = match scene.treatment {
        Treatment::LowerBound => Decimal::ZERO,
        Treatment::UpperBound => Decimal::ONE,
        Treatment::Substitution(fraction) => fraction,
    };
    let width = width(combo).filter(|_| total.censored == 0);
    let most = decimals_of_total(scene, total.value);
    let decimals = decimals_with(width.map(|(expanded, _)| expanded), most);
    let (text, to) = agreeing(total.value, decimals, Cut::Nearest, scene.item, scene.limit.as_ref());
    let plain = Declared {
        figure: text.plain(),
        qualifier: Qualifier::Value,
        rounded: to,
        uncertainty: width.map(|(expanded, coverage)| beside(expanded, coverage, to.places)),
        censored,
        substituted: Vec::new(),
    };
    let at = |end: Option<Decimal>| end.map(|end| rounded(end, to));
    let alike = match (at(total.low), at(total.high)) {
        (Some(low), Some(high)) => low == high && !low.decimal().is_zero(),
        _ => false,
    };
    if total.censored == 0 || alike {
        return plain;
    }
    if let Treatment::Substitution(_) = scene.treatment {
        let below = |reported: &measure::Reported| reported.qualifier() != Qualifier::Value;
        let mut names: Vec<String> = combo
            .terms()
            .filter(|term| below(&term.candidate.stated.counted))
            .map(|term| term.candidate.result.analyte.to_string())
            .collect();
        names.sort();
        names.dedup();
        return Declared { substituted: names, ..plain };
    }
    let positive = total.low.filter(|low| *low > Decimal::ZERO);
    match (&scene.treatment, positive, total.high) {
        (Treatment::LowerBound, Some(low), _) | (_, Some(low), None) => end(scene, low, Cut::Down),
        (_, _, Some(high)) => end(scene, high, Cut::Up),
        _ => plain,
    }
}

/// One end of an interval as the figure: `<0.03`, `≥45.2`, on the side on which it stays true.
fn end(scene: &Scene<'_>, number: Decimal, cut: Cut) -> Declared {
    // No more digits than the end has, and two of them at least.
    let exact = number.normalize().scale() as i32;
    let wanted = scene.item.places.map_or_else(|| decimals_of(number, 4), |places| places.0 as i32);
    let decimals = wanted.max(decimals_of(number, 2)).min(exact).max(0);
    let (text, to) = agreeing(number, decimals, cut, scene.item, scene.limit.as_ref());
    let (sign, qualifier, censored) = match cut {
        Cut::Down => ("≥", Qualifier::Above, Decimal::ZERO),
        _ => ("<", Qualifier::Below, Decimal::ONE),
    };
    Declared {
        figure: format!("{sign}{}", text.plain()),
        qualifier,
        rounded: to,
        uncertainty: None,
        censored,
        substituted: Vec::new(),
    }
}

/// The decimals of a computed value: the specification's, else the limit's, else four significant digits.
fn decimals_of_total(scene: &Scene<'_>, value: Decimal) -> i32 {
    let bound = scene.limit.as_ref().and_then(|limit| limit.upper().or(limit.lower()));
    let by_limit = || bound.map(|bound| bound.value.decimal_places() as i32);
    let by_item = scene.item.places.map(|places| places.0 as i32);
    by_item.or_else(by_limit).unwrap_or_else(|| decimals_of(value, 4).max(0))
}

/// The expanded uncertainty of a sum or mean whose terms all have one with the same coverage factor: the sum
/// of theirs, which none can exceed whatever their correlation (GUM 5.2.2, note 1).
fn width(combo: &Combo<'_>) -> Option<(Decimal, Decimal)> {
    let mut total = Decimal::ZERO;
    let mut coverage = None;
    for term in &combo.part {
        let stated = term.candidate.result.reported.uncertainty()?;
        let factor = *coverage.get_or_insert(stated.coverage_factor());
        let own = stated.expanded().checked_mul(term.candidate.factor())?.checked_mul(term.weight)?;
        total = total.checked_add(own).filter(|_| factor == stated.coverage_factor())?;
    }
    let width = total.checked_div(combo.divisor).filter(|_| combo.whole.is_empty())?;
    Some((width, coverage?)).filter(|(width, _)| !width.is_zero())
}
