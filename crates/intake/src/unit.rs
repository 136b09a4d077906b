//! Spellings of units. Only what means the same everywhere; anything else stays as written.

use std::collections::BTreeMap;

use crate::cell::built_in;
use crate::formula::elements;
use crate::text::{fold, half_width, same_label};

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
            "percentage",
            "prozent",
            "procent",
            "weight%",
            "weight %",
            "mass percent",
            "gew.-%",
            "gew.%",
            "gew-%",
            "masse-%",
            "ma.-%",
            "m.-%",
            "масс.%",
            "масс. %",
            "% масс.",
            "% mass",
            "%mass",
            "% masse",
            "weight-%",
            "mass fraction %",
            "g/100g",
            "g/100 g",
            "质量%",
            "质量分数%",
            "质量分数/%",
            "百分比",
            "мас.%",
            "мас. %",
            "% масс",
            "масс.%.",
            "процент",
            "m-%",
            "m.%",
            "% by mass",
            "% by weight",
            "% wt",
            "%wt",
            "wt-%",
            "% m",
            "weight percent",
            "% (w/w)",
        ],
    ),
    ("ppm", &["ppm", "ppmw", "млн-1", "млн⁻¹", "parts per million"]),
    ("ppb", &["ppb", "ppbw", "parts per billion"]),
    (
        "mg/kg",
        &[
            "milligrams per kilogram",
            "milligram per kilogram",
            "mg per kg",
            "mg pro kg",
            "mg/kg",
            "mg kg-1",
            "毫克/千克",
            "мг/кг",
            "milligram/kg",
        ],
    ),
    ("µg/g", &["µg/g", "ug/g", "mcg/g", "µg g-1", "ug g-1", "微克/克", "мкг/г"]),
    ("µg/kg", &["µg/kg", "ug/kg", "µg kg-1", "ug kg-1", "微克/千克", "мкг/кг"]),
    ("ng/g", &["ng/g", "ng g-1", "纳克/克", "нг/г"]),
    (
        "g/t",
        &[
            "grams per tonne",
            "gram per tonne",
            "grams per ton",
            "g/t",
            "g/mt",
            "gpt",
            "g t-1",
            "g/tonne",
            "克/吨",
            "г/т",
        ],
    ),
    ("g/kg", &["g/kg", "g kg-1", "克/千克", "г/кг"]),
    ("mg/g", &["mg/g", "mg g-1", "毫克/克", "мг/г"]),
    (
        "mg/L",
        &[
            "milligrams per litre",
            "milligrams per liter",
            "mg per l",
            "mg/l",
            "mg l-1",
            "mg/dm3",
            "mg/dm³",
            "毫克/升",
            "мг/л",
            "мг/дм3",
            "мг/дм³",
        ],
    ),
    (
        "µg/L",
        &[
            "µg/l",
            "ug/l",
            "mcg/l",
            "µg l-1",
            "ug l-1",
            "µg/dm3",
            "ug/dm3",
            "微克/升",
            "мкг/л",
            "мкг/дм3",
            "мкг/дм³",
        ],
    ),
    ("ng/L", &["ng/l", "ng l-1", "纳克/升", "нг/л"]),
    ("g/L", &["g/l", "g l-1", "g/dm3", "克/升", "г/л", "г/дм3", "г/дм³"]),
    ("mg/mL", &["mg/ml", "mg ml-1", "毫克/毫升"]),
    ("µg/mL", &["µg/ml", "ug/ml", "µg ml-1", "ug ml-1", "微克/毫升"]),
    ("ng/mL", &["ng/ml", "ng ml-1", "纳克/毫升"]),
    ("mol/L", &["mol/l", "mol l-1", "摩尔/升", "моль/л"]),
    ("mmol/L", &["mmol/l", "mmol l-1", "ммоль/л"]),
    ("cps", &["cps", "c/s", "cts/s", "counts/s"]),
    ("kcps", &["kcps"]),
    ("counts", &["counts", "cts"]),
    ("ng", &["ng", "纳克"]),
    ("µg", &["µg", "ug", "mcg", "微克"]),
    ("mg", &["mg", "毫克", "мг"]),
    ("g", &["g", "克", "gram", "grams", "г"]),
    ("kg", &["kg", "千克", "公斤", "кг"]),
    ("t", &["t", "吨", "tonne", "tonnes", "т"]),
    ("µL", &["µl", "ul", "微升"]),
    ("mL", &["ml", "毫升", "мл"]),
    ("L", &["l", "升", "liter", "litre", "л"]),
    ("µm", &["µm", "um", "micron", "microns", "微米"]),
    ("mm", &["mm"]),
    ("nm", &["nm"]),
    ("°C", &["°c", "℃"]),
    ("mV", &["mv"]),
    ("µS/cm", &["µs/cm", "us/cm"]),
    ("mS/cm", &["ms/cm"]),
    ("NTU", &["ntu"]),
    ("m²/g", &["m²/g", "m2/g"]),
    ("‰", &["promille", "permil", "per mil", "gew.-‰", "промилле", "‰", "o/oo", "permille", "per mille"]),
    ("ppt", &["ppt"]),
    ("ng/kg", &["ng/kg", "ng kg-1"]),
    ("kg/t", &["kg/t", "кг/т"]),
    ("mg/t", &["mg/t", "мг/т"]),
    ("oz/t", &["oz/t", "oz/st", "oz/ton", "ozt/t", "troy oz/t"]),
    ("at.%", &["at.%", "at%", "at. %", "at %", "at-%", "atom%", "atom %", "atomic %", "ат.%", "ат. %"]),
    ("mol%", &["mol%", "mol %", "mol.%", "mol-%", "mole%", "mole %", "мол.%", "мол. %"]),
    ("vol%", &["vol%", "vol %", "vol.%", "vol.-%", "% v/v", "v/v%", "об.%", "об. %"]),
    ("mg/m³", &["mg/m3", "mg/m³", "mg m-3", "мг/м3", "мг/м³"]),
    ("µg/m³", &["µg/m3", "µg/m³", "ug/m3", "ug/m³", "µg m-3", "ug m-3", "мкг/м3", "мкг/м³"]),
    ("mol/kg", &["mol/kg", "mol kg-1"]),
    ("mmol/kg", &["mmol/kg", "mmol kg-1"]),
    ("meq/L", &["meq/l"]),
    ("MJ/kg", &["mj/kg", "mj kg-1", "мдж/кг", "兆焦/千克"]),
    ("kJ/kg", &["kj/kg", "kj kg-1", "кдж/кг", "千焦/千克"]),
    ("kcal/kg", &["kcal/kg", "kcal kg-1", "ккал/кг", "千卡/千克", "大卡/千克"]),
    ("GJ/t", &["gj/t", "гдж/т"]),
    ("cal/g", &["cal/g", "кал/г"]),
    ("Btu/lb", &["btu/lb"]),
    ("kWh/t", &["kwh/t"]),
    ("kWh/kg", &["kwh/kg"]),
    ("10^-6", &["10^-6", "10⁻⁶", "×10⁻⁶", "x10^-6"]),
];

/// Folded, with `mg·L⁻¹` and `mg.L-1` written as `mg l-1`, and brackets around the whole left out.
fn plain(text: &str) -> String {
    let folded = fold(text).replace("⁻¹", "-1").replace("^-1", "-1").replace(['·', '∙', '•'], " ");
    let inner = folded.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let inner = inner.or_else(|| folded.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')));
    let inner = inner.unwrap_or(&folded).trim().to_owned();
    match inner.strip_suffix("-1").and_then(|stem| stem.split_once('.')) {
        Some((mass, per)) => format!("{mass} {per}-1"),
        None => inner,
    }
}

/// Whether the text is a unit with one well-known meaning.
pub(crate) fn known(text: &str) -> bool {
    let folded = plain(text);
    SPELLINGS.iter().any(|(_, spellings)| spellings.contains(&folded.as_str()))
}

/// Whether a text that is no known unit can be one all the same: parts that measure something, divided or
/// multiplied, and nothing else. What has a scale or says more (`ppm x1000`, `% rel`, `IS`) cannot.
pub(crate) fn can_be(text: &str) -> bool {
    const PARTS: &[&str] = &[
        "g", "kg", "mg", "ug", "µg", "ng", "pg", "t", "l", "ml", "ul", "µl", "dl", "mol", "mmol", "umol",
        "µmol", "nmol", "m", "cm", "mm", "um", "µm", "nm", "m2", "m²", "m3", "m³", "nm3", "nm³", "cm2",
        "cm²", "cm3", "cm³", "dm3", "dm³", "j", "kj", "mj", "gj", "tj", "btu", "mcal", "gcal", "wh", "kwh",
        "mwh", "cal", "kcal", "k", "s", "min", "h", "d", "day", "v", "mv", "a", "ma", "ua", "µa", "w", "kw",
        "pa", "kpa", "mpa", "bar", "hz", "n", "bq", "kbq", "mbq", "cps", "kcps", "counts", "meq", "eq", "oz",
        "ozt", "lb", "ton", "st", "°c", "°", "s/cm", "ppm", "ppb", "ppt", "%", "‰", "ntu", "cfu", "mesh",
    ];
    let folded = plain(text);
    let mut parts = folded.split(['/', '·', '*', ' ', '.']).filter(|part| !part.is_empty()).peekable();
    let measures = |part: &str| {
        let bare = part.strip_suffix("-1").or_else(|| part.strip_suffix("-2")).unwrap_or(part);
        let bare = bare.strip_suffix("-3").unwrap_or(bare).trim_start_matches("100");
        PARTS.contains(&bare)
    };
    folded.contains('/') && parts.peek().is_some() && parts.all(measures)
        || PARTS.contains(&folded.as_str()) && !matches!(folded.as_str(), "n" | "k" | "s" | "d")
}

/// Unit as readings carry it: the mapping's alias, then the common spelling, then as written.
pub(crate) fn normal(text: &str, aliases: &BTreeMap<String, String>) -> String {
    let text = text.trim();
    let aliased = aliases.iter().find(|(from, _)| same_label(from, text)).map_or(text, |(_, to)| to.as_str());
    let folded = plain(aliased);
    let found = SPELLINGS.iter().find(|(_, spellings)| spellings.contains(&folded.as_str()));
    found.map_or_else(|| aliased.to_owned(), |(unit, _)| (*unit).to_owned())
}

/// What a unit of an amount measures, where it is no concentration.
pub(crate) fn amount(canonical: &str) -> Option<&'static str> {
    match canonical {
        "ng" | "µg" | "mg" | "g" | "kg" | "t" => Some("a mass"),
        "µL" | "mL" | "L" => Some("a volume"),
        _ => None,
    }
}

/// What another known unit measures that an element cannot have as its concentration.
fn other_kind(canonical: &str) -> Option<&'static str> {
    match canonical {
        "µm" | "mm" | "nm" => Some("a length"),
        "°C" => Some("a temperature"),
        "mV" => Some("a voltage"),
        "µS/cm" | "mS/cm" => Some("a conductivity"),
        "NTU" => Some("a turbidity"),
        "cps" | "kcps" | "counts" => Some("an intensity"),
        _ => None,
    }
}

/// Parts of the names of what is weighed or measured out, folded.
const AMOUNTS: &[&str] = &[
    "weight",
    "weigh",
    "wgt",
    "wt",
    "mass",
    "gewicht",
    "waage",
    "volum",
    "vol",
    "aliquot",
    "bead",
    "added",
    "taken",
    "yield",
    "масса",
    "навес",
    "объем",
    "объём",
    "重",
    "质量",
    "体积",
    "称样",
    "取样",
    "用量",
];

/// Whether a name is that of an amount: a weight, a volume.
pub(crate) fn weighs(name: &str) -> bool {
    let name = fold(name);
    AMOUNTS.iter().any(|word| name.contains(word))
}

/// A question where a unit measures something else than the content of an analyte: 0.05 L is no concentration
/// (but often a limit with the letter that says so), and neither are counts.
pub(crate) fn doubt(text: &str, aliases: &BTreeMap<String, String>, analyte: &str) -> Option<String> {
    let unit = normal(text, aliases);
    let kind = match amount(&unit) {
        Some(kind) => {
            let name = fold(analyte);
            let weighed = AMOUNTS.iter().any(|word| name.contains(word)) && !name.contains("质量分数");
            Some(kind).filter(|_| !weighed)
        }
        None => other_kind(&unit).filter(|_| elements(analyte).is_some()),
    };
    kind.map(|kind| format!("the unit {unit} is {kind}, no concentration of {analyte}"))
}

/// Signs that stand where there is no unit.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = half_width(text.trim());
    matches!(&*text, "-" | "--" | "---" | "\u{2014}" | "/" | "." | "*") || same_label(&text, "n/a")
}

/// Whether a text is no unit at all: a number in any spelling, or a qualifier. Units that are written with
/// digits are known, or named by the mapping.
pub(crate) fn is_none(text: &str, aliases: &BTreeMap<String, String>) -> bool {
    let text = half_width(text.trim());
    let text = text.trim_matches(['[', ']', '(', ')', '"', '\'']).trim();
    if text.is_empty() || known(text) || aliases.keys().any(|key| same_label(key, text)) {
        return false;
    }
    let number = text.trim_start_matches(['+', '-', '.', ',', ' ']);
    let digit = |letter: char| letter.is_numeric();
    number.starts_with(digit)
        || text.starts_with(['<', '>', '≤', '≥', '~', '≈', '±', '=', '#'])
        || built_in(text).is_some()
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
            ("mg·L⁻¹", "mg/L"),
            ("µg.L-1", "µg/L"),
            ("ug L^-1", "µg/L"),
            ("мг/кг", "mg/kg"),
            ("г/т", "g/t"),
            ("[ mg/kg ]", "mg/kg"),
            ("Gew.-%", "%"),
            ("%(m/m)", "%"),
            ("(w/w)", "(w/w)"),
        ] {
            assert_eq!(normal(written, &aliases), unit, "{written}");
        }
    }

    #[test]
    fn numbers_and_qualifiers_are_no_units() {
        let aliases = BTreeMap::from([("1e-6".to_owned(), "ppm".to_owned())]);
        for text in [
            "36.099",
            "<",
            "<0.5",
            "ND",
            "1e3",
            "１２．５",
            " 0,5 ",
            "+3",
            "-0.5",
            ".5",
            "1",
            "NaN",
            "#N/A",
            ">=",
            "≤",
            "n.d.",
            "未检出",
            "(12)",
            "[3.5]",
            "~5",
            "1 234",
            "10^3",
            "²",
            "5 %",
            "±0.1",
        ] {
            assert!(is_none(text, &aliases), "{text}");
        }
        for text in [
            "%",
            "mg/L",
            "10^-6",
            "×10⁻⁶",
            "1e-6",
            "g/100g",
            "",
            "furlong",
            "(w/w)",
            "µg.L-1",
            "N",
            "% (m/m)",
        ] {
            assert!(!is_none(text, &aliases), "{text}");
        }
        assert!(["-", "—", "n/a", "--"].into_iter().all(is_placeholder) && !is_placeholder("%"));
    }

    #[test]
    fn amounts_are_no_concentrations() {
        let none = BTreeMap::new();
        for (unit, analyte) in [
            ("L", "Fe"),
            ("l", "Mn"),
            ("Ｌ", "Fe"),
            ("mL", "SiO2"),
            ("g", "Au"),
            ("kg", "TREO"),
            ("mg", "铁"),
            ("µg", "Cd"),
            ("ug", "Cd"),
            ("ng", "Pb"),
            ("t", "Cu"),
            ("升", "Fe"),
            ("cps", "Fe"),
            ("nm", "Fe"),
            ("mg", "质量分数"),
        ] {
            assert!(doubt(unit, &none, analyte).is_some(), "{unit} {analyte}");
        }
        for (unit, analyte) in [
            ("mg/L", "Fe"),
            ("%", "Fe"),
            ("g/t", "Au"),
            ("kg", "Wgt"),
            ("g", "Sample weight"),
            ("mL", "Volume"),
            ("g", "称样量"),
            ("µm", "d50"),
            ("furlong", "Fe"),
            ("°C", "Temperature"),
            ("mol/L", "H2SO4"),
        ] {
            assert!(doubt(unit, &none, analyte).is_none(), "{unit} {analyte}");
        }
    }
}
