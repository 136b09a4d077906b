//! Reachability: breadth-first sets, and the tree of what a record rests upon.

use crate::graph::{Amount, Edge, Graph, Link};
use crate::solve::Rows;

/// Scratch for queries, to be kept and used again. Its memory is 8 bytes for each node of the graph.
#[derive(Debug, Default)]
pub struct Walker {
    /// For each node the query that last met it, and its position in that query's `order`.
    met: Vec<(u32, u32)>,
    query: u32,
    pub(crate) order: Vec<u32>,
    pub(crate) depth: Vec<u32>,
    /// The mass fractions among the lots met; see [`Graph::trace`].
    pub(crate) rows: Rows,
    /// The inputs of the lot at hand.
    pub(crate) inputs: Vec<(u32, Amount)>,
}

impl Walker {
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn begin(&mut self, graph: &Graph) {
        if self.query == u32::MAX {
            self.met.clear();
            self.query = 0;
        }
        self.query += 1;
        if self.met.len() < graph.node_count() {
            self.met.resize(graph.node_count(), (0, 0));
        }
        self.order.clear();
        self.depth.clear();
    }

    /// The scratch of mass queries, emptied; it is put back after use to keep its memory.
    pub(crate) fn take_rows(&mut self) -> (Rows, Vec<(u32, Amount)>) {
        self.rows.clear();
        (std::mem::take(&mut self.rows), std::mem::take(&mut self.inputs))
    }

    /// The node's position in this query, if it was met.
    pub(crate) fn position(&self, place: u32) -> Option<u32> {
        let (query, position) = self.met[place as usize];
        (query == self.query).then_some(position)
    }

    /// The node's position in this query, a new one at the end if it was not yet met.
    pub(crate) fn meet(&mut self, place: u32, depth: u32) -> u32 {
        self.position(place).unwrap_or_else(|| {
            let position = self.order.len() as u32;
            self.met[place as usize] = (self.query, position);
            self.order.push(place);
            self.depth.push(depth);
            position
        })
    }
}

/// A node that a walk reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    pub node: u64,
    /// The fewest edges from the start.
    pub depth: u32,
}

/// A line of an explanation, in reading order: each node is followed by its inputs, one level deeper.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub node: u64,
    pub depth: u32,
    /// The edge by which the line above this level uses the node; none for the start.
    pub by: Option<Edge>,
    pub end: StepEnd,
}

/// Why the lines below a step are what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEnd {
    /// Its inputs follow.
    Unfolded,
    /// It has no inputs.
    Source,
    /// It was unfolded on an earlier line, or is being unfolded: see there.
    Above,
    /// It has inputs, but the limit of depth or lines was met.
    Cut,
}

impl Graph {
    /// All that `node` rests upon through edges that `filter` accepts, nearest first, without `node` itself.
    pub fn upstream(&self, walker: &mut Walker, node: u64, filter: impl Fn(&Edge) -> bool) -> Vec<Reached> {
        self.reach(walker, node, |graph, place| graph.input_links(place), |link| link.from, filter)
    }

    /// All that rests upon `node` through edges that `filter` accepts, nearest first, without `node` itself.
    pub fn downstream(&self, walker: &mut Walker, node: u64, filter: impl Fn(&Edge) -> bool) -> Vec<Reached> {
        self.reach(walker, node, |graph, place| graph.output_links(place), |link| link.to, filter)
    }

    /// Every record that a change of `node` could affect.
    pub fn impact(&self, walker: &mut Walker, node: u64) -> Vec<Reached> {
        self.downstream(walker, node, |_| true)
    }

    /// What `node` rests upon, as an indented list at most `depth` levels deep and `lines` long. Each node is
    /// unfolded once, so the list is finite however the graph is tangled.
    pub fn explain(&self, walker: &mut Walker, node: u64, depth: u32, lines: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        let Some(start) = self.place(node) else { return steps };
        walker.begin(self);
        let mut todo: Vec<(u32, u32, Option<&Link>)> = vec![(start, 0, None)];
        while let Some((place, at, by)) = todo.pop() {
            if steps.len() >= lines {
                break;
            }
            let first_input = todo.len();
            let end = if self.input_links(place).next().is_none() {
                StepEnd::Source
            } else if walker.position(place).is_some() {
                StepEnd::Above
            } else if at >= depth || steps.len() + 1 >= lines {
                StepEnd::Cut
            } else {
                walker.meet(place, at);
                todo.extend(self.input_links(place).map(|link| (link.from, at + 1, Some(link))));
                todo[first_input..].reverse();
                StepEnd::Unfolded
            };
            let by = by.map(|link| self.edge(link));
            steps.push(Step { node: self.number(place), depth: at, by, end });
        }
        steps
    }

    fn reach<'a, L: Iterator<Item = &'a Link>>(
        &'a self,
        walker: &mut Walker,
        node: u64,
        links: impl Fn(&'a Graph, u32) -> L,
        other: impl Fn(&Link) -> u32,
        filter: impl Fn(&Edge) -> bool,
    ) -> Vec<Reached> {
        let Some(start) = self.place(node) else { return Vec::new() };
        walker.begin(self);
        walker.meet(start, 0);
        let mut at = 0;
        while let Some(&place) = walker.order.get(at) {
            let depth = walker.depth[at] + 1;
            for link in links(self, place) {
                if walker.position(other(link)).is_none() && filter(&self.edge(link)) {
                    walker.meet(other(link), depth);
                }
            }
            at += 1;
        }
        let reached = walker.order.iter().zip(&walker.depth).skip(1);
        reached.map(|(&place, &depth)| Reached { node: self.number(place), depth }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn graph(edges: &[(u64, u64)]) -> Graph {
        let mut graph = Graph::new();
        for (role, &(from, to)) in (0..).zip(edges) {
            graph.push(Edge { from, to, role, mass_kg_dry: None, share: None }).unwrap();
        }
        graph
    }

    #[test]
    fn an_explanation_unfolds_each_node_once() {
        // 1 and 2 make 3; 3 makes 4 and 5; 4 and 5 make 6, and 6 goes back into 4.
        let graph = graph(&[(1, 3), (2, 3), (3, 4), (3, 5), (4, 6), (5, 6), (6, 4)]);
        let lines = |depth, lines| {
            let steps = graph.explain(&mut Walker::new(), 6, depth, lines);
            let line = |step: &Step| (step.depth, step.node, step.end);
            steps.iter().map(line).collect::<Vec<_>>()
        };
        use StepEnd::{Above, Cut, Source, Unfolded};
        let whole = [
            (0, 6, Unfolded),
            (1, 4, Unfolded),
            (2, 3, Unfolded),
            (3, 1, Source),
            (3, 2, Source),
            (2, 6, Above),
            (1, 5, Unfolded),
            (2, 3, Above),
        ];
        assert_eq!(lines(9, 99), whole);
        assert_eq!(lines(1, 99), [(0, 6, Unfolded), (1, 4, Cut), (1, 5, Cut)]);
        assert_eq!(lines(9, 3), [(0, 6, Unfolded), (1, 4, Unfolded), (2, 3, Cut)]);
        assert_eq!(graph.explain(&mut Walker::new(), 77, 9, 9), []);
        let by = graph.explain(&mut Walker::new(), 3, 9, 9)[2].by.unwrap();
        assert_eq!((by.from, by.to, by.role), (2, 3, 1));
    }

    /// Distances by relaxing every edge until nothing changes.
    fn oracle(edges: &[(u64, u64)], start: u64, up: bool, odd: bool) -> BTreeMap<u64, u32> {
        let mut depths = BTreeMap::from([(start, 0)]);
        for _ in 0..edges.len() + 1 {
            for (role, &(from, to)) in edges.iter().enumerate() {
                let (near, far) = if up { (to, from) } else { (from, to) };
                if let Some(depth) = depths.get(&near).copied().filter(|_| !odd || role % 2 == 1) {
                    let old = depths.entry(far).or_insert(depth + 1);
                    *old = (depth + 1).min(*old);
                }
            }
        }
        depths.remove(&start);
        depths
    }

    proptest! {
        #[test]
        fn walks_equal_the_oracle(
            edges in proptest::collection::vec((0..12_u64, 0..12_u64), 1..30),
            start in 0..12_u64,
        ) {
            let graph = graph(&edges);
            let mut walker = Walker::new();
            // The same walker serves query after query, also over the wrap of its counter.
            walker.query = u32::MAX - 1;
            for (up, odd) in [(true, false), (true, true), (false, false), (false, true)] {
                let filter = |edge: &Edge| !odd || edge.role % 2 == 1;
                let reached = if up {
                    graph.upstream(&mut walker, start, filter)
                } else {
                    graph.downstream(&mut walker, start, filter)
                };
                prop_assert!(reached.is_sorted_by_key(|reached| reached.depth));
                let found: BTreeMap<_, _> = reached.iter().map(|r| (r.node, r.depth)).collect();
                prop_assert_eq!(found.len(), reached.len());
                prop_assert_eq!(found, if graph.contains(start) {
                    oracle(&edges, start, up, odd)
                } else {
                    BTreeMap::new()
                });
            }
            let steps = graph.explain(&mut walker, start, 99, 999);
            let explained: BTreeSet<_> = steps.iter().skip(1).map(|step| step.node).collect();
            let upstream = graph.upstream(&mut walker, start, |_| true);
            prop_assert!(upstream.iter().all(|reached| explained.contains(&reached.node)));
        }
    }
}
