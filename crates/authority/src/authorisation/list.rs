//! The list of authorisations, with their validity as of now.

use kernel::{Activity, AuthorisationId, Instant, Names, PersonId, Ref};
use site::{Condition, ListSql, Listing, Miss, Named, STAFF, Visit};
use store::{Row, StoreError};
use ui::kit::blocks::Empty;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Facet, Row as Line, Table};
use ui::{Badge, Link, State, Words};

use super::rules::Validity;
use crate::show;

/// Days before the end in which an authorisation counts as ending.
pub const ENDING_DAYS: i64 = 30;

/// `/authorisations`.
pub const LISTING: Listing = Listing {
    name: "authorisations",
    path: "/authorisations",
    rail: "people",
    readers: STAFF,
    fetch,
    actions: &["authorisation.grant"],
};

const LIST: ListSql = ListSql {
    columns: "a.number, a.person, p.name_en, p.name_zh, a.activity, a.scope, a.valid_from, a.valid_until,
              a.withdrawn_at, a.basis",
    from: "authorisation a JOIN person p ON p.number = a.person",
    main: "authorisation a",
    searched: &["p.name_en", "p.name_zh", "p.code", "a.scope", "a.activity", "a.basis"],
    sorts: &[
        ("person", "p.name_en"),
        ("activity", "a.activity"),
        ("scope", "a.scope"),
        ("valid_from", "a.valid_from"),
        ("valid_until", "a.valid_until"),
    ],
    facets: &[],
    order: "a.number DESC",
};

struct Held {
    id: AuthorisationId,
    person: PersonId,
    names: Names,
    activity: String,
    scope: Ref,
    from: Instant,
    until: Instant,
    withdrawn: Option<Instant>,
    basis: String,
}

fn held(row: &Row<'_>) -> Result<Held, StoreError> {
    Ok(Held {
        id: AuthorisationId(row.number(0)?),
        person: PersonId(row.number(1)?),
        names: Names { en: row.text(2)?, zh: row.text(3)? },
        activity: row.text(4)?,
        scope: row.parse(5)?,
        from: row.parse(6)?,
        until: row.parse(7)?,
        withdrawn: row.opt_parse(8)?,
        basis: row.text(9)?,
    })
}

/// The badge of a validity; one that ends within thirty days warns.
pub(crate) fn badge(words: &Words, validity: Validity, end: Instant, now: Instant) -> Badge {
    let (state, word) = match validity {
        Validity::Valid if end <= now.plus_seconds(ENDING_DAYS * 86_400) => (State::Warning, "ending"),
        Validity::Valid => (State::Pass, "valid"),
        Validity::NotYet => (State::Neutral, "not-yet"),
        Validity::Lapsed => (State::Fail, "lapsed"),
        Validity::Withdrawn => (State::Fail, "withdrawn"),
    };
    Badge::new(state, words.t(&format!("state-authorisation-{word}")))
}

impl Held {
    fn validity(&self, now: Instant) -> Validity {
        match self.withdrawn {
            Some(from) if from <= now => Validity::Withdrawn,
            _ if now >= self.until => Validity::Lapsed,
            _ if now < self.from => Validity::NotYet,
            _ => Validity::Valid,
        }
    }

    fn end(&self) -> Instant {
        self.withdrawn.map_or(self.until, |from| from.min(self.until))
    }
}

const VALIDITIES: [&str; 5] = ["valid", "ending", "not-yet", "lapsed", "withdrawn"];

fn facets(query: &TableQuery, now: Instant) -> Vec<Condition> {
    let mut facets: Vec<Condition> = Vec::new();
    let soon = now.plus_seconds(ENDING_DAYS * 86_400).into();
    let now = now.into();
    let valid = "a.valid_from <= @ AND a.valid_until > @ AND (a.withdrawn_at IS NULL OR a.withdrawn_at > @)";
    match query.other("validity") {
        Some("valid") => facets.push((valid, now)),
        Some("ending") => {
            facets.push((valid, now));
            facets.push(("a.valid_until <= @ OR a.withdrawn_at <= @", soon));
        }
        Some("not-yet") => {
            facets.push(("a.valid_from > @ AND (a.withdrawn_at IS NULL OR a.withdrawn_at > @)", now));
        }
        Some("lapsed") => {
            facets.push(("a.valid_until <= @ AND (a.withdrawn_at IS NULL OR a.withdrawn_at > @)", now));
        }
        Some("withdrawn") => facets.push(("a.withdrawn_at <= @", now)),
        _ => {}
    }
    if let Some(activity) = query.other("activity") {
        facets.push(("a.activity = @", activity.to_owned().into()));
    }
    if let Some(scope) = query.other("scope") {
        facets.push(("a.scope = @", scope.to_owned().into()));
    }
    facets
}

fn fetch(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let now = visit.now;
    let (found, total) = LIST.fetch(visit.db, query, &facets(query, now), held)?;
    let scopes = show::name_all(visit, found.iter().map(|held| held.scope))?;
    let words = visit.words;
    let line = |held: &Held| Line {
        href: Some(format!("/authorisations/{}", held.id)),
        id: None,
        cells: vec![
            Cell::Link(Link::new(held.id.to_string(), format!("/authorisations/{}", held.id))),
            Cell::Link(show::person_link(words, held.person, &held.names)),
            Cell::Text(words.t(&format!("activity-{}", held.activity))),
            scopes.get(&held.scope).map_or(Cell::Blank, Named::cell),
            Cell::Badge(badge(words, held.validity(now), held.end(), now)),
            Cell::Instant(held.from.timestamp()),
            Cell::Instant(held.until.timestamp()),
            Cell::Text(held.basis.clone()),
        ],
    };
    let rows = found.iter().map(line).collect();
    let mut table = Table::plain("authorisations", words.t("list-authorisations"), columns(words), rows);
    table.query = query.clone();
    table.total = total;
    table.filter = true;
    table.exports = true;
    let activities = Activity::ALL.iter().map(|activity| activity.word());
    table.facets = vec![
        Facet {
            key: "validity",
            label: words.t("column-authority-validity"),
            options: show::choices(words, "state-authorisation", VALIDITIES),
        },
        Facet {
            key: "activity",
            label: words.t("field-activity"),
            options: show::choices(words, "activity", activities),
        },
    ];
    table.empty = Empty::new(words.t("empty-authorisations"), words.t("empty-authorisations.hint"));
    Ok(table)
}

fn columns(words: &Words) -> Vec<Column> {
    vec![
        Column::text("number", words.t("kind-authorisation")),
        Column::text("person", words.t("field-person")).sortable(),
        Column::text("activity", words.t("field-activity")).sortable(),
        Column::text("scope", words.t("field-scope")).sortable(),
        Column::text("validity", words.t("column-authority-validity")),
        Column::text("valid_from", words.t("field-valid-from")).sortable(),
        Column::text("valid_until", words.t("field-valid-until")).sortable(),
        Column::text("basis", words.t("field-authorisation-grant-basis")).on_choice(),
    ]
}
