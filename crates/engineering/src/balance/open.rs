//! Open a balance.

use kernel::{BalanceId, Code, Edge, EdgeRole, FlowsheetId, FlowsheetVersionId, Instant, Ref, Role};
use materials::custody::Custody;
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{BalanceRefused, Scope};
use crate::flowsheet::rows as flowsheets;

/// Open a balance of a period on a version of a flowsheet.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBalance {
    /// Its code.
    pub code: Code,
    /// On which version of which flowsheet.
    pub flowsheet_version: FlowsheetVersionId,
    /// What it is a balance of.
    pub scope: Scope,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive.
    pub until: Instant,
    /// By which model of ISO 22095 the origin of products is attributed; mass balance when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
}

impl Command for OpenBalance {
    const NAME: &'static str = "balance.open";
    const ROLES: &'static [Role] = &[Role::Metallurgist, Role::ShiftSupervisor];
    const EXAMPLE: &'static str = r#"{"code":"MB-2026-08","flowsheet_version":"flowsheet-version-71",
        "scope":"month","from":"2026-08-01T00:00:00Z","until":"2026-09-01T00:00:00Z",
        "custody":"mass-balance"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(version) = flowsheets::version(db, self.flowsheet_version)? else {
            return Err(BalanceRefused::NoSuch(self.flowsheet_version.into()).into());
        };
        if rows::code_taken(db, self.code.as_str())? {
            return Err(BalanceRefused::CodeTaken(self.code.to_string()).into());
        }
        if self.until <= self.from {
            return Err(BalanceRefused::Window.into());
        }
        Ok(Facts::one(BalanceOpened {
            balance: BalanceId::next(cx.numbers),
            code: self.code.to_string(),
            flowsheet: version.head.id,
            version: version.id,
            scope: self.scope,
            from: self.from,
            until: self.until,
            custody: self.custody.unwrap_or_default(),
        }))
    }
}

/// A balance was opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceOpened {
    /// It.
    pub balance: BalanceId,
    /// Its code.
    pub code: String,
    /// On which flowsheet.
    pub flowsheet: FlowsheetId,
    /// On which version of it.
    pub version: FlowsheetVersionId,
    /// What it is a balance of.
    pub scope: Scope,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive.
    pub until: Instant,
    /// By which model origin is attributed.
    pub custody: Custody,
}

impl Fact for BalanceOpened {
    const KIND: &'static str = "balance.opened";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.balance.into(), self.version.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.version, self.balance, EdgeRole::Method)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put(db, self, applied)?;
        store::index(db, self.balance.into(), &self.code, &self.code)
    }

    fn samples() -> Vec<Self> {
        let Ok(command) = serde_json::from_str::<OpenBalance>(OpenBalance::EXAMPLE) else {
            return Vec::new();
        };
        vec![BalanceOpened {
            balance: BalanceId(72),
            code: command.code.to_string(),
            flowsheet: FlowsheetId(70),
            version: command.flowsheet_version,
            scope: command.scope,
            from: command.from,
            until: command.until,
            custody: Custody::MassBalance,
        }]
    }
}
