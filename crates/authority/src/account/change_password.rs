//! Change a password: one's own with the present one, or another person's as an administrator.

use kernel::{Actor, PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use super::rules::{self, Account, AccountRefusal};
use crate::secret::{GivenPassword, NewPassword, PasswordHash};

/// Change a password. The person is signed out everywhere and a lock ends.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// Whose.
    pub person: PersonId,
    /// The present password; an administrator who sets another person's leaves it out.
    #[serde(default)]
    pub current: Option<GivenPassword>,
    /// The new one, 12 characters or more.
    pub password: NewPassword,
}

impl Command for ChangePassword {
    const NAME: &'static str = "account.change_password";
    const ROLES: &'static [Role] = Role::ALL;
    const EXAMPLE: &'static str = r#"{"person":"person-12","current":"correct horse battery",
        "password":"a longer sentence is better"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let account = rules::open(rows::find(db, self.person)?, self.person)?;
        self.allowed(&account, cx)?;
        let password_hash = self.password.hash().clone();
        Ok(Facts::one(PasswordChanged { person: self.person, password_hash }))
    }
}

impl ChangePassword {
    fn allowed(&self, account: &Account, cx: &Context<'_>) -> Result<(), AccountRefusal> {
        let Actor { roles, only, .. } = cx.actor;
        let own = cx.actor.person() == Some(self.person);
        if only.is_some() {
            return Err(AccountRefusal::ByToken(self.person));
        }
        if !own {
            let keeper = roles.contains(&Role::Administrator) || cx.actor.is_system();
            return if keeper { Ok(()) } else { Err(AccountRefusal::NotYours(self.person)) };
        }
        if let Some(until) = account.guard.locked(cx.at) {
            return Err(AccountRefusal::Locked(self.person, until));
        }
        match &self.current {
            Some(given) if account.hash.fits(given.clear()) => Ok(()),
            _ => Err(AccountRefusal::PasswordWrong(self.person)),
        }
    }
}

/// A password was changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// Whose.
    pub person: PersonId,
    /// The new hash. Never shown: see [`crate::SECRET_FIELDS`].
    pub password_hash: PasswordHash,
}

impl Fact for PasswordChanged {
    const KIND: &'static str = "account.password_changed";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::password(db, self.person, &self.password_hash)?;
        crate::session::rows::close_all(db, self.person, applied.at)
    }

    fn samples() -> Vec<Self> {
        let password_hash = PasswordHash::from_stored("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into());
        vec![PasswordChanged { person: PersonId(12), password_hash }]
    }
}
