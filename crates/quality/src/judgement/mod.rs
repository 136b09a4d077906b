//! A lot's results against one edition of a specification: one line per item, pass, fail or undecidable.
//!
//! A line rests on results for the very analyte where there are any; otherwise on results that chemistry
//! alone turns into it (Mn into MnO), and says which factor was used. Sums and ratios carry the interval in
//! which censored members leave them, and are undecidable where that interval straddles the limit. Several
//! results for one analyte are judged one by one: the worst verdict stands, and among equal verdicts the
//! latest result is printed. All of it is pure, so that the page, the gate and the certificate say the same.

mod line;
pub(crate) mod measured;

pub use line::{Arithmetic, Conversion, Line, Reason, RoundedTo, Term};
pub use measured::{Cited, Measured, Qc, Signed, Window, Workflow};

use measure::censored::{self, Censored, Treatment};
use measure::judgement::{Judgement, Why, judge};
use measure::{Analyte, Basis, Decimal, DecimalText, Limit, Reported, Unit, Verdict};

use crate::specification::Item;

/// Judges all items. `moisture_percent` is the lot's, for results on another basis than the limit's.
pub fn lines(items: &[Item], results: &[Measured], moisture_percent: Option<Decimal>) -> Vec<Line> {
    items.iter().map(|item| one(item, results, moisture_percent)).collect()
}

/// A result brought to the unit and basis of an item.
struct Candidate<'a> {
    result: &'a Measured,
    reported: Reported,
    conversion: Option<Conversion>,
}

fn one(item: &Item, results: &[Measured], moisture: Option<Decimal>) -> Line {
    let usable: Vec<&Measured> = results
        .iter()
        .filter(|result| item.methods.is_empty() || item.methods.contains(&result.method))
        .filter(|result| result.workflow == Workflow::Released)
        .collect();
    let limit = match item.limit() {
        Ok(limit) => limit,
        Err(_) => return Line::undecidable(item, Reason::NotJudgeable),
    };
    let members = item.members().unwrap_or_default();
    let candidates = candidates(&item.analyte, item, &usable, moisture);
    match candidates {
        Err(reason) => Line::undecidable(item, reason),
        Ok(found) if !found.is_empty() => worst(item, limit.as_ref(), found),
        Ok(_) => match &item.analyte {
            // Of a ratio the members are those of its whole: CeO2/TREO.
            Analyte::Ratio { part, whole } => {
                ratio(item, limit.as_ref(), (part.as_ref(), whole.as_ref()), &usable, moisture)
            }
            _ if !members.is_empty() => sum(item, limit.as_ref(), &members, &usable, moisture),
            _ => Line::undecidable(item, Reason::Measured(Why::NoResult)),
        },
    }
}

/// Results for the analyte itself, or else those that chemistry turns into it.
fn candidates<'a>(
    analyte: &Analyte,
    item: &Item,
    results: &[&'a Measured],
    moisture: Option<Decimal>,
) -> Result<Vec<Candidate<'a>>, Reason> {
    let direct: Vec<&Measured> =
        results.iter().copied().filter(|result| result.analyte == *analyte).collect();
    let found = if direct.is_empty() {
        let linked = |result: &&&Measured| result.analyte.factor_to(analyte).is_ok();
        results.iter().filter(linked).copied().collect()
    } else {
        direct
    };
    found.into_iter().map(|result| convert(analyte, item, result, moisture)).collect()
}

fn convert<'a>(
    analyte: &Analyte,
    item: &Item,
    result: &'a Measured,
    moisture: Option<Decimal>,
) -> Result<Candidate<'a>, Reason> {
    let from = &result.reported;
    let plain = Candidate { result, reported: from.clone(), conversion: None };
    let Some(text) = from.text() else { return Ok(plain) };
    let chemistry = result.analyte.factor_to(analyte).map_err(|_| Reason::NotJudgeable)?;
    let Ok(unit) = Unit::convert(Decimal::ONE, from.unit(), item.unit) else {
        return Err(Reason::Measured(Why::UnitsDiffer));
    };
    let basis = basis_factor(from.basis(), item.basis, moisture)?;
    let factor = chemistry.checked_mul(unit).and_then(|f| f.checked_mul(basis));
    let factor = factor.ok_or(Reason::Measured(Why::TooLarge))?;
    if factor == Decimal::ONE && from.unit() == item.unit && from.basis() == item.basis {
        return Ok(plain);
    }
    let value = text.decimal().checked_mul(factor).ok_or(Reason::Measured(Why::TooLarge))?;
    let digits = DecimalText::from_decimal(value);
    let reported = Reported::new(from.qualifier(), Some(digits), item.unit, item.basis, None);
    let reported = reported.map_err(|_| Reason::NotJudgeable)?;
    let conversion = Conversion {
        from: result.analyte.to_string(),
        from_unit: from.unit(),
        from_basis: from.basis(),
        factor,
        chemical: chemistry != Decimal::ONE,
        significant: text.significant_digits(),
        exact: chemistry == Decimal::ONE && basis == Decimal::ONE,
    };
    Ok(Candidate { result, reported, conversion: Some(conversion) })
}

/// What turns a content on one basis into one on another: `as received = dry × (100 − moisture) / 100`.
fn basis_factor(from: Basis, to: Basis, moisture: Option<Decimal>) -> Result<Decimal, Reason> {
    if from == to {
        return Ok(Decimal::ONE);
    }
    let moisture = moisture.ok_or(Reason::Measured(Why::BasesDiffer))?;
    measure::convert_basis(Decimal::ONE, from, to, moisture).map_err(|_| Reason::Measured(Why::BasesDiffer))
}

fn worst(item: &Item, limit: Option<&Limit>, found: Vec<Candidate<'_>>) -> Line {
    let all: Vec<_> = found.iter().map(|candidate| candidate.result.id).collect();
    let judged = found.into_iter().map(|candidate| {
        let judgement = limit.map(|limit| judge(&candidate.reported, limit, &item.rule()));
        (candidate, judgement)
    });
    let rank = |judgement: &Option<Judgement>| match judgement.as_ref().map(|j| j.verdict) {
        Some(Verdict::Fail) => 2,
        Some(Verdict::Undecidable) => 1,
        Some(Verdict::Pass) | None => 0,
    };
    let chosen = judged.max_by_key(|(candidate, judgement)| {
        (rank(judgement), candidate.result.tested_at, candidate.result.id)
    });
    let Some((candidate, judgement)) = chosen else {
        return Line::undecidable(item, Reason::Measured(Why::NoResult));
    };
    Line::single(item, limit, candidate.result, &candidate.reported, candidate.conversion, judgement, all)
}

/// The latest usable result of each member, or the reason why there is none.
fn latest<'a>(
    analyte: &Analyte,
    item: &Item,
    results: &[&'a Measured],
    moisture: Option<Decimal>,
) -> Result<Candidate<'a>, Reason> {
    // A member is brought to the item's basis; its unit to the item's unit only where both are contents.
    let found = candidates(analyte, item, results, moisture)?;
    let last = found.into_iter().max_by_key(|candidate| (candidate.result.tested_at, candidate.result.id));
    last.ok_or_else(|| Reason::MemberMissing(analyte.to_string()))
}

fn sum(
    item: &Item,
    limit: Option<&Limit>,
    members: &[Analyte],
    results: &[&Measured],
    moisture: Option<Decimal>,
) -> Line {
    let found: Result<Vec<Candidate<'_>>, Reason> =
        members.iter().map(|member| latest(member, item, results, moisture)).collect();
    let found = match found {
        Ok(found) => found,
        Err(reason) => return Line::undecidable(item, reason),
    };
    let names: Vec<String> = members.iter().map(ToString::to_string).collect();
    let terms = names.iter().map(String::as_str).zip(found.iter().map(|candidate| &candidate.reported));
    let Ok(treatment) = item.treatment() else { return Line::undecidable(item, Reason::NotJudgeable) };
    match censored::sum(terms, item.unit, &treatment) {
        Ok(total) => {
            let how = arithmetic(&found, &[], &treatment, Decimal::ONE);
            computed(item, limit, &total, &found, how)
        }
        Err(error) => Line::undecidable(item, Reason::NotComputed(error.to_string())),
    }
}

fn ratio(
    item: &Item,
    limit: Option<&Limit>,
    (part, whole): (&Analyte, &Analyte),
    results: &[&Measured],
    moisture: Option<Decimal>,
) -> Line {
    // Both members are taken in percent on the item's basis, since only their quotient matters.
    let as_content =
        Item { unit: Unit::Percent, analyte: whole.clone(), sum_of: item.sum_of.clone(), ..item.clone() };
    let Ok(treatment) = item.treatment() else { return Line::undecidable(item, Reason::NotJudgeable) };
    let numerator = latest(part, &as_content, results, moisture);
    let members = as_content.members().unwrap_or_default();
    let quotient = numerator.and_then(|numerator| {
        let direct = latest(whole, &as_content, results, moisture);
        let (below, mut from) = match direct {
            Ok(denominator) => {
                let one = [("whole", &denominator.reported)];
                (censored::sum(one, Unit::Percent, &treatment), vec![denominator])
            }
            Err(reason) if members.is_empty() => return Err(reason),
            Err(_) => {
                let all: Result<Vec<_>, _> =
                    members.iter().map(|m| latest(m, &as_content, results, moisture)).collect();
                let all = all?;
                let terms = all.iter().map(|candidate| ("member", &candidate.reported));
                (censored::sum(terms, Unit::Percent, &treatment), all)
            }
        };
        let failed = |error: censored::CensoredError| Reason::NotComputed(error.to_string());
        let above =
            censored::sum([("part", &numerator.reported)], Unit::Percent, &treatment).map_err(failed)?;
        let found = censored::quotient(&above, &below.map_err(failed)?).map_err(failed)?;
        let factor = Unit::convert(Decimal::ONE, found.unit, item.unit).unwrap_or(Decimal::ONE);
        let how = arithmetic(std::slice::from_ref(&numerator), &from, &treatment, factor);
        from.insert(0, numerator);
        Ok((found, from, how))
    });
    match quotient {
        Ok((found, from, how)) => computed(item, limit, &in_unit(&found, item.unit), &from, how),
        Err(reason) => Line::undecidable(item, reason),
    }
}

/// A plain ratio in the unit of the limit, such as percent. What cannot be converted is left as it is and
/// judged so.
fn in_unit(ratio: &Censored, unit: Unit) -> Censored {
    let turn = |value: Decimal| Unit::convert(value, ratio.unit, unit).ok();
    match turn(ratio.value) {
        Some(value) => Censored {
            value,
            low: ratio.low.and_then(turn),
            high: ratio.high.and_then(turn),
            unit,
            ..ratio.clone()
        },
        None => ratio.clone(),
    }
}

fn arithmetic(
    part: &[Candidate<'_>],
    whole: &[Candidate<'_>],
    treatment: &Treatment,
    factor: Decimal,
) -> Arithmetic {
    let term = |candidate: &Candidate<'_>| Term {
        result: candidate.result.id,
        factor: candidate.conversion.as_ref().map_or(Decimal::ONE, |conversion| conversion.factor),
    };
    let terms = |all: &[Candidate<'_>]| all.iter().map(term).collect();
    let censored = match treatment {
        Treatment::LowerBound => Decimal::ZERO,
        Treatment::UpperBound => Decimal::ONE,
        Treatment::Substitution(fraction) => *fraction,
    };
    Arithmetic { part: terms(part), whole: terms(whole), censored, factor }
}

fn computed(
    item: &Item,
    limit: Option<&Limit>,
    total: &Censored,
    from: &[Candidate<'_>],
    how: Arithmetic,
) -> Line {
    let at = |value: Decimal| Reported::value(DecimalText::from_decimal(value), total.unit, item.basis);
    let judgement = limit.map(|limit| interval(item, limit, total, &at));
    let results = from.iter().map(|candidate| candidate.result).collect();
    Line::computed(item, limit, total, results, how, judgement)
}

/// Both ends of the interval must agree, and for the same reason; an open end never passes.
fn interval(item: &Item, limit: &Limit, total: &Censored, at: &dyn Fn(Decimal) -> Reported) -> Judgement {
    let rule = item.rule();
    let figure = judge(&at(total.value), limit, &rule);
    let end = |value: Option<Decimal>| value.map(|value| judge(&at(value), limit, &rule));
    let open = |why| Judgement { verdict: Verdict::Undecidable, why, compared: figure.compared.clone() };
    match (end(total.low), end(total.high)) {
        (Some(low), Some(high)) if low.verdict == high.verdict && low.why == high.why => {
            Judgement { compared: figure.compared, ..low }
        }
        (Some(_), Some(_)) => open(Why::LimitStraddlesBound),
        // Open above: only what lies above already, or what has no upper bound to break, is settled.
        (Some(low), None) if low.why == Why::AboveUpper => low,
        (Some(low), None) if low.why == Why::WithinLimits && limit.upper().is_none() => low,
        (None, Some(high)) if high.why == Why::BelowLower => high,
        (None, Some(high)) if high.why == Why::WithinLimits && limit.lower().is_none() => high,
        _ => open(Why::LimitNotKnown),
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::result as sample_result;
