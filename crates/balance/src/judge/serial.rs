//! Suspects, one after the other.
//!
//! While the global test rejects, the measurement with the largest test is taken out and the rest reconciled
//! again. A leak takes its place when its likelihood ratio exceeds every bias's by more than χ²(1) at 95 %:
//! then the data prefer it, and not by chance. What leaks has the composition of what enters the node. What
//! explains exactly as much is reported as a tie.
//!
//! Source: Ripps, Chem. Eng. Prog. Symp. Ser. 61 (1965) 8; Serth & Heenan, AIChE J. 32 (1986) 733; Narasimhan
//! & Mah, AIChE J. 33 (1987) 1514 (generalised likelihood ratios).

use std::collections::BTreeMap;

use crate::model::{Model, Statement, Variable, What};
use crate::settle::Settled;
use crate::{Blamed, Class, Suspect};

use super::critical;

/// χ²(1) at 95 %.
const CLEARLY: f64 = 3.841_458_820_694_124;
/// Statistics that differ by less, relatively, are the same.
const SAME: f64 = 1e-6;

#[derive(Clone, Copy, PartialEq)]
enum Culprit {
    Measurement(usize),
    Node(usize),
}

/// What serial elimination found.
pub(crate) struct Eliminated {
    /// In order.
    pub suspects: Vec<Suspect>,
    /// The reconciliation without them, with the model that knows their leaks.
    pub rest: Option<(Model, Settled)>,
    /// Whether more would follow.
    pub cut: bool,
}

/// All suspects in order, and the reconciliation without them.
pub(crate) fn eliminate(model: &Model, whole: &Settled, confidence: f64) -> Eliminated {
    let most = if model.variables.len() > 1500 { 8 } else { 40 };
    let mut found = Eliminated { suspects: Vec::new(), rest: None, cut: false };
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

/// Reconciles without a culprit: a measurement is forgotten, a leak becomes an unknown.
fn without(model: &Model, now: &Settled, culprit: Culprit) -> (Model, Settled) {
    let (mut model, mut part, mut v) = (model.clone(), now.part.clone(), now.point.v.clone());
    match culprit {
        Culprit::Measurement(i) => part.weights[i] = 0.0,
        Culprit::Node(node) => {
            let leak = model.variables.len();
            let (lower, upper) = (f64::NEG_INFINITY, f64::INFINITY);
            let what = What::Leak { node };
            model.variables.push(Variable { what, measured: None, fixed: None, lower, upper });
            for (r, share) in composition(&model, now, node).unwrap_or_default() {
                model.rows[r].linear.push((leak, -share));
            }
            part.weights.push(0.0);
            part.targets.push(0.0);
            v.push(0.0);
        }
    }
    let after = Settled::new(&model, part, Some(&v));
    (model, after)
}

/// The rows of a node with the share of each in what enters it: 1 of the flow. None when that is
/// unobservable.
fn composition(model: &Model, now: &Settled, node: usize) -> Option<Vec<(usize, f64)>> {
    let enters: Vec<usize> = (model.sheet.ends.iter().enumerate())
        .filter(|(_, (from, to))| *to == Some(node) && *from != Some(node))
        .map(|(stream, _)| stream)
        .collect();
    let value = |stream: usize, of: usize| {
        let i = model.at(stream, of);
        (now.class[i] != Class::Unobservable).then_some(now.point.v[i])
    };
    let flows: Vec<f64> = enters.iter().map(|&stream| value(stream, 0)).collect::<Option<_>>()?;
    let total: f64 = flows.iter().sum();
    let rows = (0..model.rows.len()).filter_map(|r| match model.rows[r].what {
        Statement::Balance { node: its, of } if its == node => Some((r, of)),
        _ => None,
    });
    rows.map(|(r, of)| {
        if of == 0 {
            return Some((r, 1.0));
        }
        let shares = enters.iter().map(|&stream| {
            model.sheet.chain(of).into_iter().map(|of| value(stream, of)).product::<Option<f64>>()
        });
        let amount: f64 = shares.sum::<Option<f64>>()?;
        (total > 0.0).then(|| (r, amount / total))
    })
    .collect()
}

/// Every node's leak with its statistic.
fn leaks(model: &Model, now: &Settled) -> Vec<(Culprit, f64)> {
    let multipliers = now.multipliers();
    let mut nodes = Vec::new();
    for node in 0..model.sheet.nodes.len() {
        let Some(shares) = composition(model, now, node) else { continue };
        let mut sum: BTreeMap<usize, f64> = BTreeMap::new();
        for (r, share) in shares {
            for &(k, factor) in &now.covariance.origins[r] {
                *sum.entry(k).or_default() += share * factor;
            }
        }
        if !sum.is_empty() {
            nodes.push((node, sum.into_iter().collect::<Vec<_>>()));
        }
    }
    let views: Vec<&[(usize, f64)]> = nodes.iter().map(|(_, line)| line.as_slice()).collect();
    let variances = now.covariance.quadratic(&views);
    (nodes.iter().zip(variances))
        .filter(|(_, variance)| *variance > 0.0)
        .map(|((node, line), variance)| {
            let pull: f64 = line.iter().map(|&(k, factor)| factor * multipliers[k]).sum();
            (Culprit::Node(*node), pull.abs() / variance.sqrt())
        })
        .collect()
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

fn blamed(model: &Model, culprit: Culprit) -> Blamed {
    let sheet = &model.sheet;
    let leak = |node: usize, of: usize| Blamed::Leak { node: sheet.nodes[node].clone(), of: sheet.word(of) };
    match culprit {
        Culprit::Node(node) => leak(node, 0),
        Culprit::Measurement(i) => match model.variables[i].what {
            What::Quantity { stream, of } => {
                Blamed::Bias { stream: sheet.streams[stream].clone(), of: sheet.word(of) }
            }
            What::Amount { stream, of } => {
                Blamed::Bias { stream: sheet.streams[stream].clone(), of: sheet.word(of) }
            }
            What::Gain { node, of } => leak(node, of),
            What::Leak { node } => leak(node, 0),
        },
    }
}
