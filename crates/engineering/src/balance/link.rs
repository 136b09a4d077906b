//! Link a lot to a stream: it went in with that feed, or came out as that product, within the window.

use kernel::{BalanceId, Code, Edge, EdgeRole, LotId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::BalanceRefused;
use crate::view_rows;

/// Link a lot to a stream of a balance: it went in or came out there within the window.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkLots {
    /// The balance.
    pub balance: BalanceId,
    /// The stream.
    pub stream: Code,
    /// The lots.
    #[schema(value_type = Vec<String>)]
    pub lots: Vec<LotId>,
}

impl Command for LinkLots {
    const NAME: &'static str = "balance.link";
    const ROLES: &'static [Role] = &[Role::Metallurgist, Role::ShiftSupervisor];
    const EXAMPLE: &'static str = r#"{"balance":"balance-72","stream":"product","lots":["lot-12"]}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let (balance, version) = rows::open_one(db, self.balance)?;
        if version.definition.stream(self.stream.as_str()).is_none() {
            return Err(BalanceRefused::Unknown(self.stream.to_string()).into());
        }
        if self.lots.is_empty() {
            return Err(BalanceRefused::Unknown("—".to_owned()).into());
        }
        for lot in &self.lots {
            if view_rows::lot(db, *lot)?.is_none() {
                return Err(BalanceRefused::NoSuch((*lot).into()).into());
            }
            if rows::linked(db, balance.id, self.stream.as_str(), *lot)? {
                return Err(BalanceRefused::LinkedTwice(*lot).into());
            }
        }
        let (stream, lots) = (self.stream.to_string(), self.lots.clone());
        Ok(Facts::one(LotsLinked { balance: balance.id, stream, lots }))
    }
}

/// Lots were linked to a stream of a balance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LotsLinked {
    /// The balance.
    pub balance: BalanceId,
    /// The stream.
    pub stream: String,
    /// The lots.
    pub lots: Vec<LotId>,
}

impl Fact for LotsLinked {
    const KIND: &'static str = "balance.lots_linked";

    fn subjects(&self) -> Vec<Ref> {
        std::iter::once(self.balance.into()).chain(self.lots.iter().map(|lot| Ref::from(*lot))).collect()
    }

    fn edges(&self) -> Vec<Edge> {
        self.lots.iter().map(|lot| Edge::new(*lot, self.balance, EdgeRole::Part)).collect()
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::put_lots(db, self.balance, &self.stream, &self.lots)
    }

    fn samples() -> Vec<Self> {
        vec![LotsLinked { balance: BalanceId(72), stream: "product".into(), lots: vec![LotId(12)] }]
    }
}
