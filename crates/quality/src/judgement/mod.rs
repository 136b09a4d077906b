//! A lot's results against one edition of a specification: one line per item, pass, fail or undecidable.
//!
//! A result counts as it is [reported](Measured::stated), by the limits of its method's edition: what lies
//! below the limit of quantification is a bound and no number. A line rests on results for the very analyte
//! where there are any; otherwise on results that chemistry alone turns into it (Mn into MnO), and says which
//! factor was used. Sums, ratios and means carry the interval in which censored members leave them, are
//! undecidable where that interval straddles the limit, and are reported as bounds or by a substitution that
//! is named.
//!
//! Several samples, and several results of one sample, come to what the item says
//! ([`SampleRule`](crate::specification::SampleRule), [`RepeatRule`](crate::specification::RepeatRule));
//! never to the latest. All of it is pure, so that the page, the gate and the certificate say the same.

mod declared;
mod figure;
mod line;
pub(crate) mod measured;
mod moisture;
mod spread;
mod ways;

pub use line::{
    Arithmetic, Conversion, Cut, Line, Reason, ReportedLimits, RoundedTo, Spread, SpreadValue, Term,
};
pub use measured::{Cited, Measured, Qc, Signed, Window, Workflow};
pub use moisture::Moisture;
pub(crate) use moisture::drying;

use kernel::ResultId;
use measure::censored::{self, Censored, CensoredError, Treatment};
use measure::judgement::{Judgement, Why, judge};
use measure::{Bound, Comparison, Decimal, DecimalText, Limit, Reported, Unit, Verdict};

use crate::specification::Item;
use ways::{Combo, Recipe};

/// Judges all items. A result on another basis than the limit's is converted by the [`Moisture`] of its own
/// sample.
pub fn lines(items: &[Item], results: &[Measured]) -> Vec<Line> {
    items.iter().flat_map(|item| of_item(item, results)).collect()
}

/// An item with what is needed to judge it.
struct Scene<'a> {
    item: &'a Item,
    limit: Option<Limit>,
    treatment: Treatment,
    /// All that is released, by whatever method.
    released: &'a [&'a Measured],
    recipe: Recipe,
}

fn of_item(item: &Item, results: &[Measured]) -> Vec<Line> {
    let released: Vec<&Measured> =
        results.iter().filter(|result| result.workflow == Workflow::Released).collect();
    let by_method = |result: &&&Measured| item.methods.is_empty() || item.methods.contains(&result.method);
    let usable: Vec<&Measured> = released.iter().filter(by_method).copied().collect();
    let (Ok(limit), Ok(treatment)) = (item.limit(), item.treatment()) else {
        return vec![Line::undecidable(item, Reason::NotJudgeable)];
    };
    let found = Recipe::of(item, &usable).and_then(|recipe| {
        let scene = Scene { item, limit, treatment, released: &released, recipe };
        let samples = ways::of_samples(&scene, &usable)?;
        Ok((scene, samples))
    });
    match found {
        Ok((scene, samples)) => spread::by_rule(&scene, samples),
        Err(reason) => vec![Line::undecidable(item, reason)],
    }
}

impl Scene<'_> {
    /// The line of one way to come to a figure.
    fn line(&self, combo: &Combo<'_>) -> Line {
        let considered = combo.results();
        let line = match (self.recipe.is_direct(), combo.only()) {
            (true, Some(candidate)) => {
                let judgement = self
                    .limit
                    .as_ref()
                    .map(|limit| judge(&candidate.stated.counted, limit, &self.item.rule()));
                Line::single(self, candidate, judgement)
            }
            _ => match self.total(combo) {
                Ok(total) => {
                    let judgement = self.limit.as_ref().map(|limit| self.interval(limit, &total));
                    Line::computed(self, &total, combo, judgement)
                }
                Err(reason) => Line::undecidable(self.item, reason),
            },
        };
        let mut moistures: Vec<Moisture> = Vec::new();
        for used in combo.terms().filter_map(|term| term.candidate.moisture.as_ref()) {
            if !moistures.contains(used) {
                moistures.push(used.clone());
            }
        }
        let by: Vec<ResultId> = moistures.iter().flat_map(|used| used.results.iter().copied()).collect();
        let figure = !line.results.is_empty();
        let results = once(line.results.iter().chain(by.iter().filter(|_| figure)).copied());
        let considered = once(considered.into_iter().chain(by));
        Line { sample: combo.sample, considered, results, moistures, ..line }
    }

    /// The sum, ratio or mean with its interval, in the unit of the item.
    fn total(&self, combo: &Combo<'_>) -> Result<Censored, Reason> {
        let failed = |error: censored::CensoredError| Reason::NotComputed(error.to_string());
        let unit = self.recipe.unit(self.item);
        let add = |terms: &[ways::Weighted<'_>]| {
            let named: Vec<(String, &Reported, Decimal)> = terms
                .iter()
                .map(|term| {
                    let name = term.candidate.result.analyte.to_string();
                    (name, &term.candidate.stated.counted, term.weight)
                })
                .collect();
            let named = named.iter().map(|(name, reported, weight)| (name.as_str(), *reported, *weight));
            censored::weighted(named, combo.divisor, unit, &self.treatment).map_err(failed)
        };
        let part = add(&combo.part)?;
        if combo.whole.is_empty() {
            return Ok(part);
        }
        // A member of the whole that is the part itself: the two are one result and lie alike.
        let own = |term: &ways::Weighted<'_>| {
            combo.part.iter().any(|part| part.candidate.result.id == term.candidate.result.id)
        };
        let (own, rest): (Vec<_>, Vec<_>) = combo.whole.iter().cloned().partition(own);
        let ratio = match (own.is_empty(), rest.is_empty()) {
            (true, _) => censored::quotient(&part, &add(&rest)?),
            (false, true) => censored::share(&part, &add(&own)?, None),
            (false, false) => censored::share(&part, &add(&own)?, Some(&add(&rest)?)),
        };
        let ratio = self.bounded(ratio.map_err(failed)?).ok_or(failed(CensoredError::Undetermined))?;
        let turn = |value: Decimal| Unit::convert(value, ratio.unit, self.item.unit).ok();
        Ok(match turn(ratio.value) {
            Some(value) => Censored {
                value,
                low: ratio.low.and_then(turn),
                high: ratio.high.and_then(turn),
                unit: self.item.unit,
                ..ratio
            },
            // What cannot be converted is left as it is and judged so.
            None => ratio,
        })
    }

    /// A ratio with the ends that say something; nothing where neither does: a share from nothing to all, or
    /// a ratio of limits. What is a member of its whole is no more than all of it, also where the whole was
    /// determined by itself.
    fn bounded(&self, ratio: Censored) -> Option<Censored> {
        let Recipe::Ratio(part, _) = &self.recipe else { return Some(ratio) };
        if ratio.censored == 0 {
            return Some(ratio);
        }
        let member = self.item.members().unwrap_or_default().contains(part);
        let high = ratio.high.filter(|high| !member || *high < Decimal::ONE);
        let said = high.is_some() || ratio.low.is_some_and(|low| low > Decimal::ZERO);
        said.then_some(Censored { high, ..ratio })
    }

    /// The least and the most of what is printed of a way, unrounded.
    fn ends(&self, combo: &Combo<'_>) -> Option<figure::Ends> {
        match (self.recipe.is_direct(), combo.only()) {
            (true, Some(candidate)) => Some(candidate.shown_ends()),
            _ => {
                let total = self.total(combo).ok()?;
                Some(if total.censored == 0 {
                    (Some(total.value), Some(total.value))
                } else {
                    (total.low, total.high)
                })
            }
        }
    }

    /// Both ends of the interval must agree, and for the same reason; an end without a bound never passes. An
    /// end that itself cannot be (all below 0.009 lies below 0.009) is judged by what lies next to it.
    fn interval(&self, limit: &Limit, total: &Censored) -> Judgement {
        let rule = self.item.rule();
        let at = |value: Decimal, limit: &Limit| {
            let reported = Reported::value(DecimalText::from_decimal(value), total.unit, self.item.basis);
            judge(&reported, limit, &rule)
        };
        let full = rule.comparison == Comparison::FullValue;
        let above = if full && total.low_open { just(limit, false) } else { limit.clone() };
        let below = if full && total.high_open { just(limit, true) } else { limit.clone() };
        let compared = match (total.censored, total.low, total.high) {
            (0, ..) => at(total.value, limit).compared,
            (_, low, high) => figure::range(low, high, limit),
        };
        let open = |why| Judgement { verdict: Verdict::Undecidable, why, compared: compared.clone() };
        match (total.low.map(|low| at(low, &above)), total.high.map(|high| at(high, &below))) {
            (Some(low), Some(high)) if low.verdict == high.verdict && low.why == high.why => {
                Judgement { compared, ..low }
            }
            (Some(_), Some(_)) => open(Why::LimitStraddlesBound),
            // Open above: only what lies above already, or what has no upper bound to break, is settled.
            (Some(low), None) if low.why == Why::AboveUpper => Judgement { compared, ..low },
            (Some(low), None) if low.why == Why::WithinLimits && limit.upper().is_none() => {
                Judgement { compared, ..low }
            }
            (None, Some(high)) if high.why == Why::BelowLower => Judgement { compared, ..high },
            (None, Some(high)) if high.why == Why::WithinLimits && limit.lower().is_none() => {
                Judgement { compared, ..high }
            }
            _ => open(Why::LimitNotKnown),
        }
    }
}

/// The limits as a number just below (or above) an end sees them: just below the upper bound is within it.
fn just(limit: &Limit, below: bool) -> Limit {
    let bound =
        |bound: Option<&Bound>, inclusive| bound.map(|bound| Bound { value: bound.value.clone(), inclusive });
    let (lower, upper) = (bound(limit.lower(), !below), bound(limit.upper(), below));
    Limit::new(lower, upper, limit.unit(), limit.basis()).unwrap_or_else(|_| limit.clone())
}

/// Ids, each once, in order.
fn once(ids: impl IntoIterator<Item = ResultId>) -> Vec<ResultId> {
    let mut seen = std::collections::BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).collect()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::result as sample_result;
