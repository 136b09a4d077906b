//! Wet mass, moisture and dry mass: two give the third, three are checked.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A mass of moist material. Masses in kilograms, moisture in percent of the wet mass.
///
/// Invariant: `dry = wet × (100 − moisture) / 100` within `tolerance_kg`, `0 ≤ moisture < 100` and
/// `wet, dry ≥ 0`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct MassTriple {
    wet_kg: Decimal,
    moisture_percent: Decimal,
    dry_kg: Decimal,
    tolerance_kg: Decimal,
}

/// Why masses and moisture do not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MassError {
    /// Masses are not negative.
    #[error("a mass of {0} kg cannot be; it must not be negative")]
    Negative(Decimal),
    /// Moisture lies from 0 to below 100 %.
    #[error("a moisture of {0} % cannot be; it must be at least 0 and below 100")]
    Moisture(Decimal),
    /// More dry than wet mass.
    #[error("the dry mass of {dry_kg} kg exceeds the wet mass of {wet_kg} kg")]
    DrierThanWet {
        /// Wet mass in kg.
        wet_kg: Decimal,
        /// Dry mass in kg.
        dry_kg: Decimal,
    },
    /// A tolerance is not negative.
    #[error("a tolerance of {0} kg cannot be; it must not be negative")]
    Tolerance(Decimal),
    /// The three do not agree.
    #[error(
        "{wet_kg} kg wet at {moisture_percent} % moisture is {computed_kg} kg dry, not {dry_kg} kg; \
         the difference exceeds {tolerance_kg} kg"
    )]
    Inconsistent {
        /// Wet mass in kg.
        wet_kg: Decimal,
        /// Moisture in percent.
        moisture_percent: Decimal,
        /// Dry mass as given, in kg.
        dry_kg: Decimal,
        /// Dry mass from the other two, in kg.
        computed_kg: Decimal,
        /// The stated tolerance in kg.
        tolerance_kg: Decimal,
    },
    /// A number grows beyond 28 digits.
    #[error("the masses are too large to be reckoned with")]
    Overflow,
}

impl MassTriple {
    /// Dry mass from wet mass and moisture.
    ///
    /// # Errors
    /// A negative mass, an impossible moisture.
    pub fn from_wet_moisture(wet_kg: Decimal, moisture_percent: Decimal) -> Result<Self, MassError> {
        let dry_kg = dry_of(wet_kg, moisture_percent)?;
        Self::checked(wet_kg, moisture_percent, dry_kg, reckoning_tolerance_kg())
    }

    /// Wet mass from dry mass and moisture.
    ///
    /// # Errors
    /// A negative mass, an impossible moisture.
    pub fn from_dry_moisture(dry_kg: Decimal, moisture_percent: Decimal) -> Result<Self, MassError> {
        check_moisture(moisture_percent)?;
        let hundredfold = dry_kg.checked_mul(Decimal::ONE_HUNDRED).ok_or(MassError::Overflow)?;
        let solids_percent = Decimal::ONE_HUNDRED - moisture_percent;
        let wet_kg = hundredfold.checked_div(solids_percent).ok_or(MassError::Overflow)?.normalize();
        Self::checked(wet_kg, moisture_percent, dry_kg, reckoning_tolerance_kg())
    }

    /// All three as weighed and measured, checked against each other within a stated tolerance.
    ///
    /// # Errors
    /// Impossible figures, or three that do not agree; the error gives the difference.
    pub fn checked(
        wet_kg: Decimal,
        moisture_percent: Decimal,
        dry_kg: Decimal,
        tolerance_kg: Decimal,
    ) -> Result<Self, MassError> {
        if tolerance_kg < Decimal::ZERO {
            return Err(MassError::Tolerance(tolerance_kg));
        }
        if dry_kg < Decimal::ZERO {
            return Err(MassError::Negative(dry_kg));
        }
        let computed_kg = dry_of(wet_kg, moisture_percent)?;
        if (computed_kg - dry_kg).abs() > tolerance_kg {
            return Err(MassError::Inconsistent {
                wet_kg,
                moisture_percent,
                dry_kg,
                computed_kg,
                tolerance_kg,
            });
        }
        Ok(Self { wet_kg, moisture_percent, dry_kg, tolerance_kg })
    }

    /// Wet mass in kg.
    pub fn wet_kg(&self) -> Decimal {
        self.wet_kg
    }

    /// Moisture in percent of the wet mass.
    pub fn moisture_percent(&self) -> Decimal {
        self.moisture_percent
    }

    /// Dry mass in kg.
    pub fn dry_kg(&self) -> Decimal {
        self.dry_kg
    }

    /// Tolerance in kg within which the three agree.
    pub fn tolerance_kg(&self) -> Decimal {
        self.tolerance_kg
    }
}

/// A microgram: covers the last digit of a division, hides nothing a scale could see.
fn reckoning_tolerance_kg() -> Decimal {
    Decimal::new(1, 9)
}

fn check_moisture(moisture_percent: Decimal) -> Result<(), MassError> {
    if moisture_percent < Decimal::ZERO || moisture_percent >= Decimal::ONE_HUNDRED {
        return Err(MassError::Moisture(moisture_percent));
    }
    Ok(())
}

fn dry_of(wet_kg: Decimal, moisture_percent: Decimal) -> Result<Decimal, MassError> {
    check_moisture(moisture_percent)?;
    if wet_kg < Decimal::ZERO {
        return Err(MassError::Negative(wet_kg));
    }
    let product = wet_kg.checked_mul(Decimal::ONE_HUNDRED - moisture_percent).ok_or(MassError::Overflow)?;
    Ok(product.checked_div(Decimal::ONE_HUNDRED).ok_or(MassError::Overflow)?.normalize())
}

/// The stored shape; read back through [`MassTriple::checked`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    wet_kg: Decimal,
    moisture_percent: Decimal,
    dry_kg: Decimal,
    tolerance_kg: Decimal,
}

impl TryFrom<Parts> for MassTriple {
    type Error = MassError;
    fn try_from(parts: Parts) -> Result<Self, MassError> {
        Self::checked(parts.wet_kg, parts.moisture_percent, parts.dry_kg, parts.tolerance_kg)
    }
}

impl From<MassTriple> for Parts {
    fn from(from: MassTriple) -> Self {
        let MassTriple { wet_kg, moisture_percent, dry_kg, tolerance_kg } = from;
        Self { wet_kg, moisture_percent, dry_kg, tolerance_kg }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn two_give_the_third() {
        let one = MassTriple::from_wet_moisture(dec("1250"), dec("8.4")).unwrap();
        assert_eq!(one.dry_kg(), dec("1145"));
        let three = MassTriple::from_dry_moisture(dec("1145"), dec("8.4")).unwrap();
        assert_eq!(three.wet_kg(), dec("1250"));
    }

    #[test]
    fn three_are_checked() {
        let check = |wet, moisture, dry, tolerance| {
            MassTriple::checked(dec(wet), dec(moisture), dec(dry), dec(tolerance))
        };
        assert!(check("1000", "8.4", "916", "0").is_ok());
        assert!(check("1000", "8.4", "915.6", "0.5").is_ok());
        assert!(matches!(check("1000", "8.4", "915.4", "0.5"), Err(MassError::Inconsistent { .. })));
        assert_eq!(check("1000", "100", "0", "1"), Err(MassError::Moisture(dec("100"))));
        assert_eq!(check("-1", "0", "0", "5"), Err(MassError::Negative(dec("-1"))));
        assert_eq!(check("0", "0", "-1", "5"), Err(MassError::Negative(dec("-1"))));
        assert_eq!(check("1", "0", "1", "-1"), Err(MassError::Tolerance(dec("-1"))));
        let stored = r#"{"wet_kg":"1000","moisture_percent":"8.4","dry_kg":"900","tolerance_kg":"0.5"}"#;
        assert!(serde_json::from_str::<MassTriple>(stored).is_err());
    }

    proptest! {
        #[test]
        fn any_two_lead_to_the_same_three(wet in 1i64..1_000_000_000, moisture in 0i64..9_999) {
            let (wet, moisture) = (Decimal::new(wet, 3), Decimal::new(moisture, 2));
            let one = MassTriple::from_wet_moisture(wet, moisture).unwrap();
            let three = MassTriple::from_dry_moisture(one.dry_kg(), moisture).unwrap();
            prop_assert!((three.wet_kg() - wet).abs() < Decimal::new(1, 15));
            let json = serde_json::to_string(&one).unwrap();
            prop_assert_eq!(serde_json::from_str::<MassTriple>(&json).unwrap(), one);
        }
    }
}
