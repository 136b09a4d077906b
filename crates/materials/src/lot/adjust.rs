//! A stock-take found more or less than the books say.

use facts::Notice;
use kernel::{Edge, LotId, MoveId, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::{Books, Holder, Moved, Posting};
use super::required;
use super::rows::{self, Emptied, MoveKind};
use super::rules::{Lot, LotRefused, LotState};
use crate::quantity::{Change, Masses};

/// Adjust the mass of a lot after a stock-take. Needs a reason.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdjustLot {
    /// The lot.
    pub lot: LotId,
    /// Wet mass found more, kg; negative when less.
    pub change_kg_wet: Change,
    /// Dry mass found more, kg; by the lot's moisture when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_kg_dry: Option<Change>,
}

impl Command for AdjustLot {
    const NAME: &'static str = "lot.adjust";
    const ROLES: &'static [kernel::Role] = &[kernel::Role::Metallurgist, kernel::Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"lot":"lot-51","change_kg_wet":"-12.5"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lot = rows::must_find(db, self.lot)?;
        Ok(Facts::one(decide(&lot, self, MoveId::next(cx.numbers), cx.reason)?))
    }
}

fn decide(
    lot: &Lot,
    command: &AdjustLot,
    number: MoveId,
    reason: Option<&str>,
) -> Result<LotAdjusted, LotRefused> {
    let reason = required(reason)?;
    if let state @ LotState::Shipped { .. } = lot.state {
        return Err(LotRefused::NotInStock { lot: lot.id, code: lot.code.clone(), state });
    }
    let kg_wet = command.change_kg_wet.decimal();
    let kg_dry = match command.change_kg_dry {
        Some(dry) => dry.decimal(),
        None if lot.masses.is_zero() => return Err(LotRefused::Incomplete),
        None if kg_wet.is_sign_negative() => -lot.masses.dry_in(-kg_wet),
        None => lot.masses.dry_in(kg_wet),
    };
    let change = Masses { kg_wet, kg_dry };
    if change.is_zero() {
        return Err(LotRefused::NothingMoved);
    }
    let after = lot.masses + change;
    if !after.is_possible() || crate::quantity::Mass::new(after.kg_wet).is_err() {
        return Err(LotRefused::Impossible { kg_wet: after.kg_wet, kg_dry: after.kg_dry });
    }
    let postings = vec![Posting { to: Holder::Lot(lot.id), masses: change }];
    let books = Books::with_outside(change);
    let moved =
        Moved { number, books, postings, made: vec![], flows: vec![], reason: Some(reason.to_owned()) };
    Ok(LotAdjusted { lot: lot.id, moved })
}

/// The mass of a lot was adjusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotAdjusted {
    /// The lot.
    pub lot: LotId,
    /// The move, with its reason.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotAdjusted {
    const KIND: &'static str = "lot.adjusted";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.lot.into(), self.moved.number.into()]
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::LotAdjusted(self.lot)]
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_move(db, applied, MoveKind::Adjust, &self.moved, None, None, Emptied::Lost)
    }

    fn samples() -> Vec<Self> {
        let lot = rows::sample_lot(51, 12_000, 11_400);
        let command: Option<AdjustLot> = serde_json::from_str(AdjustLot::EXAMPLE).ok();
        let decided = command.and_then(|c| decide(&lot, &c, MoveId(63), Some("stock-take of March")).ok());
        decided.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{PartyId, Refuse};

    use super::super::rules::tests::lot;
    use super::*;

    fn adjust(lot: &Lot, wet: &str, dry: Option<&str>, reason: Option<&str>) -> Result<Masses, String> {
        let command = AdjustLot {
            lot: lot.id,
            change_kg_wet: wet.parse().unwrap(),
            change_kg_dry: dry.map(|dry| dry.parse().unwrap()),
        };
        match decide(lot, &command, MoveId(2), reason) {
            Ok(fact) => {
                assert!(fact.moved.books.balance());
                Ok(lot.masses + fact.moved.postings[0].masses)
            }
            Err(refused) => Err(refused.refusal().code),
        }
    }

    #[test]
    fn a_stock_take_moves_both_masses_and_never_below_zero() {
        let heap = lot(1, "100", "90");
        let kg = |wet: i64, dry: i64| Ok(Masses { kg_wet: wet.into(), kg_dry: dry.into() });
        let why = Some("count");
        assert_eq!(adjust(&heap, "-10", None, why), kg(90, 81));
        assert_eq!(adjust(&heap, "10", None, why), kg(110, 99));
        assert_eq!(adjust(&heap, "0", Some("-1"), why), kg(100, 89));
        assert_eq!(adjust(&heap, "-100", None, why), kg(0, 0));
        for (wet, dry, reason, code) in [
            ("-101", None, why, "lot-mass-impossible"),
            ("0", Some("11"), why, "lot-mass-impossible"),
            ("0", None, why, "lot-nothing-moved"),
            ("1", None, None, "lot-no-reason"),
            ("1", None, Some("  "), "lot-no-reason"),
        ] {
            assert_eq!(adjust(&heap, wet, dry, reason), Err(code.to_owned()), "{wet} {dry:?}");
        }
        let shipped = Lot { state: LotState::Shipped { to: PartyId(3) }, ..lot(1, "0", "0") };
        assert_eq!(adjust(&shipped, "1", Some("1"), why), Err("lot-not-in-stock".to_owned()));
        let empty = Lot { state: LotState::Consumed, ..lot(1, "0", "0") };
        assert_eq!(adjust(&empty, "1", Some("1"), why), kg(1, 1));
        assert_eq!(adjust(&empty, "1", None, why), Err("lot-mass-incomplete".to_owned()));
        assert_eq!(LotAdjusted::samples().len(), 1);
    }
}
