//! What quality does upon facts: holds and rejections follow the material, exceptions are counted, and doubt
//! about a result holds the lots that rest on it.

use facts::{Cause, Event, Notice};
use kernel::{AuthorisationId, BalanceId, EdgeRole, LotId, Ref, ResultId, SampleId};
use materials::lot::adjust::LotAdjusted;
use measure::Decimal;
use store::{AnyCommand, AnyFact, Db, StoreError};

use crate::certificate;
use crate::gate::guard::uses;
use crate::hold::because::HoldBecause;
use crate::hold::rows as holds;
use crate::hold::spread::SpreadHold;
use crate::release::case;
use crate::release::checks::Key;
use crate::release::inherit::inherit;
use crate::release::outdate::OutdateRelease;
use crate::release::rows as releases;
use crate::view_rows;

/// Commands that follow upon a fact.
type Commands = Vec<Box<dyn AnyCommand>>;

/// The commands that follow upon a fact.
pub(crate) fn react(db: &mut Db, fact: &dyn AnyFact, commands: &mut Commands) -> Result<(), StoreError> {
    spread(db, fact, commands)?;
    inherit(db, fact, commands)?;
    uses(db, fact, commands)?;
    for notice in fact.notices() {
        let cause = notice.cause();
        match notice {
            Notice::ResultsFell { results, .. } => fell(db, &results, cause, commands)?,
            Notice::ResultReleased(result) => released(db, result, cause, commands)?,
            Notice::RunJudged(run) => judged(db, run, commands)?,
            Notice::LotAdjusted(lot) => {
                let grown = fact.of::<LotAdjusted>().is_some_and(grew);
                let said = if grown { Said::Grown } else { Said::Adjusted };
                outdated(db, lot, said, cause, commands)?;
            }
            Notice::LotRejected(_, lot) => contains(db, lot, cause, commands)?,
            Notice::AuthorisationWithdrawn(of) => unauthorised(db, of, cause, commands)?,
            Notice::BalanceUnsettled(balance, _) => unsettled(db, balance, cause, commands)?,
            // The result that is measured again still stands; the new one will say.
            Notice::RetestAsked(_) => {}
        }
    }
    Ok(())
}

fn hold(lot: LotId, because: Cause) -> Box<dyn AnyCommand> {
    Box::new(HoldBecause { lot, because })
}

/// Whether an adjustment says that there is more of a lot than there was.
fn grew(of: &LotAdjusted) -> bool {
    of.moved.postings.iter().any(|line| line.masses.kg_dry > Decimal::ZERO)
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
fn contains(db: &mut Db, rejected: LotId, cause: Cause, commands: &mut Commands) -> Result<(), StoreError> {
    let mut covered = std::collections::BTreeSet::new();
    for lot in crate::recall::reached(db, rejected, true)?.into_keys() {
        let released = releases::decided(db, lot)?.is_some_and(|of| of.released);
        if !released || covered.contains(&lot) {
            continue;
        }
        let made = view_rows::closure(db, lot, view_rows::children)?;
        covered.extend(made.into_iter().map(|(lot, _)| lot));
        commands.push(hold(lot, cause));
    }
    Ok(())
}

/// A lot that was released upon a result that no longer stands is held. One doubt about several results of a
/// lot is one hold.
fn fell(db: &mut Db, results: &[ResultId], cause: Cause, commands: &mut Commands) -> Result<(), StoreError> {
    let mut held = std::collections::BTreeSet::new();
    for result in results {
        held.extend(releases::released_upon(db, *result)?);
    }
    commands.extend(held.into_iter().map(|lot| hold(lot, cause)));
    Ok(())
}

/// What is said of a lot that may be released.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// A result of it.
    OfItself,
    /// Its mass is another, and no greater.
    Adjusted,
    /// There is more of it than there was.
    Grown,
    /// A result of a composite that it is in.
    OfComposite(SampleId),
}

/// A result that is released later, of a lot or of a composite of several, may say that a lot that is
/// released does not conform.
fn released(db: &mut Db, result: ResultId, cause: Cause, commands: &mut Commands) -> Result<(), StoreError> {
    if let Some(lot) = view_rows::lot_of_result(db, result)? {
        outdated(db, lot, Said::OfItself, cause, commands)?;
    }
    for (composite, lot) in view_rows::lots_of_composite(db, result)? {
        outdated(db, lot, Said::OfComposite(composite), cause, commands)?;
    }
    Ok(())
}

/// A lot that was released is held where it does not conform by what is known now, or where there is more of
/// it than was released.
fn outdated(
    db: &mut Db,
    lot: LotId,
    said: Said,
    cause: Cause,
    commands: &mut Commands,
) -> Result<(), StoreError> {
    let Some(release) = crate::gate::released_as(db, lot)?.map(|of| of.disposition) else { return Ok(()) };
    let at = releases::decided_at(db, release)?;
    let of_part = match said {
        Said::OfComposite(composite) => case::composite_does_not_conform(db, release, composite)?,
        Said::OfItself | Said::Adjusted | Said::Grown => case::part_does_not_conform(db, release, lot)?,
    };
    // What a part of it says, it says of all; of what else became of the whole it says nothing.
    let part = lot;
    let lot = certificate::release_of(db, release)?.map_or(lot, |of| of.lot);
    let own = part == lot && !matches!(said, Said::OfComposite(_));
    let wrong = of_part || own && case::no_longer_conforms(db, release, at)?.is_some();
    for release in releases::releases_of(db, lot)? {
        let at = releases::decided_at(db, release)?;
        if of_part || own && case::no_longer_conforms(db, release, at)?.is_some() {
            commands.push(Box::new(OutdateRelease { disposition: release, lot, because: cause.record }));
        }
    }
    if wrong || said == Said::Grown {
        commands.push(hold(lot, cause));
    } else if said == Said::Adjusted && case::part_reads_otherwise(db, release, part)?.is_some() {
        commands.push(hold(part, cause));
    }
    Ok(())
}

/// A lot is held that was released upon a signature which, by what is known now, nobody was authorised to
/// give.
fn unauthorised(
    db: &mut Db,
    withdrawn: AuthorisationId,
    cause: Cause,
    commands: &mut Commands,
) -> Result<(), StoreError> {
    commands.extend(releases::released_under(db, withdrawn)?.into_iter().map(|lot| hold(lot, cause)));
    Ok(())
}

/// A lot that was released upon a result whose quality control fails afterwards is held.
fn judged(db: &mut Db, run: Ref, commands: &mut Commands) -> Result<(), StoreError> {
    for (lot, result, release) in releases::released_upon_failed(db, run)? {
        if !certificate::release_of(db, release)?.is_some_and(|of| of.leans_on(Key::Qc, result.into())) {
            commands.push(hold(lot, Cause::new(result, Event::RunJudged)));
        }
    }
    Ok(())
}

/// A lot that was released upon a metal balance that no longer stands is held, with all made from it; where
/// only lots split off a linked one were released, those are.
fn unsettled(
    db: &mut Db,
    balance: BalanceId,
    cause: Cause,
    commands: &mut Commands,
) -> Result<(), StoreError> {
    let mut open = view_rows::lots_of_balance(db, balance)?;
    let mut seen = std::collections::BTreeSet::new();
    while let Some(lot) = open.pop() {
        if !seen.insert(lot) {
            continue;
        }
        match releases::released_upon_balance(db, lot, balance)? {
            true => commands.push(hold(lot, cause)),
            false => open.extend(view_rows::pieces(db, lot)?),
        }
    }
    Ok(())
}
