//! Erase what is personal about a person, and keep what they did.

use kernel::{PersonId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError, log};

use super::rows;
use super::rules::{self, PersonRefusal};

/// Erase a person's names, code and login, in the records and in the ledger's payloads. Their acts, and the
/// proofs of all entries, stay. Roles, tokens, sessions and the account end. It cannot be undone.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasePerson {
    /// Whose data.
    pub person: PersonId,
}

impl Command for ErasePerson {
    const NAME: &'static str = "person.erase";
    const ROLES: &'static [Role] = &[Role::Administrator];
    const EXAMPLE: &'static str = r#"{"person":"person-12"}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let person = rules::present(rows::find(db, self.person)?, self.person)?.id;
        if cx.actor.person() == Some(person) {
            return Err(PersonRefusal::OwnErasure(person).into());
        }
        rules::leaves_a_keeper(person, &rows::keepers(db)?)?;
        Ok(Facts::one(PersonErased { person }))
    }
}

/// A person's data were erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonErased {
    /// Whose.
    pub person: PersonId,
}

/// The kinds of fact that hold something personal. Acts such as grants and sign-ins name only the number.
const PERSONAL: &[&str] =
    &["person.registered", "person.renamed", "account.opened", "account.password_changed"];

impl Fact for PersonErased {
    const KIND: &'static str = "person.erased";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.person.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        for kind in PERSONAL {
            log::erase_payloads(db, self.person.into(), kind)?;
        }
        rows::erase(db, self.person, applied.at)?;
        crate::account::rows::erase(db, self.person, applied.at)?;
        crate::role::rows::withdraw_all(db, self.person)?;
        crate::session::rows::close_all(db, self.person, applied.at)?;
        crate::token::rows::revoke_all(db, self.person, applied.at)
    }

    fn samples() -> Vec<Self> {
        vec![PersonErased { person: PersonId(12) }]
    }
}
