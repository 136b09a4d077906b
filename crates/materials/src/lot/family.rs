//! A lot's genealogy: what it came from and where it went, read from the thread.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Kind, LotId, Ref};
use measure::Decimal;
use serde::Serialize;
use site::{Miss, Named, Visit};
use ui::chart::{Genealogy, GenealogyEdge, GenealogyNode};
use ui::{Badge, State};

use crate::quantity;

/// The most relatives looked up in each direction; the trace page has all of them.
const NEAREST: usize = 120;

/// A relative of a lot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relative {
    /// Which record.
    #[serde(flatten)]
    pub named: Named,
    /// Its kind.
    pub kind: &'static str,
    /// The worst that is said of it: held, lost.
    pub state: State,
    /// The fraction of the lot that passed through it (ancestors), or of it that came from the lot
    /// (descendants).
    pub share: Option<Decimal>,
}

/// Material that went from one record to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passed {
    /// From.
    pub from: Ref,
    /// To.
    pub to: Ref,
    /// Dry mass, kg, to the gram.
    pub mass_kg_dry: Option<Decimal>,
    /// The fraction of `to` that it is.
    pub share: Option<Decimal>,
}

/// A lot's family.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Family {
    /// Nearest first.
    pub ancestors: Vec<Relative>,
    /// Nearest first.
    pub descendants: Vec<Relative>,
    /// Between any of them and the lot.
    pub passed: Vec<Passed>,
}

/// Numbers with the share that belongs to each, then the edges between them and the lot.
type Walked = (Vec<(Ref, f64)>, Vec<(Ref, f64)>, Vec<Passed>);

impl Family {
    /// Reads it from the thread.
    pub(crate) fn of(visit: &mut Visit<'_>, lot: LotId) -> Result<Self, Miss> {
        let (before, after, passed) = visit.store.thread(|thread| walk(thread, lot.number()))?;
        let mut relatives = |all: Vec<(Ref, f64)>| -> Result<Vec<Relative>, Miss> {
            let mut found = Vec::new();
            for (record, share) in all {
                let named = visit.name(record)?;
                let state = worst(&visit.standing(record)?);
                let (kind, share) = (record.kind.word(), rounded(share, 6));
                found.push(Relative { named, kind, state, share });
            }
            Ok(found)
        };
        Ok(Family { ancestors: relatives(before)?, descendants: relatives(after)?, passed })
    }

    /// Whether the lot has no relatives.
    pub fn is_empty(&self) -> bool {
        self.passed.is_empty()
    }

    /// The chart, seen from the lot.
    pub(crate) fn chart(&self, lot: &Named, standing: &[Badge], words: &ui::Words) -> Genealogy {
        let node = |named: &Named, kind: &str, state: State| GenealogyNode {
            id: named.record.to_string(),
            label: named.label.clone(),
            kind: words.t(&site::word("kind", kind)),
            state,
            mass: String::new(),
            href: named.url.clone(),
        };
        let relatives = self.ancestors.iter().chain(&self.descendants);
        let mut nodes: BTreeMap<String, GenealogyNode> =
            relatives.map(|of| (of.named.record.to_string(), node(&of.named, of.kind, of.state))).collect();
        nodes.insert(lot.record.to_string(), node(lot, Kind::Lot.word(), worst(standing)));
        let edge = |passed: &Passed| GenealogyEdge {
            from: passed.from.to_string(),
            to: passed.to.to_string(),
            mass: passed.mass_kg_dry.map(|kg| format!("{kg} kg")).unwrap_or_default(),
            share: passed
                .share
                .map(|s| format!("{} %", quantity::rounded(s * Decimal::ONE_HUNDRED, 2).normalize()))
                .unwrap_or_default(),
        };
        Genealogy {
            id: "genealogy".into(),
            focus: lot.record.to_string(),
            nodes: nodes.into_values().collect(),
            edges: self.passed.iter().map(edge).collect(),
        }
    }
}

/// The worst of some states; none is neutral.
fn worst(standing: &[Badge]) -> State {
    standing.iter().map(|badge| badge.state).min().unwrap_or(State::Neutral)
}

fn walk(thread: &store::Thread, lot: u64) -> Walked {
    let (graph, mut walker) = (thread.graph(), thread::Walker::new());
    let record = |number| thread.record(number);
    let before: Vec<(Ref, f64)> = graph
        .trace(&mut walker, lot, None)
        .ancestors
        .iter()
        .take(NEAREST)
        .filter_map(|ancestor| Some((record(ancestor.node)?, ancestor.share)))
        .collect();
    let after: Vec<(Ref, f64)> = graph
        .descendants(&mut walker, lot)
        .iter()
        .take(NEAREST)
        .filter_map(|descendant| Some((record(descendant.node)?, descendant.share)))
        .collect();
    let mut all: BTreeSet<u64> = before.iter().chain(&after).map(|(record, _)| record.number).collect();
    all.insert(lot);
    let mut passed = Vec::new();
    for to in &all {
        for edge in graph.inputs(*to).filter(|edge| all.contains(&edge.from) && edge.mass_kg_dry.is_some()) {
            let (Some(from), Some(to)) = (record(edge.from), record(edge.to)) else { continue };
            let mass_kg_dry = edge.mass_kg_dry.and_then(|kg| rounded(kg, 3));
            passed.push(Passed {
                from,
                to,
                mass_kg_dry,
                share: edge.share.and_then(|share| rounded(share, 6)),
            });
        }
    }
    (before, after, passed)
}

/// A float of the thread for the eye; the exact figures are in `lot_flow`.
fn rounded(number: f64, decimals: u32) -> Option<Decimal> {
    Decimal::try_from(number).ok().map(|decimal| quantity::rounded(decimal, decimals).normalize())
}
