//! Close an account when a person leaves.

use kernel::{PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::{rows, rules};
use crate::person;

/// Close an account: the person can no longer sign in, and their sessions and tokens end. It can be opened
/// again.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseAccount {
    /// Whose.
    pub person: PersonId,
}

impl Command for CloseAccount {
    const NAME: &'static str = "account.close";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"person":"person-12"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        rules::open(rows::find(db, self.person)?, self.person)?;
        person::rules::leaves_a_keeper(self.person, &person::rows::keepers(db)?)?;
        Ok(Facts::one(AccountClosed { person: self.person }))
    }
}

/// An account was closed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountClosed {
    /// Whose.
    pub person: PersonId,
}

impl Fact for AccountClosed {
    const KIND: &'static str = "account.closed";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::close(db, self.person, applied.at)?;
        crate::session::rows::close_all(db, self.person, applied.at)?;
        crate::token::rows::revoke_all(db, self.person, applied.at)
    }

    fn samples() -> Vec<Self> {
        vec![AccountClosed { person: PersonId(12) }]
    }
}
