//! What together explains why a balance does not close, in words.

use maud::{Markup, html};
use ui::{State, Words};

use super::figures::printed;
use super::{BalancePage, findings};
use crate::show;
use crate::solve::{Cause, Explanation, Fault};

/// The likeliest explanation fault by fault, then the others a line each.
pub(super) fn render(words: &Words, page: &BalancePage, all: &[Explanation]) -> Markup {
    let Some((first, others)) = all.split_first() else { return html! {} };
    html! {
        h3 { (words.tv("finding-together", &[("count", first.faults.len().into())])) }
        ol.findings { @for fault in &first.faults { li { (line(words, page, fault)) } } }
        p.muted { (closes(words, first)) }
        @if !others.is_empty() {
            p { (words.t("finding-or-else")) }
            ul.plain { @for other in others {
                li { (told(words, page, other)) " " span.muted { (closes(words, other)) } }
            } }
        }
    }
}

fn line(words: &Words, page: &BalancePage, fault: &Fault) -> Markup {
    html! {
        p {
            (State::Fail.icon()) " " strong { (cause(words, page, &fault.cause)) }
            @if let Some(size) = size(words, page, fault) { " " (size) }
            @if let Cause::Bias { stream, of } = &fault.cause {
                @let address = page.address(&[("without", &format!("{stream}:{of}"))]);
                " · " a href=(address) { (words.t("finding-what-if")) }
            }
        }
        @if !fault.ties.is_empty() {
            p { (words.t("finding-ties")) " "
                @for (at, tie) in fault.ties.iter().enumerate() {
                    @if at > 0 { "; " } (findings::what(words, page, tie))
                }
            }
        }
    }
}

/// All faults of an explanation in one line.
pub(super) fn told(words: &Words, page: &BalancePage, explanation: &Explanation) -> String {
    let one = |fault: &Fault| match size(words, page, fault) {
        Some(size) => format!("{} {size}", cause(words, page, &fault.cause)),
        None => cause(words, page, &fault.cause),
    };
    explanation.faults.iter().map(one).collect::<Vec<String>>().join("; ")
}

fn cause(words: &Words, page: &BalancePage, of: &Cause) -> String {
    let name = |(stream, of): &(String, String)| {
        format!("{} {}", page.stream(words, stream), show::quantity(words, of))
    };
    match of {
        Cause::Exchange { one, other } => {
            words.tv("finding-exchange", &[("one", name(one).into()), ("other", name(other).into())])
        }
        Cause::Bias { stream, of } => {
            let (stream, of) = (page.stream(words, stream), show::quantity(words, of));
            words.tv("finding-bias", &[("stream", stream.into()), ("of", of.into())])
        }
        Cause::Leak { node } => {
            let of = show::quantity(words, crate::flowsheet::rules::FLOW);
            words.tv("finding-leak", &[("node", page.node(words, node).into()), ("of", of.into())])
        }
    }
}

/// `by about 3.83 ± 0.26 t`.
fn size(words: &Words, page: &BalancePage, fault: &Fault) -> Option<String> {
    let size = fault.size.as_ref()?;
    let sd = fault.sd.as_deref();
    let unit = match &fault.cause {
        Cause::Bias { of, .. } => page.unit(of).to_owned(),
        _ => page.version.definition.unit.symbol().to_owned(),
    };
    let about = sd.map_or_else(String::new, |sd| format!(" ± {}", printed(sd, Some(sd))));
    let size = format!("{}{about} {unit}", printed(size, sd));
    Some(words.tv("finding-size", &[("size", size.into())]))
}

fn closes(words: &Words, explanation: &Explanation) -> String {
    let numbers = [
        ("objective", explanation.objective.as_str().into()),
        ("dof", u64::from(explanation.dof).into()),
        ("probability", explanation.probability.as_deref().unwrap_or("—").into()),
    ];
    words.tv("finding-without-these", &numbers)
}
