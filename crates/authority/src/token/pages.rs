//! The list of tokens: one's own; everybody's for administrators and auditors.

use kernel::{Instant, Names, PersonId, Role, TokenId};
use serde::Serialize;
use site::{ALL, Condition, ListSql, Listing, Miss, Visit};
use store::{Db, Row, StoreError};
use ui::kit::blocks::Empty;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Row as Line, Table};
use ui::{Badge, State, Words};

use super::rules::CommandNames;
use crate::show;

/// `/tokens`.
pub const LISTING: Listing = Listing {
    name: "tokens",
    path: "/tokens",
    rail: "people",
    readers: ALL,
    fetch,
    actions: &["token.issue", "token.revoke"],
};

const LIST: ListSql = ListSql {
    columns: "t.number, t.person, p.name_en, p.name_zh, t.name, t.commands, t.issued_at, t.expires_at,
              t.revoked_at",
    from: "token t JOIN person p ON p.number = t.person",
    main: "token t",
    searched: &["t.name", "t.commands", "p.name_en", "p.name_zh"],
    sorts: &[("person", "p.name_en"), ("issued_at", "t.issued_at"), ("expires_at", "t.expires_at")],
    facets: &[],
    order: "t.number DESC",
};

/// A token as a list shows it. Its secret is nowhere.
#[derive(Debug, Clone, Serialize)]
pub struct TokenLine {
    /// Which.
    pub token: TokenId,
    /// For whom it acts.
    pub person: PersonId,
    /// Their names.
    pub names: Names,
    /// What it is for.
    pub name: String,
    /// What it is limited to.
    pub commands: CommandNames,
    /// Since when.
    pub issued_at: Instant,
    /// Until when.
    pub expires_at: Instant,
    /// `valid`, `expired` or `revoked`.
    pub state: &'static str,
}

fn line(row: &Row<'_>, now: Instant) -> Result<TokenLine, StoreError> {
    let expires_at: Instant = row.parse(7)?;
    let state = match row.opt_text(8)? {
        Some(_) => "revoked",
        None if expires_at <= now => "expired",
        None => "valid",
    };
    Ok(TokenLine {
        token: TokenId(row.number(0)?),
        person: PersonId(row.number(1)?),
        names: Names { en: row.text(2)?, zh: row.text(3)? },
        name: row.text(4)?,
        commands: row.json(5)?,
        issued_at: row.parse(6)?,
        expires_at,
        state,
    })
}

/// The tokens of a person that are still good (at most 500).
pub fn of(db: &mut Db, person: PersonId, now: Instant) -> Result<Vec<TokenLine>, StoreError> {
    let mut query = TableQuery::new("/tokens");
    query.page_size = 500;
    let facets: Vec<Condition> = vec![
        ("t.revoked_at IS NULL AND t.expires_at > @", now.into()),
        ("p.number = @", person.number().into()),
    ];
    Ok(LIST.fetch(db, &query, &facets, |row| line(row, now))?.0)
}

fn fetch(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let now = visit.now;
    let all = visit.actor.has_any(&[Role::Administrator, Role::Auditor]);
    let own = visit.actor.person().map_or(0, PersonId::number);
    let facets: Vec<Condition> = if all { Vec::new() } else { vec![("p.number = @", own.into())] };
    let (found, total) = LIST.fetch(visit.db, query, &facets, |row| line(row, now))?;
    let words = visit.words;
    let rows = found.iter().map(|line| line.row(words)).collect();
    let mut table = Table::plain("tokens", words.t("list-tokens"), columns(words), rows);
    table.query = query.clone();
    table.total = total;
    table.filter = true;
    table.exports = true;
    table.empty = Empty::new(words.t("empty-tokens"), words.t("empty-tokens.hint"));
    Ok(table)
}

pub(crate) fn columns(words: &Words) -> Vec<Column> {
    vec![
        Column::text("token", words.t("kind-token")),
        Column::text("person", words.t("field-person")).sortable(),
        Column::text("name", words.t("field-name")),
        Column::text("commands", words.t("field-commands")),
        Column::text("state", words.t("column-authority-validity")),
        Column::text("issued_at", words.t("column-authority-issued-at")).sortable(),
        Column::text("expires_at", words.t("field-expires-at")).sortable(),
    ]
}

impl TokenLine {
    pub(crate) fn row(&self, words: &Words) -> Line {
        let state = if self.state == "valid" { State::Pass } else { State::Neutral };
        let commands = match self.commands.0.is_empty() {
            true => words.t("page-token-reads"),
            false => self.commands.0.join(", "),
        };
        Line {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(self.token.to_string()),
                Cell::Link(show::person_link(words, self.person, &self.names)),
                Cell::Text(self.name.clone()),
                Cell::Text(commands),
                Cell::Badge(Badge::new(state, words.t(&format!("state-token-{}", self.state)))),
                Cell::Instant(self.issued_at.timestamp()),
                Cell::Instant(self.expires_at.timestamp()),
            ],
        }
    }

    pub(crate) fn sample() -> Self {
        let issued_at = Instant::from_micros(1_772_409_600_000_000);
        TokenLine {
            token: TokenId(61),
            person: PersonId(12),
            names: Names { en: "Li Na".into(), zh: "李娜".into() },
            name: "balance export".into(),
            commands: CommandNames(Vec::new()),
            issued_at,
            expires_at: issued_at.plus_seconds(90 * 86_400),
            state: "valid",
        }
    }
}
