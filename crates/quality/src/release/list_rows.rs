//! What pages list: lots that wait for a decision, decisions, overrides.

use kernel::{DispositionId, Instant, LotId, Names, OverrideId, PartyId, PersonId, SpecificationVersionId};
use serde::Serialize;
use store::{Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

store::statements! {
    WAITING_COUNT = "SELECT COUNT(*) FROM v_lot l
        WHERE l.state = 'in-stock' AND NOT EXISTS (SELECT 1 FROM v_lot_decision d WHERE d.lot = l.number)
          AND l.material IN (SELECT material FROM specification)
          AND (?1 = '' OR LOWER(l.code) LIKE '%' || LOWER(?1) || '%')";
    WAITING_PAGE = "SELECT l.number, l.code, m.code, m.name_en, m.name_zh, l.mass_kg_wet, l.made_at,
        (SELECT COUNT(*) FROM v_sample s WHERE s.lot = l.number),
        (SELECT COUNT(*) FROM hold_lot r JOIN hold h ON h.number = r.hold
         WHERE r.lot = l.number AND h.lifted_at IS NULL)
        FROM v_lot l JOIN v_material m ON m.number = l.material
        WHERE l.state = 'in-stock' AND NOT EXISTS (SELECT 1 FROM v_lot_decision d WHERE d.lot = l.number)
          AND l.material IN (SELECT material FROM specification)
          AND (?1 = '' OR LOWER(l.code) LIKE '%' || LOWER(?1) || '%')
        ORDER BY l.number DESC LIMIT ?2 OFFSET ?3";
    DISPOSITION_BY_ID = "SELECT d.number, d.lot, l.code, d.decision, d.specification_version, d.party,
        d.at, d.person,
        d.reason, d.consent, d.valid_until, p.name_en, p.name_zh, d.detail FROM disposition d LEFT JOIN
        v_lot l ON l.number = d.lot
        LEFT JOIN v_person p ON p.number = d.person WHERE d.number = ?1";
    DISPOSITIONS_OF_LOT = "SELECT d.number, d.lot, l.code, d.decision, d.specification_version, d.party,
        d.at, d.person,
        d.reason, d.consent, d.valid_until, p.name_en, p.name_zh, '' FROM disposition d LEFT JOIN v_lot l
        ON l.number = d.lot
        LEFT JOIN v_person p ON p.number = d.person WHERE d.lot = ?1 ORDER BY d.number DESC LIMIT 100";
    DISPOSITIONS_COUNT = "SELECT COUNT(*) FROM disposition d LEFT JOIN v_lot l ON l.number = d.lot
        WHERE (?1 = '' OR d.decision = ?1) AND (?2 = '' OR LOWER(l.code) LIKE '%' || LOWER(?2) || '%')";
    DISPOSITIONS_PAGE = "SELECT d.number, d.lot, l.code, d.decision, d.specification_version, d.party,
        d.at, d.person,
        d.reason, d.consent, d.valid_until, p.name_en, p.name_zh, '' FROM disposition d LEFT JOIN v_lot l
        ON l.number = d.lot
        LEFT JOIN v_person p ON p.number = d.person
        WHERE (?1 = '' OR d.decision = ?1) AND (?2 = '' OR LOWER(l.code) LIKE '%' || LOWER(?2) || '%')
        ORDER BY d.number DESC LIMIT ?3 OFFSET ?4";
    OVERRIDE_BY_ID = "SELECT o.number, o.lot, l.code, o.gate, o.reason, o.at, o.valid_until, o.person,
        p.name_en, p.name_zh,
        o.used, o.party, o.mass_kg, o.taken_kg FROM gate_override o LEFT JOIN v_lot l
            ON l.number = o.lot LEFT JOIN v_person p ON p.number
        = o.person
        WHERE o.number = ?1";
    OVERRIDES_COUNT = "SELECT COUNT(*) FROM gate_override o LEFT JOIN v_lot l ON l.number = o.lot
        WHERE (?1 = '' OR o.gate = ?1) AND (?2 = '' OR LOWER(l.code || ' ' || o.reason) LIKE '%' ||
        LOWER(?2) || '%')";
    OVERRIDES_PAGE = "SELECT o.number, o.lot, l.code, o.gate, o.reason, o.at, o.valid_until, o.person,
        p.name_en, p.name_zh,
        o.used, o.party, o.mass_kg, o.taken_kg FROM gate_override o LEFT JOIN v_lot l
            ON l.number = o.lot LEFT JOIN v_person p ON p.number
        = o.person
        WHERE (?1 = '' OR o.gate = ?1) AND (?2 = '' OR LOWER(l.code || ' ' || o.reason) LIKE '%' ||
        LOWER(?2) || '%')
        ORDER BY o.number DESC LIMIT ?3 OFFSET ?4";
    OVERRIDES_OF = "SELECT o.number, o.lot, l.code, o.gate, o.reason, o.at, o.valid_until, o.person,
        p.name_en, p.name_zh, o.used, o.party, o.mass_kg, o.taken_kg FROM gate_override o
        LEFT JOIN v_lot l
            ON l.number = o.lot LEFT JOIN v_person p ON p.number = o.person
        WHERE o.lot = ?1 ORDER BY o.number DESC LIMIT 100";
    OVERRIDES_ENDING = "SELECT COUNT(*) FROM gate_override WHERE valid_until > ?1 AND valid_until <= ?2";
}

/// A lot that waits for a decision.
#[derive(Debug, Clone, Serialize)]
pub(super) struct WaitingLot {
    pub lot: LotId,
    pub code: String,
    pub material_code: String,
    pub material: Names,
    pub kg_wet: Option<String>,
    pub made_at: Instant,
    pub samples: u64,
    pub holds: u64,
}

/// How many lots wait for a decision.
pub(crate) fn waiting_count(db: &mut Db, filter: &str) -> Result<u64, StoreError> {
    db.one("lots to release", WAITING_COUNT, params![filter], |row| row.number(0))
}

pub(super) fn waiting(db: &mut Db, query: &TableQuery) -> Result<(Vec<WaitingLot>, usize), StoreError> {
    let total = waiting_count(db, &query.filter)? as usize;
    let values = params![&query.filter, query.page_size, query.offset()];
    let rows = db.query(WAITING_PAGE, values, |row| {
        Ok(WaitingLot {
            lot: LotId(row.number(0)?),
            code: row.text(1)?,
            material_code: row.text(2)?,
            material: Names { en: row.text(3)?, zh: row.text(4)? },
            kg_wet: row.opt_text(5)?,
            made_at: row.parse(6)?,
            samples: row.number(7)?,
            holds: row.number(8)?,
        })
    })?;
    Ok((rows, total))
}

/// A decision as it is shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Disposition {
    pub id: DispositionId,
    pub lot: LotId,
    pub lot_code: String,
    pub decision: String,
    pub version: Option<SpecificationVersionId>,
    pub party: Option<PartyId>,
    pub at: Instant,
    pub person: Option<PersonId>,
    pub person_names: Option<Names>,
    pub reason: Option<String>,
    pub consent: Option<String>,
    pub valid_until: Option<Instant>,
    #[serde(skip)]
    pub detail: String,
}

fn disposition_row(row: &Row<'_>) -> Result<Disposition, StoreError> {
    Ok(Disposition {
        id: DispositionId(row.number(0)?),
        lot: LotId(row.number(1)?),
        lot_code: row.opt_text(2)?.unwrap_or_default(),
        decision: row.text(3)?,
        version: row.opt_number(4)?.map(SpecificationVersionId),
        party: row.opt_number(5)?.map(PartyId),
        at: row.parse(6)?,
        person: row.opt_number(7)?.map(PersonId),
        reason: row.opt_text(8)?,
        consent: row.opt_text(9)?,
        valid_until: row.opt_parse(10)?,
        person_names: names(row, 11)?,
        detail: row.text(13)?,
    })
}

fn names(row: &Row<'_>, column: usize) -> Result<Option<Names>, StoreError> {
    Ok(match (row.opt_text(column)?, row.opt_text(column + 1)?) {
        (Some(en), Some(zh)) => Some(Names { en, zh }),
        _ => None,
    })
}

/// One decision.
pub(crate) fn disposition(db: &mut Db, id: DispositionId) -> Result<Option<Disposition>, StoreError> {
    db.maybe(DISPOSITION_BY_ID, params![id.number()], disposition_row)
}

/// The decisions on a lot, latest first.
pub(super) fn of_lot(db: &mut Db, lot: LotId) -> Result<Vec<Disposition>, StoreError> {
    db.query(DISPOSITIONS_OF_LOT, params![lot.number()], disposition_row)
}

pub(super) fn dispositions(db: &mut Db, query: &TableQuery) -> Result<(Vec<Disposition>, usize), StoreError> {
    let decision = query.other("decision").unwrap_or_default().to_owned();
    let values = params![&decision, &query.filter];
    let total = db.one("decisions", DISPOSITIONS_COUNT, values, |row| row.number(0))?;
    let values = params![&decision, &query.filter, query.page_size, query.offset()];
    Ok((db.query(DISPOSITIONS_PAGE, values, disposition_row)?, total as usize))
}

/// An override as it is shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OverrideRow {
    pub id: OverrideId,
    pub lot: LotId,
    pub lot_code: String,
    pub gate: String,
    pub reason: String,
    pub at: Instant,
    pub valid_until: Instant,
    pub person: PersonId,
    pub person_names: Option<Names>,
    pub used: u64,
    /// To whom, where a lot leaves by it.
    pub party: Option<PartyId>,
    /// The wet mass it is for, and what went by it, kg.
    pub mass_kg: Option<String>,
    pub taken_kg: Option<String>,
}

fn override_row(row: &Row<'_>) -> Result<OverrideRow, StoreError> {
    Ok(OverrideRow {
        id: OverrideId(row.number(0)?),
        lot: LotId(row.number(1)?),
        lot_code: row.opt_text(2)?.unwrap_or_default(),
        gate: row.text(3)?,
        reason: row.text(4)?,
        at: row.parse(5)?,
        valid_until: row.parse(6)?,
        person: PersonId(row.number(7)?),
        person_names: names(row, 8)?,
        used: row.number(10)?,
        party: row.opt_number(11)?.map(PartyId),
        mass_kg: row.opt_text(12)?,
        taken_kg: row.opt_text(13)?,
    })
}

/// One override.
pub(crate) fn one_override(db: &mut Db, id: OverrideId) -> Result<Option<OverrideRow>, StoreError> {
    db.maybe(OVERRIDE_BY_ID, params![id.number()], override_row)
}

pub(super) fn overrides(db: &mut Db, query: &TableQuery) -> Result<(Vec<OverrideRow>, usize), StoreError> {
    let gate = query.other("gate").unwrap_or_default().to_owned();
    let total = db.one("overrides", OVERRIDES_COUNT, params![&gate, &query.filter], |row| row.number(0))?;
    let values = params![&gate, &query.filter, query.page_size, query.offset()];
    Ok((db.query(OVERRIDES_PAGE, values, override_row)?, total as usize))
}

/// The overrides and exceptions of a lot, latest first.
pub(super) fn overrides_of(db: &mut Db, lot: LotId) -> Result<Vec<OverrideRow>, StoreError> {
    db.query(OVERRIDES_OF, params![lot.number()], override_row)
}

/// How many overrides end within an interval.
pub(crate) fn overrides_ending(db: &mut Db, from: Instant, until: Instant) -> Result<u64, StoreError> {
    db.one("overrides", OVERRIDES_ENDING, params![from, until], |row| row.number(0))
}
