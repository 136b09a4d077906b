//! The account's table.

use kernel::{Instant, PersonId};
use store::{Db, Row, StoreError, params};

use super::rules::{Account, Guard};
use crate::secret::PasswordHash;

store::statements! {
    ACCOUNT_BY_PERSON = "SELECT person, login, password_hash, lang, closed_at, failures, locked_until
                         FROM account WHERE person = ?1";
    ACCOUNT_BY_LOGIN = "SELECT person, login, password_hash, lang, closed_at, failures, locked_until
                        FROM account WHERE login = ?1";
    ACCOUNT_COUNT = "SELECT COUNT(*) FROM account";
    /// Opening again after closing keeps the row, since nobody else may get the login.
    ACCOUNT_OPEN = "INSERT INTO account (person, login, password_hash, lang, opened_at, failures)
                    VALUES (?1, ?2, ?3, ?4, ?5, 0)
                    ON CONFLICT (person) DO UPDATE SET login = excluded.login,
                      password_hash = excluded.password_hash, lang = excluded.lang,
                      opened_at = excluded.opened_at, closed_at = NULL, failures = 0, locked_until = NULL";
    ACCOUNT_PASSWORD = "UPDATE account SET password_hash = ?2, failures = 0, locked_until = NULL
                        WHERE person = ?1";
    ACCOUNT_LANG = "UPDATE account SET lang = ?2 WHERE person = ?1";
    ACCOUNT_CLOSE = "UPDATE account SET closed_at = ?2 WHERE person = ?1";
    ACCOUNT_SINCE = "SELECT opened_at FROM account WHERE person = ?1";
    /// Makes the row where it is folded again without the facts that were erased.
    ACCOUNT_ERASE = "INSERT INTO account (person, login, password_hash, opened_at, closed_at, failures)
                     VALUES (?1, ?2, '', ?3, ?4, 0)
                     ON CONFLICT (person) DO UPDATE SET login = excluded.login, password_hash = '',
                       lang = NULL, closed_at = excluded.closed_at, failures = 0, locked_until = NULL";
    ACCOUNT_GUARD = "UPDATE account SET failures = ?2, locked_until = ?3 WHERE person = ?1";
    ACCOUNTS_LOCKED = "SELECT COUNT(*) FROM account WHERE locked_until > ?1 AND closed_at IS NULL";
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    let guard = Guard { failures: row.int(5)? as u32, locked_until: row.opt_parse(6)? };
    Ok(Account {
        person: PersonId(row.number(0)?),
        login: row.text(1)?,
        hash: PasswordHash::from_stored(row.text(2)?),
        lang: row.opt_text(3)?,
        closed_at: row.opt_parse(4)?,
        guard,
    })
}

/// The account of a person.
pub fn find(db: &mut Db, person: PersonId) -> Result<Option<Account>, StoreError> {
    db.maybe(ACCOUNT_BY_PERSON, params![person.number()], account)
}

/// The account with this login.
pub fn by_login(db: &mut Db, login: &str) -> Result<Option<Account>, StoreError> {
    db.maybe(ACCOUNT_BY_LOGIN, params![login], account)
}

/// How many there are, closed ones too.
pub fn count(db: &mut Db) -> Result<u64, StoreError> {
    db.one("accounts", ACCOUNT_COUNT, &[], |row| row.number(0))
}

/// How many are locked at that instant.
pub fn locked(db: &mut Db, at: Instant) -> Result<u64, StoreError> {
    db.one("accounts", ACCOUNTS_LOCKED, params![at], |row| row.number(0))
}

pub(super) fn open(
    db: &mut Db,
    person: PersonId,
    login: &str,
    hash: &PasswordHash,
    lang: Option<&str>,
    at: Instant,
) -> Result<(), StoreError> {
    db.execute(ACCOUNT_OPEN, params![person.number(), login, hash.as_str(), lang, at]).map(|_| ())
}

pub(super) fn password(db: &mut Db, person: PersonId, hash: &PasswordHash) -> Result<(), StoreError> {
    db.execute(ACCOUNT_PASSWORD, params![person.number(), hash.as_str()]).map(|_| ())
}

pub(super) fn lang(db: &mut Db, person: PersonId, lang: &str) -> Result<(), StoreError> {
    db.execute(ACCOUNT_LANG, params![person.number(), lang]).map(|_| ())
}

pub(super) fn close(db: &mut Db, person: PersonId, at: Instant) -> Result<(), StoreError> {
    db.execute(ACCOUNT_CLOSE, params![person.number(), at]).map(|_| ())
}

/// When a person's account was opened, if there is one.
pub(crate) fn opened_at(db: &mut Db, person: PersonId) -> Result<Option<Instant>, StoreError> {
    db.maybe(ACCOUNT_SINCE, params![person.number()], |row| row.parse(0))
}

pub(crate) fn erase(
    db: &mut Db,
    person: PersonId,
    opened_at: Instant,
    at: Instant,
) -> Result<(), StoreError> {
    let values = params![person.number(), format!("erased {person}"), opened_at, at];
    db.execute(ACCOUNT_ERASE, values).map(|_| ())
}

pub(crate) fn guard(db: &mut Db, person: PersonId, guard: Guard) -> Result<(), StoreError> {
    let values = params![person.number(), guard.failures, guard.locked_until];
    db.execute(ACCOUNT_GUARD, values).map(|_| ())
}
