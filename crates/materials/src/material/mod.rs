//! The story of a material.
//!
//! A material is what lots are lots of: an ore, a concentrate, cerium oxide of a grade. It carries names in
//! both languages and a formula, and is the scope of authorisations to sample and to release. It does not
//! change; what it has to be is a specification, and that is quality's.

pub mod define;
pub mod pages;
pub(crate) mod rows;
