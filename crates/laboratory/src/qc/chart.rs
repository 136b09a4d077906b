//! The control chart of a reference material: limits from its own earlier points, and the rules that fired.
//!
//! - **The point that is judged is never in its limits.** Limits come from the *baseline*: the first
//!   [`MOST`] points in control that were measured before it. From then on they stand, so that a slow drift
//!   does not carry them along.
//! - **Outliers are out of the baseline**: a point is left out whose modified z-score
//!   `|x − median| / (1.4826·MAD)` exceeds 3.5 (Iglewicz and Hoaglin, How to Detect and Handle Outliers,
//!   ASQC 1993). Median and MAD do not move for less than half of the points.
//! - **Centre and spread** are the mean of the baseline and its mean moving range over d₂ = 1.128, as ISO
//!   7870-2 has it for individual values. The spread is at least half a step of the last digit: points that
//!   are all alike tell no more than their rounding.
//! - **Fewer than [`LEAST`] points establish no limits**; the stated ones hold, certified value ± tolerance.
//!   Once there are enough, the points from before are judged as well, each by the others.
//!
//! The rules are those of Westgard, Barry, Hunt and Groth (Clinical Chemistry 27, 1981, 493): 1₃ₛ, 2₂ₛ,
//! R₄ₛ, 4₁ₛ, 10ₓ; every point of a run counts by its own limits. Floats: this is a numerical method, and
//! nothing computed here is reported as a result.

use kernel::Instant;
use measure::{DecimalText, Unit};

use crate::given::words;

/// The fewest points in control that establish limits.
pub const LEAST: usize = 8;
/// How many points in control make the baseline; later ones do not change it.
pub const MOST: usize = 25;
/// d₂ of two: the mean range of two values in standard deviations (ISO 7870-2, table 2).
const D2: f64 = 1.128;
/// Beyond this modified z-score a point is left out of the baseline.
const OUTLIER: f64 = 3.5;
/// Standard deviations in a median absolute deviation of normal values.
const MAD: f64 = 1.4826;

words! {
    /// A rule that fired at a point.
    Fired {
        /// One point beyond three standard deviations.
        OneThree = "1-3s",
        /// Two in a row beyond two, on the same side.
        TwoTwo = "2-2s",
        /// Two in a row more than four apart, beyond two on either side.
        RangeFour = "r-4s",
        /// Four in a row beyond one, on the same side.
        FourOne = "4-1s",
        /// Ten in a row on the same side.
        TenX = "10-x",
    }
}

/// A measurement of a reference material, as a chart takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When it was measured.
    pub at: Instant,
    /// What was found.
    pub value: f64,
    /// One step of its last digit.
    pub step: f64,
}

impl Point {
    /// A stored value in the unit of the chart; none when it is no number or does not convert.
    pub fn read(at: Instant, text: &str, unit: Unit, into: Unit) -> Option<Self> {
        let number = DecimalText::parse(text).ok()?.decimal();
        let number =
            if unit.same_size(into) { number } else { Unit::convert(number, unit, into).ok()?.normalize() };
        let step = 10f64.powi(-i32::try_from(number.scale()).ok()?);
        Some(Point { at, value: number.to_string().parse().ok()?, step })
    }
}

/// Limits of a chart, learned from a baseline.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Spread {
    /// Mean of the baseline.
    pub mean: f64,
    /// Its standard deviation, by the moving range.
    pub sd: f64,
    /// How many points it has.
    pub points: usize,
    /// How many were left out of it as outliers.
    pub left_out: usize,
}

impl Spread {
    /// How many standard deviations a value is off the mean.
    pub fn z(&self, value: f64) -> f64 {
        (value - self.mean) / self.sd
    }

    /// Beyond how many standard deviations a value is gross: about one in a hundred thousand points in
    /// control of a normal distribution lies there. The fewer points the limits rest on, the less certain
    /// their spread is, and the farther out it lies: `4 + 50/(n − 3)`, fitted to simulated charts of 8 to 25
    /// points.
    pub fn gross(&self) -> f64 {
        4.0 + 50.0 / (self.points.max(LEAST) as f64 - 3.0)
    }
}

/// A point with the limits it was judged by.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Judgement {
    /// Limits from other points than this; none while they are not established.
    pub limits: Option<Spread>,
    /// How many standard deviations it is off their mean.
    pub z: Option<f64>,
    /// The rules that fired at it.
    pub fired: Vec<Fired>,
}

/// The limits for the point that comes after these, which are in the order of their measurement; none while
/// they are not established.
pub fn learned(before: &[Point]) -> Option<Spread> {
    let mut taken = before.len().min(MOST);
    loop {
        let kept = in_control(&before[..taken]);
        let missing = MOST.saturating_sub(kept.len());
        if missing > 0 && taken < before.len() {
            taken = (taken + missing).min(before.len());
            continue;
        }
        return (kept.len() >= LEAST).then(|| spread(&kept, taken - kept.len()));
    }
}

/// Judges every point, in the order of their measurement, by limits it is not in: those of the points before
/// it, and before there are enough of them those of all others.
pub fn judge(points: &[Point]) -> Vec<Judgement> {
    let limits = |at: usize| {
        learned(&points[..at]).or_else(|| {
            let others: Vec<Point> = points[..at].iter().chain(&points[at + 1..]).copied().collect();
            learned(&others)
        })
    };
    let limits: Vec<Option<Spread>> = (0..points.len()).map(limits).collect();
    let z = points.iter().zip(&limits).map(|(point, limits)| limits.map(|limits| limits.z(point.value)));
    let z: Vec<Option<f64>> = z.collect();
    let fired = (0..z.len()).map(|at| fired(&z, at));
    fired.zip(z.iter().zip(limits)).map(|(fired, (z, limits))| Judgement { limits, z: *z, fired }).collect()
}

/// The points that are no outliers among these.
fn in_control(points: &[Point]) -> Vec<Point> {
    let step = steps(points);
    let centre = median(points.iter().map(|point| point.value).collect());
    let off = |point: &Point| (point.value - centre).abs();
    let scale = (MAD * median(points.iter().map(off).collect())).max(step);
    points.iter().filter(|point| off(point) <= OUTLIER * scale).copied().collect()
}

/// The finest step that any of them was written with; 0 for none.
fn steps(points: &[Point]) -> f64 {
    points.iter().map(|point| point.step).reduce(f64::min).unwrap_or_default()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}

/// Mean, and standard deviation by the moving range.
fn spread(points: &[Point], left_out: usize) -> Spread {
    let n = points.len() as f64;
    let mean = points.iter().map(|point| point.value).sum::<f64>() / n;
    let ranges: f64 = points.windows(2).map(|pair| (pair[1].value - pair[0].value).abs()).sum();
    let sd = ranges / (n - 1.0) / D2;
    Spread { mean, sd: sd.max(steps(points) / 2.0), points: points.len(), left_out }
}

/// The rules that fire at a point, looking back from it. A point without limits ends a run.
fn fired(z: &[Option<f64>], at: usize) -> Vec<Fired> {
    let Some(here) = z[at] else { return Vec::new() };
    let run = |length: usize, beyond: f64| {
        let Some(start) = (at + 1).checked_sub(length) else { return false };
        let last: Vec<f64> = z[start..=at].iter().flatten().copied().collect();
        last.len() == length && (last.iter().all(|z| *z > beyond) || last.iter().all(|z| *z < -beyond))
    };
    let before = at.checked_sub(1).and_then(|before| z[before]);
    let apart = before.is_some_and(|b| b.abs() > 2.0 && here.abs() > 2.0 && (b - here).abs() > 4.0);
    let all = [
        (here.abs() > 3.0, Fired::OneThree),
        (run(2, 2.0), Fired::TwoTwo),
        (apart, Fired::RangeFour),
        (run(4, 1.0), Fired::FourOne),
        (run(10, 0.0), Fired::TenX),
    ];
    all.into_iter().filter_map(|(fires, rule)| fires.then_some(rule)).collect()
}

#[cfg(test)]
mod tests;
