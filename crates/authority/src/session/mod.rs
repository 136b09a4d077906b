//! Signing in, being known, signing out.
//!
//! A session is opened by a right password and lasts twelve hours. Its cookie holds a random secret of which
//! only the hash is stored. Opening, failing and closing are commands that only the system gives, made by
//! [`sign_in`] and its siblings; the password itself is checked outside the transaction, the lock once more
//! within it.

pub mod close;
pub mod fail;
pub mod open;
pub mod pages;
pub mod rows;
mod sign_in;

pub use sign_in::{
    SessionActor, SignInError, SignedIn, actor_of_session, actor_of_token, authenticate, reauthenticate,
    sign_in, sign_out,
};

/// How long a session lasts, in seconds (NIST SP 800-63B-4, 2.2.3: at most 24 hours at its second level).
pub const SESSION_SECONDS: i64 = 12 * 60 * 60;
