//! Seeded faults: the mistakes that laboratories and plants really make, put into sound work on purpose, by
//! kind and seed. What happened to each is counted, so that the table says how far the product can be relied
//! on (docs/reliability.md).

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The content of the element stands in the column of its oxide, or the other way round.
    ElementForOxide,
    /// A content in percent stands in a column of g/t.
    PercentForGramsPerTonne,
    /// Two neighbouring digits of a number changed places.
    TransposedDigits,
    /// Two samples were measured under each other's names.
    SwappedSamples,
    /// The wet mass was written down as the dry one.
    WetForDry,
    /// Release is asked against an edition that is not the right one.
    WrongEdition,
    /// The instrument's calibration had ended before it measured.
    ExpiredCalibration,
    /// Somebody signs who is not authorised for the method.
    UnauthorisedSigner,
    /// The reference material in the run was found outside its tolerance.
    ReferenceOut,
    /// One sample id stands twice in the file, over different samples.
    DuplicateId,
    /// A rare-earth total without yttrium.
    TreoWithoutY,
    /// Oxides that add up to more than there can be.
    SumAboveHundred,
    /// More of an element than the compound can hold.
    StoichiometricCeiling,
    /// A value next to the limit was rounded before it was written down.
    DoubleRounding,
    /// The instrument's `<` was typed as 0.
    BelowAsZero,
    /// The lot is sent to a customer before it is released.
    ShipmentBeforeRelease,
    /// A part of a rejected lot is offered as a lot of its own.
    RejectedParent,
    /// The instrument's clock runs ahead.
    FutureTime,
    /// The file's times are of another zone.
    WrongZone,
    /// One column came in another unit than its head says.
    WrongUnitOnOneColumn,
}

impl Fault {
    /// Whether a lot may go out with it and yet every figure on its certificate be right: what was exchanged,
    /// lost or turned into another unit lay below the limits, or was of the same size.
    pub const fn may_be_harmless(self) -> bool {
        matches!(
            self,
            Fault::ElementForOxide
                | Fault::PercentForGramsPerTonne
                | Fault::TransposedDigits
                | Fault::SwappedSamples
                | Fault::BelowAsZero
                | Fault::WrongUnitOnOneColumn
        )
    }

    /// All kinds.
    pub const ALL: [Fault; 20] = [
        Fault::ElementForOxide,
        Fault::PercentForGramsPerTonne,
        Fault::TransposedDigits,
        Fault::SwappedSamples,
        Fault::WetForDry,
        Fault::WrongEdition,
        Fault::ExpiredCalibration,
        Fault::UnauthorisedSigner,
        Fault::ReferenceOut,
        Fault::DuplicateId,
        Fault::TreoWithoutY,
        Fault::SumAboveHundred,
        Fault::StoichiometricCeiling,
        Fault::DoubleRounding,
        Fault::BelowAsZero,
        Fault::ShipmentBeforeRelease,
        Fault::RejectedParent,
        Fault::FutureTime,
        Fault::WrongZone,
        Fault::WrongUnitOnOneColumn,
    ];

    /// What it is called in the table.
    pub const fn words(self) -> &'static str {
        match self {
            Fault::ElementForOxide => "element for oxide, oxide for element",
            Fault::PercentForGramsPerTonne => "% for g/t",
            Fault::TransposedDigits => "transposed digits",
            Fault::SwappedSamples => "swapped samples",
            Fault::WetForDry => "wet mass for dry",
            Fault::WrongEdition => "wrong edition of the specification",
            Fault::ExpiredCalibration => "expired calibration",
            Fault::UnauthorisedSigner => "unauthorised signer",
            Fault::ReferenceOut => "reference material out of tolerance",
            Fault::DuplicateId => "duplicate sample id",
            Fault::TreoWithoutY => "TREO without Y",
            Fault::SumAboveHundred => "sum above 100 %",
            Fault::StoichiometricCeiling => "above the stoichiometric ceiling",
            Fault::DoubleRounding => "rounded twice",
            Fault::BelowAsZero => "`<` as 0",
            Fault::ShipmentBeforeRelease => "shipment before release",
            Fault::RejectedParent => "part of a rejected lot",
            Fault::FutureTime => "time in the future",
            Fault::WrongZone => "time of another zone",
            Fault::WrongUnitOnOneColumn => "wrong unit on one column",
        }
    }
}

/// What became of a lot with a fault in it, or without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Something stopped it, or asked: at which step, by which rule.
    Stopped {
        /// Import, review, release of results, release of the lot, shipment …
        step: &'static str,
        /// The refusal's code or the question's kind.
        rule: String,
    },
    /// It went to the customer, and every figure on its certificate is right all the same.
    Right,
    /// It went to the customer with this wrong on its certificate.
    Wrong(String),
}

/// What became of many.
#[derive(Debug, Default)]
pub struct Tally {
    kinds: BTreeMap<Fault, Counts>,
    /// Sound lots, and how many of them were stopped, by step and rule.
    sound: u64,
    stopped: BTreeMap<String, u64>,
    wrong_though_sound: Vec<String>,
}

#[derive(Debug, Default)]
struct Counts {
    seeded: u64,
    caught: BTreeMap<String, u64>,
    right: u64,
    wrong: Vec<String>,
}

impl Tally {
    /// Counts one lot.
    pub fn count(&mut self, fault: Option<Fault>, fate: Fate) {
        let Some(fault) = fault else {
            self.sound += 1;
            match fate {
                Fate::Stopped { step, rule } => {
                    *self.stopped.entry(format!("{step}: {rule}")).or_default() += 1;
                }
                Fate::Wrong(what) => self.wrong_though_sound.push(what),
                Fate::Right => {}
            }
            return;
        };
        let counts = self.kinds.entry(fault).or_default();
        counts.seeded += 1;
        match fate {
            Fate::Stopped { step, rule } => *counts.caught.entry(format!("{step}: {rule}")).or_default() += 1,
            Fate::Right => counts.right += 1,
            Fate::Wrong(what) => counts.wrong.push(what),
        }
    }

    /// How many of the sound lots were stopped, and of how many.
    pub fn false_alarms(&self) -> (u64, u64) {
        (self.stopped.values().sum(), self.sound)
    }

    /// The rules that stopped sound lots.
    pub fn false_alarm_rules(&self) -> String {
        let all: Vec<String> = self.stopped.iter().map(|(rule, times)| format!("{rule} ×{times}")).collect();
        all.join(", ")
    }

    /// What was wrong with lots that nobody had spoilt: a defect of the product.
    pub fn wrong_though_sound(&self) -> &[String] {
        &self.wrong_though_sound
    }

    /// How many of a kind went out with a wrong number, and the first of them.
    pub fn escaped(&self, fault: Fault) -> (usize, Option<&str>) {
        let wrong = self.kinds.get(&fault).map(|counts| counts.wrong.as_slice()).unwrap_or_default();
        (wrong.len(), wrong.first().map(String::as_str))
    }

    /// How many of a kind were seeded.
    pub fn seeded(&self, fault: Fault) -> usize {
        self.kinds.get(&fault).map_or(0, |counts| counts.seeded as usize)
    }

    /// The table, in Markdown; `why_not` says of a kind why some of it cannot be caught.
    pub fn markdown(&self, why_not: impl Fn(Fault) -> Option<&'static str>) -> String {
        let mut out = String::from(
            "| fault | seeded | caught | by which rule | went out, every figure right | went out wrong |\n\
             |---|---:|---:|---|---:|---:|\n",
        );
        for (fault, counts) in &self.kinds {
            let caught: u64 = counts.caught.values().sum();
            let mut rules: Vec<(&String, &u64)> = counts.caught.iter().collect();
            rules.sort_by_key(|(rule, times)| (std::cmp::Reverse(**times), *rule));
            let rules: Vec<String> =
                rules.iter().take(4).map(|(rule, times)| format!("{rule} ({times})")).collect();
            let _ = writeln!(
                out,
                "| {} | {} | {caught} | {} | {} | {} |",
                fault.words(),
                counts.seeded,
                rules.join("; "),
                counts.right,
                counts.wrong.len()
            );
        }
        let (stopped, sound) = self.false_alarms();
        let _ = writeln!(out, "\nSound lots: {sound}, stopped: {stopped}. {}", self.false_alarm_rules());
        for (fault, _) in self.kinds.iter().filter(|(_, counts)| !counts.wrong.is_empty()) {
            if let Some(why) = why_not(*fault) {
                let _ = writeln!(out, "\n*{}, those that went out wrong*: {why}", fault.words());
            }
        }
        out
    }
}

/// Chance from a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Starts at a seed.
    pub const fn new(seed: u64) -> Self {
        Chance(seed)
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from 0 up to 1.
    pub fn even(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of so many; none of none.
    pub fn below(&mut self, many: usize) -> usize {
        (self.even() * many as f64) as usize
    }

    /// Close to a standard normal deviate (Irwin and Hall).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.even()).sum::<f64>() - 6.0
    }

    /// A value scattered about `centre` with a relative standard deviation in percent.
    pub fn about(&mut self, centre: f64, percent: f64) -> f64 {
        centre * (1.0 + self.normal() * percent / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_each_is_counted_by_rule() {
        let mut tally = Tally::default();
        let stopped = Fate::Stopped { step: "import", rule: "future".into() };
        tally.count(Some(Fault::FutureTime), stopped.clone());
        tally.count(Some(Fault::FutureTime), Fate::Right);
        tally.count(Some(Fault::SwappedSamples), Fate::Wrong("Cd".into()));
        tally.count(None, Fate::Right);
        tally.count(None, stopped);
        assert_eq!(tally.false_alarms(), (1, 2));
        assert_eq!(tally.escaped(Fault::SwappedSamples), (1, Some("Cd")));
        let table = tally.markdown(|_| Some("nobody can see it"));
        assert!(table.contains("| time in the future | 2 | 1 | import: future (1) | 1 | 0 |"), "{table}");
        assert!(table.contains("*swapped samples, those that went out wrong*: nobody can see it"), "{table}");
    }
}
