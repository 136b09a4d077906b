//! The tables of specifications and their editions.

use kernel::{Instant, MaterialId, Names, PartyId, PersonId, SpecificationId, SpecificationVersionId};
use serde::{Deserialize, Serialize};
use store::{Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::Item;

store::statements! {
    SPECIFICATION_INSERT = "INSERT INTO specification (number, code, name_en, name_zh, material, grade,
        defined_at)
                            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    SPECIFICATION_BY_CODE = "SELECT number FROM specification WHERE code = ?1";
    SPECIFICATION_BY_ID = "SELECT number, code, name_en, name_zh, material, grade FROM specification
                           WHERE number = ?1";
    VERSION_INSERT = "INSERT INTO specification_version (number, specification, edition, material, party,
                      in_force_from, in_force_until, items, issued_at, issued_by,
                      requires_balance)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    EDITION_EXISTS = "SELECT number FROM specification_version WHERE specification = ?1 AND edition = ?2";
    VERSION_BY_ID = "SELECT v.number, v.specification, s.code, s.name_en, s.name_zh, s.grade, v.edition,
        v.material,
                     v.party, v.in_force_from, v.in_force_until, v.items, v.requires_balance
                     FROM specification_version v JOIN specification s ON s.number = v.specification
                     WHERE v.number = ?1";
    VERSIONS_OF_MATERIAL = "SELECT v.number, v.specification, s.code, s.name_en, s.name_zh, s.grade,
        v.edition,
                     v.material, v.party, v.in_force_from, v.in_force_until, v.items, v.requires_balance
                     FROM specification_version v JOIN specification s ON s.number = v.specification
                     WHERE v.material = ?1 ORDER BY v.number";
    VERSIONS_OF_SPECIFICATION = "SELECT v.number, v.specification, s.code, s.name_en, s.name_zh, s.grade,
        v.edition,
                     v.material, v.party, v.in_force_from, v.in_force_until, v.items, v.requires_balance
                     FROM specification_version v JOIN specification s ON s.number = v.specification
                     WHERE v.specification = ?1 ORDER BY v.in_force_from DESC, v.number DESC";
    SPECIFICATIONS_COUNT = "SELECT COUNT(*) FROM specification s
                            WHERE ?1 = '' OR LOWER(s.code || ' ' || s.name_en || ' ' || s.name_zh || ' ' ||
                            s.grade)
                              LIKE '%' || LOWER(?1) || '%'";
    SPECIFICATIONS_PAGE = "SELECT s.number, s.code, s.name_en, s.name_zh, s.grade, m.number, m.code,
                            (SELECT COUNT(*) FROM specification_version v WHERE v.specification = s.number)
                           FROM specification s LEFT JOIN v_material m ON m.number = s.material
                           WHERE ?1 = '' OR LOWER(s.code || ' ' || s.name_en || ' ' || s.name_zh || ' ' ||
                           s.grade)
                             LIKE '%' || LOWER(?1) || '%'
                           ORDER BY s.code LIMIT ?2 OFFSET ?3";
}

/// A specification without its editions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Which.
    pub id: SpecificationId,
    /// Its code: `HG/T 4823`.
    pub code: String,
    /// What it is called.
    pub names: Names,
    /// For which material.
    pub material: MaterialId,
    /// The grade it makes.
    pub grade: String,
}

/// One edition of a specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Which.
    pub id: SpecificationVersionId,
    /// Of which specification.
    pub specification: SpecificationId,
    /// The specification's code.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// Its grade.
    pub grade: String,
    /// The edition's name: `2023`.
    pub edition: String,
    /// For which material.
    pub material: MaterialId,
    /// Whose edition it is; nobody's is for everybody.
    pub party: Option<PartyId>,
    /// From when it is in force.
    pub in_force_from: Instant,
    /// Until when, exclusive.
    pub in_force_until: Option<Instant>,
    /// What it demands.
    pub items: Vec<Item>,
    /// Whether a lot goes only upon a metal balance that closes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub requires_balance: bool,
}

impl Version {
    /// `HG/T 4823 2023`.
    pub fn label(&self) -> String {
        format!("{} {}", self.code, self.edition)
    }
}

fn version(row: &Row<'_>) -> Result<Version, StoreError> {
    Ok(Version {
        id: SpecificationVersionId(row.number(0)?),
        specification: SpecificationId(row.number(1)?),
        code: row.text(2)?,
        names: Names { en: row.text(3)?, zh: row.text(4)? },
        grade: row.text(5)?,
        edition: row.text(6)?,
        material: MaterialId(row.number(7)?),
        party: row.opt_number(8)?.map(PartyId),
        in_force_from: row.parse(9)?,
        in_force_until: row.opt_parse(10)?,
        items: row.json(11)?,
        requires_balance: row.flag(12)?,
    })
}

/// One edition.
pub fn find(db: &mut Db, id: SpecificationVersionId) -> Result<Option<Version>, StoreError> {
    db.maybe(VERSION_BY_ID, params![id.number()], version)
}

/// All editions for a material, oldest first.
pub fn of_material(db: &mut Db, material: MaterialId) -> Result<Vec<Version>, StoreError> {
    db.query(VERSIONS_OF_MATERIAL, params![material.number()], version)
}

pub(super) fn of_specification(db: &mut Db, id: SpecificationId) -> Result<Vec<Version>, StoreError> {
    db.query(VERSIONS_OF_SPECIFICATION, params![id.number()], version)
}

pub(crate) fn head(db: &mut Db, id: SpecificationId) -> Result<Option<Head>, StoreError> {
    db.maybe(SPECIFICATION_BY_ID, params![id.number()], |row| {
        Ok(Head {
            id: SpecificationId(row.number(0)?),
            code: row.text(1)?,
            names: Names { en: row.text(2)?, zh: row.text(3)? },
            material: MaterialId(row.number(4)?),
            grade: row.text(5)?,
        })
    })
}

pub(super) fn code_taken(db: &mut Db, code: &str) -> Result<bool, StoreError> {
    Ok(db.maybe(SPECIFICATION_BY_CODE, params![code], |row| row.number(0))?.is_some())
}

pub(super) fn edition_taken(db: &mut Db, id: SpecificationId, edition: &str) -> Result<bool, StoreError> {
    Ok(db.maybe(EDITION_EXISTS, params![id.number(), edition], |row| row.number(0))?.is_some())
}

pub(super) fn put(db: &mut Db, head: &Head, at: Instant) -> Result<(), StoreError> {
    let values = params![
        head.id.number(),
        &head.code,
        &head.names.en,
        &head.names.zh,
        head.material.number(),
        &head.grade,
        at
    ];
    db.execute(SPECIFICATION_INSERT, values).map(|_| ())
}

pub(super) fn put_version(
    db: &mut Db,
    version: &Version,
    at: Instant,
    by: Option<PersonId>,
) -> Result<(), StoreError> {
    let items = serde_json::to_string(&version.items).map_err(|why| StoreError::stored("items", why))?;
    let values = params![
        version.id.number(),
        version.specification.number(),
        &version.edition,
        version.material.number(),
        version.party.map(PartyId::number),
        version.in_force_from,
        version.in_force_until,
        items,
        at,
        by.map(PersonId::number),
        version.requires_balance
    ];
    db.execute(VERSION_INSERT, values).map(|_| ())
}

/// One line of the list of specifications.
pub(super) struct Listed {
    pub head: Head,
    pub material_code: String,
    pub editions: u64,
}

pub(super) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<Listed>, usize), StoreError> {
    let total =
        db.one("specifications", SPECIFICATIONS_COUNT, params![&query.filter], |row| row.number(0))?;
    let values = params![&query.filter, query.page_size, query.offset()];
    let rows = db.query(SPECIFICATIONS_PAGE, values, |row| {
        let head = Head {
            id: SpecificationId(row.number(0)?),
            code: row.text(1)?,
            names: Names { en: row.text(2)?, zh: row.text(3)? },
            grade: row.text(4)?,
            material: MaterialId(row.opt_number(5)?.unwrap_or_default()),
        };
        Ok(Listed { head, material_code: row.opt_text(6)?.unwrap_or_default(), editions: row.number(7)? })
    })?;
    Ok((rows, total as usize))
}
