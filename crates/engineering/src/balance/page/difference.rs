//! What is different between two reconciliations of a balance: figure by figure.

use kernel::{BalanceId, ReconciliationId};
use maud::{Markup, html};
use measure::Decimal;
use serde::Serialize;
use site::{Miss, Page, STAFF, View, Visit};
use ui::gallery::{self, Sample};
use ui::kit::blocks::facts;
use ui::kit::number::Number;
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, State, Words};

use super::BalancePage;
use super::figures::printed;
use crate::balance::rows;
use crate::flowsheet::Definition;
use crate::show;
use crate::solve::Solved;

/// `/balance/balances/{balance}/difference?a=…&b=…`.
pub(super) const PAGE: Page =
    Page { path: "/balance/balances/{balance}/difference", rail: "balance", readers: STAFF, show };

/// Two reconciliations side by side.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DifferencePage {
    balance: BalanceId,
    code: String,
    #[serde(skip)]
    definition: Definition,
    a: (ReconciliationId, u32, Solved),
    b: (ReconciliationId, u32, Solved),
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: BalanceId = visit.id("balance")?;
    let balance = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let definition = rows::version_of(visit.db, &balance)?.definition;
    let (a, b) = (one(visit, id, "a")?, one(visit, id, "b")?);
    let page = DifferencePage { balance: id, code: balance.code, definition, a, b };
    let body = gallery::View::render(&page, visit.words);
    let title = visit.words.tv("page-difference", &[("balance", page.code.as_str().into())]);
    let up = Link::new(page.code.clone(), crate::described::page_of(id));
    Ok(View::new(title, body, &page).under(super::parent(visit.words)).under(up))
}

fn one(
    visit: &mut Visit<'_>,
    balance: BalanceId,
    key: &str,
) -> Result<(ReconciliationId, u32, Solved), Miss> {
    let asked = visit.asked(key).to_owned();
    let wrong = || Miss::NoSuch(asked.clone());
    let id: ReconciliationId = asked.parse().map_err(|_| wrong())?;
    let (of, _, revision, _) = rows::reconciliation(visit.db, id)?.ok_or_else(wrong)?;
    let solved = rows::solved(visit.db, id)?.ok_or_else(wrong)?;
    if of == balance { Ok((id, revision, solved)) } else { Err(wrong()) }
}

impl gallery::View for DifferencePage {
    fn render(&self, words: &Words) -> Markup {
        let title = words.tv("page-difference", &[("balance", self.code.as_str().into())]);
        let about = |(id, revision, solved): &(ReconciliationId, u32, Solved)| {
            let critical = solved.critical.as_deref().unwrap_or("—");
            let revision = words.tv("fact-revision", &[("revision", u64::from(*revision).into())]);
            html! { (id) " · " (revision) " · χ² " (solved.objective) " / " (critical) }
        };
        let (a, b) = (words.t("column-before"), words.t("column-after"));
        html! {
            (page_head(&title, Some(&words.t("page-difference-lead")), None))
            (facts([(a.as_str(), about(&self.a)), (b.as_str(), about(&self.b))]))
            (self.table(words).render(words))
        }
    }
}

impl DifferencePage {
    fn table(&self, words: &Words) -> Table {
        let rows = self.b.2.figures.iter().filter_map(|after| {
            let before = self.a.2.figure(&after.stream, &after.of)?;
            let changed = before.raw != after.raw || before.reconciled != after.reconciled;
            changed.then(|| self.row(words, before, after))
        });
        let columns = vec![
            Column::text("stream", words.t("column-stream")),
            Column::text("quantity", words.t("column-quantity")),
            Column::number("raw-a", words.t("figure-raw"), words.t("column-before")),
            Column::number("raw-b", words.t("figure-raw"), words.t("column-after")),
            Column::number("a", words.t("figure-reconciled"), words.t("column-before")),
            Column::number("b", words.t("figure-reconciled"), words.t("column-after")),
            Column::number("change", words.t("column-change"), ""),
            Column::text("weight", words.t("column-judgement")),
        ];
        let mut table = Table::plain("difference", words.t("column-change"), columns, rows.collect());
        table.empty.title = words.t("empty-difference");
        table
    }

    fn row(&self, words: &Words, before: &crate::solve::FigureLine, after: &crate::solve::FigureLine) -> Row {
        let sd = after.sd.as_deref();
        let number = |text: Option<&String>, sd: Option<&str>| {
            text.map_or(Cell::Blank, |text| Cell::Number(Number::new(printed(text, sd))))
        };
        let read = |text: Option<&String>| text.and_then(|text| text.parse::<Decimal>().ok());
        let change =
            read(after.reconciled.as_ref()).zip(read(before.reconciled.as_ref())).map(|(b, a)| b - a);
        let wide =
            change.zip(read(after.sd.as_ref())).is_some_and(|(change, sd)| change.abs() > sd * Decimal::TWO);
        let badge = if wide {
            Badge::new(State::Warning, words.t("difference-wide"))
        } else {
            Badge::new(State::Neutral, words.t("difference-narrow"))
        };
        let stream = self.definition.stream(&after.stream);
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(stream.map_or_else(|| after.stream.clone(), |stream| show::stream(words, stream))),
                Cell::Text(show::quantity(words, &after.of)),
                number(before.raw.as_ref(), before.raw_sd.as_deref()),
                number(after.raw.as_ref(), after.raw_sd.as_deref()),
                number(before.reconciled.as_ref(), before.sd.as_deref()),
                number(after.reconciled.as_ref(), sd),
                number(change.map(|change| change.to_string()).as_ref(), sd),
                Cell::Badge(badge),
            ],
        }
    }
}

/// The reconciliations of a balance, each with the way to what changed since the one before.
pub(super) fn list(words: &Words, page: &BalancePage) -> Markup {
    let path = page.path();
    let rows = page.reconciliations.iter().enumerate().map(|(at, (of, by))| {
        let before = page.reconciliations.get(at + 1).map(|(earlier, _)| earlier.id);
        let compare = before.map(|before| {
            let address = format!("{path}/difference?a={before}&b={}", of.id);
            Cell::Link(Link::new(words.t("action-compare"), address))
        });
        let verdict = if of.closes {
            Badge::new(State::Pass, words.t("verdict-closes"))
        } else {
            Badge::new(State::Fail, words.t("verdict-does-not-close"))
        };
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Link(Link::new(of.id.to_string(), format!("{path}?reconciliation={}", of.id))),
                Cell::Number(Number::new(of.revision.to_string())),
                Cell::Instant(of.at.timestamp()),
                Cell::Text(by.clone()),
                Cell::Badge(verdict),
                compare.unwrap_or(Cell::Blank),
            ],
        }
    });
    let columns = vec![
        Column::text("reconciliation", words.t("kind-reconciliation")),
        Column::number("revision", words.t("field-revision"), ""),
        Column::text("at", words.t("field-at")),
        Column::text("person", words.t("field-person")),
        Column::text("closes", words.t("column-closes")),
        Column::text("compare", words.t("column-change")),
    ];
    let mut table =
        Table::plain("reconciliations", words.t("section-reconciliations"), columns, rows.collect());
    table.empty.title = words.t("verdict-not-reconciled");
    table.render(words)
}

impl Sample for DifferencePage {
    fn samples() -> Vec<(&'static str, Self)> {
        use store::Fact;
        let Some(issued) = crate::flowsheet::issue_version::FlowsheetVersionIssued::samples().pop() else {
            return Vec::new();
        };
        let before = Solved::sample();
        let mut after = before.clone();
        if let Some(figure) = after.figures.first_mut() {
            (figure.raw, figure.reconciled) = (Some("1180.0".to_owned()), Some("1188.4".to_owned()));
        }
        let page = DifferencePage {
            balance: BalanceId(72),
            code: "MB-2026-08".into(),
            definition: issued.version.definition,
            a: (ReconciliationId(88), 1, before.clone()),
            b: (ReconciliationId(95), 2, after),
        };
        let same = DifferencePage { b: (ReconciliationId(95), 2, before), ..page.clone() };
        vec![("usual", page), ("nothing different", same)]
    }
}
