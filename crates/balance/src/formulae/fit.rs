//! Curves through points by least squares, with intervals of the parameters.
//!
//! Levenberg–Marquardt (Moré 1978, the MINPACK algorithm) from the best of many starts. Parameters are
//! moved in transformed coordinates that cannot leave their range; the covariance is `s² (JᵀJ)⁻¹` in the
//! parameters themselves, with `s² = SSE/(n − p)` (Seber & Wild, *Nonlinear Regression*, 1989, ch. 2).
//!
//! `AIC = n ln(SSE/n) + 2K` and `AICc = AIC + 2K(K + 1)/(n − K − 1)` with `K = p + 1`, since the variance
//! is estimated too (Burnham & Anderson, *Model Selection and Multimodel Inference*, 2002, 2.2 and 2.4).

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::{DMatrix, DVector, Dyn, Owned};
use serde::Serialize;

use super::quantile::{Interval, t};

/// Where a parameter may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Above zero.
    Positive,
    /// From 0 to 1.
    Share,
    /// Known; not fitted.
    Fixed(f64),
}

/// A curve: what it gives for parameters at a place.
pub type Model<'a> = &'a dyn Fn(&[f64], f64) -> f64;

/// Points and the curve that is to go through them.
pub struct Task<'a> {
    /// The curve.
    pub model: Model<'a>,
    /// Ranges of its parameters.
    pub ranges: &'a [Range],
    /// Places.
    pub x: &'a [f64],
    /// Values there.
    pub y: &'a [f64],
}

/// A fitted curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// The parameters, in the order of the model.
    pub params: Vec<f64>,
    /// Sum of squared residuals.
    pub sse: f64,
    /// Share of the variance that is explained.
    pub r2: Option<f64>,
    /// Residual standard deviation; none without degrees of freedom.
    pub residual_sd: Option<f64>,
    /// Points less fitted parameters.
    pub dof: usize,
    /// Standard deviations of the parameters; none where the points do not determine them.
    pub sd: Option<Vec<f64>>,
    /// Intervals of the parameters at the stated confidence, by Student's t. A fixed one has none.
    pub intervals: Option<Vec<Option<Interval>>>,
    /// Parameters, from 1, that were pushed to the end of their range and held there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at_bound: Vec<usize>,
    /// Akaike's criterion.
    pub aic: f64,
    /// The same for few points; none where there are too few.
    pub aicc: Option<f64>,
    /// The curve at the points.
    pub fitted: Vec<f64>,
}

/// How close to the end of its range a share is before it is taken to lie there.
const END: f64 = 1e-7;
/// How many of the starts are followed down.
const FOLLOWED: usize = 8;

/// The curve with the least sum of squares from any of the starts; none when every start fails.
pub fn fit(task: &Task<'_>, starts: Vec<Vec<f64>>, confidence: f64) -> Option<Fit> {
    let best = descend(task, task.ranges, starts)?;
    let mut ranges = task.ranges.to_vec();
    let mut at_bound = Vec::new();
    for (at, range) in task.ranges.iter().enumerate() {
        let end = if best[at] < END { 0.0 } else { 1.0 };
        if *range == Range::Share && (best[at] - end).abs() < END {
            ranges[at] = Range::Fixed(end);
            at_bound.push(at + 1);
        }
    }
    let params = if at_bound.is_empty() { best } else { descend(task, &ranges, vec![best])? };
    Some(described(task, &ranges, params, at_bound, confidence))
}

/// Values from `low` to `high`, evenly spaced in their logarithms.
pub fn spaced(low: f64, high: f64, count: usize) -> Vec<f64> {
    let step = (high / low).ln() / (count.max(2) - 1) as f64;
    (0..count).map(|at| low * (step * at as f64).exp()).collect()
}

/// The factor by which a shape comes closest to the values: `Σ y g / Σ g²`.
pub fn factor(shape: &[f64], y: &[f64]) -> f64 {
    let over: f64 = shape.iter().zip(y).map(|(g, y)| g * y).sum();
    let under: f64 = shape.iter().map(|g| g * g).sum();
    if under > 0.0 { over / under } else { 0.0 }
}

fn descend(task: &Task<'_>, ranges: &[Range], starts: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let mut starts: Vec<(f64, Vec<f64>)> = starts
        .into_iter()
        .map(|start| (sse(task, &start), start))
        .filter(|(sse, _)| sse.is_finite())
        .collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<(f64, Vec<f64>)> = starts.first().cloned();
    for (_, start) in starts.into_iter().take(FOLLOWED) {
        let moved = Moved::new(task, ranges, &start);
        let solver = LevenbergMarquardt::new().with_tol(1e-15).with_patience(400);
        let (found, _) = solver.minimize(moved);
        let params = found.natural();
        let reached = sse(task, &params);
        if reached.is_finite() && best.as_ref().is_none_or(|(least, _)| reached < *least) {
            best = Some((reached, params));
        }
    }
    best.map(|(_, params)| params)
}

fn sse(task: &Task<'_>, params: &[f64]) -> f64 {
    task.x.iter().zip(task.y).map(|(x, y)| ((task.model)(params, *x) - y).powi(2)).sum()
}

/// The problem in coordinates that cannot leave the ranges.
struct Moved<'a> {
    task: &'a Task<'a>,
    ranges: &'a [Range],
    free: DVector<f64>,
}

impl<'a> Moved<'a> {
    fn new(task: &'a Task<'a>, ranges: &'a [Range], start: &[f64]) -> Self {
        let free = ranges.iter().zip(start).filter_map(|(range, value)| match range {
            Range::Positive => Some(value.max(1e-300).ln()),
            Range::Share => {
                let inside = value.clamp(1e-4, 1.0 - 1e-4);
                Some((inside / (1.0 - inside)).ln())
            }
            Range::Fixed(_) => None,
        });
        let free: Vec<f64> = free.collect();
        Moved { task, ranges, free: DVector::from_vec(free) }
    }

    fn natural(&self) -> Vec<f64> {
        let mut free = self.free.iter();
        let mut next = || free.next().copied().unwrap_or_default();
        let of = |range: &Range| match range {
            Range::Positive => next().exp(),
            Range::Share => 1.0 / (1.0 + (-next()).exp()),
            Range::Fixed(value) => *value,
        };
        self.ranges.iter().map(of).collect()
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Moved<'_> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, free: &DVector<f64>) {
        self.free.copy_from(free);
    }

    fn params(&self) -> DVector<f64> {
        self.free.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let params = self.natural();
        let points = self.task.x.iter().zip(self.task.y);
        let residuals: Vec<f64> = points.map(|(x, y)| (self.task.model)(&params, *x) - y).collect();
        residuals.iter().all(|residual| residual.is_finite()).then(|| DVector::from_vec(residuals))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let params = self.natural();
        let slopes = slopes(self.task, self.ranges, &params);
        // The chain rule from the parameter to its coordinate.
        let inner = self.ranges.iter().zip(&params).filter_map(|(range, value)| match range {
            Range::Positive => Some(*value),
            Range::Share => Some(value * (1.0 - value)),
            Range::Fixed(_) => None,
        });
        let mut slopes = slopes;
        inner.enumerate().for_each(|(at, inner)| slopes.column_mut(at).scale_mut(inner));
        slopes.iter().all(|slope| slope.is_finite()).then_some(slopes)
    }
}

/// ∂model/∂parameter at every point, by central differences, for the parameters that are not fixed.
fn slopes(task: &Task<'_>, ranges: &[Range], params: &[f64]) -> DMatrix<f64> {
    let free: Vec<usize> = (0..ranges.len()).filter(|at| !matches!(ranges[*at], Range::Fixed(_))).collect();
    DMatrix::from_fn(task.x.len(), free.len(), |row, column| {
        let at = free[column];
        let share = matches!(ranges[at], Range::Share);
        let room = if share { params[at].min(1.0 - params[at]) } else { params[at] };
        let step = (6e-6 * params[at].abs()).min(0.5 * room).max(f64::MIN_POSITIVE);
        let moved = |by: f64| {
            let mut moved = params.to_vec();
            moved[at] += by;
            (moved[at], (task.model)(&moved, task.x[row]))
        };
        let ((high, above), (low, below)) = (moved(step), moved(-step));
        if high > low { (above - below) / (high - low) } else { 0.0 }
    })
}

fn described(
    task: &Task<'_>,
    ranges: &[Range],
    params: Vec<f64>,
    at_bound: Vec<usize>,
    confidence: f64,
) -> Fit {
    let n = task.x.len();
    let p = ranges.iter().filter(|range| !matches!(range, Range::Fixed(_))).count();
    let fitted: Vec<f64> = task.x.iter().map(|x| (task.model)(&params, *x)).collect();
    let sse = sse(task, &params);
    let mean = task.y.iter().sum::<f64>() / n as f64;
    let total: f64 = task.y.iter().map(|y| (y - mean).powi(2)).sum();
    let dof = n.saturating_sub(p);
    let variance = (dof > 0).then(|| sse / dof as f64);
    let sd = variance.and_then(|variance| deviations(&slopes(task, ranges, &params), ranges, variance));
    let intervals = sd.as_ref().zip(t(confidence, dof)).map(|(sds, quantile)| {
        let of = |at: usize| match ranges[at] {
            Range::Fixed(_) => None,
            _ => Some(Interval::around(params[at], quantile * sds[at])),
        };
        (0..params.len()).map(of).collect()
    });
    // What is closer than rounding is rounding: without this an exact fit would be minus infinity.
    let rounding = n as f64 * (1e-9 * task.y.iter().fold(0.0_f64, |most, y| most.max(y.abs()))).powi(2);
    let (n, k) = (n as f64, p as f64 + 1.0);
    let aic = n * (sse.max(rounding).max(f64::MIN_POSITIVE) / n).ln() + 2.0 * k;
    let aicc = (n - k - 1.0 > 0.0).then(|| aic + 2.0 * k * (k + 1.0) / (n - k - 1.0));
    Fit {
        params,
        sse,
        r2: (total > 0.0).then(|| 1.0 - sse / total),
        residual_sd: variance.map(f64::sqrt),
        dof,
        sd,
        intervals,
        at_bound,
        aic,
        aicc,
        fitted,
    }
}

fn deviations(slopes: &DMatrix<f64>, ranges: &[Range], variance: f64) -> Option<Vec<f64>> {
    let lengths: Vec<f64> = slopes.column_iter().map(|column| column.norm()).collect();
    if lengths.iter().any(|length| *length <= 0.0 || !length.is_finite()) {
        return None;
    }
    let mut scaled = slopes.clone();
    lengths.iter().enumerate().for_each(|(at, length)| scaled.column_mut(at).unscale_mut(*length));
    let values = scaled.clone().svd(false, false).singular_values;
    if !values.is_empty() && values.min() < 1e-8 * values.max() {
        return None;
    }
    let inverse = (scaled.transpose() * &scaled).try_inverse()?;
    let mut free = (0..lengths.len()).map(|at| (variance * inverse[(at, at)]).max(0.0).sqrt() / lengths[at]);
    let of = |range: &Range| match range {
        Range::Fixed(_) => Some(0.0),
        _ => free.next(),
    };
    ranges.iter().map(of).collect()
}
