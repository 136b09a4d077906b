//! The dossier: one zip by which a stranger checks a certificate offline.
//!
//! [`write`] lays out the files and signs the status note; [`verify`] reads an archive from anybody, within
//! fixed bounds, and says either everything that was proved or the first thing that is wrong.
//! [`rehearse`] does both before a certificate is issued.
//! `docs/dossier.md` is the contract, written so that a verifier can be made in any language;
//! `tests/verify_dossier.py` is one.

mod archive;
mod derivation;
mod model;
mod readme;
mod recompute;
mod rehearse;
mod verify;
mod write;

pub use archive::{ArchiveError, MAX_BYTES, MAX_FILES, pack, unpack};
pub use model::{
    DERIVATION_SCHEMA, Derivation, DossierParts, Edge, End, ISSUED, LedgerEntry, Node, RENDERED, RawFile,
    RawToken, Rounding, STATUS_SCHEMA, SaltedPayload, SignedStanding, Status, StatusError, Step, Term, Ties,
};
pub use recompute::{Outcome, repeat};
pub use rehearse::{Rehearsal, rehearse};
pub use verify::{Clause, FirstWrong, Verification, verify};
pub use write::{WriteError, write};

/// Paths in the archive.
pub mod path {
    pub const CERTIFICATE_PDF: &str = "certificate.pdf";
    pub const CERTIFICATE_JSON: &str = "certificate.json";
    pub const DERIVATION: &str = "derivation.json";
    pub const CHECKPOINT: &str = "ledger/checkpoint";
    pub const STATUS: &str = "status.note";
    pub const README: &str = "README.md";
    pub const CRATE: &str = "ro-crate-metadata.json";
    pub const ENTRIES: &str = "ledger/entries/";
    pub const PAYLOADS: &str = "ledger/payloads/";
    pub const PROOFS: &str = "ledger/proofs/";
    pub const KEYS: &str = "keys/";
    pub const RAW: &str = "raw/";
}
