//! Derivation edges: what was made from what, and in which capacity.

use serde::{Deserialize, Serialize};

use crate::Ref;

macro_rules! roles {
    ($( $(#[$doc:meta])* $role:ident $word:literal $code:literal, )*) => {
        /// In which capacity the source went into the derived record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EdgeRole { $( $(#[$doc])* #[serde(rename = $word)] $role, )* }
        impl EdgeRole {
            /// All roles.
            pub const ALL: &'static [EdgeRole] = &[$( EdgeRole::$role, )*];
            /// The word it is printed as.
            pub const fn word(self) -> &'static str { match self { $( EdgeRole::$role => $word, )* } }
            /// The number it is stored as; never reused.
            pub const fn code(self) -> u16 { match self { $( EdgeRole::$role => $code, )* } }
            /// The role stored as this number.
            pub const fn from_code(code: u16) -> Option<Self> {
                match code { $( $code => Some(EdgeRole::$role), )* _ => None }
            }
        }
    };
}

roles! {
    /// Material flowed from one lot into another.
    Material "material" 1,
    /// The sample was taken from the lot.
    SampleOf "sample-of" 2,
    /// The reading stands in the file.
    ReadFrom "read-from" 3,
    /// The result rests on the reading.
    Evidence "evidence" 4,
    /// Done by this method version.
    Method "method" 5,
    /// Measured on this instrument.
    Instrument "instrument" 6,
    /// Under this calibration.
    Calibration "calibration" 7,
    /// Under this authorisation.
    Authorisation "authorisation" 8,
    /// Controlled by this reference material lot.
    Reference "reference" 9,
    /// Controlled by this quality-control judgement.
    Control "control" 10,
    /// Judged against this specification version.
    Specification "specification" 11,
    /// Decided upon this.
    Decision "decision" 12,
    /// Stands on this certificate.
    Certified "certified" 13,
    /// Replaces this.
    Supersedes "supersedes" 14,
    /// Made or signed by this person.
    By "by" 15,
    /// Part of this.
    Part "part" 16,
}

/// `to` was derived from `from`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// The source.
    pub from: Ref,
    /// The derived record.
    pub to: Ref,
    /// In which capacity.
    pub role: EdgeRole,
    /// Dry mass that flowed, in kg, on edges between lots.
    pub mass_kg_dry: Option<f64>,
    /// Which fraction of `to` came from `from` (0 to 1), on edges between lots.
    pub share: Option<f64>,
}

impl Edge {
    /// An edge without mass.
    pub fn new(from: impl Into<Ref>, to: impl Into<Ref>, role: EdgeRole) -> Self {
        Edge { from: from.into(), to: to.into(), role, mass_kg_dry: None, share: None }
    }

    /// An edge along which dry mass flowed.
    pub fn flow(from: impl Into<Ref>, to: impl Into<Ref>, mass_kg_dry: f64, share: f64) -> Self {
        let (from, to) = (from.into(), to.into());
        Edge { from, to, role: EdgeRole::Material, mass_kg_dry: Some(mass_kg_dry), share: Some(share) }
    }
}
