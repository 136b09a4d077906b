//! Where to begin again: a first way that ends nowhere, or above what can be reached, is not the last.
//!
//! Bilinear balances are not convex. What is known of a problem with more in it bounds what is left: without
//! a measurement, or with a leak admitted, the minimum cannot be higher. Each further way ends at the same
//! equations, without any term of its own; the best end is kept.

use crate::bounded;
use crate::model::{Model, What};
use crate::newton::Point;
use crate::settle::Part;
use crate::start::start;

/// Plants with more variables are begun once.
const LARGE: usize = 3000;
/// How weakly the unmeasured are held back, in turn, in parts of 1 / usual².
const EASED: [f64; 9] = [1e2, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8];

/// Where it ended, and which variables a bound holds.
pub(crate) type End = (Point, Vec<bool>);

/// Σ ((v − measured) / sd)².
pub(crate) fn objective(part: &Part, v: &[f64]) -> f64 {
    part.weights.iter().zip(&part.targets).zip(v).map(|((w, m), v)| w * (v - m).powi(2)).sum()
}

/// Not above a limit, but for a rounding.
pub(crate) fn reaches(objective: f64, limit: f64) -> bool {
    objective <= limit + 1e-7 * (1.0 + limit)
}

/// Solves from `near`, or from the product formulae; and from elsewhere while that does not converge or ends
/// above `limit`.
pub(crate) fn search(model: &Model, part: &Part, near: Option<&[f64]>, limit: Option<f64>) -> End {
    let good =
        |end: &End| end.0.converged && limit.is_none_or(|limit| reaches(objective(part, &end.0.v), limit));
    let ways: [&dyn Fn() -> End; 4] = [
        &|| bounded::solve(model, part, near.map_or_else(|| formulae(model, part), <[f64]>::to_vec)),
        &|| eased(model, part, near.map_or_else(|| formulae(model, part), <[f64]>::to_vec)),
        &|| bounded::solve(model, part, formulae(model, part)),
        &|| eased(model, part, measured(model, part)),
    ];
    let (mut best, mut steps): (Option<End>, u32) = (None, 0);
    for (at, way) in ways.into_iter().enumerate() {
        if at > 0 && model.variables.len() > LARGE || at == 2 && near.is_none() {
            continue;
        }
        let mut end = way();
        steps += end.0.iterations;
        end.0.iterations = steps;
        if good(&end) {
            return end;
        }
        let rank = |end: &End| (!end.0.converged, objective(part, &end.0.v));
        let better = |old: &End| {
            let ((open, high), (old_open, old_high)) = (rank(&end), rank(old));
            (open, high.max(-1.0)) < (old_open, old_high) && (!open || !old_open)
        };
        if best.as_ref().is_none_or(better) {
            best = Some(end);
        }
    }
    let (mut point, at_bound) = best.unwrap_or_else(|| {
        let v = formulae(model, part);
        let held = vec![false; v.len()];
        let multipliers = vec![0.0; model.rows.len()];
        (Point { v, multipliers, iterations: 0, converged: false }, held)
    });
    point.iterations = steps;
    (point, at_bound)
}

fn formulae(model: &Model, part: &Part) -> Vec<f64> {
    start(model, &part.weights, &part.targets)
}

/// As measured, and for the rest what is usual of its kind.
fn measured(model: &Model, part: &Part) -> Vec<f64> {
    let mut v: Vec<f64> = (model.variables.iter().enumerate())
        .map(|(i, variable)| {
            let usual = match variable.what {
                What::Quantity { .. } => model.usual[i].clamp(variable.lower, variable.upper),
                What::Amount { .. } | What::Gain { .. } | What::Leak { .. } => 0.0,
            };
            let known = if part.weights[i] > 0.0 { Some(part.targets[i]) } else { None };
            known.or(variable.fixed).unwrap_or(usual)
        })
        .collect();
    model.settle_amounts(&mut v);
    v
}

/// Proximal points: the unmeasured are held back to where they were, weaker and weaker, and at last not at
/// all. Each is well determined, and none ends above the one before.
///
/// Source: Rockafellar, SIAM J. Control Optim. 14 (1976) 877.
fn eased(model: &Model, part: &Part, mut v: Vec<f64>) -> End {
    let mut steps = 0;
    for back in EASED {
        let mut held = part.clone();
        for (i, variable) in model.variables.iter().enumerate() {
            if part.weights[i] == 0.0
                && variable.fixed.is_none()
                && !matches!(variable.what, What::Amount { .. })
            {
                held.weights[i] = back / model.usual[i].powi(2);
                held.targets[i] = v[i];
            }
        }
        let (point, _) = bounded::solve(model, &held, v.clone());
        steps += point.iterations;
        if point.converged {
            v = point.v;
        }
    }
    let (mut point, at_bound) = bounded::solve(model, part, v);
    point.iterations += steps;
    (point, at_bound)
}
