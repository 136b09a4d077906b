//! Material is lost: spilt, burnt, thrown away.

use kernel::{Edge, LotId, MoveId, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::{Books, Holder, Moved, Posting};
use super::rows::{self, Emptied, MoveKind};
use super::rules::{Lot, LotRefused};
use super::{MOVERS, required};
use crate::quantity::Mass;

/// Record that a lot, or a part of it, is lost. Needs a reason.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoseLot {
    /// The lot.
    pub lot: LotId,
    /// Wet mass lost, kg; all of it when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
}

impl Command for LoseLot {
    const NAME: &'static str = "lot.lose";
    const ROLES: &'static [kernel::Role] = MOVERS;
    const EXAMPLE: &'static str = r#"{"lot":"lot-52","mass_kg_wet":"30"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lot = rows::must_find(db, self.lot)?;
        Ok(Facts::one(decide(&lot, self, MoveId::next(cx.numbers), cx.reason)?))
    }
}

fn decide(lot: &Lot, command: &LoseLot, number: MoveId, reason: Option<&str>) -> Result<LotLost, LotRefused> {
    let lost = lot.portion(command.mass_kg_wet)?;
    let reason = required(reason)?;
    let postings = vec![Posting { to: Holder::Lot(lot.id), masses: -lost }];
    let books = Books::lost(lost);
    let moved =
        Moved { number, books, postings, made: vec![], flows: vec![], reason: Some(reason.to_owned()) };
    Ok(LotLost { lot: lot.id, moved })
}

/// Material was lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotLost {
    /// The lot.
    pub lot: LotId,
    /// The move, with its reason.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotLost {
    const KIND: &'static str = "lot.lost";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.lot.into(), self.moved.number.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_move(db, applied, MoveKind::Lose, &self.moved, None, None, Emptied::Lost)
    }

    fn samples() -> Vec<Self> {
        let lot = rows::sample_lot(52, 2_500, 2_000);
        let command: Option<LoseLot> = serde_json::from_str(LoseLot::EXAMPLE).ok();
        let decided = command.and_then(|c| decide(&lot, &c, MoveId(64), Some("spilt at the filter")).ok());
        decided.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::super::rules::tests::lot;
    use super::*;

    #[test]
    fn a_loss_has_a_reason_and_is_in_the_books() {
        let heap = lot(1, "100", "90");
        let lose = |wet: Option<&str>, reason| {
            let command = LoseLot { lot: heap.id, mass_kg_wet: wet.map(|wet| wet.parse().unwrap()) };
            decide(&heap, &command, MoveId(2), reason).map_err(|refused| refused.refusal().code)
        };
        let all = lose(None, Some("fire")).unwrap();
        assert_eq!((all.moved.books.loss, all.moved.books.balance()), (heap.masses, true));
        assert_eq!(lose(Some("10"), Some("fire")).unwrap().moved.books.loss.kg_dry, 9.into());
        assert_eq!(lose(Some("10"), None).unwrap_err(), "lot-no-reason");
        assert_eq!(lose(Some("101"), None).unwrap_err(), "lot-mass-short");
        assert_eq!(LotLost::samples().len(), 1);
    }
}
