//! Suspects, one after the other.
//!
//! While the global test rejects, the measurement with the largest test is taken out and the rest reconciled
//! again. A leak takes its place when its likelihood ratio exceeds every bias's by more than χ²(1) at 95 %:
//! then the data prefer it, and not by chance. What explains exactly as much is reported as a tie.
//!
//! Source: Ripps, Chem. Eng. Prog. Symp. Ser. 61 (1965) 8; Serth & Heenan, AIChE J. 32 (1986) 733; Narasimhan
//! & Mah, AIChE J. 33 (1987) 1514 (generalised likelihood ratios).

use crate::model::{Model, Statement, What};
use crate::settle::Settled;
use crate::{Blamed, Suspect};

use super::critical;

/// χ²(1) at 95 %.
const CLEARLY: f64 = 3.841_458_820_694_124;
/// Statistics that differ by less, relatively, are the same.
const SAME: f64 = 1e-6;

#[derive(Clone, Copy, PartialEq)]
enum Culprit {
    Measurement(usize),
    Row(usize),
}

/// All suspects in order, and the reconciliation without them.
pub(crate) fn eliminate(
    model: &Model,
    whole: &Settled,
    confidence: f64,
) -> (Vec<Suspect>, Option<Settled>, bool) {
    let most = if model.variables.len() > 1500 { 8 } else { 40 };
    let mut suspects: Vec<Suspect> = Vec::new();
    let mut last: Option<Settled> = None;
    loop {
        let now = last.as_ref().unwrap_or(whole);
        let rejects = critical::chi_squared(now.dof, confidence).is_some_and(|limit| now.objective > limit);
        if !rejects || !now.point.converged {
            return (suspects, last, false);
        }
        if suspects.len() == most {
            return (suspects, last, true);
        }
        let Some((culprit, statistic, ties)) = pick(model, now) else { return (suspects, last, false) };
        let limit = critical::sidak(now.testable(), confidence).unwrap_or(f64::INFINITY);
        let mut part = now.part.clone();
        match culprit {
            Culprit::Measurement(i) => part.weights[i] = 0.0,
            Culprit::Row(r) => part.off[r] = true,
        }
        let after = Settled::new(model, part, Some(&now.point.v));
        suspects.push(Suspect {
            rank: suspects.len() as u32 + 1,
            what: blamed(model, culprit),
            statistic,
            critical: limit,
            objective_after: after.objective,
            dof_after: after.dof,
            ties: ties.into_iter().map(|culprit| blamed(model, culprit)).collect(),
        });
        last = Some(after);
    }
}

/// The culprit, its statistic (the root of the likelihood ratio), and what ties with it.
fn pick(model: &Model, now: &Settled) -> Option<(Culprit, f64, Vec<Culprit>)> {
    let biases =
        (0..model.variables.len()).filter_map(|i| Some((Culprit::Measurement(i), now.measurement_test(i)?)));
    let leaks = (0..model.rows.len()).filter_map(|r| {
        let (pull, variance) = now.leak[r]?;
        Some((Culprit::Row(r), pull.abs() / variance.sqrt()))
    });
    let first = |all: &[(Culprit, f64)]| {
        let largest = all.iter().fold(0.0_f64, |most, (_, z)| most.max(*z));
        all.iter().find(|(_, z)| *z >= largest * (1.0 - SAME)).copied()
    };
    let (biases, leaks): (Vec<_>, Vec<_>) = (biases.collect(), leaks.collect());
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

fn blamed(model: &Model, culprit: Culprit) -> Blamed {
    let sheet = &model.sheet;
    let leak = |node: usize, of: usize| Blamed::Leak { node: sheet.nodes[node].clone(), of: sheet.word(of) };
    match culprit {
        Culprit::Measurement(i) => match model.variables[i].what {
            What::Quantity { stream, of } => {
                Blamed::Bias { stream: sheet.streams[stream].clone(), of: sheet.word(of) }
            }
            What::Gain { node, of } => leak(node, of),
        },
        Culprit::Row(r) => match model.rows[r].what {
            Statement::Balance { node, of } => leak(node, of),
            Statement::Sum { stream, .. } => {
                Blamed::Bias { stream: sheet.streams[stream].clone(), of: sheet.word(0) }
            }
            Statement::Further(_) => leak(0, 0),
        },
    }
}
