//! What was determined.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::{ChemistryError, Element, Formula};
use crate::named::serde_by_text;

/// What a result is a result of. Element, oxide and compound of one metal are three analytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Analyte {
    /// `Mn`.
    Element(Element),
    /// One element and oxygen: `SiO2`, `La2O3`.
    Oxide(Formula),
    /// Any other formula: `Li2CO3`, `SO4`, `H2O`.
    Compound(Formula),
    /// A named sum of oxides whose members a stored definition lists: `TREO`. See [`crate::rare_earth`].
    Group(String),
    /// One analyte relative to another: `La2O3/TREO`.
    Ratio {
        /// The part.
        part: Box<Analyte>,
        /// What it is related to.
        whole: Box<Analyte>,
    },
    /// Anything else, kept as written: `LOI`, `pH`, `D50`, `CO ppm?`.
    Other(String),
}

/// Names of sums of rare-earth oxides.
const GROUPS: &[&str] = &["TREO", "LREO", "MREO", "HREO", "REO", "CREO", "TREO+Y", "TREO+Y+Sc"];

/// Two elements one of which is oxygen, and yet no oxides but anions.
const ANIONS: &[&str] =
    &["SO4", "NO3", "NO2", "PO4", "CO3", "SiO3", "SiO4", "ClO3", "ClO4", "CrO4", "MnO4", "BO3", "OH"];

/// The oxides by which all of an element is stated, where it has several: of iron Fe2O3 and not FeO, which is
/// what is divalent of it. Trade usage, and that of total oxides in rock and slag analysis (ISO 12677,
/// GB/T 14506.28). An element that is not here has one oxide that anybody reports.
const WHOLES: &[(&str, &[&str])] = &[
    ("C", &[]),
    ("N", &[]),
    ("P", &["P2O5"]),
    ("S", &["SO3"]),
    ("Ti", &["TiO2"]),
    ("V", &["V2O5"]),
    ("Cr", &["Cr2O3"]),
    ("Mn", &["MnO", "Mn3O4"]),
    ("Fe", &["Fe2O3"]),
    ("Co", &["CoO", "Co3O4"]),
    ("Ni", &["NiO"]),
    ("Cu", &["CuO"]),
    ("As", &["As2O3"]),
    ("Se", &["SeO2"]),
    ("Nb", &["Nb2O5"]),
    ("Mo", &["MoO3"]),
    ("Sn", &["SnO2"]),
    ("Sb", &["Sb2O3"]),
    ("Te", &["TeO2"]),
    ("W", &["WO3"]),
    ("Re", &["Re2O7"]),
    ("Pb", &["PbO"]),
    ("U", &["U3O8"]),
];

/// What no compound of several elements stands for the whole of: CaF2 is not all the fluorine.
const LIGANDS: &[&str] = &["B", "C", "N", "F", "Si", "P", "S", "Cl", "As", "Se", "Br", "Te", "I"];

/// What water at drying temperature is called, in lower case.
const MOISTURE: &[&str] = &[
    "moisture",
    "moisture content",
    "total moisture",
    "free moisture",
    "water",
    "h2o-",
    "h2o−",
    "水分",
    "水份",
    "全水分",
    "含水率",
    "含水量",
    "湿存水",
];

impl Analyte {
    /// Reads a symbol, a formula, a group or a ratio; what is none of these is kept as written. Case matters.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Some((part, whole)) = text.split_once('/') {
            let (part, whole) = (Self::single(part.trim()), Self::single(whole.trim()));
            return match (part, whole) {
                (Self::Other(_), _) | (_, Self::Other(_)) => Self::Other(text.to_owned()),
                (part, whole) => Self::Ratio { part: Box::new(part), whole: Box::new(whole) },
            };
        }
        Self::single(text)
    }

    fn single(text: &str) -> Self {
        if GROUPS.contains(&text) {
            return Self::Group(text.to_owned());
        }
        if let Ok(element) = Element::parse(text) {
            return Self::Element(element);
        }
        match Formula::parse(text) {
            Ok(formula) if is_oxide(&formula) => Self::Oxide(formula),
            Ok(formula) => Self::Compound(formula),
            Err(_) => Self::Other(text.to_owned()),
        }
    }

    /// The factor that turns a content of `self` into a content of `to`, where chemistry alone gives it:
    /// between an element and a compound of it, or two compounds that share one element besides O and H.
    ///
    /// # Errors
    /// Nothing, or more than one element, links the two; ratios, groups and others.
    pub fn factor_to(&self, to: &Self) -> Result<Decimal, ChemistryError> {
        let not_linked = || ChemistryError::NotLinked { from: self.to_string(), to: to.to_string() };
        if self == to {
            return Ok(Decimal::ONE);
        }
        match (self, to) {
            (Self::Element(element), Self::Oxide(compound) | Self::Compound(compound)) => {
                compound.factor_from(*element)
            }
            (Self::Oxide(compound) | Self::Compound(compound), Self::Element(element)) => {
                Ok(compound.percent_of(*element)? / Decimal::ONE_HUNDRED)
            }
            (Self::Oxide(one) | Self::Compound(one), Self::Oxide(two) | Self::Compound(two)) => {
                let link = shared_element(one, two).ok_or_else(not_linked)?;
                let content = one.percent_of(link)? / Decimal::ONE_HUNDRED;
                content.checked_mul(two.factor_from(link)?).ok_or_else(not_linked)
            }
            _ => Err(not_linked()),
        }
    }

    /// The same factor, where both stand for the whole of the element that links them: CeO2 for Ce, Fe2O3 for
    /// Fe. FeO is not all the iron, nor SO4 all the sulphur, and neither follows from the whole.
    ///
    /// # Errors
    /// As for [`Analyte::factor_to`], and where one of them names a part.
    pub fn whole_factor_to(&self, to: &Self) -> Result<Decimal, ChemistryError> {
        let factor = self.factor_to(to)?;
        let whole = |link| self.is_whole_of(link) && to.is_whole_of(link);
        if self == to || self.link(to).is_some_and(whole) {
            return Ok(factor);
        }
        Err(ChemistryError::NotLinked { from: self.to_string(), to: to.to_string() })
    }

    /// The one element, besides O and H, that this is a form of: Fe of Fe, FeO and Fe2O3, S of SO4.
    pub fn form_of(&self) -> Option<Element> {
        match self {
            Self::Element(element) => Some(*element),
            Self::Oxide(formula) | Self::Compound(formula) => {
                let mut metals = formula.counts().keys().copied().filter(is_metal);
                metals.next().filter(|_| metals.next().is_none())
            }
            _ => None,
        }
    }

    /// Whether a content of it says how much of the element there is in all.
    pub fn is_whole_of(&self, element: Element) -> bool {
        match self {
            Self::Element(own) => *own == element && is_metal(own),
            Self::Oxide(formula) => {
                let listed = WHOLES.iter().find(|(symbol, _)| *symbol == element.symbol());
                let written = formula.to_string();
                self.form_of() == Some(element)
                    && listed.is_none_or(|(_, all)| all.contains(&written.as_str()))
            }
            Self::Compound(formula) => {
                let has = |symbol: &str| formula.counts().keys().any(|own| own.symbol() == symbol);
                let anion = ANIONS.contains(&formula.to_string().as_str());
                // A sulphide is a mineral, beside which there are others of its metal.
                let mineral = has("S") && !has("O");
                let ligand = LIGANDS.contains(&element.symbol()) && element.symbol() != "B";
                has(element.symbol()) && is_metal(&element) && !anion && !mineral && !ligand
            }
            _ => false,
        }
    }

    /// Whether it is the water that drying drives off, by which dry and as received are linked. Of `H2O` that
    /// holds on the basis as received; on a dry basis it is bound.
    pub fn is_moisture(&self) -> bool {
        match self {
            Self::Compound(formula) => formula.to_string() == "H2O",
            Self::Other(text) => MOISTURE.contains(&text.trim().to_lowercase().as_str()),
            _ => false,
        }
    }

    fn link(&self, to: &Self) -> Option<Element> {
        match (self, to) {
            (Self::Element(element), _) | (_, Self::Element(element)) => Some(*element),
            (Self::Oxide(one) | Self::Compound(one), Self::Oxide(two) | Self::Compound(two)) => {
                shared_element(one, two)
            }
            _ => None,
        }
    }

    /// For display, with subscripts: `La₂O₃`.
    pub fn label(&self) -> String {
        match self {
            Self::Oxide(formula) | Self::Compound(formula) => formula.subscripted(),
            Self::Ratio { part, whole } => format!("{}/{}", part.label(), whole.label()),
            plain => plain.to_string(),
        }
    }
}

impl fmt::Display for Analyte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element(element) => f.pad(element.symbol()),
            Self::Oxide(formula) | Self::Compound(formula) => formula.fmt(f),
            Self::Group(text) | Self::Other(text) => f.pad(text),
            Self::Ratio { part, whole } => f.pad(&format!("{part}/{whole}")),
        }
    }
}

impl FromStr for Analyte {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::parse(text))
    }
}

serde_by_text!(Analyte);

fn is_oxide(formula: &Formula) -> bool {
    let counts = formula.counts();
    let elements: Vec<&str> = counts.keys().map(|element| element.symbol()).collect();
    let written = formula.to_string();
    elements.len() == 2
        && elements.contains(&"O")
        && !elements.contains(&"H")
        && !written.contains('·')
        && !ANIONS.contains(&written.as_str())
}

/// Neither oxygen nor hydrogen, which are in everything.
fn is_metal(element: &Element) -> bool {
    !matches!(element.symbol(), "O" | "H")
}

fn shared_element(one: &Formula, two: &Formula) -> Option<Element> {
    let mut shared = one.counts().keys().copied().filter(is_metal).filter(|of| two.counts().contains_key(of));
    let first = shared.next();
    if shared.next().is_some() { None } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_kinds_apart() {
        let kind = |text| match Analyte::parse(text) {
            Analyte::Element(_) => "element",
            Analyte::Oxide(_) => "oxide",
            Analyte::Compound(_) => "compound",
            Analyte::Group(_) => "group",
            Analyte::Ratio { .. } => "ratio",
            Analyte::Other(_) => "other",
        };
        let table = [
            ("Mn", "element"),
            ("MnO", "oxide"),
            ("MnSO4·H2O", "compound"),
            ("SO4", "compound"),
            ("H2O", "compound"),
            ("TREO", "group"),
            ("La2O3/TREO", "ratio"),
            ("LOI", "other"),
            ("pH", "other"),
            ("FE", "other"),
            ("Co", "element"),
            ("CO", "oxide"),
            ("D50", "other"),
            ("Mn 257.610", "other"),
            ("LOI/TREO", "other"),
            ("K2O", "oxide"),
            ("Fe/SiO2/x", "other"),
        ];
        for (text, expected) in table {
            assert_eq!(kind(text), expected, "{text}");
            assert_eq!(Analyte::parse(text).to_string(), text);
        }
        assert_eq!(Analyte::parse("La2O3/TREO").label(), "La₂O₃/TREO");
    }

    #[test]
    fn a_part_of_an_element_is_never_all_of_it() {
        for (from, to, whole) in [
            ("Fe2O3", "Fe", true),
            ("Fe", "Fe2O3", true),
            ("FeO", "Fe", false),
            ("Fe", "FeO", false),
            ("FeO", "Fe2O3", false),
            ("FeO", "FeO", true),
            ("CeO2", "Ce", true),
            ("Ce2O3", "CeO2", true),
            ("Mn", "MnO", true),
            ("MnO2", "Mn", false),
            ("Mn", "MnSO4·H2O", true),
            ("MnSO4·H2O", "S", false),
            ("Li", "Li2CO3", true),
            ("LiOH·H2O", "Li2CO3", true),
            ("SO4", "S", false),
            ("S", "SO4", false),
            ("SO3", "S", true),
            ("SO4", "SO3", false),
            ("FeS2", "Fe", false),
            ("CaF2", "F", false),
            ("CO2", "C", false),
            ("SiO2", "Si", true),
            ("SiO2", "O", false),
            ("H2O", "H", false),
            ("NH4", "N", false),
            ("CrO4", "Cr", false),
            ("P2O5", "P", true),
            ("PO4", "P", false),
            ("Al(OH)3", "Al2O3", true),
        ] {
            let found = Analyte::parse(from).whole_factor_to(&Analyte::parse(to));
            assert_eq!(found.is_ok(), whole, "{from} for {to}");
        }
    }

    #[test]
    fn factors_go_both_ways() {
        let factor = |from, to| Analyte::parse(from).factor_to(&Analyte::parse(to));
        let there = factor("Mn", "MnO").unwrap();
        let back = factor("MnO", "Mn").unwrap();
        assert!((there * back - Decimal::ONE).abs() < Decimal::new(1, 20));
        assert_eq!(crate::rounding::shown(factor("MnO", "MnSO4·H2O").unwrap(), 4), "2.3825");
        assert_eq!(factor("Mn", "Mn").unwrap(), Decimal::ONE);
        assert!(factor("Mn", "FeO").is_err());
        assert!(factor("TREO", "La2O3").is_err());
        assert!(factor("SiO2", "K2O").is_err());
    }
}
