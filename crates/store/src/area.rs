//! What an area hands to the store: its tables, commands, facts, reactions and jobs.

use kernel::{Act, Actor, AuthorisationId, Instant, Ref};

use crate::{AnyCommand, AnyFact, CommandKind, Db, FactKind, Stop, Store, StoreError};

/// A change of the tables, applied once and in order.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `0001_lots`: unique within the area.
    pub name: &'static str,
    /// Portable SQL.
    pub sql: &'static str,
}

/// A statement by name, so that a test can prepare each on both databases.
pub type Statement = (&'static str, &'static str);

/// What an area does upon a fact, usually another area's: commands to be given on behalf of the actor,
/// in the same transaction.
pub type React = fn(&mut Db, &dyn AnyFact, &mut Vec<Box<dyn AnyCommand>>) -> Result<(), StoreError>;

/// Who is about to make a fact happen, and when.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// The instant of the commit.
    pub at: Instant,
    /// Who gives the command that the fact follows from.
    pub actor: &'a Actor,
}

/// Looks at a fact, usually another area's, before it is recorded. What it stops is refused with the whole
/// command, as if the command had refused it. It matches on the fact's type and changes nothing.
pub type Guard = fn(&mut Db, &dyn AnyFact, Attempt<'_>) -> Result<(), Stop>;

/// Work that a fact left for later, done outside the transaction and ended by a command.
#[derive(Clone, Copy)]
pub struct JobKind {
    /// `certificate.render`.
    pub kind: &'static str,
    /// Does it. Run again after a crash, so it must be harmless twice.
    pub work: fn(&Store, Ref) -> Result<(), JobError>,
}

/// A job that did not succeed; it is tried again later.
pub type JobError = Box<dyn std::error::Error + Send + Sync>;

/// What a record is, for people: shown in explain trees, search answers and links.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Described {
    /// Its short name: `L-2026-014`, `Mn = 32.1 %`.
    pub label: String,
    /// Where its page is; empty when it has none.
    pub url: String,
    /// What matters about it, as `(field key, text)`; keys have words in the area's Fluent files.
    pub fields: Vec<(String, String)>,
    /// For readings: the raw file, row and token.
    pub raw: Option<RawPlace>,
    /// For a hold that the system placed: what happened.
    pub because: Option<facts::Cause>,
}

/// Where a token stands in a raw file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RawPlace {
    /// The file's SHA-256, lower-case hex.
    pub sha256: String,
    /// The name it came under.
    pub file_name: String,
    /// `12`, or `Sheet!12`.
    pub row: String,
    /// Column, counted from 1, when known.
    pub column: Option<u32>,
    /// The token as it stood.
    pub raw: String,
}

/// An area, or a crate of shared records.
#[derive(Clone, Copy)]
pub struct Area {
    /// `materials`.
    pub name: &'static str,
    /// Its tables.
    pub migrations: &'static [Migration],
    /// Its commands.
    pub commands: fn() -> Vec<CommandKind>,
    /// Its facts.
    pub facts: fn() -> Vec<FactKind>,
    /// Every statement of its `rows.rs`.
    pub statements: fn() -> Vec<Statement>,
    /// What it does not let happen.
    pub guard: Option<Guard>,
    /// What it does upon facts.
    pub react: Option<React>,
    /// Its jobs.
    pub jobs: &'static [JobKind],
    /// Says what one of its records is.
    pub describe: fn(&mut Db, Ref) -> Result<Option<Described>, StoreError>,
}

/// Decides whether acts are allowed at this instant, and under which authorisations. Given by `authority`.
pub type Authorise = fn(&mut Db, &Actor, &[Act], Instant) -> Result<Vec<AuthorisationId>, Stop>;

/// Names statements, so that code reads them as constants and a test finds them all.
///
/// ```ignore
/// store::statements! {
///     LOT_BY_ID = "SELECT code FROM lot WHERE id = ?1";
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($( $(#[$doc:meta])* $name:ident = $sql:expr; )*) => {
        $( $(#[$doc])* pub(crate) const $name: &str = $sql; )*
        /// Every statement above, by name.
        pub(crate) const STATEMENTS: &[$crate::Statement] = &[$( (stringify!($name), $name), )*];
    };
}
