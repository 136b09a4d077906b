//! The pictures of the page: flows as a Sankey and on the flowsheet, adjustments as bars.

use maud::{Markup, html};
use ui::chart::{Flow, Mark, Sankey, Series, Shape, Trend};
use ui::{State, Words};

use super::closing::{self, Printed};
use super::figures::{printed, tone};
use super::{BalancePage, Side};
use crate::flowsheet::diagram::{Tone, diagram};
use crate::flowsheet::rules::FLOW;
use crate::show;
use crate::solve::{Solved, text};

/// Which figures, and of what: links, so that it works without script.
pub(super) fn switch(words: &Words, page: &BalancePage) -> Markup {
    let sides = Side::ALL.map(|side| {
        let address = page.address(&[("show", side.word()), ("of", &page.of)]);
        (words.t(&format!("figure-{}", side.word())), address, side == page.side)
    });
    let side = page.side.word();
    let of: Vec<(String, String, bool)> = page
        .version
        .definition
        .quantities()
        .map(|of| {
            let address = page.address(&[("show", side), ("of", of)]);
            (show::quantity(words, of), address, of == page.of)
        })
        .collect();
    let group = |label: String, links: &[(String, String, bool)]| {
        html! {
            nav.switch aria-label=(label) {
                @for (text, address, current) in links {
                    a href=(address) aria-current=[current.then_some("true")] { (text) }
                }
            }
        }
    };
    html! {
        div.switches {
            (group(words.t("switch-figures"), &sides))
            (group(words.t("switch-quantity"), &of))
        }
    }
}

/// What is printed of reconciled flows or masses, so that it adds up; nothing on the other sides.
fn together(page: &BalancePage, solved: &Solved) -> Printed {
    match (page.side, page.of.as_str()) {
        (Side::Reconciled, FLOW) => closing::flows(&page.version.definition, solved),
        (Side::Reconciled, of) => closing::masses(&page.case, solved, of),
        _ => Printed::new(),
    }
}

/// What a stream carries on the chosen side: for drawing, as text.
fn carried(page: &BalancePage, solved: &Solved, all: &Printed, stream: &str) -> Option<(f64, String)> {
    let of = |quantity: &str| -> Option<(f64, String)> {
        let figure = solved.figure(stream, quantity)?;
        let value = match page.side {
            Side::Raw => figure.raw.as_ref(),
            Side::Accounting => figure.accounting.as_ref(),
            Side::Reconciled | Side::Adjustment => figure.reconciled.as_ref(),
        }?;
        Some((text::drawn(value)?, printed(value, figure.sd.as_deref())))
    };
    let (flow, shown) = of(FLOW)?;
    let closing = all.get(stream).cloned();
    if page.of == FLOW {
        return Some((flow, closing.unwrap_or(shown)));
    }
    let chain = page.version.definition.chain(&page.of);
    let share: f64 = chain.into_iter().map(|quantity| Some(of(quantity)?.0)).product::<Option<f64>>()?;
    let mass = flow * share * text::float(page.case.share_unit(&page.of));
    Some((mass, closing.unwrap_or_else(|| text::significant(mass, 4))))
}

/// How a stream was adjusted, in a word and a figure.
fn adjusted(words: &Words, page: &BalancePage, solved: &Solved, stream: &str) -> (State, String) {
    let adjustment = solved.figure(stream, &page.of).and_then(|figure| figure.adjustment.as_deref());
    let state = tone(adjustment);
    let note = match (adjustment.and_then(text::drawn), state) {
        (Some(size), State::Warning | State::Fail) => {
            let word = words.t(&format!("adjustment-{}", state.class()));
            format!("{word} {size:+.1} {}", words.t("unit-sd"))
        }
        (Some(size), _) => format!("{size:+.1} {}", words.t("unit-sd")),
        (None, _) => String::new(),
    };
    (state, note)
}

/// The flows as a Sankey, of mass or of one component's mass.
pub(super) fn sankey(words: &Words, page: &BalancePage, solved: &Solved) -> Markup {
    let of = &page.version.definition;
    let all = together(page, solved);
    let flows = of.streams.iter().filter_map(|stream| {
        let name = stream.name.as_str();
        let (value, shown) = carried(page, solved, &all, name)?;
        let label = show::stream(words, stream);
        let end = |node: &Option<kernel::Code>| {
            node.as_ref().map_or_else(|| label.clone(), |node| page.node(words, node.as_str()))
        };
        let (from, mut to) = (end(&stream.from), end(&stream.to));
        if from == to {
            to.push('\u{200a}');
        }
        let (state, note) = adjusted(words, page, solved, name);
        let id = page.ids.get(&(name.to_owned(), page.of.clone()));
        Some(Flow {
            from,
            to,
            value: value.max(0.0),
            text: shown,
            href: id.map(|id| format!("/explain/{id}")),
            tone: match state {
                State::Fail => Some("@fail"),
                State::Warning => Some("@warning"),
                _ => None,
            },
            note: if note.is_empty() { label } else { format!("{label} · {note}") },
        })
    });
    let unit = page.version.definition.unit.symbol();
    let side = words.t(&format!("figure-{}", page.side.word()));
    let title = match page.of.as_str() {
        FLOW => words.tv("sankey-mass", &[("side", side.into())]),
        of => words.tv("sankey-component", &[("side", side.into()), ("of", of.into())]),
    };
    let sankey = Sankey { id: "sankey".to_owned(), title, unit: unit.to_owned(), flows: flows.collect() };
    sankey.render(words)
}

/// The flowsheet with every stream's figure, or how far it was moved.
pub(super) fn drawing(words: &Words, page: &BalancePage, solved: &Solved) -> Markup {
    let title = page.version.label();
    let all = together(page, solved);
    diagram(words, &page.version.definition, &title, &|stream| {
        let (state, note) = adjusted(words, page, solved, stream);
        let class = match state {
            State::Fail | State::Warning => state.class(),
            _ => "",
        };
        let shown = match page.side {
            Side::Adjustment => note,
            _ => {
                carried(page, solved, &all, stream).map(|(_, shown)| shown).unwrap_or_else(|| "?".to_owned())
            }
        };
        Tone { class, note: shown }
    })
}

/// The flowsheet before anything was reconciled: what was measured of each stream.
pub(super) fn empty_drawing(words: &Words, page: &BalancePage) -> Markup {
    let title = page.version.label();
    diagram(words, &page.version.definition, &title, &|stream| {
        let known = page.case.measured.iter().filter(|measured| measured.stream == stream).count();
        let all = 1 + page.version.definition.components.len();
        Tone { class: "", note: format!("{known}/{all}") }
    })
}

/// Adjustments of all redundant figures in standard deviations.
pub(super) fn residuals(words: &Words, page: &BalancePage, solved: &Solved) -> Markup {
    let figures: Vec<_> = solved.figures.iter().filter(|figure| figure.adjustment.is_some()).collect();
    if figures.is_empty() {
        return html! {};
    }
    let categories = figures.iter().map(|figure| {
        format!("{} {}", page.stream(words, &figure.stream), show::quantity(words, &figure.of))
    });
    let marks = figures.iter().map(|figure| {
        let adjustment = figure.adjustment.as_ref()?;
        let id = page.ids.get(&(figure.stream.clone(), figure.of.clone()));
        let value = text::drawn(adjustment)?;
        Some(Mark { value, text: format!("{value:.2}"), href: id.map(|id| format!("/explain/{id}")) })
    });
    let series = Series { name: words.t("figure-adjustment"), shape: Shape::Bar, marks: marks.collect() };
    let chart = Trend {
        id: "residuals".to_owned(),
        title: words.t("section-residuals"),
        unit: words.t("unit-sd"),
        categories: categories.collect(),
        series: vec![series],
    };
    chart.render(words)
}
