//! What breaks the balance: the fewest faults that together explain it, then suspects one at a time with what
//! ties with them; and what would become of it without each.

use maud::{Markup, html};
use ui::kit::blocks::section;
use ui::{State, Words};

use super::{BalancePage, explained};
use crate::show;
use crate::solve::{Closes, Solved, Suspect, What};

/// The section; where nothing is wrong it says so.
pub(super) fn render(words: &Words, page: &BalancePage, solved: &Solved) -> Markup {
    let body = html! {
        @if solved.suspects.is_empty() && solved.explanations.is_empty() {
            @let key = match solved.global {
                Closes::Yes => "findings-none",
                Closes::No => "findings-nobody",
                Closes::NotTestable => "findings-not-testable",
            };
            p { (words.t(key)) }
        }
        (explained::render(words, page, &solved.explanations))
        @if !solved.suspects.is_empty() {
            h3 { (words.t("finding-one-at-a-time")) }
            ol.findings { @for suspect in &solved.suspects { li { (line(words, page, suspect)) } } }
        }
        @if !solved.above_limit.is_empty() {
            p { (State::Warning.icon()) " "
                (words.tv("findings-above-limit", &[("count", solved.above_limit.len().into()),
                    ("limit", page.version.definition.limit_sds.to_string().into())]))
            }
        }
    };
    section(&words.t("section-findings"), body)
}

/// A suspect in words.
pub(super) fn what(words: &Words, page: &BalancePage, of: &What) -> String {
    match of {
        What::Bias { stream, of } => words.tv(
            "finding-bias",
            &[("stream", page.stream(words, stream).into()), ("of", show::quantity(words, of).into())],
        ),
        What::Leak { node, of } => words.tv(
            "finding-leak",
            &[("node", page.node(words, node).into()), ("of", show::quantity(words, of).into())],
        ),
    }
}

fn line(words: &Words, page: &BalancePage, suspect: &Suspect) -> Markup {
    let size = estimate(page, &suspect.what);
    let numbers = [
        ("statistic", suspect.statistic.as_str().into()),
        ("critical", suspect.critical.as_str().into()),
        ("objective", suspect.objective_after.as_str().into()),
        ("dof", u64::from(suspect.dof_after).into()),
    ];
    html! {
        p {
            (State::Fail.icon()) " " strong { (what(words, page, &suspect.what)) }
            @if let Some(size) = size { " " (words.tv("finding-size", &[("size", size.into())])) }
        }
        p.muted { (words.tv("finding-numbers", &numbers)) }
        @if !suspect.ties.is_empty() {
            p { (words.t("finding-ties")) " "
                @for (at, tie) in suspect.ties.iter().enumerate() {
                    @if at > 0 { "; " } (what(words, page, tie))
                }
            }
        }
        @if let What::Bias { stream, of } = &suspect.what {
            @let address = page.address(&[("without", &format!("{stream}:{of}"))]);
            p { a href=(address) { (words.t("finding-what-if")) } }
        }
    }
}

/// How large the bias or the leak would be, with its unit.
fn estimate(page: &BalancePage, of: &What) -> Option<String> {
    let solved = page.solved.as_ref()?;
    match of {
        What::Bias { stream, of } => {
            let figure = solved.figure(stream, of)?;
            Some(format!("{} {}", figure.bias.as_ref()?, page.unit(of)))
        }
        What::Leak { node, of } => {
            let line = solved.nodes.iter().find(|line| line.node == *node && line.of == *of)?;
            Some(format!("{} {}", line.leak.as_ref()?, page.version.definition.unit.symbol()))
        }
    }
}
