//! Shares add over all paths, also over the endless ones of a cycle: a linear system, solved cycle by cycle.
//!
//! Let `w[i][j]` be the fraction of lot i that came directly from lot j. Without cycles one pass in the order
//! of flow (Kahn 1962) solves it; that is nearly always so. Otherwise the system falls apart into its
//! strongly connected components (Tarjan 1972), which are visited in the order of flow; almost all are single
//! lots. The mass passing j for each unit of lot t is element (t, j) of N = (I − W)⁻¹, the fundamental matrix
//! of an absorbing Markov chain (Kemeny & Snell 1960, ch. 3); dividing by the diagonal N(j, j) counts mass
//! that comes round again once.

/// Cycles up to this many lots are solved exactly, by inversion; longer ones by Gauss-Seidel iteration.
pub const EXACT_CYCLE: usize = 128;
/// Iteration of a longer cycle ends when no value changes by more than this fraction of a unit.
pub const TOLERANCE: f64 = 1e-12;
/// A cycle that nothing enters has no origin. It is given one by losing this fraction at each step,
/// so that its mass counts as its own; shares from it are good to about this figure.
pub const CLOSED_LOOP_LOSS: f64 = 1e-6;

/// Iteration ends in any case after so many rounds.
const MOST_ROUNDS: usize = 10_000;

/// The matrix W by rows: for each lot its inputs and their fractions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    ends: Vec<usize>,
    items: Vec<(u32, f64)>,
    /// Scratch of [`Rows::order`].
    uses: Vec<u32>,
    order: Vec<u32>,
}

impl Rows {
    pub(crate) fn clear(&mut self) {
        self.ends.clear();
        self.items.clear();
    }

    pub(crate) fn item(&mut self, input: u32, fraction: f64) {
        self.items.push((input, fraction));
    }

    pub(crate) fn end_row(&mut self) {
        self.ends.push(self.items.len());
    }

    /// Puts the lots into `order`, each before its inputs; gives false if cycles forbid it.
    fn order(&mut self) -> bool {
        self.uses.clear();
        self.uses.resize(self.len(), 0);
        self.items.iter().for_each(|item| self.uses[item.0 as usize] += 1);
        self.order.clear();
        self.order.extend((0..).zip(&self.uses).filter(|(_, uses)| **uses == 0).map(|(lot, _)| lot));
        let mut at = 0;
        while let Some(&lot) = self.order.get(at) {
            for item in self.span(lot as usize) {
                let input = self.items[item].0;
                let uses = &mut self.uses[input as usize];
                *uses -= 1;
                if *uses == 0 {
                    self.order.push(input);
                }
            }
            at += 1;
        }
        self.order.len() == self.len()
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn span(&self, row: usize) -> std::ops::Range<usize> {
        (if row == 0 { 0 } else { self.ends[row - 1] })..self.ends[row]
    }

    fn row(&self, row: usize) -> &[(u32, f64)] {
        &self.items[self.span(row)]
    }

    /// The fraction of a lot for which no input is recorded; rounding noise counts as nothing.
    pub(crate) fn own(&self, row: usize) -> f64 {
        let own = 1.0 - self.row(row).iter().map(|item| item.1).sum::<f64>();
        if own < 1e-12 { 0.0 } else { own }
    }
}

/// Which way the unit at the source spreads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    /// Row of N: how much of each lot passes into the source.
    Inputs,
    /// Column of N: how much of the source passes into each lot.
    Outputs,
}

pub(crate) struct Solution {
    /// The row or column of N.
    pub(crate) passing: Vec<f64>,
    /// The diagonal of N; 1 outside cycles, and empty when there are none. In a cycle longer than
    /// [`EXACT_CYCLE`] it is not computed.
    returning: Vec<f64>,
}

impl Solution {
    /// Of all that passes a lot, the fraction that comes for the first time.
    pub(crate) fn once(&self, lot: usize) -> f64 {
        match self.returning.get(lot) {
            Some(returning) => self.passing[lot] / returning,
            None => self.passing[lot],
        }
    }
}

/// Solves for a unit at `source`; weights in closed loops are first reduced by [`CLOSED_LOOP_LOSS`].
pub(crate) fn solve(rows: &mut Rows, source: u32, toward: Toward) -> Solution {
    let mut passing = vec![0.0; rows.len()];
    passing[source as usize] = 1.0;
    if rows.order() {
        straight(rows, toward, &mut passing);
        return Solution { passing, returning: Vec::new() };
    }
    let components = Components::of(rows);
    let mut solution = Solution { passing, returning: vec![1.0; rows.len()] };
    let count = components.ends.len();
    for step in 0..count {
        // Tarjan's algorithm completes inputs before what is made of them.
        let number = if toward == Toward::Inputs { count - 1 - step } else { step };
        let members = components.members(number);
        let inside = |lot: u32| components.number[lot as usize] == number as u32;
        let outside = |item: &(u32, f64)| !inside(item.0);
        if toward == Toward::Outputs {
            members.iter().for_each(|lot| gather(rows, *lot, &mut solution.passing, outside));
        }
        if members.len() > 1 || rows.row(members[0] as usize).iter().any(|item| item.0 == members[0]) {
            solve_cycle(rows, members, inside, toward, &mut solution);
        }
        if toward == Toward::Inputs {
            members.iter().for_each(|lot| spread(rows, *lot, &mut solution.passing, outside));
        }
    }
    solution
}

/// Without cycles: one pass in the order of flow.
fn straight(rows: &Rows, toward: Toward, passing: &mut [f64]) {
    match toward {
        Toward::Inputs => rows.order.iter().for_each(|lot| spread(rows, *lot, passing, |_| true)),
        Toward::Outputs => rows.order.iter().rev().for_each(|lot| gather(rows, *lot, passing, |_| true)),
    }
}

/// Hands what passes a lot on to its inputs.
fn spread(rows: &Rows, lot: u32, passing: &mut [f64], takes: impl Fn(&(u32, f64)) -> bool) {
    let flow = passing[lot as usize];
    for &(input, w) in rows.row(lot as usize).iter().filter(|item| takes(item)) {
        passing[input as usize] += flow * w;
    }
}

/// Takes from a lot's inputs what passes into it.
fn gather(rows: &Rows, lot: u32, passing: &mut [f64], takes: impl Fn(&(u32, f64)) -> bool) {
    let inputs = rows.row(lot as usize).iter().filter(|item| takes(item));
    let sum: f64 = inputs.map(|&(input, w)| w * passing[input as usize]).sum();
    passing[lot as usize] += sum;
}

fn solve_cycle(
    rows: &mut Rows,
    members: &[u32],
    inside: impl Fn(u32) -> bool,
    toward: Toward,
    solution: &mut Solution,
) {
    let size = members.len();
    let inner: f64 = members
        .iter()
        .flat_map(|&lot| rows.row(lot as usize))
        .filter(|item| inside(item.0))
        .map(|item| item.1)
        .sum();
    if inner > size as f64 - 1e-9 {
        for &lot in members {
            let span = rows.span(lot as usize);
            rows.items[span].iter_mut().for_each(|item| item.1 *= 1.0 - CLOSED_LOOP_LOSS);
        }
    }
    // Positions within the cycle, by binary search in its sorted members.
    let mut members = members.to_vec();
    members.sort_unstable();
    let at = |lot: u32| members.binary_search(&lot).ok();
    let entries: Vec<(usize, usize, f64)> = members
        .iter()
        .enumerate()
        .flat_map(|(i, &lot)| rows.row(lot as usize).iter().map(move |&(input, w)| (i, input, w)))
        .filter_map(|(i, input, w)| {
            at(input).map(|j| if toward == Toward::Inputs { (j, i, w) } else { (i, j, w) })
        })
        .collect();
    let given: Vec<f64> = members.iter().map(|&lot| solution.passing[lot as usize]).collect();
    let (values, diagonal) =
        if size <= EXACT_CYCLE { by_inversion(&entries, &given) } else { by_iteration(entries, &given) };
    for (i, &lot) in members.iter().enumerate() {
        solution.passing[lot as usize] = values[i];
        solution.returning[lot as usize] = diagonal[i];
    }
}

/// x = (I − M)⁻¹ b and the inverse's diagonal, by Gauss-Jordan elimination with row pivoting.
fn by_inversion(entries: &[(usize, usize, f64)], b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let size = b.len();
    let width = 2 * size;
    let mut rows: Vec<Vec<f64>> = (0..size)
        .map(|i| (0..width).map(|j| f64::from(u8::from(j == i || j == size + i))).collect())
        .collect();
    entries.iter().for_each(|&(i, j, w)| rows[i][j] -= w);
    for pivot in 0..size {
        let largest = (pivot..size).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()));
        rows.swap(pivot, largest.unwrap_or(pivot));
        let scale = rows[pivot][pivot].recip();
        rows[pivot][pivot..].iter_mut().for_each(|value| *value *= scale);
        let line = std::mem::take(&mut rows[pivot]);
        for row in rows.iter_mut().filter(|row| !row.is_empty()) {
            let factor = row[pivot];
            if factor != 0.0 {
                row[pivot..].iter_mut().zip(&line[pivot..]).for_each(|(value, up)| *value -= factor * up);
            }
        }
        rows[pivot] = line;
    }
    let inverse = |i: usize, j: usize| rows[i][size + j];
    let x = (0..size).map(|i| (0..size).map(|j| inverse(i, j) * b[j]).sum()).collect();
    (x, (0..size).map(|i| inverse(i, i)).collect())
}

/// x = b + M x by Gauss-Seidel; M is non-negative with spectral radius below 1. The diagonal is left at 1.
fn by_iteration(mut entries: Vec<(usize, usize, f64)>, b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    entries.sort_unstable_by_key(|entry| entry.0);
    let mut x = b.to_vec();
    for _ in 0..MOST_ROUNDS {
        let mut change = 0.0_f64;
        for row in entries.chunk_by(|a, b| a.0 == b.0) {
            let i = row[0].0;
            let next = b[i] + row.iter().map(|&(_, j, w)| w * x[j]).sum::<f64>();
            change = change.max((next - x[i]).abs());
            x[i] = next;
        }
        if change <= TOLERANCE {
            break;
        }
    }
    (x, vec![1.0; b.len()])
}

/// The strongly connected components, inputs before what is made of them.
struct Components {
    lots: Vec<u32>,
    ends: Vec<usize>,
    /// The component of each lot.
    number: Vec<u32>,
}

const UNSEEN: u32 = u32::MAX;

impl Components {
    fn members(&self, number: usize) -> &[u32] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.lots[start..self.ends[number]]
    }

    /// Tarjan's algorithm with its recursion written out.
    fn of(rows: &Rows) -> Self {
        let size = rows.len();
        let mut found = Self { lots: Vec::with_capacity(size), ends: Vec::new(), number: vec![UNSEEN; size] };
        let mut index = vec![UNSEEN; size];
        let mut low = vec![0_u32; size];
        let (mut open, mut calls, mut next) = (Vec::new(), Vec::new(), 0);
        for root in 0..size {
            if index[root] != UNSEEN {
                continue;
            }
            calls.push((root, rows.span(root)));
            while let Some((lot, span)) = calls.last_mut() {
                let lot = *lot;
                if index[lot] == UNSEEN {
                    (index[lot], low[lot]) = (next, next);
                    next += 1;
                    open.push(lot as u32);
                }
                if let Some(item) = span.next() {
                    let input = rows.items[item].0 as usize;
                    if index[input] == UNSEEN {
                        calls.push((input, rows.span(input)));
                    } else if found.number[input] == UNSEEN {
                        low[lot] = low[lot].min(index[input]);
                    }
                    continue;
                }
                calls.pop();
                if let Some(&(caller, _)) = calls.last() {
                    low[caller] = low[caller].min(low[lot]);
                }
                if low[lot] == index[lot] {
                    found.close(lot as u32, &mut open);
                }
            }
        }
        found
    }

    /// Takes the lots opened since `lot` as one component.
    fn close(&mut self, lot: u32, open: &mut Vec<u32>) {
        let number = self.ends.len() as u32;
        while let Some(member) = open.pop() {
            self.number[member as usize] = number;
            self.lots.push(member);
            if member == lot {
                break;
            }
        }
        self.ends.push(self.lots.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iteration_agrees_with_inversion() {
        let size = 40;
        let entries: Vec<_> =
            (0..size).flat_map(|i| [(i, (i + 1) % size, 0.6), (i, (7 * i + 3) % size, 0.3)]).collect();
        let b: Vec<f64> = (0..size).map(|i| (i % 5) as f64).collect();
        let (exact, _) = by_inversion(&entries, &b);
        let (near, _) = by_iteration(entries, &b);
        assert!(exact.iter().zip(&near).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
