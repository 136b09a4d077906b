//! A lot is split: one becomes several; what is not split off stays.

use kernel::{Edge, LotId, MoveId, Ref};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::balance::{Books, MadeLot, Moved, TOLERANCE_KG};
use super::rows::{self, Emptied, MoveKind};
use super::rules::{Lot, LotRefused};
use super::{MOVERS, NewLot, Origin, each_once};
use crate::quantity::{Mass, Masses};

/// Split a lot into others; what is not split off stays in it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitLot {
    /// The lot to be split.
    pub lot: LotId,
    /// The lots split off.
    pub outputs: Vec<NewLot>,
    /// Wet mass lost in splitting, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss_kg_wet: Option<Mass>,
    /// How far dry mass in and out may be apart, kg; a gram when left out, at most 1 % of what went in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance_kg: Option<Mass>,
}

impl Command for SplitLot {
    const NAME: &'static str = "lot.split";
    const ROLES: &'static [kernel::Role] = MOVERS;
    const EXAMPLE: &'static str = r#"{"lot":"lot-21","outputs":[
        {"code":"ORE-2603-001-A","mass_kg_wet":"10000"},{"code":"ORE-2603-001-B","mass_kg_wet":"15000"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let lot = rows::must_find(db, self.lot)?;
        for output in &self.outputs {
            rows::lot_code_free(db, &output.code)?;
            if let Some(material) = output.material {
                rows::must_exist(db, material)?;
            }
        }
        let days = self.outputs.iter().map(|output| &output.produced_on);
        crate::times::produced(db, days, [self.lot], (cx.at, cx.reason))?;
        let ids: Vec<LotId> = self.outputs.iter().map(|_| LotId::next(cx.numbers)).collect();
        Ok(Facts::one(decide(&lot, self, &ids, MoveId::next(cx.numbers), cx.reason)?))
    }
}

fn decide(
    lot: &Lot,
    command: &SplitLot,
    ids: &[LotId],
    number: MoveId,
    reason: Option<&str>,
) -> Result<LotSplit, LotRefused> {
    let outputs = &command.outputs;
    each_once(&outputs.iter().map(|output| output.code.as_str()).collect::<Vec<_>>())?;
    lot.portion(None)?;
    if outputs.iter().any(|output| output.material.is_some_and(|material| material != lot.material)) {
        return Err(LotRefused::Relabelled { code: lot.code.clone() });
    }
    let from = Origin::of(std::slice::from_ref(lot), None)?;
    let tolerance_kg = command.tolerance_kg.map_or(TOLERANCE_KG, Mass::decimal);
    let mut made: Vec<MadeLot> = Vec::new();
    for (output, id) in outputs.iter().zip(ids) {
        let weighed = output.weighed();
        if weighed.wet.is_none() && weighed.moisture.is_none() {
            return Err(LotRefused::Incomplete);
        }
        let (masses, moisture) = weighed.masses(Some(lot.masses), tolerance_kg)?;
        let inherits = weighed.moisture.is_none() && weighed.dry.is_none();
        let moisture = if inherits { lot.moisture_percent } else { moisture };
        made.push(output.made(*id, masses, moisture, &from)?);
    }
    if made.is_empty() {
        return Err(LotRefused::NothingMoved);
    }
    let lost = command.loss_kg_wet.map_or(Decimal::ZERO, Mass::decimal);
    let loss = Masses { kg_wet: lost, kg_dry: lot.masses.dry_in(lost) };
    let wet = made.iter().map(|made| made.masses.kg_wet).sum::<Decimal>() + lost;
    if wet > lot.masses.kg_wet {
        return Err(lot.short(wet));
    }
    let taken = Masses { kg_wet: wet, kg_dry: lot.masses.dry_in(wet) };
    spread_rounding(command, taken.kg_dry - loss.kg_dry, &mut made);
    let out = made.iter().map(|made| made.masses).sum();
    let books = Books::close(taken, None, out, loss, command.tolerance_kg)?;
    Ok(LotSplit { lot: lot.id, moved: Moved::between(number, books, &[(lot.id, taken)], made, reason) })
}

/// Where all outputs inherit the moisture, their dry masses were rounded one by one; the last takes what that
/// left.
fn spread_rounding(command: &SplitLot, dry: Decimal, made: &mut [MadeLot]) {
    let inherits = |o: &NewLot| o.moisture_percent.is_none() && o.mass_kg_dry.is_none();
    let sum: Decimal = made.iter().map(|made| made.masses.kg_dry).sum();
    if let (true, Some(last)) = (command.outputs.iter().all(inherits), made.last_mut()) {
        last.masses.kg_dry += dry - sum;
    }
}

/// A lot was split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LotSplit {
    /// The lot that was split.
    pub lot: LotId,
    /// The move.
    #[serde(flatten)]
    pub moved: Moved,
}

impl Fact for LotSplit {
    const KIND: &'static str = "lot.split";

    fn subjects(&self) -> Vec<Ref> {
        let mut all = vec![self.lot.into()];
        all.extend(self.moved.subjects().into_iter().filter(|record| *record != self.lot.into()));
        all
    }

    fn edges(&self) -> Vec<Edge> {
        self.moved.edges()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_move(db, applied, MoveKind::Split, &self.moved, None, None, Emptied::Consumed)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<SplitLot>(Self::example()) else { return vec![] };
        let lot = rows::sample_lot(21, 25_000, 22_900);
        decide(&lot, &command, &[LotId(31), LotId(32)], MoveId(33), None).into_iter().collect()
    }
}

impl LotSplit {
    fn example() -> &'static str {
        SplitLot::EXAMPLE
    }
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::super::rules::tests::lot;
    use super::*;

    fn split(outputs: &str, more: &str) -> Result<LotSplit, LotRefused> {
        let json = format!(r#"{{"lot":"lot-1","outputs":[{outputs}]{more}}}"#);
        decide(
            &lot(1, "100", "91.6"),
            &serde_json::from_str(&json).unwrap(),
            &[LotId(2), LotId(3), LotId(4)],
            MoveId(5),
            None,
        )
    }

    #[test]
    fn the_outputs_are_what_the_lot_gave_or_the_difference_is_said() {
        let table = [
            (r#"{"code":"A","mass_kg_wet":"40"},{"code":"B","mass_kg_wet":"60"}"#, "", "36.64 54.96"),
            (r#"{"code":"A","mass_kg_wet":"40"}"#, "", "36.64"),
            (r#"{"code":"A","mass_kg_wet":"99"}"#, r#","loss_kg_wet":"1""#, "90.684"),
            (
                r#"{"code":"A","mass_kg_wet":"60"},{"code":"B","mass_kg_wet":"60"}"#,
                "",
                "lot-mass-short difference 20",
            ),
            (
                r#"{"code":"A","mass_kg_wet":"100","moisture_percent":"9.0"}"#,
                "",
                "lot-mass-imbalance difference 0.6",
            ),
            (
                r#"{"code":"A","mass_kg_wet":"100","moisture_percent":"9.0"}"#,
                r#","tolerance_kg":"0.7""#,
                "91",
            ),
            (
                r#"{"code":"A","mass_kg_wet":"100","moisture_percent":"9.0"}"#,
                r#","tolerance_kg":"5""#,
                "lot-tolerance-wide",
            ),
            (r#"{"code":"A","mass_kg_wet":"1"},{"code":"A","mass_kg_wet":"1"}"#, "", "lot-named-twice"),
            (r#"{"code":"A","mass_kg_dry":"1"}"#, "", "lot-mass-incomplete"),
            (r#"{"code":"A","mass_kg_wet":"0"}"#, "", "lot-nothing-moved"),
            ("", "", "lot-nothing-moved"),
        ];
        for (outputs, more, expected) in table {
            let found = match split(outputs, more) {
                Ok(fact) => {
                    assert!(fact.moved.books.balance());
                    let dry = |made: &MadeLot| made.masses.kg_dry.normalize().to_string();
                    fact.moved.made.iter().map(dry).collect::<Vec<_>>().join(" ")
                }
                Err(refused) => {
                    let refusal = refused.refusal();
                    match refusal.args.get("difference") {
                        Some(difference) => format!("{} difference {difference}", refusal.code),
                        None => refusal.code,
                    }
                }
            };
            assert_eq!(found, expected, "{outputs} {more}");
        }
    }

    #[test]
    fn thirds_leave_no_milligram_behind() {
        let json = r#"{"lot":"lot-1","outputs":[{"code":"A","mass_kg_wet":"1"},{"code":"B","mass_kg_wet":"1"},
            {"code":"C","mass_kg_wet":"1"}]}"#;
        let ids = [LotId(2), LotId(3), LotId(4)];
        let fact =
            decide(&lot(1, "3", "2"), &serde_json::from_str(json).unwrap(), &ids, MoveId(5), None).unwrap();
        assert_eq!(fact.moved.books.unaccounted, Masses::ZERO);
        assert_eq!(fact.moved.books.made.kg_dry, Decimal::from(2));
        assert!(fact.moved.flows.iter().all(|flow| flow.share == Decimal::ONE));
        assert_eq!(LotSplit::samples().len(), 1);
    }
}
