//! In which order nodes are eliminated, and where each block of the factor lies.

use std::collections::BTreeSet;

/// The pattern of a symmetric matrix of b × b blocks and of its Cholesky factor. Column k is a dense panel:
/// the diagonal block, then one block for each row below, column-major.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// Side of a block.
    pub b: usize,
    /// The position of each node.
    pub place: Vec<usize>,
    /// Rows below the diagonal of each column, by position, ascending.
    pub below: Vec<Vec<usize>>,
    /// Where each column's panel begins.
    pub start: Vec<usize>,
    /// Where the block of each pair of rows below column k lies: pairs (i ≥ j) by j, then i.
    pub targets: Vec<Vec<usize>>,
    /// Length of all panels.
    pub len: usize,
}

impl Pattern {
    /// Minimum degree on the graph of nodes.
    pub fn new(nodes: usize, b: usize, edges: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut near: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); nodes];
        for (i, j) in edges {
            near[i].insert(j);
            near[j].insert(i);
        }
        let mut queue: BTreeSet<(usize, usize)> =
            near.iter().enumerate().map(|(node, near)| (near.len(), node)).collect();
        let (mut place, mut columns) = (vec![0; nodes], Vec::with_capacity(nodes));
        while let Some((_, node)) = queue.pop_first() {
            place[node] = columns.len();
            let around = std::mem::take(&mut near[node]);
            for &other in &around {
                queue.remove(&(near[other].len(), other));
                near[other].remove(&node);
                near[other].extend(around.iter().filter(|&&third| third != other));
                queue.insert((near[other].len(), other));
            }
            columns.push(around);
        }
        let below: Vec<Vec<usize>> = (columns.iter())
            .map(|around| {
                let mut rows: Vec<usize> = around.iter().map(|&node| place[node]).collect();
                rows.sort_unstable();
                rows
            })
            .collect();
        let (mut start, mut len) = (Vec::with_capacity(nodes), 0);
        for rows in &below {
            start.push(len);
            len += (1 + rows.len()) * b * b;
        }
        let mut pattern = Pattern { b, place, below, start, targets: Vec::new(), len };
        pattern.targets = (0..nodes).map(|k| pattern.targets_of(k)).collect();
        pattern
    }

    fn targets_of(&self, k: usize) -> Vec<usize> {
        let rows = &self.below[k];
        let pairs = (0..rows.len()).flat_map(|j| (j..rows.len()).map(move |i| (rows[i], rows[j])));
        pairs.map(|(row, column)| self.block(row, column)).collect()
    }

    /// Height of a column's panel.
    pub fn height(&self, column: usize) -> usize {
        (1 + self.below[column].len()) * self.b
    }

    /// Where the block of a row (not above the diagonal) of a column begins; both by position.
    pub fn block(&self, row: usize, column: usize) -> usize {
        if row == column {
            return self.start[column];
        }
        let at = self.below[column].binary_search(&row).map_or(0, |at| 1 + at);
        self.start[column] + at * self.b
    }
}
