//! Is a signal steady? Two tests, of two different things.
//!
//! [`cao_rhinehart`] follows a signal as it comes and says at each moment whether it moves faster than its
//! noise. [`von_neumann`] judges a finished window for a trend or slow drift.

/// How the filters of [`cao_rhinehart`] forget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Filters {
    /// Of the value: 0.2.
    pub value: f64,
    /// Of the variance about the filtered value: 0.1.
    pub about: f64,
    /// Of the variance between neighbours: 0.1.
    pub between: f64,
}

impl Default for Filters {
    fn default() -> Self {
        Filters { value: 0.2, about: 0.1, between: 0.1 }
    }
}

/// R of each sample: the ratio of two estimates of the noise variance, (2 − λ₁) ν² / δ². About 1 when steady;
/// above [`limit`] when not. None until both filters have seen a difference.
///
/// Source: Cao & Rhinehart, J. Process Control 5 (1995) 363, equations 4 to 8.
pub fn cao_rhinehart(signal: &[f64], filters: Filters) -> Vec<Option<f64>> {
    let Some(&first) = signal.first() else { return Vec::new() };
    let (mut filtered, mut about, mut between, mut before) = (first, 0.0, 0.0, first);
    let mut ratios = vec![None];
    for &x in &signal[1..] {
        about = filters.about * (x - filtered) * (x - filtered) + (1.0 - filters.about) * about;
        filtered = filters.value * x + (1.0 - filters.value) * filtered;
        between = filters.between * (x - before) * (x - before) + (1.0 - filters.between) * between;
        before = x;
        ratios.push((between > 0.0).then(|| (2.0 - filters.value) * about / between));
    }
    ratios
}

/// Before this sample the filters remember how they began, and R scatters more than [`limit`] allows for.
pub const SETTLED: usize = 40;

/// What R of steady normal noise exceeds with probability 1 − confidence, with the default filters from
/// sample [`SETTLED`] on; none for a confidence that is not among these.
///
/// By simulation of 400,000 series, to the digits given: quantiles at samples 60, 100 and 200 agree within
/// 0.01. As Cao & Rhinehart, J. Process Control 7 (1997) 149 made theirs.
pub fn limit(confidence: f64) -> Option<f64> {
    let table = [(0.9, 1.32), (0.95, 1.44), (0.99, 1.73)];
    table.into_iter().find(|(at, _)| (at - confidence).abs() < 1e-9).map(|(_, limit)| limit)
}

/// What von Neumann's ratio says of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neumann {
    /// Σ (xᵢ₊₁ − xᵢ)² / Σ (xᵢ − x̄)²: about 2 for noise, towards 0 for a drift.
    pub ratio: f64,
    /// (ratio − 2) over its standard deviation √(4 (n − 2) / (n² − 1)); normal for noise.
    pub z: f64,
    /// The ratio below which the signal is not steady, at the confidence.
    pub limit: f64,
    /// Whether the signal is steady: the ratio is not below the limit.
    pub steady: bool,
}

/// Judges a window at a confidence; none for fewer than four samples or a signal that never changes.
///
/// Source: von Neumann, Ann. Math. Stat. 12 (1941) 367.
pub fn von_neumann(signal: &[f64], confidence: f64) -> Option<Neumann> {
    let n = signal.len() as f64;
    let mean = signal.iter().sum::<f64>() / n;
    let about: f64 = signal.iter().map(|x| (x - mean) * (x - mean)).sum();
    if signal.len() < 4 || about <= 0.0 {
        return None;
    }
    let between: f64 = signal.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
    let ratio = between / about;
    let sd = (4.0 * (n - 2.0) / (n * n - 1.0)).sqrt();
    let (z, limit) = ((ratio - 2.0) / sd, 2.0 - crate::judge::critical::normal(confidence) * sd);
    Some(Neumann { ratio, z, limit, steady: ratio >= limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise by a fixed generator, uniform about 0.
    fn noise(n: usize) -> Vec<f64> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        (0..n).map(|_| next()).collect()
    }

    #[test]
    fn noise_is_steady_and_a_ramp_is_not() {
        let steady = noise(2000);
        let ramp: Vec<f64> = steady.iter().enumerate().map(|(i, x)| x + 0.5 * i as f64).collect();
        let mean = |signal: &[f64]| {
            let r: Vec<f64> =
                cao_rhinehart(signal, Filters::default()).into_iter().flatten().skip(50).collect();
            r.iter().sum::<f64>() / r.len() as f64
        };
        assert!((mean(&steady) - 1.0).abs() < 0.1, "{}", mean(&steady));
        assert!(mean(&ramp) > 3.0);
        let limit = limit(0.95).unwrap();
        let above = cao_rhinehart(&noise(40_000), Filters::default());
        let above = above.iter().skip(SETTLED).filter(|r| r.is_some_and(|r| r > limit)).count();
        assert!((above as f64 / 40_000.0 - 0.05).abs() < 0.015, "{above}");
        assert!(von_neumann(&steady, 0.95).unwrap().steady);
        let drift = von_neumann(&ramp, 0.95).unwrap();
        assert!(!drift.steady && drift.ratio < 0.1);
    }

    #[test]
    fn short_and_dead_signals_have_no_answer() {
        assert_eq!(von_neumann(&[1.0, 2.0, 3.0], 0.95), None);
        assert_eq!(von_neumann(&[5.0; 10], 0.95), None);
        assert_eq!(cao_rhinehart(&[], Filters::default()), Vec::new());
        assert_eq!(cao_rhinehart(&[5.0; 3], Filters::default()), vec![None; 3]);
    }

    #[test]
    fn the_ratio_of_alternating_values_is_by_hand() {
        // differences 1, 1, 1 → 3; about the mean 0.5: 4 × 0.25 → 1
        let found = von_neumann(&[0.0, 1.0, 0.0, 1.0], 0.95).unwrap();
        assert!((found.ratio - 3.0).abs() < 1e-15);
        assert!((found.z - 1.0 / (8.0_f64 / 15.0).sqrt()).abs() < 1e-12);
    }
}
