//! Suspects, one after the other.
//!
//! While the global test rejects, the measurement with the largest test is taken out and the rest reconciled
//! again. A leak takes its place when its likelihood ratio exceeds every bias's by more than χ²(1) at 95 %:
//! then the data prefer it, and not by chance. What leaks has the composition of what enters the node. What
//! explains exactly as much is reported as a tie.
//!
//! Source: Ripps, Chem. Eng. Prog. Symp. Ser. 61 (1965) 8; Serth & Heenan, AIChE J. 32 (1986) 733; Narasimhan
//! & Mah, AIChE J. 33 (1987) 1514 (generalised likelihood ratios).

use crate::model::Model;
use crate::settle::Settled;
use crate::wrong::place;
use crate::{Blamed, Suspect};

use super::culprit::{Culprit, blamed, leaks, without};
use super::{SAME, critical};

/// χ²(1) at 95 %.
const CLEARLY: f64 = 3.841_458_820_694_124;

/// What serial elimination found.
pub(crate) struct Eliminated {
    /// In order.
    pub suspects: Vec<Suspect>,
    /// The reconciliation without them, with the model that knows their leaks.
    pub rest: Option<(Model, Settled)>,
    /// Whether more would follow.
    pub cut: bool,
    /// Without what the rest did not converge, so that nothing more can be said.
    pub stopped: Option<String>,
}

/// All suspects in order, and the reconciliation without them.
pub(crate) fn eliminate(model: &Model, whole: &Settled, confidence: f64) -> Eliminated {
    let most = if model.variables.len() > 1500 { 8 } else { 40 };
    let mut found = Eliminated { suspects: Vec::new(), rest: None, cut: false, stopped: None };
    loop {
        let (model, now) = found.rest.as_ref().map_or((model, whole), |(model, settled)| (model, settled));
        let rejects = critical::chi_squared(now.dof, confidence).is_some_and(|limit| now.objective > limit);
        if !rejects || !now.point.converged {
            return found;
        }
        if found.suspects.len() == most {
            found.cut = true;
            return found;
        }
        let Some((culprit, statistic, ties)) = pick(model, now) else { return found };
        let limit = critical::sidak(now.testable(), confidence).unwrap_or(f64::INFINITY);
        let (model, after) = without(model, now, culprit);
        if !after.point.converged {
            found.stopped = Some(match blamed(&model, culprit) {
                Blamed::Bias { stream, of } => place(&stream, &of),
                Blamed::Leak { node, .. } => format!("a leak at node `{node}`"),
            });
            return found;
        }
        let suspect = Suspect {
            rank: found.suspects.len() as u32 + 1,
            what: blamed(&model, culprit),
            statistic,
            critical: limit,
            objective_after: after.objective,
            dof_after: after.dof,
            ties: ties.into_iter().map(|culprit| blamed(&model, culprit)).collect(),
        };
        found.suspects.push(suspect);
        found.rest = Some((model, after));
    }
}

/// The culprit, its statistic (the root of the likelihood ratio), and what ties with it.
fn pick(model: &Model, now: &Settled) -> Option<(Culprit, f64, Vec<Culprit>)> {
    let biases: Vec<(Culprit, f64)> = (0..model.variables.len())
        .filter_map(|i| Some((Culprit::Measurement(i), now.measurement_test(i)?)))
        .collect();
    let leaks = leaks(model, now);
    let first = |all: &[(Culprit, f64)]| {
        let largest = all.iter().fold(0.0_f64, |most, (_, z)| most.max(*z));
        all.iter().find(|(_, z)| *z >= largest * (1.0 - SAME)).copied()
    };
    let (bias, leak) = (first(&biases), first(&leaks));
    let clearly = match (bias, leak) {
        (Some((_, b)), Some((_, l))) => l * l > b * b + CLEARLY,
        (None, Some(_)) => true,
        _ => false,
    };
    let (culprit, statistic) = if clearly { leak? } else { bias? };
    let ties = (biases.iter().chain(&leaks))
        .filter(|(other, z)| *other != culprit && (z - statistic).abs() <= SAME * statistic)
        .map(|(other, _)| *other)
        .collect();
    Some((culprit, statistic, ties))
}
