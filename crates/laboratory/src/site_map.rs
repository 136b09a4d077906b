//! Where the laboratory's pages are, what of it waits today, and its front page.

use kernel::Role;
use serde::Serialize;
use site::{Miss, Page, STAFF, Site, View, Visit, Waiting};
use ui::gallery::{GalleryEntry, Sample, View as _};
use ui::kit::blocks::{Tile, tiles};
use ui::kit::icon::Icon;
use ui::kit::record::page_head;
use ui::{Markup, State, Words, html};

use crate::qc::rules::QcStatus;
use crate::result::{Workflow, list_rows as list};
use crate::{follow_up, import, instrument, method, qc, reference, request, result, worksheet};

/// Days before its end at which a calibration asks for the next.
const EXPIRING_DAYS: i64 = 30;

/// The laboratory, as the site knows it.
pub const SITE: Site = Site {
    pages: || {
        vec![
            PAGE,
            import::pages::PAGE,
            import::receipt::PAGE,
            import::pages::MAPPING_PAGE,
            result::pages::PAGE,
            result::pages::SAMPLE_PAGE,
            qc::pages::PAGE,
            qc::pages::CHARTS,
            qc::pages::CHART,
            method::pages::PAGE,
            instrument::pages::PAGE,
            reference::pages::PAGE,
            request::pages::PAGE,
            follow_up::pages::PAGE,
            worksheet::pages::PAGE,
        ]
    },
    listings: || {
        vec![
            import::pages::IMPORTS,
            result::pages::RESULTS,
            result::pages::REVIEW,
            result::pages::RELEASE,
            qc::pages::CONTROLS,
            method::pages::METHODS,
            instrument::pages::INSTRUMENTS,
            reference::pages::REFERENCES,
            request::pages::REQUESTS,
            follow_up::pages::FOLLOW_UPS,
            worksheet::pages::WORKSHEETS,
        ]
    },
    text: (include_str!("../text/en.ftl"), include_str!("../text/zh.ftl")),
    gallery: || {
        vec![
            GalleryEntry::of::<LaboratoryPage>("laboratory"),
            GalleryEntry::of::<import::pages::IntakePage>("laboratory-intake"),
            GalleryEntry::of::<import::receipt::ImportPage>("laboratory-import"),
            GalleryEntry::of::<result::pages::ResultPage>("laboratory-result"),
            GalleryEntry::of::<result::pages::SamplePage>("laboratory-sample"),
            GalleryEntry::of::<qc::pages::ControlPage>("laboratory-control"),
            GalleryEntry::of::<qc::pages::ChartsPage>("laboratory-charts"),
            GalleryEntry::of::<qc::pages::ChartPage>("laboratory-chart"),
            GalleryEntry::of::<method::pages::MethodPage>("laboratory-method"),
            GalleryEntry::of::<instrument::pages::InstrumentPage>("laboratory-instrument"),
            GalleryEntry::of::<reference::pages::ReferencePage>("laboratory-reference"),
            GalleryEntry::of::<request::pages::RequestPage>("laboratory-request"),
            GalleryEntry::of::<follow_up::pages::FollowUpPage>("laboratory-follow-up"),
            GalleryEntry::of::<worksheet::pages::WorksheetPage>("laboratory-worksheet"),
        ]
    },
    rail: &[("intake", "/intake", Icon::Intake), ("laboratory", "/laboratory", Icon::Flask)],
    today,
    standing: crate::standing::standing,
    next: crate::standing::next,
    uploads: || vec![import::pages::UPLOAD],
    downloads: || vec![worksheet::print::DOWNLOAD],
};

fn today(visit: &mut Visit<'_>) -> Result<Vec<Waiting>, Miss> {
    let mut waiting = Vec::new();
    let mut add = |key, count, href: &str, urgent| {
        if count > 0 {
            waiting.push(Waiting { key, count, href: href.to_owned(), urgent });
        }
    };
    if visit.actor.has_any(&[Role::Analyst, Role::LaboratoryHead]) {
        add("readings-to-decide", import::rows::waiting_count(visit.db)?, "/intake", false);
        add("imports-asking", import::rows::asking_count(visit.db)?, "/intake/imports", false);
        let open = follow_up::rows::open_count(visit.db)?;
        add("follow-ups-open", open, "/laboratory/follow-ups?state=open", false);
        add(
            "results-to-review",
            list::count_workflow(visit.db, Workflow::Measured)?,
            "/laboratory/review",
            false,
        );
    }
    if visit.actor.has_any(&[Role::LaboratoryHead]) {
        add(
            "results-to-release",
            list::count_workflow(visit.db, Workflow::Reviewed)?,
            "/laboratory/release",
            false,
        );
        let failed = list::count_qc(visit.db, QcStatus::Failure)?;
        add("results-qc-failure", failed, "/laboratory/results?qc=failure", true);
        let soon = visit.now.plus_seconds(EXPIRING_DAYS * 86_400);
        let count = instrument::rows::expiring(visit.db, soon)?;
        add("calibrations-expiring", count, "/laboratory/instruments", false);
    }
    Ok(waiting)
}

/// `/laboratory`.
const PAGE: Page = Page { path: "/laboratory", rail: "laboratory", readers: STAFF, show };

/// What the front page of the laboratory shows.
#[derive(Debug, Clone, Serialize)]
struct LaboratoryPage {
    to_decide: u64,
    to_review: u64,
    to_release: u64,
    failed: u64,
    to_follow: u64,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let data = LaboratoryPage {
        to_decide: import::rows::waiting_count(visit.db)?,
        to_review: list::count_workflow(visit.db, Workflow::Measured)?,
        to_release: list::count_workflow(visit.db, Workflow::Reviewed)?,
        failed: list::count_qc(visit.db, QcStatus::Failure)?,
        to_follow: follow_up::rows::open_count(visit.db)?,
    };
    Ok(View::new(visit.words.t("rail-laboratory"), data.render(visit.words), &data))
}

impl ui::gallery::View for LaboratoryPage {
    fn render(&self, words: &Words) -> Markup {
        let tile = |key: &str, count: u64, href: &str, state: State| Tile {
            label: words.t(&format!("today-{key}")),
            value: count.to_string(),
            unit: None,
            note: None,
            state: if count == 0 { State::Neutral } else { state },
            href: href.to_owned(),
        };
        html! {
            (page_head(&words.t("rail-laboratory"), Some(&words.t("page-laboratory-lead")), None))
            (tiles(&[
                tile("readings-to-decide", self.to_decide, "/intake", State::Held),
                tile("results-to-review", self.to_review, "/laboratory/review", State::Held),
                tile("results-to-release", self.to_release, "/laboratory/release", State::Held),
                tile("results-qc-failure", self.failed, "/laboratory/results?qc=failure", State::Fail),
                tile(
                    "follow-ups-open",
                    self.to_follow,
                    "/laboratory/follow-ups?state=open",
                    State::Held,
                ),
            ]))
        }
    }
}

impl Sample for LaboratoryPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let usual = LaboratoryPage { to_decide: 2, to_review: 41, to_release: 0, failed: 3, to_follow: 1 };
        vec![("usual", usual)]
    }
}
