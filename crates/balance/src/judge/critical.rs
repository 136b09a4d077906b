//! Critical values.
//!
//! Source: Mah & Tamhane, AIChE J. 28 (1982) 828 for Šidák's level over all measurement tests.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal};

/// The value χ² of so many degrees of freedom exceeds with probability 1 − confidence; none for 0.
pub(crate) fn chi_squared(dof: usize, confidence: f64) -> Option<f64> {
    let chi = ChiSquared::new(dof as f64).ok()?;
    // each value of the distribution is dear when they are many: Wilson and Hilferty begin near the end
    let mut x = if dof <= 50 {
        chi.inverse_cdf(confidence)
    } else {
        let part = 2.0 / (9.0 * dof as f64);
        dof as f64 * (1.0 - part + normal(confidence) * part.sqrt()).powi(3)
    };
    for _ in 0..4 {
        let slope = chi.pdf(x);
        let step = (chi.cdf(x) - confidence) / slope;
        if !step.is_finite() || step.abs() <= 1e-13 * x {
            break;
        }
        x -= step;
    }
    Some(x)
}

/// With which probability χ² of so many degrees of freedom exceeds a value.
pub(crate) fn above(dof: usize, value: f64) -> Option<f64> {
    Some(ChiSquared::new(dof as f64).ok()?.sf(value))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn critical_values_are_those_of_the_tables() {
        for (dof, table) in [(1, 3.841_458_8), (3, 7.814_727_9), (11, 19.675_137_6), (50, 67.504_806_5)] {
            let found = chi_squared(dof, 0.95).unwrap();
            assert!((found - table).abs() < 1e-6, "{dof}: {found}");
        }
        for (dof, table) in [(51, 68.669_293_9), (100, 124.342_113_4), (1000, 1_074.679_449)] {
            let found = chi_squared(dof, 0.95).unwrap();
            assert!((found - table).abs() < 1e-4, "{dof}: {found}");
        }
        assert_eq!(chi_squared(0, 0.95), None);
        assert!((above(3, 7.814_727_9).unwrap() - 0.05).abs() < 1e-8);
        assert!((sidak(6, 0.95).unwrap() - 2.631_038).abs() < 1e-6);
    }
}
