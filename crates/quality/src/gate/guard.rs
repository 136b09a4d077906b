//! What quality does not let happen to material, and what it counts when it does by exception.

use std::collections::BTreeSet;

use kernel::{LotId, MaterialId, MoveId, PartyId};
use materials::lot::balance::{Holder, Moved};
use materials::lot::blend::LotBlended;
use materials::lot::process::LotProcessed;
use materials::lot::rework::LotReworked;
use materials::lot::ship::LotShipped;
use measure::Decimal;
use store::{AnyCommand, AnyFact, Attempt, Db, Stop, StoreError};

use super::count::CountException;
use super::rows;
use super::rules::{Door, GateRefused, Passage, Receiver, Rule, admit, rule};
use crate::release::since;
use crate::view_rows;

/// Stops the moves that the table does not allow.
pub(crate) fn guard(db: &mut Db, fact: &dyn AnyFact, attempt: Attempt<'_>) -> Result<(), Stop> {
    if let Some(reworked) = fact.of::<LotReworked>() {
        return may_rework(db, &reworked.moved);
    }
    for (passage, _) in passages(db, fact)? {
        pass(db, &passage, attempt)?;
    }
    Ok(())
}

/// After a move by exception, the exception is counted.
pub(crate) fn uses(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    for (passage, by) in passages(db, fact)? {
        if rows::allowances(db, passage.lot, passage.door)?.is_empty() {
            continue;
        }
        let Passage { lot, door, party, kg_wet, .. } = passage;
        commands.push(Box::new(CountException { lot, door, party, kg_wet: kg_wet.to_string(), by }));
    }
    Ok(())
}

/// Whether a lot passes now, and by which exception.
pub(super) fn pass(
    db: &mut Db,
    passage: &Passage,
    attempt: Attempt<'_>,
) -> Result<Option<kernel::OverrideId>, Stop> {
    let Attempt { at, actor } = attempt;
    let problems = match passage.door.leaves() {
        true => super::outside(db, passage.lot, buyer(passage), at)?,
        false => super::inside(db, passage.lot)?,
    };
    let allowances = match problems.is_empty() {
        true => Vec::new(),
        false => rows::allowances(db, passage.lot, passage.door)?,
    };
    let known = match allowances.is_empty() {
        true => BTreeSet::new(),
        false => since::known(db, passage.lot, buyer(passage), at)?,
    };
    Ok(admit(passage, &problems, &known, &allowances, actor.person(), at)?)
}

/// The customer whose edition counts.
pub(super) fn buyer(passage: &Passage) -> Option<PartyId> {
    passage.party.filter(|_| passage.receiver == Receiver::Customer)
}

/// A lot before a door, with what the table needs to know of the receiver.
pub(super) fn passage(
    db: &mut Db,
    lot: LotId,
    (door, party): (Door, Option<PartyId>),
    kg_wet: Decimal,
) -> Result<Passage, StoreError> {
    let receiver = match party {
        Some(party) => super::receiver(db, lot, party)?.unwrap_or(Receiver::Customer),
        None => Receiver::House,
    };
    let door = if door.leaves() { receiver.door() } else { door };
    let code = view_rows::lot(db, lot)?.map(|lot| lot.code).unwrap_or_default();
    Ok(Passage { lot, code, door, receiver, party, kg_wet })
}

/// The lots that a fact brings through a door. Splitting and sampling are open to all lots, whatever they
/// are.
fn passages(db: &mut Db, fact: &dyn AnyFact) -> Result<Vec<(Passage, MoveId)>, StoreError> {
    let (moved, door, to) = if let Some(of) = fact.of::<LotShipped>() {
        (&of.moved, Door::Ship, Some(of.to))
    } else if let Some(of) = fact.of::<LotBlended>() {
        (&of.moved, Door::Blend, None)
    } else if let Some(of) = fact.of::<LotProcessed>() {
        (&of.moved, door_of_process(db, &of.moved)?, None)
    } else {
        return Ok(Vec::new());
    };
    let from = match fact.of::<LotShipped>() {
        // A part that is split off and leaves is named twice in the books; it is the whole that is judged.
        Some(of) => {
            vec![(of.moved.flows.first().map_or(of.lot, |flow| flow.from), of.moved.books.taken.kg_wet)]
        }
        None => taken(moved),
    };
    let mut all = Vec::new();
    for (lot, kg_wet) in from {
        all.push((passage(db, lot, (door, to), kg_wet)?, moved.number));
    }
    Ok(all)
}

fn taken(moved: &Moved) -> Vec<(LotId, Decimal)> {
    let out = moved.postings.iter().filter(|line| line.masses.kg_wet < Decimal::ZERO);
    let of = |line: &materials::lot::balance::Posting| match line.to {
        Holder::Lot(lot) => Some((lot, -line.masses.kg_wet)),
        Holder::Sample(_) => None,
    };
    out.filter_map(of).collect()
}

/// A process leads to product unless all that comes of it is waste.
fn door_of_process(db: &mut Db, moved: &Moved) -> Result<Door, StoreError> {
    let materials: BTreeSet<MaterialId> = moved.made.iter().map(|made| made.material).collect();
    for material in materials {
        let kind = rows::material_kind(db, material)?.unwrap_or_default();
        if !matches!(kind.as_str(), "tailings" | "residue") {
            return Ok(Door::Product);
        }
    }
    Ok(Door::Process)
}

/// Everything that goes in is rejected, held or contains what is; reagents may go along. Good material beside
/// it would make a blend of it that nobody answers for.
fn may_rework(db: &mut Db, moved: &Moved) -> Result<(), Stop> {
    for (lot, _) in taken(moved) {
        let mut problems = super::inside(db, lot)?;
        problems.extend(rows::contained(db, lot)?);
        let bad = problems.iter().any(|of| rule(of.standing, Door::Rework, Receiver::House) == Rule::Open);
        if !bad && !is_reagent(db, lot)? {
            return Err(GateRefused::NothingToRework(lot).into());
        }
    }
    Ok(())
}

fn is_reagent(db: &mut Db, lot: LotId) -> Result<bool, StoreError> {
    let Some(of) = view_rows::lot(db, lot)? else { return Ok(false) };
    Ok(rows::material_kind(db, of.material)?.as_deref() == Some("reagent"))
}
