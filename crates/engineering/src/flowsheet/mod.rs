//! The story of a flowsheet. It is defined once; what it looks like stands in its versions, which never
//! change: nodes, streams between them, and the components that are followed. A balance is opened on one
//! version and stays on it, so that an old balance can be solved again as it was.
//!
//! A version is drawn in the page editor, line by line, or taken from a sheet ([`sheet`]). Its diagram is
//! laid out by [`layout`], never by hand.

pub mod define;
pub(crate) mod diagram;
mod edit;
pub mod issue_version;
pub mod layout;
pub(crate) mod pages;
pub(crate) mod rows;
pub mod rules;
mod said;
pub(crate) mod sheet;
pub mod statements;

pub use rules::{Component, Definition, Node, Stream};
