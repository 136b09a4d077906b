//! Dates and times whose digits stand without separators: `20250331`, `112002`. The widths of the fields are
//! all that tells them apart, so each has its full width (ISO 8601-1, 4.3 and 5.2: the basic format); `11202`
//! is 1:12:02 or 11:20:02, and nobody knows.

use std::cell::RefCell;
use std::rc::Rc;

use regex::Regex;

use crate::Lookup;

/// What a text is under a format with digits side by side.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Strict {
    /// To be read as it stands here: fields that the format itself leaves unpadded are padded.
    Fits(String),
    /// The digits are too few or can be told apart in several ways: what they would be, padded.
    Doubtful(Vec<String>),
}

/// A part of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    /// Digits: least and most of them.
    Digits(usize, usize),
    /// Anything else, as a pattern.
    Other(String),
}

/// Why a time without separators is not read.
pub(crate) fn trouble(text: &str, means: &[String]) -> String {
    let means: Vec<&str> = means.iter().take(4).map(String::as_str).collect();
    format!(
        "the time {text:?} has no separators and too few digits to be read in one way ({}); it is left out",
        means.join(" or ")
    )
}

/// A format with digits side by side: its pattern, with a group for each such run, and the fields of each.
struct Compact {
    pattern: Option<Regex>,
    runs: Vec<Vec<(usize, usize)>>,
}

impl Compact {
    /// None where a separator stands between all fields.
    fn of(format: &str) -> Option<Self> {
        let items = items(format);
        let runs: Vec<&[Item]> = items.chunk_by(|one, two| is_digits(one) && is_digits(two)).collect();
        if runs.iter().all(|run| run.len() < 2) {
            return None;
        }
        let mut pattern = String::from("^");
        for run in &runs {
            match run {
                [Item::Other(other)] => pattern.push_str(other),
                [_] => pattern.push_str(r"\s*[+-]?[0-9]+"),
                _ => pattern.push_str(r"\s*([0-9]+)"),
            }
        }
        let pattern = Regex::new(&(pattern + r"\s*$")).ok();
        let several = runs.iter().filter(|run| run.len() > 1);
        let runs = several.map(|run| run.iter().filter_map(digits_of).collect()).collect();
        Some(Self { pattern, runs })
    }
}

thread_local! {
    /// Formats met so far: a file has few of them and many times.
    static KNOWN: RefCell<Lookup<String, Option<Rc<Compact>>>> = RefCell::default();
}

fn known(format: &str) -> Option<Rc<Compact>> {
    KNOWN.with_borrow_mut(|known| {
        if known.len() > 64 {
            known.clear();
        }
        known.entry(format.to_owned()).or_insert_with(|| Compact::of(format).map(Rc::new)).clone()
    })
}

/// Looks at the runs of digits that hold several fields.
pub(crate) fn strict(text: &str, format: &str) -> Strict {
    let Some(compact) = known(format) else { return Strict::Fits(text.to_owned()) };
    let found = compact.pattern.as_ref().and_then(|pattern| pattern.captures(text));
    // a separator too many, say: the digits are where the format does not have them
    let Some(found) = found else { return Strict::Doubtful(Vec::new()) };
    let mut readings = vec![text.to_owned()];
    let mut certain = true;
    // from the last, so that places of earlier ones stay
    for (at, fields) in compact.runs.iter().enumerate().rev() {
        let Some(place) = found.get(at + 1) else { return Strict::Doubtful(Vec::new()) };
        let mut ways = splits(place.as_str(), fields);
        if ways.len() != 1 {
            certain = false;
            let free: Vec<(usize, usize)> = fields.iter().map(|(_, most)| (1, *most)).collect();
            ways = splits(place.as_str(), &free);
        }
        // what stands behind this run has been padded already; its beginning has not moved
        readings = readings
            .iter()
            .flat_map(|reading| {
                let rest = &reading[place.end()..];
                ways.iter().map(move |way| (rest, way))
            })
            .map(|(rest, way)| format!("{}{way}{rest}", &text[..place.start()]))
            .collect();
        readings.truncate(64);
    }
    match (certain, readings.len()) {
        (true, 1) => Strict::Fits(readings.remove(0)),
        _ => Strict::Doubtful(readings),
    }
}

fn is_digits(item: &Item) -> bool {
    matches!(item, Item::Digits(..))
}

fn digits_of(item: &Item) -> Option<(usize, usize)> {
    match item {
        Item::Digits(least, most) => Some((*least, *most)),
        Item::Other(_) => None,
    }
}

/// Every way to give digits to fields, each field padded to its full width.
fn splits(digits: &str, fields: &[(usize, usize)]) -> Vec<String> {
    let Some(((least, most), rest)) = fields.split_first() else {
        return if digits.is_empty() { vec![String::new()] } else { Vec::new() };
    };
    let mut all = Vec::new();
    for width in *least..=(*most).min(digits.len()) {
        for tail in splits(&digits[width..], rest) {
            all.push(format!("{:0>most$}{tail}", &digits[..width]));
        }
    }
    all
}

/// The parts of a format of C `strptime`.
fn items(format: &str) -> Vec<Item> {
    let format = format
        .replace("%F", "%Y-%m-%d")
        .replace("%T", "%H:%M:%S")
        .replace("%R", "%H:%M")
        .replace("%D", "%m/%d/%y");
    let (mut items, mut letters) = (Vec::new(), format.chars().peekable());
    while let Some(letter) = letters.next() {
        if letter != '%' {
            items.push(Item::Other(match letter.is_whitespace() {
                true => r"\s*".to_owned(),
                false => regex::escape(&letter.to_string()),
            }));
            continue;
        }
        let mut flag = None;
        while let Some(next) = letters.next_if(|next| "-_0^#:.".contains(*next) || next.is_ascii_digit()) {
            flag = Some(next);
        }
        let Some(kind) = letters.next() else { break };
        items.push(field(kind, flag));
    }
    items
}

fn field(kind: char, flag: Option<char>) -> Item {
    let wide = match kind {
        'Y' | 'G' => 4,
        'm' | 'd' | 'H' | 'I' | 'M' | 'S' | 'y' | 'g' | 'C' | 'V' | 'U' | 'W' | 'e' | 'k' | 'l' => 2,
        'j' => 3,
        'u' | 'w' => 1,
        _ => 0,
    };
    match (wide, flag, kind) {
        // a fraction, which has its point with it
        (_, Some('.'), _) => Item::Other(r"(?:[.,][0-9]+)?".to_owned()),
        (0, _, 'z') => Item::Other(r"(?:[+-][0-9]{1,2}:?[0-9]{0,2}(?::?[0-9]{2})?|[Zz])".to_owned()),
        (0, _, 'n' | 't') => Item::Other(r"\s*".to_owned()),
        (0, _, '%') => Item::Other("%".to_owned()),
        (0, _, 's' | 'f' | 'N') => Item::Other(r"[+-]?[0-9]+".to_owned()),
        (0, ..) => Item::Other(r".*?".to_owned()),
        (wide, Some('-'), _) => Item::Digits(1, wide),
        (wide, _, 'e' | 'k' | 'l') => Item::Digits(1, wide),
        (wide, ..) => Item::Digits(wide, wide),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_side_by_side_have_their_full_width() {
        let fits = |text: &str, format: &str| match strict(text, format) {
            Strict::Fits(text) => Some(text),
            Strict::Doubtful(_) => None,
        };
        for (text, format, expected) in [
            ("20250331 104202", "%Y%m%d %H%M%S", Some("20250331 104202")),
            ("20250331 74202", "%Y%m%d %H%M%S", None),
            ("20250331 11202", "%Y%m%d %H%M%S", None),
            ("20250331 74202", "%Y%m%d %-H%M%S", Some("20250331 074202")),
            ("20250331 11202", "%Y%m%d %-H%M%S", Some("20250331 011202")),
            ("1112026", "%d%m%Y", None),
            ("1112026", "%-d%-m%Y", None),
            ("11112026", "%-d%-m%Y", Some("11112026")),
            ("110126", "%d%m%Y", None),
            ("20250331104202", "%Y%m%d%H%M%S", Some("20250331104202")),
            ("31Mar2025", "%d%b%Y", Some("31Mar2025")),
            ("3/4/2025 7:05", "%d/%m/%Y %H:%M", Some("3/4/2025 7:05")),
            ("3/4/2025 0705", "%d/%m/%Y %H%M", Some("3/4/2025 0705")),
            ("3/4/2025 705", "%d/%m/%Y %H%M", None),
            ("0705 pm 3/4/2025", "%I%M %p %d/%m/%Y", Some("0705 pm 3/4/2025")),
            ("2025-03-3114:05:06", "%F%T", Some("2025-03-3114:05:06")),
            ("20250331T140506.25+0800", "%Y%m%dT%H%M%S%.f%z", Some("20250331T140506.25+0800")),
            ("2025-3-31", "%Y-%m-%d", Some("2025-3-31")),
        ] {
            assert_eq!(fits(text, format).as_deref(), expected, "{text} {format}");
        }
        let Strict::Doubtful(ways) = strict("20250331 11202", "%Y%m%d %H%M%S") else { panic!() };
        assert!(ways.contains(&"20250331 011202".to_owned()) && ways.contains(&"20250331 112002".to_owned()));
    }
}
