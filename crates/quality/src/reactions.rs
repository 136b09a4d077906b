//! What quality does upon facts: holds follow the material, and doubt about a result holds the lots that rest
//! on it.

use kernel::{EdgeRole, LotId, ResultId};
use store::{AnyCommand, AnyFact, Db, StoreError};

use crate::given::Words;
use crate::hold::place::HoldLot;
use crate::hold::rows as holds;
use crate::hold::spread::SpreadHold;
use crate::release::rows as releases;

/// Facts after which a result that was good is not.
const DOUBTS: &[&str] = &["result.invalidated", "result.retracted"];

/// The fact after which the quality control of a run may have failed.
const JUDGED: &str = "run.judged";

/// The commands that follow upon a fact.
pub(crate) fn react(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    spread(db, fact, commands)?;
    if DOUBTS.contains(&fact.kind()) {
        doubt(db, fact, commands)?;
    }
    if fact.kind() == JUDGED {
        failed_control(db, fact, commands)?;
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

/// A lot that was released upon a result that no longer stands is held.
fn doubt(db: &mut Db, fact: &dyn AnyFact, commands: &mut Vec<Box<dyn AnyCommand>>) -> Result<(), StoreError> {
    for result in fact.subjects().into_iter().filter_map(|subject| ResultId::try_from(subject).ok()) {
        for lot in releases::released_upon(db, result)? {
            let why = format!("{result}: {}", fact.kind());
            if let Ok(reason) = Words::parse(&why) {
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
        for (lot, result) in releases::released_upon_failed(db, run)? {
            let why = format!("{result}: {JUDGED}, {run}");
            let known = holds::open_on(db, lot)?.iter().any(|open| open.reason == why);
            if let (false, Ok(reason)) = (known, Words::parse(&why)) {
                commands.push(Box::new(HoldLot { lot, reason, scope: None }));
            }
        }
    }
    Ok(())
}
