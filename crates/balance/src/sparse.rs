//! A sparse symmetric matrix factored as L·D·Lᵀ by `faer`, ordered by approximate minimum degree.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::sparse::linalg::SupernodalThreshold;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LdltRef, SymbolicCholesky, SymbolicCholeskyRaw, SymmetricOrdering,
    factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, MatMut, Par, Side};

/// An entry of the lower triangle: row, column, value. Several of one place are added up.
pub(crate) type Entry = (usize, usize, f64);

/// The factors.
pub(crate) struct Ldl {
    symbolic: SymbolicCholesky<usize>,
    values: Vec<f64>,
    starts: Vec<usize>,
    rows: Vec<usize>,
}

impl Ldl {
    /// Factors an n × n matrix; none when a pivot vanishes. Reuses the ordering of an earlier one of the same
    /// pattern.
    pub fn new(n: usize, entries: &mut [Entry], earlier: Option<Ldl>) -> Option<Self> {
        let (starts, rows, entry_values) = compress(n, entries);
        let pattern = SymbolicSparseColMatRef::new_checked(n, n, &starts, None, &rows);
        let symbolic = match earlier {
            Some(old) if old.starts == starts && old.rows == rows => old.symbolic,
            _ => {
                let params = CholeskySymbolicParams {
                    supernodal_flop_ratio_threshold: SupernodalThreshold::FORCE_SIMPLICIAL,
                    ..Default::default()
                };
                factorize_symbolic_cholesky(pattern, Side::Lower, SymmetricOrdering::Amd, params).ok()?
            }
        };
        let mut values = vec![0.0; symbolic.len_val()];
        let scratch = symbolic.factorize_numeric_ldlt_scratch::<f64>(Par::Seq, Default::default());
        symbolic
            .factorize_numeric_ldlt(
                &mut values,
                SparseColMatRef::new(pattern, &entry_values),
                Side::Lower,
                Default::default(),
                Par::Seq,
                MemStack::new(&mut MemBuffer::new(scratch)),
                Default::default(),
            )
            .ok()?;
        if values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        Some(Ldl { symbolic, values, starts, rows })
    }

    /// How many pivots are above zero.
    pub fn positive(&self) -> usize {
        match self.symbolic.raw() {
            SymbolicCholeskyRaw::Simplicial(raw) => {
                raw.col_ptr()[..raw.ncols()].iter().filter(|&&at| self.values[at] > 0.0).count()
            }
            SymbolicCholeskyRaw::Supernodal(_) => 0,
        }
    }

    /// Solves in place; `right` holds one or more columns of n.
    pub fn solve(&self, right: &mut [f64]) {
        let n = self.symbolic.nrows();
        let columns = right.len() / n.max(1);
        let scratch = self.symbolic.solve_in_place_scratch::<f64>(columns, Par::Seq);
        LdltRef::new(&self.symbolic, &self.values).solve_in_place_with_conj(
            Conj::No,
            MatMut::from_column_major_slice_mut(right, n, columns),
            Par::Seq,
            MemStack::new(&mut MemBuffer::new(scratch)),
        );
    }
}

fn compress(n: usize, entries: &mut [Entry]) -> (Vec<usize>, Vec<usize>, Vec<f64>) {
    entries.sort_unstable_by_key(|&(row, column, _)| (column, row));
    let (mut starts, mut rows, mut values) = (vec![0; n + 1], Vec::new(), Vec::<f64>::new());
    let mut last = None;
    for &(row, column, value) in entries.iter() {
        if last == Some((row, column)) {
            if let Some(sum) = values.last_mut() {
                *sum += value;
            }
            continue;
        }
        last = Some((row, column));
        rows.push(row);
        values.push(value);
        starts[column + 1] += 1;
    }
    for column in 0..n {
        starts[column + 1] += starts[column];
    }
    (starts, rows, values)
}
