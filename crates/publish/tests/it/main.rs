//! The dossier from outside: what is whole is proved, and each tampering is named; the Python verifier, written from
//! `docs/dossier.md` alone, says the same of every archive.

mod dossier;
mod institute;
mod paper;
