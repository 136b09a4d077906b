//! The story of a party: a supplier, a customer, a carrier, another laboratory. Lots come from one and go to
//! one, and what came from one keeps saying so for as long as it is true of all of it.

pub mod pages;
pub mod register;
pub(crate) mod rows;
