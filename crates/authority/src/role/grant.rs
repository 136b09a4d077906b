//! Give a person a role.

use kernel::{PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, RoleRefusal};
use crate::person;

/// Give a person a role, which lets them give the role's commands.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRole {
    /// Whom.
    pub person: PersonId,
    /// Which.
    pub role: Role,
}

impl Command for GrantRole {
    const NAME: &'static str = "role.grant";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"person":"person-12","role":"analyst"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let (person, role) = (self.person, self.role);
        person::rules::present(person::rows::find(db, person)?, person)?;
        if cx.actor.only.is_some() {
            return Err(RoleRefusal::ByToken(person, role).into());
        }
        rules::may_grant(cx.actor.person(), person, role, &rows::of(db, person)?)?;
        Ok(Facts::one(RoleGranted { person, role }))
    }
}

/// A person was given a role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RoleGranted {
    /// Who.
    pub person: PersonId,
    /// Which.
    pub role: Role,
}

impl Fact for RoleGranted {
    const KIND: &'static str = "role.granted";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::grant(db, self.person, self.role, applied.at)
    }

    fn samples() -> Vec<Self> {
        vec![RoleGranted { person: PersonId(12), role: Role::LaboratoryHead }]
    }
}
