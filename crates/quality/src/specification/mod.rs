//! The story of a specification. It is defined once for a material and grade; what it demands stands in its
//! editions, which never change. An edition is in force for an interval, for everybody or for one customer. A
//! lot is judged against one edition: the customer's own where the customer has one, else a general one.

pub mod define;
pub mod issue_version;
mod item;
pub(crate) mod pages;
pub(crate) mod rows;
pub mod rules;
mod sense;

#[cfg(test)]
pub(crate) use item::tests as item_tests;
pub use item::{Item, RepeatRule, SampleRule};
pub use rows::Version;
pub use sense::ItemError;
