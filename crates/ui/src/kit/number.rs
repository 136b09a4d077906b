//! A number on a page: the text as reported, a link to its explanation, and what belongs to it (unit, basis,
//! uncertainty, method) on hover and focus. The qualifier and its limit never part (PAGES.md, Numbers).

use maud::{Markup, html};

use crate::{Words, format};

/// A reported number. The text is shown with every digit it has; `<0.001` stays `<0.001`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Number {
    /// As reported, qualifier included: `12.30`, `<0.001`, `ND`.
    pub text: String,
    /// Where it is explained.
    pub href: Option<String>,
    /// Unit symbol, `%`, `mg/kg`.
    pub unit: Option<String>,
    /// Basis in the reader's words: dry, as received, …
    pub basis: Option<String>,
    /// Expanded uncertainty with its coverage factor, as text.
    pub uncertainty: Option<String>,
    /// Method and edition.
    pub method: Option<String>,
    /// The value changed since it was entered; stays marked on every print.
    pub changed: bool,
    /// A person typed it; stays marked for ever.
    pub hand_typed: bool,
}

impl Number {
    /// A number that is only its text.
    pub fn new(text: impl Into<String>) -> Number {
        Number { text: text.into(), ..Number::default() }
    }

    /// With the address of its explanation.
    pub fn explained(mut self, href: impl Into<String>) -> Number {
        self.href = Some(href.into());
        self
    }

    /// With its unit.
    pub fn unit(mut self, unit: impl Into<String>) -> Number {
        self.unit = Some(unit.into());
        self
    }

    /// With its basis, in the reader's words.
    pub fn basis(mut self, basis: impl Into<String>) -> Number {
        self.basis = Some(basis.into());
        self
    }

    /// How many characters stand from the decimal point on; the column pads to the longest.
    pub(crate) fn fraction_width(&self) -> usize {
        format::split_number(&self.text).2.chars().count()
    }

    /// The number in running text, with its unit behind it.
    pub fn render(&self, words: &Words) -> Markup {
        html! {
            span.quantity {
                (self.bare(words, 0))
                @if let Some(unit) = &self.unit { span.unit { " " (unit) } }
            }
        }
    }

    /// The number alone, as in a column whose head names the unit; `align` is the widest fraction of the
    /// column.
    pub(crate) fn bare(&self, words: &Words, align: usize) -> Markup {
        let tip = self.tip(words);
        let digits = self.digits();
        let pad = pad(self.fraction_width(), align);
        html! {
            span.num {
                @match (&self.href, tip.is_empty()) {
                    (Some(href), true) => a href=(href) { (digits) },
                    (Some(href), false) => a href=(href) title=(tip) data-tip=(tip) { (digits) },
                    (None, true) => (digits),
                    (None, false) => span title=(tip) data-tip=(tip) tabindex="0" role="note" { (digits) },
                }
                @if let Some(pad) = pad { span.pad data-pad=(pad) {} }
                @if self.changed { (mark(words, "kit-number-changed", "Δ")) }
                @if self.hand_typed { (mark(words, "kit-number-hand-typed", "✎")) }
            }
        }
    }

    /// Groups are set apart by a margin, not by a character: copying gives the digits.
    fn digits(&self) -> Markup {
        let (prefix, whole, fraction) = format::split_number(&self.text);
        let groups = format::groups(whole);
        html! {
            (prefix)
            @if groups.len() > 1 { @for group in &groups { span.group { (group) } } } @else { (whole) }
            (fraction)
        }
    }

    fn tip(&self, words: &Words) -> String {
        let mut parts: Vec<String> = Vec::new();
        if let (Some(unit), true) = (&self.unit, !self.text.is_empty()) {
            parts.push(format!("{} {unit}", format::grouped(&self.text)));
        }
        parts.extend(self.basis.clone());
        parts.extend(self.uncertainty.as_ref().map(|u| format!("{} {u}", words.t("kit-number-uncertainty"))));
        parts.extend(self.method.clone());
        if self.changed {
            parts.push(words.t("kit-number-changed"));
        }
        if self.hand_typed {
            parts.push(words.t("kit-number-hand-typed"));
        }
        parts.join(" · ")
    }
}

fn mark(words: &Words, key: &str, sign: &str) -> Markup {
    let meaning = words.t(key);
    html! { span.mark role="img" aria-label=(meaning) title=(meaning) { (sign) } }
}

fn pad(own: usize, align: usize) -> Option<String> {
    let missing = align.saturating_sub(own);
    match (missing, own) {
        (0, _) => None,
        (_, 0) => Some(format!(".{}", "0".repeat(missing - 1))),
        _ => Some("0".repeat(missing)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use crate::gallery::sample_words;

    fn shown(number: &Number) -> String {
        number.bare(&sample_words(Lang::En), 4).into_string()
    }

    #[test]
    fn every_digit_and_the_qualifier_stay() {
        let below = shown(&Number::new("<0.0010").explained("/r/1"));
        assert!(below.contains("<a href=\"/r/1\">&lt;0.0010</a>"), "{below}");
        let large = shown(&Number::new("12345.6"));
        assert!(
            large.contains("<span class=\"group\">12</span><span class=\"group\">345</span>.6"),
            "{large}"
        );
    }

    #[test]
    fn pads_to_the_point() {
        assert_eq!(pad(0, 4).as_deref(), Some(".000"));
        assert_eq!(pad(2, 4).as_deref(), Some("00"));
        assert_eq!(pad(4, 4), None);
    }

    #[test]
    fn marks_carry_words() {
        let marked = Number { changed: true, hand_typed: true, ..Number::new("1.2").unit("%").basis("dry") };
        let text = shown(&marked);
        assert!(text.contains("1.2 % · dry · changed since entry · typed by hand"), "{text}");
        assert_eq!(text.matches("class=\"mark\"").count(), 2);
    }
}
