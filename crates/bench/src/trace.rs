//! A trace over 10,000 lots in a thread of 1e6 lots and 3e6 edges, against SQL on the same edges, laid out as
//! an indexed table in a file. Recursive SQL gives the set of lots alone. The shares, which are most of the
//! answer, add over all paths; recursion would walk each of the 3ⁿ paths, so SQL is given them one lot at a
//! time in the order of flow, which it is told.

use std::collections::BTreeMap;
use std::time::Duration;

use store::{Db, params};
use thread::{Edge, Graph, Walker};

use crate::{Figure, percentile, timed};

const FAMILIES: u64 = 100;
const LOTS: u64 = 10_000;

/// 100 families of 10,000 lots; each lot is made of three of the twelve before it. Numbers are dealt out in
/// turn, so that a family lies scattered over memory: the adverse case.
fn edges() -> impl Iterator<Item = Edge> {
    let mut state = 42_u64;
    let mut below = move |limit: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    (1..LOTS).flat_map(move |lot| {
        let mut made = Vec::with_capacity(3 * FAMILIES as usize);
        for family in 0..FAMILIES {
            for _ in 0..3 {
                let from = number(family, lot - 1 - below(lot.min(12)));
                let share = Some(1.0 / 3.0);
                let to = number(family, lot);
                made.push(Edge { from, to, role: 1, mass_kg_dry: Some(10.0), share });
            }
        }
        made
    })
}

fn number(family: u64, lot: u64) -> u64 {
    1 + lot * FAMILIES + family
}

/// Both ways, in one run.
pub fn run() -> Vec<Figure> {
    let (graph, built) = timed(|| {
        let mut graph = Graph::with_capacity((FAMILIES * LOTS) as usize, (3 * FAMILIES * LOTS) as usize);
        for edge in edges() {
            graph.push(edge).expect("shares and masses are sound");
        }
        graph
    });
    let mut walker = Walker::new();
    let mut samples = Vec::new();
    let mut reached = 0;
    for round in 0..3 {
        for family in 0..FAMILIES {
            let lot = number(family, LOTS - 1 - round);
            let (trace, took) = timed(|| graph.trace(&mut walker, lot, Some(10.0)));
            reached += trace.ancestors.len();
            samples.push(took);
        }
    }
    let reached = reached as f64 / samples.len() as f64;
    let median = percentile(&mut samples, 0.5);
    let (set, whole) = sql(&graph, &mut walker);
    vec![
        Figure::noted("trace: lots reached, on average", reached, "lots"),
        Figure::noted("trace: thread of 1e6 lots and 3e6 edges rebuilt", built.as_secs_f64(), "s"),
        Figure::noted("trace: median with masses and shares", median, "ms"),
        Figure::at_most("trace: p99 with masses and shares", percentile(&mut samples, 0.99), 10.0, "ms"),
        Figure::noted("trace: recursive SQL, table in a file, the set only, median", set, "ms"),
        Figure::noted("trace: that SQL takes so many times longer", set / median, "×"),
        Figure::noted("trace: SQL, table in a file, set, shares and masses, median", whole, "ms"),
        Figure::at_least(
            "trace: SQL with the same answer takes so many times longer",
            whole / median,
            20.0,
            "×",
        ),
    ]
}

const UP: &str = "WITH RECURSIVE up (lot) AS
    (SELECT ?1 UNION SELECT f.source FROM flow f JOIN up ON f.target = up.lot) SELECT lot FROM up";
const REACH: &str = "INSERT INTO reach (lot, share) WITH RECURSIVE up (lot) AS
    (SELECT ?1 UNION SELECT f.source FROM flow f JOIN up ON f.target = up.lot) SELECT lot, 0.0 FROM up";
const SPREAD: &str =
    "UPDATE reach SET share = reach.share + f.part * (SELECT share FROM reach WHERE lot = ?1)
    FROM (SELECT source, SUM(share) AS part FROM flow WHERE target = ?1 GROUP BY source) f
    WHERE reach.lot = f.source";

/// Medians in milliseconds: of the set alone, and of the same answer as the trace's, which is compared.
fn sql(graph: &Graph, walker: &mut Walker) -> (f64, f64) {
    let path = std::env::temp_dir().join(format!("orepass-trace-{}.db", std::process::id()));
    let mut db = Db::sqlite(&path).expect("a file");
    db.define(
        "CREATE TABLE flow (source INTEGER NOT NULL, target INTEGER NOT NULL, role INTEGER NOT NULL,
         mass_kg_dry REAL, share REAL);
         CREATE TEMP TABLE reach (lot INTEGER PRIMARY KEY, share REAL); BEGIN;",
    )
    .expect("tables");
    let insert = "INSERT INTO flow (source, target, role, mass_kg_dry, share) VALUES (?1, ?2, ?3, ?4, ?5)";
    for edge in edges() {
        let (mass, share) = (edge.mass_kg_dry, edge.share);
        db.execute(insert, params![edge.from, edge.to, u32::from(edge.role), mass, share]).expect("an edge");
    }
    db.define("COMMIT; CREATE INDEX flow_target ON flow (target, source, share);").expect("an index");
    let (mut sets, mut wholes): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for family in 0..9 {
        let lot = number(family * 10, LOTS - 1);
        let trace = graph.trace(walker, lot, Some(10.0));
        let (set, took) = timed(|| db.query(UP, params![lot], |row| row.number(0)).expect("lots"));
        assert_eq!(set.len(), trace.ancestors.len() + 1);
        sets.push(took);
        let (shares, took) = timed(|| shares(&mut db, lot, &set));
        wholes.push(took);
        for ancestor in &trace.ancestors {
            assert!((shares[&ancestor.node] - ancestor.share).abs() < 1e-9, "{}", ancestor.node);
        }
    }
    drop(db);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    (percentile(&mut sets, 0.5), percentile(&mut wholes, 0.5))
}

/// The share of each lot upstream: the set, then one statement a lot. Numbers fall in the order of flow.
fn shares(db: &mut Db, lot: u64, set: &[u64]) -> BTreeMap<u64, f64> {
    db.define("BEGIN; DELETE FROM reach;").expect("empty");
    db.execute(REACH, params![lot]).expect("the set");
    db.execute("UPDATE reach SET share = 1 WHERE lot = ?1", params![lot]).expect("the start");
    let mut order = set.to_vec();
    order.sort_unstable_by(|a, b| b.cmp(a));
    for lot in order {
        db.execute(SPREAD, params![lot]).expect("shares of the inputs");
    }
    let pair = |row: &store::Row<'_>| Ok((row.number(0)?, row.opt_real(1)?.unwrap_or_default()));
    let found = db.query("SELECT lot, share, share * 10.0 FROM reach", &[], pair).expect("shares");
    db.define("COMMIT;").expect("committed");
    found.into_iter().collect()
}
