//! What a certificate rests on and no longer stands, read from the rows as they are: every act in its
//! derivation, and whether what the act was done under held at the instant of the act, by what is known now.

use std::collections::BTreeSet;

use kernel::{CertificateId, DispositionId, Kind, LotId, PersonId, Ref};
use store::{Applied, Db, Row, StoreError, params};

use super::rows::Certificate;
use super::standing::{Confirmed, Ground, Why};
use crate::release::release_lot::LotReleased;

/// The voided grounds of certificates out of `$from`, one row each: certificate, why, record, act, mark. What
/// is not released needs no ground to say so.
macro_rules! gone {
    ($from:literal) => {
        concat!(
            "SELECT c.number AS certificate, 'result' AS why, r.number AS record, 'result' AS act_kind, ",
            "r.number AS act, r.validity AS mark FROM ",
            $from,
            " c JOIN disposition_result d ON d.disposition = c.disposition ",
            "JOIN v_laboratory_result r ON r.number = d.result WHERE r.validity <> 'valid' ",
            "UNION ALL SELECT c.number, 'control', r.number, 'result', r.number, r.qc FROM ",
            $from,
            " c JOIN disposition_result d ON d.disposition = c.disposition ",
            "JOIN v_laboratory_result r ON r.number = d.result WHERE r.qc = 'failure' ",
            "UNION ALL SELECT c.number, 'method', m.number, 'result', r.number, m.voided_from FROM ",
            $from,
            " c JOIN disposition_result d ON d.disposition = c.disposition ",
            "JOIN v_laboratory_result r ON r.number = d.result ",
            "JOIN v_laboratory_method_version m ON m.number = r.method_version ",
            "WHERE m.voided_from <= r.tested_at ",
            "UNION ALL SELECT c.number, 'calibration', k.number, 'result', r.number, k.voided_from FROM ",
            $from,
            " c JOIN disposition_result d ON d.disposition = c.disposition ",
            "JOIN v_laboratory_result r ON r.number = d.result ",
            "JOIN v_laboratory_calibration k ON k.number = r.calibration ",
            "WHERE k.voided_from <= r.tested_at ",
            "UNION ALL SELECT c.number, 'reference', f.number, 'result', r.number, f.voided_from FROM ",
            $from,
            " c JOIN disposition_result d ON d.disposition = c.disposition ",
            "JOIN v_laboratory_result r ON r.number = d.result ",
            "JOIN v_laboratory_reference_lot f ON f.voided_from IS NOT NULL ",
            "WHERE EXISTS (SELECT 1 FROM v_laboratory_qc q WHERE q.result = r.number ",
            "AND q.reference_lot = f.number AND q.measured_at >= f.voided_from) ",
            "UNION ALL SELECT c.number, 'authorisation', a.number, 'result', r.number, ",
            "a.withdrawn_at FROM ",
            $from,
            " c JOIN disposition_result d ON d.disposition = c.disposition ",
            "JOIN v_laboratory_result r ON r.number = d.result ",
            "JOIN v_authorisation a ON (a.number = r.tested_authorisation AND ",
            "a.withdrawn_at <= r.tested_at) ",
            "OR (a.number = r.reviewed_authorisation AND a.withdrawn_at <= r.reviewed_at) ",
            "OR (a.number = r.released_authorisation AND a.withdrawn_at <= r.released_at) ",
            "UNION ALL SELECT c.number, 'authorisation', a.number, 'sample', s.number, ",
            "a.withdrawn_at FROM ",
            $from,
            " c JOIN v_sample s ON s.number IN (SELECT r.sample FROM disposition_result d ",
            "JOIN v_laboratory_result r ON r.number = d.result WHERE d.disposition = c.disposition) ",
            "JOIN v_authorisation a ON a.number = s.\"authorisation\" AND a.withdrawn_at <= s.taken_at ",
            "UNION ALL SELECT c.number, 'authorisation', a.number, 'disposition', p.number, ",
            "a.withdrawn_at FROM ",
            $from,
            " c JOIN disposition w ON w.number = c.disposition ",
            "JOIN disposition p ON p.number = w.number OR (p.lot = w.lot AND p.party = c.party ",
            "AND p.decision = 'concession' AND w.detail LIKE '%\"disposition-' || p.number || '\"%') ",
            "JOIN v_authorisation a ON a.number = p.\"authorisation\" AND a.withdrawn_at <= p.at ",
            "UNION ALL SELECT c.number, 'authorisation', a.number, 'override', g.number, ",
            "a.withdrawn_at FROM ",
            $from,
            " c JOIN disposition w ON w.number = c.disposition ",
            "JOIN gate_override g ON g.lot = w.lot AND w.detail LIKE '%\"override-' || g.number || '\"%' ",
            "JOIN v_authorisation a ON a.number = g.\"authorisation\" AND a.withdrawn_at <= g.at ",
            "UNION ALL SELECT c.number, 'authorisation', a.number, 'certificate', c.number, ",
            "a.withdrawn_at FROM ",
            $from,
            " c JOIN v_authorisation a ON a.number = c.\"authorisation\" AND a.withdrawn_at <= c.issued_at ",
            "UNION ALL SELECT c.number, 'balance', b.number, 'lot', c.lot, ",
            "b.state || ' ' || COALESCE(b.stale_at, '') || ' ' || COALESCE(b.finalised_at, '') FROM ",
            $from,
            " c JOIN certificate_balance l ON l.certificate = c.number ",
            "JOIN v_engineering_balance_standing b ON b.number = l.balance ",
            "WHERE b.stale_at IS NOT NULL OR b.state <> 'final' OR b.finalised_at > c.issued_at ",
            "UNION ALL SELECT c.number, 'hold', h.number, 'lot', c.lot, h.placed_at FROM ",
            $from,
            " c JOIN hold_lot l ON l.lot = c.lot JOIN hold h ON h.number = l.hold ",
            "WHERE h.lifted_at IS NULL ",
            // What the customer got of it is under the same certificate.
            "UNION ALL SELECT c.number, 'hold', h.number, 'lot', t.number, h.placed_at FROM ",
            $from,
            " c JOIN v_lot_flow f ON f.source = c.lot ",
            "JOIN v_lot t ON t.number = f.target AND t.shipped_to = c.party ",
            "JOIN hold_lot l ON l.lot = t.number JOIN hold h ON h.number = l.hold ",
            "WHERE h.lifted_at IS NULL AND NOT EXISTS ",
            "(SELECT 1 FROM hold_lot o WHERE o.hold = h.number AND o.lot = c.lot) ",
            "UNION ALL SELECT c.number, 'rejected', x.disposition, 'lot', t.number, 'rejected' FROM ",
            $from,
            " c JOIN v_lot_flow f ON f.source = c.lot ",
            "JOIN v_lot t ON t.number = f.target AND t.shipped_to = c.party ",
            "JOIN rejection_lot x ON x.lot = t.number WHERE NOT EXISTS ",
            "(SELECT 1 FROM rejection_lot o WHERE o.disposition = x.disposition AND o.lot = c.lot) ",
            "UNION ALL SELECT c.number, 'rejected', x.disposition, 'lot', c.lot, 'rejected' FROM ",
            $from,
            " c JOIN rejection_lot x ON x.lot = c.lot ",
            "UNION ALL SELECT c.number, 'contains', x.disposition, 'lot', c.lot, 'rejected' FROM ",
            $from,
            " c JOIN rejection_contained x ON x.lot = c.lot AND x.disposition > c.disposition ",
            "UNION ALL SELECT c.number, 'outdated', x.disposition, 'lot', c.lot, x.at FROM ",
            $from,
            " c JOIN release_outdated x ON x.disposition = c.disposition"
        )
    };
}

/// Whether `g`, out of [`gone`], was answered for in the series of `c`.
macro_rules! unanswered {
    () => {
        "NOT EXISTS (SELECT 1 FROM certificate_answer a WHERE a.year = c.year AND a.serial = c.serial \
         AND a.why = g.why AND a.record = g.record AND a.act = g.act AND a.mark = g.mark)"
    };
}

/// How the certificate `c` stands, as a word.
macro_rules! word {
    () => {
        concat!(
            "CASE WHEN c.superseded_at IS NOT NULL THEN 'superseded' ",
            "WHEN c.withdrawn_at IS NOT NULL THEN 'withdrawn' ",
            "WHEN EXISTS (SELECT 1 FROM (",
            gone!("(SELECT * FROM certificate WHERE decision IN ('released', 'concession'))"),
            ") g WHERE g.certificate = c.number AND ",
            unanswered!(),
            ") THEN 'under-review' ELSE 'current' END"
        )
    };
}
pub(super) use {gone, unanswered, word};

store::statements! {
    GONE = concat!("SELECT g.why, g.record, g.act_kind, g.act, g.mark FROM (",
        gone!("(SELECT * FROM certificate WHERE decision IN ('released', 'concession'))"),
        ") g JOIN certificate c ON c.number = g.certificate WHERE g.certificate = ?1 AND ", unanswered!(),
        " ORDER BY g.why, g.record, g.act");
    /// Of the certificate that is about to be issued upon a release, in the series of its number.
    GONE_OF_RELEASE = concat!("SELECT g.why, g.record, g.act_kind, g.act, g.mark FROM (",
        gone!("(SELECT 0 AS number, p.lot, p.party, p.number AS disposition, p.\"authorisation\", \
                p.at AS issued_at FROM disposition p WHERE p.number = ?1)"),
        ") g WHERE NOT EXISTS (SELECT 1 FROM certificate_answer a WHERE a.year = ?2 AND a.serial = ?3
         AND a.why = g.why AND a.record = g.record AND a.act = g.act AND a.mark = g.mark)
        ORDER BY g.why, g.record, g.act");
    /// A balance that a release looked at and that has changed since, for a certificate of a series.
    BALANCE_GONE = "SELECT 'balance', b.number, 'lot', p.lot,
        b.state || ' ' || COALESCE(b.stale_at, '') || ' ' || COALESCE(b.finalised_at, '') FROM disposition p
        JOIN v_engineering_balance_standing b ON b.number = ?2
        WHERE p.number = ?1 AND (b.stale_at IS NOT NULL OR b.state <> 'final' OR b.finalised_at > p.at)
        AND NOT EXISTS (SELECT 1 FROM certificate_answer a WHERE a.year = ?3 AND a.serial = ?4
        AND a.why = 'balance' AND a.record = b.number AND a.act = p.lot AND a.mark = b.state || ' '
        || COALESCE(b.stale_at, '') || ' ' || COALESCE(b.finalised_at, ''))";
    SERIES_UPON = "SELECT DISTINCT year, serial FROM certificate WHERE disposition = ?1
        ORDER BY year, serial";
    TAKEN_BACK = "SELECT number, lot FROM certificate WHERE disposition = ?1 AND withdrawn_at IS NOT NULL
        AND superseded_at IS NULL ORDER BY number";
    WITH_STANDING = concat!("SELECT c.number FROM certificate c WHERE ", word!(), " = ?1 ORDER BY c.number");
    ANSWER_INSERT = "INSERT INTO certificate_answer (year, serial, why, record, act, mark, certificate, at,
        person, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING";
    CONFIRMED = "SELECT at, person, reason FROM certificate_answer WHERE certificate = ?1
        AND reason IS NOT NULL ORDER BY at DESC LIMIT 1";
    BALANCE_INSERT = "INSERT INTO certificate_balance (certificate, balance) VALUES (?1, ?2)
        ON CONFLICT DO NOTHING";
}

fn ground(row: &Row<'_>) -> Result<Ground, StoreError> {
    let (why, kind) = (row.text(0)?, row.text(2)?);
    let why = Why::from_word(&why).ok_or_else(|| StoreError::stored("a ground", &why))?;
    let kind = Kind::from_word(&kind).ok_or_else(|| StoreError::stored("a ground", &kind))?;
    Ok(Ground {
        why,
        record: Ref { kind: why.kind(), number: row.number(1)? },
        act: Ref { kind, number: row.number(3)? },
        mark: row.text(4)?,
    })
}

/// The voided grounds of a certificate that nobody answered for.
pub(super) fn fallen(db: &mut Db, id: CertificateId) -> Result<Vec<Ground>, StoreError> {
    db.query(GONE, params![id.number()], ground)
}

/// The voided grounds of a release, for a certificate that is to be issued in a series.
pub(super) fn gone_of_release(
    db: &mut Db,
    release: &LotReleased,
    series: (i64, i64),
) -> Result<Vec<Ground>, StoreError> {
    let id = release.disposition.number();
    let mut gone = db.query(GONE_OF_RELEASE, params![id, series.0, series.1], ground)?;
    for balance in release.balances() {
        gone.extend(db.query(BALANCE_GONE, params![id, balance.number(), series.0, series.1], ground)?);
    }
    Ok(gone)
}

/// What a release rests on and has fallen, where nobody answers for it: neither an override that the release
/// leaned on, nor whoever confirmed a certificate issued upon it. How the lot itself lies there is no ground
/// of its release: a hold is lifted, a rejection counts by itself.
pub(crate) fn release_fell(db: &mut Db, id: DispositionId) -> Result<Vec<Ground>, StoreError> {
    let Some(release) = super::rows::release_of(db, id)? else { return Ok(Vec::new()) };
    let series = |row: &Row<'_>| Ok((row.int(0)?, row.int(1)?));
    let mut all = db.query(SERIES_UPON, params![id.number()], series)?;
    let first = all.pop().unwrap_or((0, 0));
    let mut gone = gone_of_release(db, &release, first)?;
    for other in all {
        let open = gone_of_release(db, &release, other)?;
        gone.retain(|ground| open.contains(ground));
    }
    gone.retain(|of| !of.why.is_of_the_lot() && !of.answered_by(&release));
    Ok(gone)
}

/// What had fallen of a release and whoever confirmed a certificate issued upon it found sound: the records
/// that fell and what was done under them.
pub(crate) fn found_sound(db: &mut Db, release: &LotReleased) -> Result<BTreeSet<Ref>, StoreError> {
    let all = gone_of_release(db, release, (0, 0))?;
    let open = release_fell(db, release.disposition)?;
    let sound = all.into_iter().filter(|of| !of.why.is_of_the_lot() && !open.contains(of));
    let sound = sound.filter(|of| !of.answered_by(release)).flat_map(|of| [of.record, of.act]);
    Ok(sound.filter(|of| of.kind != Kind::Lot).collect())
}

/// Certificates issued upon a release that were taken back, with nothing in their place; each with its lot.
pub(crate) fn taken_back(
    db: &mut Db,
    release: DispositionId,
) -> Result<Vec<(CertificateId, LotId)>, StoreError> {
    let read = |row: &Row<'_>| Ok((CertificateId(row.number(0)?), LotId(row.number(1)?)));
    db.query(TAKEN_BACK, params![release.number()], read)
}

/// The certificates that stand so: `current`, `under-review`, `withdrawn`, `superseded`.
///
/// # Errors
/// The database cannot be read.
pub fn with_standing(db: &mut Db, word: &str) -> Result<Vec<CertificateId>, StoreError> {
    db.query(WITH_STANDING, params![word], |row| Ok(CertificateId(row.number(0)?)))
}

/// Records that somebody answers for voided grounds of the series of a certificate.
pub(super) fn answer(
    db: &mut Db,
    of: &Certificate,
    grounds: &[Ground],
    applied: &Applied,
    reason: Option<&kernel::Names>,
) -> Result<(), StoreError> {
    let reason = reason.map(serde_json::to_string).transpose();
    let reason = reason.map_err(|why| StoreError::stored(of.id, why))?;
    for ground in grounds {
        let values = params![
            of.series.0,
            of.series.1,
            ground.why.word(),
            ground.record.number,
            ground.act.number,
            &ground.mark,
            of.id.number(),
            applied.at,
            applied.person.map(PersonId::number),
            reason.as_deref()
        ];
        db.execute(ANSWER_INSERT, values)?;
    }
    Ok(())
}

/// The last time somebody found that a certificate stands nevertheless.
pub(super) fn confirmed(db: &mut Db, id: CertificateId) -> Result<Option<Confirmed>, StoreError> {
    db.maybe(CONFIRMED, params![id.number()], |row| {
        Ok(Confirmed { at: row.parse(0)?, by: row.opt_number(1)?.map(PersonId), because: row.json(2)? })
    })
}

/// Records which balances a certificate rests on.
pub(super) fn rests_on_balances(
    db: &mut Db,
    id: CertificateId,
    balances: &BTreeSet<kernel::BalanceId>,
) -> Result<(), StoreError> {
    balances.iter().try_for_each(|balance| {
        db.execute(BALANCE_INSERT, params![id.number(), balance.number()]).map(|_| ())
    })
}
