//! Whether a line of a specification makes sense: what contradicts itself, or would do nothing, is refused
//! when the edition is issued, since an edition never changes and a lot would be judged by a guess.

use std::collections::BTreeSet;

use measure::judgement::LimitError;
use measure::{Analyte, Comparison, Decimal, Dimension, Unit};

use super::item::{Item, RepeatRule, SampleRule};

/// Most decimals a figure is reported with.
const MOST_PLACES: u32 = 12;

/// Why a line of a specification was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    /// Bounds that bound nothing or leave no room.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// A bound that every content keeps, or that none does: more than all, less than nothing.
    #[error("{0} bounds nothing: a content lies between 0 and 100 %")]
    Bounds(String),
    /// A guard band below zero, or of nothing.
    #[error("a guard band of {0} cannot be; it must not be negative or nothing")]
    Guard(Decimal),
    /// A guard band that leaves no room between the limits.
    #[error("a guard band of {0} leaves nothing between the limits")]
    NoRoom(Decimal),
    /// What only a limit gives a meaning to, without one.
    #[error("{0} does nothing without a limit; state one, or leave it out")]
    Limitless(&'static str),
    /// More decimals than anything is reported with.
    #[error("{0} places are more than anything is reported with; write 12 or fewer")]
    Places(u32),
    /// The worst of several without a limit against which one is worse.
    #[error("without a limit none is the worst; write mean, each or by_increment")]
    NoWorst,
    /// A treatment of censored members that is none.
    #[error("`{0}` is no treatment; write lower_bound, upper_bound or a fraction from 0 to 1")]
    Treatment(String),
    /// A treatment where nothing is summed, related or averaged.
    #[error("a treatment does nothing where nothing is summed, related or averaged; leave it out")]
    Untreated,
    /// A sum of one name that is no stored definition.
    #[error("`{0}` is no stored definition of a sum; list its members")]
    Definition(String),
    /// Members of what is one substance, or one side of a ratio.
    #[error("{0} is one substance and no sum; leave out sum_of, or name the sum otherwise")]
    NoSum(String),
    /// Members under a name that says another sum, or something else than a sum.
    #[error("`{0}` does not say the sum of the members that are listed; name it after them")]
    OtherSum(String),
    /// A member twice, in one form or two, or the sum itself.
    #[error("{0} would count twice; list each member once")]
    Twice(String),
    /// A sum among the members of a sum.
    #[error("{0} is a sum or ratio itself; list its members")]
    Nested(String),
    /// A ratio of something to itself.
    #[error("{0} is a ratio of something to itself")]
    ToItself(String),
    /// A unit in which it is never found.
    #[error("{0} is never found in {1}")]
    Unit(String, Unit),
    /// A method twice.
    #[error("{0} is named twice")]
    MethodTwice(String),
}

impl ItemError {
    /// Its word in the texts, and what the text names.
    pub fn word(&self) -> (&'static str, String) {
        match self {
            ItemError::Limit(_) => ("limit", String::new()),
            ItemError::Bounds(text) => ("bounds", text.clone()),
            ItemError::Guard(width) => ("guard", width.to_string()),
            ItemError::NoRoom(width) => ("no-room", width.to_string()),
            ItemError::Limitless(field) => ("limitless", (*field).to_owned()),
            ItemError::Places(count) => ("places", count.to_string()),
            ItemError::NoWorst => ("no-worst", String::new()),
            ItemError::Treatment(text) => ("treatment", text.clone()),
            ItemError::Untreated => ("untreated", String::new()),
            ItemError::Definition(name) => ("definition", name.clone()),
            ItemError::NoSum(name) => ("no-sum", name.clone()),
            ItemError::OtherSum(name) => ("other-sum", name.clone()),
            ItemError::Twice(name) => ("twice", name.clone()),
            ItemError::Nested(name) => ("nested", name.clone()),
            ItemError::ToItself(name) => ("to-itself", name.clone()),
            ItemError::Unit(_, unit) => ("unit", unit.to_string()),
            ItemError::MethodTwice(method) => ("method-twice", method.clone()),
        }
    }
}

impl Item {
    /// Whether it can be judged at all as it stands, and everything it states means something.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn check(&self) -> Result<(), ItemError> {
        self.limit()?;
        self.treatment()?;
        self.sum()?;
        let members = self.members()?;
        self.ratio()?;
        self.unit()?;
        self.bounds()?;
        self.against_a_limit()?;
        if let Some(places) = self.places.filter(|count| count.0 > MOST_PLACES) {
            return Err(ItemError::Places(places.0));
        }
        let averaged = matches!(self.samples, Some(SampleRule::Mean | SampleRule::ByIncrement))
            || self.repeats == Some(RepeatRule::Mean);
        let reckoned = !members.is_empty() || matches!(self.analyte, Analyte::Ratio { .. }) || averaged;
        if self.treatment.as_deref().is_some_and(|text| !text.trim().is_empty()) && !reckoned {
            return Err(ItemError::Untreated);
        }
        let mut seen = BTreeSet::new();
        match self.methods.iter().find(|method| !seen.insert(**method)) {
            Some(method) => Err(ItemError::MethodTwice(method.to_string())),
            None => Ok(()),
        }
    }

    /// What only a limit gives a meaning to has one, and leaves room.
    fn against_a_limit(&self) -> Result<(), ItemError> {
        let bound = |bound: &Option<measure::DecimalText>| bound.as_ref().map(|value| value.decimal());
        let (lower, upper) = (bound(&self.lower), bound(&self.upper));
        if lower.is_none() && upper.is_none() {
            if self.samples == Some(SampleRule::Worst) || self.repeats == Some(RepeatRule::Worst) {
                return Err(ItemError::NoWorst);
            }
            let rounded = self.comparison == Comparison::RoundedValue;
            let stated = [
                (self.exclusive.0, "exclusive"),
                (self.guard_band.is_some(), "guard_band"),
                (rounded, "comparison"),
            ];
            let idle = stated.into_iter().find_map(|(stated, field)| stated.then_some(field));
            return idle.map_or(Ok(()), |field| Err(ItemError::Limitless(field)));
        }
        match (self.guard_band, lower, upper) {
            (Some(width), ..) if width <= Decimal::ZERO => Err(ItemError::Guard(width)),
            (Some(width), Some(lower), Some(upper)) if upper - lower <= width + width => {
                Err(ItemError::NoRoom(width))
            }
            _ => Ok(()),
        }
    }

    /// Members belong to a sum, or to the whole of a ratio that is one, and to the sum that its name says.
    fn sum(&self) -> Result<(), ItemError> {
        let names = &self.sum_of;
        if names.is_empty() {
            return Ok(());
        }
        let summed = match &self.analyte {
            Analyte::Ratio { whole, .. } => whole.as_ref(),
            other => other,
        };
        if matches!(summed, Analyte::Element(_) | Analyte::Oxide(_) | Analyte::Compound(_)) {
            return Err(ItemError::NoSum(summed.to_string()));
        }
        let text = summed.to_string();
        if text.contains('/') {
            return Err(ItemError::OtherSum(text));
        }
        let members = self.members()?;
        for (at, member) in members.iter().enumerate() {
            let same = |other: &Analyte| other == member || one_in_two_forms(other, member);
            if member == summed || members[..at].iter().any(same) {
                return Err(ItemError::Twice(member.to_string()));
            }
            let name = member.to_string();
            if matches!(member, Analyte::Group(_) | Analyte::Ratio { .. }) || name.is_empty() {
                return Err(ItemError::Nested(name));
            }
        }
        // `Ca+Mg` says its members; so does the name of a stored definition that is not the one given.
        let said: Vec<Analyte> = text.split('+').map(Analyte::parse).collect();
        let spelt = said.len() > 1 && said.iter().all(is_substance) && matches!(summed, Analyte::Other(_));
        let set = |all: &[Analyte]| all.iter().map(Analyte::to_string).collect::<BTreeSet<_>>();
        let defined = names.len() == 1 && members.len() > 1;
        if spelt && set(&said) != set(&members) || defined && self.redefines() {
            return Err(ItemError::OtherSum(text));
        }
        Ok(())
    }

    fn ratio(&self) -> Result<(), ItemError> {
        match &self.analyte {
            Analyte::Ratio { part, whole } if part == whole => {
                Err(ItemError::ToItself(self.analyte.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// A ratio is a number; a content is a fraction, or a concentration.
    fn unit(&self) -> Result<(), ItemError> {
        let dimension = self.unit.dimension();
        let fine = match &self.analyte {
            Analyte::Ratio { .. } => dimension == Dimension::Fraction,
            Analyte::Other(_) if self.members()?.is_empty() => true,
            _ => matches!(
                dimension,
                Dimension::Fraction
                    | Dimension::VolumeFraction
                    | Dimension::AmountFraction
                    | Dimension::MassPerVolume
                    | Dimension::AmountPerVolume
            ),
        };
        if fine { Ok(()) } else { Err(ItemError::Unit(self.analyte.to_string(), self.unit)) }
    }

    /// Bounds of a content that is a fraction bound something and can be kept.
    fn bounds(&self) -> Result<(), ItemError> {
        let ratio = matches!(self.analyte, Analyte::Ratio { .. });
        let property = matches!(self.analyte, Analyte::Other(_)) && self.members()?.is_empty();
        if ratio || property || self.unit.dimension() != Dimension::Fraction {
            return Ok(());
        }
        let all = Unit::convert(Decimal::ONE, Unit::One, self.unit).unwrap_or(Decimal::MAX);
        let idle = |value: Decimal, most: bool| {
            let end = if most { all } else { Decimal::ZERO };
            let alone = if most { self.lower.is_none() } else { self.upper.is_none() };
            alone && !self.exclusive.0 && value == end
        };
        let (lower, upper) =
            (self.lower.iter().map(|of| (of, false)), self.upper.iter().map(|of| (of, true)));
        let out = |of: &Decimal| *of < Decimal::ZERO || *of > all;
        let wrong = lower.chain(upper).find(|(of, most)| out(&of.decimal()) || idle(of.decimal(), *most));
        wrong.map_or(Ok(()), |(of, _)| Err(ItemError::Bounds(format!("{} {}", of.plain(), self.unit))))
    }
}

fn is_substance(analyte: &Analyte) -> bool {
    matches!(analyte, Analyte::Element(_) | Analyte::Oxide(_) | Analyte::Compound(_))
}

/// An element and a compound of it: one content in two forms. Two compounds may be two states of it (FeO and
/// Fe2O3), each determined by itself.
fn one_in_two_forms(one: &Analyte, two: &Analyte) -> bool {
    let element = matches!(one, Analyte::Element(_)) || matches!(two, Analyte::Element(_));
    element && one.factor_to(two).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::item::tests::item;

    /// Every combination of fields that contradict each other or do nothing, and sound ones beside them.
    #[test]
    fn what_contradicts_itself_or_does_nothing_is_refused_with_its_reason() {
        let table = [
            // Limits.
            (r#""Cd","upper":"0.01""#, "fine"),
            (r#""Mn","lower":"32.0","comparison":"rounded_value","places":2"#, "fine"),
            (r#""MnO","places":2,"optional":true"#, "fine"),
            (r#""Cd","lower":"2","upper":"1""#, "no value lies between"),
            (r#""Cd","lower":"0","upper":"1""#, "fine"),
            (r#""Cd","lower":"0""#, "bounds nothing"),
            (r#""Cd","lower":"0","exclusive":true"#, "fine"),
            (r#""Cd","upper":"100""#, "bounds nothing"),
            (r#""Mn","upper":"320""#, "bounds nothing"),
            (r#""Mn","lower":"-1","upper":"2""#, "bounds nothing"),
            (r#""Mn","lower":"99.9","upper":"100""#, "fine"),
            (r#""RSD","upper":"320""#, "fine"),
            (r#""Cd","exclusive":true"#, "exclusive does nothing"),
            (r#""Cd","comparison":"rounded_value""#, "comparison does nothing"),
            (r#""Cd","guard_band":"0.1""#, "guard_band does nothing"),
            (r#""Cd","upper":"1","guard_band":"-1""#, "guard band"),
            (r#""Cd","upper":"1","guard_band":"0""#, "guard band"),
            (r#""Cd","upper":"1","guard_band":"0.1""#, "fine"),
            (r#""Mn","lower":"31","upper":"32","guard_band":"0.5""#, "nothing between"),
            (r#""Cd","upper":"1","places":4000000000"#, "places"),
            (r#""Cd","samples":"worst""#, "none is the worst"),
            (r#""Cd","repeats":"worst""#, "none is the worst"),
            (r#""Cd","methods":["method-1","method-1"]"#, "twice"),
            // Sums.
            (r#""TREO","lower":"92""#, "fine"),
            (r#""TREO","lower":"92","sum_of":["TREO"]"#, "fine"),
            (r#""TREO","lower":"92","sum_of":["La2O3","CeO2"]"#, "fine"),
            (r#""TREO","lower":"92","sum_of":["LREO"]"#, "does not say"),
            (r#""impurities","upper":"1","sum_of":["Ca","Mg"]"#, "fine"),
            (r#""impurities","upper":"1","sum_of":["Ca","MgO","LOI"]"#, "fine"),
            (r#""oxides","upper":"1","sum_of":["FeO","Fe2O3"]"#, "fine"),
            (r#""oxides","upper":"1","sum_of":["Fe","Fe2O3"]"#, "count twice"),
            (r#""X","upper":"1","sum_of":["Ca","Ca"]"#, "count twice"),
            (r#""X","upper":"1","sum_of":["X","Ca"]"#, "count twice"),
            (r#""X","upper":"1","sum_of":["TREO","Ca"]"#, "list its members"),
            (r#""X","upper":"1","sum_of":["Ca/Mg","Ca"]"#, "list its members"),
            (r#""X","upper":"1","sum_of":["NOPE-1"]"#, "no stored definition"),
            (r#""Ca+Mg","upper":"1","sum_of":["Mg","Ca"]"#, "fine"),
            (r#""Ca+Mg","upper":"1","sum_of":["Ca","Fe"]"#, "does not say"),
            (r#""Cd","upper":"1","sum_of":["Ca","Mg"]"#, "one substance"),
            (r#""MnO","upper":"1","sum_of":["Ca","Mg"]"#, "one substance"),
            (r#""(Ca+Mg)/Fe","upper":"1","sum_of":["Ca","Mg","Fe"]"#, "does not say"),
            // Ratios.
            (r#""Ca/Mg","upper":"200""#, "fine"),
            (r#""Ca/Mg","upper":"200","sum_of":["Ca","Mg"]"#, "one substance"),
            (r#""Ca/Mg","upper":"200","sum_of":["Mg"]"#, "one substance"),
            (r#""Ca/Ca","upper":"200""#, "to itself"),
            (r#""La2O3/TREO","lower":"20""#, "fine"),
            (r#""La2O3/TREO","lower":"20","sum_of":["La2O3","CeO2"]"#, "fine"),
            (r#""La2O3/TREO","lower":"20","sum_of":["HREO"]"#, "does not say"),
            // Treatments.
            (r#""TREO","upper":"1","treatment":"half""#, "no treatment"),
            (r#""TREO","upper":"1","treatment":"0.5""#, "fine"),
            (r#""Ca/Mg","upper":"1","treatment":"lower_bound""#, "fine"),
            (r#""Cd","upper":"1","treatment":"0.5""#, "treatment does nothing"),
            (r#""Cd","upper":"1","treatment":"0.5","samples":"mean""#, "fine"),
            (r#""Cd","upper":"1","treatment":"0.5","samples":"each""#, "treatment does nothing"),
            (r#""Cd","upper":"1","treatment":"0.5","repeats":"mean""#, "fine"),
        ];
        for (json, expected) in table {
            let json = format!(r#"{{"analyte":{json},"unit":"%","basis":"dry"}}"#);
            let found = item(&json).check().map_or_else(|error| error.to_string(), |()| "fine".to_owned());
            assert!(found.contains(expected), "{json}: {found}");
        }
    }

    #[test]
    fn a_unit_in_which_it_is_never_found_is_refused() {
        for (analyte, unit, expected) in [
            ("pH", "1", "fine"),
            ("D50", "µm", "fine"),
            ("Cd", "mg/L", "fine"),
            ("Cd", "kg", "never found in"),
            ("TREO", "µm", "never found in"),
            ("Ca/Mg", "mg/L", "never found in"),
            ("Ca/Mg", "1", "fine"),
        ] {
            let json = format!(r#"{{"analyte":"{analyte}","unit":"{unit}","basis":"not_stated"}}"#);
            let found = item(&json).check().map_or_else(|error| error.to_string(), |()| "fine".to_owned());
            assert!(found.contains(expected), "{json}: {found}");
        }
    }
}
