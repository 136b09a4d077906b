//! The conditions that figures of test work must meet before a formula is worked with them.

use std::fmt::Display;

use super::problem::{Fault, Problem};

/// A number that is one.
pub fn finite(field: impl Display, value: f64) -> Result<f64, Problem> {
    if value.is_finite() { Ok(value) } else { Err(Problem::new(field, Fault::NotFinite(value))) }
}

/// Above zero.
pub fn positive(field: impl Display, value: f64) -> Result<f64, Problem> {
    let value = finite(&field, value)?;
    if value > 0.0 { Ok(value) } else { Err(Problem::new(field, Fault::NotPositive(value))) }
}

/// Zero or more.
pub fn not_negative(field: impl Display, value: f64) -> Result<f64, Problem> {
    let value = finite(&field, value)?;
    if value >= 0.0 { Ok(value) } else { Err(Problem::new(field, Fault::Negative(value))) }
}

/// From `low` to `high`, both allowed.
pub fn within(field: impl Display, value: f64, low: f64, high: f64) -> Result<f64, Problem> {
    let value = finite(&field, value)?;
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(Problem::new(field, Fault::Outside { value, low, high }))
}

/// An assay in per cent.
pub fn percent(field: impl Display, value: f64) -> Result<f64, Problem> {
    within(field, value, 0.0, 100.0)
}

/// The confidence of intervals and tests, strictly between 0.5 and 1.
pub fn confidence(value: f64) -> Result<f64, Problem> {
    if value > 0.5 && value < 1.0 {
        return Ok(value);
    }
    Err(Problem::new("confidence", Fault::Outside { value, low: 0.5, high: 1.0 }))
}

/// Every value of a column, by a condition, named by its row from 1.
pub fn each(
    field: &str,
    values: &[f64],
    condition: fn(String, f64) -> Result<f64, Problem>,
) -> Result<(), Problem> {
    values.iter().enumerate().try_for_each(|(at, value)| condition(row(field, at), *value).map(drop))
}

/// A column that rises from row to row.
pub fn rising(field: &str, values: &[f64]) -> Result<(), Problem> {
    for (at, pair) in values.windows(2).enumerate() {
        if pair[1] <= pair[0] {
            let fault = Fault::NotRising { value: pair[1], before: pair[0] };
            return Err(Problem::new(row(field, at + 1), fault));
        }
    }
    Ok(())
}

/// As many values as another column.
pub fn as_long(field: &str, have: usize, like: &str, need: usize) -> Result<(), Problem> {
    if have == need {
        return Ok(());
    }
    Err(Problem::new(field, Fault::Lengths { have, need, like: like.to_owned() }))
}

/// Enough values.
pub fn at_least(field: &str, have: usize, need: usize, why: &str) -> Result<(), Problem> {
    if have >= need {
        return Ok(());
    }
    Err(Problem::new(field, Fault::TooFew { have, need, why: why.to_owned() }))
}

/// The name of a row, counted from 1 as people do.
pub fn row(field: &str, at: usize) -> String {
    format!("{field}[{}]", at + 1)
}
