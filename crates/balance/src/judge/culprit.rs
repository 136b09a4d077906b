//! What may be at fault, and a reconciliation without it.
//!
//! What leaks has the composition of what enters the node (Narasimhan & Mah, AIChE J. 33 (1987) 1514).

use std::collections::BTreeMap;

use crate::model::{Model, Statement, Variable, What};
use crate::reduce::NOTHING;
use crate::search::reaches;
use crate::settle::Settled;
use crate::{Blamed, Class};

/// What may be at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Culprit {
    /// Two measurements stand in each other's place.
    Exchange(usize, usize),
    /// A measurement is biased.
    Measurement(usize),
    /// A node leaks.
    Node(usize),
}

/// Reconciles without a culprit: a measurement is forgotten, a leak becomes an unknown, what was exchanged is
/// put back.
pub(crate) fn without(model: &Model, now: &Settled, culprit: Culprit) -> (Model, Settled) {
    let (mut model, mut part, mut v) = (model.clone(), now.part.clone(), now.point.v.clone());
    match culprit {
        Culprit::Measurement(i) => part.weights[i] = 0.0,
        Culprit::Exchange(i, j) => {
            // each has its own unit
            let unit = model.unit[j] / model.unit[i];
            part.weights.swap(i, j);
            part.targets.swap(i, j);
            (part.weights[i], part.targets[i]) = (part.weights[i] / (unit * unit), part.targets[i] * unit);
            (part.weights[j], part.targets[j]) = (part.weights[j] * unit * unit, part.targets[j] / unit);
            let (a, b) = (model.variables[i].measured, model.variables[j].measured);
            model.variables[i].measured = b.map(|(value, sd)| (value * unit, sd * unit));
            model.variables[j].measured = a.map(|(value, sd)| (value / unit, sd / unit));
        }
        Culprit::Node(node) => {
            let leak = model.variables.len();
            let (lower, upper) = (f64::NEG_INFINITY, f64::INFINITY);
            let what = What::Leak { node };
            model.variables.push(Variable { what, measured: None, fixed: None, lower, upper });
            model.unit.push(model.flow_unit[node]);
            model.usual.push(model.usual_flow[node]);
            for (r, share) in composition(&model, now, node).unwrap_or_default() {
                model.rows[r].linear.push((leak, -share));
            }
            part.weights.push(0.0);
            part.targets.push(0.0);
            v.push(0.0);
        }
    }
    // an exchange is another problem; what is forgotten or admitted can only lower the minimum
    let relaxed = !matches!(culprit, Culprit::Exchange(..));
    let limit = (relaxed && now.point.converged).then_some(now.objective);
    let mut after = Settled::within(&model, part, Some(&v), limit);
    if limit.is_some() {
        // a bound that comes to hold is no measurement
        after.dof = after.dof.min(now.dof);
    }
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
pub(crate) fn leaks(model: &Model, now: &Settled) -> Vec<(Culprit, f64)> {
    let multipliers = now.multipliers();
    let mut nodes = Vec::new();
    for node in 0..model.sheet.nodes.len() {
        let Some(shares) = composition(model, now, node) else { continue };
        let mut sum: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for (r, share) in shares {
            for &(k, factor) in &now.covariance.origins[r] {
                let entry = sum.entry(k).or_default();
                *entry = (entry.0 + share * factor, entry.1.max((share * factor).abs()));
            }
        }
        // what a stream that is not weighed could carry too shows nowhere: all of it cancels
        let shows = sum.into_iter().filter(|(_, (value, size))| value.abs() > NOTHING * size);
        let line: Vec<(usize, f64)> = shows.map(|(k, (value, _))| (k, value)).collect();
        if !line.is_empty() {
            nodes.push((node, line));
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
        .filter(|(_, z)| reaches(z * z, now.objective))
        .collect()
}

pub(crate) fn blamed(model: &Model, culprit: Culprit) -> Blamed {
    let sheet = &model.sheet;
    let leak = |node: usize, of: usize| Blamed::Leak { node: sheet.nodes[node].clone(), of: sheet.word(of) };
    match culprit {
        Culprit::Node(node) => leak(node, 0),
        Culprit::Measurement(i) | Culprit::Exchange(i, _) => match model.variables[i].what {
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
