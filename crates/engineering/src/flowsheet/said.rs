//! The statements of a flowsheet version in words.

use ui::Words;

use super::rules::{Component, Definition, FLOW};
use super::statements::Limit;
use crate::given::NameList;
use crate::show;

/// What a component is a share of.
pub(super) fn share_of(words: &Words, part: &Component) -> String {
    show::quantity(words, part.of.as_ref().map_or(FLOW, |of| of.as_str()))
}

/// Whether a component is balanced, and where not.
pub(super) fn conserved(words: &Words, of: &Definition, part: &Component) -> String {
    if part.reacts.0 {
        return words.t("word-reacts");
    }
    if part.except.is_empty() {
        return words.t("word-conserved");
    }
    let name = |name: &str| of.node(name).map_or_else(|| name.to_owned(), |node| show::node(words, node));
    let nodes: Vec<String> = part.except.iter().map(name).collect();
    words.tv("word-conserved-except", &[("nodes", nodes.join(", ").into())])
}

/// Sums, totals, limits and equations, a line each.
pub(super) fn statements(words: &Words, of: &Definition) -> Vec<String> {
    let quantities = |names: &NameList| {
        names.iter().map(|name| show::quantity(words, name)).collect::<Vec<String>>().join(" + ")
    };
    let unit = |of: &Definition, name: &str| of.unit_of(name).map_or("", |unit| unit.symbol()).to_owned();
    let mut said = Vec::new();
    for sum in &of.sums {
        let first = sum.components.iter().next().unwrap_or(FLOW);
        let to = sum.to.map_or_else(|| words.t("word-whole"), |to| format!("{to} {}", unit(of, first)));
        said.push(format!("{} = {to}{}", quantities(&sum.components), within(words, of, &sum.streams)));
    }
    for total in &of.totals {
        let parts: Vec<String> = total.parts.iter().map(|name| share(words, of, name)).collect();
        let own = show::quantity(words, total.component.as_str());
        said.push(format!("{own} = {}{}", parts.join(" + "), within(words, of, &total.streams)));
    }
    said.extend(of.limits.iter().map(|limit| range(words, of, limit)));
    said.extend(of.equations.iter().map(|equation| equation.equation.to_string()));
    said
}

/// A part of a total: itself, or with the size class that it is a share of.
fn share(words: &Words, of: &Definition, name: &str) -> String {
    let own = show::quantity(words, name);
    match of.component(name).and_then(|part| part.of.as_ref()) {
        Some(class) => format!("{} × {own}", show::quantity(words, class.as_str())),
        None => own,
    }
}

/// `Slimes: mass = 0 t`, `Overflow: 20 ≤ solids ≤ 40 %`.
fn range(words: &Words, of: &Definition, limit: &Limit) -> String {
    let stream = of.stream(limit.stream.as_str());
    let stream = stream.map_or_else(|| limit.stream.to_string(), |stream| show::stream(words, stream));
    let what = show::quantity(words, limit.of.as_str());
    let unit = of.unit_of(limit.of.as_str()).map_or("", |unit| unit.symbol());
    let range = match (limit.exactly, limit.at_least, limit.at_most) {
        (Some(value), ..) => format!("{what} = {value} {unit}"),
        (_, Some(least), Some(most)) => format!("{least} ≤ {what} ≤ {most} {unit}"),
        (_, Some(least), None) => format!("{what} ≥ {least} {unit}"),
        (_, _, most) => format!("{what} ≤ {} {unit}", most.unwrap_or_default()),
    };
    words.tv("statement-of-stream", &[("stream", stream.into()), ("says", range.into())])
}

fn within(words: &Words, of: &Definition, streams: &NameList) -> String {
    if streams.is_empty() {
        return String::new();
    }
    let name = |name: &str| of.stream(name).map_or_else(|| name.to_owned(), |s| show::stream(words, s));
    let names: Vec<String> = streams.iter().map(name).collect();
    format!(" {}", words.tv("statement-within", &[("streams", names.join(", ").into())]))
}
