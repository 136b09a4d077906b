//! A lot is carried to another place. Its mass does not change, so this is no transformation: no posting, no
//! book to close.

use kernel::{Code, LotId, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::MOVERS;
use super::rows;
use super::rules::{Lot, LotRefused, LotState};

/// Carry a lot to another place.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveLot {
    /// The lot.
    pub lot: LotId,
    /// Where it lies from now on.
    pub location: Code,
}

impl Command for MoveLot {
    const NAME: &'static str = "lot.move";
    const ROLES: &'static [kernel::Role] = MOVERS;
    const EXAMPLE: &'static str = r#"{"lot":"lot-52","location":"Hall 3, bay 12"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lot = rows::must_find(db, self.lot)?;
        Ok(Facts::one(decide(&lot, self, cx.reason)?))
    }
}

fn decide(lot: &Lot, command: &MoveLot, reason: Option<&str>) -> Result<LotMoved, LotRefused> {
    if lot.state != LotState::InStock {
        return Err(LotRefused::NotInStock { lot: lot.id, code: lot.code.clone(), state: lot.state });
    }
    if lot.location.as_ref() == Some(&command.location) {
        return Err(LotRefused::LiesThere { code: lot.code.clone(), location: command.location.clone() });
    }
    Ok(LotMoved {
        lot: lot.id,
        from: lot.location.clone(),
        to: command.location.clone(),
        reason: reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned),
    })
}

/// A lot lies in another place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotMoved {
    /// The lot.
    pub lot: LotId,
    /// Where it lay, if anybody had said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Code>,
    /// Where it lies.
    pub to: Code,
    /// Why it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Fact for LotMoved {
    const KIND: &'static str = "lot.moved";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.lot.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_location(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        let lot = rows::sample_lot(52, 2_500, 2_000);
        let command: Option<MoveLot> = serde_json::from_str(MoveLot::EXAMPLE).ok();
        let decided = command.and_then(|c| decide(&lot, &c, Some("room for the next batch")).ok());
        decided.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{PartyId, Refuse};

    use super::super::rules::tests::lot;
    use super::*;

    #[test]
    fn only_a_lot_in_stock_is_moved_and_only_to_another_place() {
        let place = |text: &str| Code::parse(text).unwrap();
        let heap = Lot { location: Some(place("Hall 2")), ..lot(1, "100", "90") };
        let go = |lot: &Lot, to: &str| {
            let command = MoveLot { lot: lot.id, location: place(to) };
            decide(lot, &command, None).map_err(|refused| refused.refusal().code)
        };
        let moved = go(&heap, "Hall 3").unwrap();
        assert_eq!((moved.from, moved.to), (Some(place("Hall 2")), place("Hall 3")));
        assert_eq!(go(&heap, "Hall 2").unwrap_err(), "lot-lies-there");
        let unknown = lot(1, "100", "90");
        assert_eq!(go(&unknown, "Hall 2").unwrap().from, None);
        for state in [LotState::Shipped { to: PartyId(3) }, LotState::Consumed, LotState::Lost] {
            let gone = Lot { state, ..heap.clone() };
            assert_eq!(go(&gone, "Hall 3").unwrap_err(), "lot-not-in-stock");
        }
        assert_eq!(LotMoved::samples().len(), 1);
    }
}
