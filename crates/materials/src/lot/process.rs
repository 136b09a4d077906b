//! Lots go through a process: several become several others, with what was lost and what water came or went.

use kernel::{Code, Edge, LotId, MoveId, Ref};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::{Books, MadeLot, Moved, TOLERANCE_KG};
use super::blend::{take, total};
use super::rows::{self, Emptied, MoveKind};
use super::rules::{Lot, LotRefused};
use super::{MOVERS, NewLot, Origin, Portion, each_once};
use crate::custody::Custody;
use crate::quantity::{Change, Mass, Masses};

/// Process lots into others. Dry mass in is dry mass out and declared loss; wet mass counts water added or
/// driven off.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcessLots {
    /// The lots that go in; reagents are lots as well.
    pub inputs: Vec<Portion>,
    /// The lots that come out.
    pub outputs: Vec<NewLot>,
    /// Water added, kg; negative when driven off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub water_kg: Option<Change>,
    /// Dry mass lost, kg: dust, gas, residue not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_kg_dry: Option<Mass>,
    /// Wet mass lost, kg; the dry loss when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_kg_wet: Option<Mass>,
    /// How far mass in and out may be apart, kg; a gram when left out, at most 1 % of what went in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance_kg: Option<Mass>,
    /// The step: leaching, extraction, drying, rework.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Code>,
    /// Chain of custody model claimed for what comes out; the strongest allowed when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
}

impl Command for ProcessLots {
    const NAME: &'static str = "lot.process";
    const ROLES: &'static [kernel::Role] = MOVERS;
    const EXAMPLE: &'static str = r#"{"inputs":[{"lot":"lot-41"}],"outputs":[
        {"code":"CAKE-2603-001","material":"material-12","mass_kg_wet":"12000","moisture_percent":"5.00"},
        {"code":"TAIL-2603-001","material":"material-12","mass_kg_dry":"2300","moisture_percent":"20.0"}],
        "water_kg":"-475","loss_kg_dry":"40","loss_kg_wet":"90","stage":"filtration"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lots = rows::must_find_all(db, &self.inputs)?;
        for output in &self.outputs {
            rows::lot_code_free(db, &output.code)?;
            if let Some(material) = output.material {
                rows::must_exist(db, material)?;
            }
        }
        let days = self.outputs.iter().map(|output| &output.produced_on);
        crate::times::produced(db, days, self.inputs.iter().map(|input| input.lot), (cx.at, cx.reason))?;
        let ids: Vec<LotId> = self.outputs.iter().map(|_| LotId::next(cx.numbers)).collect();
        Ok(Facts::one(decide(&lots, self, &ids, MoveId::next(cx.numbers), cx.reason)?))
    }
}

pub(super) fn decide(
    lots: &[Lot],
    command: &ProcessLots,
    ids: &[LotId],
    number: MoveId,
    reason: Option<&str>,
) -> Result<LotProcessed, LotRefused> {
    each_once(&lots.iter().map(|lot| lot.code.as_str()).collect::<Vec<_>>())?;
    each_once(&command.outputs.iter().map(|output| output.code.as_str()).collect::<Vec<_>>())?;
    let taken = take(lots, &command.inputs)?;
    let sum = total(&taken)?;
    let from = Origin::of(lots, command.custody)?;
    let tolerance_kg = command.tolerance_kg.map_or(TOLERANCE_KG, Mass::decimal);
    let mut made: Vec<MadeLot> = Vec::new();
    for (output, id) in command.outputs.iter().zip(ids) {
        let (masses, moisture) = output.weighed().masses(Some(sum), tolerance_kg)?;
        made.push(output.made(*id, masses, moisture, &from)?);
    }
    if made.is_empty() {
        return Err(LotRefused::NothingMoved);
    }
    let out = made.iter().map(|made| made.masses).sum();
    let books = Books::close(sum, command.water_kg, out, loss(command, sum)?, command.tolerance_kg)?;
    let moved = Moved::between(number, books, &taken, made, reason);
    Ok(LotProcessed { stage: command.stage.clone(), moved })
}

/// The declared loss: dry loss alone is dust, wet loss alone is material as it went in.
fn loss(command: &ProcessLots, taken: Masses) -> Result<Masses, LotRefused> {
    let (wet, dry) = (command.loss_kg_wet.map(Mass::decimal), command.loss_kg_dry.map(Mass::decimal));
    let loss = match (wet, dry) {
        (Some(kg_wet), Some(kg_dry)) => Masses { kg_wet, kg_dry },
        (None, Some(dust)) => Masses { kg_wet: dust, kg_dry: dust },
        (Some(kg_wet), None) => Masses { kg_wet, kg_dry: taken.dry_in(kg_wet) },
        (None, None) => Masses { kg_wet: Decimal::ZERO, kg_dry: Decimal::ZERO },
    };
    if loss.is_possible() {
        Ok(loss)
    } else {
        Err(LotRefused::Impossible { kg_wet: loss.kg_wet, kg_dry: loss.kg_dry })
    }
}

/// Lots went through a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotProcessed {
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Code>,
    /// The move.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotProcessed {
    const KIND: &'static str = "lot.processed";

    fn subjects(&self) -> Vec<Ref> {
        self.moved.subjects()
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let stage = self.stage.as_ref().map(Code::as_str);
        rows::put_move(db, applied, MoveKind::Process, &self.moved, None, stage, Emptied::Consumed)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<ProcessLots>(ProcessLots::EXAMPLE) else { return vec![] };
        let lots = [rows::sample_lot(41, 15_440, 13_740)];
        decide(&lots, &command, &[LotId(51), LotId(52)], MoveId(53), None).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::super::rules::tests::lot;
    use super::*;

    fn process(outputs: &str, more: &str) -> Result<LotProcessed, LotRefused> {
        let inputs = r#"{"lot":"lot-1"},{"lot":"lot-2","mass_kg_wet":"50"}"#;
        let json = format!(r#"{{"inputs":[{inputs}],"outputs":[{outputs}]{more}}}"#);
        let lots = [lot(1, "100", "60"), lot(2, "100", "80")];
        decide(&lots, &serde_json::from_str(&json).unwrap(), &[LotId(3), LotId(4)], MoveId(5), None)
    }

    #[test]
    fn dry_mass_balances_and_water_explains_wet_mass() {
        let cake = r#"{"code":"A","mass_kg_dry":"90","moisture_percent":"10"}"#;
        let tail = r#"{"code":"B","mass_kg_wet":"10","mass_kg_dry":"9"}"#;
        let both = format!("{cake},{tail}");
        let table = [
            (both.as_str(), r#","water_kg":"-39","loss_kg_dry":"1""#, "closes"),
            (&both, r#","water_kg":"-39""#, "dry 1"),
            (&both, r#","loss_kg_dry":"1""#, "wet 39"),
            (cake, "", "dry 10"),
            (&both, r#","water_kg":"-39","loss_kg_dry":"1.5","tolerance_kg":"0.5""#, "closes"),
            (&both, r#","water_kg":"-39","loss_kg_dry":"2","loss_kg_wet":"1""#, "lot-mass-impossible"),
            ("", r#","loss_kg_dry":"100","loss_kg_wet":"150""#, "lot-nothing-moved"),
        ];
        for (outputs, more, expected) in table {
            let found = match process(outputs, more) {
                Ok(fact) => {
                    assert!(fact.moved.books.balance());
                    "closes".to_owned()
                }
                Err(refused) => match refused.refusal() {
                    r if r.code == "lot-mass-imbalance" => {
                        format!("{} {}", r.args["basis"], r.args["difference"])
                    }
                    r => r.code,
                },
            };
            assert_eq!(found, expected, "{outputs} {more}");
        }
    }

    #[test]
    fn each_output_is_shared_among_the_inputs() {
        let fact = process(
            r#"{"code":"A","mass_kg_dry":"90","moisture_percent":"10"},
                {"code":"B","mass_kg_wet":"10","mass_kg_dry":"9"}"#,
            r#","water_kg":"-39","loss_kg_dry":"1""#,
        );
        let flows = fact.unwrap().moved.flows;
        for made in [LotId(3), LotId(4)] {
            let of = flows.iter().filter(|flow| flow.into == made);
            assert_eq!(of.map(|flow| flow.share).sum::<Decimal>(), Decimal::ONE);
        }
        assert_eq!(
            (flows[0].share.to_string(), flows[0].mass_kg_dry.to_string()),
            ("0.6".into(), "54".into())
        );
        assert_eq!(LotProcessed::samples().len(), 1);
    }
}
