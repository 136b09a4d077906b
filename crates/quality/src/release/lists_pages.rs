//! Lists around the gate: lots that wait, decisions, overrides; and the page of one decision or override.

use kernel::{DispositionId, OverrideId};
use site::{Listing, Miss, Named, Page, STAFF, View, Visit};
use ui::kit::blocks::{facts, section};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Badge, Link, State as Shade, html};

use super::checks::Key;
use super::list_rows;
use super::pages::lines;
use super::release_lot::LotReleased;
use super::rows;
use crate::show::{decision, person, pick};

/// `/quality`: lots that wait for a decision.
pub(crate) const WAITING: Listing = Listing {
    name: "release",
    path: "/quality",
    rail: "quality",
    readers: STAFF,
    fetch: waiting,
    actions: &["certificate.issue"],
};

/// `/quality/dispositions`.
pub(crate) const DISPOSITIONS: Listing = Listing {
    name: "dispositions",
    path: "/quality/dispositions",
    rail: "quality",
    readers: STAFF,
    fetch: dispositions,
    actions: &["lot.concede"],
};

/// `/quality/overrides`.
pub(crate) const OVERRIDES: Listing = Listing {
    name: "overrides",
    path: "/quality/overrides",
    rail: "quality",
    readers: STAFF,
    fetch: overrides,
    actions: &["gate.override", "lot.allow"],
};

/// The pages of one decision and of one override.
pub(crate) const PAGES: [Page; 2] = [
    Page {
        path: "/quality/dispositions/{disposition}",
        rail: "quality",
        readers: STAFF,
        show: show_disposition,
    },
    Page { path: "/quality/overrides/{override}", rail: "quality", readers: STAFF, show: show_override },
];

fn waiting(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = list_rows::waiting(visit.db, query)?;
    let rows = found.into_iter().map(|of| {
        let url = format!("/quality/release/{}", of.lot);
        let kg = of.kg_wet.map(|kg| Number::new(kg).unit("kg").explained(format!("/explain/{}", of.lot)));
        let held = Badge::new(Shade::Held, words.t("state-hold-open"));
        Row {
            href: Some(url.clone()),
            id: Some(of.lot.to_string()),
            cells: vec![
                Cell::Link(Link::new(of.code, url)),
                Cell::Text(format!("{} · {}", of.material_code, pick(words, &of.material))),
                kg.map_or(Cell::Blank, Cell::Number),
                Cell::Number(Number::new(of.samples.to_string())),
                if of.holds > 0 { Cell::Badge(held) } else { Cell::Blank },
                Cell::Instant(of.made_at.timestamp()),
            ],
        }
    });
    let columns = vec![
        Column::text("code", words.t("field-lot")),
        Column::text("material", words.t("field-material")),
        Column::number("mass", words.t("field-mass-kg-wet"), "kg"),
        Column::number("samples", words.t("column-samples"), ""),
        Column::text("held", words.t("column-standing")),
        Column::text("made_at", words.t("field-at")),
    ];
    let mut table = Table::plain("release", words.t("list-release"), columns, rows.collect());
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    table.empty.title = words.t("empty-release");
    table.empty.hint = words.t("empty-release-hint");
    Ok(table)
}

fn dispositions(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = list_rows::dispositions(visit.db, query)?;
    let rows = found.into_iter().map(|of| {
        let url = format!("/quality/dispositions/{}", of.id);
        Row {
            href: Some(url),
            id: Some(of.id.to_string()),
            cells: vec![
                Named::under("lots", of.lot, &of.lot_code).cell(),
                Cell::Badge(decision(words, &of.decision)),
                Cell::Instant(of.at.timestamp()),
                Cell::Text(of.person_names.map(|names| pick(words, &names)).unwrap_or_default()),
                Cell::Text(of.reason.unwrap_or_default()),
                Cell::Text(of.consent.unwrap_or_default()),
                of.valid_until.map_or(Cell::Blank, |until| Cell::Instant(until.timestamp())),
            ],
        }
    });
    let keys = ["lot", "decision", "at", "person", "reason", "consent", "valid-until"];
    let columns = keys.map(|key| Column::text(key, words.t(&format!("field-{key}")))).to_vec();
    let mut table = Table::plain("dispositions", words.t("list-dispositions"), columns, rows.collect());
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    let option = |key: &str| (key.to_owned(), words.t(&format!("state-decision-{key}")));
    let options = ["released", "rejected", "concession"].map(option).to_vec();
    table.facets = vec![Facet { key: "decision", label: words.t("field-decision"), options }];
    table.empty.title = words.t("empty-dispositions");
    Ok(table)
}

fn overrides(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = list_rows::overrides(visit.db, query)?;
    let now = visit.now;
    let rows = found.into_iter().map(|of| Row {
        href: Some(format!("/quality/overrides/{}", of.id)),
        id: Some(of.id.to_string()),
        cells: vec![
            Named::under("lots", of.lot, &of.lot_code).cell(),
            Cell::Text(words.t(&format!("gate-{}", of.gate))),
            Cell::Text(of.reason),
            Cell::Text(of.person_names.map(|names| pick(words, &names)).unwrap_or_default()),
            Cell::Instant(of.at.timestamp()),
            Cell::Instant(of.valid_until.timestamp()),
            Cell::Badge(match now < of.valid_until {
                true => Badge::new(Shade::Warning, words.t("state-override-valid")),
                false => Badge::new(Shade::Neutral, words.t("state-override-ended")),
            }),
            Cell::Number(Number::new(of.used.to_string())),
        ],
    });
    let keys = ["lot", "gate", "reason", "person", "at", "valid-until"];
    let mut columns = keys.map(|key| Column::text(key, words.t(&format!("field-{key}")))).to_vec();
    columns.push(Column::text("standing", words.t("column-standing")));
    columns.push(Column::number("used", words.t("column-used"), ""));
    let mut table = Table::plain("overrides", words.t("list-overrides"), columns, rows.collect());
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    let gates = Key::ALL.into_iter().filter(|key| key.may_be_overridden()).map(Key::word);
    let gates = gates.chain(crate::gate::Door::by_exception().map(crate::gate::Door::word));
    let options = gates.map(|key| (key.to_owned(), words.t(&format!("gate-{key}")))).collect();
    table.facets = vec![Facet { key: "gate", label: words.t("field-gate"), options }];
    table.empty.title = words.t("empty-overrides");
    Ok(table)
}

fn show_disposition(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: DispositionId = visit.id("disposition")?;
    let of = list_rows::disposition(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let words = visit.words;
    let by = person(visit, of.person)?;
    let version = match of.version {
        Some(version) => Some(visit.name(version)?),
        None => None,
    };
    let party = match of.party {
        Some(party) => Some(visit.name(party)?),
        None => None,
    };
    let release: Option<LotReleased> = serde_json::from_str(&of.detail).ok();
    let used: Vec<_> =
        release.iter().flat_map(|release| &release.lines).flat_map(|line| line.results.clone()).collect();
    let results = rows::results_by_id(visit.db, &used)?;
    let typed: Vec<_> = results.values().filter(|one| one.hand_typed).map(|one| one.id).collect();
    let head = RecordHead {
        kind: words.t("kind-disposition"),
        name: format!("{} {}", of.lot_code, words.t(&format!("state-decision-{}", of.decision))),
        badges: vec![decision(words, &of.decision)],
        action: None,
        others: vec![],
        path: format!("/quality/dispositions/{id}"),
        tab: RecordTab::Overview,
    };
    let keys = ["lot", "specification", "customer", "at", "person", "reason", "consent", "valid-until"];
    let label = keys.map(|key| words.t(&format!("field-{key}")));
    let until = of.valid_until.map(|until| words.time(until.timestamp()));
    let body = html! {
        (head.render(words))
        (facts([
            (label[0].as_str(), html! { a href={ "/quality/release/" (of.lot) } { (of.lot_code) } }),
            (label[1].as_str(), html! { @if let Some(of) = &version { (of.link()) } @else { "—" } }),
            (label[2].as_str(), html! { @if let Some(of) = &party { (of.link()) } @else { "—" } }),
            (label[3].as_str(), words.time(of.at.timestamp())),
            (label[4].as_str(), html! { (by) }),
            (label[5].as_str(), html! { (of.reason.as_deref().unwrap_or("—")) }),
            (label[6].as_str(), html! { (of.consent.as_deref().unwrap_or("—")) }),
            (label[7].as_str(), html! { @if let Some(until) = until { (until) } @else { "—" } }),
        ]))
        @if let Some(release) = &release {
            (section(&words.t("page-release-lines"), lines(words, &release.lines, &typed).render(words)))
        }
    };
    let up = Link::new(words.t("list-dispositions"), DISPOSITIONS.path);
    Ok(View::new(head.name.clone(), body, &of).under(up))
}

fn show_override(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: OverrideId = visit.id("override")?;
    let of = list_rows::one_override(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let party = match of.party {
        Some(party) => Some(visit.name(party)?),
        None => None,
    };
    let words = visit.words;
    let head = RecordHead {
        kind: words.t("kind-override"),
        name: format!("{} {}", of.lot_code, words.t(&format!("gate-{}", of.gate))),
        badges: vec![],
        action: None,
        others: vec![],
        path: format!("/quality/overrides/{id}"),
        tab: RecordTab::Overview,
    };
    let keys = ["field-lot", "field-reason", "field-person", "field-at", "field-valid-until", "column-used"];
    let label = keys.map(|key| words.t(key));
    let body = html! {
        (head.render(words))
        (facts([
            (label[0].as_str(), html! { a href={ "/quality/release/" (of.lot) } { (of.lot_code) } }),
            (label[1].as_str(), html! { (of.reason) }),
            (label[2].as_str(), html! { @if let Some(names) = &of.person_names { (pick(words, names)) } }),
            (label[3].as_str(), words.time(of.at.timestamp())),
            (label[4].as_str(), words.time(of.valid_until.timestamp())),
            (label[5].as_str(), html! { (of.used) }),
        ]))
        @if let Some(party) = &party { p { (words.t("kind-party")) ": " (party.link()) } }
        @if let Some(kg) = &of.mass_kg {
            p { (words.t("field-of-at-most")) ": " (of.taken_kg.as_deref().unwrap_or("0")) " / " (kg) " kg" }
        }
    };
    let up = Link::new(words.t("list-overrides"), OVERRIDES.path);
    Ok(View::new(head.name.clone(), body, &of).under(up))
}
