//! A trace over 10,000 lots in a thread of 1e6 lots and 3e6 edges, against recursive SQL on the same edges.

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
    let sql = sql_median();
    let median = percentile(&mut samples, 0.5);
    vec![
        Figure::noted("trace: lots reached, on average", reached, "lots"),
        Figure::noted("trace: thread of 1e6 lots and 3e6 edges rebuilt", built.as_secs_f64(), "s"),
        Figure::noted("trace: median with masses and shares", median, "ms"),
        Figure::at_most("trace: p99 with masses and shares", percentile(&mut samples, 0.99), 10.0, "ms"),
        Figure::noted("trace: recursive SQL, set only, median", sql, "ms"),
        Figure::at_least("trace: recursive SQL takes so many times longer", sql / median, 20.0, "×"),
    ]
}

fn sql_median() -> f64 {
    let mut db = Db::scratch().expect("a database in memory");
    db.define("CREATE TABLE flow (source INTEGER NOT NULL, target INTEGER NOT NULL);").expect("a table");
    let insert = "INSERT INTO flow (source, target) VALUES (?1, ?2)";
    for edge in edges() {
        db.execute(insert, params![edge.from, edge.to]).expect("an edge");
    }
    db.define("CREATE INDEX flow_target ON flow (target, source);").expect("an index");
    let up = "WITH RECURSIVE up (lot) AS
              (SELECT ?1 UNION SELECT f.source FROM flow f JOIN up ON f.target = up.lot)
              SELECT COUNT(*) FROM up";
    let mut samples: Vec<Duration> = (0..9)
        .map(|family| {
            let lot = number(family * 10, LOTS - 1);
            timed(|| db.one("lots", up, params![lot], |row| row.int(0)).expect("a count")).1
        })
        .collect();
    percentile(&mut samples, 0.5)
}
