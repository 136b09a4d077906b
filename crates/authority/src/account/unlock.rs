//! Unlock an account before its quarter of an hour is over.

use kernel::{PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, AccountRefusal, Guard};

/// Unlock an account that wrong passwords have locked.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockAccount {
    /// Whose.
    pub person: PersonId,
}

impl Command for UnlockAccount {
    const NAME: &'static str = "account.unlock";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"person":"person-12"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let account = rules::open(rows::find(db, self.person)?, self.person)?;
        match account.guard.locked(cx.at) {
            Some(_) => Ok(Facts::one(AccountUnlocked { person: self.person })),
            None => Err(AccountRefusal::NotLocked(self.person).into()),
        }
    }
}

/// An account was unlocked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountUnlocked {
    /// Whose.
    pub person: PersonId,
}

impl Fact for AccountUnlocked {
    const KIND: &'static str = "account.unlocked";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::guard(db, self.person, Guard::default())
    }

    fn samples() -> Vec<Self> {
        vec![AccountUnlocked { person: PersonId(12) }]
    }
}
