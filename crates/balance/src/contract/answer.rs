//! The output of a balance.

use serde::{Deserialize, Serialize};

use super::given::{Name, Of};

/// A solved balance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether every balance holds to the tolerance and no step is left to take.
    pub converged: bool,
    /// Steps taken.
    pub iterations: u32,
    /// Σ ((reconciled − measured) / sd)² over all measurements that took part; not a number, `null` where
    /// it is written, of what did not converge.
    #[serde(deserialize_with = "or_none")]
    pub objective: f64,
    /// Degrees of freedom: independent constraints less observable-by-constraint unmeasured quantities; 0 of
    /// what did not converge.
    pub dof: usize,
    /// The value χ² exceeds with probability 1 − confidence; none without redundancy.
    pub chi2_critical: Option<f64>,
    /// Whether the whole closes within what its measurements allow.
    pub global_test: GlobalTest,
    /// |z| above this is suspect: Šidák's level over all measurement tests.
    pub measurement_test_critical: Option<f64>,
    /// Every quantity of every stream, in the order of the input: the flow, then the components.
    pub values: Vec<Value>,
    /// Every balance of every node: of the flow, then of the components that conserve.
    pub nodes: Vec<NodeBalance>,
    /// What gross error would explain most, the first of all first: the order of serial elimination.
    pub suspects: Vec<Suspect>,
    /// Quantities that nothing determines.
    pub unobservable: Vec<Quantity>,
    /// Connected parts of the flowsheet, when there is more than one: the streams of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Vec<Name>>,
    /// What a reader must know: not converged and where, no redundancy, a part without feed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The same figures with nothing taken out, when suspects were eliminated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_elimination: Option<Before>,
}

/// χ² over the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlobalTest {
    /// The objective is not above the critical value.
    Pass,
    /// It is.
    Reject,
    /// There is no redundancy, so there is nothing to test; or nothing to test it on, as it did not converge.
    NotTestable,
}

/// One quantity of one stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// The stream.
    pub stream: Name,
    /// What of it.
    pub of: Of,
    /// What was measured.
    pub measured: Option<f64>,
    /// Its standard deviation.
    pub measured_sd: Option<f64>,
    /// The reconciled value; none when unobservable.
    pub value: Option<f64>,
    /// Its standard deviation; none when unobservable.
    pub sd: Option<f64>,
    /// Lower end of the interval at the stated confidence, not beyond what bounds the quantity.
    #[serde(default)]
    pub lower: Option<f64>,
    /// Upper end.
    #[serde(default)]
    pub upper: Option<f64>,
    /// What the balances make of it.
    pub class: Class,
    /// (reconciled − measured) / measured sd.
    pub adjustment: Option<f64>,
    /// |adjustment| over the standard deviation of the adjustment; normal when nothing is wrong.
    pub measurement_test: Option<f64>,
    /// The generalised likelihood ratio of a bias in this measurement: how far χ² falls when it is allowed.
    pub glr_bias: Option<f64>,
    /// The bias that explains most, in the unit of the quantity.
    pub bias_estimate: Option<f64>,
    /// The smallest bias that the measurement test finds with the stated power, in the unit of the quantity.
    pub detectability: Option<f64>,
    /// Whether a bound holds the value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_bound: bool,
}

/// What the balances make of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// Not decided: the balance did not converge.
    Undecided,
}

fn or_none<'de, D: serde::Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::<f64>::deserialize(from)?.unwrap_or(f64::NAN))
}

/// One balance of one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeBalance {
    /// The node.
    pub node: Name,
    /// Of the flow or a component.
    pub of: Of,
    /// In − out − gain, from the measured values; none when one of them is unmeasured.
    pub imbalance: Option<f64>,
    /// |imbalance| over its standard deviation.
    pub nodal_test: Option<f64>,
    /// The generalised likelihood ratio of a leak here.
    pub glr_leak: Option<f64>,
    /// The leak that explains most: positive when something is lost.
    pub leak_estimate: Option<f64>,
}

/// A gross error that would explain the imbalance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// 1 for what is taken out first.
    pub rank: u32,
    /// What it is.
    #[serde(flatten)]
    pub what: Blamed,
    /// The test statistic that picked it, before it is taken out.
    pub statistic: f64,
    /// What it had to exceed.
    pub critical: f64,
    /// χ² when it is taken out.
    pub objective_after: f64,
    /// Degrees of freedom then.
    pub dof_after: usize,
    /// Others that explain exactly as much: the data cannot tell them apart.
    pub ties: Vec<Blamed>,
}

/// What may be at fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Blamed {
    /// A measurement is biased.
    Bias {
        /// The stream.
        stream: Name,
        /// What of it.
        of: Of,
    },
    /// A node loses or gains what no stream carries.
    Leak {
        /// The node.
        node: Name,
        /// Of the flow or a component.
        of: Of,
    },
}

/// A quantity by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Quantity {
    /// The stream.
    pub stream: Name,
    /// What of it.
    pub of: Of,
}

/// What a reader must know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// A stable word, as `not-converged`: all of them are in `docs/balance.md`.
    pub code: String,
    /// In plain words, with names.
    pub message: String,
}

/// The figures before suspects were taken out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// χ² then.
    pub objective: f64,
    /// Degrees of freedom then.
    pub dof: usize,
    /// The critical value then.
    pub chi2_critical: Option<f64>,
    /// The test then.
    pub global_test: GlobalTest,
}
