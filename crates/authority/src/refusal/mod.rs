//! Refusals are records (wire W15): the list of them, read from the store's own table.

pub mod list;
