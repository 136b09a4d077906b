//! A method, and its editions.
//!
//! What a laboratory can find out is a [`MethodVersion`]: which analytes, in which unit and basis, between
//! which limits, with which uncertainty, and which quality control must have passed. A version never changes
//! after it is issued; a result keeps the version it was measured under, and with it all of that. The version
//! in force at a day is the one that came into force last. From then on nothing may be entered on an older
//! one (W7).

mod define;
mod issue_version;
pub(crate) mod pages;
pub(crate) mod rows;
pub mod rules;
mod void;

pub use define::{DefineMethod, MethodDefined};
pub use issue_version::{IssueMethodVersion, MethodVersionIssued};
pub use rules::{AnalyteSpec, MethodVersion};
pub use void::{MethodVersionVoided, VoidMethodVersion};
