//! Materials, parties, lots, samples and the moves between them: what every area stands on.
//!
//! Invariants, each in a type, in a constraint and in a test:
//!
//! - What a lot or a sample weighs is the sum of its postings, wet and dry; it is never negative ([`lot`]).
//! - The books of every move close to the last digit, in wet and in dry mass ([`lot::balance`]).
//! - A lot's parents are fixed when it is made and their shares sum to one.
//! - Mixing lots never strengthens their chain of custody ([`custody`], ISO 22095).
//! - Taking a sample needs an authorisation for its material at that instant ([`sample::take`]).
//!
//! Other areas read `v_material`, `v_party`, `v_lot`, `v_lot_flow`, `v_move`, `v_sample` and
//! `v_sample_part`, and the facts here.

pub mod custody;
pub mod lot;
pub mod material;
pub mod party;
pub mod quantity;
mod rows;
pub mod sample;
mod show;
mod standing;
mod times;

pub use sample::label::{SampleLabel, label};

use kernel::{Role, SampleId};
use lot::{adjust, blend, lose, process, receive, relocate, rework, ship, split};
use sample::{composite, take};
use site::{Miss, Site, Visit, Waiting};
use store::{Area, CommandKind, Db, FactKind, Migration, Statement, StoreError, params};
use ui::gallery::GalleryEntry;
use ui::kit::icon::Icon;

/// Tables, commands and facts.
pub const AREA: Area = Area {
    name: "materials",
    migrations: &[
        Migration { name: "0001_materials", sql: include_str!("../migrations/0001_materials.sql") },
        Migration { name: "0002_location", sql: include_str!("../migrations/0002_location.sql") },
        Migration { name: "0003_rework", sql: include_str!("../migrations/0003_rework.sql") },
        Migration { name: "0004_parts", sql: include_str!("../migrations/0004_parts.sql") },
        Migration { name: "0005_composite", sql: include_str!("../migrations/0005_composite.sql") },
    ],
    commands,
    facts,
    statements,
    guard: None,
    react: None,
    jobs: &[],
    describe: rows::describe,
};

/// Pages, lists and words.
pub const SITE: Site = Site {
    pages: || {
        vec![
            lot::page::PAGE,
            lot::move_page::PAGE,
            sample::pages::PAGE,
            material::pages::PAGE,
            party::pages::PAGE,
        ]
    },
    listings: || {
        vec![
            lot::listing::LOTS,
            sample::pages::SAMPLES,
            lot::listing::MOVES,
            material::pages::MATERIALS,
            party::pages::PARTIES,
        ]
    },
    text: (include_str!("../text/en.ftl"), include_str!("../text/zh.ftl")),
    gallery: || {
        vec![
            GalleryEntry::of::<lot::page::LotPage>("materials-lot"),
            GalleryEntry::of::<lot::move_page::MovePage>("materials-move"),
            GalleryEntry::of::<sample::pages::SamplePage>("materials-sample"),
            GalleryEntry::of::<material::pages::MaterialPage>("materials-material"),
            GalleryEntry::of::<party::pages::PartyPage>("materials-party"),
        ]
    },
    rail: &[("lots", "/lots", Icon::Lot)],
    today,
    standing: standing::standing,
    downloads: || vec![sample::label::SHEETS, sample::label::DOWNLOAD],
    uploads: || vec![sample::label::CHOSEN],
    ..Site::EMPTY
};

/// Lots of the last week that nobody has sampled yet, for those who take samples.
fn today(visit: &mut Visit<'_>) -> Result<Vec<Waiting>, Miss> {
    if !visit.actor.has_any(&[Role::Receiver, Role::ShiftSupervisor, Role::Metallurgist]) {
        return Ok(vec![]);
    }
    let since = visit.now.plus_seconds(-7 * 24 * 3600);
    let count = visit.db.one("lots", rows::LOTS_WITHOUT_SAMPLE, params![since], |row| row.number(0))?;
    let waiting =
        Waiting { key: "lots-without-sample", count, href: "/lots?state=in-stock".into(), urgent: false };
    Ok(if count == 0 { vec![] } else { vec![waiting] })
}

/// The sample with this code, which is how instrument files name it.
pub fn sample_by_code(db: &mut Db, code: &str) -> Result<Option<SampleId>, StoreError> {
    sample::rows::by_code(db, code)
}

/// What a lot's postings add up to, kg: the oracle for what its row says.
pub fn stock(db: &mut Db, lot: kernel::LotId) -> Result<quantity::Masses, StoreError> {
    lot::rows::sum_of_postings(db, lot::balance::Holder::Lot(lot))
}

fn commands() -> Vec<CommandKind> {
    vec![
        CommandKind::of::<material::define::DefineMaterial>(),
        CommandKind::of::<party::register::RegisterParty>(),
        CommandKind::of::<receive::ReceiveLot>(),
        CommandKind::of::<split::SplitLot>(),
        CommandKind::of::<blend::BlendLots>(),
        CommandKind::of::<process::ProcessLots>(),
        CommandKind::of::<rework::ReworkLots>(),
        CommandKind::of::<ship::ShipLot>(),
        CommandKind::of::<relocate::MoveLot>(),
        CommandKind::of::<adjust::AdjustLot>(),
        CommandKind::of::<lose::LoseLot>(),
        CommandKind::of::<take::SampleLot>(),
        CommandKind::of::<composite::CompositeSamples>(),
        CommandKind::of::<sample::receive::ReceiveSample>(),
    ]
}

fn facts() -> Vec<FactKind> {
    vec![
        FactKind::of::<material::define::MaterialDefined>(),
        FactKind::of::<party::register::PartyRegistered>(),
        FactKind::of::<receive::LotReceived>(),
        FactKind::of::<split::LotSplit>(),
        FactKind::of::<blend::LotBlended>(),
        FactKind::of::<process::LotProcessed>(),
        FactKind::of::<rework::LotReworked>(),
        FactKind::of::<ship::LotShipped>(),
        FactKind::of::<relocate::LotMoved>(),
        FactKind::of::<adjust::LotAdjusted>(),
        FactKind::of::<lose::LotLost>(),
        FactKind::of::<take::SampleTaken>(),
        FactKind::of::<composite::SampleComposited>(),
        FactKind::of::<sample::receive::SampleReceived>(),
    ]
}

fn statements() -> Vec<Statement> {
    [
        lot::rows::STATEMENTS,
        lot::shown_rows::STATEMENTS,
        sample::rows::STATEMENTS,
        material::rows::STATEMENTS,
        party::rows::STATEMENTS,
        rows::STATEMENTS,
    ]
    .concat()
}
