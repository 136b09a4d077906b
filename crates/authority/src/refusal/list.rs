//! `/refusals`: which command was refused to whom, when, by which rule. Each leads to its ledger entry.

use kernel::{Instant, Names, PersonId, Ref};
use site::{Condition, ListSql, Listing, Miss, Named, STAFF, Visit};
use ui::kit::blocks::Empty;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Row as Line, Table};
use ui::{Link, Words, html};

use crate::show;

/// `/refusals`.
pub const LISTING: Listing =
    Listing { name: "refusals", path: "/refusals", rail: "people", readers: STAFF, fetch, actions: &[] };

const LIST: ListSql = ListSql {
    columns: "r.seq, r.at, r.person, p.name_en, p.name_zh, r.command, r.code, r.clause, r.subject",
    from: "refusal r LEFT JOIN person p ON p.number = r.person",
    main: "refusal r",
    searched: &["r.command", "r.code", "r.clause", "p.name_en", "p.name_zh"],
    sorts: &[("at", "r.at"), ("command", "r.command"), ("code", "r.code")],
    facets: &[],
    order: "r.seq DESC",
};

struct Refused {
    seq: u64,
    at: Instant,
    person: Option<(PersonId, Names)>,
    command: String,
    code: String,
    clause: String,
    subject: Option<Ref>,
}

/// A command in words; its name where there are none.
fn command(words: &Words, name: &str) -> String {
    let key = site::word("command", name);
    if words.has(&key) { words.t(&key) } else { name.to_owned() }
}

fn fetch(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let facets: Vec<Condition> =
        query.other("code").map(|code| ("r.code = @", code.to_owned().into())).into_iter().collect();
    let (found, total) = LIST.fetch(visit.db, query, &facets, |row| {
        let names = (row.opt_text(3)?.unwrap_or_default(), row.opt_text(4)?.unwrap_or_default());
        let names = Names { en: names.0, zh: names.1 };
        Ok(Refused {
            seq: row.number(0)?,
            at: row.parse(1)?,
            person: row.opt_number(2)?.map(|number| (PersonId(number), names)),
            command: row.text(5)?,
            code: row.text(6)?,
            clause: row.text(7)?,
            subject: row.opt_parse(8)?,
        })
    })?;
    let subjects = show::name_all(visit, found.iter().filter_map(|one| one.subject))?;
    let words = visit.words;
    let line = |one: &Refused| {
        let entry = format!("/ledger/{}", one.seq);
        let who = one.person.as_ref().map(|(id, names)| show::person_link(words, *id, names));
        Line {
            href: Some(entry.clone()),
            id: None,
            cells: vec![
                Cell::Instant(one.at.timestamp()),
                who.map_or_else(|| Cell::Text(words.t("via-system")), Cell::Link),
                Cell::Text(command(words, &one.command)),
                Cell::Markup(html! { code { (one.code) } }),
                Cell::Text(one.clause.clone()),
                one.subject.and_then(|subject| subjects.get(&subject)).map_or(Cell::Blank, Named::cell),
                Cell::Link(Link::new(one.seq.to_string(), entry)),
            ],
        }
    };
    let rows = found.iter().map(line).collect();
    let columns = vec![
        Column::text("at", words.t("column-authority-at")).sortable(),
        Column::text("person", words.t("field-person")),
        Column::text("command", words.t("column-authority-command")).sortable(),
        Column::text("code", words.t("column-authority-rule")).sortable(),
        Column::text("clause", words.t("column-authority-clause")),
        Column::text("subject", words.t("column-authority-subject")),
        Column::text("entry", words.t("column-authority-entry")),
    ];
    let table = Table::plain("refusals", words.t("list-refusals"), columns, rows);
    let empty = Empty::new(words.t("empty-refusals"), words.t("empty-refusals.hint"));
    Ok(Table { query: query.clone(), total, filter: true, exports: true, empty, ..table })
}
