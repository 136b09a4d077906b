//! `backup` and `restore`: one folder out, one folder in, checked on the way.

use std::fs;
use std::path::Path;

use crate::commit::Registry;
use crate::{Db, Dialect, Store, StoreError, Value, dialect, migrate, params};

/// Copies a consistent state of database, files, ledger and keys into an empty or new folder, while others
/// go on working. The database is copied first, so that every file it speaks of is already kept.
pub fn backup(store: &Store, to: &Path) -> Result<(), StoreError> {
    let occupied = fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        let to = to.display();
        return Err(StoreError::Configuration(format!(
            "{to} is not empty; give a new folder for the backup"
        )));
    }
    fs::create_dir_all(to).map_err(StoreError::io(format!("make {}", to.display())))?;
    store.publish()?;
    copy_tree(&store.folder().join("keys"), &to.join("keys"))?;
    copy_tree(&store.folder().join("ledger"), &to.join("ledger"))?;
    let database = to.join("orepass.db");
    store.read(|db| match db.dialect() {
        Dialect::Sqlite => db.copy_to(&database),
        Dialect::Postgres => {
            let mut file = Db::sqlite(&database)?;
            migrate::run(&mut file, store.registry())?;
            copy_rows(db, &mut file, store.registry())
        }
    })?;
    copy_tree(&store.folder().join("files"), &to.join("files"))
}

/// Copies a backup into a new data folder, and into an empty PostgreSQL database when one is named: so a
/// folder also moves from one database to the other. Open and verify it afterwards.
pub fn restore(
    from: &Path,
    to: &Path,
    database: Option<&str>,
    registry: &Registry,
) -> Result<(), StoreError> {
    if !from.join("orepass.db").exists() {
        let from = from.display();
        return Err(StoreError::Configuration(format!("{from} holds no orepass.db; it is no backup")));
    }
    if to.join("orepass.db").exists() {
        let to = to.display();
        return Err(StoreError::Configuration(format!(
            "{to} is a data folder already; restore into a new one, nothing is overwritten"
        )));
    }
    copy_tree(from, to)?;
    let Some(url) = database else { return Ok(()) };
    let path = to.join("orepass.db");
    let mut server = Db::postgres(url)?;
    migrate::run(&mut server, registry)?;
    if server.one("entries", "SELECT COUNT(*) FROM ledger_entry", &[], |row| row.int(0))? > 0 {
        return Err(StoreError::Configuration(
            "the PostgreSQL database is not empty; give a new one".to_owned(),
        ));
    }
    copy_rows(&mut Db::sqlite(&path)?, &mut server, registry)?;
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(to.join(format!("orepass.db{ending}")));
    }
    Ok(())
}

/// Copies every row into the same, empty tables of the other database, in the order the tables were made, so
/// that what is referred to is there first; the search index is built anew from its words.
fn copy_rows(from: &mut Db, to: &mut Db, registry: &Registry) -> Result<(), StoreError> {
    let mut model = Db::scratch()?;
    migrate::run(&mut model, registry)?;
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid";
    let tables = model.query(sql, &[], |row| row.text(0))?;
    to.batch("BEGIN")?;
    for table in tables {
        if table != "migration" && !table.starts_with("search") && !table.starts_with("sqlite_") {
            copy_table(&mut model, from, to, &table)?;
        }
    }
    let sql = "SELECT record, label, words FROM search";
    from.each(sql, &[], |row| dialect::search_put(to, &row.text(0)?, &row.text(1)?, &row.text(2)?))?;
    to.batch("COMMIT")
}

fn copy_table(model: &mut Db, from: &mut Db, to: &mut Db, table: &str) -> Result<(), StoreError> {
    let sql = "SELECT name FROM pragma_table_info(?1) ORDER BY cid";
    let columns = model.query(sql, params![table], |row| row.text(0))?;
    let (names, width) = (columns.join(", "), columns.len());
    let marks: Vec<String> = (1..=width).map(|at| format!("?{at}")).collect();
    let insert = format!("INSERT INTO {table} ({names}) VALUES ({})", marks.join(", "));
    from.each(&format!("SELECT {names} FROM {table}"), &[], |row| {
        let values: Vec<Value<'static>> = (0..width).map(|at| row.value(at)).collect::<Result<_, _>>()?;
        to.execute(&insert, &values).map(|_| ())
    })
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), StoreError> {
    let failed = |path: &Path| StoreError::io(format!("copy {}", path.display()));
    fs::create_dir_all(to).map_err(failed(to))?;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let path = entry.map_err(failed(from))?.path();
        let Some(name) = path.file_name() else { continue };
        let target = to.join(name);
        if path.is_dir() {
            copy_tree(&path, &target)?;
        } else if name != "lock" && !name.to_string_lossy().contains(".part") {
            fs::copy(&path, &target).map_err(failed(&path))?;
        }
    }
    Ok(())
}
