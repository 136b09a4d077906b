//! A result: what the laboratory says of one analyte in one sample.
//!
//! It comes from a reading of an instrument file, or from a person's hand, and then says so for ever. Frozen
//! onto it are the method version with its limits and uncertainty, the instrument and the calibration that
//! held at the instant of measurement, the person and the authorisation under which they tested.
//!
//! Three statuses run side by side and are never mixed: the *workflow* (measured, reviewed, released, or one
//! of the ways in which there is no result), *quality control* (see [`crate::qc`]) and the *specification*,
//! which is judged elsewhere. Three verbs undo: a **retest** asks for a new result while the first stays
//! valid; to **retract** makes it void and keeps it; to **invalidate** does so after it had been released. A
//! correction is a new result that replaces the old one and is marked as changed.

mod correct;
mod enter_by_hand;
mod invalidate;
pub(crate) mod list_rows;
pub(crate) mod pages;
mod record_none;
mod release;
mod retest;
mod retract;
mod review;
pub(crate) mod rows;
pub mod rules;
pub mod value;

pub use correct::CorrectResult;
pub use enter_by_hand::{EnterResult, ResultEntered};
pub(crate) use enter_by_hand::{before_judgement, specification, typed};
pub use invalidate::{InvalidateResult, ResultInvalidated};
pub use record_none::{NoResultRecorded, RecordNoResult};
pub use release::{ReleaseResults, ResultReleased};
pub use retest::{RetestAsked, RetestResult};
pub use retract::{ResultRetracted, RetractResult};
pub use review::{ResultReviewed, ReviewResults};
pub use rules::{NewResult, Validity, Workflow};
