//! The fewest faults that together explain why a balance does not close.

use std::fmt;

use ::balance as answer;
use ::balance::{Quantity, Reconciled};
use serde::{Deserialize, Serialize};

use super::solved::{What, count, what};
use super::text::significant;
use super::{Case, DIGITS_OF_SPREAD};

/// Faults that together explain it; the first of several is the likeliest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The faults.
    pub faults: Vec<Fault>,
    /// χ² without them.
    pub objective: String,
    /// Degrees of freedom then.
    pub dof: u32,
    /// The probability of a larger χ² where nothing else is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<String>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What it is.
    #[serde(flatten)]
    pub cause: Cause,
    /// How large: a bias in the unit of its figure, a leak in the unit of mass, positive when something is
    /// lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Its standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<String>,
    /// What would explain exactly as much in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<What>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// Two assays stand under each other's name.
    Exchange {
        /// The one: stream and component.
        one: (String, String),
        /// The other.
        other: (String, String),
    },
    /// A measurement is biased.
    Bias {
        /// The stream.
        stream: String,
        /// What of it.
        of: String,
    },
    /// A node loses or gains what no stream carries, with the composition of what enters it.
    Leak {
        /// The node.
        node: String,
    },
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Exchange { one, other } => write!(f, "{} {} ↔ {} {}", one.0, one.1, other.0, other.1),
            Cause::Bias { stream, of } => write!(f, "{stream} {of}"),
            Cause::Leak { node } => write!(f, "{node}"),
        }
    }
}

/// What explains it. One component of two streams may have been exchanged (two samples under each other's
/// name), and two components of one stream that share a unit (two columns).
pub(super) fn explanations(case: &Case, reconciled: &Reconciled) -> Vec<Explanation> {
    let unit = |of: &Quantity| case.definition.unit_of(&of.of.to_string());
    let alike = |one: &Quantity, other: &Quantity| {
        let assays = one.of != answer::Of::Flow && other.of != answer::Of::Flow;
        assays && (one.of == other.of || one.stream == other.stream && unit(one) == unit(other))
    };
    reconciled.explain(&alike).explanations.iter().map(explanation).collect()
}

fn explanation(of: &answer::Explanation) -> Explanation {
    let spread = |number: f64| significant(number, DIGITS_OF_SPREAD);
    Explanation {
        faults: of.faults.iter().map(fault).collect(),
        objective: spread(of.objective),
        dof: count(of.dof),
        probability: of.p_value.map(|probability| significant(probability, 2)),
    }
}

fn fault(of: &answer::Fault) -> Fault {
    let spread = |number: f64| significant(number, DIGITS_OF_SPREAD);
    let name = |of: &Quantity| (of.stream.to_string(), of.of.to_string());
    let cause = match &of.what {
        answer::Cause::Exchange { one, other } => Cause::Exchange { one: name(one), other: name(other) },
        answer::Cause::Bias(of) => Cause::Bias { stream: of.stream.to_string(), of: of.of.to_string() },
        answer::Cause::Leak { node } => Cause::Leak { node: node.to_string() },
    };
    let ties = of.ties.iter().map(what).collect();
    Fault { cause, size: of.estimate.map(spread), sd: of.sd.map(spread), ties }
}
