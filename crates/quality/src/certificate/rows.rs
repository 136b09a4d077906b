//! The table of certificates.

use kernel::{CertificateId, DispositionId, Instant, LotId, PartyId, PersonId, ReadingId};
use serde::Serialize;
use store::{Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::ground_rows::{gone, unanswered, word};
use super::issue::CertificateIssued;
use super::standing::Withdrawn;
use crate::release::release_lot::LotReleased;

store::statements! {
    CERTIFICATE_INSERT = "INSERT INTO certificate (number, code, year, serial, revision, lot, party,
        specification_version, disposition, check_code, given, document, json_sha256, issued_at, issued_by,
        decision, \"authorisation\", told)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
    TOLD = "SELECT told FROM certificate WHERE number = ?1 AND told IS NOT NULL";
    CERTIFICATE_BY_ID = "SELECT c.number, c.code, c.revision, c.lot, c.party, c.specification_version,
        c.disposition,
        c.check_code, c.given, c.document, c.json_sha256, c.pdf_sha256, c.issued_at, c.issued_by,
        c.superseded_by,
        c.superseded_at, c.superseded_reason, c.year, c.serial, n.revision, c.withdrawn_at, c.withdrawn_by,
        c.withdrawn_reason FROM certificate c
        LEFT JOIN certificate n ON n.number = c.superseded_by WHERE c.number = ?1";
    CERTIFICATE_BY_CODE = "SELECT number FROM certificate WHERE check_code = ?1";
    LAST_SERIAL = "SELECT COALESCE(MAX(serial), 0) FROM certificate WHERE year = ?1";
    FIRST_OF_SERIES = "SELECT MIN(number) FROM certificate WHERE year = ?1 AND serial = ?2";
    CERTIFICATE_ATTACH = "UPDATE certificate SET pdf_sha256 = ?2 WHERE number = ?1";
    CERTIFICATE_SUPERSEDE = "UPDATE certificate SET superseded_by = ?2, superseded_at = ?3,
                             superseded_reason = ?4
                             WHERE number = ?1";
    CERTIFICATE_WITHDRAW = "UPDATE certificate SET withdrawn_at = ?2, withdrawn_by = ?3,
                            withdrawn_reason = ?4 WHERE number = ?1";
    CERTIFICATES_OF_LOT = "SELECT number, code, revision, superseded_at FROM certificate WHERE lot = ?1
        ORDER BY number";
    RELEASE_BY_ID = "SELECT number, detail, at FROM disposition WHERE number = ?1 AND decision = 'released'";
    CONSENT = "SELECT consent, reason FROM disposition WHERE number = ?1 AND decision = 'concession'";
    READING = "SELECT file_sha256, file_name, \"row\", col, raw FROM v_laboratory_reading WHERE number = ?1";
    CERTIFICATES_COUNT = concat!("SELECT COUNT(*) FROM certificate c LEFT JOIN v_lot l ON l.number = c.lot
        LEFT JOIN v_party p ON p.number = c.party
        WHERE (?2 = '' OR LOWER(c.code || ' ' || COALESCE(l.code, '') || ' ' || COALESCE(p.name_en, '') || ' '
               || COALESCE(p.name_zh, '')) LIKE '%' || LOWER(?2) || '%')
          AND (?1 = '' OR ?1 = ", word!(), ")");
    CERTIFICATES_PAGE = concat!("SELECT c.number, c.code, c.revision, c.lot, l.code, p.name_en, p.name_zh,
        c.issued_at, ", word!(), ", c.pdf_sha256
        FROM certificate c LEFT JOIN v_lot l ON l.number = c.lot LEFT JOIN v_party p ON p.number = c.party
        WHERE (?2 = '' OR LOWER(c.code || ' ' || COALESCE(l.code, '') || ' ' || COALESCE(p.name_en, '') || ' '
               || COALESCE(p.name_zh, '')) LIKE '%' || LOWER(?2) || '%')
          AND (?1 = '' OR ?1 = ", word!(), ")
        ORDER BY c.number DESC LIMIT ?3 OFFSET ?4");
}

/// A certificate as it stands.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// Which.
    pub id: CertificateId,
    /// Its number: `C-2026-0012`.
    pub code: String,
    /// Its revision, from 0.
    pub revision: u32,
    /// For which lot.
    pub lot: LotId,
    /// For whom.
    pub party: PartyId,
    /// Upon which decision.
    pub disposition: DispositionId,
    /// What a person types to check it.
    pub check_code: String,
    /// What was given when it was issued, as JSON.
    pub given: String,
    /// Its canonical JSON.
    pub document: String,
    /// The hash of that.
    pub json_sha256: String,
    /// The hash of its PDF, once it is typeset.
    pub pdf_sha256: Option<String>,
    /// When it was issued.
    pub issued_at: Instant,
    /// Who signed it.
    pub issued_by: Option<PersonId>,
    /// What superseded it.
    pub superseded: Option<Superseded>,
    /// Whether it was taken back.
    pub withdrawn: Option<Withdrawn>,
    /// Year and serial of its number.
    pub series: (i64, i64),
}

/// What took a certificate's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Superseded {
    /// The next revision.
    pub by: CertificateId,
    /// Its revision number.
    pub revision: u32,
    /// When.
    pub at: Instant,
    /// Why, in both languages.
    pub reason: kernel::Names,
}

fn certificate(row: &Row<'_>) -> Result<Certificate, StoreError> {
    let withdrawn = match row.opt_parse(20)? {
        Some(at) => Some(Withdrawn { at, by: row.opt_number(21)?.map(PersonId), reason: row.json(22)? }),
        None => None,
    };
    let superseded = match (row.opt_number(14)?, row.opt_parse(15)?) {
        (Some(by), Some(at)) => {
            let revision = row.opt_int(19)?.unwrap_or_default() as u32;
            Some(Superseded { by: CertificateId(by), revision, at, reason: row.json(16)? })
        }
        _ => None,
    };
    Ok(Certificate {
        id: CertificateId(row.number(0)?),
        code: row.text(1)?,
        revision: row.int(2)? as u32,
        lot: LotId(row.number(3)?),
        party: PartyId(row.number(4)?),
        disposition: DispositionId(row.number(6)?),
        check_code: row.text(7)?,
        given: row.text(8)?,
        document: row.text(9)?,
        json_sha256: row.text(10)?,
        pdf_sha256: row.opt_text(11)?,
        issued_at: row.parse(12)?,
        issued_by: row.opt_number(13)?.map(PersonId),
        superseded,
        withdrawn,
        series: (row.int(17)?, row.int(18)?),
    })
}

/// A certificate by id.
pub fn find(db: &mut Db, id: CertificateId) -> Result<Option<Certificate>, StoreError> {
    db.maybe(CERTIFICATE_BY_ID, params![id.number()], certificate)
}

/// The certificate with this verification code.
pub fn by_check_code(db: &mut Db, code: &str) -> Result<Option<CertificateId>, StoreError> {
    db.maybe(CERTIFICATE_BY_CODE, params![code], |row| Ok(CertificateId(row.number(0)?)))
}

pub(super) fn last_serial(db: &mut Db, year: i64) -> Result<i64, StoreError> {
    db.one("the series", LAST_SERIAL, params![year], |row| row.int(0))
}

/// The first certificate of a series. Numbers grow with time.
pub(super) fn first_of_series(db: &mut Db, series: (i64, i64)) -> Result<u64, StoreError> {
    db.one("the series", FIRST_OF_SERIES, params![series.0, series.1], |row| row.number(0))
}

pub(super) fn put(
    db: &mut Db,
    of: &CertificateIssued,
    at: Instant,
    by: Option<PersonId>,
) -> Result<(), StoreError> {
    let given = serde_json::to_string(&of.given).map_err(|why| StoreError::stored(of.certificate, why))?;
    let document = String::from_utf8_lossy(&of.document.canonical()).into_owned();
    let told = of.told.as_ref().map(serde_json::to_string).transpose();
    let told = told.map_err(|why| StoreError::stored(of.certificate, why))?;
    let values = params![
        of.certificate.number(),
        &of.document.number,
        of.year,
        of.serial,
        of.document.revision,
        of.lot.number(),
        of.party.number(),
        of.specification_version.number(),
        of.disposition.number(),
        &of.document.verification.code,
        given,
        document,
        &of.json_sha256,
        at,
        by.map(PersonId::number),
        of.document.disposition.word(),
        of.authorisation.map(kernel::AuthorisationId::number),
        told
    ];
    db.execute(CERTIFICATE_INSERT, values).map(|_| ())
}

pub(super) fn withdraw(
    db: &mut Db,
    id: CertificateId,
    applied: &store::Applied,
    reason: &kernel::Names,
) -> Result<(), StoreError> {
    let reason = serde_json::to_string(reason).map_err(|why| StoreError::stored(id, why))?;
    let values = params![id.number(), applied.at, applied.person.map(PersonId::number), reason];
    db.execute(CERTIFICATE_WITHDRAW, values).map(|_| ())
}

pub(super) fn attach(db: &mut Db, id: CertificateId, pdf_sha256: &str) -> Result<(), StoreError> {
    db.execute(CERTIFICATE_ATTACH, params![id.number(), pdf_sha256]).map(|_| ())
}

pub(super) fn supersede(
    db: &mut Db,
    old: CertificateId,
    by: CertificateId,
    at: Instant,
    reason: &kernel::Names,
) -> Result<(), StoreError> {
    let reason = serde_json::to_string(reason).map_err(|why| StoreError::stored(old, why))?;
    db.execute(CERTIFICATE_SUPERSEDE, params![old.number(), by.number(), at, reason]).map(|_| ())
}

/// The release of that decision, whatever was decided later, and when it was.
pub(super) fn release_then(
    db: &mut Db,
    id: DispositionId,
) -> Result<Option<(LotReleased, Instant)>, StoreError> {
    db.maybe(RELEASE_BY_ID, params![id.number()], |row| Ok((row.json(1)?, row.parse(2)?)))
}

/// The release of that decision, whatever was decided later.
pub(crate) fn release_of(db: &mut Db, id: DispositionId) -> Result<Option<LotReleased>, StoreError> {
    db.maybe(RELEASE_BY_ID, params![id.number()], |row| row.json(1))
}

/// The lines of a certificate that gives no leave to use the lot.
pub(super) fn told(
    db: &mut Db,
    id: CertificateId,
) -> Result<Option<Vec<crate::judgement::Line>>, StoreError> {
    db.maybe(TOLD, params![id.number()], |row| row.json(0))
}

/// Consent and reason of a concession.
pub(super) fn consent(db: &mut Db, id: DispositionId) -> Result<Option<(String, String)>, StoreError> {
    db.maybe(CONSENT, params![id.number()], |row| {
        Ok((row.opt_text(0)?.unwrap_or_default(), row.opt_text(1)?.unwrap_or_default()))
    })
}

/// A reading's place: file, its name, row, column, token.
pub(super) struct Place {
    pub sha256: String,
    pub file_name: String,
    pub row: String,
    pub column: u64,
    pub raw: String,
}

pub(super) fn reading(db: &mut Db, id: ReadingId) -> Result<Option<Place>, StoreError> {
    db.maybe(READING, params![id.number()], |row| {
        let place = match row.value(2)? {
            store::Value::Int(line) => line.to_string(),
            _ => row.text(2)?,
        };
        Ok(Place {
            sha256: row.text(0)?,
            file_name: row.text(1)?,
            row: place,
            column: row.opt_number(3)?.unwrap_or_default(),
            raw: row.text(4)?,
        })
    })
}

/// The certificates of a lot: id, number, revision, whether superseded.
pub(crate) fn of_lot(db: &mut Db, lot: LotId) -> Result<Vec<(CertificateId, String, u32, bool)>, StoreError> {
    db.query(CERTIFICATES_OF_LOT, params![lot.number()], |row| {
        let id = CertificateId(row.number(0)?);
        Ok((id, row.text(1)?, row.int(2)? as u32, row.opt_text(3)?.is_some()))
    })
}

/// One line of the list of certificates.
pub(super) struct Listed {
    pub id: CertificateId,
    pub code: String,
    pub revision: u32,
    pub lot: LotId,
    pub lot_code: String,
    pub customer: kernel::Names,
    pub issued_at: Instant,
    pub standing: String,
    pub rendered: bool,
}

pub(super) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<Listed>, usize), StoreError> {
    let standing = query.other("standing").unwrap_or_default().to_owned();
    let values = params![&standing, &query.filter];
    let total = db.one("certificates", CERTIFICATES_COUNT, values, |row| row.number(0))?;
    let values = params![&standing, &query.filter, query.page_size, query.offset()];
    let rows = db.query(CERTIFICATES_PAGE, values, |row| {
        let en = row.opt_text(5)?.unwrap_or_default();
        Ok(Listed {
            id: CertificateId(row.number(0)?),
            code: row.text(1)?,
            revision: row.int(2)? as u32,
            lot: LotId(row.number(3)?),
            lot_code: row.opt_text(4)?.unwrap_or_default(),
            customer: kernel::Names { en, zh: row.opt_text(6)?.unwrap_or_default() },
            issued_at: row.parse(7)?,
            standing: row.text(8)?,
            rendered: row.opt_text(9)?.is_some(),
        })
    })?;
    Ok((rows, total as usize))
}
