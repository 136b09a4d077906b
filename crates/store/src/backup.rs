//! `backup` and `restore`: one folder out, one folder in, checked on the way.
//!
//! A backup is one state of the database, and everything which that state speaks of. The signed head is read
//! before the database, and tiles and files are copied after it: what was committed before the backup began
//! is in it, and nothing that it names is missing, however much is written meanwhile.

use std::fs;
use std::path::Path;

use crate::commit::Registry;
use crate::log::{self, Log};
use crate::look::{self, Look, Missing};
use crate::{Db, Dialect, Store, StoreError, Value, dialect, files, migrate, params};

const LOST: &str =
    "a record rests on it, so there is nothing whole to copy; put it back from an older backup";

/// Says in `keys/` of a backup where its signing key is.
const TRAVELS: &str = "This backup came over the network; no signing key travels so. Before it is served, \
                       put keys/ledger.seed here from where it is kept. Verifying needs no key.\n";

/// Copies one state of database, files, ledger and keys of an open store into an empty or new folder, while
/// others go on working.
pub fn backup(store: &Store, to: &Path) -> Result<(), StoreError> {
    store.publish()?;
    let note = head(store.folder())?;
    empty(to)?;
    store.read(|db| copy(db, store.folder(), to, &note, store.registry(), copy_tree))?;
    copy_tree(&store.folder().join("keys"), &to.join("keys"))
}

/// A backup of an open store that is to travel: kept files are linked where the file system can, and the
/// signing key stays where it is.
pub fn set_aside(store: &Store, to: &Path) -> Result<(), StoreError> {
    store.publish()?;
    let note = head(store.folder())?;
    empty(to)?;
    store.read(|db| copy(db, store.folder(), to, &note, store.registry(), link_tree))?;
    let keys = to.join("keys");
    files::write_whole(&keys.join("ledger.vkey"), format!("{}\n", store.verifier()?).as_bytes())?;
    files::write_whole(&keys.join(look::ELSEWHERE), TRAVELS.as_bytes())
}

/// The same of a data folder that this process has not open, whether a server has it in use or not; nothing
/// in it is changed. `database` names the PostgreSQL database where the rows are not in the folder.
pub fn backup_folder(
    from: &Path,
    database: Option<&str>,
    to: &Path,
    registry: &Registry,
) -> Result<(), StoreError> {
    look::whole(from, database.is_none())?;
    let note = head(from)?;
    empty(to)?;
    let mut look = Look::open(from, database)?;
    copy(&mut look.db, from, to, &note, registry, copy_tree)?;
    copy_tree(&from.join("keys"), &to.join("keys"))
}

fn head(folder: &Path) -> Result<Vec<u8>, StoreError> {
    let path = folder.join("ledger/checkpoint");
    fs::read(&path).map_err(StoreError::io(format!("read {}", path.display())))
}

fn empty(to: &Path) -> Result<(), StoreError> {
    let occupied = fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        let to = to.display();
        return Err(StoreError::Configuration(format!(
            "{to} is not empty; give a new folder for the backup"
        )));
    }
    fs::create_dir_all(to).map_err(StoreError::io(format!("make {}", to.display())))
}

type Tree = fn(&Path, &Path) -> Result<(), StoreError>;

fn copy(
    db: &mut Db,
    from: &Path,
    to: &Path,
    note: &[u8],
    registry: &Registry,
    kept_files: Tree,
) -> Result<(), StoreError> {
    log::count(db)?; // the state that is copied is the one of this moment
    missing_file(db, from)?;
    let database = to.join("orepass.db");
    match db.dialect() {
        Dialect::Sqlite => db.copy_to(&database)?,
        Dialect::Postgres => {
            let mut file = Db::sqlite(&database)?;
            migrate::run(&mut file, registry)?;
            copy_rows(db, &mut file, registry)?;
        }
    }
    kept_files(&from.join("files"), &to.join("files"))?;
    copy_tree(&from.join("ledger"), &to.join("ledger"))?;
    files::write_whole(&to.join("ledger/checkpoint"), note)?;
    // What was committed after that head is signed in the copy, where the key is there to sign.
    if let Some(key) = log::seed(&from.join("keys"))? {
        Log::open(&to.join("ledger"), key, &mut Db::sqlite(&database)?)?;
    }
    Ok(())
}

/// Whether a file that a row names is not there.
fn missing_file(db: &mut Db, folder: &Path) -> Result<(), StoreError> {
    let files = crate::Files::new(folder.join("files"));
    let sql = "SELECT sha256, first_name FROM file ORDER BY sha256";
    let rows = db.query(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
    match rows.into_iter().find(|(hash, _)| !files.path(hash).exists()) {
        None => Ok(()),
        Some((hash, name)) => {
            Err(Missing::new(format!("{} ({name})", files.path(&hash).display()), LOST).into())
        }
    }
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
    look::whole(from, true)?;
    missing_file(&mut Look::open(from, None)?.db, from)?;
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

/// Gives files that never change a second name, or copies them where the file system cannot. Only for what
/// is read and let go again: a backup that shares its bytes with the original is none.
fn link_tree(from: &Path, to: &Path) -> Result<(), StoreError> {
    each_file(from, to, &|path, target| match fs::hard_link(path, target) {
        Ok(()) => Ok(()),
        Err(_) => fs::copy(path, target).map(|_| ()),
    })
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), StoreError> {
    each_file(from, to, &|path, target| fs::copy(path, target).map(|_| ()))
}

type Take<'a> = &'a dyn Fn(&Path, &Path) -> std::io::Result<()>;

fn each_file(from: &Path, to: &Path, take: Take<'_>) -> Result<(), StoreError> {
    let failed = |path: &Path| StoreError::io(format!("copy {}", path.display()));
    fs::create_dir_all(to).map_err(failed(to))?;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let path = entry.map_err(failed(from))?.path();
        let Some(name) = path.file_name() else { continue };
        let target = to.join(name);
        if path.is_dir() {
            each_file(&path, &target, take)?;
        } else if name != "lock" && !name.to_string_lossy().contains(".part") {
            take(&path, &target).map_err(failed(&path))?;
        }
    }
    Ok(())
}
