//! Samples in the database.

use kernel::{AuthorisationId, Code, Day, Instant, LotId, MaterialId, PartyId, PersonId, SampleId};
use measure::Decimal;
use store::{Applied, Db, Stop, StoreError, params};

use super::rules::{Purpose, Sample, SampleKind};
use crate::lot::rows::code;
use crate::lot::rules::LotRefused;
use crate::quantity::Masses;

store::statements! {
    LABEL = "SELECT s.code, s.name, m.name_en, m.name_zh, l.code, s.taken_at FROM sample s
        LEFT JOIN material m ON m.number = s.material LEFT JOIN lot l ON l.number = s.lot WHERE s.number =
        ?1";
    SAMPLE_SHOWN = "SELECT s.code, s.kind, s.purpose, s.lot, l.code, s.material, m.code, s.name, s.plan,
        s.point,
        s.taken_at, s.sampler, s.authorisation, s.from_party, p.code, s.made_by, s.mass_kg_wet,
        s.moisture_percent,
        s.mass_kg_dry FROM sample s LEFT JOIN lot l ON l.number = s.lot
        LEFT JOIN material m ON m.number = s.material LEFT JOIN party p ON p.number = s.from_party
        WHERE s.number = ?1";
    SAMPLE_POSTINGS = "SELECT p.move, v.kind, v.at, p.kg_wet, p.kg_dry FROM posting p
        JOIN lot_move v ON v.number = p.move WHERE p.sample = ?1 ORDER BY p.move, p.line LIMIT 200";
    SAMPLE = "SELECT number, code, lot, material, mass_kg_wet, mass_kg_dry FROM sample WHERE number = ?1";
    PRODUCED_ON = "SELECT produced_on FROM lot WHERE number = ?1";
    LOT_TIMES = "SELECT produced_on, made_at FROM lot WHERE number = ?1";
    SAMPLE_CODE = "SELECT number FROM sample WHERE code = ?1";
    PUT_SAMPLE = "INSERT INTO sample (number, code, kind, purpose, lot, material, name, plan, point, taken_at,
        sampler, authorisation, from_party, made_by, made_at, mass_kg_wet, moisture_percent, mass_kg_dry)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
    SAMPLE_WORDS = "SELECT m.code, m.name_en, m.name_zh, l.code FROM sample s
        LEFT JOIN material m ON m.number = s.material LEFT JOIN lot l ON l.number = s.lot WHERE s.number =
        ?1";
}

/// A sample by id, if there is one.
pub(crate) fn find(db: &mut Db, sample: SampleId) -> Result<Option<Sample>, StoreError> {
    db.maybe(SAMPLE, params![sample.number()], |row| {
        let masses = match (row.opt_parse(4)?, row.opt_parse(5)?) {
            (Some(kg_wet), Some(kg_dry)) => Some(Masses { kg_wet, kg_dry }),
            _ => None,
        };
        Ok(Sample {
            id: SampleId(row.number(0)?),
            code: code(row, 1)?,
            lot: row.opt_number(2)?.map(LotId),
            material: row.opt_number(3)?.map(MaterialId),
            masses,
        })
    })
}

/// When a lot was produced, if anybody said, and when it came into the books.
pub(crate) fn lot_times(db: &mut Db, lot: LotId) -> Result<(Option<Day>, Instant), StoreError> {
    db.one(lot, LOT_TIMES, params![lot.number()], |row| Ok((row.opt_parse(0)?, row.parse(1)?)))
}

/// The production day of a lot, when it is known.
pub(crate) fn produced_on(db: &mut Db, lot: LotId) -> Result<Option<Day>, StoreError> {
    Ok(db.maybe(PRODUCED_ON, params![lot.number()], |row| row.opt_parse(0))?.flatten())
}

/// A sample that a command names.
pub(crate) fn must_find(db: &mut Db, sample: SampleId) -> Result<Sample, Stop> {
    Ok(find(db, sample)?.ok_or(LotRefused::Unknown(sample.into()))?)
}

/// The sample with this code, if there is one.
pub(crate) fn by_code(db: &mut Db, code: &str) -> Result<Option<SampleId>, StoreError> {
    db.maybe(SAMPLE_CODE, params![code], |row| Ok(SampleId(row.number(0)?)))
}

/// The code given, if no other sample has it; otherwise one made of the number.
pub(crate) fn free_code(db: &mut Db, given: Option<&Code>, sample: SampleId) -> Result<Code, Stop> {
    let code = match given {
        Some(code) => code.clone(),
        None => Code::parse(&format!("S-{}", sample.number())).expect("a short code is a code"),
    };
    match by_code(db, code.as_str())? {
        Some(_) => Err(LotRefused::CodeTaken(code).into()),
        None => Ok(code),
    }
}

/// A sample as it is written.
pub(crate) struct NewSample<'a> {
    pub sample: SampleId,
    pub code: &'a Code,
    pub kind: SampleKind,
    pub purpose: Purpose,
    pub lot: Option<LotId>,
    pub material: Option<MaterialId>,
    pub name: Option<&'a str>,
    pub plan: Option<&'a str>,
    pub point: Option<&'a str>,
    pub taken_at: Instant,
    pub sampler: Option<PersonId>,
    pub authorisation: Option<AuthorisationId>,
    pub from: Option<PartyId>,
    pub made_by: Option<u64>,
    /// Wet mass of one that was not weighed dry; others get theirs by posting.
    pub wet_only: Option<Decimal>,
    pub moisture_percent: Option<Decimal>,
}

pub(crate) fn put(db: &mut Db, applied: &Applied, new: &NewSample<'_>) -> Result<(), StoreError> {
    let number = new.sample.number();
    let values = params![
        number,
        new.code,
        new.kind.word(),
        new.purpose.word(),
        new.lot.map(LotId::number),
        new.material.map(MaterialId::number),
        new.name,
        new.plan,
        new.point,
        new.taken_at,
        new.sampler.map(PersonId::number),
        new.authorisation.map(AuthorisationId::number),
        new.from.map(PartyId::number),
        new.made_by,
        applied.at,
        new.wet_only.map(|kg| kg.to_string()),
        new.moisture_percent.map(|percent| percent.to_string()),
        None::<&str>,
    ];
    db.execute(PUT_SAMPLE, values)?;
    let words = db.maybe(SAMPLE_WORDS, params![number], |row| {
        let part = |column| row.opt_text(column).map(Option::unwrap_or_default);
        Ok(format!("{} {} {} {}", part(0)?, part(1)?, part(2)?, part(3)?))
    })?;
    let words = format!("{} {} {}", new.code, new.name.unwrap_or_default(), words.unwrap_or_default());
    store::index(db, new.sample.into(), new.code.as_str(), &words)
}
