//! Quantiles, and intervals from them.

use serde::Serialize;
use statrs::distribution::{Continuous, ContinuousCDF, Normal, StudentsT};

/// Two-sided normal quantile of a confidence: 1.959964 for 0.95.
pub fn z(confidence: f64) -> f64 {
    Normal::standard().inverse_cdf(0.5 + confidence / 2.0)
}

/// Two-sided quantile of Student's t; none without degrees of freedom.
pub fn t(confidence: f64, dof: usize) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, dof as f64).ok()?;
    let p = 0.5 + confidence / 2.0;
    // The library's inverse is good to three digits; Newton on its distribution function gives the rest.
    let start = student.inverse_cdf(p);
    Some((0..8).fold(start, |x, _| x - (student.cdf(x) - p) / student.pdf(x)))
}

/// Two-sided probability of a t at least this large when there is nothing; none without degrees of freedom.
pub fn t_probability(t: f64, dof: usize) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, dof as f64).ok()?;
    Some(2.0 * student.sf(t.abs()))
}

/// Two-sided probability of a normal deviate at least this large.
pub fn z_probability(z: f64) -> f64 {
    2.0 * Normal::standard().sf(z.abs())
}

/// A confidence interval, in the unit of its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// `centre ± half`.
    pub fn around(centre: f64, half: f64) -> Interval {
        Interval { low: centre - half, high: centre + half }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.
    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert!((z(0.95) - 1.959_964).abs() < 1e-6);
        for (dof, want) in [(1, 12.706_205), (3, 3.182_446), (4, 2.776_445), (10, 2.228_139), (30, 2.042_272)]
        {
            assert!((t(0.95, dof).unwrap() - want).abs() < 1e-5, "{dof}: {:?}", t(0.95, dof));
        }
        assert_eq!(t(0.95, 0), None);
        assert!((t_probability(2.776_445, 4).unwrap() - 0.05).abs() < 1e-6);
    }
}
