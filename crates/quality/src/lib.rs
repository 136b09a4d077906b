//! Quality: may this lot go, and what do we put our name to?
//!
//! A [specification](specification) says in editions what a lot must be. [Judgement](judgement) compares
//! results with it. A [hold](hold) stops a lot and all that is made from it. The [release](release) asks
//! twelve questions at one instant and answers each with evidence. The [gate](gate) says what a lot may do
//! next at every door; a [recall](recall) who received what of it. A [certificate](certificate) says what was
//! decided, and its dossier lets a stranger check it.
//!
//! Invariants:
//! - A lot is released only by a decision whose every check held, or was overridden or conceded by somebody
//!   else.
//! - What is made from a held lot is held, for as long as the hold is open.
//! - What is split off a rejected lot is rejected; what contains some waits until somebody answers for it.
//! - No lot leaves for a customer that is held, rejected or not released, but by an exception on record.
//! - An edition of a specification and a certificate never change; the next one takes their place.
//! - A certificate's JSON and PDF are bound to the ledger by their hashes, in the commit that issues it.
//! - A certificate is in force only while everything it rests on stands, or somebody answers for what fell.

mod described;
mod given;
mod reactions;
mod show;
mod site_map;
mod standing;
mod view_rows;

pub mod certificate;
pub mod gate;
pub mod hold;
pub mod judgement;
pub mod recall;
pub mod release;
pub mod specification;

pub use certificate::dossier;
pub use given::{Count, Words, YesNo};
pub use site_map::SITE;

use store::{Area, CommandKind, FactKind, JobKind, Migration, Statement};

/// What the store gets.
pub const AREA: Area = Area {
    name: "quality",
    migrations: &[
        Migration { name: "0001_quality", sql: include_str!("../migrations/0001_quality.sql") },
        Migration { name: "0002_balance", sql: include_str!("../migrations/0002_balance.sql") },
        Migration { name: "0004_gate", sql: include_str!("../migrations/0004_gate.sql") },
        Migration { name: "0005_standing", sql: include_str!("../migrations/0005_standing.sql") },
        Migration { name: "0006_history", sql: include_str!("../migrations/0006_history.sql") },
        Migration { name: "0007_covers", sql: include_str!("../migrations/0007_covers.sql") },
        Migration { name: "0008_outdated", sql: include_str!("../migrations/0008_outdated.sql") },
        Migration { name: "0009_cause", sql: include_str!("../migrations/0009_cause.sql") },
        Migration { name: "0010_known", sql: include_str!("../migrations/0010_known.sql") },
    ],
    commands,
    facts,
    statements,
    guard: Some(gate::guard::guard),
    react: Some(reactions::react),
    jobs: &[JobKind { kind: certificate::RENDER, work: certificate::render }],
    describe: described::describe,
};

fn commands() -> Vec<CommandKind> {
    vec![
        CommandKind::of::<specification::define::DefineSpecification>(),
        CommandKind::of::<specification::issue_version::IssueSpecificationVersion>(),
        CommandKind::of::<hold::place::HoldLot>(),
        CommandKind::of::<hold::because::HoldBecause>(),
        CommandKind::of::<hold::spread::SpreadHold>(),
        CommandKind::of::<hold::lift::LiftHold>(),
        CommandKind::of::<release::release_lot::ReleaseLot>(),
        CommandKind::of::<release::reject::RejectLot>(),
        CommandKind::of::<release::concede::ConcedeLot>(),
        CommandKind::of::<release::override_gate::OverrideGate>(),
        CommandKind::of::<release::inherit::SpreadRejection>(),
        CommandKind::of::<release::outdate::OutdateRelease>(),
        CommandKind::of::<gate::allow::AllowLot>(),
        CommandKind::of::<gate::count::CountException>(),
        CommandKind::of::<certificate::issue::IssueCertificate>(),
        CommandKind::of::<certificate::supersede::SupersedeCertificate>(),
        CommandKind::of::<certificate::withdraw::WithdrawCertificate>(),
        CommandKind::of::<certificate::confirm::ConfirmCertificate>(),
        CommandKind::of::<certificate::attach::AttachPdf>(),
    ]
}

fn facts() -> Vec<FactKind> {
    vec![
        FactKind::of::<specification::define::SpecificationDefined>(),
        FactKind::of::<specification::issue_version::SpecificationVersionIssued>(),
        FactKind::of::<hold::place::LotHeld>(),
        FactKind::of::<hold::spread::HoldSpread>(),
        FactKind::of::<hold::lift::HoldLifted>(),
        FactKind::of::<release::release_lot::LotReleased>(),
        FactKind::of::<release::reject::LotRejected>(),
        FactKind::of::<release::concede::LotConceded>(),
        FactKind::of::<release::override_gate::GateOverridden>(),
        FactKind::of::<release::inherit::RejectionSpread>(),
        FactKind::of::<release::outdate::ReleaseOutdated>(),
        FactKind::of::<gate::allow::LotAllowed>(),
        FactKind::of::<gate::count::ExceptionUsed>(),
        FactKind::of::<certificate::issue::CertificateIssued>(),
        FactKind::of::<certificate::supersede::CertificateSuperseded>(),
        FactKind::of::<certificate::withdraw::CertificateWithdrawn>(),
        FactKind::of::<certificate::confirm::CertificateConfirmed>(),
        FactKind::of::<certificate::attach::CertificateRendered>(),
    ]
}

fn statements() -> Vec<Statement> {
    [
        view_rows::STATEMENTS,
        specification::rows::STATEMENTS,
        hold::rows::STATEMENTS,
        release::rows::STATEMENTS,
        gate::rows::STATEMENTS,
        recall::rows::STATEMENTS,
        release::list_rows::STATEMENTS,
        certificate::rows::STATEMENTS,
        certificate::ground_rows::STATEMENTS,
    ]
    .concat()
}
