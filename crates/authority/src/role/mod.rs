//! Roles: what a person is at the institute. A role lets a person give commands; it is no authorisation for
//! an act.
//!
//! Who grants is never who is granted, and somebody always remains who can keep the accounts.

pub mod grant;
pub mod rows;
pub mod rules;
pub mod withdraw;
