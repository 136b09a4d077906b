//! A calibration is found bad: it did not hold from an instant on, and everything measured since is suspect.

use facts::{Cause, Event, Notice};
use kernel::{CalibrationId, Instant, Ref, ResultId, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{NoCalibration, not_later};
use crate::given::Reason;
use crate::result;

/// Void a calibration from an instant on.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidCalibration {
    /// The calibration.
    pub calibration: CalibrationId,
    /// From when on it did not hold; from its beginning when left out.
    pub from: Option<Instant>,
    /// What was found.
    pub why: Reason,
}

impl Command for VoidCalibration {
    const NAME: &'static str = "calibration.void";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"calibration": "calibration-4", "from": "2026-03-01T00:00:00Z",
        "why": "the check standard had drifted by 8 %"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let unknown = || NoCalibration::Unknown(self.calibration.to_string());
        let found = rows::calibration(db, self.calibration)?.ok_or_else(unknown)?;
        if found.voided_from.is_some() {
            return Err(NoCalibration::Voided(found.id).into());
        }
        let from = self.from.unwrap_or(found.valid_from);
        not_later(from, cx.at)?;
        if from < found.valid_from || from >= found.valid_until {
            return Err(NoCalibration::OutsideWindow { from, on: found.id }.into());
        }
        let results = result::rows::under_calibration(db, self.calibration, from)?;
        let why = self.why.as_str().to_owned();
        Ok(Facts::one(CalibrationVoided { calibration: self.calibration, from, why, results }))
    }
}

/// A calibration was voided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CalibrationVoided {
    /// The calibration.
    pub calibration: CalibrationId,
    /// From when on it did not hold.
    pub from: Instant,
    /// What was found.
    pub why: String,
    /// Every result measured under it since.
    pub results: Vec<ResultId>,
}

impl Fact for CalibrationVoided {
    const KIND: &'static str = "calibration.voided";

    fn subjects(&self) -> Vec<Ref> {
        let results = self.results.iter().map(|result| Ref::from(*result));
        std::iter::once(self.calibration.into()).chain(results).collect()
    }

    fn notices(&self) -> Vec<Notice> {
        let cause = Cause::new(self.calibration, Event::CalibrationVoided);
        vec![Notice::ResultsFell { results: self.results.clone(), cause }]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::void(db, self, applied)?;
        result::rows::suspect(db, &self.results, &self.calibration.to_string())
    }

    fn samples() -> Vec<Self> {
        vec![CalibrationVoided {
            calibration: CalibrationId(4),
            from: "2026-03-01T00:00:00Z".parse().expect("an instant"),
            why: "the check standard had drifted".to_owned(),
            results: vec![ResultId(9)],
        }]
    }
}
