//! Plausibility and completeness. Nothing here changes a reading; it warns, or it asks when two cells of the
//! file contradict each other.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::ToPrimitive;

use crate::engine::Walk;
use crate::formula::{atomic_number, elements, is_oxide, principal};
use crate::mapping::{Check, CheckKind};
use crate::over::fraction;
use crate::reading::{Class, Qualifier, Reading};
use crate::statistic;
use crate::text::same_label;
use crate::unit;

pub(crate) fn run(walk: &mut Walk<'_>) {
    unknown_analytes(walk);
    unknown_units(walk);
    words_for_units(walk);
    impossible(walk);
    ratios(walk);
    let mapping = walk.mapping;
    if !mapping.checks.iter().any(|check| check.kind == CheckKind::Lines) {
        lines(walk, 0.2, false);
    }
    for check in &mapping.checks {
        match check.kind {
            CheckKind::AtomicNumber => contradiction(walk, check, |text, element| {
                let own = atomic_number(element)?;
                let Ok(stated) = text.trim().parse::<u32>() else {
                    let what = "which is no atomic number; have columns moved?";
                    return (!text.trim().is_empty())
                        .then(|| format!("the row says {:?}, {what}", text.trim()));
                };
                (stated != own).then(|| format!("{element} has atomic number {own}, the row says {stated}"))
            }),
            CheckKind::LineElement => contradiction(walk, check, |text, element| {
                let line = text.split_whitespace().next()?;
                if atomic_number(line).is_none() {
                    return Some(format!("{line:?} is no line of an element; have columns moved?"));
                }
                (line != element).then(|| format!("the line is one of {line}, not of {element}"))
            }),
            CheckKind::DetectionLimit => below_own_limit(walk, check),
            CheckKind::Sum => sums(walk, check),
            CheckKind::Lines => lines(walk, check.relative.unwrap_or(0.1), true),
            CheckKind::ElementOxide => element_oxide(walk),
            CheckKind::Repeats => repeats(walk, check),
            CheckKind::Count => count(walk, check),
            CheckKind::Expected => expected(walk, check),
            CheckKind::Statistics => statistics(walk, check),
        }
    }
}

fn number(reading: &Reading) -> Option<f64> {
    if reading.qualifier != Qualifier::Value {
        return None;
    }
    reading.value.as_deref()?.parse().ok()
}

/// The value in percent, for units that are mass fractions.
fn percent(value: f64, unit: &str) -> Option<f64> {
    Some(value * fraction(unit)?)
}

fn unknown_analytes(walk: &mut Walk<'_>) {
    let mut seen: BTreeSet<(usize, String)> = BTreeSet::new();
    for (reading, note) in walk.readings.iter().zip(&walk.notes) {
        if elements(&reading.analyte).is_none() {
            seen.insert((note.region, reading.analyte.clone()));
        }
    }
    for (region, analyte) in seen {
        let spec = &walk.mapping.regions[region].analyte;
        let told = spec.known.iter().any(|one| same_label(one, &analyte))
            || spec.alias.iter().any(|(_, to)| *to == analyte);
        if !told {
            walk.warn(format!("analyte {analyte:?} is no element or formula; it is kept as written"));
        }
    }
}

/// What stands as the unit and can be none: a word, a statistic, a factor. Perhaps cells of the row have
/// moved, or a bracket of the header says something else. What the mapping states is believed.
fn words_for_units(walk: &mut Walk<'_>) {
    let place = |one: &Reading, region: usize| (region, one.column);
    let both = walk.readings.iter().zip(&walk.notes).filter(|(one, _)| unit::known(&one.unit));
    let known: BTreeSet<(usize, u32)> = both.map(|(one, note)| place(one, note.region)).collect();
    let mapping = walk.mapping;
    let numbers = |one: &Reading| one.value.is_some() || one.limit.is_some();
    for (reading, note) in walk.readings.iter_mut().zip(&walk.notes) {
        let aliases = &mapping.regions[note.region].unit_alias;
        let told = aliases.values().any(|unit| *unit == reading.unit)
            || reading.marks.iter().any(|mark| mark == "unit from mapping")
            || reading.unit == "1";
        if reading.unit.is_empty() || told || unit::known(&reading.unit) || !numbers(reading) {
            continue;
        }
        if known.contains(&place(reading, note.region)) && reading.class != Class::Statistics {
            let question = format!("the unit {:?} is not known, while other rows have one", reading.unit);
            reading.ask(&question);
        } else if !unit::can_be(&reading.unit) && reading.class != Class::Statistics {
            let question =
                format!("{:?} stands as the unit and is none that is known; see [unit.alias]", reading.unit);
            reading.ask(&question);
        }
    }
}

fn unknown_units(walk: &mut Walk<'_>) {
    let units: BTreeSet<String> = walk.readings.iter().map(|reading| reading.unit.clone()).collect();
    for name in units {
        if !name.is_empty() && !unit::known(&name) && name != "1" {
            walk.warn(format!(
                "unit {name:?} is not known; it is kept as written ([unit.alias] can translate it)"
            ));
        }
    }
}

/// A sum of components is above 100 % in many a good analysis; `[[check]] kind = "sum"` looks at sums.
fn is_sum(reading: &Reading) -> bool {
    reading.marks.iter().any(|mark| mark == "computed") || statistic::is_sum(&reading.analyte)
}

fn impossible(walk: &mut Walk<'_>) {
    let mut found = Vec::new();
    for reading in walk.readings.iter_mut().filter(|reading| reading.class != Class::Statistics) {
        let share = number(reading).and_then(|value| percent(value, &reading.unit));
        if share.is_some_and(|share| share > 100.0) {
            found.push(format!(
                "row {}: {} {} is above 100 %",
                reading.row,
                reading.analyte,
                reading.raw.trim()
            ));
            if !is_sum(reading) {
                reading.ask("the concentration is above 100 %");
            }
        }
    }
    found.into_iter().for_each(|text| walk.warn(text));
}

/// Compares a column (kept as an attribute) or the channel with the element of the analyte.
fn contradiction(walk: &mut Walk<'_>, check: &Check, differs: impl Fn(&str, &str) -> Option<String>) {
    for reading in &mut walk.readings {
        let text = match &check.attribute {
            Some(name) => reading.attributes.get(name).cloned().unwrap_or_default(),
            None => reading.channel.clone(),
        };
        let question = principal(&reading.analyte).and_then(|element| differs(&text, element));
        if let Some(question) = question {
            let question = format!("{} contradicts itself: {question}", reading.analyte);
            reading.ask(&question);
        }
    }
}

/// `100.3 PPM` as number and unit; without a unit, that of the reading.
fn limit_of(text: &str, reading: &Reading) -> Option<f64> {
    let end = text.find(|letter: char| letter != '.' && letter != '-' && !letter.is_ascii_digit());
    let (digits, rest) = text.split_at(end.unwrap_or(text.len()));
    let unit =
        if rest.trim().is_empty() { reading.unit.clone() } else { unit::normal(rest, &BTreeMap::new()) };
    let value: f64 = digits.parse().ok()?;
    if unit == reading.unit {
        Some(value)
    } else {
        Some(percent(value, &unit)? / percent(1.0, &reading.unit)?)
    }
}

fn below_own_limit(walk: &mut Walk<'_>, check: &Check) {
    let name = check.attribute.as_deref().unwrap_or("lld");
    let mut found = Vec::new();
    for reading in &walk.readings {
        let limit = reading.attributes.get(name).and_then(|text| limit_of(text, reading));
        if let (Some(value), Some(limit)) = (number(reading), limit)
            && value < limit
        {
            found.push(format!(
                "row {}: {} {} is below its own detection limit ({name} {})",
                reading.row,
                reading.analyte,
                reading.raw.trim(),
                reading.attributes.get(name).map_or("", String::as_str)
            ));
        }
    }
    found.into_iter().for_each(|text| walk.warn(text));
}

/// Readings of one solution: the same row, or the same id in a file of one reading a row.
fn samples(walk: &Walk<'_>) -> BTreeMap<(usize, String, u32), Vec<usize>> {
    let mut groups: BTreeMap<(usize, String, u32), Vec<usize>> = BTreeMap::new();
    for (at, (reading, note)) in walk.readings.iter().zip(&walk.notes).enumerate() {
        if reading.class != Class::Statistics {
            groups.entry((note.region, reading.sample_id.clone(), reading.occurrence)).or_default().push(at);
        }
    }
    groups
}

fn sums(walk: &mut Walk<'_>, check: &Check) {
    let (least, most) = (check.min.unwrap_or(95.0), check.max.unwrap_or(105.0));
    let mut found = Vec::new();
    for ((_, id, _), members) in samples(walk) {
        let readings = members.iter().map(|at| &walk.readings[*at]);
        // the total that the instrument printed is no component; one of several lines counts once
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let counted = readings.filter(|one| match check.analytes.is_empty() {
            true => !is_sum(one),
            false => check.analytes.contains(&one.analyte),
        });
        let parts = counted.filter(|one| number(one).is_some() && one.reported);
        let sum: f64 = parts
            .filter(|one| seen.insert(one.analyte.as_str()))
            .filter_map(|one| percent(number(one)?, &one.unit))
            .sum();
        if sum < least || sum > most {
            found.push(format!("{id}: the components add up to {sum:.2} %, outside {least} to {most}"));
        }
    }
    found.into_iter().for_each(|text| walk.warn(text));
}

/// Two lines of one element far apart: each sample where the mapping asks for it, else once an analyte.
fn lines(walk: &mut Walk<'_>, allowed: f64, each: bool) {
    let mut found: Vec<(String, String, String)> = Vec::new();
    for ((region, id, _), members) in samples(walk) {
        if walk.mapping.regions[region].ranges.is_some() {
            continue;
        }
        let mut by_analyte: BTreeMap<(&str, &str), Vec<f64>> = BTreeMap::new();
        for reading in members.iter().map(|at| &walk.readings[*at]).filter(|one| one.reported) {
            let own = by_analyte.entry((&reading.analyte, &reading.unit)).or_default();
            own.extend(number(reading));
        }
        for ((analyte, _), values) in by_analyte {
            let (Some(low), Some(high)) =
                (values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max))
            else {
                continue;
            };
            if high - low > allowed * high.abs().max(low.abs()) && (each || low > 0.0) {
                found.push((analyte.to_owned(), id.clone(), format!("{low} to {high}")));
            }
        }
    }
    if each {
        let told = found.into_iter();
        let told = told.map(|(analyte, id, span)| format!("{id}: the lines of {analyte} differ: {span}"));
        return told.collect::<Vec<_>>().into_iter().for_each(|text| walk.warn(text));
    }
    let mut first: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (analyte, id, span) in found {
        first.entry(analyte).or_insert_with(|| (0, format!("{id}: {span}"))).0 += 1;
    }
    for (analyte, (count, example)) in first {
        walk.warn(format!(
            "the lines of {analyte} differ by more than {:.0} % in {count} samples, first in {example}",
            allowed * 100.0
        ));
    }
}

/// An element beside its oxides, in units of mass fraction, must have the ratio of the formula: to one of
/// them (the total is given as that oxide) or to all of them together.
fn ratios(walk: &mut Walk<'_>) {
    let mut found = Vec::new();
    for ((_, id, _), members) in samples(walk) {
        let shares: BTreeMap<&str, f64> = (members.iter().map(|at| &walk.readings[*at]))
            .filter_map(|one| Some((one.analyte.as_str(), percent(number(one)?, &one.unit)?)))
            .collect();
        let mut oxides: BTreeMap<&str, Vec<(&str, f64, f64)>> = BTreeMap::new();
        for (oxide, share) in shares.iter().filter(|(name, share)| is_oxide(name) && **share > 0.0) {
            let Some(element) = principal(oxide).filter(|element| shares.contains_key(element)) else {
                continue;
            };
            let factor = measure::chemistry::element_to_compound(element, oxide).ok();
            let Some(factor) = factor.and_then(|one| one.to_f64()) else { continue };
            oxides.entry(element).or_default().push((*oxide, *share, factor));
        }
        for (element, all) in oxides {
            let own = shares[element];
            let together: f64 = all.iter().map(|(_, share, factor)| share / factor).sum();
            let near = |content: f64| (content / own - 1.0).abs() <= 0.1;
            if near(together) || all.iter().any(|(_, share, factor)| near(share / factor)) {
                continue;
            }
            let (oxide, share, should) = all[0];
            found.push(if own > 0.0 {
                let is = share / own;
                format!(
                    "{id}: {oxide} is {is:.4} times {element}, the formula says {should:.4}; one of them may \
                     be the other, or another unit"
                )
            } else {
                format!("{id}: {oxide} is {share} %, and {element} is {own} %; one of them cannot be right")
            });
        }
    }
    found.into_iter().for_each(|text| walk.warn(text));
}

fn element_oxide(walk: &mut Walk<'_>) {
    let mut found = Vec::new();
    for ((_, id, _), members) in samples(walk) {
        let names: BTreeSet<&str> = members.iter().map(|at| walk.readings[*at].analyte.as_str()).collect();
        for oxide in names.iter().filter(|name| is_oxide(name)) {
            if let Some(element) = principal(oxide).filter(|element| names.contains(element)) {
                found.push(format!("{id}: both {element} and {oxide} are reported"));
            }
        }
    }
    found.into_iter().for_each(|text| walk.warn(text));
}

/// The reported reading stands a second time in the row; if the two differ, columns have moved.
fn repeats(walk: &mut Walk<'_>, check: &Check) {
    let Some(name) = &check.attribute else { return };
    let mine = |one: &Reading| check.analytes.is_empty() || check.analytes.contains(&one.analyte);
    let asked = walk.readings.iter_mut().filter(|one| one.reported && mine(one));
    for reading in asked.filter(|one| one.class != Class::Statistics) {
        let again = reading.attributes.get(name).cloned().unwrap_or_default();
        if again.trim() != reading.raw.trim() {
            let (raw, analyte) = (reading.raw.trim(), &reading.analyte);
            let question = format!("{analyte} is {raw:?}, but {name} of the same row is {:?}", again.trim());
            reading.ask(&question);
        }
    }
}

fn count(walk: &mut Walk<'_>, check: &Check) {
    let Some(name) = &check.attribute else { return };
    let Some(stated) = walk.file.get(name).and_then(|text| text.trim().parse::<usize>().ok()) else {
        walk.warn(format!("check count: the file has no number in attribute {name:?}"));
        return;
    };
    let found = match check.of.as_deref() {
        Some("readings") => walk.readings.len(),
        Some("rows") => walk.notes.iter().map(|note| note.row).collect::<BTreeSet<_>>().len(),
        _ => {
            let of_samples = [Class::Sample, Class::Duplicate, Class::Unknown];
            let own = walk.readings.iter().filter(|one| of_samples.contains(&one.class));
            own.map(|one| one.sample_id.as_str()).collect::<BTreeSet<_>>().len()
        }
    };
    if found != stated {
        walk.warn(format!("the file announces {stated} in {name:?}, found {found}"));
    }
}

/// Gaps: analytes that other samples have, or that the mapping lists.
fn expected(walk: &mut Walk<'_>, check: &Check) {
    let all: BTreeSet<(String, String)> = if check.analytes.is_empty() {
        walk.readings.iter().map(|one| (one.analyte.clone(), one.channel.clone())).collect()
    } else {
        check.analytes.iter().map(|analyte| (analyte.clone(), String::new())).collect()
    };
    let mut found = Vec::new();
    for ((_, id, occurrence), members) in samples(walk) {
        let has = |wanted: &(String, String)| {
            members.iter().map(|at| &walk.readings[*at]).any(|one| {
                one.analyte == wanted.0
                    && (check
                        .analytes
                        .is_empty()
                        .then_some(&wanted.1)
                        .is_none_or(|channel| *channel == one.channel))
            })
        };
        let gaps: Vec<String> = all
            .iter()
            .filter(|one| !has(one))
            .map(|(name, channel)| format!("{name} {channel}").trim().to_owned())
            .collect();
        if !gaps.is_empty() {
            let turn = if occurrence > 1 { format!(" (measurement {occurrence})") } else { String::new() };
            found.push(format!("{id}{turn}: no reading of {}", gaps.join(", ")));
        }
    }
    found.into_iter().for_each(|text| walk.warn(text));
}

/// Recomputes the footer, which shows that columns were not shifted.
fn statistics(walk: &mut Walk<'_>, check: &Check) {
    let mut columns: BTreeMap<(usize, u32), Vec<f64>> = BTreeMap::new();
    let mut found = Vec::new();
    for (reading, note) in walk.readings.iter().zip(&walk.notes) {
        let own = columns.entry((note.region, reading.column)).or_default();
        if reading.class != Class::Statistics {
            own.extend(number(reading));
            continue;
        }
        let label = check.labels.iter().find(|(label, _)| same_label(label, &reading.sample_id));
        let (Some((_, what)), Some(stated)) = (label, number(reading)) else { continue };
        let computed = match what.as_str() {
            "number" => own.len() as f64,
            "mean" => own.iter().sum::<f64>() / own.len() as f64,
            "max" => own.iter().copied().fold(f64::MIN, f64::max),
            "min" => own.iter().copied().fold(f64::MAX, f64::min),
            "range" => {
                own.iter().copied().fold(f64::MIN, f64::max) - own.iter().copied().fold(f64::MAX, f64::min)
            }
            _ => continue,
        };
        // one unit of the last printed digit
        let digits =
            reading.value.as_deref().and_then(|text| text.split_once('.')).map_or(0, |(_, tail)| tail.len());
        if (computed - stated).abs() > 1.000_001 * 10_f64.powi(-(digits as i32)) {
            found.push(format!(
                "row {}: {} of {} is stated as {stated}, the column gives {computed}",
                reading.row, reading.sample_id, reading.analyte
            ));
        }
    }
    found.into_iter().for_each(|text| walk.warn(text));
}
