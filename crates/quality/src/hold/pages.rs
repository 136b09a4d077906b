//! The pages of holds.

use kernel::{HoldId, Instant, LotId};
use serde::Serialize;
use site::{Listing, Miss, Named, Page, STAFF, View, Visit};
use ui::gallery::{self, Sample};
use ui::kit::blocks::{facts, section};
use ui::kit::form::{FieldKind, Item};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Badge, Link, Markup, State, Words, html};

use super::place::Ground;
use super::rows::{self, Listed, Reached};
use crate::recall::{self, Recall};
use crate::show::{field, person};

/// `/quality/holds`.
pub(crate) const LISTING: Listing = Listing {
    name: "holds",
    path: "/quality/holds",
    rail: "quality",
    readers: STAFF,
    fetch: list,
    actions: &["lot.hold"],
};

/// The page of one hold.
pub(crate) const PAGE: Page = Page { path: "/quality/holds/{hold}", rail: "quality", readers: STAFF, show };

fn list(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = rows::page(visit.db, query)?;
    let mut rows = Vec::new();
    for of in found {
        let url = format!("/quality/holds/{}", of.id);
        let cells = vec![
            Cell::Link(Link::new(told(visit, &of.ground)?, &url)),
            Cell::Badge(badge(words, of.lifted_at.is_none())),
            Named::under("lots", of.lot, &of.lot_code).cell(),
            Cell::Number(Number::new(of.lots.to_string())),
            Cell::Text(of.scope.clone().unwrap_or_default()),
            Cell::Instant(of.placed_at.timestamp()),
            Cell::Text(person(visit, of.placed_by)?),
        ];
        rows.push(Row { href: Some(url), id: Some(of.id.to_string()), cells });
    }
    let columns = vec![
        Column::text("reason", words.t("field-reason")),
        Column::text("state", words.t("column-standing")),
        Column::text("lot", words.t("field-lot")),
        Column::number("lots", words.t("field-lots"), ""),
        Column::text("scope", words.t("field-lot-hold-scope")),
        Column::text("placed_at", words.t("field-placed-at")),
        Column::text("placed_by", words.t("field-person")),
    ];
    let mut table = Table::plain("holds", words.t("list-holds"), columns, rows);
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    let option = |key: &str| (key.to_owned(), words.t(&format!("state-hold-{key}")));
    let (label, options) = (words.t("column-standing"), vec![option("open"), option("lifted")]);
    table.facets = vec![Facet { key: "state", label, options }];
    table.empty.title = words.t("empty-holds");
    Ok(table)
}

/// Why a hold was placed, as the reader is told it.
fn told(visit: &mut Visit<'_>, ground: &Ground) -> Result<String, Miss> {
    Ok(match ground {
        Ground::Reason(reason) => visit.said(reason)?,
        Ground::Because(cause) => visit.because(*cause)?,
    })
}

/// Whether a hold is open.
pub(crate) fn badge(words: &Words, open: bool) -> Badge {
    match open {
        true => Badge::new(State::Held, words.t("state-hold-open")),
        false => Badge::new(State::Neutral, words.t("state-hold-lifted")),
    }
}

/// A hold with the lots it is on.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct HoldPage {
    hold: Listed,
    /// The reason as the reader is told it.
    title: String,
    placed_by: String,
    lifted_by: String,
    lift_reason: Option<String>,
    lots: Vec<Reached>,
    /// Who received what of it, and what is left.
    recall: Recall,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: HoldId = visit.id("hold")?;
    let (hold, lift_reason, lots) =
        rows::detail(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let (placed_by, lifted_by) = (person(visit, hold.placed_by)?, person(visit, hold.lifted_by)?);
    let recall = recall::recall(visit.db, id.into(), &[])?.unwrap_or_default();
    let title = told(visit, &hold.ground)?;
    let page = HoldPage { hold, title, placed_by, lifted_by, lift_reason, lots, recall };
    let mut body = gallery::View::render(&page, visit.words);
    if page.hold.lifted_at.is_none() && visit.may("hold.lift") {
        let mut form = visit.form("hold.lift", Some(format!("/quality/holds/{id}")));
        form.primary = false;
        let form = form.item(Item::Hidden("hold".into(), id.to_string()));
        let reason = field(visit.words, "reason", FieldKind::Area { rows: 2 }).required();
        let form = form.field(reason).render(visit.words);
        body = html! { (body) (section(&visit.words.t("command-hold-lift"), form)) };
    }
    let up = Link::new(visit.words.t("list-holds"), LISTING.path);
    Ok(View::new(page.title.clone(), body, &page).under(up))
}

impl gallery::View for HoldPage {
    fn render(&self, words: &Words) -> Markup {
        let hold = &self.hold;
        let head = RecordHead {
            kind: words.t("kind-hold"),
            name: self.title.clone(),
            badges: vec![badge(words, hold.lifted_at.is_none())],
            action: None,
            others: vec![],
            path: format!("/quality/holds/{}", hold.id),
            tab: RecordTab::Overview,
        };
        let rows = self.lots.iter().map(|of| Row {
            href: Some(format!("/lots/{}", of.lot)),
            id: None,
            cells: vec![
                Named::under("lots", of.lot, &of.code).cell(),
                of.via.as_ref().map_or(Cell::Blank, |(lot, code)| Named::under("lots", *lot, code).cell()),
                Cell::Instant(of.at.timestamp()),
            ],
        });
        let columns = vec![
            Column::text("lot", words.t("field-lot")),
            Column::text("via", words.t("column-via-lot")),
            Column::text("at", words.t("field-at")),
        ];
        let table = Table::plain("lots", words.t("field-lots"), columns, rows.collect());
        let keys =
            ["field-lot", "field-placed-at", "field-person", "field-lot-hold-scope", "field-lifted-at"];
        let label = keys.map(|key| words.t(key));
        let lifted = hold.lifted_at.map(|at| words.time(at.timestamp()));
        html! {
            (head.render(words))
            (facts([
                (label[0].as_str(), html! { (Named::under("lots", hold.lot, &hold.lot_code).link()) }),
                (label[1].as_str(), words.time(hold.placed_at.timestamp())),
                (label[2].as_str(), html! { (self.placed_by) }),
                (label[3].as_str(), html! { (hold.scope.as_deref().unwrap_or("—")) }),
                (label[4].as_str(), html! {
                    @if let Some(lifted) = lifted {
                        (lifted) " · " (self.lifted_by) " · "
                        (self.lift_reason.as_deref().unwrap_or_default())
                    } @else { "—" }
                }),
            ]))
            (recall::pages::sections(words, &self.recall))
            (section(&words.t("page-hold-lots"), table.render(words)))
        }
    }
}

impl Sample for HoldPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let at = Instant::from_micros(1_772_409_600_000_000);
        let hold = Listed {
            id: HoldId(40),
            lot: LotId(12),
            lot_code: "MS-260314-02".into(),
            ground: Ground::Reason("Cd drifts on the control chart".into()),
            scope: Some("Cd".into()),
            placed_at: at,
            placed_by: None,
            lifted_at: None,
            lifted_by: None,
            lots: 2,
        };
        let reached = |lot, code: &str, via| Reached {
            lot: LotId(lot),
            code: code.to_owned(),
            state: "in-stock".into(),
            via,
            at,
        };
        let lots = vec![
            reached(12, "MS-260314-02", None),
            reached(41, "MS-260314-02-A", Some((LotId(12), "MS-260314-02".to_owned()))),
        ];
        let (placed_by, lifted_by) = ("Gao Min".to_owned(), String::new());
        let recall = recall::pages::sample();
        let open = HoldPage {
            title: "Cd drifts on the control chart".into(),
            hold,
            placed_by,
            lifted_by,
            lift_reason: None,
            lots,
            recall,
        };
        let mut lifted = open.clone();
        lifted.hold.lifted_at = Some(at);
        lifted.lifted_by = "Tang Rui".into();
        lifted.lift_reason = Some("repeated, within limits".into());
        vec![("open", open), ("lifted", lifted)]
    }
}
