//! The thread in memory against recursive SQL over the stored edges, laid out as a table: on random graphs
//! with cycles, on both databases, before and after a restart.

use std::collections::BTreeSet;

use kernel::{Edge, EdgeRole, LotId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{
    Applied, Area, Command, CommandKind, Context, Db, Fact, FactKind, Facts, Stop, Store, StoreError, params,
};
use thread::Walker;

/// Join lots to lots, in any way.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
struct Join {
    pairs: Vec<Vec<u64>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Joined {
    pairs: Vec<Vec<u64>>,
}

impl Command for Join {
    const NAME: &'static str = "lot.join";
    const ROLES: &'static [Role] = &[Role::Metallurgist];
    const EXAMPLE: &'static str = r#"{"pairs":[[1,2]]}"#;
    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(Joined { pairs: self.pairs.clone() }))
    }
}

impl Fact for Joined {
    const KIND: &'static str = "lot.joined";
    fn subjects(&self) -> Vec<Ref> {
        Vec::new()
    }
    fn edges(&self) -> Vec<Edge> {
        let edge = |pair: &Vec<u64>| Edge::new(LotId(pair[0]), LotId(pair[1]), EdgeRole::Material);
        self.pairs.iter().map(edge).collect()
    }
    fn apply(&self, _: &mut Db, _: &Applied) -> Result<(), StoreError> {
        Ok(())
    }
    fn samples() -> Vec<Self> {
        vec![Joined { pairs: vec![vec![1, 2]] }]
    }
}

const AREA: Area = Area {
    name: "joins",
    migrations: &[],
    commands: || vec![CommandKind::of::<Join>()],
    facts: || vec![FactKind::of::<Joined>()],
    statements: Vec::new,
    guard: None,
    react: None,
    jobs: &[],
    describe: |_, _| Ok(None),
};

const UP: &str = "WITH RECURSIVE walk (lot) AS (SELECT CAST(?1 AS BIGINT) UNION
                  SELECT e.source FROM flow e JOIN walk w ON e.target = w.lot) SELECT lot FROM walk";
const DOWN: &str = "WITH RECURSIVE walk (lot) AS (SELECT CAST(?1 AS BIGINT) UNION
                    SELECT e.target FROM flow e JOIN walk w ON e.source = w.lot) SELECT lot FROM walk";

/// The stored edges as rows.
fn laid_out(store: &Store) -> Db {
    let mut rows = Db::scratch().unwrap();
    rows.define("CREATE TABLE flow (source INTEGER NOT NULL, target INTEGER NOT NULL);").unwrap();
    let insert = "INSERT INTO flow (source, target) VALUES (?1, ?2)";
    let mut put = |edge: Edge| rows.execute(insert, params![edge.from.number, edge.to.number]).map(|_| ());
    store.read(|db| store::edges(db, |_, edge| put(edge))).unwrap();
    rows
}

fn by_sql(rows: &mut Db, sql: &str, lot: u64) -> BTreeSet<u64> {
    let found = rows.query(sql, params![lot], |row| row.number(0)).unwrap();
    found.into_iter().filter(|other| *other != lot).collect()
}

fn in_memory(store: &Store, walker: &mut Walker, lot: u64, up: bool) -> BTreeSet<u64> {
    let reached = store.thread(|thread| match up {
        true => thread.graph().upstream(walker, lot, |_| true),
        false => thread.graph().downstream(walker, lot, |_| true),
    });
    reached.unwrap().into_iter().map(|reached| reached.node).filter(|other| *other != lot).collect()
}

#[test]
fn the_thread_answers_as_recursive_sql_does_also_round_cycles() {
    testkit::each_database(
        || vec![AREA],
        |_, _, _, _| Ok(Vec::new()),
        |world| {
            let actor = world.actor(&[Role::Metallurgist]);
            let mut state = 20_261_123_u64;
            let mut below = |limit: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % limit
            };
            for _ in 0..12 {
                let pairs = (0..15).map(|_| vec![1 + below(80), 1 + below(80)]).collect();
                world.store.run(&actor, Join { pairs }).unwrap();
            }
            let equal = |store: &Store| {
                let (mut walker, mut rows) = (Walker::new(), laid_out(store));
                for lot in 1..=80 {
                    for (up, sql) in [(true, UP), (false, DOWN)] {
                        let found = in_memory(store, &mut walker, lot, up);
                        assert_eq!(found, by_sql(&mut rows, sql, lot), "{lot}, {up}");
                    }
                }
            };
            equal(&world.store);
            equal(&world.reopen().store);
        },
    );
}
