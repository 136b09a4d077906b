//! The list of persons, with their roles and how many authorisations are valid now.

use kernel::{Names, PersonId};
use site::{ListSql, Listing, Miss, STAFF, Visit};
use ui::kit::blocks::Empty;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, State, Words};

use crate::{role, show};

/// `/people`.
pub const LISTING: Listing = Listing {
    name: "people",
    path: "/people",
    rail: "people",
    readers: STAFF,
    fetch,
    actions: &["person.register"],
};

const LIST: ListSql = ListSql {
    columns: "p.number, p.code, p.name_en, p.name_zh, p.erased_at, a.closed_at, a.locked_until, a.person,
              (SELECT COUNT(*) FROM authorisation u WHERE u.person = p.number)",
    from: "person p LEFT JOIN account a ON a.person = p.number",
    main: "person p",
    searched: &["p.code", "p.name_en", "p.name_zh"],
    sorts: &[("code", "p.code"), ("name", "p.name_en")],
    facets: &[],
    order: "p.code, p.number",
};

struct Line {
    id: PersonId,
    code: String,
    names: Names,
    account: &'static str,
    authorisations: u64,
}

fn fetch(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let now = visit.now;
    let (found, total) = LIST.fetch(visit.db, query, &[], |row| {
        let locked = row.opt_parse::<kernel::Instant>(6)?.is_some_and(|until| now < until);
        let account = match (row.opt_text(4)?, row.opt_number(7)?, row.opt_text(5)?) {
            (Some(_), _, _) => "erased",
            (None, None, _) => "none",
            (None, Some(_), Some(_)) => "closed",
            (None, Some(_), None) if locked => "locked",
            (None, Some(_), None) => "open",
        };
        let names = Names { en: row.text(2)?, zh: row.text(3)? };
        let (id, code) = (PersonId(row.number(0)?), row.text(1)?);
        Ok(Line { id, code, names, account, authorisations: row.number(8)? })
    })?;
    let words = visit.words;
    let mut rows = Vec::new();
    for line in found {
        let roles = role::rows::of(visit.db, line.id)?;
        let held = Number::new(line.authorisations.to_string());
        rows.push(Row {
            href: Some(show::person_path(line.id)),
            id: None,
            cells: vec![
                Cell::Text(line.code.clone()),
                Cell::Link(Link::new(
                    show::person_name(words, line.id, &line.names),
                    show::person_path(line.id),
                )),
                Cell::Text(show::roles_text(words, &roles)),
                Cell::Badge(account_badge(words, line.account)),
                Cell::Number(held),
            ],
        });
    }
    let mut table = Table::plain("people", words.t("list-people"), columns(words), rows);
    table.query = query.clone();
    table.total = total;
    table.filter = true;
    table.exports = true;
    table.empty = Empty::new(words.t("empty-people"), words.t("empty-people.hint"));
    Ok(table)
}

fn columns(words: &Words) -> Vec<Column> {
    vec![
        Column::text("code", words.t("field-code")).sortable(),
        Column::text("name", words.t("column-authority-name")).sortable(),
        Column::text("roles", words.t("column-authority-roles")),
        Column::text("account", words.t("column-authority-account")),
        Column::number("authorisations", words.t("column-authority-authorisations"), ""),
    ]
}

/// The state of an account as a badge: `open`, `locked`, `closed`, `none`, `erased`.
pub(crate) fn account_badge(words: &Words, state: &str) -> Badge {
    let meaning = match state {
        "open" => State::Pass,
        "locked" => State::Held,
        _ => State::Neutral,
    };
    Badge::new(meaning, words.t(&format!("state-account-{state}")))
}
