//! How a lot stands in the books, for the head of its pages.

use kernel::{Kind, Ref};
use site::Visit;
use store::{StoreError, params};
use ui::Badge;

use crate::{rows, show};

/// In stock, consumed, shipped or lost.
pub(crate) fn standing(visit: &mut Visit<'_>, record: Ref) -> Result<Vec<Badge>, StoreError> {
    if record.kind != Kind::Lot {
        return Ok(Vec::new());
    }
    let state = visit.db.maybe(rows::LOT_STATE, params![record.number], |row| row.text(0))?;
    Ok(state.iter().map(|state| show::lot_state(visit.words, state)).collect())
}
