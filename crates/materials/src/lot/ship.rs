//! A lot leaves, to a party. A part of it is split off first, so that what left has a name of its own.

use kernel::{Code, Edge, LotId, MoveId, PartyId, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::{Books, Flow, Holder, MadeLot, Moved, Posting};
use super::rows::{self, Emptied, MoveKind};
use super::rules::{Lot, LotRefused};
use super::{NewLot, Origin};
use crate::quantity::{Count, Mass};

/// Ship a lot, or a part of it, to a party.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipLot {
    /// The lot.
    pub lot: LotId,
    /// To whom.
    pub to: PartyId,
    /// Wet mass shipped, kg; all of it when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_wet: Option<Mass>,
    /// What the part that leaves is called; needed for a part only, made from the lot's code when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Packages of the part that leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<Count>,
    /// Mass with packaging of the part that leaves, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mass_kg_gross: Option<Mass>,
}

impl Command for ShipLot {
    const NAME: &'static str = "lot.ship";
    const ROLES: &'static [kernel::Role] =
        &[kernel::Role::ShiftSupervisor, kernel::Role::Receiver, kernel::Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"lot":"lot-51","to":"party-14","mass_kg_wet":"5000"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lot = rows::must_find(db, self.lot)?;
        rows::must_exist(db, self.to)?;
        let part = LotId::next(cx.numbers);
        let fact = decide(&lot, self, part, MoveId::next(cx.numbers), cx.reason)?;
        if let Some(made) = fact.moved.made.first() {
            rows::lot_code_free(db, &made.code)?;
        }
        Ok(Facts::one(fact))
    }
}

fn decide(
    lot: &Lot,
    command: &ShipLot,
    part: LotId,
    number: MoveId,
    reason: Option<&str>,
) -> Result<LotShipped, LotRefused> {
    let masses = lot.portion(command.mass_kg_wet)?;
    let books = Books::with_outside(-masses);
    let out = |of: LotId| Posting { to: Holder::Lot(of), masses: -masses };
    let whole = masses == lot.masses;
    let (shipped, postings, made, flows) = if whole {
        (lot.id, vec![out(lot.id)], vec![], vec![])
    } else {
        let made = split_off(lot, command, part, masses)?;
        let into = Posting { to: Holder::Lot(part), masses };
        let flow = Flow { from: lot.id, into: part, mass_kg_dry: masses.kg_dry, share: 1.into() };
        (part, vec![out(lot.id), into, out(part)], vec![made], vec![flow])
    };
    let moved = Moved { number, books, postings, made, flows, reason: reason.map(str::to_owned) };
    Ok(LotShipped { lot: shipped, to: command.to, moved })
}

fn split_off(
    lot: &Lot,
    command: &ShipLot,
    part: LotId,
    masses: crate::quantity::Masses,
) -> Result<MadeLot, LotRefused> {
    let named = format!("{}/{}", lot.code.as_str().chars().take(40).collect::<String>(), part.number());
    let code = match &command.code {
        Some(code) => code.clone(),
        None => Code::parse(&named).unwrap_or_else(|_| lot.code.clone()),
    };
    let new = NewLot {
        code,
        material: Some(lot.material),
        mass_kg_wet: None,
        moisture_percent: None,
        mass_kg_dry: None,
        produced_on: None,
        packages: command.packages,
        mass_kg_gross: command.mass_kg_gross,
        location: None,
    };
    new.made(part, masses, lot.moisture_percent, &Origin::of(std::slice::from_ref(lot), None)?)
}

/// A lot left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotShipped {
    /// The lot that left: the one named, or the part split off it.
    pub lot: LotId,
    /// To whom.
    pub to: PartyId,
    /// The move.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotShipped {
    const KIND: &'static str = "lot.shipped";

    fn subjects(&self) -> Vec<Ref> {
        let mut all = vec![self.lot.into()];
        all.extend(self.moved.subjects().into_iter().filter(|record| *record != self.lot.into()));
        all.push(self.to.into());
        all
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let emptied = Emptied::Shipped(self.to);
        rows::put_move(db, applied, MoveKind::Ship, &self.moved, Some(self.to), None, emptied)
    }

    fn samples() -> Vec<Self> {
        let lot = rows::sample_lot(51, 12_000, 11_400);
        let all = ShipLot::EXAMPLE.replace(r#","mass_kg_wet":"5000""#, "");
        [ShipLot::EXAMPLE, &all]
            .into_iter()
            .filter_map(|json| serde_json::from_str(json).ok())
            .filter_map(|command| decide(&lot, &command, LotId(61), MoveId(62), None).ok())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::tests::lot;
    use super::*;
    use crate::quantity::Masses;

    fn ship(more: &str) -> LotShipped {
        let json = format!(r#"{{"lot":"lot-1","to":"party-2"{more}}}"#);
        decide(&lot(1, "100", "90"), &serde_json::from_str(&json).unwrap(), LotId(3), MoveId(4), None)
            .unwrap()
    }

    fn sum(fact: &LotShipped) -> Masses {
        fact.moved.postings.iter().map(|posting| posting.masses).sum()
    }

    #[test]
    fn a_whole_lot_leaves_under_its_own_name() {
        let fact = ship("");
        assert_eq!((fact.lot, fact.moved.made.len()), (LotId(1), 0));
        assert_eq!(sum(&fact), Masses { kg_wet: (-100).into(), kg_dry: (-90).into() });
        assert!(fact.moved.books.balance());
        assert_eq!(ship(r#","mass_kg_wet":"100""#).lot, LotId(1));
    }

    #[test]
    fn a_part_leaves_under_a_name_of_its_own() {
        let fact = ship(r#","mass_kg_wet":"40""#);
        assert_eq!((fact.lot, fact.moved.made[0].code.as_str()), (LotId(3), "L-1/3"));
        assert_eq!(sum(&fact), Masses { kg_wet: (-40).into(), kg_dry: (-36).into() });
        assert_eq!(fact.moved.flows[0].share, 1.into());
        assert!(fact.moved.books.balance());
        assert_eq!(LotShipped::samples().len(), 2);
    }
}
