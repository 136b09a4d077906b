//! Added mappings in the database.

use kernel::{FileId, PersonId};
use store::{Applied, Db, StoreError, params};

use super::MappingAdded;

store::statements! {
    MAPPING_INSERT = "INSERT INTO intake_mapping (number, name, version, sha256, toml, added_at, added_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    MAPPING_KNOWN = "SELECT 1 FROM intake_mapping WHERE sha256 = ?1";
    MAPPINGS = "SELECT name, toml FROM intake_mapping ORDER BY number";
    MAPPING_BY_ID = "SELECT name, version, toml FROM intake_mapping WHERE number = ?1";
}

pub(super) fn mapping_known(db: &mut Db, sha256: &str) -> Result<bool, StoreError> {
    Ok(db.maybe(MAPPING_KNOWN, params![sha256], |row| row.int(0))?.is_some())
}

pub(super) fn insert_mapping(db: &mut Db, fact: &MappingAdded, applied: &Applied) -> Result<(), StoreError> {
    let (mapping, person) = (fact.mapping.number(), applied.person.map(PersonId::number));
    let values = params![mapping, &fact.name, &fact.version, &fact.sha256, &fact.toml, applied.at, person];
    db.execute(MAPPING_INSERT, values).map(|_| ())
}

/// Name and text of every added mapping, oldest first.
pub(crate) fn mappings(db: &mut Db) -> Result<Vec<(String, String)>, StoreError> {
    db.query(MAPPINGS, &[], |row| Ok((row.text(0)?, row.text(1)?)))
}

/// Name, version and text of a mapping.
pub(crate) fn mapping_by_id(db: &mut Db, id: FileId) -> Result<Option<(String, String, String)>, StoreError> {
    db.maybe(MAPPING_BY_ID, params![id.number()], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)))
}
