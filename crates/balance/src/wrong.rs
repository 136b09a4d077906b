//! What in an input cannot be right, and what to do about it.

use crate::{Name, Of};

/// Why a balance cannot be solved as it was given. Every variant names the thing and says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Wrong {
    /// Nothing flows.
    #[error("the flowsheet has no streams; give at least one in `streams`")]
    NoStreams,
    /// Two streams of one name.
    #[error("two streams are named `{0}`; give each stream a name of its own")]
    StreamTwice(Name),
    /// Two components of one name.
    #[error("two components are named `{0}`; give each component a name of its own")]
    ComponentTwice(Name),
    /// A component called `flow`.
    #[error("a component is named `flow`, which is the word for the stream's flow; rename it")]
    ComponentFlow,
    /// An empty name.
    #[error("{0} has an empty name; name it")]
    Unnamed(&'static str),
    /// A stream from nowhere to nowhere.
    #[error("stream `{0}` comes from nowhere and goes nowhere; give it a `from` or a `to`")]
    Adrift(Name),
    /// Nothing comes in from outside, and no stock is drawn down.
    #[error(
        "nothing feeds the flowsheet: {streams} streams over {nodes} nodes, from node `{node}` on, and none \
         with `from` left empty; mark the feed, or give the inventory that is drawn down"
    )]
    NoFeed {
        /// The first node.
        node: Name,
        /// How many nodes.
        nodes: usize,
        /// How many streams.
        streams: usize,
    },
    /// A stream that does not exist.
    #[error("{place} names the stream `{stream}`, which is not among `streams`; correct the name or add it")]
    UnknownStream {
        /// Where it is named.
        place: String,
        /// The name.
        stream: Name,
    },
    /// A node that does not exist.
    #[error("{place} names the node `{node}`, which no stream leaves or enters; correct the name")]
    UnknownNode {
        /// Where it is named.
        place: String,
        /// The name.
        node: Name,
    },
    /// A component that does not exist.
    #[error(
        "{place} names `{component}`, which is neither `flow` nor among `components`; correct it or add it"
    )]
    UnknownComponent {
        /// Where it is named.
        place: String,
        /// The name.
        component: Name,
    },
    /// A component that is a share of itself, over one or more others.
    #[error("component `{0}` is in the end a share of itself; correct its `of`")]
    Circle(Name),
    /// A total of what cannot be added.
    #[error(
        "total {number} of `totals`: `{part}` is neither a share of what `{component}` is a share of, nor of \
         one of its components; correct `parts`"
    )]
    TotalPart {
        /// Which total, from 1.
        number: usize,
        /// The sum.
        component: Name,
        /// What does not add up to it.
        part: Name,
    },
    /// A number that is none.
    #[error(
        "{place}: {what} is {value}, which is no finite number; correct it, or leave it out if unmeasured"
    )]
    NotFinite {
        /// Where.
        place: String,
        /// Which number.
        what: &'static str,
        /// What it is.
        value: f64,
    },
    /// A standard deviation that is zero or negative.
    #[error(
        "{place}: the standard deviation is {sd}, and it must be above zero; what is exact goes to `fixed`"
    )]
    Sd {
        /// Where.
        place: String,
        /// What it is.
        sd: f64,
    },
    /// A measured value without its standard deviation.
    #[error("{place}: a value without `sd`; state its standard deviation, there is no default")]
    NoSd {
        /// Where.
        place: String,
    },
    /// A measurement that says nothing, or two things at once.
    #[error("{place}: give `value` with `sd`, or `below`, or `above`, and one of them only")]
    Unclear {
        /// Where.
        place: String,
    },
    /// The same quantity twice.
    #[error("{place} is given twice ({first} and {second}); combine the two, or keep one")]
    Twice {
        /// Where.
        place: String,
        /// What it is first.
        first: &'static str,
        /// And then.
        second: &'static str,
    },
    /// A component of which nothing is known.
    #[error("component `{0}` is measured in no stream; measure or fix it somewhere, or leave it out")]
    EmptyComponent(Name),
    /// Bounds that leave nothing between them.
    #[error("{place}: the lower bound {lower} lies above the upper {upper}; correct one of them")]
    Bounds {
        /// Where.
        place: String,
        /// The lower.
        lower: f64,
        /// The upper.
        upper: f64,
    },
    /// A sum or a constraint without terms.
    #[error("{0} has no terms; name what it adds up")]
    NoTerms(String),
    /// An option out of its range.
    #[error("option `{option}` is {value}; it must lie between 0 and 1, as 0.95")]
    Option {
        /// Which.
        option: &'static str,
        /// What it is.
        value: f64,
    },
    /// Two data sets of one name.
    #[error("two sets of `sets` are named `{0}`; give each a name of its own")]
    SetTwice(Name),
    /// Measurements that belong to no data set.
    #[error("`measurements` or `inventory` stand beside `sets`; move them into the sets they belong to")]
    OutsideSets,
    /// Several data sets where one is asked for.
    #[error("there are several data `sets`; one balance is asked for here: give one of them")]
    Sets,
    /// What is wrong in one data set.
    #[error("set `{set}`: {wrong}")]
    InSet {
        /// Which set.
        set: Name,
        /// What is wrong in it.
        wrong: Box<Wrong>,
    },
    /// A case of the literature that does not fit together.
    #[error("the case does not fit together: {0}")]
    Case(String),
    /// Exact statements that contradict each other.
    #[error(
        "what is exact contradicts itself at {place}: off by {off}; check `fixed`, `inventory`, `sums` there"
    )]
    Contradiction {
        /// Where.
        place: String,
        /// By how much.
        off: f64,
    },
}

/// `flow of stream X`.
pub(crate) fn place(stream: &Name, of: &Of) -> String {
    match of {
        Of::Flow => format!("the flow of stream `{stream}`"),
        Of::Component(name) => format!("`{name}` of stream `{stream}`"),
    }
}
