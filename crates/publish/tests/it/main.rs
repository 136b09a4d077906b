//! The dossier from outside: what is whole is proved, and each tampering is named; the Python verifier,
//! written from `docs/dossier.md` alone, says the same of every archive.

#![allow(clippy::unwrap_used)]

mod dossier;
mod institute;
mod paper;
