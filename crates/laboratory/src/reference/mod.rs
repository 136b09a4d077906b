//! Certified reference materials and their lots: what is known for sure, so that a run can be controlled.
//!
//! A lot is recognised in an instrument file by its code, written as the sample id of a control.

mod add_lot;
mod define;
pub(crate) mod pages;
pub(crate) mod rows;
pub mod rules;
mod void_lot;

pub use add_lot::{AddReferenceLot, CertifiedValue, ReferenceLotAdded};
pub use define::{DefineReferenceMaterial, ReferenceMaterialDefined};
pub use rules::NoReference;
pub use void_lot::{ReferenceLotVoided, VoidReferenceLot};
