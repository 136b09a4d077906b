//! What chemistry forbids: more than the pure compound holds, elements that contradict their oxides. And what
//! a composite of several lots contradicts: where it does not conform, one of them does not.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Ref, ResultId, SampleId};
use measure::plausibility::{self, Tolerances};
use measure::{
    Analyte, Basis, Decimal, DecimalText, Formula, Places, Reported, RoundingRule, Uncertainty, round,
};

use super::{Case, Found};
use crate::judgement::{Measured, Workflow, drying};

/// A composite of samples of several lots.
#[derive(Debug, Clone)]
pub struct Composite {
    /// What its label says.
    pub code: String,
    /// Its valid results.
    pub results: Vec<Measured>,
}

/// The results of one sample on one basis.
type OfSample = BTreeMap<Analyte, Vec<(ResultId, Reported)>>;

pub(super) fn plausible(case: &Case, used: &[&Measured]) -> Found {
    let mut found = Found::default();
    let material = case.lot.formula.as_deref().map(Formula::parse);
    if let Some(Err(error)) = &material {
        found.unsure(case.lot.material, error);
    }
    let material = material.and_then(Result::ok);
    // All that the laboratory released of a sample, whether an item asks for it or not: what contradicts a
    // figure is seldom what the figure was made of.
    let sampled: BTreeSet<SampleId> = used.iter().map(|result| result.sample).collect();
    let released: Vec<&Measured> = case
        .results
        .iter()
        .filter(|result| result.workflow == Workflow::Released && sampled.contains(&result.sample))
        .collect();
    let dry: BTreeSet<SampleId> = released
        .iter()
        .filter(|result| result.reported.basis() == Basis::Dry && !result.analyte.is_moisture())
        .map(|result| result.sample)
        .collect();
    let mut groups: BTreeMap<(Ref, Basis), OfSample> = BTreeMap::new();
    for result in &released {
        let moved = dried(result, &released).filter(|_| dry.contains(&result.sample));
        let reported = moved.unwrap_or_else(|| result.reported.clone());
        let group = groups.entry((result.sample.into(), reported.basis())).or_default();
        group.entry(result.analyte.clone()).or_default().push((result.id, reported));
    }
    for ((sample, _), analytes) in groups {
        // Each replicate is looked at; comparisons between analytes use the latest of each.
        let deepest = analytes.values().map(Vec::len).max().unwrap_or_default();
        for turn in 0..deepest {
            let set: BTreeMap<Analyte, Reported> = analytes
                .iter()
                .filter_map(|(analyte, all)| {
                    let (_, of) = all.get(turn).or(all.last())?;
                    Some((analyte.clone(), of.clone()))
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
        let lines = crate::judgement::lines(case.items(), &composite.results);
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
fn concerned(warning: &plausibility::Warning, analytes: &OfSample, turn: usize) -> Vec<ResultId> {
    use plausibility::Warning as W;
    let about = |of: &Analyte| match warning {
        W::AboveCeiling { analyte, .. } | W::AboveHundred { analyte, .. } | W::BelowZero { analyte, .. } => {
            of == analyte
        }
        W::PartAboveWhole { part, whole, .. } => {
            of == whole || part.split('+').any(|name| name == of.to_string())
        }
        W::Contradiction { analyte, other, .. } => of == analyte || of == other,
        W::SumFarFromHundred { .. } => true,
    };
    let all = analytes.iter().filter(|(analyte, _)| about(analyte));
    all.filter_map(|(_, all)| all.get(turn).or(all.last()).map(|(result, _)| *result)).collect()
}

/// A content as received on the dry basis, to be held against others of its sample.
fn dried(result: &Measured, released: &[&Measured]) -> Option<Reported> {
    let factor = Some(result).filter(|of| !of.analyte.is_moisture()).and_then(|of| drying(of, released))?;
    let number = result.reported.text()?.decimal().checked_mul(factor)?;
    let text = Some(DecimalText::from_decimal(number));
    let of = &result.reported;
    let stated = of.uncertainty().and_then(|u| {
        Uncertainty::new(u.expanded().checked_mul(factor)?, u.coverage_factor(), u.unit()).ok()
    });
    Reported::new(of.qualifier(), text, of.unit(), Basis::Dry, stated).ok()
}

fn describe(warning: &plausibility::Warning) -> String {
    use plausibility::Warning as W;
    let short = |value: &Decimal| round(*value, RoundingRule::default(), Places::Decimals(2)).to_string();
    match warning {
        W::AboveCeiling { analyte, percent, ceiling_percent, material } => {
            format!("{analyte} {} % > {} % ({material})", short(percent), short(ceiling_percent))
        }
        W::AboveHundred { analyte, percent } => format!("{analyte} {} % > 100 %", short(percent)),
        W::BelowZero { analyte, percent } => format!("{analyte} {} % < 0 %", short(percent)),
        W::PartAboveWhole { part, part_percent, whole, whole_percent } => {
            format!("{part} {} % > {whole} {} %", short(part_percent), short(whole_percent))
        }
        W::Contradiction { analyte, other, expected_percent, found_percent } => {
            format!("{analyte} / {other}: {} % ≠ {} %", short(expected_percent), short(found_percent))
        }
        W::SumFarFromHundred { percent } => format!("Σ {} %", short(percent)),
    }
}
