//! What engineering does upon facts: a balance that rests on a result, a lot, or something a result was
//! measured under that changed becomes stale.

use kernel::{AuthorisationId, BalanceId, CalibrationId, LotId, Ref, ResultId};
use store::{AnyCommand, AnyFact, Db, StoreError};

use crate::balance::mark_stale::MarkStale;
use crate::balance::rows;
use crate::view_rows;

/// Facts after which a result, or the mass of a lot, is not what it was. A corrected result is named as a
/// subject of the one that takes its place.
const DOUBTS: &[&str] = &[
    "result.invalidated",
    "result.retracted",
    "result.retest_asked",
    "result.entered",
    "calibration.voided",
    "method_version.voided",
    "reference_lot.voided",
    "authorisation.withdrawn",
    "lot.adjusted",
];

/// The commands that follow upon a fact.
pub(crate) fn react(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    if !DOUBTS.contains(&fact.kind()) {
        return Ok(());
    }
    let mut stale: Vec<(BalanceId, Ref)> = Vec::new();
    for subject in fact.subjects() {
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
    let results = match (CalibrationId::try_from(subject), AuthorisationId::try_from(subject)) {
        (Ok(calibration), _) => view_rows::under_calibration(db, calibration)?,
        (_, Ok(authorisation)) => view_rows::under_authorisation(db, authorisation)?,
        _ => return Ok(Vec::new()),
    };
    let mut all = Vec::new();
    for result in results {
        all.extend(rows::resting_on_result(db, result)?);
    }
    Ok(all)
}
