//! The story of a release. A lot is released when every check holds at that instant: the right edition of the
//! right specification, all required results released with their quality control, methods, instruments and
//! signers in order, masses consistent, no open hold on the lot or on anything it was made from, nothing
//! implausible, and every verdict a pass. What fails is refused with the reason, what would mend it, and who
//! can do that.
//!
//! Some checks may be overridden by a second person with a reason and an expiry; a verdict is never
//! overridden but conceded, with the customer's consent. Both are records, are counted, and stand on the
//! certificate where the reader needs them. A rejected lot is not released, nor is anything split off it
//! ([`inherit`]); what contains some is released only when a second person answers for it. Rework makes
//! another lot.

pub(crate) mod case;
pub(crate) mod checks;
pub mod concede;
pub(crate) mod inherit;
pub(crate) mod known;
pub(crate) mod list_rows;
pub(crate) mod lists_pages;
pub(crate) mod outdate;
pub mod override_gate;
pub(crate) mod pages;
pub mod reject;
pub mod release_lot;
pub(crate) mod rows;
pub mod rules;
pub(crate) mod since;
mod stopped;

pub use case::{Assessment, checks as assess_lot, sole_version};
pub use checks::{Case, Check, Key, State};
