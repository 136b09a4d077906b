//! Spellings of units. Only what means the same everywhere; anything else stays as written.

use std::collections::BTreeMap;

use crate::text::{fold, same_label};

/// Canonical unit, then its other spellings, all in folded form.
const SPELLINGS: &[(&str, &[&str])] = &[
    (
        "%",
        &[
            "%",
            "mass%",
            "mass %",
            "mass-%",
            "wt%",
            "wt %",
            "wt.%",
            "wt. %",
            "w%",
            "w/w%",
            "% w/w",
            "%(w/w)",
            "m%",
            "m/m%",
            "% m/m",
            "%(m/m)",
            "% (m/m)",
            "pct",
            "percent",
            "weight%",
            "weight %",
            "mass percent",
            "质量%",
            "质量分数%",
            "质量分数/%",
            "百分比",
            "(%)",
        ],
    ),
    ("ppm", &["ppm", "ppmw", "(ppm)"]),
    ("ppb", &["ppb", "ppbw", "(ppb)"]),
    ("mg/kg", &["mg/kg", "mg kg-1", "mg·kg-1", "毫克/千克"]),
    ("µg/g", &["µg/g", "ug/g", "mcg/g", "微克/克"]),
    ("µg/kg", &["µg/kg", "ug/kg", "微克/千克"]),
    ("ng/g", &["ng/g"]),
    ("g/t", &["g/t", "g/mt", "gpt", "克/吨"]),
    ("g/kg", &["g/kg", "克/千克"]),
    ("mg/g", &["mg/g"]),
    ("mg/L", &["mg/l", "mg l-1", "mg·l-1", "mg.l-1", "mg/dm3", "毫克/升"]),
    ("µg/L", &["µg/l", "ug/l", "mcg/l", "µg l-1", "ug l-1", "微克/升"]),
    ("ng/L", &["ng/l"]),
    ("g/L", &["g/l", "g l-1", "g·l-1", "克/升"]),
    ("mg/mL", &["mg/ml"]),
    ("µg/mL", &["µg/ml", "ug/ml"]),
    ("mol/L", &["mol/l"]),
    ("mmol/L", &["mmol/l"]),
    ("cps", &["cps", "c/s", "cts/s", "counts/s"]),
    ("kcps", &["kcps"]),
    ("counts", &["counts", "cts"]),
    ("mg", &["mg", "毫克"]),
    ("g", &["g", "克"]),
    ("kg", &["kg", "千克", "公斤"]),
    ("t", &["t", "吨"]),
    ("mL", &["ml", "毫升"]),
    ("L", &["l", "升"]),
    ("µm", &["µm", "um", "微米"]),
    ("mm", &["mm"]),
    ("nm", &["nm"]),
    ("°C", &["°c", "℃"]),
    ("mV", &["mv"]),
    ("m²/g", &["m²/g", "m2/g"]),
    ("10^-6", &["10^-6", "10⁻⁶", "×10⁻⁶", "x10^-6"]),
];

/// Whether the text is a unit with one well-known meaning.
pub(crate) fn known(text: &str) -> bool {
    let folded = fold(text);
    SPELLINGS.iter().any(|(_, spellings)| spellings.contains(&folded.as_str()))
}

/// Unit as readings carry it: the mapping's alias, then the common spelling, then as written.
pub(crate) fn normal(text: &str, aliases: &BTreeMap<String, String>) -> String {
    let text = text.trim();
    let aliased = aliases.iter().find(|(from, _)| same_label(from, text)).map_or(text, |(_, to)| to.as_str());
    let folded = fold(aliased);
    let found = SPELLINGS.iter().find(|(_, spellings)| spellings.contains(&folded.as_str()));
    found.map_or_else(|| aliased.to_owned(), |(unit, _)| (*unit).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let aliases = BTreeMap::from([("промилле".to_owned(), "g/kg".to_owned())]);
        for (written, unit) in [
            ("mass%", "%"),
            ("PPM", "ppm"),
            ("ug/L", "µg/L"),
            ("μg/L", "µg/L"),
            ("毫克/升", "mg/L"),
            ("промилле", "g/kg"),
            ("furlong", "furlong"),
            ("％", "%"),
        ] {
            assert_eq!(normal(written, &aliases), unit, "{written}");
        }
    }
}
