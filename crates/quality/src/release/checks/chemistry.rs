//! What chemistry forbids: more than the pure compound holds, elements that contradict their oxides. And what
//! a composite of several lots contradicts: where it does not conform, one of them does not.

use std::collections::BTreeMap;

use kernel::{Ref, ResultId};
use measure::plausibility::{self, Tolerances};
use measure::{Analyte, Basis, Decimal, Formula, Places, Reported, RoundingRule, round};

use super::{Case, Found};
use crate::judgement::Measured;

/// A composite of samples of several lots.
#[derive(Debug, Clone)]
pub struct Composite {
    /// What its label says.
    pub code: String,
    /// Its moisture, percent.
    pub moisture: Option<Decimal>,
    /// Its valid results.
    pub results: Vec<Measured>,
}

pub(super) fn plausible(case: &Case, used: &[&Measured]) -> Found {
    let mut found = Found::default();
    let material = case.lot.formula.as_deref().map(Formula::parse);
    if let Some(Err(error)) = &material {
        found.unsure(case.lot.material, error);
    }
    let material = material.and_then(Result::ok);
    let mut groups: BTreeMap<(Ref, Basis), BTreeMap<Analyte, Vec<&Measured>>> = BTreeMap::new();
    for result in used {
        let group = groups.entry((result.sample.into(), result.reported.basis())).or_default();
        group.entry(result.analyte.clone()).or_default().push(result);
    }
    for ((sample, _), analytes) in groups {
        // Each replicate is looked at; comparisons between analytes use the latest of each.
        let deepest = analytes.values().map(Vec::len).max().unwrap_or_default();
        for turn in 0..deepest {
            let set: BTreeMap<Analyte, Reported> = analytes
                .iter()
                .filter_map(|(analyte, all)| {
                    let of = all.get(turn).or(all.last())?;
                    Some((analyte.clone(), of.reported.clone()))
                })
                .collect();
            for warning in plausibility::check(&set, material.as_ref(), &Tolerances::default()) {
                // What is answered for is these results, and none that comes later.
                for result in concerned(&warning, &analytes, turn) {
                    found.fail(result, describe(&warning));
                }
            }
        }
        found.see(sample);
    }
    for composite in &case.composites {
        let lines = crate::judgement::lines(case.items(), &composite.results, composite.moisture);
        for line in lines.iter().filter(|line| !line.results.is_empty() && !line.passes()) {
            for result in &line.results {
                found.fail(*result, format!("{} ({})", line.said(), composite.code));
            }
        }
    }
    found.wrong.dedup();
    found
}

/// The results that a warning is about, of those that were compared in this turn.
fn concerned(
    warning: &plausibility::Warning,
    analytes: &BTreeMap<Analyte, Vec<&Measured>>,
    turn: usize,
) -> Vec<ResultId> {
    use plausibility::Warning as W;
    let about = |of: &Analyte| match warning {
        W::AboveCeiling { analyte, .. } | W::AboveHundred { analyte, .. } => of == analyte,
        W::Contradiction { analyte, other, .. } => of == analyte || of == other,
        W::SumFarFromHundred { .. } => true,
    };
    let all = analytes.iter().filter(|(analyte, _)| about(analyte));
    all.filter_map(|(_, all)| all.get(turn).or(all.last()).map(|result| result.id)).collect()
}

fn describe(warning: &plausibility::Warning) -> String {
    use plausibility::Warning as W;
    let short = |value: &Decimal| round(*value, RoundingRule::default(), Places::Decimals(2)).to_string();
    match warning {
        W::AboveCeiling { analyte, percent, ceiling_percent, material } => {
            format!("{analyte} {} % > {} % ({material})", short(percent), short(ceiling_percent))
        }
        W::AboveHundred { analyte, percent } => format!("{analyte} {} % > 100 %", short(percent)),
        W::Contradiction { analyte, other, expected_percent, found_percent } => {
            format!("{analyte} / {other}: {} % ≠ {} %", short(expected_percent), short(found_percent))
        }
        W::SumFarFromHundred { percent } => format!("Σ {} %", short(percent)),
    }
}
