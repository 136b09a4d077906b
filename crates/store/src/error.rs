//! What can go wrong between a command and its commit, apart from a refusal.

use kernel::Refusal;

/// The store could not do what was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The embedded database said no.
    #[error("SQLite, on `{sql}`: {source}")]
    Sqlite {
        /// The statement.
        sql: String,
        /// What it said.
        source: rusqlite::Error,
    },
    /// The database server said no.
    #[error("PostgreSQL, on `{sql}`: {}", server_words(source))]
    Postgres {
        /// The statement.
        sql: String,
        /// What it said.
        source: postgres::Error,
    },
    /// A stored value is not what its column must hold: the row was edited by hand.
    #[error("column {column} holds {found}, not {wanted}")]
    Column {
        /// Position in the row, from 0.
        column: usize,
        /// What should be there.
        wanted: &'static str,
        /// What is there.
        found: String,
    },
    /// A stored record that cannot be read back.
    #[error("{what} cannot be read back: {why}")]
    Stored {
        /// Which record.
        what: String,
        /// Why not.
        why: String,
    },
    /// A file or folder.
    #[error("{what}: {source}")]
    Io {
        /// What was attempted, on which path.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The ledger on disk, its keys or its proofs.
    #[error("ledger: {0}")]
    Ledger(String),
    /// The folder is held by another process.
    #[error("data folder {0} is in use by another Orepass process; stop it, or use --server to talk to it")]
    Locked(String),
    /// The idempotency key was used before, for another command.
    #[error("idempotency key `{0}` was used before for another command; take a new key")]
    KeyReused(String),
    /// What a command was prepared from is no longer so; it is prepared anew.
    #[error("{0} changed while the command was being prepared; give it again")]
    Changed(String),
    /// One command speaks of more records, or says more, than an entry of the ledger holds.
    #[error(
        "the entry `{kind}` would have {bytes} bytes, and an entry of the ledger holds {most}: it names too \
         many records or its reason is too long; give several commands"
    )]
    TooMuch {
        /// The fact's kind.
        kind: &'static str,
        /// How many bytes.
        bytes: usize,
        /// How many are taken.
        most: usize,
    },
    /// A fault of the program in the middle of a command.
    #[error("`{what}` broke off and nothing of it was kept: {why}; this is a fault of Orepass, report it")]
    BrokeOff {
        /// The command.
        what: String,
        /// What the fault said.
        why: String,
    },
    /// Something that belongs to the data folder is gone.
    #[error(transparent)]
    Lost(#[from] crate::Missing),
    /// A record that was asked for is not there.
    #[error("there is no {0}")]
    Missing(String),
    /// The writer has stopped.
    #[error("the store is closing; try again after the restart")]
    Closed,
    /// Configuration that cannot work.
    #[error("{0}")]
    Configuration(String),
}

fn server_words(error: &postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    }
}

impl StoreError {
    /// A stored record that cannot be read back.
    pub fn stored(what: impl ToString, why: impl ToString) -> Self {
        StoreError::Stored { what: what.to_string(), why: why.to_string() }
    }

    /// Wraps an I/O error with what was attempted.
    pub fn io(what: impl ToString) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.to_string();
        move |source| StoreError::Io { what, source }
    }
}

/// Why a command did not happen: refused by a rule (a record), or failed for a technical reason (not one).
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Refused; committed as a `refused` event.
    #[error("refused: {}", .0.code)]
    Refused(Box<Refusal>),
    /// Failed; nothing was written.
    #[error(transparent)]
    Failed(#[from] StoreError),
}

impl<R: kernel::Refuse> From<R> for Stop {
    fn from(refused: R) -> Self {
        Stop::Refused(Box::new(refused.refusal()))
    }
}
