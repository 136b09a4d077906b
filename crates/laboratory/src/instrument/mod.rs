//! Instruments and the windows in which their calibration holds.
//!
//! A result keeps the calibration that held at the instant of measurement. When a calibration is found bad
//! later, everything measured under it from that instant on is marked suspect in the same transaction (W2).

mod calibrate;
pub(crate) mod pages;
mod register;
pub(crate) mod rows;
pub mod rules;
mod void_calibration;

pub use calibrate::{CalibrateInstrument, InstrumentCalibrated};
pub use register::{InstrumentRegistered, RegisterInstrument};
pub use rules::Calibration;
pub use void_calibration::{CalibrationVoided, VoidCalibration};
