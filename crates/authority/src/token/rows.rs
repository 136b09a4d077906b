//! The tokens' table.

use kernel::{Instant, PersonId, TokenId};
use store::{Db, Row, StoreError, params};

store::statements! {
    TOKEN_BY_ID = "SELECT number, person, revoked_at FROM token WHERE number = ?1";
    TOKEN_INSERT = "INSERT INTO token (number, person, name, secret_sha256, commands, issued_at, expires_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    TOKEN_REVOKE = "UPDATE token SET revoked_at = ?2 WHERE number = ?1";
    TOKEN_REVOKE_ALL = "UPDATE token SET revoked_at = ?2
                        WHERE person = ?1 AND revoked_at IS NULL AND expires_at > ?2";
}

/// Whose a token is, and since when it is revoked.
pub struct Held {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub person: PersonId,
    /// Since when it is revoked.
    pub revoked_at: Option<Instant>,
}

fn held(row: &Row<'_>) -> Result<Held, StoreError> {
    let (id, person) = (TokenId(row.number(0)?), PersonId(row.number(1)?));
    Ok(Held { id, person, revoked_at: row.opt_parse(2)? })
}

/// A token.
pub fn find(db: &mut Db, id: TokenId) -> Result<Option<Held>, StoreError> {
    db.maybe(TOKEN_BY_ID, params![id.number()], held)
}

pub(super) fn insert(db: &mut Db, issued: &super::issue::TokenIssued, at: Instant) -> Result<(), StoreError> {
    let commands =
        serde_json::to_string(&issued.commands).map_err(|why| StoreError::stored(issued.token, why))?;
    let values = params![
        issued.token.number(),
        issued.person.number(),
        &issued.name,
        issued.secret_sha256.as_str(),
        commands,
        at,
        issued.expires_at
    ];
    db.execute(TOKEN_INSERT, values).map(|_| ())
}

pub(super) fn revoke(db: &mut Db, id: TokenId, at: Instant) -> Result<(), StoreError> {
    db.execute(TOKEN_REVOKE, params![id.number(), at]).map(|_| ())
}

/// Revokes every token of a person that is still good.
pub(crate) fn revoke_all(db: &mut Db, person: PersonId, at: Instant) -> Result<(), StoreError> {
    db.execute(TOKEN_REVOKE_ALL, params![person.number(), at]).map(|_| ())
}
