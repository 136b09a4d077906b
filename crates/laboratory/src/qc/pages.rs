//! Quality control: the list of controls, the page of one, and the control charts.

use kernel::{QcEventId, ReferenceLotId};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::chart::{ControlChart, ControlPoint, Level, Limits};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::Notice;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Markup, State, Words, html};

use super::chart::{Judgement, LEAST, Point, Spread, judge, learned};
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
    let columns = columns(words).into_iter().map(|of| match of.key {
        "kind" | "analyte" | "verdict" | "measured_at" => of.sortable(),
        _ => of,
    });
    let table = page::listing(words, "controls", query, total, columns.collect(), rows_of(words, &lines));
    let options = |field: &str, all: Vec<&'static str>| -> Vec<(String, String)> {
        all.into_iter().map(|value| (value.to_owned(), choice(words, field, value))).collect()
    };
    let verdicts = options("verdict", QcVerdict::ALL.iter().map(|one| one.word()).collect());
    let kinds = options("control", ControlKind::ALL.iter().map(|one| one.word()).collect());
    let facets = vec![
        Facet { key: "verdict", label: words.t("field-verdict"), options: verdicts },
        Facet { key: "kind", label: words.t("field-kind"), options: kinds },
    ];
    Ok(Table { facets, ..table })
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

/// How many points a chart shows; older ones count all the same.
const SHOWN: usize = 500;

/// What a control chart shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChartPage {
    pub code: String,
    pub analyte: String,
    pub unit: String,
    /// The limits for the next point; none while they are not established.
    pub spread: Option<Spread>,
    /// How many points in control establish limits.
    pub least: usize,
    /// What is certified and how far from it is good: what holds until then.
    pub stated: Option<Stated>,
    pub controls: Vec<Charted>,
}

/// The stated limits of a chart, digits as kept.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Stated {
    pub target: String,
    pub tolerance: String,
}

/// A control, and how it stands on the chart; censored ones and those in a foreign unit do not.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Charted {
    #[serde(flatten)]
    pub line: ControlLine,
    pub charted: Option<f64>,
    pub judged: Option<Judgement>,
}

fn show_chart(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let lot: ReferenceLotId = visit.id("lot")?;
    let analyte = visit.path.get("analyte").cloned().unwrap_or_default();
    let found = reference::rows::lot_by_id(visit.db, lot)?.ok_or_else(|| Miss::NoSuch(lot.to_string()))?;
    let data = ChartPage::of(found.code, analyte.clone(), rows::of_reference(visit.db, lot, &analyte)?);
    let title = format!("{} · {}", data.code, data.analyte);
    let view = View::new(title, data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("page-charts"), "/laboratory/charts")))
}

/// How many decimals mean and limits are shown with: one more than the points have, as ISO 7870-2 reckons.
fn decimals<'a>(values: impl Iterator<Item = &'a str>) -> usize {
    let most = values.map(|text| text.split_once('.').map_or(0, |(_, fraction)| fraction.len())).max();
    most.unwrap_or_default() + 1
}

impl ChartPage {
    /// Judges the controls of a chart, which come in the order of their measurement: the first points, which
    /// make the limits, and the newest, which are shown. Its unit is that of the newest.
    fn of(code: String, analyte: String, lines: Vec<ControlLine>) -> Self {
        let unit = lines.last().map(|line| line.unit.clone()).unwrap_or_default();
        let into: Option<measure::Unit> = unit.parse().ok();
        let point = |line: &ControlLine| {
            let of = line.unit.parse().ok()?;
            let counts = line.rule != "reference-expired";
            Point::read(line.measured_at, line.value.as_deref().filter(|_| counts)?, of, into?)
        };
        let points: Vec<Option<Point>> = lines.iter().map(point).collect();
        let on_chart: Vec<Point> = points.iter().flatten().copied().collect();
        let mut judged = judge(&on_chart).into_iter();
        let stated = lines.iter().rev().filter(|line| line.rule != "reference-chart").find_map(|line| {
            let (target, tolerance) = (line.target.clone()?, line.tolerance.clone()?);
            Some(Stated { target, tolerance })
        });
        let controls = lines.into_iter().zip(points).map(|(line, point)| Charted {
            line,
            charted: point.map(|point| point.value),
            judged: point.and_then(|_| judged.next()),
        });
        let mut controls: Vec<Charted> = controls.collect();
        controls.drain(..controls.len().saturating_sub(SHOWN));
        ChartPage { code, analyte, unit, spread: learned(&on_chart), least: LEAST, stated, controls }
    }

    /// Centre, warning limits and control limits to draw: the learned ones, else the stated ones.
    fn limits(&self, decimals: usize) -> Option<Limits> {
        let level = |value: f64| Level { value, text: format!("{value:.decimals$}") };
        if let Some(Spread { mean, sd, .. }) = self.spread {
            return Some(Limits {
                centre: level(mean),
                warning: Some((level(mean - 2.0 * sd), level(mean + 2.0 * sd))),
                control: (level(mean - 3.0 * sd), level(mean + 3.0 * sd)),
            });
        }
        let stated = self.stated.as_ref()?;
        let read = |text: &str| text.parse::<f64>().ok();
        let (target, tolerance) = (read(&stated.target)?, read(&stated.tolerance)?);
        let centre = Level { value: target, text: stated.target.clone() };
        Some(Limits {
            centre,
            warning: None,
            control: (level(target - tolerance), level(target + tolerance)),
        })
    }

    fn chart(&self, words: &Words, limits: Limits, decimals: usize) -> ControlChart {
        let point = |one: &Charted| {
            let line = &one.line;
            Some(ControlPoint {
                label: line.id.to_string(),
                at: Some(line.measured_at.timestamp()),
                level: Level { value: one.charted?, text: line.measured.clone() },
                href: format!("/laboratory/qc/{}", line.id),
                fired: fired(words, one, decimals),
            })
        };
        ControlChart {
            id: "control-chart".to_owned(),
            what: format!("{} · {}", self.code, self.analyte),
            unit: self.unit.clone(),
            points: self.controls.iter().filter_map(point).collect(),
            limits,
        }
    }

    /// By which limits the chart judges.
    fn basis(&self, words: &Words) -> String {
        match &self.spread {
            Some(spread) => words.tv(
                "page-chart-established",
                &[("points", spread.points.into()), ("out", spread.left_out.into())],
            ),
            None => {
                let points = self.controls.iter().filter(|one| one.charted.is_some()).count();
                words.tv(
                    "page-chart-not-established",
                    &[("points", points.into()), ("least", self.least.into())],
                )
            }
        }
    }
}

/// Why a point is out of control, in words: the rules that fired with the limits they used, and a judgement
/// that failed.
fn fired(words: &Words, one: &Charted, decimals: usize) -> Vec<String> {
    let judged = one.judged.iter().flat_map(|judged| &judged.fired);
    let mut said: Vec<String> = judged.map(|rule| words.t(&format!("westgard-{rule}"))).collect();
    if let (false, Some(spread)) = (said.is_empty(), one.judged.as_ref().and_then(|judged| judged.limits)) {
        let limit = |times: f64| format!("{:.decimals$}", spread.mean + times * spread.sd);
        let (low, high) = (limit(-3.0), limit(3.0));
        said.push(words.tv(
            "page-chart-judged-by",
            &[("low", low.as_str().into()), ("high", high.as_str().into()), ("points", spread.points.into())],
        ));
    }
    if one.line.verdict == QcVerdict::Failure {
        let rule = words.t(&format!("rule-{}", one.line.rule));
        said.push(format!("{} · {rule}", choice(words, "verdict", one.line.verdict.word())));
    }
    said
}

impl ui::gallery::View for ChartPage {
    fn render(&self, words: &Words) -> Markup {
        let title = format!("{} · {}", self.code, self.analyte);
        let decimals = decimals(self.controls.iter().filter_map(|one| one.line.value.as_deref()));
        let drawn = self.controls.iter().any(|one| one.charted.is_some());
        let lines: Vec<ControlLine> = self.controls.iter().map(|one| one.line.clone()).collect();
        html! {
            (page_head(&title, Some(&words.t("page-chart-lead")), None))
            @if drawn {
                @let state = if self.spread.is_some() { State::Neutral } else { State::Held };
                (Notice::new(state, self.basis(words)))
            }
            @match self.limits(decimals).filter(|_| drawn) {
                Some(limits) => (self.chart(words, limits, decimals).render(words)),
                None => (page::empty(words, "chart").render()),
            }
            (table(words, "controls", &lines))
        }
    }
}

impl Sample for ChartPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |at: u64, value: f64| {
            let text = format!("{value:.3}");
            let measured_at = kernel::Instant::from_micros(1_773_450_000_000_000 + at as i64 * 3_600_000_000);
            let verdict = if value > 1.05 { QcVerdict::Failure } else { QcVerdict::Pass };
            let sample = ControlLine { verdict, measured_at, ..sample_line() };
            ControlLine { id: QcEventId(at), measured: text.clone(), value: Some(text), ..sample }
        };
        let values = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.01, 1.08, 0.99, 1.0, 1.01, 1.0];
        let lines: Vec<_> =
            values.iter().enumerate().map(|(at, value)| line(at as u64 + 1, *value)).collect();
        let page =
            |lines: &[ControlLine]| ChartPage::of("GBW07163".to_owned(), "La2O3".to_owned(), lines.to_vec());
        vec![("usual", page(&lines)), ("too few", page(&lines[..5])), ("empty", page(&[]))]
    }
}
