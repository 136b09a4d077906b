//! The story of a metal balance. It is opened on one version of a flowsheet for a test, a campaign, a shift
//! or a month. Its figures come in one by one ([`measure`]): each from a laboratory result, a lot, a scale, a
//! tank, or typed by hand and marked so for ever; each with its standard deviation and where that comes from.
//! Stock in tanks and piles is taken at both ends ([`take_stock`]).
//!
//! Then it is [`reconcile`]d as often as needed. Every reconciliation is kept with three figures for every
//! quantity: raw as measured, accounting as the stated rule makes it close, and reconciled as the least
//! squares of the whole make it close. A person entitled to close balances of the flowsheet makes it
//! [`finalise`]d; what does not close within its uncertainty, or needed adjustments above that person's
//! authority, waits for somebody else's [`except`]ion. A final balance is never changed: it is
//! [`reopen`]ed with a reason, and the next version shows what is different.
//!
//! A result that is retracted, corrected, retested or suspected makes every balance on it stale
//! ([`mark_stale`]). A stale balance lets no lot go.

pub mod except;
pub mod finalise;
pub mod link;
pub(crate) mod list_rows;
pub(crate) mod lists_pages;
pub mod measure;
pub mod open;
pub mod outdate;
pub(crate) mod page;
pub mod reconcile;
pub mod reopen;
pub(crate) mod rows;
pub mod rules;
pub mod settle;
pub mod take_stock;

pub use rules::{Balance, BalanceRefused, Scope, State};
pub use settle::{Measured, Source, Stock, Weight};
