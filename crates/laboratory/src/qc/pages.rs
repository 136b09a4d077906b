//! Quality control: the list of controls, the page of one, and the control charts.

use kernel::{QcEventId, ReferenceLotId};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::chart::{ControlChart, ControlPoint, Level, Limits};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Markup, Words, html};

use super::chart::{Spread, fired, spread};
use super::rows::{self, ControlLine};
use super::rules::{ControlKind, QcVerdict};
use crate::page::{self, Named, choice};
use crate::reference;

/// `/laboratory/qc`: all controls, newest first.
pub(crate) const CONTROLS: Listing = Listing {
    name: "controls",
    path: "/laboratory/qc",
    rail: "laboratory",
    readers: STAFF,
    fetch: controls,
    actions: &["qc.enter"],
};
/// `/laboratory/qc/{qc}`.
pub(crate) const PAGE: Page = Page { path: "/laboratory/qc/{qc}", rail: "laboratory", readers: STAFF, show };
/// `/laboratory/charts`.
pub(crate) const CHARTS: Page =
    Page { path: "/laboratory/charts", rail: "laboratory", readers: STAFF, show: show_charts };
/// `/laboratory/charts/{lot}/{analyte}`.
pub(crate) const CHART: Page =
    Page { path: "/laboratory/charts/{lot}/{analyte}", rail: "laboratory", readers: STAFF, show: show_chart };

fn controls(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (lines, total) = rows::page(visit.db, query)?;
    let table = page::listing(words, "controls", query, total, columns(words), rows_of(words, &lines));
    let options = |field: &str, all: Vec<&'static str>| -> Vec<(String, String)> {
        all.into_iter().map(|value| (value.to_owned(), choice(words, field, value))).collect()
    };
    let verdicts = options("verdict", QcVerdict::ALL.iter().map(|one| one.word()).collect());
    let kinds = options("control", ControlKind::ALL.iter().map(|one| one.word()).collect());
    let facets = vec![
        Facet { key: "verdict", label: words.t("field-verdict"), options: verdicts },
        Facet { key: "kind", label: words.t("field-kind"), options: kinds },
    ];
    Ok(Table { filter: true, facets, ..table })
}

fn columns(words: &Words) -> Vec<Column> {
    vec![
        page::column(words, "kind"),
        page::column(words, "analyte"),
        Column::number("measured", words.t("field-measured"), ""),
        Column::number("target", words.t("field-target"), ""),
        Column::number("tolerance", words.t("field-tolerance"), ""),
        page::column(words, "unit"),
        page::column(words, "verdict"),
        page::column(words, "rule"),
        page::column(words, "measured_at"),
        page::column(words, "remarks"),
    ]
}

fn rows_of(words: &Words, lines: &[ControlLine]) -> Vec<Row> {
    let number = |text: &Option<String>| {
        text.as_ref().map_or(Cell::Blank, |text| Cell::Number(Number::new(text.clone())))
    };
    let row = |line: &ControlLine| {
        let url = format!("/laboratory/qc/{}", line.id);
        let explained = Number { hand_typed: line.hand_typed, ..Number::new(&line.measured) };
        let cells = vec![
            Cell::Link(Link::new(choice(words, "control", line.kind.word()), &url)),
            Cell::Markup(ui::format::formula(&line.analyte)),
            Cell::Number(explained.explained(format!("/explain/{}", line.id))),
            number(&line.target),
            number(&line.tolerance),
            Cell::Text(line.unit.clone()),
            Cell::Badge(page::verdict_badge(words, line.verdict)),
            Cell::Text(words.t(&format!("rule-{}", line.rule))),
            page::at_cell(line.measured_at),
            typed(words, line),
        ];
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    };
    lines.iter().map(row).collect()
}

/// That a control was typed by hand; exports carry it in words.
fn typed(words: &Words, line: &ControlLine) -> Cell {
    match line.hand_typed {
        true => Cell::Text(words.t("page-result-hand-typed")),
        false => Cell::Blank,
    }
}

/// Controls as a table inside another page.
pub(crate) fn table(words: &Words, id: &str, lines: &[ControlLine]) -> Markup {
    Table::plain(id, words.t("list-controls"), columns(words), rows_of(words, lines)).render(words)
}

/// What the page of a control shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ControlPage {
    pub control: ControlLine,
    pub run: Option<Named>,
    pub reading: Option<Named>,
    pub reference_lot: Option<Named>,
    pub against: Option<Named>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: QcEventId = visit.id("qc")?;
    let control = rows::by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let run = visit.store.thread(|thread| thread.record(control.run))?;
    let data = ControlPage {
        run: page::name_opt(visit, run)?,
        reading: page::name_opt(visit, control.reading)?,
        reference_lot: page::name_opt(visit, control.reference_lot)?,
        against: page::name_opt(visit, control.against)?,
        control,
    };
    let view = View::new(id.to_string(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-controls"), "/laboratory/qc")))
}

impl ui::gallery::View for ControlPage {
    fn render(&self, words: &Words) -> Markup {
        let line = &self.control;
        let badges = vec![page::verdict_badge(words, line.verdict)];
        let name = format!("{} · {}", choice(words, "control", line.kind.word()), line.analyte);
        let head = page::head(words, "qc", &name, format!("/laboratory/qc/{}", line.id), badges);
        let explained = format!("/explain/{}", line.id);
        let number = |text: &str| Number::new(text).unit(&line.unit).explained(&explained).render(words);
        let chart = line.reference_lot.map(|lot| {
            let href = format!("/laboratory/charts/{lot}/{}", ui::kit::query::encode(&line.analyte));
            html! { (Link::new(words.t("page-charts"), href)) }
        });
        html! {
            (head.render(words))
            (page::facts(words, vec![
                ("field-measured", Some(number(&line.measured))),
                ("field-target", line.target.as_deref().map(number)),
                ("field-tolerance", line.tolerance.as_deref().map(number)),
                ("field-rule", page::plain(words.t(&format!("rule-{}", line.rule)))),
                ("field-run", self.run.as_ref().map(Named::markup)),
                ("kind-reading", self.reading.as_ref().map(Named::markup)),
                ("kind-reference-lot", self.reference_lot.as_ref().map(Named::markup)),
                ("field-against", self.against.as_ref().map(Named::markup)),
                ("field-measured-at", Some(words.time(line.measured_at.timestamp()))),
                ("page-charts", chart),
            ]))
        }
    }
}

/// A control for samples of pages.
pub(crate) fn sample_line() -> ControlLine {
    ControlLine {
        id: QcEventId(10),
        run: 20,
        position: 2,
        kind: ControlKind::Reference,
        analyte: "La2O3".into(),
        reading: Some(kernel::ReadingId(22)),
        reference_lot: Some(ReferenceLotId(6)),
        against: None,
        measured: "1.06".into(),
        value: Some("1.06".into()),
        target: Some("1".into()),
        tolerance: Some("0.05".into()),
        unit: "mg/L".into(),
        rule: "reference-percent".into(),
        verdict: QcVerdict::Failure,
        measured_at: kernel::Instant::from_micros(1_773_450_000_000_000),
        hand_typed: false,
    }
}

impl Sample for ControlPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let run = Some(Named::new(kernel::ImportId(20), "run-7.csv", "/intake/import-20"));
        vec![(
            "usual",
            ControlPage { control: sample_line(), run, reading: None, reference_lot: None, against: None },
        )]
    }
}

/// What the page of control charts lists.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChartsPage {
    pub charts: Vec<(ReferenceLotId, String, String, u64)>,
}

fn show_charts(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let data = ChartsPage { charts: rows::charted(visit.db)? };
    Ok(View::new(visit.words.t("page-charts"), data.render(visit.words), &data))
}

impl ui::gallery::View for ChartsPage {
    fn render(&self, words: &Words) -> Markup {
        let columns = vec![
            page::column(words, "reference"),
            page::column(words, "analyte"),
            Column::number("points", words.t("field-points"), ""),
        ];
        let row = |(lot, code, analyte, points): &(ReferenceLotId, String, String, u64)| {
            let href = format!("/laboratory/charts/{lot}/{}", ui::kit::query::encode(analyte));
            let cells = vec![
                Cell::Link(Link::new(code, &href)),
                Cell::Markup(ui::format::formula(analyte)),
                Cell::Number(Number::new(points.to_string())),
            ];
            Row { href: Some(href), id: None, cells }
        };
        let rows = self.charts.iter().map(row).collect();
        let title = words.t("page-charts");
        let empty = page::empty(words, "charts");
        html! {
            (page_head(&title, Some(&words.t("page-charts-lead")), None))
            (Table { empty, ..Table::plain("charts", title.clone(), columns, rows) }.render(words))
        }
    }
}

impl Sample for ChartsPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let charts = vec![(ReferenceLotId(6), "GBW07163".to_owned(), "La2O3".to_owned(), 24)];
        vec![("usual", ChartsPage { charts }), ("empty", ChartsPage { charts: vec![] })]
    }
}

/// What a control chart shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChartPage {
    pub code: String,
    pub analyte: String,
    pub controls: Vec<ControlLine>,
    pub spread: Option<Spread>,
}

fn show_chart(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let lot: ReferenceLotId = visit.id("lot")?;
    let analyte = visit.path.get("analyte").cloned().unwrap_or_default();
    let found = reference::rows::lot_by_id(visit.db, lot)?.ok_or_else(|| Miss::NoSuch(lot.to_string()))?;
    let mut controls = rows::of_reference(visit.db, lot, &analyte)?;
    controls.sort_by_key(|line| (line.measured_at, line.id));
    let numbers: Vec<f64> = controls.iter().filter_map(number).collect();
    let data = ChartPage { code: found.code, analyte, spread: spread(&numbers), controls };
    let title = format!("{} · {}", data.code, data.analyte);
    let view = View::new(title, data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("page-charts"), "/laboratory/charts")))
}

fn number(line: &ControlLine) -> Option<f64> {
    line.value.as_deref().and_then(|text| text.parse().ok())
}

/// How many decimals mean and limits are shown with: one more than the points have, as ISO 7870-2 reckons.
fn decimals<'a>(values: impl Iterator<Item = &'a str>) -> usize {
    let most = values.map(|text| text.split_once('.').map_or(0, |(_, fraction)| fraction.len())).max();
    most.unwrap_or_default() + 1
}

impl ChartPage {
    fn chart(&self, words: &Words, spread: Spread) -> ControlChart {
        let decimals = decimals(self.controls.iter().filter_map(|line| line.value.as_deref()));
        let level = |value: f64| Level { value, text: format!("{value:.decimals$}") };
        let charted: Vec<(&ControlLine, f64)> =
            self.controls.iter().filter_map(|line| Some((line, number(line)?))).collect();
        let numbers: Vec<f64> = charted.iter().map(|(_, value)| *value).collect();
        let point = |((line, value), fired): (&(&ControlLine, f64), Vec<super::chart::Fired>)| ControlPoint {
            label: line.id.to_string(),
            at: Some(line.measured_at.timestamp()),
            level: Level { value: *value, text: line.measured.clone() },
            href: format!("/laboratory/qc/{}", line.id),
            fired: fired.iter().map(|rule| words.t(&format!("westgard-{rule}"))).collect(),
        };
        let (mean, sd) = (spread.mean, spread.sd);
        ControlChart {
            id: "control-chart".to_owned(),
            what: format!("{} · {}", self.code, self.analyte),
            unit: self.controls.first().map(|line| line.unit.clone()).unwrap_or_default(),
            points: charted.iter().zip(fired(&numbers, spread)).map(point).collect(),
            limits: Limits {
                centre: level(mean),
                warning: Some((level(mean - 2.0 * sd), level(mean + 2.0 * sd))),
                control: (level(mean - 3.0 * sd), level(mean + 3.0 * sd)),
            },
        }
    }
}

impl ui::gallery::View for ChartPage {
    fn render(&self, words: &Words) -> Markup {
        let title = format!("{} · {}", self.code, self.analyte);
        html! {
            (page_head(&title, Some(&words.t("page-chart-lead")), None))
            @match self.spread {
                Some(spread) => (self.chart(words, spread).render(words)),
                None => (page::empty(words, "chart").render()),
            }
            (table(words, "controls", &self.controls))
        }
    }
}

impl Sample for ChartPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |at: u64, value: f64| {
            let text = format!("{value:.3}");
            ControlLine { id: QcEventId(at), measured: text.clone(), value: Some(text), ..sample_line() }
        };
        let values = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.01, 1.08, 0.99, 1.0, 1.01, 1.0];
        let controls: Vec<_> =
            values.iter().enumerate().map(|(at, value)| line(at as u64 + 1, *value)).collect();
        let usual =
            ChartPage { code: "GBW07163".into(), analyte: "La2O3".into(), spread: spread(&values), controls };
        vec![("usual", usual.clone()), ("too few", ChartPage { spread: None, controls: vec![], ..usual })]
    }
}
