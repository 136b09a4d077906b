//! The input of a balance.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A flowsheet and what was measured on it. Flows in one unit of mass (per time or per period), components as
/// mass fractions of the flow in one unit for each component (1, %, g/t: the unit does not matter to the
/// answer, except to [`Sum::to`]).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// What flows from where to where.
    pub streams: Vec<Stream>,
    /// What a node (a tank, a stockpile) gained over the period. A node that is not listed gained nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inventory: Vec<Inventory>,
    /// What is followed beside the flow itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<Component>,
    /// What was measured; whatever is not listed is unmeasured.
    #[serde(default)]
    pub measurements: Vec<Measurement>,
    /// What is known without error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<Fixed>,
    /// Between which values something must lie.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
    /// Components that add up to a whole in every stream.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<Sum>,
    /// Components that are the sum of others: the assay of the whole from those of its size classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Total>,
    /// Further linear constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Several data sets on this flowsheet, each with measurements of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<Set>,
    /// How it is solved.
    #[serde(default)]
    pub options: Options,
}

/// What was measured over one shift, day or test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Its name; unique.
    pub name: Name,
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// What the nodes gained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inventory: Vec<Inventory>,
    /// What is known without error in this set, beside what is in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<Fixed>,
    /// Bounds of this set, beside those of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bounds: Vec<Bound>,
}

/// A stream. Where `from` is absent it is a feed, where `to` is absent it is a product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Its name; unique.
    pub name: Name,
    /// The node it leaves.
    #[serde(default, alias = "frm")]
    pub from: Option<Name>,
    /// The node it enters.
    #[serde(default)]
    pub to: Option<Name>,
}

/// The name of a stream, a node or a component. A whole number is taken as its digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub String);

/// Which quantity of a stream: its flow, or a component by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    /// `"flow"`.
    #[default]
    Flow,
    /// The component's share of the flow.
    Component(Name),
}

/// What a node gained: positive when there is more of it at the end than at the beginning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// The node.
    pub node: Name,
    /// Of the flow, or of a component (then as an amount: flow unit × component unit).
    #[serde(default)]
    pub of: Of,
    /// The gain.
    pub change: f64,
    /// Its standard deviation; without it the gain is taken as exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
}

/// A component: `"Cu"`, `{"name": "heat", "conserves": false}`, or `{"name": "Cu in fines", "of": "fines"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "ComponentText")]
pub struct Component {
    /// Its name; unique, and not `flow`.
    pub name: Name,
    /// Whether what enters a node leaves it. True when left out.
    pub conserves: bool,
    /// Nodes where it does not all the same: a size class at the mill.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<Name>,
    /// The component of which it is a share: a size class, the solids of a slurry. Of the flow when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Name>,
}

/// A measured value with its standard deviation, or a censored one with its limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// The stream.
    pub stream: Name,
    /// What of it.
    pub of: Of,
    /// The value. Left out for a censored one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its standard deviation; positive. There is no default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// Reported as less than this: an interval from 0 to the limit, never a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// Reported as more than this: an interval from the limit upwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
}

/// Something known without error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// The stream.
    pub stream: Name,
    /// What of it.
    pub of: Of,
    /// The value.
    pub value: f64,
}

/// Between which values something must lie. Flows and components are never below zero, said or not, unless a
/// lower bound says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The stream.
    pub stream: Name,
    /// What of it.
    pub of: Of,
    /// Not below this.
    #[serde(default, alias = "min", skip_serializing_if = "Option::is_none")]
    pub lower: Option<f64>,
    /// Not above this.
    #[serde(default, alias = "max", skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
}

/// Components that add up to a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Which.
    pub components: Vec<Name>,
    /// To how much: 1, 100, 1e6, in the unit of the components.
    pub to: f64,
    /// In which streams; in all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streams: Option<Vec<Name>>,
}

/// A component that is the sum of others. Those that are shares of the same amount as it are added as they
/// are; those that are shares of one of its components, with the share that this component has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// The component that is the sum.
    pub component: Name,
    /// What it is the sum of.
    pub parts: Vec<Name>,
    /// What the shares of the parts' own wholes (the size classes) add up to: 1, or 100 when they are in %.
    #[serde(default = "one")]
    pub whole: f64,
    /// In which streams; in all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streams: Option<Vec<Name>>,
}

/// A linear constraint between quantities of one kind: Σ factor × quantity = `equals`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// The terms.
    pub terms: Vec<Term>,
    /// Their sum.
    pub equals: f64,
}

/// One term of a constraint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The stream.
    pub stream: Name,
    /// What of it.
    pub of: Of,
    /// Times this.
    pub factor: f64,
}

/// How a balance is solved and judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Of intervals and tests: 0.95.
    pub confidence: f64,
    /// How outliers are weighed.
    pub robust: Robust,
    /// Whether suspects are taken out one after the other, and the answer is what remains.
    pub eliminate: bool,
    /// The power with which a bias of the size of [`Value::detectability`] is found: 0.9.
    pub power: f64,
}

/// The estimator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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

impl Default for Options {
    fn default() -> Self {
        Options { confidence: 0.95, robust: Robust::None, eliminate: false, power: 0.9 }
    }
}

impl Component {
    /// A component that conserves, a share of the flow.
    pub fn named(name: Name) -> Self {
        Component { name, conserves: true, except: Vec::new(), of: None }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Of::Flow => f.write_str("flow"),
            Of::Component(name) => name.fmt(f),
        }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Name(text.to_owned())
    }
}

impl From<&str> for Of {
    fn from(text: &str) -> Self {
        if text == "flow" { Of::Flow } else { Of::Component(text.into()) }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Serialize for Of {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum NameText {
    Words(String),
    Number(i64),
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match NameText::deserialize(deserializer)? {
            NameText::Words(words) => Name(words),
            NameText::Number(number) => Name(number.to_string()),
        })
    }
}

impl<'de> Deserialize<'de> for Of {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Name::deserialize(deserializer).map(|name| Of::from(name.0.as_str()))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ComponentText {
    Name(Name),
    Whole {
        name: Name,
        #[serde(default = "yes")]
        conserves: bool,
        #[serde(default)]
        except: Vec<Name>,
        #[serde(default)]
        of: Option<Name>,
    },
}

fn yes() -> bool {
    true
}

fn one() -> f64 {
    1.0
}

impl From<ComponentText> for Component {
    fn from(text: ComponentText) -> Self {
        match text {
            ComponentText::Name(name) => Component::named(name),
            ComponentText::Whole { name, conserves, except, of } => Component { name, conserves, except, of },
        }
    }
}
