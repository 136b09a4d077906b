//! What went in, what came out, and how both are kept: the books of a move. Pure.
//!
//! Every move obeys two equations, in kg and to the last digit, one of wet and one of dry mass:
//!
//! ```text
//! taken + outside + water = made + loss + unaccounted        (water only in the wet one)
//! ```
//!
//! `outside` came from outside (received, found at a stock-take) or went there (shipped, missed),
//! `unaccounted` may be as large as the stated tolerance, `loss` is declared by a person. Whatever does not
//! fit is refused with the difference.

use kernel::{Code, Day, Edge, LotId, MaterialId, MoveId, PartyId, Ref, SampleId};
use measure::Decimal;
use serde::{Deserialize, Serialize};

use super::rules::{LotRefused, MassBasis};
use crate::custody::Custody;
use crate::quantity::{Change, Mass, Masses};

/// The tolerance when none is stated, kg: a gram.
pub const TOLERANCE_KG: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

/// What holds mass and can be posted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// A lot.
    Lot(LotId),
    /// A sample.
    Sample(SampleId),
}

impl From<Holder> for Ref {
    fn from(holder: Holder) -> Ref {
        match holder {
            Holder::Lot(lot) => lot.into(),
            Holder::Sample(sample) => sample.into(),
        }
    }
}

/// One line of the books: mass that came to a holder, or left it when negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// To what.
    pub to: Holder,
    /// How much, kg.
    #[serde(flatten)]
    pub masses: Masses,
}

/// A lot that a move makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLot {
    /// Its id.
    pub lot: LotId,
    /// What people call it.
    pub code: Code,
    /// What it is a lot of.
    pub material: MaterialId,
    /// Its masses, kg.
    #[serde(flatten)]
    pub masses: Masses,
    /// Its moisture, % of the wet mass, with the digits given.
    pub moisture_percent: Decimal,
    /// How its origin is tied to it.
    pub custody: Custody,
    /// The one party it all came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_party: Option<PartyId>,
    /// The production day, in the institute's reckoning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_on: Option<Day>,
    /// How many packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<u32>,
    /// With packaging, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_gross: Option<Decimal>,
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Code>,
}

/// Dry mass that went from one lot into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// From this lot.
    pub from: LotId,
    /// Into this one.
    pub into: LotId,
    /// Dry mass, kg.
    pub mass_kg_dry: Decimal,
    /// The fraction of `into` that it is; those of one lot sum to 1.
    pub share: Decimal,
}

impl From<&Flow> for Edge {
    fn from(flow: &Flow) -> Edge {
        Edge::flow(flow.from, flow.into, float(flow.mass_kg_dry), float(flow.share))
    }
}

/// A decimal for the thread, which counts in floats.
pub fn float(decimal: Decimal) -> f64 {
    f64::try_from(decimal).unwrap_or(0.0)
}

/// The two sums of a move and what lies between them, kg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Books {
    /// What was taken from lots and samples.
    pub taken: Masses,
    /// What came from outside; negative when it went there.
    pub outside: Masses,
    /// Water that was added; negative when it was driven off.
    pub water_kg: Decimal,
    /// What came to lots and samples.
    pub made: Masses,
    /// What was declared lost.
    pub loss: Masses,
    /// What is left over within the tolerance; negative when more came out than went in.
    pub unaccounted: Masses,
    /// The stated tolerance.
    pub tolerance_kg: Decimal,
}

impl Books {
    /// Closes the books of a move, or says by how much they do not close. Dry mass is looked at first: water
    /// explains a wet difference, nothing explains a dry one.
    pub fn close(
        taken: Masses,
        water: Option<Change>,
        made: Masses,
        loss: Masses,
        tolerance: Option<Mass>,
    ) -> Result<Self, LotRefused> {
        let tolerance_kg = tolerance.map_or(TOLERANCE_KG, Mass::decimal);
        let most = (taken.kg_dry / Decimal::ONE_HUNDRED).max(TOLERANCE_KG);
        if tolerance_kg > most {
            return Err(LotRefused::Tolerance { stated: tolerance_kg, most: most.normalize() });
        }
        let water_kg = water.map_or(Decimal::ZERO, Change::decimal);
        let given = made + loss;
        let unaccounted =
            Masses { kg_wet: taken.kg_wet + water_kg - given.kg_wet, kg_dry: taken.kg_dry - given.kg_dry };
        let imbalance = |basis, taken, given, difference: Decimal| {
            Err(LotRefused::Imbalance { basis, taken, given, difference, tolerance: tolerance_kg })
        };
        if unaccounted.kg_dry.abs() > tolerance_kg {
            return imbalance(MassBasis::Dry, taken.kg_dry, given.kg_dry, unaccounted.kg_dry);
        }
        if unaccounted.kg_wet.abs() > tolerance_kg {
            return imbalance(MassBasis::Wet, taken.kg_wet + water_kg, given.kg_wet, unaccounted.kg_wet);
        }
        Ok(Books { taken, outside: Masses::ZERO, water_kg, made, loss, unaccounted, tolerance_kg })
    }

    /// The books of what came in or was found (`outside` positive), went out or was missed (negative).
    pub fn with_outside(outside: Masses) -> Self {
        let nothing = Books::default();
        if outside.kg_wet < Decimal::ZERO || outside.kg_dry < Decimal::ZERO {
            Books { taken: -outside, outside, ..nothing }
        } else {
            Books { made: outside, outside, ..nothing }
        }
    }

    /// The books of mass that only changes its holder.
    pub fn carried(masses: Masses) -> Self {
        Books { taken: masses, made: masses, ..Books::default() }
    }

    /// The books of a loss.
    pub fn lost(masses: Masses) -> Self {
        Books { taken: masses, loss: masses, ..Books::default() }
    }

    /// Whether both equations hold to the last digit.
    pub fn balance(&self) -> bool {
        let water = Masses { kg_wet: self.water_kg, kg_dry: Decimal::ZERO };
        self.taken + self.outside + water == self.made + self.loss + self.unaccounted
    }
}

/// What every fact about a move holds: its number, its books and its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The move.
    pub number: MoveId,
    /// The sums.
    pub books: Books,
    /// The lines; their sum is `made − taken`.
    pub postings: Vec<Posting>,
    /// The lots it makes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<MadeLot>,
    /// Which lots went into which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<Flow>,
    /// The reason given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Moved {
    /// The move as lots out and lots in: takes from `taken`, gives to `made`, and shares each made lot among
    /// the taken ones by dry mass.
    pub fn between(
        number: MoveId,
        books: Books,
        taken: &[(LotId, Masses)],
        made: Vec<MadeLot>,
        reason: Option<&str>,
    ) -> Self {
        let out = taken.iter().map(|(lot, masses)| Posting { to: Holder::Lot(*lot), masses: -*masses });
        let postings =
            out.chain(made.iter().map(|m| Posting { to: Holder::Lot(m.lot), masses: m.masses })).collect();
        let shares = shares(&taken.iter().map(|(_, masses)| *masses).collect::<Vec<_>>());
        let flows = made
            .iter()
            .flat_map(|m| {
                taken.iter().zip(&shares).map(move |((from, _), share)| Flow {
                    from: *from,
                    into: m.lot,
                    mass_kg_dry: crate::quantity::to_mg(m.masses.kg_dry * share).normalize(),
                    share: *share,
                })
            })
            .collect();
        Moved { number, books, postings, made, flows, reason: reason.map(str::to_owned) }
    }

    /// The edges of its flows.
    pub fn edges(&self) -> Vec<Edge> {
        self.flows.iter().map(Edge::from).collect()
    }

    /// The lots made, then the move, then the holders taken from: each once.
    pub fn subjects(&self) -> Vec<Ref> {
        let mut all: Vec<Ref> = self.made.iter().map(|made| made.lot.into()).collect();
        all.push(self.number.into());
        for posting in &self.postings {
            let holder = posting.to.into();
            if !all.contains(&holder) {
                all.push(holder);
            }
        }
        all
    }
}

/// The fraction of the whole that each part is, by dry mass (by wet mass when nothing is dry), to twelve
/// decimals. They sum to exactly 1: the largest takes what rounding leaves.
pub fn shares(parts: &[Masses]) -> Vec<Decimal> {
    let sum: Masses = parts.iter().copied().sum();
    let (whole, of): (Decimal, fn(&Masses) -> Decimal) =
        if sum.kg_dry.is_zero() { (sum.kg_wet, |m| m.kg_wet) } else { (sum.kg_dry, |m| m.kg_dry) };
    if whole.is_zero() {
        return vec![Decimal::ZERO; parts.len()];
    }
    let mut all: Vec<Decimal> =
        parts.iter().map(|part| crate::quantity::rounded(of(part) / whole, 12)).collect();
    let rest = Decimal::ONE - all.iter().sum::<Decimal>();
    if let Some(largest) = all.iter_mut().max() {
        *largest += rest;
    }
    all.iter_mut().for_each(|share| *share = share.normalize());
    all
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;
    use proptest::prelude::*;

    use super::*;

    fn kg(wet: &str, dry: &str) -> Masses {
        Masses { kg_wet: wet.parse().unwrap(), kg_dry: dry.parse().unwrap() }
    }

    #[test]
    fn books_close_or_say_by_how_much_they_do_not() {
        let close = |taken, water: &str, made, loss, tolerance: &str| {
            Books::close(taken, water.parse().ok(), made, loss, tolerance.parse().ok())
        };
        let table = [
            (kg("100", "90"), "", kg("100", "90"), kg("0", "0"), "", "closes"),
            (kg("100", "90"), "-10", kg("90", "90"), kg("0", "0"), "", "closes"),
            (kg("100", "90"), "-9", kg("90", "89"), kg("1", "1"), "", "closes"),
            (kg("100", "90"), "", kg("99.5", "89.5"), kg("0", "0"), "0.5", "closes"),
            (kg("100", "90"), "", kg("99", "89.99"), kg("0", "0"), "", "dry 0.01"),
            (kg("100", "90"), "", kg("101", "91"), kg("0", "0"), "0.9", "dry -1"),
            (kg("100", "90"), "", kg("90", "90"), kg("0", "0"), "", "wet 10"),
            (kg("100", "90"), "5", kg("104", "90"), kg("0", "0"), "0.5", "wet 1"),
            (kg("100", "90"), "", kg("90", "80"), kg("0", "0"), "10", "lot-tolerance-wide"),
        ];
        for (taken, water, made, loss, tolerance, expected) in table {
            let found = match close(taken, water, made, loss, tolerance) {
                Ok(books) => {
                    assert!(books.balance());
                    "closes".to_owned()
                }
                Err(refused) => match refused.refusal() {
                    refusal if refusal.code == "lot-mass-imbalance" => {
                        format!("{} {}", refusal.args["basis"], refusal.args["difference"])
                    }
                    refusal => refusal.code,
                },
            };
            assert_eq!(found, expected, "{taken:?} {made:?}");
        }
    }

    #[test]
    fn thirds_sum_to_one() {
        let all = shares(&[kg("1", "1"), kg("1", "1"), kg("1", "1")]);
        assert_eq!(all.iter().sum::<Decimal>(), Decimal::ONE);
        assert_eq!(shares(&[kg("1", "0"), kg("3", "0")])[1].to_string(), "0.75");
    }

    proptest! {
        #[test]
        fn shares_sum_to_exactly_one(parts in prop::collection::vec((0i64..1 << 30, 1i64..1 << 30), 1..12)) {
            let mg = |kg: i64| Decimal::new(kg, 6);
            let parts: Vec<Masses> = parts
                .into_iter()
                .map(|(water, dry)| Masses { kg_wet: mg(water + dry), kg_dry: mg(dry) })
                .collect();
            let all = shares(&parts);
            prop_assert_eq!(all.iter().sum::<Decimal>(), Decimal::ONE);
            prop_assert!(all.iter().all(|share| *share >= Decimal::ZERO && *share <= Decimal::ONE));
        }
    }
}
