//! From where Newton starts: what was measured, and for the rest the product formulae.
//!
//! With the measured assays held, the balances of flow and components are linear in the flows; solved by
//! least squares they are the two- and three-product formulae, written for any flowsheet. With those flows
//! held, the balances are linear in the missing assays.

use crate::model::{Model, Statement, What};
use crate::newton::Task;

/// Values for every variable.
pub(crate) fn start(model: &Model, weights: &[f64], targets: &[f64]) -> Vec<f64> {
    let typical = typical(model);
    let mut v: Vec<f64> = (model.variables.iter().enumerate())
        .map(|(i, variable)| {
            let guess = match variable.what {
                What::Quantity { of, .. } => typical[of],
                What::Gain { .. } | What::Leak { .. } => 0.0,
            };
            let known = if weights[i] > 0.0 { Some(targets[i]) } else { None };
            known.or(variable.fixed).unwrap_or_else(|| guess.clamp(variable.lower, variable.upper))
        })
        .collect();
    let unknown = |flow: bool| {
        model.variables.iter().enumerate().any(|(i, variable)| {
            (variable.of() == 0) == flow && weights[i] == 0.0 && variable.fixed.is_none()
        })
    };
    if unknown(true) {
        flows(model, weights, targets, &mut v, typical[0]);
    }
    if unknown(false) {
        shares(model, weights, targets, &mut v, &typical);
    }
    if model.rows.iter().any(|row| matches!(row.what, Statement::Sum { .. })) {
        sums(model, weights, targets, &mut v);
    }
    v
}

/// Rows that are linear hold from the start. Where assays add up to a whole, some balances follow from others
/// only while they do; away from there they are independent, and would bind what they must not.
fn sums(model: &Model, weights: &[f64], targets: &[f64], v: &mut [f64]) {
    let mut task = Task::whole(model, weights, targets);
    for (row, soft) in model.rows.iter().zip(&mut task.rows) {
        *soft = row.products.is_empty().then_some(0.0);
    }
    for _ in 0..3 {
        task.once(v);
    }
}

/// The middle size of what is known of the flows and of each component.
fn typical(model: &Model) -> Vec<f64> {
    (0..model.sheet.width())
        .map(|of| {
            let mut known: Vec<f64> = (model.variables.iter())
                .filter(|variable| matches!(variable.what, What::Quantity { of: its, .. } if its == of))
                .filter_map(|variable| {
                    let value = variable.fixed.or(variable.measured.map(|(value, _)| value))?;
                    Some(value.abs())
                })
                .filter(|&value| value > 0.0)
                .collect();
            known.sort_by(f64::total_cmp);
            known.get(known.len() / 2).copied().unwrap_or(1.0)
        })
        .collect()
}

fn flows(model: &Model, weights: &[f64], targets: &[f64], v: &mut [f64], typical: f64) {
    let mut task = Task::whole(model, weights, targets);
    for (held, variable) in task.held.iter_mut().zip(&model.variables) {
        *held |= variable.of() != 0;
    }
    for (row, soft) in model.rows.iter().zip(&mut task.rows) {
        *soft = match row.what {
            Statement::Balance { of: 0, .. } => Some(0.0),
            Statement::Balance { .. } => {
                let shares = || row.products.iter().map(|&(_, _, x)| x);
                let known = |x: usize| weights[x] > 0.0 || model.variables[x].fixed.is_some();
                let gained = row.linear.iter().any(|&(i, _)| !known(i));
                if gained || !shares().all(known) {
                    None
                } else {
                    let sum: f64 = shares()
                        .map(|x| if weights[x] > 0.0 { weights[x].recip() } else { 1e-6 * v[x] * v[x] })
                        .sum();
                    Some(sum * typical * typical + f64::MIN_POSITIVE)
                }
            }
            _ if row.linear.iter().all(|&(i, _)| model.variables[i].of() == 0) => Some(0.0),
            _ => None,
        };
    }
    task.once(v);
    let largest = v.iter().zip(&model.variables).filter(|(_, variable)| variable.of() == 0);
    let floor = 1e-4 * largest.fold(0.0_f64, |most, (value, _)| most.max(value.abs()));
    for (value, variable) in v.iter_mut().zip(&model.variables) {
        let flow = matches!(variable.what, What::Quantity { of: 0, .. });
        if flow && variable.fixed.is_none() && variable.lower >= 0.0 && *value < floor {
            *value = floor.clamp(variable.lower, variable.upper);
        }
    }
}

fn shares(model: &Model, weights: &[f64], targets: &[f64], v: &mut [f64], typical: &[f64]) {
    let mut task = Task::whole(model, weights, targets);
    for (held, variable) in task.held.iter_mut().zip(&model.variables) {
        *held |= variable.of() == 0;
    }
    for (row, soft) in model.rows.iter().zip(&mut task.rows) {
        let still = row.linear.iter().all(|&(i, _)| task.held[i]) && row.products.is_empty();
        *soft = if still { None } else { Some(0.0) };
    }
    task.once(v);
    for (value, variable) in v.iter_mut().zip(&model.variables) {
        if let What::Quantity { of, .. } = variable.what
            && of > 0
            && variable.fixed.is_none()
            && variable.lower >= 0.0
            && *value < variable.lower.max(1e-6 * typical[of])
        {
            *value = (1e-3 * typical[of]).clamp(variable.lower, variable.upper);
        }
    }
}
