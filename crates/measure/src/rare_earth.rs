//! What TREO, LREO and HREO contain, and values relative to them.
//!
//! The names mean different things to different customers, so a definition is stored with its name, version
//! and members, and a result of a sum names the definition it used. The definitions here are a start; a site
//! stores its own beside them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::censored::{self, Censored, CensoredError, Treatment};
use crate::chemistry::{ChemistryError, Element, Formula};
use crate::{Reported, Unit};

/// The oxides in which rare earths are reported, by atomic number (GB/T 18115 and trade usage).
pub const OXIDES: &[(&str, &str)] = &[
    ("Sc", "Sc2O3"),
    ("Y", "Y2O3"),
    ("La", "La2O3"),
    ("Ce", "CeO2"),
    ("Pr", "Pr6O11"),
    ("Nd", "Nd2O3"),
    ("Sm", "Sm2O3"),
    ("Eu", "Eu2O3"),
    ("Gd", "Gd2O3"),
    ("Tb", "Tb4O7"),
    ("Dy", "Dy2O3"),
    ("Ho", "Ho2O3"),
    ("Er", "Er2O3"),
    ("Tm", "Tm2O3"),
    ("Yb", "Yb2O3"),
    ("Lu", "Lu2O3"),
];

const LIGHT: &[&str] = &["La", "Ce", "Pr", "Nd", "Sm", "Eu"];
const HEAVY: &[&str] = &["Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"];

/// A named and versioned list of rare earths whose oxides are summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Definition {
    name: String,
    version: u32,
    members: Vec<Element>,
}

/// Why a definition or a sum by it was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RareEarthError {
    /// A definition needs a name, a version from 1 and members.
    #[error("a definition needs a name, a version from 1 and at least one member")]
    Incomplete,
    /// A member that is no rare earth.
    #[error("{0} is not a rare earth with an oxide to report")]
    NotRareEarth(Element),
    /// A member named twice would be counted twice.
    #[error("{0} is listed twice")]
    Twice(Element),
    /// Members without a result.
    #[error("{definition} cannot be summed without {missing}")]
    Missing {
        /// Name and version.
        definition: String,
        /// The oxides missing.
        missing: String,
    },
    /// A result that cannot be summed.
    #[error(transparent)]
    Sum(#[from] CensoredError),
    /// A formula of the table that cannot be read.
    #[error(transparent)]
    Chemistry(#[from] ChemistryError),
    /// A total that is not above zero.
    #[error("a total of {0} cannot be divided by")]
    Total(Decimal),
    /// The number grows beyond 28 digits.
    #[error("the numbers are too large to be reckoned with")]
    Overflow,
}

impl Definition {
    /// A definition; members are kept by atomic number.
    ///
    /// # Errors
    /// No name, version or member; a member that is no rare earth or comes twice.
    pub fn new(name: &str, version: u32, mut members: Vec<Element>) -> Result<Self, RareEarthError> {
        if name.trim().is_empty() || version == 0 || members.is_empty() {
            return Err(RareEarthError::Incomplete);
        }
        members.sort();
        if let Some(pair) = members.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(RareEarthError::Twice(pair[0]));
        }
        for member in &members {
            oxide(*member)?;
        }
        Ok(Self { name: name.trim().to_owned(), version, members })
    }

    /// The definitions every site starts with, version 1: TREO (La to Lu and Y), TREO without Y, TREO with Y
    /// and Sc, LREO (La to Eu), HREO (Gd to Lu and Y). Pm does not occur.
    pub fn standard() -> Vec<Self> {
        let all = || LIGHT.iter().chain(HEAVY).copied();
        let define = |name, symbols: Vec<&str>| {
            let members = symbols.into_iter().map(Element::parse).collect::<Result<_, _>>();
            Self::new(name, 1, members.expect("the symbols above are elements"))
                .expect("and rare earths, once each")
        };
        vec![
            define("TREO", all().chain(["Y"]).collect()),
            define("TREO-without-Y", all().collect()),
            define("TREO+Y+Sc", all().chain(["Y", "Sc"]).collect()),
            define("LREO", LIGHT.to_vec()),
            define("HREO", HEAVY.iter().copied().chain(["Y"]).collect()),
        ]
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version, from 1.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The members, by atomic number.
    pub fn members(&self) -> &[Element] {
        &self.members
    }

    /// The sum of the members' oxides in `unit`. `oxides` holds results *as oxides*, by element; others than
    /// the members are left aside.
    ///
    /// # Errors
    /// A member without a result, or one that the treatment cannot count.
    pub fn sum(
        &self,
        oxides: &BTreeMap<Element, Reported>,
        unit: Unit,
        treatment: &Treatment,
    ) -> Result<Censored, RareEarthError> {
        let missing: Vec<String> = self
            .members
            .iter()
            .filter(|member| !oxides.contains_key(member))
            .map(|member| oxide(*member).map(|formula| formula.to_string()))
            .collect::<Result<_, _>>()?;
        if !missing.is_empty() {
            let definition = format!("{} version {}", self.name, self.version);
            return Err(RareEarthError::Missing { definition, missing: missing.join(", ") });
        }
        let terms = self.members.iter().filter_map(|member| Some((member.symbol(), oxides.get(member)?)));
        Ok(censored::sum(terms, unit, treatment)?)
    }
}

/// The oxide in which a rare earth is reported: `Pr6O11` for Pr.
///
/// # Errors
/// Not a rare earth.
pub fn oxide(element: Element) -> Result<Formula, RareEarthError> {
    let row = OXIDES.iter().find(|(symbol, _)| *symbol == element.symbol());
    let (_, formula) = row.ok_or(RareEarthError::NotRareEarth(element))?;
    Ok(Formula::parse(formula)?)
}

/// An absolute content as percent of the total: `100 × content / total`, both in one unit.
///
/// # Errors
/// A total that is not above zero.
pub fn relative_percent(content: Decimal, total: Decimal) -> Result<Decimal, RareEarthError> {
    if total <= Decimal::ZERO {
        return Err(RareEarthError::Total(total));
    }
    let hundredfold = content.checked_mul(Decimal::ONE_HUNDRED).ok_or(RareEarthError::Overflow)?;
    hundredfold.checked_div(total).ok_or(RareEarthError::Overflow)
}

/// A percentage of the total as an absolute content, in the unit of the total.
///
/// # Errors
/// A total that is not above zero.
pub fn absolute(relative_percent: Decimal, total: Decimal) -> Result<Decimal, RareEarthError> {
    if total <= Decimal::ZERO {
        return Err(RareEarthError::Total(total));
    }
    let product = relative_percent.checked_mul(total).ok_or(RareEarthError::Overflow)?;
    product.checked_div(Decimal::ONE_HUNDRED).ok_or(RareEarthError::Overflow)
}

/// The stored shape; read back through [`Definition::new`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    name: String,
    version: u32,
    members: Vec<Element>,
}

impl TryFrom<Parts> for Definition {
    type Error = RareEarthError;
    fn try_from(parts: Parts) -> Result<Self, RareEarthError> {
        Self::new(&parts.name, parts.version, parts.members)
    }
}

impl From<Definition> for Parts {
    fn from(from: Definition) -> Self {
        let Definition { name, version, members } = from;
        Self { name, version, members }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Basis;

    fn symbols(definition: &Definition) -> String {
        definition.members().iter().map(|member| member.symbol()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn definitions_differ_by_name() {
        let all = Definition::standard();
        let shown: Vec<(&str, String)> = all.iter().map(|one| (one.name(), symbols(one))).collect();
        let lanthanides = "La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu";
        assert_eq!(shown[0], ("TREO", format!("Y {lanthanides}")));
        assert_eq!(shown[1], ("TREO-without-Y", lanthanides.to_owned()));
        assert_eq!(shown[2], ("TREO+Y+Sc", format!("Sc Y {lanthanides}")));
        assert_eq!(shown[3], ("LREO", "La Ce Pr Nd Sm Eu".to_owned()));
        assert_eq!(shown[4], ("HREO", "Y Gd Tb Dy Ho Er Tm Yb Lu".to_owned()));
        let json = serde_json::to_string(&all[3]).unwrap();
        assert_eq!(json, r#"{"name":"LREO","version":1,"members":["La","Ce","Pr","Nd","Sm","Eu"]}"#);
        assert_eq!(serde_json::from_str::<Definition>(&json).unwrap(), all[3]);
    }

    #[test]
    fn nonsense_is_refused() {
        let element = |symbol| Element::parse(symbol).unwrap();
        assert_eq!(Definition::new("X", 1, vec![]), Err(RareEarthError::Incomplete));
        assert_eq!(Definition::new("X", 0, vec![element("La")]), Err(RareEarthError::Incomplete));
        let twice = Definition::new("X", 1, vec![element("La"), element("La")]);
        assert_eq!(twice, Err(RareEarthError::Twice(element("La"))));
        let iron = Definition::new("X", 1, vec![element("Fe")]);
        assert_eq!(iron, Err(RareEarthError::NotRareEarth(element("Fe"))));
        assert_eq!(OXIDES.len(), 16);
    }

    #[test]
    fn sums_need_every_member_and_carry_the_interval() {
        let lreo = &Definition::standard()[3];
        let mut results = BTreeMap::new();
        for (symbol, text) in
            [("La", "20.1"), ("Ce", "40"), ("Pr", "4.5"), ("Nd", "15"), ("Sm", "1.2"), ("Fe", "9")]
        {
            let value = Reported::value(text.parse().unwrap(), Unit::Percent, Basis::Dry);
            results.insert(Element::parse(symbol).unwrap(), value);
        }
        let missing = lreo.sum(&results, Unit::Percent, &Treatment::LowerBound).unwrap_err();
        assert!(missing.to_string().contains("Eu2O3"), "{missing}");
        let below = Reported::below("0.1".parse().unwrap(), Unit::Percent, Basis::Dry).unwrap();
        results.insert(Element::parse("Eu").unwrap(), below);
        let sum = lreo.sum(&results, Unit::Percent, &Treatment::LowerBound).unwrap();
        let dec = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!((sum.value, sum.high, sum.censored), (dec("80.8"), Some(dec("80.9")), 1));
    }

    #[test]
    fn relative_and_absolute_come_back() {
        let dec = |text: &str| text.parse::<Decimal>().unwrap();
        let relative = relative_percent(dec("24.75"), dec("99.0")).unwrap();
        assert_eq!(relative, dec("25"));
        assert_eq!(absolute(relative, dec("99.0")).unwrap(), dec("24.75"));
        assert!(relative_percent(dec("1"), dec("0")).is_err() && absolute(dec("1"), dec("-1")).is_err());
    }
}
