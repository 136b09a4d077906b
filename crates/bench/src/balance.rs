//! The metal balance against scipy's sparse Gauss–Newton on the same plants, in one run.
//!
//! scipy is taken from the interpreter that `OREPASS_BENCH_PYTHON` names (`cargo xtask bench` makes a private
//! one); without it only the own times are measured.

use std::process::Command;
use std::time::Duration;

use balance::{Component, Given, Measurement, Name, Of, Stream};
use serde_json::json;

use crate::{Figure, percentile, timed};

const SCRIPT: &str = include_str!("balance.py");

/// A plant in which everything is measured.
struct Plant {
    ends: Vec<(Option<usize>, Option<usize>)>,
    nodes: usize,
    /// By stream: the flow, then the assays.
    measured: Vec<Vec<f64>>,
    sd: Vec<Vec<f64>>,
}

struct Dice(u64);

impl Dice {
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (a, b) = (self.part().max(1e-300), self.part());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

impl Plant {
    /// Lines of twenty nodes, each with side products, side feeds and short recycles; each line hands a
    /// part on to the next. Flows are sums of what flows along paths, so the true values balance.
    fn new(streams: usize, nodes: usize, assays: usize) -> Self {
        let mut dice = Dice(20_260_101);
        let mut plant = Plant { ends: Vec::new(), nodes, measured: Vec::new(), sd: Vec::new() };
        let line = 20;
        let mut next = Vec::with_capacity(nodes);
        for node in 0..nodes {
            if node % line == 0 {
                plant.stream(None, Some(node), assays);
            }
            next.push(plant.ends.len());
            let last = (node + 1) % line == 0 || node + 1 == nodes;
            plant.stream(Some(node), (!last).then_some(node + 1), assays);
        }
        for first in (0..nodes).step_by(line) {
            let feed = next[first] - 1;
            let path: Vec<usize> = (first..(first + line).min(nodes)).map(|node| next[node]).collect();
            plant.send(&mut dice, &[vec![feed], path].concat());
        }
        while plant.ends.len() < streams {
            let a = (dice.part() * nodes as f64) as usize % nodes;
            let end = ((a / line + 1) * line).min(nodes);
            let b = (a + 1 + (dice.part() * 5.0) as usize).min(end - 1);
            let new = plant.ends.len();
            let along = |from: usize, to: usize| (from..to).map(|node| next[node]).collect::<Vec<_>>();
            let path = match (dice.part() * 4.0) as usize {
                0 => {
                    plant.stream(None, Some(a), assays);
                    [vec![new], along(a, end)].concat()
                }
                1 if end < nodes => {
                    plant.stream(Some(a), Some(end), assays);
                    let after = (end + line).min(nodes);
                    let first = a / line * line;
                    [vec![next[first] - 1], along(first, a), vec![new], along(end, after)].concat()
                }
                2 if b > a => {
                    plant.stream(Some(b), Some(a), assays);
                    [along(a, b), vec![new]].concat()
                }
                _ => {
                    plant.stream(Some(a), None, assays);
                    let first = a / line * line;
                    [vec![next[first] - 1], along(first, a), vec![new]].concat()
                }
            };
            plant.send(&mut dice, &path);
        }
        plant.noise(&mut dice);
        plant
    }

    fn stream(&mut self, from: Option<usize>, to: Option<usize>, assays: usize) {
        self.ends.push((from, to));
        self.measured.push(vec![0.0; 1 + assays]);
    }

    fn send(&mut self, dice: &mut Dice, path: &[usize]) {
        let width = self.measured[0].len();
        let flow = 10.0 + 90.0 * dice.part();
        let amounts: Vec<f64> =
            (0..width).map(|q| if q == 0 { flow } else { flow * 0.1 * dice.part() }).collect();
        for &stream in path {
            self.measured[stream].iter_mut().zip(&amounts).for_each(|(to, amount)| *to += amount);
        }
    }

    fn noise(&mut self, dice: &mut Dice) {
        for values in &mut self.measured {
            let flow = values[0];
            values[1..].iter_mut().for_each(|amount| *amount /= flow);
            let part = |q: usize| if q == 0 { 0.05 } else { 0.03 };
            let sd: Vec<f64> = values.iter().enumerate().map(|(q, value)| part(q) * value).collect();
            values.iter_mut().zip(&sd).for_each(|(value, sd)| *value += sd * dice.normal());
            self.sd.push(sd);
        }
    }

    fn given(&self) -> Given {
        let name = |s: usize| Name(format!("s{s}"));
        let node = |end: Option<usize>| end.map(|node| Name(format!("n{node}")));
        let of = |q: usize| if q == 0 { Of::Flow } else { Of::Component(Name(format!("c{q}"))) };
        let component = |q: usize| Component::named(Name(format!("c{q}")));
        let components = (1..self.measured[0].len()).map(component).collect();
        let mut given = Given { components, ..Given::default() };
        for (s, &(from, to)) in self.ends.iter().enumerate() {
            given.streams.push(Stream { name: name(s), from: node(from), to: node(to) });
            for (q, (&value, &sd)) in self.measured[s].iter().zip(&self.sd[s]).enumerate() {
                let (value, sd) = (Some(value), Some(sd));
                given.measurements.push(Measurement {
                    stream: name(s),
                    of: of(q),
                    value,
                    sd,
                    below: None,
                    above: None,
                });
            }
        }
        given
    }

    /// Milliseconds of scipy's best run and its objective.
    fn scipy(&self, runs: usize) -> Option<(f64, f64)> {
        let python = std::env::var("OREPASS_BENCH_PYTHON").ok()?;
        let folder = std::env::temp_dir().join(format!("orepass-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).ok()?;
        let (script, input) = (folder.join("balance.py"), folder.join("plant.json"));
        std::fs::write(&script, SCRIPT).ok()?;
        let flat = |rows: &[Vec<f64>]| rows.iter().flatten().copied().collect::<Vec<f64>>();
        let case = json!({
            "ends": self.ends, "nodes": self.nodes, "width": self.measured[0].len(), "runs": runs,
            "m": flat(&self.measured), "s": flat(&self.sd),
        });
        std::fs::write(&input, case.to_string()).ok()?;
        let told = Command::new(python).arg(&script).arg(&input).output().ok()?;
        let _ = std::fs::remove_dir_all(&folder);
        let told: serde_json::Value = serde_json::from_slice(&told.stdout).ok()?;
        Some((told["ms"].as_f64()?, told["objective"].as_f64()?))
    }
}

/// The best of several runs, in milliseconds.
fn best(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut samples: Vec<Duration> = (0..runs).map(|_| timed(&mut work).1).collect();
    percentile(&mut samples, 0.0)
}

/// All plants.
pub fn run() -> Vec<Figure> {
    let mut figures = Vec::new();
    // streams, nodes, assays, and what the values and all of it may take in milliseconds
    type Size = (usize, usize, usize, Option<f64>, Option<f64>);
    let plants: [Size; 6] = [
        (200, 100, 10, Some(7.0), Some(20.0)),
        (500, 250, 20, None, Some(60.0)),
        (1000, 500, 0, None, None),
        (1000, 500, 10, None, None),
        (2500, 1250, 10, None, None),
        (5000, 2500, 10, None, None),
    ];
    for (streams, nodes, assays, values_ms, all_ms) in plants {
        let plant = Plant::new(streams, nodes, assays);
        let given = plant.given();
        let runs = if streams > 1000 { 3 } else { 9 };
        let answer = balance::solve(&given).expect("a plant");
        let own = best(runs, || drop(balance::values(&given)));
        let all = best(runs, || drop(balance::solve(&given)));
        let what = format!("balance: {streams} streams, {nodes} nodes, {assays} assays");
        let timed = |part: &str, ms: f64, limit: Option<f64>| {
            let what = format!("{what}: {part}");
            limit.map_or_else(
                || Figure::noted(&what, ms, "ms"),
                |limit| Figure::at_most(&what, ms, limit, "ms"),
            )
        };
        figures.push(timed("values", own, values_ms));
        figures.push(timed("values, every deviation and test", all, all_ms));
        if let Some((ms, objective)) = plant.scipy(if streams > 1000 { 1 } else { 5 }) {
            let wanted = if assays == 0 { 1.0 } else { 10.0 };
            let ratio = format!("{what}: scipy ({ms:.1} ms) takes so many times longer");
            figures.push(Figure::at_least(&ratio, ms / own, wanted, "×"));
            let off = (answer.objective / objective - 1.0).abs();
            figures.push(Figure::at_most(
                &format!("{what}: objectives differ by 1e-8 of"),
                off * 1e8,
                1.0,
                "",
            ));
        }
        let each = own * 1e3 / (streams * (1 + assays)) as f64;
        figures.push(Figure::noted(&format!("{what}: values, per quantity"), each, "µs"));
    }
    figures
}
