//! The tables of sessions and of failed attempts.

use kernel::{Instant, Names, PersonId, SessionId, TokenId};
use store::{Applied, Db, Row, StoreError, params};

use crate::text::Sha256Hex;

store::statements! {
    SESSION_INSERT = "INSERT INTO session (number, person, secret_sha256, via, opened_at, expires_at)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    SESSION_CLOSE = "UPDATE session SET closed_at = ?2 WHERE number = ?1 AND closed_at IS NULL";
    SESSION_CLOSE_ALL = "UPDATE session SET closed_at = ?2
                         WHERE person = ?1 AND closed_at IS NULL AND expires_at > ?2";
    SESSION_OPEN = "SELECT person FROM session WHERE number = ?1 AND closed_at IS NULL";
    /// A session that is open at an instant, with its person and their account.
    SESSION_BY_SECRET = "SELECT s.number, s.person, p.code, p.name_en, p.name_zh, a.lang, s.expires_at
                         FROM session s JOIN person p ON p.number = s.person
                           JOIN account a ON a.person = s.person
                         WHERE s.secret_sha256 = ?1 AND s.closed_at IS NULL AND s.expires_at > ?2
                           AND a.closed_at IS NULL AND p.erased_at IS NULL";
    /// A token that is good at an instant, with its person and their account.
    TOKEN_BY_SECRET = "SELECT t.number, t.person, p.code, p.name_en, p.name_zh, a.lang, t.expires_at,
                         t.commands
                       FROM token t JOIN person p ON p.number = t.person
                         JOIN account a ON a.person = t.person
                       WHERE t.secret_sha256 = ?1 AND t.revoked_at IS NULL AND t.expires_at > ?2
                         AND a.closed_at IS NULL AND p.erased_at IS NULL";
    ATTEMPT_INSERT = "INSERT INTO attempt (seq, at, person, via, outcome) VALUES (?1, ?2, ?3, ?4, ?5)";
}

/// Whom a secret stands for.
pub(super) struct Bearer {
    pub number: u64,
    pub person: PersonId,
    pub code: String,
    pub names: Names,
    pub lang: Option<String>,
    pub expires_at: Instant,
}

fn bearer(row: &Row<'_>) -> Result<Bearer, StoreError> {
    Ok(Bearer {
        number: row.number(0)?,
        person: PersonId(row.number(1)?),
        code: row.text(2)?,
        names: Names { en: row.text(3)?, zh: row.text(4)? },
        lang: row.opt_text(5)?,
        expires_at: row.parse(6)?,
    })
}

pub(super) fn by_secret(
    db: &mut Db,
    secret: &Sha256Hex,
    at: Instant,
) -> Result<Option<(SessionId, Bearer)>, StoreError> {
    let found = db.maybe(SESSION_BY_SECRET, params![secret.as_str(), at], bearer)?;
    Ok(found.map(|bearer| (SessionId(bearer.number), bearer)))
}

pub(super) fn by_token(
    db: &mut Db,
    secret: &Sha256Hex,
    at: Instant,
) -> Result<Option<(TokenId, Bearer, Vec<String>)>, StoreError> {
    db.maybe(TOKEN_BY_SECRET, params![secret.as_str(), at], |row| {
        let bearer = bearer(row)?;
        Ok((TokenId(bearer.number), bearer, row.json(7)?))
    })
}

/// Whose session it is, if it is still open.
pub fn person(db: &mut Db, session: SessionId) -> Result<Option<PersonId>, StoreError> {
    db.maybe(SESSION_OPEN, params![session.number()], |row| Ok(PersonId(row.number(0)?)))
}

pub(super) fn insert(
    db: &mut Db,
    opened: &super::open::SessionOpened,
    at: Instant,
) -> Result<(), StoreError> {
    let values = params![
        opened.session.number(),
        opened.person.number(),
        opened.secret_sha256.as_str(),
        opened.via.word(),
        at,
        opened.expires_at
    ];
    db.execute(SESSION_INSERT, values).map(|_| ())
}

pub(super) fn close(db: &mut Db, session: SessionId, at: Instant) -> Result<(), StoreError> {
    db.execute(SESSION_CLOSE, params![session.number(), at]).map(|_| ())
}

/// Ends every session of a person that has not ended by itself.
pub(crate) fn close_all(db: &mut Db, person: PersonId, at: Instant) -> Result<(), StoreError> {
    db.execute(SESSION_CLOSE_ALL, params![person.number(), at]).map(|_| ())
}

pub(super) fn attempt(
    db: &mut Db,
    failed: &super::fail::AttemptFailed,
    applied: &Applied,
) -> Result<(), StoreError> {
    let person = failed.person.map(PersonId::number);
    let values = params![applied.seq, applied.at, person, failed.via.word(), failed.outcome.word()];
    db.execute(ATTEMPT_INSERT, values).map(|_| ())
}
