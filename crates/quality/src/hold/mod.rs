//! The story of a hold. Somebody, or the system upon a fact, doubts a lot. Everything made from the lot is
//! doubted with it: what exists already, consumed and shipped lots included, and what is made later. Each
//! such spreading is a record. Another person lifts the hold where it was placed, and with it everything it
//! spread to (wire W3).

pub mod because;
pub mod lift;
pub(crate) mod pages;
pub mod place;
pub(crate) mod rows;
pub mod rules;
pub mod spread;
