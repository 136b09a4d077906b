//! Results as they are shown: in lists with sorting and filters, and one by one.

use kernel::{
    CalibrationId, Instant, InstrumentId, LotId, MethodId, PersonId, ReadingId, ResultId, SampleId,
};
use measure::Qualifier;
use store::{Db, Row, StoreError, Value, params};
use ui::kit::query::TableQuery;

use super::{Validity, Workflow};
use crate::qc::rules::QcStatus;

/// What every statement here selects, in the order of [`line`].
macro_rules! lines {
    ($rest:literal) => {
        concat!(
            "SELECT r.number, r.sample, s.code, r.lot, r.analyte, r.qualifier, r.value, r.unit, r.basis,
            r.uncertainty, r.coverage, r.method, m.code, v.edition, r.in_range, r.below_lod, r.instrument,
            r.calibration, r.suspect, r.workflow, r.qc, r.validity, r.hand_typed, r.changed, r.replicate,
            r.replaces, r.why, r.tested_by, r.tested_at, r.reviewed_by, r.reviewed_at, r.released_by,
            r.released_at, r.reading, r.run, r.position FROM result r
            JOIN method m ON m.number = r.method JOIN method_version v ON v.number = r.method_version
            LEFT JOIN v_sample s ON s.number = r.sample ",
            $rest
        )
    };
}

store::statements! {
    RESULT_LINE = lines!("WHERE r.number = ?1");
    RESULTS_OF_SAMPLE = lines!("WHERE r.sample = ?1 ORDER BY r.analyte, r.number");
    RESULTS_OF_RUN = lines!("WHERE r.run = ?1 ORDER BY r.position, r.analyte LIMIT 500");
    COUNT_WORKFLOW = "SELECT COUNT(*) FROM result WHERE workflow = ?1 AND validity = 'valid'";
    COUNT_QC = "SELECT COUNT(*) FROM result WHERE workflow IN ('measured', 'reviewed') AND qc = ?1
        AND validity = 'valid'";
}

/// A result as it is shown.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct ResultLine {
    pub id: ResultId,
    pub sample: SampleId,
    pub sample_code: Option<String>,
    pub lot: Option<LotId>,
    pub analyte: String,
    pub qualifier: Qualifier,
    pub value: Option<String>,
    pub unit: String,
    pub basis: String,
    pub uncertainty: Option<String>,
    pub coverage: Option<String>,
    pub method: MethodId,
    pub method_code: String,
    pub method_edition: String,
    pub in_range: Option<bool>,
    pub below_lod: bool,
    pub instrument: Option<InstrumentId>,
    pub calibration: Option<CalibrationId>,
    pub suspect: Option<String>,
    pub workflow: Workflow,
    pub qc: QcStatus,
    pub validity: Validity,
    pub hand_typed: bool,
    pub changed: bool,
    pub replicate: u64,
    pub replaces: Option<ResultId>,
    pub why: Option<String>,
    pub tested_by: Option<PersonId>,
    pub tested_at: Instant,
    pub reviewed_by: Option<PersonId>,
    pub reviewed_at: Option<Instant>,
    pub released_by: Option<PersonId>,
    pub released_at: Option<Instant>,
    pub reading: Option<ReadingId>,
    pub run: Option<u64>,
    pub position: u64,
}

impl ResultLine {
    /// Qualifier and digits: `32.10`, `<0.001`, `ND`.
    pub(crate) fn figure(&self) -> String {
        let value = self.value.as_deref();
        match (self.qualifier, value) {
            (Qualifier::Value, value) => value.unwrap_or_default().to_owned(),
            (Qualifier::Below, Some(limit)) => format!("<{limit}"),
            (Qualifier::Above, Some(limit)) => format!(">{limit}"),
            (Qualifier::NotDetected, Some(limit)) => format!("ND (<{limit})"),
            (Qualifier::Below, None) => "<".to_owned(),
            (Qualifier::Above, None) => ">".to_owned(),
            (Qualifier::NotDetected, None) => "ND".to_owned(),
            _ => "–".to_owned(),
        }
    }
}

fn line(row: &Row<'_>) -> Result<ResultLine, StoreError> {
    Ok(ResultLine {
        id: ResultId(row.number(0)?),
        sample: SampleId(row.number(1)?),
        sample_code: row.opt_text(2)?,
        lot: row.opt_number(3)?.map(LotId),
        analyte: row.text(4)?,
        qualifier: row.parse(5)?,
        value: row.opt_text(6)?,
        unit: row.text(7)?,
        basis: row.text(8)?,
        uncertainty: row.opt_text(9)?,
        coverage: row.opt_text(10)?,
        method: MethodId(row.number(11)?),
        method_code: row.text(12)?,
        method_edition: row.text(13)?,
        in_range: row.opt_int(14)?.map(|flag| flag != 0),
        below_lod: row.flag(15)?,
        instrument: row.opt_number(16)?.map(InstrumentId),
        calibration: row.opt_number(17)?.map(CalibrationId),
        suspect: row.opt_text(18)?,
        workflow: row.parse(19)?,
        qc: row.parse(20)?,
        validity: row.parse(21)?,
        hand_typed: row.flag(22)?,
        changed: row.flag(23)?,
        replicate: row.number(24)?,
        replaces: row.opt_number(25)?.map(ResultId),
        why: row.opt_text(26)?,
        tested_by: row.opt_number(27)?.map(PersonId),
        tested_at: row.parse(28)?,
        reviewed_by: row.opt_number(29)?.map(PersonId),
        reviewed_at: row.opt_parse(30)?,
        released_by: row.opt_number(31)?.map(PersonId),
        released_at: row.opt_parse(32)?,
        reading: row.opt_number(33)?.map(ReadingId),
        run: row.opt_number(34)?,
        position: row.number(35)?,
    })
}

/// One result.
pub(crate) fn by_id(db: &mut Db, id: ResultId) -> Result<Option<ResultLine>, StoreError> {
    db.maybe(RESULT_LINE, params![id.number()], line)
}

/// All results of a sample.
pub(crate) fn of_sample(db: &mut Db, sample: SampleId) -> Result<Vec<ResultLine>, StoreError> {
    db.query(RESULTS_OF_SAMPLE, params![sample.number()], line)
}

/// The first 500 results of a run.
pub(crate) fn of_run(db: &mut Db, run: u64) -> Result<Vec<ResultLine>, StoreError> {
    db.query(RESULTS_OF_RUN, params![run], line)
}

/// How many valid results are this far.
pub(crate) fn count_workflow(db: &mut Db, workflow: Workflow) -> Result<u64, StoreError> {
    db.one("results", COUNT_WORKFLOW, params![workflow.word()], |row| row.number(0))
}

/// How many valid results that are not released stand so with quality control.
pub(crate) fn count_qc(db: &mut Db, qc: QcStatus) -> Result<u64, StoreError> {
    db.one("results", COUNT_QC, params![qc.word()], |row| row.number(0))
}

/// Which results a list is of, beside what its address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    /// All.
    All,
    /// In this state, valid.
    In(Workflow),
}

/// The pattern of what begins with these words, upper and lower case alike.
fn beginning_with(words: &str) -> String {
    let plain = words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("{plain}%")
}

/// A page of results, and how many there are. Sorting and facets come from a fixed list; the rest is bound.
pub(crate) fn page(
    db: &mut Db,
    queue: Queue,
    query: &TableQuery,
) -> Result<(Vec<ResultLine>, usize), StoreError> {
    let mut tests: Vec<String> = Vec::new();
    let mut values: Vec<Value<'_>> = Vec::new();
    let mut equal = |column: &str, value: String| {
        values.push(value.into());
        tests.push(format!("{column} = ?{}", values.len()));
    };
    if let Queue::In(workflow) = queue {
        equal("r.workflow", workflow.word().to_owned());
        equal("r.validity", Validity::Valid.word().to_owned());
    }
    for (facet, column) in [("workflow", "r.workflow"), ("qc", "r.qc"), ("validity", "r.validity")] {
        if let Some(value) = query.other(facet) {
            equal(column, value.to_owned());
        }
    }
    if query.other("exception") == Some("yes") {
        let odd = "(r.qc IN ('failure', 'not_tested', 'warning') OR r.in_range = 0 OR r.suspect IS NOT NULL
            OR r.hand_typed = 1 OR r.changed = 1)";
        tests.push(odd.to_owned());
    }
    if !query.filter.is_empty() {
        // The words begin a sample's code, or are an analyte or a method.
        values.push(query.filter.clone().into());
        values.push(beginning_with(&query.filter).into());
        let (is, begins) = (values.len() - 1, values.len());
        tests.push(format!(
            "(r.sample IN (SELECT number FROM v_sample WHERE LOWER(code) LIKE ?{begins} ESCAPE '\\') OR
             r.analyte = ?{is} OR r.method IN (SELECT number FROM method WHERE code = ?{is}))"
        ));
    }
    let tests = if tests.is_empty() { String::new() } else { format!("WHERE {}", tests.join(" AND ")) };
    let total =
        db.one("results", &format!("SELECT COUNT(*) FROM result r {tests}"), &values, |row| row.number(0))?;
    let direction = if query.descending { "DESC" } else { "ASC" };
    let order = match query.sort.as_deref() {
        Some("sample") => format!("r.sample {direction}, r.analyte"),
        Some("analyte") => format!("r.analyte {direction}, r.number"),
        Some("tested_at") => format!("r.tested_at {direction}, r.number"),
        Some("number") => format!("r.number {direction}"),
        _ => "r.number DESC".to_owned(),
    };
    let start = lines!("");
    values.push(query.page_size.into());
    values.push(query.offset().into());
    let (limit, offset) = (values.len() - 1, values.len());
    let sql = format!("{start} {tests} ORDER BY {order} LIMIT ?{limit} OFFSET ?{offset}");
    Ok((db.query(&sql, &values, line)?, total as usize))
}
