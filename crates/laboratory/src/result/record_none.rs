//! Recording that there is no result, and why: a record like any other, never an empty cell.

use kernel::{Code, Edge, MethodId, Ref, ResultId, Role, SampleId};
use measure::Qualifier;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::enter_by_hand::specification;
use super::rows;
use super::rules::{NewResult, NoResult, Workflow};
use super::value::Settled;
use crate::given::{Reason, words};
use crate::qc::rules::QcStatus;

words! {
    /// Why there is no result.
    Absence {
        /// On the list, but never came.
        ListedNotReceived = "listed_not_received",
        /// Too little to measure.
        InsufficientSample = "insufficient_sample",
        /// Not looked for.
        NotAnalysed = "not_analysed",
        /// Measured without coming to a result.
        NoResult = "no_result",
        /// No longer wanted.
        Cancelled = "cancelled",
    }
}

impl Absence {
    fn workflow(self) -> Workflow {
        match self {
            Absence::ListedNotReceived => Workflow::ListedNotReceived,
            Absence::InsufficientSample => Workflow::InsufficientSample,
            Absence::NotAnalysed => Workflow::NotAnalysed,
            Absence::NoResult => Workflow::NoResult,
            Absence::Cancelled => Workflow::Cancelled,
        }
    }

    fn qualifier(self) -> Qualifier {
        match self {
            Absence::ListedNotReceived => Qualifier::ListedNotReceived,
            Absence::InsufficientSample => Qualifier::InsufficientSample,
            Absence::NotAnalysed | Absence::Cancelled => Qualifier::NotAnalysed,
            Absence::NoResult => Qualifier::Invalid,
        }
    }
}

/// Record that a sample has no result, and why.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordNoResult {
    /// The sample.
    pub sample: SampleId,
    /// The method.
    pub method: MethodId,
    /// The analyte, as the method has it.
    pub analyte: Code,
    /// What stands in its place.
    pub instead: Absence,
    /// Why.
    pub why: Reason,
}

impl Command for RecordNoResult {
    const NAME: &'static str = "result.record_none";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead, Role::Receiver];
    const EXAMPLE: &'static str = r#"{"sample": "sample-8", "method": "method-1", "analyte": "Mn",
        "instead": "insufficient_sample", "why": "0.2 g came, 1 g is needed"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let no_sample = || NoResult::NoSample(self.sample.to_string());
        let sample = rows::sample_by_id(db, self.sample)?.ok_or_else(no_sample)?;
        let (version, spec) = specification(db, self.method, None, self.analyte.as_str(), cx.at)?;
        let before = rows::taken(db, self.sample, self.method)?;
        let assigned =
            before.iter().find(|one| one.assigned && one.analyte == spec.analyte).map(|one| one.id);
        let settled = Settled {
            qualifier: self.instead.qualifier(),
            value: None,
            digits: None,
            uncertainty: None,
            coverage: None,
            lod: None,
            loq: None,
            in_range: None,
            below_lod: false,
        };
        let new = NewResult {
            id: ResultId::next(cx.numbers),
            sample: sample.id,
            lot: sample.lot,
            method: version.method,
            version: version.id,
            analyte: spec.analyte,
            unit: spec.unit.symbol().to_owned(),
            basis: spec.basis.as_str().to_owned(),
            settled,
            run: None,
            position: 0,
            instrument: None,
            calibration: None,
            workflow: self.instead.workflow(),
            qc: QcStatus::NotRequired,
            replicate: 1,
            replaces: assigned,
            changed: false,
            why: Some(self.why.as_str().to_owned()),
            tested_by: cx.actor.person(),
            tested_at: cx.at,
            authorisation: None,
        };
        Ok(Facts::one(NoResultRecorded { new }))
    }
}

/// That there is no result was recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoResultRecorded {
    /// The record in its place.
    pub new: NewResult,
}

impl Fact for NoResultRecorded {
    const KIND: &'static str = "result.none_recorded";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.new.id.into(), self.new.sample.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        self.new.edges(false)
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, &self.new, None, applied)
    }

    fn samples() -> Vec<Self> {
        let mut new = super::ResultEntered::samples().remove(0).new;
        new.workflow = Workflow::InsufficientSample;
        new.settled.qualifier = Qualifier::InsufficientSample;
        (new.settled.value, new.settled.uncertainty, new.settled.coverage) = (None, None, None);
        new.why = Some("0.2 g came".to_owned());
        vec![NoResultRecorded { new }]
    }
}
