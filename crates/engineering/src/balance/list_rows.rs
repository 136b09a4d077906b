//! Lists of balances: the page of all, the periods of one flowsheet, the ledger of losses.

use kernel::{BalanceId, FlowsheetId, Instant, Names};
use serde::Serialize;
use store::{Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::rules::Scope;

store::statements! {
    BALANCES_COUNT = "SELECT COUNT(*) FROM v_engineering_balance b JOIN flowsheet f ON f.number = b.flowsheet
        WHERE (?1 = '' OR LOWER(b.code || ' ' || f.code || ' ' || f.name_en || ' ' || f.name_zh)
            LIKE '%' || LOWER(?1) || '%')
        AND (?2 = '' OR b.state = ?2) AND (?3 = 0 OR b.stale = 1)";
    BALANCES_PAGE = "SELECT b.number, b.code, f.number, f.code, b.scope, b.from_at, b.until_at,
            b.state, b.stale,
            b.reconciliation, b.closes, b.excepted
        FROM v_engineering_balance b JOIN flowsheet f ON f.number = b.flowsheet
        WHERE (?1 = '' OR LOWER(b.code || ' ' || f.code || ' ' || f.name_en || ' ' || f.name_zh)
            LIKE '%' || LOWER(?1) || '%')
        AND (?2 = '' OR b.state = ?2) AND (?3 = 0 OR b.stale = 1)
        ORDER BY b.until_at DESC, b.number DESC LIMIT ?4 OFFSET ?5";
    BALANCES_OF_FLOWSHEET = "SELECT b.number, b.code, f.number, f.code, b.scope, b.from_at, b.until_at,
            b.state,
            b.stale, b.reconciliation, b.closes, b.excepted
        FROM v_engineering_balance b JOIN flowsheet f ON f.number = b.flowsheet
        WHERE b.flowsheet = ?1 ORDER BY b.until_at, b.number";
    BALANCE_STANDING_COUNTS = "SELECT
        (SELECT COUNT(*) FROM v_engineering_balance WHERE state = 'provisional'),
        (SELECT COUNT(*) FROM v_engineering_balance WHERE stale = 1)";
    STALE_WITH = "SELECT number, code FROM metal_balance WHERE stale_because = ?1 AND number <> ?2
        ORDER BY number";
    LOSSES_COUNT = "SELECT COUNT(*) FROM balance_loss l
        JOIN v_engineering_balance b ON b.reconciliation = l.reconciliation
        JOIN flowsheet f ON f.number = b.flowsheet
        WHERE (?1 = '' OR LOWER(b.code || ' ' || f.code || ' ' || l.quantity) LIKE '%' || LOWER(?1) || '%')";
    LOSSES_PAGE = "SELECT b.number, b.code, f.code, b.from_at, b.until_at, b.state, l.quantity,
            l.entered, l.lost,
            l.sd, l.unit
        FROM balance_loss l JOIN v_engineering_balance b ON b.reconciliation = l.reconciliation
        JOIN flowsheet f ON f.number = b.flowsheet
        WHERE (?1 = '' OR LOWER(b.code || ' ' || f.code || ' ' || l.quantity) LIKE '%' || LOWER(?1) || '%')
        ORDER BY b.until_at DESC, b.number DESC, l.quantity LIMIT ?2 OFFSET ?3";
    LOSSES_OF_FLOWSHEET = "SELECT b.number, b.code, f.code, b.from_at, b.until_at, b.state, l.quantity,
            l.entered,
            l.lost, l.sd, l.unit
        FROM balance_loss l JOIN v_engineering_balance b ON b.reconciliation = l.reconciliation
        JOIN flowsheet f ON f.number = b.flowsheet
        WHERE b.flowsheet = ?1 ORDER BY b.until_at, b.number, l.quantity";
    FLOWSHEETS_KNOWN = "SELECT number, code, name_en, name_zh FROM flowsheet ORDER BY code";
}

/// A balance in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub id: BalanceId,
    pub code: String,
    pub flowsheet: FlowsheetId,
    pub flowsheet_code: String,
    pub scope: Scope,
    pub from: Instant,
    pub until: Instant,
    pub is_final: bool,
    pub stale: bool,
    pub reconciled: bool,
    pub closes: bool,
    pub excepted: bool,
}

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        id: BalanceId(row.number(0)?),
        code: row.text(1)?,
        flowsheet: FlowsheetId(row.number(2)?),
        flowsheet_code: row.text(3)?,
        scope: Scope::from_word(&row.text(4)?).unwrap_or(Scope::Other),
        from: row.parse(5)?,
        until: row.parse(6)?,
        is_final: row.text(7)? == "final",
        stale: row.flag(8)?,
        reconciled: row.opt_number(9)?.is_some(),
        closes: row.flag(10)?,
        excepted: row.flag(11)?,
    })
}

/// A page of balances, the latest period first.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<Line>, usize), StoreError> {
    let state = query.other("state").unwrap_or_default();
    let (state, stale) = if state == "stale" { ("", true) } else { (state, false) };
    let total =
        db.one("balances", BALANCES_COUNT, params![&query.filter, state, stale], |row| row.number(0))?;
    let values = params![&query.filter, state, stale, query.page_size, query.offset()];
    Ok((db.query(BALANCES_PAGE, values, line)?, total as usize))
}

/// The balances of a flowsheet, the earliest period first.
pub(crate) fn of_flowsheet(db: &mut Db, id: FlowsheetId) -> Result<Vec<Line>, StoreError> {
    db.query(BALANCES_OF_FLOWSHEET, params![id.number()], line)
}

/// How many balances are provisional, and how many stale.
pub(crate) fn standing(db: &mut Db) -> Result<(u64, u64), StoreError> {
    db.one("balances", BALANCE_STANDING_COUNTS, &[], |row| Ok((row.number(0)?, row.number(1)?)))
}

/// Other balances that went stale for the same reason.
pub(crate) fn stale_with(
    db: &mut Db,
    id: BalanceId,
    because: kernel::Ref,
) -> Result<Vec<(BalanceId, String)>, StoreError> {
    let values = params![because, id.number()];
    db.query(STALE_WITH, values, |row| Ok((BalanceId(row.number(0)?), row.text(1)?)))
}

/// A line of the ledger of losses.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LossLine {
    pub balance: BalanceId,
    pub code: String,
    pub flowsheet_code: String,
    pub from: Instant,
    pub until: Instant,
    pub is_final: bool,
    pub of: String,
    pub entered: String,
    pub lost: String,
    pub sd: String,
    pub unit: String,
}

fn loss(row: &Row<'_>) -> Result<LossLine, StoreError> {
    Ok(LossLine {
        balance: BalanceId(row.number(0)?),
        code: row.text(1)?,
        flowsheet_code: row.text(2)?,
        from: row.parse(3)?,
        until: row.parse(4)?,
        is_final: row.text(5)? == "final",
        of: row.text(6)?,
        entered: row.text(7)?,
        lost: row.text(8)?,
        sd: row.text(9)?,
        unit: row.text(10)?,
    })
}

/// A page of the ledger of losses, the latest period first.
pub(crate) fn losses(db: &mut Db, query: &TableQuery) -> Result<(Vec<LossLine>, usize), StoreError> {
    let total = db.one("losses", LOSSES_COUNT, params![&query.filter], |row| row.number(0))?;
    let values = params![&query.filter, query.page_size, query.offset()];
    Ok((db.query(LOSSES_PAGE, values, loss)?, total as usize))
}

/// The losses of a flowsheet, the earliest period first.
pub(crate) fn losses_of(db: &mut Db, id: FlowsheetId) -> Result<Vec<LossLine>, StoreError> {
    db.query(LOSSES_OF_FLOWSHEET, params![id.number()], loss)
}

/// All flowsheets, by code.
pub(crate) fn flowsheets(db: &mut Db) -> Result<Vec<(FlowsheetId, String, Names)>, StoreError> {
    db.query(FLOWSHEETS_KNOWN, &[], |row| {
        Ok((FlowsheetId(row.number(0)?), row.text(1)?, Names { en: row.text(2)?, zh: row.text(3)? }))
    })
}
