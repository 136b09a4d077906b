//! What the laboratory does upon a fact: a run is judged when it is finished and whenever something in it
//! changes.

use kernel::{Kind, MethodVersionId, Ref};
use store::{AnyCommand, AnyFact, Db, StoreError};

use crate::import::{ImportFinished, Outcome, ReadingDecided};
use crate::qc::{ControlEntered, JudgeRun};
use crate::result::ResultEntered;

/// Judges the run that a fact changed.
pub(crate) fn react(
    _: &mut Db,
    fact: &dyn AnyFact,
    out: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    if let Some((run, version)) = changed(fact) {
        out.push(Box::new(JudgeRun { run, version }));
    }
    Ok(())
}

fn changed(fact: &dyn AnyFact) -> Option<(Ref, MethodVersionId)> {
    if let Some(finished) = fact.of::<ImportFinished>() {
        return Some((finished.import.into(), finished.version));
    }
    if let Some(decided) = fact.of::<ReadingDecided>() {
        let counts = matches!(decided.outcome, Outcome::Result(_) | Outcome::Control(_));
        return counts.then_some((decided.import.into(), decided.version));
    }
    if let Some(entered) = fact.of::<ControlEntered>() {
        return Some((entered.new.run, entered.new.version));
    }
    let entered = fact.of::<ResultEntered>()?;
    let run = entered.new.run.filter(|run| matches!(run.kind, Kind::Worksheet | Kind::Import))?;
    Some((run, entered.new.version))
}
