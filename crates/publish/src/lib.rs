//! Everything that leaves Orepass on paper or in a file: certificates, labels, workbooks and dossiers.
//!
//! The crate knows neither the areas nor the database. A caller hands it plain data and gets bytes, and the
//! same data always gives the same bytes: times come from the data, maps are ordered, nothing is random. That
//! is what lets a hash of a certificate be written into the ledger before anybody has downloaded it.
//!
//! - [`certificate`]: the document behind a certificate, its canonical JSON, and the typeset PDF.
//! - [`fonts`]: which characters can be printed, and where more fonts come from.
//! - [`label`]: sheets of sample labels, and QR codes for pages.
//! - [`rack`]: the sheet of a worksheet, to lay a rack out by.
//! - [`report`]: facts and tables of a record, typeset in both languages.
//! - [`workbook`]: tables as XLSX, CSV or JSON, with every reported digit kept.
//! - [`dossier`]: the zip that a stranger checks offline, written and verified here; its contract is
//!   `docs/dossier.md`.

pub mod certificate;
pub mod dossier;
pub mod fonts;
pub mod label;
mod names;
pub mod rack;
pub mod report;
mod typeset;
pub mod workbook;

pub use names::Names;
pub use typeset::TypesetError;
