//! Ids that end with a serial number and hold a word of statistics: `AVG-1`, `MAX-12`, `P95`.

use super::{counts, latinised, words};
use crate::formula::is_oxide;
use crate::text::half_width;

/// A serial number at the end of a label makes it an id: `AVG-1`, `Mean Creek 4`, `平均样3`. A count is none
/// (`Mean of 5`, `Ave (3)`, `CI 95%`), nor is a fraction or the number of a formula.
pub(super) fn is_serial(text: &str, words: &[String]) -> bool {
    let text = half_width(text.trim());
    // `MAX-12A`
    let bare = text.strip_suffix(|one: char| one.is_ascii_alphabetic()).unwrap_or(&text);
    let stem = bare.trim_end_matches(|one: char| one.is_ascii_digit());
    let last = text.rsplit([' ', '_', '-']).next().unwrap_or("");
    let digits = stem.len() < bare.len() && !stem.is_empty() && !stem.ends_with(['.', ',', '=', ':', '(']);
    let before = words.iter().rev().find(|word| !word.bytes().all(|one| one.is_ascii_digit()));
    let counted = before.is_some_and(|word| {
        ["of", "de", "von", "из", "aus", "percentile", "quantile", "quartile"].contains(&word.as_str())
    });
    let said_of = words.iter().any(|word| ["of", "von", "из"].contains(&word.as_str()));
    let less_one = text.strip_suffix("n-1").is_some_and(|rest| !rest.ends_with(char::is_alphabetic));
    digits
        && !is_span(text.rsplit([' ', '(']).next().unwrap_or(""))
        && !counted
        && !said_of
        && !counts(&text)
        && !is_oxide(last)
        && !less_one
        && !text.ends_with("σn-1")
}

/// `1-5`, `S1-S3`: several samples. `Target 4-12` is one.
fn is_span(word: &str) -> bool {
    let Some((first, last)) = word.split_once(['-', '~']) else { return false };
    let digits = |one: &str| one.trim_start_matches(|one: char| !one.is_ascii_digit()).parse::<u64>().ok();
    let stem = |one: &str| one.trim_end_matches(|one: char| one.is_ascii_digit()).to_lowercase();
    let same = stem(last).is_empty() || stem(last) == stem(first);
    let counted = digits(first).zip(digits(last));
    same && counted.is_some_and(|(from, to)| from < to && (from == 1 || !stem(first).is_empty()))
}

/// Which statistic an id with a serial number may name, if any: its numbers tell whether it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Mean,
    Maximum,
    Minimum,
    Sum,
    Median,
    Deviation,
    Relative,
    Range,
    /// `P95`: one of the percentiles that footers have.
    Percentile,
}

/// The statistic that a label with a serial number would name.
pub(crate) fn serial_kind(text: &str) -> Option<Kind> {
    let all = words(text);
    if let [letter, share] = all.as_slice()
        && letter == "p"
        && ["1", "5", "10", "25", "50", "75", "80", "90", "95", "98", "99"].contains(&share.as_str())
        && text.trim().chars().all(char::is_alphanumeric)
    {
        return Some(Kind::Percentile);
    }
    if text.len() > 120 || !is_serial(text, &all) {
        return None;
    }
    const KINDS: &[(Kind, &[&str])] = &[
        (Kind::Relative, &["rsd", "cv", "vk", "rel", "相对标准偏差", "变异系数"]),
        (
            Kind::Deviation,
            &["sd", "std", "stdev", "sdev", "stabw", "stdabw", "ско", "стандарт", "标准偏差", "标准差"],
        ),
        (Kind::Median, &["median", "медиан", "中位"]),
        (
            Kind::Mean,
            &[
                "mean",
                "av",
                "mittel",
                "mw",
                "durchschn",
                "moy",
                "media",
                "medio",
                "promedio",
                "сред",
                "平均",
                "均值",
            ],
        ),
        (Kind::Maximum, &["max", "макс", "最大", "высш"]),
        (Kind::Minimum, &["min", "мин", "最小"]),
        (Kind::Sum, &["sum", "total", "gesamt", "som", "сумм", "итог", "合计", "总"]),
        (Kind::Range, &["range", "spann", "etendue", "размах", "极差"]),
    ];
    let begins = |word: &String, start: &&str| {
        let one = latinised(word).unwrap_or_else(|| word.clone());
        word.starts_with(start) || one.starts_with(start)
    };
    let kind = KINDS
        .iter()
        .find(|(_, starts)| all.iter().any(|word| starts.iter().any(|start| begins(word, start))));
    kind.map(|(kind, _)| *kind)
}
