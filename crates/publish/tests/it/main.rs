//! The dossier from outside: what is whole is proved, and each tampering is named; a second verifier in
//! Python, which shares no code with the first, says the same of every archive.

#![allow(clippy::unwrap_used)]

mod dossier;
mod institute;
mod paper;
mod scripts;
