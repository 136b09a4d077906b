//! The metal balance: does what went in come out, which figure breaks it, and how sure are we?
//!
//! Pure mathematics: no I/O, no clock, no randomness. A [`Given`] says what the flowsheet is and what was
//! measured; [`solve`] gives an [`Answer`] or says what in the input cannot be right.

mod contract;

pub use contract::answer::*;
pub use contract::given::*;
