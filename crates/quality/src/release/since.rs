//! What has come against a release since it was made. A release is a decision upon what was known: its
//! checks are asked again at every door, with the exceptions it leaned on and no others, so that what the
//! page of a lot says and what its doors do is one thing.

use std::collections::BTreeSet;

use kernel::{Instant, LotId, MoveId, PartyId, ResultId, SampleId};
use measure::Verdict;
use store::{Db, StoreError};

use super::case;
use super::checks::{Check, Key, assess};
use super::known::Nonconformity;
use super::release_lot::LotReleased;
use super::rows;
use crate::judgement::{Line, Measured};
use crate::specification::rules::right_ones;
use crate::specification::{Version, rows as specifications};
use crate::view_rows;

/// The checks of a release that do not hold any more. Which edition is right for a customer, and who holds
/// the lot, the gate asks by itself; of a lot that is used up the mass says nothing about what was made of
/// it.
pub(crate) fn failing(db: &mut Db, then: &LotReleased, at: Instant) -> Result<Vec<Check>, StoreError> {
    let version = Some(then.specification_version);
    let Some(mut case) = case::gather(db, then.lot, version, then.customer, at)? else {
        return Ok(Vec::new());
    };
    case.overrides.retain(|of| then.exceptions.contains(&of.id.into()));
    case.concessions.retain(|of| then.exceptions.contains(&of.id.into()));
    case.compared = then.compared();
    let gone = case.lot.state != "in-stock";
    let asked = |key: Key| match key {
        Key::Specification | Key::Holds => false,
        Key::Masses => !gone,
        _ => true,
    };
    let (_, checks) = assess(&case);
    Ok(checks.into_iter().filter(|check| asked(check.key) && !check.state.allows()).collect())
}

/// The items of which the results of the lot come to something else today than was decided upon. Of a part
/// that was split off, `before` is the move: what was sampled of the whole afterwards is not of the part.
pub(crate) fn told_otherwise(
    db: &mut Db,
    then: &LotReleased,
    before: Option<MoveId>,
) -> Result<Vec<String>, StoreError> {
    let lines = lines_now(db, then, before)?;
    let (was, is): (BTreeSet<Told<'_>>, BTreeSet<Told<'_>>) =
        (then.lines.iter().map(told).collect(), lines.iter().map(told).collect());
    let items: BTreeSet<&str> = was.symmetric_difference(&is).map(|told| told.0).collect();
    Ok(items.into_iter().map(str::to_owned).collect())
}

/// What the results of the lot say today by the edition it was released against.
pub(crate) fn lines_now(
    db: &mut Db,
    then: &LotReleased,
    before: Option<MoveId>,
) -> Result<Vec<Line>, StoreError> {
    let Some(version) = specifications::find(db, then.specification_version)? else { return Ok(Vec::new()) };
    let mut results = rows::results(db, then.lot)?;
    let of_it = |of: &Measured| before.is_none_or(|by| of.sample.number() < by.number());
    results.retain(of_it);
    Ok(crate::judgement::lines(&version.items, &results))
}

/// What a line says to a reader: item, sample, figure, uncertainty, verdict, and which results were looked
/// at.
type Told<'a> = (&'a str, Option<SampleId>, &'a str, Option<&'a str>, Option<Verdict>, BTreeSet<ResultId>);

fn told(line: &Line) -> Told<'_> {
    let looked_at = line.results.iter().chain(&line.considered).copied().collect();
    (&line.analyte, line.sample, &line.figure, line.uncertainty.as_deref(), line.verdict, looked_at)
}

/// What of a lot is known not to conform to an edition.
pub(super) fn nonconforming(
    db: &mut Db,
    lot: LotId,
    version: &Version,
) -> Result<BTreeSet<Nonconformity>, StoreError> {
    let results = rows::results(db, lot)?;
    let lines = crate::judgement::lines(&version.items, &results);
    Ok(Nonconformity::all(&lines))
}

/// What of a lot is known not to conform to the editions that are right for a customer now, or for somebody
/// where none is named.
pub(crate) fn known(
    db: &mut Db,
    lot: LotId,
    customer: Option<PartyId>,
    at: Instant,
) -> Result<BTreeSet<Nonconformity>, StoreError> {
    let Some(of) = view_rows::lot(db, lot)? else { return Ok(BTreeSet::new()) };
    let all = specifications::of_material(db, of.material)?;
    let mut editions = right_ones(&all, customer, at);
    if editions.is_empty() {
        editions.extend(&all);
    }
    let mut found = BTreeSet::new();
    for version in editions {
        found.extend(nonconforming(db, lot, version)?);
    }
    Ok(found)
}
