//! After the last row: replicates join their readings, occurrences are numbered, ranges are decided or asked
//! about, and every row gets its final outcome.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::Lookup;
use crate::engine::{Extra, Gap, Note, Part, Walk};
use crate::mapping::{Mapping, Ranges, Region, Repeat, Start};
use crate::reading::{Account, Class, Outcome, Qualifier, Reading, Replicate};
use crate::serials;
use crate::text::short;

pub(crate) fn finish(walk: &mut Walk<'_>) {
    attach(walk);
    compute_columns(walk);
    unreported(walk);
    date_orders(walk);
    occurrences(walk);
    ranges(walk);
    serials::ask(walk);
    preferred(walk);
    if walk.readings.is_empty() {
        walk.warn(nothing(walk.mapping));
    }
}

/// What to look at when a file gave no reading at all.
fn nothing(mapping: &Mapping) -> String {
    let awaited = mapping.regions.iter().filter(|region| !matches!(region.start, Start::AtOnce));
    let names: Vec<&str> = awaited.map(|region| region.name.as_str()).collect();
    match names.is_empty() {
        true => "no row of the file gave a reading; the outcome of each row says why".to_owned(),
        false => format!("no row of the file gave a reading; look at [start] of region {}", names.join(", ")),
    }
}

/// Outcomes and sums, once every question is known.
pub(crate) fn account(walk: &mut Walk<'_>) -> Account {
    let mut asked: BTreeMap<usize, String> = BTreeMap::new();
    for (reading, note) in walk.readings.iter().zip(&walk.notes) {
        if let Some(reason) = &reading.needs_decision {
            let text = asked.entry(note.row).or_default();
            if text.is_empty() {
                text.clone_from(reason);
            }
        }
    }
    for (row, reason) in asked {
        let outcome = &mut walk.rows[row].outcome;
        if let Outcome::Reading { readings } | Outcome::Statistics { readings } = *outcome {
            *outcome = Outcome::NeedsDecision { readings, reason };
        }
    }
    let mut account = Account { readings: walk.readings.len() as u64, ..Account::default() };
    for row in &walk.rows {
        account.add(&row.outcome);
    }
    let whole =
        walk.rows.iter().filter(|row| matches!(row.outcome, Outcome::Refused { .. })).map(|row| &row.row);
    let whole: BTreeSet<&String> = whole.collect();
    account.refused_cells = walk.refusals.iter().filter(|cell| !whole.contains(&cell.row)).count() as u64;
    account
}

type Key = (usize, u32, String, String, String);

fn key(reading: &Reading, note: &Note) -> Key {
    let id = if note.group > 0 { String::new() } else { reading.sample_id.clone() };
    (note.region, note.group, id, reading.analyte.clone(), reading.channel.clone())
}

/// Replicate rows and intensities find the reading they belong to.
fn attach(walk: &mut Walk<'_>) {
    if walk.extras.is_empty() {
        return;
    }
    let extras = std::mem::take(&mut walk.extras);
    let mut index: Lookup<Key, usize> = Lookup::new();
    let mut by_name: Lookup<(String, String, String), Vec<usize>> = Lookup::new();
    for (at, (reading, note)) in walk.readings.iter().zip(&walk.notes).enumerate() {
        index.entry(key(reading, note)).or_insert(at);
        let name = (reading.sample_id.clone(), reading.analyte.clone(), reading.channel.clone());
        by_name.entry(name).or_default().push(at);
    }
    let mut waiting: BTreeMap<Key, Vec<Extra>> = BTreeMap::new();
    let mut used: Lookup<(String, String, String), usize> = Lookup::new();
    for extra in extras {
        let found = if extra.note.group > 0 {
            index.get(&key(&extra.reading, &extra.note)).copied()
        } else {
            let name = (
                extra.reading.sample_id.clone(),
                extra.reading.analyte.clone(),
                extra.reading.channel.clone(),
            );
            let turn = used.entry(name.clone()).or_default();
            *turn += 1;
            by_name.get(&name).and_then(|all| all.get(*turn - 1)).copied()
        };
        match found {
            Some(at) => add(&mut walk.readings[at], extra),
            None => waiting.entry(key(&extra.reading, &extra.note)).or_default().push(extra),
        }
    }
    for extras in waiting.into_values() {
        lonely(walk, extras);
    }
}

fn add(reading: &mut Reading, extra: Extra) {
    if let Some(reason) = &extra.reading.needs_decision {
        reading.ask(reason);
    }
    match extra.part {
        Part::Replicate => {
            let flag = extra.reading.flags.join(";");
            let value = extra.reading.value.filter(|_| extra.reading.qualifier == Qualifier::Value);
            reading.replicates.push(Replicate { raw: extra.reading.raw.trim().to_owned(), flag, value });
        }
        Part::Attribute(name) => {
            reading.attributes.insert(name, extra.reading.raw.trim().to_owned());
        }
    }
}

/// Parts without a reading: their mean is computed if the mapping says so; otherwise this is a warning.
fn lonely(walk: &mut Walk<'_>, extras: Vec<Extra>) {
    let note = extras[0].note;
    let region = &walk.mapping.regions[note.region];
    let compute = region.replicate_rows.as_ref().is_some_and(|rule| rule.compute);
    let first = extras.iter().find(|extra| extra.part == Part::Replicate).map(|extra| extra.reading.clone());
    let Some(mut reading) = first.filter(|_| compute) else {
        let one = &extras[0].reading;
        let text = format!("row {}: {} {} belongs to no reading", one.row, one.sample_id, one.analyte);
        walk.warn(text);
        return;
    };
    let all = extras.iter().filter(|extra| extra.part == Part::Replicate).map(|extra| &extra.reading);
    // the printed limit of `<0.001` is no number of a mean
    let number = |one: &Reading| one.value.clone().filter(|_| one.qualifier == Qualifier::Value);
    let values: Vec<Option<String>> = all.map(number).collect();
    let units: BTreeSet<&str> =
        extras.iter().filter(|one| one.part == Part::Replicate).map(unit_of).collect();
    let places = extras.iter().find(|extra| extra.part == Part::Replicate).map(|extra| extra.note);
    let own = |gap: &&Gap| {
        let same = |(analyte, channel): &(String, String)| {
            *analyte == reading.analyte && *channel == reading.channel
        };
        gap.region == note.region && gap.group == note.group && gap.named.as_ref().is_none_or(same)
    };
    let gap = walk.gaps.iter().find(own);
    match (units.len(), gap) {
        (0 | 1, None) => set_mean(&mut reading, &values),
        (0 | 1, Some(gap)) => {
            no_mean(&mut reading, &format!("a replicate cannot be read ({:?})", short(&gap.token)));
        }
        _ => {
            let units: Vec<&str> = units.into_iter().collect();
            no_mean(&mut reading, &format!("the replicates have the units {}", units.join(", ")));
        }
    }
    for extra in extras {
        add(&mut reading, extra);
    }
    let at = places.unwrap_or(note);
    if let Some(row) = walk.rows.get_mut(at.row) {
        row.outcome = match row.outcome {
            Outcome::Reading { readings } => Outcome::Reading { readings: readings + 1 },
            _ => Outcome::Reading { readings: 1 },
        };
    }
    let place = walk.notes.partition_point(|other| other.row <= at.row);
    walk.readings.insert(place, reading);
    walk.notes.insert(place, at);
}

/// Value = mean of replicates in decimals of 28 digits, not rounded: that happens once, when it is reported.
fn set_mean(reading: &mut Reading, values: &[Option<String>]) {
    let numbers: Option<Vec<Decimal>> = values.iter().map(|value| decimal(value.as_deref()?)).collect();
    match numbers.filter(|numbers| !numbers.is_empty()) {
        Some(numbers) => {
            let count = Decimal::from(numbers.len());
            let sum: Option<Decimal> =
                numbers.iter().try_fold(Decimal::ZERO, |sum, one| sum.checked_add(*one));
            match sum.and_then(|sum| sum.checked_div(count)) {
                Some(mean) => {
                    reading.value = Some(mean.normalize().to_string());
                    reading.qualifier = Qualifier::Value;
                    reading.raw = reading.value.clone().unwrap_or_default();
                    reading.marks.push(format!("computed: mean of {} replicates", numbers.len()));
                }
                None => reading.ask("the mean of the replicates is out of range"),
            }
        }
        None => no_mean(reading, "a replicate is no number"),
    }
}

fn no_mean(reading: &mut Reading, why: &str) {
    reading.value = None;
    reading.limit = None;
    reading.qualifier = Qualifier::Invalid;
    reading.ask(&format!("the mean cannot be computed: {why}"));
}

fn unit_of(extra: &Extra) -> &str {
    &extra.reading.unit
}

/// A row of several channels of an analyte of which the instrument reports none: its cell that says which is
/// not as the mapping knows it.
fn unreported(walk: &mut Walk<'_>) {
    let asks =
        |region: usize| walk.mapping.regions[region].values.iter().any(|one| one.reported_when.is_some());
    let mut told: Lookup<(usize, String, String), bool> = Lookup::new();
    for (reading, note) in walk.readings.iter().zip(&walk.notes).filter(|(_, note)| asks(note.region)) {
        let name = (note.row, reading.sample_id.clone(), reading.analyte.clone());
        *told.entry(name).or_default() |= reading.reported;
    }
    for (reading, note) in walk.readings.iter_mut().zip(&walk.notes) {
        let name = (note.row, reading.sample_id.clone(), reading.analyte.clone());
        if told.get(&name) == Some(&false) {
            reading.ask("the row does not say which channel of this analyte is reported");
        }
    }
}

/// The dates of the file contradict the order they were read in: every date that hangs on it is a question.
fn date_orders(walk: &mut Walk<'_>) {
    let Some(question) = walk.dates.two_orders() else { return };
    for (reading, note) in walk.readings.iter_mut().zip(&walk.notes) {
        if reading.measured_at.is_some() && walk.dates.hangs_on_order(note.row) {
            reading.ask(&question);
        }
    }
}

pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// Means of replicates that stand in columns.
fn compute_columns(walk: &mut Walk<'_>) {
    for (reading, note) in walk.readings.iter_mut().zip(&walk.notes) {
        let region = &walk.mapping.regions[note.region];
        if !region.replicates.as_ref().is_some_and(|rule| rule.compute) || reading.replicates.is_empty() {
            continue;
        }
        let values: Vec<Option<String>> = reading.replicates.iter().map(|one| one.value.clone()).collect();
        set_mean(reading, &values);
    }
}

fn occurrences(walk: &mut Walk<'_>) {
    missed_headings(walk);
    let mut counts: Lookup<(usize, String, String, String), u32> = Lookup::with_capacity(walk.readings.len());
    for (reading, note) in walk.readings.iter_mut().zip(&walk.notes) {
        let name = (note.region, reading.sample_id.clone(), reading.analyte.clone(), reading.channel.clone());
        let count = counts.entry(name).or_default();
        *count += 1;
        reading.occurrence = *count;
        let repeat = walk.mapping.regions[note.region].sample.repeat;
        if *count > 1 && reading.class == Class::Sample {
            match repeat {
                Repeat::Duplicate => reading.class = Class::Duplicate,
                Repeat::Again => reading.marks.push("repeat measurement".to_owned()),
                Repeat::Unknown => {}
            }
        }
    }
}

/// The header comes again without a heading, and so does an analyte: a second sample may stand under the name
/// of the first, because its heading was not recognised.
fn missed_headings(walk: &mut Walk<'_>) {
    if !walk.notes.iter().any(|note| note.again) {
        return;
    }
    let mut seen: Lookup<(usize, u32, u32, String, String), ()> = Lookup::new();
    for (reading, note) in walk.readings.iter_mut().zip(&walk.notes).filter(|(_, note)| note.block > 0) {
        let name = (note.region, note.block, note.group, reading.analyte.clone(), reading.channel.clone());
        if seen.insert(name, ()).is_some() && note.again {
            reading.ask(
                "the header and this analyte come again under the same heading; is a [[heading]] missing?",
            );
        }
    }
}

/// Several ranges of one analyte: the first number counts if there is only one; two numbers are a question.
fn ranges(walk: &mut Walk<'_>) {
    let mut groups: BTreeMap<(usize, String, String), Vec<usize>> = BTreeMap::new();
    for (at, (reading, note)) in walk.readings.iter().zip(&walk.notes).enumerate() {
        if walk.mapping.regions[note.region].ranges.is_some() && reading.class != Class::Statistics {
            let name = (note.region, reading.sample_id.clone(), reading.analyte.clone());
            groups.entry(name).or_default().push(at);
        }
    }
    for ((region, _, _), mut members) in groups {
        let region: &Region = &walk.mapping.regions[region];
        if let Some(rule) = &region.ranges {
            members.sort_by_key(|at| (rank(rule, &walk.readings[*at].channel), *at));
        }
        let numeric: Vec<usize> =
            members.iter().copied().filter(|at| walk.readings[*at].qualifier == Qualifier::Value).collect();
        let chosen = numeric.first().or(members.last()).copied();
        for at in &members {
            walk.readings[*at].chosen = Some(Some(*at) == chosen);
        }
        if numeric.len() > 1 {
            let said: Vec<String> = numeric
                .iter()
                .map(|at| &walk.readings[*at])
                .map(|one| format!("{} on {}", one.value.as_deref().unwrap_or(""), one.channel))
                .collect();
            let reason = format!("{} ranges give a number: {}", numeric.len(), said.join(", "));
            for at in numeric {
                walk.readings[at].chosen = None;
                walk.readings[at].ask(&reason);
            }
        } else if let Some(reason) = at_odds(&members, numeric.first().copied(), &walk.readings) {
            for at in members {
                walk.readings[at].chosen = None;
                walk.readings[at].ask(&reason);
            }
        }
    }
}

/// Ranges that cannot all be true, or of which none is plainly the one that counts.
fn at_odds(members: &[usize], number: Option<usize>, readings: &[Reading]) -> Option<String> {
    let said = |one: &Reading| format!("{} on {}", one.raw.trim(), one.channel);
    let figure = |text: Option<&String>| text.and_then(|text| decimal(text));
    let Some(number) = number else {
        let first = &readings[*members.first()?];
        let other = members.iter().map(|at| &readings[*at]).find(|one| {
            let limits = (&one.limit, &first.limit);
            one.qualifier != first.qualifier || limits.0 != limits.1 || one.unit != first.unit
        })?;
        return Some(format!("no range gives a number, and they differ: {}, {}", said(first), said(other)));
    };
    let value = &readings[number];
    let against = |one: &&Reading| {
        let limit = figure(one.limit.as_ref()).filter(|_| one.unit == value.unit);
        let (Some(limit), Some(value)) = (limit, figure(value.value.as_ref())) else { return false };
        match one.qualifier {
            Qualifier::Above => value < limit,
            Qualifier::Below => value > limit,
            _ => false,
        }
    };
    let other = members.iter().map(|at| &readings[*at]).find(against)?;
    Some(format!("two ranges contradict each other: {}, {}", said(other), said(value)))
}

fn rank(rule: &Ranges, channel: &str) -> usize {
    rule.order.iter().position(|pattern| pattern.is_match(channel)).unwrap_or(rule.order.len())
}

fn preferred(walk: &mut Walk<'_>) {
    for (reading, note) in walk.readings.iter_mut().zip(&walk.notes) {
        if let Some(channel) = walk.mapping.regions[note.region].analyte.preferred.get(&reading.analyte) {
            let word = if *channel == reading.channel { "preferred channel" } else { "other channel" };
            reading.marks.push(word.to_owned());
        }
    }
}
