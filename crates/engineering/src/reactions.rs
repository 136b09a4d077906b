//! What engineering does upon facts: a balance that rests on a result, a lot, or something a result was
//! measured under that changed becomes stale.

use facts::Notice;
use kernel::BalanceId;
use store::{AnyCommand, AnyFact, Db, StoreError};

use crate::balance::outdate::OutdateBalance;
use crate::balance::rows;
use crate::view_rows;

/// The commands that follow upon a fact.
pub(crate) fn react(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    let mut known = std::collections::BTreeSet::new();
    for notice in fact.notices() {
        for balance in resting_on(db, &notice)? {
            if known.insert(balance) {
                commands.push(Box::new(OutdateBalance { balance, because: notice.cause() }));
            }
        }
    }
    Ok(())
}

/// The balances that rest on what a notice says is no more what it was.
fn resting_on(db: &mut Db, notice: &Notice) -> Result<Vec<BalanceId>, StoreError> {
    let results = match notice {
        Notice::ResultsFell { results, .. } => results.clone(),
        Notice::RetestAsked(result) => vec![*result],
        Notice::AuthorisationWithdrawn(of) => view_rows::under_authorisation(db, *of)?,
        Notice::LotAdjusted(lot) => return rows::resting_on_lot(db, *lot),
        _ => return Ok(Vec::new()),
    };
    let mut all = Vec::new();
    for result in results {
        all.extend(rows::resting_on_result(db, result)?);
    }
    Ok(all)
}
