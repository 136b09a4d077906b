//! A person: somebody who acts, signs and is named on records.
//!
//! A person is registered once, with a code and a name in both languages, and is never removed: what they did
//! stays theirs. Whoever has the right to be forgotten (PIPL article 47, GDPR article 17) is *erased*: names,
//! code and login go, from the rows and from the payloads in the ledger, while every entry, its proof and the
//! person's number stay.

pub mod erase;
pub mod list;
pub mod pages;
pub mod register;
pub mod rename;
pub mod rows;
pub mod rules;
