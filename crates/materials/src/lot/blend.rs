//! Lots are blended: several become one.

use kernel::{Edge, LotId, MoveId, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::{Books, Moved, TOLERANCE_KG};
use super::rows::{self, Emptied, MoveKind};
use super::rules::{Lot, LotRefused};
use super::{MOVERS, NewLot, Origin, Portion, each_once};
use crate::custody::Custody;
use crate::quantity::{Mass, Masses};

/// Blend lots, or parts of them, into a new one.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlendLots {
    /// The lots that go in.
    pub inputs: Vec<Portion>,
    /// The lot that comes out; its masses are the sum of the inputs' unless it was weighed again.
    pub output: NewLot,
    /// Chain of custody model claimed for it; the strongest allowed when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
    /// How far mass in and out may be apart, kg; a gram when left out, at most 1 % of what went in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance_kg: Option<Mass>,
}

impl Command for BlendLots {
    const NAME: &'static str = "lot.blend";
    const ROLES: &'static [kernel::Role] = MOVERS;
    const EXAMPLE: &'static str = r#"{"inputs":[{"lot":"lot-31"},{"lot":"lot-32","mass_kg_wet":"5000"}],
        "output":{"code":"BL-2603-001","produced_on":"2026-03-14"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lots = rows::must_find_all(db, &self.inputs)?;
        rows::lot_code_free(db, &self.output.code)?;
        let inputs = self.inputs.iter().map(|input| input.lot);
        crate::times::produced(db, [&self.output.produced_on], inputs, (cx.at, cx.reason))?;
        if let Some(material) = self.output.material {
            rows::must_exist(db, material)?;
        }
        let (id, number) = (LotId::next(cx.numbers), MoveId::next(cx.numbers));
        Ok(Facts::one(decide(&lots, self, id, number, cx.reason)?))
    }
}

fn decide(
    lots: &[Lot],
    command: &BlendLots,
    id: LotId,
    number: MoveId,
    reason: Option<&str>,
) -> Result<LotBlended, LotRefused> {
    each_once(&lots.iter().map(|lot| lot.code.as_str()).collect::<Vec<_>>())?;
    if lots.len() < 2 {
        return Err(LotRefused::NothingMoved);
    }
    let taken = take(lots, &command.inputs)?;
    let sum = total(&taken)?;
    if let (Some(first), Some(material)) = (lots.first(), command.output.material)
        && material != first.material
        && lots.iter().all(|lot| lot.material == first.material)
    {
        return Err(LotRefused::Relabelled { code: first.code.clone() });
    }
    let from = Origin::of(lots, command.custody)?;
    let weighed = command.output.weighed();
    let (masses, moisture) = if weighed.is_empty() {
        (sum, sum.moisture_percent())
    } else {
        let tolerance_kg = command.tolerance_kg.map_or(TOLERANCE_KG, Mass::decimal);
        weighed.masses(Some(sum), tolerance_kg)?
    };
    let made = command.output.made(id, masses, moisture, &from)?;
    let books = Books::close(sum, None, masses, Masses::ZERO, command.tolerance_kg)?;
    Ok(LotBlended { moved: Moved::between(number, books, &taken, vec![made], reason) })
}

/// What is taken from each lot.
pub(super) fn take(lots: &[Lot], inputs: &[Portion]) -> Result<Vec<(LotId, Masses)>, LotRefused> {
    lots.iter().zip(inputs).map(|(lot, input)| Ok((lot.id, lot.portion(input.mass_kg_wet)?))).collect()
}

/// The sum of what is taken; as large as one lot may be.
pub(super) fn total(taken: &[(LotId, Masses)]) -> Result<Masses, LotRefused> {
    let sum: Masses = taken.iter().map(|(_, masses)| *masses).sum();
    match (Mass::new(sum.kg_wet), sum.is_zero()) {
        (Ok(_), false) => Ok(sum),
        (_, true) => Err(LotRefused::NothingMoved),
        _ => Err(LotRefused::Impossible { kg_wet: sum.kg_wet, kg_dry: sum.kg_dry }),
    }
}

/// Lots were blended into one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotBlended {
    /// The move; it makes one lot.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotBlended {
    const KIND: &'static str = "lot.blended";

    fn subjects(&self) -> Vec<Ref> {
        self.moved.subjects()
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_move(db, applied, MoveKind::Blend, &self.moved, None, None, Emptied::Consumed)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<BlendLots>(BlendLots::EXAMPLE) else { return vec![] };
        let lots = [rows::sample_lot(31, 10_000, 9_160), rows::sample_lot(32, 15_000, 13_740)];
        decide(&lots, &command, LotId(41), MoveId(42), None).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::{MaterialId, PartyId, Refuse};

    use super::super::rules::tests::lot;
    use super::*;

    fn blend(lots: &[Lot], inputs: &str, output: &str, more: &str) -> Result<LotBlended, String> {
        let json = format!(r#"{{"inputs":[{inputs}],"output":{{"code":"BL"{output}}}{more}}}"#);
        let command = serde_json::from_str(&json).unwrap();
        decide(lots, &command, LotId(9), MoveId(10), None).map_err(|refused| {
            let refusal = refused.refusal();
            let difference = refusal.args.get("difference").cloned().unwrap_or_default();
            format!("{} {difference}", refusal.code).trim().to_owned()
        })
    }

    #[test]
    fn masses_add_and_shares_follow_dry_mass() {
        let lots = [lot(1, "100", "90"), lot(2, "50", "30")];
        let fact = blend(&lots, r#"{"lot":"lot-1"},{"lot":"lot-2"}"#, "", "").unwrap();
        let made = &fact.moved.made[0];
        assert_eq!(
            (made.masses.kg_wet.to_string(), made.masses.kg_dry.to_string()),
            ("150".into(), "120".into())
        );
        let shares: Vec<String> = fact.moved.flows.iter().map(|flow| flow.share.to_string()).collect();
        assert_eq!(shares, ["0.75", "0.25"]);
        assert_eq!(made.moisture_percent.to_string(), "20");
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_difference() {
        let both = r#"{"lot":"lot-1"},{"lot":"lot-2"}"#;
        let lots = [lot(1, "100", "90"), lot(2, "50", "30")];
        let said = |output, more| blend(&lots, both, output, more).unwrap_err();
        assert_eq!(said(r#","mass_kg_wet":"150","mass_kg_dry":"121""#, ""), "lot-mass-imbalance -1");
        assert_eq!(said(r#","mass_kg_wet":"149","mass_kg_dry":"120""#, ""), "lot-mass-imbalance 1");
        let wide =
            blend(&lots, both, r#","mass_kg_wet":"149","mass_kg_dry":"120""#, r#","tolerance_kg":"1""#);
        assert!(wide.unwrap().moved.books.balance());
        assert_eq!(
            blend(&lots, r#"{"lot":"lot-1","mass_kg_wet":"101"},{"lot":"lot-2"}"#, "", "").unwrap_err(),
            "lot-mass-short 1"
        );
        assert_eq!(blend(&lots[..1], r#"{"lot":"lot-1"}"#, "", "").unwrap_err(), "lot-nothing-moved");
        let twice = [lots[0].clone(), lots[0].clone()];
        assert_eq!(
            blend(&twice, r#"{"lot":"lot-1"},{"lot":"lot-1"}"#, "", "").unwrap_err(),
            "lot-named-twice"
        );
    }

    #[test]
    fn different_materials_need_a_name_and_custody_weakens() {
        let both = r#"{"lot":"lot-1"},{"lot":"lot-2"}"#;
        let other = Lot { material: MaterialId(2), ..lot(2, "50", "30") };
        let lots = [lot(1, "100", "90"), other];
        assert_eq!(blend(&lots, both, "", "").unwrap_err(), "lot-materials-differ");
        assert!(blend(&lots, both, r#","material":"material-3""#, "").is_ok());
        let from = |number, party| Lot {
            custody: Custody::IdentityPreserved,
            origin_party: Some(PartyId(party)),
            ..lot(number, "100", "90")
        };
        let custody = |a, b, more| blend(&[from(1, a), from(2, b)], both, "", more);
        assert_eq!(custody(7, 7, "").unwrap().moved.made[0].custody, Custody::IdentityPreserved);
        let mixed = custody(7, 8, "").unwrap().moved.made.remove(0);
        assert_eq!((mixed.custody, mixed.origin_party), (Custody::Segregated, None));
        let claimed = custody(7, 8, r#","custody":"identity-preserved""#).unwrap_err();
        assert_eq!(claimed, "lot-custody-too-strong");
        assert_eq!(LotBlended::samples().len(), 1);
    }
}
