//! What went into a lot and where it went, with masses and shares.

use kernel::{EdgeRole, Ref};
use quality::recall::Recall;
use serde::Serialize;
use store::{StoreError, Thread};

use super::{Asker, Named};

/// The most relatives that are named on one side.
const MOST: usize = 5_000;

/// A lot's relatives.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// The record.
    #[serde(flatten)]
    pub named: Named,
    /// Its dry mass as the sum of its recorded inputs, kg.
    pub mass_kg_dry: Option<f64>,
    /// The fraction of it whose origin is not recorded; 1 when it came from outside.
    pub own_share: f64,
    /// What went into it, nearest first.
    pub ancestors: Vec<Kin>,
    /// Where it went, nearest first.
    pub descendants: Vec<Kin>,
    /// The flows between all of these: from, to, dry mass in kg, share of `to`.
    pub flows: Vec<(Ref, Ref, Option<f64>, Option<f64>)>,
    /// Who received how much of it, and what is left in stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<Recall>,
}

/// A relative.
#[derive(Debug, Clone, Serialize)]
pub struct Kin {
    /// The record.
    #[serde(flatten)]
    pub named: Named,
    /// Steps between the two.
    pub depth: u32,
    /// Of an ancestor: the fraction of this lot that passed through it. Of a descendant: the fraction of it
    /// that came from this lot.
    pub share: f64,
    /// The same as dry mass, kg.
    pub mass_kg_dry: Option<f64>,
    /// Of an ancestor: the fraction of this lot that began there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_share: Option<f64>,
}

/// A relative as the graph gives it: record, depth, share, mass, origin share.
type Bare = (Ref, u32, f64, Option<f64>, Option<f64>);
type Flow = (Ref, Ref, Option<f64>, Option<f64>);

struct Found {
    mass_kg_dry: Option<f64>,
    own_share: f64,
    before: Vec<Bare>,
    after: Vec<Bare>,
    flows: Vec<Flow>,
}

/// Traces a record both ways.
pub fn trace(ask: &mut Asker<'_>, record: Ref) -> Result<Trace, StoreError> {
    let found = ask.store.thread(|thread| walk(thread, record))?;
    let after: Vec<Ref> = found.after.iter().map(|bare| bare.0).collect();
    let recall = quality::recall::recall(ask.db, record, &after)?;
    let mut kin = |bare: Vec<Bare>| -> Result<Vec<Kin>, StoreError> {
        let named = bare.into_iter().map(|(record, depth, share, mass_kg_dry, origin_share)| {
            Ok(Kin { named: ask.name(record)?, depth, share, mass_kg_dry, origin_share })
        });
        named.collect()
    };
    let (ancestors, descendants) = (kin(found.before)?, kin(found.after)?);
    let (mass_kg_dry, own_share, flows) = (found.mass_kg_dry, found.own_share, found.flows);
    Ok(Trace { named: ask.name(record)?, mass_kg_dry, own_share, ancestors, descendants, flows, recall })
}

fn walk(thread: &Thread, record: Ref) -> Found {
    let graph = thread.graph();
    let mut walker = thread::Walker::new();
    let up = graph.trace(&mut walker, record.number, None);
    let down = graph.descendants(&mut walker, record.number);
    let known = |node: u64| thread.record(node);
    let before: Vec<Bare> = up
        .ancestors
        .iter()
        .take(MOST)
        .filter_map(|a| Some((known(a.node)?, a.depth, a.share, a.mass_kg_dry, Some(a.origin_share))))
        .collect();
    let after: Vec<Bare> = down
        .iter()
        .take(MOST)
        .filter_map(|d| Some((known(d.node)?, d.depth, d.share, d.mass_kg_dry, None)))
        .collect();
    let mut all: Vec<u64> = before.iter().chain(&after).map(|(record, ..)| record.number).collect();
    all.push(record.number);
    all.sort_unstable();
    let within = |node: &u64| all.binary_search(node).is_ok();
    let material = EdgeRole::Material.code();
    let flows = all
        .iter()
        .flat_map(|node| graph.outputs(*node))
        .filter(|edge| edge.role == material && within(&edge.to));
    let flows =
        flows.filter_map(|edge| Some((known(edge.from)?, known(edge.to)?, edge.mass_kg_dry, edge.share)));
    Found { mass_kg_dry: up.lot_mass_kg_dry, own_share: up.own_share, before, after, flows: flows.collect() }
}
