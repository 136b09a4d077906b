//! One cell to qualifier, number, unit and mark. A token is read whole or not at all.

use std::borrow::Cow;

use regex::Regex;

use crate::reading::Qualifier;
use crate::text::{half_width, same_label};
use crate::unit;

/// How numbers are written. Stated by the mapping, never guessed from a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFormat {
    /// Decimal mark.
    pub decimal: char,
    /// Mark between groups of three digits, if any.
    pub thousands: Option<char>,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self { decimal: '.', thousands: None }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Token {
    pub qualifier: Option<Qualifier>,
    /// Decimal text with a point; digits, sign and exponent as in the source.
    pub number: Option<String>,
    pub unit: Option<String>,
    pub mark: Option<String>,
    /// A question about something raised or lowered behind the number.
    pub script: Option<String>,
}

/// Rules for tokens: number format, pattern, trailing marks.
pub(crate) struct Reader<'a> {
    pub format: NumberFormat,
    pub pattern: Option<&'a Regex>,
    pub marks: &'a [String],
    pub aliases: &'a std::collections::BTreeMap<String, String>,
}

impl Reader<'_> {
    /// Reads a cell that is not empty; `None` when it is no token this reader knows.
    pub fn read(&self, cell: &str) -> Option<Token> {
        let text = half_width(cell.trim());
        if let Some(qualifier) = built_in(&text) {
            return Some(Token { qualifier: Some(qualifier), ..Token::default() });
        }
        match self.pattern {
            Some(pattern) => self.by_pattern(pattern, &text),
            None => self.plain(&text),
        }
    }

    fn by_pattern(&self, pattern: &Regex, text: &str) -> Option<Token> {
        let found = pattern.captures(text)?;
        // a token is read whole or not at all: no sign, digit or exponent is left outside
        let (start, end) = (found.get(0)?.start(), found.get(0)?.end());
        if !text[..start].trim().is_empty() || !text[end..].trim().is_empty() {
            return None;
        }
        let digits = found.name("number")?;
        let cut = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
        if text[..digits.start()].trim_end().ends_with(|letter| letter == '-' || cut(letter))
            || text[digits.end()..].starts_with(cut)
        {
            return None;
        }
        let part = |name: &str| {
            found.name(name).map(|part| part.as_str().trim().to_owned()).filter(|part| !part.is_empty())
        };
        let written = part("number")?;
        let (number, rest) = number(&written, self.format)?;
        if !rest.is_empty() {
            return None;
        }
        let qualifier = match part("qualifier") {
            Some(sign) => Some(comparison(&sign)?.0),
            None => Some(Qualifier::Value),
        };
        Some(Token { qualifier, number: Some(number), unit: part("unit"), mark: part("mark"), script: None })
    }

    /// `[< or >] number [unit] [mark]`.
    fn plain(&self, text: &str) -> Option<Token> {
        let (qualifier, rest) = match comparison(text) {
            Some((qualifier, rest)) => (qualifier, rest),
            None => (Qualifier::Value, text),
        };
        let (number, rest) = number(rest.trim_start(), self.format)?;
        let (behind, rest) = scripts(rest.trim());
        let (unit, mark, last) = match self.tail(rest) {
            Some((unit, mark)) => (unit, mark, ""),
            // a footnote may stand behind the unit or the mark too
            None => {
                let stem = rest.trim_end_matches(|letter| is_script(letter) || letter == ' ');
                let (unit, mark) = self.tail(stem).filter(|_| stem.len() < rest.len())?;
                (unit, mark, &rest[stem.len()..])
            }
        };
        let script = raised(behind).or_else(|| raised(last));
        let script =
            script.map(|what| format!("the cell has a {what} behind the number: a footnote or an exponent?"));
        Some(Token { qualifier: Some(qualifier), number: Some(number), unit, mark, script })
    }

    fn tail(&self, rest: &str) -> Option<(Option<String>, Option<String>)> {
        if rest.is_empty() {
            return Some((None, None));
        }
        let known = |text: &str| self.aliases.keys().any(|key| same_label(key, text)) || unit::known(text);
        // what the mapping calls a mark is one, even where it is the name of a unit too (`0.05L`)
        if known(rest) && !self.marks.iter().any(|mark| mark == rest) {
            return Some((Some(rest.to_owned()), None));
        }
        let mark =
            self.marks.iter().filter(|mark| rest.ends_with(mark.as_str())).max_by_key(|mark| mark.len())?;
        let before = rest[..rest.len() - mark.len()].trim_end();
        match before.is_empty() {
            true => Some((None, Some(mark.clone()))),
            false => known(before).then(|| (Some(before.to_owned()), Some(mark.clone()))),
        }
    }
}

/// Tokens that mean the same in every laboratory.
pub(crate) fn built_in(text: &str) -> Option<Qualifier> {
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) || text.len() > 24 {
        return None;
    }
    let is = |words: &[&str]| words.iter().any(|word| same_label(word, text));
    if text.starts_with('#')
        || is(&["NaN", "Inf", "-Inf", "+Inf", "Infinity", "-Infinity", "1.#QNAN", "-1.#IND"])
    {
        return Some(Qualifier::Invalid);
    }
    is(&["ND", "N.D.", "n.d", "not detected", "未检出"]).then_some(Qualifier::NotDetected)
}

/// The raised or lowered characters at the beginning, and what follows them.
fn scripts(text: &str) -> (&str, &str) {
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        if is_script(letter) {
            end = at + letter.len_utf8();
        } else if !matches!(letter, ',' | ' ') || end == 0 {
            break;
        }
    }
    (&text[..end], text[end..].trim_start())
}

/// Raised and lowered digits, signs, brackets and letters that Unicode has.
fn is_script(letter: char) -> bool {
    matches!(
        letter,
        '²' | '³' | '¹' | '\u{2070}'..='\u{209F}' | '\u{1D2C}'..='\u{1D6A}' | '\u{1D9B}'..='\u{1DBF}'
    )
}

/// What is raised or lowered in a text, in words: `superscript "3"`.
pub(crate) fn raised(text: &str) -> Option<String> {
    let all: String = text.chars().filter(|letter| is_script(*letter)).map(plain_of).collect();
    let lowered =
        text.chars().any(|letter| matches!(letter, '\u{2080}'..='\u{209C}' | '\u{1D62}'..='\u{1D6A}'));
    let kind = if lowered { "subscript" } else { "superscript" };
    (!all.is_empty()).then(|| format!("{kind} {all:?}"))
}

/// The character that a raised or lowered digit or sign is made from; `⁻` comes with its `^` elsewhere.
pub(crate) fn lowered(letter: char) -> char {
    plain_of(letter)
}

/// The character that a raised or lowered digit or sign is made from.
fn plain_of(letter: char) -> char {
    match letter {
        '⁺' | '₊' => '+',
        '⁻' | '₋' => '-',
        '⁽' | '₍' => '(',
        '⁾' | '₎' => ')',
        'ⁿ' => 'n',
        'ⁱ' => 'i',
        '₀'..='₉' => char::from(b'0' + (letter as u32 - '₀' as u32) as u8),
        other => superscript(other).unwrap_or(other),
    }
}

fn comparison(text: &str) -> Option<(Qualifier, &str)> {
    let signs = [
        ("<=", Qualifier::Below),
        (">=", Qualifier::Above),
        ("<", Qualifier::Below),
        (">", Qualifier::Above),
        ("≤", Qualifier::Below),
        ("≥", Qualifier::Above),
    ];
    signs.iter().find_map(|(sign, qualifier)| text.strip_prefix(sign).map(|rest| (*qualifier, rest)))
}

/// The number at the beginning of `text` and what follows it. Thousands marks are checked and removed, the
/// decimal mark becomes a point, `×10⁻⁶` becomes `E-6`; every digit stays.
pub(crate) fn number(text: &str, format: NumberFormat) -> Option<(String, &str)> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    if let Some(after) = rest.strip_prefix('-') {
        out.push('-');
        rest = after;
    } else if let Some(after) = rest.strip_prefix('+') {
        rest = after;
    }
    let whole = digits(rest);
    rest = grouped(rest, whole, format.thousands, &mut out)?;
    let had_whole = out.bytes().any(|byte| byte.is_ascii_digit());
    let mut had_fraction = false;
    if let Some(after) = rest.strip_prefix(format.decimal) {
        let fraction = digits(after);
        had_fraction = fraction > 0;
        out.push('.');
        out.push_str(&after[..fraction]);
        rest = &after[fraction..];
    }
    if !had_whole && !had_fraction {
        return None;
    }
    // 1.2.3 and 1,234 without a stated mark are no numbers
    if rest.starts_with(['.', ',', '\'']) || rest.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let rest = exponent(rest, &mut out);
    Some((out, rest))
}

/// Whether the whole text is a number.
pub(crate) fn is_number(text: &str, format: NumberFormat) -> bool {
    number(&half_width(text.trim()), format).is_some_and(|(_, rest)| rest.is_empty())
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn grouped<'a>(text: &'a str, first: usize, mark: Option<char>, out: &mut String) -> Option<&'a str> {
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    let Some(mark) = mark.filter(|_| first > 0) else { return Some(rest) };
    // the sign that word processors put for an apostrophe
    let other = if mark == '\'' { '\u{2019}' } else { mark };
    while let Some(after) = rest.strip_prefix([mark, other]) {
        let size = digits(after);
        if size == 0 && mark == ' ' {
            break;
        }
        // a group has three digits, the first one to three, of which none is a zero at the beginning
        if size != 3 || first > 3 || text.starts_with('0') {
            return None;
        }
        out.push_str(&after[..3]);
        rest = &after[3..];
    }
    Some(rest)
}

/// `E-5`, `e-003`, `×10⁻⁶`, `x10^-6`, `*10^6`. What does not fit is left for the caller.
fn exponent<'a>(rest: &'a str, out: &mut String) -> &'a str {
    if let Some(after) = rest.strip_prefix(['e', 'E']) {
        let sign = usize::from(after.starts_with(['-', '+']));
        let size = digits(&after[sign..]);
        if size > 0 && plausible_power(&after[sign..sign + size]) {
            out.push_str(&rest[..1 + sign + size]);
            return &after[sign + size..];
        }
        return rest;
    }
    let spaced = rest.trim_start();
    let Some(after) = spaced.strip_prefix(['×', 'x', 'X', '*', '·']) else { return rest };
    let Some(after) = after.trim_start().strip_prefix("10") else { return rest };
    // 1.5x106 may have lost the height of its 6: an exponent is raised, has a sign, or stands behind a ^
    let (after, told) = match after.strip_prefix('^') {
        Some(after) => (after.trim_start(), true),
        None => (after, after.starts_with(['-', '+'])),
    };
    let after = if told { after } else { after.trim_start() };
    let mut power = String::new();
    let mut used = 0;
    for letter in after.chars() {
        let Some(plain) = superscript(letter).filter(|plain| told || *plain != letter) else { break };
        if matches!(plain, '-' | '+') && used > 0 {
            break;
        }
        power.extend((plain != '+').then_some(plain));
        used += letter.len_utf8();
    }
    if !plausible_power(power.trim_start_matches('-')) {
        return rest;
    }
    out.push('E');
    out.push_str(&power);
    &after[used..]
}

/// Digits of an exponent that some computer's number can have; `1E999999` is damage, not a concentration.
fn plausible_power(digits: &str) -> bool {
    digits.parse::<u64>().is_ok_and(|power| power <= 308)
}

fn superscript(letter: char) -> Option<char> {
    const UP: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match letter {
        '0'..='9' | '-' | '+' => Some(letter),
        '⁻' => Some('-'),
        '⁺' => Some('+'),
        _ => UP.iter().position(|one| *one == letter).and_then(|digit| char::from_digit(digit as u32, 10)),
    }
}

/// Moves the decimal point two places to the right, on the text: 0.00173 becomes 0.173.
pub(crate) fn percent_of(number: &str) -> Option<String> {
    let (sign, body) = number.strip_prefix('-').map_or(("", number), |body| ("-", body));
    let body: Cow<'_, str> = match body.find(['e', 'E']) {
        None => Cow::Borrowed(body),
        Some(at) => {
            let power: i32 = body[at + 1..].parse().ok()?;
            return Some(format!("{sign}{}E{}", &body[..at], power + 2));
        }
    };
    let (whole, fraction) = body.split_once('.').unwrap_or((&body, ""));
    let fraction = format!("{fraction:0<2}");
    let (moved, left) = fraction.split_at(2);
    let joined = format!("{whole}{moved}");
    let joined = joined.trim_start_matches('0');
    let joined = if joined.is_empty() { "0" } else { joined };
    Some(if left.is_empty() { format!("{sign}{joined}") } else { format!("{sign}{joined}.{left}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn read(cell: &str, decimal: char, thousands: Option<char>) -> Option<(String, String, String, String)> {
        let marks = ["+".to_owned(), "-".to_owned(), "*".to_owned()];
        let aliases = BTreeMap::new();
        let reader = Reader {
            format: NumberFormat { decimal, thousands },
            pattern: None,
            marks: &marks,
            aliases: &aliases,
        };
        reader.read(cell).map(|token| {
            (
                token.qualifier.map_or("", Qualifier::as_str).to_owned(),
                token.number.unwrap_or_default(),
                token.unit.unwrap_or_default(),
                token.mark.unwrap_or_default(),
            )
        })
    }

    #[test]
    fn tokens() {
        for (cell, qualifier, number, unit, mark) in [
            ("28.8 % -", "value", "28.8", "%", "-"),
            ("231 PPM", "value", "231", "PPM", ""),
            ("0.27%", "value", "0.27", "%", ""),
            ("<0.001", "below", "0.001", "", ""),
            ("＜0.05", "below", "0.05", "", ""),
            ("> 10 mg/L", "above", "10", "mg/L", ""),
            ("≤0.5", "below", "0.5", "", ""),
            ("-0.000", "value", "-0.000", "", ""),
            ("6.80272E-5", "value", "6.80272E-5", "", ""),
            ("1.2e-003", "value", "1.2e-003", "", ""),
            ("1.2×10⁻⁶", "value", "1.2E-6", "", ""),
            ("3 x 10^-4", "value", "3E-4", "", ""),
            (".5", "value", ".5", "", ""),
            ("1.", "value", "1.", "", ""),
            ("NaN", "invalid", "", "", ""),
            ("#N/A", "invalid", "", "", ""),
            ("未检出", "not_detected", "", "", ""),
            ("12*", "value", "12", "", "*"),
            ("−3.5", "value", "-3.5", "", ""),
        ] {
            let expected = Some((qualifier.into(), number.into(), unit.into(), mark.into()));
            assert_eq!(read(cell, '.', None), expected, "{cell}");
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for cell in ["1.2.3", "1,234", "abc", "12 bananas", "1 2", "--3", "-", "<", "<LOD", "1.2 3", ""] {
            assert_eq!(read(cell, '.', None), None, "{cell}");
        }
    }

    #[test]
    fn marks_of_numbers_are_stated() {
        let value = |text: &str| Some(("value".to_owned(), text.to_owned(), String::new(), String::new()));
        assert_eq!(read("1.234,5", ',', Some('.')), value("1234.5"));
        assert_eq!(read("1,234.5", '.', Some(',')), value("1234.5"));
        assert_eq!(read("1 234,5", ',', Some(' ')), value("1234.5"));
        assert_eq!(read("0,0010", ',', None), value("0.0010"));
        assert_eq!(read("12,34", '.', Some(',')), None);
        assert_eq!(read("1234,567", '.', Some(',')), None);
        assert_eq!(read("5 %", ',', Some(' ')).map(|token| token.2), Some("%".to_owned()));
    }

    #[test]
    fn groups_have_three_digits_and_begin_with_none_that_is_zero() {
        for mark in [',', '.', ' ', '\''] {
            let decimal = if mark == '.' { ',' } else { '.' };
            let number = |parts: &[&str]| {
                let text = parts.join(&mark.to_string());
                read(&text, decimal, Some(mark)).map(|token| token.1)
            };
            assert_eq!(number(&["1", "234"]).as_deref(), Some("1234"));
            assert_eq!(number(&["12", "345", "678"]).as_deref(), Some("12345678"));
            assert_eq!(number(&["<1", "234"]).as_deref(), Some("1234"));
            for wrong in [
                &["0", "123"][..],
                &["<0", "123"],
                &["00", "123"],
                &["01", "234"],
                &["-0", "123"],
                &["1", "23"],
                &["1", "2345"],
                &["1234", "567"],
                &["1", "234", "56"],
                &["1", "23", "456"],
                &["1", "234567"],
                &["1", "", "234"],
            ] {
                assert_eq!(number(wrong), None, "{mark:?} {wrong:?}");
            }
        }
        assert_eq!(read("1\u{2019}234.5", '.', Some('\'')).map(|token| token.1).as_deref(), Some("1234.5"));
        assert_eq!(read("1,234.567,8", '.', Some(',')), None);
    }

    #[test]
    fn percent_shifts_text() {
        for (stored, shown) in [
            ("0.0027", "0.27"),
            ("0.00173", "0.173"),
            ("1", "100"),
            ("0.5", "50"),
            ("-0.01", "-1"),
            ("0", "0"),
            ("1E-3", "1E-1"),
            ("0.0010", "0.10"),
        ] {
            assert_eq!(percent_of(stored).as_deref(), Some(shown), "{stored}");
        }
    }
}
