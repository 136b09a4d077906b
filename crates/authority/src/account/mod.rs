//! An account: a person's login, password and guard. At most one a person; nobody else ever gets their login.
//!
//! The guard counts wrong passwords since the last right one. The fifth locks the account for fifteen minutes
//! (NIST SP 800-63B-4, 3.2.2): locked is derived as of an instant, nothing has to unlock it. Every wrong
//! password is a fact, `account.attempt_failed`, and the one that locks raises the alarm on the
//! administrators' page.

pub mod change_password;
pub mod choose_language;
pub mod close;
pub mod open;
pub mod pages;
pub mod rows;
pub mod rules;
pub mod unlock;
