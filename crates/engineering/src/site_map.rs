//! What engineering shows, and where.

use kernel::Role;
use site::{Miss, Site, Visit, Waiting};
use ui::gallery::GalleryEntry;
use ui::kit::icon::Icon;

use crate::balance::{list_rows, lists_pages, page};
use crate::flowsheet::{pages as flowsheets, sheet};

/// What the server gets.
pub const SITE: Site = Site {
    pages: || {
        let mut pages = vec![sheet::PAGE];
        pages.extend(flowsheets::PAGES);
        pages.extend(page::PAGES);
        pages
    },
    listings: || vec![lists_pages::BALANCES, lists_pages::LOSSES, flowsheets::LISTING],
    text: (include_str!("../text/en.ftl"), include_str!("../text/zh.ftl")),
    gallery: || {
        vec![
            GalleryEntry::of::<page::BalancePage>("balance"),
            GalleryEntry::of::<page::difference::DifferencePage>("balance-difference"),
            GalleryEntry::of::<page::enter::EnterPage>("balance-figures"),
            GalleryEntry::of::<flowsheets::FlowsheetPage>("flowsheet"),
            GalleryEntry::of::<flowsheets::VersionPage>("flowsheet-version"),
            GalleryEntry::of::<sheet::ImportPage>("flowsheet-import"),
        ]
    },
    rail: &[("balance", "/balance", Icon::Balance)],
    today,
    standing: crate::standing::standing,
    next: crate::standing::next,
    downloads: || page::export::DOWNLOADS.to_vec(),
    uploads: || vec![sheet::UPLOAD, page::enter::UPLOAD],
};

/// Stale balances and open ones, for those who close them.
fn today(visit: &mut Visit<'_>) -> Result<Vec<Waiting>, Miss> {
    if !visit.actor.has_any(&[Role::Metallurgist, Role::Director]) {
        return Ok(Vec::new());
    }
    let (open, stale) = list_rows::standing(visit.db)?;
    let line = |key, count, href: &str, urgent| Waiting { key, count, href: href.to_owned(), urgent };
    let mut all = vec![
        line("balances-stale", stale, "/balance?state=stale", true),
        line("balances-open", open, "/balance?state=provisional", false),
    ];
    all.retain(|waiting| waiting.count > 0);
    Ok(all)
}
