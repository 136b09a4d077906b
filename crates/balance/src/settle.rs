//! One reconciliation with its statistics: what every test, elimination and answer is made from.

use crate::Class;
use crate::blocks::Blocks;
use crate::covariance::{Covariance, Linear, left};
use crate::model::{Model, Statement};
use crate::newton::Point;
use crate::reduce::{Reduced, reduce};
use crate::search::{objective, reaches, search};

/// Of a measurement's variance: where the adjustment has less, the balances say nothing of it that its
/// rounding does not hide. A bias would show from 10⁵ deviations on.
const HARDLY: f64 = 1e-10;

/// What takes part.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// 1/sd² of each variable; 0 when unmeasured or taken out.
    pub weights: Vec<f64>,
    /// The measured values.
    pub targets: Vec<f64>,
    /// Rows that are taken out.
    pub off: Vec<bool>,
}

/// A reconciliation.
pub(crate) struct Settled {
    pub part: Part,
    pub point: Point,
    /// Variables that stay: fixed, or at a bound.
    pub held: Vec<bool>,
    pub at_bound: Vec<bool>,
    pub reduced: Reduced,
    pub covariance: Covariance,
    pub class: Vec<Class>,
    /// None when unobservable.
    pub sd: Vec<Option<f64>>,
    /// Of the adjustment; 0 when the balances say nothing.
    pub adjustment_variance: Vec<f64>,
    /// Of each row of the model: the multiplier in V⁻¹ and its variance.
    pub leak: Vec<Option<(f64, f64)>>,
    pub objective: f64,
    pub dof: usize,
}

impl Part {
    /// Everything that was given.
    pub fn whole(model: &Model) -> Self {
        Part {
            weights: model.variables.iter().map(|variable| variable.weight()).collect(),
            targets: (model.variables.iter())
                .map(|variable| variable.measured.map_or(0.0, |(value, _)| value))
                .collect(),
            off: model.rows.iter().map(|row| row.implied).collect(),
        }
    }
}

impl Settled {
    /// Reconciles; `from` is where to start, when something near is known.
    pub fn new(model: &Model, part: Part, from: Option<&[f64]>) -> Self {
        Settled::within(model, part, from, None)
    }

    /// Reconciles what cannot end above `limit`; where it does, it did not converge.
    pub fn within(model: &Model, part: Part, from: Option<&[f64]>, limit: Option<f64>) -> Self {
        if let Some((blocks, point)) = Blocks::solve(model, &part, true)
            && limit.is_none_or(|limit| reaches(objective(&part, &point.v), limit))
        {
            return Settled::of_blocks(model, part, blocks, point);
        }
        let (mut point, at_bound) = search(model, &part, from, limit);
        point.converged &= limit.is_none_or(|limit| reaches(objective(&part, &point.v), limit));
        let held: Vec<bool> = (model.variables.iter().zip(&at_bound))
            .map(|(variable, at)| variable.fixed.is_some() || *at)
            .collect();
        let measured: Vec<bool> = part.weights.iter().map(|&w| w > 0.0).collect();
        let reduced = reduce(model, &point.v, &held, &measured, &part.off);
        let covariance = Covariance::new(&reduced, &part.weights, model.rows.len());
        let mut settled = Settled::bare(model, part, point, (held, at_bound), reduced, covariance);
        settled.dof = settled.reduced.rows.len();
        settled.classify(model);
        settled.spread();
        settled.unchanged();
        settled.leaks(model);
        settled
    }

    /// What the balances say nothing of is returned as it was measured, to the last digit.
    fn unchanged(&mut self) {
        for i in (0..self.held.len()).filter(|&i| self.class[i] == Class::NonRedundant && !self.held[i]) {
            self.objective -= self.part.weights[i] * (self.point.v[i] - self.part.targets[i]).powi(2);
            self.point.v[i] = self.part.targets[i];
        }
        self.objective = self.objective.max(0.0);
    }

    fn bare(
        model: &Model,
        part: Part,
        point: Point,
        (held, at_bound): (Vec<bool>, Vec<bool>),
        reduced: Reduced,
        covariance: Covariance,
    ) -> Self {
        let off = |i: usize| part.weights[i] * (point.v[i] - part.targets[i]).powi(2);
        Settled {
            class: vec![Class::Fixed; held.len()],
            sd: vec![None; held.len()],
            adjustment_variance: vec![0.0; held.len()],
            leak: vec![None; model.rows.len()],
            dof: 0,
            objective: (0..part.weights.len()).map(off).sum(),
            part,
            point,
            held,
            at_bound,
            reduced,
            covariance,
        }
    }

    /// The fast path: every balance is independent, everything that enters one is redundant.
    fn of_blocks(model: &Model, part: Part, blocks: Blocks, point: Point) -> Self {
        let held: Vec<bool> = model.variables.iter().map(|variable| variable.fixed.is_some()).collect();
        let spread = blocks.spread(model, &point.v);
        let covariance = Covariance::of_blocks(blocks, model, &point.v, &part.weights);
        let at_bound = vec![false; held.len()];
        let mut settled = Settled::bare(model, part, point, (held, at_bound), Reduced::default(), covariance);
        settled.dof = model.rows.len();
        settled.classify(model);
        for i in 0..settled.held.len() {
            let variance = settled.covariance.variance[i];
            let redundant = settled.class[i] == Class::Redundant;
            let gained = if redundant { variance * variance * spread.quadratic[i].max(0.0) } else { 0.0 };
            settled.adjustment_variance[i] = gained;
            settled.sd[i] = Some(left(variance, gained).sqrt());
        }
        settled.leak = settled.multipliers().into_iter().zip(spread.diagonal).map(Some).collect();
        settled
    }

    /// V⁻¹ G (m − v): the multipliers of the rows of G.
    pub fn multipliers(&self) -> Vec<f64> {
        let mut right = vec![0.0; self.covariance.rows()];
        for (i, column) in self.covariance.columns.iter().enumerate() {
            let adjustment = self.part.targets[i] - self.point.v[i];
            column.iter().for_each(|&(r, g)| right[r] += g * adjustment);
        }
        self.covariance.solve(&mut right);
        right
    }

    fn classify(&mut self, model: &Model) {
        for i in 0..self.held.len() {
            let redundant = !self.covariance.columns[i].is_empty();
            self.class[i] = if model.variables[i].fixed.is_some() {
                Class::Fixed
            } else if self.part.weights[i] > 0.0 {
                if redundant || self.at_bound[i] { Class::Redundant } else { Class::NonRedundant }
            } else if self.reduced.unobservable.contains(&i) {
                Class::Unobservable
            } else {
                Class::Observable
            };
        }
    }

    fn spread(&mut self) {
        let functions: Vec<Option<Linear>> =
            (0..self.held.len()).map(|i| self.covariance.in_measured(&[(i, 1.0)], &self.held)).collect();
        let adjusted: Vec<usize> = (0..self.held.len())
            .filter(|&i| !self.held[i] && !self.covariance.columns[i].is_empty())
            .collect();
        let views: Vec<&[(usize, f64)]> =
            adjusted.iter().map(|&i| self.covariance.columns[i].as_slice()).collect();
        for (&i, quadratic) in adjusted.iter().zip(self.covariance.quadratic(&views)) {
            let variance = self.covariance.variance[i];
            let gained = variance * variance * quadratic.max(0.0);
            if gained > HARDLY * variance {
                self.adjustment_variance[i] = gained;
            } else if self.class[i] == Class::Redundant {
                self.class[i] = Class::NonRedundant;
            }
        }
        for i in 0..self.held.len() {
            let (variance, gained) = (self.covariance.variance[i], self.adjustment_variance[i]);
            self.sd[i] = match self.class[i] {
                Class::Unobservable => None,
                _ if self.held[i] => Some(0.0),
                Class::Redundant | Class::NonRedundant => Some(left(variance, gained).sqrt()),
                _ => None,
            };
        }
        let observed: Vec<usize> =
            (0..self.held.len()).filter(|&i| self.class[i] == Class::Observable && !self.held[i]).collect();
        let lines: Vec<Linear> = observed.iter().map(|&i| functions[i].clone().unwrap_or_default()).collect();
        for (&i, variance) in observed.iter().zip(self.covariance.variances(&lines)) {
            self.sd[i] = Some(variance.sqrt());
        }
    }

    fn leaks(&mut self, model: &Model) {
        let right = self.multipliers();
        let rows: Vec<usize> = (0..model.rows.len())
            .filter(|&r| matches!(model.rows[r].what, Statement::Balance { .. }))
            .filter(|&r| !self.covariance.origins[r].is_empty())
            .collect();
        let views: Vec<&[(usize, f64)]> =
            rows.iter().map(|&r| self.covariance.origins[r].as_slice()).collect();
        for (&r, variance) in rows.iter().zip(self.covariance.quadratic(&views)) {
            let pull: f64 = self.covariance.origins[r].iter().map(|&(k, e)| e * right[k]).sum();
            if variance > 0.0 {
                self.leak[r] = Some((pull, variance));
            }
        }
    }

    /// |adjustment| over its standard deviation; none when the balances say nothing of it.
    pub fn measurement_test(&self, i: usize) -> Option<f64> {
        let variance = self.adjustment_variance[i];
        let measured = self.part.weights[i] > 0.0 && !self.held[i] && variance > 0.0;
        let test = measured.then(|| (self.point.v[i] - self.part.targets[i]).abs() / variance.sqrt());
        // no likelihood ratio is above the whole objective: what is, is a rounding
        test.filter(|z| reaches(z * z, self.objective))
    }

    /// The multiplier of a row in V⁻¹ and its variance, where it is more than a rounding.
    pub fn leak(&self, r: usize) -> Option<(f64, f64)> {
        self.leak[r].filter(|(pull, variance)| reaches(pull * pull / variance, self.objective))
    }

    /// How many measurements can be tested.
    pub fn testable(&self) -> usize {
        (0..self.held.len()).filter(|&i| self.measurement_test(i).is_some()).count()
    }
}
