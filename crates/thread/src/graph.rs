//! The edges as linked lists of integers: 40 bytes an edge and 24 a node, appended in constant time. The
//! inputs of a lot are recorded together, so its list lies in neighbouring memory.
//!
//! All that a walk needs of a node, and all that it needs of an edge, lies together: a walk over
//! lots that lie far apart is paid for in cache misses.

use std::collections::BTreeMap;

/// No link, no place.
const NONE: u32 = u32::MAX;

/// One derivation: `to` was made from, or rests upon, `from`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The input, evidence or parent.
    pub from: u64,
    /// What was derived from it.
    pub to: u64,
    /// What the one was to the other; the caller gives the numbers their meaning.
    pub role: u16,
    /// Dry mass of `from` that went into `to`, kg.
    pub mass_kg_dry: Option<f64>,
    /// Fraction of the mass of `to` that came from `from`, 0 to 1. Where absent it follows from the masses.
    pub share: Option<f64>,
}

/// Why an edge is refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum EdgeError {
    #[error("the mass {mass_kg_dry} kg from {from} to {to} is not a finite number of at least 0")]
    Mass { from: u64, to: u64, mass_kg_dry: f64 },
    #[error("the share {share} of {from} in {to} is not between 0 and 1")]
    Share { from: u64, to: u64, share: f64 },
    #[error("the thread holds at most 4,294,967,295 nodes and as many edges")]
    Full,
}

/// The whole thread. Reading takes `&self`, so readers share it behind a read lock.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    places: Places,
    nodes: Vec<Node>,
    links: Vec<Link>,
}

/// Inputs and outputs are lists of links, oldest first. The node knows both ends of each.
#[derive(Debug, Clone, Copy)]
struct Node {
    number: u64,
    first_input: u32,
    last_input: u32,
    first_output: u32,
    last_output: u32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) from: u32,
    pub(crate) to: u32,
    next_input: u32,
    next_output: u32,
    role: u16,
    pub(crate) amount: Amount,
}

/// NaN stands for absent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amount {
    pub(crate) mass_kg_dry: f64,
    pub(crate) share: f64,
}

impl Amount {
    /// Whether any mass passed. (NaN compares false.)
    pub(crate) fn carries(self) -> bool {
        self.share > 0.0 || (self.share.is_nan() && self.mass_kg_dry > 0.0)
    }
}

impl Graph {
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty graph with room for the rebuild at start.
    pub fn with_capacity(nodes: usize, edges: usize) -> Self {
        Self { places: Places::default(), nodes: Vec::with_capacity(nodes), links: Vec::with_capacity(edges) }
    }

    /// Appends an edge; its nodes come into being with their first edge.
    pub fn push(&mut self, edge: Edge) -> Result<(), EdgeError> {
        let Edge { from, to, role, mass_kg_dry, share } = edge;
        if let Some(mass_kg_dry) = mass_kg_dry.filter(|mass| !(mass.is_finite() && *mass >= 0.0)) {
            return Err(EdgeError::Mass { from, to, mass_kg_dry });
        }
        if let Some(share) = share.filter(|share| !(0.0..=1.0).contains(share)) {
            return Err(EdgeError::Share { from, to, share });
        }
        if self.links.len() >= NONE as usize || self.nodes.len() + 2 > NONE as usize {
            return Err(EdgeError::Full);
        }
        let (from, to) = (self.place_or_new(from), self.place_or_new(to));
        let amount =
            Amount { mass_kg_dry: mass_kg_dry.unwrap_or(f64::NAN), share: share.unwrap_or(f64::NAN) };
        self.link(Link { from, to, next_input: NONE, next_output: NONE, amount, role });
        Ok(())
    }

    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    pub fn edge_count(&self) -> usize {
        self.links.len()
    }

    /// Whether any edge names this node.
    pub fn contains(&self, node: u64) -> bool {
        self.place(node).is_some()
    }

    /// The edges into `node`, oldest first.
    pub fn inputs(&self, node: u64) -> impl Iterator<Item = Edge> {
        self.place(node).into_iter().flat_map(|place| self.input_links(place)).map(|link| self.edge(link))
    }

    /// The edges out of `node`, oldest first.
    pub fn outputs(&self, node: u64) -> impl Iterator<Item = Edge> {
        self.place(node).into_iter().flat_map(|place| self.output_links(place)).map(|link| self.edge(link))
    }

    pub(crate) fn place(&self, node: u64) -> Option<u32> {
        self.places.get(node)
    }

    pub(crate) fn number(&self, place: u32) -> u64 {
        self.nodes[place as usize].number
    }

    pub(crate) fn edge(&self, link: &Link) -> Edge {
        let Amount { mass_kg_dry, share } = link.amount;
        let present = |value: f64| Some(value).filter(|value| !value.is_nan());
        Edge {
            from: self.number(link.from),
            to: self.number(link.to),
            role: link.role,
            mass_kg_dry: present(mass_kg_dry),
            share: present(share),
        }
    }

    pub(crate) fn input_links(&self, place: u32) -> impl Iterator<Item = &Link> {
        self.list(self.nodes[place as usize].first_input, |link| link.next_input)
    }

    pub(crate) fn output_links(&self, place: u32) -> impl Iterator<Item = &Link> {
        self.list(self.nodes[place as usize].first_output, |link| link.next_output)
    }

    fn list(&self, first: u32, next: impl Fn(&Link) -> u32) -> impl Iterator<Item = &Link> {
        std::iter::successors(self.links.get(first as usize), move |link| self.links.get(next(link) as usize))
    }

    /// Brings nodes and their first inputs into the cache, all at once: one after the other, each would be
    /// waited for.
    pub(crate) fn warm_inputs(&self, places: &[u32]) {
        let first = |place: &u32| self.links.get(self.nodes[*place as usize].first_input as usize);
        let sum = places.iter().filter_map(first).fold(0, |sum: u32, link| sum.wrapping_add(link.from));
        std::hint::black_box(sum);
    }

    fn link(&mut self, link: Link) {
        let here = self.links.len() as u32;
        let to = &mut self.nodes[link.to as usize];
        match std::mem::replace(&mut to.last_input, here) {
            NONE => to.first_input = here,
            last => self.links[last as usize].next_input = here,
        }
        let from = &mut self.nodes[link.from as usize];
        match std::mem::replace(&mut from.last_output, here) {
            NONE => from.first_output = here,
            last => self.links[last as usize].next_output = here,
        }
        self.links.push(link);
    }

    fn place_or_new(&mut self, node: u64) -> u32 {
        let slot = self.places.slot(node);
        if *slot == NONE {
            *slot = self.nodes.len() as u32;
            self.nodes.push(Node {
                number: node,
                first_input: NONE,
                last_input: NONE,
                first_output: NONE,
                last_output: NONE,
            });
        }
        *slot
    }
}

/// From record number to place. Numbers come from one counter, so pages of a thousand are well filled.
#[derive(Debug, Clone, Default)]
struct Places(BTreeMap<u64, Box<[u32; Places::PAGE as usize]>>);

impl Places {
    const PAGE: u64 = 1024;

    fn get(&self, node: u64) -> Option<u32> {
        let page = self.0.get(&(node / Self::PAGE))?;
        Some(page[(node % Self::PAGE) as usize]).filter(|&place| place != NONE)
    }

    fn slot(&mut self, node: u64) -> &mut u32 {
        let page = self.0.entry(node / Self::PAGE);
        &mut page.or_insert_with(|| Box::new([NONE; Self::PAGE as usize]))[(node % Self::PAGE) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: u64, to: u64, role: u16) -> Edge {
        Edge { from, to, role, mass_kg_dry: None, share: None }
    }

    #[test]
    fn edges_come_back_both_ways_in_their_order() {
        let mut graph = Graph::with_capacity(4, 4);
        let far = u64::MAX;
        let heavy = Edge { mass_kg_dry: Some(2.5), share: Some(0.5), ..edge(7, far, 3) };
        let edges = [edge(5, far, 1), edge(5, 7, 2), heavy, edge(5, far, 4), edge(far, far, 5)];
        edges.iter().for_each(|&edge| graph.push(edge).unwrap());
        assert_eq!((graph.node_count(), graph.edge_count()), (3, 5));
        assert_eq!(graph.inputs(far).collect::<Vec<_>>(), [edges[0], heavy, edges[3], edges[4]]);
        assert_eq!(graph.outputs(5).collect::<Vec<_>>(), [edges[0], edges[1], edges[3]]);
        assert_eq!(graph.inputs(5).count() + graph.inputs(6).count(), 0);
        assert!(graph.contains(7) && !graph.contains(6));
    }

    #[test]
    fn impossible_amounts_are_refused_and_change_nothing() {
        let mut graph = Graph::new();
        for mass in [-1.0, f64::NAN, f64::INFINITY] {
            let wrong = Edge { mass_kg_dry: Some(mass), ..edge(1, 2, 0) };
            assert!(matches!(graph.push(wrong), Err(EdgeError::Mass { from: 1, to: 2, .. })));
        }
        for share in [-0.1, 1.1, f64::NAN] {
            let wrong = Edge { share: Some(share), ..edge(1, 2, 0) };
            assert!(matches!(graph.push(wrong), Err(EdgeError::Share { from: 1, to: 2, .. })));
        }
        assert_eq!(graph.node_count(), 0);
    }
}
