//! `ledger verify`: recompute the tree, then fold all facts again and compare every row.

use std::collections::BTreeMap;
use std::path::Path;

use ledger::{Entry, LogVerifier, Payload};

use crate::commit::Registry;
use crate::{Applied, Db, Store, StoreError, Value, log, migrate, params};

/// What was found to be in order.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LedgerReport {
    /// Entries under the signed checkpoint.
    pub entries: u64,
    /// The root, base64.
    pub root: String,
    /// Entries whose payload was erased; their proofs hold, their rows cannot be folded again.
    pub erased: u64,
    /// Rows compared with the folded ones, over all tables.
    pub rows: u64,
    /// Kept files whose content still has its hash.
    pub files: u64,
}

/// The first thing that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum LedgerWrong {
    /// An entry, or the signed head.
    #[error("{0}")]
    Entry(#[from] ledger::FirstWrong),
    /// A row is not what the facts say.
    #[error("table {table}, row {row}: {what} (last changed by entry {entry})")]
    Row {
        /// Table.
        table: String,
        /// Its key.
        row: String,
        /// What differs.
        what: String,
        /// The last ledger entry about that record; or the last one at all.
        entry: u64,
    },
    /// A fact of a kind that no area knows.
    #[error("entry {seq}: no area folds `{kind}` version {version}")]
    Unknown {
        /// Entry.
        seq: u64,
        /// Its kind.
        kind: String,
        /// Its version.
        version: u32,
    },
    /// Reading failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks everything a data folder holds against its own ledger and key.
pub fn verify(store: &Store, rows: bool) -> Result<LedgerReport, LedgerWrong> {
    store.publish()?;
    let folder = store.folder().join("ledger");
    let key = log::verifier(&store.folder().join("keys"))?;
    let note = read_text(&folder.join("checkpoint"))?;
    let mut report = store.read(|db| Ok(tree(db, &note, &key)))??;
    if rows {
        let mut scratch = Db::scratch()?;
        migrate::run(&mut scratch, store.registry())?;
        store.read(|db| Ok(fold(db, &mut scratch, store.registry())))??;
        report.rows = store.read(|db| Ok(compare(db, &mut scratch)))??;
        for sha256 in store.files().all()? {
            store.files().read(&sha256)?;
            report.files += 1;
        }
    }
    Ok(report)
}

fn read_text(path: &Path) -> Result<String, StoreError> {
    std::fs::read_to_string(path).map_err(StoreError::io(format!("read {}", path.display())))
}

fn tree(db: &mut Db, note: &str, key: &ledger::VerifierKey) -> Result<LedgerReport, LedgerWrong> {
    let mut verifier = LogVerifier::new(note, key)?;
    let mut wrong = None;
    let sql = "SELECT record, leaf, salt, payload FROM ledger_entry ORDER BY seq";
    db.each(sql, &[], |row| {
        if wrong.is_some() {
            return Ok(());
        }
        let salt = row.opt_blob(2)?.and_then(|salt| salt.try_into().ok());
        let payload = match (salt, row.opt_text(3)?) {
            (Some(salt), Some(payload)) => Payload::Kept { salt, bytes: payload.into_bytes() },
            _ => Payload::Erased,
        };
        let leaf = Some(log::digest(&row.opt_blob(1)?.unwrap_or_default())?);
        let entry = Entry { record: row.text(0)?.into_bytes(), payload, leaf };
        wrong = verifier.entry(&entry).err();
        Ok(())
    })?;
    if let Some(wrong) = wrong {
        return Err(wrong.into());
    }
    let proved = verifier.finish()?;
    let root = proved.root.to_base64();
    Ok(LedgerReport { entries: proved.size, root, erased: proved.erased, rows: 0, files: 0 })
}

fn fold(db: &mut Db, scratch: &mut Db, registry: &Registry) -> Result<(), LedgerWrong> {
    let mut wrong = None;
    let sql = "SELECT record, payload FROM ledger_entry ORDER BY seq";
    scratch.batch("BEGIN")?;
    db.each(sql, &[], |row| {
        if wrong.is_some() {
            return Ok(());
        }
        let text = row.text(0)?;
        let record = ledger::Record::parse(text.as_bytes())
            .map_err(|why| StoreError::stored("a ledger entry", why))?;
        let Some(payload) = row.opt_text(1)? else { return Ok(()) };
        let kind = registry.facts.iter().find(|((k, v), _)| *k == record.kind && *v == record.version);
        let Some((_, kind)) = kind else {
            let (kind, version) = (record.kind, record.version);
            wrong = Some(LedgerWrong::Unknown { seq: record.seq, kind, version });
            return Ok(());
        };
        let person = record.on_behalf_of.as_ref().unwrap_or(&record.actor).parse().ok();
        let at = record.at.parse().map_err(|why| StoreError::stored("an instant", why))?;
        kind.fold(&payload, scratch, &Applied { seq: record.seq, at, person })
    })?;
    scratch.batch("COMMIT")?;
    wrong.map_or(Ok(()), Err)
}

/// Tables that hold no folded records: the log itself, and what readers and jobs need.
const NOT_FOLDED: &[&str] =
    &["ledger_entry", "ledger_subject", "edge", "counter", "idempotency", "job", "file", "migration"];

fn compare(db: &mut Db, scratch: &mut Db) -> Result<u64, LedgerWrong> {
    let tables =
        scratch.query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", &[], |row| {
            row.text(0)
        })?;
    let mut compared = 0;
    for table in tables {
        let search = table.starts_with("search") || table.starts_with("sqlite_");
        if NOT_FOLDED.contains(&table.as_str()) || search {
            continue;
        }
        compared += table_equal(db, scratch, &table)?;
    }
    Ok(compared)
}

fn table_equal(db: &mut Db, scratch: &mut Db, table: &str) -> Result<u64, LedgerWrong> {
    let sql = format!("SELECT name, pk FROM pragma_table_info('{table}') ORDER BY cid");
    let columns = scratch.query(&sql, &[], |row| Ok((row.text(0)?, row.int(1)?)))?;
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut keys: Vec<(i64, usize)> =
        columns.iter().enumerate().filter(|(_, (_, pk))| *pk > 0).map(|(at, (_, pk))| (*pk, at)).collect();
    keys.sort_unstable();
    let sql = format!("SELECT {} FROM {table}", names.join(", "));
    let read = |db: &mut Db| -> Result<BTreeMap<String, Vec<Value<'static>>>, StoreError> {
        let mut rows = BTreeMap::new();
        db.each(&sql, &[], |row| {
            let values: Vec<_> = (0..names.len()).map(|at| row.value(at)).collect::<Result<_, _>>()?;
            let key: Vec<String> = keys.iter().map(|(_, at)| plain(&values[*at])).collect();
            rows.insert(key.join("/"), values);
            Ok(())
        })?;
        Ok(rows)
    };
    let (kept, mut folded) = (read(db)?, read(scratch)?);
    let erased = erased_numbers(db)?;
    for (key, values) in &kept {
        let again = folded.remove(key);
        let number = key.split('/').next().and_then(|text| text.parse().ok());
        if number.is_some_and(|number| erased.contains(&number)) {
            continue;
        }
        let what = match again {
            None => "it is in the database, but no fact made it".to_owned(),
            Some(again) => match (0..names.len()).find(|at| values[*at] != again[*at]) {
                None => continue,
                Some(at) => {
                    let (kept, again) = (plain(&values[at]), plain(&again[at]));
                    format!("{} is `{kept}`, but the facts say `{again}`", names[at])
                }
            },
        };
        return Err(row_wrong(db, table, key, what)?);
    }
    match folded.keys().next() {
        None => Ok(kept.len() as u64),
        Some(key) => {
            let what = "the facts made it, but it is not in the database".to_owned();
            Err(row_wrong(db, table, key, what)?)
        }
    }
}

fn erased_numbers(db: &mut Db) -> Result<std::collections::BTreeSet<u64>, StoreError> {
    let sql = "SELECT DISTINCT s.number FROM ledger_subject s JOIN ledger_entry e ON e.seq = s.seq
               WHERE e.payload IS NULL";
    Ok(db.query(sql, &[], |row| row.number(0))?.into_iter().collect())
}

fn row_wrong(db: &mut Db, table: &str, key: &str, what: String) -> Result<LedgerWrong, StoreError> {
    let number: Option<u64> = key.split('/').next().and_then(|text| text.parse().ok());
    let sql = "SELECT MAX(seq) FROM ledger_subject WHERE number = ?1";
    let entry = match number {
        Some(number) => db.maybe(sql, params![number], |row| row.opt_number(0))?.flatten(),
        None => None,
    };
    let entry = entry.unwrap_or(log::count(db)?.saturating_sub(1));
    Ok(LedgerWrong::Row { table: table.to_owned(), row: key.to_owned(), what, entry })
}

fn plain(value: &Value<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Blob(bytes) => hex::encode(bytes),
    }
}
