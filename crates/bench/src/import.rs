//! 100,000 readings of 10,000 samples taken in through the real path, every one a fact in the ledger, against
//! bare SQLite inserting the very same rows in groups of the same size.

use std::path::Path;

use kernel::{Actor, AuthorisationId, MethodId, PartyId, Role};
use laboratory::import::ImportContext;
use store::{Db, Request, Value};
use testkit::World;

use crate::{Figure, timed};

const SAMPLES: usize = 10_000;
const ANALYTES: &[&str] = &["Mn", "Fe", "Ca", "Mg", "K", "Na", "Pb", "Cd", "Zn", "Ni"];
/// Readings in one commit: four chunks of a thousand, as `laboratory::import` gives them.
const GROUP: usize = 4_000;

const MAPPING: &str = "
name = \"bench\"
version = 1
instrument = \"ICP-1\"
layout = \"long\"
class_default = \"sample\"
[open]
delimiter = \"semicolon\"
[sample]
column = \"sample\"
[analyte]
column = \"analyte\"
[value]
column = \"value\"
unit_column = \"unit\"
";

/// Imports, then inserts the same rows without anything around it.
pub fn run() -> Vec<Figure> {
    let world = World::new(vec![authority::AREA, materials::AREA, laboratory::AREA], |_, _, acts, _| {
        Ok(acts.iter().map(|_| AuthorisationId(1)).collect())
    });
    let actor = world.actor(Role::ALL);
    let method = prepare(&world, &actor, SAMPLES);
    let before = counts(&world);
    let text = file(SAMPLES, ANALYTES);
    let context = ImportContext::of(method);
    let (receipt, took) = timed(|| {
        let bytes = text.as_bytes();
        laboratory::import::import(
            &world.store,
            &actor,
            "bench.csv",
            bytes,
            Some("bench"),
            &context,
            &mut |_| {},
        )
        .expect("imported")
    });
    let results = receipt.readings.get("result").copied().unwrap_or_default() as f64;
    let rate = results / took.as_secs_f64();
    let (rows, bare) = bare(&world, &before);
    store::verify(&world.store, true).expect("in order");
    vec![
        Figure::at_least(
            "import: audited results a second, SQLite, synchronous=FULL",
            rate,
            20_000.0,
            "results/s",
        ),
        Figure::noted("import: rows written for each result", rows as f64 / results, "rows"),
        Figure::noted("import: bare SQLite, the same rows in the same groups", results / bare, "results/s"),
        Figure::at_least("import: share of bare SQLite's rate", bare / took.as_secs_f64(), 0.3, ""),
    ]
}

fn give(world: &World, actor: &Actor, name: &str, json: &str) -> store::Receipt {
    let request =
        Request { actor: actor.clone(), command: parse(world, name, json), reason: None, key: None };
    world.store.request(request).unwrap_or_else(|stop| panic!("{name}: {stop:?}"))
}

fn parse(world: &World, name: &str, json: &str) -> Box<dyn store::AnyCommand> {
    let kind = world.store.registry().commands.get(name).expect("a command of that name");
    (kind.parse)(json).unwrap_or_else(|wrong| panic!("{name}: {}: {}", wrong.field, wrong.message))
}

/// A method, a mapping and samples `S-00000` and on.
pub fn prepare(world: &World, actor: &Actor, samples: usize) -> MethodId {
    let names = r#""names":{"en":"Bench","zh":"基准"}"#;
    let method: MethodId = give(world, actor, "method.define", &format!(r#"{{"code":"ICP-01",{names}}}"#))
        .id()
        .expect("a method");
    let analytes: Vec<String> = ANALYTES
        .iter()
        .map(|a| {
            format!(r#"{{"analyte":"{a}","unit":"mg/L","basis":"not_stated","lod":"0.001","loq":"0.003"}}"#)
        })
        .collect();
    let analytes = analytes.join(",");
    let version = format!(
        r#"{{"method":"{method}","edition":"1","in_force_from":"2026-01-01","releaser_differs":"yes",
            "analytes":[{analytes}]}}"#
    );
    give(world, actor, "method.issue_version", &version);
    let mapping = format!(r#"{{"name":"bench","toml":{}}}"#, serde_json::Value::from(MAPPING));
    give(world, actor, "mapping.add", &mapping);
    let party = r#"{"code":"B","kind":"customer","names":{"en":"B","zh":"乙"}}"#;
    let party: PartyId = give(world, actor, "party.register", party).id().expect("a party");
    let requests = (0..samples)
        .map(|n| {
            let json = format!(r#"{{"code":"S-{n:05}","from":"{party}","name":"n","mass_kg_wet":"0.1"}}"#);
            let command = parse(world, "sample.receive", &json);
            Request { actor: actor.clone(), command, reason: None, key: None }
        })
        .collect();
    assert!(world.store.request_all(requests).iter().all(Result::is_ok));
    method
}

/// A file with a reading of each sample and analyte.
pub fn file(samples: usize, analytes: &[&str]) -> String {
    let mut text = "sample;analyte;value;unit\n".to_owned();
    for n in 0..samples {
        for (at, analyte) in analytes.iter().enumerate() {
            let value = (n * 37 + at * 101) % 9_973;
            text.push_str(&format!("S-{n:05};{analyte};{}.{:03};mg/L\n", value / 100, value % 1000));
        }
    }
    text
}

fn tables(db: &mut Db) -> Vec<(String, String)> {
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL
               AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%' ORDER BY name";
    db.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?))).expect("tables")
}

fn counts(world: &World) -> Vec<(String, u64)> {
    let count = |db: &mut Db| {
        let mut all = Vec::new();
        for (name, _) in tables(db) {
            let sql = format!("SELECT COUNT(*) FROM {name}");
            all.push((name, db.one("rows", &sql, &[], |row| row.number(0))?));
        }
        Ok(all)
    };
    world.store.read(count).expect("counts")
}

/// Inserts what the import added into a new file with the same tables and indexes; gives rows and seconds.
fn bare(world: &World, before: &[(String, u64)]) -> (usize, f64) {
    let path = world.folder().join("bare.db");
    let mut bare = Db::sqlite(&path).expect("a file");
    let mut added: Vec<(String, Vec<Vec<Value<'static>>>)> = Vec::new();
    world
        .store
        .read(|db| {
            let indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
            let indexes = db.query(indexes, &[], |row| row.text(0))?;
            for ((name, sql), (_, old)) in tables(db).into_iter().zip(before) {
                bare.define(&sql)?;
                let rows = rows_after(db, &name, *old)?;
                if !rows.is_empty() {
                    added.push((name, rows));
                }
            }
            indexes.iter().try_for_each(|sql| bare.define(sql))
        })
        .expect("the same tables");
    bare.define("PRAGMA foreign_keys = OFF").expect("a setting");
    let total = added.iter().map(|(_, rows)| rows.len()).sum();
    let groups = SAMPLES * ANALYTES.len() / GROUP;
    let ((), took) = timed(|| insert(&mut bare, &added, groups));
    remove(&path);
    (total, took.as_secs_f64())
}

fn rows_after(db: &mut Db, table: &str, old: u64) -> Result<Vec<Vec<Value<'static>>>, store::StoreError> {
    let width =
        db.query(&format!("SELECT name FROM pragma_table_info('{table}')"), &[], |row| row.text(0))?.len();
    let sql = format!("SELECT * FROM {table} LIMIT -1 OFFSET ?1");
    db.query(&sql, store::params![old], |row| (0..width).map(|at| row.value(at)).collect())
}

fn insert(db: &mut Db, added: &[(String, Vec<Vec<Value<'static>>>)], groups: usize) {
    for group in 0..groups {
        db.define("BEGIN").expect("begun");
        for (table, rows) in added {
            let width = rows.first().map_or(0, Vec::len);
            let marks: Vec<String> = (1..=width).map(|at| format!("?{at}")).collect();
            let sql = format!("INSERT INTO {table} VALUES ({})", marks.join(", "));
            let (from, to) = (rows.len() * group / groups, rows.len() * (group + 1) / groups);
            for row in &rows[from..to] {
                db.execute(&sql, row).expect("a row");
            }
        }
        db.define("COMMIT").expect("committed");
    }
}

fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
}
