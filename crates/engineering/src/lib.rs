//! Engineering: does the metal add up, and if not, which figure is to blame?
//!
//! A [flowsheet] says in versions what flows from where to where. A [balance] puts figures of a period on it
//! and is reconciled: [`solve`] carries them through `::balance` and brings back raw, accounting and
//! reconciled figures, tests and suspects. What a balance says is read by quality, whose release gate lets no
//! lot go upon a balance that is open, stale, or does not close.
//!
//! Invariants:
//! - A version of a flowsheet never changes; a balance stays on the version it was opened on.
//! - Every figure has a unit, a standard deviation and a word on where that comes from; a figure typed by
//!   hand says so for ever. None is ever overwritten: a later one takes its place.
//! - Raw, accounting and reconciled figures are all kept, of every reconciliation.
//! - A final balance came to rest, was not stale, and closed within its stated uncertainty and the limits of
//!   adjustment, or somebody else answers for the exception. It changes only by being opened again.
//! - A balance below which something changed is stale at once.

mod described;
mod reactions;
mod sheet;
mod show;
mod site_map;
mod standing;
mod view_rows;

pub mod balance;
pub mod flowsheet;
pub mod given;
pub mod solve;

pub use site_map::SITE;

use store::{Area, CommandKind, FactKind, Migration, Statement};

/// What the store gets.
pub const AREA: Area = Area {
    name: "engineering",
    migrations: &[
        Migration { name: "0001_engineering", sql: include_str!("../migrations/0001_engineering.sql") },
        Migration { name: "0009_standing", sql: include_str!("../migrations/0009_standing.sql") },
        Migration { name: "0010_feed", sql: include_str!("../migrations/0010_feed.sql") },
        Migration { name: "0011_feed_flag", sql: include_str!("../migrations/0011_feed_flag.sql") },
    ],
    commands,
    facts,
    statements,
    guard: None,
    react: Some(reactions::react),
    jobs: &[],
    describe: described::describe,
};

fn commands() -> Vec<CommandKind> {
    vec![
        CommandKind::of::<flowsheet::define::DefineFlowsheet>(),
        CommandKind::of::<flowsheet::issue_version::IssueFlowsheetVersion>(),
        CommandKind::of::<balance::open::OpenBalance>(),
        CommandKind::of::<balance::link::LinkLots>(),
        CommandKind::of::<balance::measure::MeasureBalance>(),
        CommandKind::of::<balance::take_stock::TakeStock>(),
        CommandKind::of::<balance::reconcile::ReconcileBalance>(),
        CommandKind::of::<balance::except::ExceptBalance>(),
        CommandKind::of::<balance::finalise::FinaliseBalance>(),
        CommandKind::of::<balance::reopen::ReopenBalance>(),
        CommandKind::of::<balance::outdate::OutdateBalance>(),
    ]
}

fn facts() -> Vec<FactKind> {
    vec![
        FactKind::of::<flowsheet::define::FlowsheetDefined>(),
        FactKind::of::<flowsheet::issue_version::FlowsheetVersionIssued>(),
        FactKind::of::<balance::open::BalanceOpened>(),
        FactKind::of::<balance::link::LotsLinked>(),
        FactKind::of::<balance::measure::BalanceMeasured>(),
        FactKind::of::<balance::take_stock::StockTaken>(),
        FactKind::of::<balance::reconcile::BalanceReconciled>(),
        FactKind::of::<balance::except::BalanceExcepted>(),
        FactKind::of::<balance::finalise::BalanceFinalised>(),
        FactKind::of::<balance::reopen::BalanceReopened>(),
        FactKind::of::<balance::outdate::BalanceOutdated>(),
    ]
}

fn statements() -> Vec<Statement> {
    [
        view_rows::STATEMENTS,
        flowsheet::rows::STATEMENTS,
        balance::rows::STATEMENTS,
        balance::list_rows::STATEMENTS,
    ]
    .concat()
}
