//! The tables of flowsheets and their versions.

use kernel::{FlowsheetId, FlowsheetVersionId, Instant, Names, PersonId};
use serde::{Deserialize, Serialize};
use store::{Applied, Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::Definition;

store::statements! {
    FLOWSHEET_INSERT = "INSERT INTO flowsheet (number, code, name_en, name_zh, defined_at)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    FLOWSHEET_BY_CODE = "SELECT number FROM flowsheet WHERE code = ?1";
    FLOWSHEET_BY_ID = "SELECT number, code, name_en, name_zh FROM flowsheet WHERE number = ?1";
    FLOWSHEETS_COUNT = "SELECT COUNT(*) FROM flowsheet f
        WHERE ?1 = '' OR LOWER(f.code || ' ' || f.name_en || ' ' || f.name_zh) LIKE '%' || LOWER(?1) || '%'";
    FLOWSHEETS_PAGE = "SELECT f.number, f.code, f.name_en, f.name_zh,
            (SELECT COUNT(*) FROM flowsheet_version v WHERE v.flowsheet = f.number),
            (SELECT COUNT(*) FROM metal_balance b WHERE b.flowsheet = f.number)
        FROM flowsheet f
        WHERE ?1 = '' OR LOWER(f.code || ' ' || f.name_en || ' ' || f.name_zh) LIKE '%' || LOWER(?1) || '%'
        ORDER BY f.code LIMIT ?2 OFFSET ?3";
    FLOWSHEET_VERSION_INSERT = "INSERT INTO flowsheet_version
        (number, flowsheet, edition, definition, issued_at, issued_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    FLOWSHEET_EDITION_EXISTS = "SELECT number FROM flowsheet_version WHERE flowsheet = ?1 AND edition = ?2";
    FLOWSHEET_VERSION_BY_ID = "SELECT v.number, f.number, f.code, f.name_en, f.name_zh, v.edition,
            v.definition
        FROM flowsheet_version v JOIN flowsheet f ON f.number = v.flowsheet WHERE v.number = ?1";
    FLOWSHEET_VERSIONS = "SELECT v.number, v.edition, v.issued_at, v.issued_by FROM flowsheet_version v
        WHERE v.flowsheet = ?1 ORDER BY v.number DESC";
}

/// A flowsheet without its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which.
    pub id: FlowsheetId,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub names: Names,
}

/// One version of a flowsheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Which.
    pub id: FlowsheetVersionId,
    /// Of which flowsheet.
    pub head: Head,
    /// The version's name.
    pub edition: String,
    /// What it says.
    pub definition: Definition,
}

impl Version {
    /// `MN-LEACH 1`.
    pub fn label(&self) -> String {
        format!("{} {}", self.head.code, self.edition)
    }
}

fn read_head(row: &Row<'_>, from: usize) -> Result<Head, StoreError> {
    let names = Names { en: row.text(from + 2)?, zh: row.text(from + 3)? };
    Ok(Head { id: FlowsheetId(row.number(from)?), code: row.text(from + 1)?, names })
}

/// One flowsheet.
pub(crate) fn head(db: &mut Db, id: FlowsheetId) -> Result<Option<Head>, StoreError> {
    db.maybe(FLOWSHEET_BY_ID, params![id.number()], |row| read_head(row, 0))
}

/// One version.
pub(crate) fn version(db: &mut Db, id: FlowsheetVersionId) -> Result<Option<Version>, StoreError> {
    db.maybe(FLOWSHEET_VERSION_BY_ID, params![id.number()], |row| {
        Ok(Version {
            id: FlowsheetVersionId(row.number(0)?),
            head: read_head(row, 1)?,
            edition: row.text(5)?,
            definition: row.json(6)?,
        })
    })
}

/// A version in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Issued {
    pub id: FlowsheetVersionId,
    pub edition: String,
    pub at: Instant,
    pub by: Option<PersonId>,
}

/// The versions of a flowsheet, newest first.
pub(crate) fn versions(db: &mut Db, id: FlowsheetId) -> Result<Vec<Issued>, StoreError> {
    db.query(FLOWSHEET_VERSIONS, params![id.number()], |row| {
        Ok(Issued {
            id: FlowsheetVersionId(row.number(0)?),
            edition: row.text(1)?,
            at: row.parse(2)?,
            by: row.opt_number(3)?.map(PersonId),
        })
    })
}

pub(super) fn code_taken(db: &mut Db, code: &str) -> Result<bool, StoreError> {
    Ok(db.maybe(FLOWSHEET_BY_CODE, params![code], |row| row.number(0))?.is_some())
}

pub(super) fn edition_taken(db: &mut Db, id: FlowsheetId, edition: &str) -> Result<bool, StoreError> {
    let values = params![id.number(), edition];
    Ok(db.maybe(FLOWSHEET_EDITION_EXISTS, values, |row| row.number(0))?.is_some())
}

pub(super) fn put(db: &mut Db, head: &Head, at: Instant) -> Result<(), StoreError> {
    let values = params![head.id.number(), &head.code, &head.names.en, &head.names.zh, at];
    db.execute(FLOWSHEET_INSERT, values).map(|_| ())
}

pub(super) fn put_version(db: &mut Db, version: &Version, applied: &Applied) -> Result<(), StoreError> {
    let definition =
        serde_json::to_string(&version.definition).map_err(|why| StoreError::stored(version.id, why))?;
    let values = params![
        version.id.number(),
        version.head.id.number(),
        &version.edition,
        definition,
        applied.at,
        applied.person.map(PersonId::number)
    ];
    db.execute(FLOWSHEET_VERSION_INSERT, values).map(|_| ())
}

/// One line of the list of flowsheets.
pub(super) struct Listed {
    pub head: Head,
    pub versions: u64,
    pub balances: u64,
}

pub(super) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<Listed>, usize), StoreError> {
    let total = db.one("flowsheets", FLOWSHEETS_COUNT, params![&query.filter], |row| row.number(0))?;
    let values = params![&query.filter, query.page_size, query.offset()];
    let rows = db.query(FLOWSHEETS_PAGE, values, |row| {
        Ok(Listed { head: read_head(row, 0)?, versions: row.number(4)?, balances: row.number(5)? })
    })?;
    Ok((rows, total as usize))
}
