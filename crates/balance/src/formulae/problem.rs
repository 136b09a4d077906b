//! What in the input of a formula cannot be right, where it stands, and what to do.

use std::fmt;

/// A fault of one field. It reads as `feed.pb: is negative (-0.2); …`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{field}: {fault}")]
pub struct Problem {
    /// The field as in the input, with the row from 1 in brackets: `assays_pct[2]`.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a field. Each says what to do about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// It is not there.
    #[error("is missing; give {0}")]
    Missing(&'static str),
    /// An empty cell or null.
    #[error("is blank; a blank is not zero: give the number, or leave the whole row out")]
    Blank,
    /// `<0.01`, `>10`.
    #[error(
        "`{0}` is a limit, not a value, and is never taken as a number; measure it, or leave the row out"
    )]
    Censored(String),
    /// Other words.
    #[error("`{0}` is not a number; write it as 12.5, with a decimal point and no unit")]
    NotANumber(String),
    /// NaN or an infinity.
    #[error("is not a finite number ({0}); give the measured value")]
    NotFinite(f64),
    /// Zero or below where that means nothing.
    #[error("is {0}; it must be above zero")]
    NotPositive(f64),
    /// Below zero where that means nothing.
    #[error("is negative ({0}); it must be zero or more")]
    Negative(f64),
    /// Outside its range.
    #[error("is {value}; it must lie between {low} and {high}")]
    Outside {
        /// The value.
        value: f64,
        /// The least.
        low: f64,
        /// The most.
        high: f64,
    },
    /// Columns of unequal length.
    #[error("has {have} values where `{like}` has {need}; each row needs one of each")]
    Lengths {
        /// How many there are.
        have: usize,
        /// How many there should be.
        need: usize,
        /// Compared with which field.
        like: String,
    },
    /// Not enough to calculate with.
    #[error("has {have}; at least {need} are needed {why}")]
    TooFew {
        /// How many there are.
        have: usize,
        /// How many it takes.
        need: usize,
        /// For what.
        why: String,
    },
    /// A column that must rise does not.
    #[error("is {value}, not above the one before it ({before}); sort the rows and give each once")]
    NotRising {
        /// The value.
        value: f64,
        /// The one before.
        before: f64,
    },
    /// A word that is not known, a key that is not read, a shape that does not fit.
    #[error("{0}")]
    Unreadable(String),
    /// The figures contradict each other or the formula has no answer for them.
    #[error("{what}; {remedy}")]
    Impossible {
        /// What contradicts what, with the values.
        what: String,
        /// What to do.
        remedy: String,
    },
}

impl Problem {
    /// A fault of a field.
    pub fn new(field: impl fmt::Display, fault: Fault) -> Problem {
        Problem { field: field.to_string(), fault }
    }

    pub(super) fn missing(field: impl fmt::Display, give: &'static str) -> Problem {
        Problem::new(field, Fault::Missing(give))
    }

    pub(super) fn unreadable(field: impl fmt::Display, why: impl fmt::Display) -> Problem {
        Problem::new(field, Fault::Unreadable(why.to_string()))
    }

    pub(super) fn impossible(
        field: impl fmt::Display,
        what: impl fmt::Display,
        remedy: impl fmt::Display,
    ) -> Problem {
        let (what, remedy) = (what.to_string(), remedy.to_string());
        Problem::new(field, Fault::Impossible { what, remedy })
    }
}
