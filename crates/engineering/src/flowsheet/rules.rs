//! What a flowsheet version is, and what is refused of one. Pure.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Code, Ref, Refusal, Refuse};
use measure::{Decimal, Dimension, Unit};
use serde::{Deserialize, Serialize};

use super::statements::{Equation, Limit, Sum, Total};
use crate::given::{NameList, YesNo};

/// The word for the flow itself where a component could stand.
pub const FLOW: &str = "flow";

/// Adjustments above so many standard deviations need a second person, unless the version says otherwise.
pub const LIMIT_SDS: Decimal = Decimal::from_parts(3, 0, 0, false, 0);

/// A place where streams meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its name; streams begin and end here.
    pub name: Code,
    /// What it is called in English; its name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<Code>,
    /// What it is called in Chinese; its name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_zh: Option<Code>,
    /// Whether it holds stock from one period to the next: a tank, a stockpile.
    #[serde(default, skip_serializing_if = "is_no")]
    pub stock: YesNo,
    /// The stream whose accounting figure is what the others leave: the accounting rule of this node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_on: Option<Code>,
}

fn is_no(yes: &YesNo) -> bool {
    !yes.0
}

/// What flows from one node to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Its name.
    pub name: Code,
    /// The node it leaves; left out, it is a feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Code>,
    /// The node it enters; left out, it is a product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Code>,
    /// What it is called in English; its name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_en: Option<Code>,
    /// What it is called in Chinese; its name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_zh: Option<Code>,
    /// How well its flow is to be known: target standard deviation, % of the flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub target_percent: Option<Decimal>,
}

/// What is followed beside the flow itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// An element, an oxide or another name: `Mn`, `TREO`.
    pub name: Code,
    /// The unit of its share: %, g/t, mg/kg; of dry mass.
    #[schema(value_type = String)]
    pub unit: Unit,
    /// Whether it is made or destroyed on the way, so that it is not balanced.
    #[serde(default, skip_serializing_if = "is_no")]
    pub reacts: YesNo,
    /// The component of which it is a share: the solids, a size class; of the flow when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Code>,
    /// Nodes where it is not balanced all the same: a size class at the mill.
    #[serde(default, skip_serializing_if = "NameList::is_empty")]
    pub except: NameList,
}

/// What a flowsheet version says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The unit of flows over the period: t, kg; dry mass.
    pub unit: Unit,
    /// Where streams meet.
    pub nodes: Vec<Node>,
    /// What flows.
    pub streams: Vec<Stream>,
    /// What is followed.
    pub components: Vec<Component>,
    /// Shares that add up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<Sum>,
    /// Components that are sums of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Total>,
    /// What is known of a stream whatever is measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Equations between streams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equations: Vec<Equation>,
    /// Adjustments of more standard deviations than this need a second person.
    pub limit_sds: Decimal,
    /// So do adjustments of more than this share of the measured value, %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_percent: Option<Decimal>,
}

impl Definition {
    /// The stream of this name.
    pub fn stream(&self, name: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.name.as_str() == name)
    }

    /// The node of this name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name.as_str() == name)
    }

    /// The unit of a quantity: of the flow, or of a component.
    pub fn unit_of(&self, quantity: &str) -> Option<Unit> {
        if quantity == FLOW {
            return Some(self.unit);
        }
        self.component(quantity).map(|part| part.unit)
    }

    /// The component of this name.
    pub fn component(&self, name: &str) -> Option<&Component> {
        self.components.iter().find(|part| part.name.as_str() == name)
    }

    /// Every quantity: the flow, then the components.
    pub fn quantities(&self) -> impl Iterator<Item = &str> {
        std::iter::once(FLOW).chain(self.components.iter().map(|part| part.name.as_str()))
    }

    /// The feeds: streams from outside.
    pub fn feeds(&self) -> impl Iterator<Item = &Stream> {
        self.streams.iter().filter(|stream| stream.from.is_none())
    }

    /// The products: streams to outside.
    pub fn products(&self) -> impl Iterator<Item = &Stream> {
        self.streams.iter().filter(|stream| stream.to.is_none())
    }

    /// With the nodes that streams name and nobody listed.
    #[must_use]
    pub fn with_all_nodes(mut self) -> Self {
        if !self.nodes.is_empty() {
            return self;
        }
        let mut seen = BTreeSet::new();
        let ends = self.streams.iter().flat_map(|stream| [&stream.from, &stream.to]).flatten();
        let fresh: Vec<Code> = ends.filter(|name| seen.insert((*name).clone())).cloned().collect();
        let plain =
            |name| Node { name, label_en: None, label_zh: None, stock: YesNo(false), closes_on: None };
        self.nodes = fresh.into_iter().map(plain).collect();
        self
    }

    /// What is wrong with it, if anything is.
    ///
    /// # Errors
    /// The first fault, by name.
    pub fn check(&self) -> Result<(), FlowsheetRefused> {
        self.check_units()?;
        self.check_names()?;
        self.check_streams()?;
        self.check_closing()?;
        self.check_feeds()?;
        self.check_statements()
    }

    fn check_units(&self) -> Result<(), FlowsheetRefused> {
        if self.unit.dimension() != Dimension::Mass {
            return Err(FlowsheetRefused::Unit { of: FLOW.to_owned(), unit: self.unit.symbol().to_owned() });
        }
        let wrong = self.components.iter().find(|part| part.unit.dimension() != Dimension::Fraction);
        match wrong {
            Some(part) => {
                Err(FlowsheetRefused::Unit { of: part.name.to_string(), unit: part.unit.symbol().to_owned() })
            }
            None => Ok(()),
        }
    }

    fn check_names(&self) -> Result<(), FlowsheetRefused> {
        let twice = |names: Vec<&Code>| {
            let mut seen = BTreeSet::new();
            names.into_iter().find(|name| !seen.insert((*name).clone())).cloned()
        };
        let parts: Vec<&Code> = self.components.iter().map(|part| &part.name).collect();
        if parts.iter().any(|name| name.as_str() == FLOW) {
            return Err(FlowsheetRefused::Twice(FLOW.to_owned()));
        }
        let lists = [
            self.nodes.iter().map(|node| &node.name).collect(),
            self.streams.iter().map(|stream| &stream.name).collect(),
            parts,
        ];
        match lists.into_iter().find_map(twice) {
            Some(name) => Err(FlowsheetRefused::Twice(name.to_string())),
            None => Ok(()),
        }
    }

    fn check_streams(&self) -> Result<(), FlowsheetRefused> {
        if self.streams.is_empty() {
            return Err(FlowsheetRefused::NoStreams);
        }
        for stream in &self.streams {
            let name = stream.name.to_string();
            if stream.from == stream.to {
                return Err(FlowsheetRefused::Nowhere(name));
            }
            let ends = [&stream.from, &stream.to].into_iter().flatten();
            for end in ends {
                if self.node(end.as_str()).is_none() {
                    return Err(FlowsheetRefused::UnknownNode { stream: name, node: end.to_string() });
                }
            }
        }
        Ok(())
    }

    fn check_closing(&self) -> Result<(), FlowsheetRefused> {
        for node in &self.nodes {
            let touched = |stream: &&Stream| {
                stream.from.as_ref() == Some(&node.name) || stream.to.as_ref() == Some(&node.name)
            };
            let mut touching = self.streams.iter().filter(touched).peekable();
            if touching.peek().is_none() {
                return Err(FlowsheetRefused::Alone(node.name.to_string()));
            }
            if let Some(closing) = &node.closes_on
                && !touching.any(|stream| stream.name == *closing)
            {
                let (node, stream) = (node.name.to_string(), closing.to_string());
                return Err(FlowsheetRefused::ClosesOn { node, stream });
            }
        }
        Ok(())
    }

    /// Every connected part needs a feed and a product; what goes round by itself cannot be balanced.
    fn check_feeds(&self) -> Result<(), FlowsheetRefused> {
        for part in self.parts() {
            let of = |stream: &&Stream| part.contains(stream.name.as_str());
            let first = || part.iter().next().map(|name| (*name).to_owned()).unwrap_or_default();
            if !self.feeds().any(|stream| of(&stream)) {
                return Err(FlowsheetRefused::NoFeed(first()));
            }
            if !self.products().any(|stream| of(&stream)) {
                return Err(FlowsheetRefused::NoProduct(first()));
            }
        }
        Ok(())
    }

    /// The names of the streams of each connected part.
    fn parts(&self) -> Vec<BTreeSet<&str>> {
        let mut of_node: BTreeMap<&str, Vec<&Stream>> = BTreeMap::new();
        for stream in &self.streams {
            for end in [&stream.from, &stream.to].into_iter().flatten() {
                of_node.entry(end.as_str()).or_default().push(stream);
            }
        }
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut parts = Vec::new();
        for start in &self.streams {
            if seen.contains(start.name.as_str()) {
                continue;
            }
            let mut part = BTreeSet::new();
            let mut open = vec![start];
            while let Some(stream) = open.pop() {
                if !seen.insert(stream.name.as_str()) {
                    continue;
                }
                part.insert(stream.name.as_str());
                for end in [&stream.from, &stream.to].into_iter().flatten() {
                    open.extend(of_node.remove(end.as_str()).into_iter().flatten());
                }
            }
            parts.push(part);
        }
        parts
    }
}

/// Refusals, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowsheetRefused {
    /// A record that is named does not exist.
    NoSuch(Ref),
    /// The code is another flowsheet's.
    CodeTaken(String),
    /// The flowsheet has a version of that name.
    EditionTaken(String),
    /// A unit that is none of mass, or none of a share.
    Unit {
        /// Of which quantity.
        of: String,
        /// The unit.
        unit: String,
    },
    /// Two nodes, streams or components of one name.
    Twice(String),
    /// A version without streams.
    NoStreams,
    /// A stream that begins where it ends, or nowhere at both ends.
    Nowhere(String),
    /// A stream to or from a node that is not listed.
    UnknownNode {
        /// Which stream.
        stream: String,
        /// Which node.
        node: String,
    },
    /// A node that no stream touches.
    Alone(String),
    /// A node that closes on a stream that does not touch it.
    ClosesOn {
        /// Which node.
        node: String,
        /// On which stream.
        stream: String,
    },
    /// A connected part without a feed; one of its streams.
    NoFeed(String),
    /// A connected part without a product; one of its streams.
    NoProduct(String),
    /// A name in a statement that is none of the flowsheet's.
    Unknown {
        /// In which list.
        list: &'static str,
        /// In which line of it, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// A component that is in the end a share of itself.
    Circle(String),
    /// A statement about no component.
    SaysNothing {
        /// In which list.
        list: &'static str,
        /// In which line of it, from 1.
        line: usize,
    },
    /// Components of different units that are to be added.
    Units {
        /// In which list.
        list: &'static str,
        /// In which line of it, from 1.
        line: usize,
        /// The unit that is another one.
        unit: String,
    },
    /// A limit that says nothing, contradicts itself, or is the second of its quantity.
    Limit {
        /// In which line, from 1.
        line: usize,
        /// Of which stream.
        stream: String,
        /// Of the flow or a component.
        of: String,
    },
}

impl Refuse for FlowsheetRefused {
    fn refusal(&self) -> Refusal {
        let clause = "AMIRA P754:2007 principle 1";
        match self {
            Self::NoSuch(what) => Refusal::new("engineering-no-such", "HOUSE one path 3").with("what", what),
            Self::CodeTaken(code) => Refusal::new("flowsheet-code-taken", clause).with("code", code),
            Self::EditionTaken(edition) => {
                Refusal::new("flowsheet-edition-taken", clause).with("edition", edition)
            }
            Self::Unit { of, unit } => {
                Refusal::new("flowsheet-unit", "NUMBERS 3").with("of", of).with("unit", unit)
            }
            Self::Twice(name) => Refusal::new("flowsheet-twice", clause).with("name", name),
            Self::NoStreams => Refusal::new("flowsheet-no-streams", clause),
            Self::Nowhere(stream) => Refusal::new("flowsheet-nowhere", clause).with("stream", stream),
            Self::UnknownNode { stream, node } => {
                Refusal::new("flowsheet-unknown-node", clause).with("stream", stream).with("node", node)
            }
            Self::Alone(node) => Refusal::new("flowsheet-alone", clause).with("node", node),
            Self::ClosesOn { node, stream } => {
                Refusal::new("flowsheet-closes-on", clause).with("node", node).with("stream", stream)
            }
            Self::NoFeed(stream) => Refusal::new("flowsheet-no-feed", clause).with("stream", stream),
            Self::NoProduct(stream) => Refusal::new("flowsheet-no-product", clause).with("stream", stream),
            Self::Unknown { list, line, name } => Refusal::new("flowsheet-unknown", clause)
                .with("list", list)
                .with("line", line)
                .with("name", name),
            Self::Circle(name) => Refusal::new("flowsheet-circle", clause).with("name", name),
            Self::SaysNothing { list, line } => {
                Refusal::new("flowsheet-says-nothing", clause).with("list", list).with("line", line)
            }
            Self::Units { list, line, unit } => Refusal::new("flowsheet-sum-units", "NUMBERS 3")
                .with("list", list)
                .with("line", line)
                .with("unit", unit),
            Self::Limit { line, stream, of } => Refusal::new("flowsheet-limit", clause)
                .with("line", line)
                .with("stream", stream)
                .with("of", of),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A component in %, balanced everywhere.
    pub(crate) fn component(name: &str) -> Component {
        let name = Code::parse(name).unwrap();
        Component { name, unit: Unit::Percent, reacts: YesNo(false), of: None, except: NameList::default() }
    }

    /// A flowsheet in short: `feed>mill mill>product`, written `name:from>to`.
    pub(crate) fn drawn(streams: &str) -> Definition {
        let code = |text: &str| Code::parse(text).ok();
        let stream = |text: &str| {
            let (name, ends) = text.split_once(':').unwrap();
            let (from, to) = ends.split_once('>').unwrap();
            let name = Code::parse(name).unwrap();
            let (from, to) = (code(from), code(to));
            Stream { name, from, to, label_en: None, label_zh: None, target_percent: None }
        };
        let part = component("Mn");
        Definition {
            unit: Unit::Tonne,
            nodes: vec![],
            streams: streams.split_whitespace().map(stream).collect(),
            components: vec![part],
            sums: vec![],
            totals: vec![],
            limits: vec![],
            equations: vec![],
            limit_sds: LIMIT_SDS,
            limit_percent: None,
        }
        .with_all_nodes()
    }

    #[test]
    fn what_cannot_be_balanced_is_refused_by_name() {
        let listed = |streams: &str, nodes: &str| {
            let mut of = drawn(streams);
            let keep: Vec<&str> = nodes.split_whitespace().collect();
            of.nodes.retain(|node| keep.contains(&node.name.as_str()));
            of
        };
        let closing = |on: &str| {
            let mut of = drawn("f:>a p:a> g:>b q:b>");
            of.nodes[0].closes_on = Code::parse(on).ok();
            of
        };
        let unit = Definition { unit: Unit::Percent, ..drawn("f:>a p:a>") };
        let table = [
            (drawn("f:>a p:a>"), "fine"),
            (drawn("f:>a r:b>a m:a>b p:b>"), "fine"),
            (unit, "flowsheet-unit"),
            (drawn("f:>a f:a>"), "flowsheet-twice"),
            (drawn(""), "flowsheet-no-streams"),
            (drawn("f:>a x:a>a p:a>"), "flowsheet-nowhere"),
            (listed("f:>a m:a>b p:b>", "a"), "flowsheet-unknown-node"),
            (closing("q"), "flowsheet-closes-on"),
            (closing("p"), "fine"),
            (drawn("f:>a p:a> x:b>c y:c>b"), "flowsheet-no-feed"),
            (drawn("f:>a p:a> g:>b"), "flowsheet-no-product"),
        ];
        for (of, expected) in table {
            let found = of.check().map_or_else(|refused| refused.refusal().code, |()| "fine".to_owned());
            assert_eq!(found, expected, "{:?}", of.streams);
        }
    }

    #[test]
    fn ten_thousand_nodes_in_a_ring_are_refused_and_named() {
        let ring: Vec<String> = (0..10_000).map(|n| format!("s{n}:n{n}>n{}", (n + 1) % 10_000)).collect();
        assert!(matches!(drawn(&ring.join(" ")).check(), Err(FlowsheetRefused::NoFeed(_))));
    }
}
