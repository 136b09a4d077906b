//! The explanation of a number as a tree read from the top: number → rule or formula → its inputs → … → the
//! raw token, marked in the raw file with the lines around it. Each node says who, when, under which
//! authorisation and version.

use jiff::Timestamp;
use maud::{Markup, html};

use super::Link;
use super::badge::Badge;
use super::number::Number;
use crate::Words;

/// How many lines are shown before and after the token's own.
pub const LINES_AROUND: usize = 5;

/// How many levels of the tree stand open at first.
pub const OPEN_TO: usize = 4;

/// One node of an explanation.
#[derive(Debug, Clone, Default)]
pub struct ExplainNode {
    /// What kind of record, in the reader's words: result, reading, file, calibration, …
    pub kind: String,
    /// Name of the record, with its address.
    pub record: Option<Link>,
    /// The number it stands for.
    pub value: Option<Number>,
    /// The rule or formula that made the number from the inputs below.
    pub rule: Option<String>,
    /// Its state.
    pub badge: Option<Badge>,
    /// Who did it.
    pub who: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// The authorisation it was done under.
    pub authorisation: Option<Link>,
    /// Version of the method, specification, mapping or program.
    pub version: Option<String>,
    /// The place in the raw file, at the end of the tree.
    pub excerpt: Option<Excerpt>,
    /// One line that cites this node; the key `c` copies it.
    pub citation: String,
    /// What it was made from.
    pub inputs: Vec<ExplainNode>,
}

/// A place in a raw file with the lines around it.
#[derive(Debug, Clone)]
pub struct Excerpt {
    /// The file's name, with the address where its bytes can be had.
    pub file: Link,
    /// The SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Number of the first line given, from 1.
    pub first_line: usize,
    /// The lines, as decoded.
    pub lines: Vec<String>,
    /// Number of the line that holds the token, from 1.
    pub line: usize,
    /// Where the token stands in that line, in characters: from, to (exclusive).
    pub token: (usize, usize),
}

impl Excerpt {
    /// Cuts the lines around a token out of a whole text. `line` counts from 1; `token` is in characters of
    /// that line.
    pub fn cut(file: Link, sha256: &str, text: &str, line: usize, token: (usize, usize)) -> Excerpt {
        let first_line = line.saturating_sub(LINES_AROUND).max(1);
        let lines =
            text.lines().skip(first_line - 1).take(line + LINES_AROUND + 1 - first_line).map(str::to_owned);
        Excerpt { file, sha256: sha256.to_owned(), first_line, lines: lines.collect(), line, token }
    }

    /// The excerpt with the token marked.
    pub fn render(&self, words: &Words) -> Markup {
        let label =
            words.tv("kit-excerpt", &[("file", self.file.text.as_str().into()), ("line", self.line.into())]);
        html! {
            figure.excerpt {
                figcaption {
                    (self.file) " "
                    span.muted { (words.tv("kit-excerpt-line", &[("line", self.line.to_string().into())])) }
                    " " code.hash title=(self.sha256) { (self.sha256.get(..12).unwrap_or(&self.sha256)) }
                }
                div.scroll tabindex="0" role="region" aria-label=(label) {
                    ol start=(self.first_line) {
                        @for (at, line) in self.lines.iter().enumerate() {
                            li value=(self.first_line + at) {
                                (self.line_with_token(self.first_line + at, line))
                            }
                        }
                    }
                }
            }
        }
    }

    fn line_with_token(&self, number: usize, line: &str) -> Markup {
        if number != self.line {
            return html! { code { (line) } };
        }
        let (from, to) = self.token;
        let part = |from: usize, to: usize| {
            line.chars().skip(from).take(to.saturating_sub(from)).collect::<String>()
        };
        html! { code { (part(0, from)) mark { (part(from, to)) } (part(to, usize::MAX)) } }
    }
}

/// The tree, opened [`OPEN_TO`] levels deep; a branch opens without script.
pub fn tree(words: &Words, root: &ExplainNode) -> Markup {
    html! {
        p.muted { (words.t("kit-explain-copy")) }
        ul.explain { (node(words, root, 0)) }
    }
}

/// The head stands outside the `details`: a summary must not hold links.
fn node(words: &Words, at: &ExplainNode, depth: usize) -> Markup {
    html! {
        li data-cite=(at.citation) {
            div.node tabindex="0" { (head(words, at)) }
            @if let Some(excerpt) = &at.excerpt {
                details open { summary { (words.t("kit-explain-raw")) } (excerpt.render(words)) }
            }
            @if !at.inputs.is_empty() {
                details open[depth < OPEN_TO] {
                    summary { (words.tv("kit-explain-inputs", &[("n", at.inputs.len().into())])) }
                    ul { @for input in &at.inputs { (node(words, input, depth + 1)) } }
                }
            }
        }
    }
}

fn head(words: &Words, at: &ExplainNode) -> Markup {
    html! {
        span.kind { (at.kind) } " "
        @if let Some(value) = &at.value { strong { (value.render(words)) } " " }
        @if let Some(record) = &at.record { (record) " " }
        @if let Some(badge) = &at.badge { (badge) " " }
        @if let Some(rule) = &at.rule { span.rule { (rule) } }
        @if at.who.is_some() || at.at.is_some() || at.version.is_some() || at.authorisation.is_some() {
            span.provenance {
                @if let Some(who) = &at.who { span { (who) } }
                @if let Some(when) = at.at { span { (words.time(when)) } }
                @if let Some(authorisation) = &at.authorisation { span { (authorisation) } }
                @if let Some(version) = &at.version { span { (version) } }
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
    fn cuts_five_lines_around_and_marks_the_token() {
        let text: String = (1..=20).map(|n| format!("row {n},测 {n}.5\n")).collect();
        let file = || Link::new("a.csv", "/files/1");
        let middle = Excerpt::cut(file(), "ab", &text, 10, (9, 13));
        assert_eq!((middle.first_line, middle.lines.len()), (5, 11));
        let shown = middle.render(&sample_words(Lang::En)).into_string();
        assert!(shown.contains("row 10,测 <mark>10.5</mark>"), "{shown}");
        let top = Excerpt::cut(file(), "ab", &text, 1, (0, 3));
        assert_eq!((top.first_line, top.lines.len()), (1, 6));
        let end = Excerpt::cut(file(), "ab", &text, 20, (0, 3));
        assert_eq!((end.first_line, end.lines.len()), (15, 6));
    }
}
