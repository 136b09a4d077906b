//! From what an instrument printed or a person typed to a value in the method's unit, digits and basis kept.
//! Pure.

use measure::rounding::{decimals_of, guarded, round_down, round_up};
use measure::uncertainty::{UncertaintyError, combine_sum};
use measure::{Basis, Decimal, DecimalText, Qualifier, Unit, convert_basis};
use serde::{Deserialize, Serialize};

use crate::method::AnalyteSpec;

/// What was read: a number or a limit in its own unit and basis.
#[derive(Debug, Clone, Copy)]
pub struct Measured<'a> {
    /// What the number means.
    pub qualifier: Qualifier,
    /// Digits as printed.
    pub number: Option<&'a str>,
    /// Unit as printed, after aliases.
    pub unit: &'a str,
    /// Basis as printed.
    pub basis: Basis,
    /// Moisture of the sample, %, to change between dry and as received.
    pub moisture_percent: Option<Decimal>,
}

/// A value in the method's unit, on the basis on which it was stated ([`kept`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// What the number means.
    #[serde(rename = "qualifier")]
    pub qualifier: Qualifier,
    /// The value, or the limit of a censored one, in the plain spelling: digits as printed, which another
    /// unit only moves; where it makes new ones, two more than were printed, cut so that they round once. The
    /// instrument's own stays in the reading. Moisture is not applied here, so that what is asked for on the
    /// basis on which it was stated is that very number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How many significant digits were read, where the value has more, to be rounded once: it is printed
    /// with these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<u32>,
    /// Expanded uncertainty, with digits enough that it is rounded once, where it is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<String>,
    /// Its coverage factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<String>,
    /// The method's limit of detection on the basis of the value, where that is another than the method's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lod: Option<String>,
    /// The limit of quantification likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loq: Option<String>,
    /// Whether it lies in the validated range; unknown where there is none, the value is censored, or it lies
    /// below the reporting limit: what is reported as `<LOQ` claims no number of which to ask (ISO/IEC
    /// 17025:2017,
    /// 7.8.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_range: Option<bool>,
    /// A value below the limit of detection. It stays, negative ones included.
    pub below_lod: bool,
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsettled {
    /// The unit does not convert.
    #[error("{from} cannot be converted to {to}")]
    Unit {
        /// As printed.
        from: String,
        /// Of the method.
        to: Unit,
    },
    /// The basis does not convert, or the moisture is not known.
    #[error("{from} cannot be converted to {to}")]
    Basis {
        /// As printed.
        from: Basis,
        /// Of the method.
        to: Basis,
    },
    /// It is no number.
    #[error("{0}")]
    NoNumber(Qualifier),
    /// A number too long to be reckoned with.
    #[error("{0}")]
    Number(String),
}

/// The basis on which a value is kept: as it was stated, else the method's.
pub fn kept(spec: &AnalyteSpec, stated: Basis) -> Basis {
    if stated == Basis::NotStated { spec.basis } else { stated }
}

/// Brings a measured value to the method's unit, and says what the method says of it.
pub fn settle(spec: &AnalyteSpec, measured: &Measured<'_>) -> Result<Settled, Unsettled> {
    if !measured.qualifier.is_measured() {
        return Err(Unsettled::NoNumber(measured.qualifier));
    }
    let Some(printed) = measured.number else {
        let out_of_range = (measured.qualifier == Qualifier::Above).then_some(false);
        return Ok(Settled { in_range: out_of_range, ..bare(measured.qualifier, None) });
    };
    let text = DecimalText::parse(printed).map_err(|why| Unsettled::Number(why.to_string()))?;
    let converted = convert(spec, measured, text.decimal())?;
    let own = other_basis(spec, measured)?;
    let read = text.significant_digits().max(1);
    let text = match converted {
        None => text,
        Some(converted) => with_digits(&text, converted, measured.qualifier),
    };
    let number = text.decimal();
    let mut settled = bare(measured.qualifier, Some(text.plain()));
    if let Some(own) = &own {
        settled.lod = spec.lod.as_ref().map(|limit| own.limit(limit)).transpose()?;
        settled.loq = spec.loq.as_ref().map(|limit| own.limit(limit)).transpose()?;
    }
    if measured.qualifier == Qualifier::Value {
        settled.digits = Some(read).filter(|read| text.significant_digits() > *read);
        // What the method says is of its own basis.
        let there = own.as_ref().map_or(Ok(number), |own| own.to_method(number))?;
        let above = |limit: &DecimalText| there > limit.decimal();
        let below = |limit: &DecimalText| there < limit.decimal();
        settled.below_lod = spec.lod.as_ref().is_some_and(below);
        let asked = !spec.limits().is_below(there);
        if asked && (spec.range_low.is_some() || spec.range_high.is_some()) {
            let inside =
                !spec.range_low.as_ref().is_some_and(below) && !spec.range_high.as_ref().is_some_and(above);
            settled.in_range = Some(inside);
        }
        let u = expanded(spec, there).map_err(|why| Unsettled::Number(why.to_string()))?;
        if let Some(u) = u {
            let here = own.as_ref().map_or(Ok(u), |own| own.to_stated(u))?;
            settled.uncertainty = Some(guarded(here, GUARDED).to_string());
            settled.coverage = Some(spec.coverage.unwrap_or(Decimal::TWO).to_string());
        }
    } else if measured.qualifier == Qualifier::Above {
        settled.in_range = Some(false);
    }
    Ok(settled)
}

/// A value that was stated on another basis than the method's.
struct OtherBasis {
    stated: Basis,
    method: Basis,
    moisture_percent: Decimal,
}

impl OtherBasis {
    fn to_method(&self, number: Decimal) -> Result<Decimal, Unsettled> {
        self.moved(number, self.stated, self.method)
    }

    fn to_stated(&self, number: Decimal) -> Result<Decimal, Unsettled> {
        self.moved(number, self.method, self.stated)
    }

    fn moved(&self, number: Decimal, from: Basis, to: Basis) -> Result<Decimal, Unsettled> {
        convert_basis(number, from, to, self.moisture_percent).map_err(|_| Unsettled::Basis { from, to })
    }

    /// A limit of the method, rounded up so that it stays true.
    fn limit(&self, limit: &DecimalText) -> Result<String, Unsettled> {
        let number = self.to_stated(limit.decimal())?;
        let decimals = decimals_of(number, limit.significant_digits().max(2)).max(0);
        Ok(round_up(number, decimals).plain())
    }
}

/// How a value that was stated on another basis lies to what the method says. Moisture must be known where
/// the method says anything but a relative uncertainty, of which it makes no difference.
fn other_basis(spec: &AnalyteSpec, measured: &Measured<'_>) -> Result<Option<OtherBasis>, Unsettled> {
    let (stated, method) = (measured.basis, spec.basis);
    if stated == method || stated == Basis::NotStated || method == Basis::NotStated {
        return Ok(None);
    }
    let wrong = || Unsettled::Basis { from: stated, to: method };
    let limits = [&spec.lod, &spec.loq, &spec.range_low, &spec.range_high];
    let asked = limits.iter().any(|limit| limit.is_some()) || spec.uncertainty_absolute.is_some();
    let unasked = Some(Decimal::ZERO).filter(|_| !asked);
    let moisture_percent = measured.moisture_percent.or(unasked).ok_or_else(wrong)?;
    let own = OtherBasis { stated, method, moisture_percent };
    own.to_method(Decimal::ONE)?;
    Ok(Some(own))
}

fn bare(qualifier: Qualifier, value: Option<String>) -> Settled {
    Settled {
        qualifier,
        value,
        digits: None,
        uncertainty: None,
        coverage: None,
        lod: None,
        loq: None,
        in_range: None,
        below_lod: false,
    }
}

/// Digits of a stored uncertainty; it is printed with two.
const GUARDED: u32 = 6;

/// A number in another unit.
struct Converted {
    number: Decimal,
    /// By which power of ten the point was moved, where nothing else was done.
    shifted: Option<Decimal>,
}

/// The digits of what was converted. Another unit moves the point and leaves them; one that is no power of
/// ten makes as many as one likes, of which two more than were printed are kept, and of a limit as many as it
/// had, two at least, to the side on which it stays true.
fn with_digits(text: &DecimalText, converted: Converted, qualifier: Qualifier) -> DecimalText {
    if let Some(moved) = converted.shifted.and_then(|factor| text.shifted(factor)) {
        return moved;
    }
    let (number, digits) = (converted.number, text.significant_digits().max(1));
    let decimals = |significant: u32| decimals_of(number, significant).max(0);
    match qualifier {
        Qualifier::Value => {
            let mut kept = guarded(number, digits + 2);
            // Zeros are digits too, up to those that were printed.
            kept.rescale(kept.scale().max(decimals(digits) as u32).min(28));
            DecimalText::from_decimal(kept)
        }
        Qualifier::Above => round_down(number, decimals(digits.max(2))),
        _ => round_up(number, decimals(digits.max(2))),
    }
}

/// The number in the method's unit, when that is another one.
fn convert(
    spec: &AnalyteSpec,
    measured: &Measured<'_>,
    number: Decimal,
) -> Result<Option<Converted>, Unsettled> {
    let mut now = number;
    let mut changed = false;
    let mut shifted = None;
    if measured.unit != spec.unit.symbol() {
        let wrong = || Unsettled::Unit { from: measured.unit.to_owned(), to: spec.unit };
        let from = Unit::parse(measured.unit).map_err(|_| wrong())?;
        if !from.same_size(spec.unit) {
            now = Unit::convert(now, from, spec.unit).map_err(|_| wrong())?;
            // Of a temperature, whose zero is another, this is no power of ten unless it is a shift.
            shifted = Unit::convert(Decimal::ONE, from, spec.unit)
                .ok()
                .filter(|one| number.checked_mul(*one).is_some_and(|moved| moved == now));
            changed = true;
        }
    }
    Ok(changed.then_some(Converted { number: now, shifted }))
}

/// Expanded uncertainty at a value: `√(U₀² + (p/100·x)²)`, in the unit of the method; none where the method
/// states none.
///
/// # Errors
/// It is too large to be reckoned with.
pub fn expanded(spec: &AnalyteSpec, value: Decimal) -> Result<Option<Decimal>, UncertaintyError> {
    let share = |percent: Decimal| percent.checked_div(Decimal::ONE_HUNDRED)?.checked_mul(value.abs());
    let relative = match spec.uncertainty_percent {
        Some(percent) => Some(share(percent).ok_or(UncertaintyError::Overflow)?),
        None => None,
    };
    match (relative, spec.uncertainty_absolute) {
        (Some(relative), Some(absolute)) => combine_sum(&[relative, absolute]).map(Some),
        (relative, absolute) => Ok(relative.or(absolute)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> AnalyteSpec {
        let text = |number| Some(DecimalText::parse(number).unwrap());
        AnalyteSpec {
            lod: text("0.002"),
            range_low: text("0.005"),
            range_high: text("2"),
            uncertainty_percent: Some(Decimal::from(3)),
            uncertainty_absolute: Some(Decimal::new(4, 3)),
            ..AnalyteSpec::plain("Fe", Unit::Percent, Basis::Dry)
        }
    }

    fn settled(
        qualifier: Qualifier,
        number: Option<&str>,
        unit: &str,
        basis: Basis,
    ) -> Result<Settled, Unsettled> {
        let moisture_percent = Some(Decimal::from(20));
        settle(&spec(), &Measured { qualifier, number, unit, basis, moisture_percent })
    }

    #[test]
    fn digits_stay_where_nothing_is_converted_and_are_exact_where_something_is() {
        for (number, unit, basis, expected) in [
            ("0.0100", "%", Basis::Dry, "0.0100"),
            ("-0.0010", "%", Basis::NotStated, "-0.0010"),
            ("100", "mg/kg", Basis::Dry, "0.0100"),
            ("100", "ppm", Basis::Dry, "0.0100"),
            ("10.00", "mg/kg", Basis::Dry, "0.001000"),
            ("0.00", "mg/kg", Basis::Dry, "0.000000"),
            ("1.2E3", "mg/kg", Basis::Dry, "0.12"),
            ("0.10", "kg/kg", Basis::Dry, "10"),
            ("0.80", "%", Basis::AsReceived, "0.80"),
            ("0.123", "%", Basis::AsReceived, "0.123"),
            ("12.30", "%", Basis::AsReceived, "12.30"),
            ("-0.0010", "%", Basis::AsReceived, "-0.0010"),
            ("1230", "mg/kg", Basis::AsReceived, "0.1230"),
            ("6.80272E-5", "%", Basis::Dry, "0.0000680272"),
            ("1.2e-005", "%", Basis::Dry, "0.000012"),
            ("1.0E1", "%", Basis::Dry, "10"),
            (".5", "%", Basis::Dry, "0.5"),
            ("+007.", "%", Basis::Dry, "7"),
        ] {
            let one = settled(Qualifier::Value, Some(number), unit, basis).unwrap();
            assert_eq!(one.value.as_deref(), Some(expected), "{number} {unit}");
        }
    }

    #[test]
    fn qualifiers_limits_and_uncertainty_follow_the_value() {
        let one = settled(Qualifier::Value, Some("0.10"), "%", Basis::Dry).unwrap();
        assert_eq!((one.uncertainty.as_deref(), one.coverage.as_deref()), (Some("0.005"), Some("2")));
        assert_eq!((one.in_range, one.below_lod), (Some(true), false));
        let low = settled(Qualifier::Value, Some("-0.001"), "%", Basis::Dry).unwrap();
        assert_eq!((low.in_range, low.below_lod), (None, true), "absent is not out of range");
        let between = settled(Qualifier::Value, Some("0.003"), "%", Basis::Dry).unwrap();
        assert_eq!(between.in_range, Some(false), "above the limit of detection, below the validated range");
        let quantified = AnalyteSpec { loq: spec().range_low, ..spec() };
        let read = |number| Measured {
            qualifier: Qualifier::Value,
            number: Some(number),
            unit: "%",
            basis: Basis::Dry,
            moisture_percent: None,
        };
        for (number, expected) in [("0.003", None), ("0", None), ("-0.004", None), ("0.005", Some(true))] {
            assert_eq!(settle(&quantified, &read(number)).unwrap().in_range, expected, "{number}");
        }
        let below = settled(Qualifier::Below, Some("50"), "mg/kg", Basis::Dry).unwrap();
        assert_eq!((below.qualifier, below.value.as_deref()), (Qualifier::Below, Some("0.0050")));
        assert_eq!((below.uncertainty, below.in_range), (None, None));
        let over = settled(Qualifier::Above, None, "%", Basis::Dry).unwrap();
        assert_eq!((over.value, over.in_range), (None, Some(false)));
    }

    /// What was stated stays the number it is; what the method says is moved to it.
    #[test]
    fn a_value_keeps_the_basis_on_which_it_was_stated() {
        let found = |number, moisture: Option<i64>, spec: &AnalyteSpec| {
            let moisture_percent = moisture.map(Decimal::from);
            let (qualifier, number) = match str::strip_prefix(number, '<') {
                Some(limit) => (Qualifier::Below, Some(limit)),
                None => (Qualifier::Value, Some(number)),
            };
            let wet = Measured { qualifier, number, unit: "%", basis: Basis::AsReceived, moisture_percent };
            settle(spec, &wet)
        };
        // Dry: LOD 0.002, range 0.005 to 2, U = √(0.004² + (3 %)²), of which nine tenths are left.
        for (number, limit, in_range, below, u) in [
            ("1.8", "0.0018", Some(true), false, Some("0.0541198")),
            ("1.801", "0.0018", Some(false), false, Some("0.0541498")),
            ("0.0044", "0.0018", Some(false), false, Some("0.00360241")),
            ("0.0017", "0.0018", None, true, Some("0.00360036")),
            ("<0.01", "0.0018", None, false, None),
        ] {
            let one = found(number, Some(10), &spec()).unwrap();
            assert_eq!(one.value.as_deref(), Some(number.trim_start_matches('<')));
            assert_eq!((one.lod.as_deref(), one.digits), (Some(limit), None), "{number}");
            assert_eq!((one.in_range, one.below_lod), (in_range, below), "{number}");
            assert_eq!(one.uncertainty.as_deref(), u, "{number}");
        }
        let wrong = Unsettled::Basis { from: Basis::AsReceived, to: Basis::Dry };
        assert_eq!(found("1", None, &spec()).unwrap_err(), wrong);
        let relative = AnalyteSpec {
            uncertainty_percent: Some(Decimal::TWO),
            ..AnalyteSpec::plain("Cu", Unit::Percent, Basis::Dry)
        };
        let one = found("24.00", None, &relative).unwrap();
        assert_eq!((one.value.as_deref(), one.uncertainty.as_deref()), (Some("24.00"), Some("0.48")));
        assert_eq!(kept(&relative, Basis::AsReceived), Basis::AsReceived);
        assert_eq!(kept(&relative, Basis::NotStated), Basis::Dry);
    }

    #[test]
    fn an_uncertainty_is_stored_with_digits_enough_to_be_rounded_once() {
        let spec =
            AnalyteSpec { uncertainty_percent: Some(Decimal::from(2)), uncertainty_absolute: None, ..spec() };
        for (number, stored) in [("7.249", "0.14498"), ("7.25000001", "0.145001"), ("0.10", "0.002")] {
            let read = Measured {
                qualifier: Qualifier::Value,
                number: Some(number),
                unit: "%",
                basis: Basis::Dry,
                moisture_percent: None,
            };
            assert_eq!(settle(&spec, &read).unwrap().uncertainty.as_deref(), Some(stored), "{number}");
        }
    }

    #[test]
    fn what_does_not_convert_is_refused_by_name() {
        let unit = settled(Qualifier::Value, Some("1"), "mg/L", Basis::Dry).unwrap_err();
        assert_eq!(unit, Unsettled::Unit { from: "mg/L".into(), to: Unit::Percent });
        assert!(settled(Qualifier::Value, Some("1"), "%", Basis::Calcined).is_err());
        let none = settled(Qualifier::Invalid, None, "%", Basis::Dry).unwrap_err();
        assert_eq!(none, Unsettled::NoNumber(Qualifier::Invalid));
    }
}
