//! Recording a calibration with its window.

use kernel::{CalibrationId, Code, Edge, EdgeRole, Instant, InstrumentId, Ref, ResultId, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{NoCalibration, not_later};
use crate::result;

/// Record a calibration of an instrument. Its own dates say when it held: what was measured within them, and
/// under no other calibration, was measured under this one, also where its certificate comes later. Its pages
/// say that it was entered later.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrateInstrument {
    /// The instrument.
    pub instrument: InstrumentId,
    /// Number of the calibration certificate.
    pub certificate: Code,
    /// From when it holds.
    pub valid_from: Instant,
    /// Until when it holds.
    pub valid_until: Instant,
}

impl Command for CalibrateInstrument {
    const NAME: &'static str = "instrument.calibrate";
    const ROLES: &'static [Role] = &[Role::LaboratoryHead, Role::Analyst];
    const EXAMPLE: &'static str = r#"{"instrument": "instrument-3", "certificate": "CAL-2026-07",
        "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let instrument = self.instrument;
        rows::code(db, instrument)?
            .ok_or_else(|| NoCalibration::UnknownInstrument(instrument.to_string()))?;
        if self.valid_from >= self.valid_until {
            return Err(NoCalibration::Window { from: self.valid_from, until: self.valid_until }.into());
        }
        not_later(self.valid_from, cx.at)?;
        Ok(Facts::one(InstrumentCalibrated {
            calibration: CalibrationId::next(cx.numbers),
            instrument,
            certificate: self.certificate.clone(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            results: result::rows::without_calibration(db, instrument, (self.valid_from, self.valid_until))?,
        }))
    }
}

/// An instrument was calibrated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InstrumentCalibrated {
    /// The calibration.
    pub calibration: CalibrationId,
    /// The instrument.
    pub instrument: InstrumentId,
    /// Number of the calibration certificate.
    pub certificate: Code,
    /// From when it holds.
    pub valid_from: Instant,
    /// Until when it holds.
    pub valid_until: Instant,
    /// What was measured within that time under no calibration that was known then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ResultId>,
}

impl Fact for InstrumentCalibrated {
    const KIND: &'static str = "instrument.calibrated";

    fn subjects(&self) -> Vec<Ref> {
        let results = self.results.iter().map(|result| Ref::from(*result));
        [self.calibration.into(), self.instrument.into()].into_iter().chain(results).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        let of = Edge::new(self.instrument, self.calibration, EdgeRole::Instrument);
        let under = self.results.iter().map(|id| Edge::new(self.calibration, *id, EdgeRole::Calibration));
        std::iter::once(of).chain(under).collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::insert_calibration(db, self, applied)?;
        result::rows::set_calibration(db, &self.results, self.calibration)?;
        store::index(db, self.calibration.into(), self.certificate.as_str(), self.certificate.as_str())
    }

    fn samples() -> Vec<Self> {
        vec![InstrumentCalibrated {
            calibration: CalibrationId(4),
            instrument: InstrumentId(3),
            certificate: Code::parse("CAL-2026-07").expect("a code"),
            valid_from: "2026-01-01T00:00:00Z".parse().expect("an instant"),
            valid_until: "2027-01-01T00:00:00Z".parse().expect("an instant"),
            results: Vec::new(),
        }]
    }
}
