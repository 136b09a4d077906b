//! A ledger of 1e6 entries: written through the commit path, verified, opened again.

use kernel::{Role, SampleId};
use serde::{Deserialize, Serialize};
use store::{Applied, Area, Command, CommandKind, Context, Db, Fact, FactKind, Facts, Migration, StoreError};
use testkit::World;

use crate::{Figure, timed};

const ENTRIES: usize = 1_000_000;
const EACH: u32 = 1_000;

/// Notes that so many samples were counted: the cheapest fact there can be.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
struct Count {
    many: u32,
}

#[derive(Serialize, Deserialize)]
struct Counted {
    sample: SampleId,
    mass_g: String,
}

impl Command for Count {
    const NAME: &'static str = "sample.count";
    const ROLES: &'static [Role] = &[Role::Analyst];
    const EXAMPLE: &'static str = r#"{"many":1}"#;

    fn handle(&self, _: &mut Db, context: &mut Context<'_>) -> Result<Facts, store::Stop> {
        let mut facts = Facts::new();
        for _ in 0..self.many {
            facts.push(Counted { sample: SampleId::next(context.numbers), mass_g: "12.50".to_owned() });
        }
        Ok(facts)
    }
}

impl Fact for Counted {
    const KIND: &'static str = "sample.counted";

    fn subjects(&self) -> Vec<kernel::Ref> {
        vec![self.sample.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        let sql = "INSERT INTO counted (number, mass_g) VALUES (?1, ?2)";
        db.execute(sql, store::params![self.sample.number(), &self.mass_g]).map(|_| ())
    }

    fn samples() -> Vec<Self> {
        Vec::new()
    }
}

const AREA: Area = Area {
    name: "bench",
    migrations: &[Migration {
        name: "0001",
        sql: "CREATE TABLE counted (number INTEGER PRIMARY KEY NOT NULL, mass_g TEXT NOT NULL);",
    }],
    commands: || vec![CommandKind::of::<Count>()],
    facts: || vec![FactKind::of::<Counted>()],
    statements: Vec::new,
    guard: None,
    react: None,
    jobs: &[],
    describe: |_, _| Ok(None),
};

/// Writes, verifies, opens again.
pub fn run() -> Vec<Figure> {
    let world = World::new(vec![AREA], |_, _, _, _| Ok(Vec::new()));
    let actor = world.actor(&[Role::Analyst]);
    let (_, written) = timed(|| {
        for _ in 0..ENTRIES / EACH as usize {
            world.store.run(&actor, Count { many: EACH }).expect("counted");
        }
        world.store.publish().expect("published");
    });
    let (tree, tree_took) = timed(|| store::verify(&world.store, false).expect("in order"));
    let (_, rows_took) = timed(|| store::verify(&world.store, true).expect("in order"));
    let (world, opened) = timed(|| world.reopen());
    drop(world);
    let seconds = |took: std::time::Duration| took.as_secs_f64();
    vec![
        Figure::noted("ledger: entries", tree.entries as f64, "entries"),
        Figure::noted("ledger: facts committed", ENTRIES as f64 / seconds(written), "facts/s"),
        Figure::at_most(
            "ledger: 1e6 entries verified: records, payloads, tree, signature",
            seconds(tree_took),
            10.0,
            "s",
        ),
        Figure::noted(
            "ledger: the same, and all facts folded again and every row compared",
            seconds(rows_took),
            "s",
        ),
        Figure::noted("ledger: a store of 1e6 entries opened again", seconds(opened), "s"),
    ]
}
