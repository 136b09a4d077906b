//! Critical values.
//!
//! Source: Mah & Tamhane, AIChE J. 28 (1982) 828 for Šidák's level over all measurement tests.

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};

/// The value χ² of so many degrees of freedom exceeds with probability 1 − confidence; none for 0.
pub(crate) fn chi_squared(dof: usize, confidence: f64) -> Option<f64> {
    let chi = ChiSquared::new(dof as f64).ok()?;
    let mut x = chi.inverse_cdf(confidence);
    for _ in 0..3 {
        let slope = statrs::distribution::Continuous::pdf(&chi, x);
        if slope > 0.0 {
            x -= (chi.cdf(x) - confidence) / slope;
        }
    }
    Some(x)
}

/// Above this, one of `tests` normal statistics is too large at the common confidence: Φ⁻¹(1 − β/2) with
/// β = 1 − confidence^(1/tests).
pub(crate) fn sidak(tests: usize, confidence: f64) -> Option<f64> {
    (tests > 0).then(|| normal(1.0 - (1.0 - confidence.powf(1.0 / tests as f64)) / 2.0))
}

/// Φ⁻¹.
pub(crate) fn normal(probability: f64) -> f64 {
    Normal::standard().inverse_cdf(probability)
}
