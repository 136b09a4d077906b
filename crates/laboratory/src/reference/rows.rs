//! Reference materials and their lots in the database.

use kernel::{Day, Instant, ReferenceLotId, ReferenceMaterialId};
use site::ListSql;
use store::{Applied, Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::{CertifiedValue, ReferenceLotAdded, ReferenceLotVoided, ReferenceMaterialDefined};

store::statements! {
    MATERIAL_INSERT = "INSERT INTO reference_material (number, code, name_en, name_zh, producer, defined_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    MATERIAL_BY_CODE = "SELECT number FROM reference_material WHERE code = ?1";
    MATERIAL_CODE = "SELECT code FROM reference_material WHERE number = ?1";
    LOT_INSERT = "INSERT INTO reference_lot (number, material, code, expires, certificate, added_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    VALUE_INSERT = "INSERT INTO reference_value (lot, analyte, value, uncertainty, coverage, unit)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    LOT_BY_CODE = "SELECT number FROM reference_lot WHERE code = ?1";
    LOTS = "SELECT number, material, code, expires, voided_from, void_reason FROM reference_lot
        ORDER BY code";
    LOTS_OF = "SELECT number, material, code, expires, voided_from, void_reason FROM reference_lot
        WHERE material = ?1 ORDER BY code";
    LOT_BY_ID = "SELECT number, material, code, expires, voided_from, void_reason FROM reference_lot
        WHERE number = ?1";
    LOT_VOID = "UPDATE reference_lot SET voided_from = ?2, voided_at = ?3, void_reason = ?4
        WHERE number = ?1";
    VALUES_OF = "SELECT analyte, value, uncertainty, coverage, unit FROM reference_value WHERE lot = ?1
        ORDER BY analyte";
}

pub(super) fn insert_material(
    db: &mut Db,
    fact: &ReferenceMaterialDefined,
    applied: &Applied,
) -> Result<(), StoreError> {
    let (names, producer) = (&fact.names, fact.producer.as_deref());
    let values = params![fact.material.number(), &fact.code, &names.en, &names.zh, producer, applied.at];
    db.execute(MATERIAL_INSERT, values).map(|_| ())
}

pub(super) fn insert_lot(db: &mut Db, fact: &ReferenceLotAdded, applied: &Applied) -> Result<(), StoreError> {
    let (lot, certificate) = (fact.lot.number(), fact.certificate.as_deref());
    let values = params![lot, fact.material.number(), &fact.code, fact.expires, certificate, applied.at];
    db.execute(LOT_INSERT, values)?;
    for one in &fact.values {
        let uncertainty = one.uncertainty.map(|u| u.to_string());
        let coverage = one.coverage.map(|k| k.to_string());
        let values = params![lot, &one.analyte, one.value.as_str(), uncertainty, coverage, one.unit.symbol()];
        db.execute(VALUE_INSERT, values)?;
    }
    Ok(())
}

pub(super) fn void(db: &mut Db, fact: &ReferenceLotVoided, applied: &Applied) -> Result<(), StoreError> {
    let values = params![fact.lot.number(), fact.from, applied.at, &fact.why];
    db.execute(LOT_VOID, values).map(|_| ())
}

/// The reference material with this code.
pub(crate) fn material_by_code(db: &mut Db, code: &str) -> Result<Option<u64>, StoreError> {
    db.maybe(MATERIAL_BY_CODE, params![code], |row| row.number(0))
}

/// A reference material's code, when there is such a one.
pub(crate) fn material_code(db: &mut Db, id: ReferenceMaterialId) -> Result<Option<String>, StoreError> {
    db.maybe(MATERIAL_CODE, params![id.number()], |row| row.text(0))
}

/// The lot with this code.
pub(crate) fn lot_by_code(db: &mut Db, code: &str) -> Result<Option<ReferenceLotId>, StoreError> {
    db.maybe(LOT_BY_CODE, params![code], |row| Ok(ReferenceLotId(row.number(0)?)))
}

/// A lot with its certified values.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReferenceLot {
    /// The lot.
    pub id: ReferenceLotId,
    /// Its material.
    pub material: ReferenceMaterialId,
    /// What stands on the bottle.
    pub code: String,
    /// The last day it is good, as its certificate says.
    pub expires: Day,
    /// The last day it may be used: as it expires; of a voided one, the day before it was found bad.
    pub usable_until: Day,
    /// From when on it was found bad.
    pub voided_from: Option<Instant>,
    /// Why it was voided.
    pub void_reason: Option<String>,
    /// What is certified.
    pub values: Vec<CertifiedValue>,
}

fn lot(row: &Row<'_>, zone: &jiff::tz::TimeZone) -> Result<ReferenceLot, StoreError> {
    let (expires, voided_from): (Day, Option<Instant>) = (row.parse(3)?, row.opt_parse(4)?);
    let before = voided_from.map(|from| crate::times::day_in(from, zone).date());
    let before = before.map(|day| Day::from(day.yesterday().unwrap_or(day)));
    Ok(ReferenceLot {
        id: ReferenceLotId(row.number(0)?),
        material: ReferenceMaterialId(row.number(1)?),
        code: row.text(2)?,
        expires,
        usable_until: before.map_or(expires, |day| day.min(expires)),
        voided_from,
        void_reason: row.opt_text(5)?,
        values: Vec::new(),
    })
}

fn with_values(db: &mut Db, mut lots: Vec<ReferenceLot>) -> Result<Vec<ReferenceLot>, StoreError> {
    for lot in &mut lots {
        lot.values = db.query(VALUES_OF, params![lot.id.number()], |row| {
            Ok(CertifiedValue {
                analyte: row.text(0)?,
                value: row.parse(1)?,
                uncertainty: row.opt_parse(2)?,
                coverage: row.opt_parse(3)?,
                unit: row.parse(4)?,
            })
        })?;
    }
    Ok(lots)
}

/// All lots.
pub(crate) fn lots(db: &mut Db) -> Result<Vec<ReferenceLot>, StoreError> {
    let zone = authority::zone(db)?;
    let all = db.query(LOTS, &[], |row| lot(row, &zone))?;
    with_values(db, all)
}

/// The lots of one material.
pub(crate) fn lots_of(db: &mut Db, material: ReferenceMaterialId) -> Result<Vec<ReferenceLot>, StoreError> {
    let zone = authority::zone(db)?;
    let all = db.query(LOTS_OF, params![material.number()], |row| lot(row, &zone))?;
    with_values(db, all)
}

/// One lot.
pub(crate) fn lot_by_id(db: &mut Db, id: ReferenceLotId) -> Result<Option<ReferenceLot>, StoreError> {
    let zone = authority::zone(db)?;
    let found = db.query(LOT_BY_ID, params![id.number()], |row| lot(row, &zone))?;
    Ok(with_values(db, found)?.pop())
}

/// A reference material in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct MaterialLine {
    pub id: ReferenceMaterialId,
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    pub producer: Option<String>,
    pub lots: u64,
}

const MATERIALS: ListSql = ListSql {
    columns: "m.number, m.code, m.name_en, m.name_zh, m.producer,
        (SELECT COUNT(*) FROM reference_lot l WHERE l.material = m.number)",
    from: "reference_material m",
    main: "reference_material m",
    searched: &["m.code", "m.name_en", "m.name_zh", "m.producer"],
    sorts: &[("code", "m.code"), ("name", "m.name_en"), ("producer", "m.producer")],
    facets: &[],
    order: "m.code, m.number",
};

/// A page of reference materials with how many lots each has, and how many there are.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<MaterialLine>, usize), StoreError> {
    MATERIALS.fetch(db, query, &[], |row| {
        Ok(MaterialLine {
            id: ReferenceMaterialId(row.number(0)?),
            code: row.text(1)?,
            name_en: row.text(2)?,
            name_zh: row.text(3)?,
            producer: row.opt_text(4)?,
            lots: row.number(5)?,
        })
    })
}
