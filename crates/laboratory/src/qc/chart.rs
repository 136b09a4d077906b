//! The control chart of a reference material: limits from its own history, and the rules that fired.
//!
//! Centre and spread are mean and sample standard deviation of the points (ISO 7870-2). The rules are those
//! of Westgard, Barry, Hunt and Groth (Clinical Chemistry 27, 1981, 493): 1₃ₛ, 2₂ₛ, R₄ₛ, 4₁ₛ, 10ₓ. Floats:
//! this is a numerical method, and nothing computed here is reported or judged as a result.

use crate::given::words;

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

/// Mean and standard deviation of a chart.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Spread {
    /// Mean of the points.
    pub mean: f64,
    /// Their sample standard deviation.
    pub sd: f64,
}

/// Mean and standard deviation; none for fewer than two points or points that are all alike.
pub fn spread(points: &[f64]) -> Option<Spread> {
    if points.len() < 2 {
        return None;
    }
    let n = points.len() as f64;
    let mean = points.iter().sum::<f64>() / n;
    let sd = (points.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    (sd > 0.0).then_some(Spread { mean, sd })
}

/// The rules that fire at each point, looking back from it.
pub fn fired(points: &[f64], spread: Spread) -> Vec<Vec<Fired>> {
    let z: Vec<f64> = points.iter().map(|x| (x - spread.mean) / spread.sd).collect();
    let run = |end: usize, length: usize, beyond: f64| {
        let Some(start) = (end + 1).checked_sub(length) else { return false };
        let last = &z[start..=end];
        last.iter().all(|z| *z > beyond) || last.iter().all(|z| *z < -beyond)
    };
    (0..z.len())
        .map(|at| {
            let mut fired = Vec::new();
            if z[at].abs() > 3.0 {
                fired.push(Fired::OneThree);
            }
            if run(at, 2, 2.0) {
                fired.push(Fired::TwoTwo);
            }
            let before = at.checked_sub(1).map(|before| z[before]);
            if before.is_some_and(|b| b.abs() > 2.0 && z[at].abs() > 2.0 && (b - z[at]).abs() > 4.0) {
                fired.push(Fired::RangeFour);
            }
            if run(at, 4, 1.0) {
                fired.push(Fired::FourOne);
            }
            if run(at, 10, 0.0) {
                fired.push(Fired::TenX);
            }
            fired
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Spread = Spread { mean: 0.0, sd: 1.0 };

    #[test]
    fn each_rule_fires_where_it_should_and_nowhere_else() {
        for (points, expected) in [
            (vec![0.5, 3.1], vec![Fired::OneThree]),
            (vec![0.5, 2.9], vec![]),
            (vec![2.1, 2.2], vec![Fired::TwoTwo]),
            (vec![-2.1, 2.2], vec![Fired::RangeFour]),
            (vec![2.1, -1.9], vec![]),
            (vec![1.1, 1.2, 1.1, 1.3], vec![Fired::FourOne]),
            (vec![1.1, -1.2, 1.1, 1.3], vec![]),
            (vec![0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1], vec![Fired::TenX]),
            (vec![0.1, 0.2, 0.3, 0.1, -0.2, 0.3, 0.1, 0.2, 0.3, 0.1], vec![]),
        ] {
            assert_eq!(fired(&points, UNIT).pop().unwrap(), expected, "{points:?}");
        }
    }

    #[test]
    fn the_spread_is_that_of_a_sample() {
        let found = spread(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap();
        assert!((found.mean - 5.0).abs() < 1e-12 && (found.sd - (32.0f64 / 7.0).sqrt()).abs() < 1e-12);
        assert_eq!(spread(&[1.0]), None);
        assert_eq!(spread(&[1.0, 1.0]), None);
    }
}
