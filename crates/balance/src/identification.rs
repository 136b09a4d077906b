//! How often a gross error is found: by trials on the plant as it was reconciled.

use serde::{Deserialize, Serialize};

use crate::judge::critical;
use crate::reconciled::Reconciled;
use crate::{Given, Quantity, Wrong};

/// Fewer trials than this say too little of a meter: rather than make fewer, meters are left out.
const FEW: u32 = 100;
/// So many simulated figures are kept in memory at the most (a quarter of a gigabyte).
const MOST_KEPT: u64 = 30_000_000;

/// What is tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Trials {
    /// Trials of each kind, when `most` allows.
    pub runs: u32,
    /// Biases, in standard deviations of the measurement.
    pub sizes: Vec<f64>,
    /// The measurements that are biased in turn; all when it is empty.
    pub only: Vec<Quantity>,
    /// How many figures may be looked at: runs × sizes × meters × quantities. Above this there are fewer
    /// runs, at least 100 of them, and then fewer meters.
    pub most: u64,
}

/// What trials showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identification {
    /// Trials of each kind that were made.
    pub trials: u32,
    /// How often the global test rejected where nothing was wrong.
    pub false_alarms: f64,
    /// How often an interval at the stated confidence covered the true value, over redundant measurements.
    pub coverage: f64,
    /// Per measurement, in the order of the input's streams.
    pub meters: Vec<Meter>,
    /// Redundant measurements that were not tried, as it would have taken too long: the last of the input.
    pub left_out: usize,
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
/// a bias of each size (in standard deviations) in each measurement in turn. The noise is drawn once and
/// every bias is laid upon the same noise: each rate is as good as with noise of its own.
///
/// `normals` gives independent standard normal numbers: the caller chooses and seeds the generator. Of a
/// bilinear problem the balances linearised at the reconciled values are used.
///
/// # Errors
/// As [`crate::solve`]; [`Wrong`] also names a stream or component in `only` that does not exist.
pub fn identification(
    given: &Given,
    trials: &Trials,
    normals: &mut dyn FnMut() -> f64,
) -> Result<Identification, Wrong> {
    let reconciled = crate::reconcile(given)?;
    let only = trials.only.iter().map(|quantity| reconciled.at(quantity)).collect::<Result<Vec<_>, _>>()?;
    let plant = Plant::new(&reconciled);
    let mut tried: Vec<usize> = plant.testable.clone();
    tried.retain(|i| only.is_empty() || only.contains(i));
    let wanted = tried.len();
    let runs = plant.afford(trials, &mut tried);
    let wide = critical::normal(0.5 + given.options.confidence / 2.0);
    let (mut alarms, mut covered) = (0_u32, 0_u64);
    let mut noises = Vec::new();
    for _ in 0..runs {
        let errors = plant.errors(normals);
        let noise = plant.judge(&errors);
        alarms += u32::from(noise.chi > plant.limit);
        covered += plant.covered(&errors, &noise, wide);
        if !trials.sizes.is_empty() {
            noises.push(noise);
        }
    }
    let meter = |&i: &usize| {
        let biased = plant.biased(i);
        let rates = trials.sizes.iter().map(|&size| plant.rate(i, size, &biased, &noises)).collect();
        Some(Meter { quantity: reconciled.named(i)?, rates })
    };
    let asked = u64::from(runs) * plant.testable.len() as u64;
    Ok(Identification {
        trials: runs,
        false_alarms: f64::from(alarms) / f64::from(runs.max(1)),
        coverage: covered as f64 / (asked as f64).max(1.0),
        meters: tried.iter().filter_map(meter).collect(),
        left_out: wanted - tried.len(),
    })
}

struct Plant<'a> {
    reconciled: &'a Reconciled,
    testable: Vec<usize>,
    /// What a pull of each testable measurement is multiplied by to be its measurement test.
    scale: Vec<f64>,
    limit: f64,
}

/// What errors do.
struct Judged {
    /// χ².
    chi: f64,
    /// How the balances pull at each testable measurement: G' V⁻¹ G e.
    pulls: Vec<f64>,
}

impl<'a> Plant<'a> {
    fn new(reconciled: &'a Reconciled) -> Self {
        let shown = reconciled.shown();
        let testable: Vec<usize> =
            (0..shown.held.len()).filter(|&i| shown.measurement_test(i).is_some()).collect();
        let scale = testable
            .iter()
            .map(|&i| shown.covariance.variance[i] / shown.adjustment_variance[i].sqrt())
            .collect();
        let limit = critical::chi_squared(shown.dof, reconciled.options.confidence);
        Plant { reconciled, testable, scale, limit: limit.unwrap_or(f64::INFINITY) }
    }

    /// How many runs can be made; shortens the list of meters when even few are too many.
    fn afford(&self, trials: &Trials, tried: &mut Vec<usize>) -> u32 {
        let width = self.testable.len().max(1) as u64;
        let each = (trials.sizes.len() as u64 * width).max(1);
        let kept = if trials.sizes.is_empty() { u64::MAX } else { MOST_KEPT / width };
        let runs = (trials.most / (each * tried.len().max(1) as u64)).max(u64::from(FEW)).min(kept).max(1);
        let runs = u64::from(trials.runs.max(1)).min(runs);
        tried.truncate(usize::try_from(trials.most / (each * runs)).unwrap_or(usize::MAX).max(1));
        u32::try_from(runs).unwrap_or(trials.runs)
    }

    fn errors(&self, normals: &mut dyn FnMut() -> f64) -> Vec<f64> {
        let variance = &self.reconciled.shown().covariance.variance;
        variance.iter().map(|&v| if v > 0.0 { normals() * v.sqrt() } else { 0.0 }).collect()
    }

    /// What a bias of one standard deviation does.
    fn biased(&self, i: usize) -> Judged {
        let variance = &self.reconciled.shown().covariance.variance;
        let mut errors = vec![0.0; variance.len()];
        errors[i] = variance[i].sqrt();
        self.judge(&errors)
    }

    fn judge(&self, errors: &[f64]) -> Judged {
        let covariance = &self.reconciled.shown().covariance;
        let mut residual = vec![0.0; covariance.rows()];
        for (column, error) in covariance.columns.iter().zip(errors).filter(|(_, error)| **error != 0.0) {
            column.iter().for_each(|&(r, g)| residual[r] += g * error);
        }
        let mut multipliers = residual.clone();
        covariance.solve(&mut multipliers);
        let chi = residual.iter().zip(&multipliers).map(|(r, m)| r * m).sum();
        let pull = |&i: &usize| covariance.columns[i].iter().map(|&(r, g)| g * multipliers[r]).sum();
        Judged { chi, pulls: self.testable.iter().map(pull).collect() }
    }

    fn covered(&self, errors: &[f64], noise: &Judged, wide: f64) -> u64 {
        let shown = self.reconciled.shown();
        let inside = |(&i, pull): (&usize, &f64)| {
            let error = errors[i] - shown.covariance.variance[i] * pull;
            shown.sd[i].is_some_and(|sd| error.abs() <= wide * sd)
        };
        self.testable.iter().zip(&noise.pulls).map(inside).filter(|inside| *inside).count() as u64
    }

    fn rate(&self, i: usize, size: f64, biased: &Judged, noises: &[Judged]) -> Rate {
        let own = self.testable.binary_search(&i).unwrap_or_default();
        let sd = self.reconciled.shown().covariance.variance[i].sqrt();
        let (mut detected, mut identified) = (0_u32, 0_u32);
        for noise in noises {
            // χ² of noise + size × bias: the cross term is the bias times the pull at it
            let chi = noise.chi + 2.0 * size * sd * noise.pulls[own] + size * size * biased.chi;
            if chi <= self.limit {
                continue;
            }
            detected += 1;
            let test = |k: usize| ((noise.pulls[k] + size * biased.pulls[k]) * self.scale[k]).abs();
            let most = test(own) * (1.0 + 1e-6);
            identified += u32::from((0..self.scale.len()).all(|k| test(k) <= most));
        }
        let part = |count: u32| f64::from(count) / (noises.len() as f64).max(1.0);
        Rate { size, detected: part(detected), identified: part(identified) }
    }
}
