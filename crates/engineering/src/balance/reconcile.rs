//! Reconcile a balance.

use kernel::{BalanceId, Edge, EdgeRole, FigureId, FlowsheetVersionId, ReconciliationId, Ref, Role};
use measure::Decimal;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::BalanceRefused;
use crate::given::YesNo;
use crate::solve::{self, Robust, Settings, Solved};
use crate::view_rows;

/// Reconcile a balance with the figures it has now. Earlier reconciliations are kept.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileBalance {
    /// The balance.
    pub balance: BalanceId,
    /// Of intervals and tests; 0.95 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub confidence: Option<Decimal>,
    /// How outliers are weighed: none, huber or contaminated-normal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robust: Option<Robust>,
    /// Whether suspects are taken out one after the other, and the figures are what remains.
    #[serde(default)]
    pub eliminate: YesNo,
}

impl Command for ReconcileBalance {
    const NAME: &'static str = "balance.reconcile";
    const ROLES: &'static [Role] = &[Role::Metallurgist, Role::ShiftSupervisor];
    const EXAMPLE: &'static str =
        r#"{"balance":"balance-72","confidence":"0.95","robust":"none","eliminate":false}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let (balance, version) = rows::open_one(db, self.balance)?;
        let case = rows::case(db, &balance, &version)?;
        for measured in &case.measured {
            let Some(id) = measured.result else { continue };
            if view_rows::result(db, id)?.is_none_or(|found| !found.valid) {
                let of = format!("{} {}", measured.stream, measured.of);
                return Err(BalanceRefused::ResultVoid { of, result: id.into() }.into());
            }
        }
        if case.measured.is_empty() {
            return Err(BalanceRefused::NothingMeasured(balance.id).into());
        }
        let settings = Settings {
            confidence: self.confidence.unwrap_or(Settings::CONFIDENCE),
            robust: self.robust.unwrap_or_default(),
            eliminate: self.eliminate.0,
        };
        let solved = solve::reconcile(&case, &settings)
            .map_err(|why| BalanceRefused::Unsolvable { balance: balance.id, why })?;
        let ids = solved.figures.iter().map(|_| FigureId::next(cx.numbers)).collect();
        Ok(Facts::one(BalanceReconciled {
            reconciliation: ReconciliationId::next(cx.numbers),
            balance: balance.id,
            version: version.id,
            revision: balance.revision,
            ids,
            solved,
        }))
    }
}

/// A balance was reconciled.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceReconciled {
    /// The reconciliation.
    pub reconciliation: ReconciliationId,
    /// Of which balance.
    pub balance: BalanceId,
    /// On which version of the flowsheet.
    pub version: FlowsheetVersionId,
    /// In which revision of the balance.
    pub revision: u32,
    /// The ids of its figures, in their order.
    pub ids: Vec<FigureId>,
    /// What came out.
    pub solved: Solved,
}

impl Fact for BalanceReconciled {
    const KIND: &'static str = "balance.reconciled";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.reconciliation.into(), self.balance.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let to = self.reconciliation;
        let mut edges = vec![
            Edge::new(self.version, to, EdgeRole::Method),
            Edge::new(to, self.balance, EdgeRole::Decision),
        ];
        edges.extend(self.solved.used.iter().map(|id| Edge::new(*id, to, EdgeRole::Evidence)));
        for (id, figure) in self.ids.iter().zip(&self.solved.figures) {
            edges.push(Edge::new(to, *id, EdgeRole::Part));
            edges.extend(figure.measurement.map(|own| Edge::new(own, *id, EdgeRole::Evidence)));
        }
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_reconciled(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        let solved = Solved::sample();
        let ids = (90..).map(FigureId).take(solved.figures.len()).collect();
        vec![BalanceReconciled {
            reconciliation: ReconciliationId(88),
            balance: BalanceId(72),
            version: FlowsheetVersionId(71),
            revision: 1,
            ids,
            solved,
        }]
    }
}
