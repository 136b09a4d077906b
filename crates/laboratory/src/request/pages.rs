//! Requests: their list, and the page of one with what there is of what was asked for.

use kernel::{Day, RequestId};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Markup, State, Words, html};

use super::RequestState;
use super::rows::{self, ItemLine, RequestLine};
use crate::page;

/// `/laboratory/requests`.
pub(crate) const REQUESTS: Listing = Listing {
    name: "requests",
    path: "/laboratory/requests",
    rail: "laboratory",
    readers: STAFF,
    fetch: requests,
    actions: &["request.register"],
};
/// `/laboratory/requests/{request}`.
pub(crate) const PAGE: Page =
    Page { path: "/laboratory/requests/{request}", rail: "laboratory", readers: STAFF, show };

fn badge(words: &Words, state: RequestState) -> Badge {
    let meaning = match state {
        RequestState::Done => State::Pass,
        _ => State::Neutral,
    };
    Badge::new(meaning, words.t(&format!("choice-state-{}", state.word())))
}

fn requests(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (lines, total) = rows::page(visit.db, query)?;
    let row = |line: &RequestLine| {
        let url = format!("/laboratory/requests/{}", line.id);
        let cells = vec![
            Cell::Link(Link::new(&line.code, &url)),
            page::day_opt(line.due),
            Cell::Number(Number::new(line.items.to_string())),
            Cell::Badge(badge(words, line.state)),
            page::text_opt(line.note.as_deref()),
        ];
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    };
    let columns = vec![
        page::sorted(words, "code"),
        page::sorted(words, "due"),
        Column::number("items", words.t("field-items"), ""),
        page::column(words, "standing"),
        page::sorted(words, "note"),
    ];
    Ok(page::listing(words, "requests", query, total, columns, lines.iter().map(row).collect()))
}

/// What the page of a request shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct RequestPage {
    pub id: RequestId,
    pub code: String,
    pub due: Option<Day>,
    pub note: Option<String>,
    pub items: Vec<ItemLine>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: RequestId = visit.id("request")?;
    let head = rows::by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let rows::RequestHead { code, due, note } = head;
    let data = RequestPage { id, code, due, note, items: rows::items(visit.db, id)? };
    let view = View::new(data.code.clone(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-requests"), "/laboratory/requests")))
}

impl ui::gallery::View for RequestPage {
    fn render(&self, words: &Words) -> Markup {
        let head =
            page::head(words, "request", &self.code, format!("/laboratory/requests/{}", self.id), vec![]);
        let columns = vec![
            page::column(words, "sample"),
            page::column(words, "method"),
            page::column(words, "analyte"),
            Column::number("results", words.t("field-results"), ""),
            Column::number("released", words.t("field-released"), ""),
        ];
        let row = |item: &ItemLine| {
            let url = format!("/laboratory/samples/{}", item.sample);
            let code = item.sample_code.clone().unwrap_or_else(|| item.sample.to_string());
            let cells = vec![
                Cell::Link(Link::new(code, &url)),
                Cell::Text(item.method.clone()),
                Cell::Text(item.analyte.clone()),
                Cell::Number(Number::new(item.results.to_string())),
                Cell::Number(Number::new(item.released.to_string())),
            ];
            Row { href: Some(url), id: None, cells }
        };
        let rows = self.items.iter().map(row).collect();
        html! {
            (head.render(words))
            (page::facts(words, vec![
                ("field-due", self.due.map(|day| words.day(day.date()))),
                ("field-note", self.note.as_ref().map(|note| html! { (note) })),
            ]))
            (Table::plain("items", words.t("field-items"), columns, rows).render(words))
        }
    }
}

impl Sample for RequestPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let item = ItemLine {
            sample: kernel::SampleId(8),
            sample_code: Some("S-26-0014".into()),
            method: "ICP-01".into(),
            analyte: String::new(),
            results: 3,
            released: 1,
        };
        let due = "2026-04-01".parse().ok();
        let (id, code) = (RequestId(31), "R-2026-07".to_owned());
        vec![("usual", RequestPage { id, code, due, note: None, items: vec![item] })]
    }
}
