//! Comparing labels the way a reader does: without regard to case, accents, width, line breaks and
//! characters that an earlier program already destroyed.

use std::borrow::Cow;

/// Full-width forms and look-alikes to ASCII; everything else stays.
pub fn half_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow).collect())
}

fn narrow(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
        '\u{3000}' | '\u{A0}' | '\u{202F}' | '\u{2009}' => ' ',
        '\u{2212}' | '\u{2013}' | '\u{2012}' => '-',
        other => other,
    }
}

/// The letter without its accent, lower case. Only Latin letters are touched.
fn plain(letter: char) -> char {
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    match lower {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ł' => 'l',
        'μ' => 'µ',
        other => other,
    }
}

/// Canonical form of a label: trimmed, one blank for any run of blanks and line breaks, no case, no accents.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.trim().chars() {
        let letter = narrow(letter);
        // combining accents vanish, so that decomposed text equals composed text
        if ('\u{300}'..='\u{36F}').contains(&letter) {
            continue;
        }
        if letter.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(plain(letter));
    }
    out
}

/// Whether two labels are the same to a reader. U+FFFD on either side stands for any one character.
pub fn same_label(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    if left.is_ascii() && right.is_ascii() {
        let (left, right) = (left.trim(), right.trim());
        if left.eq_ignore_ascii_case(right) {
            return true;
        }
        let spaced = |text: &str| text.bytes().any(|byte| byte.is_ascii_whitespace());
        if !spaced(left) && !spaced(right) {
            return false;
        }
    }
    let (left, right) = (fold(left), fold(right));
    if !left.contains('\u{FFFD}') && !right.contains('\u{FFFD}') {
        return left == right;
    }
    let mut right = right.chars();
    left.chars()
        .all(|one| right.next().is_some_and(|two| one == two || one == '\u{FFFD}' || two == '\u{FFFD}'))
        && right.next().is_none()
}

/// A cell of a header with its line breaks as blanks, so that patterns need not think of them.
pub fn one_line(cell: &str) -> String {
    const BREAKS: [char; 7] = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
    match cell.contains(BREAKS) {
        false => cell.to_owned(),
        true => {
            let lines = cell.split(BREAKS).map(str::trim).filter(|line| !line.is_empty());
            lines.collect::<Vec<_>>().join(" ")
        }
    }
}

/// A text for a message: at most eighty characters of it.
pub fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(80) {
        None => Cow::Borrowed(text),
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
    }
}

/// The candidate that differs least from `word`, if it is near enough to be a slip of the hand.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = 1 + word.chars().count() / 3;
    candidates
        .map(|one| (distance(word, one), one))
        .filter(|(far, _)| *far <= allowed)
        .min()
        .map(|(_, one)| one)
}

fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, one) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, two) in right.iter().enumerate() {
            let change = diagonal + usize::from(one != *two);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_compare_like_a_reader() {
        for (left, right) in [
            ("Méthodes", "methodes"),
            ("M\u{FFFD}thodes", "Méthodes"),
            ("Li 610.362\n(mg/L)", "Li 610.362 (mg/L)"),
            ("样品　编号", "样品 编号"),
            ("Ｔｙｐｅ", " type "),
            ("e\u{301}tat", "état"),
            ("a  b", "A b"),
        ] {
            assert!(same_label(left, right), "{left:?} {right:?}");
        }
        assert!(!same_label("Au", "Ag"));
        assert!(!same_label("M\u{FFFD}t", "Mét."));
    }

    #[test]
    fn slips_are_named() {
        assert_eq!(nearest("colum", ["column", "count"].into_iter()), Some("column"));
        assert_eq!(nearest("zebra", ["column", "count"].into_iter()), None);
    }
}
