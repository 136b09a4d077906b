//! Instruments and calibrations in the database.

use kernel::{CalibrationId, Instant, InstrumentId};
use site::ListSql;
use store::{Applied, Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::rules::Calibration;
use super::{CalibrationVoided, InstrumentCalibrated, InstrumentRegistered};

store::statements! {
    INSTRUMENT_INSERT = "INSERT INTO instrument (number, code, name_en, name_zh, serial, registered_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    INSTRUMENT_BY_CODE = "SELECT number FROM instrument WHERE code = ?1";
    INSTRUMENT_CODE = "SELECT code FROM instrument WHERE number = ?1";
    CALIBRATION_INSERT = "INSERT INTO calibration (number, instrument, certificate, valid_from, valid_until,
        recorded_at, recorded_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    CALIBRATION_BY_ID = "SELECT number, valid_from, valid_until, voided_from FROM calibration WHERE number =
        ?1";
    CALIBRATIONS_OF = "SELECT number, valid_from, valid_until, voided_from FROM calibration WHERE instrument
        = ?1
        ORDER BY valid_from";
    CALIBRATION_LINES = "SELECT c.number, c.valid_from, c.valid_until, c.voided_from, c.certificate,
        c.void_reason, c.instrument, i.code, c.recorded_at,
        (SELECT COUNT(*) FROM result r WHERE r.calibration = c.number AND r.tested_at < c.recorded_at)
        FROM calibration c JOIN instrument i ON i.number = c.instrument
        WHERE c.instrument = ?1 ORDER BY c.valid_from DESC";
    CALIBRATION_LINE = "SELECT c.number, c.valid_from, c.valid_until, c.voided_from, c.certificate,
        c.void_reason, c.instrument, i.code, c.recorded_at,
        (SELECT COUNT(*) FROM result r WHERE r.calibration = c.number AND r.tested_at < c.recorded_at)
        FROM calibration c JOIN instrument i ON i.number = c.instrument WHERE c.number =
        ?1";
    CALIBRATION_VOID = "UPDATE calibration SET voided_from = ?2, voided_at = ?3, void_reason = ?4
        WHERE number = ?1";
    CALIBRATIONS_EXPIRING = "SELECT COUNT(*) FROM instrument i WHERE
        (SELECT MAX(c.valid_until) FROM calibration c WHERE c.instrument = i.number AND
        c.voided_at IS NULL) < ?1";
}

pub(super) fn insert_instrument(
    db: &mut Db,
    fact: &InstrumentRegistered,
    applied: &Applied,
) -> Result<(), StoreError> {
    let (names, serial) = (&fact.names, fact.serial.as_deref());
    let values = params![fact.instrument.number(), &fact.code, &names.en, &names.zh, serial, applied.at];
    db.execute(INSTRUMENT_INSERT, values).map(|_| ())
}

pub(super) fn insert_calibration(
    db: &mut Db,
    fact: &InstrumentCalibrated,
    applied: &Applied,
) -> Result<(), StoreError> {
    let values = params![
        fact.calibration.number(),
        fact.instrument.number(),
        &fact.certificate,
        fact.valid_from,
        fact.valid_until,
        applied.at,
        applied.person.map(|person| person.number())
    ];
    db.execute(CALIBRATION_INSERT, values).map(|_| ())
}

pub(super) fn void(db: &mut Db, fact: &CalibrationVoided, applied: &Applied) -> Result<(), StoreError> {
    let values = params![fact.calibration.number(), fact.from, applied.at, &fact.why];
    db.execute(CALIBRATION_VOID, values).map(|_| ())
}

/// The instrument with this code.
pub(crate) fn by_code(db: &mut Db, code: &str) -> Result<Option<InstrumentId>, StoreError> {
    db.maybe(INSTRUMENT_BY_CODE, params![code], |row| Ok(InstrumentId(row.number(0)?)))
}

/// An instrument's code, when there is such an instrument.
pub(crate) fn code(db: &mut Db, instrument: InstrumentId) -> Result<Option<String>, StoreError> {
    db.maybe(INSTRUMENT_CODE, params![instrument.number()], |row| row.text(0))
}

/// An instrument in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct InstrumentLine {
    pub id: InstrumentId,
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    pub serial: Option<String>,
    pub calibrated_until: Option<Instant>,
}

const INSTRUMENTS: ListSql = ListSql {
    columns: "i.number, i.code, i.name_en, i.name_zh, i.serial,
        (SELECT MAX(c.valid_until) FROM calibration c WHERE c.instrument = i.number AND c.voided_at IS NULL)",
    from: "instrument i",
    main: "instrument i",
    searched: &["i.code", "i.name_en", "i.name_zh", "i.serial"],
    sorts: &[("code", "i.code"), ("name", "i.name_en"), ("serial", "i.serial")],
    facets: &[],
    order: "i.code, i.number",
};

/// A page of instruments with the end of their last calibration, and how many there are.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<InstrumentLine>, usize), StoreError> {
    INSTRUMENTS.fetch(db, query, &[], |row| {
        Ok(InstrumentLine {
            id: InstrumentId(row.number(0)?),
            code: row.text(1)?,
            name_en: row.text(2)?,
            name_zh: row.text(3)?,
            serial: row.opt_text(4)?,
            calibrated_until: row.opt_parse(5)?,
        })
    })
}

/// All instruments.
pub(crate) fn list(db: &mut Db) -> Result<Vec<InstrumentLine>, StoreError> {
    Ok(page(db, &TableQuery::first(crate::page::CHOICES))?.0)
}

fn window(row: &Row<'_>) -> Result<Calibration, StoreError> {
    Ok(Calibration {
        id: CalibrationId(row.number(0)?),
        valid_from: row.parse(1)?,
        valid_until: row.parse(2)?,
        voided_from: row.opt_parse(3)?,
    })
}

/// A calibration.
pub(crate) fn calibration(db: &mut Db, id: CalibrationId) -> Result<Option<Calibration>, StoreError> {
    db.maybe(CALIBRATION_BY_ID, params![id.number()], window)
}

/// All calibrations of an instrument.
pub(crate) fn calibrations(db: &mut Db, instrument: InstrumentId) -> Result<Vec<Calibration>, StoreError> {
    db.query(CALIBRATIONS_OF, params![instrument.number()], window)
}

/// A calibration as it is shown.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct CalibrationLine {
    pub window: Calibration,
    pub certificate: String,
    pub void_reason: Option<String>,
    pub instrument: InstrumentId,
    pub instrument_code: String,
    /// When it was entered.
    pub recorded_at: Instant,
    /// How many results were measured under it before it was entered.
    pub late_for: u64,
}

fn line(row: &Row<'_>) -> Result<CalibrationLine, StoreError> {
    Ok(CalibrationLine {
        window: window(row)?,
        certificate: row.text(4)?,
        void_reason: row.opt_text(5)?,
        instrument: InstrumentId(row.number(6)?),
        instrument_code: row.text(7)?,
        recorded_at: row.parse(8)?,
        late_for: row.number(9)?,
    })
}

/// The calibrations of an instrument as they are shown, the newest first.
pub(crate) fn lines(db: &mut Db, instrument: InstrumentId) -> Result<Vec<CalibrationLine>, StoreError> {
    db.query(CALIBRATION_LINES, params![instrument.number()], line)
}

/// One calibration as it is shown.
pub(crate) fn calibration_line(
    db: &mut Db,
    id: CalibrationId,
) -> Result<Option<CalibrationLine>, StoreError> {
    db.maybe(CALIBRATION_LINE, params![id.number()], line)
}

/// How many instruments have a calibration that ends before an instant, and no later one.
pub(crate) fn expiring(db: &mut Db, before: Instant) -> Result<u64, StoreError> {
    db.one("instruments", CALIBRATIONS_EXPIRING, params![before], |row| row.number(0))
}
