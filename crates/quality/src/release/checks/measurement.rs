//! What the results that a judgement rests on were measured under: control, range, calibration, signers.

use kernel::{Activity, Ref};

use super::{Case, Found};
use crate::judgement::{Measured, Qc};

pub(super) fn qc(case: &Case, used: &[&Measured]) -> Found {
    let mut found = Found::default();
    if !used.is_empty()
        && used.iter().all(|result| result.qc == Qc::NotRequired && result.reference_void.is_empty())
    {
        return found.not_asked(methods(used));
    }
    for result in used {
        // What failed is the bottle: whoever answers for a control does not answer for a bottle found bad
        // later, nor the other way round.
        for void in &result.reference_void {
            found.fail(*void, format!("{} ({void})", result.analyte));
        }
        match result.qc {
            Qc::Fine | Qc::NotRequired => found.see(result.id),
            Qc::Overridden(until) if case.at < until => found.see(result.id),
            Qc::Overridden(_) | Qc::Failure | Qc::NotTested => found.fail(result.id, &result.analyte),
        }
    }
    found
}

/// The editions of the methods of some results, each once.
fn methods(used: &[&Measured]) -> std::collections::BTreeSet<Ref> {
    used.iter().map(|result| result.method_version.into()).collect()
}

pub(super) fn range(used: &[&Measured]) -> Found {
    let mut found = Found::default();
    if !used.is_empty() && used.iter().all(|result| result.in_range.is_none() && !result.edition_void) {
        return found.not_asked(methods(used));
    }
    for result in used {
        if result.edition_void {
            found.fail(result.method_version, &result.analyte);
        }
        match result.in_range {
            Some(false) => found.fail(result.id, &result.analyte),
            Some(true) | None if result.edition_void => {}
            Some(true) | None => found.see(result.id),
        }
    }
    found
}

pub(super) fn calibration(used: &[&Measured]) -> Found {
    let mut found = Found::default();
    if !used.is_empty() && used.iter().all(|result| result.instrument.is_none()) {
        return found.not_asked(methods(used));
    }
    for result in used {
        let Some(instrument) = result.instrument else { continue };
        match result.window {
            Some(window) if window.held_at(result.tested_at) => found.see(window.calibration),
            // Outside of its window it is the calibration that is wrong; where it was found void, what was
            // measured.
            Some(window) => {
                let (at, name) = (result.tested_at, &result.analyte);
                if window.void_at(at) {
                    found.fail(result.id, format!("{name} ({})", window.calibration));
                }
                if at < window.valid_from || window.valid_until <= at {
                    found.fail(window.calibration, name);
                }
            }
            None => found.fail(instrument, &result.analyte),
        }
    }
    found.seen.sort();
    found.seen.dedup();
    found
}

pub(super) fn signers(case: &Case, used: &[&Measured]) -> Found {
    let mut found = Found::default();
    let acts = |result: &Measured| {
        [
            (Activity::Test, result.tested.clone()),
            (Activity::Check, result.reviewed.clone()),
            (Activity::Approve, result.released.clone()),
        ]
    };
    for result in used {
        for (activity, signed) in acts(result) {
            match signed {
                Some(signed) if signed.was_authorised(activity) => {
                    signed.under.iter().for_each(|cited| found.see(cited.authorisation));
                }
                Some(signed) if signed.withdrawn().is_some() => {
                    let what = format!("{} ({activity})", result.analyte);
                    signed.withdrawn().into_iter().for_each(|under| found.fail(under, &what));
                }
                Some(_) | None => found.fail(result.id, format!("{} ({activity})", result.analyte)),
            }
        }
    }
    let retest = !found.wrong.is_empty();
    for sample in case.samples.iter().filter(|sample| used.iter().any(|result| result.sample == sample.id)) {
        if let Some(under) = sample.unauthorised {
            found.fail(under, format!("{} ({})", sample.code, Activity::Sample));
        }
    }
    // No retest of a sample mends who took it: somebody answers for it, or another is taken.
    found.remedy = (!retest && !found.wrong.is_empty()).then_some("gate.override");
    found.seen.sort();
    found.seen.dedup();
    found
}
