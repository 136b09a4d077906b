//! The small parts: empty states, notices, facts, tiles, progress, the mass triple, a place for a QR code.

use maud::{Markup, Render, html};

use super::Link;
use super::badge::State;
use super::number::Number;
use crate::Words;

/// An honest empty state: what is not there, what would fill it, where that is done.
#[derive(Debug, Clone, Default)]
pub struct Empty {
    /// What is not there.
    pub title: String,
    /// What would fill it.
    pub hint: String,
    /// Where that is done.
    pub action: Option<Link>,
}

impl Empty {
    /// An empty state without a link.
    pub fn new(title: impl Into<String>, hint: impl Into<String>) -> Empty {
        Empty { title: title.into(), hint: hint.into(), action: None }
    }

    /// The block.
    pub fn render(&self) -> Markup {
        html! {
            div.empty {
                p { strong { (self.title) } }
                @if !self.hint.is_empty() { p { (self.hint) } }
                @if let Some(action) = &self.action { p { a.button href=(action.href) { (action.text) } } }
            }
        }
    }
}

/// A message about the page as a whole.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its meaning.
    pub state: State,
    /// Its words.
    pub text: String,
    /// Where more is said or something can be done.
    pub link: Option<Link>,
}

impl Notice {
    /// A notice without a link.
    pub fn new(state: State, text: impl Into<String>) -> Notice {
        Notice { state, text: text.into(), link: None }
    }
}

impl Render for Notice {
    fn render(&self) -> Markup {
        let role = if self.state == State::Fail { "alert" } else { "status" };
        html! {
            div.notice.(self.state.class()) role=(role) {
                (self.state.icon())
                p { (self.text) @if let Some(link) = &self.link { " " (link) } }
            }
        }
    }
}

/// A list of facts: name and what it is.
pub fn facts<'a>(pairs: impl IntoIterator<Item = (&'a str, Markup)>) -> Markup {
    html! { dl.facts { @for (name, value) in pairs { dt { (name) } dd { (value) } } } }
}

/// A section with a heading; sections are set apart by space and a thin line, never by a box in a box.
pub fn section(title: &str, body: Markup) -> Markup {
    html! { section.block { h2 { (title) } (body) } }
}

/// A count on the home page that leads to what it counts.
#[derive(Debug, Clone)]
pub struct Tile {
    /// What is counted.
    pub label: String,
    /// The count or share, as text.
    pub value: String,
    /// Unit, small, behind the value.
    pub unit: Option<String>,
    /// One more line: what changed, since when.
    pub note: Option<String>,
    /// How it stands.
    pub state: State,
    /// The records counted.
    pub href: String,
}

/// The tiles in a row.
pub fn tiles(tiles: &[Tile]) -> Markup {
    html! {
        ul.tiles {
            @for tile in tiles {
                li.(tile.state.class()) {
                    a href=(tile.href) {
                        span.tile-label {
                            @if tile.state != State::Neutral { (tile.state.icon()) } (tile.label)
                        }
                        span.tile-value {
                            (crate::format::grouped(&tile.value)) @if let Some(unit) = &tile.unit {
                                small { " " (unit) }
                            }
                        }
                        @if let Some(note) = &tile.note { span.tile-note { (note) } }
                    }
                }
            }
        }
    }
}

/// Long work with its count. The page asks again by itself until the work has ended, and may be left at any
/// time.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its id in the page.
    pub id: String,
    /// What is being done.
    pub label: String,
    /// How many are done.
    pub done: u64,
    /// How many there are, when known.
    pub total: Option<u64>,
    /// What is counted, in the reader's words.
    pub what: String,
    /// The address that answers this block anew; none when the work has ended.
    pub poll: Option<String>,
}

impl Progress {
    /// The block. With script it replaces itself every second; without, the frame's `refresh` reloads the
    /// page.
    pub fn render(&self, words: &Words) -> Markup {
        let trigger = self.poll.as_ref().map(|_| "load delay:1s");
        let count = match self.total {
            Some(total) => words.tv(
                "kit-progress-of",
                &[("done", self.done.into()), ("total", total.into()), ("what", self.what.as_str().into())],
            ),
            None => {
                words.tv("kit-progress", &[("done", self.done.into()), ("what", self.what.as_str().into())])
            }
        };
        html! {
            div.progress id=(self.id) hx-get=[self.poll.as_deref()] hx-trigger=[trigger] hx-swap="outerHTML" {
                p id={ (self.id) "-label" } {
                    strong { (self.label) } " " span.muted role="status" { (count) }
                }
                @match self.total {
                    Some(total) => {
                        progress aria-labelledby={ (self.id) "-label" } max=(total.max(1))
                            value=(self.done.min(total)) {}
                    }
                    None => progress aria-labelledby={ (self.id) "-label" } {},
                }
                @if self.poll.is_some() { p.muted { (words.t("kit-progress-leave")) } }
            }
        }
    }
}

/// Wet mass, moisture, dry mass: two give the third (NUMBERS.md, 8). The derived one is named as such.
#[derive(Debug, Clone)]
pub struct MassTriple {
    /// Wet mass, with its unit.
    pub wet: Option<Number>,
    /// Moisture, with its unit.
    pub moisture: Option<Number>,
    /// Dry mass, with its unit.
    pub dry: Option<Number>,
    /// Which of the three was computed from the other two.
    pub derived: Option<MassPart>,
}

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MassPart {
    /// Wet mass.
    Wet,
    /// Moisture.
    Moisture,
    /// Dry mass.
    Dry,
}

impl MassTriple {
    /// The three side by side.
    pub fn render(&self, words: &Words) -> Markup {
        let parts = [
            (MassPart::Wet, "kit-mass-wet", &self.wet),
            (MassPart::Moisture, "kit-mass-moisture", &self.moisture),
            (MassPart::Dry, "kit-mass-dry", &self.dry),
        ];
        html! {
            dl.triple {
                @for (part, key, number) in parts {
                    div {
                        dt {
                            (words.t(key)) @if self.derived == Some(part) {
                                " " small { (words.t("kit-mass-derived")) }
                            }
                        }
                        dd {
                            @match number {
                                Some(number) => (number.render(words)), None => span.muted {
                                    (words.t("kit-mass-unknown"))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A QR code with its text below; `svg` comes from the publisher of labels, which sets no style of its own.
pub fn qr(svg: Markup, text: &str, label: &str) -> Markup {
    html! { figure.qr { div role="img" aria-label=(label) { (svg) } figcaption { code { (text) } } } }
}
