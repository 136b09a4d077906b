//! What engineering does upon facts: a balance that rests on a result, a lot, or something a result was
//! measured under that changed becomes stale.

use kernel::{AuthorisationId, BalanceId, LotId, Ref, ResultId};
use store::{AnyCommand, AnyFact, Db, StoreError};

use crate::balance::mark_stale::MarkStale;
use crate::balance::rows;
use crate::view_rows;

/// Facts after which their subjects are not what they were, though no result fell.
const UNSETTLES: &[&str] = &["result.retest_asked", "authorisation.withdrawn", "lot.adjusted"];

/// The commands that follow upon a fact.
pub(crate) fn react(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    let mut doubted = fact.doubts();
    if UNSETTLES.contains(&fact.kind()) {
        doubted.extend(fact.subjects());
    }
    let mut stale: Vec<(BalanceId, Ref)> = Vec::new();
    for subject in doubted {
        for balance in resting_on(db, subject)? {
            if !stale.iter().any(|(known, _)| *known == balance) {
                stale.push((balance, subject));
            }
        }
    }
    for (balance, because) in stale {
        commands.push(Box::new(MarkStale { balance, because, fact: fact.kind().to_owned() }));
    }
    Ok(())
}

fn resting_on(db: &mut Db, subject: Ref) -> Result<Vec<BalanceId>, StoreError> {
    if let Ok(result) = ResultId::try_from(subject) {
        return rows::resting_on_result(db, result);
    }
    if let Ok(lot) = LotId::try_from(subject) {
        return rows::resting_on_lot(db, lot);
    }
    let Ok(authorisation) = AuthorisationId::try_from(subject) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for result in view_rows::under_authorisation(db, authorisation)? {
        all.extend(rows::resting_on_result(db, result)?);
    }
    Ok(all)
}
