//! The store: SQLite or PostgreSQL, the one path of every change, files by hash, jobs, search.
//!
//! Nothing else knows which database it is. There is no way to write a row but by a [`Command`], whose
//! [`Fact`]s go into the ledger and fold into rows in one transaction (see [`commit`]). Writes are serialised
//! on both databases, because the ledger has one order; commands that wait share a commit.

mod area;
mod backup;
mod command;
mod commit;
mod db;
mod dialect;
mod error;
mod event;
mod files;
mod graph;
pub mod jobs;
pub mod log;
mod look;
mod migrate;
mod pack;
mod store;
mod value;
mod verify;
mod whole;
mod writer;

pub use area::{
    Area, Attempt, Authorise, Described, Guard, JobError, JobKind, Migration, RawPlace, React, Statement,
};
pub use backup::{backup, backup_folder, restore, set_aside};
pub use command::{AnyCommand, Command, CommandKind, Context, FieldError, Prepared, Receipt, Request};
pub use commit::{Refused, Registry};
pub use db::Db;
pub use dialect::Dialect;
pub use error::{Stop, StoreError};
pub use event::{AnyFact, Applied, Fact, FactKind, Facts};
pub use files::{Files, sha256};
pub use graph::{Thread, edges};
pub use log::StoredEntry;
pub use look::{ELSEWHERE, Missing};
pub use store::{Entropy, Options, Store, Waiting};
pub use value::{Row, Value};
pub use verify::{LedgerReport, LedgerWrong, fold_each, verify, verify_folder};

/// Puts a record into the search index, or renews it; called from a fact's `apply`. `words` is everything it
/// can be found by: codes, names in both languages.
pub fn index(db: &mut Db, record: kernel::Ref, label: &str, words: &str) -> Result<(), StoreError> {
    dialect::search_put(db, &record.to_string(), label, words)
}

/// Records whose words hold every part of `query`, with their labels.
pub fn search(db: &mut Db, query: &str, limit: u32) -> Result<Vec<(kernel::Ref, String)>, StoreError> {
    let found = dialect::search_find(db, query, limit)?;
    Ok(found.into_iter().filter_map(|(record, label)| Some((record.parse().ok()?, label))).collect())
}

/// The newest records of a kind that stand in the search index, with their labels: what a form proposes.
pub fn newest(db: &mut Db, kind: kernel::Kind, limit: u32) -> Result<Vec<(kernel::Ref, String)>, StoreError> {
    let found = dialect::search_newest(db, kind.word(), limit)?;
    let pairs = found.into_iter().filter_map(|(record, label)| Some((record.parse().ok()?, label)));
    Ok(pairs.filter(|(record, _): &(kernel::Ref, String)| record.kind == kind).collect())
}

/// The records of any kind with exactly this label.
pub fn labelled(db: &mut Db, label: &str) -> Result<Vec<kernel::Ref>, StoreError> {
    let found = dialect::search_find(db, label, 200)?;
    let same = |text: &str| text.trim().eq_ignore_ascii_case(label.trim());
    Ok(found.into_iter().filter(|(_, of)| same(of)).filter_map(|(record, _)| record.parse().ok()).collect())
}

/// The name under which a kept file first came.
pub fn file_name(db: &mut Db, sha256_hex: &str) -> Result<Option<String>, StoreError> {
    db.maybe("SELECT first_name FROM file WHERE sha256 = ?1", params![sha256_hex], |row| row.text(0))
}
