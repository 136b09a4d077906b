//! What is said of a sum, ratio or mean of which some members are only bounds.

use measure::censored::{Censored, Treatment};
use measure::judgement::{Judgement, judge};
use measure::rounding::decimals_of;
use measure::uncertainty::combine_sum;
use measure::{Decimal, Qualifier, Unit};

use super::Scene;
use super::figure::{agreeing, beside, decimals_with, rounded};
use super::line::{Cut, RoundedTo};
use super::ways::Combo;

/// A computed figure by the rule that the item declares.
pub(super) struct Declared {
    pub figure: String,
    pub qualifier: Qualifier,
    /// Whether it is both ends of the interval.
    pub between: bool,
    pub rounded: RoundedTo,
    pub uncertainty: Option<String>,
    /// As which fraction of its limit a censored member counts.
    pub censored: Decimal,
    /// The members for which that fraction was put in.
    pub substituted: Vec<String>,
}

/// A figure where nothing is censored or the censored does not show; else a bound or a named substitution.
/// The end that the item declares stands alone where it shows the verdict by itself, else beside the other
/// one.
pub(super) fn declared(
    scene: &Scene<'_>,
    total: &Censored,
    combo: &Combo<'_>,
    judgement: Option<&Judgement>,
) -> Declared {
    let censored = match scene.treatment {
        Treatment::LowerBound => Decimal::ZERO,
        Treatment::UpperBound => Decimal::ONE,
        Treatment::Substitution(fraction) => fraction,
    };
    let width = width(combo).filter(|_| total.censored == 0);
    let number = |terms: Terms| {
        let most = decimals_of_total(scene, total, combo, terms);
        let decimals = decimals_with(width.map(|(expanded, _)| expanded), most, scene.item.places.is_some());
        let (text, to) = agreeing(total.value, decimals, Cut::Nearest, scene.item, scene.limit.as_ref());
        Declared {
            figure: text.plain(),
            qualifier: Qualifier::Value,
            between: false,
            rounded: to,
            uncertainty: width.map(|(expanded, coverage)| beside(expanded, coverage, to.places)),
            censored,
            substituted: Vec::new(),
        }
    };
    let plain = number(Terms::Values);
    let to = plain.rounded;
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
        return Declared { substituted: names, ..number(Terms::All) };
    }
    // Whether an end alone stands for a set of which the verdict is the one that was found.
    let shows = |declared: &Declared| {
        let (Some(limit), Some(found)) = (&scene.limit, judgement) else { return true };
        let digits = declared.figure.trim_start_matches(['<', '≥']).parse().ok();
        let set = measure::Reported::new(declared.qualifier, digits, total.unit, scene.item.basis, None);
        set.is_ok_and(|set| judge(&set, limit, &scene.item.rule()).verdict == found.verdict)
    };
    let positive = total.low.filter(|low| *low > Decimal::ZERO);
    let lower = positive.map(|low| end(scene, combo, low, Cut::Down));
    let upper = total.high.map(|high| end(scene, combo, high, Cut::Up));
    let (first, other) = match scene.treatment {
        Treatment::LowerBound => (lower, upper),
        _ => (upper, lower),
    };
    match (first, other) {
        (Some(first), Some(other)) if !shows(&first) => both(scene, total, (&first, &other)).unwrap_or(first),
        (Some(one), _) | (None, Some(one)) => one,
        // What nothing bounds was not computed.
        (None, None) => Declared { figure: String::new(), qualifier: Qualifier::Missing, ..plain },
    }
}

/// Both ends as the figure: `33.69–33.72`, each on the side on which it stays true, at the finer of their
/// places.
fn both(scene: &Scene<'_>, total: &Censored, (one, other): (&Declared, &Declared)) -> Option<Declared> {
    let places = one.rounded.places.max(other.rounded.places);
    let at = |cut| RoundedTo { places, rule: scene.item.rounding, cut };
    let low = rounded(total.low?, at(Cut::Down)).plain();
    let high = rounded(total.high?, at(Cut::Up)).plain();
    Some(Declared {
        figure: format!("{low}–{high}"),
        qualifier: Qualifier::Below,
        between: true,
        rounded: at(Cut::Up),
        uncertainty: None,
        censored: Decimal::ONE,
        substituted: Vec::new(),
    })
}

/// One end of an interval as the figure: `<0.03`, `≥45.2`, on the side on which it stays true.
fn end(scene: &Scene<'_>, combo: &Combo<'_>, number: Decimal, cut: Cut) -> Declared {
    // The digits of its terms, but no more than the end has, and two of them at least. The least of a sum has
    // nothing of its limits; in a ratio they stand on either side.
    let terms = if cut == Cut::Down && combo.whole.is_empty() { Terms::Values } else { Terms::All };
    let exact = number.normalize().scale() as i32;
    let own = || resolution(scene, combo, terms).filter(|unit| !unit.is_zero());
    let wanted = match scene.item.places {
        Some(places) => places.0 as i32,
        None => own().map_or_else(|| decimals_of(number, 2), |unit| decimals_of(unit, 1)),
    };
    let decimals = wanted.max(decimals_of(number, 2)).min(exact).max(0);
    let (text, to) = agreeing(number, decimals, cut, scene.item, scene.limit.as_ref());
    let (sign, qualifier, censored) = match cut {
        Cut::Down => ("≥", Qualifier::Above, Decimal::ZERO),
        _ => ("<", Qualifier::Below, Decimal::ONE),
    };
    Declared {
        figure: format!("{sign}{}", text.plain()),
        qualifier,
        between: false,
        rounded: to,
        uncertainty: None,
        censored,
        substituted: Vec::new(),
    }
}

/// The decimals of a computed value: the specification's, else as many as its terms have digits for. The text
/// of a limit is not among what was measured.
fn decimals_of_total(scene: &Scene<'_>, total: &Censored, combo: &Combo<'_>, terms: Terms) -> i32 {
    if let Some(places) = scene.item.places {
        return places.0 as i32;
    }
    let most = decimals_of(total.value, 6).max(0);
    let own = resolution(scene, combo, terms).filter(|unit| !unit.is_zero());
    own.map_or_else(|| decimals_of(total.value, 4), |unit| decimals_of(unit, 1)).clamp(0, most)
}

/// Of which terms the digits count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Terms {
    /// Of what was found. What is censored and does not show lends none.
    Values,
    /// Of limits too, which a bound or a number that was put in for them rests on.
    All,
}

/// How finely a computed value is known from the digits of its terms: the last places of independent terms
/// combine as their uncertainties do, in quadrature (GUM 5.1.3 and 5.1.6), so that a sum ends where its
/// coarsest term ends, a mean one place later, and a ratio has the digits of its coarser side.
fn resolution(scene: &Scene<'_>, combo: &Combo<'_>, of_which: Terms) -> Option<Decimal> {
    let of = |terms: &[super::ways::Weighted<'_>]| -> Option<(Decimal, Decimal)> {
        let mut sum = Decimal::ZERO;
        let mut units = Vec::new();
        for term in terms {
            let counted = &term.candidate.stated.counted;
            let text = counted.text()?;
            sum = sum.checked_add(text.decimal().checked_mul(term.weight)?)?;
            let value = counted.qualifier() == Qualifier::Value;
            if value || of_which == Terms::All {
                let places = term.candidate.places_of(text, value);
                let unit = Decimal::try_from_i128_with_scale(1, places.min(28) as u32);
                units.push(unit.ok()?.checked_mul(term.weight)?);
            }
        }
        Some((sum, combine_sum(&units).ok()?))
    };
    let (part, unit) = of(&combo.part)?;
    if combo.whole.is_empty() {
        return unit.checked_div(combo.divisor);
    }
    let (whole, whole_unit) = of(&combo.whole)?;
    let relative = |unit: Decimal, sum: Decimal| unit.checked_div(sum.abs()).unwrap_or_default();
    let ratio = Unit::convert(part.checked_div(whole)?.abs(), Unit::One, scene.item.unit).ok()?;
    ratio.checked_mul(relative(unit, part).max(relative(whole_unit, whole)))
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
