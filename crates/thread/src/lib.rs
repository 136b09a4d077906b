//! The thread: which record derives from which, held in memory and walked both ways.
//!
//! A node is a record's number; what kind of record it is, the caller knows. An [`Edge`] leads from
//! what was used (input, evidence, parent) to what came of it. [`Graph`] is rebuilt at start and
//! appended to on commit. Reachability ([`Graph::upstream`], [`Graph::downstream`],
//! [`Graph::impact`], [`Graph::explain`]) takes every edge; [`Graph::trace`] and
//! [`Graph::descendants`] follow only edges that carry mass, and say how much.
//!
//! Each reader keeps a [`Walker`] and uses it again, so that a query touches only what it reaches.
//! Cycles (recycle, rework) are allowed everywhere, and every walk ends.

mod graph;
mod shares;
mod solve;
mod walk;

pub use graph::{Edge, EdgeError, Graph};
pub use shares::{Ancestor, Descendant, Trace};
pub use solve::{CLOSED_LOOP_LOSS, EXACT_CYCLE, TOLERANCE};
pub use walk::{Reached, Step, StepEnd, Walker};
