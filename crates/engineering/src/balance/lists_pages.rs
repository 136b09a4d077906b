//! The lists of balances and of unaccounted losses.

use kernel::{BalanceId, FlowsheetId, Instant};
use measure::Decimal;
use site::{Listing, Miss, STAFF, Visit};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Badge, Link, State, Words};

use super::list_rows::{self, Line, LossLine};
use super::rules::Scope;
use crate::described::page_of;
use crate::show;

/// `/balance`.
pub(crate) const BALANCES: Listing = Listing {
    name: "balances",
    path: "/balance",
    rail: "balance",
    readers: STAFF,
    fetch: balances,
    actions: &["balance.open", "flowsheet.define"],
};

/// `/balance/losses`.
pub(crate) const LOSSES: Listing = Listing {
    name: "losses",
    path: "/balance/losses",
    rail: "balance",
    readers: STAFF,
    fetch: all_losses,
    actions: &[],
};

fn balances(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = list_rows::page(visit.db, query)?;
    let mut made = table(words, &found, true);
    (made.query, made.total, made.filter, made.exports) = (query.clone(), total, true, true);
    let states = ["provisional", "final", "stale"];
    made.facets = vec![Facet {
        key: "state",
        label: words.t("column-state"),
        options: states.map(|s| (s.to_owned(), words.t(&format!("state-balance-{s}")))).to_vec(),
    }];
    Ok(made)
}

/// Balances as a table; with the flowsheet where it is not clear.
pub(crate) fn table(words: &Words, lines: &[Line], flowsheet: bool) -> Table {
    let rows = lines.iter().map(|line| {
        let url = page_of(line.id);
        let mut cells = vec![Cell::Link(Link::new(&line.code, &url))];
        if flowsheet {
            let address = format!("/balance/flowsheets/{}", line.flowsheet);
            cells.push(Cell::Link(Link::new(&line.flowsheet_code, address)));
        }
        cells.extend([
            Cell::Text(words.t(&format!("choice-scope-{}", line.scope.word()))),
            Cell::Instant(line.from.timestamp()),
            Cell::Instant(line.until.timestamp()),
            Cell::Markup(maud::html! {
                @for badge in show::state(words, line.is_final, line.stale) { (badge) " " }
            }),
            Cell::Badge(verdict(words, line)),
        ]);
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    });
    let mut columns = vec![Column::text("code", words.t("field-code"))];
    if flowsheet {
        columns.push(Column::text("flowsheet", words.t("kind-flowsheet")));
    }
    columns.extend([
        Column::text("scope", words.t("field-scope-of-balance")),
        Column::text("from", words.t("field-from")),
        Column::text("until", words.t("field-until")),
        Column::text("state", words.t("column-state")),
        Column::text("closes", words.t("column-closes")),
    ]);
    let mut table = Table::plain("balances", words.t("list-balances"), columns, rows.collect());
    table.empty.title = words.t("empty-balances");
    table.empty.hint = words.t("empty-balances-hint");
    table
}

fn verdict(words: &Words, line: &Line) -> Badge {
    match (line.reconciled, line.closes, line.excepted) {
        (false, ..) => Badge::new(State::Neutral, words.t("verdict-not-reconciled")),
        (true, true, _) => Badge::new(State::Pass, words.t("verdict-closes")),
        (true, false, true) => Badge::new(State::Warning, words.t("verdict-excepted")),
        (true, false, false) => Badge::new(State::Fail, words.t("verdict-does-not-close")),
    }
}

fn all_losses(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = list_rows::losses(visit.db, query)?;
    let mut table = losses(words, &found);
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    Ok(table)
}

/// The ledger of losses: what is missing, how sure that is, and whether it is more than chance.
pub(crate) fn losses(words: &Words, lines: &[LossLine]) -> Table {
    let rows = lines.iter().map(|line| {
        let url = page_of(line.balance);
        let numbers = [&line.entered, &line.lost, &line.sd].map(|text| text.parse::<Decimal>().ok());
        let [entered, lost, sd] = numbers;
        let share = lost.zip(entered).and_then(|(lost, all)| (lost * Decimal::ONE_HUNDRED).checked_div(all));
        let z = lost.zip(sd).and_then(|(lost, sd)| lost.checked_div(sd));
        let number = |of: Option<Decimal>, places: u32| match of {
            Some(of) => Cell::Number(Number::new(crate::solve::text::rounded(of, places).to_string())),
            None => Cell::Blank,
        };
        let cells = vec![
            Cell::Link(Link::new(&line.code, &url)),
            Cell::Text(line.flowsheet_code.clone()),
            Cell::Instant(line.until.timestamp()),
            Cell::Text(format!("{} ({})", show::quantity(words, &line.of), line.unit)),
            number(entered, 3),
            number(lost, 3),
            number(sd, 3),
            number(share, 2),
            number(z, 2),
            Cell::Badge(significance(words, z)),
        ];
        Row { href: Some(url), id: None, cells }
    });
    let columns = vec![
        Column::text("code", words.t("kind-balance")),
        Column::text("flowsheet", words.t("kind-flowsheet")),
        Column::text("until", words.t("field-until")),
        Column::text("quantity", words.t("column-quantity")),
        Column::number("entered", words.t("column-entered"), ""),
        Column::number("lost", words.t("column-lost"), ""),
        Column::number("sd", words.t("field-sd"), ""),
        Column::number("share", words.t("column-share"), "%"),
        Column::number("z", words.t("column-z"), ""),
        Column::text("significance", words.t("column-significance")),
    ];
    let mut table = Table::plain("losses", words.t("list-losses"), columns, rows.collect());
    table.empty.title = words.t("empty-losses");
    table.empty.hint = words.t("empty-losses-hint");
    table
}

/// Two standard deviations are chance once in twenty, three once in four hundred.
fn significance(words: &Words, z: Option<Decimal>) -> Badge {
    match z.map(|z| z.abs()) {
        Some(z) if z >= Decimal::from(3) => Badge::new(State::Fail, words.t("significance-strong")),
        Some(z) if z >= Decimal::TWO => Badge::new(State::Warning, words.t("significance-weak")),
        Some(_) => Badge::new(State::Pass, words.t("significance-none")),
        None => Badge::new(State::Neutral, "—"),
    }
}

fn at(days: i64) -> Instant {
    Instant::from_micros(1_772_409_600_000_000).plus_seconds(days * 86_400)
}

/// Periods for the gallery.
pub(crate) fn sample_lines() -> Vec<Line> {
    let line = |id: u64, code: &str, days: i64| Line {
        id: BalanceId(id),
        code: code.to_owned(),
        flowsheet: FlowsheetId(70),
        flowsheet_code: "MN-LEACH".to_owned(),
        scope: Scope::Month,
        from: at(days),
        until: at(days + 30),
        is_final: id == 72,
        stale: id == 73,
        reconciled: id != 74,
        closes: id == 72,
        excepted: false,
    };
    vec![line(72, "MB-2026-03", 0), line(73, "MB-2026-04", 30), line(74, "MB-2026-05", 60)]
}

/// Losses for the gallery.
pub(crate) fn sample_losses() -> Vec<LossLine> {
    let line = |id: u64, code: &str, days: i64, lost: &str| LossLine {
        balance: BalanceId(id),
        code: code.to_owned(),
        flowsheet_code: "MN-LEACH".to_owned(),
        from: at(days),
        until: at(days + 30),
        is_final: true,
        of: "Mn".to_owned(),
        entered: "257.8".to_owned(),
        lost: lost.to_owned(),
        sd: "2.41".to_owned(),
        unit: "t".to_owned(),
    };
    vec![
        line(72, "MB-2026-03", 0, "1.13"),
        line(73, "MB-2026-04", 30, "-5.6"),
        line(74, "MB-2026-05", 60, "9.9"),
    ]
}
