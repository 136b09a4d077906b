//! What if a figure were removed? Solved for the reader and not stored.

use maud::{Markup, html};
use serde::Serialize;
use site::Visit;
use ui::kit::blocks::section;
use ui::kit::number::Number;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, State, Words};

use super::BalancePage;
use super::figures::printed;
use crate::show;
use crate::solve::{self, Case, Closes, Solved};

/// The balance without one figure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WhatIf {
    pub stream: String,
    pub of: String,
    /// What came out; the solver's words where nothing did.
    pub outcome: Result<Box<Solved>, String>,
}

/// What the address asks for: `without=stream:quantity`.
pub(super) fn asked(visit: &Visit<'_>, case: &Case, now: Option<&Solved>) -> Option<WhatIf> {
    let (stream, of) = visit.asked("without").rsplit_once(':')?;
    case.measured(stream, of)?;
    let settings = now.map(|solved| solved.settings).unwrap_or_default();
    let outcome = solve::reconcile(&solve::without(case, stream, of), &settings).map(Box::new);
    Some(WhatIf { stream: stream.to_owned(), of: of.to_owned(), outcome })
}

impl WhatIf {
    pub(super) fn render(&self, words: &Words, page: &BalancePage) -> Markup {
        let name = format!("{} {}", page.stream(words, &self.stream), show::quantity(words, &self.of));
        let title = words.tv("section-what-if", &[("figure", name.into())]);
        let back = Link::new(words.t("what-if-back"), page.address(&[]));
        let body = html! {
            p.lead { (words.t("what-if-lead")) " " (back) }
            @match &self.outcome {
                Err(why) => p { (why) },
                Ok(then) => { (verdict(words, then)) (self.table(words, page, then).render(words)) }
            }
        };
        section(&title, body)
    }

    fn table(&self, words: &Words, page: &BalancePage, then: &Solved) -> Table {
        let rows = then.figures.iter().filter_map(|figure| {
            let now = page.solved.as_ref().and_then(|now| now.figure(&figure.stream, &figure.of))?;
            let (a, b) = (now.reconciled.as_ref()?, figure.reconciled.as_ref()?);
            let (before, after) = (printed(a, now.sd.as_deref()), printed(b, figure.sd.as_deref()));
            let same = before == after && self.stream != figure.stream;
            (!same).then(|| Row {
                href: None,
                id: None,
                cells: vec![
                    Cell::Text(page.stream(words, &figure.stream)),
                    Cell::Text(format!("{} ({})", show::quantity(words, &figure.of), page.unit(&figure.of))),
                    Cell::Number(Number::new(before)),
                    Cell::Number(Number::new(after)),
                    figure
                        .sd
                        .as_ref()
                        .map_or(Cell::Blank, |sd| Cell::Number(Number::new(printed(sd, Some(sd))))),
                ],
            })
        });
        let columns = vec![
            Column::text("stream", words.t("column-stream")),
            Column::text("quantity", words.t("column-quantity")),
            Column::number("now", words.t("column-now"), ""),
            Column::number("then", words.t("column-then"), ""),
            Column::number("sd", words.t("column-plus-minus"), ""),
        ];
        Table::plain("what-if", words.t("what-if-lead"), columns, rows.collect())
    }
}

fn verdict(words: &Words, then: &Solved) -> Markup {
    let (state, key) = match (then.converged, then.global) {
        (false, _) => (State::Fail, "verdict-not-converged"),
        (true, Closes::Yes) => (State::Pass, "verdict-closes"),
        (true, Closes::No) => (State::Fail, "verdict-does-not-close"),
        (true, Closes::NotTestable) => (State::Warning, "verdict-not-testable"),
    };
    let critical = then.critical.as_deref().unwrap_or("—");
    html! {
        p { (Badge::new(state, words.t(key))) " χ² " (then.objective) " / " (critical) " · "
            (words.tv("fact-dof", &[("dof", u64::from(then.dof).into())])) }
    }
}
