//! Texts of a workbook that are made of runs (ECMA-376 part 1, 18.4): raised and lowered runs are told, and
//! the escapes of characters that XML cannot hold (22.9.2.19, ST_Xstring) are decoded.

use std::collections::BTreeMap;

use super::{Grid, Note, Script};

/// A text and what is raised or lowered in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub text: String,
    /// `superscript "3"`; None where nothing is.
    pub script: Option<String>,
    /// Something is lowered: its digits stand in the text as any others.
    pub lowered: bool,
}

/// A text that is being collected, run by run.
#[derive(Debug, Default)]
pub(super) struct Runs {
    done: Text,
    /// Of the run that is being read.
    script: Option<Script>,
    /// Text of the element `t` that is being read.
    open: Option<String>,
    /// Depth of phonetic runs, which are no content.
    phonetic: usize,
}

impl Runs {
    /// Takes the beginning of an element.
    pub fn open(&mut self, name: &str, attributes: &BTreeMap<String, String>) {
        match name {
            "r" => self.script = None,
            "rPh" => self.phonetic += 1,
            "vertAlign" => self.script = script_of(attributes.get("val")),
            "t" if self.phonetic == 0 => self.open = Some(String::new()),
            _ => {}
        }
    }

    pub fn text(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            open.push_str(text);
        }
    }

    /// Takes the end of an element.
    pub fn close(&mut self, name: &str) {
        match name {
            "r" => self.script = None,
            "rPh" => self.phonetic = self.phonetic.saturating_sub(1),
            "t" => {
                if let Some(text) = self.open.take() {
                    self.done.add(&decode(&text), self.script);
                }
            }
            _ => {}
        }
    }

    /// Bytes collected so far.
    pub fn len(&self) -> usize {
        self.done.text.len() + self.open.as_ref().map_or(0, String::len)
    }

    pub fn take(&mut self) -> Text {
        std::mem::take(self).done
    }
}

/// The value of `vertAlign`; the base line is nothing special.
pub(super) fn script_of(value: Option<&String>) -> Option<Script> {
    match value.map(String::as_str) {
        Some("superscript") => Some(Script::Superscript),
        Some("subscript") => Some(Script::Subscript),
        _ => None,
    }
}

impl Text {
    /// Adds a run. Raised digits become the characters that look so, and never digits of a number.
    pub fn add(&mut self, run: &str, script: Option<Script>) {
        let Some(script) = script.filter(|_| !run.trim().is_empty()) else {
            return self.text.push_str(run);
        };
        match script {
            Script::Superscript => self.text.push_str(&raised(run)),
            Script::Subscript => self.text.push_str(run),
        }
        self.lowered |= script == Script::Subscript;
        let told = script.name(run.trim());
        match &mut self.script {
            None => self.script = Some(told),
            Some(before) if before.len() < 200 => {
                before.push_str(", ");
                before.push_str(&told);
            }
            Some(_) => {}
        }
    }
}

impl Text {
    /// Adds a cell of this text.
    pub fn put(&self, grid: &mut Grid) {
        self.put_styled(grid, None);
    }

    /// Adds a cell of this text, in a style that may be raised or lowered as a whole.
    pub fn put_styled(&self, grid: &mut Grid, style: Option<Script>) {
        grid.push(&self.text);
        match (&self.script, style.filter(|_| !self.text.trim().is_empty())) {
            (Some(script), _) => {
                grid.note(Note::Script, script);
                // what is raised stands in the text as raised, and tells by itself
                if self.lowered {
                    grid.note(Note::Ask, &format!("the cell has a {script}"));
                }
            }
            (None, Some(whole)) => {
                grid.note(Note::Script, &whole.name(self.text.trim()));
                grid.note(Note::Ask, &format!("the whole cell is {}", whole.word()));
            }
            (None, None) => {}
        }
    }
}

/// Digits, signs and brackets as superscripts; a run without a digit stays as it is.
fn raised(run: &str) -> String {
    if !run.bytes().any(|byte| byte.is_ascii_digit()) {
        return run.to_owned();
    }
    const UP: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let one = |letter: char| match letter {
        '0'..='9' => UP[letter as usize - '0' as usize],
        '+' => '⁺',
        '-' | '\u{2212}' | '\u{2013}' => '⁻',
        '(' => '⁽',
        ')' => '⁾',
        other => other,
    };
    run.chars().map(one).collect()
}

/// Decodes `_xHHHH_`, a UTF-16 code unit in four hexadecimal digits; `_x005F_` keeps an underscore from being
/// the beginning of one.
pub(super) fn decode(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let (mut out, mut units, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
    let flush = |out: &mut String, units: &mut Vec<u16>| {
        // a zero character or half a pair is damage, which is to be seen
        let letters = char::decode_utf16(units.drain(..)).map(|letter| letter.unwrap_or('\u{FFFD}'));
        out.extend(letters.map(|letter| if letter == '\0' { '\u{FFFD}' } else { letter }));
    };
    while let Some(at) = rest.find("_x") {
        let unit = rest.get(at + 2..at + 7).and_then(|tail| tail.strip_suffix('_'));
        let unit = unit.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if at > 0 {
            flush(&mut out, &mut units);
            out.push_str(&rest[..at]);
        }
        match unit.and_then(|hex| u16::from_str_radix(hex, 16).ok()) {
            Some(unit) => {
                units.push(unit);
                rest = &rest[at + 7..];
            }
            None => {
                flush(&mut out, &mut units);
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    flush(&mut out, &mut units);
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        for (stored, text) in [
            ("Cu_x000D_\n(%)", "Cu\r\n(%)"),
            ("LOT_x005F_x0041_7", "LOT_x0041_7"),
            ("_x0041_", "A"),
            ("_x00e9_", "é"),
            ("_xD83D__xDE00_!", "😀!"),
            ("_xD83D_x", "\u{FFFD}x"),
            ("a_x0000_", "a\u{FFFD}"),
            ("_X0041_ _x041_ _x00411_ _xzzzz_ _x", "_X0041_ _x041_ _x00411_ _xzzzz_ _x"),
            ("_x005F_x005F_", "_x005F_"),
            ("_x005F__x005F_x000D_", "__x000D_"),
            ("plain", "plain"),
            ("_x00é1_", "_x00é1_"),
        ] {
            assert_eq!(decode(stored), text, "{stored}");
        }
    }

    #[test]
    fn raised_digits_are_no_digits() {
        let mut text = Text::default();
        text.add("1.5×10", None);
        text.add("-3", Some(Script::Superscript));
        assert_eq!(text.text, "1.5×10⁻³");
        assert_eq!(text.script.as_deref(), Some("superscript \"-3\""));
        let mut text = Text::default();
        text.add("1.2", None);
        text.add("b", Some(Script::Superscript));
        text.add("3", Some(Script::Subscript));
        assert_eq!((text.text.as_str(), text.lowered), ("1.2b3", true));
        assert_eq!(text.script.as_deref(), Some("superscript \"b\", subscript \"3\""));
    }
}
