//! A balance goes out of date: something it rests on is no more what it was. The system's own command.

use facts::{Cause, Event, Notice};
use kernel::{BalanceId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;

/// Put a balance out of date, upon what happened to a record below it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutdateBalance {
    /// The balance.
    pub balance: BalanceId,
    /// What happened.
    pub because: Cause,
}

impl Command for OutdateBalance {
    const NAME: &'static str = "balance.outdate";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str =
        r#"{"balance":"balance-72","because":{"record":"result-9","event":"result-retracted"}}"#;

    fn handle(&self, _: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        Ok(Facts::one(BalanceOutdated { balance: self.balance, because: self.because }))
    }
}

/// A balance went out of date.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceOutdated {
    /// The balance.
    pub balance: BalanceId,
    /// What happened.
    pub because: Cause,
}

impl Fact for BalanceOutdated {
    const KIND: &'static str = "balance.outdated";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.balance.into(), self.because.record]
    }

    fn notices(&self) -> Vec<Notice> {
        vec![Notice::BalanceUnsettled(self.balance, Event::BalanceOutdated)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::set_stale(db, self.balance, self.because.record, applied.at)
    }

    fn samples() -> Vec<Self> {
        let because = Cause::new(kernel::ResultId(9), Event::ResultRetracted);
        vec![BalanceOutdated { balance: BalanceId(72), because }]
    }
}
