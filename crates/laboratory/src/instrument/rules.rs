//! Which calibration held when, and what may not be done with one. Pure.

use kernel::chronology::{Event, Moment, check};
use kernel::{CalibrationId, Instant, Ref, Refusal, Refuse};

/// A calibration and its window: from `valid_from`, up to but not at `valid_until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Calibration {
    /// Its id.
    pub id: CalibrationId,
    /// From when it holds.
    pub valid_from: Instant,
    /// Until when.
    pub valid_until: Instant,
    /// From when on it was found not to hold after all.
    pub voided_from: Option<Instant>,
}

impl Calibration {
    /// Whether it held at an instant.
    pub fn held(&self, at: Instant) -> bool {
        self.valid_from <= at && at < self.valid_until && self.voided_from.is_none_or(|from| at < from)
    }
}

/// The calibration that held at an instant: the one that began last.
pub fn in_force(calibrations: &[Calibration], at: Instant) -> Option<CalibrationId> {
    let holding = calibrations.iter().filter(|calibration| calibration.held(at));
    holding
        .max_by_key(|calibration| (calibration.valid_from, calibration.id))
        .map(|calibration| calibration.id)
}

/// That a calibration, or what is said of one, does not lie in the future.
pub fn not_later(at: Instant, now: Instant) -> Result<(), NoCalibration> {
    let stands = check(&[Moment::at(Event::Measured, at)], now).is_ok();
    if stands { Ok(()) } else { Err(NoCalibration::Future(at)) }
}

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCalibration {
    /// Another instrument has that code.
    CodeTaken(String),
    /// There is no such instrument.
    UnknownInstrument(String),
    /// There is no such calibration.
    Unknown(String),
    /// A window that ends before it begins.
    Window {
        /// Its beginning.
        from: Instant,
        /// Its end.
        until: Instant,
    },
    /// It would begin, or be found bad, later than now.
    Future(Instant),
    /// It was voided before.
    Voided(CalibrationId),
    /// It would be void from an instant outside its window.
    OutsideWindow {
        /// The instant.
        from: Instant,
        /// The calibration.
        on: CalibrationId,
    },
}

impl Refuse for NoCalibration {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 6.4";
        match self {
            NoCalibration::CodeTaken(code) => {
                Refusal::new("instrument-code-taken", clause).with("code", code)
            }
            NoCalibration::UnknownInstrument(what) => {
                let refusal = Refusal::new("instrument-unknown", clause).with("what", what);
                refusal.remedy("instrument.register", None)
            }
            NoCalibration::Unknown(what) => Refusal::new("calibration-unknown", clause).with("what", what),
            NoCalibration::Window { from, until } => {
                Refusal::new("calibration-window", clause).with("from", from).with("until", until)
            }
            NoCalibration::Future(at) => {
                Refusal::new("calibration-in-future", "ISO/IEC 17025:2017 6.4.6").with("at", at)
            }
            NoCalibration::Voided(id) => {
                Refusal::new("calibration-voided", "RECORDS W2").with("calibration", id)
            }
            NoCalibration::OutsideWindow { from, on } => {
                let refusal = Refusal::new("calibration-outside-window", "RECORDS W2").with("from", from);
                refusal.remedy("calibration.void", Some(Ref::from(*on)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        format!("{text}T00:00:00Z").parse().unwrap()
    }

    #[test]
    fn the_calibration_that_began_last_holds_and_voided_ones_do_not() {
        let one = |id, from, until, voided: Option<&str>| Calibration {
            id: CalibrationId(id),
            valid_from: at(from),
            valid_until: at(until),
            voided_from: voided.map(at),
        };
        let all = [
            one(1, "2026-01-01", "2026-12-31", None),
            one(2, "2026-03-01", "2026-06-01", None),
            one(3, "2026-04-01", "2026-06-01", Some("2026-04-10")),
        ];
        for (day, expected) in [
            ("2025-12-31", None),
            ("2026-01-01", Some(1)),
            ("2026-03-01", Some(2)),
            ("2026-04-05", Some(3)),
            ("2026-04-10", Some(2)),
            ("2026-06-01", Some(1)),
            ("2026-12-31", None),
        ] {
            assert_eq!(in_force(&all, at(day)), expected.map(CalibrationId), "{day}");
        }
    }
}
