//! Reference materials: their list, and the page of one with its lots and certified values.

use kernel::ReferenceMaterialId;
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::section;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::Action;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Markup, Words, html};

use super::CertifiedValue;
use super::rows::{self, MaterialLine, ReferenceLot};
use crate::page;

/// `/laboratory/references`.
pub(crate) const REFERENCES: Listing = Listing {
    name: "references",
    path: "/laboratory/references",
    rail: "laboratory",
    readers: STAFF,
    fetch: references,
    actions: &["reference.define", "reference.add_lot"],
};
/// `/laboratory/references/{reference}`.
pub(crate) const PAGE: Page =
    Page { path: "/laboratory/references/{reference}", rail: "laboratory", readers: STAFF, show };

fn references(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (lines, total) = rows::page(visit.db, query)?;
    let row = |line: &MaterialLine| {
        let url = format!("/laboratory/references/{}", line.id);
        let cells = vec![
            Cell::Link(Link::new(&line.code, &url)),
            Cell::Text(words.pick(&line.name_en, &line.name_zh).to_owned()),
            page::text_opt(line.producer.as_deref()),
            Cell::Number(Number::new(line.lots.to_string())),
        ];
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    };
    let mut columns = ["code", "name", "producer"].map(|key| page::sorted(words, key)).to_vec();
    columns.push(Column::number("lots", words.t("field-lots"), ""));
    Ok(page::listing(words, "references", query, total, columns, lines.iter().map(row).collect()))
}

/// What the page of a reference material shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReferencePage {
    pub id: ReferenceMaterialId,
    pub code: String,
    pub lots: Vec<ReferenceLot>,
    pub may_add: bool,
    pub may_void: bool,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: ReferenceMaterialId = visit.id("reference")?;
    let code = rows::material_code(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let lots = rows::lots_of(visit.db, id)?;
    let (may_add, may_void) = (visit.may("reference.add_lot"), visit.may("reference_lot.void"));
    let data = ReferencePage { id, code, lots, may_add, may_void };
    let view = View::new(data.code.clone(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-references"), "/laboratory/references")))
}

impl ui::gallery::View for ReferencePage {
    fn render(&self, words: &Words) -> Markup {
        let path = format!("/laboratory/references/{}", self.id);
        let mut head = page::head(words, "reference-material", &self.code, path, vec![]);
        let add = Link::new(
            words.t("command-reference-add-lot"),
            format!("/do/reference.add_lot?reference={}", self.id),
        );
        head.action = self.may_add.then_some(Action::Open(add));
        html! {
            (head.render(words))
            @if self.lots.is_empty() {
                (page::empty(words, "reference-lots").render())
            }
            @for lot in &self.lots {
                @let day = words.date(lot.expires.date());
                @let said = [("code", lot.code.as_str().into()), ("day", day.into())];
                (section(&words.tv("page-reference-lot", &said), html! {
                    @if let Some(from) = lot.voided_from {
                        (page::voided(words, from, lot.void_reason.as_deref()))
                    } @else if self.may_void {
                        p { a href={ "/do/reference_lot.void?lot=" (lot.id) } {
                            (words.t("command-reference-lot-void"))
                        } }
                    }
                    (values(words, lot))
                }))
            }
        }
    }
}

fn values(words: &Words, lot: &ReferenceLot) -> Markup {
    let columns = vec![
        page::column(words, "analyte"),
        Column::number("value", words.t("field-value"), ""),
        Column::number("uncertainty", words.t("field-uncertainty"), ""),
        page::column(words, "unit"),
        page::column(words, "chart"),
    ];
    let row = |one: &CertifiedValue| {
        let explained = format!("/explain/{}", lot.id);
        let chart = format!("/laboratory/charts/{}/{}", lot.id, ui::kit::query::encode(&one.analyte));
        let uncertainty = one.uncertainty.map(|u| Cell::Number(Number::new(u.to_string())));
        let cells = vec![
            Cell::Markup(ui::format::formula(&one.analyte)),
            Cell::Number(Number::new(one.value.as_str()).explained(explained)),
            uncertainty.unwrap_or(Cell::Blank),
            Cell::Text(one.unit.symbol().to_owned()),
            Cell::Link(Link::new(words.t("page-charts"), chart)),
        ];
        Row { href: None, id: None, cells }
    };
    let rows = lot.values.iter().map(row).collect();
    Table::plain(format!("values-{}", lot.id), lot.code.clone(), columns, rows).render(words)
}

impl Sample for ReferencePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let added = <super::ReferenceLotAdded as store::Fact>::samples().remove(0);
        let lot = ReferenceLot {
            id: added.lot,
            material: added.material,
            code: added.code.to_string(),
            expires: added.expires,
            usable_until: added.expires,
            voided_from: None,
            void_reason: None,
            values: added.values,
        };
        let usual = ReferencePage {
            id: added.material,
            code: "GBW07163".into(),
            lots: vec![lot],
            may_add: true,
            may_void: true,
        };
        let mut voided = usual.clone();
        voided.lots[0].voided_from = Some(kernel::Instant::from_micros(0));
        voided.lots[0].void_reason = Some("contaminated".into());
        vec![("usual", usual.clone()), ("voided", voided), ("empty", ReferencePage { lots: vec![], ..usual })]
    }
}
