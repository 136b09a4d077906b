//! Entering a control of a worksheet by hand; the rack says what stands at its position.

use kernel::{Act, Activity, Code, Edge, Instant, QcEventId, Ref, Role, WorksheetId};
use measure::Unit;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows::{self, Charts, NewControl};
use super::rules::{
    ControlKind, Found, Judged, in_date, judge_blank, judge_duplicate, judge_reference, with_chart,
};
use crate::given::Count;
use crate::method::AnalyteSpec;
use crate::result::value::Settled;
use crate::worksheet::rows::RackPlace;
use crate::{reference, result, worksheet};

/// Enter a control of a worksheet by hand.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterControl {
    /// The worksheet.
    pub worksheet: WorksheetId,
    /// Its position on the rack, where a blank, a reference material or a duplicate stands.
    pub position: Count,
    /// Symbol, formula or name, as the method has it.
    pub analyte: Code,
    /// What was found: 1.02, <0.001.
    pub value: Code,
    /// Its unit; the method's unless given.
    #[schema(value_type = Option<String>)]
    pub unit: Option<Unit>,
}

/// What was found, as the rules of control want it.
pub(crate) fn found(settled: &Settled) -> Found {
    let number = settled.value.as_deref().and_then(|text| measure::DecimalText::parse(text).ok());
    Found { qualifier: settled.qualifier, number: number.map(|number| number.decimal()) }
}

fn judged(
    db: &mut Db,
    spec: &AnalyteSpec,
    place: &RackPlace,
    again: Found,
    at: Instant,
) -> Result<Option<Judged>, StoreError> {
    match place.kind {
        worksheet::PlaceKind::Blank => Ok(Some(judge_blank(spec, again))),
        worksheet::PlaceKind::Reference => {
            let lot = match place.reference_lot {
                Some(id) => reference::rows::lot_by_id(db, id)?,
                None => None,
            };
            let Some(lot) = lot else { return Ok(None) };
            let certified = lot.values.iter().find(|value| value.analyte == spec.analyte);
            let mut charts = Charts::default();
            charts.load(db, lot.id)?;
            let limits = charts.limits(lot.id, &spec.analyte, spec.unit, at);
            let today = crate::day(db, at)?;
            Ok(certified.map(|certified| {
                let judged = with_chart(judge_reference(spec, certified, again), again, limits);
                in_date(judged, today, lot.usable_until)
            }))
        }
        worksheet::PlaceKind::Duplicate => {
            let Some(first) = place.sample.zip(place.method) else { return Ok(None) };
            let taken = result::rows::taken(db, first.0, first.1)?;
            let first = taken.iter().rev().find(|one| one.analyte == spec.analyte && one.value.is_some());
            let number = |text: &String| measure::DecimalText::parse(text).ok().map(|n| n.decimal());
            Ok(first.map(|first| {
                let before =
                    Found { qualifier: first.qualifier, number: first.value.as_ref().and_then(number) };
                judge_duplicate(spec, before, again)
            }))
        }
        worksheet::PlaceKind::Sample => Ok(None),
    }
}

impl Command for EnterControl {
    const NAME: &'static str = "qc.enter";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str =
        r#"{"worksheet": "worksheet-30", "position": 1, "analyte": "Mn", "value": "0.002"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        let method = worksheet::rows::method(db, self.worksheet)?;
        Ok(method.map(|id| Act { activity: Activity::Test, scope: Some(id.into()) }).into_iter().collect())
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let sheet = worksheet::rows::known(db, self.worksheet)?;
        let place = worksheet::rows::place(db, self.worksheet, self.position.0)?;
        let kind = match place.kind {
            worksheet::PlaceKind::Blank => ControlKind::Blank,
            worksheet::PlaceKind::Reference => ControlKind::Reference,
            worksheet::PlaceKind::Duplicate => ControlKind::Duplicate,
            worksheet::PlaceKind::Sample => {
                return Err(worksheet::NoWorksheet::NoControl(self.worksheet, self.position.0).into());
            }
        };
        let analyte = self.analyte.as_str();
        let (version, spec) = result::specification(db, sheet.method, Some(sheet.version), analyte, cx.at)?;
        let (settled, _) = result::typed(&spec, self.value.as_str(), self.unit, None, None)?;
        let judged = judged(db, &spec, &place, found(&settled), cx.at)?
            .ok_or(worksheet::NoWorksheet::NoControl(self.worksheet, self.position.0))?;
        let text = |number: Option<measure::Decimal>| number.map(|number| number.normalize().to_string());
        Ok(Facts::one(ControlEntered {
            new: NewControl {
                id: QcEventId::next(cx.numbers),
                run: self.worksheet.into(),
                position: u64::from(self.position.0),
                kind,
                analyte: spec.analyte.clone(),
                version: version.id,
                reference_lot: place.reference_lot,
                against: None,
                measured: self.value.to_string(),
                value: settled.value.filter(|_| settled.qualifier == measure::Qualifier::Value),
                target: text(judged.target),
                tolerance: text(judged.tolerance),
                unit: spec.unit.symbol().to_owned(),
                rule: judged.rule.to_owned(),
                verdict: judged.verdict,
                measured_at: cx.at,
            },
        }))
    }
}

/// A control was typed by a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ControlEntered {
    /// The control.
    pub new: NewControl,
}

impl Fact for ControlEntered {
    const KIND: &'static str = "qc.entered";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.new.id.into(), self.new.run]
    }

    fn edges(&self) -> Vec<Edge> {
        self.new.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, &self.new, None, applied)
    }

    fn samples() -> Vec<Self> {
        vec![ControlEntered {
            new: NewControl {
                id: QcEventId(10),
                run: WorksheetId(30).into(),
                position: 1,
                kind: ControlKind::Blank,
                analyte: "Mn".to_owned(),
                version: kernel::MethodVersionId(2),
                reference_lot: None,
                against: None,
                measured: "0.002".to_owned(),
                value: Some("0.002".to_owned()),
                target: Some("0".to_owned()),
                tolerance: Some("0.01".to_owned()),
                unit: "mg/L".to_owned(),
                rule: "blank-limit".to_owned(),
                verdict: super::rules::QcVerdict::Pass,
                measured_at: "2026-03-02T00:00:00Z".parse().expect("an instant"),
            },
        }]
    }
}
