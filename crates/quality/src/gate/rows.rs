//! What the gate reads: decisions, rejections and what they reach, exceptions; and the tables of the last
//! two.

use kernel::{DispositionId, Instant, LotId, MoveId, OverrideId, PartyId, PersonId, SpecificationVersionId};
use measure::Decimal;
use store::{Db, StoreError, params};

use super::allow::LotAllowed;
use super::rules::{Allowance, Door, Problem, Standing};
use crate::release::rules::Decided;

store::statements! {
    PARTY_KIND = "SELECT kind FROM v_party WHERE number = ?1";
    MATERIAL_KIND = "SELECT kind FROM v_material WHERE number = ?1";
    SPLIT_OFF = "SELECT f.source, f.move FROM v_lot_flow f JOIN v_move m ON m.number = f.move
        WHERE f.target = ?1 AND m.kind IN ('split', 'ship') ORDER BY f.move";
    ALL_PIECES = "SELECT DISTINCT f.target FROM v_lot_flow f JOIN v_move m ON m.number = f.move
        WHERE f.source = ?1 AND m.kind IN ('split', 'ship') ORDER BY f.target";
    RECEIVED_FROM = "SELECT l.origin_party FROM v_lot l JOIN v_move m ON m.number = l.made_by
        WHERE l.number = ?1 AND m.kind = 'receive'
        AND NOT EXISTS (SELECT 1 FROM v_lot_flow f WHERE f.target = l.number)";
    OWN_RELEASE = "SELECT p.number, p.specification_version, p.party FROM lot_decision d
        JOIN disposition p ON p.number = d.disposition WHERE d.lot = ?1 AND d.decision = 'released'";
    RELEASE_BEFORE = "SELECT number, specification_version, party FROM disposition
        WHERE lot = ?1 AND decision = 'released' AND number < ?2 ORDER BY number DESC LIMIT 1";
    REJECTIONS_ON = "SELECT r.disposition, d.lot, d.reason FROM rejection_lot r
        JOIN disposition d ON d.number = r.disposition WHERE r.lot = ?1 ORDER BY r.disposition";
    /// Rejected lots among all that a lot was made from. Rework answers for what was rejected before it:
    /// `since` is the last rework on the way, and numbers grow with time.
    CONTAINED = "WITH RECURSIVE up (lot, since) AS (
            SELECT number, CAST(0 AS BIGINT) FROM v_lot WHERE number = ?1
            UNION SELECT f.source, CASE WHEN m.kind = 'rework' AND f.move > up.since THEN f.move
                ELSE up.since END
            FROM v_lot_flow f JOIN up ON f.target = up.lot JOIN v_move m ON m.number = f.move)
        SELECT DISTINCT r.disposition, d.lot, l.code, d.reason FROM up JOIN rejection_lot r ON r.lot = up.lot
        AND r.disposition > up.since
        JOIN disposition d ON d.number = r.disposition LEFT JOIN v_lot l ON l.number = d.lot
        WHERE up.lot <> ?1 ORDER BY r.disposition";
    FLOWS_INTO = "SELECT f.source, f.move, m.kind FROM v_lot_flow f JOIN v_move m ON m.number = f.move
        WHERE f.target = ?1 ORDER BY f.move, f.source";
    REJECTION_REACHES = "SELECT lot FROM rejection_lot WHERE disposition = ?1 ORDER BY lot";
    REJECTION_PUT = "INSERT INTO rejection_lot (disposition, lot, via, at) VALUES (?1, ?2, ?3, ?4)";
    CONTAINED_PUT = "INSERT INTO rejection_contained (disposition, lot)
        WITH RECURSIVE down (lot) AS (
            SELECT number FROM v_lot WHERE number = ?2
            UNION SELECT f.target FROM v_lot_flow f JOIN down ON f.source = down.lot)
        SELECT CAST(?1 AS BIGINT), lot FROM down WHERE lot <> ?2";
    ALLOWANCES = "SELECT o.number, o.party, o.mass_kg, o.taken_kg, o.answers, o.valid_until, o.person, o.knew
        FROM gate_override o WHERE o.lot = ?1 AND o.gate = ?2 AND o.answers IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM v_authorisation a WHERE a.number = o.\"authorisation\"
        AND a.withdrawn_at <= o.at) ORDER BY o.number";
    ALLOWANCE_PUT = "INSERT INTO gate_override (number, lot, gate, reason, valid_until, at, person,
        \"authorisation\", used, party, mass_kg, taken_kg, answers, knew)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, '0', ?11, ?12)";
    ALLOWANCE_TAKEN = "SELECT taken_kg FROM gate_override WHERE number = ?1";
    ALLOWANCE_USED = "UPDATE gate_override SET used = used + 1, taken_kg = ?2 WHERE number = ?1";
    ALLOWED_UNTIL = "SELECT MAX(valid_until) FROM gate_override WHERE lot = ?1 AND answers IS NOT NULL
        AND valid_until > ?2";
}

/// What kind of party it is; nothing where there is none.
pub(super) fn party_kind(db: &mut Db, party: PartyId) -> Result<Option<String>, StoreError> {
    db.maybe(PARTY_KIND, params![party.number()], |row| row.text(0))
}

/// What kind of material it is.
pub(super) fn material_kind(db: &mut Db, material: kernel::MaterialId) -> Result<Option<String>, StoreError> {
    db.maybe(MATERIAL_KIND, params![material.number()], |row| row.text(0))
}

/// The lot that a lot was split off, and by which move.
pub(crate) fn split_off(db: &mut Db, lot: LotId) -> Result<Option<(LotId, MoveId)>, StoreError> {
    let read = |row: &store::Row<'_>| Ok((LotId(row.number(0)?), MoveId(row.number(1)?)));
    Ok(db.query(SPLIT_OFF, params![lot.number()], read)?.into_iter().next())
}

/// The lots split off a lot, shipped parts included.
pub(crate) fn all_pieces(db: &mut Db, lot: LotId) -> Result<Vec<LotId>, StoreError> {
    db.query(ALL_PIECES, params![lot.number()], |row| Ok(LotId(row.number(0)?)))
}

/// What went into a lot.
pub(super) struct Flow {
    pub source: LotId,
    pub by: MoveId,
    /// The word of the move's kind.
    pub kind: String,
}

/// Everything that went directly into a lot.
pub(super) fn flows_into(db: &mut Db, lot: LotId) -> Result<Vec<Flow>, StoreError> {
    db.query(FLOWS_INTO, params![lot.number()], |row| {
        Ok(Flow { source: LotId(row.number(0)?), by: MoveId(row.number(1)?), kind: row.text(2)? })
    })
}

/// From whom a lot was received, where it was received and not made here.
pub(super) fn received_from(db: &mut Db, lot: LotId) -> Result<Option<Option<PartyId>>, StoreError> {
    db.maybe(RECEIVED_FROM, params![lot.number()], |row| Ok(row.opt_number(0)?.map(PartyId)))
}

/// A release as the gate needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// The decision.
    pub disposition: DispositionId,
    /// Against which edition.
    pub version: SpecificationVersionId,
    /// For whom, if for somebody.
    pub customer: Option<PartyId>,
}

impl Release {
    /// The same as a decision.
    pub fn decided(self) -> Decided {
        let (disposition, version, customer) = (self.disposition, Some(self.version), self.customer);
        Decided { disposition, released: true, version, customer }
    }
}

/// The release of a lot: the one in force, or the last that was there before a move. Numbers grow with time.
pub(super) fn release_before(
    db: &mut Db,
    lot: LotId,
    before: Option<MoveId>,
) -> Result<Option<Release>, StoreError> {
    let read = |row: &store::Row<'_>| {
        Ok(Release {
            disposition: DispositionId(row.number(0)?),
            version: SpecificationVersionId(row.opt_number(1)?.unwrap_or_default()),
            customer: row.opt_number(2)?.map(PartyId),
        })
    };
    match before {
        None => db.maybe(OWN_RELEASE, params![lot.number()], read),
        Some(by) => db.maybe(RELEASE_BEFORE, params![lot.number(), by.number()], read),
    }
}

/// The rejections that a lot is under, its own and inherited ones.
pub(crate) fn rejections_on(db: &mut Db, lot: LotId) -> Result<Vec<Problem>, StoreError> {
    db.query(REJECTIONS_ON, params![lot.number()], |row| {
        let (on, root) = (DispositionId(row.number(0)?), LotId(row.number(1)?));
        let reason = row.opt_text(2)?.unwrap_or_default();
        let what = if root == lot { reason } else { format!("{root}: {reason}") };
        Ok(Problem::new(Standing::Rejected, Some(on.into()), what))
    })
}

/// Rejected material that a lot contains: the decision, the lot decided on, its code and the reason.
pub(crate) type Contained = (DispositionId, LotId, String, String);

/// The rejected lots that a lot was made from, by anything but rework.
pub(crate) fn contained_in(db: &mut Db, lot: LotId) -> Result<Vec<Contained>, StoreError> {
    db.query(CONTAINED, params![lot.number()], |row| {
        let (code, reason) = (row.opt_text(2)?.unwrap_or_default(), row.opt_text(3)?.unwrap_or_default());
        Ok((DispositionId(row.number(0)?), LotId(row.number(1)?), code, reason))
    })
}

/// The same, as what speaks against the lot.
pub(super) fn contained(db: &mut Db, lot: LotId) -> Result<Vec<Problem>, StoreError> {
    let problem = |(on, _, code, reason): Contained| {
        Problem::new(Standing::Contains, Some(on.into()), format!("{code}: {reason}"))
    };
    Ok(contained_in(db, lot)?.into_iter().map(problem).collect())
}

/// The lots a rejection is on.
pub(crate) fn rejection_reaches(
    db: &mut Db,
    of: DispositionId,
) -> Result<std::collections::BTreeSet<LotId>, StoreError> {
    let all = db.query(REJECTION_REACHES, params![of.number()], |row| Ok(LotId(row.number(0)?)))?;
    Ok(all.into_iter().collect())
}

/// A rejection is on a lot.
pub(crate) fn put_rejection(
    db: &mut Db,
    of: DispositionId,
    lot: LotId,
    via: Option<LotId>,
    at: Instant,
) -> Result<(), StoreError> {
    let values = params![of.number(), lot.number(), via.map(LotId::number), at];
    db.execute(REJECTION_PUT, values).map(|_| ())
}

/// What contains material of a lot, now that it is rejected.
pub(crate) fn put_contained(db: &mut Db, of: DispositionId, lot: LotId) -> Result<(), StoreError> {
    db.execute(CONTAINED_PUT, params![of.number(), lot.number()]).map(|_| ())
}

/// The exceptions of a lot at a door.
pub(super) fn allowances(db: &mut Db, lot: LotId, door: Door) -> Result<Vec<Allowance>, StoreError> {
    db.query(ALLOWANCES, params![lot.number(), door.word()], |row| {
        let (mass, taken): (Option<Decimal>, Option<Decimal>) = (row.opt_parse(2)?, row.opt_parse(3)?);
        Ok(Allowance {
            id: OverrideId(row.number(0)?),
            party: row.opt_number(1)?.map(PartyId),
            left_kg: mass.map(|mass| mass - taken.unwrap_or_default()),
            answers: row.json(4)?,
            knew: if row.opt_text(7)?.is_some() { row.json(7)? } else { Default::default() },
            valid_until: row.parse(5)?,
            person: PersonId(row.number(6)?),
        })
    })
}

pub(super) fn put_allowance(db: &mut Db, of: &LotAllowed, at: Instant) -> Result<(), StoreError> {
    let answers = serde_json::to_string(&of.answers).map_err(|why| StoreError::stored(of.id, why))?;
    let knew = (!of.knew.is_empty()).then(|| serde_json::to_string(&of.knew)).transpose();
    let knew = knew.map_err(|why| StoreError::stored(of.id, why))?;
    let values = params![
        of.id.number(),
        of.lot.number(),
        of.door.word(),
        &of.reason,
        of.valid_until,
        at,
        of.person.number(),
        of.authorisation.number(),
        of.party.map(PartyId::number),
        of.mass_kg_wet.map(|kg| kg.to_string()),
        answers,
        knew
    ];
    db.execute(ALLOWANCE_PUT, values).map(|_| ())
}

/// Counts a use, and how much went by it.
pub(super) fn count_use(db: &mut Db, id: OverrideId, kg_wet: Decimal) -> Result<(), StoreError> {
    let before = db.one(id, ALLOWANCE_TAKEN, params![id.number()], |row| row.opt_parse::<Decimal>(0))?;
    let taken = before.unwrap_or_default() + kg_wet;
    db.execute(ALLOWANCE_USED, params![id.number(), taken.to_string()]).map(|_| ())
}

/// Until when a lot may pass some door by exception.
pub(crate) fn allowed_until(db: &mut Db, lot: LotId, at: Instant) -> Result<Option<Instant>, StoreError> {
    Ok(db.maybe(ALLOWED_UNTIL, params![lot.number(), at], |row| row.opt_parse(0))?.flatten())
}
