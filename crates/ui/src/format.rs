//! How numbers, formulae, dates and instants look. Digits are never changed here: a text goes in as
//! reported and comes out with the same digits, only grouped (NUMBERS.md, 2 and 10).

use jiff::{Timestamp, civil::Date};
use maud::{Markup, html};

use crate::text::{Lang, Words};

/// A narrow no-break space, which groups digits (ISO 80000-1, 7.3.1).
const THIN: char = '\u{202f}';

/// The parts of a reported number: what stands before the digits, the whole digits, and the fraction with
/// its point. A text without digits (`ND`, `/`) is all prefix; what follows the number (`e-3`, a mark) goes
/// with the fraction.
pub(crate) fn split_number(text: &str) -> (&str, &str, &str) {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else { return (text, "", "") };
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (&text[..start], &rest[..end], &rest[end..])
}

/// Whole digits in groups of three from the right, when there are five or more; otherwise one group.
pub(crate) fn groups(digits: &str) -> Vec<&str> {
    if digits.len() < 5 {
        return vec![digits];
    }
    let first = digits.len() % 3;
    let head = (first > 0).then(|| &digits[..first]);
    let tail = (first..digits.len()).step_by(3).map(|at| &digits[at..at + 3]);
    head.into_iter().chain(tail).collect()
}

/// A number's text with thin-space groups, for plain text. On pages use [`crate::kit::number::Number`],
/// which keeps the digits together for copying.
pub fn grouped(text: &str) -> String {
    let (prefix, whole, fraction) = split_number(text);
    format!("{prefix}{}{fraction}", groups(whole).join(&THIN.to_string()))
}

/// A chemical formula with subscripts: digits after a letter or closing bracket are set low (`La2O3`);
/// digits that lead a part, as in `MnSO4·H2O` or `2H2O`, stay.
pub fn formula(text: &str) -> Markup {
    let mut parts: Vec<(bool, String)> = Vec::new();
    let mut low = false;
    let mut before = ' ';
    for c in text.chars() {
        let digit = c.is_ascii_digit();
        let starts_low = digit && (before.is_alphabetic() || before == ')' || before == ']');
        low = digit && (starts_low || low);
        match parts.last_mut() {
            Some((is_low, part)) if *is_low == low => part.push(c),
            _ => parts.push((low, c.to_string())),
        }
        before = c;
    }
    html! { @for (low, part) in &parts { @if *low { sub { (part) } } @else { (part) } } }
}

/// A size of a file in bytes, kB or MB (powers of ten), three figures.
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{}.{} kB", count / 1_000, count % 1_000 / 100),
        _ => format!("{}.{} MB", count / 1_000_000, count % 1_000_000 / 100_000),
    }
}

impl Words {
    /// A date: `2026-03-14` in English, `2026年3月14日` in Chinese.
    pub fn date(&self, date: Date) -> String {
        match self.lang() {
            Lang::En => date.to_string(),
            Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        }
    }

    /// An instant on the institute's clock, to the minute.
    pub fn instant(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone().clone());
        format!("{} {:02}:{:02}", self.date(local.date()), local.hour(), local.minute())
    }

    /// An instant as a `<time>` element; the exact UTC instant is its `datetime`.
    pub fn time(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at) { (self.instant(at)) } }
    }

    /// A calendar date as a `<time>` element.
    pub fn day(&self, date: Date) -> Markup {
        html! { time datetime=(date) { (self.date(date)) } }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{civil::date, tz::TimeZone};
    use proptest::prelude::*;

    use super::*;
    use crate::text::Catalogue;

    #[test]
    fn groups_keep_every_digit_and_qualifier() {
        for (text, expected) in [
            ("0.0010", "0.0010"),
            ("<0.001", "<0.001"),
            ("1234.5", "1234.5"),
            ("12345.60", "12\u{202f}345.60"),
            ("-1234567", "-1\u{202f}234\u{202f}567"),
            ("ND", "ND"),
            ("1.2e-5", "1.2e-5"),
            ("/", "/"),
        ] {
            assert_eq!(grouped(text), expected);
        }
    }

    proptest! {
        #[test]
        fn grouping_only_adds_spaces(text in "[<>-]?[0-9]{0,12}(\\.[0-9]{1,6})?") {
            prop_assert_eq!(grouped(&text).replace(THIN, ""), text);
        }
    }

    #[test]
    fn formulae_set_counts_low_and_coefficients_not() {
        assert_eq!(formula("La2O3").into_string(), "La<sub>2</sub>O<sub>3</sub>");
        assert_eq!(formula("MnSO4·H2O").into_string(), "MnSO<sub>4</sub>·H<sub>2</sub>O");
        assert_eq!(formula("CuSO4·5H2O").into_string(), "CuSO<sub>4</sub>·5H<sub>2</sub>O");
        assert_eq!(formula("Al2(SO4)12").into_string(), "Al<sub>2</sub>(SO<sub>4</sub>)<sub>12</sub>");
    }

    #[test]
    fn instants_are_shown_on_the_institutes_clock() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let words = Catalogue::new(&[]).unwrap().words(Lang::Zh, zone);
        let at: Timestamp = "2026-03-13T16:05:00Z".parse().unwrap();
        assert_eq!(words.instant(at), "2026年3月14日 00:05");
        assert_eq!(words.in_lang(Lang::En).instant(at), "2026-03-14 00:05");
        assert_eq!(words.date(date(2026, 3, 4)), "2026年3月4日");
        assert!(words.time(at).into_string().contains("datetime=\"2026-03-13T16:05:00Z\""));
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(12_345), "12.3 kB");
        assert_eq!(bytes(2_000_000), "2.0 MB");
    }
}
