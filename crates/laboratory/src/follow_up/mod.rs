//! A follow-up: a result lies above what its method can measure, so the sample is to be diluted or measured
//! again on the next range.
//!
//! It is raised by itself, when an import is finished or a result entered, for every valid result above the
//! method's range or marked as over range by the instrument; with it a further result is assigned, which the
//! next measurement fills without a question. While it is open the result is not released. It is *answered*
//! by a later measurement of the same analyte in the same sample: one within range, by whatever method, or
//! the assigned one, which raises its own follow-up if it too lies above. The result it answers becomes void
//! and is kept. A person may also *close* it with a reason: that more than so much is all that has to be
//! known.

mod close;
pub(crate) mod pages;
mod raise;
pub(crate) mod rows;

use kernel::{FollowUpId, Ref, Refusal, Refuse};

use crate::given::words;
pub use close::{CloseFollowUp, FollowUpClosed};
pub use raise::{FollowUp, FollowUpAnswered, FollowUpRaised};

words! {
    /// Why a result is followed up.
    Above {
        /// The instrument says that it is over range, and gives no value.
        OverRange = "over_range",
        /// There is a value, above the range that the method states.
        AboveRange = "above_range",
    }
}

words! {
    /// How a follow-up stands.
    FollowUpState {
        /// To be measured again.
        Open = "open",
        /// Measured again.
        Answered = "answered",
        /// Closed by a person without measuring again.
        Closed = "closed",
    }
}

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoFollowUp {
    /// There is no such follow-up.
    Unknown(String),
    /// It is not open any more.
    NotOpen(FollowUpId, FollowUpState),
}

impl Refuse for NoFollowUp {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.2.1";
        match self {
            NoFollowUp::Unknown(what) => Refusal::new("follow-up-unknown", clause).with("what", what),
            NoFollowUp::NotOpen(id, is) => {
                Refusal::new("follow-up-not-open", clause).with("follow_up", Ref::from(*id)).with("is", is)
            }
        }
    }
}
