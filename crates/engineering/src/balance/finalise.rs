//! Finalise a balance: from provisional to final, signed.

use kernel::{
    Act, Activity, AuthorisationId, BalanceId, Edge, EdgeRole, Meaning, PersonId, ReconciliationId, Ref, Role,
};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{BalanceRefused, may_finalise};

/// Make a balance final upon its latest reconciliation.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FinaliseBalance {
    /// The balance.
    pub balance: BalanceId,
}

impl Command for FinaliseBalance {
    const NAME: &'static str = "balance.finalise";
    const ROLES: &'static [Role] = &[Role::Metallurgist];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"balance":"balance-72"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        acts(db, self.balance)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let balance =
            rows::find(db, self.balance)?.ok_or_else(|| BalanceRefused::NoSuch(self.balance.into()))?;
        let (solved, exceptions) = match balance.state.reconciliation() {
            Some(id) => (rows::solved(db, id)?, rows::exceptions(db, id)?),
            None => (None, Vec::new()),
        };
        let (reconciliation, person) =
            may_finalise(&balance, solved.as_ref(), &exceptions, cx.actor.person())?;
        let authorisation = cx.authorisations.first().copied();
        Ok(Facts::one(BalanceFinalised { balance: balance.id, reconciliation, person, authorisation }))
    }
}

/// Closing a balance, or answering for it, needs an authorisation for its flowsheet.
pub(super) fn acts(db: &mut Db, balance: BalanceId) -> Result<Vec<Act>, StoreError> {
    let scope = rows::flowsheet_of(db, balance)?.map(Ref::from);
    Ok(scope.map(|scope| Act { activity: Activity::Close, scope: Some(scope) }).into_iter().collect())
}

/// A balance was made final.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BalanceFinalised {
    /// The balance.
    pub balance: BalanceId,
    /// Upon which reconciliation.
    pub reconciliation: ReconciliationId,
    /// By whom.
    pub person: PersonId,
    /// Under which authorisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<AuthorisationId>,
}

impl Fact for BalanceFinalised {
    const KIND: &'static str = "balance.finalised";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.balance.into(), self.reconciliation.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let mut edges = vec![Edge::new(self.person, self.balance, EdgeRole::By)];
        edges.extend(self.authorisation.map(|id| Edge::new(id, self.balance, EdgeRole::Authorisation)));
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::set_final(db, self, applied)
    }

    fn samples() -> Vec<Self> {
        vec![BalanceFinalised {
            balance: BalanceId(72),
            reconciliation: ReconciliationId(88),
            person: PersonId(3),
            authorisation: Some(AuthorisationId(4)),
        }]
    }
}
