//! Where nodes and streams of a flowsheet stand on a drawing: layers from feed to product (Sugiyama, Tagawa
//! and Toda 1981). Recycles are turned round for layering and drawn below; long streams pass through empty
//! places, so that they do not cross boxes; lines of a layer are sorted by the mean place of their
//! neighbours. Pure and deterministic.

use std::collections::BTreeMap;

use super::Definition;

/// Distance of layers and of lines, size of a box; all in pixels.
pub const LAYER: f64 = 218.0;
/// Distance of two lines of a layer.
pub const ROW: f64 = 64.0;
/// Half the width of a box.
pub const HALF_WIDTH: f64 = 62.0;
/// Half the height of a box.
pub const HALF_HEIGHT: f64 = 20.0;
const SWEEPS: usize = 8;

/// A place on the drawing.
pub type Point = (f64, f64);

/// A stream as a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its place among the streams of the flowsheet.
    pub stream: usize,
    /// From its beginning to its end.
    pub points: Vec<Point>,
    /// Whether it goes back against the layers.
    pub recycle: bool,
}

/// A flowsheet laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The middle of each node's box, in the order of the flowsheet.
    pub nodes: Vec<Point>,
    /// The streams.
    pub lines: Vec<Line>,
    /// The size of the drawing.
    pub size: Point,
}

/// A line between two vertices, turned so that it goes from a lower layer to a higher one.
struct Edge {
    from: usize,
    to: usize,
    stream: usize,
    turned: bool,
}

/// Lays a flowsheet out.
pub fn layout(definition: &Definition) -> Layout {
    let (count, mut edges) = graph(definition);
    turn_recycles(count, &mut edges);
    let layers = layered(count, &edges);
    let (mut chains, mut layer_of) = (Vec::new(), layers);
    for edge in &edges {
        let mut chain = vec![edge.from];
        for layer in layer_of[edge.from] + 1..layer_of[edge.to] {
            layer_of.push(layer);
            chain.push(layer_of.len() - 1);
        }
        chain.push(edge.to);
        chains.push(chain);
    }
    let ranks = ordered(&layer_of, &chains);
    let rows = placed(&layer_of, &ranks, &chains);
    let low = rows.iter().copied().fold(f64::MAX, f64::min);
    let low = if low.is_finite() { low } else { 0.0 };
    let point = |at: usize| (90.0 + layer_of[at] as f64 * LAYER, 44.0 + (rows[at] - low) * ROW);
    let lines = edges.iter().zip(&chains).map(|(edge, chain)| line(definition, edge, chain, &point));
    let lines: Vec<Line> = lines.collect();
    let nodes = (0..definition.nodes.len()).map(point).collect();
    let far = (0..layer_of.len()).map(point).fold((0.0, 0.0), |(x, y): Point, p| (x.max(p.0), y.max(p.1)));
    // a recycle bends below its nodes, and its name and figure stand there
    let below = if lines.iter().any(|line| line.recycle) { 92.0 } else { 64.0 };
    Layout { nodes, lines, size: (far.0 + 90.0, far.1 + below) }
}

/// Nodes first, then one end for each feed and product.
fn graph(definition: &Definition) -> (usize, Vec<Edge>) {
    let place: BTreeMap<&str, usize> =
        definition.nodes.iter().enumerate().map(|(at, node)| (node.name.as_str(), at)).collect();
    let mut count = definition.nodes.len();
    let mut edges = Vec::new();
    for (stream, of) in definition.streams.iter().enumerate() {
        let mut end = |name: &Option<kernel::Code>| {
            name.as_ref().and_then(|name| place.get(name.as_str()).copied()).unwrap_or_else(|| {
                count += 1;
                count - 1
            })
        };
        let (from, to) = (end(&of.from), end(&of.to));
        edges.push(Edge { from, to, stream, turned: false });
    }
    (count, edges)
}

/// Turns every line that closes a circle, found by going deep from the feeds first.
fn turn_recycles(count: usize, edges: &mut [Edge]) {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut entered = vec![0usize; count];
    for (at, edge) in edges.iter().enumerate() {
        out[edge.from].push(at);
        entered[edge.to] += 1;
    }
    let (mut state, mut back) = (vec![0u8; count], Vec::new());
    let starts = (0..count).filter(|v| entered[*v] == 0).chain((0..count).filter(|v| entered[*v] > 0));
    for start in starts.collect::<Vec<_>>() {
        if state[start] != 0 {
            continue;
        }
        let mut open = vec![(start, 0)];
        state[start] = 1;
        while let Some((at, next)) = open.pop() {
            let Some(edge) = out[at].get(next).copied() else {
                state[at] = 2;
                continue;
            };
            open.push((at, next + 1));
            match state[edges[edge].to] {
                0 => {
                    state[edges[edge].to] = 1;
                    open.push((edges[edge].to, 0));
                }
                1 => back.push(edge),
                _ => {}
            }
        }
    }
    for at in back {
        let edge = &mut edges[at];
        (edge.from, edge.to, edge.turned) = (edge.to, edge.from, true);
    }
}

/// The layer of each vertex: one more than the furthest before it; feeds stand right before their node.
fn layered(count: usize, edges: &[Edge]) -> Vec<usize> {
    let mut waits = vec![0usize; count];
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for edge in edges {
        waits[edge.to] += 1;
        out[edge.from].push(edge.to);
    }
    let mut layer = vec![0usize; count];
    let mut open: Vec<usize> = (0..count).filter(|v| waits[*v] == 0).collect();
    while let Some(at) = open.pop() {
        for to in &out[at] {
            layer[*to] = layer[*to].max(layer[at] + 1);
            waits[*to] -= 1;
            if waits[*to] == 0 {
                open.push(*to);
            }
        }
    }
    let first: Vec<bool> = (0..count).map(|v| edges.iter().all(|edge| edge.to != v)).collect();
    for edge in edges.iter().filter(|edge| first[edge.from] && out[edge.from].len() == 1) {
        layer[edge.from] = layer[edge.to].saturating_sub(1);
    }
    layer
}

fn neighbours(count: usize, chains: &[Vec<usize>]) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let (mut before, mut after) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for pair in chains.iter().flat_map(|chain| chain.windows(2)) {
        if let [a, b] = pair {
            after[*a].push(*b);
            before[*b].push(*a);
        }
    }
    (before, after)
}

/// The vertices of each layer in their order.
fn ordered(layer_of: &[usize], chains: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let depth = layer_of.iter().max().map_or(0, |deepest| deepest + 1);
    let mut layers = vec![Vec::new(); depth];
    for (at, layer) in layer_of.iter().enumerate() {
        layers[*layer].push(at);
    }
    let (before, after) = neighbours(layer_of.len(), chains);
    let mut place = vec![0.0f64; layer_of.len()];
    let renew = |layer: &[usize], place: &mut [f64]| {
        for (rank, at) in layer.iter().enumerate() {
            place[*at] = rank as f64;
        }
    };
    layers.iter().for_each(|layer| renew(layer, &mut place));
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let order: Vec<usize> = if forward { (0..depth).collect() } else { (0..depth).rev().collect() };
        for at in order {
            let near = if forward { &before } else { &after };
            let mean = |v: usize| match near[v].len() {
                0 => place[v],
                n => near[v].iter().map(|o| place[*o]).sum::<f64>() / n as f64,
            };
            let mut sorted: Vec<(f64, usize)> = layers[at].iter().map(|v| (mean(*v), *v)).collect();
            sorted.sort_by(|(a, x), (b, y)| a.total_cmp(b).then(x.cmp(y)));
            layers[at] = sorted.into_iter().map(|(_, v)| v).collect();
            renew(&layers[at], &mut place);
        }
    }
    layers
}

/// The line each vertex stands on: near its neighbours, at least one apart.
fn placed(layer_of: &[usize], layers: &[Vec<usize>], chains: &[Vec<usize>]) -> Vec<f64> {
    let (before, after) = neighbours(layer_of.len(), chains);
    let mut y = vec![0.0f64; layer_of.len()];
    for layer in layers {
        for (rank, at) in layer.iter().enumerate() {
            y[*at] = rank as f64 - (layer.len() as f64 - 1.0) / 2.0;
        }
    }
    for sweep in 0..SWEEPS {
        for layer in layers {
            let near = |v: usize| -> Vec<usize> {
                if sweep % 2 == 0 { before[v].clone() } else { [&before[v][..], &after[v][..]].concat() }
            };
            let wish = |v: usize, y: &[f64]| match near(v).len() {
                0 => y[v],
                n => near(v).iter().map(|o| y[*o]).sum::<f64>() / n as f64,
            };
            let wishes: Vec<f64> = layer.iter().map(|v| wish(*v, &y)).collect();
            let mut spread = wishes.clone();
            for at in 1..spread.len() {
                spread[at] = spread[at].max(spread[at - 1] + 1.0);
            }
            // Pushed apart downwards only: shift the whole back to where it wanted to be on the mean.
            let shift = wishes.iter().zip(&spread).map(|(w, s)| w - s).sum::<f64>();
            let shift = shift / (spread.len().max(1) as f64);
            for (at, s) in layer.iter().zip(spread) {
                y[*at] = s + shift;
            }
        }
    }
    y
}

fn line(definition: &Definition, edge: &Edge, chain: &[usize], point: &dyn Fn(usize) -> Point) -> Line {
    let boxed = |v: usize| v < definition.nodes.len();
    let mut points: Vec<Point> = chain.iter().map(|v| point(*v)).collect();
    let last = points.len() - 1;
    if edge.turned {
        points[0].1 += HALF_HEIGHT;
        points[last].1 += HALF_HEIGHT;
        points.reverse();
    } else {
        points[0].0 += if boxed(chain[0]) { HALF_WIDTH } else { -24.0 };
        points[last].0 -= if boxed(chain[last]) { HALF_WIDTH } else { -24.0 };
    }
    Line { stream: edge.stream, points, recycle: edge.turned }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowsheet::rules::tests::drawn;

    #[test]
    fn streams_go_from_left_to_right_but_recycles() {
        let of =
            drawn("feed:>mill m:mill>cyclone u:cyclone>mill o:cyclone>float c:float> t:float> s:float>mill");
        let found = layout(&of);
        assert_eq!(found, layout(&of), "the same every time");
        let recycles: Vec<&str> = found
            .lines
            .iter()
            .filter(|line| line.recycle)
            .map(|line| of.streams[line.stream].name.as_str())
            .collect();
        assert_eq!(recycles, ["u", "s"]);
        for line in found.lines.iter().filter(|line| !line.recycle) {
            assert!(line.points.windows(2).all(|pair| pair[0].0 < pair[1].0), "{line:?}");
        }
    }

    #[test]
    fn boxes_of_a_layer_do_not_touch() {
        let streams: Vec<String> =
            (0..12).flat_map(|n| [format!("f{n}:>n{n}"), format!("m{n}:n{n}>last")]).collect();
        let found = layout(&drawn(&format!("{} p:last>", streams.join(" "))));
        for (at, a) in found.nodes.iter().enumerate() {
            for b in &found.nodes[at + 1..] {
                assert!((a.0 - b.0).abs() > 1.0 || (a.1 - b.1).abs() >= ROW - 0.01, "{a:?} {b:?}");
            }
        }
    }
}
