//! The tables of decisions and overrides, and the results the gate reads.

use std::collections::BTreeMap;

use kernel::{
    Activity, AuthorisationId, BalanceId, CalibrationId, DispositionId, Instant, InstrumentId, LotId,
    MaterialId, MethodId, MethodVersionId, Names, OverrideId, PartyId, PersonId, ReadingId, Ref,
    ReferenceLotId, ResultId, SampleId, SpecificationVersionId,
};
use measure::{Analyte, Decimal, DecimalText, Limits, Qualifier, Reported, Uncertainty, Unit};
use store::{Db, Row, StoreError, params};

use super::checks::history::{self, Past};
use super::checks::{Concession, Key, Override};
use super::rules::Decided;
use crate::judgement::{Cited, Measured, Qc, Signed, Window, Workflow};

/// Results as the gate looks at them: with their sample, and with what of their ground was voided.
macro_rules! measured {
    () => {
        "SELECT r.number, r.sample, r.analyte, r.qualifier, r.value, r.unit, r.basis, r.uncertainty,
        r.coverage, r.method, r.method_version, r.method_code, r.method_edition, r.method_name_en,
        r.method_name_zh, r.reporting_limit, r.workflow, r.qc, r.in_range, r.instrument, r.calibration,
        r.reading, r.hand_typed, r.changed, r.from_outside, r.tested_at, r.tested_by, r.tested_authorisation,
        r.reviewed_by, r.reviewed_at, r.reviewed_authorisation, r.released_by, r.released_at,
        r.released_authorisation, r.lod, r.loq, r.reporting_rule, s.code, s.mass_kg_dry, s.mass_kg_wet,
        (SELECT m.voided_from FROM v_laboratory_method_version m WHERE m.number = r.method_version),
        (SELECT MIN(f.number) FROM v_laboratory_reference_lot f WHERE f.voided_from IS NOT NULL
         AND EXISTS (SELECT 1 FROM v_laboratory_qc q WHERE q.result = r.number AND q.reference_lot = f.number
         AND q.measured_at >= f.voided_from)),
        r.digits, s.moisture_percent
        FROM v_laboratory_result r LEFT JOIN v_sample s ON s.number = r.sample"
    };
}

store::statements! {
    RESULTS_OF_LOT = concat!(measured!(), " WHERE r.sample IN (SELECT number FROM v_sample WHERE lot = ?1)
        AND r.validity = 'valid' ORDER BY r.number");
    RESULTS_OF_SAMPLE = concat!(measured!(), " WHERE r.sample = ?1 AND r.validity = 'valid'
        ORDER BY r.number");
    RESULT_BY_ID = concat!(measured!(), " WHERE r.number = ?1");
    VOID_REFERENCES = "SELECT DISTINCT f.number FROM v_laboratory_reference_lot f
        JOIN v_laboratory_qc q ON q.reference_lot = f.number AND q.measured_at >= f.voided_from
        WHERE q.result = ?1 ORDER BY f.number";
    WINDOW = "SELECT valid_from, valid_until, voided_from FROM v_laboratory_calibration WHERE number = ?1";
    CITED = "SELECT person, activity, valid_from, valid_until, withdrawn_at FROM v_authorisation WHERE
        number = ?1";
    QC_OVERRIDDEN = "SELECT valid_until FROM v_laboratory_override WHERE result = ?1
        ORDER BY number DESC LIMIT 1";
    /// An exception that nobody was authorised to grant, by what is known now, is none.
    OVERRIDES_OF_LOT = "SELECT o.number, o.gate, o.valid_until, o.person, o.covers FROM gate_override o
        WHERE o.lot = ?1 AND o.covers IS NOT NULL AND NOT EXISTS (SELECT 1 FROM v_authorisation a
        WHERE a.number = o.\"authorisation\" AND a.withdrawn_at <= o.at)
        ORDER BY o.valid_until DESC, o.number";
    CONCESSIONS_OF_LOT = "SELECT p.number, p.specification_version, p.party, p.detail, p.valid_until,
        p.person, p.covers FROM disposition p WHERE p.lot = ?1 AND p.decision = 'concession'
        AND NOT EXISTS (SELECT 1 FROM v_authorisation a
        WHERE a.number = p.\"authorisation\" AND a.withdrawn_at <= p.at)
        ORDER BY p.valid_until DESC, p.number";
    /// A rejection counts before anything else that was decided, wherever it came from.
    DECIDED = "SELECT d.disposition, d.decision, d.specification_version, p.party FROM v_lot_decision d
        JOIN disposition p ON p.number = d.disposition WHERE d.lot = ?1";
    DISPOSITION_INSERT = "INSERT INTO disposition (number, lot, decision, specification_version, party, at,
        person,
                          \"authorisation\", reason, consent, valid_until, detail, covers)
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    DECISION_PUT = "INSERT INTO lot_decision (lot, disposition, decision) VALUES (?1, ?2, ?3)
                    ON CONFLICT (lot) DO UPDATE SET disposition = excluded.disposition, decision =
                    excluded.decision";
    DISPOSITION_RESULT_INSERT = "INSERT INTO disposition_result (result, disposition) VALUES (?1, ?2)
                                 ON CONFLICT DO NOTHING";
    RELEASED_UPON = "SELECT d.lot FROM disposition_result r JOIN lot_decision d ON d.disposition =
        r.disposition
                     WHERE r.result = ?1 AND d.decision = 'released' ORDER BY d.lot";
    RELEASED_UNDER = "SELECT d.lot FROM lot_decision d
        JOIN disposition_result x ON x.disposition = d.disposition
        JOIN v_laboratory_result r ON r.number = x.result
        JOIN v_authorisation a ON (a.number = r.tested_authorisation AND a.withdrawn_at <= r.tested_at)
        OR (a.number = r.reviewed_authorisation AND a.withdrawn_at <= r.reviewed_at)
        OR (a.number = r.released_authorisation AND a.withdrawn_at <= r.released_at)
        WHERE a.number = ?1 AND d.decision = 'released'
        UNION SELECT d.lot FROM lot_decision d JOIN disposition p ON p.number = d.disposition
        JOIN v_authorisation a ON a.number = p.\"authorisation\" AND a.withdrawn_at <= p.at
        WHERE a.number = ?1 AND d.decision = 'released' ORDER BY 1";
    RELEASED_UPON_FAILED = "SELECT d.lot, v.number, d.disposition FROM v_laboratory_result v
        JOIN disposition_result r ON r.result = v.number
        JOIN lot_decision d ON d.disposition = r.disposition
        WHERE v.run = ?1 AND v.qc = 'failure' AND d.decision = 'released' ORDER BY d.lot, v.number";
    RELEASE_NEEDS_BALANCE = "SELECT d.disposition FROM lot_decision d
        JOIN disposition p ON p.number = d.disposition
        JOIN specification_version v ON v.number = p.specification_version
        WHERE d.lot = ?1 AND d.decision = 'released' AND v.requires_balance = 1";
    OUTDATED = "SELECT disposition FROM release_outdated WHERE disposition = ?1";
    OUTDATED_PUT = "INSERT INTO release_outdated (disposition, because, at) VALUES (?1, ?2, ?3)";
    RELEASES_OF_LOT = "SELECT number FROM disposition WHERE lot = ?1 AND decision = 'released'
        ORDER BY number";
    DECIDED_AT = "SELECT at FROM disposition WHERE number = ?1";
    /// What the last released lots of a material had, newest first; bounded, whatever else was decided.
    PAST_OF_MATERIAL = "SELECT p.lot, v.analyte, v.basis, v.unit, v.value, v.loq, v.qualifier FROM
        (SELECT d.disposition, d.lot FROM lot_decision d JOIN v_lot l ON l.number = d.lot
         WHERE l.material = ?1 AND d.lot <> ?2 AND d.decision = 'released'
         AND NOT EXISTS (SELECT 1 FROM rejection_lot x WHERE x.lot = d.lot)
         ORDER BY d.disposition DESC LIMIT 200) p
        JOIN disposition_result r ON r.disposition = p.disposition
        JOIN v_laboratory_result v ON v.number = r.result
        WHERE v.validity = 'valid' AND v.qualifier IN ('value', 'below', 'not_detected')
        ORDER BY p.disposition DESC, v.number";
    OVERRIDE_INSERT = "INSERT INTO gate_override (number, lot, gate, reason, valid_until, at, person,
        \"authorisation\", used, covers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)";
    OVERRIDE_USED = "UPDATE gate_override SET used = used + 1 WHERE number = ?1";
}

/// The valid results of a lot's samples.
pub fn results(db: &mut Db, lot: LotId) -> Result<Vec<Measured>, StoreError> {
    measured(db, RESULTS_OF_LOT, lot.number())
}

/// The valid results of a sample, whatever it is of.
pub(super) fn results_of_sample(db: &mut Db, sample: SampleId) -> Result<Vec<Measured>, StoreError> {
    measured(db, RESULTS_OF_SAMPLE, sample.number())
}

fn measured(db: &mut Db, sql: &'static str, of: u64) -> Result<Vec<Measured>, StoreError> {
    let mut found = Vec::new();
    db.each(sql, params![of], |row| {
        found.push(Raw::read(row)?);
        Ok(())
    })?;
    let mut cited = BTreeMap::new();
    let mut windows = BTreeMap::new();
    found.into_iter().map(|raw| raw.complete(db, &mut cited, &mut windows)).collect()
}

/// What the last released lots of a material had; a lot's own figures are not among them.
pub(super) fn past(db: &mut Db, material: MaterialId, lot: LotId) -> Result<Past, StoreError> {
    let mut past = Past::default();
    db.each(PAST_OF_MATERIAL, params![material.number(), lot.number()], |row| {
        let (value, loq): (Option<DecimalText>, Option<DecimalText>) = (row.opt_parse(4)?, row.opt_parse(5)?);
        let unit = Unit::parse(&row.text(3)?).map_err(|why| StoreError::stored(lot, why))?;
        let floor = loq.map_or(Decimal::ZERO, |loq| loq.decimal());
        let sure = row.text(6)? == "value";
        let number = value.map(|value| value.decimal()).filter(|value| sure && *value >= floor);
        let percent = number.and_then(|value| history::percent(value, unit));
        past.add(LotId(row.number(0)?), Analyte::parse(&row.text(1)?), row.parse(2)?, percent);
        Ok(())
    })?;
    Ok(past)
}

/// Results by id, whether they still stand or not: what a certificate said stays explained.
pub(crate) fn results_by_id(
    db: &mut Db,
    ids: &[ResultId],
) -> Result<BTreeMap<ResultId, Measured>, StoreError> {
    let (mut cited, mut windows) = (BTreeMap::new(), BTreeMap::new());
    let mut found = BTreeMap::new();
    for id in ids {
        if let Some(raw) = db.maybe(RESULT_BY_ID, params![id.number()], Raw::read)? {
            found.insert(*id, raw.complete(db, &mut cited, &mut windows)?);
        }
    }
    Ok(found)
}

/// A signature as its three columns.
type Signature = Option<(PersonId, Instant, Option<u64>)>;

/// A row before what it refers to is looked up.
struct Raw {
    result: Measured,
    calibration: Option<u64>,
    qc: String,
    tested: Signature,
    reviewed: Signature,
    released: Signature,
}

impl Raw {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let id = ResultId(row.number(0)?);
        let wrong = |why: &dyn std::fmt::Display| StoreError::stored(id, why);
        let qualifier: Qualifier = row.parse(3)?;
        let text: Option<DecimalText> = row.opt_parse(4)?;
        let unit = Unit::parse(&row.text(5)?).map_err(|why| wrong(&why))?;
        let mut reported =
            Reported::new(qualifier, text, unit, row.parse(6)?, None).map_err(|why| wrong(&why))?;
        if let (Some(expanded), Some(coverage)) = (row.opt_parse(7)?, row.opt_parse(8)?) {
            let uncertainty = Uncertainty::new(expanded, coverage, unit).map_err(|why| wrong(&why))?;
            reported = reported.clone().with_uncertainty(uncertainty).unwrap_or(reported);
        }
        let tested_at: Instant = row.parse(25)?;
        let person = |column| Ok::<_, StoreError>(row.opt_number(column)?.map(PersonId));
        let signed = |person: Option<PersonId>, at: Option<Instant>, under| Some((person?, at?, under));
        let under = |column| row.opt_number(column);
        let kg = |dry: bool, mass: Option<Decimal>| Some((mass?, dry));
        Ok(Raw {
            calibration: row.opt_number(20)?,
            qc: row.text(17)?,
            tested: signed(person(26)?, Some(tested_at), under(27)?),
            reviewed: signed(person(28)?, row.opt_parse(29)?, under(30)?),
            released: signed(person(31)?, row.opt_parse(32)?, under(33)?),
            result: Measured {
                id,
                sample: SampleId(row.number(1)?),
                sample_code: row.opt_text(37)?.unwrap_or_default(),
                sample_kg: kg(true, row.opt_parse(38)?).or(kg(false, row.opt_parse(39)?)),
                sample_moisture: row.opt_parse(43)?,
                analyte: Analyte::parse(&row.text(2)?),
                reported,
                digits: row.opt_number(42)?.and_then(|digits| u32::try_from(digits).ok()),
                method: MethodId(row.number(9)?),
                method_version: MethodVersionId(row.number(10)?),
                method_code: row.text(11)?,
                method_edition: row.text(12)?,
                method_names: Names { en: row.text(13)?, zh: row.text(14)? },
                limits: Limits {
                    lod: row.opt_parse(34)?,
                    loq: row.opt_parse(35)?,
                    rule: row.opt_parse(36)?.unwrap_or_default(),
                },
                workflow: Workflow::read(&row.text(16)?),
                qc: Qc::NotTested,
                in_range: row.opt_int(18)?.map(|within| within != 0),
                instrument: row.opt_number(19)?.map(InstrumentId),
                window: None,
                reading: row.opt_number(21)?.map(ReadingId),
                hand_typed: row.flag(22)?,
                changed: row.flag(23)?,
                from_outside: row.opt_int(24)?.unwrap_or_default() != 0,
                tested_at,
                edition_void: row.opt_parse::<Instant>(40)?.is_some_and(|from| from <= tested_at),
                reference_void: row.opt_number(41)?.map(ReferenceLotId).into_iter().collect(),
                tested: None,
                reviewed: None,
                released: None,
            },
        })
    }

    fn complete(
        self,
        db: &mut Db,
        cited: &mut BTreeMap<u64, Option<Cited>>,
        windows: &mut BTreeMap<u64, Option<Window>>,
    ) -> Result<Measured, StoreError> {
        let mut sign = |db: &mut Db, signature: Signature| -> Result<Option<Signed>, StoreError> {
            let Some((person, at, under)) = signature else { return Ok(None) };
            let under = match under {
                None => None,
                Some(number) => match cited.get(&number) {
                    Some(known) => known.clone(),
                    None => {
                        let found = authorisation(db, number)?;
                        cited.insert(number, found.clone());
                        found
                    }
                },
            };
            Ok(Some(Signed { person, at, under }))
        };
        let (tested, reviewed) = (sign(db, self.tested)?, sign(db, self.reviewed)?);
        let released = sign(db, self.released)?;
        let window = match self.calibration {
            None => None,
            Some(number) => match windows.get(&number) {
                Some(known) => *known,
                None => {
                    let found = window(db, number)?;
                    windows.insert(number, found);
                    found
                }
            },
        };
        let qc = match self.qc.as_str() {
            "pass" | "warning" => Qc::Fine,
            "not_required" => Qc::NotRequired,
            "failure_overridden" => qc_overridden(db, self.result.id)?,
            "not_tested" => Qc::NotTested,
            _ => Qc::Failure,
        };
        let mut result = self.result;
        if !result.reference_void.is_empty() {
            let read = |row: &Row<'_>| Ok(ReferenceLotId(row.number(0)?));
            result.reference_void = db.query(VOID_REFERENCES, params![result.id.number()], read)?;
        }
        Ok(Measured { qc, window, tested, reviewed, released, ..result })
    }
}

fn window(db: &mut Db, number: u64) -> Result<Option<Window>, StoreError> {
    db.maybe(WINDOW, params![number], |row| {
        let (valid_from, valid_until) = (row.parse(0)?, row.parse(1)?);
        Ok(Window {
            calibration: CalibrationId(number),
            valid_from,
            valid_until,
            voided_from: row.opt_parse(2)?,
        })
    })
}

/// An authorisation as a signature cites it.
pub(crate) fn authorisation(db: &mut Db, number: u64) -> Result<Option<Cited>, StoreError> {
    db.maybe(CITED, params![number], |row| {
        Ok(Cited {
            authorisation: AuthorisationId(number),
            person: PersonId(row.number(0)?),
            activity: Activity::from_word(&row.text(1)?),
            valid_from: row.parse(2)?,
            valid_until: row.parse(3)?,
            withdrawn_at: row.opt_parse(4)?,
        })
    })
}

fn qc_overridden(db: &mut Db, result: ResultId) -> Result<Qc, StoreError> {
    let until = db.maybe(QC_OVERRIDDEN, params![result.number()], |row| row.opt_parse(0))?.flatten();
    Ok(until.map_or(Qc::Failure, Qc::Overridden))
}

pub(super) fn overrides(db: &mut Db, lot: LotId) -> Result<Vec<Override>, StoreError> {
    let found = db.query(OVERRIDES_OF_LOT, params![lot.number()], |row| {
        let key = Key::from_word(&row.text(1)?);
        let (id, person) = (OverrideId(row.number(0)?), PersonId(row.number(3)?));
        let (valid_until, covers) = (row.parse(2)?, row.json(4)?);
        Ok(key.map(|key| Override { id, key, valid_until, person, covers }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

pub(super) fn concessions(db: &mut Db, lot: LotId) -> Result<Vec<Concession>, StoreError> {
    db.query(CONCESSIONS_OF_LOT, params![lot.number()], |row| {
        Ok(Concession {
            id: DispositionId(row.number(0)?),
            version: SpecificationVersionId(row.number(1)?),
            party: PartyId(row.number(2)?),
            items: row.json(3)?,
            valid_until: row.parse(4)?,
            person: row.opt_number(5)?.map(PersonId),
            covers: if row.opt_text(6)?.is_some() { Some(row.json(6)?) } else { None },
        })
    })
}

/// What was decided on a lot last.
pub(crate) fn decided(db: &mut Db, lot: LotId) -> Result<Option<Decided>, StoreError> {
    db.maybe(DECIDED, params![lot.number()], |row| {
        Ok(Decided {
            disposition: DispositionId(row.number(0)?),
            released: row.text(1)? == "released",
            version: row.opt_number(2)?.map(SpecificationVersionId),
            customer: row.opt_number(3)?.map(PartyId),
        })
    })
}

/// A decision as its row holds it.
pub(super) struct Put<'a> {
    pub id: DispositionId,
    pub lot: LotId,
    pub decision: &'static str,
    pub version: Option<SpecificationVersionId>,
    pub party: Option<PartyId>,
    pub at: Instant,
    pub person: Option<PersonId>,
    pub authorisation: Option<AuthorisationId>,
    pub reason: Option<&'a str>,
    pub consent: Option<&'a str>,
    pub valid_until: Option<Instant>,
    pub detail: String,
    /// What a concession answers for, as JSON.
    pub covers: Option<String>,
}

pub(super) fn put(db: &mut Db, put: &Put<'_>) -> Result<(), StoreError> {
    let values = params![
        put.id.number(),
        put.lot.number(),
        put.decision,
        put.version.map(SpecificationVersionId::number),
        put.party.map(PartyId::number),
        put.at,
        put.person.map(PersonId::number),
        put.authorisation.map(AuthorisationId::number),
        put.reason,
        put.consent,
        put.valid_until,
        &put.detail,
        put.covers.as_deref()
    ];
    db.execute(DISPOSITION_INSERT, values)?;
    if put.decision == "concession" {
        return Ok(());
    }
    db.execute(DECISION_PUT, params![put.lot.number(), put.id.number(), put.decision]).map(|_| ())
}

pub(super) fn put_rests_on(db: &mut Db, id: DispositionId, results: &[ResultId]) -> Result<(), StoreError> {
    results.iter().try_for_each(|result| {
        db.execute(DISPOSITION_RESULT_INSERT, params![result.number(), id.number()]).map(|_| ())
    })
}

/// The lots that are released upon a result, by their latest decision.
pub(crate) fn released_upon(db: &mut Db, result: ResultId) -> Result<Vec<LotId>, StoreError> {
    db.query(RELEASED_UPON, params![result.number()], |row| Ok(LotId(row.number(0)?)))
}

/// The lots that are released upon a signature under an authorisation that had been withdrawn from before it.
pub(crate) fn released_under(db: &mut Db, id: AuthorisationId) -> Result<Vec<LotId>, StoreError> {
    db.query(RELEASED_UNDER, params![id.number()], |row| Ok(LotId(row.number(0)?)))
}

/// The lots that are released upon results of a run whose quality control has failed since, with the results
/// and the releases.
pub(crate) fn released_upon_failed(
    db: &mut Db,
    run: Ref,
) -> Result<Vec<(LotId, ResultId, DispositionId)>, StoreError> {
    db.query(RELEASED_UPON_FAILED, params![run.number], |row| {
        Ok((LotId(row.number(0)?), ResultId(row.number(1)?), DispositionId(row.number(2)?)))
    })
}

/// Whether a release is out of date.
pub(super) fn is_outdated(db: &mut Db, id: DispositionId) -> Result<bool, StoreError> {
    Ok(db.maybe(OUTDATED, params![id.number()], |row| row.number(0))?.is_some())
}

pub(super) fn put_outdated(
    db: &mut Db,
    id: DispositionId,
    because: Ref,
    at: Instant,
) -> Result<(), StoreError> {
    db.execute(OUTDATED_PUT, params![id.number(), because.to_string(), at]).map(|_| ())
}

/// All releases of a lot, the first one first: certificates may rest on any.
pub(crate) fn releases_of(db: &mut Db, lot: LotId) -> Result<Vec<DispositionId>, StoreError> {
    db.query(RELEASES_OF_LOT, params![lot.number()], |row| Ok(DispositionId(row.number(0)?)))
}

/// When a decision was made.
pub(crate) fn decided_at(db: &mut Db, id: DispositionId) -> Result<Instant, StoreError> {
    db.one(id, DECIDED_AT, params![id.number()], |row| row.parse(0))
}

/// Whether a lot is released by an edition that asks for a metal balance, and upon this balance: not by an
/// override that answers for it.
pub(crate) fn released_upon_balance(db: &mut Db, lot: LotId, balance: BalanceId) -> Result<bool, StoreError> {
    let release = db.maybe(RELEASE_NEEDS_BALANCE, params![lot.number()], |row| row.number(0))?;
    let Some(release) = release else { return Ok(false) };
    let release = crate::certificate::release_of(db, DispositionId(release))?;
    Ok(release.is_none_or(|of| !of.leans_on(Key::Balance, balance.into())))
}

pub(super) fn put_override(
    db: &mut Db,
    of: &Override,
    (lot, reason): (LotId, &str),
    at: Instant,
    authorisation: AuthorisationId,
) -> Result<(), StoreError> {
    let covers = serde_json::to_string(&of.covers).map_err(|why| StoreError::stored(of.id, why))?;
    let values = params![
        of.id.number(),
        lot.number(),
        of.key.word(),
        reason,
        of.valid_until,
        at,
        of.person.number(),
        authorisation.number(),
        covers
    ];
    db.execute(OVERRIDE_INSERT, values).map(|_| ())
}

pub(super) fn count_use(db: &mut Db, id: OverrideId) -> Result<(), StoreError> {
    db.execute(OVERRIDE_USED, params![id.number()]).map(|_| ())
}
