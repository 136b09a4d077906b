//! `ledger verify`: recompute the tree, then fold all facts again and compare every row, every derivation
//! edge and the index of subjects. All is read from one state of the database, while others go on writing.
//!
//! A fact whose payload was erased cannot be folded. Nothing is left uncompared for it: the fact that erased
//! it says what is left and makes those rows again (`person.erased`). Of an erased refusal the instant, the
//! person, the command and the subject stand in the record and are compared; only its code and clause are
//! taken as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kernel::{Edge, PersonId, Ref};
use ledger::{Digest, Entry, LogVerifier, Payload, Record};

use crate::commit::{Refused, Registry};
use crate::look::{self, Look, Missing};
use crate::pack::{self, Drawn};
use crate::{Applied, Db, Fact, Files, Store, StoreError, Value, log, migrate, params, whole};

/// What was found to be in order.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LedgerReport {
    /// Entries under the signed checkpoint.
    pub entries: u64,
    /// The root, base64.
    pub root: String,
    /// Entries whose payload was erased; their proofs hold, and what is left of their rows was compared.
    pub erased: u64,
    /// Rows compared with the folded ones, over all tables.
    pub rows: u64,
    /// Kept files whose content still has its hash; none that a row or a fact names is missing.
    pub files: u64,
    /// Tiles under the signed head, compared with the rows.
    pub tiles: u64,
    /// Entries that no signature covers yet: whoever wrote them was stopped, or is still writing.
    pub unsigned: u64,
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
    /// Something that must be there is not.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// A tile is not what the entries give.
    #[error("{0} is not what the entries give: it was changed; put `ledger/` back from a backup")]
    Tile(String),
    /// The two halves of the key do not belong together.
    #[error("keys/ledger.seed and keys/ledger.vkey are not halves of one key: one of them was changed")]
    Key,
    /// Reading failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Checks everything an open store holds against its own ledger and key, and signs what is not signed yet.
pub fn verify(store: &Store, rows: bool) -> Result<LedgerReport, LedgerWrong> {
    store.publish()?;
    look::whole(store.folder(), false)?;
    let folder = store.folder();
    let note = read_text(&folder.join("ledger/checkpoint"))?;
    store.read(|db| Ok(check(db, folder, &note, store.registry(), rows)))?
}

/// Checks everything a data folder holds against its own ledger and key, and only reads: nothing is made,
/// changed or signed, whether a server has the folder in use or not. `database` names the PostgreSQL database
/// where the rows are not in the folder.
pub fn verify_folder(
    folder: &Path,
    database: Option<&str>,
    registry: &Registry,
    rows: bool,
) -> Result<LedgerReport, LedgerWrong> {
    look::whole(folder, database.is_none())?;
    // The head is read first: whoever writes meanwhile, what it covers is then in the database.
    let note = read_text(&folder.join("ledger/checkpoint"))?;
    let mut look = Look::open(folder, database)?;
    check(&mut look.db, folder, &note, registry, rows)
}

fn check(
    db: &mut Db,
    folder: &Path,
    note: &str,
    registry: &Registry,
    rows: bool,
) -> Result<LedgerReport, LedgerWrong> {
    let keys = folder.join("keys");
    let key = log::verifier(&keys)?;
    if log::seed(&keys)?.is_some_and(|seed| *seed.verifier() != key) {
        return Err(LedgerWrong::Key);
    }
    let mut report = tree(db, note, &key)?;
    report.tiles = whole::tiles(db, &folder.join("ledger"), report.entries)?;
    if rows {
        let mut scratch = Db::scratch()?;
        migrate::run(&mut scratch, registry)?;
        let named = fold(db, &mut scratch, registry)?;
        report.rows = compare(db, &mut scratch)?;
        report.files = whole::files(db, &Files::new(folder.join("files")), &named)?;
    }
    Ok(report)
}

/// Reads stored forms, each as (kind, version, payload), and folds each alone into empty tables, as a later
/// version of this program will have to. Says of each what went wrong, if anything.
///
/// # Errors
/// The tables cannot be made.
pub fn fold_each(
    registry: &Registry,
    forms: &[(&str, u32, &str)],
) -> Result<Vec<Option<StoreError>>, StoreError> {
    let mut all = Vec::with_capacity(forms.len());
    for (seq, (kind, version, payload)) in (1..).zip(forms) {
        let read = registry.facts.get(kind).and_then(|of| of.read(*version, payload));
        let unknown = || StoreError::Missing(format!("who reads {kind}@{version}"));
        let applied = Applied { seq, at: kernel::Instant::from_micros(0), person: Some(PersonId(1)) };
        let mut scratch = Db::scratch()?;
        migrate::run(&mut scratch, registry)?;
        let folded = read.ok_or_else(unknown).and_then(|fact| fact?.apply(&mut scratch, &applied));
        all.push(folded.err());
    }
    Ok(all)
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
    let (entries, erased, unsigned) = (proved.size, proved.erased, proved.unsigned);
    Ok(LedgerReport { entries, root, erased, unsigned, rows: 0, files: 0, tiles: 0 })
}

/// What folding finds out beside the rows.
struct Fold<'a> {
    scratch: &'a mut Db,
    registry: &'a Registry,
    /// Entries that have stored edges, with the digest of those, in order; and how many were met.
    drawn: Vec<(u64, Digest)>,
    met: usize,
    /// Record numbers and the entries about them.
    subjects: Vec<(u64, u64)>,
    /// Refusals whose payload is erased.
    refusals: Vec<Record>,
    /// Files that facts name.
    files: BTreeSet<String>,
}

/// Folds all facts into `scratch`; gives the files that they name.
fn fold(db: &mut Db, scratch: &mut Db, registry: &Registry) -> Result<BTreeSet<String>, LedgerWrong> {
    let drawn = drawn(db)?;
    let (subjects, refusals, files) = Default::default();
    let mut all = Fold { scratch, registry, drawn, met: 0, subjects, refusals, files };
    let mut wrong = None;
    all.scratch.batch("BEGIN")?;
    db.each("SELECT record, payload, kind FROM ledger_entry ORDER BY seq", &[], |row| {
        if wrong.is_none() {
            let text = row.text(0)?;
            let record =
                Record::parse(text.as_bytes()).map_err(|why| StoreError::stored("a ledger entry", why))?;
            wrong = all.entry(record, row.opt_text(1)?, &row.text(2)?).err();
        }
        Ok(())
    })?;
    wrong.map_or(Ok(()), Err)?;
    let files = std::mem::take(&mut all.files);
    all.finish(db)?;
    Ok(files)
}

/// The digest of the edges of each entry that has any.
fn drawn(db: &mut Db) -> Result<Vec<(u64, Digest)>, StoreError> {
    let (mut all, mut here) = (Vec::new(), Vec::new());
    let mut close = |here: &mut Vec<Drawn>| -> Result<(), StoreError> {
        if let Some(first) = here.first() {
            all.push((first.seq, Digest::of(&pack::pack(first.seq, here)?)));
        }
        here.clear();
        Ok(())
    };
    crate::edges(db, |seq, edge| {
        if here.first().is_some_and(|first: &Drawn| first.seq != seq) {
            close(&mut here)?;
        }
        here.push(Drawn { seq, edge });
        Ok(())
    })?;
    close(&mut here)?;
    Ok(all)
}

impl Fold<'_> {
    fn entry(&mut self, record: Record, payload: Option<String>, kind: &str) -> Result<(), LedgerWrong> {
        let seq = record.seq;
        if record.kind != kind {
            let what = format!("kind is `{kind}`, but the entry says `{}`", record.kind);
            return Err(row("ledger_entry", seq, what, seq));
        }
        for subject in &record.subjects {
            let subject: Ref = subject.parse().map_err(|why| StoreError::stored("a subject", why))?;
            self.subjects.push((subject.number, seq));
        }
        let Some(payload) = payload else {
            self.met += usize::from(self.stored(seq).is_some());
            if record.kind == Refused::KIND {
                self.refusals.push(record);
            }
            return Ok(());
        };
        let kind = self.registry.facts.get(record.kind.as_str());
        let Some(fact) = kind.and_then(|kind| kind.read(record.version, &payload)) else {
            let (kind, version) = (record.kind, record.version);
            return Err(LedgerWrong::Unknown { seq, kind, version });
        };
        let fact = fact.map_err(|why| StoreError::stored(format!("entry {seq}"), why))?;
        let person = record.on_behalf_of.as_ref().unwrap_or(&record.actor).parse().ok();
        let at = record.at.parse().map_err(|why| StoreError::stored("an instant", why))?;
        fact.apply(self.scratch, &Applied { seq, at, person })?;
        self.files.extend(fact.files());
        self.edges(seq, fact.edges())
    }

    fn stored(&self, seq: u64) -> Option<Digest> {
        self.drawn.get(self.met).filter(|(drawn, _)| *drawn == seq).map(|(_, digest)| *digest)
    }

    fn edges(&mut self, seq: u64, edges: Vec<Edge>) -> Result<(), LedgerWrong> {
        let edges: Vec<Drawn> = edges.into_iter().map(|edge| Drawn { seq, edge }).collect();
        let again = match edges.is_empty() {
            true => None,
            false => Some(Digest::of(&pack::pack(seq, &edges)?)),
        };
        let stored = self.stored(seq);
        if stored == again {
            self.met += usize::from(stored.is_some());
            return Ok(());
        }
        let what = match (stored, again) {
            (Some(_), None) => "it has derivation edges, but its fact draws none",
            (None, Some(_)) => "its derivation edges are not in the database",
            _ => "its derivation edges are not those that its fact draws",
        };
        Err(row("edge", seq, what.to_owned(), seq))
    }

    /// What can be compared only when all is folded.
    fn finish(mut self, db: &mut Db) -> Result<(), LedgerWrong> {
        if let Some((seq, _)) = self.drawn.get(self.met) {
            return Err(row("edge", *seq, "edges of an entry that there is not".to_owned(), *seq));
        }
        for record in &self.refusals {
            again(db, self.scratch, record)?;
        }
        self.scratch.batch("COMMIT")?;
        self.subjects.sort_unstable();
        self.subjects.dedup();
        let mut expected = self.subjects.iter();
        let mut wrong = None;
        db.each("SELECT number, seq FROM ledger_subject ORDER BY number, seq", &[], |stored| {
            let stored = (stored.number(0)?, stored.number(1)?);
            if wrong.is_none() && expected.next() != Some(&stored) {
                wrong = Some(stored);
            }
            Ok(())
        })?;
        match wrong.or_else(|| expected.next().copied()) {
            None => Ok(()),
            Some((number, seq)) => {
                let what = "the index of subjects is not what the entries say".to_owned();
                Err(LedgerWrong::Row {
                    table: "ledger_subject".into(),
                    row: number.to_string(),
                    what,
                    entry: seq,
                })
            }
        }
    }
}

/// Makes the row of an erased refusal again, from its record; code and clause are taken as they stand.
fn again(db: &mut Db, scratch: &mut Db, record: &Record) -> Result<(), StoreError> {
    let sql = "SELECT code, clause FROM refusal WHERE seq = ?1";
    let kept = db.maybe(sql, params![record.seq], |row| Ok((row.text(0)?, row.text(1)?)))?;
    let Some((code, clause)) = kept else { return Ok(()) };
    let person: Option<kernel::PersonId> = record.on_behalf_of.as_ref().unwrap_or(&record.actor).parse().ok();
    let subject = record.subjects.first().map(String::as_str);
    let sql = "INSERT INTO refusal (seq, at, person, command, code, clause, subject)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let person = person.map(kernel::PersonId::number);
    let values = params![record.seq, &record.at, person, &record.command, &code, &clause, subject];
    scratch.execute(sql, values).map(|_| ())
}

fn row(table: &str, row: u64, what: String, entry: u64) -> LedgerWrong {
    LedgerWrong::Row { table: table.to_owned(), row: row.to_string(), what, entry }
}

/// Tables that hold no folded records: the log and its index and the edges, which are compared on the way,
/// and what readers and jobs need.
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
    for (key, values) in &kept {
        let again = folded.remove(key);
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
