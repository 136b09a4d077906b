//! The derivation graph with the kinds of its nodes, rebuilt at start and appended on commit.

use kernel::{Edge, EdgeRole, Kind, Ref};

use crate::{Db, StoreError, pack};

/// The thread in memory. Nodes are record numbers; a number alone names a record.
pub struct Thread {
    graph: thread::Graph,
    kinds: Vec<u8>,
}

const UNKNOWN: u8 = u8::MAX;

impl Thread {
    /// Rebuilds the thread from the stored edges.
    pub(crate) fn load(db: &mut Db) -> Result<Self, StoreError> {
        let mut all = Thread { graph: thread::Graph::new(), kinds: Vec::new() };
        edges(db, |_, edge| all.push(&edge))?;
        Ok(all)
    }

    pub(crate) fn add(&mut self, edge: &Edge) {
        if let Err(error) = self.push(edge) {
            tracing::error!(%error, "a committed edge is missing in memory; restart to rebuild the thread");
        }
    }

    fn push(&mut self, edge: &Edge) -> Result<(), StoreError> {
        self.set_kind(edge.from);
        self.set_kind(edge.to);
        let added = self.graph.push(thread::Edge {
            from: edge.from.number,
            to: edge.to.number,
            role: edge.role.code(),
            mass_kg_dry: edge.mass_kg_dry,
            share: edge.share,
        });
        added.map_err(|why| StoreError::stored("a derivation edge", why))
    }

    fn set_kind(&mut self, record: Ref) {
        let (at, kind) = (record.number as usize, record.kind as u8);
        if at >= self.kinds.len() {
            self.kinds.resize(at + 1, UNKNOWN);
        }
        self.kinds[at] = kind;
    }

    /// The graph by numbers, for walks.
    pub fn graph(&self) -> &thread::Graph {
        &self.graph
    }

    /// The record with this number, when it stands in the thread.
    pub fn record(&self, number: u64) -> Option<Ref> {
        let kind = *self.kinds.get(number as usize)?;
        Kind::ALL.get(kind as usize).map(|kind| Ref { kind: *kind, number })
    }

    /// The role of an edge of the graph.
    pub fn role(code: u16) -> Option<EdgeRole> {
        EdgeRole::from_code(code)
    }
}

/// Hands every stored edge to `visit`, with the ledger entry that drew it, in the order they were drawn.
pub fn edges(
    db: &mut Db,
    mut visit: impl FnMut(u64, Edge) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    db.each("SELECT seq, drawn FROM edge ORDER BY seq", &[], |row| {
        let drawn = pack::unpack(row.number(0)?, &row.opt_blob(1)?.unwrap_or_default())?;
        drawn.into_iter().try_for_each(|drawn| visit(drawn.seq, drawn.edge))
    })
}
