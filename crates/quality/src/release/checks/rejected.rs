//! Rejected material in a lot: somebody answers for it, or the lot stays.

use kernel::DispositionId;

use super::{Case, Found};

/// Rejected material in a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedPart {
    /// The decision.
    pub disposition: DispositionId,
    /// The lot that was rejected.
    pub code: String,
    /// How much of the dry mass it is, %; nothing where that is not known.
    pub share_percent: Option<String>,
    /// Why it was rejected.
    pub reason: String,
}

/// Whether the lot contains anything that was rejected, by any way but rework.
pub(super) fn free(case: &Case) -> Found {
    let mut found = Found::default();
    found.see(case.lot.id);
    for of in &case.rejected {
        let share = of.share_percent.as_deref().map(|share| format!(" ({share} %)")).unwrap_or_default();
        found.fail(of.disposition, format!("{}{share}: {}", of.code, of.reason));
    }
    found
}
