//! Units, their spellings and their conversion.
//!
//! A unit keeps its customary name (`ppm`, `mg/kg` and `g/t` are three units of one size), so a certificate
//! prints the unit the customer agreed to. Conversion is checked by dimension: a mass fraction never
//! becomes a mass per volume, because the density is not known here. Sizes are exact; only minutes and hours
//! divide.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use rust_decimal::Decimal;

use crate::named::serde_by_text;
use crate::scale::shift;

/// What a unit measures. Units of one dimension convert into each other, others never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Mass fraction, or the ratio of two like quantities.
    Fraction,
    /// Volume fraction.
    VolumeFraction,
    /// Amount-of-substance fraction.
    AmountFraction,
    /// Mass per volume: solutions, and densities of powders.
    MassPerVolume,
    /// Amount of substance per volume.
    AmountPerVolume,
    /// Mass.
    Mass,
    /// Volume.
    Volume,
    /// Length: particle sizes, wavelengths.
    Length,
    /// Area per mass: specific surface.
    AreaPerMass,
    /// Temperature.
    Temperature,
    /// Time.
    Time,
    /// Pressure.
    Pressure,
    /// Electrical conductivity.
    Conductivity,
    /// Activity per mass: radioactivity of a solid.
    ActivityPerMass,
    /// Counts per time: what a detector saw, no concentration.
    CountRate,
    /// Counts.
    Count,
    /// Absorbance.
    Absorbance,
    /// pH.
    Acidity,
    /// Turbidity.
    Turbidity,
}

/// Why a unit was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// Nothing was written where a unit must be.
    #[error("a value without a unit is refused; name the unit")]
    Empty,
    /// The spelling is not known.
    #[error("{0:?} is not a known unit")]
    Unknown(String),
    /// A ton that is not 1000 kg.
    #[error("{0:?} is refused: tons here are metric; weigh in t or kg")]
    NotMetric(String),
    /// The two units measure different things.
    #[error("cannot convert {from} ({from_dimension:?}) to {to} ({to_dimension:?})")]
    DifferentDimensions {
        /// Unit of the value.
        from: Unit,
        /// Its dimension.
        from_dimension: Dimension,
        /// Unit asked for.
        to: Unit,
        /// Its dimension.
        to_dimension: Dimension,
    },
    /// The converted number has more than 28 digits.
    #[error("{value} {from} in {to} is too large to be reckoned with")]
    Overflow {
        /// The value.
        value: Decimal,
        /// Its unit.
        from: Unit,
        /// Unit asked for.
        to: Unit,
    },
}

/// One row of the table of units: size is `multiple × 10^power` of the dimension's base unit.
struct Row {
    unit: Unit,
    symbol: &'static str,
    dimension: Dimension,
    multiple: i64,
    power: i32,
    aliases: &'static [&'static str],
}

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal, $dimension:ident, $multiple:literal e $power:literal,
       [$($alias:literal),*];)+) => {
        /// A unit of measurement. Its symbol is how it is printed and stored.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Unit { $($(#[$doc])* $name),+ }

        impl Unit {
            /// Every unit, in order of declaration.
            pub const ALL: &'static [Unit] = &[$(Unit::$name),+];
        }

        const TABLE: &[Row] = &[$(Row {
            unit: Unit::$name,
            symbol: $symbol,
            dimension: Dimension::$dimension,
            multiple: $multiple,
            power: $power,
            aliases: &[$($alias),*],
        }),+];
    };
}

units! {
    /// The ratio itself.
    One = "1", Fraction, 1 e 0, ["g/g", "kg/kg"];
    /// Percent by mass, or of a like quantity.
    Percent = "%", Fraction, 1 e -2,
        ["mass%", "mass %", "mass-%", "wt%", "wt %", "wt.%", "wt. %", "wt-%", "weight%", "% m/m", "%m/m",
         "%(m/m)", "% (m/m)", "% w/w", "%w/w", "%(w/w)", "m%", "pct", "percent", "质量%", "质量分数%", "质量分数/%"];
    /// Per mille.
    PerMille = "‰", Fraction, 1 e -3, ["permille"];
    /// Grams per kilogram.
    GramPerKilogram = "g/kg", Fraction, 1 e -3, ["克/千克", "mg/g", "kg/t"];
    /// Parts per million by mass; equal to mg/kg and g/t, never to mg/L.
    Ppm = "ppm", Fraction, 1 e -6, ["ppmw", "ppm w/w", "ppm(w/w)", "ppm m/m", "mass ppm", "wt ppm"];
    /// Milligrams per kilogram.
    MilligramPerKilogram = "mg/kg", Fraction, 1 e -6, ["毫克/千克", "毫克/公斤"];
    /// Grams per tonne.
    GramPerTonne = "g/t", Fraction, 1 e -6, ["gpt", "克/吨"];
    /// Micrograms per gram.
    MicrogramPerGram = "µg/g", Fraction, 1 e -6, ["ug/g", "mcg/g", "微克/克"];
    /// 10⁻⁶ by mass, as Chinese certificates of reference materials print it.
    TenToMinusSix = "10⁻⁶", Fraction, 1 e -6, ["10^-6", "×10⁻⁶", "×10^-6", "x10^-6", "1e-6"];
    /// Parts per billion (10⁹) by mass.
    Ppb = "ppb", Fraction, 1 e -9, ["ppbw"];
    /// Micrograms per kilogram.
    MicrogramPerKilogram = "µg/kg", Fraction, 1 e -9, ["ug/kg", "ng/g", "微克/千克"];
    /// 10⁻⁹ by mass.
    TenToMinusNine = "10⁻⁹", Fraction, 1 e -9, ["10^-9", "×10⁻⁹", "×10^-9", "x10^-9", "1e-9"];

    /// Percent by volume.
    VolumePercent = "vol%", VolumeFraction, 1 e -2, ["% v/v", "%v/v", "%(v/v)", "vol %", "vol.%", "体积%"];
    /// Parts per million by volume.
    PpmVolume = "ppmv", VolumeFraction, 1 e -6, ["ppm v/v", "ppm(v/v)"];
    /// Percent of atoms or molecules.
    MolePercent = "mol%", AmountFraction, 1 e -2, ["mol %", "at%", "at.%", "at %", "atom%", "原子%"];

    /// Grams per litre; the base of mass per volume.
    GramPerLitre = "g/L", MassPerVolume, 1 e 0, ["gpl", "mg/mL", "kg/m3", "kg/m³", "克/升"];
    /// Milligrams per litre.
    MilligramPerLitre = "mg/L", MassPerVolume, 1 e -3, ["ug/mL", "µg/mL", "mcg/mL", "g/m3", "g/m³", "毫克/升"];
    /// Micrograms per litre.
    MicrogramPerLitre = "µg/L", MassPerVolume, 1 e -6, ["ug/L", "ng/mL", "微克/升"];
    /// Nanograms per litre.
    NanogramPerLitre = "ng/L", MassPerVolume, 1 e -9, ["纳克/升"];
    /// Grams per cubic centimetre.
    GramPerCubicCentimetre = "g/cm³", MassPerVolume, 1 e 3,
        ["g/cm3", "g/cc", "g/mL", "kg/L", "t/m3", "t/m³", "克/立方厘米"];
    /// Moles per litre.
    MolePerLitre = "mol/L", AmountPerVolume, 1 e 0, ["摩尔/升"];
    /// Millimoles per litre.
    MillimolePerLitre = "mmol/L", AmountPerVolume, 1 e -3, ["毫摩尔/升"];

    /// Tonnes of 1000 kg.
    Tonne = "t", Mass, 1 e 3, ["tonne", "tonnes", "mt", "MT", "metric ton", "metric tons", "T", "吨", "公吨"];
    /// Kilograms; the base of mass.
    Kilogram = "kg", Mass, 1 e 0, ["kgs", "kilogram", "kilograms", "千克", "公斤"];
    /// Grams.
    Gram = "g", Mass, 1 e -3, ["gram", "grams", "克"];
    /// Milligrams.
    Milligram = "mg", Mass, 1 e -6, ["毫克"];
    /// Micrograms.
    Microgram = "µg", Mass, 1 e -9, ["ug", "mcg", "微克"];
    /// Nanograms.
    Nanogram = "ng", Mass, 1 e -12, ["纳克"];

    /// Cubic metres.
    CubicMetre = "m³", Volume, 1 e 3, ["m3", "立方米"];
    /// Litres; the base of volume.
    Litre = "L", Volume, 1 e 0, ["liter", "litre", "升"];
    /// Millilitres.
    Millilitre = "mL", Volume, 1 e -3, ["cm3", "cm³", "毫升"];
    /// Microlitres.
    Microlitre = "µL", Volume, 1 e -6, ["ul", "微升"];

    /// Metres; the base of length.
    Metre = "m", Length, 1 e 0, ["米"];
    /// Millimetres.
    Millimetre = "mm", Length, 1 e -3, ["毫米"];
    /// Micrometres.
    Micrometre = "µm", Length, 1 e -6, ["um", "micron", "microns", "微米"];
    /// Nanometres.
    Nanometre = "nm", Length, 1 e -9, ["纳米"];
    /// Square metres per gram.
    SquareMetrePerGram = "m²/g", AreaPerMass, 1 e 0, ["m2/g", "平方米/克"];

    /// Degrees Celsius.
    Celsius = "°C", Temperature, 1 e 0, ["℃", "degC", "deg C", "摄氏度"];
    /// Kelvin.
    Kelvin = "K", Temperature, 1 e 0, ["开尔文"];
    /// Seconds; the base of time.
    Second = "s", Time, 1 e 0, ["sec", "秒"];
    /// Minutes.
    Minute = "min", Time, 60 e 0, ["分钟"];
    /// Hours.
    Hour = "h", Time, 36 e 2, ["hr", "小时"];
    /// Pascals; the base of pressure.
    Pascal = "Pa", Pressure, 1 e 0, ["帕"];
    /// Kilopascals.
    Kilopascal = "kPa", Pressure, 1 e 3, ["千帕"];
    /// Megapascals.
    Megapascal = "MPa", Pressure, 1 e 6, ["兆帕"];
    /// Bars.
    Bar = "bar", Pressure, 1 e 5, [];
    /// Microsiemens per centimetre.
    MicrosiemensPerCentimetre = "µS/cm", Conductivity, 1 e -4, ["us/cm"];
    /// Millisiemens per metre.
    MillisiemensPerMetre = "mS/m", Conductivity, 1 e -3, [];
    /// Becquerels per kilogram.
    BecquerelPerKilogram = "Bq/kg", ActivityPerMass, 1 e 0, [];
    /// Becquerels per gram.
    BecquerelPerGram = "Bq/g", ActivityPerMass, 1 e 3, [];

    /// Counts per second.
    CountsPerSecond = "cps", CountRate, 1 e 0, ["c/s", "counts/s", "counts/sec"];
    /// Thousand counts per second.
    KilocountsPerSecond = "kcps", CountRate, 1 e 3, ["kc/s"];
    /// Counts.
    Counts = "counts", Count, 1 e 0, ["cts", "count"];
    /// Absorbance units.
    Absorbance = "Abs", Absorbance, 1 e 0, ["吸光度"];
    /// pH.
    Ph = "pH", Acidity, 1 e 0, ["pH units", "pH unit"];
    /// Nephelometric turbidity units.
    Turbidity = "NTU", Turbidity, 1 e 0, ["FNU"];
}

/// Spellings in which the case of letters carries the meaning (Mg is not mg, Mt not MT, mPa not MPa), so they
/// are matched exactly or not at all.
const CASE_MATTERS: &[&str] = &["ms/m", "mpa", "m", "mm", "mg", "mt", "k", "s", "h", "c/s", "m%"];

/// Mass units that look like tonnes or kilograms and are not.
const NOT_METRIC: &[&str] = &[
    "ton",
    "tons",
    "short ton",
    "short tons",
    "shortton",
    "st",
    "us ton",
    "us tons",
    "long ton",
    "long tons",
    "lt",
    "imperial ton",
    "oz/t",
    "oz/ton",
    "opt",
    "短吨",
    "长吨",
];

/// Every spelling, as written and without case.
struct Spellings {
    exact: BTreeMap<String, Unit>,
    folded: BTreeMap<String, Unit>,
}

static SPELLINGS: LazyLock<Spellings> = LazyLock::new(|| {
    let mut spellings = Spellings { exact: BTreeMap::new(), folded: BTreeMap::new() };
    for row in TABLE {
        for spelling in std::iter::once(&row.symbol).chain(row.aliases) {
            let plain = tidy(spelling);
            spellings.folded.entry(plain.to_lowercase()).or_insert(row.unit);
            spellings.exact.insert(plain, row.unit);
        }
    }
    spellings
});

impl Unit {
    /// Reads a unit in any of its spellings: `mass%`, `PPM`, `ug/g`, `毫克/升`, full-width signs included.
    ///
    /// # Errors
    /// Nothing written, an unknown spelling, or a ton that is not metric.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let plain = tidy(text);
        if plain.is_empty() {
            return Err(UnitError::Empty);
        }
        if let Some(unit) = SPELLINGS.exact.get(&plain) {
            return Ok(*unit);
        }
        let lower = plain.to_lowercase();
        if NOT_METRIC.contains(&lower.as_str()) {
            return Err(UnitError::NotMetric(text.to_owned()));
        }
        match SPELLINGS.folded.get(&lower) {
            Some(unit) if !CASE_MATTERS.contains(&lower.as_str()) => Ok(*unit),
            _ => Err(UnitError::Unknown(text.to_owned())),
        }
    }

    /// The canonical symbol: printed on certificates, stored in files.
    pub fn symbol(self) -> &'static str {
        self.row().symbol
    }

    /// What the unit measures.
    pub fn dimension(self) -> Dimension {
        self.row().dimension
    }

    /// Whether a value reads the same in both units: `ppm` and `mg/kg`, not `ppm` and `mg/L`.
    pub fn same_size(self, other: Unit) -> bool {
        let (one, two) = (self.row(), other.row());
        let offsets_agree = self == other || one.dimension != Dimension::Temperature;
        offsets_agree && (one.dimension, one.multiple, one.power) == (two.dimension, two.multiple, two.power)
    }

    /// `value` given in `from`, expressed in `to`. Exact, except into minutes or hours (28 digits).
    ///
    /// # Errors
    /// The dimensions differ, or the number grows beyond 28 digits.
    pub fn convert(value: Decimal, from: Unit, to: Unit) -> Result<Decimal, UnitError> {
        let (source, target) = (from.row(), to.row());
        if source.dimension != target.dimension {
            return Err(UnitError::DifferentDimensions {
                from,
                from_dimension: source.dimension,
                to,
                to_dimension: target.dimension,
            });
        }
        if from == to {
            return Ok(value);
        }
        let converted = if source.dimension == Dimension::Temperature {
            value.checked_add(zero_celsius_in_kelvin() * Decimal::from(kelvin_sign(from, to)))
        } else if source.multiple == target.multiple {
            shift(value, source.power - target.power)
        } else {
            shift(value, source.power - target.power)
                .and_then(|scaled| scaled.checked_mul(Decimal::from(source.multiple)))
                .and_then(|scaled| scaled.checked_div(Decimal::from(target.multiple)))
        };
        converted.ok_or(UnitError::Overflow { value, from, to })
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol())
    }
}

impl FromStr for Unit {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        Self::parse(text)
    }
}

serde_by_text!(Unit);

/// 0 °C is 273.15 K by definition (SI Brochure, 2.3.1).
fn zero_celsius_in_kelvin() -> Decimal {
    Decimal::new(27315, 2)
}

fn kelvin_sign(from: Unit, to: Unit) -> i64 {
    match (from, to) {
        (Unit::Celsius, Unit::Kelvin) => 1,
        (Unit::Kelvin, Unit::Celsius) => -1,
        _ => 0,
    }
}

/// One spelling of signs that look alike: Greek mu and micro sign, full width, superscripts, blanks.
fn tidy(text: &str) -> String {
    let plain = crate::text::plain(text);
    let joined: Vec<&str> = plain.split_whitespace().collect();
    joined.join(" ").replace('μ', "µ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_table_is_in_order_and_unambiguous() {
        let mut seen = std::collections::BTreeMap::new();
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.unit as usize, index);
            for spelling in std::iter::once(&row.symbol).chain(row.aliases) {
                assert_eq!(Unit::parse(spelling), Ok(row.unit), "{spelling}");
                let other = *seen.entry(tidy(spelling)).or_insert(row.unit);
                assert_eq!(other, row.unit, "{spelling} means two units");
            }
            assert_eq!(serde_json::to_string(&row.unit).unwrap(), format!("\"{}\"", row.symbol));
        }
    }

    #[test]
    fn reads_the_spellings_of_real_files() {
        let table = [
            ("mass%", "%"),
            ("wt%", "%"),
            ("% m/m", "%"),
            ("％", "%"),
            (" % ", "%"),
            ("WT%", "%"),
            ("PPM", "ppm"),
            ("ppm", "ppm"),
            ("mg/kg", "mg/kg"),
            ("MG/KG", "mg/kg"),
            ("g/t", "g/t"),
            ("ug/g", "µg/g"),
            ("μg/g", "µg/g"),
            ("mg/l", "mg/L"),
            ("mg/L", "mg/L"),
            ("ug/L", "µg/L"),
            ("g/kg", "g/kg"),
            ("10^-6", "10⁻⁶"),
            ("10⁻⁶", "10⁻⁶"),
            ("℃", "°C"),
            ("吨", "t"),
            ("千克", "kg"),
            ("克", "g"),
            ("毫克/升", "mg/L"),
            ("tonne", "t"),
            ("Kg", "kg"),
            ("cps", "cps"),
            ("1", "1"),
            ("mPa", "?"),
            ("M", "?"),
            ("Mg", "?"),
            ("Mt", "?"),
            ("MT", "t"),
            ("Au", "?"),
            ("Mg/L", "mg/L"),
            ("C/S", "?"),
            ("ms/M", "?"),
            ("T", "t"),
            ("l", "L"),
            ("ppq", "?"),
        ];
        for (written, symbol) in table {
            let read = Unit::parse(written).map_or("?", Unit::symbol);
            assert_eq!(read, symbol, "{written}");
        }
    }

    #[test]
    fn tons_that_are_not_metric_are_refused() {
        for text in ["ton", "short tons", "Long Ton", "oz/t", "lt", "ST"] {
            assert!(matches!(Unit::parse(text), Err(UnitError::NotMetric(_))), "{text}");
        }
        assert_eq!(Unit::parse("  "), Err(UnitError::Empty));
    }

    #[test]
    fn converts_by_dimension_only() {
        let convert = |text: &str, from: &str, to: &str| {
            let value = text.parse().unwrap();
            Unit::convert(value, from.parse().unwrap(), to.parse().unwrap()).map(|out| out.to_string())
        };
        assert_eq!(convert("0.0010", "%", "ppm").unwrap(), "10");
        assert_eq!(convert("12.5", "ppm", "mg/kg").unwrap(), "12.5");
        assert_eq!(convert("12.5", "g/t", "%").unwrap(), "0.00125");
        assert_eq!(convert("25", "°C", "K").unwrap(), "298.15");
        assert_eq!(convert("1.5", "h", "min").unwrap(), "90");
        assert_eq!(convert("1.2", "t", "g").unwrap(), "1200000");
        assert_eq!(convert("1", "g/cm3", "g/L").unwrap(), "1000");
        assert!(matches!(convert("1", "ppm", "mg/L"), Err(UnitError::DifferentDimensions { .. })));
        assert!(matches!(convert("1", "%", "vol%"), Err(UnitError::DifferentDimensions { .. })));
        assert!(matches!(convert("9999999999999999999999999", "t", "ng"), Err(UnitError::Overflow { .. })));
        assert!(Unit::Ppm.same_size(Unit::GramPerTonne) && !Unit::Ppm.same_size(Unit::MilligramPerLitre));
        assert!(!Unit::Celsius.same_size(Unit::Kelvin));
    }

    proptest! {
        #[test]
        fn conversion_comes_back(mantissa in -1_000_000_000i64..1_000_000_000, scale in 0u32..8,
                                 a in 0..Unit::ALL.len(), b in 0..Unit::ALL.len()) {
            let (from, to) = (Unit::ALL[a], Unit::ALL[b]);
            let value = Decimal::new(mantissa, scale);
            match Unit::convert(value, from, to) {
                Ok(there) => {
                    let back = Unit::convert(there, to, from).unwrap();
                    if from.row().multiple == to.row().multiple {
                        prop_assert_eq!(back, value);
                    } else {
                        prop_assert!((back - value).abs() <= Decimal::new(1, 15));
                    }
                }
                Err(error) => prop_assert!(
                    from.dimension() != to.dimension(), "{} must convert: {}", value, error),
            }
        }
    }
}
