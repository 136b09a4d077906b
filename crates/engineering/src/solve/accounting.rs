//! Accounting figures: the raw figures made to close by the rule the flowsheet states. Decimals only.
//!
//! A node that closes on a stream takes that stream's flow as what the others and the stock leave, and each
//! component's share as what its mass leaves over that flow. Nodes are taken in the order in which their
//! other streams are settled; a node whose others are not all known is left as it was measured.

use std::collections::BTreeMap;

use measure::Decimal;

use super::Case;
use crate::flowsheet::rules::{Component, FLOW, Node, Stream};
use crate::given::Sign;

/// Significant digits of what is computed by division: as many in fractions as in per cent.
const DIGITS: u32 = 11;

/// Accounting figures by stream and quantity.
pub(super) struct Books(BTreeMap<(String, String), Decimal>);

impl Books {
    /// The figure as text; nothing where there is none.
    pub fn text(&self, stream: &str, of: &str) -> Option<String> {
        self.get(stream, of).map(|number| number.normalize().to_string())
    }

    /// The flow times the shares that lead to a quantity.
    fn amount(&self, case: &Case, stream: &str, of: &str) -> Option<Decimal> {
        let flow = self.get(stream, FLOW)?;
        case.definition
            .chain(of)
            .into_iter()
            .try_fold(flow, |amount, of| amount.checked_mul(self.get(stream, of)?))
    }

    fn get(&self, stream: &str, of: &str) -> Option<Decimal> {
        self.0.get(&(stream.to_owned(), of.to_owned())).copied()
    }
}

/// Makes the books of a case.
pub(super) fn books(case: &Case) -> Books {
    let values = case.measured.iter().filter(|measured| measured.given.sign == Sign::Equal);
    let mut books = Books(values.map(|m| ((m.stream.clone(), m.of.clone()), m.value)).collect());
    let mut open: Vec<&Node> = case.definition.nodes.iter().filter(|node| node.closes_on.is_some()).collect();
    while !open.is_empty() {
        let waits = |stream: &Stream, node: &Node| {
            let by =
                |other: &&&Node| other.name != node.name && other.closes_on.as_ref() == Some(&stream.name);
            open.iter().any(|other| by(&other))
        };
        let ready = open.iter().position(|node| !others(case, node).any(|(stream, _)| waits(stream, node)));
        // Nodes that wait for each other are closed in the order of the flowsheet.
        let node = open.remove(ready.unwrap_or(0));
        close(case, node, &mut books);
    }
    books
}

/// The streams of a node beside the one it closes on, with the sign they have in its balance.
fn others<'a>(case: &'a Case, node: &'a Node) -> impl Iterator<Item = (&'a Stream, Decimal)> {
    case.definition
        .streams
        .iter()
        .filter(|stream| node.closes_on.as_ref() != Some(&stream.name))
        .filter_map(|stream| Some((stream, sign(stream, node)?)))
}

/// +1 for what enters the node, −1 for what leaves it.
fn sign(stream: &Stream, node: &Node) -> Option<Decimal> {
    if stream.to.as_ref() == Some(&node.name) {
        return Some(Decimal::ONE);
    }
    (stream.from.as_ref() == Some(&node.name)).then_some(Decimal::NEGATIVE_ONE)
}

fn close(case: &Case, node: &Node, books: &mut Books) {
    let closing = node.closes_on.as_ref().and_then(|name| case.definition.stream(name.as_str()));
    let Some((stream, own)) = closing.and_then(|stream| Some((stream, sign(stream, node)?))) else { return };
    let name = stream.name.to_string();
    let gain = |of: &str| case.gain(node.name.as_str(), of).map_or(Decimal::ZERO, |stock| stock.change);
    let Some(flow) = others(case, node).try_fold(Decimal::ZERO, |sum, (other, sign)| {
        Some(sum + sign * books.get(other.name.as_str(), FLOW)?)
    }) else {
        return;
    };
    let flow = (gain(FLOW) - flow) * own;
    books.0.insert((name.clone(), FLOW.to_owned()), flow);
    let kept = |part: &&Component| !part.reacts.0 && part.except.iter().all(|at| at != node.name.as_str());
    let mut parts: Vec<&Component> = case.definition.components.iter().filter(kept).collect();
    // what has shares of its own comes before them
    parts.sort_by_key(|part| case.definition.chain(part.name.as_str()).len());
    for part in parts {
        let of = part.name.as_str();
        let Some(mass) = others(case, node).try_fold(Decimal::ZERO, |sum, (other, sign)| {
            sum.checked_add(sign * books.amount(case, other.name.as_str(), of)?)
        }) else {
            continue;
        };
        let whole = part.of.as_ref().map_or(FLOW, |of| of.as_str());
        let Some(whole) = books.amount(case, &name, whole) else { continue };
        let gained = gain(of).checked_div(case.share_unit(of)).unwrap_or_default();
        if let Some(share) = ((gained - mass) * own).checked_div(whole) {
            books.0.insert(
                (name.clone(), of.to_owned()),
                super::text::to_digits(share, DIGITS).into_text().decimal(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowsheet::rules::tests::drawn;
    use crate::solve::tests::measured;

    #[test]
    fn the_closing_stream_takes_what_the_others_leave() {
        let mut definition = drawn("f:>a m:a>b t:a> p:b> q:b>");
        definition.nodes[0].closes_on = kernel::Code::parse("m").ok();
        definition.nodes[1].closes_on = kernel::Code::parse("q").ok();
        let measured = measured(
            "f flow 100 1, t flow 30 1, p flow 20 1, q flow 55 1, f Mn 10 .1, t Mn 2 .1, p Mn 40 .1",
        );
        let case = Case { definition, measured, stocks: vec![] };
        let books = books(&case);
        assert_eq!(books.text("m", FLOW).as_deref(), Some("70"));
        assert_eq!(books.text("q", FLOW).as_deref(), Some("50"), "not the 55 of the meter");
        // (1000 − 60) / 70, then (940 − 800) / 50
        assert_eq!(books.text("m", "Mn").as_deref(), Some("13.428571429"));
        assert_eq!(
            books
                .get("q", "Mn")
                .map(|share| crate::solve::text::rounded(share, 6)
                    .into_text()
                    .decimal()
                    .normalize()
                    .to_string())
                .as_deref(),
            Some("2.8")
        );
    }
}
