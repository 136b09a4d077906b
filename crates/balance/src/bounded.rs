//! Bounds: activated only where they are violated.
//!
//! The problem is first solved without them. Where that leaves its bounds, quadratic programs by `clarabel`
//! find which bounds hold; with those as equations Newton solves exactly, and the signs of the multipliers
//! are checked: a bound that pulls the wrong way is let go.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettingsBuilder, DefaultSolver, IPSolver, SolverStatus, SupportedConeT};

use crate::model::Model;
use crate::newton::{Point, Task};
use crate::settle::Part;

const PROGRAMS: usize = 40;
/// The first of them are taken whole.
const WHOLE: usize = 10;
const ROUNDS: usize = 30;
/// A multiplier that is less, for what is usual of its variable, is none.
const SLACK: f64 = 1e-7;
/// Outside by less than this, in reaches of the variable, is inside.
const INSIDE: f64 = 1e-8;

/// Solves, and says which variables a bound holds.
pub(crate) fn solve(model: &Model, part: &Part, start: Vec<f64>) -> (Point, Vec<bool>) {
    let mut task = Task::whole(model, &part.weights, &part.targets);
    for (row, off) in task.rows.iter_mut().zip(&part.off) {
        if *off {
            *row = None;
        }
    }
    let free = task.held.clone();
    let point = task.solve(start.clone());
    if point.converged && outside(model, &task, &point.v).next().is_none() {
        return (point, vec![false; free.len()]);
    }
    let from = if point.converged { point.v.clone() } else { start };
    // where no program finds them, those that are violated are where to begin
    let violated = || {
        let mut active = vec![None; free.len()];
        outside(model, &task, &point.v).for_each(|(i, side)| active[i] = Some(side));
        point.converged.then(|| (point.v.clone(), active))
    };
    let Some((mut v, mut active)) = programs(model, &task, from).or_else(violated) else {
        return (Point { converged: false, ..point }, vec![false; free.len()]);
    };
    let mut steps = point.iterations;
    let mut last = point;
    for _ in 0..ROUNDS {
        for (i, side) in active.iter().enumerate() {
            let variable = &model.variables[i];
            task.held[i] = free[i] || side.is_some();
            match side {
                Some(Side::Lower) => v[i] = variable.lower,
                Some(Side::Upper) => v[i] = variable.upper,
                None => {}
            }
        }
        last = task.solve(v.clone());
        steps += last.iterations;
        if !last.converged {
            break;
        }
        if settled(model, &task, &last, &mut active) {
            last.iterations = steps;
            return inward(model, &mut task, &free, last, active);
        }
        v.clone_from(&last.v);
    }
    let point = Point { converged: false, iterations: steps, ..last };
    (point, active.iter().map(Option::is_some).collect())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Lower,
    Upper,
}

/// Free variables that lie outside their bounds.
fn outside<'a>(model: &'a Model, task: &'a Task, v: &'a [f64]) -> impl Iterator<Item = (usize, Side)> + 'a {
    let reach = task.scales(v).variable;
    (0..v.len()).filter(|&i| !task.held[i]).filter_map(move |i| {
        let (variable, slack) = (&model.variables[i], INSIDE * reach[i]);
        if v[i] < variable.lower - slack {
            Some((i, Side::Lower))
        } else if v[i] > variable.upper + slack {
            Some((i, Side::Upper))
        } else {
            None
        }
    })
}

/// Whether the bounds that hold are the right ones; corrects them when not.
fn settled(model: &Model, task: &Task, point: &Point, active: &mut [Option<Side>]) -> bool {
    let violated: Vec<(usize, Side)> = outside(model, task, &point.v).collect();
    let gradient = task.gradient(&point.v, &point.multipliers);
    let reach = task.scales(&point.v).variable;
    let mut right = violated.is_empty();
    violated.into_iter().for_each(|(i, side)| active[i] = Some(side));
    if right {
        let wrong = |i: usize| {
            let pull = gradient[i] * reach[i];
            match active[i] {
                Some(Side::Lower) => (-pull).max(0.0),
                Some(Side::Upper) => pull.max(0.0),
                None => 0.0,
            }
        };
        let worst = (0..active.len()).max_by(|&i, &j| wrong(i).total_cmp(&wrong(j)));
        if let Some(worst) = worst.filter(|&i| wrong(i) > 1e-7) {
            active[worst] = None;
            right = false;
        }
    }
    right
}

/// A bound that does not pull holds nothing: it only marks where the steps happened to end, and what it
/// touches is as undetermined as without it. What can be moved off such bounds is.
fn inward(
    model: &Model,
    task: &mut Task,
    free: &[bool],
    mut point: Point,
    mut active: Vec<Option<Side>>,
) -> (Point, Vec<bool>) {
    let gradient = task.gradient(&point.v, &point.multipliers);
    let weak: Vec<usize> = (0..free.len())
        .filter(|&i| active[i].is_some() && (gradient[i] * model.usual[i]).abs() <= SLACK)
        .filter(|&i| task.weights[i] == 0.0)
        .collect();
    let height = |v: &[f64]| -> f64 {
        task.weights.iter().zip(task.targets).zip(v).map(|((w, m), v)| w * (v - m).powi(2)).sum()
    };
    let limit = height(&point.v);
    let each = weak.iter().map(|&i| vec![i]);
    let groups: Vec<Vec<usize>> = std::iter::once(weak.clone()).chain(each).collect();
    for group in groups {
        if group.iter().all(|&i| active[i].is_none()) {
            continue;
        }
        for part in [0.5, 0.05, 0.005] {
            let mut v = point.v.clone();
            let mut trial = active.clone();
            for &i in &group {
                let variable = &model.variables[i];
                let room = (part * model.usual[i]).min(part * (variable.upper - variable.lower));
                v[i] += if active[i] == Some(Side::Upper) { -room } else { room };
                trial[i] = None;
            }
            model.settle_amounts(&mut v);
            task.held = free.iter().zip(&trial).map(|(free, side)| *free || side.is_some()).collect();
            let moved = task.solve(v);
            let same = moved.converged && crate::search::reaches(height(&moved.v), limit);
            if same && outside(model, task, &moved.v).next().is_none() {
                point = Point { iterations: point.iterations + moved.iterations, ..moved };
                active = trial;
                break;
            }
        }
    }
    (point, active.iter().map(Option::is_some).collect())
}

/// Sequential quadratic programs: where they end, and which bounds hold there.
fn programs(model: &Model, task: &Task, mut v: Vec<f64>) -> Option<(Vec<f64>, Vec<Option<Side>>)> {
    for (value, variable) in v.iter_mut().zip(&model.variables) {
        if variable.fixed.is_none() {
            *value = value.clamp(variable.lower, variable.upper);
        }
    }
    let mut active = vec![None; v.len()];
    for round in 0..PROGRAMS {
        let Some(step) = program(model, task, &v) else {
            return (round > 0).then_some((v, active));
        };
        // what does not settle by itself takes steps that improve
        let part = if round < WHOLE { 1.0 } else { damping(model, task, &v, &step) };
        active = step.active;
        v.iter_mut().zip(&step.change).for_each(|(value, change)| *value += part * change);
        if step.largest < 1e-6 {
            break;
        }
    }
    Some((v, active))
}

/// How much of a step is taken so that objective and imbalance together get better.
fn damping(model: &Model, task: &Task, v: &[f64], step: &Step) -> f64 {
    let scales = task.scales(v);
    let merit = |part: f64| {
        let v: Vec<f64> = v.iter().zip(&step.change).map(|(v, change)| v + part * change).collect();
        let pull = task.weights.iter().zip(task.targets).zip(&v).map(|((w, m), v)| w * (v - m).powi(2));
        let off = (0..task.rows.len()).filter(|&r| task.rows[r].is_some());
        let off: f64 = off.map(|r| (model.rows[r].value(&v).0 * scales.row[r]).abs()).sum();
        0.5 * pull.sum::<f64>() + 1.5 * step.price * off
    };
    let now = merit(0.0);
    let parts = std::iter::successors(Some(1.0), |part| Some(0.5 * part)).take(14);
    parts.into_iter().find(|&part| merit(part) <= now * (1.0 - 1e-4 * part)).unwrap_or(1.0 / 64.0)
}

struct Step {
    change: Vec<f64>,
    largest: f64,
    /// The largest multiplier of a row.
    price: f64,
    active: Vec<Option<Side>>,
}

/// One program on the linearised rows, in scaled variables.
fn program(model: &Model, task: &Task, v: &[f64]) -> Option<Step> {
    let scales = task.scales(v);
    let n = scales.count;
    let gradient = task.gradient(v, &vec![0.0; task.rows.len()]);
    let (mut diagonal, mut linear) = (vec![0.0; n], vec![0.0; n]);
    let mut limits: Vec<(usize, usize, Side, f64)> = Vec::new();
    for (i, free) in scales.free.iter().enumerate() {
        let Some(k) = *free else { continue };
        let (variable, reach) = (&model.variables[i], scales.variable[i]);
        diagonal[k] = if task.weights[i] > 0.0 { 1.0 } else { 1e-9 };
        linear[k] = gradient[i] * reach;
        if variable.lower.is_finite() {
            limits.push((i, k, Side::Lower, (v[i] - variable.lower) / reach));
        }
        if variable.upper.is_finite() {
            limits.push((i, k, Side::Upper, (variable.upper - v[i]) / reach));
        }
    }
    let used: Vec<usize> = (0..task.rows.len()).filter(|&r| task.rows[r].is_some()).collect();
    let (mut rows, mut columns, mut values, mut right) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut push = |row: usize, column: usize, value: f64| {
        rows.push(row);
        columns.push(column);
        values.push(value);
    };
    for (at, &r) in used.iter().enumerate() {
        for (i, slope) in model.rows[r].slope(v) {
            if let Some(k) = scales.free[i] {
                push(at, k, slope * scales.row[r] * scales.variable[i]);
            }
        }
        right.push(-model.rows[r].value(v).0 * scales.row[r]);
    }
    for (at, &(_, k, side, room)) in limits.iter().enumerate() {
        push(used.len() + at, k, if side == Side::Lower { -1.0 } else { 1.0 });
        right.push(room.max(0.0));
    }
    let matrix = CscMatrix::new_from_triplets(used.len() + limits.len(), n, rows, columns, values);
    let weights = CscMatrix::new(n, n, (0..=n).collect(), (0..n).collect(), diagonal);
    let cones = [SupportedConeT::ZeroConeT(used.len()), SupportedConeT::NonnegativeConeT(limits.len())];
    let settings = DefaultSettingsBuilder::default().verbose(false).build().ok()?;
    let mut solver = DefaultSolver::new(&weights, &linear, &matrix, &right, &cones, settings).ok()?;
    solver.solve();
    let solved = matches!(solver.solution.status, SolverStatus::Solved | SolverStatus::AlmostSolved);
    if !solved {
        return None;
    }
    let mut active = vec![None; v.len()];
    for (at, &(i, _, side, _)) in limits.iter().enumerate() {
        let at = used.len() + at;
        if solver.solution.z[at] > solver.solution.s[at].max(1e-7) {
            active[i] = Some(side);
        }
    }
    let change: Vec<f64> = (scales.free.iter().zip(&scales.variable))
        .map(|(free, reach)| free.map_or(0.0, |k| solver.solution.x[k] * reach))
        .collect();
    let largest = solver.solution.x.iter().fold(0.0_f64, |most, z| most.max(z.abs()));
    let price = solver.solution.z[..used.len()].iter().fold(1.0_f64, |most, z| most.max(z.abs()));
    Some(Step { change, largest, price, active })
}
