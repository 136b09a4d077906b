//! The metal balance: does what went in come out, which figure breaks it, and how sure are we?
//!
//! Pure mathematics: no I/O, no clock, no randomness. A [`Given`] says what the flowsheet is and what was
//! measured; [`solve`] gives an [`Answer`] or says what in the input cannot be right.

mod bounded;
mod case;
mod contract;
mod covariance;
mod flowsheet;
pub mod formulae;
mod judge;
mod model;
mod newton;
mod reduce;
mod settle;
mod solve;
mod sparse;
mod start;
mod wrong;

pub use case::{Case, Ends, Matrix};
pub use contract::answer::*;
pub use contract::given::*;
pub use solve::solve;
pub use wrong::Wrong;
