//! Rejected material in a lot: somebody answers for it, or the lot stays.

use super::{Case, Found};

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
