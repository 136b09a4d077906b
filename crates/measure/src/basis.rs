//! What the mass in the denominator contains.

use rust_decimal::Decimal;

use crate::named::named;

/// The state of the material a result refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Dried: without moisture.
    Dry,
    /// As received, moisture included.
    AsReceived,
    /// After calcination: without moisture and loss on ignition.
    Calcined,
    /// The source does not say.
    NotStated,
}

named!(Basis, "basis", {
    Dry = "dry",
    AsReceived = "as_received",
    Calcined = "calcined",
    NotStated = "not_stated",
});

/// Why a value could not be moved to another basis.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasisError {
    /// Moisture must lie from 0 to below 100 %.
    #[error("a moisture of {0} % cannot be; it must be at least 0 and below 100")]
    Moisture(Decimal),
    /// Only dry and as received are linked by moisture alone.
    #[error("{from} cannot be converted to {to} with the moisture alone")]
    NotLinked {
        /// Basis of the value.
        from: Basis,
        /// Basis asked for.
        to: Basis,
    },
    /// The number grows beyond 28 digits.
    #[error("{0} is too large to be reckoned with")]
    Overflow(Decimal),
}

/// A content moved between dry and as received: `as received = dry × (100 − moisture) / 100`.
///
/// `moisture_percent` is the mass of water per mass as received, in percent. A value already on the basis
/// asked for is returned as it is, whatever the basis.
///
/// # Errors
/// Impossible moisture, or a basis that moisture alone does not reach.
pub fn convert_basis(
    value: Decimal,
    from: Basis,
    to: Basis,
    moisture_percent: Decimal,
) -> Result<Decimal, BasisError> {
    if from == to {
        return Ok(value);
    }
    if moisture_percent < Decimal::ZERO || moisture_percent >= Decimal::ONE_HUNDRED {
        return Err(BasisError::Moisture(moisture_percent));
    }
    let solids_percent = Decimal::ONE_HUNDRED - moisture_percent;
    let moved = match (from, to) {
        (Basis::Dry, Basis::AsReceived) => {
            value.checked_mul(solids_percent).and_then(|product| product.checked_div(Decimal::ONE_HUNDRED))
        }
        (Basis::AsReceived, Basis::Dry) => {
            value.checked_mul(Decimal::ONE_HUNDRED).and_then(|product| product.checked_div(solids_percent))
        }
        _ => return Err(BasisError::NotLinked { from, to }),
    };
    moved.ok_or(BasisError::Overflow(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn moisture_links_dry_and_as_received_only() {
        let to_wet = convert_basis(dec("50"), Basis::Dry, Basis::AsReceived, dec("8")).unwrap();
        assert_eq!(to_wet, dec("46"));
        assert_eq!(convert_basis(to_wet, Basis::AsReceived, Basis::Dry, dec("8")).unwrap(), dec("50"));
        let same = convert_basis(dec("1.10"), Basis::Calcined, Basis::Calcined, dec("300")).unwrap();
        assert_eq!(same.to_string(), "1.10");
        let calcined = convert_basis(dec("1"), Basis::Dry, Basis::Calcined, dec("8"));
        assert_eq!(calcined, Err(BasisError::NotLinked { from: Basis::Dry, to: Basis::Calcined }));
        assert!(convert_basis(dec("1"), Basis::NotStated, Basis::Dry, dec("0")).is_err());
        for moisture in ["-0.1", "100", "101"] {
            let error = convert_basis(dec("1"), Basis::Dry, Basis::AsReceived, dec(moisture));
            assert_eq!(error, Err(BasisError::Moisture(dec(moisture))));
        }
    }

    proptest! {
        #[test]
        fn basis_comes_back(value in 0i64..1_000_000, moisture in 0i64..9_999) {
            let (value, moisture) = (Decimal::new(value, 4), Decimal::new(moisture, 2));
            let wet = convert_basis(value, Basis::Dry, Basis::AsReceived, moisture).unwrap();
            prop_assert!(wet <= value);
            let dry = convert_basis(wet, Basis::AsReceived, Basis::Dry, moisture).unwrap();
            prop_assert!((dry - value).abs() < Decimal::new(1, 20));
        }
    }
}
