//! Record an attempt to sign in that failed.

use kernel::{PersonId, Ref, Role, Via};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;
use crate::account::{self, rules::Outcome};

/// Record a failed attempt to sign in. Only the system does this, in `sign_in`. What was typed as a login is
/// not kept when nobody has it: people type passwords there.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FailSession {
    /// Whose login it was, if anybody's.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// Through which face.
    pub via: Via,
}

impl Command for FailSession {
    const NAME: &'static str = "session.fail";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"person":"person-12","via":"page"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let account = match self.person {
            Some(person) => account::rows::find(db, person)?,
            None => None,
        };
        let outcome = account.map_or(Outcome::Wrong, |account| account.guard.outcome(cx.at));
        Ok(Facts::one(AttemptFailed { person: self.person, via: self.via, outcome }))
    }
}

/// An attempt to sign in failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AttemptFailed {
    /// Whose login it was, if anybody's.
    pub person: Option<PersonId>,
    /// Through which face.
    pub via: Via,
    /// What it led to.
    pub outcome: Outcome,
}

impl Fact for AttemptFailed {
    const KIND: &'static str = "account.attempt_failed";

    fn subjects(&self) -> Vec<Ref> {
        self.person.map(Ref::from).into_iter().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::attempt(db, self, applied)?;
        let Some(person) = self.person else { return Ok(()) };
        match account::rows::find(db, person)? {
            Some(account) => account::rows::guard(db, person, account.guard.after(self.outcome, applied.at)),
            None => Ok(()),
        }
    }

    fn samples() -> Vec<Self> {
        vec![
            AttemptFailed { person: Some(PersonId(12)), via: Via::Page, outcome: Outcome::Locking },
            AttemptFailed { person: None, via: Via::Cli, outcome: Outcome::Wrong },
        ]
    }
}
