//! The same by plain dense elimination: Newton on the whole KKT matrix, and its inverse for the deviations.

use balance::{Given, Of, Sum, solve};
use proptest::prelude::*;

use super::plant::{Dice, Plant};

type Matrix = Vec<Vec<f64>>;
/// A row's value, its derivatives, and its products by variables and factor.
type Line = (f64, Vec<f64>, Vec<(usize, usize, f64)>);

/// Gauss–Jordan with row pivots; none when singular.
fn inverse(mut a: Matrix) -> Option<Matrix> {
    let n = a.len();
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
    }
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[i][k].abs().total_cmp(&a[j][k].abs()))?;
        if a[pivot][k].abs() < 1e-9 {
            return None;
        }
        a.swap(k, pivot);
        let factor = a[k][k].recip();
        a[k].iter_mut().for_each(|value| *value *= factor);
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[i][k];
            if factor != 0.0 {
                let row = a[k].clone();
                a[i].iter_mut().zip(row).for_each(|(to, from)| *to -= factor * from);
            }
        }
    }
    Some(a.into_iter().map(|row| row[n..].to_vec()).collect())
}

/// In variables relative to the truth, so that everything is of size 1.
struct Dense<'a> {
    plant: &'a Plant,
    weight: Vec<f64>,
    target: Vec<f64>,
    sums: bool,
}

impl Dense<'_> {
    fn width(&self) -> usize {
        1 + self.plant.components()
    }

    /// Each row: value and derivatives, given relative values z.
    fn rows(&self, z: &[f64]) -> Vec<Line> {
        let (width, plant) = (self.width(), self.plant);
        let nodes = plant.ends.iter().flat_map(|(a, b)| [*a, *b]).flatten().max().map_or(0, |most| most + 1);
        let last = if self.sums { width - 1 } else { width };
        let mut rows = Vec::new();
        for node in 0..nodes {
            for of in 0..last {
                let (mut value, mut slope, mut bend) = (0.0, vec![0.0; z.len()], Vec::new());
                let scale = if of == 0 { 0.01 } else { 0.1 };
                for (s, &(from, to)) in plant.ends.iter().enumerate() {
                    let sign =
                        f64::from(u8::from(to == Some(node))) - f64::from(u8::from(from == Some(node)));
                    let (f, x) = (s * width, s * width + of);
                    if sign == 0.0 {
                        continue;
                    }
                    if of == 0 {
                        value += sign * scale * plant.flow[s] * z[f];
                        slope[f] += sign * scale * plant.flow[s];
                    } else {
                        let amount = sign * scale * plant.flow[s] * plant.truth(s, of);
                        value += amount * z[f] * z[x];
                        slope[f] += amount * z[x];
                        slope[x] += amount * z[f];
                        bend.push((f, x, amount));
                    }
                }
                rows.push((value, slope, bend));
            }
        }
        if self.sums {
            for s in 0..plant.ends.len() {
                let (mut value, mut slope) = (-1.0, vec![0.0; z.len()]);
                for of in 1..width {
                    value += plant.truth(s, of) * z[s * width + of];
                    slope[s * width + of] = plant.truth(s, of);
                }
                rows.push((value, slope, Vec::new()));
            }
        }
        rows
    }

    fn matrix(&self, z: &[f64], lambda: &[f64], exact: bool) -> (Matrix, Vec<f64>) {
        let (n, rows) = (z.len(), self.rows(z));
        let size = n + rows.len();
        let (mut k, mut right) = (vec![vec![0.0; size]; size], vec![0.0; size]);
        for i in 0..n {
            k[i][i] = self.weight[i];
            right[i] -= self.weight[i] * (z[i] - self.target[i]);
        }
        for (r, (value, slope, bend)) in rows.iter().enumerate() {
            right[n + r] = -value;
            for i in 0..n {
                k[i][n + r] = slope[i];
                k[n + r][i] = slope[i];
                right[i] -= lambda[r] * slope[i];
            }
            for &(f, x, amount) in bend.iter().filter(|_| exact) {
                k[f][x] += lambda[r] * amount;
                k[x][f] += lambda[r] * amount;
            }
        }
        (k, right)
    }

    /// Relative values and standard deviations.
    fn solve(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        let n = self.weight.len();
        let mut z = vec![1.0; n];
        let mut lambda = vec![0.0; self.rows(&z).len()];
        for step in 0..60 {
            let (k, right) = self.matrix(&z, &lambda, step > 3);
            let back = inverse(k)?;
            let change: Vec<f64> =
                back.iter().map(|row| row.iter().zip(&right).map(|(a, b)| a * b).sum()).collect();
            z.iter_mut().zip(&change).for_each(|(z, change)| *z += change);
            lambda.iter_mut().zip(&change[n..]).for_each(|(l, change)| *l += change);
            if change[..n].iter().all(|change| change.abs() < 1e-13) {
                let back = inverse(self.matrix(&z, &lambda, false).0)?;
                return Some((z, (0..n).map(|i| back[i][i].max(0.0).sqrt()).collect()));
            }
        }
        None
    }
}

fn dense(plant: &Plant, given: &Given, sums: bool) -> Option<(Vec<f64>, Vec<f64>)> {
    let width = 1 + plant.components();
    let n = plant.ends.len() * width;
    let (mut weight, mut target) = (vec![0.0; n], vec![0.0; n]);
    for measurement in &given.measurements {
        let s: usize = measurement.stream.0[1..].parse().expect("a number");
        let of = match &measurement.of {
            Of::Flow => 0,
            Of::Component(name) => 1 + name.0[1..].parse::<usize>().expect("a number"),
        };
        let truth = plant.truth(s, of);
        weight[s * width + of] = (measurement.sd? / truth).powi(-2);
        target[s * width + of] = measurement.value? / truth;
    }
    Dense { plant, weight, target, sums }.solve()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_plants_agree_with_dense_elimination(
        seed in any::<u64>(),
        (nodes, more, components) in (1_usize..4, 0_usize..4, 1_usize..3),
        (gaps, rest) in (0_usize..4, any::<bool>()),
    ) {
        let mut dice = Dice::new(seed);
        let plant = Plant::new(&mut dice, nodes, more, components);
        let plant = if rest { plant.with_rest() } else { plant };
        let width = 1 + plant.components();
        let holes: Vec<(usize, usize)> =
            (0..gaps).map(|_| (dice.below(plant.ends.len()), dice.below(width))).collect();
        let mut given = plant.measured(&mut dice, 0.02, &|s, of| !holes.contains(&(s, of)));
        if rest {
            let components = given.components.iter().map(|c| c.name.clone()).collect();
            given.sums.push(Sum { components, to: 1.0, streams: None });
        }
        let Some((z, sd)) = dense(&plant, &given, rest) else { return Ok(()) };
        let Ok(answer) = solve(&given) else { return Ok(()) };
        // a bound that is reached makes another problem
        prop_assume!(answer.values.iter().all(|value| !value.at_bound));
        prop_assert!(answer.converged, "{:?}", answer.notes);
        prop_assert!(answer.unobservable.is_empty(), "{:?}", answer.unobservable);
        for (i, value) in answer.values.iter().enumerate() {
            let truth = plant.truth(i / width, i % width);
            let (found, wanted) = (value.value.unwrap() / truth, z[i]);
            prop_assert!((found - wanted).abs() < 1e-7 * sd[i].max(0.01), "{value:?}: {found} {wanted}");
            let found = value.sd.unwrap() / truth;
            prop_assert!((found - sd[i]).abs() < 1e-5 * sd[i] + 1e-9, "{value:?}: sd {found} {}", sd[i]);
        }
    }
}
