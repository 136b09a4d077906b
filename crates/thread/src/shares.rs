//! What went into a lot and where it went, with masses and shares.
//!
//! The fraction of a lot that came from one of its inputs is the edge's share. Edges with only a
//! mass divide what the stated shares leave (all of it, usually) in proportion to their masses;
//! stated shares that sum to more than 1 are scaled down to 1. Edges with neither are evidence and
//! carry nothing. Shares multiply along a path and add over paths. Mass that comes round a cycle
//! again is the same mass and counts once, so no share exceeds 1. What a lot has beyond its
//! recorded inputs originates there; origins sum to 1.

use crate::graph::{Amount, Graph};
use crate::solve::{Toward, solve};
use crate::walk::Walker;

/// So many lots are fetched from memory together.
const WARM: usize = 16;

/// The answer of [`Graph::trace`].
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The mass that the shares were applied to, kg dry: as given, or the sum of the lot's recorded inputs.
    pub lot_mass_kg_dry: Option<f64>,
    /// The fraction of the lot for which no input is recorded; 1 for a lot without inputs.
    pub own_share: f64,
    /// Every lot it came from, nearest first. Their `origin_share`s and `own_share` sum to 1.
    pub ancestors: Vec<Ancestor>,
}

/// A lot that the traced lot came from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ancestor {
    pub node: u64,
    /// The fewest steps between the two.
    pub depth: u32,
    /// Fraction of the traced lot that passed through this one, 0 to 1. Within a cycle of more than
    /// [`crate::EXACT_CYCLE`] lots it is an upper bound: what comes round again is then counted
    /// each time, up to 1.
    pub share: f64,
    /// `share` of the traced lot's mass, kg dry.
    pub mass_kg_dry: Option<f64>,
    /// Fraction of the traced lot that began here: for a lot without inputs its whole share.
    pub origin_share: f64,
}

/// A lot that came, wholly or partly, from the given one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descendant {
    pub node: u64,
    pub depth: u32,
    /// Fraction of this descendant that came from the given lot, 0 to 1.
    pub share: f64,
    /// `share` of the descendant's recorded inputs, kg dry; none where an input's mass is not recorded.
    pub mass_kg_dry: Option<f64>,
}

impl Graph {
    /// What went into `lot`. Its mass may be given; otherwise its recorded inputs are summed.
    pub fn trace(&self, walker: &mut Walker, lot: u64, mass_kg_dry: Option<f64>) -> Trace {
        let Some(start) = self.place(lot) else {
            return Trace { lot_mass_kg_dry: mass_kg_dry, own_share: 1.0, ancestors: Vec::new() };
        };
        let mut lot_mass_kg_dry = mass_kg_dry;
        walker.begin(self);
        walker.meet(start, 0);
        let (mut rows, mut inputs) = walker.take_rows();
        let mut at = 0;
        while let Some(&place) = walker.order.get(at) {
            if at % WARM == 0 {
                self.warm_inputs(&walker.order[at..walker.order.len().min(at + WARM)]);
            }
            let depth = walker.depth[at] + 1;
            self.fractions(place, &mut inputs, |input, fraction| {
                rows.item(walker.meet(input, depth), fraction);
            });
            if at == 0 {
                lot_mass_kg_dry = mass_kg_dry.or_else(|| total_mass_kg_dry(&inputs));
            }
            rows.end_row();
            at += 1;
        }
        let solution = solve(&mut rows, 0, Toward::Inputs);
        let ancestor = |at: usize| {
            let share = solution.once(at).min(1.0);
            Ancestor {
                node: self.number(walker.order[at]),
                depth: walker.depth[at],
                share,
                mass_kg_dry: lot_mass_kg_dry.map(|mass| mass * share),
                origin_share: solution.passing[at] * rows.own(at),
            }
        };
        let own_share = ancestor(0).origin_share;
        let ancestors = (1..walker.order.len()).map(ancestor).collect();
        (walker.rows, walker.inputs) = (rows, inputs);
        Trace { lot_mass_kg_dry, own_share, ancestors }
    }

    /// Where `lot` went: every lot that holds some of it, nearest first.
    pub fn descendants(&self, walker: &mut Walker, lot: u64) -> Vec<Descendant> {
        let Some(start) = self.place(lot) else { return Vec::new() };
        walker.begin(self);
        walker.meet(start, 0);
        let mut at = 0;
        while let Some(&place) = walker.order.get(at) {
            let depth = walker.depth[at] + 1;
            for link in self.output_links(place).filter(|link| link.amount.carries()) {
                walker.meet(link.to, depth);
            }
            at += 1;
        }
        // Inputs from outside the reach hold nothing of the lot; for a cycle's leak it matters only
        // that they miss.
        let (mut rows, mut inputs) = walker.take_rows();
        let mut masses = Vec::with_capacity(walker.order.len());
        for &place in &walker.order {
            self.fractions(place, &mut inputs, |input, fraction| {
                if let Some(input) = walker.position(input) {
                    rows.item(input, fraction);
                }
            });
            masses.push(total_mass_kg_dry(&inputs));
            rows.end_row();
        }
        let solution = solve(&mut rows, 0, Toward::Outputs);
        let descendant = |at: usize| {
            let share = (solution.passing[at] / solution.passing[0]).min(1.0);
            let mass_kg_dry = masses[at].map(|mass| mass * share);
            Descendant { node: self.number(walker.order[at]), depth: walker.depth[at], share, mass_kg_dry }
        };
        let found = (1..walker.order.len()).map(descendant).filter(|found| found.share > 0.0).collect();
        (walker.rows, walker.inputs) = (rows, inputs);
        found
    }

    /// The lot's direct inputs and the fraction of it that came from each, by the rule at the top.
    /// Leaves in `inputs` what carries mass into it.
    fn fractions(&self, lot: u32, inputs: &mut Vec<(u32, Amount)>, mut give: impl FnMut(u32, f64)) {
        inputs.clear();
        let carrying = self.input_links(lot).filter(|link| link.amount.carries());
        inputs.extend(carrying.map(|link| (link.from, link.amount)));
        let (mut stated, mut mass_alone) = (0.0, 0.0);
        for (_, amount) in inputs.iter() {
            if amount.share.is_nan() {
                mass_alone += amount.mass_kg_dry;
            } else {
                stated += amount.share;
            }
        }
        let (scale, left) = (f64::max(stated, 1.0).recip(), f64::max(1.0 - stated, 0.0));
        for &(input, amount) in inputs.iter() {
            let by_mass = amount.share.is_nan();
            let fraction =
                if by_mass { amount.mass_kg_dry / mass_alone * left } else { amount.share * scale };
            if fraction > 0.0 {
                give(input, fraction);
            }
        }
    }
}

/// The sum of what went in, if the mass of every input that carries any is recorded.
fn total_mass_kg_dry(inputs: &[(u32, Amount)]) -> Option<f64> {
    let sum = inputs.iter().map(|(_, amount)| amount.mass_kg_dry).sum::<f64>();
    (!inputs.is_empty() && !sum.is_nan()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Edge;
    use proptest::prelude::*;

    fn by_mass(from: u64, to: u64, mass: f64) -> Edge {
        Edge { from, to, role: 0, mass_kg_dry: Some(mass), share: None }
    }

    fn by_share(from: u64, to: u64, share: f64) -> Edge {
        Edge { from, to, role: 0, mass_kg_dry: None, share: Some(share) }
    }

    fn graph(edges: &[Edge]) -> Graph {
        let mut graph = Graph::new();
        edges.iter().for_each(|&edge| graph.push(edge).unwrap());
        graph
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn masses_become_shares_along_and_over_paths() {
        // Ores 1 and 2 blend into 3; 3 and ore 2 again into 4; evidence 9 carries nothing.
        let evidence = Edge { mass_kg_dry: None, ..by_mass(9, 4, 0.0) };
        let graph = graph(&[
            by_mass(1, 3, 30.0),
            by_mass(2, 3, 10.0),
            by_mass(3, 4, 20.0),
            by_mass(2, 4, 20.0),
            evidence,
        ]);
        let trace = graph.trace(&mut Walker::new(), 4, None);
        assert_eq!((trace.lot_mass_kg_dry, trace.own_share), (Some(40.0), 0.0));
        let found: Vec<_> =
            trace.ancestors.iter().map(|a| (a.node, a.depth, a.share, a.origin_share)).collect();
        assert_eq!(found, [(3, 1, 0.5, 0.0), (2, 1, 0.625, 0.625), (1, 2, 0.375, 0.375)]);
        assert_eq!(trace.ancestors[2].mass_kg_dry, Some(15.0));
        let half = graph.trace(&mut Walker::new(), 4, Some(20.0));
        assert_eq!(half.ancestors[2].mass_kg_dry, Some(7.5));
        let from_1 = graph.descendants(&mut Walker::new(), 1);
        let found: Vec<_> = from_1.iter().map(|d| (d.node, d.depth, d.share, d.mass_kg_dry)).collect();
        assert_eq!(found, [(3, 1, 0.75, Some(30.0)), (4, 2, 0.375, Some(15.0))]);
        assert_eq!(graph.trace(&mut Walker::new(), 1, None).own_share, 1.0);
        assert_eq!(graph.trace(&mut Walker::new(), 77, None).own_share, 1.0);
    }

    #[test]
    fn stated_shares_come_first_and_never_exceed_one() {
        let mixed = graph(&[by_share(1, 4, 0.6), by_mass(2, 4, 3.0), by_mass(3, 4, 1.0)]);
        let shares: Vec<_> =
            mixed.trace(&mut Walker::new(), 4, None).ancestors.iter().map(|a| a.share).collect();
        assert!(near(shares[0], 0.6) && near(shares[1], 0.3) && near(shares[2], 0.1));
        let partial = graph(&[by_share(1, 2, 0.7)]).trace(&mut Walker::new(), 2, None);
        assert!(near(partial.own_share, 0.3) && partial.lot_mass_kg_dry.is_none());
        let over = graph(&[by_share(1, 3, 0.9), by_share(2, 3, 0.6)]).trace(&mut Walker::new(), 3, None);
        assert!(near(over.ancestors[0].share, 0.6) && near(over.own_share, 0.0));
    }

    #[test]
    fn mass_that_comes_round_again_counts_once() {
        // Concentrate 3 is half ore 1, half reworked 2; 2 is wholly from 3.
        let rework = graph(&[by_share(1, 3, 0.5), by_share(2, 3, 0.5), by_share(3, 2, 1.0)]);
        let trace = rework.trace(&mut Walker::new(), 3, None);
        let found: Vec<_> = trace.ancestors.iter().map(|a| (a.node, a.share, a.origin_share)).collect();
        assert!(near(found[0].1, 1.0) && near(found[0].2, 1.0) && found[0].0 == 1);
        assert!(near(found[1].1, 0.5) && near(found[1].2, 0.0) && found[1].0 == 2);
        // A loop that nothing enters is its own origin.
        let closed = graph(&[by_share(1, 2, 1.0), by_share(2, 1, 1.0), by_share(2, 3, 1.0)]);
        let trace = closed.trace(&mut Walker::new(), 3, None);
        let origins: f64 = trace.ancestors.iter().map(|a| a.origin_share).sum();
        assert!((origins - 1.0).abs() < 1e-5 && trace.ancestors.iter().all(|a| (a.share - 1.0).abs() < 1e-5));
        assert!(closed.descendants(&mut Walker::new(), 1).iter().all(|d| (d.share - 1.0).abs() < 1e-5));
    }

    #[test]
    fn a_long_cycle_is_iterated() {
        let size = 2 * crate::EXACT_CYCLE as u64;
        let ring: Vec<_> =
            (0..size).flat_map(|n| [by_share(n, (n + 1) % size, 0.9), by_share(1000 + n, n, 0.1)]).collect();
        let trace = graph(&ring).trace(&mut Walker::new(), 0, None);
        let origins: f64 = trace.ancestors.iter().map(|a| a.origin_share).sum();
        assert!((origins - 1.0).abs() < 1e-9);
    }

    const LOTS: usize = 9;
    type Matrix = [[f64; LOTS]; LOTS];

    /// Direct fractions by the rule, from the list of edges.
    fn direct(edges: &[Edge]) -> Matrix {
        let mut matrix = Matrix::default();
        for (to, row) in matrix.iter_mut().enumerate() {
            let into: Vec<_> = edges.iter().filter(|edge| edge.to == to as u64).collect();
            let stated: f64 = into.iter().filter_map(|edge| edge.share).sum();
            let unstated: f64 =
                into.iter().filter(|e| e.share.is_none()).filter_map(|edge| edge.mass_kg_dry).sum();
            for edge in into {
                row[edge.from as usize] += match (edge.share, edge.mass_kg_dry) {
                    (Some(share), _) => share / stated.max(1.0),
                    (None, Some(mass)) if mass > 0.0 => mass / unstated * (1.0 - stated).max(0.0),
                    _ => 0.0,
                };
            }
        }
        matrix
    }

    /// Solves (I − Wᵀ) x = e by elimination: what passes each lot on the way into `start`.
    fn passing(w: &Matrix, start: usize) -> [f64; LOTS] {
        let mut a = [[0.0; LOTS + 1]; LOTS];
        for i in 0..LOTS {
            for j in 0..LOTS {
                a[i][j] = f64::from(u8::from(i == j)) - w[j][i];
            }
        }
        a[start][LOTS] = 1.0;
        for p in 0..LOTS {
            let best = (p..LOTS).max_by(|&x, &y| a[x][p].abs().total_cmp(&a[y][p].abs())).unwrap();
            a.swap(p, best);
            let line = a[p];
            for (i, row) in a.iter_mut().enumerate().filter(|(i, _)| *i != p) {
                let factor = row[p] / line[p];
                debug_assert!(i != p);
                row.iter_mut().zip(line).for_each(|(value, up)| *value -= factor * up);
            }
        }
        std::array::from_fn(|i| a[i][LOTS] / a[i][i])
    }

    /// The fraction of `lot` that ever passed `through`: absorb there and see how much arrives.
    fn share(w: &Matrix, lot: usize, through: usize) -> f64 {
        let mut absorbing = *w;
        absorbing[through] = [0.0; LOTS];
        passing(&absorbing, lot)[through]
    }

    fn any_edge() -> impl Strategy<Value = Edge> {
        let amounts = (proptest::option::of(0.0..9.0), proptest::option::of(0.0..0.6));
        ((0..LOTS as u64), (0..LOTS as u64), amounts).prop_map(|(from, to, (mass_kg_dry, share))| Edge {
            from,
            to,
            role: 0,
            mass_kg_dry,
            share,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn shares_equal_a_dense_solution(edges in proptest::collection::vec(any_edge(), 1..24)) {
            // An own part everywhere keeps the dense system regular; closed loops have their own test.
            let leak = |edge: Edge| Edge { share: Some(edge.share.unwrap_or(0.2) / 3.0), ..edge };
            let open = |edges: &[Edge]| (0..LOTS).all(|lot| {
                let w = direct(edges);
                w[lot].iter().sum::<f64>() < 0.95 || edges.iter().all(|e| e.to < e.from)
            });
            let edges = if open(&edges) { edges } else { edges.into_iter().map(leak).collect() };
            prop_assume!(open(&edges));
            let (w, graph, mut walker) = (direct(&edges), graph(&edges), Walker::new());
            for lot in 0..LOTS {
                let trace = graph.trace(&mut walker, lot as u64, Some(100.0));
                let x = passing(&w, lot);
                let own = |at: usize| 1.0 - w[at].iter().sum::<f64>();
                let mut want: Vec<u64> = (0..LOTS as u64).filter(|&j| x[j as usize] > 0.0).collect();
                want.retain(|&j| j != lot as u64);
                let mut found: Vec<u64> = trace.ancestors.iter().map(|a| a.node).collect();
                found.sort_unstable();
                prop_assert_eq!(found, want);
                let mut total = trace.own_share;
                for ancestor in &trace.ancestors {
                    let at = ancestor.node as usize;
                    prop_assert!(near(ancestor.share, share(&w, lot, at)), "{ancestor:?}");
                    prop_assert!(near(ancestor.origin_share, x[at] * own(at)), "{ancestor:?}");
                    prop_assert!(near(ancestor.mass_kg_dry.unwrap(), 100.0 * ancestor.share));
                    total += ancestor.origin_share;
                }
                prop_assert!(near(total, 1.0));
                let descendants = graph.descendants(&mut walker, lot as u64);
                for to in (0..LOTS).filter(|&to| to != lot) {
                    let want = share(&w, to, lot);
                    let found = descendants.iter().find(|d| d.node == to as u64).map_or(0.0, |d| d.share);
                    prop_assert!(near(found, want), "{lot} in {to}: {found} and {want}");
                }
            }
        }
    }
}
