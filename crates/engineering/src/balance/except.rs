//! Answer for a balance that does not close, or for adjustments above one person's authority.

use kernel::{
    Act, AuthorisationId, BalanceId, Edge, EdgeRole, Meaning, OverrideId, PersonId, ReconciliationId, Ref,
    Role,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::finalise::acts;
use super::rows;
use super::rules::{BalanceRefused, Excepted};
use crate::given::Reason;

/// Answer for the latest reconciliation of a balance, so that somebody else may make it final.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExceptBalance {
    /// The balance.
    pub balance: BalanceId,
    /// For what: closure or adjustments.
    pub what: Excepted,
    /// Why it may stand nevertheless.
    pub reason: Reason,
}

impl Command for ExceptBalance {
    const NAME: &'static str = "balance.except";
    const ROLES: &'static [Role] = &[Role::Metallurgist, Role::Director];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"balance":"balance-72","what":"closure",
        "reason":"Spill of 12 August estimated at 40 t, see report (invented)"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        acts(db, self.balance)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let (balance, _) = rows::open_one(db, self.balance)?;
        let Some(reconciliation) = balance.state.reconciliation() else {
            return Err(BalanceRefused::NotReconciled(balance.id).into());
        };
        let solved = rows::solved(db, reconciliation)?;
        let known = rows::exceptions(db, reconciliation)?.iter().any(|of| of.what == self.what);
        let needed = solved.is_some_and(|solved| match self.what {
            Excepted::Closure => !solved.closes(),
            Excepted::Adjustments => !solved.above_limit.is_empty(),
        });
        if known || !needed {
            return Err(BalanceRefused::NothingToExcept(balance.id).into());
        }
        Ok(Facts::one(BalanceExcepted {
            exception: OverrideId::next(cx.numbers),
            balance: balance.id,
            reconciliation,
            what: self.what,
            reason: self.reason.as_str().to_owned(),
            person: cx.actor.person().ok_or(BalanceRefused::NoPerson)?,
            authorisation: cx.authorisations.first().copied(),
        }))
    }
}

/// Somebody answers for a balance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceExcepted {
    /// The exception.
    pub exception: OverrideId,
    /// The balance.
    pub balance: BalanceId,
    /// Its reconciliation.
    pub reconciliation: ReconciliationId,
    /// For what.
    pub what: Excepted,
    /// Why.
    pub reason: String,
    /// Who.
    pub person: PersonId,
    /// Under which authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
}

impl Fact for BalanceExcepted {
    const KIND: &'static str = "balance.excepted";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.exception.into(), self.balance.into(), self.reconciliation.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let mut edges = vec![
            Edge::new(self.person, self.exception, EdgeRole::By),
            Edge::new(self.exception, self.balance, EdgeRole::Decision),
        ];
        edges.extend(self.authorisation.map(|id| Edge::new(id, self.exception, EdgeRole::Authorisation)));
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_exception(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        vec![BalanceExcepted {
            exception: OverrideId(89),
            balance: BalanceId(72),
            reconciliation: ReconciliationId(88),
            what: Excepted::Closure,
            reason: "Spill of 12 August estimated at 40 t".into(),
            person: PersonId(5),
            authorisation: Some(AuthorisationId(6)),
        }]
    }
}
