//! What the laboratory does upon a fact: a run is judged when it is finished and whenever something in it
//! changes, as every run is that a bottle controlled which is found bad; what lies above range is followed
//! up, and what is measured again answers that.

use kernel::{Kind, MethodVersionId, Ref};
use store::{AnyCommand, AnyFact, Db, StoreError};

use crate::follow_up::FollowUp;
use crate::import::{ImportFinished, Outcome, ReadingDecided};
use crate::qc::{self, ControlEntered, JudgeRun};
use crate::reference::ReferenceLotVoided;
use crate::result::ResultEntered;

/// Judges the run that a fact changed, and follows up its results.
pub(crate) fn react(
    db: &mut Db,
    fact: &dyn AnyFact,
    out: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    if let Some((run, version)) = changed(fact) {
        // The run's own version says which controls it needs, whatever is in force by now.
        let version = qc::rows::version_of(db, run)?.unwrap_or(version);
        out.push(Box::new(JudgeRun { run, version }));
    }
    if let Some(voided) = fact.of::<ReferenceLotVoided>() {
        for (run, version) in qc::rows::runs_of_reference(db, voided.lot, voided.from)? {
            out.push(Box::new(JudgeRun { run, version }));
        }
    }
    if let Some(of) = measured(fact) {
        out.push(Box::new(FollowUp { of }));
    }
    Ok(())
}

/// The run that a fact changed.
fn changed(fact: &dyn AnyFact) -> Option<(Ref, MethodVersionId)> {
    if let Some(finished) = fact.of::<ImportFinished>() {
        return Some((finished.run(), finished.version));
    }
    if let Some(decided) = fact.of::<ReadingDecided>() {
        let run = match &decided.outcome {
            Outcome::Result(new) => new.run,
            Outcome::Control(new) => Some(new.run),
            _ => None,
        };
        return run.map(|run| (run, decided.version));
    }
    if let Some(entered) = fact.of::<ControlEntered>() {
        return Some((entered.new.run, entered.new.version));
    }
    let entered = fact.of::<ResultEntered>()?;
    let run = entered.new.run.filter(|run| matches!(run.kind, Kind::Worksheet | Kind::Import))?;
    Some((run, entered.new.version))
}

/// The run or result in which something was measured.
fn measured(fact: &dyn AnyFact) -> Option<Ref> {
    if let Some(finished) = fact.of::<ImportFinished>() {
        return Some(finished.run());
    }
    if let Some(decided) = fact.of::<ReadingDecided>() {
        return match &decided.outcome {
            Outcome::Result(new) => Some(new.id.into()),
            _ => None,
        };
    }
    fact.of::<ResultEntered>().map(|entered| entered.new.id.into())
}
