//! Names of analytes: taken apart by the mapping's patterns, translated by its aliases, else kept as written.

use crate::mapping::Analyte;
use crate::text::same_label;

/// An analyte text, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub analyte: String,
    pub channel: Option<String>,
    pub unit: Option<String>,
    /// Other named groups, as attributes of the reading.
    pub extra: Vec<(String, String)>,
}

/// `None` when the mapping has patterns and none fits. Lowered digits are digits (`SiO₂` is SiO2).
pub(crate) fn split(spec: &Analyte, text: &str) -> Option<Named> {
    let lowered = |one: char| ('₀'..='₉').contains(&one);
    let digit = |one: char| if lowered(one) { crate::cell::lowered(one) } else { one };
    if text.contains(lowered) && alias(spec, text).is_none() {
        return taken_apart(spec, &text.chars().map(digit).collect::<String>());
    }
    taken_apart(spec, text)
}

fn taken_apart(spec: &Analyte, text: &str) -> Option<Named> {
    let text = text.trim();
    if let Some(name) = alias(spec, text) {
        return Some(Named { analyte: name.to_owned(), ..Named::default() });
    }
    if spec.patterns.is_empty() {
        return Some(Named { analyte: text.to_owned(), ..Named::default() });
    }
    spec.patterns.iter().find_map(|pattern| {
        let found = pattern.captures(text)?;
        let mut named = Named::default();
        for name in pattern.capture_names().flatten() {
            let Some(part) =
                found.name(name).map(|part| part.as_str().trim()).filter(|part| !part.is_empty())
            else {
                continue;
            };
            match name {
                "analyte" => named.analyte = alias(spec, part).unwrap_or(part).to_owned(),
                "channel" => named.channel = Some(part.to_owned()),
                "unit" => named.unit = Some(part.to_owned()),
                other => named.extra.push((other.to_owned(), part.to_owned())),
            }
        }
        (!named.analyte.is_empty()).then_some(named)
    })
}

/// The mapping's own name for this text.
pub(crate) fn alias<'a>(spec: &'a Analyte, text: &str) -> Option<&'a str> {
    let exact = spec.alias.iter().find(|(from, _)| from == text);
    exact.or_else(|| spec.alias.iter().find(|(from, _)| same_label(from, text))).map(|(_, to)| to.as_str())
}
