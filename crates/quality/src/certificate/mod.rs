//! The story of a certificate. It is issued for a released lot to a customer, and says what the decision and
//! the rows say at that instant; its canonical JSON goes into the ledger with the fact, its PDF is typeset
//! afterwards and bound by its hash. It never changes. What was wrong is superseded by the next revision,
//! with a reason; whoever checks the old one, by its code or offline by its dossier, is told so.

pub(crate) mod analytes;
pub mod attach;
pub(crate) mod check;
mod derivation;
mod document;
pub mod dossier;
mod figures;
pub mod issue;
mod origin;
pub(crate) mod pages;
mod render;
pub(crate) mod rows;
pub mod rules;
mod said;
pub mod supersede;

pub use dossier::{DossierError, dossier};
pub(crate) use render::{RENDER, render};
pub use said::Given;
