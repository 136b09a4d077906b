//! Imports and readings in the database.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    AuthorisationId, ImportId, Instant, InstrumentId, MethodId, MethodVersionId, PersonId, ReadingId,
    WorksheetId,
};
use site::ListSql;
use store::{Applied, Db, RawPlace, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::refusals::NoImport;
use super::rules::{Outcome, RawReading};
use super::times::QUESTIONS;
use super::{
    DateOrder, DateOrderAsked, DateOrderStated, DateQuestion, ImportBegun, ImportFinished, ReadingRecorded,
};

store::statements! {
    IMPORT_INSERT = "INSERT INTO intake_import (number, file_sha256, file_name, mapping, mapping_version,
        method,
        method_version, instrument, zone, person, authorisation, begun_at, readings, recorded, chunks,
        date_order, worksheet)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, 0, ?14, ?15)";
    IMPORT_ASK_DATE = "UPDATE intake_import SET date_question = ?2 WHERE number = ?1";
    IMPORT_STATE_DATE = "UPDATE intake_import SET date_order = ?2, method_version = ?3, person = ?4,
        authorisation = ?5 WHERE number = ?1";
    IMPORT_ASKING = "SELECT COUNT(*) FROM intake_import WHERE date_question IS NOT NULL AND date_order IS NULL
        AND finished_at IS NULL";
    IMPORT_SAME = "SELECT number, file_sha256, file_name, mapping, mapping_version, method, method_version,
        instrument, zone, person, authorisation, begun_at, readings, recorded, chunks, finished_at, account,
        date_order, date_question, worksheet FROM intake_import WHERE file_sha256 = ?1 AND mapping = ?2
        AND mapping_version = ?3 AND method = ?4";
    IMPORT_BY_ID = "SELECT number, file_sha256, file_name, mapping, mapping_version, method, method_version,
        instrument, zone, person, authorisation, begun_at, readings, recorded, chunks, finished_at, account,
        date_order, date_question, worksheet FROM intake_import WHERE number = ?1";
    IMPORT_ADVANCE = "UPDATE intake_import SET recorded = recorded + ?2, chunks = chunks + 1 WHERE number =
        ?1";
    IMPORT_FINISH = "UPDATE intake_import SET finished_at = ?2, account = ?3 WHERE number = ?1";
    NOTE_INSERT = "INSERT INTO intake_note (import, line, place, outcome, reason) VALUES (?1, ?2, ?3, ?4,
        ?5)";
    NOTES_OF = "SELECT place, outcome, reason FROM intake_note WHERE import = ?1 ORDER BY line LIMIT ?2
        OFFSET ?3";
    NOTE_COUNT = "SELECT COUNT(*) FROM intake_note WHERE import = ?1";
    FILE_KEPT = "SELECT 1 FROM file WHERE sha256 = ?1";
    READING_INSERT = "INSERT INTO reading (number, import, position, place, col, sample_id, class, analyte,
        channel,
        raw, qualifier, value, unit, basis, measured_at, detail, outcome, why, became, rack, day_only)
        VALUES (?1, ?2,
        ?3, ?4, ?5,
        ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)";
    READING_SETTLE = "UPDATE reading SET outcome = ?2, why = ?3, became = ?4 WHERE number = ?1";
    READING_WAITING = "SELECT number, import, position, place, col, sample_id, class, analyte, channel, raw,
        qualifier, value, unit, basis, measured_at, detail, outcome, why, rack, day_only
        FROM reading
        WHERE number = ?1";
    READING_ALIKE = "SELECT number, import, position, place, col, sample_id, class, analyte, channel, raw,
        qualifier, value, unit, basis, measured_at, detail, outcome, why, rack, day_only
        FROM reading
        WHERE import = ?1 AND outcome = 'asks' AND (CAST(?2 AS TEXT) IS NULL OR sample_id = ?2)
        ORDER BY position";
    READINGS_OF = "SELECT number, import, position, place, col, sample_id, class, analyte, channel, raw,
        qualifier, value, unit, basis, measured_at, detail, outcome, why, rack, day_only, became
        FROM reading
        WHERE import = ?1 AND outcome = ?2 ORDER BY position LIMIT ?3 OFFSET ?4";
    READING_GROUPS = "SELECT of_sample, question, MIN(number), COUNT(*) FROM (SELECT number, position,
        CASE WHEN about_time IS NULL THEN sample_id ELSE '' END AS of_sample,
        COALESCE(about_time, why) AS question FROM (SELECT number, position, sample_id, why,
        CASE WHEN why LIKE 'time-future:%' THEN 'time-future' WHEN why LIKE 'no-edition:%' THEN 'no-edition'
        WHEN why LIKE 'before-sampled:%' THEN 'before-sampled'
        WHEN why LIKE 'before-received:%' THEN 'before-received'
        WHEN why LIKE 'not-authorised:%' THEN 'not-authorised' END AS about_time
        FROM reading WHERE import = ?1 AND outcome = 'asks') asked) grouped
        GROUP BY of_sample, question HAVING COUNT(*) > 1 ORDER BY MIN(position) LIMIT 100";
    READING_COUNTS = "SELECT outcome, COUNT(*) FROM reading WHERE import = ?1 GROUP BY outcome ORDER BY
        outcome";
    READING_PLACE = "SELECT i.file_sha256, i.file_name, d.place, d.col, d.raw, d.import, d.sample_id,
        d.analyte,
        d.unit FROM reading d JOIN intake_import i ON i.number = d.import WHERE d.number = ?1";
    WAITING_COUNT = "SELECT COUNT(*) FROM reading WHERE outcome = 'asks'";
    RACK_NOTES = "SELECT place, outcome, reason FROM intake_note WHERE import = ?1
        AND outcome IN ('missing', 'extra') ORDER BY line LIMIT 500";
    IMPORTS_OF_WORKSHEET = "SELECT number, file_name FROM intake_import WHERE worksheet = ?1 ORDER BY number";
    REFERENCE_CODES = "SELECT code FROM reference_lot";
}

/// An import.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct ImportRow {
    pub id: ImportId,
    pub file_sha256: String,
    pub file_name: String,
    pub mapping: String,
    pub mapping_version: String,
    pub method: MethodId,
    pub version: MethodVersionId,
    pub instrument: Option<InstrumentId>,
    pub zone: String,
    pub person: Option<PersonId>,
    pub authorisation: Option<AuthorisationId>,
    pub begun_at: Instant,
    pub readings: u64,
    pub recorded: u64,
    pub chunks: u32,
    pub finished_at: Option<Instant>,
    pub account: Option<String>,
    pub date_order: Option<DateOrder>,
    pub date_question: Option<DateQuestion>,
    pub worksheet: Option<WorksheetId>,
}

impl ImportRow {
    /// What it asks before anything of it is recorded.
    pub(crate) fn asks(&self) -> Option<&DateQuestion> {
        self.date_question.as_ref().filter(|_| self.date_order.is_none())
    }
}

fn import_row(row: &Row<'_>) -> Result<ImportRow, StoreError> {
    Ok(ImportRow {
        id: ImportId(row.number(0)?),
        file_sha256: row.text(1)?,
        file_name: row.text(2)?,
        mapping: row.text(3)?,
        mapping_version: row.text(4)?,
        method: MethodId(row.number(5)?),
        version: MethodVersionId(row.number(6)?),
        instrument: row.opt_number(7)?.map(InstrumentId),
        zone: row.text(8)?,
        person: row.opt_number(9)?.map(PersonId),
        authorisation: row.opt_number(10)?.map(AuthorisationId),
        begun_at: row.parse(11)?,
        readings: row.number(12)?,
        recorded: row.number(13)?,
        chunks: row.number(14)? as u32,
        finished_at: row.opt_parse(15)?,
        account: row.opt_text(16)?,
        date_order: row.opt_parse(17)?,
        date_question: match row.opt_text(18)? {
            None => None,
            Some(text) => {
                Some(serde_json::from_str(&text).map_err(|why| StoreError::stored("a question", why))?)
            }
        },
        worksheet: row.opt_number(19)?.map(WorksheetId),
    })
}

pub(super) fn insert(db: &mut Db, fact: &ImportBegun, applied: &Applied) -> Result<(), StoreError> {
    let values = params![
        fact.import.number(),
        &fact.file_sha256,
        &fact.file_name,
        &fact.mapping,
        &fact.mapping_version,
        fact.method.number(),
        fact.version.number(),
        fact.instrument.map(InstrumentId::number),
        &fact.zone,
        applied.person.map(PersonId::number),
        fact.authorisation.map(AuthorisationId::number),
        applied.at,
        fact.readings,
        fact.date_order.map(DateOrder::word),
        fact.worksheet.map(WorksheetId::number)
    ];
    db.execute(IMPORT_INSERT, values).map(|_| ())
}

pub(super) fn ask_date_order(db: &mut Db, fact: &DateOrderAsked) -> Result<(), StoreError> {
    let question =
        serde_json::to_string(&fact.question).map_err(|why| StoreError::stored("a question", why))?;
    db.execute(IMPORT_ASK_DATE, params![fact.import.number(), question]).map(|_| ())
}

pub(super) fn state_date_order(
    db: &mut Db,
    fact: &DateOrderStated,
    applied: &Applied,
) -> Result<(), StoreError> {
    let values = params![
        fact.import.number(),
        fact.order.word(),
        fact.version.number(),
        applied.person.map(PersonId::number),
        fact.authorisation.map(AuthorisationId::number)
    ];
    db.execute(IMPORT_STATE_DATE, values).map(|_| ())
}

/// What a file and the rack of its worksheet do not share: positions that are missing, solutions too many.
pub(crate) fn rack_notes(db: &mut Db, id: ImportId) -> Result<Vec<super::Note>, StoreError> {
    db.query(RACK_NOTES, params![id.number()], |row| {
        Ok(super::Note { place: row.text(0)?, outcome: row.text(1)?, reason: row.text(2)? })
    })
}

/// The imports that were bound to a worksheet, with the names of their files.
pub(crate) fn of_worksheet(db: &mut Db, sheet: WorksheetId) -> Result<Vec<(ImportId, String)>, StoreError> {
    db.query(IMPORTS_OF_WORKSHEET, params![sheet.number()], |row| {
        Ok((ImportId(row.number(0)?), row.text(1)?))
    })
}

/// How many imports wait for somebody to state their date order.
pub(crate) fn asking_count(db: &mut Db) -> Result<u64, StoreError> {
    db.one("imports", IMPORT_ASKING, &[], |row| row.number(0))
}

/// The import of the same file by the same mapping and method, if there was one.
pub(crate) fn same(
    db: &mut Db,
    sha256: &str,
    mapping: &str,
    version: &str,
    method: MethodId,
) -> Result<Option<ImportRow>, StoreError> {
    db.maybe(IMPORT_SAME, params![sha256, mapping, version, method.number()], import_row)
}

/// An import.
pub(crate) fn by_id(db: &mut Db, id: ImportId) -> Result<Option<ImportRow>, StoreError> {
    db.maybe(IMPORT_BY_ID, params![id.number()], import_row)
}

/// An import, or the refusal that there is none.
pub(crate) fn known(db: &mut Db, id: ImportId) -> Result<ImportRow, store::Stop> {
    by_id(db, id)?.ok_or_else(|| NoImport::Unknown(id.to_string()).into())
}

const IMPORTS: ListSql = ListSql {
    columns: "number, file_sha256, file_name, mapping, mapping_version, method, method_version,
        instrument, zone, person, authorisation, begun_at, readings, recorded, chunks, finished_at, account,
        date_order, date_question, worksheet",
    from: "intake_import",
    main: "intake_import",
    searched: &["file_name", "mapping"],
    sorts: &[
        ("file_name", "file_name"),
        ("mapping", "mapping"),
        ("begun_at", "number"),
        ("readings", "readings"),
    ],
    facets: &[("method", "method", true), ("instrument", "instrument", true)],
    order: "number DESC",
};

/// A page of imports, newest first, and how many there are.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<ImportRow>, usize), StoreError> {
    IMPORTS.fetch(db, query, &[], import_row)
}

pub(super) fn file_is_kept(db: &mut Db, sha256: &str) -> Result<bool, StoreError> {
    Ok(db.maybe(FILE_KEPT, params![sha256], |row| row.int(0))?.is_some())
}

pub(super) fn advance(db: &mut Db, id: ImportId, count: u32) -> Result<(), StoreError> {
    db.execute(IMPORT_ADVANCE, params![id.number(), count]).map(|_| ())
}

pub(super) fn finish(db: &mut Db, fact: &ImportFinished, applied: &Applied) -> Result<(), StoreError> {
    let import = fact.import.number();
    db.execute(IMPORT_FINISH, params![import, applied.at, &fact.account])?;
    for (line, note) in fact.notes.iter().enumerate() {
        db.execute(NOTE_INSERT, params![import, line, &note.place, &note.outcome, &note.reason])?;
    }
    Ok(())
}

/// What gave no reading, and how many of those there are.
pub(crate) fn notes(
    db: &mut Db,
    id: ImportId,
    limit: usize,
    offset: usize,
) -> Result<(Vec<super::Note>, usize), StoreError> {
    let total = db.one("notes", NOTE_COUNT, params![id.number()], |row| row.number(0))?;
    let notes = db.query(NOTES_OF, params![id.number(), limit, offset], |row| {
        Ok(super::Note { place: row.text(0)?, outcome: row.text(1)?, reason: row.text(2)? })
    })?;
    Ok((notes, total as usize))
}

pub(super) fn insert_reading(db: &mut Db, fact: &ReadingRecorded) -> Result<(), StoreError> {
    let raw = &fact.raw;
    let detail = match raw.detail.is_empty() && raw.asks.is_none() && raw.aside.is_none() {
        true => None,
        false => {
            let whole = (&raw.detail, &raw.asks, &raw.aside);
            Some(serde_json::to_string(&whole).map_err(|why| StoreError::stored("a reading", why))?)
        }
    };
    let values = params![
        fact.reading.number(),
        fact.import.number(),
        raw.position,
        &raw.place,
        raw.column,
        &raw.sample_id,
        &raw.class,
        &raw.analyte,
        &raw.channel,
        &raw.raw,
        raw.qualifier.as_str(),
        raw.value.as_deref(),
        &raw.unit,
        raw.basis.as_str(),
        raw.at,
        detail,
        fact.outcome.word(),
        fact.outcome.why(),
        fact.outcome.became().map(|record| record.number),
        raw.rack,
        raw.day_only
    ];
    db.execute(READING_INSERT, values).map(|_| ())
}

pub(super) fn settle_reading(db: &mut Db, reading: ReadingId, outcome: &Outcome) -> Result<(), StoreError> {
    let became = outcome.became().map(|record| record.number);
    db.execute(READING_SETTLE, params![reading.number(), outcome.word(), outcome.why(), became]).map(|_| ())
}

/// A stored reading.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct ReadingRow {
    pub id: ReadingId,
    pub import: ImportId,
    pub raw: RawReading,
    pub outcome: String,
    pub why: Option<String>,
}

type Detail = (BTreeMap<String, String>, Option<String>, Option<String>);

fn reading(row: &Row<'_>) -> Result<ReadingRow, StoreError> {
    let detail = row.opt_text(15)?;
    let (detail, asks, aside) = match detail {
        None => Detail::default(),
        Some(text) => {
            serde_json::from_str::<Detail>(&text).map_err(|why| StoreError::stored("a reading", why))?
        }
    };
    let raw = RawReading {
        position: row.number(2)?,
        place: row.text(3)?,
        column: row.number(4)? as u32,
        sample_id: row.text(5)?,
        class: row.text(6)?,
        analyte: row.text(7)?,
        channel: row.text(8)?,
        raw: row.text(9)?,
        qualifier: row.parse(10)?,
        value: row.opt_text(11)?,
        unit: row.text(12)?,
        basis: row.parse(13)?,
        at: row.opt_parse(14)?,
        day_only: row.flag(19)?,
        rack: row.opt_number(18)?.map(|at| at as u32),
        asks,
        aside,
        detail,
    };
    let (id, import) = (ReadingId(row.number(0)?), ImportId(row.number(1)?));
    Ok(ReadingRow { id, import, raw, outcome: row.text(16)?, why: row.opt_text(17)? })
}

/// A reading.
pub(crate) fn reading_by_id(db: &mut Db, id: ReadingId) -> Result<Option<ReadingRow>, StoreError> {
    db.maybe(READING_WAITING, params![id.number()], reading)
}

/// A reading that waits for a decision, or the refusal that it does not.
pub(super) fn waiting(db: &mut Db, id: ReadingId) -> Result<ReadingRow, store::Stop> {
    match reading_by_id(db, id)? {
        None => Err(NoImport::Unknown(id.to_string()).into()),
        Some(found) if found.outcome != "asks" => Err(NoImport::Settled(id.to_string()).into()),
        Some(found) => Ok(found),
    }
}

/// The waiting readings of an import with the sample id and the question of one of them; a question about
/// time is the same whatever the sample.
pub(super) fn alike(db: &mut Db, one: &ReadingRow) -> Result<Vec<ReadingRow>, StoreError> {
    let question =
        |row: &ReadingRow| row.why.as_deref().and_then(|why| why.split(':').next()).map(str::to_owned);
    let asked = question(one);
    let about_time = asked.as_deref().is_some_and(|asked| QUESTIONS.contains(&asked));
    let sample = (!about_time).then_some(one.raw.sample_id.as_str());
    let all = db.query(READING_ALIKE, params![one.import.number(), sample], reading)?;
    Ok(all.into_iter().filter(|other| question(other) == asked).collect())
}

/// Readings of an import with one outcome, in file order, with what they became.
pub(crate) fn readings(
    db: &mut Db,
    import: ImportId,
    outcome: &str,
    limit: usize,
    offset: usize,
) -> Result<Vec<(ReadingRow, Option<u64>)>, StoreError> {
    db.query(READINGS_OF, params![import.number(), outcome, limit, offset], |row| {
        Ok((reading(row)?, row.opt_number(20)?))
    })
}

/// Waiting readings that ask the same about the same sample id.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct AskGroup {
    pub sample_id: String,
    pub why: String,
    pub first: ReadingId,
    pub count: u64,
}

/// The waiting readings of an import that can be decided together; at most 100 groups.
pub(crate) fn groups(db: &mut Db, import: ImportId) -> Result<Vec<AskGroup>, StoreError> {
    db.query(READING_GROUPS, params![import.number()], |row| {
        let first = ReadingId(row.number(2)?);
        Ok(AskGroup { sample_id: row.text(0)?, why: row.text(1)?, first, count: row.number(3)? })
    })
}

/// How many readings of an import had which outcome.
pub(crate) fn counts(db: &mut Db, import: ImportId) -> Result<BTreeMap<String, u64>, StoreError> {
    let pair = |row: &Row<'_>| Ok((row.text(0)?, row.number(1)?));
    Ok(db.query(READING_COUNTS, params![import.number()], pair)?.into_iter().collect())
}

/// Where a reading's token stands, and what it is of.
#[derive(Debug, Clone)]
pub(crate) struct ReadingPlace {
    pub raw: RawPlace,
    pub import: ImportId,
    pub sample_id: String,
    pub analyte: String,
    pub unit: String,
}

/// Where a reading's token stands.
pub(crate) fn place(db: &mut Db, id: ReadingId) -> Result<Option<ReadingPlace>, StoreError> {
    db.maybe(READING_PLACE, params![id.number()], |row| {
        let raw = RawPlace {
            sha256: row.text(0)?,
            file_name: row.text(1)?,
            row: row.text(2)?,
            column: Some(row.number(3)? as u32),
            raw: row.text(4)?,
        };
        let import = ImportId(row.number(5)?);
        Ok(ReadingPlace { raw, import, sample_id: row.text(6)?, analyte: row.text(7)?, unit: row.text(8)? })
    })
}

/// How many readings wait for a decision.
pub(crate) fn waiting_count(db: &mut Db) -> Result<u64, StoreError> {
    db.one("readings", WAITING_COUNT, &[], |row| row.number(0))
}

/// The codes of all reference material lots, for mappings that ask for them.
pub(super) fn reference_codes(db: &mut Db) -> Result<BTreeSet<String>, StoreError> {
    Ok(db.query(REFERENCE_CODES, &[], |row| row.text(0))?.into_iter().collect())
}
