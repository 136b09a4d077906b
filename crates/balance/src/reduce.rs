//! The unmeasured are eliminated from the balances: what is left says what is redundant, and what determines
//! the rest.
//!
//! Crowe's matrix projection by sparse Gauss elimination with Markowitz pivots: rows and columns are first
//! brought to size 1, so that the rank tolerance is relative to the columns' norms. A row that vanishes is a
//! balance that follows from others. Of a bilinear problem this is done on the Jacobian at the solution.
//!
//! Source: Crowe, Campos & Hrymak, AIChE J. 29 (1983) 881; Mah, Chemical Process Structures, 1990, ch. 8.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Model;

/// Below this, in a matrix of columns and rows of size 1, an entry is nothing.
pub(crate) const NOTHING: f64 = 1e-9;

type Line = Vec<(usize, f64)>;

/// What remains.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reduced {
    /// Independent rows on measured variables only.
    pub rows: Vec<Line>,
    /// Of which rows of the model each is made, and with which factors.
    pub made_of: Vec<Line>,
    /// What determines an observable variable: factors of measured ones.
    pub observed: BTreeMap<usize, Line>,
    /// Unmeasured variables that nothing determines.
    pub unobservable: BTreeSet<usize>,
    /// Rows of the model that follow from others.
    pub dependent: Vec<usize>,
    /// Whether something was so near the tolerance that the rank may hang on a rounding.
    pub border: bool,
}

/// Within a factor of ten of the tolerance.
fn near(size: f64) -> bool {
    size > 0.1 * NOTHING && size < 10.0 * NOTHING
}

/// Eliminates. `free` are the variables that may move, `measured` those with a weight.
pub(crate) fn reduce(model: &Model, v: &[f64], held: &[bool], measured: &[bool], off: &[bool]) -> Reduced {
    let used: Vec<usize> = (0..model.rows.len()).filter(|&r| !off[r]).collect();
    let mut lines: Vec<Line> = (used.iter())
        .map(|&r| model.rows[r].slope(v).into_iter().filter(|&(i, _)| !held[i]).collect())
        .collect();
    let own = |i: usize| model.own_size(i, v[i]);
    let (row_scale, column_scale) = equilibrate(&mut lines, (0..v.len()).map(own).collect());
    let history = (0..used.len()).map(|k| vec![(k, 1.0)]).collect();
    let unmeasured: Vec<usize> = (0..v.len()).filter(|&i| !held[i] && !measured[i]).collect();
    let mut work = Work::new(lines, history, v.len());
    let pivots = work.eliminate(&unmeasured);
    let mut reduced = Reduced::default();
    express(&work, &pivots, &unmeasured, measured, &column_scale, &mut reduced);
    let left: Vec<usize> = work.active();
    let mut second = Work::new(
        left.iter().map(|&k| keep(&work.lines[k], measured)).collect(),
        vec![Vec::new(); left.len()],
        v.len(),
    );
    let all: Vec<usize> = (0..v.len()).filter(|&i| measured[i] && !held[i]).collect();
    second.eliminate(&all);
    reduced.border = work.border || second.border;
    for (k, &line) in left.iter().enumerate() {
        if second.alive[k] {
            reduced.dependent.push(used[line]);
            continue;
        }
        let kept = keep(&work.lines[line], measured);
        reduced.rows.push(kept.into_iter().map(|(i, value)| (i, value / column_scale[i])).collect());
        let made = work.history[line].iter().map(|&(k, value)| (used[k], value * row_scale[k])).collect();
        reduced.made_of.push(made);
    }
    reduced
}

fn keep(line: &Line, measured: &[bool]) -> Line {
    line.iter().copied().filter(|&(i, value)| measured[i] && value.abs() > NOTHING).collect()
}

/// Brings rows and columns to a largest entry of about 1, beginning with what each column's own size makes of
/// its rows: so the end does not depend on the units in which it began.
fn equilibrate(lines: &mut [Line], own: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    let (mut row_scale, columns) = (vec![1.0; lines.len()], own.len());
    let mut column_scale = own;
    for line in lines.iter_mut() {
        line.iter_mut().for_each(|(i, value)| *value *= column_scale[*i]);
    }
    for pass in 0..6 {
        let mut most = vec![0.0_f64; columns];
        for (line, scale) in lines.iter_mut().zip(&mut row_scale) {
            let size = line.iter().fold(0.0_f64, |most, (_, value)| most.max(value.abs()));
            // at first and at last the whole of it
            let part = if pass == 5 { size } else { size.sqrt() };
            let factor = if size > 0.0 { part.recip() } else { 1.0 };
            *scale *= factor;
            for (i, value) in line.iter_mut() {
                *value *= factor;
                most[*i] = most[*i].max(value.abs());
            }
        }
        if pass == 5 {
            break;
        }
        for line in lines.iter_mut() {
            for (i, value) in line.iter_mut() {
                *value /= most[*i].sqrt().max(f64::MIN_POSITIVE);
            }
        }
        for (scale, most) in column_scale.iter_mut().zip(&most) {
            if *most > 0.0 {
                *scale /= most.sqrt();
            }
        }
    }
    (row_scale, column_scale)
}

/// What the pivots say of each unmeasured variable, in unscaled variables.
fn express(
    work: &Work,
    pivots: &[(usize, usize)],
    unmeasured: &[usize],
    measured: &[bool],
    scale: &[f64],
    reduced: &mut Reduced,
) {
    let mut known: BTreeMap<usize, Line> = BTreeMap::new();
    let pivoted: BTreeSet<usize> = pivots.iter().map(|&(column, _)| column).collect();
    reduced.unobservable.extend(unmeasured.iter().filter(|column| !pivoted.contains(column)));
    for &(column, row) in pivots.iter().rev() {
        // each entry with the size of the largest that went into it: what is a rounding of these is nothing
        let mut sum: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let mut put = |i: usize, value: f64| {
            let entry = sum.entry(i).or_default();
            *entry = (entry.0 + value, entry.1.max(value.abs()));
        };
        let mut pivot = 1.0;
        for &(i, value) in &work.lines[row] {
            if i == column {
                pivot = value;
            } else if let Some(line) = known.get(&i) {
                line.iter().for_each(|&(j, factor)| put(j, value * factor));
            } else {
                put(i, value);
            }
        }
        let line: Line = (sum.into_iter())
            .filter(|(_, (value, size))| value.abs() > NOTHING * size)
            .map(|(i, (value, _))| (i, -value / pivot))
            .collect();
        if line.iter().any(|&(i, _)| !measured[i]) {
            reduced.unobservable.insert(column);
        }
        known.insert(column, line);
    }
    for (column, line) in known {
        if !reduced.unobservable.contains(&column) {
            let line = line.into_iter().map(|(i, value)| (i, value * scale[column] / scale[i])).collect();
            reduced.observed.insert(column, line);
        }
    }
}

struct Work {
    lines: Vec<Line>,
    history: Vec<Line>,
    alive: Vec<bool>,
    /// Rows that may hold a column; some of them no more.
    holders: Vec<Vec<usize>>,
    border: bool,
}

impl Work {
    fn new(lines: Vec<Line>, history: Vec<Line>, columns: usize) -> Self {
        let mut holders = vec![Vec::new(); columns];
        for (row, line) in lines.iter().enumerate() {
            line.iter().for_each(|&(i, _)| holders[i].push(row));
        }
        Work { alive: vec![true; lines.len()], lines, history, holders, border: false }
    }

    fn active(&self) -> Vec<usize> {
        (0..self.lines.len()).filter(|&row| self.alive[row]).collect()
    }

    fn entry(&self, row: usize, column: usize) -> f64 {
        let line = &self.lines[row];
        line.binary_search_by_key(&column, |&(i, _)| i).map_or(0.0, |at| line[at].1)
    }

    /// Eliminates columns, the one with the fewest rows first. Gives (column, row) of each pivot, in order.
    fn eliminate(&mut self, columns: &[usize]) -> Vec<(usize, usize)> {
        let mut queue: BTreeSet<(usize, usize)> =
            columns.iter().map(|&column| (self.holders[column].len(), column)).collect();
        let mut pivots = Vec::new();
        while let Some((count, column)) = queue.pop_first() {
            let mut holders = std::mem::take(&mut self.holders[column]);
            holders.sort_unstable();
            holders.dedup();
            holders.retain(|&row| self.alive[row] && self.entry(row, column).abs() > NOTHING);
            let more = queue.first().is_some_and(|&(least, _)| holders.len() > least.max(count));
            if more {
                let now = holders.len();
                self.holders[column] = holders;
                queue.insert((now, column));
                continue;
            }
            self.border |= holders.iter().any(|&row| near(self.entry(row, column).abs()));
            let most = holders.iter().fold(0.0_f64, |most, &row| most.max(self.entry(row, column).abs()));
            let fit = holders.iter().filter(|&&row| self.entry(row, column).abs() >= 0.1 * most);
            let Some(&row) = fit.min_by_key(|&&row| (self.lines[row].len(), row)) else { continue };
            self.alive[row] = false;
            let pivot = self.entry(row, column);
            for &other in holders.iter().filter(|&&other| other != row) {
                let factor = -self.entry(other, column) / pivot;
                let line = add(&self.lines[other], &self.lines[row], factor, column);
                for &(i, _) in &line {
                    self.holders[i].push(other);
                }
                self.lines[other] = line;
                self.history[other] = add(&self.history[other], &self.history[row], factor, usize::MAX);
            }
            pivots.push((column, row));
        }
        pivots
    }
}

/// a + factor·b without one column and without what cancels.
fn add(a: &Line, b: &Line, factor: f64, without: usize) -> Line {
    let mut sum = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let column = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => x.0.min(y.0),
            (Some(x), None) => x.0,
            (None, Some(y)) => y.0,
            (None, None) => break,
        };
        let (mut value, mut size) = (0.0, 0.0_f64);
        if i < a.len() && a[i].0 == column {
            value += a[i].1;
            size = size.max(a[i].1.abs());
            i += 1;
        }
        if j < b.len() && b[j].0 == column {
            value += factor * b[j].1;
            size = size.max((factor * b[j].1).abs());
            j += 1;
        }
        if column != without && value.abs() > NOTHING * size {
            sum.push((column, value));
        }
    }
    sum
}
