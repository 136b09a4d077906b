//! The checks of the release gate. Pure: a [`Case`] holds everything they look at.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Instant, LotId, PartyId, Ref, ResultId};
use measure::{Analyte, Decimal, MassTriple, Verdict};
use serde::{Deserialize, Serialize};

pub use self::exceptions::{Concession, Override};
pub use self::rejected::RejectedPart;
use crate::hold::rows::Open;
use crate::judgement::{Line, Measured, Workflow};
use crate::specification::{Item, Version};
use crate::view_rows::{Lot, Sample};

/// The checks, in the order in which they are asked and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// The right edition of the right specification, in force.
    Specification,
    /// Every required result released, none pending.
    Results,
    /// Quality control passed or overridden.
    Qc,
    /// Editions of methods that stand, inside their validity range.
    Range,
    /// Instruments in calibration when they measured.
    Calibration,
    /// Every signer authorised when they signed.
    Signers,
    /// Masses and moisture of lot and samples consistent.
    Masses,
    /// The metal balance of its period final, fresh and closing, where the specification asks for it.
    Balance,
    /// No open hold on the lot or on what it was made from.
    Holds,
    /// Nothing in it was rejected.
    Rejected,
    /// Nothing that chemistry forbids.
    Plausibility,
    /// Nothing that released lots of the material never had.
    History,
    /// Every verdict a pass.
    Judgement,
}

impl Key {
    /// All, in order.
    pub const ALL: [Key; 13] = [
        Key::Specification,
        Key::Results,
        Key::Qc,
        Key::Range,
        Key::Calibration,
        Key::Signers,
        Key::Masses,
        Key::Balance,
        Key::Holds,
        Key::Rejected,
        Key::Plausibility,
        Key::History,
        Key::Judgement,
    ];

    /// Its word, stored and in the keys of texts.
    pub const fn word(self) -> &'static str {
        match self {
            Key::Specification => "specification",
            Key::Results => "results",
            Key::Qc => "qc",
            Key::Range => "range",
            Key::Calibration => "calibration",
            Key::Signers => "signers",
            Key::Masses => "masses",
            Key::Balance => "balance",
            Key::Holds => "holds",
            Key::Rejected => "rejected",
            Key::Plausibility => "plausibility",
            Key::History => "history",
            Key::Judgement => "judgement",
        }
    }

    /// The check with this word.
    pub fn from_word(word: &str) -> Option<Key> {
        Key::ALL.into_iter().find(|key| key.word() == word)
    }

    /// Where it comes from.
    pub const fn clause(self) -> &'static str {
        match self {
            Key::Specification | Key::Judgement => "ISO/IEC 17025:2017 7.8.6",
            Key::Results => "ISO 9001:2015 8.6",
            Key::Qc => "ISO/IEC 17025:2017 7.7.1",
            Key::Range => "ISO/IEC 17025:2017 7.2.2.3",
            Key::Calibration => "ISO/IEC 17025:2017 6.4.6",
            Key::Signers => "ISO/IEC 17025:2017 6.2.6",
            Key::Masses => "NUMBERS 8",
            Key::Balance => "AMIRA P754:2007 principle 10",
            Key::Holds => "ISO 9001:2015 8.7",
            Key::Rejected => "ISO 9001:2015 8.7.1",
            Key::Plausibility => "NUMBERS 5",
            Key::History => "ISO/IEC 17025:2017 7.7.1",
        }
    }

    /// The command that makes it pass.
    pub const fn remedy(self) -> &'static str {
        match self {
            Key::Specification => "specification.issue_version",
            Key::Results => "result.release",
            Key::Qc => "qc.override",
            Key::Range | Key::Calibration | Key::Signers | Key::Plausibility | Key::History => {
                "result.retest"
            }
            Key::Masses => "lot.adjust",
            Key::Balance => "balance.finalise",
            Key::Holds => "hold.lift",
            Key::Rejected => "gate.override",
            Key::Judgement => "lot.concede",
        }
    }

    /// Whether a second person may override it. A missing result, a wrong specification, a hold and a verdict
    /// have their own way out, which leaves its own record.
    pub const fn may_be_overridden(self) -> bool {
        !matches!(self, Key::Specification | Key::Results | Key::Holds | Key::Judgement)
    }
}

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It does not hold.
    Fail,
    /// It cannot be said.
    Undecidable,
    /// There was nothing to look at, so nothing was found to hold.
    Nothing,
    /// It does not hold, and somebody entitled answers for that.
    Overridden,
    /// Neither the specification nor the methods ask for it.
    NotAsked,
    /// It holds.
    Pass,
}

impl State {
    /// Whether a lot may go with it.
    pub const fn allows(self) -> bool {
        matches!(self, State::Pass | State::Overridden | State::NotAsked)
    }

    /// The word in the keys of texts: `gate-state-WORD`.
    pub const fn word(self) -> &'static str {
        match self {
            State::Fail => "fail",
            State::Undecidable => "undecidable",
            State::Nothing => "nothing",
            State::Overridden => "overridden",
            State::NotAsked => "not-asked",
            State::Pass => "pass",
        }
    }
}

/// One check of a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which.
    pub key: Key,
    /// How it stands.
    pub state: State,
    /// The records that were looked at; where it fails, those that fail it.
    pub evidence: Vec<Ref>,
    /// What the words need.
    pub args: BTreeMap<String, String>,
    /// What would make it pass; nothing when it does.
    pub remedy: Option<String>,
    /// The record the remedy applies to.
    pub on: Option<Ref>,
}

/// Everything the checks look at.
#[derive(Debug, Clone)]
pub struct Case {
    /// The lot.
    pub lot: Lot,
    /// The edition it is to be released against.
    pub version: Option<Version>,
    /// The editions that would be right.
    pub right: Vec<kernel::SpecificationVersionId>,
    /// For whom it is meant, if for somebody.
    pub customer: Option<PartyId>,
    /// Its samples.
    pub samples: Vec<Sample>,
    /// Its valid results.
    pub results: Vec<Measured>,
    /// What was found in composites of several lots that it is in.
    pub composites: Vec<chemistry::Composite>,
    /// What released lots of its material had.
    pub past: history::Past,
    /// The results that were compared with that when the lot was released: they are not asked about again
    /// for what other lots had since.
    pub compared: BTreeSet<ResultId>,
    /// Open holds on it and on everything it was made from, with the lot each is on.
    pub holds: Vec<(LotId, Open)>,
    /// Rejected material it contains.
    pub rejected: Vec<RejectedPart>,
    /// Metal balances it is linked to.
    pub balances: Vec<balance::LotBalance>,
    /// Overrides of its checks.
    pub overrides: Vec<Override>,
    /// Concessions for it.
    pub concessions: Vec<Concession>,
    /// The instant in question.
    pub at: Instant,
}

impl Case {
    fn items(&self) -> &[Item] {
        self.version.as_ref().map(|version| version.items.as_slice()).unwrap_or_default()
    }

    /// The concession that covers this line, if one does.
    pub fn conceded(&self, line: &Line) -> Option<&Concession> {
        let version = self.version.as_ref()?.id;
        self.concessions.iter().find(|of| of.answers_for(line, version, self.customer, self.at))
    }

    /// The override in force of a check that answers for everything that fails it.
    pub fn overridden(&self, key: Key, failing: &[Ref]) -> Option<&Override> {
        let valid = |o: &&Override| o.key == key && key.may_be_overridden() && self.at < o.valid_until;
        let knew = |o: &&Override| failing.iter().all(|record| o.covers.contains(record));
        self.overrides.iter().filter(valid).find(knew)
    }
}

/// What a check found, before overrides.
#[derive(Default)]
struct Found {
    wrong: Vec<(Ref, String)>,
    unclear: Vec<(Ref, String)>,
    seen: Vec<Ref>,
    /// Whether it was looked for and found that nobody asks for it.
    not_asked: bool,
    /// What would mend it, where that is not what mends the check else.
    remedy: Option<&'static str>,
}

impl Found {
    fn see(&mut self, record: impl Into<Ref>) {
        self.seen.push(record.into());
    }
    fn fail(&mut self, record: impl Into<Ref>, what: impl ToString) {
        self.wrong.push((record.into(), what.to_string()));
    }
    fn unsure(&mut self, record: impl Into<Ref>, what: impl ToString) {
        self.unclear.push((record.into(), what.to_string()));
    }
    /// Nothing was asked of what was seen: it does not block, and is no pass.
    fn not_asked(mut self, seen: impl IntoIterator<Item = Ref>) -> Self {
        self.seen.extend(seen);
        self.not_asked = true;
        self
    }

    /// What was found, in order of precedence. What looked at nothing found nothing.
    fn state(&self) -> State {
        match (self.wrong.is_empty(), self.unclear.is_empty(), self.not_asked, self.seen.is_empty()) {
            (false, ..) => State::Fail,
            (true, false, ..) => State::Undecidable,
            (true, true, true, _) => State::NotAsked,
            (true, true, false, true) => State::Nothing,
            (true, true, false, false) => State::Pass,
        }
    }
}

/// All checks in order, with the lines of the judgement they rest on.
pub fn assess(case: &Case) -> (Vec<Line>, Vec<Check>) {
    let lines = crate::judgement::lines(case.items(), &case.results);
    let used: Vec<&Measured> = used(case, &lines);
    let checks = Key::ALL.into_iter().map(|key| {
        let found = match key {
            Key::Specification => specification(case),
            Key::Results => results(case, &lines),
            Key::Qc => measurement::qc(case, &used),
            Key::Range => measurement::range(&used),
            Key::Calibration => measurement::calibration(&used),
            Key::Signers => measurement::signers(case, &used),
            Key::Masses => masses(case),
            Key::Balance => balance::closed(case),
            Key::Holds => holds(case),
            Key::Rejected => rejected::free(case),
            Key::Plausibility => chemistry::plausible(case, &used),
            Key::History => history::usual(case, &used),
            Key::Judgement => judgement(case, &lines),
        };
        check(case, key, found)
    });
    let checks = checks.collect();
    (lines, checks)
}

fn check(case: &Case, key: Key, found: Found) -> Check {
    let state = found.state();
    let own_remedy = found.remedy;
    let mut bad = found.wrong;
    bad.extend(found.unclear);
    let mut args = BTreeMap::from([("lot".to_owned(), case.lot.code.clone())]);
    if state.allows() || state == State::Nothing {
        let conceded = if key == Key::Judgement { concessions(case) } else { Vec::new() };
        let state = if conceded.is_empty() { state } else { State::Overridden };
        if state != State::Nothing {
            let evidence = conceded.into_iter().chain(found.seen).collect();
            return Check { key, state, evidence, args, remedy: None, on: None };
        }
        // What stands in the way is that the lot has nothing to be looked at.
        bad.push((case.lot.id.into(), case.lot.code.clone()));
    }
    let mut what: Vec<&str> = bad.iter().map(|(_, what)| what.as_str()).collect();
    what.dedup();
    args.insert("what".to_owned(), what.join("; "));
    args.insert("count".to_owned(), bad.len().to_string());
    let mut evidence: Vec<Ref> = bad.iter().map(|(record, _)| *record).collect();
    evidence.dedup();
    if let Some(found) = case.overridden(key, &evidence) {
        evidence.insert(0, found.id.into());
        return Check { key, state: State::Overridden, evidence, args, remedy: None, on: None };
    }
    if state == State::Nothing {
        let remedy = Some(Key::Results.remedy().to_owned());
        return Check { key, state, evidence, args, remedy, on: Some(case.lot.id.into()) };
    }
    let on = match key {
        _ if own_remedy.is_some() => Some(case.lot.id.into()),
        Key::Masses | Key::Judgement | Key::Rejected => Some(case.lot.id.into()),
        Key::Holds => evidence.iter().copied().find(|record| record.kind == kernel::Kind::Hold),
        _ => evidence.first().copied(),
    };
    let remedy = Some(own_remedy.unwrap_or(key.remedy()).to_owned());
    Check { key, state, evidence, args, remedy, on }
}

/// The concessions this release leans on: those that cover a line which does not pass.
fn concessions(case: &Case) -> Vec<Ref> {
    let lines = crate::judgement::lines(case.items(), &case.results);
    let mut all: Vec<Ref> = lines
        .iter()
        .filter(|line| !line.passes())
        .filter_map(|line| case.conceded(line).map(|concession| concession.id.into()))
        .collect();
    all.sort();
    all.dedup();
    all
}

fn used<'a>(case: &'a Case, lines: &[Line]) -> Vec<&'a Measured> {
    let considered: BTreeSet<ResultId> =
        lines.iter().flat_map(|line| line.considered.iter().chain(&line.results)).copied().collect();
    case.results.iter().filter(|result| considered.contains(&result.id)).collect()
}

fn specification(case: &Case) -> Found {
    let mut found = Found::default();
    match &case.version {
        None => found.fail(case.lot.material, &case.lot.material_code),
        Some(version) if version.material != case.lot.material || !case.right.contains(&version.id) => {
            found.fail(version.id, version.label());
        }
        Some(version) => found.see(version.id),
    }
    found
}

fn results(case: &Case, lines: &[Line]) -> Found {
    let mut found = Found::default();
    if case.items().is_empty() {
        found.fail(case.lot.id, &case.lot.code);
    }
    for line in lines {
        if line.required && line.considered.is_empty() && line.results.is_empty() {
            found.fail(case.lot.id, &line.analyte);
        }
        line.considered.iter().for_each(|result| found.see(*result));
    }
    for result in case.results.iter().filter(|result| result.workflow == Workflow::Pending) {
        if case.items().iter().any(|item| concerns(item, &result.analyte)) {
            found.fail(result.id, &result.analyte);
        }
    }
    found
}

/// Whether a result for this analyte could bear on the item.
fn concerns(item: &Item, analyte: &Analyte) -> bool {
    let mut wanted = item.members().unwrap_or_default();
    if let Analyte::Ratio { part, whole } = &item.analyte {
        wanted.extend([part.as_ref().clone(), whole.as_ref().clone()]);
    }
    wanted.push(item.analyte.clone());
    wanted.iter().any(|wanted| wanted == analyte || analyte.factor_to(wanted).is_ok())
}

/// A thousandth of the wet mass and a gram: what rounding of moisture to two decimals and a balance leave
/// open.
fn mass_tolerance(kg_wet: Decimal) -> Decimal {
    kg_wet * Decimal::new(1, 3) + Decimal::new(1, 3)
}

fn masses(case: &Case) -> Found {
    let mut found = Found::default();
    let lot = &case.lot;
    let mut triple = |record: Ref, what: &str, parts: [Option<Decimal>; 3], needed: bool| match parts {
        [Some(wet), Some(moisture), Some(dry)] => {
            match MassTriple::checked(wet, moisture, dry, mass_tolerance(wet)) {
                Ok(_) => found.see(record),
                Err(error) => found.fail(record, format!("{what}: {error}")),
            }
        }
        _ if needed => found.unsure(record, what),
        _ => found.see(record),
    };
    triple(lot.id.into(), &lot.code, [lot.kg_wet, lot.moisture_percent, lot.kg_dry], true);
    for sample in &case.samples {
        let parts = [sample.kg_wet, sample.moisture_percent, sample.kg_dry];
        triple(sample.id.into(), &sample.code, parts, false);
    }
    found
}

fn holds(case: &Case) -> Found {
    let mut found = Found::default();
    found.see(case.lot.id);
    for (lot, open) in &case.holds {
        let place = if *lot == case.lot.id { String::new() } else { format!("{lot}: ") };
        found.fail(open.hold, format!("{place}{}", open.why()));
    }
    found
}

fn judgement(case: &Case, lines: &[Line]) -> Found {
    let mut found = Found::default();
    let version = case.version.as_ref().map(|version| Ref::from(version.id));
    if !lines.is_empty() && lines.iter().all(|line| line.limit.is_none()) {
        return found.not_asked(version);
    }
    for line in lines.iter().filter(|line| case.conceded(line).is_none()) {
        let record = line.results.first().map_or(case.lot.id.into(), |result| Ref::from(*result));
        let words = line.said();
        match line.verdict {
            // An optional item that nobody measured says nothing for the lot either.
            _ if line.passes() && (line.results.is_empty() || line.limit.is_none()) => {}
            _ if line.passes() => found.see(record),
            Some(Verdict::Fail) => found.fail(record, words),
            _ => found.unsure(record, words),
        }
    }
    found
}

pub(crate) mod balance;
pub mod chemistry;
mod exceptions;
pub(crate) mod history;
mod measurement;
mod rejected;
#[cfg(test)]
mod tests;
