//! From the figures of a balance to raw, accounting and reconciled figures, with their tests. Pure.
//!
//! Records are decimals with units; they become floats at this door, go through `balance`, and come back as
//! decimal text: reconciled values with [`DIGITS`] significant digits, deviations and statistics with
//! [`DIGITS_OF_SPREAD`]. What is printed is rounded from these, once.

mod accounting;
mod explained;
mod given;
mod loss;
mod origin;
mod persists;
mod sample;
mod solved;
pub mod text;

pub use explained::{Cause, Explanation, Fault};
pub use given::{Case, given, without};
pub use persists::{PERIODS, Persistent, persistent};
pub use solved::{
    Class, Closes, FigureLine, Loss, NodeLine, Note, Origin, Recovery, Robust, Settings, Solved, Suspect,
    What,
};

use ::balance as answer;
use ::balance::Answer;
use measure::Decimal;

/// Significant digits of reconciled values.
pub const DIGITS: usize = 12;
/// Significant digits of deviations and statistics.
pub const DIGITS_OF_SPREAD: usize = 4;

/// Reconciles a case.
///
/// # Errors
/// What the solver says of a network or a figure that cannot be solved.
pub fn reconcile(case: &Case, settings: &Settings) -> Result<Solved, String> {
    let given = given(case, settings);
    let reconciled = ::balance::reconcile(&given).map_err(|why| why.to_string())?;
    let answer = reconciled.answer();
    let mut solved = solved::of(case, settings, &answer);
    solved.explanations = explained::explanations(case, &reconciled);
    let books = accounting::books(case);
    for figure in &mut solved.figures {
        figure.accounting = books.text(&figure.stream, &figure.of);
    }
    solved.losses = loss::losses(case);
    solved.recoveries = loss::recoveries(&reconciled);
    solved.origins = origin::origins(case, &answer);
    solved.above_limit = above_limit(case, &solved.figures);
    Ok(solved)
}

/// The adjustments above the limits of the flowsheet, the largest first, in words: `residue Mn 4.20 sd`.
fn above_limit(case: &Case, figures: &[FigureLine]) -> Vec<String> {
    let limit = case.definition.limit_sds;
    let mut above: Vec<(Decimal, String)> = figures
        .iter()
        .filter_map(|figure| {
            let size = figure.adjustment.as_ref()?.parse::<Decimal>().ok()?.abs();
            let share = figure.percent_moved();
            let wide = case.definition.limit_percent.zip(share).is_some_and(|(most, share)| share > most);
            let words = format!("{} {} {} sd", figure.stream, figure.of, text::rounded(size, 2));
            (size > limit || wide).then_some((size, words))
        })
        .collect();
    above.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.cmp(y)));
    above.into_iter().map(|(_, words)| words).collect()
}

/// The reconciled value of a quantity as the solver has it.
fn value(answer: &Answer, stream: &str, of: &str) -> Option<f64> {
    let is = |value: &&answer::Value| value.stream.0 == stream && value.of.to_string() == of;
    answer.values.iter().find(is).and_then(|value| value.value)
}

#[cfg(test)]
pub(crate) mod tests {
    use kernel::MeasurementId;
    use measure::Unit;

    use crate::balance::{Measured, Source, Weight};

    /// Figures in short: `stream of value sd, …` in the units of a drawn flowsheet.
    pub(crate) fn measured(text: &str) -> Vec<Measured> {
        let one = |(at, line): (usize, &str)| {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let [stream, of, value, sd] = parts[..] else { panic!("`{line}` is no figure") };
            Measured {
                id: MeasurementId(at as u64 + 1),
                stream: stream.to_owned(),
                of: of.to_owned(),
                given: value.parse().unwrap(),
                unit: if of == "flow" { Unit::Tonne } else { Unit::Percent },
                value: value.trim_start_matches('<').parse().unwrap(),
                sd: sd.parse().ok(),
                weight: Weight::Stated,
                source: Source::Typed,
                reading: None,
                result: None,
                lot: None,
                replaces: None,
            }
        };
        text.split(',').enumerate().map(one).collect()
    }
}
