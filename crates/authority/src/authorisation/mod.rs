//! An authorisation: a person may do an activity, in a scope, from an instant up to another, on a basis.
//!
//! ISO/IEC 17025:2017, 6.2.6 asks the laboratory to authorise persons for specific activities. Here the act
//! itself is refused without one: the commit path asks [`authorise`](fn@authorise) at the instant of every
//! commit, whatever the page showed before. Valid, lapsed and not yet valid are derived as of an instant and
//! stored nowhere. The scope names a method over all its versions, a material, or another record that stands
//! in the ledger; an absent scope is refused, never a wildcard. Nobody authorises themselves. A withdrawal
//! names the instant from which it holds, which may lie in the past when somebody is found not to have been
//! competent.

mod authorise;
pub mod grant;
pub mod list;
pub mod matrix;
pub mod pages;
pub mod rows;
pub mod rules;
pub mod withdraw;

pub use authorise::authorise;
