//! The unit, and the kind of quantity, that a cell of the header names over a column of values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::formula::elements;
use crate::statistic::{is_no_analyte, likeness};
use crate::text::{fold, half_width};
use crate::unit;

/// Units that a header may name beside other words. Short ones (`g`, `t`, `L`) are words of other kinds too.
const SPOKEN: &[&str] = &[
    "%", "ppm", "ppb", "mg/kg", "µg/g", "µg/kg", "ng/g", "g/t", "g/kg", "mg/g", "mg/L", "µg/L", "ng/L",
    "g/L", "mg/mL", "µg/mL", "ng/mL", "mol/L", "mmol/L", "cps", "kcps", "counts", "10^-6", "‰", "ppt",
    "oz/t", "at.%", "mol%", "vol%", "mg/m³", "µg/m³", "ng/kg", "ng/m³", "kg/t", "mg/t", "mmol/kg", "mol/kg",
    "meq/L",
];

/// Words for what is no concentration.
const OTHER: &[&str] = &[
    "cps",
    "kcps",
    "counts",
    "cts",
    "intensity",
    "intensities",
    "intens",
    "int",
    "uncertainties",
    "errors",
    "intensitaten",
    "limits",
    "limit",
    "recoveries",
    "deviations",
    "raw",
    "blank",
    "calib",
    "calibration",
    "sd",
    "std",
    "rsd",
    "error",
    "err",
    "uncertainty",
    "unc",
    "sigma",
    "lod",
    "lld",
    "loq",
    "mdl",
    "dl",
    "recovery",
    "absorbance",
    "abs",
    "area",
    "height",
    "signal",
    "intensitat",
    "intensite",
    "fehler",
    "erreur",
    "强度",
    "计数",
    "误差",
    "检出限",
    "不确定度",
    "强度(cps)",
    "回收率",
    "интенсивность",
    "погрешность",
];

/// The unit that a text of the header names: the whole text, a part in brackets, or some words of it, with
/// what is said of the unit behind it (`mg/kg dry`, `g/t Au`). A power of ten before a unit belongs to it.
pub(crate) fn said(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    let plain = plainly(text);
    let text = plain.trim();
    if let Some(unit) = scaled(text).or_else(|| spoken(text)) {
        return Some(unit);
    }
    const OPEN: [char; 4] = ['(', '[', '<', '{'];
    let mut brackets = text.match_indices(OPEN).filter_map(|(at, open)| {
        let inner = &text[at + open.len()..];
        let end = inner.find([')', ']', '>', '}']).unwrap_or(inner.len());
        let inner = &inner[..end];
        among_words(inner).or_else(|| amount(inner)).or_else(|| weighed(&text[..at], inner))
    });
    if let Some(unit) = brackets.next_back() {
        return Some(unit);
    }
    if let Some(unit) = among_words(text) {
        return Some(unit);
    }
    // `Fe/ppm`, `Fe%`
    let tail = text.split_once('/').map(|(_, tail)| tail).and_then(among_words);
    let attached = || {
        let head = text.trim_end_matches(['%', '‰', '％']);
        let known = head.len() < text.len() && head.ends_with(char::is_alphanumeric);
        known.then(|| spoken(&text[head.len()..])).flatten()
    };
    let last = || text.rsplit_once([' ', '_']).and_then(|(_, last)| amount(last));
    tail.or_else(attached).or_else(last)
}

/// A text as it would be typed: width, brackets, strokes and signs of units that other keyboards have.
pub(crate) fn plainly(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in half_width(text).chars() {
        match letter {
            '\u{2044}' | '\u{2215}' | '\u{29F8}' => out.push('/'),
            '\u{2014}' | '\u{2015}' | '\u{2010}' | '\u{2011}' => out.push('-'),
            '\u{2223}' | '\u{2502}' => out.push('|'),
            '【' | '〔' | '〈' | '《' | '「' | '『' | '〖' | '⟨' => out.push('['),
            '】' | '〕' | '〉' | '》' | '」' | '』' | '〗' | '⟩' => out.push(']'),
            '㎎' => out.push_str("mg"),
            '㎏' => out.push_str("kg"),
            '㎍' => out.push_str("µg"),
            '㎖' => out.push_str("mL"),
            '㎕' => out.push_str("µL"),
            'ℓ' | '㍑' => out.push('L'),
            '㏙' => out.push_str("ppm"),
            '、' | '・' => out.push(' '),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// A mass or a volume in the brackets behind a formula: `Cu (g)`. `Pb (L)` is a line, `Total (t)` no analyte.
fn weighed(head: &str, inner: &str) -> Option<String> {
    let measure = ["g", "t", "kg", "mL", "ml", "µL", "l"].contains(&inner.trim());
    let formula = elements(head.trim()).is_some();
    (measure && formula).then(|| unit::normal(inner, &BTreeMap::new()))
}

/// A mass or a length that stands alone in brackets: whatever it means, it is no concentration.
fn amount(text: &str) -> Option<String> {
    let normal = unit::normal(text, &BTreeMap::new());
    (unit::known(text) && ["mg", "µg", "ng", "kg", "µm", "mm", "nm"].contains(&normal.as_str()))
        .then_some(normal)
}

/// A factor over the values: `x1000`, `*10`.
fn factor(word: &str) -> Option<String> {
    let digits =
        word.strip_prefix(['x', 'X', '×', '*']).or_else(|| word.rsplit_once('*').map(|(_, tail)| tail))?;
    let number =
        digits.len() > 1 && digits.starts_with('1') && digits.bytes().all(|one| one.is_ascii_digit());
    number.then(|| format!("x{digits}"))
}

/// The last unit that stands among words: of one word, or of several (`mg l-1`, `wt %`).
fn among_words(text: &str) -> Option<String> {
    let words = parts(text);
    let other = |word: &&str| {
        let parts = word.contains('/') && unit::can_be(word);
        parts.then(|| unit::normal(word, &BTreeMap::new())).or_else(|| factor(word))
    };
    if let Some(unit) = scaled(text).or_else(|| hit(&words)).or_else(|| words.iter().rev().find_map(other)) {
        return Some(unit);
    }
    // `Fe-ppm`, `Fe/ppm`
    let last = |word: &&str| {
        let at = word.find(['-', '/', '\u{2013}', '.'])?;
        let first = word[at..].chars().next()?;
        spoken(&word[at + first.len_utf8()..])
    };
    words.iter().rev().find_map(last)
}

pub(crate) fn parts(text: &str) -> Vec<&str> {
    const APART: [char; 18] = [
        ' ', '_', ',', ';', ':', '\u{a0}', '\u{202f}', '\t', '(', ')', '[', ']', '{', '}', '<', '>', '|', '=',
    ];
    text.split(APART).filter(|word| !word.is_empty()).collect()
}

/// The last unit that some words are: one, two as of `wt %` or `mg_kg`, or three.
pub(crate) fn hit(words: &[&str]) -> Option<String> {
    let longest = words.len().min(3);
    (1..=longest).rev().find_map(|size| {
        let mut all = words.windows(size).rev();
        all.find_map(|some| match some {
            [one] => spoken(one).or_else(|| spoken(one.trim_end_matches('.'))).or_else(|| run_together(one)),
            [mass, per] => spoken(&some.join(" ")).or_else(|| spoken(&format!("{mass}/{per}"))),
            _ => spoken(&some.join(" ")),
        })
    })
}

/// Units whose stroke a program has left out: `mgkg`.
fn run_together(word: &str) -> Option<String> {
    let unit = match word.to_ascii_lowercase().as_str() {
        "mgkg" => "mg/kg",
        "ugkg" => "µg/kg",
        "ugg" => "µg/g",
        "mgl" => "mg/L",
        "ugl" => "µg/L",
        "wtpct" | "wtpc" | "masspct" => "%",
        _ => {
            // `Cuppm`, `Fe2O3pct`, `ResultsPPM`
            let tail = word.len().checked_sub(3).filter(|at| *at > 0 && word.is_char_boundary(*at))?;
            let (head, tail) = word.split_at(tail);
            let raised =
                head.ends_with(char::is_lowercase) && tail.bytes().all(|one| one.is_ascii_uppercase());
            let unit = unit::normal(tail, &BTreeMap::new());
            let attached = ["ppm", "ppb", "ppt", "%"].contains(&unit.as_str());
            return (attached && (elements(head).is_some() || raised)).then_some(unit);
        }
    };
    Some(unit.to_owned())
}

/// A power of ten with a unit, or alone: `10⁻⁴%`, `10^-3 %`, `ppm x1000`.
pub(crate) fn scaled(text: &str) -> Option<String> {
    let folded = fold(text).replace(' ', "");
    let plain: String = folded.chars().map(crate::cell::lowered).collect();
    let inner = plain.trim_matches(['(', ')', '[', ']', '{', '}']);
    let (at, sign, after) = [("10^-", "-"), ("10-", "-"), ("10^", "")].iter().find_map(|(power, sign)| {
        let at = inner.find(power)?;
        Some((at, sign, &inner[at + power.len()..]))
    })?;
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let alone = !inner[..at].ends_with(|one: char| one.is_ascii_digit());
    let unit = after[digits..].trim_matches(['(', ')', '[', ']', '·', '*', '×']);
    let power = unit.is_empty() && !sign.is_empty() && inner.contains('^');
    let told = digits > 0 && alone && (power || unit.starts_with('%') || unit::known(unit));
    told.then(|| format!("10^{sign}{}{unit}", &after[..digits]))
}

pub(crate) fn spoken(text: &str) -> Option<String> {
    let text = text.trim();
    let normal = unit::normal(text, &BTreeMap::new());
    (unit::known(text) && SPOKEN.contains(&normal.as_str())).then_some(normal)
}

/// Whether a title speaks of the quantity or the unit of what stands below it.
pub(crate) fn speaks_of_quantity(text: &str) -> bool {
    said(text).is_some() || no_concentration(text) || likeness(text).is_some()
}

/// Words of titles that say nothing of quantities, folded.
const HARMLESS: &[&str] = &[
    "page",
    "pages",
    "seite",
    "pagina",
    "страница",
    "стр",
    "第",
    "页",
    "頁",
    "ページ",
    "of",
    "von",
    "de",
    "sur",
    "из",
    "batch",
    "batches",
    "lot",
    "lots",
    "series",
    "serie",
    "run",
    "runs",
    "group",
    "gruppe",
    "groupe",
    "grupo",
    "part",
    "teil",
    "partie",
    "parte",
    "part",
    "second",
    "first",
    "third",
    "fourth",
    "next",
    "new",
    "continued",
    "cont",
    "continuation",
    "fortsetzung",
    "suite",
    "continuacion",
    "sheet",
    "tray",
    "rack",
    "carousel",
    "sequence",
    "job",
    "order",
    "project",
    "day",
    "date",
    "datum",
    "fecha",
    "дата",
    "партия",
    "серия",
    "продолжение",
    "zweite",
    "erste",
    "dritte",
    "deuxieme",
    "premiere",
    "segundo",
    "primera",
    "no",
    "nr",
    "number",
    "am",
    "pm",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "批次",
    "批",
    "续",
    "續",
    "続き",
    "日期",
    "samples",
    "sample",
    "results",
    "morning",
    "afternoon",
];

/// Whether a title names nothing but a page, a batch, a day or a number.
pub(crate) fn is_harmless(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| {
        let bare = word.trim_matches(|one: char| one.is_ascii_digit());
        word.chars().all(|one| one.is_ascii_digit() || "第页頁共批次号".contains(one))
            || bare.chars().count() == 1
            || HARMLESS.contains(&bare)
    })
}

/// Whether a text is a unit of concentration or intensity and no analyte: units stand where names should.
pub(crate) fn is_unit(text: &str) -> bool {
    spoken(text).is_some()
}

/// Whether two units say the same: the same unit, or the same mass fraction (`ppm`, `mg/kg`).
pub(crate) fn alike(left: &str, right: &str, aliases: &BTreeMap<String, String>) -> bool {
    let (left, right) = (unit::normal(left, aliases), unit::normal(right, aliases));
    left == right || fraction(&left).is_some_and(|one| fraction(&right) == Some(one))
}

/// What one of the unit is in percent, for units that are mass fractions.
pub(crate) fn fraction(unit: &str) -> Option<f64> {
    Some(match unit {
        "%" => 1.0,
        "g/kg" | "mg/g" | "‰" | "kg/t" => 0.1,
        "ppm" | "mg/kg" | "g/t" | "µg/g" => 1e-4,
        "ppb" | "µg/kg" | "ng/g" | "mg/t" => 1e-7,
        "ng/kg" => 1e-10,
        _ => return None,
    })
}

/// Whether words name another quantity than a concentration.
pub(crate) fn is_other(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty());
    words.any(|word| OTHER.contains(&word))
}

/// Whether the name over a column says that no concentrations stand in it.
pub(crate) fn no_concentration(text: &str) -> bool {
    is_other(text) || likeness(text).is_some() || is_no_analyte(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_heard_in_headers() {
        for (text, unit) in [
            ("Conc. [ ppb ]", Some("ppb")),
            ("CPS", Some("cps")),
            ("Fe (mg/L)", Some("mg/L")),
            ("Fe 259.940 (ug/l)", Some("µg/L")),
            ("Fe %", Some("%")),
            ("Fe_ppm", Some("ppm")),
            ("Fe/wt%", Some("%")),
            ("mass%", Some("%")),
            ("Conc", None),
            ("Mg", None),
            ("Total (t)", None),
            ("Fe2O3", None),
            ("铁（％）", Some("%")),
            ("Conc мг/кг", Some("mg/kg")),
            ("Fe, г/т", Some("g/t")),
            ("Fe мг/л", Some("mg/L")),
            ("Содержание, мас. %", Some("%")),
            ("Gehalt ‰", Some("‰")),
            ("Conc (oz/t)", Some("oz/t")),
            ("Fe ppt", Some("ppt")),
            ("Result (mg/kg dry)", Some("mg/kg")),
            ("Conc mg/kg TS", Some("mg/kg")),
            ("Fe mg l-1", Some("mg/L")),
            ("Fe (mg kg^-1)", Some("mg/kg")),
            ("Fe at.%", Some("at.%")),
            ("Fe (mol%)", Some("mol%")),
            ("Fe-ppm", Some("ppm")),
            ("Fe {ppm}", Some("ppm")),
            ("Fe ppm ICP", Some("ppm")),
            ("Fe mg/m3", Some("mg/m³")),
            ("g/t Au", Some("g/t")),
            ("10⁻⁴%", Some("10^-4%")),
            ("Fe (10^-4 %)", Some("10^-4%")),
            ("Fe%", Some("%")),
            ("含量/ppm", Some("ppm")),
            ("Wert in ppm", Some("ppm")),
            ("Fe (x1000)", Some("x1000")),
            ("Fe*10", Some("x10")),
            ("Fe (10^-4)", Some("10^-4")),
            ("Fe (mg/Nm3)", Some("mg/Nm3")),
            ("Fe (mg)", Some("mg")),
            ("Fe mg", Some("mg")),
            ("10^-6", Some("10^-6")),
            ("Fe 259.940", None),
            ("K/Na", None),
            ("Fe KA", None),
            ("CaO/SiO2", None),
            ("Cu*", None),
            ("Mg 280-1", None),
            ("AG-10", None),
            ("Fe 10", None),
            ("CaCO3", None),
        ] {
            assert_eq!(said(text).as_deref(), unit, "{text}");
        }
        assert!(alike("ppm", "mg/kg", &BTreeMap::new()) && !alike("ppm", "mg/L", &BTreeMap::new()));
        assert!(no_concentration("Int. (cps/uA)") && no_concentration("CPS") && !no_concentration("Conc."));
    }
}
