//! A worksheet: a rack of samples with the blanks, reference materials and duplicates between them, measured
//! by one method version in one go. It is a run like an import: its controls gate its results.

mod open;
pub(crate) mod pages;
pub(crate) mod print;
pub(crate) mod rack;
pub(crate) mod rows;

use kernel::{Ref, Refusal, Refuse, WorksheetId};

use crate::given::words;
pub use open::{OpenWorksheet, Place, WorksheetOpened};

words! {
    /// What stands at a position of a rack.
    PlaceKind {
        /// A sample.
        Sample = "sample",
        /// A blank.
        Blank = "blank",
        /// A reference material.
        Reference = "reference",
        /// A sample again.
        Duplicate = "duplicate",
    }
}

impl PlaceKind {
    /// The class of a reading measured there, whatever its file says.
    pub fn class(self) -> &'static str {
        match self {
            PlaceKind::Sample => "sample",
            PlaceKind::Blank => "blank",
            PlaceKind::Reference => "control",
            PlaceKind::Duplicate => "duplicate",
        }
    }
}

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoWorksheet {
    /// The code is taken.
    CodeTaken(String),
    /// There is no such worksheet.
    Unknown(String),
    /// Nothing stands on it.
    Empty,
    /// A sample or reference material that must be named is not, or does not exist.
    Place(usize),
    /// No control stands at that position, or it cannot be judged.
    NoControl(WorksheetId, u32),
}

impl Refuse for NoWorksheet {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.7.1";
        match self {
            NoWorksheet::CodeTaken(code) => Refusal::new("worksheet-code-taken", clause).with("code", code),
            NoWorksheet::Unknown(what) => Refusal::new("worksheet-unknown", clause).with("what", what),
            NoWorksheet::Empty => Refusal::new("worksheet-empty", clause),
            NoWorksheet::Place(position) => {
                Refusal::new("worksheet-place", clause).with("position", position)
            }
            NoWorksheet::NoControl(id, position) => Refusal::new("worksheet-no-control", clause)
                .with("position", position)
                .remedy("worksheet.open", Some(Ref::from(*id))),
        }
    }
}
