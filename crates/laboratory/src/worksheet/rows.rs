//! Worksheets in the database.

use kernel::{InstrumentId, MethodId, MethodVersionId, PersonId, ReferenceLotId, SampleId, WorksheetId};
use site::ListSql;
use store::{Applied, Db, StoreError, params};
use ui::kit::query::TableQuery;

use super::{NoWorksheet, PlaceKind, WorksheetOpened};

store::statements! {
    WORKSHEET_INSERT = "INSERT INTO worksheet (number, code, method, method_version, instrument, opened_at,
        opened_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    PLACE_INSERT = "INSERT INTO worksheet_position (worksheet, position, kind, sample, reference_lot)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    WORKSHEET_BY_CODE = "SELECT number FROM worksheet WHERE code = ?1";
    WORKSHEET_BY_ID = "SELECT w.number, w.code, w.method, w.method_version, w.opened_at, m.code, v.edition,
        w.instrument, w.opened_by
        FROM worksheet w JOIN method m ON m.number = w.method JOIN method_version v ON v.number =
        w.method_version
        WHERE w.number = ?1";
    PLACES_OF = "SELECT p.position, p.kind, p.sample, p.reference_lot, w.method, s.code, l.code
        FROM worksheet_position p JOIN worksheet w ON w.number = p.worksheet
        LEFT JOIN v_sample s ON s.number = p.sample LEFT JOIN reference_lot l ON l.number = p.reference_lot
        WHERE p.worksheet = ?1 ORDER BY p.position";
}

pub(super) fn insert(db: &mut Db, fact: &WorksheetOpened, applied: &Applied) -> Result<(), StoreError> {
    let number = fact.worksheet.number();
    let values = params![
        number,
        &fact.code,
        fact.method.number(),
        fact.version.number(),
        fact.instrument.map(|id| id.number()),
        applied.at,
        applied.person.map(|person| person.number())
    ];
    db.execute(WORKSHEET_INSERT, values)?;
    for (at, place) in fact.places.iter().enumerate() {
        let sample = place.sample.map(SampleId::number);
        let lot = place.reference_lot.map(ReferenceLotId::number);
        db.execute(PLACE_INSERT, params![number, at + 1, place.kind.word(), sample, lot])?;
    }
    Ok(())
}

/// The worksheet with this code.
pub(crate) fn by_code(db: &mut Db, code: &str) -> Result<Option<WorksheetId>, StoreError> {
    db.maybe(WORKSHEET_BY_CODE, params![code], |row| Ok(WorksheetId(row.number(0)?)))
}

/// A worksheet.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Sheet {
    pub id: WorksheetId,
    pub code: String,
    pub method: MethodId,
    pub version: MethodVersionId,
    pub opened_at: kernel::Instant,
    pub method_code: String,
    pub edition: String,
    pub instrument: Option<InstrumentId>,
    pub opened_by: Option<PersonId>,
}

fn sheet(row: &store::Row<'_>) -> Result<Sheet, StoreError> {
    Ok(Sheet {
        id: WorksheetId(row.number(0)?),
        code: row.text(1)?,
        method: MethodId(row.number(2)?),
        version: MethodVersionId(row.number(3)?),
        opened_at: row.parse(4)?,
        method_code: row.text(5)?,
        edition: row.text(6)?,
        instrument: row.opt_number(7)?.map(InstrumentId),
        opened_by: row.opt_number(8)?.map(PersonId),
    })
}

/// A worksheet, when there is such a one.
pub(crate) fn by_id(db: &mut Db, id: WorksheetId) -> Result<Option<Sheet>, StoreError> {
    db.maybe(WORKSHEET_BY_ID, params![id.number()], sheet)
}

/// A worksheet, or the refusal that there is none.
pub(crate) fn known(db: &mut Db, id: WorksheetId) -> Result<Sheet, store::Stop> {
    by_id(db, id)?.ok_or_else(|| NoWorksheet::Unknown(id.to_string()).into())
}

/// The method of a worksheet.
pub(crate) fn method(db: &mut Db, id: WorksheetId) -> Result<Option<MethodId>, StoreError> {
    Ok(by_id(db, id)?.map(|sheet| sheet.method))
}

const WORKSHEETS: ListSql = ListSql {
    columns: "w.number, w.code, w.method, w.method_version, w.opened_at, m.code, v.edition, w.instrument,
        w.opened_by",
    from: "worksheet w JOIN method m ON m.number = w.method
        JOIN method_version v ON v.number = w.method_version",
    main: "worksheet w",
    searched: &["w.code", "m.code"],
    sorts: &[("code", "w.code"), ("method", "m.code"), ("opened_at", "w.number")],
    facets: &[("method", "w.method", true), ("instrument", "w.instrument", true)],
    order: "w.number DESC",
};

/// A page of worksheets, newest first, and how many there are.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<Sheet>, usize), StoreError> {
    WORKSHEETS.fetch(db, query, &[], sheet)
}

/// A position of a rack.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct RackPlace {
    pub position: u32,
    pub kind: PlaceKind,
    pub sample: Option<SampleId>,
    pub reference_lot: Option<ReferenceLotId>,
    pub method: Option<MethodId>,
    pub code: Option<String>,
}

/// The positions of a worksheet.
pub(crate) fn places(db: &mut Db, id: WorksheetId) -> Result<Vec<RackPlace>, StoreError> {
    db.query(PLACES_OF, params![id.number()], |row| {
        Ok(RackPlace {
            position: row.number(0)? as u32,
            kind: row.parse(1)?,
            sample: row.opt_number(2)?.map(SampleId),
            reference_lot: row.opt_number(3)?.map(ReferenceLotId),
            method: row.opt_number(4)?.map(MethodId),
            code: row.opt_text(5)?.or(row.opt_text(6)?),
        })
    })
}

/// One position of a worksheet, or the refusal that nothing stands there.
pub(crate) fn place(db: &mut Db, id: WorksheetId, position: u32) -> Result<RackPlace, store::Stop> {
    let found = places(db, id)?.into_iter().find(|place| place.position == position);
    found.ok_or_else(|| NoWorksheet::NoControl(id, position).into())
}
