//! How results and samples stand, and what is to be done with them next, for the head of their pages.

use kernel::{Kind, Ref, ResultId, SampleId};
use site::Visit;
use store::StoreError;
use ui::Badge;
use ui::kit::record::Action;

use crate::page::{qc_badge, warnings, workflow_badge};
use crate::qc::rules::{QcStatus, roll_up as roll_up_qc};
use crate::result::list_rows::{self as list, ResultLine};
use crate::result::rules::roll_up;
use crate::result::{Validity, Workflow};

/// How far, quality control, and what a reader must see first; of a sample, of all that counts on it.
pub(crate) fn standing(visit: &mut Visit<'_>, record: Ref) -> Result<Vec<Badge>, StoreError> {
    let words = visit.words;
    match record.kind {
        Kind::Result => {
            let Some(line) = list::by_id(visit.db, ResultId(record.number))? else { return Ok(Vec::new()) };
            let mut badges = vec![workflow_badge(words, line.workflow), qc_badge(words, line.qc)];
            badges.extend(warnings(words, &line));
            Ok(badges)
        }
        Kind::Sample => {
            let results = list::of_sample(visit.db, SampleId(record.number))?;
            let counting: Vec<&ResultLine> =
                results.iter().filter(|line| line.validity == Validity::Valid).collect();
            let Some(workflow) = roll_up(&counting.iter().map(|line| line.workflow).collect::<Vec<_>>())
            else {
                return Ok(Vec::new());
            };
            let qc = roll_up_qc(&counting.iter().map(|line| line.qc).collect::<Vec<_>>());
            Ok(vec![workflow_badge(words, workflow), qc_badge(words, qc)])
        }
        _ => Ok(Vec::new()),
    }
}

/// Review, override or release of a result; entry of results of a sample.
pub(crate) fn next(visit: &mut Visit<'_>, record: Ref) -> Result<Option<Action>, StoreError> {
    let (command, href) = match record.kind {
        Kind::Sample => ("result.enter", format!("/do/result.enter?sample={record}")),
        Kind::Result => match list::by_id(visit.db, ResultId(record.number))?.and_then(|line| step(&line)) {
            Some(step) => step,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    authority::offer(visit, command, href).map(Some)
}

/// The one next act of a result and where it is done.
fn step(line: &ResultLine) -> Option<(&'static str, String)> {
    if line.validity != Validity::Valid {
        return None;
    }
    let id = line.id;
    match line.workflow {
        Workflow::Measured => Some(("result.review", format!("/do/result.review?results[0]={id}"))),
        Workflow::Reviewed if matches!(line.qc, QcStatus::Failure | QcStatus::NotTested) => {
            Some(("qc.override", format!("/do/qc.override?result={id}")))
        }
        Workflow::Reviewed => Some(("result.release", format!("/do/result.release?results[0]={id}"))),
        _ => None,
    }
}
