//! Lagrange–Newton on the scaled, regularised KKT system, for any problem.
//!
//! Stationarity W (v − m) + Jᵀλ = 0 and c(v) = 0 are solved for v and λ together. Each step solves
//! ```text
//! | D (W + Σ λ ∇²c) D + ρ    D Jᵀ R | |  z |     | D (W (v − m) + Jᵀ λ) |
//! | R J D                      −δ   | | dλ | = − | R c                  |
//! ```
//! with D the standard deviations (or the reach of an unmeasured quantity) and R the rows' scale. ρ (on the
//! unmeasured only) and δ are proximal: they bend the step, not the point where it ends, because the right
//! side is the true residual. So a quantity that nothing determines stays where it began, and balances that
//! depend on others do no harm. Where the exact Hessian has a wrong inertia, the step is Gauss–Newton's.
//!
//! Source: Nocedal & Wright, Numerical Optimization, 2006, chapters 16 and 18; Friedlander & Orban, Math.
//! Prog. Comp. 4 (2012) for the exactness of the regularisation.

use crate::model::Model;
use crate::sparse::{Entry, Ldl};

/// ρ and δ. Their product stays far above the rounding of a pivot, so that no pivot loses its sign.
const PROXIMAL: f64 = 1e-6;
const STEPS: u32 = 100;
/// A step that moves nothing further than this, in standard deviations, moves nothing.
const STILL: f64 = 1e-7;
/// Of what is usual of a variable's kind: where everything in a row goes to zero, the row's scale must not go
/// on without end.
const LEAST: f64 = 1e-12;
/// Of a row, relative to the size of its terms.
pub(crate) const CLOSED: f64 = 1e-11;

/// What is held, which rows count and how softly.
pub(crate) struct Task<'a> {
    pub model: &'a Model,
    /// 1/sd² of each variable.
    pub weights: &'a [f64],
    /// Where the weights pull to.
    pub targets: &'a [f64],
    /// Variables that stay.
    pub held: Vec<bool>,
    /// Per row: none when it does not count, else its variance (0 for exact).
    pub rows: Vec<Option<f64>>,
}

/// Where the steps ended.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub v: Vec<f64>,
    pub multipliers: Vec<f64>,
    pub iterations: u32,
    pub converged: bool,
}

struct Step {
    change: Vec<f64>,
    multipliers: Vec<f64>,
    /// The largest change, in standard deviations.
    largest: f64,
}

/// What brings variables and rows to a size of about 1.
pub(crate) struct Scales {
    pub variable: Vec<f64>,
    pub row: Vec<f64>,
    /// The number among the free, or none.
    pub free: Vec<Option<usize>>,
    pub count: usize,
}

impl Task<'_> {
    /// A task on everything.
    pub fn whole<'a>(model: &'a Model, weights: &'a [f64], targets: &'a [f64]) -> Task<'a> {
        let held = model.variables.iter().map(|variable| variable.fixed.is_some()).collect();
        Task { model, weights, targets, held, rows: vec![Some(0.0); model.rows.len()] }
    }

    /// Steps from `v` until nothing moves: with the exact Hessian first, and where that does not settle, by
    /// Gauss–Newton in steps that always improve.
    pub fn solve(&self, start: Vec<f64>) -> Point {
        let first = self.steps(start.clone(), false);
        if first.converged {
            return first;
        }
        let mut second = self.steps(start, true);
        second.iterations += first.iterations;
        if second.converged { second } else { Point { iterations: second.iterations, ..first } }
    }

    fn steps(&self, start: Vec<f64>, cautious: bool) -> Point {
        let mut point =
            Point { v: start, multipliers: vec![0.0; self.rows.len()], iterations: 0, converged: false };
        let mut factors = None;
        while point.iterations < STEPS {
            let exact = !cautious && point.iterations >= 2;
            let scales = self.scales(&point.v);
            let Some(step) = self.step(&point, &scales, exact, &mut factors) else { return point };
            point.iterations += 1;
            let closed = self.closed(&point.v);
            if step.largest < 1e-10 && closed {
                // what is left of the way is taken where it does not open a row by a rounding
                let further: Vec<f64> =
                    point.v.iter().zip(&step.change).map(|(v, change)| v + change).collect();
                if self.closed(&further) {
                    point.v = further;
                }
                point.multipliers = step.multipliers;
                point.converged = true;
                return point;
            }
            let part = self.damping(&point, &step, &scales, cautious);
            for (value, change) in point.v.iter_mut().zip(&step.change) {
                *value += part * change;
            }
            for (old, new) in point.multipliers.iter_mut().zip(&step.multipliers) {
                *old += part * (new - *old);
            }
        }
        point.converged = self.closed(&point.v) && self.still(&point);
        point
    }

    /// One step from `v`, whole; for problems that are linear in what is not held.
    pub fn once(&self, v: &mut [f64]) {
        let point =
            Point { v: v.to_vec(), multipliers: vec![0.0; self.rows.len()], iterations: 0, converged: false };
        let scales = self.scales(v);
        if let Some(step) = self.step(&point, &scales, false, &mut None) {
            v.iter_mut().zip(step.change).for_each(|(value, change)| *value += change);
        }
    }

    /// Rows that do not close, the worst first.
    pub fn open(&self, v: &[f64]) -> Vec<usize> {
        let mut open: Vec<(f64, usize)> = (0..self.rows.len())
            .filter(|&r| self.rows[r] == Some(0.0))
            .filter_map(|r| {
                let (value, size) = self.model.rows[r].value(v);
                let off = value.abs() / size.max(f64::MIN_POSITIVE);
                let closed = value.abs() <= CLOSED * size || value.abs() <= self.rounding(r, v);
                (!closed).then_some((off, r))
            })
            .collect();
        open.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        open.into_iter().map(|(_, r)| r).collect()
    }

    /// Where all terms of a row go to zero, what is left of it: each variable is known to a rounding of where
    /// it came from, its measurement or what is usual of its kind.
    fn rounding(&self, r: usize, v: &[f64]) -> f64 {
        let from = |i: usize| {
            let w = self.weights[i];
            if w > 0.0 {
                self.targets[i].abs().max(w.sqrt().recip())
            } else {
                v[i].abs().max(self.model.usual[i])
            }
        };
        1e-15 * self.model.rows[r].slope(v).iter().map(|&(i, s)| s.abs() * from(i)).sum::<f64>()
    }

    fn closed(&self, v: &[f64]) -> bool {
        self.open(v).is_empty()
    }

    fn still(&self, point: &Point) -> bool {
        let scales = self.scales(&point.v);
        let step = self.step(point, &scales, true, &mut None);
        step.is_some_and(|step| step.largest < STILL)
    }

    /// Variables that a further step would still move, the furthest first.
    pub fn moving(&self, point: &Point) -> Vec<usize> {
        let scales = self.scales(&point.v);
        let Some(step) = self.step(point, &scales, true, &mut None) else { return Vec::new() };
        let mut moving: Vec<(f64, usize)> = (step.change.iter().zip(&scales.variable).enumerate())
            .map(|(i, (change, scale))| ((change / scale).abs(), i))
            .filter(|(by, _)| *by >= STILL)
            .collect();
        moving.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        moving.into_iter().map(|(_, i)| i).collect()
    }

    /// The scales at a point.
    pub fn scales(&self, v: &[f64]) -> Scales {
        let mut variable: Vec<f64> =
            self.weights.iter().map(|&w| if w > 0.0 { w.sqrt().recip() } else { 0.0 }).collect();
        let mut row = vec![1.0; self.rows.len()];
        let mut reach = vec![0.0_f64; v.len()];
        let usual = &self.model.usual;
        for (r, soft) in self.rows.iter().enumerate() {
            let Some(soft) = soft else { continue };
            let slope = self.model.rows[r].slope(v);
            let free = || slope.iter().filter(|&&(i, _)| !self.held[i]);
            let spread: f64 = free().map(|&(i, s)| (s * variable[i]).powi(2)).sum::<f64>() + soft;
            let size = slope
                .iter()
                .map(|&(i, s)| s.abs() * v[i].abs().max(LEAST * usual[i]))
                .fold(0.0_f64, f64::max);
            let spread = if spread > 0.0 { spread.sqrt() } else { 0.05 * size };
            row[r] = if spread > 0.0 { spread.recip() } else { 1.0 };
            for &(i, s) in free() {
                reach[i] = reach[i].max((s * row[r]).abs());
            }
        }
        let (mut free, mut count) = (vec![None; v.len()], 0);
        for i in 0..v.len() {
            if variable[i] == 0.0 {
                variable[i] = if reach[i] > 0.0 { reach[i].recip() } else { 1.0 };
            }
            if !self.held[i] {
                free[i] = Some(count);
                count += 1;
            }
        }
        Scales { variable, row, free, count }
    }

    /// W (v − m) + Jᵀ λ.
    pub fn gradient(&self, v: &[f64], multipliers: &[f64]) -> Vec<f64> {
        let mut g: Vec<f64> = (0..v.len()).map(|i| self.weights[i] * (v[i] - self.targets[i])).collect();
        for (r, lambda) in multipliers.iter().enumerate() {
            if self.rows[r].is_some() && *lambda != 0.0 {
                for (i, s) in self.model.rows[r].slope(v) {
                    g[i] += lambda * s;
                }
            }
        }
        g
    }

    fn step(&self, at: &Point, scales: &Scales, exact: bool, factors: &mut Option<Ldl>) -> Option<Step> {
        let n = scales.count;
        let mut entries = self.jacobian(&at.v, scales);
        let size = n + self.rows.len();
        let bent = exact.then(|| self.hessian(at, scales, &entries)).and_then(|mut all| {
            let ldl = Ldl::new(size, &mut all, factors.take())?;
            (ldl.positive() == n).then_some(ldl)
        });
        let ldl = match bent {
            Some(ldl) => ldl,
            None => Ldl::new(size, &mut entries, factors.take())?,
        };
        let gradient = self.gradient(&at.v, &at.multipliers);
        let mut right = vec![0.0; size];
        for (i, free) in scales.free.iter().enumerate() {
            if let Some(k) = free {
                right[*k] = -gradient[i] * scales.variable[i];
            }
        }
        for r in 0..self.rows.len() {
            if let Some(soft) = self.rows[r] {
                let value = self.model.rows[r].value(&at.v).0 - soft * at.multipliers[r];
                right[n + r] = -value * scales.row[r];
            }
        }
        ldl.solve(&mut right);
        *factors = Some(ldl);
        if right.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let change: Vec<f64> = (scales.free.iter().zip(&scales.variable))
            .map(|(free, scale)| free.map_or(0.0, |k| right[k] * scale))
            .collect();
        let multipliers = (0..self.rows.len())
            .map(|r| {
                at.multipliers[r] + if self.rows[r].is_some() { right[n + r] * scales.row[r] } else { 0.0 }
            })
            .collect();
        let largest = right[..n].iter().fold(0.0_f64, |most, z| most.max(z.abs()));
        Some(Step { change, multipliers, largest })
    }

    fn jacobian(&self, v: &[f64], scales: &Scales) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for (i, free) in scales.free.iter().enumerate() {
            if let Some(k) = *free {
                entries.push((k, k, if self.weights[i] > 0.0 { 1.0 } else { PROXIMAL }));
            }
        }
        for (r, soft) in self.rows.iter().enumerate() {
            let at = scales.count + r;
            let Some(soft) = soft else {
                entries.push((at, at, -1.0));
                continue;
            };
            entries.push((at, at, -PROXIMAL - soft * scales.row[r].powi(2)));
            for (i, s) in self.model.rows[r].slope(v) {
                if let Some(k) = scales.free[i] {
                    entries.push((at, k, s * scales.row[r] * scales.variable[i]));
                }
            }
        }
        entries
    }

    fn hessian(&self, at: &Point, scales: &Scales, entries: &[Entry]) -> Vec<Entry> {
        let mut all = entries.to_vec();
        for (r, soft) in self.rows.iter().enumerate() {
            if soft.is_none() {
                continue;
            }
            for &(factor, f, x) in &self.model.rows[r].products {
                if let (Some(a), Some(b)) = (scales.free[f], scales.free[x]) {
                    let value = factor * at.multipliers[r] * scales.variable[f] * scales.variable[x];
                    all.push((a.max(b), a.min(b), value));
                }
            }
        }
        all
    }

    /// How much of a step is taken: all of it, unless objective and imbalance together get worse.
    fn damping(&self, at: &Point, step: &Step, scales: &Scales, cautious: bool) -> f64 {
        let price =
            step.multipliers.iter().zip(&scales.row).fold(1.0_f64, |most, (l, r)| most.max((l / r).abs()));
        let merit = |part: f64| {
            let v: Vec<f64> = at.v.iter().zip(&step.change).map(|(v, change)| v + part * change).collect();
            let pull: f64 =
                (0..v.len()).map(|i| 0.5 * self.weights[i] * (v[i] - self.targets[i]).powi(2)).sum();
            let off: f64 = (0..self.rows.len())
                .filter(|&r| self.rows[r] == Some(0.0))
                .map(|r| (self.model.rows[r].value(&v).0 * scales.row[r]).abs())
                .sum();
            pull + 1.5 * price * off
        };
        if step.largest < 0.5 {
            return 1.0;
        }
        let now = merit(0.0);
        let mut part = 1.0;
        for _ in 0..12 {
            if merit(part) <= now * (1.0 - 1e-4 * part) + 1e-12 {
                return part;
            }
            part *= 0.5;
        }
        if cautious { part } else { 1.0 }
    }
}
