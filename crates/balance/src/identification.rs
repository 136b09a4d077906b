//! How often a gross error is found: by trials on the plant as it was reconciled.

use serde::{Deserialize, Serialize};

use crate::judge::critical;
use crate::reconciled::Reconciled;
use crate::{Given, Quantity, Wrong};

/// What trials showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identification {
    /// Trials of each kind.
    pub trials: u32,
    /// How often the global test rejected where nothing was wrong.
    pub false_alarms: f64,
    /// How often an interval at the stated confidence covered the true value, over all observable quantities.
    pub coverage: f64,
    /// Per measurement, in the order of the input's streams.
    pub meters: Vec<Meter>,
}

/// What became of biases in one measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meter {
    /// The measurement.
    pub quantity: Quantity,
    /// Per size.
    pub rates: Vec<Rate>,
}

/// How often a bias of one size was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// The bias, in standard deviations of the measurement.
    pub size: f64,
    /// How often the global test rejected.
    pub detected: f64,
    /// How often it rejected and the first suspect was this measurement, or one that cannot be told from it.
    pub identified: f64,
}

/// Simulates measurements about the reconciled values with the stated deviations, with nothing wrong and with
/// a bias of each size (in standard deviations) in each measurement in turn.
///
/// `normals` gives independent standard normal numbers: the caller chooses and seeds the generator. Of a
/// bilinear problem the balances linearised at the reconciled values are used.
///
/// # Errors
/// As [`crate::solve`].
pub fn identification(
    given: &Given,
    sizes: &[f64],
    trials: u32,
    normals: &mut dyn FnMut() -> f64,
) -> Result<Identification, Wrong> {
    let reconciled = crate::reconcile(given)?;
    let plant = Plant::new(&reconciled);
    let (mut alarms, mut covered, mut asked) = (0_u32, 0_u64, 0_u64);
    let wide = critical::normal(0.5 + given.options.confidence / 2.0);
    for _ in 0..trials {
        let errors = plant.errors(normals, None);
        let found = plant.judge(&errors);
        alarms += u32::from(found.rejects);
        covered += plant.covered(&errors, &found.multipliers, wide);
        asked += plant.testable.len() as u64;
    }
    let mut meters = Vec::new();
    for &i in &plant.testable {
        let Some(quantity) = reconciled.named(i) else { continue };
        let rates = sizes.iter().map(|&size| plant.rate(i, size, trials, normals)).collect();
        meters.push(Meter { quantity, rates });
    }
    Ok(Identification {
        trials,
        false_alarms: f64::from(alarms) / f64::from(trials.max(1)),
        coverage: covered as f64 / (asked as f64).max(1.0),
        meters,
    })
}

struct Plant<'a> {
    reconciled: &'a Reconciled,
    testable: Vec<usize>,
    limit: f64,
}

struct Judged {
    rejects: bool,
    multipliers: Vec<f64>,
}

impl<'a> Plant<'a> {
    fn new(reconciled: &'a Reconciled) -> Self {
        let shown = reconciled.shown();
        let testable = (0..shown.held.len()).filter(|&i| shown.measurement_test(i).is_some()).collect();
        let limit = critical::chi_squared(shown.dof, reconciled.options.confidence);
        Plant { reconciled, testable, limit: limit.unwrap_or(f64::INFINITY) }
    }

    fn errors(&self, normals: &mut dyn FnMut() -> f64, bias: Option<(usize, f64)>) -> Vec<f64> {
        let variance = &self.reconciled.shown().covariance.variance;
        let mut errors: Vec<f64> =
            variance.iter().map(|&v| if v > 0.0 { normals() * v.sqrt() } else { 0.0 }).collect();
        if let Some((i, size)) = bias {
            errors[i] += size * variance[i].sqrt();
        }
        errors
    }

    fn judge(&self, errors: &[f64]) -> Judged {
        let covariance = &self.reconciled.shown().covariance;
        let mut residual = vec![0.0; covariance.rows()];
        for (column, error) in covariance.columns.iter().zip(errors) {
            column.iter().for_each(|&(r, g)| residual[r] += g * error);
        }
        let mut multipliers = residual.clone();
        covariance.solve(&mut multipliers);
        let chi: f64 = residual.iter().zip(&multipliers).map(|(r, m)| r * m).sum();
        Judged { rejects: chi > self.limit, multipliers }
    }

    fn pull(&self, i: usize, multipliers: &[f64]) -> f64 {
        let column = &self.reconciled.shown().covariance.columns[i];
        column.iter().map(|&(r, g)| g * multipliers[r]).sum()
    }

    fn covered(&self, errors: &[f64], multipliers: &[f64], wide: f64) -> u64 {
        let shown = self.reconciled.shown();
        let inside = |&&i: &&usize| {
            let error = errors[i] - shown.covariance.variance[i] * self.pull(i, multipliers);
            shown.sd[i].is_some_and(|sd| error.abs() <= wide * sd)
        };
        self.testable.iter().filter(inside).count() as u64
    }

    fn rate(&self, i: usize, size: f64, trials: u32, normals: &mut dyn FnMut() -> f64) -> Rate {
        let shown = self.reconciled.shown();
        let z = |j: usize, multipliers: &[f64]| {
            let variance = shown.covariance.variance[j];
            (variance * self.pull(j, multipliers)).abs() / shown.adjustment_variance[j].sqrt()
        };
        let (mut detected, mut identified) = (0_u32, 0_u32);
        for _ in 0..trials {
            let found = self.judge(&self.errors(normals, Some((i, size))));
            if !found.rejects {
                continue;
            }
            detected += 1;
            let own = z(i, &found.multipliers) * (1.0 + 1e-6);
            identified += u32::from(self.testable.iter().all(|&j| z(j, &found.multipliers) <= own));
        }
        let part = |count: u32| f64::from(count) / f64::from(trials.max(1));
        Rate { size, detected: part(detected), identified: part(identified) }
    }
}
