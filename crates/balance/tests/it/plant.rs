//! Invented plants that balance exactly, and measurements of them.

use balance::{Component, Given, Measurement, Name, Of, Stream};

/// A fixed generator: the tests need the same numbers every time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(2) | 1)
    }

    /// Between 0 and 1.
    pub fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut x = self.0;
        x ^= x >> 33;
        x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
        x ^= x >> 33;
        (x >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, limit: usize) -> usize {
        ((self.part() * limit as f64) as usize).min(limit - 1)
    }

    /// Standard normal, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let (a, b) = (self.part().max(1e-300), self.part());
        (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    }
}

/// True flows and shares on a flowsheet.
#[derive(Debug, Clone)]
pub struct Plant {
    pub ends: Vec<(Option<usize>, Option<usize>)>,
    pub flow: Vec<f64>,
    /// By stream, then component.
    pub share: Vec<Vec<f64>>,
}

impl Plant {
    /// A chain of nodes with side feeds, side products, recycles and parallel streams: what flows is the
    /// sum of what flows along some paths, each with a composition of its own, so that everything balances.
    pub fn new(dice: &mut Dice, nodes: usize, more: usize, components: usize) -> Self {
        let mut ends = vec![(None, Some(0))];
        ends.extend((1..nodes).map(|node| (Some(node - 1), Some(node))));
        ends.push((Some(nodes - 1), None));
        let mut plant =
            Plant { flow: vec![0.0; ends.len()], share: vec![vec![0.0; components]; ends.len()], ends };
        let chain = |from: usize, to: usize| (from + 1..=to).collect::<Vec<usize>>();
        let whole: Vec<usize> = (0..=nodes).collect();
        plant.send(dice, &whole);
        for _ in 0..more {
            let (a, b) = (dice.below(nodes), dice.below(nodes));
            let (low, high) = (a.min(b), a.max(b));
            let new = plant.ends.len();
            let path: Vec<usize> = match dice.below(3) {
                0 => {
                    plant.ends.push((Some(a), None));
                    [vec![0], chain(0, a), vec![new]].concat()
                }
                1 => {
                    plant.ends.push((None, Some(a)));
                    [vec![new], chain(a, nodes - 1), vec![nodes]].concat()
                }
                _ if low == high => continue,
                _ => {
                    plant.ends.push((Some(high), Some(low)));
                    [chain(low, high), vec![new]].concat()
                }
            };
            plant.flow.push(0.0);
            plant.share.push(vec![0.0; components]);
            plant.send(dice, &path);
        }
        for (flow, share) in plant.flow.iter().zip(&mut plant.share) {
            share.iter_mut().for_each(|amount| *amount /= flow);
        }
        plant
    }

    fn send(&mut self, dice: &mut Dice, path: &[usize]) {
        let amount = 10.0 + 90.0 * dice.part();
        let parts: Vec<f64> = self.share[0].iter().map(|_| 0.02 + 0.2 * dice.part()).collect();
        for &stream in path {
            self.flow[stream] += amount;
            self.share[stream].iter_mut().zip(&parts).for_each(|(to, part)| *to += amount * part);
        }
    }

    /// Adds a component that is the rest to 1.
    pub fn with_rest(mut self) -> Self {
        self.share.iter_mut().for_each(|share| share.push(1.0 - share.iter().sum::<f64>()));
        self
    }

    pub fn components(&self) -> usize {
        self.share[0].len()
    }

    pub fn truth(&self, stream: usize, of: usize) -> f64 {
        if of == 0 { self.flow[stream] } else { self.share[stream][of - 1] }
    }

    /// Everything measured with errors of `noise` of each value; flows and shares where `seen` says so.
    pub fn measured(&self, dice: &mut Dice, noise: f64, seen: &dyn Fn(usize, usize) -> bool) -> Given {
        let name = |s: usize| Name(format!("s{s}"));
        let node = |end: Option<usize>| end.map(|node| Name(format!("n{node}")));
        let component = |c: usize| Name(format!("c{c}"));
        let mut given = Given {
            streams: (self.ends.iter().enumerate())
                .map(|(s, &(from, to))| Stream { name: name(s), from: node(from), to: node(to) })
                .collect(),
            components: (0..self.components()).map(|c| Component::named(component(c))).collect(),
            ..Given::default()
        };
        for s in 0..self.ends.len() {
            for of in 0..=self.components() {
                let (truth, error) = (self.truth(s, of), dice.normal());
                if seen(s, of) {
                    let what = if of == 0 { Of::Flow } else { Of::Component(component(of - 1)) };
                    given.measurements.push(Measurement {
                        stream: name(s),
                        of: what,
                        value: Some(truth * (1.0 + noise * error)),
                        sd: Some(0.03 * truth),
                        below: None,
                        above: None,
                    });
                }
            }
        }
        given
    }
}

/// The largest imbalance of any balance, relative to what passes.
pub fn worst(plant: &Plant, value: &dyn Fn(usize, usize) -> f64) -> f64 {
    let nodes = plant.ends.iter().flat_map(|(a, b)| [*a, *b]).flatten().max().map_or(0, |most| most + 1);
    let mut worst = 0.0_f64;
    for node in 0..nodes {
        for of in 0..=plant.components() {
            let (mut sum, mut size) = (0.0, 0.0_f64);
            for (s, &(from, to)) in plant.ends.iter().enumerate() {
                let amount = if of == 0 { value(s, 0) } else { value(s, 0) * value(s, of) };
                let sign = f64::from(u8::from(to == Some(node))) - f64::from(u8::from(from == Some(node)));
                sum += sign * amount;
                size += (sign * amount).abs();
            }
            worst = worst.max(sum.abs() / size.max(f64::MIN_POSITIVE));
        }
    }
    worst
}
