//! Results in the database.

use kernel::{
    AuthorisationId, CalibrationId, Instant, LotId, MethodId, PersonId, ReadingId, ResultId, SampleId,
};
use measure::Decimal;
use store::{Applied, Db, Row, StoreError, Value, params};

use super::rules::{NewResult, NoResult, Standing};

store::statements! {
    RESULT_INSERT = "INSERT INTO result (number, sample, lot, run, position, reading, method, method_version,
        analyte, qualifier, value, unit, basis, uncertainty, coverage, in_range, below_lod, instrument,
        calibration,
        workflow, qc, validity, hand_typed, changed, replicate, replaces, why, tested_by, tested_at,
        tested_authorisation, recorded_at, digits, lod, loq)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
        ?14, ?15,
        ?16, ?17, ?18, ?19, ?20, ?21, 'valid', ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31,
        ?32, ?33)";
    RESULT_STANDING = "SELECT r.number, r.sample, r.method, r.workflow, r.qc, r.validity, r.suspect,
        r.tested_by,
        r.reviewed_by, v.reviewer_differs, v.releaser_differs,
        (SELECT o.valid_until FROM qc_override o WHERE o.result = r.number ORDER BY o.number DESC LIMIT 1),
        (SELECT f.number FROM follow_up f WHERE f.result = r.number AND f.state = 'open'), r.tested_at,
        r.reviewed_at, (SELECT MIN(i.number) FROM intake_import i WHERE (i.number = r.run
        OR i.worksheet = r.run) AND i.finished_at IS NULL AND i.recorded > 0)
        FROM result r JOIN method_version v ON v.number = r.method_version WHERE r.number = ?1";
    RESULT_METHOD = "SELECT method FROM result WHERE number = ?1";
    RESULT_REVIEW = "UPDATE result SET workflow = 'reviewed', reviewed_by = ?2, reviewed_at = ?3,
        reviewed_authorisation = ?4 WHERE number = ?1";
    RESULT_RELEASE = "UPDATE result SET workflow = 'released', released_by = ?2, released_at = ?3,
        released_authorisation = ?4 WHERE number = ?1";
    RESULT_VALIDITY = "UPDATE result SET validity = ?2, why = ?3 WHERE number = ?1";
    RESULT_SUSPECT = "UPDATE result SET suspect = ?2 WHERE number = ?1";
    RESULT_CANCEL = "UPDATE result SET workflow = 'cancelled' WHERE number = ?1 AND workflow = 'assigned'";
    RESULT_WITHOUT_CALIBRATION = "SELECT number FROM result WHERE instrument = ?1 AND calibration IS NULL
        AND workflow <> 'assigned' AND tested_at >= ?2 AND tested_at < ?3 ORDER BY number";
    RESULT_CALIBRATED = "UPDATE result SET calibration = ?2 WHERE number = ?1";
    RESULT_UNDER_CALIBRATION = "SELECT number FROM result WHERE calibration = ?1 AND tested_at >= ?2
        ORDER BY number";
    RESULT_BY_VERSION = "SELECT number FROM result WHERE method_version = ?1 AND tested_at >= ?2
        ORDER BY number";
    RESULT_CONTROLLED_BY = "SELECT DISTINCT result FROM v_laboratory_qc WHERE reference_lot = ?1
        AND measured_at >= ?2 ORDER BY result";
    RESULT_TAKEN = "SELECT number, analyte, qualifier, value, workflow, run, replicate, position FROM result
        WHERE sample = ?1 AND method = ?2 AND validity = 'valid' AND workflow <> 'cancelled' ORDER BY number";
    RESULT_QC = "UPDATE result SET qc = CASE WHEN qc = 'failure_overridden' AND ?5 IN ('failure',
        'not_tested') AND (SELECT MAX(o.number) FROM qc_override o WHERE o.result = result.number) > ?6
        AND NOT EXISTS (SELECT 1 FROM v_laboratory_qc q JOIN reference_lot l ON l.number = q.reference_lot
        WHERE q.result = result.number AND l.voided_from <= q.measured_at AND l.voided_at >
        (SELECT MAX(o.at) FROM qc_override o WHERE o.result = result.number))
        THEN qc ELSE ?5 END WHERE run = ?1 AND analyte = ?2 AND position BETWEEN ?3 AND ?4 AND qc <> ?5";
    RESULT_QC_ONE = "UPDATE result SET qc = 'failure_overridden' WHERE number = ?1";
    RESULT_FROM = "SELECT sample, lot, method, method_version, analyte, unit, basis, run, position,
        instrument,
        calibration, tested_by, tested_at, tested_authorisation, replicate,
        (SELECT COUNT(*) FROM worksheet w WHERE w.number = result.run) FROM result WHERE number = ?1";
    SAMPLE_BY_CODE = "SELECT number, code, lot, moisture_percent, taken_at, made_at, from_outside
        FROM v_sample WHERE code = ?1";
    SAMPLE_BY_ID = "SELECT number, code, lot, moisture_percent, taken_at, made_at, from_outside FROM v_sample
        WHERE number = ?1";
    NEIGHBOURS = "SELECT number FROM v_laboratory_qc WHERE result = ?1 ORDER BY number";
}

/// A sample, as the laboratory needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sample {
    pub id: SampleId,
    pub code: String,
    pub lot: Option<LotId>,
    pub moisture_percent: Option<Decimal>,
    pub taken_at: Instant,
    /// When it was entered in the books.
    pub made_at: Instant,
    pub from_outside: bool,
}

fn sample(row: &Row<'_>) -> Result<Sample, StoreError> {
    Ok(Sample {
        id: SampleId(row.number(0)?),
        code: row.text(1)?,
        lot: row.opt_number(2)?.map(LotId),
        moisture_percent: row.opt_parse(3)?,
        taken_at: row.parse(4)?,
        made_at: row.parse(5)?,
        from_outside: row.flag(6)?,
    })
}

/// The sample with this code.
pub(crate) fn sample_by_code(db: &mut Db, code: &str) -> Result<Option<Sample>, StoreError> {
    db.maybe(SAMPLE_BY_CODE, params![code], sample)
}

/// A sample.
pub(crate) fn sample_by_id(db: &mut Db, id: SampleId) -> Result<Option<Sample>, StoreError> {
    db.maybe(SAMPLE_BY_ID, params![id.number()], sample)
}

/// Writes a new result. When it fills an asked-for retest, that one is closed.
pub(crate) fn insert(
    db: &mut Db,
    new: &NewResult,
    reading: Option<ReadingId>,
    applied: &Applied,
) -> Result<(), StoreError> {
    if let Some(before) = new.replaces {
        db.execute(RESULT_CANCEL, params![before.number()])?;
    }
    let s = &new.settled;
    let values = params![
        new.id.number(),
        new.sample.number(),
        new.lot.map(LotId::number),
        new.run.map(|run| run.number),
        new.position,
        reading.map(ReadingId::number),
        new.method.number(),
        new.version.number(),
        &new.analyte,
        s.qualifier.as_str(),
        s.value.as_deref(),
        &new.unit,
        &new.basis,
        s.uncertainty.as_deref(),
        s.coverage.as_deref(),
        s.in_range,
        s.below_lod,
        new.instrument.map(|id| id.number()),
        new.calibration.map(|id| id.number()),
        new.workflow.word(),
        new.qc.word(),
        reading.is_none(),
        new.changed,
        new.replicate,
        new.replaces.map(ResultId::number),
        new.why.as_deref(),
        new.tested_by.map(PersonId::number),
        new.tested_at,
        new.authorisation.map(AuthorisationId::number),
        applied.at,
        s.digits,
        s.lod.as_deref(),
        s.loq.as_deref()
    ];
    db.execute(RESULT_INSERT, values).map(|_| ())
}

/// A result with what decides about it, or the refusal that there is none.
pub(crate) fn standing(db: &mut Db, id: ResultId) -> Result<Standing, store::Stop> {
    let found = db.maybe(RESULT_STANDING, params![id.number()], |row| {
        Ok(Standing {
            id: ResultId(row.number(0)?),
            sample: SampleId(row.number(1)?),
            method: MethodId(row.number(2)?),
            workflow: row.parse(3)?,
            qc: row.parse(4)?,
            validity: row.parse(5)?,
            suspect: row.opt_text(6)?,
            tested_by: row.opt_number(7)?.map(PersonId),
            reviewed_by: row.opt_number(8)?.map(PersonId),
            reviewer_differs: row.flag(9)?,
            releaser_differs: row.flag(10)?,
            override_until: row.opt_parse(11)?,
            follow_up: row.opt_number(12)?.map(kernel::FollowUpId),
            tested_at: row.parse(13)?,
            reviewed_at: row.opt_parse(14)?,
            recording: row.opt_number(15)?.map(kernel::ImportId),
        })
    })?;
    found.ok_or_else(|| NoResult::Unknown(id.to_string()).into())
}

/// The methods of results, each once, in their order of number.
pub(crate) fn methods(db: &mut Db, results: &[ResultId]) -> Result<Vec<MethodId>, StoreError> {
    let mut methods = std::collections::BTreeSet::new();
    for result in results {
        let found = db.maybe(RESULT_METHOD, params![result.number()], |row| Ok(MethodId(row.number(0)?)))?;
        methods.extend(found);
    }
    Ok(methods.into_iter().collect())
}

/// Who signed, when, under which authorisation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed {
    pub person: PersonId,
    pub at: Instant,
    pub authorisation: Option<AuthorisationId>,
}

fn sign(db: &mut Db, sql: &'static str, result: ResultId, by: Signed) -> Result<(), StoreError> {
    let authorisation = by.authorisation.map(AuthorisationId::number);
    let values = params![result.number(), by.person.number(), by.at, authorisation];
    db.execute(sql, values).map(|_| ())
}

pub(super) fn review(db: &mut Db, result: ResultId, by: Signed) -> Result<(), StoreError> {
    sign(db, RESULT_REVIEW, result, by)
}

pub(super) fn release(db: &mut Db, result: ResultId, by: Signed) -> Result<(), StoreError> {
    sign(db, RESULT_RELEASE, result, by)
}

pub(super) fn set_validity(
    db: &mut Db,
    result: ResultId,
    validity: &str,
    why: &str,
) -> Result<(), StoreError> {
    db.execute(RESULT_VALIDITY, params![result.number(), validity, why]).map(|_| ())
}

/// Makes a result void whose place another has taken.
pub(crate) fn make_void(db: &mut Db, result: ResultId, why: &str) -> Result<(), StoreError> {
    set_validity(db, result, super::Validity::Retracted.word(), why)
}

/// What was measured on an instrument within a time, under no calibration.
pub(crate) fn without_calibration(
    db: &mut Db,
    instrument: kernel::InstrumentId,
    (from, until): (Instant, Instant),
) -> Result<Vec<ResultId>, StoreError> {
    let values = params![instrument.number(), from, until];
    db.query(RESULT_WITHOUT_CALIBRATION, values, |row| Ok(ResultId(row.number(0)?)))
}

/// Sets under which calibration results were measured, that had none.
pub(crate) fn set_calibration(
    db: &mut Db,
    results: &[ResultId],
    calibration: CalibrationId,
) -> Result<(), StoreError> {
    let set = |id: &ResultId| db.execute(RESULT_CALIBRATED, params![id.number(), calibration.number()]);
    results.iter().map(set).try_for_each(|done| done.map(|_| ()))
}

/// Every result measured under a calibration since an instant, whatever became of it.
pub(crate) fn under_calibration(
    db: &mut Db,
    calibration: CalibrationId,
    since: Instant,
) -> Result<Vec<ResultId>, StoreError> {
    let values = params![calibration.number(), since];
    db.query(RESULT_UNDER_CALIBRATION, values, |row| Ok(ResultId(row.number(0)?)))
}

/// What was measured by an edition of a method since an instant.
pub(crate) fn by_version(
    db: &mut Db,
    version: kernel::MethodVersionId,
    since: Instant,
) -> Result<Vec<ResultId>, StoreError> {
    db.query(RESULT_BY_VERSION, params![version.number(), since], |row| Ok(ResultId(row.number(0)?)))
}

/// What a reference material lot has controlled since an instant.
pub(crate) fn controlled_by(
    db: &mut Db,
    lot: kernel::ReferenceLotId,
    since: Instant,
) -> Result<Vec<ResultId>, StoreError> {
    db.query(RESULT_CONTROLLED_BY, params![lot.number(), since], |row| Ok(ResultId(row.number(0)?)))
}

/// Marks results as being in doubt.
pub(crate) fn suspect(db: &mut Db, results: &[ResultId], why: &str) -> Result<(), StoreError> {
    for result in results {
        db.execute(RESULT_SUSPECT, params![result.number(), why])?;
    }
    Ok(())
}

/// A valid result that a sample already has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub id: ResultId,
    pub analyte: String,
    pub qualifier: measure::Qualifier,
    pub value: Option<String>,
    pub assigned: bool,
    pub run: Option<u64>,
    pub replicate: u32,
    pub position: u64,
}

/// The valid results of a sample by a method, oldest first.
pub(crate) fn taken(db: &mut Db, sample: SampleId, method: MethodId) -> Result<Vec<Taken>, StoreError> {
    db.query(RESULT_TAKEN, params![sample.number(), method.number()], |row| {
        Ok(Taken {
            id: ResultId(row.number(0)?),
            analyte: row.text(1)?,
            qualifier: row.parse(2)?,
            value: row.opt_text(3)?,
            assigned: row.text(4)? == "assigned",
            run: row.opt_number(5)?,
            replicate: row.number(6)? as u32,
            position: row.number(7)?,
        })
    })
}

/// Sets how the results of an analyte in a span of a run stand with quality control. An override answers for
/// the controls there were when it was given, and neither for one that failed since nor for a bottle that was
/// found bad since.
pub(crate) fn set_qc(
    db: &mut Db,
    run: u64,
    analyte: &str,
    span: &crate::qc::rules::Span,
) -> Result<(), StoreError> {
    let values: &[Value<'_>] = params![run, analyte, span.from, span.to, span.status.word(), span.failed];
    db.execute(RESULT_QC, values).map(|_| ())
}

/// Sets that a second person answers for the quality control of a result.
pub(crate) fn set_overridden(db: &mut Db, result: ResultId) -> Result<(), StoreError> {
    db.execute(RESULT_QC_ONE, params![result.number()]).map(|_| ())
}

/// The controls that cover a result: the nearest of each kind on either side.
pub(crate) fn neighbours(db: &mut Db, result: ResultId) -> Result<Vec<kernel::QcEventId>, StoreError> {
    db.query(NEIGHBOURS, params![result.number()], |row| Ok(kernel::QcEventId(row.number(0)?)))
}

/// A result as a new one that is to take its place starts from: everything but its value.
pub(crate) fn again(db: &mut Db, id: ResultId) -> Result<Option<NewResult>, StoreError> {
    db.maybe(RESULT_FROM, params![id.number()], |row| {
        let kind = if row.int(15)? > 0 { kernel::Kind::Worksheet } else { kernel::Kind::Import };
        let run = row.opt_number(7)?.map(|number| kernel::Ref { kind, number });
        Ok(NewResult {
            id,
            sample: SampleId(row.number(0)?),
            lot: row.opt_number(1)?.map(LotId),
            method: MethodId(row.number(2)?),
            version: kernel::MethodVersionId(row.number(3)?),
            analyte: row.text(4)?,
            unit: row.text(5)?,
            basis: row.text(6)?,
            settled: super::value::Settled {
                qualifier: measure::Qualifier::Missing,
                value: None,
                digits: None,
                uncertainty: None,
                coverage: None,
                lod: None,
                loq: None,
                in_range: None,
                below_lod: false,
            },
            run,
            position: row.number(8)?,
            instrument: row.opt_number(9)?.map(kernel::InstrumentId),
            calibration: row.opt_number(10)?.map(CalibrationId),
            workflow: super::Workflow::Measured,
            qc: crate::qc::rules::QcStatus::NotTested,
            replicate: row.number(14)? as u32,
            replaces: Some(id),
            changed: false,
            why: None,
            tested_by: row.opt_number(11)?.map(PersonId),
            tested_at: row.parse(12)?,
            authorisation: row.opt_number(13)?.map(AuthorisationId),
        })
    })
}
