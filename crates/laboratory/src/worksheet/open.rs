//! Opening a worksheet.

use kernel::{
    Act, Activity, Code, Edge, EdgeRole, InstrumentId, MethodId, MethodVersionId, Ref, ReferenceLotId, Role,
    SampleId, WorksheetId,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{NoWorksheet, PlaceKind, rows};
use crate::{method, reference, result};

/// A position of the rack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What stands there.
    pub kind: PlaceKind,
    /// The sample; for duplicates the one that is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleId>,
    /// The reference material.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_lot: Option<ReferenceLotId>,
}

/// Open a worksheet: a rack of samples and controls.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenWorksheet {
    /// What people call it.
    pub code: Code,
    /// The method; its edition in force is taken.
    pub method: MethodId,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// The rack, in order.
    pub places: Vec<Place>,
}

impl Command for OpenWorksheet {
    const NAME: &'static str = "worksheet.open";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str = r#"{"code": "WS-26-014", "method": "method-1", "places": [
        {"kind": "blank"}, {"kind": "reference", "reference_lot": "reference-lot-6"},
        {"kind": "sample", "sample": "sample-8"}, {"kind": "duplicate", "sample": "sample-8"}]}"#;

    fn acts(&self, _: &mut Db) -> Result<Vec<Act>, StoreError> {
        Ok(vec![Act { activity: Activity::Test, scope: Some(self.method.into()) }])
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if rows::by_code(db, self.code.as_str())?.is_some() {
            return Err(NoWorksheet::CodeTaken(self.code.to_string()).into());
        }
        if self.places.is_empty() {
            return Err(NoWorksheet::Empty.into());
        }
        for (at, place) in self.places.iter().enumerate() {
            let stands = match (place.kind, place.sample, place.reference_lot) {
                (PlaceKind::Sample | PlaceKind::Duplicate, Some(sample), None) => {
                    result::rows::sample_by_id(db, sample)?.is_some()
                }
                (PlaceKind::Reference, None, Some(lot)) => reference::rows::lot_by_id(db, lot)?.is_some(),
                (PlaceKind::Blank, None, None) => true,
                _ => false,
            };
            if !stands {
                return Err(NoWorksheet::Place(at + 1).into());
            }
        }
        let today = crate::day(db, cx.at)?;
        let version = method::rows::to_enter_on(db, self.method, None, today)?;
        Ok(Facts::one(WorksheetOpened {
            worksheet: WorksheetId::next(cx.numbers),
            code: self.code.clone(),
            method: self.method,
            version: version.id,
            instrument: self.instrument,
            places: self.places.clone(),
        }))
    }
}

/// A worksheet was opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WorksheetOpened {
    /// The worksheet.
    pub worksheet: WorksheetId,
    /// What people call it.
    pub code: Code,
    /// The method.
    pub method: MethodId,
    /// The edition it is measured by.
    pub version: MethodVersionId,
    /// The instrument.
    pub instrument: Option<InstrumentId>,
    /// The rack, in order.
    pub places: Vec<Place>,
}

impl Fact for WorksheetOpened {
    const KIND: &'static str = "worksheet.opened";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.worksheet.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.version, self.worksheet, EdgeRole::Method)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert(db, self, applied)?;
        store::index(db, self.worksheet.into(), self.code.as_str(), self.code.as_str())
    }

    fn samples() -> Vec<Self> {
        let place = |kind, sample| Place { kind, sample, reference_lot: None };
        vec![WorksheetOpened {
            worksheet: WorksheetId(30),
            code: Code::parse("WS-26-014").expect("a code"),
            method: MethodId(1),
            version: MethodVersionId(2),
            instrument: Some(InstrumentId(3)),
            places: vec![place(PlaceKind::Blank, None), place(PlaceKind::Sample, Some(SampleId(8)))],
        }]
    }
}
