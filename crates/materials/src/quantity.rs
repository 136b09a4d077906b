//! Masses, changes of mass, percentages and counts as people give them: decimal text whose digits are kept.
//!
//! Masses are kilograms with at most six decimals (a milligram) and twelve digits before the point. So every
//! sum of postings is exact, and a balance that closes, closes to the last digit.

use std::fmt;
use std::str::FromStr;

use measure::{Decimal, MassError, MassTriple};
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// Decimals of a kilogram that are kept: a milligram.
pub const DECIMALS: u32 = 6;

/// A text that is not the number asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityError(String);

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for QuantityError {}

macro_rules! decimal {
    ($(#[$doc:meta])* $name:ident, $format:literal, $example:literal, $wanted:literal, $fits:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(Decimal);

        impl $name {
            /// Takes a number that fits.
            pub fn new(number: Decimal) -> Result<Self, QuantityError> {
                let fits: fn(Decimal) -> bool = $fits;
                let digits = number.scale() <= DECIMALS && number.trunc().abs() < Decimal::from(MOST_KG);
                if digits && fits(number) { Ok($name(number)) } else {
                    Err(QuantityError(format!("`{number}` is not {}, with at most 6 decimals", $wanted)))
                }
            }

            /// The number.
            pub fn decimal(self) -> Decimal {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = QuantityError;
            fn from_str(text: &str) -> Result<Self, QuantityError> {
                let wrong = || {
                    QuantityError(format!("`{text}` is not {}, written like {}", $wanted, $example))
                };
                $name::new(text.trim().parse().map_err(|_| wrong())?)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(NumberText)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::ToSchema for $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let object = ObjectBuilder::new().schema_type(Type::String);
                let object = object.format(Some(SchemaFormat::Custom($format.to_owned())));
                RefOr::T(Schema::Object(object.examples([serde_json::json!($example)]).build()))
            }
        }
    };
}

/// Masses stay below this many kilograms.
const MOST_KG: u64 = 1_000_000_000_000;

decimal! {
    /// A mass in kg, not negative.
    Mass, "decimal", "1250.500", "a mass in kg from 0 to below 1e12", |n| !n.is_sign_negative() || n.is_zero()
}
decimal! {
    /// A change of mass in kg; negative when something went away.
    Change, "decimal", "-12.500", "a change of mass in kg", |_| true
}
decimal! {
    /// Moisture in percent of the wet mass, from 0 to below 100.
    Moisture, "decimal", "8.40", "a moisture in % from 0 to below 100",
    |n| (!n.is_sign_negative() || n.is_zero()) && n < Decimal::ONE_HUNDRED
}

/// Numbers come as text, from forms and from programs alike; a float would lose digits on its way.
struct NumberText;

impl serde::de::Visitor<'_> for NumberText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number as text, such as \"12.50\"")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }
    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

/// How many: of packages, of bags. From 1 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Count(u32);

impl Count {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = from.deserialize_any(NumberText)?;
        match text.trim().parse() {
            Ok(number @ 1..=1_000_000) => Ok(Count(number)),
            _ => Err(serde::de::Error::custom(format!("`{text}` is not a count from 1 to 1000000"))),
        }
    }
}

impl utoipa::ToSchema for Count {}

impl utoipa::PartialSchema for Count {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
        RefOr::T(Schema::Object(object.maximum(Some(1_000_000)).build()))
    }
}

/// A wet and a dry mass in kg: what a posting carries. Signed where it is a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Masses {
    /// Wet mass, kg.
    pub kg_wet: Decimal,
    /// Dry mass, kg.
    pub kg_dry: Decimal,
}

impl Masses {
    /// Nothing.
    pub const ZERO: Masses = Masses { kg_wet: Decimal::ZERO, kg_dry: Decimal::ZERO };

    /// Whether there is neither wet nor dry mass.
    pub fn is_zero(self) -> bool {
        self.kg_wet.is_zero() && self.kg_dry.is_zero()
    }

    /// Whether a lot could have these: nothing below zero, not drier than possible.
    pub fn is_possible(self) -> bool {
        self.kg_dry >= Decimal::ZERO && self.kg_dry <= self.kg_wet
    }

    /// The dry mass in `kg_wet` of this, in proportion, to the milligram; all of it when it is all of it.
    pub fn dry_in(self, kg_wet: Decimal) -> Decimal {
        match (kg_wet == self.kg_wet, self.kg_wet.is_zero()) {
            (true, _) => self.kg_dry,
            (false, true) => Decimal::ZERO,
            (false, false) => to_mg(kg_wet * self.kg_dry / self.kg_wet).normalize(),
        }
    }

    /// The wet mass that holds `kg_dry` of this, in proportion, to the milligram.
    pub fn wet_for(self, kg_dry: Decimal) -> Decimal {
        match (kg_dry == self.kg_dry, self.kg_dry.is_zero()) {
            (true, _) => self.kg_wet,
            (false, true) => Decimal::ZERO,
            (false, false) => to_mg(kg_dry * self.kg_wet / self.kg_dry).normalize(),
        }
    }

    /// Moisture in percent of the wet mass, to four decimals; 0 for nothing.
    pub fn moisture_percent(self) -> Decimal {
        if self.kg_wet.is_zero() {
            return Decimal::ZERO;
        }
        let exact = (self.kg_wet - self.kg_dry) * Decimal::ONE_HUNDRED / self.kg_wet;
        rounded(exact, 4).normalize()
    }
}

impl std::ops::Add for Masses {
    type Output = Masses;
    fn add(self, more: Masses) -> Masses {
        Masses { kg_wet: self.kg_wet + more.kg_wet, kg_dry: self.kg_dry + more.kg_dry }
    }
}

impl std::ops::Sub for Masses {
    type Output = Masses;
    fn sub(self, less: Masses) -> Masses {
        Masses { kg_wet: self.kg_wet - less.kg_wet, kg_dry: self.kg_dry - less.kg_dry }
    }
}

impl std::ops::Neg for Masses {
    type Output = Masses;
    fn neg(self) -> Masses {
        Masses::ZERO - self
    }
}

impl std::iter::Sum for Masses {
    fn sum<I: Iterator<Item = Masses>>(all: I) -> Masses {
        all.fold(Masses::ZERO, |sum, one| sum + one)
    }
}

/// Rounds to the milligram, half to even.
pub fn to_mg(kg: Decimal) -> Decimal {
    rounded(kg, DECIMALS)
}

/// Rounds half to even, as GB/T 8170 does.
pub fn rounded(number: Decimal, decimals: u32) -> Decimal {
    number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointNearestEven)
}

/// Wet mass, moisture and dry mass as given: any two, or all three, or one where the moisture is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weighed {
    /// Wet mass.
    pub wet: Option<Mass>,
    /// Moisture.
    pub moisture: Option<Moisture>,
    /// Dry mass.
    pub dry: Option<Mass>,
}

/// Why what was weighed is not a mass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeighError {
    /// Fewer than two are given and nothing is inherited.
    Incomplete,
    /// The three do not fit, or cannot be.
    Unfit(MassError),
}

impl Weighed {
    /// Wet and dry mass to the milligram, and the moisture with the digits it was given with. `like` is what
    /// the moisture is inherited from when only one mass is given.
    pub fn masses(
        &self,
        like: Option<Masses>,
        tolerance_kg: Decimal,
    ) -> Result<(Masses, Decimal), WeighError> {
        let unfit = WeighError::Unfit;
        let decimal = Mass::decimal;
        let masses = match (self.wet.map(decimal), self.moisture, self.dry.map(decimal)) {
            (Some(wet), Some(moisture), Some(dry)) => {
                MassTriple::checked(wet, moisture.decimal(), dry, tolerance_kg).map_err(unfit)?;
                Masses { kg_wet: wet, kg_dry: dry }
            }
            (Some(wet), Some(moisture), None) => {
                let triple = MassTriple::from_wet_moisture(wet, moisture.decimal()).map_err(unfit)?;
                Masses { kg_wet: wet, kg_dry: to_mg(triple.dry_kg()) }
            }
            (Some(wet), None, Some(dry)) => {
                if dry > wet {
                    return Err(unfit(MassError::DrierThanWet { wet_kg: wet, dry_kg: dry }));
                }
                Masses { kg_wet: wet, kg_dry: dry }
            }
            (None, Some(moisture), Some(dry)) => {
                let triple = MassTriple::from_dry_moisture(dry, moisture.decimal()).map_err(unfit)?;
                Masses { kg_wet: to_mg(triple.wet_kg()), kg_dry: dry }
            }
            (wet, None, dry) => match (like, wet, dry) {
                (Some(like), Some(wet), _) => Masses { kg_wet: wet, kg_dry: like.dry_in(wet) },
                (Some(like), None, Some(dry)) => Masses { kg_wet: like.wet_for(dry), kg_dry: dry },
                _ => return Err(WeighError::Incomplete),
            },
            (None, Some(_), None) => return Err(WeighError::Incomplete),
        };
        let moisture = self.moisture.map_or_else(|| masses.moisture_percent(), Moisture::decimal);
        Ok((masses, moisture))
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == Weighed::default()
    }
}

/// The moisture to show for a lot that now has `masses`: the digits as stated while they still fit to 0.01 %,
/// otherwise computed.
pub fn moisture_now(stated: Decimal, masses: Masses) -> Decimal {
    let computed = masses.moisture_percent();
    let fits = masses.kg_wet.is_zero() || (computed - stated).abs() <= Decimal::new(1, 2);
    if fits { stated } else { computed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(wet: &str, moisture: &str, dry: &str) -> Weighed {
        Weighed { wet: wet.parse().ok(), moisture: moisture.parse().ok(), dry: dry.parse().ok() }
    }

    #[test]
    fn two_give_the_third_and_three_are_checked() {
        let table = [
            ("1000", "8.40", "", "1000 916 8.40"),
            ("1000", "", "916.0", "1000 916.0 8.4"),
            ("", "8.40", "916", "1000 916 8.40"),
            ("1000", "8.4", "915.8", "1000 915.8 8.4"),
            ("3", "", "2", "3 2 33.3333"),
            ("0.000003", "50", "", "0.000003 0.000002 50"),
        ];
        for (wet, moisture, dry, expected) in table {
            let (masses, shown) = weighed(wet, moisture, dry).masses(None, Decimal::new(5, 1)).unwrap();
            assert_eq!(format!("{} {} {shown}", masses.kg_wet, masses.kg_dry), expected);
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let like = Masses { kg_wet: 10.into(), kg_dry: 9.into() };
        let check = |w: Weighed, like| w.masses(like, Decimal::ZERO);
        assert_eq!(check(weighed("10", "", ""), None), Err(WeighError::Incomplete));
        assert_eq!(check(weighed("", "8", ""), Some(like)), Err(WeighError::Incomplete));
        assert!(matches!(check(weighed("10", "", "11"), None), Err(WeighError::Unfit(_))));
        assert!(matches!(check(weighed("10", "10", "9.1"), None), Err(WeighError::Unfit(_))));
        assert_eq!(check(weighed("5", "", ""), Some(like)).unwrap().0.kg_dry, Decimal::new(45, 1));
        assert_eq!(check(weighed("", "", "4.5"), Some(like)).unwrap().0.kg_wet, Decimal::from(5));
    }

    #[test]
    fn numbers_come_as_text_and_keep_their_digits() {
        let mass: Mass = serde_json::from_str("\"1250.500\"").unwrap();
        assert_eq!(serde_json::to_string(&mass).unwrap(), "\"1250.500\"");
        assert_eq!(serde_json::from_str::<Mass>("12").unwrap().to_string(), "12");
        for wrong in ["12.5", "\"-1\"", "\"1.0000001\"", "\"1000000000000\"", "\"NaN\"", "\"\""] {
            assert!(serde_json::from_str::<Mass>(wrong).is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<Change>("\"-12.5\"").is_ok());
        assert!("100".parse::<Moisture>().is_err());
        assert_eq!(serde_json::from_str::<Count>("\"12\"").unwrap().number(), 12);
        assert!(serde_json::from_str::<Count>("\"0\"").is_err());
    }

    #[test]
    fn a_stated_moisture_stays_while_it_fits() {
        let m = |wet: &str, dry: &str| Masses { kg_wet: wet.parse().unwrap(), kg_dry: dry.parse().unwrap() };
        let stated: Decimal = "8.40".parse().unwrap();
        assert_eq!(moisture_now(stated, m("500", "458")).to_string(), "8.40");
        assert_eq!(moisture_now(stated, m("0", "0")).to_string(), "8.40");
        assert_eq!(moisture_now(stated, m("500", "450")).to_string(), "10");
    }
}
