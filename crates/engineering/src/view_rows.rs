//! What engineering reads of other areas: their views, all in this one place.

use kernel::{AuthorisationId, LotId, PersonId, ResultId};
use measure::{Analyte, Decimal, Qualifier};
use store::{Db, StoreError, params};

use crate::balance::settle::Found;
use crate::given::{Figure, Sign};

store::statements! {
    RESULT = "SELECT analyte, qualifier, value, unit, basis, uncertainty, coverage, validity, workflow
        FROM v_laboratory_result WHERE number = ?1";
    UNDER_AUTHORISATION = "SELECT r.number FROM v_laboratory_result r JOIN v_authorisation a
        ON (a.number = r.tested_authorisation AND a.withdrawn_at <= r.tested_at)
        OR (a.number = r.reviewed_authorisation AND a.withdrawn_at <= r.reviewed_at)
        OR (a.number = r.released_authorisation AND a.withdrawn_at <= r.released_at)
        WHERE a.number = ?1 ORDER BY r.number";
    LOT = "SELECT first_kg_dry FROM v_lot WHERE number = ?1";
    PERSON = "SELECT name_en, name_zh FROM v_person WHERE number = ?1";
}

/// A lot as balances see it.
pub(crate) struct Lot {
    /// Its dry mass when it was made.
    pub made_kg_dry: Decimal,
}

/// A laboratory result.
pub(crate) fn result(db: &mut Db, id: ResultId) -> Result<Option<Found>, StoreError> {
    db.maybe(RESULT, params![id.number()], |row| {
        let qualifier: Qualifier = row.parse(1)?;
        let sign = match qualifier {
            Qualifier::Value => Some(Sign::Equal),
            Qualifier::Below => Some(Sign::Below),
            Qualifier::Above => Some(Sign::Above),
            _ => None,
        };
        let figure = match (sign, row.opt_parse(2)?) {
            (Some(sign), Some(number)) => Some(Figure { sign, number }),
            _ => None,
        };
        let uncertainty: Option<Decimal> = row.opt_parse(5)?;
        let coverage: Option<Decimal> = row.opt_parse(6)?;
        let standard = uncertainty.zip(coverage).and_then(|(u, k)| u.checked_div(k));
        Ok(Found {
            id,
            analyte: Analyte::parse(&row.text(0)?),
            figure,
            unit: row.parse(3)?,
            basis: row.parse(4)?,
            standard_uncertainty: standard,
            valid: row.text(7)? == "valid",
        })
    })
}

/// The results that were signed under an authorisation when, by what is known now, it was not valid.
pub(crate) fn under_authorisation(db: &mut Db, id: AuthorisationId) -> Result<Vec<ResultId>, StoreError> {
    db.query(UNDER_AUTHORISATION, params![id.number()], |row| Ok(ResultId(row.number(0)?)))
}

/// A lot.
pub(crate) fn lot(db: &mut Db, id: LotId) -> Result<Option<Lot>, StoreError> {
    db.maybe(LOT, params![id.number()], |row| Ok(Lot { made_kg_dry: row.parse(0)? }))
}

/// A person's names; the bare id where they are erased or unknown.
pub(crate) fn person(db: &mut Db, id: PersonId) -> Result<kernel::Names, StoreError> {
    let found = db.maybe(PERSON, params![id.number()], |row| {
        Ok(kernel::Names { en: row.text(0)?, zh: row.text(1)? })
    })?;
    let plain = || kernel::Names { en: id.to_string(), zh: id.to_string() };
    Ok(found.filter(|names| !names.en.is_empty() || !names.zh.is_empty()).unwrap_or_else(plain))
}
