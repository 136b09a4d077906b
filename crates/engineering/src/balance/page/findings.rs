//! What breaks the balance: suspects in order with what ties with them, leaks, exchanged figures; and what
//! would become of it without each.

use maud::{Markup, html};
use ui::kit::blocks::section;
use ui::kit::icon::Icon;
use ui::{State, Words};

use super::BalancePage;
use crate::show;
use crate::solve::{Closes, FigureLine, Solved, Suspect, Swap, What, text};

/// What explains this part of what the first suspect does is named beside it.
const NEARLY: f64 = 0.9;

/// The section; where nothing is wrong it says so.
pub(super) fn render(words: &Words, page: &BalancePage, solved: &Solved) -> Markup {
    let body = html! {
        @if solved.suspects.is_empty() && solved.swaps.is_empty() {
            @let key = match solved.global {
                Closes::Yes => "findings-none",
                Closes::No => "findings-nobody",
                Closes::NotTestable => "findings-not-testable",
            };
            p { (words.t(key)) }
        }
        @if !solved.suspects.is_empty() {
            ol.findings { @for suspect in &solved.suspects { li { (line(words, page, suspect)) } } }
            (nearly(words, page, solved))
        }
        @for swap in &solved.swaps { (exchanged(words, page, swap)) }
        @if !solved.above_limit.is_empty() {
            p { (State::Warning.icon()) " "
                (words.tv("findings-above-limit", &[("count", solved.above_limit.len().into()),
                    ("limit", page.version.definition.limit_sds.to_string().into())]))
            }
        }
    };
    section(&words.t("section-findings"), body)
}

/// Biased figures that explain nearly as much as the first suspect, which is then only the likeliest.
fn nearly(words: &Words, page: &BalancePage, solved: &Solved) -> Markup {
    let glr = |figure: &FigureLine| figure.glr.as_deref().and_then(text::drawn).unwrap_or_default();
    let first = solved.suspects.first();
    let best = first.and_then(|suspect| text::drawn(&suspect.statistic)).map_or(f64::MAX, |z| z * z);
    let named = |of: &FigureLine| {
        let bias = What::Bias { stream: of.stream.clone(), of: of.of.clone() };
        first.is_some_and(|suspect| suspect.what == bias || suspect.ties.contains(&bias))
    };
    let mut close: Vec<&FigureLine> =
        solved.figures.iter().filter(|of| glr(of) >= NEARLY * best && !named(of)).collect();
    close.sort_by(|a, b| glr(b).total_cmp(&glr(a)));
    html! {
        @if !close.is_empty() {
            p.finding { (words.t("finding-nearly")) }
            ul.plain { @for of in close {
                @let bias = What::Bias { stream: of.stream.clone(), of: of.of.clone() };
                @let size = estimate(page, &bias).unwrap_or_default();
                @let address = page.address(&[("without", &format!("{}:{}", of.stream, of.of))]);
                li {
                    (what(words, page, &bias)) " " (words.tv("finding-size", &[("size", size.into())])) " · "
                    a href=(address) { (words.t("finding-what-if")) }
                }
            } }
        }
    }
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

fn exchanged(words: &Words, page: &BalancePage, swap: &Swap) -> Markup {
    let name = |(stream, of): &(String, String)| {
        format!("{} {}", page.stream(words, stream), show::quantity(words, of))
    };
    let args = [
        ("one", name(&swap.one).into()),
        ("other", name(&swap.other).into()),
        ("objective", swap.objective_after.as_str().into()),
    ];
    let key = if swap.closes { "finding-swap-closes" } else { "finding-swap" };
    html! { p.finding { (Icon::Warning) " " (words.tv(key, &args)) } }
}
