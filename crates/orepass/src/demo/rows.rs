//! What the story asks the institute's own records, by the views that areas publish.

use anyhow::{Context, Result};
use kernel::{CertificateId, LotId, Ref, ResultId};
use measure::Decimal;
use store::{Store, params};

store::statements! {
    LOT = "SELECT number, mass_kg_wet, mass_kg_dry FROM v_lot WHERE code = ?1";
    RESULTS = "SELECT sample_code, number, qc FROM v_laboratory_result
        WHERE method_code = ?1 AND workflow = ?2 AND validity = 'valid' ORDER BY sample_code, number";
    RESULT = "SELECT number FROM v_laboratory_result
        WHERE sample_code = ?1 AND analyte = ?2 AND validity = 'valid' ORDER BY number DESC LIMIT 1";
    COUNTS = "SELECT (SELECT COUNT(*) FROM v_lot), (SELECT COUNT(*) FROM v_laboratory_result),
        (SELECT COUNT(*) FROM v_person), (SELECT COUNT(*) FROM v_certificate),
        (SELECT COUNT(DISTINCT lot) FROM v_hold WHERE lifted_at IS NULL)";
    CERTIFICATES = "SELECT number, code, revision, superseded_by FROM v_certificate ORDER BY number";
}

/// A lot as the books have it.
pub(super) struct Lot {
    pub(super) id: LotId,
    pub(super) kg_wet: Decimal,
    pub(super) kg_dry: Decimal,
}

/// The lot of this code.
pub(super) fn lot(store: &Store, code: &str) -> Result<Lot> {
    let found = store.read(|db| {
        db.maybe(LOT, params![code], |row| {
            Ok(Lot { id: LotId(row.number(0)?), kg_wet: row.parse(1)?, kg_dry: row.parse(2)? })
        })
    })?;
    found.with_context(|| format!("there is no lot {code}"))
}

/// A result that somebody still has to act on.
pub(super) struct Open {
    pub(super) sample: String,
    pub(super) result: ResultId,
    pub(super) qc: String,
}

/// The results of a method in a state of their work.
pub(super) fn results(store: &Store, method: &str, workflow: &str) -> Result<Vec<Open>> {
    let all = store.read(|db| {
        db.query(RESULTS, params![method, workflow], |row| {
            Ok(Open { sample: row.text(0)?, result: ResultId(row.number(1)?), qc: row.text(2)? })
        })
    })?;
    Ok(all)
}

/// The newest result of a sample for an analyte.
pub(super) fn result(store: &Store, sample: &str, analyte: &str) -> Result<ResultId> {
    let found =
        store.read(|db| db.maybe(RESULT, params![sample, analyte], |row| Ok(ResultId(row.number(0)?))))?;
    found.with_context(|| format!("{sample} has no result for {analyte}"))
}

/// How much of everything there is.
pub(super) struct Counts {
    pub(super) lots: u64,
    pub(super) results: u64,
    pub(super) people: u64,
    pub(super) certificates: u64,
    pub(super) held: u64,
}

/// Counts records.
pub(super) fn counts(store: &Store) -> Result<Counts> {
    let counts = store.read(|db| {
        db.one("counts", COUNTS, &[], |row| {
            Ok(Counts {
                lots: row.number(0)?,
                results: row.number(1)?,
                people: row.number(2)?,
                certificates: row.number(3)?,
                held: row.number(4)?,
            })
        })
    })?;
    Ok(counts)
}

/// A certificate: id, code, revision, what took its place.
pub(super) type Certificate = (CertificateId, String, u64, Option<Ref>);

/// All certificates, in the order of issue.
pub(super) fn certificates(store: &Store) -> Result<Vec<Certificate>> {
    let all = store.read(|db| {
        db.query(CERTIFICATES, &[], |row| {
            let later = row.opt_number(3)?.map(|number| CertificateId(number).into());
            Ok((CertificateId(row.number(0)?), row.text(1)?, row.number(2)?, later))
        })
    })?;
    Ok(all)
}
