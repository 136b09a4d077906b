//! Sessions and failed attempts, for administrators and auditors.

use kernel::{Instant, Names, PersonId, Role};
use site::{ListSql, Listing, Miss, Visit};
use store::{Row, StoreError};
use ui::kit::blocks::Empty;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Row as Line, Table};
use ui::{Badge, Link, State};

use crate::show;

const READERS: &[Role] = &[Role::Administrator, Role::Auditor];

/// `/sessions`.
pub const SESSIONS: Listing = Listing {
    name: "sessions",
    path: "/sessions",
    rail: "people",
    readers: READERS,
    fetch: sessions,
    actions: &[],
};

/// `/attempts`.
pub const ATTEMPTS: Listing = Listing {
    name: "attempts",
    path: "/attempts",
    rail: "people",
    readers: READERS,
    fetch: attempts,
    actions: &["account.unlock"],
};

const SESSION_LIST: ListSql = ListSql {
    columns: "s.number, s.person, p.name_en, p.name_zh, s.via, s.opened_at, s.expires_at, s.closed_at",
    from: "session s JOIN person p ON p.number = s.person",
    main: "session s",
    searched: &["p.name_en", "p.name_zh", "p.code"],
    sorts: &[("person", "p.name_en"), ("opened_at", "s.opened_at")],
    facets: &[],
    order: "s.number DESC",
};

const ATTEMPT_LIST: ListSql = ListSql {
    columns: "t.seq, t.person, p.name_en, p.name_zh, t.via, t.at, t.outcome",
    from: "attempt t LEFT JOIN person p ON p.number = t.person",
    main: "attempt t",
    searched: &["p.name_en", "p.name_zh", "p.code", "t.outcome"],
    sorts: &[("at", "t.at"), ("outcome", "t.outcome")],
    facets: &[],
    order: "t.seq DESC",
};

fn person(row: &Row<'_>) -> Result<Option<(PersonId, Names)>, StoreError> {
    let Some(number) = row.opt_number(1)? else { return Ok(None) };
    let names = Names { en: row.opt_text(2)?.unwrap_or_default(), zh: row.opt_text(3)?.unwrap_or_default() };
    Ok(Some((PersonId(number), names)))
}

fn sessions(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let (words, now) = (visit.words, visit.now);
    let (rows, total) = SESSION_LIST.fetch(visit.db, query, &[], |row| {
        let (opened, expires): (Instant, Instant) = (row.parse(5)?, row.parse(6)?);
        let closed: Option<Instant> = row.opt_parse(7)?;
        let (state, word) = match closed {
            Some(_) => (State::Neutral, "closed"),
            None if expires <= now => (State::Neutral, "expired"),
            None => (State::Pass, "open"),
        };
        let who = person(row)?;
        let cells = vec![
            who.map_or(Cell::Blank, |(id, names)| Cell::Link(show::person_link(words, id, &names))),
            Cell::Badge(Badge::new(state, words.t(&format!("state-session-{word}")))),
            Cell::Text(words.t(&format!("via-{}", row.text(4)?))),
            Cell::Instant(opened.timestamp()),
            Cell::Instant(closed.unwrap_or(expires).timestamp()),
        ];
        Ok(Line { href: None, id: None, cells })
    })?;
    let columns = vec![
        Column::text("person", words.t("field-person")).sortable(),
        Column::text("state", words.t("column-authority-validity")),
        Column::text("via", words.t("column-authority-via")),
        Column::text("opened_at", words.t("column-authority-opened-at")).sortable(),
        Column::text("end", words.t("column-authority-end")),
    ];
    let table = Table::plain("sessions", words.t("list-sessions"), columns, rows);
    let empty = Empty::new(words.t("empty-sessions"), words.t("empty-sessions.hint"));
    Ok(Table { query: query.clone(), total, filter: true, exports: true, empty, ..table })
}

fn attempts(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (rows, total) = ATTEMPT_LIST.fetch(visit.db, query, &[], |row| {
        let (at, outcome): (Instant, String) = (row.parse(5)?, row.text(6)?);
        let state = if outcome == "wrong" { State::Warning } else { State::Fail };
        let seq = row.number(0)?;
        let who = person(row)?;
        let unknown = || Cell::Text(words.t("page-attempt-unknown"));
        let cells = vec![
            Cell::Instant(at.timestamp()),
            who.map_or_else(unknown, |(id, names)| Cell::Link(show::person_link(words, id, &names))),
            Cell::Badge(Badge::new(state, words.t(&format!("state-attempt-{outcome}")))),
            Cell::Text(words.t(&format!("via-{}", row.text(4)?))),
            Cell::Link(Link::new(seq.to_string(), format!("/ledger/{seq}"))),
        ];
        Ok(Line { href: None, id: None, cells })
    })?;
    let columns = vec![
        Column::text("at", words.t("column-authority-at")).sortable(),
        Column::text("person", words.t("field-person")),
        Column::text("outcome", words.t("column-authority-outcome")).sortable(),
        Column::text("via", words.t("column-authority-via")),
        Column::text("entry", words.t("column-authority-entry")),
    ];
    let table = Table::plain("attempts", words.t("list-attempts"), columns, rows);
    let empty = Empty::new(words.t("empty-attempts"), words.t("empty-attempts.hint"));
    Ok(Table { query: query.clone(), total, filter: true, exports: true, empty, ..table })
}
