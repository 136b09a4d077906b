//! Lots, moves and postings in the database.

use kernel::{Code, LotId, MaterialId, MoveId, PartyId, Ref};
use measure::Decimal;
use store::{Applied, Db, Row, Stop, StoreError, params};

use super::Portion;
use super::balance::{Flow, Holder, MadeLot, Moved, Posting, float};
use super::receive::Sent;
use super::relocate::LotMoved;
use super::rules::{Lot, LotRefused, LotState};
use crate::custody::Custody;
use crate::party::register::PartyKind;
use crate::quantity::{Masses, moisture_now};

store::statements! {
    LOT = "SELECT number, code, material, state, shipped_to, custody, origin_party, mass_kg_wet, mass_kg_dry,
        moisture_percent, location FROM lot WHERE number = ?1";
    LOT_LEFT = "SELECT l.shipped_kg_wet, l.shipped_kg_dry, p.kind FROM lot l
        LEFT JOIN party p ON p.number = l.shipped_to WHERE l.number = ?1";
    LOT_CODE = "SELECT number FROM lot WHERE code = ?1";
    MATERIAL_EXISTS = "SELECT number FROM material WHERE number = ?1";
    PARTY_EXISTS = "SELECT number FROM party WHERE number = ?1";
    PUT_MOVE = "INSERT INTO lot_move (number, kind, at, person, party, stage, reason, taken_kg_wet,
        taken_kg_dry,
        outside_kg_wet, outside_kg_dry, water_kg, made_kg_wet, made_kg_dry, loss_kg_wet, loss_kg_dry,
        unaccounted_kg_wet, unaccounted_kg_dry, tolerance_kg)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
    PUT_LOT = "INSERT INTO lot (number, code, material, state, custody, origin_party, made_by, made_at,
        produced_on, packages, mass_kg_gross, location, first_kg_wet, first_kg_dry, mass_kg_wet,
        moisture_percent, mass_kg_dry, mass_order)
        VALUES (?1, ?2, ?3, 'in-stock', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, '0', ?14, '0', 0)";
    PUT_POSTING = "INSERT INTO posting (move, line, lot, sample, kg_wet, kg_dry)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    LOT_MASSES = "SELECT mass_kg_wet, mass_kg_dry, moisture_percent FROM lot WHERE number = ?1";
    SET_LOT = "UPDATE lot SET mass_kg_wet = ?2, mass_kg_dry = ?3, moisture_percent = ?4, mass_order = ?5,
        state = ?6, shipped_to = ?7, shipped_at = ?8, shipped_kg_wet = ?9, shipped_kg_dry = ?10
        WHERE number = ?1";
    SET_LOCATION = "UPDATE lot SET location = ?2 WHERE number = ?1";
    PUT_LOCATION = "INSERT INTO lot_location (lot, entry, at, person, came_from, location, reason)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    SAMPLE_MASSES = "SELECT mass_kg_wet, mass_kg_dry FROM sample WHERE number = ?1";
    SET_SAMPLE = "UPDATE sample SET mass_kg_wet = ?2, mass_kg_dry = ?3 WHERE number = ?1";
    PUT_FLOW = "INSERT INTO lot_flow (move, source, target, mass_kg_dry, share) VALUES (?1, ?2, ?3, ?4, ?5)";
    MATERIAL_WORDS = "SELECT code, name_en, name_zh FROM material WHERE number = ?1";
    POSTINGS_OF_LOT = "SELECT kg_wet, kg_dry FROM posting WHERE lot = ?1 ORDER BY move, line";
    POSTINGS_OF_SAMPLE = "SELECT kg_wet, kg_dry FROM posting WHERE sample = ?1 ORDER BY move, line";
}

/// The kinds of move, by their stored words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoveKind {
    Receive,
    Split,
    Blend,
    Process,
    Rework,
    Ship,
    Adjust,
    Lose,
    Sample,
    Composite,
    SampleReceive,
}

impl MoveKind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            MoveKind::Receive => "receive",
            MoveKind::Split => "split",
            MoveKind::Blend => "blend",
            MoveKind::Process => "process",
            MoveKind::Rework => "rework",
            MoveKind::Ship => "ship",
            MoveKind::Adjust => "adjust",
            MoveKind::Lose => "lose",
            MoveKind::Sample => "sample",
            MoveKind::Composite => "composite",
            MoveKind::SampleReceive => "sample-receive",
        }
    }
}

/// What a lot is when a move leaves nothing of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Emptied {
    Consumed,
    Lost,
    Shipped(PartyId),
}

/// A lot by id, if there is one.
pub(crate) fn find(db: &mut Db, lot: LotId) -> Result<Option<Lot>, StoreError> {
    db.maybe(LOT, params![lot.number()], read)
}

fn read(row: &Row<'_>) -> Result<Lot, StoreError> {
    let shipped_to = row.opt_number(4)?.map(PartyId);
    let state = row.text(3)?;
    let state = LotState::read(&state, shipped_to);
    Ok(Lot {
        id: LotId(row.number(0)?),
        code: code(row, 1)?,
        material: MaterialId(row.number(2)?),
        state: state.ok_or_else(|| StoreError::stored("a lot's state", "it does not fit its receiver"))?,
        custody: row.parse(5)?,
        origin_party: row.opt_number(6)?.map(PartyId),
        masses: Masses { kg_wet: row.parse(7)?, kg_dry: row.parse(8)? },
        moisture_percent: row.parse(9)?,
        location: row.opt_text(10)?.and_then(|text| Code::parse(&text).ok()),
    })
}

pub(crate) fn code(row: &Row<'_>, column: usize) -> Result<Code, StoreError> {
    Code::parse(&row.text(column)?).map_err(|why| StoreError::stored("a code", why))
}

/// A lot that a command names.
pub(crate) fn must_find(db: &mut Db, lot: LotId) -> Result<Lot, Stop> {
    Ok(find(db, lot)?.ok_or(LotRefused::Unknown(lot.into()))?)
}

/// How a lot left that was sent away; nothing of one that was not.
pub(crate) fn left_with(db: &mut Db, lot: LotId) -> Result<Sent, StoreError> {
    let found = db.maybe(LOT_LEFT, params![lot.number()], |row| {
        let (wet, dry): (Option<Decimal>, Option<Decimal>) = (row.opt_parse(0)?, row.opt_parse(1)?);
        let masses = Masses { kg_wet: wet.unwrap_or_default(), kg_dry: dry.unwrap_or_default() };
        Ok(Sent { masses, carried: row.opt_text(2)?.as_deref() == Some(PartyKind::Carrier.word()) })
    })?;
    Ok(found.unwrap_or_default())
}

/// The lots that a command names, in its order.
pub(crate) fn must_find_all(db: &mut Db, inputs: &[Portion]) -> Result<Vec<Lot>, Stop> {
    inputs.iter().map(|input| must_find(db, input.lot)).collect()
}

/// Refuses a material or party that is not there.
pub(crate) fn must_exist(db: &mut Db, record: impl Into<Ref>) -> Result<(), Stop> {
    let record = record.into();
    let sql = if record.kind == kernel::Kind::Party { PARTY_EXISTS } else { MATERIAL_EXISTS };
    match db.maybe(sql, params![record.number], |row| row.number(0))? {
        Some(_) => Ok(()),
        None => Err(LotRefused::Unknown(record).into()),
    }
}

/// Refuses a code that another lot has.
pub(crate) fn lot_code_free(db: &mut Db, code: &Code) -> Result<(), Stop> {
    match db.maybe(LOT_CODE, params![code], |row| row.number(0))? {
        Some(_) => Err(LotRefused::CodeTaken(code.clone()).into()),
        None => Ok(()),
    }
}

/// Writes a move: its books, the lots it makes, its postings and flows.
pub(crate) fn put_move(
    db: &mut Db,
    applied: &Applied,
    kind: MoveKind,
    moved: &Moved,
    party: Option<PartyId>,
    stage: Option<&str>,
    emptied: Emptied,
) -> Result<(), StoreError> {
    let b = &moved.books;
    let text = |decimal: Decimal| decimal.to_string();
    let values = params![
        moved.number.number(),
        kind.word(),
        applied.at,
        applied.person.map(|person| person.number()),
        party.map(PartyId::number),
        stage,
        moved.reason.as_deref(),
        text(b.taken.kg_wet),
        text(b.taken.kg_dry),
        text(b.outside.kg_wet),
        text(b.outside.kg_dry),
        text(b.water_kg),
        text(b.made.kg_wet),
        text(b.made.kg_dry),
        text(b.loss.kg_wet),
        text(b.loss.kg_dry),
        text(b.unaccounted.kg_wet),
        text(b.unaccounted.kg_dry),
        text(b.tolerance_kg),
    ];
    db.execute(PUT_MOVE, values)?;
    for made in &moved.made {
        put_lot(db, applied, moved.number, made)?;
    }
    for (line, posting) in moved.postings.iter().enumerate() {
        put_posting(db, applied, moved.number, line, posting, emptied)?;
    }
    for Flow { from, into, mass_kg_dry, share } in &moved.flows {
        let ends = (from.number(), into.number());
        let values = params![moved.number.number(), ends.0, ends.1, text(*mass_kg_dry), text(*share)];
        db.execute(PUT_FLOW, values)?;
    }
    Ok(())
}

fn put_lot(db: &mut Db, applied: &Applied, number: MoveId, made: &MadeLot) -> Result<(), StoreError> {
    let values = params![
        made.lot.number(),
        &made.code,
        made.material.number(),
        made.custody.word(),
        made.origin_party.map(PartyId::number),
        number.number(),
        applied.at,
        made.produced_on,
        made.packages,
        made.mass_kg_gross.map(|kg| kg.to_string()),
        made.location.as_ref().map(Code::as_str),
        made.masses.kg_wet.to_string(),
        made.masses.kg_dry.to_string(),
        made.moisture_percent.to_string(),
    ];
    db.execute(PUT_LOT, values)?;
    let words = db.maybe(MATERIAL_WORDS, params![made.material.number()], |row| {
        Ok(format!("{} {} {}", row.text(0)?, row.text(1)?, row.text(2)?))
    })?;
    let words = format!("{} {}", made.code, words.unwrap_or_default());
    store::index(db, made.lot.into(), made.code.as_str(), &words)
}

fn put_posting(
    db: &mut Db,
    applied: &Applied,
    number: MoveId,
    line: usize,
    posting: &Posting,
    emptied: Emptied,
) -> Result<(), StoreError> {
    let (lot, sample) = match posting.to {
        Holder::Lot(lot) => (Some(lot.number()), None),
        Holder::Sample(sample) => (None, Some(sample.number())),
    };
    let Masses { kg_wet, kg_dry } = posting.masses;
    let values = params![number.number(), line, lot, sample, kg_wet.to_string(), kg_dry.to_string()];
    db.execute(PUT_POSTING, values)?;
    match posting.to {
        Holder::Lot(lot) => post_to_lot(db, applied, lot, posting.masses, emptied),
        Holder::Sample(sample) => {
            let number = sample.number();
            let before = db.one(sample, SAMPLE_MASSES, params![number], |row| {
                let zero = Decimal::ZERO;
                let (wet, dry) = (row.opt_parse(0)?.unwrap_or(zero), row.opt_parse(1)?.unwrap_or(zero));
                Ok(Masses { kg_wet: wet, kg_dry: dry })
            })?;
            let after = before + posting.masses;
            let values = params![number, after.kg_wet.to_string(), after.kg_dry.to_string()];
            db.execute(SET_SAMPLE, values).map(|_| ())
        }
    }
}

fn post_to_lot(
    db: &mut Db,
    applied: &Applied,
    lot: LotId,
    change: Masses,
    emptied: Emptied,
) -> Result<(), StoreError> {
    let (before, stated) = db.one(lot, LOT_MASSES, params![lot.number()], |row| {
        Ok((Masses { kg_wet: row.parse(0)?, kg_dry: row.parse(1)? }, row.parse::<Decimal>(2)?))
    })?;
    let after = before + change;
    if !after.is_possible() {
        let why = format!("{} kg wet and {} kg dry would be left", after.kg_wet, after.kg_dry);
        return Err(StoreError::stored(format!("the postings of {lot}"), why));
    }
    let state = match (after.is_zero(), emptied) {
        (false, _) => LotState::InStock,
        (true, Emptied::Consumed) => LotState::Consumed,
        (true, Emptied::Lost) => LotState::Lost,
        (true, Emptied::Shipped(to)) => LotState::Shipped { to },
    };
    let shipped = if let LotState::Shipped { to } = state { Some(to) } else { None };
    let left = shipped.map(|_| -change);
    let values = params![
        lot.number(),
        after.kg_wet.to_string(),
        after.kg_dry.to_string(),
        moisture_now(stated, after).to_string(),
        float(after.kg_wet),
        state.word(),
        shipped.map(PartyId::number),
        shipped.map(|_| applied.at),
        left.map(|masses| masses.kg_wet.to_string()),
        left.map(|masses| masses.kg_dry.to_string()),
    ];
    db.execute(SET_LOT, values).map(|_| ())
}

/// Writes where a lot lies, and that it lay elsewhere.
pub(super) fn put_location(db: &mut Db, fact: &LotMoved, applied: &Applied) -> Result<(), StoreError> {
    db.execute(SET_LOCATION, params![fact.lot.number(), &fact.to])?;
    let values = params![
        fact.lot.number(),
        applied.seq,
        applied.at,
        applied.person.map(|person| person.number()),
        fact.from.as_ref().map(Code::as_str),
        &fact.to,
        fact.reason.as_deref()
    ];
    db.execute(PUT_LOCATION, values).map(|_| ())
}

/// The sum of a holder's postings: what its row must say.
pub(crate) fn sum_of_postings(db: &mut Db, holder: Holder) -> Result<Masses, StoreError> {
    let (sql, number) = match holder {
        Holder::Lot(lot) => (POSTINGS_OF_LOT, lot.number()),
        Holder::Sample(sample) => (POSTINGS_OF_SAMPLE, sample.number()),
    };
    let all =
        db.query(sql, params![number], |row| Ok(Masses { kg_wet: row.parse(0)?, kg_dry: row.parse(1)? }))?;
    Ok(all.into_iter().sum())
}

/// A lot for the samples of stored facts.
pub(crate) fn sample_lot(number: u64, kg_wet: i64, kg_dry: i64) -> Lot {
    let masses = Masses { kg_wet: kg_wet.into(), kg_dry: kg_dry.into() };
    Lot {
        id: LotId(number),
        code: Code::parse(&format!("L-{number}")).expect("a short code is a code"),
        material: MaterialId(12),
        state: LotState::InStock,
        custody: Custody::IdentityPreserved,
        origin_party: Some(PartyId(13)),
        masses,
        moisture_percent: masses.moisture_percent(),
        location: None,
    }
}
