//! What a recall reads: where material went, what left, and which certificates went with it.

use kernel::{CertificateId, Instant, LotId, Names, PartyId};
use measure::Decimal;
use store::{Db, StoreError, params};

use super::Paper;

store::statements! {
    FLOWS_FROM = "SELECT f.target, f.share, m.kind FROM v_lot_flow f JOIN v_move m ON m.number = f.move
        WHERE f.source = ?1 ORDER BY f.target, f.move";
    RECALLED_LOT = "SELECT code, state, net_kg_wet, net_kg_dry, shipped_to, shipped_at, location FROM v_lot
        WHERE number = ?1";
    PAPERS = "SELECT number, code, revision, party, issued_at, superseded_at FROM certificate WHERE lot = ?1
        ORDER BY number";
    CERTIFIED = "SELECT lot FROM certificate WHERE number = ?1";
    TOLD_PARTY = "SELECT code, name_en, name_zh, kind FROM v_party WHERE number = ?1";
}

/// What was made directly of a lot: which, the fraction of it that came from there, by what kind of move.
pub(super) fn flows_from(db: &mut Db, lot: LotId) -> Result<Vec<(LotId, Decimal, String)>, StoreError> {
    db.query(FLOWS_FROM, params![lot.number()], |row| {
        Ok((LotId(row.number(0)?), row.parse(1)?, row.text(2)?))
    })
}

/// A lot as a recall needs it.
pub(super) struct Lot {
    pub code: String,
    pub in_stock: bool,
    pub kg_wet: Decimal,
    pub kg_dry: Decimal,
    pub shipped: Option<(PartyId, Instant)>,
    pub location: Option<String>,
}

pub(super) fn lot(db: &mut Db, lot: LotId) -> Result<Option<Lot>, StoreError> {
    db.maybe(RECALLED_LOT, params![lot.number()], |row| {
        let decimal = |column| row.opt_parse::<Decimal>(column).map(Option::unwrap_or_default);
        Ok(Lot {
            code: row.text(0)?,
            in_stock: row.text(1)? == "in-stock",
            kg_wet: decimal(2)?,
            kg_dry: decimal(3)?,
            shipped: row.opt_number(4)?.map(PartyId).zip(row.opt_parse(5)?),
            location: row.opt_text(6)?,
        })
    })
}

/// The certificates of a lot, with to whom each went.
pub(super) fn papers(db: &mut Db, lot: LotId) -> Result<Vec<(PartyId, Paper)>, StoreError> {
    db.query(PAPERS, params![lot.number()], |row| {
        let paper = Paper {
            certificate: CertificateId(row.number(0)?),
            number: super::number(&row.text(1)?, row.int(2)? as u32),
            lot,
            issued_at: row.parse(4)?,
            superseded: row.opt_text(5)?.is_some(),
        };
        Ok((PartyId(row.number(3)?), paper))
    })
}

/// The lot a certificate is for.
pub(super) fn certified(db: &mut Db, id: CertificateId) -> Result<Option<LotId>, StoreError> {
    db.maybe(CERTIFIED, params![id.number()], |row| Ok(LotId(row.number(0)?)))
}

/// A party's code, names and kind.
pub(super) fn party(db: &mut Db, party: PartyId) -> Result<(String, Names, String), StoreError> {
    db.one(party, TOLD_PARTY, params![party.number()], |row| {
        Ok((row.text(0)?, Names { en: row.text(1)?, zh: row.text(2)? }, row.text(3)?))
    })
}
