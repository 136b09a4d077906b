//! Sankey of mass or of one metal: what flows from where to where, width by amount. A flow that closes a
//! circle (recycle, rework) is drawn into a twin of its goal marked `↺`, since a Sankey has no circles.

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;
use serde_json::{Value, json};

use super::{Drawn, Height};
use crate::Words;
use crate::kit::number::Number;
use crate::kit::table::{Cell, Column, Row};

/// One flow.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Name of the stream or operation it leaves.
    pub from: String,
    /// Name of the one it enters.
    pub to: String,
    /// Its amount for drawing.
    pub value: f64,
    /// Its amount, digits as kept.
    pub text: String,
    /// The record it stands for.
    pub href: Option<String>,
    /// The token of its colour, where it means something: `@warning`, `@fail`.
    pub tone: Option<&'static str>,
    /// What the colour means, and whatever else is to be said of it; shown in the twin and when pointed at.
    pub note: String,
}

/// A Sankey.
#[derive(Debug, Clone)]
pub struct Sankey {
    /// Its id in the page.
    pub id: String,
    /// What flows: mass, or a metal.
    pub title: String,
    /// Unit of the amounts.
    pub unit: String,
    /// The flows.
    pub flows: Vec<Flow>,
}

impl Sankey {
    /// The chart and its twin.
    pub fn render(&self, words: &Words) -> Markup {
        let row = |flow: &Flow| Row {
            href: flow.href.clone(),
            id: None,
            cells: vec![
                Cell::Text(flow.from.clone()),
                Cell::Text(flow.to.clone()),
                Cell::Number(Number { href: flow.href.clone(), ..Number::new(&*flow.text) }),
                Cell::Text(flow.note.clone()),
            ],
        };
        let noted = self.flows.iter().any(|flow| !flow.note.is_empty());
        let note = noted.then(|| Column::text("note", words.t("kit-chart-note")));
        Drawn {
            id: &self.id,
            title: self.title.clone(),
            height: Height::Medium,
            option: self.option(),
            columns: vec![
                Column::text("from", words.t("kit-chart-from")),
                Column::text("to", words.t("kit-chart-to")),
                Column::number("mass", words.t("kit-chart-mass"), &*self.unit),
            ]
            .into_iter()
            .chain(note)
            .collect(),
            rows: self.flows.iter().map(row).collect(),
        }
        .render(words)
    }

    fn option(&self) -> Value {
        let links = self.without_circles();
        let names: BTreeSet<&str> =
            links.iter().flat_map(|(flow, to)| [flow.from.as_str(), to.as_str()]).collect();
        let link = |(flow, to): &(&Flow, String)| {
            let tip = format!("{} → {}\n{} {}\n{}", flow.from, flow.to, flow.text, self.unit, flow.note);
            let style = flow.tone.map(|tone| json!({"color": tone, "opacity": 0.6}));
            json!({"source": flow.from, "target": to, "value": flow.value, "href": flow.href,
                   "tip": tip.trim_end(), "lineStyle": style.unwrap_or_else(|| json!({}))})
        };
        json!({
            "tooltip": {"trigger": "item"},
            "series": [{
                "type": "sankey", "left": 8, "right": 136, "top": 12, "bottom": 12,
                "nodeGap": 16, "nodeWidth": 10, "draggable": false, "emphasis": {"focus": "adjacency"},
                "label": {"color": "@text"},
                "itemStyle": {"color": "@accent", "borderWidth": 0},
                "lineStyle": {"color": "@muted", "opacity": 0.28, "curveness": 0.5},
                "data": names.iter().map(|name| json!({"name": name, "tip": name})).collect::<Vec<_>>(),
                "links": links.iter().map(link).collect::<Vec<_>>(),
            }],
        })
    }

    /// Each flow with the name of the node it is drawn to.
    fn without_circles(&self) -> Vec<(&Flow, String)> {
        let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut out = Vec::with_capacity(self.flows.len());
        for flow in &self.flows {
            if reaches(&after, &flow.to, &flow.from) {
                out.push((flow, format!("{} ↺", flow.to)));
            } else {
                after.entry(&flow.from).or_default().insert(&flow.to);
                out.push((flow, flow.to.clone()));
            }
        }
        out
    }
}

fn reaches(after: &BTreeMap<&str, BTreeSet<&str>>, from: &str, goal: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == goal {
            return true;
        }
        if seen.insert(at) {
            open.extend(after.get(at).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recycle_is_drawn_into_a_twin() {
        let flow = |from: &str, to: &str| Flow {
            from: from.into(),
            to: to.into(),
            value: 1.0,
            text: "1".into(),
            href: None,
            tone: None,
            note: String::new(),
        };
        let flows = vec![
            flow("mill", "cyclone"),
            flow("cyclone", "mill"),
            flow("cyclone", "float"),
            flow("float", "float"),
        ];
        let sankey = Sankey { id: "s".into(), title: "Mass".into(), unit: "t".into(), flows };
        let goals: Vec<String> = sankey.without_circles().into_iter().map(|(_, to)| to).collect();
        assert_eq!(goals, ["cyclone", "mill ↺", "float", "float ↺"]);
    }
}
