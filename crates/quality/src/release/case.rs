//! Gathers a lot's case from the rows, at an instant.

use std::collections::BTreeSet;

use kernel::{DispositionId, Instant, LotId, PartyId, Ref, SampleId, SpecificationVersionId};
use materials::quantity::rounded;
use measure::{Basis, Decimal};
use serde::Serialize;
use store::{Db, StoreError};

use super::checks::chemistry::Composite;
use super::checks::history::Past;
use super::checks::{Case, Check, Concession, Key, RejectedPart, assess};
use super::rows;
use crate::hold::rows::{self as holds, Open};
use crate::judgement::{Line, Measured};
use crate::release::release_lot::LotReleased;
use crate::specification::rules::{Force, force, right_ones};
use crate::specification::{Version, rows as specifications};
use crate::view_rows;

/// A lot against the gate: what was looked at, and how each check stands.
#[derive(Debug, Clone, Serialize)]
pub struct Assessment {
    /// Everything the checks looked at.
    #[serde(skip)]
    pub case: Case,
    /// The verdict on each item.
    pub lines: Vec<Line>,
    /// The checks, in order.
    pub checks: Vec<Check>,
}

impl Assessment {
    /// The checks that stand in the way.
    pub fn failing(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.state.allows())
    }

    /// Whether the lot may go.
    pub fn allows(&self) -> bool {
        self.failing().next().is_none()
    }
}

/// All checks of a lot at an instant, against one edition; nothing when there is no such lot. Without an
/// edition the only right one is taken, if there is one.
pub fn checks(
    db: &mut Db,
    lot: LotId,
    version: Option<SpecificationVersionId>,
    customer: Option<PartyId>,
    at: Instant,
) -> Result<Option<Assessment>, StoreError> {
    let Some(mut case) = gather(db, lot, version, customer, at)? else { return Ok(None) };
    case.holds = open_holds(db, lot)?;
    let (lines, checks) = assess(&case);
    Ok(Some(Assessment { case, lines, checks }))
}

/// Everything the checks look at, but for the holds.
pub(super) fn gather(
    db: &mut Db,
    lot: LotId,
    version: Option<SpecificationVersionId>,
    customer: Option<PartyId>,
    at: Instant,
) -> Result<Option<Case>, StoreError> {
    let Some(lot) = view_rows::lot(db, lot)? else { return Ok(None) };
    let customer = customer.or(lot.shipped_to);
    let all = specifications::of_material(db, lot.material)?;
    let right = right_ones(&all, customer, at);
    let version = match version {
        Some(id) => match all.iter().find(|version| version.id == id) {
            Some(found) => Some(found.clone()),
            None => specifications::find(db, id)?,
        },
        None => sole_version(&right),
    };
    let right = right.into_iter().map(|version| version.id).collect();
    let rejected = rejected(db, lot.id)?;
    let mut composites = Vec::new();
    for (sample, code) in view_rows::composites_with_lot(db, lot.id)? {
        composites.push(Composite { code, results: rows::results_of_sample(db, sample)? });
    }
    let decided = rows::decided(db, lot.id)?.filter(|of| of.released);
    let release = match decided {
        Some(of) => crate::certificate::release_of(db, of.disposition)?,
        None => None,
    };
    let compared = release.map(|of| of.compared()).unwrap_or_default();
    let results = rows::results(db, lot.id)?;
    Ok(Some(Case {
        samples: view_rows::samples(db, lot.id)?,
        past: match results.iter().all(|of| compared.contains(&of.id)) {
            true => Past::default(),
            false => rows::past(db, lot.material, lot.id)?,
        },
        results,
        composites,
        compared,
        balances: view_rows::balances(db, lot.id)?,
        overrides: rows::overrides(db, lot.id)?,
        concessions: rows::concessions(db, lot.id)?,
        holds: Vec::new(),
        rejected,
        version,
        right,
        customer,
        lot,
        at,
    }))
}

/// The open holds on a lot and on everything it was made from, with the lot each is on.
fn open_holds(db: &mut Db, lot: LotId) -> Result<Vec<(LotId, Open)>, StoreError> {
    let mut open = Vec::new();
    let parents =
        |db: &mut Db, lot| Ok(view_rows::parents(db, lot)?.into_iter().map(|(lot, _)| lot).collect());
    let ancestors = view_rows::closure(db, lot, parents)?;
    for on in std::iter::once(lot).chain(ancestors.into_iter().map(|(lot, _)| lot)) {
        open.extend(holds::open_on(db, on)?.into_iter().map(|hold| (on, hold)));
    }
    // A hold that spread along is one hold, named where it is nearest.
    let mut seen = BTreeSet::new();
    open.retain(|(_, hold)| seen.insert(hold.hold));
    Ok(open)
}

/// Whether what a lot was released upon conforms by what is known now: a later result, a mass that was
/// adjusted or a concession that has ended may have changed a verdict or a figure. Gives the lot and the
/// items that have.
pub(crate) fn no_longer_conforms(
    db: &mut Db,
    release: DispositionId,
    at: Instant,
) -> Result<Option<(LotId, String)>, StoreError> {
    let Some(then) = crate::certificate::release_of(db, release)? else { return Ok(None) };
    let Some(lot) = view_rows::lot(db, then.lot)? else { return Ok(None) };
    let Some(version) = specifications::find(db, then.specification_version)? else { return Ok(None) };
    let results = rows::results(db, lot.id)?;
    let concessions = rows::concessions(db, lot.id)?;
    let leaned = |of: &&Concession| then.exceptions.contains(&of.id.into());
    let conceded = |line: &Line| {
        let mut all = concessions.iter().filter(leaned);
        all.any(|of| of.answers_for(line, version.id, then.customer, at))
    };
    let changed = |line: &Line| {
        let before = then.lines.iter().find(|before| before.analyte == line.analyte);
        before.is_some_and(|before| before.results == line.results && before.figure != line.figure)
    };
    let lines = crate::judgement::lines(&version.items, &results);
    let wrong: Vec<&str> = lines
        .iter()
        .filter(|line| !line.passes() && !conceded(line) || changed(line))
        .map(|line| line.analyte.as_str())
        .collect();
    Ok((!wrong.is_empty()).then(|| (lot.id, format!("{}: {}", lot.code, wrong.join(", ")))))
}

/// Whether a part that was split off a released lot has results of its own that do not conform.
pub(crate) fn part_does_not_conform(
    db: &mut Db,
    release: DispositionId,
    part: LotId,
) -> Result<bool, StoreError> {
    let Some(then) = crate::certificate::release_of(db, release)?.filter(|of| of.lot != part) else {
        return Ok(false);
    };
    let results = rows::results(db, part)?;
    do_not_conform(db, &then, &results)
}

/// What reads otherwise for a part of a released lot than its release says, because the part has another
/// moisture: figures that were brought to another basis are not its own.
pub(crate) fn part_reads_otherwise(
    db: &mut Db,
    release: DispositionId,
    part: LotId,
) -> Result<Option<String>, StoreError> {
    let Some(then) = crate::certificate::release_of(db, release)?.filter(|of| of.lot != part) else {
        return Ok(None);
    };
    let (Some(of), Some(whole)) = (view_rows::lot(db, part)?, view_rows::lot(db, then.lot)?) else {
        return Ok(None);
    };
    if of.moisture_percent == whole.moisture_percent {
        return Ok(None);
    }
    let Some(version) = specifications::find(db, then.specification_version)? else { return Ok(None) };
    // What was found of the dry mass is the part's too; as received it is so with the part's own water.
    let mut results = rows::results(db, then.lot)?;
    results.retain(|of| !of.analyte.is_moisture());
    results.iter_mut().for_each(|result| result.sample_moisture = of.moisture_percent);
    let wet: Vec<_> = version.items.into_iter().filter(|item| item.basis == Basis::AsReceived).collect();
    let lines = crate::judgement::lines(&wet, &results);
    let other = |line: &&Line| {
        let same = |before: &&Line| before.analyte == line.analyte && before.basis == line.basis;
        let before = then.lines.iter().find(same);
        before.is_some_and(|before| {
            before.results.first() == line.results.first() && before.figure != line.figure
        })
    };
    let wrong: Vec<&str> = lines.iter().filter(other).map(|line| line.analyte.as_str()).collect();
    Ok((!wrong.is_empty()).then(|| format!("{}: {}", of.code, wrong.join(", "))))
}

/// Whether a composite of samples of several lots does not conform to the edition that one of them was
/// released by: then it is in doubt of each of them which of them does not.
pub(crate) fn composite_does_not_conform(
    db: &mut Db,
    release: DispositionId,
    composite: SampleId,
) -> Result<bool, StoreError> {
    let Some(then) = crate::certificate::release_of(db, release)? else { return Ok(false) };
    let results = rows::results_of_sample(db, composite)?;
    do_not_conform(db, &then, &results)
}

/// Whether what was measured does not conform to the edition of a release, as far as it says anything.
fn do_not_conform(db: &mut Db, then: &LotReleased, results: &[Measured]) -> Result<bool, StoreError> {
    let Some(version) = specifications::find(db, then.specification_version)? else { return Ok(false) };
    let lines = crate::judgement::lines(&version.items, results);
    Ok(lines.iter().any(|line| !line.results.is_empty() && !line.passes()))
}

/// What fails a check of a lot now, against any edition in force that it may be released by; exceptions do
/// not count.
pub(super) fn failing(db: &mut Db, lot: LotId, key: Key, at: Instant) -> Result<BTreeSet<Ref>, StoreError> {
    let Some(of) = view_rows::lot(db, lot)? else { return Ok(BTreeSet::new()) };
    let all = specifications::of_material(db, of.material)?;
    let in_force = all.iter().filter(|version| force(version, at) == Force::InForce);
    let mut editions: Vec<_> = in_force.map(|version| (Some(version.id), version.party)).collect();
    if editions.is_empty() {
        editions.push((None, None));
    }
    let mut failing = BTreeSet::new();
    for (version, customer) in editions {
        let Some(found) = checks(db, lot, version, customer, at)? else { continue };
        let (_, plain) = assess(&Case { overrides: Vec::new(), ..found.case });
        let wrong = plain.into_iter().filter(|check| check.key == key && !check.state.allows());
        failing.extend(wrong.flat_map(|check| check.evidence));
    }
    Ok(failing)
}

/// The rejected material in a lot, each with its share.
fn rejected(db: &mut Db, lot: LotId) -> Result<Vec<RejectedPart>, StoreError> {
    let mut all = Vec::new();
    for (disposition, root, code, reason) in crate::gate::rows::contained_in(db, lot)? {
        let share = crate::recall::reached(db, root, false)?.get(&lot).copied();
        let percent = |share: Decimal| rounded(share * Decimal::ONE_HUNDRED, 2).normalize().to_string();
        all.push(RejectedPart { disposition, code, share_percent: share.map(percent), reason });
    }
    Ok(all)
}

/// The edition to take when none is named: the first of the right ones.
pub fn sole_version(right: &[&Version]) -> Option<Version> {
    right.first().map(|version| (*version).clone())
}
