//! The institute itself: what its certificates and pages say of it. One record, set as a whole.

mod found;
pub mod pages;
pub mod rows;
pub mod set;

pub use found::{FoundInstitute, Foundation, FoundingRefusal, found};
pub use rows::Institute;
