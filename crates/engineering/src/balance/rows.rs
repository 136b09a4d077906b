//! The tables of balances, their figures and reconciliations.

use kernel::{
    BalanceId, FigureId, FlowsheetId, FlowsheetVersionId, Instant, LotId, MeasurementId, PersonId,
    ReconciliationId, Ref, ResultId,
};
use serde::{Serialize, de::DeserializeOwned};
use store::{Applied, Db, Row, Stop, StoreError, params};

use super::except::BalanceExcepted;
use super::finalise::BalanceFinalised;
use super::open::BalanceOpened;
use super::reconcile::BalanceReconciled;
use super::rules::{Balance, BalanceRefused, Excepted, Exception, Scope, Stale, State};
use super::settle::{Measured, Stock};
use crate::flowsheet::rows::{self as flowsheets, Version};
use crate::solve::{Case, Solved};

store::statements! {
    BALANCE_INSERT = "INSERT INTO metal_balance (number, code, flowsheet, flowsheet_version, scope, from_at,
        until_at, custody, state, revision, opened_at, opened_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'provisional', 1, ?9, ?10)";
    BALANCE_BY_CODE = "SELECT number FROM metal_balance WHERE code = ?1";
    BALANCE_BY_ID = "SELECT number, code, flowsheet_version, scope, from_at, until_at, custody, state,
            revision,
        reconciliation, stale_at, stale_because, finalised_at, finalised_by FROM metal_balance
        WHERE number = ?1";
    BALANCE_FLOWSHEET = "SELECT flowsheet FROM metal_balance WHERE number = ?1";
    BALANCE_OUTDATE = "UPDATE metal_balance SET stale_at = ?2, stale_because = ?3
        WHERE number = ?1 AND reconciliation IS NOT NULL AND stale_at IS NULL";
    BALANCE_RECONCILED = "UPDATE metal_balance SET reconciliation = ?2, stale_at = NULL, stale_because = NULL
        WHERE number = ?1";
    BALANCE_FINAL = "UPDATE metal_balance SET state = 'final', finalised_at = ?2, finalised_by = ?3
        WHERE number = ?1";
    BALANCE_OPEN_AGAIN = "UPDATE metal_balance SET state = 'provisional', revision = ?2, finalised_at = NULL,
        finalised_by = NULL WHERE number = ?1";
    LOT_LINKED = "SELECT lot FROM balance_lot WHERE balance = ?1 AND stream = ?2 AND lot = ?3";
    LOT_LINK = "INSERT INTO balance_lot (balance, stream, lot, feed) VALUES (?1, ?2, ?3, ?4)";
    LOTS_OF = "SELECT l.stream, l.lot, v.code FROM balance_lot l LEFT JOIN v_lot v ON v.number = l.lot
        WHERE l.balance = ?1 ORDER BY l.stream, l.lot";
    MEASUREMENT_CURRENT = "SELECT number FROM balance_measurement
        WHERE balance = ?1 AND kind = ?2 AND place = ?3 AND quantity = ?4 AND replaced_by IS NULL";
    MEASUREMENT_REPLACE = "UPDATE balance_measurement SET replaced_by = ?2 WHERE number = ?1";
    MEASUREMENT_INSERT = "INSERT INTO balance_measurement (number, balance, place, quantity, kind,
            result, lot,
        typed, detail, at, person) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    MEASUREMENTS = "SELECT detail FROM balance_measurement
        WHERE balance = ?1 AND kind = ?2 AND replaced_by IS NULL ORDER BY number";
    MEASUREMENT_BY_ID = "SELECT balance, kind, detail FROM balance_measurement WHERE number = ?1";
    RESTING_ON_RESULT = "SELECT DISTINCT b.number FROM balance_measurement m
        JOIN metal_balance b ON b.number = m.balance WHERE m.result = ?1 AND m.replaced_by IS NULL
        AND b.reconciliation IS NOT NULL AND b.stale_at IS NULL ORDER BY b.number";
    RESTING_ON_LOT = "SELECT DISTINCT b.number FROM balance_measurement m
        JOIN metal_balance b ON b.number = m.balance WHERE m.lot = ?1 AND m.replaced_by IS NULL
        AND b.reconciliation IS NOT NULL AND b.stale_at IS NULL ORDER BY b.number";
    RECONCILIATION_INSERT = "INSERT INTO balance_reconciliation (number, balance, revision, closes,
            detail, at,
        person) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    RECONCILIATION_BY_ID = "SELECT detail FROM balance_reconciliation WHERE number = ?1";
    RECONCILIATION_HEAD = "SELECT r.balance, b.code, r.revision, r.at FROM balance_reconciliation r
        JOIN metal_balance b ON b.number = r.balance WHERE r.number = ?1";
    RECONCILIATIONS = "SELECT number, revision, closes, at, person FROM balance_reconciliation
        WHERE balance = ?1 ORDER BY number DESC";
    FIGURE_INSERT = "INSERT INTO balance_figure (number, reconciliation, stream, quantity, measurement, raw,
        accounting, reconciled, sd, unit) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    FIGURES_OF = "SELECT number, stream, quantity FROM balance_figure WHERE reconciliation = ?1";
    FIGURE_BY_ID = "SELECT f.stream, f.quantity, f.raw, f.accounting, f.reconciled, f.sd, f.unit, b.number,
        b.code FROM balance_figure f JOIN balance_reconciliation r ON r.number = f.reconciliation
        JOIN metal_balance b ON b.number = r.balance WHERE f.number = ?1";
    LOSS_INSERT = "INSERT INTO balance_loss (reconciliation, quantity, entered, lost, sd, unit)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    ORIGIN_INSERT = "INSERT INTO balance_origin (reconciliation, stream, feed, share) VALUES (?1, ?2,
            ?3, ?4)";
    EXCEPTION_INSERT = "INSERT INTO balance_exception (number, balance, reconciliation, what, reason,
            at, person)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    EXCEPTIONS_OF = "SELECT what, person, reason, at FROM balance_exception WHERE reconciliation = ?1
        ORDER BY number";
    EXCEPTION_BY_ID = "SELECT x.what, x.reason, b.number, b.code FROM balance_exception x
        JOIN metal_balance b ON b.number = x.balance WHERE x.number = ?1";
}

fn json(what: impl std::fmt::Display, value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|why| StoreError::stored(what, why))
}

fn word<T>(what: &str, word: String, read: fn(&str) -> Option<T>) -> Result<T, StoreError> {
    read(&word).ok_or_else(|| StoreError::stored(what, word))
}

fn balance(row: &Row<'_>) -> Result<Balance, StoreError> {
    let reconciliation = row.opt_number(9)?.map(ReconciliationId);
    let finalised: Option<Instant> = row.opt_parse(12)?;
    let state = match (finalised, reconciliation) {
        (Some(at), Some(reconciliation)) => {
            State::Final { reconciliation, at, by: row.opt_number(13)?.map(PersonId) }
        }
        _ => State::Provisional { reconciliation },
    };
    let stale = match (row.opt_parse(10)?, row.opt_parse(11)?) {
        (Some(at), Some(because)) => Some(Stale { at, because }),
        _ => None,
    };
    Ok(Balance {
        id: BalanceId(row.number(0)?),
        code: row.text(1)?,
        version: FlowsheetVersionId(row.number(2)?),
        scope: word("a scope", row.text(3)?, Scope::from_word)?,
        from: row.parse(4)?,
        until: row.parse(5)?,
        custody: row.parse(6)?,
        revision: u32::try_from(row.number(8)?).unwrap_or(u32::MAX),
        state,
        stale,
    })
}

/// One balance.
pub(crate) fn find(db: &mut Db, id: BalanceId) -> Result<Option<Balance>, StoreError> {
    db.maybe(BALANCE_BY_ID, params![id.number()], balance)
}

/// A balance that is not final, with its flowsheet; anything else is refused.
pub(super) fn open_one(db: &mut Db, id: BalanceId) -> Result<(Balance, Version), Stop> {
    let balance = find(db, id)?.ok_or_else(|| BalanceRefused::NoSuch(id.into()))?;
    if balance.state.is_final() {
        return Err(BalanceRefused::AlreadyFinal(id).into());
    }
    let version = version_of(db, &balance)?;
    Ok((balance, version))
}

/// The flowsheet version of a balance.
pub(crate) fn version_of(db: &mut Db, of: &Balance) -> Result<Version, StoreError> {
    flowsheets::version(db, of.version)?.ok_or_else(|| StoreError::Missing(of.version.to_string()))
}

pub(super) fn flowsheet_of(db: &mut Db, id: BalanceId) -> Result<Option<FlowsheetId>, StoreError> {
    db.maybe(BALANCE_FLOWSHEET, params![id.number()], |row| Ok(FlowsheetId(row.number(0)?)))
}

pub(super) fn code_taken(db: &mut Db, code: &str) -> Result<bool, StoreError> {
    Ok(db.maybe(BALANCE_BY_CODE, params![code], |row| row.number(0))?.is_some())
}

pub(super) fn put(db: &mut Db, opened: &BalanceOpened, applied: &Applied) -> Result<(), StoreError> {
    let values = params![
        opened.balance.number(),
        &opened.code,
        opened.flowsheet.number(),
        opened.version.number(),
        opened.scope.word(),
        opened.from,
        opened.until,
        opened.custody.word(),
        applied.at,
        applied.person.map(PersonId::number)
    ];
    db.execute(BALANCE_INSERT, values).map(|_| ())
}

pub(super) fn linked(db: &mut Db, id: BalanceId, stream: &str, lot: LotId) -> Result<bool, StoreError> {
    Ok(db.maybe(LOT_LINKED, params![id.number(), stream, lot.number()], |row| row.number(0))?.is_some())
}

/// Links lots to a stream, with whether it is a feed by the flowsheet of the balance.
pub(super) fn put_lots(db: &mut Db, id: BalanceId, stream: &str, lots: &[LotId]) -> Result<(), StoreError> {
    let balance = find(db, id)?.ok_or_else(|| StoreError::Missing(id.to_string()))?;
    let feed = version_of(db, &balance)?.definition.feeds().any(|of| of.name.as_str() == stream);
    for lot in lots {
        db.execute(LOT_LINK, params![id.number(), stream, lot.number(), feed])?;
    }
    Ok(())
}

/// The lots of a balance: stream, lot, its code.
pub(crate) fn lots(db: &mut Db, id: BalanceId) -> Result<Vec<(String, LotId, String)>, StoreError> {
    db.query(LOTS_OF, params![id.number()], |row| {
        Ok((row.text(0)?, LotId(row.number(1)?), row.opt_text(2)?.unwrap_or_default()))
    })
}

/// The figure or stock-take that stands now.
pub(super) fn current(
    db: &mut Db,
    id: BalanceId,
    kind: &str,
    place: &str,
    of: &str,
) -> Result<Option<MeasurementId>, StoreError> {
    let values = params![id.number(), kind, place, of];
    db.maybe(MEASUREMENT_CURRENT, values, |row| Ok(MeasurementId(row.number(0)?)))
}

pub(super) fn put_measured(
    db: &mut Db,
    id: BalanceId,
    of: &Measured,
    applied: &Applied,
) -> Result<(), StoreError> {
    if let Some(earlier) = of.replaces {
        db.execute(MEASUREMENT_REPLACE, params![earlier.number(), of.id.number()])?;
    }
    let typed = of.source == super::Source::Typed;
    let values = params![
        of.id.number(),
        id.number(),
        &of.stream,
        &of.of,
        "stream",
        of.result.map(ResultId::number),
        of.lot.map(LotId::number),
        typed,
        json(of.id, of)?,
        applied.at,
        applied.person.map(PersonId::number)
    ];
    db.execute(MEASUREMENT_INSERT, values).map(|_| ())
}

pub(super) fn put_stock(db: &mut Db, id: BalanceId, of: &Stock, applied: &Applied) -> Result<(), StoreError> {
    if let Some(earlier) = of.replaces {
        db.execute(MEASUREMENT_REPLACE, params![earlier.number(), of.id.number()])?;
    }
    let values = params![
        of.id.number(),
        id.number(),
        &of.node,
        &of.of,
        "stock",
        None::<u64>,
        None::<u64>,
        false,
        json(of.id, of)?,
        applied.at,
        applied.person.map(PersonId::number)
    ];
    db.execute(MEASUREMENT_INSERT, values).map(|_| ())
}

fn details<T: DeserializeOwned>(db: &mut Db, id: BalanceId, kind: &str) -> Result<Vec<T>, StoreError> {
    db.query(MEASUREMENTS, params![id.number(), kind], |row| row.json(0))
}

/// Everything a reconciliation of a balance looks at.
pub(crate) fn case(db: &mut Db, of: &Balance, version: &Version) -> Result<Case, StoreError> {
    Ok(Case {
        definition: version.definition.clone(),
        measured: details(db, of.id, "stream")?,
        stocks: details(db, of.id, "stock")?,
    })
}

/// A figure or stock-take on its own.
pub(crate) enum Taken {
    Measured(BalanceId, Box<Measured>),
    Stock(BalanceId, Box<Stock>),
}

/// A figure or stock-take by id.
pub(crate) fn measurement(db: &mut Db, id: MeasurementId) -> Result<Option<Taken>, StoreError> {
    db.maybe(MEASUREMENT_BY_ID, params![id.number()], |row| {
        let balance = BalanceId(row.number(0)?);
        Ok(match row.text(1)?.as_str() {
            "stock" => Taken::Stock(balance, Box::new(row.json(2)?)),
            _ => Taken::Measured(balance, Box::new(row.json(2)?)),
        })
    })
}

/// After a reconciliation, a new figure makes it out of date.
pub(super) fn outdate(db: &mut Db, id: BalanceId, because: Ref, at: Instant) -> Result<(), StoreError> {
    db.execute(BALANCE_OUTDATE, params![id.number(), at, because]).map(|_| ())
}

/// Something below it no longer stands.
pub(super) fn set_stale(db: &mut Db, id: BalanceId, because: Ref, at: Instant) -> Result<(), StoreError> {
    outdate(db, id, because, at)
}

/// Reconciled balances that rest on a result and are not stale yet.
pub(crate) fn resting_on_result(db: &mut Db, id: ResultId) -> Result<Vec<BalanceId>, StoreError> {
    db.query(RESTING_ON_RESULT, params![id.number()], |row| Ok(BalanceId(row.number(0)?)))
}

/// Reconciled balances that rest on the mass of a lot and are not stale yet.
pub(crate) fn resting_on_lot(db: &mut Db, id: LotId) -> Result<Vec<BalanceId>, StoreError> {
    db.query(RESTING_ON_LOT, params![id.number()], |row| Ok(BalanceId(row.number(0)?)))
}

pub(super) fn put_reconciled(
    db: &mut Db,
    fact: &BalanceReconciled,
    applied: &Applied,
) -> Result<(), StoreError> {
    let (id, solved) = (fact.reconciliation.number(), &fact.solved);
    let values = params![
        id,
        fact.balance.number(),
        fact.revision,
        solved.closes(),
        json(fact.reconciliation, solved)?,
        applied.at,
        applied.person.map(PersonId::number)
    ];
    db.execute(RECONCILIATION_INSERT, values)?;
    let version = flowsheets::version(db, fact.version)?;
    let version = version.ok_or_else(|| StoreError::Missing(fact.version.to_string()))?;
    for (number, figure) in fact.ids.iter().zip(&solved.figures) {
        let unit = version.definition.unit_of(&figure.of).map(|unit| unit.symbol()).unwrap_or_default();
        let values = params![
            number.number(),
            id,
            &figure.stream,
            &figure.of,
            figure.measurement.map(MeasurementId::number),
            figure.raw.as_ref(),
            figure.accounting.as_ref(),
            figure.reconciled.as_ref(),
            figure.sd.as_ref(),
            unit
        ];
        db.execute(FIGURE_INSERT, values)?;
    }
    let unit = version.definition.unit.symbol();
    for loss in &solved.losses {
        db.execute(LOSS_INSERT, params![id, &loss.of, &loss.entered, &loss.lost, &loss.sd, unit])?;
    }
    for origin in &solved.origins {
        db.execute(ORIGIN_INSERT, params![id, &origin.stream, &origin.feed, &origin.share])?;
    }
    db.execute(BALANCE_RECONCILED, params![fact.balance.number(), id]).map(|_| ())
}

/// What a reconciliation found.
pub(crate) fn solved(db: &mut Db, id: ReconciliationId) -> Result<Option<Solved>, StoreError> {
    db.maybe(RECONCILIATION_BY_ID, params![id.number()], |row| row.json(0))
}

/// Of which balance a reconciliation is: the balance, its code, the revision, when.
pub(crate) fn reconciliation(
    db: &mut Db,
    id: ReconciliationId,
) -> Result<Option<(BalanceId, String, u32, Instant)>, StoreError> {
    db.maybe(RECONCILIATION_HEAD, params![id.number()], |row| {
        let revision = u32::try_from(row.number(2)?).unwrap_or(u32::MAX);
        Ok((BalanceId(row.number(0)?), row.text(1)?, revision, row.parse(3)?))
    })
}

/// A reconciliation in a list.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Listed {
    pub id: ReconciliationId,
    pub revision: u64,
    pub closes: bool,
    pub at: Instant,
    pub by: Option<PersonId>,
}

/// The reconciliations of a balance, newest first.
pub(crate) fn reconciliations(db: &mut Db, id: BalanceId) -> Result<Vec<Listed>, StoreError> {
    db.query(RECONCILIATIONS, params![id.number()], |row| {
        Ok(Listed {
            id: ReconciliationId(row.number(0)?),
            revision: row.number(1)?,
            closes: row.flag(2)?,
            at: row.parse(3)?,
            by: row.opt_number(4)?.map(PersonId),
        })
    })
}

/// The ids of the figures of a reconciliation by stream and quantity.
pub(crate) fn figures(
    db: &mut Db,
    id: ReconciliationId,
) -> Result<std::collections::BTreeMap<(String, String), FigureId>, StoreError> {
    let all = db.query(FIGURES_OF, params![id.number()], |row| {
        Ok(((row.text(1)?, row.text(2)?), FigureId(row.number(0)?)))
    })?;
    Ok(all.into_iter().collect())
}

/// One reconciled number with its balance.
pub(crate) struct OneFigure {
    pub stream: String,
    pub of: String,
    pub raw: Option<String>,
    pub accounting: Option<String>,
    pub reconciled: Option<String>,
    pub sd: Option<String>,
    pub unit: String,
    pub balance: BalanceId,
    pub code: String,
}

/// A reconciled number by id.
pub(crate) fn figure(db: &mut Db, id: FigureId) -> Result<Option<OneFigure>, StoreError> {
    db.maybe(FIGURE_BY_ID, params![id.number()], |row| {
        Ok(OneFigure {
            stream: row.text(0)?,
            of: row.text(1)?,
            raw: row.opt_text(2)?,
            accounting: row.opt_text(3)?,
            reconciled: row.opt_text(4)?,
            sd: row.opt_text(5)?,
            unit: row.text(6)?,
            balance: BalanceId(row.number(7)?),
            code: row.text(8)?,
        })
    })
}

pub(super) fn put_exception(
    db: &mut Db,
    fact: &BalanceExcepted,
    applied: &Applied,
) -> Result<(), StoreError> {
    let values = params![
        fact.exception.number(),
        fact.balance.number(),
        fact.reconciliation.number(),
        fact.what.word(),
        &fact.reason,
        applied.at,
        fact.person.number()
    ];
    db.execute(EXCEPTION_INSERT, values).map(|_| ())
}

/// The exceptions of a reconciliation.
pub(crate) fn exceptions(db: &mut Db, id: ReconciliationId) -> Result<Vec<Exception>, StoreError> {
    db.query(EXCEPTIONS_OF, params![id.number()], |row| {
        Ok(Exception {
            what: word("an exception", row.text(0)?, Excepted::from_word)?,
            person: PersonId(row.number(1)?),
            reason: row.text(2)?,
            at: row.parse(3)?,
        })
    })
}

/// An exception by number: for what, why, of which balance and its code.
pub(crate) fn exception(
    db: &mut Db,
    number: u64,
) -> Result<Option<(String, String, BalanceId, String)>, StoreError> {
    db.maybe(EXCEPTION_BY_ID, params![number], |row| {
        Ok((row.text(0)?, row.text(1)?, BalanceId(row.number(2)?), row.text(3)?))
    })
}

pub(super) fn set_final(db: &mut Db, fact: &BalanceFinalised, applied: &Applied) -> Result<(), StoreError> {
    db.execute(BALANCE_FINAL, params![fact.balance.number(), applied.at, fact.person.number()]).map(|_| ())
}

pub(super) fn set_open(db: &mut Db, id: BalanceId, revision: u32) -> Result<(), StoreError> {
    db.execute(BALANCE_OPEN_AGAIN, params![id.number(), revision]).map(|_| ())
}
