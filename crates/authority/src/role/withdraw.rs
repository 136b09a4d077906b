//! Take a role from a person.

use kernel::{PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, RoleRefusal};
use crate::person;

/// Take a role from a person.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRole {
    /// From whom.
    pub person: PersonId,
    /// Which.
    pub role: Role,
}

impl Command for WithdrawRole {
    const NAME: &'static str = "role.withdraw";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"person":"person-12","role":"analyst"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let (person, role) = (self.person, self.role);
        if cx.actor.only.is_some() {
            return Err(RoleRefusal::ByToken(person, role).into());
        }
        rules::may_withdraw(person, role, &rows::of(db, person)?)?;
        if role == Role::Administrator {
            person::rules::leaves_a_keeper(person, &person::rows::keepers(db)?)?;
        }
        Ok(Facts::one(RoleWithdrawn { person, role }))
    }
}

/// A role was taken from a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoleWithdrawn {
    /// From whom.
    pub person: PersonId,
    /// Which.
    pub role: Role,
}

impl Fact for RoleWithdrawn {
    const KIND: &'static str = "role.withdrawn";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::withdraw(db, self.person, self.role)
    }

    fn samples() -> Vec<Self> {
        vec![RoleWithdrawn { person: PersonId(12), role: Role::LaboratoryHead }]
    }
}
