//! The fast path: everything measured or known, nothing but node balances.
//!
//! The assays of a stream hang together only through its flow, and a stream touches only its two nodes. So
//! assays are eliminated first (a diagonal), then the flow (a number), and what remains is one dense block of
//! 1 + components multipliers a node, with the pattern of the node graph: a graph Laplacian whose weights are
//! small matrices
//! ```text
//! S = u uᵀ / α + diag(0, F² / w_c)    u = (1, x_c − F q_c / w_c)    α = w_F − Σ q_c² / w_c
//! ```
//! with w the weights and q_c the difference of the component's multipliers between the stream's ends (the
//! exact Hessian; without q it is Gauss–Newton's). Nodes are eliminated by minimum degree, once. The
//! variance of every quantity needs only the blocks of the inverse between the ends of its own stream, and
//! those lie on the pattern.

mod cholesky;
mod pattern;

use crate::model::{Model, Row, Statement, What};
use crate::newton::{CLOSED, Point};
use crate::settle::Part;

use cholesky::Panels;
use pattern::Pattern;

const STEPS: u32 = 40;
/// How far, in standard deviations, the multipliers may leave a quantity from where it should be.
const STILL: f64 = 1e-9;

/// A factored system: solves for all rows of the model.
pub(crate) struct Blocks {
    pattern: Pattern,
    factor: Panels,
    /// Streams between two different places.
    streams: Vec<Stream>,
    /// Which components conserve, as `of`.
    kept: Vec<usize>,
}

/// What is needed for variances, beside the point.
pub(crate) struct Spread {
    /// jᵀ V⁻¹ j of each variable.
    pub quadratic: Vec<f64>,
    /// The diagonal of V⁻¹ by row.
    pub diagonal: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    number: usize,
    from: Option<usize>,
    to: Option<usize>,
}

struct State {
    v: Vec<f64>,
    /// Multipliers by row.
    lambda: Vec<f64>,
}

impl Blocks {
    /// Reconciles from the measured values; none when the problem is not of this kind, or a bound or a
    /// singular block stands in the way. With `judged`, the system at the end is factored for the
    /// statistics.
    pub fn solve(model: &Model, part: &Part, judged: bool) -> Option<(Self, Point)> {
        let inverse = weights(model, part)?;
        let mut blocks = Blocks::new(model);
        let mut state = State {
            v: (model.variables.iter().enumerate())
                .map(|(i, variable)| variable.fixed.unwrap_or(part.targets[i]))
                .collect(),
            lambda: vec![0.0; model.rows.len()],
        };
        let mut work = Vec::new();
        for step in 0..STEPS {
            let closed = blocks.closed(model, &state.v);
            if step > 0 && closed && blocks.still(model, part, &inverse, &state) {
                let inside = (model.variables.iter().zip(&state.v)).all(|(variable, &v)| {
                    v >= variable.lower && v <= variable.upper || variable.fixed.is_some()
                });
                let factored = inside
                    && (!judged || {
                        blocks.assemble(model, &inverse, &state, false);
                        blocks.factor.factor(&blocks.pattern, &mut work)
                    });
                let State { v, lambda } = state;
                let point = Point { v, multipliers: lambda, iterations: step, converged: true };
                return factored.then_some((blocks, point));
            }
            blocks.assemble(model, &inverse, &state, true);
            if !blocks.factor.factor(&blocks.pattern, &mut work) {
                return None;
            }
            blocks.step(model, part, &inverse, &mut state);
            if state.v.iter().any(|value| !value.is_finite()) {
                return None;
            }
        }
        None
    }

    fn new(model: &Model) -> Self {
        let sheet = &model.sheet;
        let kept: Vec<usize> =
            (0..sheet.components.len()).filter(|&c| sheet.conserves[c]).map(|c| 1 + c).collect();
        let streams: Vec<Stream> = (sheet.ends.iter().enumerate())
            .filter(|(_, (from, to))| from != to)
            .map(|(number, &(from, to))| Stream { number, from, to })
            .collect();
        let edges = streams.iter().filter_map(|stream| Some((stream.from?, stream.to?)));
        let pattern = Pattern::new(sheet.nodes.len(), 1 + kept.len(), edges);
        let factor = Panels::new(&pattern);
        Blocks { pattern, factor, streams, kept }
    }

    /// V⁻¹ of a right side by row of the model.
    pub fn solve_rows(&self, right: &mut [f64]) {
        self.factor.solve(&self.pattern, right);
    }

    fn closed(&self, model: &Model, v: &[f64]) -> bool {
        model.rows.iter().all(|row| {
            let (value, size) = row.value(v);
            value.abs() <= CLOSED * size
        })
    }

    /// The difference of a multiplier between a stream's ends.
    fn pull(&self, lambda: &[f64], stream: &Stream, k: usize) -> f64 {
        let at = |node: Option<usize>| node.map_or(0.0, |node| lambda[node * self.pattern.b + k]);
        at(stream.to) - at(stream.from)
    }

    /// W (v − m) + Jᵀ λ: of the flow, then of the kept components.
    fn gradient(&self, model: &Model, part: &Part, state: &State, stream: &Stream, out: &mut [f64]) {
        let flow = model.at(stream.number, 0);
        out[0] =
            part.weights[flow] * (state.v[flow] - part.targets[flow]) + self.pull(&state.lambda, stream, 0);
        for (k, &of) in self.kept.iter().enumerate() {
            let x = flow + of;
            let q = self.pull(&state.lambda, stream, 1 + k);
            out[0] += q * state.v[x];
            out[1 + k] = part.weights[x] * (state.v[x] - part.targets[x]) + q * state.v[flow];
        }
    }

    fn still(&self, model: &Model, part: &Part, inverse: &[f64], state: &State) -> bool {
        let mut gradient = vec![0.0; self.pattern.b];
        self.streams.iter().all(|stream| {
            self.gradient(model, part, state, stream, &mut gradient);
            let flow = model.at(stream.number, 0);
            let of = |k: usize| if k == 0 { flow } else { flow + self.kept[k - 1] };
            gradient.iter().enumerate().all(|(k, g)| g.abs() * inverse[of(k)].sqrt() <= STILL)
        })
    }

    /// u, α and q / w of a stream; without the exact Hessian where that would bend the wrong way.
    fn arrow(&self, model: &Model, inverse: &[f64], state: &State, stream: &Stream, exact: bool) -> Arrow {
        let flow = model.at(stream.number, 0);
        let mut arrow = Arrow { reach: inverse[flow], bend: vec![0.0; self.kept.len()] };
        if exact && inverse[flow] > 0.0 {
            let mut alpha = inverse[flow].recip();
            for (k, &of) in self.kept.iter().enumerate() {
                let q = self.pull(&state.lambda, stream, 1 + k);
                arrow.bend[k] = q * inverse[flow + of];
                alpha -= q * arrow.bend[k];
            }
            if alpha * inverse[flow] > 0.05 {
                arrow.reach = alpha.recip();
            } else {
                arrow.bend.fill(0.0);
            }
        }
        arrow
    }

    fn assemble(&mut self, model: &Model, inverse: &[f64], state: &State, exact: bool) {
        let b = self.pattern.b;
        self.factor.values.fill(0.0);
        let (mut u, mut s) = (vec![0.0; b], vec![0.0; b * b]);
        for stream in &self.streams {
            let flow = model.at(stream.number, 0);
            let arrow = self.arrow(model, inverse, state, stream, exact);
            u[0] = 1.0;
            for (k, &of) in self.kept.iter().enumerate() {
                u[1 + k] = state.v[flow + of] - state.v[flow] * arrow.bend[k];
            }
            for j in 0..b {
                let factor = u[j] * arrow.reach;
                s[j * b..(j + 1) * b].iter_mut().zip(&u).for_each(|(to, u)| *to = factor * u);
            }
            for (k, &of) in self.kept.iter().enumerate() {
                s[(1 + k) * b + 1 + k] += state.v[flow].powi(2) * inverse[flow + of];
            }
            let place = |node: Option<usize>| node.map(|node| self.pattern.place[node]);
            let (from, to) = (place(stream.from), place(stream.to));
            let both = from.zip(to).map(|(from, to)| (from.max(to), from.min(to), -1.0));
            let own = [from, to].into_iter().flatten().map(|at| (at, at, 1.0));
            for (row, column, sign) in own.chain(both) {
                let (at, height) = (self.pattern.block(row, column), self.pattern.height(column));
                for j in 0..b {
                    let target = &mut self.factor.values[at + j * height..][..b];
                    target.iter_mut().zip(&s[j * b..]).for_each(|(to, s)| *to += sign * s);
                }
            }
        }
        for (i, variable) in model.variables.iter().enumerate().skip(self.quantities(model)) {
            if let Some((node, k)) = self.gain(variable.what) {
                let column = self.pattern.place[node];
                self.factor.values[self.pattern.start[column] + k * self.pattern.height(column) + k] +=
                    inverse[i];
            }
        }
    }

    fn quantities(&self, model: &Model) -> usize {
        model.sheet.ends.len() * model.sheet.width()
    }

    /// Node and number within the block of a gain.
    fn gain(&self, what: What) -> Option<(usize, usize)> {
        let What::Gain { node, of } = what else { return None };
        let k = if of == 0 { 0 } else { 1 + self.kept.iter().position(|&kept| kept == of)? };
        Some((node, k))
    }

    /// One Newton step with the factored system.
    fn step(&self, model: &Model, part: &Part, inverse: &[f64], state: &mut State) {
        let b = self.pattern.b;
        let mut right: Vec<f64> = model.rows.iter().map(|row: &Row| row.value(&state.v).0).collect();
        let mut steps = Vec::with_capacity(self.streams.len());
        let mut gradient = vec![0.0; b];
        for stream in &self.streams {
            self.gradient(model, part, state, stream, &mut gradient);
            let arrow = self.arrow(model, inverse, state, stream, true);
            let moved = self.apply(model, inverse, &arrow, stream, &gradient);
            let amounts = self.amounts(model, state, stream, &moved);
            for (node, sign) in [(stream.to, -1.0), (stream.from, 1.0)] {
                let Some(node) = node else { continue };
                let to = &mut right[node * b..(node + 1) * b];
                to.iter_mut().zip(&amounts).for_each(|(to, amount)| *to += sign * amount);
            }
            steps.push((arrow, gradient.clone()));
        }
        let gains = self.quantities(model);
        for (i, variable) in model.variables.iter().enumerate().skip(gains) {
            if let Some((node, k)) = self.gain(variable.what) {
                let g = part.weights[i] * (state.v[i] - part.targets[i]) - state.lambda[node * b + k];
                right[node * b + k] += inverse[i] * g;
            }
        }
        self.factor.solve(&self.pattern, &mut right);
        for (stream, (arrow, mut gradient)) in self.streams.iter().zip(steps) {
            let flow = model.at(stream.number, 0);
            gradient[0] += self.pull(&right, stream, 0);
            for (k, &of) in self.kept.iter().enumerate() {
                let q = self.pull(&right, stream, 1 + k);
                gradient[0] += q * state.v[flow + of];
                gradient[1 + k] += q * state.v[flow];
            }
            let moved = self.apply(model, inverse, &arrow, stream, &gradient);
            state.v[flow] -= moved[0];
            for (k, &of) in self.kept.iter().enumerate() {
                state.v[flow + of] -= moved[1 + k];
            }
        }
        for (i, variable) in model.variables.iter().enumerate().skip(gains) {
            if let Some((node, k)) = self.gain(variable.what) {
                let lambda = state.lambda[node * b + k] + right[node * b + k];
                let g = part.weights[i] * (state.v[i] - part.targets[i]) - lambda;
                state.v[i] -= inverse[i] * g;
            }
        }
        state.lambda.iter_mut().zip(&right).for_each(|(old, change)| *old += change);
    }

    /// H⁻¹ of a stream's gradient.
    fn apply(&self, model: &Model, inverse: &[f64], arrow: &Arrow, stream: &Stream, g: &[f64]) -> Vec<f64> {
        let flow = model.at(stream.number, 0);
        let bent: f64 = arrow.bend.iter().zip(&g[1..]).map(|(bend, g)| bend * g).sum();
        let change = (g[0] - bent) * arrow.reach;
        let mut moved = vec![change; self.pattern.b];
        for (k, &of) in self.kept.iter().enumerate() {
            moved[1 + k] = inverse[flow + of] * g[1 + k] - arrow.bend[k] * change;
        }
        moved
    }

    /// The change of flow and amounts that a change of flow and shares makes.
    fn amounts(&self, model: &Model, state: &State, stream: &Stream, moved: &[f64]) -> Vec<f64> {
        let flow = model.at(stream.number, 0);
        let mut amounts = vec![moved[0]; self.pattern.b];
        for (k, &of) in self.kept.iter().enumerate() {
            amounts[1 + k] = state.v[flow + of] * moved[0] + state.v[flow] * moved[1 + k];
        }
        amounts
    }

    /// What the selected inverse says of every variable and row.
    pub fn spread(&self, model: &Model, v: &[f64]) -> Spread {
        let b = self.pattern.b;
        let inverse = self.factor.inverse(&self.pattern);
        let mut quadratic = vec![0.0; v.len()];
        let mut difference = vec![0.0; b * b];
        for stream in &self.streams {
            let place = |node: Option<usize>| node.map(|node| self.pattern.place[node]);
            let (from, to) = (place(stream.from), place(stream.to));
            difference.fill(0.0);
            let mut take = |row: usize, column: usize, factor: f64, turned: bool| {
                let (at, height) = (self.pattern.block(row, column), self.pattern.height(column));
                for j in 0..b {
                    for i in 0..b {
                        let target = if turned { i * b + j } else { j * b + i };
                        difference[target] += factor * inverse.values[at + j * height + i];
                    }
                }
            };
            [from, to].into_iter().flatten().for_each(|at| take(at, at, 1.0, false));
            if let Some((from, to)) = from.zip(to) {
                take(from.max(to), from.min(to), -1.0, false);
                take(from.max(to), from.min(to), -1.0, true);
            }
            let flow = model.at(stream.number, 0);
            let share = |k: usize| if k == 0 { 1.0 } else { v[flow + self.kept[k - 1]] };
            for j in 0..b {
                let row: f64 = (0..b).map(|i| share(i) * difference[j * b + i]).sum();
                quadratic[flow] += share(j) * row;
            }
            for (k, &of) in self.kept.iter().enumerate() {
                quadratic[flow + of] = v[flow].powi(2) * difference[(1 + k) * b + 1 + k];
            }
        }
        let diagonal: Vec<f64> = (model.rows.iter().enumerate())
            .map(|(r, _)| {
                let column = self.pattern.place[r / b];
                let (j, height) = (r % b, self.pattern.height(column));
                inverse.values[self.pattern.start[column] + j * height + j]
            })
            .collect();
        for (i, variable) in model.variables.iter().enumerate().skip(self.quantities(model)) {
            if let Some((node, k)) = self.gain(variable.what) {
                quadratic[i] = diagonal[node * b + k];
            }
        }
        Spread { quadratic, diagonal }
    }
}

struct Arrow {
    /// 1/α; 0 for a flow that is known.
    reach: f64,
    /// q / w of each kept component.
    bend: Vec<f64>,
}

/// 1/w of each variable, 0 for what is known; none when something is neither, or a row is no balance.
fn weights(model: &Model, part: &Part) -> Option<Vec<f64>> {
    let balances = model.rows.iter().all(|row| matches!(row.what, Statement::Balance { .. }));
    let everywhere = model.sheet.excepted.iter().all(Vec::is_empty);
    if !balances || !everywhere || part.off.iter().any(|&off| off) {
        return None;
    }
    (model.variables.iter().zip(&part.weights))
        .map(|(variable, &w)| match variable.fixed {
            Some(_) => Some(0.0),
            None => (w > 0.0).then(|| w.recip()),
        })
        .collect()
}
