//! The elements and their atomic weights.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::ChemistryError;
use crate::named::serde_by_text;

/// Where the atomic weights come from, for certificates and methods.
pub const ATOMIC_WEIGHTS_SOURCE: &str = "IUPAC CIAAW, standard atomic weights abridged to five significant \
     digits, 2021 (Prohaska et al., Pure Appl. Chem. 94 (2022) 573, doi:10.1515/pac-2019-0603), \
     with the revision of 2024 (Zr, Gd, Lu)";

/// An element that has a standard atomic weight. Ordered by atomic number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element(u8);

/// Atomic number, symbol, abridged standard atomic weight in units of 10⁻⁴. Elements without stable or
/// long-lived isotopes (Tc, Pm, Po to Ac, Np and beyond) have no standard atomic weight and are left out.
/// Where IUPAC gives an interval (H, Li, B, C, N, O, Mg, Si, S, Cl, Ar, Br, Tl, Pb),
/// its abridged single value.
const TABLE: &[(u8, &str, i64)] = &[
    (1, "H", 1_0080),
    (2, "He", 4_0026),
    (3, "Li", 6_9400),
    (4, "Be", 9_0122),
    (5, "B", 10_8100),
    (6, "C", 12_0110),
    (7, "N", 14_0070),
    (8, "O", 15_9990),
    (9, "F", 18_9980),
    (10, "Ne", 20_1800),
    (11, "Na", 22_9900),
    (12, "Mg", 24_3050),
    (13, "Al", 26_9820),
    (14, "Si", 28_0850),
    (15, "P", 30_9740),
    (16, "S", 32_0600),
    (17, "Cl", 35_4500),
    (18, "Ar", 39_9500),
    (19, "K", 39_0980),
    (20, "Ca", 40_0780),
    (21, "Sc", 44_9560),
    (22, "Ti", 47_8670),
    (23, "V", 50_9420),
    (24, "Cr", 51_9960),
    (25, "Mn", 54_9380),
    (26, "Fe", 55_8450),
    (27, "Co", 58_9330),
    (28, "Ni", 58_6930),
    (29, "Cu", 63_5460),
    (30, "Zn", 65_3800),
    (31, "Ga", 69_7230),
    (32, "Ge", 72_6300),
    (33, "As", 74_9220),
    (34, "Se", 78_9710),
    (35, "Br", 79_9040),
    (36, "Kr", 83_7980),
    (37, "Rb", 85_4680),
    (38, "Sr", 87_6200),
    (39, "Y", 88_9060),
    (40, "Zr", 91_2220),
    (41, "Nb", 92_9060),
    (42, "Mo", 95_9500),
    (44, "Ru", 101_0700),
    (45, "Rh", 102_9100),
    (46, "Pd", 106_4200),
    (47, "Ag", 107_8700),
    (48, "Cd", 112_4100),
    (49, "In", 114_8200),
    (50, "Sn", 118_7100),
    (51, "Sb", 121_7600),
    (52, "Te", 127_6000),
    (53, "I", 126_9000),
    (54, "Xe", 131_2900),
    (55, "Cs", 132_9100),
    (56, "Ba", 137_3300),
    (57, "La", 138_9100),
    (58, "Ce", 140_1200),
    (59, "Pr", 140_9100),
    (60, "Nd", 144_2400),
    (62, "Sm", 150_3600),
    (63, "Eu", 151_9600),
    (64, "Gd", 157_2500),
    (65, "Tb", 158_9300),
    (66, "Dy", 162_5000),
    (67, "Ho", 164_9300),
    (68, "Er", 167_2600),
    (69, "Tm", 168_9300),
    (70, "Yb", 173_0500),
    (71, "Lu", 174_9700),
    (72, "Hf", 178_4900),
    (73, "Ta", 180_9500),
    (74, "W", 183_8400),
    (75, "Re", 186_2100),
    (76, "Os", 190_2300),
    (77, "Ir", 192_2200),
    (78, "Pt", 195_0800),
    (79, "Au", 196_9700),
    (80, "Hg", 200_5900),
    (81, "Tl", 204_3800),
    (82, "Pb", 207_2000),
    (83, "Bi", 208_9800),
    (90, "Th", 232_0400),
    (91, "Pa", 231_0400),
    (92, "U", 238_0300),
];

impl Element {
    /// The element of this symbol; case matters, because Co is not CO.
    ///
    /// # Errors
    /// No such element with a standard atomic weight.
    pub fn parse(symbol: &str) -> Result<Self, ChemistryError> {
        let index = TABLE.iter().position(|(_, known, _)| *known == symbol);
        match index {
            Some(index) => Ok(Self(index as u8)),
            None => Err(ChemistryError::UnknownElement(symbol.chars().take(32).collect())),
        }
    }

    /// Every element with a standard atomic weight, by atomic number.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..TABLE.len()).map(|index| Self(index as u8))
    }

    /// The symbol.
    pub fn symbol(self) -> &'static str {
        TABLE[usize::from(self.0)].1
    }

    /// The atomic number.
    pub fn atomic_number(self) -> u8 {
        TABLE[usize::from(self.0)].0
    }

    /// The standard atomic weight (g/mol), abridged; see [`ATOMIC_WEIGHTS_SOURCE`].
    pub fn atomic_weight(self) -> Decimal {
        Decimal::new(TABLE[usize::from(self.0)].2, 4).normalize()
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.symbol())
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl FromStr for Element {
    type Err = ChemistryError;
    fn from_str(symbol: &str) -> Result<Self, ChemistryError> {
        Self::parse(symbol)
    }
}

serde_by_text!(Element);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_ordered_and_complete() {
        assert_eq!(TABLE.len(), 84, "84 elements have a standard atomic weight (CIAAW)");
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        for (number, symbol, weight) in TABLE {
            let element: Element = symbol.parse().unwrap();
            assert_eq!(element.atomic_number(), *number);
            assert!(element.atomic_weight() <= Decimal::new(*weight, 4));
            // Mass numbers of natural elements lie between Z (hydrogen) and 2.7 Z.
            let (z, weight) = (f64::from(*number), *weight as f64 / 1e4);
            assert!(weight > z && weight < 2.7 * z, "{symbol}");
        }
        assert!(Element::parse("Tc").is_err() && Element::parse("CO").is_err());
    }
}
