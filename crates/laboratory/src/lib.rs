//! The laboratory: from a sample to a released result, with everything that number stands on.
//!
//! What holds here, always:
//! - A reading is never changed. Every reading of an imported file became exactly one of: a result, a
//!   control, a question that waits, a refusal with its reason, or something kept aside with its reason.
//! - A result keeps the method version, instrument, calibration, person and authorisation it was measured
//!   with; none of them can be exchanged later.
//! - Only the method version in force is entered on (W7).
//! - A result above range raises its own follow-up, and is not released while that is open.
//! - No result is released before it was reviewed, nor while a required control failed or was not run, unless
//!   a second entitled person answers for it until a stated instant.
//! - A void result stays; nothing is deleted.
//!
//! `method`, `instrument` and `reference` are what measurements stand on; `request` and `worksheet` plan
//! them; `import` brings files in; `result` and `qc` hold what was found and whether it may be believed.

mod describe;
pub mod follow_up;
mod given;
pub mod import;
pub mod instrument;
pub mod method;
mod page;
pub mod qc;
mod reactions;
pub mod reference;
pub mod request;
pub mod result;
mod site_map;
mod standing;
mod times;
pub mod worksheet;

use store::{Area, CommandKind, FactKind, JobKind, Migration, Statement};

pub(crate) use times::day;

pub use given::{Count, Reason, YesNo};
pub use import::{ImportContext, ImportError, ImportReceipt, Work, import};
pub use site_map::SITE;

/// The area, as the store knows it.
pub const AREA: Area = Area {
    name: "laboratory",
    migrations: &[
        Migration { name: "0001_laboratory", sql: include_str!("../migrations/0001_laboratory.sql") },
        Migration { name: "0002_date_order", sql: include_str!("../migrations/0002_date_order.sql") },
        Migration { name: "0003_follow_up", sql: include_str!("../migrations/0003_follow_up.sql") },
        Migration {
            name: "0004_worksheet_import",
            sql: include_str!("../migrations/0004_worksheet_import.sql"),
        },
        Migration { name: "0006_reporting", sql: include_str!("../migrations/0006_reporting.sql") },
        Migration { name: "0009_void", sql: include_str!("../migrations/0009_void.sql") },
        Migration { name: "0010_day_only", sql: include_str!("../migrations/0010_day_only.sql") },
        Migration { name: "0011_digits", sql: include_str!("../migrations/0011_digits.sql") },
        Migration { name: "0012_own_limits", sql: include_str!("../migrations/0012_own_limits.sql") },
    ],
    commands,
    facts,
    statements,
    guard: None,
    react: Some(reactions::react),
    jobs: &[JobKind { kind: "import.continue", work: import::job }],
    describe: describe::describe,
};

fn commands() -> Vec<CommandKind> {
    vec![
        CommandKind::of::<method::DefineMethod>(),
        CommandKind::of::<method::IssueMethodVersion>(),
        CommandKind::of::<method::VoidMethodVersion>(),
        CommandKind::of::<instrument::RegisterInstrument>(),
        CommandKind::of::<instrument::CalibrateInstrument>(),
        CommandKind::of::<instrument::VoidCalibration>(),
        CommandKind::of::<reference::DefineReferenceMaterial>(),
        CommandKind::of::<reference::AddReferenceLot>(),
        CommandKind::of::<reference::VoidReferenceLot>(),
        CommandKind::of::<request::RegisterRequest>(),
        CommandKind::of::<worksheet::OpenWorksheet>(),
        CommandKind::of::<import::AddMapping>(),
        CommandKind::of::<import::BeginImport>(),
        CommandKind::of::<import::AskDateOrder>(),
        CommandKind::of::<import::StateDateOrder>(),
        CommandKind::of::<import::RecordReadings>(),
        CommandKind::of::<import::FinishImport>(),
        CommandKind::of::<import::DecideReading>(),
        CommandKind::of::<result::EnterResult>(),
        CommandKind::of::<result::RecordNoResult>(),
        CommandKind::of::<result::CorrectResult>(),
        CommandKind::of::<result::ReviewResults>(),
        CommandKind::of::<result::ReleaseResults>(),
        CommandKind::of::<result::RetestResult>(),
        CommandKind::of::<result::RetractResult>(),
        CommandKind::of::<result::InvalidateResult>(),
        CommandKind::of::<follow_up::FollowUp>(),
        CommandKind::of::<follow_up::CloseFollowUp>(),
        CommandKind::of::<qc::EnterControl>(),
        CommandKind::of::<qc::OverrideQc>(),
        CommandKind::of::<qc::JudgeRun>(),
    ]
}

fn facts() -> Vec<FactKind> {
    vec![
        FactKind::of::<method::MethodDefined>(),
        FactKind::of::<method::MethodVersionIssued>(),
        FactKind::of::<method::MethodVersionVoided>(),
        FactKind::of::<instrument::InstrumentRegistered>(),
        FactKind::of::<instrument::InstrumentCalibrated>(),
        FactKind::of::<instrument::CalibrationVoided>(),
        FactKind::of::<reference::ReferenceMaterialDefined>(),
        FactKind::of::<reference::ReferenceLotAdded>(),
        FactKind::of::<reference::ReferenceLotVoided>(),
        FactKind::of::<request::RequestRegistered>(),
        FactKind::of::<worksheet::WorksheetOpened>(),
        FactKind::of::<import::MappingAdded>(),
        FactKind::of::<import::ImportBegun>(),
        FactKind::of::<import::DateOrderAsked>(),
        FactKind::of::<import::DateOrderStated>(),
        FactKind::of::<import::ReadingRecorded>(),
        FactKind::of::<import::ChunkRecorded>(),
        FactKind::of::<import::ImportFinished>(),
        FactKind::of::<import::ReadingDecided>(),
        FactKind::of::<result::ResultEntered>(),
        FactKind::of::<result::NoResultRecorded>(),
        FactKind::of::<result::ResultReviewed>(),
        FactKind::of::<result::ResultReleased>(),
        FactKind::of::<result::RetestAsked>(),
        FactKind::of::<result::ResultRetracted>(),
        FactKind::of::<result::ResultInvalidated>(),
        FactKind::of::<follow_up::FollowUpRaised>(),
        FactKind::of::<follow_up::FollowUpAnswered>(),
        FactKind::of::<follow_up::FollowUpClosed>(),
        FactKind::of::<qc::ControlEntered>(),
        FactKind::of::<qc::QcOverridden>(),
        FactKind::of::<qc::RunJudged>(),
    ]
}

fn statements() -> Vec<Statement> {
    [
        method::rows::STATEMENTS,
        instrument::rows::STATEMENTS,
        reference::rows::STATEMENTS,
        request::rows::STATEMENTS,
        worksheet::rows::STATEMENTS,
        import::rows::STATEMENTS,
        import::mapping_rows::STATEMENTS,
        result::rows::STATEMENTS,
        result::list_rows::STATEMENTS,
        follow_up::rows::STATEMENTS,
        qc::rows::STATEMENTS,
    ]
    .concat()
}
