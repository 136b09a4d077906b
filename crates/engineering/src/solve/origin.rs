//! Where products come from: shares of feeds by the reconciled flows.
//!
//! Every node mixes what enters it, so what leaves it has the composition of all that entered: a share of
//! each feed in proportion to its dry mass. Recycles make this a set of equations, x(node) = Σ flow × x(its
//! origin) / Σ flow, which is iterated until nothing moves; each round carries material one node further.
//! Stock that lay in a node before the period is a source of its own.

use std::collections::BTreeMap;

use ::balance::Answer;

use super::solved::Origin;
use super::text::{float, significant};
use super::{Case, value};
use crate::flowsheet::rules::FLOW;

/// Rounds at most; a recycle that returns nine tenths is settled to 1e-9 in two hundred.
const ROUNDS: usize = 2_000;
const SETTLED: f64 = 1e-12;
/// Shares below this are not said.
const SMALL: f64 = 5e-7;

type Mix = BTreeMap<String, f64>;

/// The shares of every product; none where a flow is not known.
pub(super) fn origins(case: &Case, answer: &Answer) -> Vec<Origin> {
    let streams = &case.definition.streams;
    let flows: Option<Vec<f64>> =
        streams.iter().map(|s| value(answer, s.name.as_str(), FLOW).map(|flow| flow.max(0.0))).collect();
    let Some(flows) = flows else { return Vec::new() };
    let mut nodes: BTreeMap<&str, Mix> =
        case.definition.nodes.iter().map(|node| (node.name.as_str(), Mix::new())).collect();
    for _ in 0..ROUNDS {
        let mut moved: f64 = 0.0;
        for node in &case.definition.nodes {
            let mix = mixed(case, node.name.as_str(), &flows, &nodes);
            let old = nodes.insert(node.name.as_str(), mix.clone()).unwrap_or_default();
            let change =
                mix.iter().map(|(feed, share)| (share - old.get(feed).copied().unwrap_or_default()).abs());
            moved = change.fold(moved, f64::max);
        }
        if moved < SETTLED {
            break;
        }
    }
    let mut all = Vec::new();
    for product in case.definition.products() {
        let Some(from) = product.from.as_ref().and_then(|node| nodes.get(node.as_str())) else { continue };
        for (feed, share) in from.iter().filter(|(_, share)| **share > SMALL) {
            let share = significant(*share, 6);
            all.push(Origin { stream: product.name.to_string(), feed: feed.clone(), share });
        }
    }
    all
}

/// What a node holds after mixing what enters it.
fn mixed(case: &Case, node: &str, flows: &[f64], nodes: &BTreeMap<&str, Mix>) -> Mix {
    let mut amounts = Mix::new();
    for (stream, flow) in case.definition.streams.iter().zip(flows) {
        if stream.to.as_ref().is_none_or(|to| to.as_str() != node) {
            continue;
        }
        match &stream.from {
            None => *amounts.entry(stream.name.to_string()).or_default() += flow,
            Some(from) => {
                for (feed, share) in nodes.get(from.as_str()).into_iter().flatten() {
                    *amounts.entry(feed.clone()).or_default() += flow * share;
                }
            }
        }
    }
    let opening = case.gain(node, FLOW).and_then(|stock| {
        measure::Unit::convert(stock.opening, stock.unit, case.definition.unit).ok().map(float)
    });
    if let Some(opening) = opening.filter(|opening| *opening > 0.0) {
        *amounts.entry(format!("stock {node}")).or_default() += opening;
    }
    let total: f64 = amounts.values().sum();
    if total > 0.0 {
        amounts.values_mut().for_each(|amount| *amount /= total);
    }
    amounts
}
