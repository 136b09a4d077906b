//! A sample, what it is for, and what may not be done with it. Pure.

use kernel::{Code, LotId, MaterialId, Refusal, Refuse, SampleId};
use measure::Decimal;
use serde::{Deserialize, Serialize};

use crate::lot::rules::LotRefused;
use crate::quantity::{Mass, Masses};

/// What a sample is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema, Default,
)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To be tested.
    #[default]
    Routine,
    /// A second one, to see the sampling error.
    Duplicate,
    /// Kept for later, 留样.
    Retained,
    /// For an umpire, 仲裁.
    Umpire,
}

impl Purpose {
    /// All of them.
    pub const ALL: &'static [Purpose] =
        &[Purpose::Routine, Purpose::Duplicate, Purpose::Retained, Purpose::Umpire];

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Purpose::Routine => "routine",
            Purpose::Duplicate => "duplicate",
            Purpose::Retained => "retained",
            Purpose::Umpire => "umpire",
        }
    }
}

/// How a sample came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleKind {
    /// Taken from a lot.
    Taken,
    /// Made of other samples.
    Composite,
    /// Sent in from outside.
    Received,
}

impl SampleKind {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            SampleKind::Taken => "taken",
            SampleKind::Composite => "composite",
            SampleKind::Received => "received",
        }
    }
}

/// A sample as a move finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its id.
    pub id: SampleId,
    /// What the label says.
    pub code: Code,
    /// The lot it was taken from, when there is one.
    pub lot: Option<LotId>,
    /// What it is a sample of, when known.
    pub material: Option<MaterialId>,
    /// What is left of it; `None` when it was never weighed wet and dry.
    pub masses: Option<Masses>,
}

impl Sample {
    /// The part of it with this wet mass; all that is left when no mass is named.
    pub fn portion(&self, wet: Option<Mass>) -> Result<Masses, SampleRefused> {
        let masses = self.masses.ok_or_else(|| SampleRefused::NotWeighed(self.code.clone()))?;
        let asked = wet.map_or(masses.kg_wet, Mass::decimal);
        if asked > masses.kg_wet || asked.is_zero() {
            return Err(SampleRefused::Short { code: self.code.clone(), has: masses.kg_wet, asked });
        }
        Ok(Masses { kg_wet: asked, kg_dry: masses.dry_in(asked) })
    }
}

/// Why an act on samples is refused, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SampleRefused {
    /// By a rule of lots.
    Lot(LotRefused),
    /// Its wet and dry mass are not known.
    NotWeighed(Code),
    /// There is less of it than is asked.
    Short {
        /// Its code.
        code: Code,
        /// kg wet left.
        has: Decimal,
        /// kg wet asked.
        asked: Decimal,
    },
    /// It would be taken later than now.
    Future,
}

impl From<LotRefused> for SampleRefused {
    fn from(refused: LotRefused) -> Self {
        SampleRefused::Lot(refused)
    }
}

impl Refuse for SampleRefused {
    fn refusal(&self) -> Refusal {
        let stock = "RECORDS materials: stock is the sum of postings";
        match self {
            SampleRefused::Lot(refused) => refused.refusal(),
            SampleRefused::NotWeighed(code) => Refusal::new("sample-not-weighed", stock).with("sample", code),
            SampleRefused::Short { code, has, asked } => {
                let refusal = Refusal::new("sample-mass-short", stock).with("sample", code);
                refusal.with("has", has).with("asked", asked).with("difference", asked - has)
            }
            SampleRefused::Future => Refusal::new("sample-in-future", "ISO/IEC 17025:2017 7.3.3"),
        }
    }
}
