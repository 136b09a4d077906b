//! Follow-ups in the database.

use kernel::{FollowUpId, Instant, Kind, PersonId, Ref, ResultId, SampleId};
use site::ListSql;
use store::{Applied, Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::raise::Outside;
use super::{Above, FollowUpAnswered, FollowUpClosed, FollowUpRaised, FollowUpState};

/// The results of a run, or one, that lie outside their range and are not followed up yet.
macro_rules! outside {
    ($which:literal) => {
        concat!(
            "SELECT r.number, r.sample, r.analyte, r.qualifier, r.value, r.unit, a.range_high,
            (SELECT MIN(n.number) FROM result n WHERE n.sample = r.sample AND n.analyte = r.analyte
            AND n.method = r.method AND n.workflow = 'assigned' AND n.validity = 'valid')
            FROM result r LEFT JOIN method_analyte a ON a.version = r.method_version AND a.analyte = r.analyte
            WHERE ",
            $which,
            " AND r.in_range = 0 AND r.validity = 'valid' AND r.workflow IN ('measured', 'reviewed')
            AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.result = r.number) ORDER BY r.number"
        )
    };
}

/// Open follow-ups, the result each is about, and a later result of a run, or one, that answers it.
macro_rules! answered {
    ($which:literal) => {
        concat!(
            "SELECT f.number, f.result, r.number FROM follow_up f JOIN result r ON r.sample = f.sample
            AND r.analyte = f.analyte WHERE f.state = 'open' AND ",
            $which,
            " AND r.number > f.result AND r.validity = 'valid'
            AND r.workflow IN ('measured', 'reviewed', 'released') AND ((r.replaces = f.asked
            AND r.qualifier IN ('value', 'above', 'below', 'not_detected')) OR (r.qualifier = 'value'
            AND (r.in_range IS NULL OR r.in_range = 1))) ORDER BY f.number, r.number"
        )
    };
}

store::statements! {
    INSERT = "INSERT INTO follow_up (number, result, sample, analyte, why, upper, unit, asked, raised_at,
        state)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open')";
    ANSWER = "UPDATE follow_up SET state = 'answered', answer = ?2, ended_at = ?3 WHERE number = ?1";
    CLOSE = "UPDATE follow_up SET state = 'closed', reason = ?2, ended_at = ?3, ended_by = ?4
        WHERE number = ?1";
    CANCEL_ASKED = "UPDATE result SET workflow = 'cancelled' WHERE workflow = 'assigned'
        AND number = (SELECT f.asked FROM follow_up f WHERE f.number = ?1)";
    MAKE_VOID = "UPDATE result SET validity = 'retracted', why = ?2 WHERE number = ?1 AND validity = 'valid'";
    OUTSIDE_OF_RUN = outside!("r.run = ?1");
    OUTSIDE_ONE = outside!("r.number = ?1");
    ANSWERED_IN_RUN = answered!("r.run = ?1");
    ANSWERED_BY_ONE = answered!("r.number = ?1");
    BY_ID = "SELECT f.number, f.result, f.sample, s.code, f.analyte, f.why, f.upper, f.unit, f.asked,
        f.raised_at, f.state, f.answer, f.ended_at, f.ended_by, f.reason FROM follow_up f
        LEFT JOIN v_sample s ON s.number = f.sample WHERE f.number = ?1";
    COUNT = "SELECT COUNT(*) FROM follow_up WHERE state = ?1 OR ?1 = ''";
    OF_RESULT = "SELECT number FROM follow_up WHERE result = ?1 OR answer = ?1 OR asked = ?1 ORDER BY number";
}

pub(super) fn insert(db: &mut Db, fact: &FollowUpRaised, applied: &Applied) -> Result<(), StoreError> {
    let values = params![
        fact.follow_up.number(),
        fact.result.number(),
        fact.sample.number(),
        &fact.analyte,
        fact.why.word(),
        fact.limit.as_deref(),
        &fact.unit,
        fact.expects().map(ResultId::number),
        applied.at
    ];
    db.execute(INSERT, values).map(|_| ())
}

pub(super) fn answer(db: &mut Db, fact: &FollowUpAnswered, applied: &Applied) -> Result<(), StoreError> {
    let number = fact.follow_up.number();
    db.execute(ANSWER, params![number, fact.by.number(), applied.at])?;
    db.execute(CANCEL_ASKED, params![number])?;
    let why = format!("{}: {}", fact.follow_up, fact.by);
    db.execute(MAKE_VOID, params![fact.result.number(), why]).map(|_| ())
}

pub(super) fn close(db: &mut Db, fact: &FollowUpClosed, applied: &Applied) -> Result<(), StoreError> {
    let (number, person) = (fact.follow_up.number(), applied.person.map(PersonId::number));
    db.execute(CLOSE, params![number, &fact.why, applied.at, person])?;
    db.execute(CANCEL_ASKED, params![number]).map(|_| ())
}

pub(super) fn outside(db: &mut Db, of: Ref) -> Result<Vec<Outside>, StoreError> {
    let sql = if of.kind == Kind::Result { OUTSIDE_ONE } else { OUTSIDE_OF_RUN };
    db.query(sql, params![of.number], |row| {
        Ok(Outside {
            result: ResultId(row.number(0)?),
            sample: SampleId(row.number(1)?),
            analyte: row.text(2)?,
            qualifier: row.parse(3)?,
            value: row.opt_text(4)?,
            unit: row.text(5)?,
            range_high: row.opt_text(6)?,
            assigned: row.opt_number(7)?.map(ResultId),
        })
    })
}

pub(super) fn answered(db: &mut Db, of: Ref) -> Result<Vec<(FollowUpId, ResultId, ResultId)>, StoreError> {
    let sql = if of.kind == Kind::Result { ANSWERED_BY_ONE } else { ANSWERED_IN_RUN };
    db.query(sql, params![of.number], |row| {
        Ok((FollowUpId(row.number(0)?), ResultId(row.number(1)?), ResultId(row.number(2)?)))
    })
}

/// A follow-up as it is shown.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct FollowUpLine {
    pub id: FollowUpId,
    pub result: ResultId,
    pub sample: SampleId,
    pub sample_code: Option<String>,
    pub analyte: String,
    pub why: Above,
    pub limit: Option<String>,
    pub unit: String,
    pub asked: Option<ResultId>,
    pub raised_at: Instant,
    pub state: FollowUpState,
    pub answer: Option<ResultId>,
    pub ended_at: Option<Instant>,
    pub ended_by: Option<PersonId>,
    pub reason: Option<String>,
}

fn line(row: &Row<'_>) -> Result<FollowUpLine, StoreError> {
    Ok(FollowUpLine {
        id: FollowUpId(row.number(0)?),
        result: ResultId(row.number(1)?),
        sample: SampleId(row.number(2)?),
        sample_code: row.opt_text(3)?,
        analyte: row.text(4)?,
        why: row.parse(5)?,
        limit: row.opt_text(6)?,
        unit: row.text(7)?,
        asked: row.opt_number(8)?.map(ResultId),
        raised_at: row.parse(9)?,
        state: row.parse(10)?,
        answer: row.opt_number(11)?.map(ResultId),
        ended_at: row.opt_parse(12)?,
        ended_by: row.opt_number(13)?.map(PersonId),
        reason: row.opt_text(14)?,
    })
}

/// A follow-up.
pub(crate) fn by_id(db: &mut Db, id: FollowUpId) -> Result<Option<FollowUpLine>, StoreError> {
    db.maybe(BY_ID, params![id.number()], line)
}

const FOLLOW_UPS: ListSql = ListSql {
    columns: "f.number, f.result, f.sample, s.code, f.analyte, f.why, f.upper, f.unit, f.asked,
        f.raised_at, f.state, f.answer, f.ended_at, f.ended_by, f.reason",
    from: "follow_up f LEFT JOIN v_sample s ON s.number = f.sample",
    main: "follow_up f",
    searched: &["s.code", "f.analyte", "f.reason"],
    sorts: &[("sample", "s.code"), ("analyte", "f.analyte"), ("raised_at", "f.number"), ("reason", "f.why")],
    facets: &[("state", "f.state", false), ("sample", "f.sample", true)],
    order: "CASE f.state WHEN 'open' THEN 0 ELSE 1 END, f.number DESC",
};

/// A page of follow-ups, open ones first, the newest of each first; and how many there are.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<FollowUpLine>, usize), StoreError> {
    FOLLOW_UPS.fetch(db, query, &[], line)
}

/// How many follow-ups are open.
pub(crate) fn open_count(db: &mut Db) -> Result<u64, StoreError> {
    db.one("follow-ups", COUNT, params![FollowUpState::Open.word()], |row| row.number(0))
}

/// The follow-ups that are about a result, that it answers, or that it is assigned for.
pub(crate) fn of_result(db: &mut Db, result: ResultId) -> Result<Vec<FollowUpId>, StoreError> {
    db.query(OF_RESULT, params![result.number()], |row| Ok(FollowUpId(row.number(0)?)))
}
