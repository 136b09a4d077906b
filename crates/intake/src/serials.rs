//! Rows whose id holds a word of statistics and a serial number: `AVG-1`, `MAX-12`, `P95`. They are samples,
//! unless their numbers are that very statistic of the rows above them.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Walk;
use crate::reading::{Class, Qualifier, Reading};
use crate::statistic::{Kind, serial_kind};
use crate::text::short;

/// How many rows above are tried one after the other as the rows that a statistic is of.
const BACK: usize = 64;

/// The values of one column so far, statistics left out.
#[derive(Default)]
struct Column {
    all: Vec<f64>,
}

/// Asks about each such row whose numbers say that it is no sample.
pub(crate) fn ask(walk: &mut Walk<'_>) {
    let kinds = kinds(&walk.readings);
    if kinds.is_empty() {
        return;
    }
    let mut columns: BTreeMap<(usize, u32), Column> = BTreeMap::new();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let (mut at, mut asked) = (0, Vec::new());
    while at < walk.readings.len() {
        let (row, id) = (walk.notes[at].row, walk.readings[at].sample_id.clone());
        let same = |other: &usize| walk.notes[*other].row == row && walk.readings[*other].sample_id == id;
        let end = (at..walk.readings.len()).find(|other| !same(other)).unwrap_or(walk.readings.len());
        let own = || (at..end).filter_map(|at| Some((column(walk, at), number(&walk.readings[at])?)));
        match kinds.get(&id) {
            _ if walk.readings[at].class == Class::Statistics => {}
            Some(kind) if is_statistic(&columns, own().collect(), *kind) || is_said_of(&id, &ids) => {
                asked.extend(at..end);
            }
            Some(_) => {}
            None => {
                for (column, (value, _)) in own() {
                    columns.entry(column).or_default().all.push(value);
                }
                ids.insert(id);
            }
        }
        at = end;
    }
    for at in asked {
        let reading = &mut walk.readings[at];
        let id = short(&reading.sample_id).into_owned();
        reading.ask(&format!(
            "{id:?} looks like a statistic of the rows above; add a [[class]] or [[skip]] rule for it"
        ));
    }
}

/// The ids in doubt. Percentiles are told from ids by the other ids: `P94`, `P95`, `P96` are samples.
fn kinds(readings: &[Reading]) -> BTreeMap<String, Kind> {
    let sample = |one: &&Reading| matches!(one.class, Class::Sample | Class::Unknown | Class::Duplicate);
    let mut ids: Vec<&str> = Vec::new();
    for reading in readings.iter().filter(sample) {
        if ids.last() != Some(&reading.sample_id.as_str()) {
            ids.push(&reading.sample_id);
        }
    }
    let alike = |id: &str| {
        let digits = id.strip_prefix(['P', 'p']).unwrap_or("");
        !digits.is_empty() && digits.bytes().all(|one| one.is_ascii_digit()) && serial_kind(id).is_none()
    };
    let numbered = ids.iter().any(|id| alike(id));
    let kinds = ids.into_iter().filter_map(|id| Some((id.to_owned(), serial_kind(id)?)));
    kinds.filter(|(_, kind)| *kind != Kind::Percentile || !numbered).collect()
}

fn column(walk: &Walk<'_>, at: usize) -> (usize, u32) {
    (walk.notes[at].region, walk.readings[at].column)
}

/// The value and half a unit of its last digit.
fn number(reading: &Reading) -> Option<(f64, f64)> {
    let text = reading.value.as_ref().filter(|_| reading.qualifier == Qualifier::Value)?;
    let decimals = match text.split_once('.') {
        Some((_, decimals)) if decimals.bytes().all(|one| one.is_ascii_digit()) => decimals.len(),
        _ => 0,
    };
    let value: f64 = text.parse().ok()?;
    let least = value.abs() * 1e-9;
    Some((value, (0.5 * 10f64.powi(-i32::try_from(decimals).unwrap_or(0))).max(least) * 1.000_001))
}

type Own = ((usize, u32), (f64, f64));

/// Whether every number of the row is this statistic of all rows above, or of the last few of them.
fn is_statistic(columns: &BTreeMap<(usize, u32), Column>, own: Vec<Own>, kind: Kind) -> bool {
    if kind == Kind::Percentile {
        return true;
    }
    let above = |column: &(usize, u32)| columns.get(column).map_or(&[][..], |column| &column.all);
    let most = own.iter().map(|(column, _)| above(column).len()).max().unwrap_or(0);
    let counts = (2..=most.min(BACK)).chain((most > BACK).then_some(most));
    counts.into_iter().any(|count| {
        own.iter().all(|(column, (value, half))| {
            let all = above(column);
            let last = &all[all.len().saturating_sub(count)..];
            last.len() > 1 && of(last, kind).is_some_and(|found| (found - value).abs() <= *half)
        })
    })
}

fn of(values: &[f64], kind: Kind) -> Option<f64> {
    let count = values.len() as f64;
    let sum: f64 = values.iter().sum();
    let mean = sum / count;
    let deviation = || (values.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    let maximum = values.iter().copied().fold(f64::MIN, f64::max);
    let minimum = values.iter().copied().fold(f64::MAX, f64::min);
    Some(match kind {
        Kind::Mean => mean,
        Kind::Maximum => maximum,
        Kind::Minimum => minimum,
        Kind::Sum => sum,
        Kind::Range => maximum - minimum,
        Kind::Deviation => deviation(),
        Kind::Relative => deviation() / mean * 100.0,
        Kind::Median => {
            let mut sorted = values.to_vec();
            sorted.sort_by(f64::total_cmp);
            let half = sorted.len() / 2;
            if sorted.len() % 2 == 1 { sorted[half] } else { (sorted[half - 1] + sorted[half]) / 2.0 }
        }
        Kind::Percentile => return None,
    })
}

/// `Mean S1`, where `S1` is a sample above.
fn is_said_of(id: &str, ids: &BTreeSet<String>) -> bool {
    let ends = id.char_indices().filter(|(_, one)| !one.is_alphanumeric());
    ends.map(|(at, one)| id[at + one.len_utf8()..].trim()).any(|tail| {
        let whole = tail.chars().any(char::is_alphabetic) && tail.chars().any(|one| one.is_ascii_digit());
        whole && ids.contains(tail)
    })
}
