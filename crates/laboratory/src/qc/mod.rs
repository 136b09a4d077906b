//! Quality control that gates: blanks, reference materials and duplicates in a run, each judged once, and
//! what their judgement does to the results around them.
//!
//! A run is an import or a worksheet. Each control becomes an *event* with its target, tolerance and verdict.
//! When a run is finished, and whenever something in it changes, the system judges it: every result stands as
//! the nearest controls of each required kind on either side of it say. A required control that was not run
//! is not a pass. A failure holds exactly the results it covers; only a second, entitled person may answer
//! for one of them, with a reason and an end, and that is counted.

pub(crate) mod chart;
mod enter;
mod judge;
mod override_gate;
pub(crate) mod pages;
pub(crate) mod rows;
pub mod rules;

pub use enter::{ControlEntered, EnterControl};
pub use judge::{JudgeRun, RunJudged};
pub use override_gate::{OverrideQc, QcOverridden};
pub use rows::NewControl;
