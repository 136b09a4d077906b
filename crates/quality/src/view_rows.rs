//! What quality reads of other areas: their views, all in this one place.

use kernel::{BalanceId, Instant, LotId, MaterialId, Names, PartyId, PersonId, ResultId, SampleId};
use measure::Decimal;
use serde::Serialize;
use store::{Db, StoreError, params};

use crate::release::checks::balance::LotBalance;

store::statements! {
    LOT = "SELECT l.number, l.code, l.material, l.state, l.net_kg_wet, l.moisture_percent, l.net_kg_dry,
        l.produced_on,
           l.custody, l.shipped_to, l.first_kg_wet, m.code, m.name_en, m.name_zh, m.formula
           FROM v_lot l JOIN v_material m ON m.number = l.material WHERE l.number = ?1";
    MATERIAL = "SELECT code, name_en, name_zh, formula FROM v_material WHERE number = ?1";
    PARTY = "SELECT code, name_en, name_zh, address FROM v_party WHERE number = ?1";
    PERSON = "SELECT name_en, name_zh FROM v_person WHERE number = ?1";
    LOT_OF_RESULT = "SELECT s.lot FROM v_laboratory_result r JOIN v_sample s ON s.number = r.sample
        WHERE r.number = ?1";
    /// The lots of the samples that a sample of no one lot was put together of, however deep.
    LOTS_OF_COMPOSITE = "WITH RECURSIVE part (sample) AS (
            SELECT s.number FROM v_laboratory_result r JOIN v_sample s ON s.number = r.sample
            WHERE r.number = ?1 AND s.lot IS NULL
            UNION SELECT p.part FROM v_sample_part p JOIN part ON p.composite = part.sample)
        SELECT DISTINCT r.sample, s.lot FROM part JOIN v_sample s ON s.number = part.sample
        JOIN v_laboratory_result r ON r.number = ?1 WHERE s.lot IS NOT NULL ORDER BY s.lot";
    /// The composites of several lots that samples of a lot, or of what was split off it, went into, however
    /// deep.
    COMPOSITES_WITH_LOT = "WITH RECURSIVE piece (lot) AS (
            SELECT number FROM v_lot WHERE number = ?1
            UNION SELECT f.target FROM v_lot_flow f JOIN piece ON f.source = piece.lot
            JOIN v_move m ON m.number = f.move WHERE m.kind IN ('split', 'ship')),
        up (sample) AS (
            SELECT s.number FROM v_sample s JOIN piece ON s.lot = piece.lot
            UNION SELECT p.composite FROM v_sample_part p JOIN up ON p.part = up.sample)
        SELECT DISTINCT s.number, s.code FROM up JOIN v_sample s ON s.number = up.sample
        WHERE s.lot IS NULL ORDER BY s.number";
    DELIVERED = "SELECT DISTINCT t.number, t.net_kg_wet FROM v_lot_flow f
        JOIN v_move m ON m.number = f.move JOIN v_lot t ON t.number = f.target
        WHERE f.source = ?1 AND t.shipped_to = ?2 AND m.kind IN ('split', 'ship') AND t.number > ?3";
    CHILDREN = "SELECT DISTINCT target FROM v_lot_flow WHERE source = ?1 ORDER BY target";
    PIECES = "SELECT DISTINCT f.target FROM v_lot_flow f JOIN v_move m ON m.number = f.move
        WHERE f.source = ?1 AND m.kind = 'split' ORDER BY f.target";
    WHOLES = "SELECT DISTINCT f.source FROM v_lot_flow f JOIN v_move m ON m.number = f.move
        WHERE f.target = ?1 AND m.kind = 'split' ORDER BY f.source";
    PARENTS = "SELECT source, share FROM v_lot_flow WHERE target = ?1 ORDER BY source, move";
    ORIGIN = "SELECT l.code, p.name_en, p.name_zh FROM v_lot l LEFT JOIN v_party p ON p.number =
        l.origin_party
              WHERE l.number = ?1";
    BALANCES_OF_LOT = "SELECT b.balance, b.code, b.stream, b.state, b.stale, b.closes, b.excepted, b.feed,
        b.from_at, b.until_at, l.made_at, l.produced_on FROM v_engineering_lot_balance b
        JOIN v_lot l ON l.number = b.lot WHERE b.lot = ?1 ORDER BY b.balance, b.stream";
    LOTS_OF_BALANCE = "SELECT DISTINCT lot FROM v_engineering_lot_balance WHERE balance = ?1 ORDER BY lot";
    ORIGIN_OF_LOT = "SELECT balance, code, stream, custody, feed, share FROM v_engineering_lot_origin
        WHERE lot = ?1 ORDER BY balance DESC, stream, feed";
    FEED_LOTS = "SELECT f.lot, l.first_kg_dry FROM v_engineering_feed_lot f JOIN v_lot l ON l.number = f.lot
        WHERE f.balance = ?1 AND f.stream = ?2 ORDER BY f.lot";
    SAMPLES_OF_LOT = "SELECT s.number, s.code, s.taken_at, s.plan, s.mass_kg_wet, s.moisture_percent,
        s.mass_kg_dry, s.from_outside, a.number FROM v_sample s LEFT JOIN v_authorisation a
        ON a.number = s.\"authorisation\" AND a.withdrawn_at <= s.taken_at WHERE s.lot = ?1
        ORDER BY s.number";
}

/// A lot with its material.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lot {
    /// Which.
    pub id: LotId,
    /// Its code.
    pub code: String,
    /// Of which material.
    pub material: MaterialId,
    /// Where it is in its life.
    pub state: String,
    /// Wet mass in stock or as shipped, kg.
    pub kg_wet: Option<Decimal>,
    /// Moisture, percent of the wet mass.
    pub moisture_percent: Option<Decimal>,
    /// Dry mass in stock or as shipped, kg.
    pub kg_dry: Option<Decimal>,
    /// The day it was produced.
    pub produced_on: Option<String>,
    /// Its custody model.
    pub custody: String,
    /// To whom it was shipped.
    pub shipped_to: Option<PartyId>,
    /// Wet mass when it was made or came, kg.
    pub first_kg_wet: Option<Decimal>,
    /// The material's code.
    pub material_code: String,
    /// The material's names.
    pub material_names: Names,
    /// The pure compound it is sold as.
    pub formula: Option<String>,
}

/// A lot by id.
pub fn lot(db: &mut Db, id: LotId) -> Result<Option<Lot>, StoreError> {
    db.maybe(LOT, params![id.number()], |row| {
        Ok(Lot {
            id: LotId(row.number(0)?),
            code: row.text(1)?,
            material: MaterialId(row.number(2)?),
            state: row.text(3)?,
            kg_wet: row.opt_parse(4)?,
            moisture_percent: row.opt_parse(5)?,
            kg_dry: row.opt_parse(6)?,
            produced_on: row.opt_text(7)?,
            custody: row.text(8)?,
            shipped_to: row.opt_number(9)?.map(PartyId),
            first_kg_wet: row.opt_parse(10)?,
            material_code: row.text(11)?,
            material_names: Names { en: row.text(12)?, zh: row.text(13)? },
            formula: row.opt_text(14)?,
        })
    })
}

/// A material's code and names.
pub fn material(db: &mut Db, id: MaterialId) -> Result<Option<(String, Names)>, StoreError> {
    db.maybe(MATERIAL, params![id.number()], |row| {
        Ok((row.text(0)?, Names { en: row.text(1)?, zh: row.text(2)? }))
    })
}

/// A party as certificates name it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Party {
    /// Its code.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// Its address, in one language.
    pub address: Option<String>,
}

/// A party by id.
pub fn party(db: &mut Db, id: PartyId) -> Result<Option<Party>, StoreError> {
    db.maybe(PARTY, params![id.number()], |row| {
        let names = Names { en: row.text(1)?, zh: row.text(2)? };
        Ok(Party { code: row.text(0)?, names, address: row.opt_text(3)? })
    })
}

/// A person's names; the bare id where they are erased or unknown.
pub fn person(db: &mut Db, id: PersonId) -> Result<Names, StoreError> {
    let found =
        db.maybe(PERSON, params![id.number()], |row| Ok(Names { en: row.text(0)?, zh: row.text(1)? }))?;
    let plain = || Names { en: id.to_string(), zh: id.to_string() };
    Ok(found.filter(|names| !names.en.is_empty() || !names.zh.is_empty()).unwrap_or_else(plain))
}

/// Wet mass of the parts split off a lot after the record of that number that a party got, kg.
pub(crate) fn delivered(db: &mut Db, lot: LotId, to: PartyId, after: u64) -> Result<Decimal, StoreError> {
    let values = params![lot.number(), to.number(), after];
    let all = db.query(DELIVERED, values, |row| row.opt_parse::<Decimal>(1))?;
    Ok(all.into_iter().flatten().sum())
}

/// The lot that a result is of, where its sample is of one.
pub(crate) fn lot_of_result(db: &mut Db, result: ResultId) -> Result<Option<LotId>, StoreError> {
    Ok(db.maybe(LOT_OF_RESULT, params![result.number()], |row| row.opt_number(0))?.flatten().map(LotId))
}

/// The lots in a composite of several that a result is of, with the composite.
pub(crate) fn lots_of_composite(db: &mut Db, result: ResultId) -> Result<Vec<(SampleId, LotId)>, StoreError> {
    let read = |row: &store::Row<'_>| Ok((SampleId(row.number(0)?), LotId(row.number(1)?)));
    db.query(LOTS_OF_COMPOSITE, params![result.number()], read)
}

/// The composites of several lots that a lot is in, with their codes.
pub(crate) fn composites_with_lot(db: &mut Db, lot: LotId) -> Result<Vec<(SampleId, String)>, StoreError> {
    db.query(COMPOSITES_WITH_LOT, params![lot.number()], |row| Ok((SampleId(row.number(0)?), row.text(1)?)))
}

/// Lots made directly from a lot.
pub fn children(db: &mut Db, lot: LotId) -> Result<Vec<LotId>, StoreError> {
    db.query(CHILDREN, params![lot.number()], |row| Ok(LotId(row.number(0)?)))
}

/// Lots split off a lot, packed ones included: the same material as it was.
pub(crate) fn pieces(db: &mut Db, lot: LotId) -> Result<Vec<LotId>, StoreError> {
    db.query(PIECES, params![lot.number()], |row| Ok(LotId(row.number(0)?)))
}

/// The lot with those it was split off, nearest first: what belongs to one of them belongs to it.
fn with_wholes(db: &mut Db, lot: LotId) -> Result<Vec<LotId>, StoreError> {
    let step =
        |db: &mut Db, lot: LotId| db.query(WHOLES, params![lot.number()], |row| Ok(LotId(row.number(0)?)));
    let wholes = closure(db, lot, step)?;
    Ok(std::iter::once(lot).chain(wholes.into_iter().map(|(lot, _)| lot)).collect())
}

/// Lots a lot was made from directly, each with the share of it that came from there.
pub fn parents(db: &mut Db, lot: LotId) -> Result<Vec<(LotId, Decimal)>, StoreError> {
    db.query(PARENTS, params![lot.number()], |row| Ok((LotId(row.number(0)?), row.parse(1)?)))
}

/// A lot's code and the party it came from.
pub fn origin(db: &mut Db, lot: LotId) -> Result<Option<(String, Option<Names>)>, StoreError> {
    db.maybe(ORIGIN, params![lot.number()], |row| {
        let names = match (row.opt_text(1)?, row.opt_text(2)?) {
            (Some(en), Some(zh)) => Some(Names { en, zh }),
            _ => None,
        };
        Ok((row.text(0)?, names))
    })
}

/// Everything reached from a lot by `step`, the lot itself left out; cycles of rework end. With the lot
/// through which each was reached first.
pub fn closure(
    db: &mut Db,
    lot: LotId,
    mut step: impl FnMut(&mut Db, LotId) -> Result<Vec<LotId>, StoreError>,
) -> Result<Vec<(LotId, LotId)>, StoreError> {
    let mut seen = std::collections::BTreeSet::from([lot]);
    let mut found = Vec::new();
    let mut open = std::collections::VecDeque::from([lot]);
    while let Some(at) = open.pop_front() {
        for next in step(db, at)? {
            if seen.insert(next) {
                found.push((next, at));
                open.push_back(next);
            }
        }
    }
    Ok(found)
}

/// The metal balances that a lot, or one it was split off, is linked to.
pub fn balances(db: &mut Db, lot: LotId) -> Result<Vec<LotBalance>, StoreError> {
    let mut found: Vec<LotBalance> = Vec::new();
    let institute = authority::institute::rows::find(db)?.map(|(_, institute)| institute);
    for of in with_wholes(db, lot)? {
        let own = db.query(BALANCES_OF_LOT, params![of.number()], |row| {
            let window = (row.parse(8)?, row.parse(9)?);
            let made = (row.parse(10)?, row.opt_text(11)?);
            Ok(LotBalance {
                feed: row.flag(7)?,
                of_its_period: made_within(window, (made.0, made.1.as_deref()), institute.as_ref()),
                id: BalanceId(row.number(0)?),
                code: row.text(1)?,
                stream: row.text(2)?,
                is_final: row.text(3)? == "final",
                stale: row.flag(4)?,
                closes: row.flag(5)?,
                excepted: row.flag(6)?,
            })
        })?;
        let new = |one: &LotBalance| !found.iter().any(|of| of.id == one.id && of.stream == one.stream);
        let own: Vec<LotBalance> = own.into_iter().filter(new).collect();
        found.extend(own);
    }
    Ok(found)
}

/// Whether a lot was made within a window, the end exclusive: it came into the books then, or some of the
/// day it was produced on, where the institute is, lies in it.
fn made_within(
    (from, until): (Instant, Instant),
    (made_at, produced_on): (Instant, Option<&str>),
    institute: Option<&authority::Institute>,
) -> bool {
    let zone = institute.map(|of| of.time_zone.zone());
    let day = |at: Instant| zone.clone().map(|zone| at.timestamp().to_zoned(zone).date().to_string());
    let last = Instant::from_micros(until.micros() - 1);
    let produced = produced_on.is_some_and(|on| {
        day(from).is_some_and(|first| first.as_str() <= on)
            && day(last).is_some_and(|last| on <= last.as_str())
    });
    produced || from <= made_at && made_at < until
}

/// The lots linked to a balance.
pub(crate) fn lots_of_balance(db: &mut Db, balance: BalanceId) -> Result<Vec<LotId>, StoreError> {
    db.query(LOTS_OF_BALANCE, params![balance.number()], |row| Ok(LotId(row.number(0)?)))
}

/// A feed's share of a product, by the reconciled balance of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginShare {
    /// The balance.
    pub balance: BalanceId,
    /// Its code.
    pub code: String,
    /// The stream the lot came out by.
    pub stream: String,
    /// By which model of ISO 22095.
    pub custody: String,
    /// The feed.
    pub feed: String,
    /// 0 to 1.
    pub share: Decimal,
}

/// The origin of a lot by final balances that stand, the latest first; of a lot that is linked to none, by
/// those of the nearest lot it was split off.
pub fn origin_shares(db: &mut Db, lot: LotId) -> Result<Vec<OriginShare>, StoreError> {
    for of in with_wholes(db, lot)? {
        let shares = db.query(ORIGIN_OF_LOT, params![of.number()], |row| {
            Ok(OriginShare {
                balance: BalanceId(row.number(0)?),
                code: row.text(1)?,
                stream: row.text(2)?,
                custody: row.text(3)?,
                feed: row.text(4)?,
                share: row.parse(5)?,
            })
        })?;
        if !shares.is_empty() {
            return Ok(shares);
        }
    }
    Ok(Vec::new())
}

/// The lots of a feed of a balance, with their dry mass.
pub fn feed_lots(db: &mut Db, balance: BalanceId, feed: &str) -> Result<Vec<(LotId, Decimal)>, StoreError> {
    db.query(FEED_LOTS, params![balance.number(), feed], |row| Ok((LotId(row.number(0)?), row.parse(1)?)))
}

/// A sample of a lot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sample {
    /// Which.
    pub id: kernel::SampleId,
    /// Its code.
    pub code: String,
    /// When it was taken.
    pub taken_at: kernel::Instant,
    /// By which plan.
    pub plan: Option<String>,
    /// Wet mass, kg.
    pub kg_wet: Option<Decimal>,
    /// Moisture, percent.
    pub moisture_percent: Option<Decimal>,
    /// Dry mass, kg.
    pub kg_dry: Option<Decimal>,
    /// Whether it came from outside.
    pub from_outside: bool,
    /// The authorisation it was taken under, where that was withdrawn from before it was taken.
    pub unauthorised: Option<kernel::AuthorisationId>,
}

/// The samples of a lot.
pub fn samples(db: &mut Db, lot: LotId) -> Result<Vec<Sample>, StoreError> {
    db.query(SAMPLES_OF_LOT, params![lot.number()], |row| {
        Ok(Sample {
            id: kernel::SampleId(row.number(0)?),
            code: row.text(1)?,
            taken_at: row.parse(2)?,
            plan: row.opt_text(3)?,
            kg_wet: row.opt_parse(4)?,
            moisture_percent: row.opt_parse(5)?,
            kg_dry: row.opt_parse(6)?,
            from_outside: row.flag(7)?,
            unauthorised: row.opt_number(8)?.map(kernel::AuthorisationId),
        })
    })
}
