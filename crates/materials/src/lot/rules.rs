//! A lot, its states, and what may not be done with it. Pure.

use kernel::{Code, LotId, MaterialId, PartyId, Ref, Refusal, Refuse};
use measure::{Decimal, MassError};

use crate::custody::{Custody, MixError};
use crate::quantity::{Mass, Masses, WeighError};

/// Where a lot is in its life. Only a lot in stock has mass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LotState {
    /// It has mass and can be used.
    InStock,
    /// All of it went into other lots or samples.
    Consumed,
    /// It left, to a party.
    Shipped {
        /// To whom.
        to: PartyId,
    },
    /// All of it was lost.
    Lost,
}

impl LotState {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            LotState::InStock => "in-stock",
            LotState::Consumed => "consumed",
            LotState::Shipped { .. } => "shipped",
            LotState::Lost => "lost",
        }
    }

    /// From the stored word and receiver.
    pub fn read(word: &str, shipped_to: Option<PartyId>) -> Option<Self> {
        match (word, shipped_to) {
            ("in-stock", None) => Some(LotState::InStock),
            ("consumed", None) => Some(LotState::Consumed),
            ("lost", None) => Some(LotState::Lost),
            ("shipped", Some(to)) => Some(LotState::Shipped { to }),
            _ => None,
        }
    }
}

/// A lot as a move finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// What people call it.
    pub code: Code,
    /// What it is a lot of.
    pub material: MaterialId,
    /// Where it is in its life.
    pub state: LotState,
    /// How its origin is tied to it.
    pub custody: Custody,
    /// The one party it all came from, when there is one.
    pub origin_party: Option<PartyId>,
    /// What is in stock of it: the sum of its postings.
    pub masses: Masses,
    /// Its moisture as stated or computed, %.
    pub moisture_percent: Decimal,
    /// Where it lies.
    pub location: Option<Code>,
}

impl Lot {
    /// The part of it with this wet mass, with its share of dry mass; all of it when no mass is named.
    pub fn portion(&self, wet: Option<Mass>) -> Result<Masses, LotRefused> {
        if self.state != LotState::InStock {
            return Err(LotRefused::NotInStock { lot: self.id, code: self.code.clone(), state: self.state });
        }
        let Some(wet) = wet.map(Mass::decimal) else { return Ok(self.masses) };
        if wet.is_zero() {
            return Err(LotRefused::NothingMoved);
        }
        if wet > self.masses.kg_wet {
            return Err(self.short(wet));
        }
        Ok(Masses { kg_wet: wet, kg_dry: self.masses.dry_in(wet) })
    }

    /// That the lot has less wet mass than `asked`.
    pub fn short(&self, asked: Decimal) -> LotRefused {
        LotRefused::Short { lot: self.id, code: self.code.clone(), has: self.masses.kg_wet, asked }
    }
}

/// In which mass a move does not balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MassBasis {
    /// Dry mass.
    Dry,
    /// Wet mass.
    Wet,
}

/// Why a move of lots is refused, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LotRefused {
    /// Something that is named does not exist.
    Unknown(Ref),
    /// Another lot, sample, material or party has the code.
    CodeTaken(Code),
    /// A lot or a code is named twice.
    Twice(String),
    /// The lot is consumed, shipped or lost.
    NotInStock {
        /// The lot.
        lot: LotId,
        /// Its code.
        code: Code,
        /// Its state.
        state: LotState,
    },
    /// The lot was not sent to whoever gives back what was made of it.
    NotSent {
        /// The lot.
        lot: LotId,
        /// Its code.
        code: Code,
    },
    /// It is to be carried to where it lies.
    LiesThere {
        /// Its code.
        code: Code,
        /// The place.
        location: Code,
    },
    /// Nothing would be moved.
    NothingMoved,
    /// An act that needs a reason has none.
    NoReason,
    /// Fewer than two of wet mass, moisture and dry mass.
    Incomplete,
    /// Wet mass, moisture and dry mass do not fit.
    Unfit(MassError),
    /// Lots of different materials make one lot, and its material is not stated.
    Materials,
    /// Splitting a lot, or blending lots of one material, would make another material of it.
    Relabelled {
        /// The lot.
        code: Code,
    },
    /// The lot has less than is asked of it.
    Short {
        /// The lot.
        lot: LotId,
        /// Its code.
        code: Code,
        /// kg wet in stock.
        has: Decimal,
        /// kg wet asked.
        asked: Decimal,
    },
    /// A mass beyond what is reckoned with, or a stock-take that gives an impossible one.
    Impossible {
        /// kg wet it would be.
        kg_wet: Decimal,
        /// kg dry it would be.
        kg_dry: Decimal,
    },
    /// With its packaging it would weigh less than without.
    Gross {
        /// With packaging, kg.
        gross: Decimal,
        /// Without, kg wet.
        net: Decimal,
    },
    /// The tolerance is wider than a tolerance may be.
    Tolerance {
        /// Stated, kg.
        stated: Decimal,
        /// The most, kg.
        most: Decimal,
    },
    /// What went in is not what came out.
    Imbalance {
        /// In which mass.
        basis: MassBasis,
        /// In, and water where wet mass is meant, kg.
        taken: Decimal,
        /// Out and declared loss, kg.
        given: Decimal,
        /// `taken − given`, kg.
        difference: Decimal,
        /// The stated tolerance, kg.
        tolerance: Decimal,
    },
    /// Chain of custody.
    Mix(MixError),
}

impl From<WeighError> for LotRefused {
    fn from(error: WeighError) -> Self {
        match error {
            WeighError::Incomplete => LotRefused::Incomplete,
            WeighError::Unfit(error) => LotRefused::Unfit(error),
        }
    }
}

impl From<MixError> for LotRefused {
    fn from(error: MixError) -> Self {
        LotRefused::Mix(error)
    }
}

const STOCK: &str = "RECORDS materials: stock is the sum of postings";
const BALANCE: &str = "RECORDS materials: mass in = mass out + loss";
const TRIPLE: &str = "NUMBERS 8: wet mass, moisture, dry mass";
const CUSTODY: &str = "ISO 22095:2020, 5";

impl Refuse for LotRefused {
    fn refusal(&self) -> Refusal {
        match self {
            LotRefused::Unknown(record) => {
                Refusal::new("materials-unknown", "HOUSE one path 3").with("record", record)
            }
            LotRefused::CodeTaken(code) => {
                Refusal::new("materials-code-taken", "HOUSE names").with("code", code)
            }
            LotRefused::Twice(what) => Refusal::new("lot-named-twice", STOCK).with("what", what),
            LotRefused::NotInStock { lot, code, state } => {
                let refusal = Refusal::new("lot-not-in-stock", STOCK).with("lot", code);
                refusal.with("state", state.word()).remedy("lot.adjust", Some((*lot).into()))
            }
            LotRefused::NotSent { lot, code } => {
                let refusal = Refusal::new("lot-not-sent", CUSTODY).with("lot", code);
                refusal.remedy("lot.ship", Some((*lot).into()))
            }
            LotRefused::LiesThere { code, location } => {
                Refusal::new("lot-lies-there", STOCK).with("lot", code).with("location", location)
            }
            LotRefused::NothingMoved => Refusal::new("lot-nothing-moved", STOCK),
            LotRefused::NoReason => Refusal::new("lot-no-reason", "PRODUCT principle 6"),
            LotRefused::Incomplete => Refusal::new("lot-mass-incomplete", TRIPLE),
            LotRefused::Unfit(error) => unfit(error),
            LotRefused::Materials => {
                Refusal::new("lot-materials-differ", BALANCE).remedy("lot.process", None)
            }
            LotRefused::Relabelled { code } => {
                Refusal::new("lot-relabelled", CUSTODY).with("lot", code).remedy("lot.process", None)
            }
            LotRefused::Short { lot, code, has, asked } => {
                let refusal = Refusal::new("lot-mass-short", STOCK).with("lot", code).with("has", has);
                let refusal = refusal.with("asked", asked).with("difference", asked - has);
                refusal.remedy("lot.adjust", Some((*lot).into()))
            }
            LotRefused::Impossible { kg_wet, kg_dry } => {
                Refusal::new("lot-mass-impossible", TRIPLE).with("wet", kg_wet).with("dry", kg_dry)
            }
            LotRefused::Gross { gross, net } => {
                Refusal::new("lot-gross-below-net", TRIPLE).with("gross", gross).with("net", net)
            }
            LotRefused::Tolerance { stated, most } => {
                Refusal::new("lot-tolerance-wide", BALANCE).with("stated", stated).with("most", most)
            }
            LotRefused::Imbalance { basis, taken, given, difference, tolerance } => {
                let basis = if *basis == MassBasis::Dry { "dry" } else { "wet" };
                let refusal = Refusal::new("lot-mass-imbalance", BALANCE).with("basis", basis);
                let refusal = refusal.with("in", taken).with("out", given);
                refusal.with("difference", difference.normalize()).with("tolerance", tolerance)
            }
            LotRefused::Mix(MixError::BookAndClaim) => Refusal::new("lot-custody-books", CUSTODY),
            LotRefused::Mix(MixError::TooStrong { claimed, most }) => {
                let refusal = Refusal::new("lot-custody-too-strong", CUSTODY);
                refusal.with("claimed", claimed).with("most", most)
            }
        }
    }
}

fn unfit(error: &MassError) -> Refusal {
    match error {
        MassError::Inconsistent { wet_kg, moisture_percent, dry_kg, computed_kg, tolerance_kg } => {
            let refusal = Refusal::new("lot-mass-inconsistent", TRIPLE).with("wet", wet_kg);
            let refusal = refusal.with("moisture", moisture_percent).with("dry", dry_kg);
            let refusal = refusal.with("computed", computed_kg).with("tolerance", tolerance_kg);
            refusal.with("difference", (dry_kg - computed_kg).normalize())
        }
        MassError::DrierThanWet { wet_kg, dry_kg } => {
            Refusal::new("lot-mass-impossible", TRIPLE).with("wet", wet_kg).with("dry", dry_kg)
        }
        other => Refusal::new("lot-mass-unreadable", TRIPLE).with("why", other),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A lot in stock, for tests of rules.
    pub(crate) fn lot(number: u64, wet: &str, dry: &str) -> Lot {
        let masses = Masses { kg_wet: wet.parse().unwrap(), kg_dry: dry.parse().unwrap() };
        Lot {
            id: LotId(number),
            code: Code::parse(&format!("L-{number}")).unwrap(),
            material: MaterialId(1),
            state: LotState::InStock,
            custody: Custody::Segregated,
            origin_party: None,
            masses,
            moisture_percent: masses.moisture_percent(),
            location: None,
        }
    }

    #[test]
    fn a_portion_keeps_the_moisture_and_the_whole_keeps_every_gram() {
        let heap = lot(1, "3", "2");
        let part = heap.portion("1".parse().ok()).unwrap();
        assert_eq!(part.kg_dry.to_string(), "0.666667");
        assert_eq!(heap.portion(None).unwrap(), heap.masses);
        assert_eq!(heap.portion("3".parse().ok()).unwrap(), heap.masses);
    }

    #[test]
    fn no_lot_gives_more_than_it_has() {
        let refused = lot(1, "3", "2").portion("3.5".parse().ok()).unwrap_err().refusal();
        assert_eq!((refused.code.as_str(), refused.args["difference"].as_str()), ("lot-mass-short", "0.5"));
        let shipped = Lot { state: LotState::Shipped { to: PartyId(9) }, ..lot(1, "0", "0") };
        let refused = shipped.portion(None).unwrap_err().refusal();
        assert_eq!((refused.code.as_str(), refused.args["state"].as_str()), ("lot-not-in-stock", "shipped"));
        assert_eq!(lot(1, "3", "2").portion("0".parse().ok()), Err(LotRefused::NothingMoved));
    }

    #[test]
    fn states_read_back() {
        for state in
            [LotState::InStock, LotState::Consumed, LotState::Lost, LotState::Shipped { to: PartyId(2) }]
        {
            let to = if let LotState::Shipped { to } = state { Some(to) } else { None };
            assert_eq!(LotState::read(state.word(), to), Some(state));
        }
        assert_eq!(LotState::read("shipped", None), None);
    }
}
