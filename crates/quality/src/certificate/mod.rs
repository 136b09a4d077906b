//! The story of a certificate. It is issued for a released lot to a customer, and says what the decision and
//! the rows say at that instant; its canonical JSON and its PDF go into the ledger by their hashes. It is
//! typeset first and its dossier verified ([`prepare`]), and only then issued. It never changes. How it
//! [stands](standing) follows from what it rests on: when some of that falls, it is under review at once, and
//! whoever checks it, by its code or by a dossier exported since, is told so. Then it is confirmed by a
//! second person, withdrawn, or superseded by the next revision, each with a reason.

pub(crate) mod analytes;
pub mod attach;
pub(crate) mod check;
pub mod confirm;
mod decided;
mod derivation;
mod document;
pub mod dossier;
pub(crate) mod downloads;
mod figures;
pub(crate) mod ground_rows;
pub mod issue;
mod masses;
mod origin;
pub(crate) mod pages;
mod prepare;
mod render;
pub(crate) mod rows;
pub mod rules;
mod said;
pub mod standing;
pub mod supersede;
pub mod withdraw;

pub use dossier::{DossierError, dossier};
pub use ground_rows::with_standing;
pub(crate) use render::{RENDER, render};
pub(crate) use rows::release_of;
pub use said::Given;
