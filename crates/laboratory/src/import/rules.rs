//! What becomes of a reading. Pure: from the reading, the method version, the samples and results there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use kernel::chronology::Moment;
use kernel::{Instant, Numbers, QcEventId, Ref, ResultId};
use measure::{Basis, Decimal, DecimalText, Qualifier};
use serde::{Deserialize, Serialize};

pub use super::scope::Scope;
use super::times::{self, moment};
use crate::instrument::rules::in_force;
use crate::method::{AnalyteSpec, MethodVersion};
use crate::qc::NewControl;
use crate::qc::rules::{
    ControlKind, Found, in_date, judge_blank, judge_duplicate, judge_reference, with_chart,
};
use crate::reference::rows::ReferenceLot;
use crate::result::rows::{Sample, Taken};
use crate::result::value::{Measured, Settled, Unsettled, kept as basis_of, settle};
use crate::result::{NewResult, Workflow, before_judgement};

/// A reading as the file has it. Nothing of it is ever changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RawReading {
    /// Its place among the readings of the file, from 1.
    pub position: u64,
    /// Row of the file: `12`, or `Sheet!12`.
    pub place: String,
    /// Column, from 1.
    pub column: u32,
    /// The sample id.
    pub sample_id: String,
    /// What kind of row: sample, blank, control, …
    pub class: String,
    /// The analyte as the file names it.
    pub analyte: String,
    /// Line, mass or range.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// The cell, exactly.
    pub raw: String,
    /// What the cell says.
    #[schema(value_type = String)]
    pub qualifier: Qualifier,
    /// The number or the printed limit, digits as printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Its unit after aliases.
    pub unit: String,
    /// Its basis.
    #[schema(value_type = String)]
    pub basis: Basis,
    /// When it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// Whether the file gives the day alone, which then begins at that instant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub day_only: bool,
    /// Its position on the rack of the import's worksheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rack: Option<u32>,
    /// What the reader of the file asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<String>,
    /// Why the instrument itself does not report it: `ancillary`, `another-range`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<String>,
    /// Everything else the row says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, String>,
}

/// What became of a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Outcome {
    /// A result.
    Result(Box<NewResult>),
    /// A judged control.
    Control(Box<NewControl>),
    /// It waits for a decision: the question, and what it is about.
    Asks(String, String),
    /// Nothing can be made of it: why, and the token.
    Refused(String, String),
    /// It stays as a reading: why.
    Kept(String),
    /// A person decided that it counts for nothing.
    Ignored(String),
}

impl Outcome {
    /// The word it is stored under.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Result(_) => "result",
            Outcome::Control(_) => "control",
            Outcome::Asks(..) => "asks",
            Outcome::Refused(..) => "refused",
            Outcome::Kept(_) => "kept",
            Outcome::Ignored(_) => "ignored",
        }
    }

    /// Why, for those that became nothing: `code` or `code: what it is about`.
    pub fn why(&self) -> Option<String> {
        match self {
            Outcome::Result(_) | Outcome::Control(_) => None,
            Outcome::Asks(code, what) | Outcome::Refused(code, what) => Some(format!("{code}: {what}")),
            Outcome::Kept(code) | Outcome::Ignored(code) => Some(code.clone()),
        }
    }

    /// The record it became.
    pub fn became(&self) -> Option<Ref> {
        match self {
            Outcome::Result(new) => Some(new.id.into()),
            Outcome::Control(new) => Some(new.id.into()),
            _ => None,
        }
    }
}

/// What a person decided about a reading that asked.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The row is of this class, whatever the mapping said.
    pub class: Option<&'static str>,
    /// It is this sample.
    pub(crate) sample: Option<Sample>,
    /// It is this reference material.
    pub reference: Option<ReferenceLot>,
    /// Where there is a result already, both stay.
    pub beside: bool,
    /// Where there is a result already, this one takes its place.
    pub instead: bool,
    /// The question of the file's reader is settled.
    pub sound: bool,
    /// It was measured then, whatever the file says.
    pub measured_at: Option<Instant>,
    /// The instrument's clock showed the time of this zone.
    pub zone: Option<TimeZone>,
}

fn kept(why: &str) -> Outcome {
    Outcome::Kept(why.to_owned())
}

fn asks(code: &str, what: impl Into<String>) -> Outcome {
    Outcome::Asks(code.to_owned(), what.into())
}

fn refused(code: &str, what: impl Into<String>) -> Outcome {
    Outcome::Refused(code.to_owned(), what.into())
}

/// What becomes of a reading, with what a person answered, if anybody was asked.
pub fn outcome(scope: &mut Scope, raw: &RawReading, answer: &Answer, numbers: &mut dyn Numbers) -> Outcome {
    let role = scope.place(raw).map(|place| place.kind.class());
    let class = answer.class.or(role).unwrap_or(&raw.class);
    if let "statistics" | "skip" = class {
        return kept("statistics");
    }
    if let (Some(aside), None) = (&raw.aside, answer.class) {
        return kept(aside);
    }
    let measured = moment(scope, raw, answer);
    let at = measured.from;
    let edition = scope.edition(at);
    let version = edition.clone().unwrap_or_else(|| Arc::clone(&scope.version));
    let Some(spec) = version.named(&raw.analyte) else {
        return refused("analyte-not-in-method", format!("{}, {}", raw.analyte, scope.version.code));
    };
    if spec.channel.as_ref().is_some_and(|channel| *channel != raw.channel) {
        return kept("another-channel");
    }
    if let (Some(question), false) = (&raw.asks, answer.sound) {
        return asks("instrument", question);
    }
    let off = scope.rack.is_some() && raw.rack.is_none() && class != "standard";
    if off && !answer.sound {
        return asks("not-on-worksheet", &raw.sample_id);
    }
    let counts = raw.qualifier.is_measured() && matches!(class, "sample" | "blank" | "control" | "duplicate");
    if let (true, Some(asks)) = (counts, times::contradicts(scope, measured, edition.is_some())) {
        return asks;
    }
    let looked = Looked { raw, answer, version: &version, spec, measured, at };
    let outcome = match class {
        "sample" => sample_outcome(scope, &looked, numbers),
        "blank" => control(scope, &looked, numbers, Against::Nothing),
        "control" => reference_outcome(scope, &looked, numbers),
        "duplicate" => duplicate_outcome(scope, &looked, numbers),
        "standard" => kept("calibration-standard"),
        _ => asks("unknown-class", &raw.sample_id),
    };
    if let Outcome::Control(new) = &outcome {
        scope.charts.add(new, spec.unit);
    }
    outcome
}

/// A reading with what it is looked at by.
struct Looked<'a> {
    raw: &'a RawReading,
    answer: &'a Answer,
    version: &'a MethodVersion,
    spec: &'a AnalyteSpec,
    measured: Moment,
    at: Instant,
}

fn measured<'a>(raw: &'a RawReading, moisture_percent: Option<Decimal>) -> Measured<'a> {
    Measured {
        qualifier: raw.qualifier,
        number: raw.value.as_deref(),
        unit: &raw.unit,
        basis: raw.basis,
        moisture_percent,
    }
}

fn unsettled(raw: &RawReading, why: &Unsettled) -> Outcome {
    match why {
        Unsettled::NoNumber(Qualifier::Missing) => kept("missing"),
        Unsettled::NoNumber(Qualifier::NotAnalysed) => kept("not-analysed"),
        Unsettled::NoNumber(_) => refused("no-number", &raw.raw),
        Unsettled::Unit { from, to } => refused("unit-not-convertible", format!("{from}, {to}")),
        Unsettled::Basis { from, to } => refused("basis-not-convertible", format!("{from}, {to}")),
        Unsettled::Number(why) => refused("no-number", why),
    }
}

fn sample_outcome(scope: &mut Scope, looked: &Looked<'_>, numbers: &mut dyn Numbers) -> Outcome {
    let Looked { raw, answer, spec, .. } = *looked;
    let known = scope.sample(raw, answer, &raw.sample_id);
    let Some(sample) = known else { return asks("unknown-sample", &raw.sample_id) };
    let (run, position) = scope.run(raw);
    let (settled, workflow) = match settle(spec, &measured(raw, sample.moisture_percent)) {
        Ok(settled) => (settled, Workflow::Measured),
        Err(Unsettled::NoNumber(Qualifier::InsufficientSample)) => {
            (absent(raw), Workflow::InsufficientSample)
        }
        Err(Unsettled::NoNumber(Qualifier::ListedNotReceived)) => (absent(raw), Workflow::ListedNotReceived),
        Err(why) => return unsettled(raw, &why),
    };
    let contradicts = times::before_sample(scope, &sample, looked.measured, answer.sound);
    if let (Workflow::Measured, Some(asks)) = (workflow, contradicts) {
        return asks;
    }
    let authorisation = scope.authorisation_at(raw, answer, looked.at);
    let all = scope.taken.entry(sample.id.number()).or_default();
    let same = || all.iter().filter(|one| one.analyte == spec.analyte);
    let assigned = same().find(|one| one.assigned).map(|one| one.id);
    let before = same().rfind(|one| !one.assigned);
    if let (None, Some(before), false, false) = (assigned, before, answer.beside, answer.instead) {
        let value = before.value.as_deref().unwrap_or(before.qualifier.as_str());
        return asks(
            "repeated",
            format!("{} {value}, {}", before.id, settled.value.as_deref().unwrap_or_default()),
        );
    }
    let replaces = assigned.or(before.filter(|_| answer.instead).map(|before| before.id));
    let tested_at = looked.at;
    let new = NewResult {
        id: ResultId::next(numbers),
        sample: sample.id,
        lot: sample.lot,
        method: looked.version.method,
        version: looked.version.id,
        analyte: spec.analyte.clone(),
        unit: spec.unit.symbol().to_owned(),
        basis: basis_of(spec, raw.basis).as_str().to_owned(),
        settled,
        run: Some(run),
        position,
        instrument: scope.instrument,
        calibration: in_force(&scope.calibrations, tested_at),
        workflow,
        qc: before_judgement(spec),
        replicate: 1 + same().filter(|one| !one.assigned).count() as u32,
        replaces,
        changed: answer.instead,
        why: None,
        tested_by: scope.person,
        tested_at,
        authorisation,
    };
    all.retain(|one| Some(one.id) != replaces);
    all.push(Taken {
        id: new.id,
        analyte: new.analyte.clone(),
        qualifier: new.settled.qualifier,
        value: new.settled.value.clone(),
        assigned: false,
        run: Some(run.number),
        replicate: new.replicate,
        position,
    });
    Outcome::Result(Box::new(new))
}

fn absent(raw: &RawReading) -> Settled {
    Settled {
        qualifier: raw.qualifier,
        value: None,
        digits: None,
        uncertainty: None,
        coverage: None,
        lod: None,
        loq: None,
        in_range: None,
        below_lod: false,
    }
}

enum Against<'a> {
    Nothing,
    Reference(&'a ReferenceLot),
    First(&'a Taken),
}

fn reference_outcome(scope: &Scope, looked: &Looked<'_>, numbers: &mut dyn Numbers) -> Outcome {
    let Looked { raw, answer, .. } = *looked;
    let code = scope.place(raw).and_then(|place| place.code.as_deref()).unwrap_or(&raw.sample_id);
    let known = answer.reference.as_ref().or_else(|| scope.references.get(&code.to_lowercase()));
    match known {
        Some(lot) => control(scope, looked, numbers, Against::Reference(lot)),
        None => asks("unknown-reference", &raw.sample_id),
    }
}

fn duplicate_outcome(scope: &Scope, looked: &Looked<'_>, numbers: &mut dyn Numbers) -> Outcome {
    let Looked { raw, answer, spec, .. } = *looked;
    let plain = repeated_id(&raw.sample_id);
    let Some(sample) = scope.sample(raw, answer, plain) else { return asks("unknown-sample", plain) };
    if let Some(asks) = times::before_sample(scope, &sample, looked.measured, answer.sound) {
        return asks;
    }
    let (run, _) = scope.run(raw);
    let all = scope.taken.get(&sample.id.number()).map(Vec::as_slice).unwrap_or_default();
    let same = |one: &&Taken| one.analyte == spec.analyte && !one.assigned;
    let here = all.iter().filter(same).rfind(|one| one.run == Some(run.number));
    match here.or(all.iter().rfind(same)) {
        Some(first) => control(scope, looked, numbers, Against::First(first)),
        None => asks("no-original", plain),
    }
}

/// The sample id that a duplicate repeats: without an ending such as ` DUP`, `-D2` or `_duplicate`.
pub fn repeated_id(id: &str) -> &str {
    let trimmed = id.trim().trim_end_matches(|c: char| c.is_ascii_digit());
    let lower = trimmed.to_ascii_lowercase();
    for ending in ["duplicate", "dup", "d", "平行", "平行样"] {
        if let Some(start) = lower.strip_suffix(ending) {
            let before = start.trim_end_matches([' ', '-', '_', '.', '/', '*']);
            if before.len() < start.len() && !before.is_empty() {
                return &id.trim()[..before.len()];
            }
        }
    }
    id.trim()
}

fn number(settled: &Settled) -> Option<Decimal> {
    settled.value.as_deref().and_then(|text| DecimalText::parse(text).ok()).map(|text| text.decimal())
}

fn control(scope: &Scope, looked: &Looked<'_>, numbers: &mut dyn Numbers, against: Against<'_>) -> Outcome {
    let Looked { raw, spec, at, .. } = *looked;
    // What it is held against is on the method's basis.
    let (from, to) = (basis_of(spec, raw.basis), spec.basis);
    if from != to && to != Basis::NotStated {
        return unsettled(raw, &Unsettled::Basis { from, to });
    }
    let settled = match settle(spec, &measured(raw, None)) {
        Ok(settled) => settled,
        Err(why) => return unsettled(raw, &why),
    };
    let found = Found { qualifier: settled.qualifier, number: number(&settled) };
    let (kind, judged) = match &against {
        Against::Nothing => (ControlKind::Blank, judge_blank(spec, found)),
        Against::Reference(lot) => {
            let Some(certified) = lot.values.iter().find(|value| value.analyte == spec.analyte) else {
                return kept("not-certified");
            };
            let limits = scope.charts.limits(lot.id, &spec.analyte, spec.unit, at);
            let judged = with_chart(judge_reference(spec, certified, found), found, limits);
            (ControlKind::Reference, in_date(judged, crate::times::day_in(at, &scope.zone), lot.expires))
        }
        Against::First(first) => {
            let read = |text: &String| DecimalText::parse(text).ok().map(|text| text.decimal());
            let before = Found { qualifier: first.qualifier, number: first.value.as_ref().and_then(read) };
            (ControlKind::Duplicate, judge_duplicate(spec, before, found))
        }
    };
    let text = |number: Option<Decimal>| number.map(|number| number.normalize().to_string());
    let (reference_lot, first) = match against {
        Against::Nothing => (None, None),
        Against::Reference(lot) => (Some(lot.id), None),
        Against::First(first) => (None, Some(first.id)),
    };
    let (run, position) = scope.run(raw);
    Outcome::Control(Box::new(NewControl {
        id: QcEventId::next(numbers),
        run,
        position,
        kind,
        analyte: spec.analyte.clone(),
        version: looked.version.id,
        reference_lot,
        against: first,
        measured: raw.raw.clone(),
        value: settled.value.filter(|_| settled.qualifier == Qualifier::Value),
        target: text(judged.target),
        tolerance: text(judged.tolerance),
        unit: spec.unit.symbol().to_owned(),
        rule: judged.rule.to_owned(),
        verdict: judged.verdict,
        measured_at: at,
    }))
}

#[cfg(test)]
mod tests {
    use super::repeated_id;

    #[test]
    fn duplicates_find_the_id_they_repeat() {
        for (id, expected) in [
            ("S-12 DUP", "S-12"),
            ("S-12-D", "S-12"),
            ("S-12_dup2", "S-12"),
            ("S-12 duplicate", "S-12"),
            ("LEAD", "LEAD"),
            ("D", "D"),
            ("S-12", "S-12"),
        ] {
            assert_eq!(repeated_id(id), expected, "{id}");
        }
    }
}
