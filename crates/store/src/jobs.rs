//! Work for later: queued in the transaction that makes it necessary, done outside it, ended by a command.

use kernel::{Instant, Ref};

use crate::{Db, StoreError, params};

/// How often a job is tried before it is left to a person.
const ATTEMPTS: i64 = 5;

/// Work that waits.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub number: u64,
    pub kind: String,
    pub subject: Ref,
    pub attempts: i64,
}

/// Queues a job; called from a fact's `apply`. The fact's place in the ledger numbers it.
pub fn enqueue(db: &mut Db, kind: &str, subject: Ref, applied: &crate::Applied) -> Result<(), StoreError> {
    let sql = "INSERT INTO job (number, kind, subject, state, attempts, due)
               VALUES (?1, ?2, ?3, 'waiting', 0, ?4)";
    db.execute(sql, params![applied.seq, kind, subject, applied.at]).map(|_| ())
}

pub(crate) fn due(db: &mut Db, now: Instant) -> Result<Option<Job>, StoreError> {
    let sql = "SELECT number, kind, subject, attempts FROM job
               WHERE state = 'waiting' AND due <= ?1 ORDER BY number LIMIT 1";
    db.maybe(sql, params![now], |row| {
        let (number, kind) = (row.number(0)?, row.text(1)?);
        Ok(Job { number, kind, subject: row.parse(2)?, attempts: row.int(3)? })
    })
}

/// How many jobs wait, and how many are left to a person.
pub fn counts(db: &mut Db) -> Result<(u64, u64), StoreError> {
    let of = |db: &mut Db, state: &str| {
        let sql = "SELECT COUNT(*) FROM job WHERE state = ?1";
        db.one("jobs", sql, params![state], |row| row.number(0))
    };
    Ok((of(db, "waiting")?, of(db, "failed")?))
}

/// A job that is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// What kind of work.
    pub kind: String,
    /// On which record.
    pub subject: Ref,
    /// Why the last try did not succeed; empty before the first.
    pub trouble: String,
    /// Whether it is tried again by itself, or left to a person.
    pub goes_on: bool,
}

/// The jobs that facts from this place in the ledger on have queued, and that are not done.
pub fn undone_since(db: &mut Db, seq: u64) -> Result<Vec<Undone>, StoreError> {
    let sql = "SELECT kind, subject, trouble, state FROM job WHERE number >= ?1 AND state <> 'done'
               ORDER BY number";
    db.query(sql, params![seq], |row| {
        let (kind, subject, trouble) = (row.text(0)?, row.parse(1)?, row.opt_text(2)?.unwrap_or_default());
        Ok(Undone { kind, subject, trouble, goes_on: row.text(3)? == "waiting" })
    })
}

pub(crate) fn done(db: &mut Db, number: u64) -> Result<(), StoreError> {
    let sql = "UPDATE job SET state = 'done', trouble = NULL WHERE number = ?1";
    db.execute(sql, params![number]).map(|_| ())
}

pub(crate) fn failed(db: &mut Db, job: &Job, now: Instant, trouble: &str) -> Result<(), StoreError> {
    let attempts = job.attempts + 1;
    let state = if attempts >= ATTEMPTS { "failed" } else { "waiting" };
    let due = now.plus_seconds(1 << attempts);
    let sql = "UPDATE job SET state = ?2, attempts = ?3, due = ?4, trouble = ?5 WHERE number = ?1";
    db.execute(sql, params![job.number, state, attempts, due, trouble]).map(|_| ())
}
