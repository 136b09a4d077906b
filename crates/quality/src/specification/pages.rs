//! The pages of specifications.

use kernel::{Instant, SpecificationId, SpecificationVersionId};
use serde::Serialize;
use site::{Listing, Miss, Named, Page, STAFF, View, Visit};
use ui::gallery::{self, Sample};
use ui::kit::blocks::{facts, section};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, Markup, State, Words, format, html};

use super::rows::{self, Version};
use super::rules::{Force, force};
use crate::show::{analyte, pick};
use crate::view_rows;

/// `/quality/specifications`.
pub(crate) const LISTING: Listing = Listing {
    name: "specifications",
    path: "/quality/specifications",
    rail: "quality",
    readers: STAFF,
    fetch: list,
    actions: &["specification.define", "specification.issue_version"],
};

/// The pages of one specification and of one edition.
pub(crate) const PAGES: [Page; 2] = [
    Page {
        path: "/quality/specifications/{specification}",
        rail: "quality",
        readers: STAFF,
        show: show_head,
    },
    Page {
        path: "/quality/specification-versions/{version}",
        rail: "quality",
        readers: STAFF,
        show: show_version,
    },
];

fn list(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = rows::page(visit.db, query)?;
    let rows = found.into_iter().map(|of| {
        let url = format!("/quality/specifications/{}", of.head.id);
        let material = format!("/materials/{}", of.head.material);
        Row {
            href: Some(url.clone()),
            id: Some(of.head.id.to_string()),
            cells: vec![
                Cell::Link(Link::new(&of.head.code, url)),
                Cell::Text(pick(words, &of.head.names)),
                Cell::Text(of.head.grade),
                Cell::Link(Link::new(of.material_code, material)),
                Cell::Number(Number::new(of.editions.to_string())),
            ],
        }
    });
    let columns = vec![
        Column::text("code", words.t("field-code")),
        Column::text("name", words.t("field-name")),
        Column::text("grade", words.t("field-grade")),
        Column::text("material", words.t("field-material")),
        Column::number("editions", words.t("column-editions"), ""),
    ];
    let mut table = Table::plain("specifications", words.t("list-specifications"), columns, rows.collect());
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    table.empty.title = words.t("empty-specifications");
    table.empty.hint = words.t("empty-specifications-hint");
    Ok(table)
}

/// A specification with its editions.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SpecificationPage {
    id: SpecificationId,
    code: String,
    name: kernel::Names,
    grade: String,
    material: Named,
    editions: Vec<(Named, Instant, Option<Instant>, Force)>,
    now: Instant,
    /// To issue an edition, or who could.
    #[serde(skip)]
    action: Option<Action>,
}

fn show_head(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: SpecificationId = visit.id("specification")?;
    let head = rows::head(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let mut editions = Vec::new();
    for version in rows::of_specification(visit.db, id)? {
        let label = match version.party {
            Some(party) => format!("{} · {}", version.edition, visit.name(party)?.label),
            None => version.edition.clone(),
        };
        let named = Named::new(version.id, label, format!("/quality/specification-versions/{}", version.id));
        let standing = force(&version, visit.now);
        editions.push((named, version.in_force_from, version.in_force_until, standing));
    }
    let material = visit.name(head.material)?;
    let address = format!("/do/specification.issue_version?specification={id}");
    let action = Some(authority::offer(visit, "specification.issue_version", address)?);
    let page = SpecificationPage {
        id,
        code: head.code,
        name: head.names,
        grade: head.grade,
        material,
        editions,
        now: visit.now,
        action,
    };
    let body = gallery::View::render(&page, visit.words);
    Ok(View::new(page.code.clone(), body, &page).under(parent(visit.words)))
}

fn parent(words: &Words) -> Link {
    Link::new(words.t("list-specifications"), LISTING.path)
}

impl gallery::View for SpecificationPage {
    fn render(&self, words: &Words) -> Markup {
        let head = RecordHead {
            kind: words.t("kind-specification"),
            name: self.code.clone(),
            badges: vec![],
            action: self.action.clone(),
            others: vec![],
            path: format!("/quality/specifications/{}", self.id),
            tab: RecordTab::Overview,
        };
        let rows = self.editions.iter().map(|(named, from, until, force)| Row {
            href: Some(named.url.clone()),
            id: None,
            cells: vec![
                named.cell(),
                Cell::Badge(force_badge(words, *force)),
                Cell::Instant(from.timestamp()),
                until.map_or(Cell::Blank, |until| Cell::Instant(until.timestamp())),
            ],
        });
        let columns = vec![
            Column::text("edition", words.t("field-edition")),
            Column::text("state", words.t("column-standing")),
            Column::text("from", words.t("field-in-force-from")),
            Column::text("until", words.t("field-in-force-until")),
        ];
        let table = Table::plain("editions", words.t("column-editions"), columns, rows.collect());
        let (name, grade, material) =
            (words.t("field-name"), words.t("field-grade"), words.t("field-material"));
        html! {
            (head.render(words))
            (facts([
                (name.as_str(), html! { (pick(words, &self.name)) }),
                (grade.as_str(), html! { (self.grade) }),
                (material.as_str(), html! { (self.material.link()) }),
            ]))
            (section(&words.t("column-editions"), table.render(words)))
        }
    }
}

fn force_badge(words: &Words, force: Force) -> Badge {
    match force {
        Force::Coming => Badge::new(State::Neutral, words.t("state-edition-coming")),
        Force::InForce => Badge::new(State::Pass, words.t("state-edition-in-force")),
        Force::Ended => Badge::new(State::Warning, words.t("state-edition-ended")),
    }
}

impl Sample for SpecificationPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let at = Instant::from_micros(1_772_409_600_000_000);
        let version = Named::new(
            SpecificationVersionId(6),
            "2023",
            "/quality/specification-versions/specification-version-6",
        );
        let usual = SpecificationPage {
            id: SpecificationId(5),
            code: "HG/T 4823".into(),
            name: kernel::Names {
                en: "Manganese sulphate for batteries".into(), zh: "电池用硫酸锰".into()
            },
            grade: "MSM-B1".into(),
            material: Named::new(kernel::MaterialId(1), "MSM", "/materials/material-1"),
            editions: vec![(version, at, None, Force::InForce)],
            now: at,
            action: None,
        };
        vec![("usual", usual.clone()), ("without editions", SpecificationPage { editions: vec![], ..usual })]
    }
}

/// One edition with its items.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VersionPage {
    version: Version,
    force: Force,
    party: Option<Named>,
}

fn show_version(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: SpecificationVersionId = visit.id("version")?;
    let version = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let party = match version.party {
        Some(party) => Some(match view_rows::party(visit.db, party)? {
            Some(of) => Named::new(party, pick(visit.words, &of.names), format!("/parties/{party}")),
            None => Named::new(party, party.to_string(), String::new()),
        }),
        None => None,
    };
    let page = VersionPage { force: force(&version, visit.now), version, party };
    let body = gallery::View::render(&page, visit.words);
    let up = format!("/quality/specifications/{}", page.version.specification);
    let view = View::new(page.version.label(), body, &page).under(parent(visit.words));
    Ok(view.under(Link::new(page.version.code.clone(), up)))
}

impl gallery::View for VersionPage {
    fn render(&self, words: &Words) -> Markup {
        let version = &self.version;
        let head = RecordHead {
            kind: words.t("kind-specification-version"),
            name: version.label(),
            badges: vec![force_badge(words, self.force)],
            action: None,
            others: vec![],
            path: format!("/quality/specification-versions/{}", version.id),
            tab: RecordTab::Overview,
        };
        let rows = version.items.iter().map(|item| {
            let limit = item.limit().ok().flatten().map(|limit| limit.to_string()).unwrap_or_default();
            let guard = item.guard_band.map(|width| format!("± {width}")).unwrap_or_default();
            let required = if item.optional.0 { "no" } else { "yes" };
            let said = |field: &str, rule: Option<&str>| match rule {
                Some(rule) => words.t(&site::word(&format!("choice-{field}"), rule)),
                None => words.t("choice-unsaid"),
            };
            Row {
                href: None,
                id: None,
                cells: vec![
                    Cell::Markup(format::formula(&analyte(words, &item.analyte.to_string()))),
                    Cell::Text(limit),
                    Cell::Text(item.unit.symbol().to_owned()),
                    Cell::Text(words.t(&format!("basis-{}", item.basis.as_str().replace('_', "-")))),
                    Cell::Text(
                        words.t(&format!("comparison-{}", item.comparison.as_str().replace('_', "-"))),
                    ),
                    Cell::Text(words.t(&site::word("choice-rounding", item.rounding.as_str()))),
                    Cell::Text(guard),
                    Cell::Text(said("samples", item.samples.map(|rule| rule.word()))),
                    Cell::Text(said("repeats", item.repeats.map(|rule| rule.word()))),
                    Cell::Text(words.t(&format!("answer-{required}"))),
                ],
            }
        });
        let columns = [
            "analyte",
            "limit",
            "unit",
            "basis",
            "comparison",
            "rounding",
            "guard-band",
            "samples",
            "repeats",
            "required",
        ]
        .map(|key| Column::text(key, words.t(&format!("field-{key}"))));
        let table = Table::plain("items", words.t("field-items"), columns.to_vec(), rows.collect());
        let keys = ["grade", "in-force-from", "in-force-until", "customer", "requires-balance"];
        let labels = keys.map(|key| words.t(&format!("field-{key}")));
        let asks = if version.requires_balance { "answer-yes" } else { "answer-no" };
        let until = version.in_force_until.map(|until| words.time(until.timestamp()));
        html! {
            (head.render(words))
            (facts([
                (labels[0].as_str(), html! { (version.grade) }),
                (labels[1].as_str(), words.time(version.in_force_from.timestamp())),
                (labels[2].as_str(), html! { @if let Some(until) = until { (until) } @else { "—" } }),
                (labels[3].as_str(), html! {
                    @if let Some(party) = &self.party { (party.link()) } @else { "—" }
                }),
                (labels[4].as_str(), html! { (words.t(asks)) }),
            ]))
            (section(&words.t("field-items"), table.render(words)))
        }
    }
}

impl Sample for VersionPage {
    fn samples() -> Vec<(&'static str, Self)> {
        use store::Fact;
        let issued = super::issue_version::SpecificationVersionIssued::samples();
        issued
            .into_iter()
            .map(|fact| ("usual", VersionPage { version: fact.version, force: Force::InForce, party: None }))
            .collect()
    }
}
