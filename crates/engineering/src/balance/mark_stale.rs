//! A balance becomes stale: something it rests on no longer stands. The system's own command.

use kernel::{BalanceId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;

/// Mark a balance stale upon a record below it that changed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkStale {
    /// The balance.
    pub balance: BalanceId,
    /// What changed.
    pub because: Ref,
    /// The kind of fact.
    pub fact: String,
}

impl Command for MarkStale {
    const NAME: &'static str = "balance.mark_stale";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str =
        r#"{"balance":"balance-72","because":"result-9","fact":"result.retracted"}"#;

    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let (balance, because, fact) = (self.balance, self.because, self.fact.clone());
        Ok(Facts::one(BalanceWentStale { balance, because, fact }))
    }
}

/// A balance went stale.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceWentStale {
    /// The balance.
    pub balance: BalanceId,
    /// What changed.
    pub because: Ref,
    /// By which kind of fact.
    pub fact: String,
}

impl Fact for BalanceWentStale {
    const KIND: &'static str = "balance.went_stale";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.balance.into(), self.because]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::set_stale(db, self.balance, self.because, applied.at)
    }

    fn samples() -> Vec<Self> {
        let because = kernel::ResultId(9).into();
        vec![BalanceWentStale { balance: BalanceId(72), because, fact: "result.retracted".into() }]
    }
}
