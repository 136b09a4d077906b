//! The words every other crate speaks: typed ids, actors and roles, refusals, edges, instants, names.
//!
//! The kernel knows no database, no page, no clock and no randomness. What time it is and which number
//! comes next are handed in by whoever runs a command, so that the same events always fold to the same rows.

mod actor;
pub mod chronology;
mod count;
mod edge;
mod id;
mod refusal;
mod text;
mod time;
mod vocabulary;

pub use actor::{Act, Activity, Actor, Meaning, Role, Via, Who};
pub use count::Count;
pub use edge::{Edge, EdgeRole};
pub use id::*;
pub use refusal::{Refusal, Refuse};
pub use text::{Code, Names, TextError};
pub use time::{Clock, Day, Instant, TimeError};
pub use vocabulary::words_schema;

/// Gives the next number that no record has had yet. One counter serves all kinds, so a number alone
/// names a node of the derivation graph.
pub trait Numbers {
    /// The next free number; never the same twice.
    fn next(&mut self) -> u64;
}
