//! What else is wrong when a record is wrong: everything that rests upon it, and who was told.

use std::collections::BTreeMap;

use kernel::{Kind, Ref};
use quality::recall::Recall;
use serde::Serialize;
use store::StoreError;

use super::{Asker, Named};

/// The kinds that are always named in full.
const FULL: [Kind; 4] = [Kind::Certificate, Kind::Party, Kind::Disposition, Kind::Lot];
/// The kinds that people have been told of come first: whoever holds a certificate must hear of it.
const FIRST: [Kind; 5] = [Kind::Certificate, Kind::Party, Kind::Disposition, Kind::Lot, Kind::Result];
/// How many of one kind are named; all are counted. Whoever was told, and what they hold, is named in full.
const MOST: usize = 200;

/// Everything downstream of a record.
#[derive(Debug, Clone, Serialize)]
pub struct Impact {
    /// The record.
    #[serde(flatten)]
    pub named: Named,
    /// How many records in all.
    pub total: usize,
    /// By kind: certificates and parties first.
    pub affected: Vec<Affected>,
    /// Who received how much of the lots among them, and what is left in stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<Recall>,
}

/// The affected records of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct Affected {
    /// `certificate`.
    pub kind: &'static str,
    /// How many.
    pub count: usize,
    /// The nearest of them.
    pub records: Vec<Named>,
}

/// What rests upon a record.
pub fn impact(ask: &mut Asker<'_>, record: Ref) -> Result<Impact, StoreError> {
    let found = ask.store.thread(|thread| {
        let mut walker = thread::Walker::new();
        let reached = thread.graph().impact(&mut walker, record.number);
        reached.into_iter().filter_map(|reached| thread.record(reached.node)).collect::<Vec<Ref>>()
    })?;
    let recall = quality::recall::recall(ask.db, record, &found)?;
    let total = found.len();
    let mut by_kind: BTreeMap<(usize, Kind), Vec<Ref>> = BTreeMap::new();
    for record in found {
        let place = FIRST.iter().position(|kind| *kind == record.kind).unwrap_or(FIRST.len());
        by_kind.entry((place, record.kind)).or_default().push(record);
    }
    let mut affected = Vec::new();
    for ((_, kind), records) in by_kind {
        let count = records.len();
        let most = if FULL.contains(&kind) { usize::MAX } else { MOST };
        let records =
            records.into_iter().take(most).map(|record| ask.name(record)).collect::<Result<_, _>>()?;
        affected.push(Affected { kind: kind.word(), count, records });
    }
    Ok(Impact { named: ask.name(record)?, total, affected, recall })
}
