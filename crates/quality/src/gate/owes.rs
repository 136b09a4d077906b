//! A lot of a material without a specification owes a release all the same where it is another name for one
//! that did: product that nobody released does not leave as an intermediate, nor a rejected lot as what it
//! was reworked into.

use std::collections::BTreeSet;

use kernel::{Instant, LotId};
use store::{Db, StoreError};

use super::rows;
use crate::specification::rows as specifications;
use crate::specification::rules::ever_in_force;
use crate::view_rows;

/// The nearest lot for which a release is owed: one that was reworked into it, or product with a
/// specification that went into it without a release.
pub(super) fn a_release(db: &mut Db, lot: LotId, at: Instant) -> Result<Option<LotId>, StoreError> {
    let (mut open, mut seen) = (vec![lot], BTreeSet::from([lot]));
    while let Some(lot) = open.pop() {
        for flow in rows::flows_into(db, lot)? {
            if flow.kind == "rework" {
                return Ok(Some(flow.source));
            }
            let release = super::released_before(db, flow.source, Some(flow.by))?;
            if let Some(release) = release.filter(|of| of.customer.is_none())
                && super::fallen(db, flow.source, release.disposition, at)?.is_empty()
            {
                continue;
            }
            let Some(of) = view_rows::lot(db, flow.source)? else { continue };
            let product = rows::material_kind(db, of.material)?.as_deref() == Some("product");
            if product && ever_in_force(&specifications::of_material(db, of.material)?, at) {
                return Ok(Some(flow.source));
            }
            if seen.insert(flow.source) {
                open.push(flow.source);
            }
        }
    }
    Ok(None)
}
