//! How a balance stands and what is to be done with it next, for the head of all its pages.

use kernel::{BalanceId, Kind, Ref};
use site::{Miss, Visit};
use store::StoreError;
use ui::Badge;
use ui::kit::record::Action;

use crate::balance::{page, rows};
use crate::show;

/// Final or provisional, and stale before both.
pub(crate) fn standing(visit: &mut Visit<'_>, record: Ref) -> Result<Vec<Badge>, StoreError> {
    if record.kind != Kind::Balance {
        return Ok(Vec::new());
    }
    let found = rows::find(visit.db, BalanceId(record.number))?;
    let badges = found.map(|of| show::state(visit.words, of.state.is_final(), of.stale.is_some()));
    Ok(badges.unwrap_or_default())
}

/// What the page of the balance offers.
pub(crate) fn next(visit: &mut Visit<'_>, record: Ref) -> Result<Option<Action>, StoreError> {
    if record.kind != Kind::Balance {
        return Ok(None);
    }
    match page::load(visit, BalanceId(record.number)) {
        Ok(page) => Ok(page.action),
        Err(Miss::Failed(error)) => Err(error),
        Err(_) => Ok(None),
    }
}
