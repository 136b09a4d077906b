//! Small things that all pages of the laboratory share: names, numbers, badges, tables.

use kernel::{Day, Instant, PersonId, Ref};
pub(crate) use site::Named;
use site::{Miss, Visit};
use ui::kit::blocks::{Empty, Notice};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, Markup, State, Words, html};

use crate::qc::rules::{QcStatus, QcVerdict};
use crate::result::list_rows::ResultLine;
use crate::result::{Validity, Workflow};

/// Names any record by asking the areas.
pub(crate) fn name(visit: &mut Visit<'_>, record: impl Into<Ref>) -> Result<Named, Miss> {
    Ok(visit.name(record)?)
}

/// Names a record that may be absent.
pub(crate) fn name_opt(visit: &mut Visit<'_>, record: Option<impl Into<Ref>>) -> Result<Option<Named>, Miss> {
    Ok(visit.name_opt(record)?)
}

/// Names a person that may be absent.
pub(crate) fn person(visit: &mut Visit<'_>, person: Option<PersonId>) -> Result<Option<Named>, Miss> {
    name_opt(visit, person)
}

/// Says that something is void, from when on, and why.
pub(crate) fn voided(words: &Words, from: Instant, why: Option<&str>) -> Notice {
    let said = match from.micros() {
        0 => words.t("page-voided-always"),
        _ => words.tv("page-voided-from", &[("from", words.instant(from.timestamp()).into())]),
    };
    let said = match why {
        Some(why) => words.tv("page-voided-because", &[("void", said.into()), ("why", why.into())]),
        None => said,
    };
    Notice::new(State::Fail, said)
}

/// The word of a member of an enumeration: `choice-qc-not-tested`.
pub(crate) fn choice(words: &Words, field: &str, value: &str) -> String {
    words.t(&format!("choice-{field}-{}", value.replace('_', "-")))
}

/// A basis in the reader's words; empty where none is stated.
pub(crate) fn basis(words: &Words, basis: &str) -> String {
    if basis == "not_stated" { String::new() } else { choice(words, "basis", basis) }
}

/// A result's figure, linked to its explanation, with its marks.
pub(crate) fn figure(words: &Words, line: &ResultLine) -> Number {
    let uncertainty = match (&line.uncertainty, &line.coverage) {
        (Some(u), Some(k)) => Some(format!("± {} {}, k = {k}", expanded(u), line.unit)),
        _ => None,
    };
    Number {
        text: line.figure(),
        href: Some(format!("/explain/{}", line.id)),
        unit: Some(line.unit.clone()),
        basis: Some(basis(words, &line.basis)).filter(|basis| !basis.is_empty()),
        uncertainty,
        method: Some(format!("{} {}", line.method_code, line.method_edition)),
        changed: line.changed,
        hand_typed: line.hand_typed,
    }
}

/// A stored expanded uncertainty as it is read: two significant digits (GUM 7.2.6).
pub(crate) fn expanded(stored: &str) -> String {
    let Ok(width) = stored.parse::<measure::DecimalText>() else { return stored.to_owned() };
    let decimals = measure::rounding::decimals_of(width.decimal(), 2);
    measure::uncertainty::printed(width.decimal(), decimals).plain()
}

/// How far a result has come.
pub(crate) fn workflow_badge(words: &Words, workflow: Workflow) -> Badge {
    let state = match workflow {
        Workflow::Released => State::Pass,
        Workflow::Assigned | Workflow::Measured | Workflow::Reviewed => State::Neutral,
        _ => State::Warning,
    };
    Badge::new(state, choice(words, "workflow", workflow.word()))
}

/// How a result stands with quality control.
pub(crate) fn qc_badge(words: &Words, qc: QcStatus) -> Badge {
    let state = match qc {
        QcStatus::Failure => State::Fail,
        QcStatus::NotTested => State::Held,
        QcStatus::FailureOverridden | QcStatus::Warning => State::Warning,
        QcStatus::Pass => State::Pass,
        QcStatus::NotRequired => State::Neutral,
    };
    Badge::new(state, choice(words, "qc", qc.word()))
}

/// The judgement of a control.
pub(crate) fn verdict_badge(words: &Words, verdict: QcVerdict) -> Badge {
    let state = match verdict {
        QcVerdict::Failure => State::Fail,
        QcVerdict::Undecidable => State::Held,
        QcVerdict::Warning => State::Warning,
        QcVerdict::Pass => State::Pass,
    };
    Badge::new(state, choice(words, "verdict", verdict.word()))
}

/// What a reader must see first of a result: that it does not count, is in doubt, or out of range.
pub(crate) fn warnings(words: &Words, line: &ResultLine) -> Vec<Badge> {
    let mut badges = Vec::new();
    if line.validity != Validity::Valid {
        badges.push(Badge::new(State::Fail, choice(words, "validity", line.validity.word())));
    }
    if line.suspect.is_some() {
        badges.push(Badge::new(State::Held, words.t("page-result-suspect")));
    }
    if line.in_range == Some(false) {
        badges.push(Badge::new(State::Warning, words.t("page-result-out-of-range")));
    }
    if line.hand_typed && line.value.is_some() {
        badges.push(Badge::new(State::Neutral, words.t("page-result-hand-typed")));
    }
    if line.changed {
        badges.push(Badge::new(State::Neutral, words.t("page-result-changed")));
    }
    if line.below_lod {
        badges.push(Badge::new(State::Neutral, words.t("page-result-below-lod")));
    }
    badges
}

/// Badges side by side in a cell.
pub(crate) fn badges_cell(badges: &[Badge]) -> Cell {
    match badges {
        [] => Cell::Blank,
        badges => Cell::Markup(html! { @for badge in badges { (badge) " " } }),
    }
}

/// An instant in a cell.
pub(crate) fn at_cell(at: Instant) -> Cell {
    Cell::Instant(at.timestamp())
}

/// An instant that may be absent.
pub(crate) fn at_opt(at: Option<Instant>) -> Cell {
    at.map_or(Cell::Blank, at_cell)
}

/// A day that may be absent.
pub(crate) fn day_opt(day: Option<Day>) -> Cell {
    day.map_or(Cell::Blank, |day| Cell::Date(day.date()))
}

/// Words that may be absent.
pub(crate) fn text_opt(text: Option<&str>) -> Cell {
    text.map_or(Cell::Blank, |text| Cell::Text(text.to_owned()))
}

/// A column of words, headed by `field-KEY`.
pub(crate) fn column(words: &Words, key: &'static str) -> Column {
    Column::text(key, words.t(&site::word("field", key)))
}

/// How many methods or instruments a form offers at most.
pub(crate) const CHOICES: usize = 10_000;

/// A column of a list by which one may sort.
pub(crate) fn sorted(words: &Words, key: &'static str) -> Column {
    column(words, key).sortable()
}

/// An honest empty state: `empty-NAME` and its hint.
pub(crate) fn empty(words: &Words, name: &str) -> Empty {
    let key = format!("empty-{name}");
    Empty::new(words.t(&key), words.t(&format!("{key}.hint")))
}

/// A table that belongs to an address: titled `list-NAME`, empty as `empty-NAME` says.
pub(crate) fn listing(
    words: &Words,
    name: &str,
    query: &TableQuery,
    total: usize,
    columns: Vec<Column>,
    rows: Vec<Row>,
) -> Table {
    Table {
        query: query.clone(),
        total,
        filter: true,
        exports: true,
        empty: empty(words, name),
        ..Table::plain(name, words.t(&format!("list-{name}")), columns, rows)
    }
}

/// The head of a record page.
pub(crate) fn head(words: &Words, kind: &str, name: &str, path: String, badges: Vec<Badge>) -> RecordHead {
    RecordHead {
        kind: words.t(&format!("kind-{kind}")),
        name: name.to_owned(),
        badges,
        action: None,
        others: Vec::new(),
        path,
        tab: RecordTab::Overview,
    }
}

/// Rows of facts: label key and content; empty ones are left out.
pub(crate) fn facts(words: &Words, pairs: Vec<(&str, Option<Markup>)>) -> Markup {
    let labelled: Vec<(String, Markup)> =
        pairs.into_iter().filter_map(|(key, value)| Some((words.t(key), value?))).collect();
    ui::kit::blocks::facts(labelled.iter().map(|(label, value)| (label.as_str(), value.clone())))
}

/// Plain words as a fact.
pub(crate) fn plain(text: impl Into<String>) -> Option<Markup> {
    let text = text.into();
    (!text.is_empty()).then(|| html! { (text) })
}

/// The columns of results, for tables of them.
pub(crate) fn result_columns(words: &Words) -> Vec<Column> {
    vec![
        column(words, "sample").sortable(),
        column(words, "analyte").sortable(),
        Column::number("value", words.t("field-value"), ""),
        column(words, "unit"),
        column(words, "basis"),
        column(words, "method"),
        column(words, "workflow"),
        column(words, "qc"),
        column(words, "remarks"),
        column(words, "tested_at").sortable(),
    ]
}

/// A result as a row of such a table.
pub(crate) fn result_row(words: &Words, line: &ResultLine) -> Row {
    let sample = line.sample_code.clone().unwrap_or_else(|| line.sample.to_string());
    let cells = vec![
        Cell::Link(Link::new(sample, format!("/laboratory/samples/{}", line.sample))),
        Cell::Markup(ui::format::formula(&line.analyte)),
        Cell::Number(figure(words, line)),
        Cell::Text(line.unit.clone()),
        Cell::Text(basis(words, &line.basis)),
        Cell::Text(format!("{} {}", line.method_code, line.method_edition)),
        Cell::Badge(workflow_badge(words, line.workflow)),
        Cell::Badge(qc_badge(words, line.qc)),
        badges_cell(&warnings(words, line)),
        at_cell(line.tested_at),
    ];
    Row { href: Some(format!("/laboratory/results/{}", line.id)), id: Some(line.id.to_string()), cells }
}
