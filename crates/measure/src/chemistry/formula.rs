//! Chemical formulae: reading, molar mass, content, display.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::{ChemistryError, Element};
use crate::named::serde_by_text;

const MAX_LENGTH: usize = 128;
const MAX_DEPTH: usize = 8;
const MAX_COUNT_DIGITS: usize = 8;
const MAX_COUNT: u64 = 1_000_000_000;

/// A formula such as `MnSO4·H2O`, `Nd2(CO3)3·8H2O` or `LiNi0.8Co0.1Mn0.1O2`, in the order it was written in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula {
    text: String,
    counts: BTreeMap<Element, Decimal>,
}

impl Formula {
    /// Reads a formula with brackets, decimal counts and parts joined by `·`, `.` or `*`; subscripts are read
    /// as digits. A point between digits is a decimal point after `0` and joins a hydrate (`CaSO4.2H2O`);
    /// any other is refused as ambiguous.
    ///
    /// # Errors
    /// Anything that is not a formula of elements with atomic weights.
    pub fn parse(text: &str) -> Result<Self, ChemistryError> {
        if text.len() > MAX_LENGTH {
            let formula = text.chars().take(32).collect();
            return Err(ChemistryError::Syntax { formula, reason: "it is too long".to_owned() });
        }
        let canonical = canonical(text)?;
        let mut counts = BTreeMap::new();
        for part in canonical.split('·') {
            let (coefficient, rest) = leading_count(part);
            let mut reader = Reader { whole: text, chars: rest.chars().collect(), at: 0 };
            let coefficient = reader.count_of(coefficient)?;
            let content = reader.group(0)?;
            if reader.at < reader.chars.len() {
                return Err(reader.syntax("a bracket is closed that was not opened"));
            }
            add(&mut counts, content, coefficient)
                .ok_or_else(|| ChemistryError::Overflow(text.to_owned()))?;
        }
        Ok(Self { text: canonical, counts })
    }

    /// How many atoms of each element, by atomic number.
    pub fn counts(&self) -> &BTreeMap<Element, Decimal> {
        &self.counts
    }

    /// Molar mass in g/mol.
    pub fn molar_mass(&self) -> Decimal {
        self.counts.iter().map(|(element, count)| element.atomic_weight() * count).sum()
    }

    /// The factor from a content of `element` to the content of this compound.
    ///
    /// # Errors
    /// The compound does not contain the element.
    pub fn factor_from(&self, element: Element) -> Result<Decimal, ChemistryError> {
        let count = self
            .counts
            .get(&element)
            .ok_or_else(|| ChemistryError::NotContained { element, compound: self.text.clone() })?;
        let mass = element.atomic_weight() * count;
        self.molar_mass().checked_div(mass).ok_or_else(|| ChemistryError::Overflow(self.text.clone()))
    }

    /// How much of `element` the pure compound contains, in percent by mass.
    ///
    /// # Errors
    /// The compound does not contain the element.
    pub fn percent_of(&self, element: Element) -> Result<Decimal, ChemistryError> {
        let count = self
            .counts
            .get(&element)
            .ok_or_else(|| ChemistryError::NotContained { element, compound: self.text.clone() })?;
        let hundredfold = element.atomic_weight() * count * Decimal::ONE_HUNDRED;
        hundredfold.checked_div(self.molar_mass()).ok_or_else(|| ChemistryError::Overflow(self.text.clone()))
    }

    /// For display: counts as subscripts, coefficients as they are: `Nd₂(CO₃)₃·8H₂O`.
    pub fn subscripted(&self) -> String {
        let mut after_symbol = false;
        let lower = |c: char| match c {
            '0'..='9' => char::from_u32('₀' as u32 + (c as u32 - '0' as u32)).unwrap_or(c),
            other => other,
        };
        self.text
            .chars()
            .map(|c| {
                if c == '·' || c == '(' || c == '[' {
                    after_symbol = false;
                } else if !c.is_ascii_digit() && c != '.' {
                    after_symbol = true;
                }
                if after_symbol { lower(c) } else { c }
            })
            .collect()
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl FromStr for Formula {
    type Err = ChemistryError;
    fn from_str(text: &str) -> Result<Self, ChemistryError> {
        Self::parse(text)
    }
}

serde_by_text!(Formula);

/// Recursive reader of one part between the joining points.
struct Reader<'a> {
    whole: &'a str,
    chars: Vec<char>,
    at: usize,
}

impl Reader<'_> {
    fn group(&mut self, depth: usize) -> Result<BTreeMap<Element, Decimal>, ChemistryError> {
        if depth > MAX_DEPTH {
            return Err(self.syntax("brackets are nested too deeply"));
        }
        let mut counts = BTreeMap::new();
        while let Some(next) = self.peek() {
            let content = match next {
                '(' | '[' => {
                    self.at += 1;
                    let inner = self.group(depth + 1)?;
                    let close = if next == '(' { ')' } else { ']' };
                    if self.peek() != Some(close) {
                        return Err(self.syntax("a bracket is not closed"));
                    }
                    self.at += 1;
                    inner
                }
                ')' | ']' => break,
                _ => BTreeMap::from([(self.element()?, Decimal::ONE)]),
            };
            let digits = self.digits();
            let count = self.count_of(&digits)?;
            add(&mut counts, content, count)
                .ok_or_else(|| ChemistryError::Overflow(self.whole.to_owned()))?;
        }
        if counts.is_empty() { Err(self.syntax("a part is empty")) } else { Ok(counts) }
    }

    fn element(&mut self) -> Result<Element, ChemistryError> {
        let Some(first) = self.peek().filter(char::is_ascii_uppercase) else {
            return Err(self.syntax("an element symbol is missing"));
        };
        self.at += 1;
        let mut symbol = first.to_string();
        while let Some(next) = self.peek().filter(char::is_ascii_lowercase) {
            symbol.push(next);
            self.at += 1;
        }
        Element::parse(&symbol)
    }

    fn digits(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '.') {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    /// The count written as `digits`; 1 where nothing is written.
    fn count_of(&self, digits: &str) -> Result<Decimal, ChemistryError> {
        if digits.is_empty() {
            return Ok(Decimal::ONE);
        }
        let count = digits.parse::<Decimal>().ok().filter(|count| *count > Decimal::ZERO);
        match count {
            Some(count) if digits.len() <= MAX_COUNT_DIGITS => Ok(count),
            _ => Err(self.syntax(&format!("{digits:?} is not a count"))),
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn syntax(&self, reason: &str) -> ChemistryError {
        ChemistryError::Syntax { formula: self.whole.to_owned(), reason: reason.to_owned() }
    }
}

fn leading_count(part: &str) -> (&str, &str) {
    let end = part.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(part.len());
    part.split_at(end)
}

fn add(
    counts: &mut BTreeMap<Element, Decimal>,
    content: BTreeMap<Element, Decimal>,
    times: Decimal,
) -> Option<()> {
    for (element, count) in content {
        let sum = counts.entry(element).or_insert(Decimal::ZERO);
        *sum = sum.checked_add(count.checked_mul(times)?).filter(|sum| *sum <= Decimal::from(MAX_COUNT))?;
    }
    Some(())
}

/// ASCII digits, `·` between parts, a decimal point only inside a count.
fn canonical(text: &str) -> Result<String, ChemistryError> {
    let mut plain = String::new();
    for c in text.trim().chars() {
        match c {
            '₀'..='₉' => plain.push((b'0' + (c as u32 - '₀' as u32) as u8) as char),
            '*' | '•' | '∙' | '⋅' | '・' => plain.push('·'),
            '（' => plain.push('('),
            '）' => plain.push(')'),
            '½' => plain.push_str("0.5"),
            other => plain.push(other),
        }
    }
    let chars: Vec<char> = plain.chars().collect();
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let joins = *c == '.'
            && point_joins(&chars, at).ok_or_else(|| ChemistryError::AmbiguousPoint(text.to_owned()))?;
        out.push(if joins { '·' } else { *c });
    }
    Ok(out)
}

/// Whether the point at `at` joins two parts; `None` when it cannot be told from a decimal point.
fn point_joins(chars: &[char], at: usize) -> Option<bool> {
    let digit = |index: Option<usize>| index.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    if !digit(at.checked_sub(1)) || !digit(Some(at + 1)) {
        return Some(true);
    }
    let before: String = chars[..at].iter().rev().take_while(|c| c.is_ascii_digit()).collect();
    let rest: String = chars[at + 1..].iter().collect();
    let (_, after_count) = leading_count(&rest);
    let next_part = after_count.split(['·', '.']).next().unwrap_or_default();
    match (before.as_str(), next_part) {
        ("0", _) => Some(false),
        (_, "H2O" | "D2O") => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn molar_masses() {
        let table = [
            ("H2O", "18.015"),
            ("MnSO4·H2O", "169.009"),
            ("MnSO4.H2O", "169.009"),
            ("MnSO4*H2O", "169.009"),
            ("MnSO₄·H₂O", "169.009"),
            ("CuSO4.5H2O", "249.677"),
            ("CaSO4.0.5H2O", "145.1415"),
            ("CaSO4·½H2O", "145.1415"),
            ("(NH4)2SO4", "132.134"),
            ("Nd2(CO3)3·8H2O", "612.624"),
            ("K4[Fe(CN)6]", "368.345"),
            ("Na2CO3.10H2O", "286.138"),
            ("LiNi0.8Co0.1Mn0.1O2", "97.2795"),
            ("2CuCO3·Cu(OH)2", "344.668"),
        ];
        for (formula, mass) in table {
            let read = Formula::parse(formula).unwrap();
            let expected: Decimal = mass.parse().unwrap();
            assert!(
                (read.molar_mass() - expected).abs() < Decimal::new(2, 3),
                "{formula} {}",
                read.molar_mass()
            );
        }
    }

    #[test]
    fn refuses_what_is_not_a_formula() {
        for text in [
            "",
            "·H2O",
            "Mn(",
            "Mn)",
            "Mn(]",
            "mn",
            "Xx2",
            "MnO-",
            "()",
            "Mn0",
            "H2O·",
            "SO4 2-",
            "2",
            "O99999999999",
        ] {
            assert!(Formula::parse(text).is_err(), "{text}");
        }
        assert!(matches!(Formula::parse("3Al2O3.2SiO2"), Err(ChemistryError::AmbiguousPoint(_))));
        assert!(Formula::parse(&"(".repeat(100)).is_err());
        assert!(Formula::parse(&"H".repeat(129)).is_err());
    }

    #[test]
    fn displays_with_subscripts() {
        let table = [
            ("La2O3", "La₂O₃"),
            ("MnSO4.H2O", "MnSO₄·H₂O"),
            ("Nd2(CO3)3·8H2O", "Nd₂(CO₃)₃·8H₂O"),
            ("2CuCO3·Cu(OH)2", "2CuCO₃·Cu(OH)₂"),
        ];
        for (formula, shown) in table {
            assert_eq!(Formula::parse(formula).unwrap().subscripted(), shown);
        }
    }
}
