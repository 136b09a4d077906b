//! What tests stand on: a clock they turn themselves, seeded entropy, a store in a folder of its own on
//! either database, golden files, and faults that are seeded on purpose. Nothing here panics politely: a test
//! that cannot be set up has failed.

pub mod faults;
mod golden;
mod world;

pub use golden::{golden, growing_golden};
pub use world::{TestClock, World, each_database};
