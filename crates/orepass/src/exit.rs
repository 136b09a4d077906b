//! What the program ends with, so that scripts can tell a refusal from a failure.

use std::process::ExitCode;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// Refused by a rule; the refusal is on record.
    Refused = 1,
    /// The arguments cannot be read.
    Usage = 2,
    /// Failed for a technical reason; nothing was changed.
    Failed = 3,
    /// A verification found something wrong.
    Wrong = 4,
    /// What was asked is done or taken; work that follows from it is not.
    Unfinished = 5,
}

impl Exit {
    /// All, with what each means: for the documents.
    pub const ALL: [(Exit, &'static str); 6] = [
        (Exit::Ok, "done"),
        (Exit::Refused, "refused by a rule; the refusal is on record in the ledger"),
        (Exit::Usage, "the arguments or fields cannot be read; nothing was changed"),
        (Exit::Failed, "failed for a technical reason; nothing was changed"),
        (Exit::Wrong, "a verification found something wrong and named the first of it"),
        (Exit::Unfinished, "taken, but not finished: what waits, for whom, and how it goes on is said"),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
