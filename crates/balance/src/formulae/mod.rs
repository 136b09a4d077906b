//! The formulae of test work and metallurgical accounting, one a file.
//!
//! Each file holds a `Given`, an `Answer` and `solve` between them, with its equations and their sources.
//! All are pure. What is wrong in the input is a [`Problem`] that names the field and says what to do.
//! [`registry`] lists them by name for programs and pages; `docs/testwork.md` shows them to people.

pub mod bench;
pub mod bond;
pub mod by_element;
mod check;
pub mod doe;
pub mod fit;
pub mod grade_recovery;
pub mod gy;
pub mod isotherm;
pub mod kinetics;
pub mod kremser;
pub mod leach;
pub mod locked_cycle;
pub mod measured;
pub mod n_product;
pub mod partition;
pub mod period;
mod problem;
pub mod quantile;
pub mod reading;
pub mod registry;
pub mod separation_efficiency;
mod shape;
pub mod sx;
pub mod two_product;

pub use problem::{Fault, Problem};
