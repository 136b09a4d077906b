//! The tables of the page: every figure three times, nodes, recoveries, losses, origins.

use measure::{Decimal, Places, RoundingRule, round};
use serde::Serialize;
use ui::kit::number::Number;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, Markup, State, Words, html};

use super::closing::{self, Printed};
use super::{BalancePage, percent};
use crate::balance::{Measured, Source};
use crate::flowsheet::rules::FLOW;
use crate::show;
use crate::solve::{Class, FigureLine, NodeLine, Solved, text};

/// Adjustments from so many standard deviations on are marked, and from so many on are wrong.
const LOOK: Decimal = Decimal::TWO;
const WRONG: Decimal = Decimal::from_parts(3, 0, 0, false, 0);

/// How an adjustment is marked.
pub(super) fn tone(adjustment: Option<&str>) -> State {
    match adjustment.and_then(|text| text.parse::<Decimal>().ok()).map(|size| size.abs()) {
        Some(size) if size >= WRONG => State::Fail,
        Some(size) if size >= LOOK => State::Warning,
        Some(_) => State::Pass,
        None => State::Neutral,
    }
}

/// A figure with as many decimals as its deviation has meaning for: two significant digits of it.
pub(super) fn printed(value: &str, sd: Option<&str>) -> String {
    let Ok(number) = value.parse::<Decimal>() else { return value.to_owned() };
    let places = match sd.and_then(text::drawn).filter(|sd| *sd != 0.0) {
        Some(sd) => text::decimals_of(sd),
        // the same digits in fractions as in per cent
        None => number.normalize().scale().min(text::decimals_for(text::float(number), 5).max(4)),
    };
    round(number, RoundingRule::default(), Places::Decimals(places)).as_str().to_owned()
}

/// A reconciled figure: flows as they close together, the rest on its own.
pub(super) fn closing(flows: &Printed, figure: &FigureLine, value: &str) -> String {
    let together = (figure.of == FLOW).then(|| flows.get(&figure.stream)).flatten();
    together.cloned().unwrap_or_else(|| printed(value, figure.sd.as_deref()))
}

fn number(value: Option<&String>, sd: Option<&str>) -> Cell {
    value.map_or(Cell::Blank, |value| Cell::Number(Number::new(printed(value, sd))))
}

fn short(value: Option<&String>, places: u32) -> Cell {
    let rounded = |text: &String| {
        let number = text.parse::<Decimal>().ok()?;
        Some(round(number, RoundingRule::default(), Places::Decimals(places)).as_str().to_owned())
    };
    value.and_then(rounded).map_or(Cell::Blank, |text| Cell::Number(Number::new(text)))
}

/// Which columns of the figures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shown {
    /// Each figure three times, and how far it was moved.
    Figures,
    /// What the balance says of each measurement.
    Tests,
    /// Where each measurement comes from, and how well it was to be known.
    Sources,
}

impl Shown {
    pub(super) const ALL: [Shown; 3] = [Shown::Figures, Shown::Tests, Shown::Sources];

    pub(super) fn word(self) -> &'static str {
        match self {
            Shown::Figures => "figures",
            Shown::Tests => "tests",
            Shown::Sources => "sources",
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Shown::Figures => {
                &["stream", "quantity", "raw", "accounting", "reconciled", "sd", "adjustment", "tone"]
            }
            Shown::Tests => &["stream", "quantity", "adjustment", "tone", "test", "detectability", "class"],
            Shown::Sources => &["stream", "quantity", "raw", "source", "target"],
        }
    }
}

/// The switch between them.
pub(super) fn switch(words: &Words, page: &BalancePage) -> Markup {
    html! {
        nav.switch aria-label=(words.t("switch-columns")) {
            @for shown in Shown::ALL {
                @let address = page.address(&[("columns", shown.word())]);
                a href={ (address) "#figures" } aria-current=[(shown == page.shown).then_some("true")] {
                    (words.t(&format!("columns-{}", shown.word())))
                }
            }
        }
    }
}

/// Every quantity of every stream.
pub(super) fn table(words: &Words, page: &BalancePage, solved: &Solved) -> Table {
    let of: Vec<&str> = page.version.definition.quantities().collect();
    let flows = closing::flows(&page.version.definition, solved);
    let mut rows = Vec::new();
    for quantity in of {
        let lines = solved.figures.iter().filter(|figure| figure.of == quantity);
        rows.extend(lines.map(|figure| row(words, page, &flows, figure)));
    }
    let columns = vec![
        Column::text("stream", words.t("column-stream")),
        Column::text("quantity", words.t("column-quantity")),
        Column::number("raw", words.t("figure-raw"), ""),
        Column::number("accounting", words.t("figure-accounting"), ""),
        Column::number("reconciled", words.t("figure-reconciled"), ""),
        Column::number("sd", words.t("column-plus-minus"), ""),
        Column::number("adjustment", words.t("figure-adjustment"), words.t("unit-sd")),
        Column::text("tone", words.t("column-judgement")),
        Column::number("test", words.t("column-test"), ""),
        Column::text("class", words.t("column-class")),
        Column::number("detectability", words.t("column-detectability"), ""),
        Column::text("source", words.t("field-source")),
        Column::text("target", words.t("column-target")),
    ];
    let kept = page.shown.columns();
    let keep: Vec<bool> = columns.iter().map(|column| kept.contains(&column.key)).collect();
    let mut table = Table::plain("figures", words.t("section-figures"), columns, rows);
    retain(&mut table.columns, &keep);
    table.rows.iter_mut().for_each(|row| retain(&mut row.cells, &keep));
    table
}

fn retain<T>(all: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    all.retain(|_| keep.next().is_some_and(|keep| *keep));
}

fn row(words: &Words, page: &BalancePage, flows: &Printed, figure: &FigureLine) -> Row {
    let id = page.ids.get(&(figure.stream.clone(), figure.of.clone()));
    let about = page.address(&[("about", &format!("{}:{}", figure.stream, figure.of))]);
    let explain = id.map(|id| format!("/explain/{id}"));
    let measured = page.case.measured(&figure.stream, &figure.of);
    let (sd, raw_sd) = (figure.sd.as_deref(), figure.raw_sd.as_deref());
    let hand = measured.is_some_and(|measured| measured.source == Source::Typed);
    let raw = figure.raw.as_ref().map_or(Cell::Blank, |raw| {
        let href = figure.measurement.map(|id| format!("/explain/{id}"));
        Cell::Number(Number { href, hand_typed: hand, ..Number::new(printed(raw, raw_sd.or(sd))) })
    });
    let reconciled = figure.reconciled.as_ref().map_or(Cell::Blank, |value| {
        Cell::Number(Number { href: explain, ..Number::new(closing(flows, figure, value)) })
    });
    let state = tone(figure.adjustment.as_deref());
    let judged = match state {
        State::Neutral => Cell::Blank,
        state => Cell::Badge(Badge::new(state, words.t(&format!("adjustment-{}", state.class())))),
    };
    Row {
        href: None,
        id: None,
        cells: vec![
            Cell::Link(Link::new(page.stream(words, &figure.stream), about)),
            Cell::Text(format!("{} ({})", show::quantity(words, &figure.of), page.unit(&figure.of))),
            raw,
            number(figure.accounting.as_ref(), raw_sd.or(sd)),
            reconciled,
            number(figure.sd.as_ref(), sd),
            short(figure.adjustment.as_ref(), 2),
            judged,
            short(figure.test.as_ref(), 2),
            class(words, figure.class),
            number(figure.detectability.as_ref(), figure.detectability.as_deref()),
            measured.map_or(Cell::Blank, |measured| source(words, measured)),
            target(words, page, figure),
        ],
    }
}

fn class(words: &Words, class: Class) -> Cell {
    let text = words.t(&format!("class-{}", class.word()));
    match class {
        Class::Unobservable => Cell::Badge(Badge::new(State::Warning, text)),
        _ => Cell::Text(text),
    }
}

fn source(words: &Words, of: &Measured) -> Cell {
    let kind = words.t(&format!("choice-source-{}", of.source.word()));
    let weight = words.t(&format!("choice-weight-{}", of.weight.word()));
    let (result, lot, reading) = (of.result, of.lot, of.reading.clone());
    Cell::Markup(html! {
        @if let Some(result) = result { a href={ "/laboratory/results/" (result) } { (kind) } }
        @else if let Some(lot) = lot { a href={ "/lots/" (lot) } { (kind) } }
        @else { (kind) }
        @if let Some(reading) = reading { " " (reading) }
        span.muted { " · ± " (weight) }
    })
}

/// Whether a flow is known as well as it was to be.
fn target(words: &Words, page: &BalancePage, figure: &FigureLine) -> Cell {
    if figure.of != FLOW {
        return Cell::Blank;
    }
    let stream = page.version.definition.stream(&figure.stream);
    let Some(target) = stream.and_then(|stream| stream.target_percent) else { return Cell::Blank };
    let read = |text: Option<&String>| text.and_then(|text| text.parse::<Decimal>().ok());
    let relative = read(figure.sd.as_ref()).zip(read(figure.reconciled.as_ref()));
    let actual = relative.and_then(|(sd, value)| (sd * Decimal::ONE_HUNDRED).checked_div(value));
    let (state, shown) = match actual {
        Some(actual) if actual <= target => (State::Pass, text::rounded(actual, 2).to_string()),
        Some(actual) => (State::Fail, text::rounded(actual, 2).to_string()),
        None => (State::Warning, "—".to_owned()),
    };
    let key = if state == State::Pass { "target-met" } else { "target-missed" };
    let target = target.to_string();
    let text = words.tv(key, &[("actual", shown.into()), ("target", target.into())]);
    Cell::Badge(Badge::new(state, text))
}

/// The figures given so far, before anything was reconciled.
pub(super) fn measured(words: &Words, page: &BalancePage) -> Table {
    let rows = page.case.measured.iter().map(|of| {
        let figure = Number {
            href: Some(format!("/explain/{}", of.id)),
            hand_typed: of.source == Source::Typed,
            ..Number::new(of.given.to_string())
        };
        let sd = of.sd.map(|sd| text::significant(text::float(sd), 3));
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(page.stream(words, &of.stream)),
                Cell::Text(show::quantity(words, &of.of)),
                Cell::Number(figure),
                Cell::Text(of.unit.symbol().to_owned()),
                sd.map_or(Cell::Blank, |sd| Cell::Number(Number::new(sd))),
                Cell::Text(page.unit(&of.of).to_owned()),
                source(words, of),
            ],
        }
    });
    let columns = vec![
        Column::text("stream", words.t("column-stream")),
        Column::text("quantity", words.t("column-quantity")),
        Column::number("value", words.t("field-value"), ""),
        Column::text("unit", words.t("field-unit")),
        Column::number("sd", words.t("field-sd"), ""),
        Column::text("of-sd", words.t("field-unit")),
        Column::text("source", words.t("field-source")),
    ];
    let mut table = Table::plain("measured", words.t("section-figures"), columns, rows.collect());
    table.empty.title = words.t("empty-figures");
    table.empty.hint = words.t("empty-figures-hint");
    table
}

/// The standard deviation of an imbalance, from its test: an imbalance is not told finer than it is known.
pub(super) fn spread_of(node: &NodeLine) -> Option<String> {
    let (off, test) = (text::drawn(node.imbalance.as_deref()?)?, text::drawn(node.test.as_deref()?)?);
    (test > 0.0).then(|| text::significant(off.abs() / test, 3))
}

/// Nodes with their imbalance, nodal test and the leak that would explain it.
pub(super) fn nodes(words: &Words, page: &BalancePage, solved: &Solved) -> Table {
    let rows = solved.nodes.iter().map(|node| {
        let state = tone(node.test.as_deref());
        let judged = match state {
            State::Neutral => Cell::Text(words.t("node-not-measured")),
            state => Cell::Badge(Badge::new(state, words.t(&format!("node-{}", state.class())))),
        };
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(page.node(words, &node.node)),
                Cell::Text(show::quantity(words, &node.of)),
                number(node.imbalance.as_ref(), spread_of(node).as_deref()),
                short(node.test.as_ref(), 2),
                judged,
                number(node.leak.as_ref(), node.leak.as_deref()),
                short(node.glr.as_ref(), 2),
            ],
        }
    });
    let unit = page.version.definition.unit.symbol();
    let columns = vec![
        Column::text("node", words.t("column-node")),
        Column::text("quantity", words.t("column-quantity")),
        Column::number("imbalance", words.t("column-imbalance"), unit),
        Column::number("test", words.t("column-nodal-test"), words.t("unit-sd")),
        Column::text("tone", words.t("column-judgement")),
        Column::number("leak", words.t("column-leak"), unit),
        Column::number("glr", words.t("column-glr"), ""),
    ];
    Table::plain("nodes", words.t("section-nodes"), columns, rows.collect())
}

/// Recoveries with their intervals.
pub(super) fn recoveries(words: &Words, page: &BalancePage, solved: &Solved) -> Table {
    let rows = solved.recoveries.iter().map(|of| {
        let end = |text: &str| printed(text, of.sd.as_deref());
        let interval = of.interval.as_ref().map(|(low, high)| format!("{} – {}", end(low), end(high)));
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(page.stream(words, &of.stream)),
                Cell::Text(show::quantity(words, &of.of)),
                number(Some(&of.percent), of.sd.as_deref().or(Some("0.05"))),
                number(of.sd.as_ref(), of.sd.as_deref()),
                interval.map_or(Cell::Blank, Cell::Text),
            ],
        }
    });
    let columns = vec![
        Column::text("stream", words.t("column-stream")),
        Column::text("quantity", words.t("column-quantity")),
        Column::number("recovery", words.t("column-recovery"), "%"),
        Column::number("sd", words.t("column-plus-minus"), "%"),
        Column::text("interval", words.tv("column-interval", &[("percent", percent(solved).into())])),
    ];
    Table::plain("recoveries", words.t("section-recoveries"), columns, rows.collect())
}

/// What went in and did not come out.
pub(super) fn losses(words: &Words, page: &BalancePage, solved: &Solved) -> Table {
    use crate::balance::list_rows::LossLine;
    let unit = page.version.definition.unit.symbol();
    let lines = solved.losses.iter().map(|loss| LossLine {
        balance: page.balance.id,
        code: page.balance.code.clone(),
        flowsheet_code: page.version.head.code.clone(),
        from: page.balance.from,
        until: page.balance.until,
        is_final: page.balance.state.is_final(),
        of: loss.of.clone(),
        entered: loss.entered.clone(),
        lost: loss.lost.clone(),
        sd: loss.sd.clone(),
        unit: unit.to_owned(),
    });
    let mut table = crate::balance::lists_pages::losses(words, &lines.collect::<Vec<_>>());
    // Balance, flowsheet and date are the page's own.
    table.columns.drain(..3);
    table.rows.iter_mut().for_each(|row| {
        row.cells.drain(..3);
        row.href = None;
    });
    table
}

/// Which feed a product came from.
pub(super) fn origins(words: &Words, page: &BalancePage, solved: &Solved) -> Table {
    let rows = solved.origins.iter().map(|of| {
        let feed = match of.feed.strip_prefix("stock ") {
            Some(node) => words.tv("origin-stock", &[("node", page.node(words, node).into())]),
            None => page.stream(words, &of.feed),
        };
        let percent = of.share.parse::<Decimal>().ok().map(|share| share * Decimal::ONE_HUNDRED);
        let percent = percent.map(|percent| percent.to_string());
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(page.stream(words, &of.stream)),
                Cell::Text(feed),
                short(percent.as_ref(), 1),
            ],
        }
    });
    let columns = vec![
        Column::text("stream", words.t("column-stream")),
        Column::text("feed", words.t("column-feed")),
        Column::number("share", words.t("column-share"), "%"),
    ];
    Table::plain("origins", words.t("section-origins"), columns, rows.collect())
}
