//! Tables come into being by migrations, each once, in the order of the floors.

use std::collections::BTreeSet;

use crate::commit::Registry;
use crate::{Db, StoreError, dialect, params};

const STORE: &str = include_str!("../migrations/0001_store.sql");

/// Makes all tables of the store and of the areas, where they are missing.
pub(crate) fn run(db: &mut Db, registry: &Registry) -> Result<(), StoreError> {
    db.define(
        "CREATE TABLE IF NOT EXISTS migration (area TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
         PRIMARY KEY (area, name));",
    )?;
    let sql = "SELECT area, name, digest FROM migration";
    let done: BTreeSet<(String, String, String)> =
        db.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)))?.into_iter().collect();
    let search = dialect::search_definition(db.dialect());
    once(db, &done, "store", "0001_store", STORE)?;
    once(db, &done, "store", "0001_search", search)?;
    for area in &registry.areas {
        for migration in area.migrations {
            once(db, &done, area.name, migration.name, migration.sql)?;
        }
    }
    Ok(())
}

fn once(
    db: &mut Db,
    done: &BTreeSet<(String, String, String)>,
    area: &str,
    name: &str,
    sql: &str,
) -> Result<(), StoreError> {
    let digest = crate::sha256(sql.as_bytes());
    match done.iter().find(|(a, n, _)| a == area && n == name) {
        Some((_, _, before)) if *before == digest => return Ok(()),
        Some(_) => {
            return Err(StoreError::Configuration(format!(
                "migration {area}/{name} was changed after it was applied; add a new migration instead"
            )));
        }
        None => {}
    }
    db.batch("BEGIN")?;
    let insert = "INSERT INTO migration (area, name, digest) VALUES (?1, ?2, ?3)";
    let applied = db.define(sql).and_then(|()| db.execute(insert, params![area, name, &digest]));
    db.batch(if applied.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    applied.map(|_| ())
}
