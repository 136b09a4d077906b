//! Sums, ratios and means of figures of which some are only bounds.

use rust_decimal::Decimal;

use super::{Ends, Figure, Outcome, TOO_LONG, rounded, split, text_equals};
use crate::dossier::model::{End, Rounding, Step, Term, Ties};

/// How the figures below their limit count in part and whole.
#[derive(Clone, Copy)]
enum Count {
    /// As this fraction of it in both.
    Fraction(Decimal),
    /// So that the quotient is the most it can be.
    Most,
    /// So that it is the least.
    Least,
}

pub(super) fn repeat(step: &Step, inputs: &[(&str, &str)], value: &str) -> Outcome {
    found(step, inputs, value).unwrap_or_else(Outcome::Impossible)
}

fn found(step: &Step, inputs: &[(&str, &str)], value: &str) -> Result<Outcome, &'static str> {
    let Step::Combine { part, whole, censored, statement, substituted, rounding, .. } = step else {
        return Err("no sum, ratio or mean");
    };
    let used = |id: &str| part.iter().chain(whole).any(|term| term.node == id);
    if inputs.iter().any(|(id, _)| !used(id)) {
        return Err("an input is in no term");
    }
    let by = |count, ties| -> Result<String, &'static str> {
        let rounding = Rounding { ties, ..*rounding };
        rounded(combined(step, count, inputs)?, rounding).ok_or("decimal places between -20 and 20")
    };
    let print = |count| by(count, rounding.ties);
    let censored = decimal(censored)?;
    match statement {
        Some(End::Upper) => Ok(text_equals(&format!("<{}", print(Count::Most)?), value)),
        Some(End::Lower) => Ok(text_equals(&format!("≥{}", print(Count::Least)?), value)),
        Some(End::Both) => {
            let (least, most) = (by(Count::Least, Ties::Down)?, by(Count::Most, Ties::Up)?);
            Ok(text_equals(&format!("{least}–{most}"), value))
        }
        None if *substituted || !inputs.iter().any(|(_, text)| !split(text).prefix.is_empty()) => {
            Ok(text_equals(&print(Count::Fraction(censored))?, value))
        }
        None => {
            let (least, most) = (print(Count::Least)?, print(Count::Most)?);
            let zero = split(&least).number.is_none_or(|number| number.is_zero());
            if least != most || zero {
                return Err("a plain number of inputs that are only bounds");
            }
            Ok(text_equals(&least, value))
        }
    }
}

/// Least and most of the figure, unrounded; an end that nothing bounds is absent.
pub(super) fn ends(step: &Step, inputs: &[(&str, &str)]) -> Option<Ends> {
    if inputs.iter().all(|(_, text)| split(text).prefix.is_empty()) {
        let number = combined(step, Count::Fraction(Decimal::ONE), inputs).ok();
        return number.map(|number| Ends { least: Some(number), most: Some(number) });
    }
    let end = |count| combined(step, count, inputs).ok();
    Some(Ends { least: end(Count::Least), most: end(Count::Most) })
}

/// The figure, unrounded.
fn combined(step: &Step, count: Count, inputs: &[(&str, &str)]) -> Result<Decimal, &'static str> {
    let Step::Combine { part, whole, factor, divisor, .. } = step else { return Err("no sum") };
    let (in_part, in_whole) = match count {
        Count::Fraction(fraction) => (fraction, fraction),
        Count::Most => (Decimal::ONE, Decimal::ZERO),
        Count::Least => (Decimal::ZERO, Decimal::ONE),
    };
    // What is above a limit has no upper end: it may only make the figure larger than what is printed.
    let open = (matches!(count, Count::Least), matches!(count, Count::Most));
    let above = total(part, in_part, open.0, inputs)?;
    let found = match (whole.is_empty(), divisor) {
        (true, None) => above,
        (true, Some(divisor)) => above.checked_div(decimal(divisor)?).ok_or("a divisor of 0")?,
        (false, None) => {
            // What stands in the part too is one figure in both, and counts alike.
            let (own, rest): (Vec<Term>, Vec<Term>) =
                whole.iter().cloned().partition(|term| part.iter().any(|of| of.node == term.node));
            let own = total(&own, in_part, open.0, inputs)?;
            let rest = total(&rest, in_whole, open.1, inputs)?;
            above.checked_div(own.checked_add(rest).ok_or(TOO_LONG)?).ok_or("a divisor of 0")?
        }
        (false, Some(_)) => return Err("a whole and a divisor"),
    };
    found.checked_mul(decimal(factor)?).ok_or(TOO_LONG)
}

fn decimal(text: &str) -> Result<Decimal, &'static str> {
    split(text).number.ok_or("a factor is not a decimal")
}

fn total(
    terms: &[Term],
    censored: Decimal,
    open: bool,
    inputs: &[(&str, &str)],
) -> Result<Decimal, &'static str> {
    let mut sum = Decimal::ZERO;
    for term in terms {
        let input = inputs.iter().find(|(id, _)| *id == term.node).ok_or("a term is no input")?;
        let Figure { prefix, number, .. } = split(input.1);
        let number = number.ok_or("an input is not a decimal")?;
        let number = number.checked_mul(decimal(&term.factor)?).ok_or(TOO_LONG)?;
        let counted = match prefix.trim() {
            "" => Some(number),
            ">" | "≥" if open => Some(number),
            "<" | "≤" | "ND (<" => number.checked_mul(censored),
            _ => return Err("an input has a qualifier that cannot be counted"),
        };
        sum = counted.and_then(|counted| sum.checked_add(counted)).ok_or(TOO_LONG)?;
    }
    Ok(sum)
}
