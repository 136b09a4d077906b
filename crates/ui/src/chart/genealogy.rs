//! Genealogy: from the ore on the left to the certificate on the right, masses on the edges. Above
//! [`FOLD_ABOVE`] records the branches far from the record in question fold into "n more", which opens the
//! genealogy seen from there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use maud::Markup;
use serde_json::{Value, json};

use super::{Drawn, Height};
use crate::Words;
use crate::kit::Link;
use crate::kit::badge::State;
use crate::kit::number::Number;
use crate::kit::table::{Cell, Column, Row};

/// The most records drawn at once.
pub const FOLD_ABOVE: usize = 200;

/// One record.
#[derive(Debug, Clone)]
pub struct GenealogyNode {
    /// Its id, unique in the chart.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What it is: ore, lot, sample, certificate.
    pub kind: String,
    /// How it stands.
    pub state: State,
    /// Its mass with unit, as text; empty when it has none.
    pub mass: String,
    /// Its page; `/trace` after it is its own genealogy.
    pub href: String,
}

/// Material or evidence that went from one record to another.
#[derive(Debug, Clone)]
pub struct GenealogyEdge {
    /// Id of the earlier record.
    pub from: String,
    /// Id of the later one.
    pub to: String,
    /// How much, with its unit, as text; empty when nothing was weighed.
    pub mass: String,
    /// Share of the later record that came this way, as text; empty when unknown.
    pub share: String,
}

/// A genealogy. Places are given in layers and lines; the script stretches them to the space there is.
#[derive(Debug, Clone)]
pub struct Genealogy {
    /// Its id in the page.
    pub id: String,
    /// The record it is seen from.
    pub focus: String,
    /// The records.
    pub nodes: Vec<GenealogyNode>,
    /// The edges; those to unknown records are left out.
    pub edges: Vec<GenealogyEdge>,
}

/// What is drawn after folding.
struct Shown<'a> {
    nodes: Vec<&'a GenealogyNode>,
    edges: Vec<&'a GenealogyEdge>,
    /// Record at the rim → how many of its neighbours are folded: (earlier, later).
    folded: BTreeMap<&'a str, (usize, usize)>,
}

impl Genealogy {
    /// The chart and its twin, which lists every edge, folded or not.
    pub fn render(&self, words: &Words) -> Markup {
        let shown = self.shown();
        let layers = layers(&shown);
        let highest = heights(&layers);
        Drawn {
            id: &self.id,
            title: words.t("kit-chart-genealogy"),
            height: match highest {
                0..=4 => Height::Medium,
                5..=9 => Height::Tall,
                _ => Height::Huge,
            },
            option: self.option(words, &shown, &layers),
            columns: vec![
                Column::text("from", words.t("kit-chart-from")),
                Column::text("to", words.t("kit-chart-to")),
                Column::number("mass", words.t("kit-chart-mass"), ""),
                Column::number("share", words.t("kit-chart-share"), ""),
            ],
            rows: self.rows(),
        }
        .render(words)
    }

    fn by_id(&self) -> BTreeMap<&str, &GenealogyNode> {
        self.nodes.iter().map(|node| (node.id.as_str(), node)).collect()
    }

    fn rows(&self) -> Vec<Row> {
        let by_id = self.by_id();
        let ends =
            |edge: &GenealogyEdge| Some((*by_id.get(edge.from.as_str())?, *by_id.get(edge.to.as_str())?));
        let known = self.edges.iter().filter_map(|edge| Some((edge, ends(edge)?)));
        known
            .map(|(edge, (from, to))| Row {
                href: Some(to.href.clone()),
                id: None,
                cells: vec![
                    Cell::Link(Link::new(&*from.label, &*from.href)),
                    Cell::Link(Link::new(&*to.label, &*to.href)),
                    Cell::Number(Number::new(&*edge.mass)),
                    Cell::Number(Number::new(&*edge.share)),
                ],
            })
            .collect()
    }

    /// Keeps the records nearest to the focus, at most [`FOLD_ABOVE`].
    fn shown(&self) -> Shown<'_> {
        let by_id = self.by_id();
        let mut beside: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for edge in &self.edges {
            beside.entry(&edge.from).or_default().push(&edge.to);
            beside.entry(&edge.to).or_default().push(&edge.from);
        }
        let mut kept: BTreeSet<&str> = BTreeSet::new();
        let mut open: VecDeque<&str> = VecDeque::from([self.focus.as_str()]);
        open.extend(
            self.nodes.iter().map(|node| node.id.as_str()).filter(|_| self.nodes.len() <= FOLD_ABOVE),
        );
        while let Some(at) = open.pop_front() {
            if kept.len() >= FOLD_ABOVE || !by_id.contains_key(at) || !kept.insert(at) {
                continue;
            }
            open.extend(beside.get(at).into_iter().flatten());
        }
        let mut folded: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut edges = Vec::new();
        for edge in &self.edges {
            match (kept.contains(edge.from.as_str()), kept.contains(edge.to.as_str())) {
                (true, true) => edges.push(edge),
                (true, false) if by_id.contains_key(edge.to.as_str()) => {
                    folded.entry(&edge.from).or_default().1 += 1
                }
                (false, true) if by_id.contains_key(edge.from.as_str()) => {
                    folded.entry(&edge.to).or_default().0 += 1
                }
                _ => {}
            }
        }
        let nodes = self.nodes.iter().filter(|node| kept.contains(node.id.as_str())).collect();
        Shown { nodes, edges, folded }
    }

    fn option(&self, words: &Words, shown: &Shown<'_>, layers: &BTreeMap<&str, usize>) -> Value {
        let places = places(shown, layers);
        let mut data: Vec<Value> =
            shown.nodes.iter().map(|node| self.node(node, places[node.id.as_str()])).collect();
        let mut links: Vec<Value> = shown.edges.iter().map(|edge| link(edge, layers)).collect();
        for node in &shown.nodes {
            let (before, after) = shown.folded.get(node.id.as_str()).copied().unwrap_or((0, 0));
            for (count, aside) in [(before, -0.5), (after, 0.5)] {
                if count == 0 {
                    continue;
                }
                let (x, y) = places[node.id.as_str()];
                let id = format!("{} {aside}", node.id);
                data.push(fold(words, &id, count, (x + aside, y + 0.35), &node.href));
                links.push(json!({"source": node.id, "target": id, "lineStyle": {"type": "dashed"}}));
            }
        }
        json!({
            "tooltip": {"trigger": "item"},
            "series": [{
                "type": "graph", "layout": "none", "roam": true,
                "preserveAspect": "contain", "nodeScaleRatio": 1e-6,
                "left": 72, "right": 72, "top": 56, "bottom": 36,
                "focus": self.focus,
                "edgeSymbol": ["none", "arrow"], "edgeSymbolSize": 7,
                "label": {"show": true, "position": "bottom", "distance": 5, "color": "@text"},
                "lineStyle": {"color": "@muted", "width": 1, "opacity": 1},
                "edgeLabel": {"show": true, "fontSize": 11, "color": "@muted",
                              "backgroundColor": "@surface", "padding": [1, 2]},
                "emphasis": {"focus": "adjacency"},
                "data": data,
                "links": links,
            }],
        })
    }

    fn node(&self, node: &GenealogyNode, (x, y): (f64, f64)) -> Value {
        let colour = match node.state {
            State::Neutral => "@muted".to_owned(),
            state => format!("@{}", state.class()),
        };
        let focused = node.id == self.focus;
        let said = [&node.kind, &node.label, &node.mass].map(String::as_str);
        let tip = said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        let symbol = match node.state {
            State::Fail => "diamond",
            State::Held => "rect",
            State::Warning => "triangle",
            _ => "circle",
        };
        json!({
            "id": node.id, "name": node.id, "x": x, "y": y, "href": node.href,
            "symbol": symbol, "symbolSize": if focused { 26 } else { 16 },
            "itemStyle": {"color": colour, "borderColor": "@accent",
                          "borderWidth": if focused { 3 } else { 0 }},
            "label": {"formatter": node.label, "fontWeight": if focused { "bold" } else { "normal" }},
            "tip": tip,
        })
    }
}

/// An edge over several layers bends, so that it does not run through what stands between.
fn link(edge: &GenealogyEdge, layers: &BTreeMap<&str, usize>) -> Value {
    let layer = |id: &str| layers.get(id).copied().unwrap_or(0);
    let bend = if layer(&edge.from) + 1 == layer(&edge.to) { 0.0 } else { 0.2 };
    let parts: Vec<&str> =
        [&edge.mass, &edge.share].iter().map(|part| part.as_str()).filter(|part| !part.is_empty()).collect();
    let label = json!({"show": !edge.mass.is_empty(), "formatter": edge.mass});
    json!({"source": edge.from, "target": edge.to, "label": label, "tip": parts.join(" · "),
           "lineStyle": {"curveness": bend}})
}

fn fold(words: &Words, id: &str, count: usize, (x, y): (f64, f64), href: &str) -> Value {
    json!({
        "id": id, "name": id, "x": x, "y": y, "href": format!("{href}/trace"),
        "symbol": "roundRect", "symbolSize": [22, 12],
        "itemStyle": {"color": "@surface", "borderColor": "@muted", "borderWidth": 1, "borderType": "dashed"},
        "label": {"formatter": words.tv("kit-chart-folded", &[("n", count.into())])},
        "tip": words.tv("kit-chart-folded-open", &[("n", count.into())]),
    })
}

/// How many records stand in the fullest layer.
fn heights(layers: &BTreeMap<&str, usize>) -> usize {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    for layer in layers.values() {
        *count.entry(*layer).or_default() += 1;
    }
    count.into_values().max().unwrap_or(0)
}

/// The layer of each record: one right of its rightmost source. Edges that close a circle are passed over,
/// so recycle and rework end.
fn layers<'a>(shown: &Shown<'a>) -> BTreeMap<&'a str, usize> {
    let mut layer: BTreeMap<&str, usize> = shown.nodes.iter().map(|node| (node.id.as_str(), 0)).collect();
    let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in &shown.edges {
        if edge.from != edge.to && after.entry(&edge.from).or_default().insert(&edge.to) {
            *waits.entry(&edge.to).or_default() += 1;
        }
    }
    let mut left: BTreeSet<&str> = layer.keys().copied().collect();
    // Kahn's order; when only circles are left, the record that waits for the fewest goes first.
    while let Some(next) = left.iter().copied().min_by_key(|id| waits.get(id).copied().unwrap_or(0)) {
        left.remove(next);
        let own = layer.get(next).copied().unwrap_or(0);
        for to in after.get(next).into_iter().flatten().filter(|to| left.contains(*to)) {
            layer.entry(to).and_modify(|layer| *layer = (*layer).max(own + 1));
            waits.entry(to).and_modify(|count| *count -= 1);
        }
    }
    layer
}

/// Where each record stands: x its layer, y its line. A first pass from the left orders each layer by the
/// mean line of its sources; a second from the right moves sources towards the mean line of what was made
/// from them.
fn places<'a>(shown: &Shown<'a>, layers: &BTreeMap<&'a str, usize>) -> BTreeMap<&'a str, (f64, f64)> {
    let mut by_layer: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (id, layer) in layers {
        by_layer.entry(*layer).or_default().push(id);
    }
    let mut sources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut goals: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in shown.edges.iter().filter(|edge| edge.from != edge.to) {
        sources.entry(&edge.to).or_default().push(&edge.from);
        goals.entry(&edge.from).or_default().push(&edge.to);
    }
    let mut lines: BTreeMap<&str, f64> = BTreeMap::new();
    for ids in by_layer.values() {
        place_layer(ids, &sources, &mut lines);
    }
    for ids in by_layer.values().rev() {
        place_layer(ids, &goals, &mut lines);
    }
    lines.into_iter().map(|(id, line)| (id, (layers.get(id).copied().unwrap_or(0) as f64, line))).collect()
}

/// Puts a layer's records on lines at least one apart, each as near as may be to the mean line of its
/// neighbours.
fn place_layer<'a>(ids: &[&'a str], beside: &BTreeMap<&str, Vec<&str>>, lines: &mut BTreeMap<&'a str, f64>) {
    let mean = |id: &str| {
        let known: Vec<f64> =
            beside.get(id).into_iter().flatten().filter_map(|other| lines.get(other)).copied().collect();
        let own = lines.get(id).copied().unwrap_or(0.0);
        if known.is_empty() { own } else { known.iter().sum::<f64>() / known.len() as f64 }
    };
    let mut wanted: Vec<(f64, &str)> = ids.iter().map(|id| (mean(id), *id)).collect();
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    let mut last = f64::NEG_INFINITY;
    let mut off = 0.0;
    let mut put: Vec<(&str, f64)> = Vec::with_capacity(wanted.len());
    for (line, id) in wanted {
        last = line.max(last + 1.0);
        off += line - last;
        put.push((id, last));
    }
    let shift = off / put.len().max(1) as f64;
    lines.extend(put.into_iter().map(|(id, line)| (id, line + shift)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn genealogy(count: usize, edges: &[(usize, usize)]) -> Genealogy {
        let node = |n: usize| GenealogyNode {
            id: n.to_string(),
            label: format!("L{n}"),
            kind: "lot".into(),
            state: State::Neutral,
            mass: String::new(),
            href: format!("/lots/{n}"),
        };
        let edge = |(from, to): &(usize, usize)| GenealogyEdge {
            from: from.to_string(),
            to: to.to_string(),
            mass: "1.5 t".into(),
            share: String::new(),
        };
        Genealogy {
            id: "g".into(),
            focus: "0".into(),
            nodes: (0..count).map(node).collect(),
            edges: edges.iter().map(edge).collect(),
        }
    }

    #[test]
    fn sources_stand_left_of_what_was_made_from_them() {
        let graph = genealogy(5, &[(0, 1), (0, 2), (1, 3), (2, 3), (0, 3), (3, 4)]);
        let shown = graph.shown();
        let layers = layers(&shown);
        assert_eq!(["0", "1", "2", "3", "4"].map(|id| layers[id]), [0, 1, 1, 2, 3]);
    }

    #[test]
    fn folds_above_the_limit_and_counts_what_is_folded() {
        let star: Vec<(usize, usize)> = (1..=300).map(|n| (0, n)).collect();
        let graph = genealogy(301, &star);
        let shown = graph.shown();
        assert_eq!(shown.nodes.len(), FOLD_ABOVE);
        assert_eq!(shown.folded["0"], (0, 101));
        assert_eq!(graph.rows().len(), 300, "the twin lists every edge");
    }

    #[test]
    fn an_edge_to_an_unknown_record_is_left_out() {
        let graph = genealogy(2, &[(0, 1), (1, 7)]);
        assert_eq!((graph.shown().edges.len(), graph.shown().folded.len(), graph.rows().len()), (1, 0, 1));
    }

    proptest! {
        #[test]
        fn circles_end_and_everybody_has_a_place(
            edges in prop::collection::vec((0usize..30, 0usize..30), 0..80)
        ) {
            let graph = genealogy(30, &edges);
            let shown = graph.shown();
            let places = places(&shown, &layers(&shown));
            prop_assert_eq!(places.len(), 30);
            let distinct: BTreeSet<String> = places.values().map(|place| format!("{place:?}")).collect();
            prop_assert_eq!(distinct.len(), 30);
        }
    }
}
