//! The covariance of everything reconciled, without ever forming it.
//!
//! With G the independent rows on measured variables, Σ their variances and V = G Σ Gᵀ,
//! ```text
//! cov(a·v̂, b·v̂) = aᵀ Σ b − (G Σ a)ᵀ V⁻¹ (G Σ b)
//! ```
//! for any linear functions a and b of the measured; an observable unmeasured quantity is such a function.
//!
//! Source: Narasimhan & Jordache, Data Reconciliation and Gross Error Detection, 2000, chapters 3, 4 and 7.

use std::collections::BTreeMap;

use crate::blocks::Blocks;
use crate::model::Model;
use crate::reduce::Reduced;
use crate::sparse::{Entry, Ldl};

/// A difference of variances that is less than this part of them has lost digits that count.
const FEW_DIGITS: f64 = 1e-6;
/// Of the largest term of a sum.
const CANCELLED: f64 = 1e-11;

/// A linear function: factors of variables.
pub(crate) type Linear = Vec<(usize, f64)>;

/// All variances and covariances, by solving.
pub(crate) struct Covariance {
    /// Variance of each measured variable; 0 for others.
    pub variance: Vec<f64>,
    /// The column of each variable in G.
    pub columns: Vec<Vec<(usize, f64)>>,
    observed: BTreeMap<usize, Linear>,
    rows: usize,
    factors: Factors,
    /// The column of each row of the model: how it enters the rows of G.
    pub origins: Vec<Vec<(usize, f64)>>,
}

/// V, factored.
enum Factors {
    /// No rows, or none that can be factored.
    Nothing,
    /// With the scale of the rows.
    Sparse(Box<Ldl>, Vec<f64>),
    /// G is the Jacobian, V the blocks of the nodes.
    Blocks(Box<Blocks>),
}

impl Covariance {
    /// Of the fast path: every balance is a row of G.
    pub fn of_blocks(blocks: Blocks, model: &Model, v: &[f64], weights: &[f64]) -> Self {
        let mut columns = vec![Vec::new(); v.len()];
        for (r, row) in model.rows.iter().enumerate() {
            for (i, slope) in row.slope(v) {
                if weights[i] > 0.0 && slope != 0.0 {
                    columns[i].push((r, slope));
                }
            }
        }
        Covariance {
            variance: weights.iter().map(|&w| if w > 0.0 { w.recip() } else { 0.0 }).collect(),
            columns,
            observed: BTreeMap::new(),
            rows: model.rows.len(),
            factors: Factors::Blocks(Box::new(blocks)),
            origins: (0..model.rows.len()).map(|r| vec![(r, 1.0)]).collect(),
        }
    }

    /// From what the elimination left; `weights` are 1/variance.
    pub fn new(reduced: &Reduced, weights: &[f64], model_rows: usize) -> Self {
        let variance: Vec<f64> = weights.iter().map(|&w| if w > 0.0 { w.recip() } else { 0.0 }).collect();
        let columns = turned(&reduced.rows, weights.len());
        let origins = turned(&reduced.made_of, model_rows);
        let n = reduced.rows.len();
        let mut diagonal = vec![0.0; n];
        for (i, column) in columns.iter().enumerate() {
            column.iter().for_each(|&(r, g)| diagonal[r] += g * g * variance[i]);
        }
        let scale: Vec<f64> =
            diagonal.iter().map(|&d| if d > 0.0 { d.sqrt().recip() } else { 1.0 }).collect();
        let mut entries: Vec<Entry> = Vec::new();
        for (i, column) in columns.iter().enumerate() {
            for (k, &(r, g)) in column.iter().enumerate() {
                for &(q, h) in &column[..=k] {
                    entries.push((r.max(q), r.min(q), g * h * variance[i] * scale[r] * scale[q]));
                }
            }
        }
        let ldl = if n > 0 { Ldl::new(n, &mut entries, None) } else { None };
        let factors = ldl.map_or(Factors::Nothing, |ldl| Factors::Sparse(Box::new(ldl), scale));
        Covariance { variance, columns, observed: reduced.observed.clone(), rows: n, factors, origins }
    }

    /// How many independent rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// V⁻¹ of one or more right sides.
    pub fn solve(&self, right: &mut [f64]) {
        let n = self.rows;
        match &self.factors {
            Factors::Nothing => {}
            Factors::Sparse(factors, scale) => {
                right.iter_mut().enumerate().for_each(|(at, value)| *value *= scale[at % n]);
                factors.solve(right);
                right.iter_mut().enumerate().for_each(|(at, value)| *value *= scale[at % n]);
            }
            Factors::Blocks(blocks) => right.chunks_exact_mut(n).for_each(|one| blocks.solve_rows(one)),
        }
    }

    /// sᵀ V⁻¹ s of many sparse vectors.
    pub fn quadratic(&self, vectors: &[&[(usize, f64)]]) -> Vec<f64> {
        let n = self.rows;
        let mut found = Vec::with_capacity(vectors.len());
        for group in vectors.chunks(32) {
            let mut right = vec![0.0; n * group.len()];
            for (k, vector) in group.iter().enumerate() {
                vector.iter().for_each(|&(r, value)| right[k * n + r] += value);
            }
            self.solve(&mut right);
            for (k, vector) in group.iter().enumerate() {
                found.push(vector.iter().map(|&(r, value)| value * right[k * n + r]).sum());
            }
        }
        found
    }

    /// A function in measured variables only; none when it hangs on what is unobservable.
    pub fn in_measured(&self, function: &[(usize, f64)], held: &[bool]) -> Option<Linear> {
        let mut sum: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let mut put = |i: usize, value: f64| {
            let entry = sum.entry(i).or_default();
            *entry = (entry.0 + value, entry.1.max(value.abs()));
        };
        for &(i, factor) in function {
            if factor == 0.0 || held[i] {
                continue;
            } else if self.variance[i] > 0.0 {
                put(i, factor);
            } else {
                let line = self.observed.get(&i)?;
                line.iter().for_each(|&(j, value)| put(j, factor * value));
            }
        }
        // what is left of terms that cancel is nothing
        let kept = sum.into_iter().filter(|(_, (value, size))| value.abs() > CANCELLED * size);
        Some(kept.map(|(i, (value, _))| (i, value)).collect())
    }

    /// G Σ a of a function in measured variables.
    pub fn carried(&self, function: &[(usize, f64)]) -> Linear {
        let mut sum: BTreeMap<usize, f64> = BTreeMap::new();
        for &(i, factor) in function {
            for &(r, g) in &self.columns[i] {
                *sum.entry(r).or_default() += g * self.variance[i] * factor;
            }
        }
        sum.into_iter().collect()
    }

    /// The covariance of two functions in measured variables.
    pub fn of(&self, a: &[(usize, f64)], b: &[(usize, f64)]) -> f64 {
        let other: BTreeMap<usize, f64> = b.iter().copied().collect();
        let prior: f64 = a.iter().filter_map(|&(i, f)| Some(f * self.variance[i] * other.get(&i)?)).sum();
        let mut right = vec![0.0; self.rows()];
        self.carried(a).iter().for_each(|&(r, value)| right[r] += value);
        self.solve(&mut right);
        prior - self.carried(b).iter().map(|&(r, value)| value * right[r]).sum::<f64>()
    }

    /// How far a function in measured variables moves when each measurement moves by 1.
    pub fn sensitivity(&self, function: &[(usize, f64)]) -> Vec<f64> {
        let mut sensitivity = vec![0.0; self.variance.len()];
        function.iter().for_each(|&(i, factor)| sensitivity[i] += factor);
        let mut right = vec![0.0; self.rows()];
        self.carried(function).iter().for_each(|&(r, value)| right[r] += value);
        self.solve(&mut right);
        for (i, column) in self.columns.iter().enumerate() {
            sensitivity[i] -= column.iter().map(|&(r, g)| g * right[r]).sum::<f64>();
        }
        sensitivity
    }

    /// The variance of a function in measured variables.
    pub fn variance_of(&self, function: &[(usize, f64)]) -> f64 {
        let prior: f64 = function.iter().map(|&(i, f)| f * f * self.variance[i]).sum();
        let variance = self.variances(&[function.to_vec()])[0];
        if variance > FEW_DIGITS * prior {
            return variance;
        }
        // what is left of a far larger one has its digits in the squares, not in the difference
        let squares = self.sensitivity(function).into_iter().zip(&self.variance);
        some(squares.map(|(s, variance)| s * s * variance).sum(), prior)
    }

    /// The variances of many functions in measured variables.
    pub fn variances(&self, functions: &[Linear]) -> Vec<f64> {
        let carried: Vec<Linear> = functions.iter().map(|function| self.carried(function)).collect();
        let views: Vec<&[(usize, f64)]> = carried.iter().map(Vec::as_slice).collect();
        let gained = self.quadratic(&views);
        (functions.iter().zip(gained))
            .map(|(function, gained)| {
                let prior: f64 = function.iter().map(|&(i, f)| f * f * self.variance[i]).sum();
                left(prior, gained)
            })
            .collect()
    }
}

/// What is left of a variance; what is nothing but the rounding of the difference is none.
pub(crate) fn left(prior: f64, gained: f64) -> f64 {
    some(prior - gained, prior)
}

/// What is left of a variance, unless it is nothing but a rounding.
pub(crate) fn some(left: f64, prior: f64) -> f64 {
    if left > 1e-13 * prior { left } else { 0.0 }
}

fn turned(rows: &[Linear], columns: usize) -> Vec<Vec<(usize, f64)>> {
    let mut turned = vec![Vec::new(); columns];
    for (r, row) in rows.iter().enumerate() {
        row.iter().for_each(|&(i, value)| turned[i].push((r, value)));
    }
    turned
}
