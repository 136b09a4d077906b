//! Cholesky of a block matrix, solving with it, and the part of its inverse that lies on the pattern.
//!
//! Source of the selected inverse: Takahashi, Fagan & Chin, 8th PICA Conference, 1973; Erisman & Tinney, CACM
//! 18 (1975) 177.

use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, MatMut, MatRef, Par};

use super::pattern::Pattern;

/// Below this, relative to the diagonal, a pivot is nothing.
const NOTHING: f64 = 1e-12;

/// Values on a pattern: a matrix, then its factor.
#[derive(Debug, Clone)]
pub(super) struct Panels {
    pub values: Vec<f64>,
}

impl Panels {
    pub fn new(pattern: &Pattern) -> Self {
        Panels { values: vec![0.0; pattern.len] }
    }

    /// Factors in place. False when a pivot vanishes.
    pub fn factor(&mut self, pattern: &Pattern, work: &mut Vec<f64>) -> bool {
        let b = pattern.b;
        let diagonal: Vec<f64> = (0..pattern.start.len())
            .flat_map(|k| (0..b).map(move |j| pattern.start[k] + j * pattern.height(k) + j))
            .map(|at| self.values[at])
            .collect();
        for k in 0..pattern.start.len() {
            let (start, height) = (pattern.start[k], pattern.height(k));
            let panel = &mut self.values[start..start + height * b];
            if !eliminate(panel, height, b, &diagonal[k * b..(k + 1) * b]) {
                return false;
            }
            self.update(pattern, k, work);
        }
        true
    }

    /// Takes column k's outer product from the columns to come.
    fn update(&mut self, pattern: &Pattern, k: usize, work: &mut Vec<f64>) {
        let (b, height) = (pattern.b, pattern.height(k));
        let rest = height - b;
        if rest == 0 {
            return;
        }
        work.resize(rest * rest, 0.0);
        let start = pattern.start[k];
        let panel = MatRef::from_column_major_slice(&self.values[start..start + height * b], height, b);
        let lower = panel.subrows(b, rest);
        let product = MatMut::from_column_major_slice_mut(work, rest, rest);
        // only the lower half is read
        triangular::matmul(
            product,
            BlockStructure::TriangularLower,
            Accum::Replace,
            lower,
            BlockStructure::Rectangular,
            lower.transpose(),
            BlockStructure::Rectangular,
            1.0,
            Par::Seq,
        );
        let mut targets = pattern.targets[k].iter();
        for (j, &column) in pattern.below[k].iter().enumerate() {
            let stride = pattern.height(column);
            for (i, &at) in (j..pattern.below[k].len()).zip(targets.by_ref()) {
                for c in 0..b {
                    let from = &work[(j * b + c) * rest + i * b..][..b];
                    let to = &mut self.values[at + c * stride..][..b];
                    to.iter_mut().zip(from).for_each(|(to, from)| *to -= from);
                }
            }
        }
    }

    /// Solves with the factor, in place; the right side by node.
    pub fn solve(&self, pattern: &Pattern, right: &mut [f64]) {
        let (b, n) = (pattern.b, pattern.start.len());
        let mut x = vec![0.0; right.len()];
        for (node, &at) in pattern.place.iter().enumerate() {
            x[at * b..(at + 1) * b].copy_from_slice(&right[node * b..(node + 1) * b]);
        }
        for k in 0..n {
            for j in 0..b {
                let (column, height) = self.column(pattern, k, j);
                let pivot = x[k * b + j] / column[j];
                x[k * b + j] = pivot;
                for i in j + 1..b {
                    x[k * b + i] -= column[i] * pivot;
                }
                for (part, &row) in column[b..height].chunks_exact(b).zip(&pattern.below[k]) {
                    let to = &mut x[row * b..(row + 1) * b];
                    to.iter_mut().zip(part).for_each(|(to, value)| *to -= value * pivot);
                }
            }
        }
        for k in (0..n).rev() {
            for j in (0..b).rev() {
                let (column, height) = self.column(pattern, k, j);
                let mut sum = x[k * b + j];
                for i in j + 1..b {
                    sum -= column[i] * x[k * b + i];
                }
                for (part, &row) in column[b..height].chunks_exact(b).zip(&pattern.below[k]) {
                    let from = &x[row * b..(row + 1) * b];
                    sum -= from.iter().zip(part).map(|(from, value)| from * value).sum::<f64>();
                }
                x[k * b + j] = sum / column[j];
            }
        }
        for (node, &at) in pattern.place.iter().enumerate() {
            right[node * b..(node + 1) * b].copy_from_slice(&x[at * b..(at + 1) * b]);
        }
    }

    fn column(&self, pattern: &Pattern, k: usize, j: usize) -> (&[f64], usize) {
        let height = pattern.height(k);
        (&self.values[pattern.start[k] + j * height..][..height], height)
    }

    /// The blocks of the inverse that lie on the pattern; the upper half of diagonal blocks too.
    pub fn inverse(&self, pattern: &Pattern) -> Panels {
        let b = pattern.b;
        let mut inverse = Panels::new(pattern);
        let (mut around, mut scaled, mut product) = (Vec::new(), Vec::new(), Vec::new());
        let mut small = vec![0.0; b * b];
        for k in (0..pattern.start.len()).rev() {
            let height = pattern.height(k);
            let rest = height - b;
            let panel = &self.values[pattern.start[k]..][..height * b];
            own_inverse(panel, height, b, &mut small);
            if rest > 0 {
                gather(&inverse, pattern, k, rest, &mut around);
                scaled.resize(rest * b, 0.0);
                right_solve(panel, height, b, &mut scaled);
                product.resize(rest * b, 0.0);
                matmul(
                    MatMut::from_column_major_slice_mut(&mut product, rest, b),
                    Accum::Replace,
                    MatRef::from_column_major_slice(&around, rest, rest),
                    MatRef::from_column_major_slice(&scaled, rest, b),
                    -1.0,
                    Par::Seq,
                );
                matmul(
                    MatMut::from_column_major_slice_mut(&mut small, b, b),
                    Accum::Add,
                    MatRef::from_column_major_slice(&scaled, rest, b).transpose(),
                    MatRef::from_column_major_slice(&product, rest, b),
                    -1.0,
                    Par::Seq,
                );
            }
            for j in 0..b {
                let to = &mut inverse.values[pattern.start[k] + j * height..][..height];
                to[..b].copy_from_slice(&small[j * b..(j + 1) * b]);
                to[b..].copy_from_slice(&product[j * rest..(j + 1) * rest]);
            }
            product.clear();
        }
        inverse
    }
}

/// Cholesky of the diagonal block, and the rows below divided by it.
fn eliminate(panel: &mut [f64], height: usize, b: usize, diagonal: &[f64]) -> bool {
    for j in 0..b {
        let (left, right) = panel.split_at_mut((j + 1) * height);
        let column = &mut left[j * height..];
        let pivot = column[j];
        let sound = pivot > NOTHING * diagonal[j];
        if !sound {
            return false;
        }
        let factor = pivot.sqrt().recip();
        column[j..].iter_mut().for_each(|value| *value *= factor);
        for (c, other) in right.chunks_exact_mut(height).enumerate() {
            let at = j + 1 + c;
            let factor = column[at];
            other[at..].iter_mut().zip(&column[at..]).for_each(|(to, from)| *to -= factor * from);
        }
    }
    true
}

/// L⁻ᵀ L⁻¹ of the diagonal block.
fn own_inverse(panel: &[f64], height: usize, b: usize, out: &mut [f64]) {
    let mut l = vec![0.0; b * b];
    for j in 0..b {
        l[j * b + j] = panel[j * height + j].recip();
        for i in j + 1..b {
            let sum: f64 = (j..i).map(|k| panel[k * height + i] * l[j * b + k]).sum();
            l[j * b + i] = -sum / panel[i * height + i];
        }
    }
    for j in 0..b {
        for i in 0..b {
            out[j * b + i] = (i.max(j)..b).map(|k| l[i * b + k] * l[j * b + k]).sum();
        }
    }
}

/// The rows below times the inverse of the diagonal block.
fn right_solve(panel: &[f64], height: usize, b: usize, out: &mut [f64]) {
    let rest = height - b;
    for j in (0..b).rev() {
        let (front, back) = out.split_at_mut((j + 1) * rest);
        let column = &mut front[j * rest..];
        column.copy_from_slice(&panel[j * height + b..(j + 1) * height]);
        for (k, done) in back.chunks_exact(rest).enumerate() {
            let factor = panel[j * height + j + 1 + k];
            column.iter_mut().zip(done).for_each(|(to, from)| *to -= factor * from);
        }
        let pivot = panel[j * height + j].recip();
        column.iter_mut().for_each(|value| *value *= pivot);
    }
}

/// The inverse among the rows below column k, whole.
fn gather(inverse: &Panels, pattern: &Pattern, k: usize, rest: usize, out: &mut Vec<f64>) {
    let b = pattern.b;
    out.resize(rest * rest, 0.0);
    let mut targets = pattern.targets[k].iter();
    for (j, &column) in pattern.below[k].iter().enumerate() {
        let stride = pattern.height(column);
        for (i, &at) in (j..pattern.below[k].len()).zip(targets.by_ref()) {
            for c in 0..b {
                let from = &inverse.values[at + c * stride..][..b];
                out[(j * b + c) * rest + i * b..][..b].copy_from_slice(from);
                for (r, value) in from.iter().enumerate() {
                    out[(i * b + r) * rest + j * b + c] = *value;
                }
            }
        }
    }
}
