//! Give figures to a balance.

use kernel::{BalanceId, Edge, EdgeRole, MeasurementId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::BalanceRefused;
use super::settle::{Line, Measured, settle};
use crate::view_rows;

/// Give figures to a balance: flows and shares of streams. A figure that is there already is replaced, and
/// kept.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureBalance {
    /// The balance.
    pub balance: BalanceId,
    /// The figures.
    pub lines: Vec<Line>,
}

impl Command for MeasureBalance {
    const NAME: &'static str = "balance.measure";
    const ROLES: &'static [Role] = &[Role::Metallurgist, Role::ShiftSupervisor];
    const EXAMPLE: &'static str = r#"{"balance":"balance-72","lines":[
        {"stream":"feed","of":"flow","value":"1204.5","unit":"t","source":"scale","reading":"WB-08",
         "weight":"meter-class","sd_percent":"0.5"},
        {"stream":"feed","of":"Mn","result":"result-9","sampling_sd":"0.15"},
        {"stream":"residue","of":"Mn","value":"2.31","unit":"%","weight":"stated","sd":"0.06"}]}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let (balance, version) = rows::open_one(db, self.balance)?;
        if self.lines.is_empty() {
            return Err(BalanceRefused::NothingMeasured(balance.id).into());
        }
        let mut figures = Vec::new();
        for line in &self.lines {
            let result = match line.result {
                Some(id) => {
                    Some(view_rows::result(db, id)?.ok_or_else(|| BalanceRefused::NoSuch(id.into()))?)
                }
                None => None,
            };
            let lot = match line.lot {
                Some(id) => Some(view_rows::lot(db, id)?.ok_or_else(|| BalanceRefused::NoSuch(id.into()))?),
                None => None,
            };
            let id = MeasurementId::next(cx.numbers);
            let kg = lot.map(|lot| lot.made_kg_dry);
            let mut measured = settle(&version.definition, line, result.as_ref(), kg, id)?;
            let earlier =
                figures.iter().rev().find(|m: &&Measured| m.stream == measured.stream && m.of == measured.of);
            measured.replaces = match earlier {
                Some(earlier) => Some(earlier.id),
                None => rows::current(db, balance.id, "stream", &measured.stream, &measured.of)?,
            };
            figures.push(measured);
        }
        Ok(Facts::one(BalanceMeasured { balance: balance.id, figures }))
    }
}

/// Figures were given to a balance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceMeasured {
    /// The balance.
    pub balance: BalanceId,
    /// The figures.
    pub figures: Vec<Measured>,
}

impl Fact for BalanceMeasured {
    const KIND: &'static str = "balance.measured";

    fn subjects(&self) -> Vec<Ref> {
        std::iter::once(self.balance.into()).chain(self.figures.iter().map(|m| Ref::from(m.id))).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        let of = |measured: &Measured| {
            let result = measured.result.map(|id| Edge::new(id, measured.id, EdgeRole::Evidence));
            let lot = measured.lot.map(|id| Edge::new(id, measured.id, EdgeRole::Evidence));
            let replaced = measured.replaces.map(|id| Edge::new(id, measured.id, EdgeRole::Supersedes));
            [result, lot, replaced].into_iter().flatten().collect::<Vec<_>>()
        };
        self.figures.iter().flat_map(of).collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        for measured in &self.figures {
            rows::put_measured(db, self.balance, measured, applied)?;
        }
        match self.figures.first() {
            Some(first) => rows::outdate(db, self.balance, first.id.into(), applied.at),
            None => Ok(()),
        }
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<MeasureBalance>(MeasureBalance::EXAMPLE) else {
            return Vec::new();
        };
        let issued = crate::flowsheet::issue_version::FlowsheetVersionIssued::samples();
        let lines = command.lines.iter().filter(|line| line.result.is_none()).zip(80..);
        let figures = lines.filter_map(|(line, id)| {
            settle(&issued.first()?.version.definition, line, None, None, MeasurementId(id)).ok()
        });
        vec![BalanceMeasured { balance: command.balance, figures: figures.collect() }]
    }
}
