//! What a reconciliation leaves behind: every number as decimal text, every judgement as a word.

use std::fmt;

use ::balance as answer;
use ::balance::Answer;
use kernel::MeasurementId;
use measure::Decimal;
use serde::{Deserialize, Serialize};

use super::explained::Explanation;
use super::text::{float, significant};
use super::{Case, DIGITS, DIGITS_OF_SPREAD};

/// How outliers are weighed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Robust {
    /// Weighted least squares.
    #[default]
    None,
    /// Huber's M-estimator.
    Huber,
    /// The contaminated normal of Tjoa and Biegler.
    ContaminatedNormal,
}

/// How a balance is solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Of intervals and tests.
    pub confidence: Decimal,
    /// How outliers are weighed.
    pub robust: Robust,
    /// Whether suspects were taken out.
    pub eliminate: bool,
}

impl Settings {
    /// The usual confidence.
    pub const CONFIDENCE: Decimal = Decimal::from_parts(95, 0, 0, false, 2);
}

impl Default for Settings {
    fn default() -> Self {
        Settings { confidence: Settings::CONFIDENCE, robust: Robust::None, eliminate: false }
    }
}

/// Whether the whole closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Closes {
    /// Within what its measurements allow.
    Yes,
    /// Not within that.
    No,
    /// Nothing is measured twice, so nothing can be said.
    NotTestable,
}

/// What the balances make of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Measured, and the balances determine it too.
    Redundant,
    /// Measured, and the balances say nothing of it.
    NonRedundant,
    /// Not measured, and the balances determine it.
    Observable,
    /// Not measured, and nothing determines it.
    Unobservable,
    /// Known without error.
    Fixed,
}

impl Class {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Class::Redundant => "redundant",
            Class::NonRedundant => "non-redundant",
            Class::Observable => "observable",
            Class::Unobservable => "unobservable",
            Class::Fixed => "fixed",
        }
    }
}

/// What may be at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum What {
    /// A measurement is biased.
    Bias {
        /// The stream.
        stream: String,
        /// What of it.
        of: String,
    },
    /// A node loses or gains what no stream carries.
    Leak {
        /// The node.
        node: String,
        /// Of the flow or a component.
        of: String,
    },
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Bias { stream, of } => write!(f, "{stream} {of}"),
            What::Leak { node, of } => write!(f, "{node} ({of})"),
        }
    }
}

/// One quantity of one stream with its three figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureLine {
    /// The stream.
    pub stream: String,
    /// What of it.
    pub of: String,
    /// The figure it was measured by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measurement: Option<MeasurementId>,
    /// As measured, in the unit of the flowsheet; a limit keeps its sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// The standard deviation of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_sd: Option<String>,
    /// As the accounting rule makes it close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounting: Option<String>,
    /// As the least squares of the whole make it close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconciled: Option<String>,
    /// The standard deviation of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<String>,
    /// What the balances make of it.
    pub class: Class,
    /// (reconciled − raw) in standard deviations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<String>,
    /// The measurement test: normal when nothing is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// The bias that explains most, in the unit of the quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<String>,
    /// How far χ² falls when that bias is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glr: Option<String>,
    /// The smallest bias that would be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detectability: Option<String>,
}

impl FigureLine {
    /// How far it was moved, % of the measured value.
    pub fn percent_moved(&self) -> Option<Decimal> {
        let raw: Decimal = self.raw.as_ref()?.parse().ok()?;
        let reconciled: Decimal = self.reconciled.as_ref()?.parse().ok()?;
        ((reconciled - raw).abs() * Decimal::ONE_HUNDRED).checked_div(raw.abs())
    }
}

/// One balance of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLine {
    /// The node.
    pub node: String,
    /// Of the flow or a component.
    pub of: String,
    /// In − out − gain from the measured values, in the unit of flows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imbalance: Option<String>,
    /// That over its standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// How far χ² falls when a leak here is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glr: Option<String>,
    /// The leak that explains most: positive when something is lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leak: Option<String>,
}

/// A gross error that would explain the imbalance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// What.
    pub what: What,
    /// The statistic that picked it.
    pub statistic: String,
    /// What it had to exceed.
    pub critical: String,
    /// χ² without it.
    pub objective_after: String,
    /// Degrees of freedom then.
    pub dof_after: u32,
    /// What explains exactly as much.
    pub ties: Vec<What>,
}

/// What went in and did not come out, from the raw figures, over the whole flowsheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Of the flow or a component; a component as its mass in the unit of flows.
    pub of: String,
    /// What went in: feeds less what stock gained.
    pub entered: String,
    /// What went in and is not in any product: positive when something is missing.
    pub lost: String,
    /// The standard deviation of that.
    pub sd: String,
}

/// The share of a component that a product carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// The product.
    pub stream: String,
    /// Of the flow (the yield) or a component.
    pub of: String,
    /// From the reconciled figures, %.
    pub percent: String,
    /// Its standard deviation, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<String>,
    /// The ends of its interval at the balance's confidence, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(String, String)>,
}

/// Which part of a product came from which feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The product.
    pub stream: String,
    /// The feed, or `stock NODE` for what lay there before.
    pub feed: String,
    /// Its share, 0 to 1.
    pub share: String,
}

/// What a reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// A stable word.
    pub code: String,
    /// In plain words, with names.
    pub message: String,
}

/// A solved balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solved {
    /// How it was solved.
    pub settings: Settings,
    /// Whether the solver came to rest.
    pub converged: bool,
    /// Steps taken.
    pub iterations: u32,
    /// χ².
    pub objective: String,
    /// Degrees of freedom.
    pub dof: u32,
    /// What χ² had to stay below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<String>,
    /// Whether it did.
    pub global: Closes,
    /// Measurement tests above this are suspect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_critical: Option<String>,
    /// Every quantity of every stream.
    pub figures: Vec<FigureLine>,
    /// Every balance of every node.
    pub nodes: Vec<NodeLine>,
    /// What may be at fault, in the order of elimination.
    pub suspects: Vec<Suspect>,
    /// The fewest faults that together explain it, the likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<Explanation>,
    /// Unaccounted losses.
    pub losses: Vec<Loss>,
    /// Recoveries.
    pub recoveries: Vec<Recovery>,
    /// Where products come from.
    pub origins: Vec<Origin>,
    /// Adjustments above one person's authority, the largest first.
    pub above_limit: Vec<String>,
    /// The figures it rests on, stock-takes with them.
    pub used: Vec<MeasurementId>,
    /// What a reader must know.
    pub notes: Vec<Note>,
}

impl Solved {
    /// Whether it came to rest and closes within its stated uncertainty.
    pub fn closes(&self) -> bool {
        self.converged && self.global == Closes::Yes
    }

    /// What breaks it: the faults of the likeliest explanation, or else the first suspects.
    pub fn named(&self) -> Vec<String> {
        match self.explanations.first() {
            Some(first) => first.faults.iter().map(|fault| fault.cause.to_string()).collect(),
            None => self.suspects.iter().take(3).map(|suspect| suspect.what.to_string()).collect(),
        }
    }

    /// The line of a quantity.
    pub fn figure(&self, stream: &str, of: &str) -> Option<&FigureLine> {
        self.figures.iter().find(|figure| figure.stream == stream && figure.of == of)
    }
}

/// An answer of the solver as text; what the solver does not know is still empty.
pub(super) fn of(case: &Case, settings: &Settings, answer: &Answer) -> Solved {
    let spread = |number: f64| significant(number, DIGITS_OF_SPREAD);
    Solved {
        settings: *settings,
        converged: answer.converged,
        iterations: answer.iterations,
        objective: if answer.converged { spread(answer.objective) } else { "–".to_owned() },
        dof: count(answer.dof),
        critical: answer.chi2_critical.map(spread),
        global: match answer.global_test {
            answer::GlobalTest::Pass => Closes::Yes,
            answer::GlobalTest::Reject => Closes::No,
            answer::GlobalTest::NotTestable => Closes::NotTestable,
        },
        test_critical: answer.measurement_test_critical.map(spread),
        figures: answer.values.iter().map(|value| figure(case, value)).collect(),
        nodes: answer.nodes.iter().map(|of| node(case, of)).collect(),
        suspects: answer.suspects.iter().map(suspect).collect(),
        explanations: Vec::new(),
        losses: Vec::new(),
        recoveries: Vec::new(),
        origins: Vec::new(),
        above_limit: Vec::new(),
        used: case.measured.iter().map(|m| m.id).chain(case.stocks.iter().map(|s| s.id)).collect(),
        notes: answer
            .notes
            .iter()
            .map(|note| Note { code: note.code.clone(), message: note.message.clone() })
            .collect(),
    }
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn figure(case: &Case, value: &answer::Value) -> FigureLine {
    let (stream, of) = (value.stream.to_string(), value.of.to_string());
    let measured = case.measured(&stream, &of);
    let raw = measured.map(|measured| match measured.given.sign {
        crate::given::Sign::Equal => measured.value.normalize().to_string(),
        crate::given::Sign::Below => format!("<{}", measured.value.normalize()),
        crate::given::Sign::Above => format!(">{}", measured.value.normalize()),
    });
    let spread = |number: f64| significant(number, DIGITS_OF_SPREAD);
    FigureLine {
        measurement: measured.map(|measured| measured.id),
        raw,
        raw_sd: measured.and_then(|measured| measured.sd).map(|sd| spread(float(sd))),
        accounting: None,
        reconciled: value.value.map(|number| significant(number, DIGITS)),
        sd: value.sd.map(spread),
        class: match value.class {
            answer::Class::Redundant => Class::Redundant,
            answer::Class::NonRedundant => Class::NonRedundant,
            answer::Class::Observable => Class::Observable,
            // its value is none, and `converged` says why
            answer::Class::Unobservable | answer::Class::Undecided => Class::Unobservable,
            answer::Class::Fixed => Class::Fixed,
        },
        adjustment: value.adjustment.map(spread),
        test: value.measurement_test.map(spread),
        bias: value.bias_estimate.map(spread),
        glr: value.glr_bias.map(spread),
        detectability: value.detectability.map(spread),
        stream,
        of,
    }
}

/// Imbalances and leaks are masses in the unit of flows, also of a component.
fn node(case: &Case, of: &answer::NodeBalance) -> NodeLine {
    let spread = |number: f64| significant(number, DIGITS_OF_SPREAD);
    let unit = match &of.of {
        answer::Of::Flow => 1.0,
        answer::Of::Component(name) => float(case.share_unit(&name.0)),
    };
    let mass = |number: f64| spread(number * unit);
    NodeLine {
        node: of.node.to_string(),
        of: of.of.to_string(),
        imbalance: of.imbalance.map(mass),
        test: of.nodal_test.map(spread),
        glr: of.glr_leak.map(spread),
        leak: of.leak_estimate.map(mass),
    }
}

fn suspect(of: &answer::Suspect) -> Suspect {
    let spread = |number: f64| significant(number, DIGITS_OF_SPREAD);
    Suspect {
        what: what(&of.what),
        statistic: spread(of.statistic),
        critical: spread(of.critical),
        objective_after: spread(of.objective_after),
        dof_after: count(of.dof_after),
        ties: of.ties.iter().map(what).collect(),
    }
}

pub(super) fn what(of: &answer::Blamed) -> What {
    match of {
        answer::Blamed::Bias { stream, of } => What::Bias { stream: stream.to_string(), of: of.to_string() },
        answer::Blamed::Leak { node, of } => What::Leak { node: node.to_string(), of: of.to_string() },
    }
}
