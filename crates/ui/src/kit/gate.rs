//! Gates as a checklist, failing lines first, and refusals where the button was. Both say the rule and its
//! clause, what would make it pass, who can do that, and link to where it is done (PAGES.md, Refusals).

use maud::{Markup, html};

use super::Link;
use super::badge::State;
use crate::Words;

/// One gate of a checklist.
#[derive(Debug, Clone)]
pub struct Gate {
    /// How it stands.
    pub state: State,
    /// The state in words, as "not run" or "passed".
    pub verdict: String,
    /// What is asked.
    pub what: String,
    /// What was found: words that may lead to the record.
    pub evidence: Vec<Link>,
    /// Rule and clause.
    pub rule: Option<String>,
    /// What would make it pass; absent when it passes.
    pub remedy: Option<String>,
    /// Who can do that.
    pub who: Option<String>,
    /// Where that is done.
    pub action: Option<Link>,
}

/// A checklist of gates; failing first, then held, warning, neutral, passed, each in the order given. Neutral
/// ones, which nobody asks for, are not counted.
pub fn checklist(words: &Words, gates: &[Gate]) -> Markup {
    let mut sorted: Vec<&Gate> = gates.iter().collect();
    sorted.sort_by_key(|gate| gate.state);
    let passed = gates.iter().filter(|gate| gate.state == State::Pass).count();
    let asked = gates.iter().filter(|gate| gate.state != State::Neutral).count();
    html! {
        div.gates {
            p.muted {
                (words.tv("kit-gates-count", &[("passed", passed.into()), ("all", asked.into())]))
            }
            ul { @for gate in sorted { (line(words, gate)) } }
        }
    }
}

fn line(words: &Words, gate: &Gate) -> Markup {
    html! {
        li.gate.(gate.state.class()) {
            span.gate-sign { (gate.state.icon()) }
            div {
                p { strong { (gate.what) } span.verdict { " " (gate.verdict) } }
                @if !gate.evidence.is_empty() {
                    p.evidence {
                        @for (at, link) in gate.evidence.iter().enumerate() {
                            @if at > 0 { " · " }
                            @if link.href.is_empty() { (link.text) } @else { (link) }
                        }
                    }
                }
                @if let Some(rule) = &gate.rule { p.muted { (rule) } }
                @if let Some(remedy) = &gate.remedy {
                    p { (words.tv("kit-remedy", &[("remedy", remedy.into())])) }
                }
                @if let Some(who) = &gate.who { p { (words.tv("kit-who", &[("who", who.into())])) } }
            }
            @if let Some(action) = &gate.action {
                p.gate-action { a.button href=(action.href) { (action.text) } }
            }
        }
    }
}

/// A refusal, shown where the button was.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What was refused.
    pub what: String,
    /// The rule, in words.
    pub rule: String,
    /// Standard and clause, or the institute's own rule number.
    pub clause: Option<String>,
    /// What would make it pass.
    pub remedy: String,
    /// Who can do that.
    pub who: Option<String>,
    /// Where it is done.
    pub action: Option<Link>,
    /// The records that its words name.
    pub records: Vec<Link>,
    /// The ledger entry of the refusal: a refusal is a record.
    pub ledger: Option<Link>,
}

impl Refusal {
    /// The panel. It takes the focus when the page opens, so that nobody misses it.
    pub fn render(&self, words: &Words) -> Markup {
        html! {
            section.refusal role="alert" tabindex="-1" data-focus {
                h2 { (State::Fail.icon()) (words.tv("kit-refused", &[("what", self.what.as_str().into())])) }
                dl.facts {
                    dt { (words.t("kit-refused-rule")) }
                    dd { (self.rule) @if let Some(clause) = &self.clause { " " span.muted { (clause) } } }
                    dt { (words.t("kit-refused-remedy")) }
                    dd { (self.remedy) }
                    @if let Some(who) = &self.who { dt { (words.t("kit-refused-who")) } dd { (who) } }
                    @if !self.records.is_empty() {
                        dt { (words.t("kit-refused-records")) }
                        dd { @for (at, link) in self.records.iter().enumerate() {
                            @if at > 0 { " · " }
                            (link)
                        } }
                    }
                    @if let Some(ledger) = &self.ledger {
                        dt { (words.t("kit-refused-record")) } dd { (ledger) }
                    }
                }
                @if let Some(action) = &self.action { p { a.button href=(action.href) { (action.text) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use crate::gallery::sample_words;

    #[test]
    fn failing_gates_come_first_and_the_count_is_of_passes() {
        let gate = |state, what: &str| Gate {
            state,
            verdict: String::new(),
            what: what.to_owned(),
            evidence: Vec::new(),
            rule: None,
            remedy: None,
            who: None,
            action: None,
        };
        let gates = [gate(State::Pass, "one"), gate(State::Held, "two"), gate(State::Fail, "three")];
        let text = checklist(&sample_words(Lang::En), &gates).into_string();
        let place = |what: &str| text.find(what).unwrap();
        assert!(place("three") < place("two") && place("two") < place("one"), "{text}");
        assert!(text.contains("1 of 3"), "{text}");
    }
}
