//! The tables of holds.

use facts::Cause;
use kernel::{HoldId, Instant, LotId, PersonId};
use serde::{Deserialize, Serialize};
use store::{Applied, Db, StoreError, params};
use ui::kit::query::TableQuery;

use super::place::{Ground, LotHeld};

store::statements! {
    HOLD_INSERT = "INSERT INTO hold (number, lot, scope, reason, because, event, placed_at, placed_by)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    HOLD_LOT_INSERT = "INSERT INTO hold_lot (hold, lot, via, at) VALUES (?1, ?2, ?3, ?4)";
    HOLD_BY_ID = "SELECT number, lot, lifted_at, placed_by FROM hold WHERE number = ?1";
    HOLD_LIFT = "UPDATE hold SET lifted_at = ?2, lifted_by = ?3, lift_reason = ?4 WHERE number = ?1";
    HOLD_REACHES = "SELECT lot FROM hold_lot WHERE hold = ?1 ORDER BY lot";
    OPEN_ON_LOT = "SELECT h.number, h.lot, h.reason, h.because, h.event, h.placed_at
                   FROM hold_lot l JOIN hold h ON h.number = l.hold
                   WHERE l.lot = ?1 AND h.lifted_at IS NULL ORDER BY h.number";
    OPEN_COUNT = "SELECT COUNT(*) FROM hold WHERE lifted_at IS NULL";
    HELD_LOTS_COUNT = "SELECT COUNT(DISTINCT l.lot) FROM hold_lot l JOIN hold h ON h.number = l.hold
                       WHERE h.lifted_at IS NULL";
    HOLDS_COUNT = "SELECT COUNT(*) FROM hold h LEFT JOIN v_lot l ON l.number = h.lot
                   WHERE (?1 = '' OR (?1 = 'open' AND h.lifted_at IS NULL) OR (?1 = 'lifted' AND
                   h.lifted_at IS NOT NULL))
                     AND (?2 = '' OR LOWER(l.code || ' ' || h.reason || ' ' ||
                   COALESCE(h.because, '')) LIKE '%' || LOWER(?2) || '%')";
    HOLDS_PAGE = "SELECT h.number, h.lot, l.code, h.reason, h.because, h.event, h.scope, h.placed_at,
                  h.placed_by, h.lifted_at, h.lifted_by,
                  (SELECT COUNT(*) FROM hold_lot r WHERE r.hold = h.number)
                  FROM hold h LEFT JOIN v_lot l ON l.number = h.lot
                  WHERE (?1 = '' OR (?1 = 'open' AND h.lifted_at IS NULL) OR (?1 = 'lifted' AND h.lifted_at
                  IS NOT NULL))
                    AND (?2 = '' OR LOWER(l.code || ' ' || h.reason || ' ' ||
                   COALESCE(h.because, '')) LIKE '%' || LOWER(?2) || '%')
                  ORDER BY h.number DESC LIMIT ?3 OFFSET ?4";
    HOLD_DETAIL = "SELECT h.number, h.lot, l.code, h.reason, h.because, h.event, h.scope, h.placed_at,
                   h.placed_by, h.lifted_at, h.lifted_by,
                   (SELECT COUNT(*) FROM hold_lot r WHERE r.hold = h.number), h.lift_reason
                   FROM hold h LEFT JOIN v_lot l ON l.number = h.lot WHERE h.number = ?1";
    HOLD_LOTS = "SELECT r.lot, l.code, l.state, r.via, v.code, r.at FROM hold_lot r
                 LEFT JOIN v_lot l ON l.number = r.lot LEFT JOIN v_lot v ON v.number = r.via
                 WHERE r.hold = ?1 ORDER BY r.lot LIMIT 2000";
}

/// What deciding on a hold needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Which.
    pub id: HoldId,
    /// Where it was placed.
    pub lot: LotId,
    /// Whether it was lifted.
    pub lifted: bool,
    /// Who placed it.
    pub placed_by: Option<PersonId>,
}

/// A hold as lists show it.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Listed {
    /// Which.
    pub id: HoldId,
    /// Where it was placed.
    pub lot: LotId,
    /// That lot's code.
    pub lot_code: String,
    /// Why.
    #[serde(flatten)]
    pub ground: Ground,
    /// What is in doubt.
    pub scope: Option<String>,
    /// When.
    pub placed_at: Instant,
    /// By whom.
    pub placed_by: Option<PersonId>,
    /// When it was lifted.
    pub lifted_at: Option<Instant>,
    /// By whom.
    pub lifted_by: Option<PersonId>,
    /// How many lots it is on, the first included.
    pub lots: u64,
}

/// A lot that a hold reached.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Reached {
    /// Which.
    pub lot: LotId,
    /// Its code.
    pub code: String,
    /// Where it is in its life.
    pub state: String,
    /// From which lot it came.
    pub via: Option<(LotId, String)>,
    /// When.
    pub at: Instant,
}

/// An open hold on a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Which.
    pub hold: HoldId,
    /// The lot it was placed on.
    pub root: LotId,
    /// Why.
    pub ground: Ground,
    /// When.
    pub placed_at: Instant,
}

impl Open {
    /// Why, in a text: the reason that was given, or the hold, whose page says what happened.
    pub fn why(&self) -> String {
        match &self.ground {
            Ground::Reason(reason) => reason.clone(),
            Ground::Because(_) => self.hold.to_string(),
        }
    }
}

pub(crate) fn find(db: &mut Db, id: HoldId) -> Result<Option<Hold>, StoreError> {
    db.maybe(HOLD_BY_ID, params![id.number()], |row| {
        Ok(Hold {
            id: HoldId(row.number(0)?),
            lot: LotId(row.number(1)?),
            lifted: row.opt_text(2)?.is_some(),
            placed_by: row.opt_number(3)?.map(PersonId),
        })
    })
}

/// The open holds on a lot, wherever they were placed.
pub fn open_on(db: &mut Db, lot: LotId) -> Result<Vec<Open>, StoreError> {
    db.query(OPEN_ON_LOT, params![lot.number()], |row| {
        let (hold, root) = (HoldId(row.number(0)?), LotId(row.number(1)?));
        Ok(Open { hold, root, ground: ground(row, 2)?, placed_at: row.parse(5)? })
    })
}

/// The lots a hold is on.
pub(super) fn reaches(db: &mut Db, hold: HoldId) -> Result<std::collections::BTreeSet<LotId>, StoreError> {
    Ok(db.query(HOLD_REACHES, params![hold.number()], |row| Ok(LotId(row.number(0)?)))?.into_iter().collect())
}

/// Why a hold was placed, from its columns `reason`, `because` and `event`.
fn ground(row: &store::Row<'_>, first: usize) -> Result<Ground, StoreError> {
    match (row.opt_parse(first + 1)?, row.opt_parse(first + 2)?) {
        (Some(record), Some(event)) => Ok(Ground::Because(Cause { record, event })),
        _ => Ok(Ground::Reason(row.text(first)?)),
    }
}

pub(super) fn put(db: &mut Db, of: &LotHeld, applied: &Applied) -> Result<(), StoreError> {
    let (reason, cause) = match &of.ground {
        Ground::Reason(reason) => (reason.as_str(), None),
        Ground::Because(cause) => ("", Some(cause)),
    };
    let (record, event) = (cause.map(|cause| cause.record), cause.map(|cause| cause.event.word()));
    let (lot, by) = (of.lot.number(), applied.person.map(PersonId::number));
    let scope = of.scope.as_deref();
    let values = params![of.hold.number(), lot, scope, reason, record, event, applied.at, by];
    db.execute(HOLD_INSERT, values)?;
    put_lot(db, of.hold, of.lot, None, applied.at)
}

pub(super) fn put_lot(
    db: &mut Db,
    hold: HoldId,
    lot: LotId,
    via: Option<LotId>,
    at: Instant,
) -> Result<(), StoreError> {
    let values = params![hold.number(), lot.number(), via.map(LotId::number), at];
    db.execute(HOLD_LOT_INSERT, values).map(|_| ())
}

pub(super) fn lift(
    db: &mut Db,
    hold: HoldId,
    at: Instant,
    by: PersonId,
    reason: &str,
) -> Result<(), StoreError> {
    db.execute(HOLD_LIFT, params![hold.number(), at, by.number(), reason]).map(|_| ())
}

/// How many holds are open, and on how many lots.
pub(crate) fn open_counts(db: &mut Db) -> Result<(u64, u64), StoreError> {
    let holds = db.one("holds", OPEN_COUNT, &[], |row| row.number(0))?;
    Ok((holds, db.one("held lots", HELD_LOTS_COUNT, &[], |row| row.number(0))?))
}

fn listed(row: &store::Row<'_>) -> Result<Listed, StoreError> {
    Ok(Listed {
        id: HoldId(row.number(0)?),
        lot: LotId(row.number(1)?),
        lot_code: row.opt_text(2)?.unwrap_or_default(),
        ground: ground(row, 3)?,
        scope: row.opt_text(6)?,
        placed_at: row.parse(7)?,
        placed_by: row.opt_number(8)?.map(PersonId),
        lifted_at: row.opt_parse(9)?,
        lifted_by: row.opt_number(10)?.map(PersonId),
        lots: row.number(11)?,
    })
}

pub(super) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<Listed>, usize), StoreError> {
    let state = query.other("state").unwrap_or_default().to_owned();
    let total = db.one("holds", HOLDS_COUNT, params![&state, &query.filter], |row| row.number(0))?;
    let values = params![&state, &query.filter, query.page_size, query.offset()];
    Ok((db.query(HOLDS_PAGE, values, listed)?, total as usize))
}

/// One hold with its lots, and why it was lifted.
pub(crate) type Detail = (Listed, Option<String>, Vec<Reached>);

pub(crate) fn detail(db: &mut Db, id: HoldId) -> Result<Option<Detail>, StoreError> {
    let found = db.maybe(HOLD_DETAIL, params![id.number()], |row| Ok((listed(row)?, row.opt_text(12)?)))?;
    let Some((listed, why)) = found else { return Ok(None) };
    let lots = db.query(HOLD_LOTS, params![id.number()], |row| {
        let via = row.opt_number(3)?.map(LotId);
        let via_code = row.opt_text(4)?.unwrap_or_default();
        Ok(Reached {
            lot: LotId(row.number(0)?),
            code: row.opt_text(1)?.unwrap_or_default(),
            state: row.opt_text(2)?.unwrap_or_default(),
            via: via.map(|via| (via, via_code)),
            at: row.parse(5)?,
        })
    })?;
    Ok(Some((listed, why, lots)))
}
