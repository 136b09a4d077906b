//! Entering a result by hand. It is marked as typed for ever; only the method version in force is taken (W7).

use facts::{Cause, Notice};
use kernel::chronology::{Event, Moment};
use kernel::{
    Act, Activity, Code, Edge, Instant, InstrumentId, MethodId, MethodVersionId, Ref, ResultId, Role,
    SampleId, WorksheetId,
};
use measure::{Basis, NumberFormat, Unit};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{NewResult, NoResult, Workflow};
use super::value::{Measured, Unsettled, kept, settle};
use crate::given::Count;
use crate::method::{AnalyteSpec, MethodVersion};
use crate::qc::rules::QcStatus;
use crate::{instrument, method, times, worksheet};

/// Enter a result by hand.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterResult {
    /// The sample.
    pub sample: SampleId,
    /// The method.
    pub method: MethodId,
    /// The edition that was followed; it must be the one in force when it was measured.
    pub method_version: Option<MethodVersionId>,
    /// Symbol, formula or name, as the method has it.
    pub analyte: Code,
    /// What was found: 12.30, <0.001, >10, ND.
    pub value: Code,
    /// Its unit; the method's unless given.
    #[schema(value_type = Option<String>)]
    pub unit: Option<Unit>,
    /// Its basis; the method's unless given.
    #[schema(value_type = Option<String>)]
    pub basis: Option<Basis>,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// When it was measured; now unless given.
    pub measured_at: Option<Instant>,
    /// The worksheet it belongs to.
    pub worksheet: Option<WorksheetId>,
    /// Its position on the worksheet.
    pub position: Option<Count>,
}

/// What was typed, in the unit of the method, with its basis. Of a method that states a basis, nobody knows
/// what a number is that was typed without one.
pub(crate) fn typed(
    spec: &AnalyteSpec,
    cell: &str,
    unit: Option<Unit>,
    basis: Option<Basis>,
    moisture_percent: Option<measure::Decimal>,
) -> Result<(super::value::Settled, Basis), NoResult> {
    let wrong = |why: String| NoResult::Value(why);
    let token = measure::text::read(cell, NumberFormat::default()).map_err(|why| wrong(why.to_string()))?;
    let unit = token.unit.or(unit).unwrap_or(spec.unit);
    let basis = basis.unwrap_or(spec.basis);
    if basis == Basis::NotStated && spec.basis != Basis::NotStated {
        return Err(wrong(Unsettled::Basis { from: basis, to: spec.basis }.to_string()));
    }
    let measured = Measured {
        qualifier: token.qualifier,
        number: token.number.as_ref().map(|number| number.as_str()),
        unit: unit.symbol(),
        basis,
        moisture_percent,
    };
    let settled = settle(spec, &measured).map_err(|why| wrong(why.to_string()))?;
    Ok((settled, kept(spec, basis)))
}

/// The edition in force when something was measured, and what it says of an analyte.
pub(crate) fn specification(
    db: &mut Db,
    method: MethodId,
    named: Option<MethodVersionId>,
    analyte: &str,
    at: Instant,
) -> Result<(MethodVersion, AnalyteSpec), Stop> {
    let day = crate::day(db, at)?;
    let version = method::rows::to_enter_on(db, method, named, day)?;
    let spec = version.named(analyte).cloned().ok_or_else(|| NoResult::NotInMethod {
        analyte: analyte.to_owned(),
        method,
        code: version.code.clone(),
    })?;
    Ok((version, spec))
}

/// How a new result stands before its run is judged.
pub(crate) fn before_judgement(spec: &AnalyteSpec) -> QcStatus {
    if spec.needs_control() { QcStatus::NotTested } else { QcStatus::NotRequired }
}

impl Command for EnterResult {
    const NAME: &'static str = "result.enter";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str =
        r#"{"sample": "sample-8", "method": "method-1", "analyte": "Mn", "value": "<0.001"}"#;

    fn acts(&self, _: &mut Db) -> Result<Vec<Act>, StoreError> {
        Ok(vec![Act { activity: Activity::Test, scope: Some(self.method.into()) }])
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let no_sample = || NoResult::NoSample(self.sample.to_string());
        let sample = rows::sample_by_id(db, self.sample)?.ok_or_else(no_sample)?;
        let analyte = self.analyte.as_str();
        let tested_at = self.measured_at.unwrap_or(cx.at);
        let mut moments = times::of_sample(&sample);
        moments.push(Moment::at(Event::Measured, tested_at));
        times::stands(&moments, cx.at, cx.reason)?;
        let acts = self.acts(db)?;
        let authorisation = cx.authorised(db, &acts, tested_at)?.first().copied();
        let (version, spec) = specification(db, self.method, self.method_version, analyte, tested_at)?;
        let (settled, basis) =
            typed(&spec, self.value.as_str(), self.unit, self.basis, sample.moisture_percent)?;
        let calibration = match self.instrument {
            Some(id) => instrument::rules::in_force(&instrument::rows::calibrations(db, id)?, tested_at),
            None => None,
        };
        if let Some(id) = self.worksheet {
            worksheet::rows::known(db, id)?;
        }
        let before = rows::taken(db, self.sample, self.method)?;
        let before: Vec<_> = before.iter().filter(|one| one.analyte == spec.analyte).collect();
        let assigned = before.iter().find(|one| one.assigned).map(|one| one.id);
        let count = before.iter().filter(|one| !one.assigned).count() as u32;
        let new = NewResult {
            id: ResultId::next(cx.numbers),
            sample: sample.id,
            lot: sample.lot,
            method: version.method,
            version: version.id,
            analyte: spec.analyte.clone(),
            unit: spec.unit.symbol().to_owned(),
            basis: basis.as_str().to_owned(),
            settled,
            run: self.worksheet.map(Ref::from),
            position: self.position.map_or(0, |position| u64::from(position.0)),
            instrument: self.instrument,
            calibration,
            workflow: Workflow::Measured,
            qc: before_judgement(&spec),
            replicate: count + 1,
            replaces: assigned,
            changed: false,
            why: cx.reason.map(str::to_owned),
            tested_by: cx.actor.person(),
            tested_at,
            authorisation,
        };
        Ok(Facts::one(ResultEntered { new, typed: self.value.to_string(), void: None }))
    }
}

/// A result was typed by a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResultEntered {
    /// The result.
    pub new: NewResult,
    /// What was typed.
    pub typed: String,
    /// The result it corrects, which is void from now on.
    pub void: Option<ResultId>,
}

impl Fact for ResultEntered {
    const KIND: &'static str = "result.entered";

    fn subjects(&self) -> Vec<Ref> {
        let corrected = self.void.map(Ref::from);
        [self.new.id.into(), self.new.sample.into()].into_iter().chain(corrected).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        self.new.edges(true)
    }

    fn notices(&self) -> Vec<Notice> {
        let fell = |result| {
            let cause = Cause::new(result, facts::Event::ResultCorrected);
            Notice::ResultsFell { results: vec![result], cause }
        };
        self.void.map(fell).into_iter().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        if let Some(before) = self.void {
            let why = self.new.why.as_deref().unwrap_or_default();
            rows::set_validity(db, before, super::Validity::Retracted.word(), why)?;
        }
        rows::insert(db, &self.new, None, applied)
    }

    fn samples() -> Vec<Self> {
        let new = NewResult {
            id: ResultId(9),
            sample: SampleId(8),
            lot: Some(kernel::LotId(7)),
            method: MethodId(1),
            version: MethodVersionId(2),
            analyte: "Mn".to_owned(),
            unit: "%".to_owned(),
            basis: "dry".to_owned(),
            settled: super::value::Settled {
                qualifier: measure::Qualifier::Value,
                value: Some("32.10".to_owned()),
                digits: None,
                uncertainty: Some("0.321".to_owned()),
                coverage: Some("2".to_owned()),
                lod: None,
                loq: None,
                in_range: Some(true),
                below_lod: false,
            },
            run: None,
            position: 0,
            instrument: Some(InstrumentId(3)),
            calibration: Some(kernel::CalibrationId(4)),
            workflow: Workflow::Measured,
            qc: QcStatus::NotRequired,
            replicate: 1,
            replaces: None,
            changed: false,
            why: None,
            tested_by: Some(kernel::PersonId(1)),
            tested_at: "2026-03-02T00:00:00Z".parse().expect("an instant"),
            authorisation: Some(kernel::AuthorisationId(11)),
        };
        let why = Some("the flask was another one".to_owned());
        let corrected = NewResult { id: ResultId(12), replaces: Some(ResultId(9)), why, ..new.clone() };
        let typed = "32.10".to_owned();
        vec![
            ResultEntered { new, typed: typed.clone(), void: None },
            ResultEntered { new: corrected, typed, void: Some(ResultId(9)) },
        ]
    }
}
