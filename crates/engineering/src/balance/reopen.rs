//! Open a final balance again, with a reason.

use facts::{Event, Notice};
use kernel::{Act, BalanceId, Meaning, ReconciliationId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::finalise::acts;
use super::rows;
use super::rules::{BalanceRefused, State};
use crate::given::Reason;

/// Open a final balance again. What was final is kept, and the next version is compared with it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenBalance {
    /// The balance.
    pub balance: BalanceId,
    /// Why.
    pub reason: Reason,
}

impl Command for ReopenBalance {
    const NAME: &'static str = "balance.reopen";
    const ROLES: &'static [Role] = &[Role::Metallurgist, Role::Director];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str =
        r#"{"balance":"balance-72","reason":"Residue assay was retracted; see result-9"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        acts(db, self.balance)
    }

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let balance =
            rows::find(db, self.balance)?.ok_or_else(|| BalanceRefused::NoSuch(self.balance.into()))?;
        let State::Final { reconciliation, .. } = balance.state else {
            return Err(BalanceRefused::NotFinal(balance.id).into());
        };
        let (revision, reason) = (balance.revision + 1, self.reason.as_str().to_owned());
        Ok(Facts::one(BalanceReopened { balance: balance.id, was: reconciliation, revision, reason }))
    }
}

/// A final balance was opened again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceReopened {
    /// The balance.
    pub balance: BalanceId,
    /// The reconciliation it was final upon.
    pub was: ReconciliationId,
    /// The revision it is in now.
    pub revision: u32,
    /// Why.
    pub reason: String,
}

impl Fact for BalanceReopened {
    const KIND: &'static str = "balance.reopened";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.balance.into(), self.was.into()]
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::BalanceUnsettled(self.balance, Event::BalanceReopened)]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::set_open(db, self.balance, self.revision)
    }

    fn samples() -> Vec<Self> {
        let (balance, was) = (BalanceId(72), ReconciliationId(88));
        vec![BalanceReopened { balance, was, revision: 2, reason: "Residue assay was retracted".into() }]
    }
}
