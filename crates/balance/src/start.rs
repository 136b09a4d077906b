//! From where Newton starts: what was measured, and for the rest the product formulae.
//!
//! With the measured assays held, the balances of flow and components are linear in the flows; solved by
//! least squares they are the two- and three-product formulae, written for any flowsheet. With those flows
//! held, the balances are linear in the missing assays; then so in what is a share of these.

use crate::model::{Model, Statement, What};
use crate::newton::Task;

/// Values for every variable.
pub(crate) fn start(model: &Model, weights: &[f64], targets: &[f64]) -> Vec<f64> {
    let mut v: Vec<f64> = (model.variables.iter().enumerate())
        .map(|(i, variable)| {
            let guess = match variable.what {
                What::Quantity { .. } => model.usual[i],
                What::Amount { .. } | What::Gain { .. } | What::Leak { .. } => 0.0,
            };
            let known = if weights[i] > 0.0 { Some(targets[i]) } else { None };
            known.or(variable.fixed).unwrap_or_else(|| guess.clamp(variable.lower, variable.upper))
        })
        .collect();
    let unknown = |flow: bool| {
        model.variables.iter().enumerate().any(|(i, variable)| {
            let own = !matches!(variable.what, What::Amount { .. });
            own && (variable.of() == 0) == flow && weights[i] == 0.0 && variable.fixed.is_none()
        })
    };
    model.settle_amounts(&mut v);
    if unknown(true) {
        flows(model, weights, targets, &mut v);
        model.settle_amounts(&mut v);
    }
    if unknown(false) {
        for level in 1..=deepest(model) {
            shares(model, weights, targets, &mut v, level);
            model.settle_amounts(&mut v);
        }
    }
    if model.rows.iter().any(|row| matches!(row.what, Statement::Sum { .. } | Statement::Total { .. })) {
        sums(model, weights, targets, &mut v);
        model.settle_amounts(&mut v);
    }
    v
}

fn told(model: &Model, weights: &[f64], i: usize) -> bool {
    weights[i] > 0.0 || model.variables[i].fixed.is_some()
}

/// 1 for a share of the flow, 2 for a share of that.
fn level(model: &Model, of: usize) -> usize {
    model.sheet.chain(of).len() - 1
}

fn deepest(model: &Model) -> usize {
    (0..model.sheet.width()).map(|of| level(model, of)).max().unwrap_or_default()
}

/// Rows that are linear, and totals, hold from the start. Where assays add up to a whole, some balances
/// follow from others only while they do; away from there they are independent, and would bind what they must
/// not.
fn sums(model: &Model, weights: &[f64], targets: &[f64], v: &mut [f64]) {
    let mut task = Task::whole(model, weights, targets);
    for (held, variable) in task.held.iter_mut().zip(&model.variables) {
        *held |= matches!(variable.what, What::Amount { .. });
    }
    for (row, soft) in model.rows.iter().zip(&mut task.rows) {
        let total = matches!(row.what, Statement::Total { .. });
        *soft = (total || row.products.is_empty()).then_some(0.0);
    }
    for _ in 0..3 {
        task.once(v);
    }
}

fn flows(model: &Model, weights: &[f64], targets: &[f64], v: &mut [f64]) {
    let mut task = Task::whole(model, weights, targets);
    for (held, variable) in task.held.iter_mut().zip(&model.variables) {
        *held |= variable.of() != 0 && !matches!(variable.what, What::Amount { .. });
    }
    // an amount is as good as known when all of its shares are
    let known = |i: usize| match model.variables[i].what {
        What::Amount { .. } => model.links(i)[1..].iter().all(|&x| told(model, weights, x)),
        _ => told(model, weights, i),
    };
    let variance = |x: usize| if weights[x] > 0.0 { weights[x].recip() } else { 1e-6 * v[x] * v[x] };
    for (row, soft) in model.rows.iter().zip(&mut task.rows) {
        let sure =
            row.linear.iter().all(|&(i, _)| known(i)) && row.products.iter().all(|&(_, _, x)| known(x));
        let spread: f64 = row.products.iter().map(|&(_, f, x)| variance(x) * model.usual[f].powi(2)).sum();
        *soft = match row.what {
            Statement::Balance { of: 0, .. } => Some(0.0),
            Statement::Balance { .. } | Statement::Amount { .. } => {
                sure.then_some(spread + f64::MIN_POSITIVE)
            }
            _ if row.linear.iter().all(|&(i, _)| model.variables[i].of() == 0) => Some(0.0),
            _ => None,
        };
    }
    task.once(v);
    // each in parts of what is usual where it is
    let largest = (v.iter().zip(&model.usual).zip(&model.variables))
        .filter(|(_, variable)| variable.of() == 0)
        .fold(0.0_f64, |most, ((value, usual), _)| most.max(value.abs() / usual));
    for ((value, usual), variable) in v.iter_mut().zip(&model.usual).zip(&model.variables) {
        let floor = 1e-4 * largest * usual;
        let flow = matches!(variable.what, What::Quantity { of: 0, .. });
        if flow && variable.fixed.is_none() && variable.lower >= 0.0 && *value < floor {
            *value = floor.clamp(variable.lower, variable.upper);
        }
    }
}

fn shares(model: &Model, weights: &[f64], targets: &[f64], v: &mut [f64], deep: usize) {
    let mut task = Task::whole(model, weights, targets);
    let here = |of: usize| level(model, of) == deep;
    for (held, variable) in task.held.iter_mut().zip(&model.variables) {
        *held |= !here(variable.of());
    }
    for (row, soft) in model.rows.iter().zip(&mut task.rows) {
        let still = row.linear.iter().all(|&(i, _)| task.held[i]) && row.products.is_empty();
        let counts = match row.what {
            Statement::Balance { of, .. } | Statement::Amount { of, .. } => of == 0 || here(of),
            Statement::Sum { .. } | Statement::Further(_) => true,
            Statement::Total { .. } => false,
        };
        *soft = (counts && !still).then_some(0.0);
    }
    task.once(v);
    for ((value, usual), variable) in v.iter_mut().zip(&model.usual).zip(&model.variables) {
        if let What::Quantity { of, .. } = variable.what
            && here(of)
            && variable.fixed.is_none()
            && variable.lower >= 0.0
            && *value < variable.lower.max(1e-6 * usual)
        {
            *value = (1e-3 * usual).clamp(variable.lower, variable.upper);
        }
    }
}
