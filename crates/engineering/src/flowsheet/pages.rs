//! The pages of flowsheets and their versions.

use kernel::{FlowsheetId, FlowsheetVersionId, Instant};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::chart::{Mark, Series, Shape, Trend};
use ui::gallery::{self, Sample};
use ui::kit::blocks::{facts, section};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, Markup, State, Words, html};

use super::diagram::{Tone, diagram};
use super::edit;
use super::rows::{self, Version};
use super::rules::Definition;
use crate::balance::list_rows::{self, LossLine};
use crate::balance::lists_pages;
use crate::balance::rows as balances;
use crate::show::{self, pick};
use crate::solve::{Case, PERIODS, Persistent, Settings, What, persistent, text};

/// `/balance/flowsheets`.
pub(crate) const LISTING: Listing = Listing {
    name: "flowsheets",
    path: "/balance/flowsheets",
    rail: "balance",
    readers: STAFF,
    fetch: list,
    actions: &["flowsheet.define", "flowsheet.issue_version"],
};

/// One flowsheet, the editor of its next version, one version.
pub(crate) const PAGES: [Page; 3] = [
    Page { path: "/balance/flowsheets/{flowsheet}", rail: "balance", readers: STAFF, show },
    Page { path: "/balance/flowsheets/{flowsheet}/edit", rail: "balance", readers: STAFF, show: edit::show },
    Page {
        path: "/balance/flowsheet-versions/{version}",
        rail: "balance",
        readers: STAFF,
        show: show_version,
    },
];

/// The list of flowsheets, above each of them.
pub(super) fn parent(words: &Words) -> Link {
    Link::new(words.t("list-flowsheets"), LISTING.path)
}

fn list(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = rows::page(visit.db, query)?;
    let rows = found.into_iter().map(|of| {
        let url = format!("/balance/flowsheets/{}", of.head.id);
        Row {
            href: Some(url.clone()),
            id: Some(of.head.id.to_string()),
            cells: vec![
                Cell::Link(Link::new(&of.head.code, url)),
                Cell::Text(pick(words, &of.head.names)),
                Cell::Number(Number::new(of.versions.to_string())),
                Cell::Number(Number::new(of.balances.to_string())),
            ],
        }
    });
    let columns = vec![
        Column::text("code", words.t("field-code")),
        Column::text("name", words.t("field-name")),
        Column::number("versions", words.t("column-versions"), ""),
        Column::number("balances", words.t("column-balances"), ""),
    ];
    let mut table = Table::plain("flowsheets", words.t("list-flowsheets"), columns, rows.collect());
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    table.empty.title = words.t("empty-flowsheets");
    table.empty.hint = words.t("empty-flowsheets-hint");
    Ok(table)
}

/// A flowsheet with its versions, its periods and how they closed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FlowsheetPage {
    id: FlowsheetId,
    code: String,
    name: kernel::Names,
    latest: Option<Version>,
    versions: Vec<(FlowsheetVersionId, String, Instant, String)>,
    balances: Vec<list_rows::Line>,
    losses: Vec<LossLine>,
    /// What persists over the periods of the latest version, and over how many; none where it cannot be said.
    persists: Option<(usize, Vec<Persistent>)>,
    /// To open a balance, or first to draw a version; or who could.
    #[serde(skip)]
    action: Option<Action>,
    #[serde(skip)]
    may_draw: bool,
}

/// Where the next version is drawn.
fn editor(id: FlowsheetId) -> String {
    format!("/balance/flowsheets/{id}/edit")
}

/// To open a balance on a version; or who could.
fn opening(visit: &mut Visit<'_>, version: FlowsheetVersionId) -> Result<Action, Miss> {
    let address = format!("/do/balance.open?flowsheet_version={version}");
    Ok(authority::offer(visit, "balance.open", address)?)
}

/// The last periods of a version that were reconciled, as they were.
fn periods(
    visit: &mut Visit<'_>,
    version: &Version,
    lines: &[list_rows::Line],
) -> Result<Vec<(String, Case, Settings)>, Miss> {
    let mut found = Vec::new();
    for line in lines.iter().rev().filter(|line| line.reconciled) {
        if found.len() == PERIODS {
            break;
        }
        let Some(balance) = balances::find(visit.db, line.id)?.filter(|of| of.version == version.id) else {
            continue;
        };
        let latest = balance.state.reconciliation();
        let solved = latest.map(|latest| balances::solved(visit.db, latest)).transpose()?.flatten();
        if let Some(solved) = solved {
            let case = balances::case(visit.db, &balance, version)?;
            found.push((line.code.clone(), case, solved.settings));
        }
    }
    Ok(found)
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: FlowsheetId = visit.id("flowsheet")?;
    let head = rows::head(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let mut versions = Vec::new();
    for issued in rows::versions(visit.db, id)? {
        versions.push((issued.id, issued.edition, issued.at, show::person(visit, issued.by)?));
    }
    let latest = match versions.first() {
        Some((newest, ..)) => rows::version(visit.db, *newest)?,
        None => None,
    };
    let (balances, losses) = (list_rows::of_flowsheet(visit.db, id)?, list_rows::losses_of(visit.db, id)?);
    let persists = match &latest {
        Some(version) => {
            let periods = periods(visit, version, &balances)?;
            persistent(&periods).map(|found| (periods.len(), found))
        }
        None => None,
    };
    let (code, name) = (head.code, head.names);
    let action = Some(match &latest {
        Some(version) => opening(visit, version.id)?,
        None => authority::offer(visit, "flowsheet.issue_version", editor(id))?,
    });
    let may_draw = visit.may("flowsheet.issue_version");
    let page =
        FlowsheetPage { id, code, name, latest, versions, balances, losses, persists, action, may_draw };
    let body = gallery::View::render(&page, visit.words);
    Ok(View::new(page.code.clone(), body, &page).under(parent(visit.words)))
}

impl gallery::View for FlowsheetPage {
    fn render(&self, words: &Words) -> Markup {
        let edit = || Link::new(words.t("action-next-version"), editor(self.id));
        let others = (self.latest.is_some() && self.may_draw).then(edit).into_iter().collect();
        let head = RecordHead {
            kind: words.t("kind-flowsheet"),
            name: self.code.clone(),
            badges: vec![],
            action: self.action.clone(),
            others,
            path: format!("/balance/flowsheets/{}", self.id),
            tab: RecordTab::Overview,
        };
        let balances = lists_pages::table(words, &self.balances, false);
        html! {
            (head.render(words))
            p.lead { (pick(words, &self.name)) }
            @if let Some(version) = &self.latest {
                (diagram(words, &version.definition, &version.label(), &|_| Tone::default()))
            }
            (section(&words.t("section-periods"), balances.render(words)))
            @if self.losses.len() > 1 {
                (section(&words.t("section-cusum"), html! {
                    p.lead { (words.t("section-cusum-lead")) }
                    (cusum(words, &self.losses).render(words))
                }))
            }
            @if let (Some(version), Some((periods, found))) = (&self.latest, &self.persists) {
                @let count = [("count", (*periods).into())];
                (section(&words.t("section-persists"), html! {
                    p.lead { (words.tv("section-persists-lead", &count)) }
                    @if found.is_empty() { p { (words.t("persists-none")) } }
                    @else { (persisting(words, version, found).render(words)) }
                }))
            }
            (section(&words.t("section-losses"), lists_pages::losses(words, &self.losses).render(words)))
            (section(&words.t("column-versions"), self.versions(words).render(words)))
        }
    }
}

impl FlowsheetPage {
    fn versions(&self, words: &Words) -> Table {
        let rows = self.versions.iter().map(|(id, edition, at, by)| {
            let url = format!("/balance/flowsheet-versions/{id}");
            let cells = vec![
                Cell::Link(Link::new(edition, &url)),
                Cell::Instant(at.timestamp()),
                Cell::Text(by.clone()),
            ];
            Row { href: Some(url), id: None, cells }
        });
        let columns = vec![
            Column::text("edition", words.t("field-edition")),
            Column::text("at", words.t("field-at")),
            Column::text("person", words.t("field-person")),
        ];
        Table::plain("versions", words.t("column-versions"), columns, rows.collect())
    }
}

/// What reads wrong, or leaks, alike in all periods.
fn persisting(words: &Words, version: &Version, found: &[Persistent]) -> Table {
    let of = &version.definition;
    let rows = found.iter().map(|one| {
        let (place, quantity, key, unit) = match &one.what {
            What::Bias { stream, of: quantity } => {
                let stream = of.stream(stream).map(|stream| show::stream(words, stream));
                (stream, quantity, "persists-bias", "%")
            }
            What::Leak { node, of: quantity } => {
                let node = of.node(node).map(|node| show::node(words, node));
                (node, quantity, "persists-leak", of.unit.symbol())
            }
        };
        let number = |text: &str| Cell::Number(Number::new(text.to_owned()));
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(place.unwrap_or_default()),
                Cell::Text(show::quantity(words, quantity)),
                Cell::Text(words.t(key)),
                Cell::Text(format!("{} ± {} {unit}", one.size, one.sd)),
                number(&one.periods.to_string()),
                number(&one.statistic),
                number(&one.critical),
            ],
        }
    });
    let columns = vec![
        Column::text("place", words.t("column-stream-or-node")),
        Column::text("quantity", words.t("column-quantity")),
        Column::text("kind", words.t("column-judgement")),
        Column::text("size", words.t("column-size")),
        Column::number("periods", words.t("section-periods"), ""),
        Column::number("statistic", words.t("column-test"), ""),
        Column::number("critical", words.t("column-critical"), ""),
    ];
    Table::plain("persists", words.t("section-persists"), columns, rows.collect())
}

/// The cumulative sum of loss over its standard deviation, period by period: noise wanders about zero, a
/// standing loss walks away (Page 1954).
fn cusum(words: &Words, losses: &[LossLine]) -> Trend {
    let mut periods: Vec<&str> = losses.iter().map(|line| line.code.as_str()).collect();
    periods.dedup();
    let mut quantities: Vec<&str> = losses.iter().map(|line| line.of.as_str()).collect();
    quantities.sort_unstable();
    quantities.dedup();
    let series = quantities.iter().map(|of| {
        let mut sum = 0.0;
        let marks = periods.iter().map(|period| {
            let line = losses.iter().find(|line| line.code == *period && line.of == **of)?;
            let z = text::drawn(&line.lost)? / text::drawn(&line.sd).filter(|sd| *sd > 0.0)?;
            sum += z;
            let href = Some(crate::described::page_of(line.balance));
            Some(Mark { value: sum, text: format!("{sum:.2}"), href })
        });
        Series { name: show::quantity(words, of), shape: Shape::Line, marks: marks.collect() }
    });
    Trend {
        id: "cusum".to_owned(),
        title: words.t("section-cusum"),
        unit: words.t("unit-sd"),
        series: series.collect(),
        categories: periods.into_iter().map(str::to_owned).collect(),
    }
}

impl Sample for FlowsheetPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let Some(version) = sample_version() else { return Vec::new() };
        let at = Instant::from_micros(1_772_409_600_000_000);
        let usual = FlowsheetPage {
            id: version.head.id,
            code: version.head.code.clone(),
            name: version.head.names.clone(),
            versions: vec![(version.id, version.edition.clone(), at, "Xu Lan".to_owned())],
            latest: Some(version),
            balances: lists_pages::sample_lines(),
            losses: lists_pages::sample_losses(),
            persists: Some((
                12,
                vec![Persistent {
                    what: What::Bias { stream: "feed".to_owned(), of: "flow".to_owned() },
                    periods: 12,
                    size: "1.95".to_owned(),
                    sd: "0.28".to_owned(),
                    statistic: "6.90".to_owned(),
                    critical: "2.64".to_owned(),
                }],
            )),
            action: None,
            may_draw: true,
        };
        let bare = FlowsheetPage {
            latest: None,
            versions: vec![],
            balances: vec![],
            losses: vec![],
            persists: None,
            ..usual.clone()
        };
        vec![("usual", usual), ("without versions", bare)]
    }
}

fn sample_version() -> Option<Version> {
    use store::Fact;
    super::issue_version::FlowsheetVersionIssued::samples().pop().map(|fact| fact.version)
}

/// One version of a flowsheet.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VersionPage {
    version: Version,
    #[serde(skip)]
    action: Option<Action>,
}

fn show_version(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: FlowsheetVersionId = visit.id("version")?;
    let version = rows::version(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let action = Some(opening(visit, id)?);
    let page = VersionPage { version, action };
    let body = gallery::View::render(&page, visit.words);
    let head = &page.version.head;
    let up = Link::new(head.code.clone(), format!("/balance/flowsheets/{}", head.id));
    Ok(View::new(page.version.label(), body, &page).under(parent(visit.words)).under(up))
}

impl gallery::View for VersionPage {
    fn render(&self, words: &Words) -> Markup {
        let version = &self.version;
        let of = &version.definition;
        let head = RecordHead {
            kind: words.t("kind-flowsheet-version"),
            name: version.label(),
            badges: vec![],
            action: self.action.clone(),
            others: vec![],
            path: format!("/balance/flowsheet-versions/{}", version.id),
            tab: RecordTab::Overview,
        };
        let basis = if of.is_slurry() { "word-slurry" } else { "basis-dry" };
        let labels = ["field-unit", "field-limit-sds", "field-limit-percent"].map(|key| words.t(key));
        html! {
            (head.render(words))
            (diagram(words, of, &version.label(), &|_| Tone::default()))
            (facts([
                (labels[0].as_str(), html! { (of.unit) " " span.muted { (words.t(basis)) } }),
                (labels[1].as_str(), html! { (of.limit_sds) }),
                (labels[2].as_str(), html! {
                    @if let Some(percent) = of.limit_percent { (percent) " %" } @else { "—" }
                }),
            ]))
            (section(&words.t("field-streams"), streams(words, of).render(words)))
            (section(&words.t("field-nodes"), nodes(words, of).render(words)))
            (section(&words.t("field-components"), components(words, of).render(words)))
            @let said = super::said::statements(words, of);
            @if !said.is_empty() {
                @let lines = html! { ul.plain { @for line in &said { li { (line) } } } };
                (section(&words.t("section-statements"), lines))
            }
        }
    }
}

fn streams(words: &Words, of: &Definition) -> Table {
    let end = |name: &Option<kernel::Code>| {
        let node = name.as_ref().and_then(|name| of.node(name.as_str()));
        node.map_or_else(|| words.t("word-outside"), |node| show::node(words, node))
    };
    let rows = of.streams.iter().map(|stream| Row {
        href: None,
        id: None,
        cells: vec![
            Cell::Text(stream.name.to_string()),
            Cell::Text(show::stream(words, stream)),
            Cell::Text(end(&stream.from)),
            Cell::Text(end(&stream.to)),
            stream.target_percent.map_or(Cell::Blank, |target| Cell::Number(Number::new(target.to_string()))),
        ],
    });
    let columns = vec![
        Column::text("name", words.t("field-code")),
        Column::text("label", words.t("field-name")),
        Column::text("from", words.t("field-from-node")),
        Column::text("to", words.t("field-to-node")),
        Column::number("target", words.t("field-target-percent"), "%"),
    ];
    Table::plain("streams", words.t("field-streams"), columns, rows.collect())
}

fn nodes(words: &Words, of: &Definition) -> Table {
    let rows = of.nodes.iter().map(|node| {
        let closing = node.closes_on.as_ref().and_then(|name| of.stream(name.as_str()));
        let stock = node.stock.0.then(|| Badge::new(State::Neutral, words.t("field-stock")));
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(node.name.to_string()),
                Cell::Text(show::node(words, node)),
                stock.map_or(Cell::Blank, Cell::Badge),
                closing.map_or(Cell::Blank, |stream| Cell::Text(show::stream(words, stream))),
            ],
        }
    });
    let columns = vec![
        Column::text("name", words.t("field-code")),
        Column::text("label", words.t("field-name")),
        Column::text("stock", words.t("field-stock")),
        Column::text("closes", words.t("field-closes-on")),
    ];
    Table::plain("nodes", words.t("field-nodes"), columns, rows.collect())
}

fn components(words: &Words, of: &Definition) -> Table {
    let rows = of.components.iter().map(|part| Row {
        href: None,
        id: None,
        cells: vec![
            Cell::Markup(ui::format::formula(&show::quantity(words, part.name.as_str()))),
            Cell::Text(part.unit.symbol().to_owned()),
            Cell::Text(super::said::share_of(words, part)),
            Cell::Text(super::said::conserved(words, of, part)),
        ],
    });
    let columns = vec![
        Column::text("name", words.t("field-name")),
        Column::text("unit", words.t("field-unit")),
        Column::text("of", words.t("field-share-of")),
        Column::text("reacts", words.t("field-reacts")),
    ];
    Table::plain("components", words.t("field-components"), columns, rows.collect())
}

impl Sample for VersionPage {
    fn samples() -> Vec<(&'static str, Self)> {
        sample_version().map(|version| ("usual", VersionPage { version, action: None })).into_iter().collect()
    }
}
