//! The unit, and the kind of quantity, that a cell of the header names over a column of values.

use std::collections::BTreeMap;

use crate::statistic::likeness;
use crate::text::fold;
use crate::unit;

/// Units that a header may name beside other words. Short ones (`g`, `t`, `L`) are words of other kinds too.
const SPOKEN: &[&str] = &[
    "%", "ppm", "ppb", "mg/kg", "µg/g", "µg/kg", "ng/g", "g/t", "g/kg", "mg/g", "mg/L", "µg/L", "ng/L",
    "g/L", "mg/mL", "µg/mL", "ng/mL", "mol/L", "mmol/L", "cps", "kcps", "counts", "10^-6",
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

/// The unit that a text of the header names: the whole text, a part in brackets, or its last word.
pub(crate) fn said(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(unit) = spoken(text) {
        return Some(unit);
    }
    let mut brackets = text.match_indices(['(', '[', '（']).filter_map(|(at, open)| {
        let inner = &text[at + open.len()..];
        let end = inner.find([')', ']', '）']).unwrap_or(inner.len());
        spoken(&inner[..end])
    });
    if let Some(unit) = brackets.next_back() {
        return Some(unit);
    }
    let last = text.rsplit([' ', '_', ',', ';', '\u{a0}']).next()?;
    if last.len() < text.len()
        && let Some(unit) = spoken(last)
    {
        return Some(unit);
    }
    // `Fe/ppm`, `Fe%`
    let (_, tail) = text.split_once('/')?;
    spoken(tail)
}

fn spoken(text: &str) -> Option<String> {
    let text = text.trim();
    let normal = unit::normal(text, &BTreeMap::new());
    (unit::known(text) && SPOKEN.contains(&normal.as_str())).then_some(normal)
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
        "g/kg" | "mg/g" => 0.1,
        "ppm" | "mg/kg" | "g/t" | "µg/g" => 1e-4,
        "ppb" | "µg/kg" | "ng/g" => 1e-7,
        _ => return None,
    })
}

/// Whether the name over a column says that no concentrations stand in it.
pub(crate) fn no_concentration(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty());
    words.any(|word| OTHER.contains(&word)) || likeness(text).is_some()
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
        ] {
            assert_eq!(said(text).as_deref(), unit, "{text}");
        }
        assert!(alike("ppm", "mg/kg", &BTreeMap::new()) && !alike("ppm", "mg/L", &BTreeMap::new()));
        assert!(no_concentration("Int. (cps/uA)") && no_concentration("CPS") && !no_concentration("Conc."));
    }
}
