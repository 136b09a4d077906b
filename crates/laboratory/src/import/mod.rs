//! Importing an instrument file: from bytes to results, every reading accounted for.
//!
//! The file is read whole by its mapping before anything is stored; one that cannot be read leaves nothing
//! behind. Then it is kept by its hash, the import *begins* under the method's edition in force, and its
//! readings are *recorded* in chunks by the system on behalf of the person: each reading becomes a result, a
//! control, a question that a person must *decide*, or is refused or kept with the reason. Each chunk has a
//! key made of the import and its place, so that a second run after a crash doubles nothing; the same file
//! with the same mapping is the same import. When all is recorded the import is *finished* and its run
//! judged.
//!
//! Where the file's dates do not tell day from month and nobody stated their order, the whole file asks first
//! and nothing of it is recorded until a person has answered, once.
//!
//! Nothing is ever replaced silently: where a sample already has a result of an analyte by the method, the
//! reading waits, both values side by side, until somebody decides.

mod add_mapping;
mod begin;
pub mod bench;
mod date_order;
mod decide;
mod finish;
pub(crate) mod mapping_rows;
pub(crate) mod pages;
mod question;
pub(crate) mod receipt;
mod record;
pub mod refusals;
pub(crate) mod rows;
pub mod rules;
mod run;
mod scope;
mod times;
mod unreadable;

pub use add_mapping::{AddMapping, MappingAdded};
pub use begin::{BeginImport, ImportBegun};
pub use date_order::{
    AskDateOrder, DateMeaning, DateOrder, DateOrderAsked, DateOrderStated, DateQuestion, NoDateOrder,
    StateDateOrder,
};
pub use decide::{DecideReading, Decision, ReadingDecided};
pub use finish::{FinishImport, ImportFinished, Note};
pub use record::{ChunkRecorded, ReadingRecorded, RecordReadings};
pub use rules::{Outcome, RawReading};
pub(crate) use run::job;
pub use run::{ImportContext, ImportError, ImportReceipt, Work, begin, continue_import, import, mappings};
