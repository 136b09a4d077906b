//! Search over everything: a number, a name, a code, a barcode. What names exactly one record opens it.

use kernel::{Actor, Ref};
use maud::html;
use serde::Serialize;
use site::{Miss, View, Visit, word};
use ui::kit::Link;
use ui::kit::blocks::Empty;
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Column, Row, Table};

use crate::answers::{Asker, Named};
use crate::app::App;
use crate::routes::Routes;
use crate::show;

const MOST: u32 = 100;

#[derive(Serialize)]
struct Found {
    query: String,
    records: Vec<Named>,
}

/// The page of the one record that is named exactly, if there is one.
pub fn jump(app: &App, query: &str) -> Option<String> {
    let query = query.trim();
    let only = match query.parse::<Ref>() {
        Ok(record) => app.store.read(|db| store::log::origin(db, record)).ok().flatten().map(|_| record),
        Err(_) => {
            let found = app.store.read(|db| store::labelled(db, query)).unwrap_or_default();
            <[Ref; 1]>::try_from(found).ok().map(|[only]| only)
        }
    };
    only.map(|record| show::page_of(app, record))
}

/// Whether this reader may open the page at an address: what they may not, they do not find either.
fn opens(routes: &Routes, actor: &Actor, url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let target = routes.find(path).map(|(target, _)| target);
    target.is_some_and(|target| target.readers().is_empty() || actor.has_any(target.readers()))
}

/// The page of what was found, of that what the reader may open.
pub fn page(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let query = visit.asked("q").trim().to_owned();
    let found = store::search(visit.db, &query, MOST)?;
    let mut ask = Asker::new(visit.store, visit.db);
    let records = found.into_iter().map(|(record, _)| ask.name(record)).collect::<Result<Vec<Named>, _>>()?;
    let routes = Routes::new(visit.sites);
    let mut records: Vec<Named> =
        records.into_iter().filter(|one| opens(&routes, visit.actor, &one.url)).collect();
    for one in &mut records {
        one.label = visit.called(one.record, &one.label)?;
    }
    let words = visit.words;
    let columns = vec![
        Column::text("name", words.t("answer-name")),
        Column::text("kind", words.t("answer-kind")),
        Column::text("record", words.t("answer-record")),
    ];
    let rows = records.iter().map(|one| Row {
        href: Some(one.url.clone()),
        id: None,
        cells: vec![
            Cell::Link(Link::new(&*one.label, &*one.url)),
            Cell::Text(words.t(&word("kind", one.kind))),
            Cell::Text(one.record.to_string()),
        ],
    });
    let mut table = Table::plain("found", words.t("search-title"), columns, rows.collect());
    table.empty = Empty::new(words.t("search-nothing"), words.t("search-nothing-hint"));
    let body = html! { (page_head(&words.t("search-title"), None, None)) (table.render(words)) };
    Ok(View::new(words.t("search-title"), body, &Found { query, records }))
}
