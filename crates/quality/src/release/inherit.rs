//! A rejection is inherited: what is split off a rejected lot is rejected, before the rejection or after,
//! shipped or not. Only rework makes another lot of it.

use kernel::{DispositionId, LotId, Ref, Role};
use materials::lot::ship::LotShipped;
use materials::lot::split::LotSplit;
use serde::{Deserialize, Serialize};
use store::{AnyCommand, AnyFact, Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use crate::gate::rows;
use crate::hold::spread::SpreadTo;
use crate::view_rows;

/// Spread a rejection to a lot split off a rejected one. The system does this upon every split and shipment.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpreadRejection {
    /// The decision.
    pub disposition: DispositionId,
    /// The rejected lot it was split off.
    pub via: LotId,
    /// The lot split off.
    pub lot: LotId,
}

impl Command for SpreadRejection {
    const NAME: &'static str = "rejection.spread";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"disposition":"disposition-51","via":"lot-12","lot":"lot-41"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let mut lots = vec![SpreadTo { lot: self.lot, via: self.via }];
        lots.extend(pieces(db, self.lot)?);
        let reached = rows::rejection_reaches(db, self.disposition)?;
        lots.retain(|to| !reached.contains(&to.lot));
        if lots.is_empty() {
            return Ok(Facts::new());
        }
        Ok(Facts::one(RejectionSpread { disposition: self.disposition, lots }))
    }
}

/// All that was split off a lot, nearest first.
pub(super) fn pieces(db: &mut Db, lot: LotId) -> Result<Vec<SpreadTo>, StoreError> {
    let all = view_rows::closure(db, lot, rows::all_pieces)?;
    Ok(all.into_iter().map(|(lot, via)| SpreadTo { lot, via }).collect())
}

/// What was split off a rejected lot, or left as a part of it, is rejected with it.
pub(crate) fn inherit(
    db: &mut Db,
    fact: &dyn AnyFact,
    commands: &mut Vec<Box<dyn AnyCommand>>,
) -> Result<(), StoreError> {
    let split = fact.of::<LotSplit>().map(|of| &of.moved);
    let Some(moved) = split.or(fact.of::<LotShipped>().map(|of| &of.moved)) else { return Ok(()) };
    for flow in &moved.flows {
        for rejected in rows::rejections_on(db, flow.from)? {
            let Some(Ok(disposition)) = rejected.on.map(DispositionId::try_from) else { continue };
            commands.push(Box::new(SpreadRejection { disposition, via: flow.from, lot: flow.into }));
        }
    }
    Ok(())
}

/// A rejection reached lots split off a rejected one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RejectionSpread {
    /// The decision.
    pub disposition: DispositionId,
    /// The lots, nearest first.
    pub lots: Vec<SpreadTo>,
}

impl Fact for RejectionSpread {
    const KIND: &'static str = "rejection.spread";

    fn subjects(&self) -> Vec<Ref> {
        std::iter::once(self.disposition.into()).chain(self.lots.iter().map(|to| to.lot.into())).collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let put = |to: &SpreadTo| rows::put_rejection(db, self.disposition, to.lot, Some(to.via), applied.at);
        self.lots.iter().try_for_each(put)
    }

    fn samples() -> Vec<Self> {
        let lots = vec![SpreadTo { lot: LotId(41), via: LotId(12) }];
        vec![RejectionSpread { disposition: DispositionId(51), lots }]
    }
}
