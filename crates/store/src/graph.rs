//! The derivation graph with the kinds of its nodes, rebuilt at start and appended on commit.

use kernel::{Edge, EdgeRole, Kind, Ref};

use crate::{Db, StoreError, commit};

/// The thread in memory. Nodes are record numbers; a number alone names a record.
pub struct Thread {
    graph: thread::Graph,
    kinds: Vec<u8>,
}

const UNKNOWN: u8 = u8::MAX;

impl Thread {
    pub(crate) fn load(db: &mut Db) -> Result<Self, StoreError> {
        let mut all = Thread { graph: thread::Graph::new(), kinds: Vec::new() };
        let sql = "SELECT source_kind, source, target_kind, target, role, mass_kg_dry, share FROM edge";
        db.each(sql, &[], |row| {
            let kind = |column| row.int(column).map(|code| code as u8);
            let (source, target) = (row.number(1)?, row.number(3)?);
            all.set_kind(source, kind(0)?);
            all.set_kind(target, kind(2)?);
            let role = row.int(4)? as u16;
            let (mass, share) = (row.opt_real(5)?, row.opt_real(6)?);
            let edge = thread::Edge { from: source, to: target, role, mass_kg_dry: mass, share };
            all.graph.push(edge).map_err(|why| StoreError::stored("a derivation edge", why))
        })?;
        Ok(all)
    }

    pub(crate) fn add(&mut self, edge: &Edge) {
        self.set_kind(edge.from.number, commit::kind_code(edge.from.kind) as u8);
        self.set_kind(edge.to.number, commit::kind_code(edge.to.kind) as u8);
        let added = self.graph.push(thread::Edge {
            from: edge.from.number,
            to: edge.to.number,
            role: edge.role.code(),
            mass_kg_dry: edge.mass_kg_dry,
            share: edge.share,
        });
        if let Err(error) = added {
            tracing::error!(%error, "a committed edge is missing in memory; restart to rebuild the thread");
        }
    }

    fn set_kind(&mut self, number: u64, kind: u8) {
        let at = number as usize;
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
