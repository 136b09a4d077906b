//! Controls and overrides in the database.

use std::collections::BTreeMap;

use kernel::{
    Edge, EdgeRole, Instant, Kind, MethodVersionId, QcEventId, ReadingId, Ref, ReferenceLotId, ResultId,
};
use measure::Unit;
use serde::{Deserialize, Serialize};
use site::ListSql;
use store::{Applied, Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::chart::{Point, Spread, learned};
use super::rules::{ControlKind, Event, QcVerdict};

store::statements! {
    EVENT_INSERT = "INSERT INTO qc_event (number, run, position, kind, analyte, method_version, reading,
        reference_lot, against, measured, value, target, tolerance, unit, rule, verdict, measured_at,
        hand_typed,
        recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
        ?19)";
    EVENTS_OF_RUN = "SELECT e.number, e.position, e.kind, CASE WHEN l.voided_from <= e.measured_at
        THEN 'undecidable' ELSE e.verdict END FROM qc_event e
        LEFT JOIN reference_lot l ON l.number = e.reference_lot
        WHERE e.run = ?1 AND e.analyte = ?2 ORDER BY e.position, e.number";
    RUNS_OF_REFERENCE = "SELECT DISTINCT e.run, w.method_version, i.method_version FROM qc_event e
        LEFT JOIN worksheet w ON w.number = e.run LEFT JOIN intake_import i ON i.number = e.run
        WHERE e.reference_lot = ?1 AND e.measured_at >= ?2 ORDER BY e.run";
    VERSION_OF_WORKSHEET = "SELECT method_version FROM worksheet WHERE number = ?1";
    VERSION_OF_IMPORT = "SELECT method_version FROM intake_import WHERE number = ?1";
    OVERRIDE_INSERT = "INSERT INTO qc_override (number, result, person, authorisation, reason, valid_until,
        at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    OVERRIDES_OF = "SELECT number, person, reason, valid_until, at FROM qc_override WHERE result = ?1
        ORDER BY number";
    OVERRIDE_BY_ID = "SELECT result, reason, valid_until FROM qc_override WHERE number = ?1";
    EVENT_COLUMNS = "SELECT number, run, position, kind, analyte, reading, reference_lot, against, measured,
        value,
        target, tolerance, unit, rule, verdict, measured_at, hand_typed FROM qc_event WHERE number = ?1";
    EVENTS_OF_RUN_SHOWN = "SELECT number, run, position, kind, analyte, reading, reference_lot, against,
        measured,
        value, target, tolerance, unit, rule, verdict, measured_at, hand_typed FROM qc_event WHERE run = ?1
        ORDER BY analyte, position, number";
    EVENTS_OF_REFERENCE = "SELECT number, run, position, kind, analyte, reading, reference_lot, against,
        measured,
        value, target, tolerance, unit, rule, verdict, measured_at, hand_typed FROM (SELECT q.*,
        ROW_NUMBER() OVER (PARTITION BY CASE WHEN value IS NULL OR rule = 'reference-expired' THEN ''
        ELSE unit END ORDER BY measured_at, number) AS place,
        ROW_NUMBER() OVER (ORDER BY measured_at DESC, number DESC) AS newest FROM qc_event q
        WHERE reference_lot = ?1 AND analyte = ?2) ranked WHERE newest <= 600
        OR (place <= 200 AND value IS NOT NULL AND rule <> 'reference-expired')
        ORDER BY measured_at, number";
    CHART_POINTS = "SELECT analyte, value, unit, measured_at FROM (SELECT number, analyte, value, unit,
        measured_at,
        ROW_NUMBER() OVER (PARTITION BY analyte, unit ORDER BY measured_at, number) AS place FROM qc_event
        WHERE reference_lot = ?1 AND value IS NOT NULL AND rule <> 'reference-expired') ranked
        WHERE place <= 200 ORDER BY analyte, measured_at, number";
    CHARTED = "SELECT e.reference_lot, l.code, e.analyte, COUNT(*) FROM qc_event e
        JOIN reference_lot l ON l.number = e.reference_lot GROUP BY e.reference_lot, l.code, e.analyte
        ORDER BY l.code, e.analyte";
    EVENTS_FOR_RESULT = "SELECT e.number, e.run, e.position, e.kind, e.analyte, e.reading, e.reference_lot,
        e.against, e.measured, e.value, e.target, e.tolerance, e.unit, e.rule, e.verdict, e.measured_at,
        e.hand_typed FROM qc_event e JOIN v_laboratory_qc q ON q.number = e.number WHERE q.result = ?1
        ORDER BY e.kind, e.position, e.number";
}

/// A control as its first fact has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewControl {
    /// Its id.
    pub id: QcEventId,
    /// The import or worksheet it was measured in.
    pub run: Ref,
    /// Its place there.
    pub position: u64,
    /// What kind of control.
    pub kind: ControlKind,
    /// The analyte, as the method names it.
    pub analyte: String,
    /// The method version that says how it is judged.
    pub version: MethodVersionId,
    /// The reference material it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_lot: Option<ReferenceLotId>,
    /// The result a duplicate repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<ResultId>,
    /// What was found, with its qualifier, as printed.
    pub measured: String,
    /// The number in the method's unit, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What should have been found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How far from it is still good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<String>,
    /// The unit of all three.
    pub unit: String,
    /// Which formula judged.
    pub rule: String,
    /// The judgement.
    pub verdict: QcVerdict,
    /// When it was measured.
    pub measured_at: Instant,
}

impl NewControl {
    /// What it rests on.
    pub fn edges(&self) -> Vec<Edge> {
        let reference = self.reference_lot.map(|lot| Edge::new(lot, self.id, EdgeRole::Reference));
        let against = self.against.map(|result| Edge::new(result, self.id, EdgeRole::Evidence));
        let method = Edge::new(self.version, self.id, EdgeRole::Method);
        reference.into_iter().chain(against).chain([method]).collect()
    }
}

/// Writes a control.
pub(crate) fn insert(
    db: &mut Db,
    new: &NewControl,
    reading: Option<ReadingId>,
    applied: &Applied,
) -> Result<(), StoreError> {
    let values = params![
        new.id.number(),
        new.run.number,
        new.position,
        new.kind.word(),
        &new.analyte,
        new.version.number(),
        reading.map(ReadingId::number),
        new.reference_lot.map(ReferenceLotId::number),
        new.against.map(ResultId::number),
        &new.measured,
        new.value.as_deref(),
        new.target.as_deref(),
        new.tolerance.as_deref(),
        &new.unit,
        &new.rule,
        new.verdict.word(),
        new.measured_at,
        reading.is_none(),
        applied.at
    ];
    db.execute(EVENT_INSERT, values).map(|_| ())
}

/// The judged controls of an analyte in a run. One by a bottle that was void when it was measured says
/// nothing.
pub(crate) fn events(db: &mut Db, run: u64, analyte: &str) -> Result<Vec<Event>, StoreError> {
    db.query(EVENTS_OF_RUN, params![run, analyte], |row| {
        let (number, position) = (row.number(0)?, row.number(1)?);
        Ok(Event { number, position, kind: row.parse(2)?, verdict: row.parse(3)? })
    })
}

/// The runs that a reference material lot controlled since an instant, each with the method version it is
/// judged by.
pub(crate) fn runs_of_reference(
    db: &mut Db,
    lot: ReferenceLotId,
    since: Instant,
) -> Result<Vec<(Ref, MethodVersionId)>, StoreError> {
    let found = db.query(RUNS_OF_REFERENCE, params![lot.number(), since], |row| {
        let number = row.number(0)?;
        let sheet = row.opt_number(1)?.map(|version| (Kind::Worksheet, version));
        let import = row.opt_number(2)?.map(|version| (Kind::Import, version));
        Ok(sheet.or(import).map(|(kind, version)| (Ref { kind, number }, MethodVersionId(version))))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The method version that a run is judged by: that of its worksheet or import.
pub(crate) fn version_of(db: &mut Db, run: Ref) -> Result<Option<MethodVersionId>, StoreError> {
    let sql = match run.kind {
        Kind::Worksheet => VERSION_OF_WORKSHEET,
        _ => VERSION_OF_IMPORT,
    };
    db.maybe(sql, params![run.number], |row| row.number(0).map(MethodVersionId))
}

pub(super) fn insert_override(
    db: &mut Db,
    fact: &super::QcOverridden,
    applied: &Applied,
) -> Result<(), StoreError> {
    let values = params![
        fact.id.number(),
        fact.result.number(),
        fact.person.number(),
        fact.authorisation.map(|id| id.number()),
        &fact.why,
        fact.until,
        applied.at
    ];
    db.execute(OVERRIDE_INSERT, values).map(|_| ())
}

/// An override as it is shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct OverrideLine {
    pub id: kernel::OverrideId,
    pub person: kernel::PersonId,
    pub reason: String,
    pub until: Instant,
    pub at: Instant,
}

/// The overrides of a result.
pub(crate) fn overrides(db: &mut Db, result: ResultId) -> Result<Vec<OverrideLine>, StoreError> {
    db.query(OVERRIDES_OF, params![result.number()], |row| {
        Ok(OverrideLine {
            id: kernel::OverrideId(row.number(0)?),
            person: kernel::PersonId(row.number(1)?),
            reason: row.text(2)?,
            until: row.parse(3)?,
            at: row.parse(4)?,
        })
    })
}

/// What an override was for: the result, the reason, the end.
pub(crate) fn override_by_id(
    db: &mut Db,
    id: kernel::OverrideId,
) -> Result<Option<(ResultId, String, Instant)>, StoreError> {
    db.maybe(OVERRIDE_BY_ID, params![id.number()], |row| {
        Ok((ResultId(row.number(0)?), row.text(1)?, row.parse(2)?))
    })
}

/// A control as it is shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ControlLine {
    pub id: QcEventId,
    pub run: u64,
    pub position: u64,
    pub kind: ControlKind,
    pub analyte: String,
    pub reading: Option<ReadingId>,
    pub reference_lot: Option<ReferenceLotId>,
    pub against: Option<ResultId>,
    pub measured: String,
    pub value: Option<String>,
    pub target: Option<String>,
    pub tolerance: Option<String>,
    pub unit: String,
    pub rule: String,
    pub verdict: QcVerdict,
    pub measured_at: Instant,
    pub hand_typed: bool,
}

pub(crate) fn line(row: &Row<'_>) -> Result<ControlLine, StoreError> {
    Ok(ControlLine {
        id: QcEventId(row.number(0)?),
        run: row.number(1)?,
        position: row.number(2)?,
        kind: row.parse(3)?,
        analyte: row.text(4)?,
        reading: row.opt_number(5)?.map(ReadingId),
        reference_lot: row.opt_number(6)?.map(ReferenceLotId),
        against: row.opt_number(7)?.map(ResultId),
        measured: row.text(8)?,
        value: row.opt_text(9)?,
        target: row.opt_text(10)?,
        tolerance: row.opt_text(11)?,
        unit: row.text(12)?,
        rule: row.text(13)?,
        verdict: row.parse(14)?,
        measured_at: row.parse(15)?,
        hand_typed: row.flag(16)?,
    })
}

/// One control.
pub(crate) fn by_id(db: &mut Db, id: QcEventId) -> Result<Option<ControlLine>, StoreError> {
    db.maybe(EVENT_COLUMNS, params![id.number()], line)
}

/// The controls of a run.
pub(crate) fn of_run(db: &mut Db, run: u64) -> Result<Vec<ControlLine>, StoreError> {
    db.query(EVENTS_OF_RUN_SHOWN, params![run], line)
}

/// The controls that cover a result.
pub(crate) fn for_result(db: &mut Db, result: ResultId) -> Result<Vec<ControlLine>, StoreError> {
    db.query(EVENTS_FOR_RESULT, params![result.number()], line)
}

/// The controls by a reference material lot in the order of their measurement: the first points, which make
/// the limits, and the newest 600 controls.
pub(crate) fn of_reference(
    db: &mut Db,
    lot: ReferenceLotId,
    analyte: &str,
) -> Result<Vec<ControlLine>, StoreError> {
    db.query(EVENTS_OF_REFERENCE, params![lot.number(), analyte], line)
}

/// When a control was measured, what was found, in which unit.
type ChartPoint = (Instant, String, Unit);

/// The first points of the charts of a reference material lot, in the order of their measurement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Charts(BTreeMap<(ReferenceLotId, String), Vec<ChartPoint>>);

impl Charts {
    /// Takes what is stored of a lot.
    pub(crate) fn load(&mut self, db: &mut Db, lot: ReferenceLotId) -> Result<(), StoreError> {
        let points = db.query(CHART_POINTS, params![lot.number()], |row| {
            Ok((row.text(0)?, (row.parse(3)?, row.text(1)?, row.parse::<Unit>(2)?)))
        })?;
        self.0.retain(|(known, _), _| *known != lot);
        for (analyte, point) in points {
            self.0.entry((lot, analyte)).or_default().push(point);
        }
        Ok(())
    }

    /// Adds a control that was just judged.
    pub(crate) fn add(&mut self, control: &NewControl, unit: Unit) {
        if let (Some(lot), Some(value)) = (control.reference_lot, &control.value) {
            let point = (control.measured_at, value.clone(), unit);
            self.0.entry((lot, control.analyte.clone())).or_default().push(point);
        }
    }

    /// The limits for a point measured then, in a unit; none while they are not established.
    pub(crate) fn limits(
        &self,
        lot: ReferenceLotId,
        analyte: &str,
        unit: Unit,
        at: Instant,
    ) -> Option<Spread> {
        let stored = self.0.get(&(lot, analyte.to_owned()))?;
        let before = stored.iter().filter(|(then, ..)| *then <= at);
        let mut points: Vec<Point> =
            before.filter_map(|(then, text, of)| Point::read(*then, text, *of, unit)).collect();
        points.sort_by_key(|point| point.at);
        learned(&points)
    }
}

/// The control charts there are: lot, its code, analyte, number of points.
pub(crate) fn charted(db: &mut Db) -> Result<Vec<(ReferenceLotId, String, String, u64)>, StoreError> {
    db.query(CHARTED, &[], |row| {
        Ok((ReferenceLotId(row.number(0)?), row.text(1)?, row.text(2)?, row.number(3)?))
    })
}

const CONTROLS: ListSql = ListSql {
    columns: "number, run, position, kind, analyte, reading, reference_lot, against, measured, value, target,
        tolerance, unit, rule, verdict, measured_at, hand_typed",
    from: "qc_event",
    main: "qc_event",
    searched: &["analyte", "rule"],
    sorts: &[
        ("kind", "kind"),
        ("analyte", "analyte"),
        ("verdict", "verdict"),
        ("measured_at", "measured_at"),
    ],
    facets: &[("verdict", "verdict", false), ("kind", "kind", false), ("reference", "reference_lot", true)],
    order: "number DESC",
};

/// A page of controls, newest first, and how many there are.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<ControlLine>, usize), StoreError> {
    CONTROLS.fetch(db, query, &[], line)
}
