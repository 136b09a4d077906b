//! A number of a workbook: a binary fraction, of which the file states up to seventeen digits. What it means
//! is the shortest decimal that gives the same binary fraction (ISO/IEC 60559); what was stored is kept
//! beside it.

use super::code::{Code, Kind, Section};
use super::{CellFormat, Grid, Note, Script};
use crate::time::serial_date;
use crate::unit;

/// What the workbook says about a cell's looks.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// None for `General`.
    pub code: Option<std::rc::Rc<Code>>,
    /// The whole cell is raised or lowered.
    pub script: Option<Script>,
}

/// The shortest decimal of a stored number, without exponent where it has no more than twenty-one digits
/// before the point and few zeros behind it. None for what is no number.
pub(super) fn shortest(stored: &str) -> Option<String> {
    let text = stored.trim();
    let plain = |letter: char| letter.is_ascii_digit() || matches!(letter, '+' | '-' | '.' | 'e' | 'E');
    if text.is_empty() || !text.chars().all(plain) {
        return None;
    }
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(match number.abs() {
        0.0 => "0".to_owned(),
        1e-15..1e21 => number.to_string(),
        _ => format!("{number:E}"),
    })
}

/// Adds a cell that holds a number.
pub(super) fn put(grid: &mut Grid, stored: &str, style: &Style, from_1904: bool) {
    let Some(plain) = shortest(stored) else {
        grid.push(stored);
        return grid.set_format(CellFormat::Number);
    };
    let number: f64 = plain.parse().unwrap_or(0.0);
    let section = style.code.as_deref().map(|code| code.section(number));
    let kind = section.map_or(Kind::Number, Section::kind);
    if let Kind::Date { clock } = kind {
        let date = serial_date(&plain, from_1904);
        let date = date.map(|date| match date.split_once('T') {
            // a time of the day alone stands on the day before the first
            Some((_, time)) if clock && number < 1.0 => time.to_owned(),
            None if clock && number == 0.0 => "00:00:00".to_owned(),
            _ => date,
        });
        grid.push(date.as_deref().unwrap_or(stored));
        grid.set_format(CellFormat::Date);
    } else {
        let shown = section.and_then(|section| spelled(section, &plain));
        let text = shown.as_deref().unwrap_or(&plain);
        grid.push(text);
        grid.set_format(if kind == Kind::Percent { CellFormat::Percent } else { CellFormat::Number });
        if shown.is_some() {
            grid.note(Note::Number, &plain);
        }
        if stored != text {
            grid.note(Note::Stored, stored);
        }
        if plain == "0" && grid.hides_zeros {
            grid.note(Note::Ask, "the sheet shows no zeros, and this cell holds one");
        }
        if let Some(section) = section {
            signs(grid, section, &plain);
        }
        if let Some(question) = as_id(section, &plain) {
            grid.note(Note::AskId, &question);
        }
    }
    if let Some(script) = style.script {
        grid.note(Note::Script, &script.name(&plain));
        grid.note(Note::Ask, &format!("the whole cell is {}", script.word()));
    }
}

/// The shown form of a whole number, where it is another than its digits.
fn spelled(section: &Section, plain: &str) -> Option<String> {
    let whole = plain.bytes().all(|byte| byte.is_ascii_digit());
    let shown = whole.then(|| section.spell(plain)).flatten()?;
    (shown != plain && !shown.is_empty()).then_some(shown)
}

/// Why a number is a doubtful id: the sheet does not show its digits.
fn as_id(section: Option<&Section>, plain: &str) -> Option<String> {
    let (whole, decimals) = plain.split_once('.').map_or((plain, 0), |(whole, tail)| (whole, tail.len()));
    let digits = whole.bytes().filter(u8::is_ascii_digit).count() + decimals;
    if digits > 15 || plain.contains('E') {
        return Some("a workbook keeps fifteen digits of a number".to_owned());
    }
    let section = section?;
    let kept = if decimals == 0 { section.spell(whole).is_some() } else { section.keeps(decimals) };
    (!kept).then(|| "the workbook shows this number in another form".to_owned())
}

/// A unit that the format adds, or a question where it says more than a unit.
fn signs(grid: &mut Grid, section: &Section, plain: &str) {
    let (before, behind) = section.words();
    if !section.shows_number() || plain == "0" && !section.shows_zero() {
        let words = format!("{before}{behind}");
        let question = match words.trim() {
            "" => format!("the workbook shows nothing here, the cell holds {plain}"),
            words => format!("the workbook shows {words:?} here, the cell holds {plain}"),
        };
        return grid.note(Note::Ask, &question);
    }
    if section.thousandths() > 0 {
        grid.note(Note::Ask, "the workbook shows this number divided by a thousand or more");
    }
    if section.percents() > 1 {
        grid.note(Note::Ask, "the workbook shows this number multiplied by more than a hundred");
    }
    let sign = if section.percents() > 0 { "%" } else { "" };
    let with = format!("{sign}{}", behind.trim_end());
    match (says(&before), says(&behind), unit::known(with.trim())) {
        (false, true, true) => grid.note(Note::Unit, with.trim()),
        (false, false, _) => {}
        _ => {
            let shown = format!("{}…{with}", before.trim_start());
            grid.note(Note::Ask, &format!("the workbook adds words to the number here: {shown:?}"));
        }
    }
}

/// Whether words of a format say anything: brackets, signs of money and of the number itself do not.
fn says(words: &str) -> bool {
    words.chars().any(|letter| letter.is_alphanumeric() || "<>≤≥~≈±%‰".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_digits_become_the_shortest_decimal() {
        for (stored, plain) in [
            ("4.6740000000000004", "4.674"),
            ("0.10000000000000001", "0.1"),
            ("33.299999999999997", "33.3"),
            ("240001.0", "240001"),
            ("1.0E5", "100000"),
            ("1.50", "1.5"),
            ("-2.83538E-5", "-0.0000283538"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("-0", "0"),
            ("1E-20", "1E-20"),
            (" 12 ", "12"),
        ] {
            assert_eq!(shortest(stored).as_deref(), Some(plain), "{stored}");
        }
        for other in ["", "NaN", "inf", "1e999", "1,5", "x", "--1", "1.2.3"] {
            assert_eq!(shortest(other), None, "{other}");
        }
    }
}
