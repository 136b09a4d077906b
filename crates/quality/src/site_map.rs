//! What quality shows, and where.

use kernel::Role;
use site::{Miss, Site, Visit, Waiting};
use ui::gallery::GalleryEntry;
use ui::kit::icon::Icon;

use crate::hold::rows as holds;
use crate::release::{list_rows, lists_pages};
use crate::{certificate, hold, release, specification};

/// What the server gets.
pub const SITE: Site = Site {
    pages: || {
        let mut pages =
            vec![release::pages::PAGE, hold::pages::PAGE, certificate::pages::PAGE, certificate::check::PAGE];
        pages.extend(specification::pages::PAGES);
        pages.extend(lists_pages::PAGES);
        pages
    },
    listings: || {
        vec![
            lists_pages::WAITING,
            hold::pages::LISTING,
            lists_pages::DISPOSITIONS,
            lists_pages::OVERRIDES,
            specification::pages::LISTING,
            certificate::pages::LISTING,
        ]
    },
    text: (include_str!("../text/en.ftl"), include_str!("../text/zh.ftl")),
    gallery: || {
        vec![
            GalleryEntry::of::<release::pages::ReleasePage>("quality-release"),
            GalleryEntry::of::<hold::pages::HoldPage>("quality-hold"),
            GalleryEntry::of::<specification::pages::SpecificationPage>("quality-specification"),
            GalleryEntry::of::<specification::pages::VersionPage>("quality-specification-version"),
            GalleryEntry::of::<certificate::pages::CertificatePage>("quality-certificate"),
            GalleryEntry::of::<certificate::check::CheckPage>("quality-check"),
        ]
    },
    rail: &[("quality", "/quality", Icon::Quality)],
    today,
    standing: crate::standing::standing,
    next: crate::standing::next,
    downloads: || certificate::downloads::DOWNLOADS.to_vec(),
    ..Site::EMPTY
};

/// Overrides that end within so many days are shown in advance.
const ENDING_DAYS: i64 = 14;

/// Lots to release, held lots, and overrides that end soon, for those who decide.
fn today(visit: &mut Visit<'_>) -> Result<Vec<Waiting>, Miss> {
    if !visit.actor.has_any(&[Role::QualityManager, Role::Director]) {
        return Ok(Vec::new());
    }
    let until = visit.now.plus_seconds(ENDING_DAYS * 86_400);
    let to_release = list_rows::waiting_count(visit.db, "")?;
    let (open, _) = holds::open_counts(visit.db)?;
    let doubted = certificate::with_standing(visit.db, "under-review")?.len() as u64;
    let ending = list_rows::overrides_ending(visit.db, visit.now, until)?;
    let line = |key, count, href: &str, urgent| Waiting { key, count, href: href.to_owned(), urgent };
    let mut all = vec![
        line("lots-to-release", to_release, "/quality", false),
        line("holds-open", open, "/quality/holds?state=open", true),
        line("certificates-under-review", doubted, "/certificates?standing=under-review", true),
        line("overrides-ending", ending, "/quality/overrides", false),
    ];
    all.retain(|waiting| waiting.count > 0);
    Ok(all)
}
