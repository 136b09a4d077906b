//! What quality does upon facts: holds and rejections follow the material, exceptions are counted, and doubt
//! about a result holds the lots that rest on it.

use kernel::{AuthorisationId, BalanceId, EdgeRole, LotId, ResultId};
use materials::lot::adjust::LotAdjusted;
use measure::Decimal;
use store::{AnyCommand, AnyFact, Db, Fact, StoreError};

use crate::certificate;
use crate::gate::guard::uses;
use crate::given::Words;
use crate::hold::place::HoldLot;
use crate::hold::rows as holds;
use crate::hold::spread::SpreadHold;
use crate::release::case;
use crate::release::checks::Key;
use crate::release::inherit::inherit;
use crate::release::outdate::OutdateRelease;
use crate::release::reject::LotRejected;
use crate::release::rows as releases;
use crate::view_rows;

/// The fact after which what was signed under an authorisation may not have been allowed.
const WITHDRAWN: &str = "authorisation.withdrawn";

/// The fact after which the quality control of a run may have failed.
const JUDGED: &str = "run.judged";

/// Facts after which a metal balance that was final and fresh is not.
const UNSETTLED: &[&str] = &["balance.went_stale", "balance.reopened"];

/// The commands that follow upon a fact.
pub(crate) fn react(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    spread(db, fact, commands)?;
    inherit(db, fact, commands)?;
    contains(db, fact, commands)?;
    uses(db, fact, commands)?;
    doubt(db, fact, commands)?;
    outdated(db, fact, commands)?;
    if fact.kind() == WITHDRAWN {
        unauthorised(db, fact, commands)?;
    }
    if fact.kind() == JUDGED {
        failed_control(db, fact, commands)?;
    }
    if UNSETTLED.contains(&fact.kind()) {
        unsettled(db, fact, commands)?;
    }
    Ok(())
}

/// Whatever moves material from a held lot takes the hold along.
fn spread(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    for edge in fact.edges() {
        let (Ok(via), Ok(lot)) = (LotId::try_from(edge.from), LotId::try_from(edge.to)) else { continue };
        if edge.role != EdgeRole::Material || via == lot {
            continue;
        }
        for open in holds::open_on(db, via)? {
            commands.push(Box::new(SpreadHold { hold: open.hold, via, lot }));
        }
    }
    Ok(())
}

/// A lot that was released and contains material that is rejected afterwards is held, so that whoever
/// received some of it is told; what was made of it is held with it.
fn contains(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    let Some(rejected) = fact.of::<LotRejected>() else { return Ok(()) };
    let mut covered = std::collections::BTreeSet::new();
    for lot in crate::recall::reached(db, rejected.lot, true)?.into_keys() {
        let released = releases::decided(db, lot)?.is_some_and(|of| of.released);
        if !released || covered.contains(&lot) {
            continue;
        }
        let made = view_rows::closure(db, lot, view_rows::children)?;
        covered.extend(made.into_iter().map(|(lot, _)| lot));
        if let Ok(reason) = Words::parse(&format!("{}: {}", rejected.disposition, LotRejected::KIND)) {
            commands.push(Box::new(HoldLot { lot, reason, scope: None }));
        }
    }
    Ok(())
}

/// A lot that was released upon a result that no longer stands is held.
fn doubt(db: &mut Db, fact: &dyn AnyFact, commands: &mut Vec<Box<dyn AnyCommand>>) -> Result<(), StoreError> {
    let mut held = std::collections::BTreeSet::new();
    for result in fact.doubts().into_iter().filter_map(|record| ResultId::try_from(record).ok()) {
        for lot in releases::released_upon(db, result)? {
            // One doubt about several results of a lot is one hold.
            let about = fact.subjects().first().copied().unwrap_or(result.into());
            let why = format!("{about}: {}", fact.kind());
            if held.insert(lot)
                && let Ok(reason) = Words::parse(&why)
            {
                commands.push(Box::new(HoldLot { lot, reason, scope: None }));
            }
        }
    }
    Ok(())
}

/// A lot that was released is held where a result that is released later, or a mass that is adjusted, says
/// that it does not conform, or that there is more of it than was released.
fn outdated(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    let mut lots = std::collections::BTreeSet::new();
    for result in fact.establishes().into_iter().filter_map(|record| ResultId::try_from(record).ok()) {
        lots.extend(view_rows::lot_of_result(db, result)?);
    }
    let adjusted = fact.of::<LotAdjusted>();
    lots.extend(adjusted.map(|of| of.lot));
    let grown =
        adjusted.is_some_and(|of| of.moved.postings.iter().any(|line| line.masses.kg_dry > Decimal::ZERO));
    for lot in lots {
        let Some(release) = crate::gate::released_as(db, lot)?.map(|of| of.disposition) else { continue };
        let at = releases::decided_at(db, release)?;
        let of_part = case::part_does_not_conform(db, release, lot)?;
        let wrong = of_part || case::no_longer_conforms(db, release, at)?.is_some();
        // What a part of it says, it says of all.
        let lot = certificate::release_of(db, release)?.map_or(lot, |of| of.lot);
        let about = fact.subjects().first().copied().unwrap_or(lot.into());
        for release in releases::releases_of(db, lot)? {
            let at = releases::decided_at(db, release)?;
            if of_part || case::no_longer_conforms(db, release, at)?.is_some() {
                commands.push(Box::new(OutdateRelease { disposition: release, lot, because: about }));
            }
        }
        if (wrong || grown)
            && let Ok(reason) = Words::parse(&format!("{about}: {}", fact.kind()))
        {
            commands.push(Box::new(HoldLot { lot, reason, scope: None }));
        }
    }
    Ok(())
}

/// A lot is held that was released upon a signature which, by what is known now, nobody was authorised to
/// give.
fn unauthorised(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    let subjects = fact.subjects().into_iter();
    for authorisation in subjects.filter_map(|subject| AuthorisationId::try_from(subject).ok()) {
        for lot in releases::released_under(db, authorisation)? {
            if let Ok(reason) = Words::parse(&format!("{authorisation}: {}", fact.kind())) {
                commands.push(Box::new(HoldLot { lot, reason, scope: None }));
            }
        }
    }
    Ok(())
}

/// A lot that was released upon a result whose quality control fails afterwards is held. A run is judged
/// again whenever something in it changes: a hold that is open for the same failure is not placed twice.
fn failed_control(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    for run in fact.subjects() {
        for (lot, result, release) in releases::released_upon_failed(db, run)? {
            if certificate::release_of(db, release)?.is_some_and(|of| of.leans_on(Key::Qc, result.into())) {
                continue;
            }
            let why = format!("{result}: {JUDGED}, {run}");
            let known = holds::open_on(db, lot)?.iter().any(|open| open.reason == why);
            if let (false, Ok(reason)) = (known, Words::parse(&why)) {
                commands.push(Box::new(HoldLot { lot, reason, scope: None }));
            }
        }
    }
    Ok(())
}

/// A lot that was released upon a metal balance that no longer stands is held, with all made from it; where
/// only lots split off a linked one were released, those are.
fn unsettled(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    for balance in fact.subjects().into_iter().filter_map(|subject| BalanceId::try_from(subject).ok()) {
        let Some((code, mut open)) = view_rows::lots_of_balance(db, balance)? else { continue };
        // A balance that is opened again after it went stale is one doubt, not two.
        let about = format!("{balance} {code}: ");
        let mut seen = std::collections::BTreeSet::new();
        while let Some(lot) = open.pop() {
            if !seen.insert(lot) {
                continue;
            }
            if !releases::released_upon_balance(db, lot, balance)? {
                open.extend(view_rows::pieces(db, lot)?);
                continue;
            }
            let known = holds::open_on(db, lot)?.iter().any(|hold| hold.reason.starts_with(&about));
            if let (false, Ok(reason)) = (known, Words::parse(&format!("{about}{}", fact.kind()))) {
                commands.push(Box::new(HoldLot { lot, reason, scope: None }));
            }
        }
    }
    Ok(())
}
