//! What lines of words tell of units: titles above a table, remarks beside the values.

use crate::over::{hit, parts, plainly, said, scaled, spoken};
use crate::text::fold;

/// What a line above a table, or a remark beside a value, tells of the unit: `Unit: ppm`, `结果（mg/kg）`.
/// An amount is no such thing: `with 5 % HNO3`.
pub(crate) fn told(text: &str) -> Option<String> {
    const WORDS: &[&str] = &[
        "unit",
        "units",
        "einheit",
        "einheiten",
        "unite",
        "unites",
        "unidad",
        "unidades",
        "results",
        "result",
        "values",
        "concentrations",
        "concentration",
        "contents",
        "all",
        "ergebnisse",
        "gehalte",
        "werte",
        "resultats",
        "teneurs",
        "resultados",
        "единица",
        "единицы",
        "ед",
        "результаты",
        "содержание",
        "содержания",
        "单位",
        "單位",
        "単位",
        "in",
        "en",
    ];
    let plain = plainly(text);
    let whole = plain.trim().trim_matches(['(', ')', '[', ']', '{', '}', '<', '>', '.', ':', ';']);
    if let Some(unit) = spoken(whole) {
        return Some(unit);
    }
    let plain = without_amounts(&plain);
    let folded = fold(&plain);
    let mut words = folded.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty());
    let says = words.any(|word| {
        WORDS.contains(&word)
            || ["单位", "單位", "単位", "结果", "結果", "含量"].iter().any(|one| word.contains(one))
    });
    scaled(&plain)
        .or_else(|| hit(&parts(&plain)))
        .or_else(|| said(&plain).filter(|_| says))
        .or_else(|| among_han(&plain))
}

/// Every unit that single words of a line are: `Elements in ppm, oxides in %`.
pub(crate) fn all_told(text: &str) -> Vec<String> {
    let plain = without_amounts(&plainly(text));
    parts(&plain).into_iter().filter_map(|word| hit(&[word])).collect()
}

/// Whether a title says that its numbers are multiples of what they stand for.
pub(crate) fn is_scaled(text: &str) -> bool {
    const SCALES: &[&str] = &[
        "thousands",
        "thousandths",
        "millions",
        "multiplied",
        "scaled",
        "tausend",
        "tausendstel",
        "multipliziert",
        "milliers",
        "multiplie",
        "multiplies",
        "miles",
        "multiplicado",
        "тысяч",
        "тысячах",
        "умножено",
    ];
    let folded = fold(text);
    let mut words = folded.split(|one: char| !one.is_alphanumeric());
    words.any(|word| SCALES.contains(&word))
        || ["千分", "万分", "乘以", "扩大"].iter().any(|one| text.contains(one))
}

/// A unit between Chinese letters, which have no blanks: `以mg/kg计`.
fn among_han(text: &str) -> Option<String> {
    let han = |one: char| matches!(one, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}');
    if !text.contains(han) {
        return None;
    }
    text.split(han).rev().find_map(|part| hit(&parts(part)))
}

/// The text without its amounts: a number and the word behind it. A power of ten belongs to a unit.
fn without_amounts(text: &str) -> String {
    let power =
        |word: &str| word.contains('^') || word.starts_with("10-") || word.contains(['⁻', '⁴', '³', '⁶']);
    let number = |word: &str| {
        let bare = word.trim_start_matches(['(', '[', '<', '>', '~', '+', '-', '±', '=', ',', ';', ':', '.']);
        bare.starts_with(|one: char| one.is_ascii_digit()) && !power(word)
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if !number(word) {
            kept.push(word);
            continue;
        }
        let bare = word.trim_end_matches([')', ']', ',', ';', '.']);
        // the word behind a bare number is its unit
        if bare.ends_with(|one: char| one.is_ascii_digit()) && bare.len() == word.len() {
            words.next_if(|next| spoken(next.trim_end_matches([')', ']', ',', ';', '.'])).is_some());
        }
    }
    kept.join(" ")
}

/// Whether the name of a column is nothing but "unit": what stands in it is one.
pub(crate) fn is_unit_title(title: &str) -> bool {
    const NAMES: &[&str] = &[
        "unit",
        "units",
        "uom",
        "unit of measure",
        "units of measure",
        "unit of measurement",
        "dim",
        "dimension",
        "einheit",
        "einheiten",
        "masseinheit",
        "unite",
        "unites",
        "unidad",
        "unidades",
        "unidade",
        "unita",
        "eenheid",
        "enhet",
        "ед",
        "ед изм",
        "единица",
        "единицы",
        "единица измерения",
        "единицы измерения",
        "размерность",
        "单位",
        "單位",
        "単位",
        "计量单位",
        "결과 단위",
        "단위",
    ];
    let folded = fold(title);
    let words: Vec<&str> =
        folded.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    NAMES.contains(&words.join(" ").as_str())
}
