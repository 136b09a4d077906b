//! The server's own pages: today, search, the four questions about any record, the ledger, raw files, the
//! gallery.

mod gallery;
mod help;
mod ledger;
mod record;
pub mod search;
pub mod sign_in;
mod today;

use kernel::Role;
use site::{Download, FileOut, Miss, PUBLIC, Page, STAFF, Site, Visit};
use ui::Icon;

pub use ledger::{start_verification, tile};

/// The pages that belong to no area.
pub const SITE: Site = Site {
    pages: || {
        let staff = |path, rail, show| Page { path, rail, readers: STAFF, show };
        vec![
            Page { path: "/", rail: "today", readers: site::ALL, show: today::page },
            Page { path: "/search", rail: "", readers: site::ALL, show: search::page },
            Page { path: "/sign-in", rail: "", readers: PUBLIC, show: sign_in::page },
            staff("/explain/{record}", "", record::explain),
            staff("/trace/{record}", "", record::trace),
            staff("/impact/{record}", "", record::impact),
            staff("/history/{record}", "", record::history),
            staff("/ledger", "ledger", ledger::list),
            staff("/ledger/{entry}", "ledger", ledger::entry),
            staff("/gallery", "", gallery::index),
            staff("/gallery/{name}", "", gallery::entry),
            Page { path: "/help", rail: "", readers: site::ALL, show: help::page },
        ]
    },
    text: (include_str!("../../text/en.ftl"), include_str!("../../text/zh.ftl")),
    rail: &[("today", "/", Icon::Today), ("ledger", "/ledger", Icon::Ledger)],
    downloads: || {
        vec![
            Download { path: "/raw/{sha256}", readers: STAFF, make: raw },
            Download { path: "/ledger/{entry}/proof", readers: STAFF, make: ledger::proof },
            Download { path: "/ledger/checkpoint", readers: PUBLIC, make: ledger::checkpoint },
            Download { path: "/ledger/key", readers: PUBLIC, make: ledger::key },
        ]
    },
    today: today::own,
    gallery: || vec![record::gallery()],
    ..Site::EMPTY
};

/// Roles that may start a verification of the whole ledger, which is work.
pub const VERIFIERS: &[Role] = &[Role::Administrator, Role::Auditor, Role::Director, Role::QualityManager];

/// A raw file, as it came.
fn raw(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let sha256 = visit.path.get("sha256").cloned().unwrap_or_default();
    let Some(name) = store::file_name(visit.db, &sha256)? else { return Err(Miss::NoSuch(sha256)) };
    let bytes = visit.store.files().read(&sha256)?;
    Ok(FileOut { name, content_type: "application/octet-stream", bytes, inline: false })
}
