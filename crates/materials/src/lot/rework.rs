//! Lots that do not conform go through a process again, and new lots come of it. The new lots keep their
//! ancestry and nothing else: what was decided on the old ones does not pass to them.
//!
//! Which lots may be reworked is not a matter of masses; the area that decides on lots guards this fact.

use kernel::{Edge, LotId, MoveId, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::Moved;
use super::process::{self, ProcessLots};
use super::rows::{self, Emptied, MoveKind};
use super::{NewLot, Portion, required};
use crate::custody::Custody;
use crate::quantity::{Change, Mass};

/// Rework a rejected or held lot into new ones, with a reason. The new lots need results and a release of
/// their own. Dry mass in is dry mass out and declared loss, as in any process.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReworkLots {
    /// The lots that go in: at least one rejected or held; reagents are lots as well.
    pub inputs: Vec<Portion>,
    /// The lots that come out.
    pub outputs: Vec<NewLot>,
    /// Why, and by which procedure.
    pub reason: String,
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
    /// Chain of custody model claimed for what comes out; the strongest allowed when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
}

impl ReworkLots {
    /// The masses are those of a process.
    fn as_process(&self) -> ProcessLots {
        ProcessLots {
            inputs: self.inputs.clone(),
            outputs: self.outputs.clone(),
            water_kg: self.water_kg,
            loss_kg_dry: self.loss_kg_dry,
            loss_kg_wet: self.loss_kg_wet,
            tolerance_kg: self.tolerance_kg,
            stage: None,
            custody: self.custody,
        }
    }
}

impl Command for ReworkLots {
    const NAME: &'static str = "lot.rework";
    const ROLES: &'static [kernel::Role] = &[kernel::Role::Metallurgist, kernel::Role::QualityManager];
    const EXAMPLE: &'static str = r#"{"inputs":[{"lot":"lot-51"}],
        "outputs":[{"code":"MNS-2603-014-R","mass_kg_dry":"11000","moisture_percent":"5.00"}],
        "loss_kg_dry":"400","water_kg":"-21.052632",
        "reason":"Cd above the limit: dissolved and purified again"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let reason = required(Some(&self.reason))?;
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
        let number = MoveId::next(cx.numbers);
        let processed = process::decide(&lots, &self.as_process(), &ids, number, Some(reason))?;
        Ok(Facts::one(LotReworked { moved: processed.moved }))
    }
}

/// Lots were reworked into others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotReworked {
    /// The move, with its reason.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotReworked {
    const KIND: &'static str = "lot.reworked";

    fn subjects(&self) -> Vec<Ref> {
        self.moved.subjects()
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_move(db, applied, MoveKind::Rework, &self.moved, None, None, Emptied::Consumed)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<ReworkLots>(ReworkLots::EXAMPLE) else { return vec![] };
        let lots = [rows::sample_lot(51, 12_000, 11_400)];
        let reason = Some(command.reason.as_str());
        let made = process::decide(&lots, &command.as_process(), &[LotId(81)], MoveId(82), reason);
        made.map(|made| LotReworked { moved: made.moved }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_closes_and_keeps_its_reason() {
        let made = LotReworked::samples();
        assert_eq!(made.len(), 1);
        assert!(made[0].moved.books.balance());
        assert!(made[0].moved.reason.as_deref().is_some_and(|reason| reason.starts_with("Cd above")));
    }
}
