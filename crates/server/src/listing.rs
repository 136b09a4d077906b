//! Lists: as a page, as CSV, XLSX or JSON, as an answer of the programming interface.

use maud::{Markup, html};
use publish::workbook;
use serde_json::{Map, Value, json};
use site::{Listing, Miss, View, Visit, word};
use ui::kit::query::{PAGE_SIZE, TableQuery};
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Table};

use crate::app::App;
use crate::call::{Call, Reply};
use crate::door::Reader;
use crate::routes::Parts;
use crate::show;

/// The most rows an export holds.
const EXPORT: usize = 1_000_000;

/// A list as it was asked for.
pub fn reply(app: &App, reader: &Reader, call: &Call, parts: Parts, list: &Listing) -> Result<Reply, Miss> {
    let format = call.asked("format").to_owned();
    let mut query = TableQuery::from_pairs(call.path.clone(), call.query.iter().map(|(k, v)| (k, v)));
    if format.is_empty() {
        let view = app.visit(reader, call, parts, |visit| page(visit, list, &query))?;
        return Ok(show::framed(app, reader, call, 200, list.rail, view));
    }
    query.page = 1;
    query.page_size = EXPORT;
    let (table, other) = app.visit(reader, call, parts, |visit| {
        let table = (list.fetch)(visit, &query)?;
        let words =
            visit.words.in_lang(if visit.lang() == ui::Lang::En { ui::Lang::Zh } else { ui::Lang::En });
        let mut twin = Visit {
            sites: visit.sites,
            words: &words,
            path: visit.path.clone(),
            query: visit.query.clone(),
            db: &mut *visit.db,
            store: visit.store,
            actor: visit.actor,
            csrf: visit.csrf,
            now: visit.now,
            here: visit.here.clone(),
            key: String::new(),
        };
        let short = TableQuery { page_size: 1, ..query.clone() };
        let other = (list.fetch)(&mut twin, &short)?;
        Ok((table, other))
    })?;
    let (en, zh) = if reader.lang == ui::Lang::En { (&table, &other) } else { (&other, &table) };
    let sheet = sheet(&table, en, zh);
    let failed = |error: workbook::WorkbookError| Miss::Unclear(error.to_string());
    let name = |ending: &str| format!("{}.{ending}", list.name);
    match format.as_str() {
        "csv" => Ok(show::attached(
            &name("csv"),
            "text/csv; charset=utf-8",
            workbook::csv(&sheet).map_err(failed)?,
            false,
        )),
        "xlsx" => {
            let bytes = workbook::xlsx(&sheet, &app.store.now().to_string()).map_err(failed)?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(show::attached(&name("xlsx"), kind, bytes, false))
        }
        "json" => Ok(show::attached(
            &name("json"),
            "application/json",
            workbook::json(&sheet).map_err(failed)?,
            false,
        )),
        other => Err(Miss::Unclear(format!("`{other}` is no format; take csv, xlsx or json"))),
    }
}

fn page(visit: &mut Visit<'_>, list: &Listing, query: &TableQuery) -> Result<View, Miss> {
    let table = (list.fetch)(visit, query)?;
    let words = visit.words;
    let title = words.t(&word("list", list.name));
    let body = html! { (page_head(&title, None, actions(visit, list)?)) (table.render(words)) };
    let mut view = View::new(title, body, &data(&table));
    view.wide = true;
    Ok(view)
}

/// The commands above a list. Where the reader may give none of them, the first says who can.
fn actions(visit: &mut Visit<'_>, list: &Listing) -> Result<Option<Markup>, Miss> {
    let words = visit.words;
    let allowed: Vec<&str> = list.actions.iter().copied().filter(|command| visit.may(command)).collect();
    Ok(match (allowed.is_empty(), list.actions.first()) {
        (true, None) => None,
        (true, Some(first)) => Some(authority::offer(visit, first, "")?.render(words)),
        (false, _) => Some(html! {
            @for (at, command) in allowed.iter().enumerate() {
                a.button.primary[at == 0] href={ "/do/" (command) } { (words.t(&word("command", command))) }
            }
        }),
    })
}

/// The rows of a list as JSON, with how many there are in all.
pub fn data(table: &Table) -> Value {
    let rows = table.rows.iter().map(|row| {
        let mut map = Map::new();
        if let Some(id) = &row.id {
            map.insert("id".to_owned(), Value::String(id.clone()));
        }
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            map.insert(column.key.to_owned(), text(cell).map_or(Value::Null, Value::String));
        }
        if let Some(href) = &row.href {
            map.insert("href".to_owned(), Value::String(href.clone()));
        }
        Value::Object(map)
    });
    let page_size = table.query.page_size.max(1);
    let rows: Vec<Value> = rows.collect();
    json!({ "total": table.total, "page": table.query.page, "page_size": page_size, "rows": rows })
}

/// A list for the programming interface: `page`, `page_size`, `sort`, `filter` and the list's own facets.
pub fn query_of(path: &str, pairs: &[(String, String)]) -> TableQuery {
    let renamed = pairs.iter().map(|(name, value)| match name.as_str() {
        "page_size" => ("size", value.as_str()),
        "filter" => ("q", value.as_str()),
        other => (other, value.as_str()),
    });
    TableQuery::from_pairs(path, renamed)
}

/// The addresses of the first, previous, next and last page (RFC 8288).
pub fn links(query: &TableQuery, total: usize) -> String {
    let pages = total.div_ceil(query.page_size.max(1)).max(1);
    let href = |page: usize| {
        let mut parts = vec![format!("page={page}")];
        if query.page_size != PAGE_SIZE {
            parts.push(format!("page_size={}", query.page_size));
        }
        let kept = query.pairs_without(&["page", "size"]);
        let renamed =
            kept.iter().map(|(name, value)| (if name == "q" { "filter" } else { name.as_str() }, value));
        parts.extend(renamed.map(|(name, value)| format!("{name}={}", ui::kit::query::encode(value))));
        format!("</api/v1{}?{}>", query.path, parts.join("&"))
    };
    let mut links = vec![format!("{}; rel=\"first\"", href(1))];
    if query.page > 1 {
        links.push(format!("{}; rel=\"prev\"", href(query.page - 1)));
    }
    if query.page < pages {
        links.push(format!("{}; rel=\"next\"", href(query.page + 1)));
    }
    links.push(format!("{}; rel=\"last\"", href(pages)));
    links.join(", ")
}

fn sheet(table: &Table, en: &Table, zh: &Table) -> workbook::Table {
    let names = |en: &str, zh: &str| publish::Names::new(en, zh);
    let columns = table.columns.iter().enumerate().map(|(at, column)| {
        let of = |side: &Table| side.columns.get(at).map(|c| c.label.clone()).unwrap_or_default();
        let unit = [&column.unit, &column.basis].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        workbook::Column { key: column.key.to_owned(), name: names(&of(en), &of(zh)), unit }
    });
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| match (cell, text(cell)) {
            (_, None) => workbook::Cell::Empty,
            (Cell::Number(number), _) => workbook::Cell::Decimal(number.text.clone()),
            (_, Some(text)) => workbook::Cell::Text(text),
        });
        cells.collect()
    });
    workbook::Table {
        title: names(&en.caption, &zh.caption),
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

/// What a cell says as plain text.
fn text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Blank => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::Number(number) => Some(number.text.clone()),
        Cell::Link(link) => Some(link.text.clone()),
        Cell::Badge(badge) => Some(badge.words.clone()),
        Cell::Instant(at) => Some(at.to_string()),
        Cell::Date(date) => Some(date.to_string()),
        Cell::Markup(markup) => Some(stripped(&markup.0)),
    }
}

/// Markup without its tags.
fn stripped(markup: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_neighbours() {
        let query = query_of(
            "/lots",
            &[
                ("page".into(), "2".into()),
                ("page_size".into(), "10".into()),
                ("filter".into(), "a b".into()),
            ],
        );
        let links = links(&query, 25);
        assert!(links.contains("</api/v1/lots?page=1&page_size=10&filter=a%20b>; rel=\"prev\""), "{links}");
        assert!(links.contains("page=3&page_size=10&filter=a%20b>; rel=\"next\""), "{links}");
        assert_eq!(query.offset(), 10);
    }

    #[test]
    fn markup_is_read_as_its_words() {
        assert_eq!(stripped("<b>Mn &lt; 3</b> "), "Mn < 3");
    }
}
