//! The metal balance: does what went in come out, which figure breaks it, and how sure are we?
//!
//! Pure mathematics: no I/O, no clock, no randomness. A [`Given`] says what the flowsheet is and what was
//! measured; [`solve`] gives an [`Answer`] or says what in the input cannot be right.

mod blocks;
mod bounded;
mod case;
mod contract;
mod covariance;
mod flowsheet;
pub mod formulae;
mod identification;
mod judge;
mod model;
mod newton;
mod reconciled;
mod reduce;
mod robust;
pub mod rounding;
mod scale;
mod search;
mod sets;
mod settle;
mod shares;
pub mod sheet;
mod solve;
mod sparse;
mod start;
pub mod steady;
pub mod weights;
mod wrong;

pub use case::{Case, Ends, Matrix};
pub use contract::answer::*;
pub use contract::given::*;
pub use identification::{Identification, Meter, Rate, Trials, identification};
pub use judge::explain::{Cause, Explained, Explanation, Fault};
pub use reconciled::{Candidate, Influence, Reconciled, Recovery, Target, reconcile};
pub use sets::{Across, CommonBias, CommonLeak, Persistent, across, reconcile_sets};
pub use solve::{solve, values};
pub use wrong::Wrong;
