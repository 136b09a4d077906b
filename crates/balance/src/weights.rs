//! Standard deviations from where they come. There is no default: a measurement without a source has none.

/// Where a standard deviation comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Stated as such, in the unit of the value.
    Stated {
        /// The standard deviation.
        sd: f64,
    },
    /// Uncertainty of the analytical method: a constant part and a part in proportion (EURACHEM/CITAC CG 4,
    /// 2012, annex E.5).
    Method {
        /// Constant standard deviation, in the unit of the value.
        constant: f64,
        /// Relative standard deviation, as a fraction.
        relative: f64,
    },
    /// Duplicates of quality control: s = √(Σ d² / 2n), relative to the pair's mean.
    Duplicates {
        /// The pairs.
        pairs: Vec<(f64, f64)>,
    },
    /// Gy's fundamental sampling error, relative: s² = c·d³·(1/mₛ − 1/m_L) (Gy, Sampling of Particulate
    /// Materials, 1982).
    Sampling {
        /// Sampling constant c = f·g·β·composition, g/cm³.
        constant: f64,
        /// Top size d, cm.
        top_size_cm: f64,
        /// Mass of the sample, g.
        sample_g: f64,
        /// Mass of the lot, g; infinite when far larger.
        lot_g: f64,
    },
    /// A meter by its accuracy class: the error limit as per cent of the reading or of the full scale,
    /// taken as a rectangular distribution (GUM 4.3.7: limit / √3).
    Meter {
        /// Error limit, per cent.
        class_percent: f64,
        /// Full scale, in the unit of the value; none when the class is of the reading.
        full_scale: Option<f64>,
    },
}

/// Why no standard deviation can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWeight {
    /// No source.
    #[error(
        "no source of the standard deviation; name the method, the duplicates, the sampling or the meter"
    )]
    NoSource,
    /// A source with numbers that cannot be.
    #[error("{0} holds an impossible number: all are finite, none negative, sizes and masses above zero")]
    Impossible(&'static str),
    /// Duplicates without a pair to compare.
    #[error("the duplicates hold no pair with a mean above zero; give at least one")]
    NoPairs,
    /// All sources say zero.
    #[error("the sources add up to a standard deviation of zero; nothing is measured without error")]
    Zero,
}

/// The standard deviation of a value from all its sources, independent of each other: the root of the sum of
/// squares.
///
/// # Errors
/// [`NoWeight`] when there is no source, or one that cannot be.
pub fn deviation(value: f64, sources: &[Source]) -> Result<f64, NoWeight> {
    if sources.is_empty() {
        return Err(NoWeight::NoSource);
    }
    let mut variance = 0.0;
    for source in sources {
        variance += source.variance(value)?;
    }
    if variance > 0.0 { Ok(variance.sqrt()) } else { Err(NoWeight::Zero) }
}

impl Source {
    fn variance(&self, value: f64) -> Result<f64, NoWeight> {
        let sound = |what: &'static str, numbers: &[f64]| {
            let fine = numbers.iter().all(|number| number.is_finite() && *number >= 0.0);
            if fine { Ok(()) } else { Err(NoWeight::Impossible(what)) }
        };
        match self {
            Source::Stated { sd } => sound("the stated deviation", &[*sd]).map(|()| sd * sd),
            Source::Method { constant, relative } => {
                sound("the method's uncertainty", &[*constant, *relative])?;
                Ok(constant * constant + (relative * value).powi(2))
            }
            Source::Duplicates { pairs } => {
                let usable: Vec<f64> = (pairs.iter())
                    .filter(|(a, b)| a.is_finite() && b.is_finite() && a + b > 0.0)
                    .map(|(a, b)| ((a - b) / (0.5 * (a + b))).powi(2))
                    .collect();
                if usable.is_empty() {
                    return Err(NoWeight::NoPairs);
                }
                let relative = usable.iter().sum::<f64>() / (2.0 * usable.len() as f64);
                Ok(relative * value * value)
            }
            Source::Sampling { constant, top_size_cm, sample_g, lot_g } => {
                sound("the sampling error", &[*constant, *top_size_cm, *sample_g])?;
                let whole = *sample_g > 0.0 && *top_size_cm > 0.0 && lot_g >= sample_g;
                if !whole {
                    return Err(NoWeight::Impossible("the sampling error"));
                }
                let relative = constant * top_size_cm.powi(3) * (sample_g.recip() - lot_g.recip());
                Ok(relative * value * value)
            }
            Source::Meter { class_percent, full_scale } => {
                sound("the meter's class", &[*class_percent, full_scale.unwrap_or(0.0)])?;
                let limit = class_percent / 100.0 * full_scale.unwrap_or(value.abs());
                Ok(limit * limit / 3.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_add_up_as_squares() {
        let meter = Source::Meter { class_percent: 0.5, full_scale: None };
        let method = Source::Method { constant: 3.0, relative: 0.0 };
        let sd = deviation(1000.0, &[meter.clone(), method]).unwrap();
        assert!((sd - (25.0_f64 / 3.0 + 9.0).sqrt()).abs() < 1e-12);
        let wide = Source::Meter { class_percent: 0.5, full_scale: Some(2000.0) };
        assert!(
            (deviation(1000.0, &[wide]).unwrap() / deviation(1000.0, &[meter]).unwrap() - 2.0).abs() < 1e-12
        );
    }

    #[test]
    fn duplicates_give_the_relative_deviation_by_hand() {
        let pairs = vec![(9.0, 11.0), (19.0, 21.0)];
        // relative differences 0.2 and 0.1: √((0.04 + 0.01) / 4)
        let sd = deviation(100.0, &[Source::Duplicates { pairs }]).unwrap();
        assert!((sd - 100.0 * 0.0125_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn sampling_follows_gy() {
        let source = |lot_g| Source::Sampling { constant: 50.0, top_size_cm: 0.2, sample_g: 400.0, lot_g };
        let sd = deviation(2.0, &[source(f64::INFINITY)]).unwrap();
        assert!((sd - 2.0 * (50.0 * 0.008 / 400.0_f64).sqrt()).abs() < 1e-12);
        assert_eq!(deviation(2.0, &[source(400.0)]), Err(NoWeight::Zero));
    }

    #[test]
    fn nothing_is_taken_for_granted() {
        assert_eq!(deviation(1.0, &[]), Err(NoWeight::NoSource));
        assert_eq!(deviation(1.0, &[Source::Stated { sd: 0.0 }]), Err(NoWeight::Zero));
        let bad = Source::Stated { sd: f64::NAN };
        assert_eq!(deviation(1.0, &[bad]), Err(NoWeight::Impossible("the stated deviation")));
        assert_eq!(deviation(1.0, &[Source::Duplicates { pairs: Vec::new() }]), Err(NoWeight::NoPairs));
    }
}
