//! Chance from a seed: the same numbers on every machine, so that two demo institutes are the same institute.

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
pub(crate) struct Chance(u64);

impl Chance {
    /// Starts at a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from 0 up to 1.
    pub(crate) fn even(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Close to a standard normal deviate: the sum of twelve even ones less six (Irwin and Hall), which needs
    /// no function that two mathematics libraries may round differently.
    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.even()).sum::<f64>() - 6.0
    }

    /// A value scattered about `centre` with a relative standard deviation in percent.
    pub(super) fn about(&mut self, centre: f64, percent: f64) -> f64 {
        centre * (1.0 + self.normal() * percent / 100.0)
    }

    /// Fills bytes, for salts and keys that protect nothing.
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.next().to_le_bytes()[..part.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_they_scatter_as_promised() {
        let (mut a, mut b) = (Chance::new(7), Chance::new(7));
        let values: Vec<f64> = (0..4000).map(|_| a.normal()).collect();
        assert!(values.iter().all(|value| *value == b.normal()));
        let mean = values.iter().sum::<f64>() / 4000.0;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 3999.0;
        assert!(mean.abs() < 0.06 && (variance - 1.0).abs() < 0.08, "{mean} {variance}");
    }
}
