//! A hold reaches what was made from a held lot.

use kernel::{HoldId, LotId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use crate::view_rows;

/// Spread a hold to a lot made from a held one. The system does this upon every move.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpreadHold {
    /// The hold.
    pub hold: HoldId,
    /// The held lot it comes from.
    pub via: LotId,
    /// The lot made from it.
    pub lot: LotId,
}

impl Command for SpreadHold {
    const NAME: &'static str = "hold.spread";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"hold":"hold-40","via":"lot-12","lot":"lot-41"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let reached = rows::reaches(db, self.hold)?;
        let mut lots = vec![SpreadTo { lot: self.lot, via: self.via }];
        // A lot that joins late may itself have been the source of others: rework, blending into stock.
        let further = view_rows::closure(db, self.lot, view_rows::children)?;
        lots.extend(further.into_iter().map(|(lot, via)| SpreadTo { lot, via }));
        lots.retain(|to| !reached.contains(&to.lot));
        if lots.is_empty() {
            return Ok(Facts::new());
        }
        Ok(Facts::one(HoldSpread { hold: self.hold, lots }))
    }
}

/// One lot that a hold reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpreadTo {
    /// Which.
    pub lot: LotId,
    /// The held lot it was made from.
    pub via: LotId,
}

/// A hold reached lots made from a held one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldSpread {
    /// The hold.
    pub hold: HoldId,
    /// The lots, nearest first.
    pub lots: Vec<SpreadTo>,
}

impl Fact for HoldSpread {
    const KIND: &'static str = "hold.spread";

    fn subjects(&self) -> Vec<Ref> {
        std::iter::once(self.hold.into()).chain(self.lots.iter().map(|to| to.lot.into())).collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        self.lots.iter().try_for_each(|to| rows::put_lot(db, self.hold, to.lot, Some(to.via), applied.at))
    }

    fn samples() -> Vec<Self> {
        vec![HoldSpread { hold: HoldId(40), lots: vec![SpreadTo { lot: LotId(41), via: LotId(12) }] }]
    }
}
