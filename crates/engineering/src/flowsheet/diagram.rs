//! A flowsheet as a drawing: SVG without script or style of its own, coloured by the page's tokens, so that
//! it follows the theme. What colour says, the label says too.

use maud::{Markup, html};
use ui::Words;

use super::Definition;
use super::layout::{HALF_HEIGHT, HALF_WIDTH, Line, Point, layout};
use crate::show;

/// How a stream is drawn: the class of its colour, and what is added to its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tone {
    /// `pass`, `warning`, `fail` or nothing.
    pub class: &'static str,
    /// A word or figure behind the name.
    pub note: String,
}

/// The drawing; `tone` says how each stream is drawn, by its name.
pub fn diagram(words: &Words, of: &Definition, title: &str, tone: &dyn Fn(&str) -> Tone) -> Markup {
    let laid = layout(of);
    let view = format!("0 0 {:.0} {:.0}", laid.size.0, laid.size.1);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(title) {
            svg.flowsheet viewBox=(view) width=(format!("{:.0}", laid.size.0))
                height=(format!("{:.0}", laid.size.1)) role="img" aria-label=(title) {
                defs { marker #arrow viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"
                    orient="auto-start-reverse" { path d="M0 0L8 4L0 8Z" {} } }
                @for line in &laid.lines {
                    @let stream = &of.streams[line.stream];
                    @let tone = tone(stream.name.as_str());
                    g.line.(tone.class).recycle[line.recycle] {
                        path d=(path(line)) marker-end="url(#arrow)" {}
                    }
                }
                @for (node, at) in of.nodes.iter().zip(&laid.nodes) {
                    (boxed(&show::node(words, node), *at, node.stock.0))
                }
                @for line in &laid.lines {
                    @let stream = &of.streams[line.stream];
                    @let tone = tone(stream.name.as_str());
                    @let (x, y) = middle(line);
                    g.name.(tone.class) {
                        text x=(format!("{x:.1}")) y=(format!("{y:.1}")) text-anchor="middle" {
                            (show::stream(words, stream))
                        }
                        @if !tone.note.is_empty() {
                            @let below = format!("{:.1}", y + 13.0);
                            text.note x=(format!("{x:.1}")) y=(below) text-anchor="middle" {
                                (tone.note)
                            }
                        }
                    }
                }
            }
        }
    }
}

fn boxed(name: &str, (x, y): Point, stock: bool) -> Markup {
    let lines = folded(name);
    let first = y + 4.0 - 7.0 * (lines.len() as f64 - 1.0);
    html! {
        g.node.stock[stock] {
            rect x=(format!("{:.1}", x - HALF_WIDTH)) y=(format!("{:.1}", y - HALF_HEIGHT))
                width=(2.0 * HALF_WIDTH) height=(2.0 * HALF_HEIGHT) rx=(if stock { 14 } else { 2 }) {}
            @for (at, line) in lines.iter().enumerate() {
                @let below = format!("{:.1}", first + 14.0 * at as f64);
                text x=(format!("{x:.1}")) y=(below) text-anchor="middle" {
                    (line)
                }
            }
        }
    }
}

/// A name in at most two lines.
fn folded(name: &str) -> Vec<String> {
    let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    if wide(name) <= 18 {
        return vec![name.to_owned()];
    }
    let middle = name.len() / 2;
    let cut = name.match_indices(' ').min_by_key(|(at, _)| at.abs_diff(middle));
    match cut {
        Some((at, _)) => vec![name[..at].to_owned(), name[at + 1..].to_owned()],
        None => vec![name.to_owned()],
    }
}

fn path(line: &Line) -> String {
    let Some((first, rest)) = line.points.split_first() else { return String::new() };
    let mut out = format!("M{:.1} {:.1}", first.0, first.1);
    let mut at = *first;
    let flat = rest.len() == 1;
    for to in rest {
        if line.recycle && flat {
            let low = at.1.max(to.1) + 48.0;
            out.push_str(&format!("C{:.1} {low:.1} {:.1} {low:.1} {:.1} {:.1}", at.0, to.0, to.0, to.1));
        } else {
            let half = (at.0 + to.0) / 2.0;
            out.push_str(&format!("C{half:.1} {:.1} {half:.1} {:.1} {:.1} {:.1}", at.1, to.1, to.0, to.1));
        }
        at = *to;
    }
    out
}

/// Where its name stands: over the middle of its line.
fn middle(line: &Line) -> Point {
    let part = (line.points.len() - 1) / 2;
    let (a, b) = (line.points[part], line.points[part + 1]);
    let below = if line.recycle && line.points.len() == 2 { 32.0 } else { -6.0 };
    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0 + below)
}
