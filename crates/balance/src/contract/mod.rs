//! What goes into a balance and what comes out, as others write and read it: `docs/balance.md`.

pub mod answer;
pub mod given;
